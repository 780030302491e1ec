"""Rows of the tables that the room gives."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wiretrace import schema
from wiretrace.config import dictionary_versions
from wiretrace.identity import make_id
from wiretrace.trace.candidates import Candidate
from wiretrace.trace.clocks import Clock, written
from wiretrace.trace.ledger import Case
from wiretrace.trace.source import LISTED, Trail
from wiretrace.trace.stories import PART_SHARE, PARTIAL, Match
from wiretrace.trace.texts import Text

COPIES = "winnowed grams (5 or 12, window 15), exact passages"
ANCHORS = "anchors in order (numbers, dates, names, sounds, Han, words)"
GLOSSES = "dictionaries: anchors in order (numbers, dates, names, sounds, Han, words, glosses of {})"


def match_rows(
    texts: Sequence[Text], matches: Sequence[Match], anchors: Mapping[tuple[int, int], Any], dictionaries: bool
) -> Iterator[dict[str, Any]]:
    """Rows of ``text_matches``."""
    across = ANCHORS
    if dictionaries:
        across = GLOSSES.format(" and ".join(f"{name} {version}" for name, version in dictionary_versions().items()))
    for m in matches:
        a, b = texts[m.first].article_id, texts[m.second].article_id
        shown = anchors.get((m.first, m.second))
        yield {
            "match_id": make_id("m", a, b),
            "article_a": a,
            "article_b": b,
            "kind": m.kind,
            "share_a": m.share_first,
            "share_b": m.share_second,
            "shared": m.shared,
            "spans": schema.dump([list(span) for span in m.spans]),
            "anchors": schema.dump(shown) if shown is not None else "",
            "score": m.score,
            "method": across if m.kind == "translated" else COPIES,
        }


def story_rows(case: Case, groups: Sequence[Sequence[int]]) -> Iterator[dict[str, Any]]:
    """Rows of ``stories``."""
    for group in groups:
        ordered = sorted(group, key=lambda i: _place(case, i))
        clocks = {i: case.clocks[case.texts[i].article_id] for i in group}
        first = _first(ordered, clocks, _positions(clocks))
        known = [c for c in clocks.values() if c.trusted]
        span = (clocks[first].earliest, clocks[first].latest) if first is not None else (None, None)
        if first is None and known:
            span = (min(c.earliest for c in known if c.earliest is not None), None)
        yield {
            "story_id": story_id(case, group),
            "title": case.texts[ordered[0]].title or case.texts[ordered[0]].text[:80] or case.texts[ordered[0]].address,
            "articles": len(group),
            "publishers": len({case.texts[i].publisher for i in group}),
            "languages": " ".join(dict.fromkeys(case.texts[i].language for i in ordered)),
            "first_earliest": written(span[0]),
            "first_latest": written(span[1]),
            "first_article": case.texts[first].article_id if first is not None else "",
            "release_like": any(case.texts[i].release_like for i in group),
        }


def member_rows(case: Case, groups: Sequence[Sequence[int]], traced: Trail) -> Iterator[dict[str, Any]]:
    """Rows of ``story_members``."""
    for group in groups:
        story = story_id(case, group)
        positions = _positions({i: case.clocks[case.texts[i].article_id] for i in group})
        source = _story_source(case, group, traced)
        for index in group:
            yield _member(case, story, index, positions[index], source, traced)


def _positions(clocks: Mapping[int, Clock]) -> dict[int, int]:
    """For each member of a story one more than how many were there before it even claims to be."""
    there = sorted(by for c in clocks.values() if (by := c.latest if c.trusted else c.proven_by) is not None)
    claimed = {i: c.earliest if c.trusted else None for i, c in clocks.items()}
    return {i: 1 + (bisect_left(there, begin) if begin is not None else 0) for i, begin in claimed.items()}


def story_id(case: Case, group: Sequence[int]) -> str:
    """Id of a story: its members."""
    return make_id("y", *sorted(case.texts[i].article_id for i in group), size=12)


def _place(case: Case, index: int) -> tuple[int, int, str]:
    clock = case.clocks[case.texts[index].article_id]
    known = clock.trusted and clock.earliest is not None
    time = clock.earliest if known else clock.latest
    return 0 if known else 1, time if time is not None else 1 << 62, case.texts[index].article_id


def _first(ordered: Sequence[int], clocks: Mapping[int, Clock], positions: Mapping[int, int]) -> int | None:
    """The one member that all others came after, where the clocks can tell."""
    leaders = [i for i in ordered if positions[i] == 1]
    return leaders[0] if len(leaders) == 1 and clocks[leaders[0]].trusted else None


def _story_source(case: Case, group: Sequence[int], traced: Trail) -> int | None:
    """The member that most others were traced to."""
    counts: dict[int, int] = {}
    for index in group:
        source = traced.sources[index]
        if source and source.text in group:
            counts[source.text] = counts.get(source.text, 0) + 1
    roots = {i: n for i, n in counts.items() if traced.sources[i] is None} or counts
    return min(roots, key=lambda i: (-roots[i], case.texts[i].article_id), default=None)


def _member(case: Case, story: str, index: int, position: int, source: int | None, traced: Trail) -> dict[str, Any]:
    text = case.texts[index]
    clock = case.clocks[text.article_id]
    return {
        "story_id": story,
        "article_id": text.article_id,
        "position": position,
        "earliest": written(clock.earliest),
        "latest": written(clock.latest),
        "clock": clock.source,
        "clock_quality": clock.quality,
        "clock_note": clock.note,
        "relation": _relation(case, index, source, traced),
    }


def _relation(case: Case, index: int, source: int | None, traced: Trail) -> str:
    if index == source:
        return "source"
    if source is None or (
        traced.sources[index] is None and case.texts[index].publisher != case.texts[source].publisher
    ):
        return "unclear"
    match = next((m for m in case.near.get(index, ()) if m.other(index) == source), None)
    if match is None:
        return "unclear"
    if match.kind == "translated":
        return "translation"
    return "excerpt" if match.kind in PARTIAL and match.share(source) < PART_SHARE else "copy"


def trace_rows(case: Case, groups: Sequence[Sequence[int]], traced: Trail) -> Iterator[dict[str, Any]]:
    """Rows of ``traces``."""
    story = {i: story_id(case, group) for group in groups for i in group}
    for index, one in enumerate(traced):
        own = case.texts[index].article_id
        base = {
            "article_id": own,
            "story_id": story.get(index, ""),
            "verdict": one.verdict,
            "statement": one.statement,
        }
        if not one.candidates:
            yield {"trace_id": make_id("r", own, ""), "rank": 0, **base}
        for rank, candidate in enumerate(one.candidates[:LISTED], start=1):
            name = _name(case, candidate)
            yield {
                "trace_id": make_id("r", own, name or candidate.publisher),
                "candidate": name,
                "candidate_publisher": candidate.publisher,
                "rank": rank,
                "log_odds": candidate.log_odds,
                **base,
            }


def evidence_rows(case: Case, traced: Trail) -> Iterator[dict[str, Any]]:
    """Rows of ``trace_evidence``."""
    for index, one in enumerate(traced):
        own = case.texts[index].article_id
        for candidate in one.candidates[:LISTED]:
            trace_id = make_id("r", own, _name(case, candidate) or candidate.publisher)
            for reason in candidate.reasons:
                yield {
                    "evidence_id": make_id("f", trace_id, reason.kind, reason.statement),
                    "trace_id": trace_id,
                    "reason": reason.kind,
                    "log_odds": reason.log_odds,
                    "statement": reason.statement,
                    "excerpt": reason.excerpt,
                    "capture_id": reason.capture_id,
                }


def _name(case: Case, candidate: Candidate) -> str:
    """The candidate's article; '' where none was captured."""
    return case.texts[candidate.text].article_id if candidate.text >= 0 else ""
