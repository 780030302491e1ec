"""Verification of a candidate pair: the passages that two texts share, exactly, with their spans in both.

Seeds are equal grams; on one diagonal they grow into maximal equal runs; of these the longest that do not overlap
are taken first (greedy string tiling, Wise 1993), which holds for shuffled and merged texts too; runs that stand
close together on both sides form a passage, whose small gaps are searched once more for equal pieces. Stock phrases
are no passage. Every span that is returned folds to the same characters on both sides.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel

from wiretrace.trace.fingerprints import LONG, NONE, SHORT, gram_hashes
from wiretrace.trace.fold import I32, U32, as_text, cluster_end, size, unspaced
from wiretrace.trace.texts import Text

I64 = npt.NDArray[np.int64]
REPEATS = 8  # places of one gram in a text that are still followed
RUNS = 3000  # longest runs that are looked at in one pair
REACH = 40  # characters between two runs of one passage, on both sides
PIECE = 3  # shortest piece (Han, kana, Hangul) taken in a gap, PIECE_LONG in others
PIECE_LONG = 5
PASSAGE = 12.0  # size below which a passage is a stock phrase (see fold.size)
VERBATIM, NEAR, EXCERPT = 0.98, 0.6, 0.5
KEPT_GRAMS = 4000  # texts whose sorted grams are kept at a time


@dataclass(frozen=True)
class Grams:
    """The grams of one text, sorted by hash, with their places."""

    codes: U32
    hashes: npt.NDArray[np.uint64]
    places: I64


class GramStore:
    """Sorted grams by index of the text, made when asked for, the last few thousand kept."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._texts = texts
        self._made: OrderedDict[int, Grams] = OrderedDict()

    def __getitem__(self, index: int) -> Grams:
        if index in self._made:
            self._made.move_to_end(index)
            return self._made[index]
        self._made[index] = made = grams(self._texts[index].codes)
        if len(self._made) > KEPT_GRAMS:
            self._made.popitem(last=False)
        return made


@dataclass(frozen=True)
class Alignment:
    """What two texts share: equal folded runs (a, b, length), share of each, size without quotations, kind."""

    runs: tuple[tuple[int, int, int], ...]
    shared: int
    share_a: float
    share_b: float
    kind: str


def grams(codes: U32) -> Grams:
    """Sorted grams of folded ``codes``."""
    hashes = gram_hashes(codes)
    places = np.flatnonzero(hashes != NONE)
    order = np.argsort(hashes[places], kind="stable")
    places = places[order]
    return Grams(codes, hashes[places], places)


def _seeds(a: Grams, b: Grams) -> tuple[I64, I64]:
    low = np.searchsorted(b.hashes, a.hashes, "left")
    counts = np.searchsorted(b.hashes, a.hashes, "right") - low
    hit = np.flatnonzero((counts > 0) & (counts <= REPEATS))
    if not len(hit):
        return hit, hit
    own = np.searchsorted(a.hashes, a.hashes[hit], "right") - np.searchsorted(a.hashes, a.hashes[hit], "left")
    hit = hit[own <= REPEATS]
    counts = counts[hit]
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(a.places[hit], counts), b.places[np.repeat(low[hit], counts) + within]


def _runs(a: Grams, b: Grams) -> list[tuple[int, int, int]]:
    """Equal runs (a, b, length), longest first."""
    at, bt = _seeds(a, b)
    if not len(at):
        return []
    diagonal = at - bt
    order = np.lexsort((at, diagonal))
    at, diagonal = at[order], diagonal[order]
    reach = at + np.where(unspaced(a.codes[at]), SHORT, LONG)
    fresh = np.ones(len(at), bool)
    # A short gram can end before the one that stands before it does; the furthest end so far is what counts.
    furthest = np.maximum.accumulate(reach + (diagonal - diagonal[0]) * (len(a.codes) + len(b.codes) + LONG))
    furthest -= (diagonal - diagonal[0]) * (len(a.codes) + len(b.codes) + LONG)
    fresh[1:] = (diagonal[1:] != diagonal[:-1]) | (at[1:] > furthest[:-1])
    starts = np.flatnonzero(fresh)
    ends = np.maximum.reduceat(reach, starts)
    begins, lengths, shift = at[starts], ends - at[starts], diagonal[starts]
    others = begins - shift
    longest = np.lexsort((np.abs(shift), begins + others, -lengths))[:RUNS]
    return list(zip(begins[longest].tolist(), others[longest].tolist(), lengths[longest].tolist(), strict=True))


def _tiles(a: U32, b: U32, runs: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Runs that do not overlap on either side, longest first, grown to their full length; sorted by place in a."""
    free_a, free_b = a > 0, b > 0
    taken = []
    for begin, other, length in runs:
        free = free_a[begin : begin + length] & free_b[other : other + length]
        if not free.all():
            offset, length = _longest(free)
            begin, other = begin + offset, other + offset
            if length < (SHORT if length and unspaced(a[begin : begin + 1])[0] else LONG):
                continue
        while begin and other and free_a[begin - 1] and free_b[other - 1] and a[begin - 1] == b[other - 1]:
            begin, other, length = begin - 1, other - 1, length + 1
        while (
            begin + length < len(a)
            and other + length < len(b)
            and free_a[begin + length]
            and free_b[other + length]
            and a[begin + length] == b[other + length]
        ):
            length += 1
        free_a[begin : begin + length] = False
        free_b[other : other + length] = False
        taken.append((begin, other, length))
    return sorted(taken)


def _longest(free: npt.NDArray[np.bool_]) -> tuple[int, int]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], free.view(np.int8), [0]])))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    best = int(np.argmax(lengths))
    return int(edges[2 * best]), int(lengths[best])


def _passages(tiles: list[tuple[int, int, int]]) -> Iterator[list[tuple[int, int, int]]]:
    """Tiles that follow each other closely on both sides, together."""
    passage: list[tuple[int, int, int]] = []
    for tile in tiles:
        if passage:
            begin, other, length = passage[-1]
            gap_a, gap_b = tile[0] - begin - length, tile[1] - other - length
            if not (gap_a <= REACH and 0 <= gap_b <= REACH):
                yield passage
                passage = []
        passage.append(tile)
    if passage:
        yield passage


def _filled(a: U32, b: U32, passage: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """A passage with the equal pieces in its gaps."""
    made = list(passage)
    for (begin, other, length), (next_a, next_b, _) in pairwise(passage):
        left, right = a[begin + length : next_a], b[other + length : next_b]
        if not len(left) or not len(right) or not left.all() or not right.all():
            continue
        for code in Indel.opcodes(as_text(left), as_text(right)):
            piece = code.src_end - code.src_start
            if code.tag != "equal":
                continue
            least = PIECE if unspaced(left[code.src_start : code.src_start + 1])[0] else PIECE_LONG
            if piece >= least:
                made.append((begin + length + code.src_start, other + length + code.dest_start, piece))
    return sorted(made)


def align(a: Grams, b: Grams) -> tuple[tuple[int, int, int], ...]:
    """Equal folded runs (a, b, length) of all shared passages, sorted by place in the first."""
    kept: list[tuple[int, int, int]] = []
    for passage in _passages(_tiles(a.codes, b.codes, _runs(a, b))):
        filled = _filled(a.codes, b.codes, passage)
        if sum(size(a.codes[begin : begin + length]) for begin, _, length in filled) >= PASSAGE:
            kept.extend(filled)
    return tuple(sorted(kept))


def compare(a: Text, b: Text, grams_a: Grams, grams_b: Grams, share: float, shared: int) -> Alignment | None:
    """What ``a`` and ``b`` share, or None where it is too little to be listed.

    A pair is listed when ``shared`` characters (letters of an alphabet count half) and ``share`` of the shorter text
    are common. Where neither text lies mostly in the other, words within quotation marks do not count: who quotes a
    sentence has not copied a text.
    """
    runs = align(grams_a, grams_b)
    total = sum(length for _, _, length in runs)
    if not total:
        return None
    share_a, share_b = total / a.length, total / b.length
    common = sum(size(a.codes[begin : begin + length]) for begin, _, length in runs)
    shorter = min(a.size, b.size)
    if max(share_a, share_b) < EXCERPT:
        quoted = sum(
            size(a.codes[begin : begin + length][a.quoted[begin : begin + length] | b.quoted[other : other + length]])
            for begin, other, length in runs
        )
        common -= quoted
    if common < shared or common / shorter < share:
        return None
    if min(share_a, share_b) >= VERBATIM:
        kind = "verbatim"
    elif min(share_a, share_b) >= NEAR:
        kind = "near"
    else:
        kind = "partial"
    return Alignment(runs, total, share_a, share_b, kind)


def original_spans(a: Text, b: Text, runs: Sequence[tuple[int, int, int]]) -> list[list[int]]:
    """Runs as spans [start_a, end_a, start_b, end_b] in the texts as written, whole characters on both sides."""
    found: list[list[int]] = []
    for begin, other, length in runs:
        begin, other, length = _whole(a.places, b.places, begin, other, length)
        if not length:
            continue
        last_a, last_b = int(a.places[begin + length - 1]), int(b.places[other + length - 1])
        span = [int(a.places[begin]), cluster_end(a.text, last_a + 1)]
        span += [int(b.places[other]), cluster_end(b.text, last_b + 1)]
        found.append(span)
    return found


def _whole(places_a: I32, places_b: I32, begin: int, other: int, length: int) -> tuple[int, int, int]:
    """The run without halves of a character that folds to several (㍿ is 株式会社) at its ends."""
    while length and (_inside(places_a, begin) or _inside(places_b, other)):
        begin, other, length = begin + 1, other + 1, length - 1
    while length and (_inside(places_a, begin + length) or _inside(places_b, other + length)):
        length -= 1
    return begin, other, length


def _inside(places: I32, index: int) -> bool:
    return 0 < index < len(places) and bool(places[index] == places[index - 1])
