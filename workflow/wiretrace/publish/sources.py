"""Claims on where texts came from: which distributor sent a text out, and which one supplies a site."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from wiretrace.publish.case import Case, Draft, Record, Row, subject_of
from wiretrace.publish.wording import Text, Value, count, moment, noted, registry, sites, told

FOUND = ("source_found", "probable")
# Reasons that show a relation by themselves. The others (order in time, a hub among copies, being a distributor at all)
# are circumstantial: a claim on a firm is not made from them alone.
DIRECT = frozenset({"credit", "link", "archive_clock", "release_parts", "translation", "names"})
DECISIVE = frozenset({"credit", "link", "archive_clock"})
# Stories told one by one; the rest is told in one sentence for each distributor.
TOLD = 25
# A site is "supplied by" a distributor beyond doubt from this many traced releases, of which this share is found.
ENOUGH, SHARE = 5, 0.8
GONE = ("deleted", "redirected", "archived_only")


def notable(case: Case) -> dict[str, int]:
    """Stories that the question is about, with a rank: seeded articles first, then by the number of other signs."""
    signs: Counter[str] = Counter()
    for article_id, article in case.articles.items():
        signs[article_id] += 1000 * (article["address"] in case.seeded and article["publisher"] in case.suspects)
        signs[article_id] += 20 * (article["state"] in GONE)
    for row in case.table("quotes"):
        signs[row["article_id"]] += 50 * bool(row["check"] or row["status"] == "denied_by_person")
    for row in case.table("names"):
        for article_id in row["articles"].split():
            signs[article_id] += 50 * (row["status"] not in ("listed", "unlisted"))
    for row in case.table("headline_phrases"):
        signs[row["article_id"]] += 20
    for row in case.table("ai_indicators"):
        signs[row["article_id"]] += 5 * bool(row["counts"] and row["strength"] != "weak")
    found: Counter[str] = Counter()
    for article_id, sign in signs.items():
        if sign and case.publisher_of(article_id) in case.suspects and article_id in case.story_of:
            found[case.story_of[article_id]] += sign
    ordered = sorted(found, key=lambda story: (-found[story], story))
    return {story: found[story] for story in ordered[:TOLD]}


def distributed_by(case: Case) -> list[Draft]:
    """One draft for each notable story traced to a distributor, and one or two for the rest of each distributor's."""
    members = case.members
    told = notable(case)
    drafts, rest = [], defaultdict(list)
    for story in case.table("stories"):
        for distributor, traces in _traced(case, members.get(story["story_id"], [])):
            confidence = _confidence(case, distributor, traces)
            if not confidence:
                continue
            if story["story_id"] in told:
                size = min(told[story["story_id"]] // 10, 39) + min(len(traces), 10)
                part = (story, members[story["story_id"]], distributor, traces, confidence, size)
                drafts.append(_story_draft(case, *part))
            else:
                rest[distributor, _variant(traces, confidence == "possible")].append((story, traces, confidence))
    return drafts + [_rest_draft(case, distributor, rest[distributor, kind]) for distributor, kind in sorted(rest)]


def _traced(case: Case, members: Sequence[Record]) -> list[tuple[str, list[Record]]]:
    """Distributors that the suspects' articles of a story trace to, each with its traces.

    Where some of them share the text of a release that was read, those that only name the distributor are left out.
    """
    found: dict[str, list[Record]] = defaultdict(list)
    for member in members:
        trace = case.best_trace.get(member["article_id"])
        if trace and trace["verdict"] in FOUND and case.publisher_of(member["article_id"]) in case.suspects:
            found[trace["candidate_publisher"]].append(trace)
    known = sorted(found.keys() & case.distributors.keys())
    return [(name, [trace for trace in found[name] if trace["candidate"]] or found[name]) for name in known]


def _variant(traces: Sequence[Record], possible: bool) -> str:
    """Which sentence fits: that no release was read and the texts only name the distributor, or how sure it is."""
    return "named" if not traces[0]["candidate"] else "possible" if possible else "sure"


def _confidence(case: Case, distributor: str, traces: Sequence[Record]) -> str:
    """How sure the distribution of one text is; empty where only circumstantial reasons speak for it."""
    reasons = [reason for trace in traces for reason in case.reasons.get(trace["trace_id"], [])]
    kinds = {reason["reason"] for reason in reasons if reason["log_odds"] > 0}
    if not kinds & DIRECT:
        return ""
    if case.distributors[distributor]["origin"] == "proposed" or not traces[0]["candidate"]:
        return "possible"
    found = sum(trace["verdict"] == "source_found" for trace in traces)
    if found == len(traces) and len(kinds) > 1 and kinds & DECISIVE and all(r["log_odds"] >= 0 for r in reasons):
        return "established"
    return "likely" if found * 2 >= len(traces) else "possible"


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
    releases = [case.articles[trace["candidate"]] for trace in traces if trace["candidate"] in case.articles]
    release = min(releases, key=lambda r: (r["published_earliest"] or "9", r["article_id"]), default={})
    values: dict[str, Value] = {
        "title": case.headline_of(story),
        "distributor": case.name_of(distributor),
        "articles": count(len(articles), "article"),
        "sites": sites(case.publishers_of(articles)),
        "time": moment(release.get("published_earliest", ""), release.get("published_latest", "")),
        **_trace_values(case, traces),
    }
    against = _against(case, distributor, traces)
    doubtful = sum(member["clock_quality"] == "doubtful" for member in members)
    if doubtful:
        against.append(("clocks", {"clocks": count(doubtful, "clock")}))
    verdicts = [case.best_trace.get(m["article_id"], {}) for m in members if m["article_id"] not in articles]
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
        rows + trace_rows(case, traces),
        "named" if named else confidence,
        against=against,
        about=[story["story_id"], story["title"], *case.about(articles)],
        size=size,
    )


def _rest_draft(case: Case, distributor: str, rest: Sequence[tuple[Record, list[Record], str]]) -> Draft:
    """The stories of a distributor that are not told one by one; as sure as the least sure of them."""
    traces = [trace for _, part, _ in rest for trace in part]
    articles = [trace["article_id"] for trace in traces]
    confidence = max((confidence for *_, confidence in rest), key=("established", "likely", "possible").index)
    values: dict[str, Value] = {
        "stories": count(len(rest), "story"),
        "distributor": case.name_of(distributor),
        "articles": count(len(articles), "article"),
        "sites": sites(case.publishers_of(articles)),
        **_trace_values(case, traces),
    }
    return Draft(
        "distributed_by",
        "rest",
        distributor,
        confidence,
        values,
        trace_rows(case, traces),
        "rest_named" if not traces[0]["candidate"] else f"rest_{confidence}",
        to_do="rest",
        against=_against(case, distributor, traces),
        size=-60,
    )


def _trace_values(case: Case, traces: Sequence[Record]) -> dict[str, Value]:
    kinds = Counter(
        r["reason"] for trace in traces for r in case.reasons.get(trace["trace_id"], []) if r["log_odds"] > 0
    )
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


def _against(case: Case, distributor: str, traces: Sequence[Record]) -> list[tuple[str, dict[str, Value]]]:
    negative = [r for trace in traces for r in case.reasons.get(trace["trace_id"], []) if r["log_odds"] < 0]
    found: list[tuple[str, dict[str, Value]]] = []
    if negative:
        heaviest = min(negative, key=lambda reason: (reason["log_odds"], reason["evidence_id"]))
        said = told(heaviest["statement"].rstrip("."))
        found.append(("reasons", {"reasons": count(len(negative), "reason"), "first": said}))
    if case.distributors[distributor]["origin"] == "proposed":
        found.append(("proposed", {"distributor": case.name_of(distributor)}))
    if not traces[0]["candidate"]:
        found.append(("namesake", {}))
    return found


def trace_rows(case: Case, traces: Sequence[Record]) -> list[Row]:
    """The traces with their reasons, as evidence; a reason against is evidence against."""
    rows = []
    for trace in traces:
        article, source = trace["article_id"], trace["candidate"]
        other = trace["candidate_publisher"] or case.publisher_of(article)
        note = noted("trace", statement=told(trace["statement"]))
        rows.append(Row("traces", trace["trace_id"], note, case.capture_of(article), headline(case, article)))
        for reason in case.reasons.get(trace["trace_id"], []):
            role = "for" if reason["log_odds"] >= 0 else "against"
            capture = reason["capture_id"] or case.capture_of(article)
            note = noted("reason", publisher=other, statement=told(reason["statement"]))
            rows.append(Row("trace_evidence", reason["evidence_id"], note, capture, reason["excerpt"], role))
        if source in case.articles:
            shown = (case.capture_of(source), headline(case, source))
            note = noted("source", publisher=trace["candidate_publisher"])
            rows.append(Row("articles", source, note, *shown))
    return rows


def headline(case: Case, article_id: str) -> str:
    return str(case.articles[article_id]["title"]) if article_id in case.articles else ""


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
    verdicts = [case.best_trace[a]["verdict"] for a in row["articles"].split() if a in case.best_trace]
    sure = verdicts.count("source_found") >= SHARE * len(verdicts) and not row["elsewhere"]
    if row["traced"] >= ENOUGH and sure and row["traced"] >= SHARE * row["releases"] and row["only_here"]:
        return "established"
    return "likely"


def _supply_draft(case: Case, distributor: str, group: str, confidence: str, rows: Sequence[Record]) -> Draft:
    publishers = [row["publisher"] for row in rows]
    total = {name: sum(row[name] for row in rows) for name in ("releases", "traced", "elsewhere", "only_here")}
    articles = sorted({article for row in rows for article in row["articles"].split()})
    traces = [case.best_trace[a] for a in articles if a in case.best_trace]
    values: dict[str, Value] = {
        "sites": sites(publishers),
        "distributor": case.name_of(distributor),
        "releases": count(total["releases"], "release"),
        "traced": total["traced"],
        "only_here": total["only_here"],
        "found": sum(trace["verdict"] == "source_found" for trace in traces),
    }
    against: list[tuple[str, dict[str, Value]]] = []
    if total["elsewhere"]:
        against.append(("elsewhere", {"elsewhere": total["elsewhere"]}))
    untraced = total["releases"] - total["traced"] - total["elsewhere"]
    if untraced > 0:
        against.append(("untraced", {"untraced": untraced}))
    if case.distributors[distributor]["origin"] == "proposed":
        against.append(("proposed", {"distributor": case.name_of(distributor)}))
    first = traces[0]["article_id"] if traces else ""
    evidence = [
        Row("publisher_distributors", f"{row['publisher']} {distributor}", _supplied(row), *_shown(case, row, first))
        for row in rows
    ]
    return Draft(
        "supplied_by",
        subject_of(group, publishers),
        distributor,
        confidence,
        values,
        evidence + trace_rows(case, traces),
        confidence,
        against=against,
        about=[*publishers, group],
        size=min(len(rows), 40),
        suspect=bool(case.suspects & set(publishers)),
    )


def _shown(case: Case, row: Record, fallback: str) -> tuple[str, str]:
    """Capture and headline of one of the traced articles of a publisher."""
    article = next(iter(row["articles"].split()), fallback)
    return case.capture_of(article), headline(case, article)
