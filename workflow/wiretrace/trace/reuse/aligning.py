"""Kernels: what two texts share."""

from __future__ import annotations

from typing import Any

import numpy as np

from wiretrace.compiled import compiled
from wiretrace.trace.reuse.bits import CODE, DENSE, I32, I64, U32, Whole
from wiretrace.trace.reuse.measuring import measure, write_spans
from wiretrace.trace.reuse.runs import (
    GONE_A,
    GONE_B,
    MARGIN,
    RUNS,
    WAYS,
    back,
    equal_runs,
    lay_out,
    longest_first,
    onwards,
    size_of,
    table_of,
)

REACH = 32  # characters between two equal runs of one passage, of both texts together
PIECE, PIECE_LONG = 3, 5  # shortest equal piece after a gap: Han, kana, Hangul; others
WIDTH = REACH + PIECE_LONG  # codes after an equal run among which the next is looked for
EIGHT = 8  # pieces of one window compared at a time
PLACED = 5 * EIGHT  # places of a window at which pieces are compared: all within reach, and some to make whole eights
WINDOW = PLACED + PIECE_LONG - 1
END = 10  # twice the size of the last piece of a passage (see fold.size); shorter ones at its ends are chance
PASSAGE = 60  # twice the size below which a passage is a stock phrase
# Unsigned, for loops over many places at once (see runs.py).
ALL, SOME = np.uint64(PLACED), np.uint64(EIGHT)


@compiled
def _take(a: U32, b: U32, gone_a: Whole, gone_b: Whole, tiles: I64, tile: int) -> None:
    """Take the places of a tile out of both texts."""
    one, other = np.uint64(tiles[tile, 0]), np.uint64(tiles[tile, 1])
    for i in range(np.uint64(tiles[tile, 2])):
        a[one + i] = gone_a
        b[other + i] = gone_b


@compiled
def _window(text: U32, at: int, way: int, gone: Whole, out: U32) -> Whole:
    """What follows from ``at`` on as far as a gap and a piece after it can reach, up to the first place that is gone,
    into ``out``; how much that is.
    """
    room = np.uint32(WIDTH)
    if way > 0:
        begin = np.uint64(at)
        for i in range(np.uint64(WINDOW)):
            out[i] = text[begin + i]
    else:
        begin = np.uint64(at) - np.uint64(WINDOW - 1)
        for i in range(np.uint64(WINDOW)):
            out[np.uint64(WINDOW - 1) - i] = text[begin + i]
    for i in range(np.uint64(WINDOW)):
        room = min(room, np.uint32(i) if out[i] == gone else np.uint32(WIDTH))
    for i in range(np.uint64(WINDOW)):
        out[i] = out[i] if np.uint32(i) < room else gone
    return room


@compiled
def _pieces(window: U32, out: U32) -> None:
    """A hash of the piece at each place of a window into ``out``."""
    for i in range(ALL):
        a, b, c = window[i], window[i + np.uint64(1)], window[i + np.uint64(2)]
        short = a * np.uint32(0x9E3779B1) + b * np.uint32(0x85EBCA6B) + c * np.uint32(0xC2B2AE35)
        d, e = window[i + np.uint64(3)], window[i + np.uint64(4)]
        out[i] = short if a & DENSE else short + d * np.uint32(0x27D4EB2F) + e * np.uint32(0x165667B1)


@compiled
def _alike(one: U32, skip: int, other: U32, k: int) -> bool:
    """Whether the pieces at two places of two windows are equal."""
    alike = True
    for i in range(PIECE if one[skip] & DENSE else PIECE_LONG):
        alike &= one[skip + i] == other[k + i]
    return alike


@compiled
def _resync(one: U32, other: U32, pieces: U32, others: U32) -> tuple[int, int]:
    """The nearest places in two windows from which both go on alike for a piece: least skipped in both together, of
    equals least in the first; -1 where there are none.
    """
    _pieces(one, pieces)
    _pieces(other, others)
    nearest, found, where, places = REACH + 1, -1, -1, np.uint64(len(others))
    for low in range(0, PLACED, EIGHT):
        if low >= nearest:
            break
        begin, any_alike = np.uint64(low), False
        for k in range(ALL):
            for i in range(SOME):
                any_alike |= others[k] == pieces[begin + i]
        for skip in range(low, low + EIGHT if any_alike else low):
            piece, first = pieces[skip], np.uint32(PLACED)
            for k in range(places):
                first = min(first, np.uint32(k) if others[k] == piece else np.uint32(PLACED))
            for k in range(np.int64(first), nearest - skip):
                if others[k] == piece and _alike(one, skip, other, k):
                    nearest, found, where = skip + k, skip, k
                    break
    return found, where


@compiled
def _grow(
    a: U32,
    b: U32,
    gone_a: Whole,
    gone_b: Whole,
    i: int,
    k: int,
    way: int,
    tiles: I64,
    n: int,
    window_a: U32,
    window_b: U32,
    pieces_a: U32,
    pieces_b: U32,
) -> int:
    """Tiles of the passage of tile ``n`` - 1 that go on from (i, k), the first places not yet taken, over small gaps;
    the number of tiles then.
    """
    first, passage = n, tiles[n - 1, 3]
    while n < len(tiles):
        if not _window(a, i, way, gone_a, window_a) or not _window(b, k, way, gone_b, window_b):
            break
        skip_a, skip_b = _resync(window_a, window_b, pieces_a, pieces_b)
        if skip_a < 0:
            break
        i, k = i + way * skip_a, k + way * skip_b
        length = onwards(a, i, b, k) if way > 0 else back(a, i + 1, b, k + 1)
        tiles[n, 0], tiles[n, 1] = (i, k) if way > 0 else (i + 1 - length, k + 1 - length)
        tiles[n, 2], tiles[n, 3], tiles[n, 4] = length, passage, size_of(a, tiles[n, 0], length)
        i, k = i + way * length, k + way * length
        n += 1
    while n > first and tiles[n - 1, 4] < END:
        n -= 1
    for tile in range(first, n):
        _take(a, b, gone_a, gone_b, tiles, tile)
    return n


@compiled
def _tile(a: U32, b: U32, start_a: int, start_b: int, length: int, tiles: I64, n: int, passage: int) -> int:
    """The longest part of a run that is still free as a tile where it is large enough; the number of tiles then."""
    one, other = np.uint64(start_a), np.uint64(start_b)
    free = np.uint32(0)
    for i in range(np.uint64(length)):
        free += np.uint32(a[one + i] == b[other + i])
    begin: Whole = 0
    longest: Whole = np.int64(free)
    now = 0
    if 0 < longest < length:
        longest = 0
        for i in range(length):
            now = now + 1 if a[start_a + i] == b[start_b + i] else 0
            if now > longest:
                begin, longest = i + 1 - now, now
    size = size_of(a, start_a + begin, longest)
    if size < END:
        return n
    tiles[n, 0], tiles[n, 1], tiles[n, 2] = start_a + begin, start_b + begin, longest
    tiles[n, 3], tiles[n, 4] = passage, size
    return n + 1


@compiled
def tile(
    a: U32,
    b: U32,
    gone_a: Whole,
    gone_b: Whole,
    runs: I64,
    count: int,
    keys: I64,
    tiles: I64,
    window_a: U32,
    window_b: U32,
    pieces_a: U32,
    pieces_b: U32,
) -> int:
    """What two texts at work share, in ``tiles`` (a, b, length, passage, twice its size); how many. It is gone then.

    Longest runs first, none overlapping (greedy string tiling, Wise 1993), each grown over gaps on both sides.
    ``keys``, the windows and pieces are working space.
    """
    n = 0
    for passage in range(longest_first(runs, count, keys)):
        first = n
        if n + 1 >= len(tiles):
            break
        run = keys[passage]
        n = _tile(a, b, runs[run, 0], runs[run, 1], runs[run, 2], tiles, n, passage)
        if n == first:
            continue
        begin, other, length = tiles[first, 0], tiles[first, 1], tiles[first, 2]
        _take(a, b, gone_a, gone_b, tiles, first)
        n = _grow(
            a, b, gone_a, gone_b, begin + length, other + length, 1, tiles, n, window_a, window_b, pieces_a, pieces_b
        )
        n = _grow(a, b, gone_a, gone_b, begin - 1, other - 1, -1, tiles, n, window_a, window_b, pieces_a, pieces_b)
        size = 0
        for grown in range(first, n):
            size += tiles[grown, 4]
        if size < PASSAGE:
            n = first
    return n


@compiled
def _before(a: U32, b: U32, length: int, other: int) -> bool:
    """Whether the text at work ``a`` stands first in the one order in which two texts are always aligned."""
    if length != other:
        return length < other
    for i in range(MARGIN, MARGIN + length):
        if (a[i] ^ b[i]) & CODE:
            return bool(a[i] & CODE < b[i] & CODE)
    return True


@compiled
def _most(starts: I64) -> int:
    """The largest of what lies between ``starts``."""
    most = 1
    for text in range(len(starts) - 1):
        most = max(most, starts[text + 1] - starts[text])
    return most


@compiled
def _turn(rows: I64, count: int) -> None:
    """Exchange the two texts in the first ``count`` rows."""
    for r in range(count):
        rows[r, 0], rows[r, 1] = rows[r, 1], rows[r, 0]


@compiled
def _kept(
    a: U32, b: U32, tiles: I64, count: int, length_a: Whole, length_b: Whole, size_a: Whole, size_b: Whole, limits: Any
) -> tuple[Whole, Whole, Whole, int]:
    """Codes shared by two texts, extents in either, and whether they are kept as a mere passage (1) or listed (2)."""
    share, shared, passage, copied = limits
    common, size, quoted, extent_a, extent_b, longest = measure(a, b, tiles, count)
    if max(common / max(length_a, 1), common / max(length_b, 1)) < copied:
        size -= quoted
    if size >= 2 * shared and size >= share * min(size_a, size_b):
        return common, extent_a, extent_b, 2
    return common, extent_a, extent_b, 1 if longest >= 2 * passage else 0


@compiled
def _whole(a: U32, length: int, tiles: I64) -> int:
    """Two equal texts as one tile; how many tiles: none where they are a stock phrase."""
    tiles[0, 0], tiles[0, 1], tiles[0, 2], tiles[0, 3] = MARGIN, MARGIN, length, 0
    tiles[0, 4] = size_of(a, MARGIN, length)
    return 1 if tiles[0, 4] >= PASSAGE else 0


@compiled
def verify(first: I64, second: I64, turned: Any, one: Any, other: Any, limits: Any) -> tuple[I64, I32, I64]:
    """Pairs of texts (of one store, of another) aligned, and what is listed of them.

    ``one`` and ``other``: codes, starts, prints, print_starts, lengths, sizes of each store; ``limits``: share, shared
    and passage (see verify.Limits), and the share of one text in the other from which quoted words count too.

    Gives for each pair what :func:`_kept` does; the spans (start_a, end_a, start_b, end_b) in the original characters
    of all pairs that are kept, one after the other, those of ``second`` first where the pair is ``turned``, in order of
    the first; where each pair's begin.
    """
    codes_a, starts_a, prints_a, print_starts_a, lengths_a, sizes_a = one
    codes_b, starts_b, prints_b, print_starts_b, lengths_b, sizes_b = other
    a = np.empty(_most(starts_a) + 2 * MARGIN, np.uint32)
    b = np.empty(_most(starts_b) + 2 * MARGIN, np.uint32)
    most_a, most_b = _most(print_starts_a), _most(print_starts_b)
    heads, later = np.empty(8 * most_a + MARGIN, np.int32), np.empty(most_a, np.int32)
    met, hits, ways = np.zeros(most_a, np.int32), np.empty((most_b + 1, 2), np.int64), np.zeros((WAYS, 2), np.int64)
    keys, runs, tiles = np.empty(RUNS, np.int64), np.empty((RUNS, 3), np.int64), np.empty((RUNS, 5), np.int64)
    window_a, window_b = np.empty(WINDOW, np.uint32), np.empty(WINDOW, np.uint32)
    pieces_a, pieces_b = np.empty(PLACED, np.uint32), np.empty(PLACED, np.uint32)
    found = np.zeros((len(first), 4), np.int64)
    spans = np.empty((4 * len(first) + 16, 4), np.int32)
    span_starts = np.zeros(len(first) + 1, np.int64)
    held, entries, n = -1, 0, 0
    for pair in range(len(first)):
        x, y = first[pair], second[pair]
        text_a, text_b = (starts_a[x], starts_a[x + 1]), (starts_b[y], starts_b[y + 1])
        length, other_length, count = text_a[1] - text_a[0], text_b[1] - text_b[0], 0
        lay_out(codes_a, text_a[0], text_a[1], GONE_A, a)
        lay_out(codes_b, text_b[0], text_b[1], GONE_B, b)
        if length == other_length and onwards(a, MARGIN, b, MARGIN) == length:
            count = _whole(a, length, tiles)
        else:
            if x != held:
                held, entries = x, table_of(prints_a, print_starts_a[x], print_starts_a[x + 1], heads, later)
            own, theirs, end = print_starts_a[x], print_starts_b[y], print_starts_b[y + 1]
            number = equal_runs(
                a, b, prints_a, own, heads, later, entries, prints_b, theirs, end, met, hits, ways, pair, runs
            )
            if _before(a, b, length, other_length):
                count = tile(a, b, GONE_A, GONE_B, runs, number, keys, tiles, window_a, window_b, pieces_a, pieces_b)
            else:
                _turn(runs, number)
                count = tile(b, a, GONE_B, GONE_A, runs, number, keys, tiles, window_b, window_a, pieces_b, pieces_a)
                _turn(tiles, count)
        for t in range(count):
            tiles[t, 0], tiles[t, 1] = tiles[t, 0] - MARGIN + text_a[0], tiles[t, 1] - MARGIN + text_b[0]
        kept = _kept(codes_a, codes_b, tiles, count, lengths_a[x], lengths_b[y], sizes_a[x], sizes_b[y], limits)
        found[pair, 0], found[pair, 1], found[pair, 2], found[pair, 3] = kept
        if kept[3]:
            spans = _longer(spans, n, count)
            if turned[pair]:
                _turn(tiles, count)
                n = write_spans(codes_b, codes_a, text_b, text_a, tiles, count, keys, spans, n)
            else:
                n = write_spans(codes_a, codes_b, text_a, text_b, tiles, count, keys, spans, n)
        span_starts[pair + 1] = n
    return found, spans[:n].copy(), span_starts


@compiled
def _longer(spans: I32, n: int, count: int) -> I32:
    """``spans`` where there is room for ``count`` more than ``n``, else an array twice as long with the first ``n``."""
    if n + count <= len(spans):
        return spans
    more = np.empty((2 * len(spans) + count, 4), np.int32)
    more[:n] = spans[:n]
    return more
