"""Kernels: texts folded and winnowed."""

from __future__ import annotations

import numpy as np

from wiretrace.compiled import compiled
from wiretrace.trace.reuse.bits import (
    CODE,
    DENSE,
    FURTHEST,
    I32,
    I64,
    NONE,
    PLACE,
    QUOTED,
    STEP,
    U32,
    U64,
)

BASE = np.uint64(0x9E3779B97F4A7C15)
NEWLINE, STRAIGHT = 10, 34
LONGEST_QUOTATION = 600
SPECIAL = np.uint32(1 << 31)


@compiled
def fold_points(
    points: U32, origin: I32, starts: I64, plain: U32, single: U32, length: I32, begin: I32, table: U32, closing: U32
) -> tuple[U32, I64]:
    """Texts as code points, one after the other, folded: their codes, and where each text's begin.

    ``origin`` holds the original place of each point, or nothing where that is its place in the text. ``plain`` gives
    the code of a point that is folded to one, ``SPECIAL`` for one to be looked at, 0 for the rest, which fold to
    nothing; ``single`` to ``table`` are the tables of fold.py, ``closing`` gives the mark that closes a quotation, by
    the one that opens it.
    """
    most = 0
    for k in range(len(points)):
        if points[k] < len(length):
            most += length[points[k]]
    out = np.empty(most + len(points) // FURTHEST + len(starts), np.uint32)
    out_starts = np.zeros(len(starts), np.int64)
    n = 0
    for text in range(len(starts) - 1):
        last, quote, quote_from, quote_place = 0, 0, 0, 0
        for k in range(starts[text], starts[text + 1]):
            c = points[k]
            if c >= len(plain) or not plain[c]:
                continue
            place = origin[k] if len(origin) else k - starts[text]
            step = place - last
            if plain[c] != SPECIAL and step <= FURTHEST:
                out[n] = plain[c] | (np.uint32(step) << STEP)
                n += 1
                last = place
                continue
            if quote and place - quote_place > LONGEST_QUOTATION:
                quote = 0
            if quote:
                if c == quote:
                    for q in range(quote_from, n):
                        out[q] |= QUOTED
                    quote = 0
                elif quote == STRAIGHT and c == NEWLINE:
                    quote = 0
            elif closing[c]:
                quote, quote_from, quote_place = closing[c], n, place
            for part in range(length[c]):
                code = single[c] if length[c] == 1 else table[begin[c] + part]
                step = place - last
                while step > FURTHEST:
                    out[n] = np.uint32(FURTHEST) << STEP
                    step -= FURTHEST
                    n += 1
                out[n] = (plain[code] & (CODE | DENSE)) | (np.uint32(step) << STEP)
                n += 1
                last = place
        out_starts[text + 1] = n
    return out[:n].copy(), out_starts


@compiled
def gram_hashes(codes: U32, short: int, long: int, prefix: U64, hashes: U64) -> None:
    """Hash (40 bits) of the gram at each place into ``hashes``; all ones where it would reach over a break or the end.

    ``prefix`` is working space, one longer than ``codes``.
    """
    power_short, power_long = np.uint64(1), np.uint64(1)
    for _ in range(short):
        power_short *= BASE
    for _ in range(long):
        power_long *= BASE
    size = len(codes)
    prefix[0] = 0
    for i in range(size):
        prefix[i + 1] = prefix[i] * BASE + np.uint64(codes[i] & CODE)
    edge = size
    for i in range(size - 1, -1, -1):
        hashes[i] = NONE
        if not codes[i] & CODE:
            edge = i
            continue
        if codes[i] & DENSE:
            if i + short > edge:
                continue
            h = prefix[i + short] - prefix[i] * power_short
        else:
            if i + long > edge:
                continue
            h = (prefix[i + long] - prefix[i] * power_long) ^ np.uint64(0x5555555555555555)
        h = (h ^ (h >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        h = (h ^ (h >> np.uint64(32))) * np.uint64(0x94D049BB133111EB)
        hashes[i] = h >> np.uint64(24)


@compiled
def winnow_text(codes: U32, hashes: U64, window: int, out: U64, n: int) -> int:
    """Prints that winnowing keeps (of each ``window`` places the smallest hash, the last of equals), into ``out``.

    A stretch without a break that is shorter than the window keeps its smallest. Gives where the next print goes.
    """
    size, begin = len(codes), 0
    while begin < size:
        if not codes[begin] & CODE:
            begin += 1
            continue
        end = begin
        while end < size and codes[end] & CODE:
            end += 1
        span = min(window, end - begin)
        kept, best = -1, -1
        for last in range(begin + span - 1, end):
            first = last - span + 1
            if best < first:
                best = first
                for i in range(first + 1, last + 1):
                    if hashes[i] <= hashes[best]:
                        best = i
            elif hashes[last] <= hashes[best]:
                best = last
            if best != kept and hashes[best] != NONE and best < 1 << PLACE:
                out[n] = (hashes[best] << np.uint64(PLACE)) | np.uint64(best)
                n += 1
                kept = best
        begin = end
    return n


@compiled
def winnow_all(codes: U32, starts: I64, short: int, long: int, window: int) -> tuple[U64, I64]:
    """Prints of each text, sorted, and where each text's begin."""
    longest = 0
    for text in range(len(starts) - 1):
        longest = max(longest, starts[text + 1] - starts[text])
    prefix, hashes = np.empty(longest + 1, np.uint64), np.empty(longest, np.uint64)
    out = np.empty(len(codes) // 4 + 64, np.uint64)
    out_starts = np.zeros(len(starts), np.int64)
    n = 0
    for text in range(len(starts) - 1):
        own = codes[starts[text] : starts[text + 1]]
        if n + len(own) > len(out):
            more = np.empty(2 * len(out) + len(own), np.uint64)
            more[:n] = out[:n]
            out = more
        gram_hashes(own, short, long, prefix, hashes)
        end = winnow_text(own, hashes, window, out, n)
        out[n:end].sort()
        n = end
        out_starts[text + 1] = n
    return out[:n].copy(), out_starts


@compiled
def text_sizes(codes: U32, starts: I64) -> tuple[I64, I64]:
    """For each text: codes that can match, twice their size."""
    lengths, sizes = np.zeros(len(starts) - 1, np.int64), np.zeros(len(starts) - 1, np.int64)
    for text in range(len(starts) - 1):
        for i in range(starts[text], starts[text + 1]):
            if codes[i] & CODE:
                lengths[text] += 1
                sizes[text] += 2 if codes[i] & DENSE else 1
    return lengths, sizes
