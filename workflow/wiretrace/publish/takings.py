"""Claims on suspects that run the texts of others that are no distributors, papers or broadcasters, again and again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wiretrace.publish.case import Case, Draft, subject_of
from wiretrace.publish.rows import Record
from wiretrace.publish.sources import reasons_against, sureness, trace_rows, trace_values
from wiretrace.publish.wording import Value, count, sites

# Articles of one source from which a group is said to run its texts.
LEAST = 3
# Sources told one by one, those of most articles.
TOLD = 12
# Articles with the source that their trace names, where that is somebody else.
TRACED = """
SELECT a.publisher, t.candidate_publisher AS source, t.candidate <> '' AS read, t.trace_id
FROM traces t JOIN articles a USING (article_id)
WHERE t.rank = 1 AND t.verdict IN ('source_found', 'probable') AND t.candidate_publisher <> a.publisher
"""
SOURCES = """
SELECT own, source, read, count(*) AS number FROM _takings GROUP BY own, source, read HAVING number >= ?
ORDER BY number DESC, own, source, read
"""
OF_SOURCE = """
SELECT t.* FROM _takings k JOIN traces t USING (trace_id) WHERE k.own = ? AND k.source = ? AND k.read = ?
ORDER BY k.rowid
"""


def taken_from(case: Case) -> list[Draft]:
    """One draft for each group of suspects and source that is no distributor, from three articles on; beyond a dozen,
    one for the rest. Texts that run within one network have no source outside it and are left out.
    """
    case.shelf.scratch("_takings", "own TEXT, source TEXT, read INTEGER, trace_id TEXT", "own, source, read")
    case.shelf.change("INSERT INTO _takings VALUES (?, ?, ?, ?)", _takings(case))
    found = list(case.shelf.rows(SOURCES, LEAST))
    drafts = [_draft(case, each) for each in found[:TOLD]]
    return [*drafts, _rest(case, found[TOLD:])] if found[TOLD:] else drafts


def _takings(case: Case) -> Iterator[tuple[str, str, int, str]]:
    for row in case.shelf.rows(TRACED):
        publisher, source = row["publisher"], row["source"]
        within = case.network_of.get(source, "") == case.group_of(publisher)
        if publisher in case.suspects and source not in case.distributors and not within:
            yield case.group_of(publisher), source, row["read"], row["trace_id"]


def _draft(case: Case, each: Record) -> Draft:
    traces = case.shelf.rows(OF_SOURCE, each["own"], each["source"], each["read"])
    sure, direct = sureness(case, traces)
    confidence = sure if direct and each["read"] else "possible"
    publishers = case.publishers_of(trace["article_id"] for trace in traces)
    against = reasons_against(case, traces)
    if not each["read"]:
        against.append(("namesake", {}))
    elif not direct:
        against.append(("circumstantial", {}))
    values: dict[str, Value] = {
        "articles": count(each["number"], "article"),
        "sites": sites(publishers),
        "source": each["source"],
        **trace_values(case, traces),
    }
    return Draft(
        "taken_from",
        subject_of(each["own"], publishers),
        each["source"],
        confidence,
        values,
        trace_rows(case, traces),
        confidence if each["read"] else "named",
        against=against,
        about=[*publishers, each["own"], each["source"]],
        size=min(each["number"], 40),
    )


def _rest(case: Case, others: Sequence[Record]) -> Draft:
    """The sources that are not told one by one."""
    parts = [case.shelf.rows(OF_SOURCE, each["own"], each["source"], each["read"]) for each in others]
    taking = {trace["article_id"] for traces in parts for trace in traces}
    return Draft(
        "taken_from",
        "rest",
        "",
        "possible",
        {
            "articles": count(sum(each["number"] for each in others), "article"),
            "sites": sites(case.publishers_of(taking)),
            "source": sites(sorted({each["source"] for each in others})),
        },
        (row for traces in parts for row in trace_rows(case, traces)),
        "rest",
        "rest",
        size=-60,
    )
