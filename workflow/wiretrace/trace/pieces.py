"""Which quotations stand in a text: every place of the text is looked up among pieces of all quotations.

A quotation is cut into pieces of equal length, as many as it holds. A place of the text whose hash is a piece's is
looked at: the run of equal characters around it is counted once, from its first piece. A piece is a hash of 64 bits; a
bit for each hash that occurs keeps most places from being looked up at all, so that a text costs about the same however
many quotations there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from wiretrace.compiled import compiled
from wiretrace.trace.fold import U32, unspaced

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Whole = Any  # a Python or a numpy integer, one to numba

BASE = np.uint64(0x9E3779B97F4A7C15)
SPARSE = 16  # places of the first table for each piece, of which as many are left empty but one


class Pieces:
    """The pieces of quotations of one kind, ready to be met in texts.

    Args:
        words: the quotations, folded, each at least ``length`` long.
        length: characters of a piece.
        least: twice the size (``fold.size``) of a run that says that a text holds the words, where it is a part.
        share: of the quotation that such a run has to be.
    """

    def __init__(self, words: Sequence[str], length: int, least: float, share: float) -> None:
        self._codes = codes_of("".join(words))
        self._dense = unspaced(self._codes)
        self._starts = np.cumsum([0, *map(len, words)], dtype=np.int64)
        self._rule = (length, int(least), share)
        places = [place for a, b in pairwise(self._starts.tolist()) for place in range(a, b - length + 1, length)]
        hashes = hashes_at(self._codes, np.array(places, np.int64), length)
        order = np.argsort(hashes, kind="stable")
        self._hashes, self._places = hashes[order], np.array(places, np.int64)[order]
        self._owners = np.searchsorted(self._starts, self._places, "right") - 1
        bits = max(10, int(SPARSE * max(1, len(places))).bit_length())
        self._shift = np.uint64(64 - bits)
        self._there = np.zeros(1 << bits, np.bool_)
        self._there[(self._hashes >> self._shift).astype(np.int64)] = True
        self._met = np.full(len(words), -1, np.int64)
        self._texts = 0

    def held(self, text: U32) -> list[int]:
        """Numbers of the quotations that ``text``, folded, holds whole or by such a run."""
        self._texts += 1
        known = (self._codes, self._dense, self._starts, self._hashes, self._places, self._owners)
        found: list[int] = meet(text, *known, self._there, self._shift, *self._rule, self._met, self._texts).tolist()
        return found


def codes_of(text: str) -> U32:
    """``text`` as code points."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@compiled
def mixed(h: Whole) -> Whole:
    """``h`` with its bits stirred (the finishing steps of splitmix64)."""
    h = (h ^ (h >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return h ^ (h >> np.uint64(32))


@compiled
def hashes_at(codes: U32, places: I64, length: int) -> U64:
    """The hash of the ``length`` codes from each of ``places`` on."""
    made = np.zeros(len(places), np.uint64)
    for number in range(len(places)):
        h = np.uint64(0)
        for i in range(places[number], places[number] + length):
            h = h * BASE + np.uint64(codes[i])
        made[number] = mixed(h)
    return made


@compiled
def meet(
    text: U32,
    codes: U32,
    dense: Bools,
    starts: I64,
    hashes: U64,
    places: I64,
    owners: I64,
    there: Bools,
    shift: Whole,
    length: int,
    least: int,
    share: float,
    met: I64,
    turn: int,
) -> I64:
    """Numbers of the quotations that ``text`` holds (see ``Pieces``); ``met`` keeps the last turn that each was met."""
    found = np.zeros(16, np.int64)
    count = 0
    power = np.uint64(1)
    for _ in range(length):
        power *= BASE
    h = np.uint64(0)
    for end in range(len(text)):
        h = h * BASE + np.uint64(text[end])
        if end >= length:
            h -= power * np.uint64(text[end - length])
        if end + 1 < length:
            continue
        own = mixed(h)
        if not there[own >> shift]:
            continue
        at = np.searchsorted(hashes, own)
        while at < len(hashes) and hashes[at] == own:
            number = owners[at]
            if met[number] != turn and stands(
                text,
                end + 1 - length,
                codes,
                dense,
                starts[number],
                starts[number + 1],
                places[at],
                length,
                least,
                share,
            ):
                met[number] = turn
                if count == len(found):
                    found = np.append(found, np.zeros(count, np.int64))
                found[count] = number
                count += 1
            at += 1
    return found[:count]


@compiled
def stands(
    text: U32,
    at: int,
    codes: U32,
    dense: Bools,
    first: int,
    last: int,
    place: int,
    length: int,
    least: int,
    share: float,
) -> bool:
    """Whether the run around the piece at ``place`` of the quotation from ``first`` to ``last``, at ``at`` in the text,
    is the whole of it or long enough; False where an earlier piece of the run told.
    """
    begin, end, shift = place, place + length, at - place
    for i in range(begin, end):
        if codes[i] != text[i + shift]:
            return False  # the hash of other characters
    while begin > first and begin + shift > 0 and codes[begin - 1] == text[begin - 1 + shift]:
        begin -= 1
        if place - begin == length:
            return False
    while end < last and end + shift < len(text) and codes[end] == text[end + shift]:
        end += 1
    if begin == first and end == last:
        return True
    if end - begin < share * (last - first):
        return False
    size = 0
    for i in range(begin, end):
        size += 1 + dense[i]
    return size >= least
