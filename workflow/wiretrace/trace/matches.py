"""All verified matches of texts: within a language by shared passages, across languages by anchors in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wiretrace.config import Trace
from wiretrace.trace.align import Alignment, GramStore, compare, original_spans
from wiretrace.trace.clocks import Clock
from wiretrace.trace.crosslingual import passages, shown, translations
from wiretrace.trace.fingerprints import candidates
from wiretrace.trace.stories import Match, neighbours
from wiretrace.trace.texts import Text
from wiretrace.trace.translate import cell

Anchors = dict[tuple[int, int], list[list[str]]]


def find(texts: Sequence[Text], clocks: Mapping[str, Clock], limits: Trace) -> tuple[list[Match], Anchors]:
    """Matches of ``texts``, sorted, and for the translated ones their anchors."""
    same = _copies(texts, limits)
    kin: dict[int, set[int]] = {i: {m.other(i) for m in own} for i, own in neighbours(same).items()}
    group = _representatives(texts, same)
    times = [_interval(clocks[text.article_id]) for text in texts]
    made, anchors = list(same), {}
    known = {(m.first, m.second) for m in same}
    for found in translations(texts, group, kin, times):
        a, b = texts[found.first], texts[found.second]
        if (found.first, found.second) in known:
            continue
        spans = passages(found.chain, cell(a.language), cell(b.language))
        made.append(
            Match(
                found.first,
                found.second,
                "translated",
                found.chain.share_a,
                found.chain.share_b,
                len(found.chain.points),
                tuple((s[0], s[1], s[2], s[3]) for s in spans),
                found.chain.score,
            )
        )
        anchors[found.first, found.second] = shown(found.chain, a, b)
    return sorted(made, key=lambda m: (m.first, m.second)), anchors


def _copies(texts: Sequence[Text], limits: Trace) -> list[Match]:
    pairs = candidates([text.codes for text in texts])
    store = GramStore(texts)
    made = []
    for first, second in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        found = compare(texts[first], texts[second], store[first], store[second], limits.share, limits.shared)
        if found is not None:
            made.append(_match(texts, first, second, found))
    return made


def _match(texts: Sequence[Text], first: int, second: int, found: Alignment) -> Match:
    spans = original_spans(texts[first], texts[second], found.runs)
    return Match(
        first,
        second,
        found.kind,
        found.share_a,
        found.share_b,
        found.shared,
        tuple((s[0], s[1], s[2], s[3]) for s in spans),
        max(found.share_a, found.share_b),
    )


def _representatives(texts: Sequence[Text], matches: Sequence[Match]) -> list[int]:
    """For each text the one that stands for it and all its close copies."""
    parent = list(range(len(texts)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for match in matches:
        if match.kind in ("verbatim", "near") and texts[match.first].language == texts[match.second].language:
            one, other = sorted((root(match.first), root(match.second)))
            parent[other] = one
    return [root(index) for index in range(len(texts))]


def _interval(clock: Clock) -> tuple[int, int] | None:
    if not clock.trusted or clock.earliest is None or clock.latest is None:
        return None
    return clock.earliest, clock.latest
