"""Claims on who ran a text first, or that the clocks cannot tell."""

from __future__ import annotations

from collections.abc import Sequence

from wiretrace.publish.case import Case, Draft, Row
from wiretrace.publish.rows import Record
from wiretrace.publish.sources import headline, notable, told_of
from wiretrace.publish.wording import Value, aside, count, listing, moment, noted, term

# That something cannot be told weighs this much less than what can.
UNTOLD = 400
# Stories that cannot be told, one by one.
SHOWN = 5


def first_published(case: Case) -> list[Draft]:
    """Who ran a notable story first, where that is not already said by who sent it out.

    Of the stories whose clocks cannot tell, the first few are told one by one and the others in one sentence.
    """
    signs = notable(case)
    said = told_of(case, signs)
    drafts: list[Draft] = []
    untold: list[Draft] = []
    for key, sign in signs.items():
        story = case.row("stories", "story_id", key)
        if key in said or story["publishers"] < 2:
            continue
        draft = _first_draft(case, story, case.members(key), min(sign // 5, 49))
        (untold if draft.confidence == "unknown" else drafts).append(draft)
    rest = untold[SHOWN:]
    return drafts + untold[:SHOWN] + ([_rest_draft(rest)] if rest else [])


def _rest_draft(drafts: Sequence[Draft]) -> Draft:
    rows = [row for draft in drafts for row in draft.evidence]
    values = {"stories": count(len(drafts), "story"), "members": count(len(rows), "article")}
    return Draft(
        "first_published", "rest", "", "unknown", values, rows, "rest_unknown", "rest", "rest",
        size=-UNTOLD - 1, suspect=any(draft.suspect for draft in drafts),
    )  # fmt: skip


def _first_draft(case: Case, story: Record, members: Sequence[Record], size: int) -> Draft:
    ordered = sorted(members, key=lambda m: (m["position"], m["article_id"]))
    first = next((m for m in ordered if m["article_id"] == story["first_article"]), None)
    quality = first["clock_quality"] if first else "doubtful"
    confidence = {"proven": "established", "claimed": "likely"}.get(quality, "unknown")
    publisher = case.publisher_of(story["first_article"]) if first else ""
    values: dict[str, Value] = {
        "title": case.headline_of(story),
        "articles": count(sum(case.publisher_of(m["article_id"]) != publisher for m in members), "article"),
        "members": count(len(members), "article"),
        "first": publisher or listing(case.publishers_of(m["article_id"] for m in members)),
        "time": moment(first["earliest"], first["latest"]) if first else ("", ""),
        "quality": term(quality) if first else ("not decided", "決められない"),
    }
    against: list[tuple[str, dict[str, Value]]] = []
    doubtful = sum(member["clock_quality"] == "doubtful" for member in members)
    if doubtful:
        against.append(("clocks", {"clocks": count(doubtful, "clock")}))
    if quality == "claimed":
        against.append(("claimed", {}))
    rows = [
        Row(
            "story_members",
            f"{m['story_id']} {m['article_id']}",
            noted(
                "member",
                publisher=case.publisher_of(m["article_id"]),
                time=moment(m["earliest"], m["latest"]),
                quality=term(m["clock_quality"]),
                doubt=aside(m["clock_note"]),
            ),
            case.capture_of(m["article_id"]),
            headline(case, m["article_id"]),
        )
        for m in ordered
    ]
    about = [story["story_id"], story["title"], *case.about(m["article_id"] for m in members)]
    return Draft(
        "first_published",
        story["story_id"],
        publisher,
        confidence,
        values,
        rows,
        confidence,
        against=against,
        about=about,
        size=size if confidence != "unknown" else size - UNTOLD,
    )
