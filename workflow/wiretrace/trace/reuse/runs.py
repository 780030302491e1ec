"""Kernels: the equal runs of two texts at the prints that they share."""

from __future__ import annotations

import numpy as np

from wiretrace.compiled import compiled
from wiretrace.trace.reuse.bits import CODE, I64, PLACE, PLACES, U32, U64, Whole

RUNS = 20_000  # equal runs of one pair that are followed
REPEATS = 64  # a gram that stands so often in two texts that it would give more seeds is passed over
FEW = 32  # keys that are sorted faster one by one
BLOCK, LARGE = 16, 128  # codes compared at a time


@compiled
def size_of(codes: U32, begin: int, length: int) -> Whole:
    """Twice the size of a run (see fold.size)."""
    own, dense = codes[begin : begin + length], np.uint32(0)
    for i in range(len(own)):
        dense += (own[i] >> np.uint32(18)) & np.uint32(1)
    return np.int64(length) + np.int64(dense)


@compiled
def sort(keys: I64) -> None:
    """Sort in place; the few keys that a pair has by insertion, as a general sort takes its time to begin."""
    if len(keys) > FEW:
        keys.sort()
        return
    for i in range(1, len(keys)):
        key, k = keys[i], i
        while k and keys[k - 1] > key:
            keys[k] = keys[k - 1]
            k -= 1
        keys[k] = key


@compiled
def equal_runs(a: U32, b: U32, prints_a: U64, prints_b: U64, runs: I64, held: I64, base: int) -> tuple[int, int]:
    """Maximal equal runs (a, b, length) at shared prints; how many, and twice their size in all.

    ``held`` bears at each place of ``a`` the last run found there, counted from ``base``, which no earlier pair's
    numbers reach; a run found twice is passed over when tiles are laid.
    """
    i, k, n, size = 0, 0, 0, 0
    while i < len(prints_a) and k < len(prints_b):
        one, other = prints_a[i] >> np.uint64(PLACE), prints_b[k] >> np.uint64(PLACE)
        if one != other:
            i, k = i + (one < other), k + (other < one)
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
                    last = held[at_a] - base
                    if n == len(runs) or (last >= 0 and runs[last, 0] - runs[last, 1] == at_a - at_b):
                        continue
                    length = _run(a, b, at_a, at_b, runs, n)
                    if length:
                        size += size_of(a, runs[n, 0], length)
                        held[runs[n, 0] : runs[n, 0] + length] = base + n
                        n += 1
        i, k = end_i, end_k
    return n, size


@compiled
def alike(a: U32, b: U32) -> bool:
    """Whether two stretches of one length are equal and without a break."""
    differ, broken = np.uint32(0), False
    for i in range(len(a)):
        differ |= (a[i] ^ b[i]) & CODE
        broken |= a[i] & CODE == 0
    return not (differ or broken)


@compiled
def onwards(a: U32, b: U32) -> int:
    """How many codes two texts have in common from their begin, without a break; compared by blocks."""
    most, done = min(len(a), len(b)), 0
    for block in (LARGE, BLOCK):
        while done + block <= most and alike(a[done : done + block], b[done : done + block]):
            done += block
    while done < most and (a[done] ^ b[done]) & CODE == 0 and a[done] & CODE:
        done += 1
    return done


@compiled
def back(a: U32, b: U32) -> int:
    """How many codes two texts have in common at their end, without a break; compared by blocks."""
    i, k = len(a), len(b)
    for block in (LARGE, BLOCK):
        while min(i, k) >= block and alike(a[i - block : i], b[k - block : k]):
            i, k = i - block, k - block
    while i and k and (a[i - 1] ^ b[k - 1]) & CODE == 0 and a[i - 1] & CODE:
        i, k = i - 1, k - 1
    return len(a) - i


@compiled
def _run(a: U32, b: U32, at_a: Whole, at_b: Whole, runs: I64, n: int) -> Whole:
    """The maximal equal run around a seed, as run ``n``; its length."""
    high = onwards(a[at_a:], b[at_b:])
    if not high:  # two grams have one hash
        return 0
    low = back(a[:at_a], b[:at_b])
    runs[n, 0], runs[n, 1], runs[n, 2] = at_a - low, at_b - low, low + high
    return low + high


@compiled
def longest_first(runs: I64, count: int) -> I64:
    """Numbers of the runs, longest first, each run once however often it was found."""
    keys = np.empty(count, np.int64)
    for r in range(count):
        length = min(runs[r, 2], (1 << 20) - 1)
        keys[r] = (((1 << 20) - length) << 42) | ((runs[r, 0] + runs[r, 1]) << 16) | r
    sort(keys)
    kept = 0
    for i in range(count):
        run, alike, known = keys[i] & 0xFFFF, kept - 1, False
        while alike >= 0 and keys[alike] >> 16 == keys[i] >> 16 and not known:
            known = runs[keys[alike] & 0xFFFF, 0] == runs[run, 0]
            alike -= 1
        if not known:
            keys[kept] = keys[i]
            kept += 1
    for i in range(kept):
        keys[i] &= 0xFFFF
    return keys[:kept]
