"""Claims on what changed and on what could not be seen: deletions, edits, gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import islice

from wiretrace.publish.case import Case, Draft, Later, Row, subject_of
from wiretrace.publish.rows import Record, Rows
from wiretrace.publish.wording import Text, Value, cited, count, joined, listing, moment, noted, sites, term, told
from wiretrace.schema import dump
from wiretrace.sentences import say

SMALL_EDIT = 40
SURE = {"deleted": "established", "redirected": "likely", "archived_only": "likely"}
EXAMPLES = 3


def deleted(case: Case) -> Iterator[Draft]:
    """One draft for each group of publishers and each confidence: articles that were there and are gone."""
    for confidence in ("established", "likely"):
        states = ", ".join(f"'{state}'" for state, sure in SURE.items() if sure == confidence)
        for group, rows in case.by_group("articles", f"t.state IN ({states})"):
            yield _deleted_draft(case, group, confidence, rows)


def _deleted_draft(case: Case, group: str, confidence: str, rows: Rows) -> Draft:
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
    return Draft(
        "deleted",
        subject_of(group, publishers),
        "",
        confidence,
        values,
        _gone_rows(case, rows),
        confidence,
        against=[("moved", {"number": moved})] if moved else [],
        about=[*publishers, group, *case.about(row["article_id"] for row in rows)],
        size=min(len(rows), 40),
        suspect=bool(case.suspects & set(publishers)),
    )


# The last look-up of a page that found nothing any more.
GONE = """
SELECT * FROM lookups WHERE subject = ? AND outcome = 'absent' AND source = 'page'
ORDER BY time DESC, lookup_id DESC LIMIT 1
"""


def _gone_rows(case: Case, rows: Rows) -> Iterator[Later]:
    for row in rows:
        yield Later("articles", row["article_id"], partial(_until, case, row))
        if lookup := case.shelf.rows(GONE, row["address"]).first():
            yield Later("lookups", lookup["lookup_id"], partial(_asked, lookup))


def _until(case: Case, row: Record) -> Row:
    until = noted("until", time=moment(row["last_seen"]))
    return Row("articles", row["article_id"], until, case.capture_of(row["article_id"]), row["title"])


def _asked(lookup: Record) -> Row:
    said = noted("asked", time=moment(lookup["time"]), answer=_answer(lookup))
    return Row("lookups", lookup["lookup_id"], said, lookup["capture_id"])


def edited(case: Case) -> Iterator[Draft]:
    """One draft for each group of publishers whose texts changed between captures."""
    case.shelf.view(
        "_edits",
        "SELECT v.*, a.publisher AS publisher, coalesce(v.removed, 0) + coalesce(v.added, 0) AS size"
        " FROM articles a CROSS JOIN article_versions v ON v.article_id = a.article_id WHERE v.sequence > 1",
    )
    for group, rows in case.by_group("_edits", "1", "t.size DESC, t.version_id"):
        yield _edited_draft(case, group, rows)


def _edited_draft(case: Case, group: str, rows: Rows) -> Draft:
    publishers = sorted({row["publisher"] for row in rows})
    articles = rows.distinct("article_id")
    most = rows.first()
    small = sum(row["size"] < SMALL_EDIT for row in rows)
    values: dict[str, Value] = {
        "articles": count(articles, "article"),
        "sites": sites(publishers),
        "removed": most["removed"] or 0,
        "added": most["added"] or 0,
        "title": cited(most["title"]),
    }
    return Draft(
        "edited",
        subject_of(group, publishers),
        "",
        "established",
        values,
        (Later("article_versions", row["version_id"], partial(_version, row)) for row in rows),
        against=[("small", {"number": small})] if small else [],
        about=[*publishers, group, *case.about(row["article_id"] for row in rows)],
        size=min(articles, 40),
        suspect=bool(case.suspects & set(publishers)),
    )


def _version(row: Record) -> Row:
    note = noted(
        "version",
        publisher=row["publisher"],
        sequence=row["sequence"],
        time=moment(row["first_seen"]),
        removed=row["removed"] or 0,
        added=row["added"] or 0,
    )
    return Row("article_versions", row["version_id"], note, row["capture_id"], row["title"])


OUTCOMES = "SELECT outcome, count(*) AS number FROM lookups GROUP BY outcome"
UNANSWERED = "FROM lookups WHERE outcome IN ('could_not_look', 'not_looked')"


def coverage(case: Case) -> Iterator[Draft]:
    """What got no answer, the publishers of which nothing could be read, the languages whose speakers are not: in one
    sentence each.
    """
    unread = case.shelf.rows("SELECT * FROM quotes WHERE reason = ? ORDER BY rowid", say("quote_unread"))
    if unread:
        yield _unread_draft(unread)
    blank = case.shelf.rows(f"SELECT * {UNANSWERED} ORDER BY rowid")
    if not blank:
        return
    numbers = {row["outcome"]: row["number"] for row in case.shelf.rows(OUTCOMES)}
    values = {
        "questions": count(sum(numbers.values()), "question"),
        "failed": numbers.get("could_not_look", 0),
        "skipped": numbers.get("not_looked", 0),
    }
    yield _gap_draft("all", "default", blank, values)
    asked = {row["publisher"] for row in case.shelf.rows(f"SELECT DISTINCT publisher {UNANSWERED}")}
    blind = sorted(p for p, row in case.publishers.items() if not row["articles"] and p in case.suspects and p in asked)
    if blind:
        own = "publisher IN (SELECT value FROM json_each(?))"
        part = case.shelf.rows(f"SELECT * {UNANSWERED} AND {own} ORDER BY rowid", dump(blind))
        yield _gap_draft("blind", "blind", part, {"sites": sites(blind, 8)})


def _unread_draft(quotes: Rows) -> Draft:
    languages = sorted({row["language"] for row in quotes})
    articles = len({row["article_id"] for row in quotes})
    rows = (
        Row("quotes", row["quote_id"], noted("unread", language=row["language"]), "", row["words"]) for row in quotes
    )
    values: dict[str, Value] = {"articles": count(articles, "article"), "languages": listing(languages, 8)}
    return Draft(
        "coverage", "speakers", "", "established", values, islice(rows, EXAMPLES), "unread", "unread", "unread"
    )


def _gap_draft(subject: str, statement: str, rows: Rows, values: dict[str, Value]) -> Draft:
    reasons = Counter((term(row["source"]), _answer(row)) for row in rows)
    frequent = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    often = joined(
        (_times((f"{source[0]}: {reason[0]}", f"{source[1]}：{reason[1]}"), n) for (source, reason), n in frequent[:5]),
        "; ",
        "、",
    )
    return Draft(
        "coverage", subject, "", "established", values | {"reasons": often}, _blank_rows(rows, reasons), statement
    )


def _blank_rows(rows: Rows, reasons: Counter[tuple[Text, Text]]) -> Iterator[Row]:
    """Some examples of each reason."""
    shown: Counter[tuple[Text, Text]] = Counter()
    for row in rows:
        kind = (term(row["source"]), _answer(row))
        shown[kind] += 1
        if shown[kind] <= EXAMPLES:
            said = noted("blank", source=kind[0], subject=row["subject"][:200], reason=kind[1], number=reasons[kind])
            yield Row("lookups", row["lookup_id"], said, row["capture_id"])


def _times(words: Text, number: int) -> Text:
    """What was found, and how often."""
    return f"{words[0]} ({number:,})", f"{words[1]}（{number:,}件）"


def _answer(lookup: Record) -> Text:
    """How a question ended, without the address that an answer names."""
    return _told(lookup["reason"]) if lookup["reason"] else term(lookup["outcome"])


@lru_cache(maxsize=10_000)
def _told(reason: str) -> Text:
    """The same few reasons end most questions."""
    return told(reason)
