"""Kernels: what two texts share."""

from __future__ import annotations

import numpy as np

from wiretrace.compiled import compiled
from wiretrace.trace.reuse.bits import CODE, DENSE, I32, I64, U32, U64, Whole
from wiretrace.trace.reuse.measuring import measure, write_spans
from wiretrace.trace.reuse.runs import RUNS, alike, back, equal_runs, longest_first, onwards, size_of

REACH = 32  # characters between two equal runs of one passage, of both texts together
PIECE, PIECE_LONG = 3, 5  # shortest equal piece after a gap: Han, kana, Hangul; others
WIDTH = REACH + PIECE_LONG  # codes after an equal run among which the next is looked for
EIGHT = 8  # pieces of one window compared at a time
PLACED = 5 * EIGHT  # places of a window at which pieces are compared: all within reach, and some to make whole eights
END = 10  # twice the size of the last piece of a passage (see fold.size); shorter ones at its ends are chance
PASSAGE = 60  # twice the size below which a passage is a stock phrase


@compiled
def _taken(one: I32, other: I32, pair: int) -> bool:
    """Whether a place of two stretches is taken by a tile of this ``pair``."""
    taken, number = False, np.int32(pair)
    for i in range(len(one)):
        taken |= (one[i] == number) | (other[i] == number)
    return taken


@compiled
def _take(a: U32, b: U32, i: int, k: int, way: int, used_a: I32, used_b: I32, pair: int) -> int:
    """How far the texts are equal from (i, k) on and not yet taken; these places are taken then."""
    length = onwards(a[i:], b[k:]) if way > 0 else back(a[: i + 1], b[: k + 1])
    begin, other = (i, k) if way > 0 else (i + 1 - length, k + 1 - length)
    own, theirs = used_a[begin : begin + length], used_b[other : other + length]
    if _taken(own, theirs, pair):
        free, at = 0, 0 if way > 0 else length - 1
        while own[at] != pair and theirs[at] != pair:
            free, at = free + 1, at + way
        begin, other = (i, k) if way > 0 else (i + 1 - free, k + 1 - free)
        length = free
    used_a[begin : begin + length] = pair
    used_b[other : other + length] = pair
    return length


@compiled
def _window(codes: U32, used: I32, at: int, way: int, pair: int, out: U32) -> int:
    """Codes from ``at`` on that are free, as far as a gap and a piece after it can reach, into ``out``; how many."""
    most = min(WIDTH, len(codes) - at if way > 0 else at + 1)
    if most <= 0:
        return 0
    begin = at if way > 0 else at + 1 - most
    own, theirs = codes[begin : begin + most], used[begin : begin + most]
    whole = True
    if way > 0:
        for i in range(len(own)):
            code = own[i] & (CODE | DENSE) if theirs[i] != pair else np.uint32(0)
            whole &= code != 0
            out[i] = code
    else:
        for i in range(len(own)):
            code = own[i] & (CODE | DENSE) if theirs[i] != pair else np.uint32(0)
            whole &= code != 0
            out[most - 1 - i] = code
    free = most if whole else 0
    while free < most and out[free]:
        free += 1
    return free


@compiled
def _pieces(window: U32, out: U32) -> None:
    """A hash of the piece at each place of a window into ``out``."""
    a, b, c, d, e = window[:PLACED], window[1:], window[2:], window[3:], window[4:]
    for i in range(PLACED):
        short = a[i] * np.uint32(0x9E3779B1) + b[i] * np.uint32(0x85EBCA6B) + c[i] * np.uint32(0xC2B2AE35)
        rest = d[i] * np.uint32(0x27D4EB2F) + e[i] * np.uint32(0x165667B1)
        out[i] = short if a[i] & DENSE else short + rest


@compiled
def _resync(windows: U32, room: int, other_room: int) -> tuple[int, int]:
    """The nearest places in two windows from which both go on alike for a piece: least skipped in both together, of
    equals least in the first. What a window holds beyond its room is of no account.
    """
    one, other, pieces, others = windows[0], windows[1], windows[2], windows[3]
    _pieces(one, pieces)
    _pieces(other, others)
    nearest, found, where = REACH + 1, -1, -1
    for low in range(0, PLACED, EIGHT):
        if low >= nearest:
            break
        own, any_alike = pieces[low : low + EIGHT], False
        for k in range(PLACED):
            for i in range(EIGHT):
                any_alike |= others[k] == own[i]
        for skip in range(low, min(low + EIGHT, room) if any_alike else low):
            alike_here = False
            for k in range(PLACED):
                alike_here |= others[k] == pieces[skip]
            if not alike_here:
                continue
            for k in range(min(other_room, nearest - skip)):
                if others[k] == pieces[skip] and _piece(one[skip:room], other[k:other_room]):
                    nearest, found, where = skip + k, skip, k
                    break
    return found, where


@compiled
def _piece(one: U32, other: U32) -> bool:
    """Whether two windows begin with the same piece."""
    least = PIECE if one[0] & DENSE else PIECE_LONG
    if min(len(one), len(other)) < least:
        return False
    alike = True
    for i in range(least):
        alike &= one[i] == other[i]
    return alike


@compiled
def _grow(
    a: U32,
    b: U32,
    i: int,
    k: int,
    way: int,
    used_a: I32,
    used_b: I32,
    tiles: I64,
    n: int,
    passage: int,
    pair: int,
    windows: U32,
) -> int:
    """Tiles that go on from (i, k), the first places not yet taken, over small gaps; gives the number of tiles."""
    first = n
    while n < len(tiles):
        room_a = _window(a, used_a, i, way, pair, windows[0])
        room_b = _window(b, used_b, k, way, pair, windows[1])
        if not room_a or not room_b:
            break
        skip_a, skip_b = _resync(windows, room_a, room_b)
        if skip_a < 0:
            break
        i, k = i + way * skip_a, k + way * skip_b
        length = _take(a, b, i, k, way, used_a, used_b, pair)
        i, k = i + way * length, k + way * length
        tiles[n, 0] = i - length if way > 0 else i + 1
        tiles[n, 1] = k - length if way > 0 else k + 1
        tiles[n, 2], tiles[n, 3] = length, passage
        n += 1
        if not (0 <= i < len(a) and 0 <= k < len(b)):
            break
    while n > first and size_of(a, tiles[n - 1, 0], tiles[n - 1, 2]) < END:
        n -= 1
        for step in range(tiles[n, 2]):
            used_a[tiles[n, 0] + step], used_b[tiles[n, 1] + step] = -1, -1
    return n


@compiled
def _tile(a: U32, run: I64, used_a: I32, used_b: I32, tiles: I64, n: int, passage: int, pair: int) -> int:
    """The longest part of a run that is still free, taken as a tile where it is a gram or more; tiles then."""
    begin, other, best, best_length, length = run[0], run[1], 0, 0, 0
    own, theirs = used_a[begin : begin + run[2]], used_b[other : other + run[2]]
    taken, free, number = False, False, np.int32(pair)
    for i in range(len(own)):
        here = (own[i] == number) | (theirs[i] == number)
        taken |= here
        free |= not here
    if not free:
        return n
    if not taken:
        best_length = len(own)
    for i in range(len(own) if taken else 0):
        if own[i] != pair and theirs[i] != pair:
            length += 1
        else:
            if length > best_length:
                best, best_length = i - length, length
            length = 0
    if length > best_length:
        best, best_length = len(own) - length, length
    if best_length < PIECE_LONG or (best_length < END and size_of(a, begin + best, best_length) < END):
        return n
    own[best : best + best_length] = pair
    theirs[best : best + best_length] = pair
    tiles[n, 0], tiles[n, 1], tiles[n, 2], tiles[n, 3] = begin + best, other + best, best_length, passage
    return n + 1


@compiled
def align(
    a: U32,
    b: U32,
    prints_a: U64,
    prints_b: U64,
    least: int,
    used_a: I32,
    used_b: I32,
    runs: I64,
    tiles: I64,
    pair: int,
    held: I64,
    windows: U32,
) -> int:
    """Equal runs (a, b, length, passage) of two texts into ``tiles``; how many.

    Two equal texts are one run. Nothing where the runs at shared prints are less than ``least`` in twice their size.
    Longest runs first, none overlapping (greedy string tiling, Wise 1993), each grown over gaps on both sides. The
    arrays after ``least`` are working space; a place that is taken bears the number of the ``pair``.
    """
    if len(a) == len(b) and alike(a, b):
        tiles[0, 0], tiles[0, 1], tiles[0, 2], tiles[0, 3] = 0, 0, len(a), 0
        return 1 if size_of(a, 0, len(a)) >= PASSAGE else 0
    count, size = equal_runs(a, b, prints_a, prints_b, runs, held, pair * RUNS)
    if size < least:
        return 0
    order = longest_first(runs, count)
    n = 0
    for passage in range(len(order)):
        first = n
        if n + 1 >= len(tiles):
            break
        n = _tile(a, runs[order[passage]], used_a, used_b, tiles, n, passage, pair)
        if n == first:
            continue
        begin, other, length = tiles[first, 0], tiles[first, 1], tiles[first, 2]
        if begin + length < len(a) and other + length < len(b):
            n = _grow(a, b, begin + length, other + length, 1, used_a, used_b, tiles, n, passage, pair, windows)
        if begin and other:
            n = _grow(a, b, begin - 1, other - 1, -1, used_a, used_b, tiles, n, passage, pair, windows)
        size = 0
        for t in range(first, n):
            size += size_of(a, tiles[t, 0], tiles[t, 2])
        if size < PASSAGE:
            n = first
    return n


@compiled
def _before(a: U32, b: U32) -> Whole:
    """Whether ``a`` stands first in the one order in which two texts are always aligned."""
    if len(a) != len(b):
        return len(a) < len(b)
    for i in range(len(a)):
        if (a[i] ^ b[i]) & CODE:
            return a[i] & CODE < b[i] & CODE
    return True


@compiled
def verify(
    first: I64,
    second: I64,
    codes_a: U32,
    starts_a: I64,
    prints_a: U64,
    print_starts_a: I64,
    codes_b: U32,
    starts_b: I64,
    prints_b: U64,
    print_starts_b: I64,
    least: int,
) -> tuple[I64, I32, I64]:
    """Pairs of texts (of one store, of another) aligned.

    Gives for each pair: codes shared, twice their size, twice the size of those within quotation marks in either, codes
    from begin to end of the passages in either, twice the size of the longest run without quoted words; the spans
    (start_a, end_a, start_b, end_b) in the original characters of all pairs, one after the other; where each pair's
    begin. ``least``: twice the size that a pair must share.
    """
    longest = 1
    for text in range(len(starts_a) - 1):
        longest = max(longest, starts_a[text + 1] - starts_a[text])
    for text in range(len(starts_b) - 1):
        longest = max(longest, starts_b[text + 1] - starts_b[text])
    used_a, used_b = np.full(longest, -1, np.int32), np.full(longest, -1, np.int32)
    runs, tiles = np.empty((RUNS, 3), np.int64), np.empty((RUNS, 4), np.int64)
    held = np.full(longest, -1, np.int64)
    windows = np.zeros((4, PLACED + PIECE_LONG - 1), np.uint32)
    found = np.zeros((len(first), 6), np.int64)
    spans = np.empty((4 * len(first) + 16, 4), np.int32)
    span_starts = np.zeros(len(first) + 1, np.int64)
    n = 0
    for pair in range(len(first)):
        x, y = first[pair], second[pair]
        a, b = codes_a[starts_a[x] : starts_a[x + 1]], codes_b[starts_b[y] : starts_b[y + 1]]
        own = prints_a[print_starts_a[x] : print_starts_a[x + 1]]
        theirs = prints_b[print_starts_b[y] : print_starts_b[y + 1]]
        if _before(a, b):
            count = align(a, b, own, theirs, least // 2, used_a, used_b, runs, tiles, pair, held, windows)
        else:
            count = align(b, a, theirs, own, least // 2, used_b, used_a, runs, tiles, pair, held, windows)
            for t in range(count):
                tiles[t, 0], tiles[t, 1] = tiles[t, 1], tiles[t, 0]
        if count:
            measure(a, b, tiles, count, found[pair])
            if found[pair, 1] >= least:
                if n + count > len(spans):
                    more = np.empty((2 * len(spans) + count, 4), np.int32)
                    more[:n] = spans[:n]
                    spans = more
                n = write_spans(a, b, tiles, count, spans, n)
        span_starts[pair + 1] = n
    return found, spans[:n].copy(), span_starts
