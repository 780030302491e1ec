"""Kernels: how much of two texts their tiles are, and where these stand as written."""

from __future__ import annotations

import numpy as np

from wiretrace.compiled import compiled
from wiretrace.trace.reuse.bits import CODE, I32, I64, PLACE, STEP, U32, Whole
from wiretrace.trace.reuse.runs import sort


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
def _skipped(codes: U32) -> Whole:
    """How many characters of the original ``codes`` go on."""
    total = np.uint32(0)
    for i in range(len(codes)):
        total += codes[i] >> STEP
    return np.int64(total)


@compiled
def _sizes(a: U32, b: U32) -> tuple[Whole, Whole]:
    """Twice the size of two equal runs, and that of what is quoted in either."""
    size, quoted = np.uint32(0), np.uint32(0)
    for i in range(len(a)):
        one = np.uint32(1) + ((a[i] >> np.uint32(18)) & np.uint32(1))
        size += one
        quoted += one * (((a[i] | b[i]) >> np.uint32(19)) & np.uint32(1))
    return np.int64(size), np.int64(quoted)


@compiled
def measure(a: U32, b: U32, tiles: I64, count: int, found: I64) -> None:
    """Codes shared, twice their size, twice the size of the quoted ones, extents of the passages, longest run."""
    passage, low_a, low_b, high_a, high_b = -1, 0, 0, 0, 0
    for t in range(count):
        begin, other, length = tiles[t, 0], tiles[t, 1], tiles[t, 2]
        found[0] += length
        size, quoted = _sizes(a[begin : begin + length], b[other : other + length])
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
def write_spans(a: U32, b: U32, tiles: I64, count: int, spans: I32, n: int) -> int:
    """The tiles as spans of the original characters, in order of the first text, from row ``n`` on; rows then."""
    first = n
    for tile in _by_place(tiles, count, 0):
        begin, other, length = tiles[tile, 0], tiles[tile, 1], tiles[tile, 2]
        while length:
            head_a, tail_a = _halves(a, begin, length)
            head_b, tail_b = _halves(b, other, length)
            head, tail = max(head_a, head_b), max(tail_a, tail_b)
            if not head and not tail:
                break
            begin, other, length = begin + head, other + head, max(0, length - head - tail)
        if length:
            spans[n, 0], spans[n, 1], spans[n, 2], spans[n, 3] = begin, begin + length, other, other + length
            n += 1
    _to_places(a, spans[first:n, :2])
    _to_places(b, spans[first:n, 2:])
    return n


@compiled
def _by_place(rows: I32 | I64, count: int, side: int) -> I64:
    """Numbers of the first ``count`` rows in order of their column ``side``."""
    keys = np.empty(count, np.int64)
    for r in range(count):
        keys[r] = (np.int64(rows[r, side]) << PLACE) | r
    sort(keys)
    for r in range(count):
        keys[r] &= (1 << PLACE) - 1
    return keys


@compiled
def _to_places(codes: U32, spans: I32) -> None:
    """Spans of codes that do not overlap made spans of original characters, in place."""
    place, at = np.int64(0), 0
    for r in _by_place(spans, len(spans), 0):
        begin, last = spans[r, 0], spans[r, 1] - 1
        place += _skipped(codes[at : begin + 1])
        spans[r, 0] = place
        place += _skipped(codes[begin + 1 : last + 1])
        spans[r, 1] = place + 1
        at = last + 1
