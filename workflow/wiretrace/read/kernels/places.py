"""Kernels: where many words stand in a page's source, all of them found in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from wiretrace.compiled import compiled

Bytes = NDArray[np.uint8]
Whole = NDArray[np.int64]
Numbers = NDArray[np.int32]
TAIL = 4  # last bytes of a word by which it is looked up; of shorter ones the last two
BITS = 14  # of an entry by tails: few enough for the processor's first cache
MIXED, SHIFT = np.uint32(0x9E3779B1), np.uint32(32 - BITS)  # multiplicative hash (Knuth, volume 3, section 6.4)


@dataclass(frozen=True)
class Index:
    """Words by their tails, as numbers from 1; 0 is none.

    ``ends``: where each ends in ``words``, and 0 in front; ``heads`` and ``pairs``: the last word of each tail's entry,
    of four bytes and of two; ``before``: of each word the one in front of it there.
    """

    words: bytes
    ends: Whole
    heads: Numbers
    pairs: Bytes
    before: Numbers


def index_of(words: Sequence[bytes]) -> Index:
    """``words`` of two bytes and more, up to 255 of them."""
    if not 0 < len(words) < 256 or min(map(len, words)) < 2:
        raise ValueError("no words, too many, or one of a single byte")
    none = Index(b"", np.zeros(1, np.int64), np.zeros(1 << BITS, np.int32), np.zeros(1 << 16, np.uint8), _numbers(1))
    return _with(none, words)


def _numbers(size: int) -> Numbers:
    return np.zeros(size, np.int32)


def _with(known: Index, words: Sequence[bytes]) -> Index:
    """``words`` behind those of ``known``; of fewer bytes than ``TAIL`` in a new index alone."""
    joined = known.words + b"".join(words)
    sizes = np.array([len(word) for word in words], np.int64)
    ends = np.concatenate([known.ends, len(known.words) + np.cumsum(sizes)])
    before = np.concatenate([known.before, _numbers(len(words))])
    made = replace(known, words=joined, ends=ends, heads=known.heads.copy(), before=before)
    index(np.frombuffer(joined, np.uint8), ends, len(known.ends), made.heads, made.pairs, before)
    return made


def places(source: bytes, known: Index, most: int, words: Sequence[bytes]) -> tuple[list[int], list[int]]:
    """(number from 0, place) of the first ``most`` places of each of ``known``'s words in ``source``, UTF-8.

    And of the first place of each of ``words``, of four bytes and more, numbered behind them. Places are in characters;
    those of a word stand in order.
    """
    both = _with(known, words) if words else known
    page = np.frombuffer(source, np.uint8)
    wanted = np.ones(len(both.ends), np.int64)
    wanted[: len(known.ends)] = most
    found, at = found_in(
        page, np.frombuffer(both.words, np.uint8), both.ends, both.heads, both.pairs, both.before, wanted
    )
    return (found - 1).tolist(), (at if source.isascii() else characters(page, at)).tolist()


@compiled
def index(words: Bytes, ends: Whole, begin: int, heads: Numbers, pairs: Bytes, before: Numbers) -> None:
    """Put the words from number ``begin`` on in front of those that ``heads`` and ``pairs`` have."""
    for number in range(begin, len(ends)):
        end = ends[number]
        if end - ends[number - 1] < TAIL:
            pair = np.uint16(words[end - 2]) | np.uint16(words[end - 1]) << np.uint16(8)
            before[number], pairs[pair] = pairs[pair], number
        else:
            tail = np.uint32(0)
            for at in range(end - TAIL, end):
                tail = np.uint32(tail >> np.uint32(8) | np.uint32(words[at]) << np.uint32(24))
            entry = np.uint32(tail * MIXED) >> SHIFT
            before[number], heads[entry] = heads[entry], number


@compiled
def found_in(
    source: Bytes, words: Bytes, ends: Whole, heads: Numbers, pairs: Bytes, before: Numbers, wanted: Whole
) -> tuple[Whole, Whole]:
    """The words found, and the byte at which each begins; ``wanted``, so many places of each, is counted down."""
    most = wanted.sum()
    found, begins, made = np.empty(most, np.int64), np.empty(most, np.int64), 0
    tail = np.uint32(0)
    for at in range(len(source)):
        tail = np.uint32(tail >> np.uint32(8) | np.uint32(source[at]) << np.uint32(24))
        longer, shorter = heads[np.uint32(tail * MIXED) >> SHIFT], pairs[tail >> np.uint32(16)]
        if longer == 0 and shorter == 0:
            continue
        for head in (longer, np.int32(shorter)):
            number = head
            while number:
                begin = at + 1 - (ends[number] - ends[number - 1])
                if begin >= 0 and wanted[number] and stands(source, begin, words, ends[number - 1], ends[number]):
                    wanted[number] -= 1
                    found[made], begins[made] = number, begin
                    made += 1
                number = before[number]
    return found[:made], begins[:made]


@compiled
def stands(source: Bytes, at: int, words: Bytes, begin: int, end: int) -> bool:
    """Whether what ``words`` have from ``begin`` to ``end`` stands in ``source`` at ``at``."""
    k = end - 1
    while k >= begin and words[k] == source[at + k - begin]:
        k -= 1
    return bool(k < begin)


@compiled
def characters(source: Bytes, places: Whole) -> Whole:
    """The characters in front of each of ``places`` in ``source``; quick where most of them stand in order."""
    found = np.empty(len(places), np.int64)
    behind, count = 0, 0
    for number in range(len(places)):
        place = places[number]
        between = 0
        for byte in source[min(behind, place) : max(behind, place)]:
            between += byte & np.uint8(0xC0) != np.uint8(0x80)
        count += between if place > behind else -between
        behind, found[number] = place, count
    return found
