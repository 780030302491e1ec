"""Kernels: how a page's blocks read, by their characters alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from wiretrace.compiled import compiled

Codes = NDArray[np.uint32]
Kinds = NDArray[np.uint8]
Whole = NDArray[np.int64]
WIDE, DIGIT, SPACE, STOP, FULL, CLOSER, COMMA, END = (np.uint8(1 << bit) for bit in range(8))
WIDE_RANGES = ((0x3041, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7A3))
# FULL: a stop that ends a sentence with no blank behind it; CLOSER: what may stand between a stop and the blank.
MARKS = ((STOP, ".!?。！？…"), (FULL, "。！？"), (CLOSER, "\"'”’」』)）»"), (COMMA, ",，、；;"), (END, ".!?。！？…:："))
KNOWN = 0x20000  # no digit, blank or mark stands above
HEAD, TAIL = 200, 6  # characters whose figures are counted, of which one may end the text
STOPS, COMMAS, ENDS, FIGURES, WEIGHT = range(5)


@cache
def kinds() -> Kinds:
    """What each character is, as bits."""
    found = np.zeros(KNOWN, np.uint8)
    for low, high in WIDE_RANGES:
        found[low : high + 1] |= WIDE
    characters = "".join(map(chr, range(KNOWN)))
    found[[code for code, one in enumerate(characters) if one.isdecimal()]] |= DIGIT
    found[[code for code, one in enumerate(characters) if one.isspace()]] |= SPACE
    for bit, marks in MARKS:
        found[[ord(mark) for mark in marks]] |= bit
    return found


def counted(texts: Sequence[str]) -> Whole:
    """For each of ``texts`` its ends of sentences, commas, whether it ends like one, digits in its head, weight."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(np.array([len(text) for text in texts], np.int64))
    found = np.zeros((5, len(texts)), np.int64)
    count(codes, ends, kinds(), found)
    return found


@compiled
def count(codes: Codes, ends: Whole, kinds: Kinds, found: Whole) -> None:
    """Fill ``found`` with the counts of each text; ``ends``: where each ends in ``codes``."""
    begin = 0
    for number in range(len(ends)):
        end = ends[number]
        behind = begin  # the end of the last stop
        for at in range(begin, end):
            code = codes[at]
            kind = kinds[code] if code < KNOWN else np.uint8(0)
            found[WEIGHT, number] += 1 + (kind & WIDE)
            found[COMMAS, number] += kind & COMMA != 0
            found[FIGURES, number] += kind & DIGIT != 0 and at < begin + HEAD
            if kind & STOP and at >= behind:
                past = at + 1
                while past < end and codes[past] < KNOWN and kinds[codes[past]] & CLOSER:
                    past += 1
                parted = past == end or (codes[past] < KNOWN and kinds[codes[past]] & SPACE != 0)
                if parted or kind & FULL:
                    found[STOPS, number] += 1
                    behind = past if parted else at + 1
        last = end - 1
        while last >= max(begin, end - TAIL) and codes[last] < KNOWN and kinds[codes[last]] & CLOSER:
            last -= 1
        if last >= max(begin, end - TAIL) and codes[last] < KNOWN:
            found[ENDS, number] = kinds[codes[last]] & END != 0
        begin = end
