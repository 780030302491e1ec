"""Claims on what stands in the texts: quotations, names, traces of text generators, slips of another language."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, groupby

from wiretrace.publish.case import Case, Draft, Later, Row, subject_of
from wiretrace.publish.rows import Record, Rows
from wiretrace.publish.wording import (
    Text,
    Value,
    cited,
    count,
    joined,
    noted,
    parts,
    registry,
    sites,
    term,
    told,
)
from wiretrace.schema import dump
from wiretrace.sentences import say

# Words from this length on are told apart by their beginning; copies of one quotation differ in their ends.
BEGINNING = 24
OTHER = "another language"
LIST = "the list of names"
# The text, or the page that is none, that bears a sign.
PAGE = "iif(article_id <> '', article_id, capture_id)"
POINTING = "t.counts AND t.points_to IN (SELECT value FROM json_each(?))"
# The strongest signs first, of these the ones in an article's own words.
ORDER = """
CASE t.strength WHEN 'conclusive' THEN 0 WHEN 'strong' THEN 1 ELSE 2 END, t.place NOT IN ('text', 'title'), t.rowid
"""


# Quotations to be checked or denied, each with the story that it stands in, in the order of their claims.
ASKED = """
SELECT q.*, iif(q.status = 'denied_by_person', 'quote_denied', 'quote_unconfirmed') AS claim,
    coalesce((SELECT max(m.story_id) FROM story_members m WHERE m.article_id = q.article_id), q.article_id) AS story,
    iif(q.person <> '', q.person, q.speaker) AS said_by
FROM quotes q WHERE q.status = 'denied_by_person' OR (q.[check] AND q.status <> 'verified_by_person')
ORDER BY claim, story, said_by, q.rowid
"""


def quotes(case: Case) -> Iterator[Draft]:
    """One draft for each story and speaker with a quotation to be checked, or denied, in all its wordings."""
    for key, rows in groupby(case.shelf.rows(ASKED), lambda row: (row["claim"], row["story"], row["said_by"])):
        yield _quote_draft(case, key, list(rows))


def _beginning(words: str) -> str:
    return "".join(c for c in words.casefold() if c.isalnum())[:BEGINNING]


def _most_printed(rows: Sequence[Record]) -> tuple[Record, int]:
    """A row with the wording that most articles print, and how many other wordings there are."""
    wordings: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        wordings[_beginning(row["words"])].append(row)
    first = min(wordings, key=lambda words: (-len(wordings[words]), words))
    return wordings[first][0], len(wordings) - 1


def _quote_draft(case: Case, key: tuple[str, str, str], rows: Sequence[Record]) -> Draft:
    kind, story, speaker = key
    first, others = _most_printed(rows)
    articles = sorted({row["article_id"] for row in rows})
    contradicted = next((row for row in rows if row["status"] == "contradicted" and row["other_speakers"]), None)
    denied = kind == "quote_denied"
    values: dict[str, Value] = {
        "speaker": speaker or ("an unnamed speaker", "話者不明"),
        "words": _with_others(cited(first["words"]), others),
        "articles": count(len(articles), "article"),
        "sites": sites(case.publishers_of(articles)),
        "others": contradicted["other_speakers"] if contradicted else "",
        "verification": first["verification"].rstrip(".") or _reason(first),
        "reason": _reason(first),
        "other_quotes": first["other_quotes"],
    }
    against: list[tuple[str, dict[str, Value]]] = []
    if denied:
        own = set(articles) | {m["article_id"] for m in case.members(story)}
        elsewhere = sorted({r["earliest_article"] for r in rows} - own - {""})
        if elsewhere:
            against.append(("elsewhere", {"sites": sites(case.publishers_of(elsewhere))}))
    elif first["other_quotes"]:
        against.append(("spoken", {}))
    evidence = [
        Row(
            "quotes",
            row["quote_id"],
            noted("quoted", publisher=case.publisher_of(row["article_id"]), speaker=row["speaker"]),
            _capture(case, row),
            row["words"],
        )
        for row in rows
    ]
    if contradicted and case.article(contradicted["earliest_article"]):
        article = contradicted["earliest_article"]
        note = noted("earlier", publisher=case.publisher_of(article), speakers=contradicted["other_speakers"])
        evidence.append(Row("articles", article, note, case.capture_of(article), contradicted["words"]))
    return Draft(
        kind,
        story,
        speaker,
        "established" if denied else "unknown",
        values,
        evidence,
        "contradicted" if contradicted and not denied else "default",
        against=against,
        found=first["verification"],
        about=[speaker, *(row["quote_id"] for row in rows), *case.about(articles)],
        size=min(len(articles), 40),
        suspect=bool(case.suspects & set(case.publishers_of(articles))),
    )


def _with_others(words: Text, others: int) -> Text:
    """Words and how many other wordings of the same speaker stand in copies of the text; translations are such."""
    if not others:
        return words
    plural = "wordings" if others > 1 else "wording"
    return f"{words[0]} ({others} more {plural} in its copies)", f"{words[1]}（写しに別の言い回しがほかに{others}）"


def _reason(row: Record) -> Text:
    english, japanese = told(row["reason"] or say("quote_copies"))
    return english.rstrip("."), japanese.rstrip("。")


def _capture(case: Case, row: Record) -> str:
    return case.version_capture(row["version_id"]) or case.capture_of(row["article_id"])


def misspelled(case: Case) -> Iterator[Draft]:
    """One draft for each wrong spelling of a listed person's name."""
    for row in case.table("names"):
        articles = row["articles"].split()
        if row["status"] in ("listed", "unlisted") or not row["person"] or not articles:
            continue
        publishers = case.publishers_of(articles)
        values: dict[str, Value] = {
            "person": row["person"],
            "written": cited(row["written"]),
            "articles": count(len(articles), "article"),
            "sites": sites(publishers),
            "listed_by": told(row["listed_by"] or LIST),
        }
        shown = Row(
            "names",
            row["name_id"],
            noted("spelling", written=row["written"], reading=row["reading"]),
            row["capture_id"],
            row["excerpt"] or row["written"],
        )
        where = (Later("articles", article, partial(_writes, case, row, article)) for article in articles)
        yield Draft(
            "name_misspelled",
            row["written"],
            row["person"],
            "likely",
            values,
            chain([shown], where),
            row["status"],
            against=[("namesake", {})],
            about=[row["person"], row["written"], *case.about(articles)],
            size=min(len(articles), 40),
            suspect=bool(case.suspects & set(publishers)),
        )


def _writes(case: Case, name: Record, article: str) -> Row:
    note = noted("writes", publisher=case.publisher_of(article), written=name["written"])
    return Row("articles", article, note, case.capture_of(article), name["written"])


def ai_residue(case: Case) -> Iterator[Draft]:
    """One draft for each group of publishers whose texts bear residue of a text generator."""
    excused = {group: len(rows) for group, rows in case.by_group("ai_indicators", "NOT coalesce(t.counts, 0)")}
    for strength, confidence in (("conclusive", "established"), ("strong", "likely")):
        # A declaration is no leftover, and a labelled picture says nothing of the words beside it.
        counted = f"t.counts AND t.strength = '{strength}' AND t.family <> 'declared' AND t.place <> 'image'"
        for group, rows in case.by_group("ai_indicators", counted, ORDER):
            against = [("excused", {"number": excused[group]})] if group in excused else []
            values = {"articles": count(rows.distinct(PAGE), "article")}
            first = min(rows, key=lambda row: str(row["indicator_id"]))["points_to"]
            yield _indicator_draft(case, "ai_residue", group, rows, confidence, confidence, values, against, first)


def foreign_authorship(case: Case) -> Iterator[Draft]:
    """One draft for each group of publishers and language that slips point to; never more than possible."""
    for group, found in case.by_group("origin_indicators", "t.counts"):
        by_tongue: dict[Text, list[str]] = defaultdict(list)
        for points_to in sorted({row["points_to"] for row in found}):
            by_tongue[_tongue(points_to)].append(points_to)
        for tongue in sorted(by_tongue):
            part = case.of_group("origin_indicators", group, POINTING, ORDER, dump(by_tongue[tongue]))
            if len({row["rule_id"] for row in part}) < 2 and {row["strength"] for row in part} == {"weak"}:
                continue
            named = tongue if tongue[0] else joined(told(p) for p in sorted({p or OTHER for p in by_tongue[tongue]}))
            values = {"pages": count(part.distinct(PAGE), "page"), "points_to": named}
            against: list[tuple[str, Mapping[str, Value]]] = [("supports_only", {})]
            yield _indicator_draft(
                case, "foreign_authorship", group, part, "possible", "default", values, against, tongue[0] or OTHER
            )


def _tongue(points_to: str) -> Text:
    """The language under which a slip is told; a pair of empty words where there is none, or Japanese too."""
    for tongue in registry()["tongues"]:
        if tongue["word"] in points_to and "Japanese" not in points_to:
            return tongue["en"], tongue["ja"]
    return "", ""


def _indicator_draft(
    case: Case,
    kind: str,
    group: str,
    rows: Rows,
    confidence: str,
    statement: str,
    values: Mapping[str, Value],
    against: Sequence[tuple[str, Mapping[str, Value]]],
    points_to: str,
) -> Draft:
    table = "ai_indicators" if kind == "ai_residue" else "origin_indicators"
    publishers = sorted({row["publisher"] for row in rows})
    often = sorted(Counter(row["rule_id"] for row in rows).items(), key=lambda item: (-item[1], item[0]))
    caveats = parts(row["caveat"] for row in rows)
    said = [*against] + ([("caveat", {"caveat": caveats})] if caveats[0] else [])
    shared: dict[str, Value] = {
        "sites": sites(publishers),
        "excerpt": cited(rows.first()["excerpt"], 60),
        "rules": joined(
            (rule, rule) if number == 1 else (f"{rule} ({number})", f"{rule}（{number}）") for rule, number in often
        ),
    }
    about = [*publishers, group, *case.about(row["article_id"] for row in rows)]
    return Draft(
        kind,
        subject_of(group, publishers),
        points_to,
        confidence,
        {**values, **shared},
        (Later(table, row["indicator_id"], partial(_sign, table, row)) for row in rows),
        statement,
        against=said,
        about=about,
        size=min(len(rows), 40),
        suspect=bool(case.suspects & set(publishers)),
    )


def _sign(table: str, row: Record) -> Row:
    values: dict[str, Value] = {"place": term(row["place"]), "strength": term(row["strength"])}
    note = noted("sign", publisher=row["publisher"], rule=row["rule_id"], **values)
    return Row(table, row["indicator_id"], note, row["capture_id"], row["excerpt"])
