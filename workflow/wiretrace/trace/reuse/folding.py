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
    PLACES,
    QUOTED,
    STEP,
    U32,
    U64,
    Whole,
)

BASE = np.uint64(0x9E3779B97F4A7C15)
LETTERS = np.uint64(0x5555555555555555)  # keeps the hashes of long grams apart from those of short ones
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
            c = points[np.uint64(k)]
            code = plain[c] if c < len(plain) else np.uint32(0)
            place = origin[k] if len(origin) else k - starts[text]
            step = place - last
            if code != SPECIAL and step <= FURTHEST:
                # Every sixth character or so is none, which no processor guesses: it is written, and written over.
                out[np.uint64(n)] = code | (np.uint32(step) << STEP)
                n += code != 0
                last = place if code else last
                continue
            if not code:
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
                letter = single[c] if length[c] == 1 else table[begin[c] + part]
                step = place - last
                while step > FURTHEST:
                    out[n] = np.uint32(FURTHEST) << STEP
                    step -= FURTHEST
                    n += 1
                out[n] = (plain[letter] & (CODE | DENSE)) | (np.uint32(step) << STEP)
                n += 1
                last = place
        out_starts[text + 1] = n
    return out[:n].copy(), out_starts


@compiled
def _mixed(h: Whole) -> Whole:
    """The 40 bits of a gram's hash (the finishing steps of splitmix64)."""
    h = (h ^ (h >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    h = (h ^ (h >> np.uint64(32))) * np.uint64(0x94D049BB133111EB)
    return h >> np.uint64(24)


@compiled
def gram_keys(codes: U32, short: int, long: int, prefix: U64, keys: U64) -> None:
    """A key of the gram at each place into ``keys``: its hash in 40 bits above the place, turned round, in 24; all ones
    for the hash where the gram would reach over a break or the end.

    ``prefix`` is working space, one longer than ``codes``.
    """
    power_short, power_long = np.uint64(1), np.uint64(1)
    for _ in range(short):
        power_short *= BASE
    for _ in range(long):
        power_long *= BASE
    size, last, broken = len(codes), np.uint64(0), False
    prefix[0] = last
    for i in range(size):
        code = codes[i] & CODE
        broken |= code == 0
        last = last * BASE + np.uint64(code)
        prefix[i + 1] = last
    whole = max(0, size - max(short, long) + 1)
    shorter, longer, own = prefix[short:], prefix[long:], keys[:whole]
    for i in range(len(own)):
        dense = shorter[i] - prefix[i] * power_short
        other = (longer[i] - prefix[i] * power_long) ^ LETTERS
        own[i] = (_mixed(dense if codes[i] & DENSE else other) << np.uint64(PLACE)) | (np.uint64(i) ^ PLACES)
    for i in range(whole, size):
        keys[i] = (NONE << np.uint64(PLACE)) | (np.uint64(i) ^ PLACES)
        if codes[i] & DENSE and i + short <= size:
            keys[i] = (_mixed(shorter[i] - prefix[i] * power_short) << np.uint64(PLACE)) | (np.uint64(i) ^ PLACES)
    edge = size
    for i in range(size - 1 if broken else -1, -1, -1):
        edge = edge if codes[i] & CODE else i
        if i + (short if codes[i] & DENSE else long) > edge:
            keys[i] |= NONE << np.uint64(PLACE)


@compiled
def _smallest(keys: U64, window: int) -> None:
    """The smallest of each ``window`` keys from a place on, into that place, by windows twice as large each time."""
    width = 1
    while width < window:
        step = min(width, window - width)
        ahead = keys[step:]
        for i in range(len(ahead)):
            keys[i] = min(keys[i], ahead[i])
        width += step


@compiled
def winnow_text(codes: U32, keys: U64, window: int, out: U64, n: int) -> int:
    """Prints that winnowing keeps (of each ``window`` places the smallest hash, the last of equals), into ``out``.

    A stretch without a break that is shorter than the window keeps its smallest. Gives where the next print goes.
    ``keys`` are lost; ``out`` has room for a print more than there are codes.
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
        _smallest(keys[begin:end], span)
        before = NONE
        for key in keys[begin : end - span + 1]:
            out[n] = key ^ PLACES
            n += (key != before) & (key < NONE << np.uint64(PLACE))
            before = key
        begin = end
    return n


@compiled
def winnow_all(codes: U32, starts: I64, short: int, long: int, window: int) -> tuple[U64, I64]:
    """Prints of each text, in order of their places, and where each text's begin."""
    longest = 0
    for text in range(len(starts) - 1):
        longest = max(longest, starts[text + 1] - starts[text])
    prefix, keys = np.empty(longest + 1, np.uint64), np.empty(longest, np.uint64)
    out = np.empty(len(codes) // 4 + 64, np.uint64)
    out_starts = np.zeros(len(starts), np.int64)
    n = 0
    for text in range(len(starts) - 1):
        own = codes[starts[text] : min(starts[text + 1], starts[text] + (1 << PLACE))]
        if n + len(own) >= len(out):
            more = np.empty(2 * len(out) + len(own) + 1, np.uint64)
            more[:n] = out[:n]
            out = more
        gram_keys(own, short, long, prefix, keys)
        n = winnow_text(own, keys, window, out, n)
        out_starts[text + 1] = n
    return out[:n].copy(), out_starts


@compiled
def text_sizes(codes: U32, starts: I64) -> tuple[I64, I64]:
    """For each text: codes that can match, twice their size."""
    lengths, sizes = np.zeros(len(starts) - 1, np.int64), np.zeros(len(starts) - 1, np.int64)
    for text in range(len(starts) - 1):
        own = codes[starts[text] : starts[text + 1]]
        length, dense = np.uint32(0), np.uint32(0)
        for i in range(len(own)):
            length += np.uint32((own[i] & CODE) != 0)
            dense += np.uint32((own[i] & CODE != 0) & (own[i] & DENSE != 0))
        lengths[text], sizes[text] = length, np.int64(length) + np.int64(dense)
    return lengths, sizes
