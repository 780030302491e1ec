"""Kernels: what two texts share."""

from __future__ import annotations

import numpy as np

from wiretrace.trace.reuse.bits import CODE, DENSE, I32, I64, PLACE, PLACES, STEP, U32, U64, Whole, compiled

RUNS = 20_000  # equal runs of one pair that are followed
LOOKBACK = 64  # of these the last that a shared print is looked for in
REPEATS = 64  # a gram that stands so often in two texts that it would give more seeds is passed over
REACH = 32  # characters between two equal runs of one passage, of both texts together
PIECE, PIECE_LONG = 3, 5  # shortest equal piece after a gap: Han, kana, Hangul; others
END = 10  # twice the size of the last piece of a passage (see fold.size); shorter ones at its ends are chance
PASSAGE = 60  # twice the size below which a passage is a stock phrase


@compiled
def _free(a: U32, b: U32, i: int, k: int, used_a: I32, used_b: I32, pair: int) -> Whole:
    """Whether the texts are equal at (i, k) and neither place is taken yet by a tile of this ``pair``."""
    return (a[i] ^ b[k]) & CODE == 0 and a[i] & CODE != 0 and used_a[i] != pair and used_b[k] != pair


@compiled
def _size(codes: U32, begin: int, length: int) -> Whole:
    """Twice the size of a run (see fold.size)."""
    total = np.int64(length)
    for code in codes[begin : begin + length]:
        total += np.int64((code >> np.uint32(18)) & np.uint32(1))
    return total


@compiled
def _runs(a: U32, b: U32, prints_a: U64, prints_b: U64, runs: I64) -> tuple[int, int]:
    """Maximal equal runs (a, b, length) at shared prints; how many, and twice their size in all."""
    i, k, n, size = 0, 0, 0, 0
    while i < len(prints_a) and k < len(prints_b):
        one, other = prints_a[i] >> np.uint64(PLACE), prints_b[k] >> np.uint64(PLACE)
        if one != other:
            i += one < other
            k += other < one
            continue
        end_i, end_k = i + 1, k + 1
        while end_i < len(prints_a) and prints_a[end_i] >> np.uint64(PLACE) == one:
            end_i += 1
        while end_k < len(prints_b) and prints_b[end_k] >> np.uint64(PLACE) == one:
            end_k += 1
        if (end_i - i) * (end_k - k) <= REPEATS:
            for x in range(i, end_i):
                for y in range(k, end_k):
                    at_a, at_b = np.int64(prints_a[x] & PLACES), np.int64(prints_b[y] & PLACES)
                    if n < len(runs) and not _known(runs, n, at_a, at_b):
                        length = _run(a, b, at_a, at_b, runs[n])
                        if length:
                            size += _size(a, runs[n, 0], length)
                            n += 1
        i, k = end_i, end_k
    return n, size


@compiled
def _known(runs: I64, count: int, at_a: Whole, at_b: Whole) -> bool:
    """Whether one of the last few runs holds the seed; a run found twice is passed over when tiles are laid."""
    for r in range(count - 1, max(-1, count - 1 - LOOKBACK), -1):
        if runs[r, 0] - runs[r, 1] == at_a - at_b and runs[r, 0] <= at_a < runs[r, 0] + runs[r, 2]:
            return True
    return False


@compiled
def _run(a: U32, b: U32, at_a: Whole, at_b: Whole, run: I64) -> Whole:
    """The maximal equal run around a seed into ``run``; its length."""
    low = 0
    while low < min(at_a, at_b) and (a[at_a - low - 1] ^ b[at_b - low - 1]) & CODE == 0 and a[at_a - low - 1] & CODE:
        low += 1
    high, most = 0, min(len(a) - at_a, len(b) - at_b)
    onwards_a, onwards_b = a[at_a : at_a + most], b[at_b : at_b + most]
    for i in range(len(onwards_a)):
        if (onwards_a[i] ^ onwards_b[i]) & CODE or not onwards_a[i] & CODE:
            break
        high += 1
    run[0], run[1], run[2] = at_a - low, at_b - low, low + high
    return low + high if high else 0  # high is 0 where two grams have one hash


@compiled
def _window(codes: U32, used: I32, at: int, way: int, pair: int, out: U32) -> int:
    """Codes from ``at`` on that are free, as far as a gap and a piece after it can reach, into ``out``; how many."""
    n = 0
    while n < len(out) and 0 <= at < len(codes) and codes[at] & CODE and used[at] != pair:
        out[n] = codes[at] & (CODE | DENSE)
        n += 1
        at += way
    return n


@compiled
def _resync(one: U32, other: U32) -> tuple[int, int]:
    """The nearest places in two windows from which both go on alike for a piece: least skipped in both together."""
    for gap in range(1, min(REACH, len(one) + len(other)) + 1):
        for skip in range(max(0, gap - len(other) + 1), min(gap, len(one) - 1) + 1):
            if one[skip] == other[gap - skip]:
                least = PIECE if one[skip] & DENSE else PIECE_LONG
                room = min(len(one) - skip, len(other) - gap + skip)
                length = 1
                while length < min(least, room) and one[skip + length] == other[gap - skip + length]:
                    length += 1
                if length == least:
                    return skip, gap - skip
    return -1, -1


@compiled
def _grow(
    a: U32, b: U32, i: int, k: int, way: int, used_a: I32, used_b: I32, tiles: I64, n: int, passage: int, pair: int
) -> int:
    """Tiles that go on from (i, k), the first places not yet taken, over small gaps; gives the number of tiles."""
    first = n
    one, other = np.empty(REACH + PIECE_LONG, np.uint32), np.empty(REACH + PIECE_LONG, np.uint32)
    while n < len(tiles):
        room_a, room_b = _window(a, used_a, i, way, pair, one), _window(b, used_b, k, way, pair, other)
        skip_a, skip_b = _resync(one[:room_a], other[:room_b])
        if skip_a < 0:
            break
        i, k, length = i + way * skip_a, k + way * skip_b, 0
        while 0 <= i < len(a) and 0 <= k < len(b) and _free(a, b, i, k, used_a, used_b, pair):
            used_a[i], used_b[k] = pair, pair
            i, k, length = i + way, k + way, length + 1
        tiles[n, 0] = i - length if way > 0 else i + 1
        tiles[n, 1] = k - length if way > 0 else k + 1
        tiles[n, 2], tiles[n, 3] = length, passage
        n += 1
        if not (0 <= i < len(a) and 0 <= k < len(b)):
            break
    while n > first and _size(a, tiles[n - 1, 0], tiles[n - 1, 2]) < END:
        n -= 1
        for step in range(tiles[n, 2]):
            used_a[tiles[n, 0] + step], used_b[tiles[n, 1] + step] = -1, -1
    return n


@compiled
def _tile(a: U32, run: I64, used_a: I32, used_b: I32, tiles: I64, n: int, passage: int, pair: int) -> int:
    """The longest part of a run that is still free, taken as a tile where it is a gram or more; tiles then."""
    begin, other, best, best_length, length = run[0], run[1], 0, 0, 0
    own, theirs = used_a[begin : begin + run[2]], used_b[other : other + run[2]]
    for i in range(len(own)):
        if own[i] != pair and theirs[i] != pair:
            length += 1
        else:
            if length > best_length:
                best, best_length = i - length, length
            length = 0
    if length > best_length:
        best, best_length = len(own) - length, length
    if best_length < PIECE_LONG or _size(a, begin + best, best_length) < END:
        return n
    own[best : best + best_length] = pair
    theirs[best : best + best_length] = pair
    tiles[n, 0], tiles[n, 1], tiles[n, 2], tiles[n, 3] = begin + best, other + best, best_length, passage
    return n + 1


@compiled
def _longest_first(runs: I64, count: int) -> I64:
    keys = np.empty(count, np.int64)
    for r in range(count):
        length = min(runs[r, 2], (1 << 20) - 1)
        keys[r] = (((1 << 20) - length) << 42) | ((runs[r, 0] + runs[r, 1]) << 16) | r
    keys.sort()
    return keys & 0xFFFF


@compiled
def align(
    a: U32, b: U32, prints_a: U64, prints_b: U64, least: int, used_a: I32, used_b: I32, runs: I64, tiles: I64, pair: int
) -> int:
    """Equal runs (a, b, length, passage) of two texts into ``tiles``; how many.

    Nothing where the runs at shared prints are less than ``least`` in twice their size. Longest runs first, none
    overlapping (greedy string tiling, Wise 1993), each grown over gaps on both sides. The arrays after ``least`` are
    working space; a place that is taken bears the number of the ``pair``.
    """
    count, size = _runs(a, b, prints_a, prints_b, runs)
    if size < least:
        return 0
    order = _longest_first(runs, count)
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
            n = _grow(a, b, begin + length, other + length, 1, used_a, used_b, tiles, n, passage, pair)
        if begin and other:
            n = _grow(a, b, begin - 1, other - 1, -1, used_a, used_b, tiles, n, passage, pair)
        size = 0
        for t in range(first, n):
            size += _size(a, tiles[t, 0], tiles[t, 2])
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
def _halves(codes: U32, begin: int, length: int) -> tuple[int, int]:
    """How many codes to leave out at the begin and at the end of a run, so that it ends with whole characters."""
    head, tail = 0, 0
    while head < length and begin + head and codes[begin + head] >> STEP == 0 and codes[begin + head - 1] & CODE:
        head += 1
    while (
        tail < length - head
        and begin + length - tail < len(codes)
        and codes[begin + length - tail] >> STEP == 0
        and codes[begin + length - tail] & CODE
    ):
        tail += 1
    return head, tail


@compiled
def _places(codes: U32, places: I32) -> None:
    place: Whole = 0
    for i in range(len(codes)):
        place += codes[i] >> STEP
        places[i] = place


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
    places_a, places_b = np.empty(longest, np.int32), np.empty(longest, np.int32)
    runs, tiles = np.empty((RUNS, 3), np.int64), np.empty((RUNS, 4), np.int64)
    placed = -1
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
            count = align(a, b, own, theirs, least // 2, used_a, used_b, runs, tiles, pair)
        else:
            count = align(b, a, theirs, own, least // 2, used_b, used_a, runs, tiles, pair)
            for t in range(count):
                tiles[t, 0], tiles[t, 1] = tiles[t, 1], tiles[t, 0]
        if count:
            _measure(a, b, tiles, count, found[pair])
            if found[pair, 1] >= least:
                if placed != x:
                    _places(a, places_a)
                    placed = x
                _places(b, places_b)
                if n + count > len(spans):
                    more = np.empty((2 * len(spans) + count, 4), np.int32)
                    more[:n] = spans[:n]
                    spans = more
                n = _spans(a, b, tiles, count, places_a, places_b, spans, n)
        span_starts[pair + 1] = n
    return found, spans[:n].copy(), span_starts


@compiled
def _measure(a: U32, b: U32, tiles: I64, count: int, found: I64) -> None:
    """Codes shared, twice their size, twice the size of the quoted ones, extents of the passages, longest run."""
    passage, low_a, low_b, high_a, high_b = -1, 0, 0, 0, 0
    for t in range(count):
        begin, other, length = tiles[t, 0], tiles[t, 1], tiles[t, 2]
        found[0] += length
        size: Whole = 0
        quoted: Whole = 0
        own, theirs = a[begin : begin + length], b[other : other + length]
        for i in range(len(own)):
            one = 1 + np.int64((own[i] >> np.uint32(18)) & np.uint32(1))
            size += one
            quoted += one * np.int64(((own[i] | theirs[i]) >> np.uint32(19)) & np.uint32(1))
        found[1] += size
        found[2] += quoted
        found[5] = max(found[5], size - quoted)
        if tiles[t, 3] != passage:
            found[3] += high_a - low_a
            found[4] += high_b - low_b
            passage, low_a, low_b = tiles[t, 3], begin, other
            high_a, high_b = begin + length, other + length
        low_a, low_b = min(low_a, begin), min(low_b, other)
        high_a, high_b = max(high_a, begin + length), max(high_b, other + length)
    found[3] += high_a - low_a
    found[4] += high_b - low_b


@compiled
def _spans(a: U32, b: U32, tiles: I64, count: int, places_a: I32, places_b: I32, spans: I32, n: int) -> int:
    keys = np.empty(count, np.int64)
    for t in range(count):
        keys[t] = (tiles[t, 0] << PLACE) | t
    keys.sort()
    for key in keys:
        tile: Whole = key & ((1 << PLACE) - 1)
        begin, other, length = tiles[tile, 0], tiles[tile, 1], tiles[tile, 2]
        while length:
            head_a, tail_a = _halves(a, begin, length)
            head_b, tail_b = _halves(b, other, length)
            head, tail = max(head_a, head_b), max(tail_a, tail_b)
            if not head and not tail:
                break
            begin, other, length = begin + head, other + head, max(0, length - head - tail)
        if length:
            spans[n, 0], spans[n, 1] = places_a[begin], places_a[begin + length - 1] + 1
            spans[n, 2], spans[n, 3] = places_b[other], places_b[other + length - 1] + 1
            n += 1
    return n
