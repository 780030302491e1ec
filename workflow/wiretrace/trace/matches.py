"""All verified matches of texts: within a language by shared passages, across languages by anchors in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import pyarrow as pa

from wiretrace.config import Trace
from wiretrace.identity.ties import standing
from wiretrace.trace import repeated
from wiretrace.trace.across import cell, passages, shown, tools_for, translations
from wiretrace.trace.clocks import Clock
from wiretrace.trace.fold import cluster_end, cover, size
from wiretrace.trace.reuse.find import find as find_copies
from wiretrace.trace.reuse.verify import READ, Limits
from wiretrace.trace.stories import Match, Spans, merged, neighbours, stock
from wiretrace.trace.texts import Text

Anchors = dict[tuple[int, int], list[list[str | int]]]


def find(
    texts: Sequence[Text], clocks: Mapping[str, Clock], limits: Trace, copies: Iterable[pa.RecordBatch] | None = None
) -> tuple[list[Match], Anchors]:
    """Matches of ``texts``, sorted, and for the translated ones their anchors.

    ``copies`` are the matches within a language where they were found before, as rows of
    :data:`wiretrace.trace.reuse.verify.SCHEMA`.
    """
    if copies is None:
        copies = find_copies(
            [text.article_id for text in texts],
            [text.text for text in texts],
            [text.masked for text in texts],
            Limits.of(limits),
        ).to_batches(READ)
    same = settled(texts, clocks, _of_text(texts, rows(texts, copies)))
    if len({text.language for text in texts} - {"und"}) < 2:
        return same, {}
    kin: dict[int, set[int]] = {i: {m.other(i) for m in own} for i, own in neighbours(same).items()}
    group = _representatives(texts, same)
    times = [_interval(clocks[text.article_id]) for text in texts]
    made, anchors = list(same), {}
    known = {(m.first, m.second) for m in same}
    for found in translations(texts, group, kin, times, tools_for(limits.dictionaries)):
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
                Spans(chain.from_iterable(spans)),
                found.chain.score,
            )
        )
        anchors[found.first, found.second] = shown(found.chain, a, b)
    return sorted(made, key=lambda m: (m.first, m.second)), anchors


def rows(texts: Sequence[Text], copies: Iterable[pa.RecordBatch]) -> list[Match]:
    """Rows of the table of copies, some at a time, as matches of ``texts``, sorted."""
    place = {text.article_id: index for index, text in enumerate(texts)}
    made = []
    for row in (row for part in copies for row in part.to_pylist()):
        first, second = place[row["article_a"]], place[row["article_b"]]
        one, other, flat = texts[first].text, texts[second].text, row["spans"]
        flat[1::4] = (cluster_end(one, end) for end in flat[1::4])
        flat[3::4] = (cluster_end(other, end) for end in flat[3::4])
        shares = row["share_a"], row["share_b"]
        made.append(Match(first, second, row["kind"], *shares, row["shared"], Spans(flat), max(shares), row["listed"]))
    return sorted(made, key=lambda m: (m.first, m.second))


def settled(texts: Sequence[Text], clocks: Mapping[str, Clock], found: Sequence[Match]) -> list[Match]:
    """``found`` without stock passages; matches of a page with the texts that it is made of are ``merged``."""
    kept = stock(found)
    pages = merged(texts, neighbours([m for m in kept if m.telling]), clocks)
    return [replace(m, kind="merged") if (m.first, m.second) in pages else m for m in kept]


def _of_text(texts: Sequence[Text], found: Sequence[Match]) -> list[Match]:
    """``found`` without matches by what takes no part on four other articles: whoever runs one article of a site with
    the site's footer shares nothing with whoever runs another.
    """
    known = repeated.masked_often((text.text, text.masked) for text in texts if text.masked)
    added: dict[int, list[tuple[int, int]]] = {}

    def own(match: Match, index: int) -> bool:
        text = texts[index]
        if index not in added:
            added[index] = list(repeated.spans(text.text, known))
        if not added[index]:
            return True
        shared = cover(match.spans_of(index), text.places) & ~cover(added[index], text.places)
        return size(text.codes[shared]) >= repeated.INNER

    return [m for m in found if not known or (own(m, m.first) and own(m, m.second))]


def _representatives(texts: Sequence[Text], matches: Sequence[Match]) -> list[int]:
    """For each text the one that stands for it and all its close copies."""
    close = standing(
        (m.first, m.second)
        for m in matches
        if m.kind in ("verbatim", "near") and texts[m.first].language == texts[m.second].language
    )
    return [close.get(index, index) for index in range(len(texts))]


def _interval(clock: Clock) -> tuple[int, int] | None:
    if not clock.trusted or clock.earliest is None or clock.latest is None:
        return None
    return clock.earliest, clock.latest
