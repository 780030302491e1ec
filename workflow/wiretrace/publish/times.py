"""Claims on what changed and on what could not be seen: deletions, edits, gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from wiretrace.publish.case import Case, Draft, Record, Row, subject_of
from wiretrace.publish.wording import Text, Value, cited, count, joined, moment, noted, sites, term, told

SMALL_EDIT = 40
SURE = {"deleted": "established", "redirected": "likely", "archived_only": "likely"}
EXAMPLES = 3


def deleted(case: Case) -> list[Draft]:
    """One draft for each group of publishers and each confidence: articles that were there and are gone."""
    drafts = []
    rows = [row for row in case.table("articles") if row["state"] in SURE]
    gone = _gone_lookups(case)
    for group, found in case.by_group(rows).items():
        for confidence in ("established", "likely"):
            part = [row for row in found if SURE[row["state"]] == confidence]
            if part:
                drafts.append(_deleted_draft(case, group, confidence, part, gone))
    return drafts


def _deleted_draft(
    case: Case, group: str, confidence: str, rows: Sequence[Record], gone: Mapping[str, Sequence[Record]]
) -> Draft:
    publishers = sorted({row["publisher"] for row in rows})
    states = Counter(row["state"] for row in rows)
    last = max(rows, key=lambda row: (row["last_seen"], row["article_id"]))
    moved = states["redirected"]
    values: dict[str, Value] = {
        "articles": count(len(rows), "article"),
        "sites": sites(publishers),
        "title": cited(last["title"]),
        "last": moment(last["last_seen"]),
        "states": joined(_times(term(state), number) for state, number in sorted(states.items())),
    }
    evidence = []
    for row in rows:
        capture = case.capture_of(row["article_id"])
        until = noted("until", time=moment(row["last_seen"]))
        evidence.append(Row("articles", row["article_id"], until, capture, row["title"]))
        for lookup in gone.get(row["address"], [])[-1:]:
            said = noted("asked", time=moment(lookup["time"]), answer=_answer(lookup))
            evidence.append(Row("lookups", lookup["lookup_id"], said, lookup["capture_id"]))
    return Draft(
        "deleted",
        subject_of(group, publishers),
        "",
        confidence,
        values,
        evidence,
        confidence,
        against=[("moved", {"number": moved})] if moved else [],
        about=[*publishers, group, *case.about(row["article_id"] for row in rows)],
        size=min(len(rows), 40),
        suspect=bool(case.suspects & set(publishers)),
    )


def _gone_lookups(case: Case) -> dict[str, list[Record]]:
    """Look-ups of pages that found nothing any more, by address, in order of time."""
    found: dict[str, list[Record]] = {}
    rows = [row for row in case.only("lookups", "outcome", ("absent",)) if row["source"] == "page"]
    for row in sorted(rows, key=lambda r: (r["time"], r["lookup_id"])):
        found.setdefault(row["subject"], []).append(row)
    return found


def edited(case: Case) -> list[Draft]:
    """One draft for each group of publishers whose texts changed between captures."""
    later = {number for number in case.column("article_versions", "sequence") if number > 1}
    changes = [
        row | {"publisher": case.publisher_of(row["article_id"])}
        for row in case.only("article_versions", "sequence", later)
        if row["article_id"] in case.articles
    ]
    return [_edited_draft(case, group, rows) for group, rows in case.by_group(changes).items()]


def _edited_draft(case: Case, group: str, rows: Sequence[Record]) -> Draft:
    publishers = sorted({row["publisher"] for row in rows})
    articles = sorted({row["article_id"] for row in rows})
    ordered = sorted(rows, key=lambda row: (-_size(row), row["version_id"]))
    small = sum(_size(row) < SMALL_EDIT for row in rows)
    values: dict[str, Value] = {
        "articles": count(len(articles), "article"),
        "sites": sites(publishers),
        "removed": ordered[0]["removed"] or 0,
        "added": ordered[0]["added"] or 0,
        "title": cited(ordered[0]["title"]),
    }
    evidence = [
        Row(
            "article_versions",
            row["version_id"],
            noted(
                "version",
                publisher=row["publisher"],
                sequence=row["sequence"],
                time=moment(row["first_seen"]),
                removed=row["removed"] or 0,
                added=row["added"] or 0,
            ),
            row["capture_id"],
            row["title"],
        )
        for row in ordered
    ]
    return Draft(
        "edited",
        subject_of(group, publishers),
        "",
        "established",
        values,
        evidence,
        against=[("small", {"number": small})] if small else [],
        about=[*publishers, group, *case.about(articles)],
        size=min(len(articles), 40),
        suspect=bool(case.suspects & set(publishers)),
    )


def _size(row: Record) -> int:
    return int(row["removed"] or 0) + int(row["added"] or 0)


def coverage(case: Case) -> list[Draft]:
    """What got no answer, in one sentence; and the publishers of which nothing could be read, in another."""
    blank = case.only("lookups", "outcome", ("could_not_look", "not_looked"))
    if not blank:
        return []
    drafts = [
        _gap_draft(
            "all",
            "default",
            blank,
            {
                "questions": count(len(case.column("lookups", "outcome")), "question"),
                "failed": sum(row["outcome"] == "could_not_look" for row in blank),
                "skipped": sum(row["outcome"] == "not_looked" for row in blank),
            },
        )
    ]
    asked = {row["publisher"] for row in blank}
    blind = sorted(p for p, row in case.publishers.items() if not row["articles"] and p in case.suspects and p in asked)
    if blind:
        part = [row for row in blank if row["publisher"] in blind]
        drafts.append(_gap_draft("blind", "blind", part, {"sites": sites(blind, 8)}))
    return drafts


def _gap_draft(subject: str, statement: str, rows: Sequence[Record], values: dict[str, Value]) -> Draft:
    reasons = Counter((term(row["source"]), _answer(row)) for row in rows)
    frequent = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    shown: Counter[tuple[Text, Text]] = Counter()
    evidence = []
    for row in rows:
        kind = (term(row["source"]), _answer(row))
        shown[kind] += 1
        if shown[kind] <= EXAMPLES:
            said = noted("blank", source=kind[0], subject=row["subject"][:200], reason=kind[1], number=reasons[kind])
            evidence.append(Row("lookups", row["lookup_id"], said, row["capture_id"]))
    often = joined(
        (_times((f"{source[0]}: {reason[0]}", f"{source[1]}：{reason[1]}"), n) for (source, reason), n in frequent[:5]),
        "; ",
        "、",
    )
    return Draft("coverage", subject, "", "established", values | {"reasons": often}, evidence, statement)


def _times(words: Text, number: int) -> Text:
    """What was found, and how often."""
    return f"{words[0]} ({number:,})", f"{words[1]}（{number:,}件）"


def _answer(lookup: Record) -> Text:
    """How a question ended, without the address that an answer names."""
    return told(lookup["reason"]) if lookup["reason"] else term(lookup["outcome"])
