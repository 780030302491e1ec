"""Kernels: how much of two texts their tiles are, and where these stand as written.

A tile is a row (a, b, length, passage, twice its size); places count through all codes of a store.
"""

from __future__ import annotations

import numpy as np

from wiretrace.compiled import compiled
from wiretrace.trace.reuse.bits import CODE, I32, I64, PLACE, STEP, U32, Whole
from wiretrace.trace.reuse.runs import sort


@compiled
def _quoted(a: U32, b: U32, begin: int, start_b: int, length: int) -> Whole:
    """Twice the size of what of a tile is quoted in either text."""
    one, other, quoted = np.uint64(begin), np.uint64(start_b), np.uint32(0)
    for i in range(np.uint64(length)):
        weight = np.uint32(1) + ((a[one + i] >> np.uint32(18)) & np.uint32(1))
        quoted += weight * (((a[one + i] | b[other + i]) >> np.uint32(19)) & np.uint32(1))
    return np.int64(quoted)


@compiled
def measure(a: U32, b: U32, tiles: I64, count: int) -> tuple[Whole, Whole, Whole, Whole, Whole, Whole]:
    """Codes shared, twice their size, twice the size of the quoted ones, extents of the passages in either text, twice
    the size of the longest run without quoted words.
    """
    shared, total, total_quoted, longest, extent_a, extent_b = 0, 0, 0, 0, 0, 0
    passage, low_a, low_b, high_a, high_b = -1, 0, 0, 0, 0
    for t in range(count):
        begin, other, length, size = tiles[t, 0], tiles[t, 1], tiles[t, 2], tiles[t, 4]
        quoted = _quoted(a, b, begin, other, length)
        shared, total, total_quoted = shared + length, total + size, total_quoted + quoted
        longest = max(longest, size - quoted)
        if tiles[t, 3] != passage:
            extent_a, extent_b = extent_a + high_a - low_a, extent_b + high_b - low_b
            passage, low_a, low_b = tiles[t, 3], begin, other
            high_a, high_b = begin + length, other + length
        low_a, low_b = min(low_a, begin), min(low_b, other)
        high_a, high_b = max(high_a, begin + length), max(high_b, other + length)
    return shared, total, total_quoted, extent_a + high_a - low_a, extent_b + high_b - low_b, longest


@compiled
def _halves(codes: U32, begin: int, length: int, first: int, last: int) -> tuple[int, int]:
    """How many codes to leave out at the begin and at the end of a run, so that it ends with whole characters, in the
    text from ``first`` to below ``last``.
    """
    head, tail = 0, 0
    while (
        head < length and begin + head > first and codes[begin + head] >> STEP == 0 and codes[begin + head - 1] & CODE
    ):
        head += 1
    while (
        tail < length - head
        and begin + length - tail < last
        and codes[begin + length - tail] >> STEP == 0
        and codes[begin + length - tail] & CODE
    ):
        tail += 1
    return head, tail


@compiled
def write_spans(
    a: U32,
    b: U32,
    text_a: tuple[int, int],
    text_b: tuple[int, int],
    tiles: I64,
    count: int,
    keys: I64,
    spans: I32,
    n: int,
) -> int:
    """The tiles as spans of the original characters, in order of the first text, from row ``n`` on; rows then.

    ``text_a``, ``text_b``: from where to where the texts lie in their codes; ``keys`` is working space.
    """
    first = n
    _by_place(tiles, 0, count, 0, keys)
    for number in range(count):
        tile = keys[number]
        begin, other, length = tiles[tile, 0], tiles[tile, 1], tiles[tile, 2]
        while length:
            head_a, tail_a = _halves(a, begin, length, text_a[0], text_a[1])
            head_b, tail_b = _halves(b, other, length, text_b[0], text_b[1])
            head, tail = max(head_a, head_b), max(tail_a, tail_b)
            if not head and not tail:
                break
            begin, other, length = begin + head, other + head, max(0, length - head - tail)
        if length:
            begin, other = begin - text_a[0], other - text_b[0]
            spans[n, 0], spans[n, 1], spans[n, 2], spans[n, 3] = begin, begin + length, other, other + length
            n += 1
    _to_places(a, text_a[0], spans, first, n, 0, keys)
    _to_places(b, text_b[0], spans, first, n, 2, keys)
    return n


@compiled
def _by_place(rows: I32 | I64, first: int, last: int, side: int, keys: I64) -> None:
    """Numbers of the rows from ``first`` to below ``last``, from 0 on, in order of their column ``side``."""
    for r in range(last - first):
        keys[r] = (np.int64(rows[first + r, side]) << np.int64(PLACE)) | r
    sort(keys, last - first)
    for r in range(last - first):
        keys[r] &= (1 << PLACE) - 1


@compiled
def _skipped(codes: U32, begin: int, end: int) -> Whole:
    """How many characters of the original the codes from ``begin`` to below ``end`` go on."""
    at, total = np.uint64(begin), np.uint32(0)
    for i in range(np.uint64(end) - at):
        total += codes[at + i] >> STEP
    return np.int64(total)


@compiled
def _to_places(codes: U32, text: int, spans: I32, first: int, last: int, side: int, keys: I64) -> None:
    """Spans of codes of the text that begins at ``text`` made spans of original characters, in place; they do not
    overlap.
    """
    _by_place(spans, first, last, side, keys)
    place, at = np.int64(0), text
    for number in range(last - first):
        row = first + keys[number]
        begin, end = text + spans[row, side], text + spans[row, side + 1]
        place += _skipped(codes, at, begin + 1)
        spans[row, side] = place
        place += _skipped(codes, begin + 1, end)
        spans[row, side + 1] = place + 1
        at = end
