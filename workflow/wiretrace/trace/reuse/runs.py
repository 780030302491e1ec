"""Kernels: the equal runs of two texts at the prints that they share.

A text at work is laid out as an array of letters (its codes without steps and quotation marks) between margins. What
equals nothing (a break, the margin, a place that was taken) is ``GONE_A`` in the one text and ``GONE_B`` in the other,
so that comparing two numbers is all that comparing two places takes.
"""

from __future__ import annotations

import numpy as np

from wiretrace.compiled import compiled
from wiretrace.trace.reuse.bits import CODE, DENSE, I32, I64, PLACE, PLACES, U32, U64, Whole

RUNS = 20_000  # equal runs of one pair that are followed
REPEATS = 64  # a gram that stands so often in two texts that it would give more seeds is passed over
FEW = 32  # keys that are sorted faster one by one
MARGIN = 64  # places before and after a text at work, and places compared at a time
BLOCK = 16  # places among which the first that differs is looked for at a time
GONE_A, GONE_B = np.uint32(0), np.uint32(1 << 31)
WAYS = 256  # distances between two texts whose last run is kept in mind
# Places count in unsigned numbers where many are gone through: numba turns a signed one round where it is negative,
# and a loop that does so is not done by many places at once.
ONE_BLOCK, ONE_MARGIN = np.uint64(BLOCK), np.uint64(MARGIN)


@compiled
def lay_out(codes: U32, begin: int, end: int, gone: Whole, out: U32) -> None:
    """The codes from ``begin`` to below ``end`` as a text at work, from place ``MARGIN`` of ``out`` on."""
    at, to = np.uint64(begin), np.uint64(end) - np.uint64(begin)
    for i in range(ONE_MARGIN):
        out[i] = gone
        out[to + ONE_MARGIN + i] = gone
    for i in range(to):
        letter = codes[at + i] & (CODE | DENSE)
        out[ONE_MARGIN + i] = letter if letter else gone


@compiled
def size_of(codes: U32, begin: Whole, length: Whole) -> Whole:
    """Twice the size of a run (see fold.size)."""
    at, dense = np.uint64(begin), np.uint32(0)
    for i in range(np.uint64(length)):
        dense += (codes[at + i] >> np.uint32(18)) & np.uint32(1)
    return np.int64(length) + np.int64(dense)


@compiled
def sort(keys: I64, count: int) -> None:
    """Sort the first ``count`` in place; the few keys that a pair has by insertion, as a general sort begins slowly."""
    if count > FEW:
        keys[:count].sort()
        return
    for i in range(1, count):
        key, k = keys[i], i
        while k and keys[k - 1] > key:
            keys[k] = keys[k - 1]
            k -= 1
        keys[k] = key


@compiled
def onwards(a: U32, i: Whole, b: U32, k: Whole) -> Whole:
    """How many places are equal from (i, k) on."""
    one, other = np.uint64(i), np.uint64(k)
    differ = np.uint32(0)
    while not differ:
        for step in range(ONE_MARGIN):
            differ |= a[one + step] ^ b[other + step]
        if not differ:
            one, other = one + ONE_MARGIN, other + ONE_MARGIN
    equal = np.uint32(BLOCK)
    while equal == BLOCK:
        for step in range(ONE_BLOCK):
            equal = min(equal, np.uint32(step) if a[one + step] != b[other + step] else np.uint32(BLOCK))
        one, other = one + np.uint64(equal), other + np.uint64(equal)
    return np.int64(one) - i


@compiled
def back(a: U32, i: Whole, b: U32, k: Whole) -> Whole:
    """How many places are equal before (i, k)."""
    one, other = np.uint64(i) - ONE_MARGIN, np.uint64(k) - ONE_MARGIN
    differ = np.uint32(0)
    while not differ:
        for step in range(ONE_MARGIN):
            differ |= a[one + step] ^ b[other + step]
        if not differ:
            one, other = one - ONE_MARGIN, other - ONE_MARGIN
    one, other = one + (ONE_MARGIN - ONE_BLOCK), other + (ONE_MARGIN - ONE_BLOCK)
    equal = np.uint32(BLOCK)
    while equal == BLOCK:
        last = np.uint32(0)
        for step in range(ONE_BLOCK):
            last = max(last, np.uint32(step) + np.uint32(1) if a[one + step] != b[other + step] else np.uint32(0))
        equal = np.uint32(BLOCK) - last
        one, other = one - np.uint64(equal), other - np.uint64(equal)
    return i - np.int64(one + ONE_BLOCK)


@compiled
def table_of(prints: U64, begin: int, end: int, heads: I32, later: I32) -> int:
    """A table of a text's prints by the last bits of their hash: the first print of each entry into ``heads``, the one
    after each into ``later`` (-1: none), as numbers within the text. Gives the number of entries, a power of two.
    """
    entries = MARGIN
    while entries < 4 * (end - begin):
        entries *= 2
    for entry in range(entries):
        heads[entry] = -1
    for own in range(end - begin - 1, -1, -1):
        last = np.int64(prints[begin + own] >> np.uint64(PLACE)) & (entries - 1)
        later[own] = heads[last]
        heads[last] = own
    return entries


@compiled
def _same(prints: U64, begin: int, later: I32, own: Whole, hashed: Whole) -> Whole:
    """The first print from ``own`` on, of those of one entry, that has the hash; -1 where there is none."""
    while own >= 0 and prints[begin + own] >> np.uint64(PLACE) != hashed:
        own = later[own]
    return own


@compiled
def equal_runs(
    a: U32,
    b: U32,
    prints_a: U64,
    begin_a: int,
    heads: I32,
    later: I32,
    entries: int,
    prints_b: U64,
    begin_b: int,
    end_b: int,
    met: I32,
    hits: I64,
    ways: I64,
    pair: int,
    runs: I64,
) -> int:
    """Maximal equal runs (a, b, length) of two texts at work at shared prints; how many.

    ``heads``, ``later`` and ``entries`` are the table of the prints of the first (see :func:`table_of`). Working space:
    ``met``, how often each of these is met (all zero), ``hits``, and ``ways``, for distances between two places the
    last run found and where it ends. A run may be found twice where there are many distances.
    """
    found, n, last = 0, 0, np.uint64(entries - 1)
    for number in range(begin_b, end_b):
        own = heads[(prints_b[number] >> np.uint64(PLACE)) & last]
        hits[found, 0], hits[found, 1] = own, number
        found += own >= 0
    maybe, found = found, 0
    for hit in range(maybe):
        number = hits[hit, 1]
        own = _same(prints_a, begin_a, later, hits[hit, 0], prints_b[number] >> np.uint64(PLACE))
        hits[found, 0], hits[found, 1] = own, number
        if own >= 0:
            found += 1
            met[own] += 1
    for hit in range(found):
        first, hashed = hits[hit, 0], prints_b[hits[hit, 1]] >> np.uint64(PLACE)
        at_b = MARGIN + np.int64(prints_b[hits[hit, 1]] & PLACES)
        times, own = 0, first
        while own >= 0:
            times += 1
            own = _same(prints_a, begin_a, later, later[own], hashed)
        own = first if times * met[first] <= REPEATS else -1
        while own >= 0:
            at_a = MARGIN + np.int64(prints_a[begin_a + own] & PLACES)
            way, named = (at_a - at_b) & (WAYS - 1), ((pair + 1) << (PLACE + 2)) + at_a - at_b
            if (ways[way, 0] != named or ways[way, 1] <= at_b) and n < len(runs):
                high = onwards(a, at_a, b, at_b)
                if high:  # else two grams have one hash
                    low = back(a, at_a, b, at_b)
                    runs[n, 0], runs[n, 1], runs[n, 2] = at_a - low, at_b - low, low + high
                    ways[way, 0], ways[way, 1] = named, at_b + high
                    n += 1
            own = _same(prints_a, begin_a, later, later[own], hashed)
    for hit in range(found):
        met[hits[hit, 0]] = 0
    return n


@compiled
def longest_first(runs: I64, count: int, keys: I64) -> int:
    """Numbers of the runs into ``keys``, longest first, then by place, each run once however often it was found; how
    many.
    """
    for r in range(count):
        length = min(runs[r, 2], (1 << 20) - 1)
        keys[r] = (((1 << 20) - length) << 42) | ((runs[r, 0] + runs[r, 1]) << 16) | r
    sort(keys, count)
    kept = 0
    for i in range(count):
        key, k = keys[i], kept
        begin = runs[key & 0xFFFF, 0]
        while k and keys[k - 1] >> 16 == key >> 16 and runs[keys[k - 1] & 0xFFFF, 0] > begin:
            k -= 1
        if k and keys[k - 1] >> 16 == key >> 16 and runs[keys[k - 1] & 0xFFFF, 0] == begin:
            continue
        for later in range(kept, k, -1):
            keys[later] = keys[later - 1]
        keys[k] = key
        kept += 1
    for i in range(kept):
        keys[i] &= 0xFFFF
    return kept
