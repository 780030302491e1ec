"""Claims on where texts came from: which distributor sent a text out, and which one supplies a site."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from wiretrace.publish.case import Case, Draft, Later, Row, subject_of
from wiretrace.publish.rows import Record, Rows
from wiretrace.publish.wording import Text, Value, count, moment, noted, registry, sites, told

FOUND = ("source_found", "probable")
# Reasons that show a relation by themselves. The others (order in time, a hub among copies, being a distributor at all)
# are circumstantial: a claim on a firm is not made from them alone.
DIRECT = frozenset({"credit", "link", "archive_clock", "release_parts", "listing", "translation", "names"})
DECISIVE = frozenset({"credit", "link", "archive_clock"})
# Stories told one by one; the rest is told in one sentence for each distributor.
TOLD = 25
# A site is "supplied by" a distributor beyond doubt from this many traced releases, of which this share is found.
ENOUGH, SHARE = 5, 0.8
GONE = ("deleted", "redirected", "archived_only")
Traces = Sequence[Record] | Rows


def notable(case: Case) -> dict[str, int]:
    """Stories that the question is about, with a rank: seeded articles first, then by the number of other signs."""
    case.shelf.scratch("_signs", "article_id TEXT, sign INTEGER")
    case.shelf.change("INSERT INTO _signs VALUES (?, ?)", _signs(case))
    signed = case.shelf.rows("SELECT article_id, sum(sign) AS sign FROM _signs GROUP BY article_id")
    found: Counter[str] = Counter()
    for row in signed:
        if case.publisher_of(row["article_id"]) in case.suspects and (story := case.story_of(row["article_id"])):
            found[story] += row["sign"]
    ordered = sorted(found, key=lambda story: (-found[story], story))
    return {story: found[story] for story in ordered[:TOLD]}


def _signs(case: Case) -> Iterator[tuple[str, int]]:
    """Articles, each with the weight of a sign that it bears."""
    for row in case.shelf.rows("SELECT article_id, publisher, address, state FROM articles"):
        if row["address"] in case.seeded and row["publisher"] in case.suspects:
            yield row["article_id"], 1000
        if row["state"] in GONE:
            yield row["article_id"], 20
    for row in case.shelf.rows("SELECT article_id FROM quotes WHERE [check] OR status = 'denied_by_person'"):
        yield row["article_id"], 50
    for row in case.shelf.rows("SELECT articles FROM names WHERE status NOT IN ('listed', 'unlisted')"):
        yield from ((article_id, 50) for article_id in row["articles"].split())
    for row in case.shelf.rows("SELECT article_id FROM headline_phrases"):
        yield row["article_id"], 20
    for row in case.shelf.rows("SELECT article_id FROM ai_indicators WHERE counts AND strength <> 'weak'"):
        yield row["article_id"], 5


def distributed_by(case: Case) -> Iterator[Draft]:
    """One draft for each notable story traced to a distributor, and one or two for the rest of each distributor's."""
    told = notable(case)
    # The rest of the stories, part by part: as many rows as articles, too many to be held.
    columns = "distributor TEXT, kind TEXT, story_id TEXT, confidence TEXT, trace_id TEXT"
    case.shelf.scratch("_rest", columns, "distributor, kind")
    for story in case.table("stories"):
        members = case.members(story["story_id"])
        for distributor, traces in _traced(case, members):
            confidence = _confidence(case, distributor, traces)
            if not confidence:
                continue
            if story["story_id"] in told:
                size = min(told[story["story_id"]] // 10, 39) + min(len(traces), 10)
                yield _story_draft(case, story, members, distributor, traces, confidence, size)
            else:
                part = (distributor, _variant(traces, confidence == "possible"), story["story_id"], confidence)
                rows = [(*part, trace["trace_id"]) for trace in traces]
                case.shelf.change("INSERT INTO _rest VALUES (?, ?, ?, ?, ?)", rows)
    for rest in list(case.shelf.rows("SELECT DISTINCT distributor, kind FROM _rest ORDER BY distributor, kind")):
        yield _rest_draft(case, rest["distributor"], rest["kind"])


def told_of(case: Case, stories: Iterable[str]) -> set[str]:
    """Those of ``stories`` that are told as traced to a distributor."""
    traced = ((story, parts) for story in stories for parts in _traced(case, case.members(story)))
    return {story for story, (distributor, traces) in traced if _confidence(case, distributor, traces)}


def _traced(case: Case, members: Sequence[Record]) -> list[tuple[str, list[Record]]]:
    """Distributors that the suspects' articles of a story trace to, each with its traces.

    Where some of them share the text of a release that was read, those that only name the distributor are left out.
    """
    found: dict[str, list[Record]] = defaultdict(list)
    for member in members:
        trace = case.best_trace(member["article_id"])
        own = case.publisher_of(member["article_id"])
        # A distributor's own version in another language is no outlet's.
        if trace and trace["verdict"] in FOUND and own in case.suspects - {trace["candidate_publisher"]}:
            found[trace["candidate_publisher"]].append(trace)
    known = sorted(found.keys() & case.distributors.keys())
    return [(name, [trace for trace in found[name] if trace["candidate"]] or found[name]) for name in known]


def _variant(traces: Sequence[Record], possible: bool) -> str:
    """Which sentence fits: that no release was read and the texts only name the distributor, or how sure it is."""
    return "named" if not traces[0]["candidate"] else "possible" if possible else "sure"


def _confidence(case: Case, distributor: str, traces: Sequence[Record]) -> str:
    """How sure the distribution of one text is; empty where only circumstantial reasons speak for it."""
    sure, direct = sureness(case, traces)
    if not direct:
        return ""
    proposed = case.distributors[distributor]["origin"] == "proposed" or not traces[0]["candidate"]
    return "possible" if proposed else sure


def sureness(case: Case, traces: Traces) -> tuple[str, bool]:
    """How sure it is that the articles of ``traces`` come from where they trace to, and whether one of the reasons
    shows it by itself.
    """
    kinds, against = set[str](), False
    for reason in case.reasons(traces):
        if reason["log_odds"] > 0:
            kinds.add(reason["reason"])
        against = against or reason["log_odds"] < 0
    found = sum(trace["verdict"] == "source_found" for trace in traces)
    if found == len(traces) and len(kinds) > 1 and kinds & DECISIVE and not against:
        return "established", True
    return "likely" if found * 2 >= len(traces) else "possible", bool(kinds & DIRECT)


def _story_draft(
    case: Case,
    story: Record,
    members: Sequence[Record],
    distributor: str,
    traces: Sequence[Record],
    confidence: str,
    size: int,
) -> Draft:
    articles = [trace["article_id"] for trace in traces]
    named = not traces[0]["candidate"]
    releases = list(filter(None, (case.article(trace["candidate"]) for trace in traces)))
    release = min(releases, key=lambda r: (r["published_earliest"] or "9", r["article_id"]), default={})
    values: dict[str, Value] = {
        "title": case.headline_of(story),
        "distributor": case.name_of(distributor),
        "articles": count(len(articles), "article"),
        "sites": sites(case.publishers_of(articles)),
        "time": moment(release.get("published_earliest", ""), release.get("published_latest", "")),
        **trace_values(case, traces),
    }
    against = _against(case, distributor, traces)
    doubtful = sum(member["clock_quality"] == "doubtful" for member in members)
    if doubtful:
        against.append(("clocks", {"clocks": count(doubtful, "clock")}))
    verdicts = [case.best_trace(m["article_id"]) for m in members if m["article_id"] not in articles]
    undecided = sum(trace.get("verdict") in ("tie", "cannot_tell") for trace in verdicts)
    if undecided:
        against.append(("undecided", {"articles": count(undecided, "article")}))
    other = sum(t.get("verdict") in FOUND and t["candidate_publisher"] != distributor for t in verdicts)
    if other:
        against.append(("other", {"articles": count(other, "article")}))
    rows = [
        Row(
            "stories",
            story["story_id"],
            noted("story", articles=count(story["articles"], "article"), publishers=count(story["publishers"], "site")),
        )
    ]
    return Draft(
        "distributed_by",
        story["story_id"],
        distributor,
        confidence,
        values,
        chain(rows, trace_rows(case, traces)),
        "named" if named else confidence,
        against=against,
        about=[story["story_id"], story["title"], *case.about(articles)],
        size=size,
    )


def _rest_draft(case: Case, distributor: str, kind: str) -> Draft:
    """The stories of a distributor that are not told one by one; as sure as the least sure of them."""
    own = "FROM _rest r JOIN traces t USING (trace_id) WHERE r.distributor = ? AND r.kind = ?"
    traces = case.shelf.rows(f"SELECT t.* {own} ORDER BY r.rowid", distributor, kind)
    whole = case.shelf.rows(
        "SELECT count(DISTINCT story_id) AS stories, group_concat(DISTINCT confidence) AS confidence FROM _rest"
        " WHERE distributor = ? AND kind = ?",
        distributor,
        kind,
    ).first()
    confidence = max(whole["confidence"].split(","), key=("established", "likely", "possible").index)
    values: dict[str, Value] = {
        "stories": count(whole["stories"], "story"),
        "distributor": case.name_of(distributor),
        "articles": count(len(traces), "article"),
        "sites": sites(case.publishers_of(trace["article_id"] for trace in traces)),
        **trace_values(case, traces),
    }
    return Draft(
        "distributed_by",
        "rest",
        distributor,
        confidence,
        values,
        trace_rows(case, traces),
        "rest_named" if not traces.first()["candidate"] else f"rest_{confidence}",
        to_do="rest",
        against=_against(case, distributor, traces),
        size=-60,
    )


def trace_values(case: Case, traces: Traces) -> dict[str, Value]:
    """What the basis of a claim says of its traces: for how many the source is found, and by which reasons."""
    kinds = Counter(reason["reason"] for reason in case.reasons(traces) if reason["log_odds"] > 0)
    found = sum(trace["verdict"] == "source_found" for trace in traces)
    probable = len(traces) - found
    return {
        "found": count(found, "article"),
        "probable": (f", probable for {probable} more", f"、可能性が高いもの：{probable}本") if probable else ("", ""),
        "reasons": (_told(kinds, "en", ", "), _told(kinds, "ja", "、")),
    }


def _told(kinds: Counter[str], language: str, comma: str) -> str:
    ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    return comma.join(f"{registry()['reasons'][kind][language]} ({number})" for kind, number in ordered)


def reasons_against(case: Case, traces: Traces) -> list[tuple[str, dict[str, Value]]]:
    """How many reasons of ``traces`` speak against, and the heaviest."""
    negative, heaviest = 0, dict[str, Any]()
    for reason in case.reasons(traces):
        if reason["log_odds"] < 0:
            negative += 1
            heaviest = min(heaviest or reason, reason, key=lambda each: (each["log_odds"], each["evidence_id"]))
    if not negative:
        return []
    return [("reasons", {"reasons": count(negative, "reason"), "first": told(heaviest["statement"].rstrip("."))})]


def _against(case: Case, distributor: str, traces: Traces) -> list[tuple[str, dict[str, Value]]]:
    found = reasons_against(case, traces) + _unlisted(case, distributor)
    if not next(iter(traces))["candidate"]:
        found.append(("namesake", {}))
    return found


def trace_rows(case: Case, traces: Iterable[Record]) -> Iterator[Later]:
    """The traces with their reasons, as evidence; a reason against is evidence against."""
    for trace in traces:
        yield Later("traces", trace["trace_id"], partial(_trace_row, case, trace))
        for reason in case.reasons([trace]):
            role = "for" if reason["log_odds"] >= 0 else "against"
            made = partial(_reason_row, case, trace, reason, role)
            yield Later("trace_evidence", reason["evidence_id"], made, role)
        if source := case.article(trace["candidate"]):
            yield Later("articles", source["article_id"], partial(_source_row, case, trace))


def _trace_row(case: Case, trace: Record) -> Row:
    article, note = trace["article_id"], noted("trace", statement=told(trace["statement"]))
    return Row("traces", trace["trace_id"], note, case.capture_of(article), headline(case, article))


def _reason_row(case: Case, trace: Record, reason: Record, role: str) -> Row:
    other = trace["candidate_publisher"] or case.publisher_of(trace["article_id"])
    capture = reason["capture_id"] or case.capture_of(trace["article_id"])
    note = noted("reason", publisher=other, statement=told(reason["statement"]))
    return Row("trace_evidence", reason["evidence_id"], note, capture, reason["excerpt"], role)


def _source_row(case: Case, trace: Record) -> Row:
    note, source = noted("source", publisher=trace["candidate_publisher"]), trace["candidate"]
    return Row("articles", source, note, case.capture_of(source), headline(case, source))


def headline(case: Case, article_id: str) -> str:
    return str(case.article(article_id).get("title", ""))


@dataclass(frozen=True)
class BestTraces:
    """The best traces of ``articles``, read whenever they are gone through."""

    case: Case
    articles: Sequence[str]

    def __iter__(self) -> Iterator[Record]:
        return filter(None, map(self.case.best_trace, self.articles))


def supplied_by(case: Case) -> list[Draft]:
    """One draft for each distributor and group of publishers whose releases come from it."""
    found: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for row in case.table("publisher_distributors"):
        if row["verdict"] == "supplied_by" and row["distributor"] in case.distributors:
            key = (row["distributor"], case.group_of(row["publisher"]), _supply_confidence(case, row))
            found[key].append(row)
    return [_supply_draft(case, *key, found[key]) for key in sorted(found)]


def _supplied(row: Record) -> Text:
    return noted("supplied", statement=told(row["statement"]))


def _supply_confidence(case: Case, row: Record) -> str:
    if case.distributors[row["distributor"]]["origin"] == "proposed":
        return "possible"
    verdicts = [trace["verdict"] for trace in BestTraces(case, row["articles"].split())]
    sure = verdicts.count("source_found") >= SHARE * len(verdicts) and not row["elsewhere"]
    listed = case.distributors[row["distributor"]]["origin"] != "catalogue"
    if listed and row["traced"] >= ENOUGH and sure and row["traced"] >= SHARE * row["releases"] and row["only_here"]:
        return "established"
    return "likely"


def _supply_draft(case: Case, distributor: str, group: str, confidence: str, rows: Sequence[Record]) -> Draft:
    publishers = [row["publisher"] for row in rows]
    total = {name: sum(row[name] for row in rows) for name in ("releases", "traced", "elsewhere", "only_here")}
    articles = sorted({article for row in rows for article in row["articles"].split()})
    traces = BestTraces(case, articles)
    values: dict[str, Value] = {
        "sites": sites(publishers),
        "distributor": case.name_of(distributor),
        "releases": count(total["releases"], "release"),
        "traced": total["traced"],
        "texts": count(total["traced"], "text"),
        "only_here": total["only_here"],
        "found": sum(trace["verdict"] == "source_found" for trace in traces),
    }
    against: list[tuple[str, dict[str, Value]]] = []
    if total["elsewhere"]:
        against.append(("elsewhere", {"elsewhere": total["elsewhere"]}))
    untraced = total["releases"] - total["traced"] - total["elsewhere"]
    if untraced > 0:
        against.append(("untraced", {"untraced": untraced}))
    against += _unlisted(case, distributor)
    first = next(iter(traces), {}).get("article_id", "")
    evidence = (
        Row("publisher_distributors", f"{row['publisher']} {distributor}", _supplied(row), *_shown(case, row, first))
        for row in rows
    )
    return Draft(
        "supplied_by",
        subject_of(group, publishers),
        distributor,
        confidence,
        values,
        chain(evidence, trace_rows(case, traces)),
        confidence,
        against=against,
        about=[*publishers, group],
        size=min(len(rows), 40),
        suspect=bool(case.suspects & set(publishers)),
    )


def _unlisted(case: Case, distributor: str) -> list[tuple[str, dict[str, Value]]]:
    """That no list calls ``distributor`` one: by what it is taken for one."""
    origin = case.distributors[distributor]["origin"]
    return [(origin, {"distributor": case.name_of(distributor)})] if origin in ("proposed", "catalogue") else []


def _shown(case: Case, row: Record, fallback: str) -> tuple[str, str]:
    """Capture and headline of one of the traced articles of a publisher."""
    article = next(iter(row["articles"].split()), fallback)
    return case.capture_of(article), headline(case, article)
