"""Claims on look-alikes: which suspects show themselves as another site, and as which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from wiretrace.identity.namesakes import one_sided
from wiretrace.publish.case import Case, Draft, Row, tie
from wiretrace.publish.rows import Record
from wiretrace.publish.wording import Value, noted, sites, term
from wiretrace.schema import dump

PAIRS = "SELECT DISTINCT publisher, value FROM observations WHERE kind = ? AND state = 'value'"
SIGHTINGS = """
SELECT o.* FROM json_each(?1) n CROSS JOIN observations o ON o.publisher = n.value
WHERE o.kind = 'presents_as' AND o.value = ?2 AND o.state = 'value' ORDER BY o.publisher, o.observation_id
"""
TIERS = ("conclusive", "associative", "circumstantial")


def presents_as(case: Case) -> list[Draft]:
    """One draft for each site that suspects give for their own and that does not lead to them."""
    presenting, leading = (_pairs(case, kind) for kind in ("presents_as", "namesake"))
    pairs = sorted((other, site) for site, other in one_sided(presenting, leading) if site in case.suspects)
    return [
        _draft(case, other, [site for _, site in group]) for other, group in groupby(pairs, key=lambda pair: pair[0])
    ]


def _pairs(case: Case, kind: str) -> set[tuple[str, str]]:
    return {(row["publisher"], row["value"]) for row in case.shelf.rows(PAIRS, kind)}


def _draft(case: Case, original: str, names: Sequence[str]) -> Draft:
    seen = list(case.shelf.rows(SIGHTINGS, dump(names), original))
    links = [link for name in names for link in case.links_between((name, original), TIERS)]
    tied = sorted({link["publisher_a"] if link["publisher_b"] == original else link["publisher_b"] for link in links})
    against: list[tuple[str, Mapping[str, Value]]] = [("several", {})]
    if tied:
        against.insert(0, ("tied", {"tied": sites(tied), "original": original}))
    looked_at = case.publishers.get(original, {}).get("pages")
    return Draft(
        "presents_as",
        " ".join(names),
        original,
        "established",
        {"sites": sites(names, 5), "original": original},
        _rows(seen, links, original),
        "default",
        "captured" if looked_at else "unseen",
        "default" if looked_at else "unseen",
        against=against,
        about=[*names, original],
        size=min(len(names), 4),
    )


def _rows(seen: Sequence[Record], links: Sequence[Record], original: str) -> Iterator[Row]:
    for row in seen:
        note = noted("presented", publisher=row["publisher"], original=original, rule=term(row["rule_id"]))
        yield Row("observations", row["observation_id"], note, row["capture_id"], row["excerpt"])
    for link in links:
        yield tie(link, "against")
