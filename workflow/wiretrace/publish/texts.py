"""Claims on what stands in the texts: quotations, names, traces of text generators, slips of another language."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from wiretrace.publish.case import Case, Draft, Record, Row, subject_of
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
from wiretrace.sentences import say

# Words from this length on are told apart by their beginning; copies of one quotation differ in their ends.
BEGINNING = 24
OTHER = "another language"
LIST = "the list of names"


def quotes(case: Case) -> list[Draft]:
    """One draft for each story and speaker with a quotation to be checked, or denied, in all its wordings."""
    found: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for row in case.table("quotes"):
        denied = row["status"] == "denied_by_person"
        if denied or (row["check"] and row["status"] != "verified_by_person"):
            story = case.story_of.get(row["article_id"]) or row["article_id"]
            kind = "quote_denied" if denied else "quote_unconfirmed"
            found[kind, str(story), str(row["person"] or row["speaker"])].append(row)
    return [_quote_draft(case, key, found[key]) for key in sorted(found)]


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
        own = set(articles) | {a for a, s in case.story_of.items() if s == story}
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
    if contradicted and contradicted["earliest_article"] in case.articles:
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
    return case.version_captures.get(row["version_id"]) or case.capture_of(row["article_id"])


def misspelled(case: Case) -> list[Draft]:
    """One draft for each wrong spelling of a listed person's name."""
    drafts = []
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
        where = [
            Row(
                "articles",
                a,
                noted("writes", publisher=case.publisher_of(a), written=row["written"]),
                case.capture_of(a),
                row["written"],
            )
            for a in articles
        ]
        drafts.append(
            Draft(
                "name_misspelled",
                row["written"],
                row["person"],
                "likely",
                values,
                [shown, *where],
                row["status"],
                against=[("namesake", {})],
                about=[row["person"], row["written"], *case.about(articles)],
                size=min(len(articles), 40),
                suspect=bool(case.suspects & set(publishers)),
            )
        )
    return drafts


def ai_residue(case: Case) -> list[Draft]:
    """One draft for each group of publishers whose texts bear residue of a text generator."""
    rows = case.table("ai_indicators")
    # A declaration is no leftover, and a labelled picture says nothing of the words beside it.
    counted = [
        row
        for row in rows
        if row["counts"]
        and row["strength"] in ("conclusive", "strong")
        and row["family"] != "declared"
        and row["place"] != "image"
    ]
    drafts = []
    for group, found in case.by_group(counted).items():
        for strength, confidence in (("conclusive", "established"), ("strong", "likely")):
            part = [row for row in found if row["strength"] == strength]
            if part:
                groups = [r for r in rows if not r["counts"] and case.group_of(r["publisher"]) == group]
                against = [("excused", {"number": len(groups)})] if groups else []
                values = {"articles": count(len({r["article_id"] or r["capture_id"] for r in part}), "article")}
                drafts.append(
                    _indicator_draft(
                        case, "ai_residue", group, part, confidence, confidence, values, against, part[0]["points_to"]
                    )
                )
    return drafts


def foreign_authorship(case: Case) -> list[Draft]:
    """One draft for each group of publishers and language that slips point to; never more than possible."""
    counted = [row for row in case.table("origin_indicators") if row["counts"]]
    drafts = []
    for group, found in case.by_group(counted).items():
        by_tongue: dict[Text, list[Record]] = defaultdict(list)
        for row in found:
            by_tongue[_tongue(row["points_to"])].append(row)
        for tongue in sorted(by_tongue):
            part = by_tongue[tongue]
            if len({row["rule_id"] for row in part}) < 2 and {row["strength"] for row in part} == {"weak"}:
                continue
            pages = len({row["article_id"] or row["capture_id"] for row in part})
            named = (
                tongue if tongue[0] else joined(told(p) for p in sorted({row["points_to"] or OTHER for row in part}))
            )
            values = {"pages": count(pages, "page"), "points_to": named}
            against: list[tuple[str, Mapping[str, Value]]] = [("supports_only", {})]
            drafts.append(
                _indicator_draft(
                    case, "foreign_authorship", group, part, "possible", "default", values, against, tongue[0] or OTHER
                )
            )
    return drafts


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
    rows: Sequence[Record],
    confidence: str,
    statement: str,
    values: Mapping[str, Value],
    against: Sequence[tuple[str, Mapping[str, Value]]],
    points_to: str,
) -> Draft:
    table = "ai_indicators" if kind == "ai_residue" else "origin_indicators"
    publishers = sorted({row["publisher"] for row in rows})
    order = {"conclusive": 0, "strong": 1, "weak": 2}
    ordered = sorted(rows, key=lambda r: (order[r["strength"]], r["place"] not in ("text", "title"), r["indicator_id"]))
    often = sorted(Counter(row["rule_id"] for row in rows).items(), key=lambda item: (-item[1], item[0]))
    caveats = parts(row["caveat"] for row in rows)
    said = [*against] + ([("caveat", {"caveat": caveats})] if caveats[0] else [])
    evidence = [
        Row(
            table,
            r["indicator_id"],
            noted(
                "sign",
                publisher=r["publisher"],
                place=term(r["place"]),
                rule=r["rule_id"],
                strength=term(r["strength"]),
            ),
            r["capture_id"],
            r["excerpt"],
        )
        for r in ordered
    ]
    shared: dict[str, Value] = {
        "sites": sites(publishers),
        "excerpt": cited(ordered[0]["excerpt"], 60),
        "rules": joined(
            (rule, rule) if number == 1 else (f"{rule} ({number})", f"{rule}（{number}）") for rule, number in often
        ),
    }
    about = [*publishers, group, *case.about(sorted({r["article_id"] for r in rows}))]
    return Draft(
        kind,
        subject_of(group, publishers),
        points_to,
        confidence,
        {**values, **shared},
        evidence,
        statement,
        against=said,
        about=about,
        size=min(len(rows), 40),
        suspect=bool(case.suspects & set(publishers)),
    )
