"""Claims as the report shows them: the sentence, its parts, and a card for each row of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from wiretrace.narrate import pages
from wiretrace.narrate.evidence_pages import Written
from wiretrace.narrate.version import Version, words
from wiretrace.publish.rows import Record
from wiretrace.publish.wording import registry

# Cards of a claim that the report shows, for and against: of the heaviest claims more than of the others, so that the
# first page stays light. A page of the claim's own shows them all.
HEAVIEST, SHOWN, SHOWN_LATER = 60, 6, 2
PARTS = ("basis", "against", "overturned_by", "to_do")
# A claim about publishers that the question is about weighs at least this much less than its kind.
CENTRAL = 100


@dataclass(frozen=True)
class Pages:
    """Pages beside the report: capture → its page; (table, row) → the file that sets two texts side by side."""

    captures: Mapping[str, Written]
    comparisons: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Seen:
    """Words where they were seen: in a capture, or, where there is none, in what somebody gave."""

    note: tuple[str, str] | None  # whose they are, where a card shows both sides
    excerpt: Markup
    language: str
    capture: Record | None
    page: str


@dataclass(frozen=True)
class Card:
    """Rows of evidence that say the same of the same captures, as one card."""

    rows: tuple[tuple[str, str], ...]  # (table, row)
    note: tuple[str, str]
    seen: tuple[Seen, ...]
    comparison: str = ""


@dataclass(frozen=True)
class Shown:
    """One claim as it is shown."""

    claim: Record
    confidence: Mapping[str, Any]
    parts: Mapping[str, tuple[str, str]]
    cards: tuple[Card, ...]
    further: int  # cards that only the page of the claim's own has
    against: tuple[Card, ...]
    further_against: int


@dataclass(frozen=True)
class Section:
    """Claims under one heading of the report: the first, and how many there are."""

    key: str
    heading: Mapping[str, str]
    claims: Sequence[Shown]
    number: int


def shown_claims(version: Version, pages_of: Pages) -> Iterator[tuple[Shown, list[Card], list[Card]]]:
    """All claims in the order of the report, each with all cards for it and against it.

    ``pages_of``: the pages that were written for what they cite.
    """
    for place, claim in enumerate(version.claims):
        speaking, doubting = _all_cards(version, list(version.evidence(claim["claim_id"])), pages_of)
        most = SHOWN if place < HEAVIEST else SHOWN_LATER
        shown = Shown(
            claim,
            registry()["confidence"][claim["confidence"]],
            {part: (claim[part], claim[f"{part}_ja"]) for part in PARTS if claim[part]},
            tuple(speaking[:most]),
            max(len(speaking) - most, 0),
            tuple(doubting[:most]),
            max(len(doubting) - most, 0),
        )
        yield shown, speaking, doubting


def _all_cards(version: Version, rows: list[Record], pages_of: Pages) -> tuple[list[Card], list[Card]]:
    """The cards for a claim and against it."""
    # Rows that a reader can check against captured words come first; of shared values those that weigh most, before the
    # sightings of each alone.
    ordered = sorted(
        rows,
        key=lambda r: (
            not (r["capture_id"] and r["excerpt"]),
            not r["capture_id"],
            r["table"] == "observations",
            -version.shared_bits.get(r["row"], 0.0),
        ),
    )
    speaking = _cards(version, [row for row in ordered if row["role"] == "for"], pages_of)
    doubting = _cards(version, [row for row in ordered if row["role"] == "against"], pages_of)
    return speaking, doubting


def _cards(version: Version, rows: list[Record], pages_of: Pages) -> list[Card]:
    """Cards in the order of ``rows``; what two publishers share is shown as it was seen at both, and not once more."""
    sightings = {row["row"]: row for row in rows if row["table"] == "observations"}
    alike: dict[tuple[str, str, str], list[Record]] = {}
    both: dict[str, list[Record]] = {}
    for row in rows:
        alike.setdefault((row["note"], row["capture_id"], row["excerpt"]), []).append(row)
        sides = version.shared_by.get(row["row"], ()) if row["table"] == "publisher_link_evidence" else ()
        if sides and all(side in sightings for side in sides):
            both[row["row"]] = [sightings[side] for side in sides]
    told = {side["row"] for sides in both.values() for side in sides}
    return [
        _card(version, same, both.get(same[0]["row"], []), pages_of)
        for same in alike.values()
        if not all(row["table"] == "observations" and row["row"] in told for row in same)
    ]


def _card(version: Version, rows: list[Record], sides: list[Record], pages_of: Pages) -> Card:
    first = rows[0]
    side_by_side = pages_of.comparisons.get((first["table"], first["row"]), "")
    return Card(
        tuple((row["table"], row["row"]) for row in [*rows, *sides]),
        (first["note"], first["note_ja"]),
        tuple(_seen(version, row, bool(sides), pages_of) for row in sides or [first]),
        f"comparisons/{side_by_side}" if side_by_side else "",
    )


def _seen(version: Version, row: Record, named: bool, pages_of: Pages) -> Seen:
    capture, page = version.captures.get(row["capture_id"]), pages_of.captures.get(row["capture_id"])
    return Seen(
        (row["note"], row["note_ja"]) if named else None,
        pages.snippet(page.text if page else "", pages.cited(row, version.value_of(row))),
        _language(version, row["capture_id"]),
        capture,
        f"evidence/{row['capture_id']}.html#{page.place}" if page else "",
    )


def _language(version: Version, capture_id: str) -> str:
    page = version.pages.get(capture_id)
    return str(page["language"]) if page else ""


def doubt(shown: Shown) -> tuple[str, str]:
    """What speaks against a claim, in English and Japanese, without what was not looked at, which always follows it."""
    looked = registry()["common"]["not_looked"]
    english, japanese = shown.parts["against"]
    return (
        english.partition(looked["en"].partition("{")[0])[0].strip(),
        japanese.partition(looked["ja"].partition("{")[0])[0].strip(),
    )


def answers(claims: Sequence[Shown]) -> list[tuple[tuple[str, str], Shown | None]]:
    """Five sentences: to each question of the answer its heaviest central claim, or that there is none; where nothing
    was found at sites that could not be read, the first says so.
    """
    blind = [shown for shown in claims if (shown.claim["type"], shown.claim["subject"]) == ("coverage", "blind")]
    found: list[tuple[tuple[str, str], Shown | None]] = []
    for slot in words()["answers"]:
        fitting = [
            shown
            for shown in claims
            if shown.claim["type"] in slot["types"]
            and shown.claim["weight"] >= registry()["types"][shown.claim["type"]]["weight"] - CENTRAL
        ]
        if not found:
            fitting += blind
        if fitting:
            first = fitting[0]
            found.append(((first.claim["statement"], first.claim["statement_ja"]), first))
        else:
            found.append(((slot["absent"]["en"], slot["absent"]["ja"]), None))
    return found


def sections(claims: Sequence[Shown], numbers: Mapping[str, int], most: int) -> list[Section]:
    """Claims under the headings of the report, the first ``most`` of each; ``numbers``: of each type how many."""
    made = []
    for key, heading in words()["sections"].items():
        types = words()["section_types"][key]
        own = [shown for shown in claims if shown.claim["type"] in types]
        made.append(Section(key, heading, own[:most], sum(numbers.get(name, 0) for name in types)))
    return [section for section in made if section.claims]
