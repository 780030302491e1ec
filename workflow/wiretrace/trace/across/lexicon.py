"""Word lists looked up in folded text, all places of many texts at once.

A word is found by the rolling hash of its length: at each place the hashes of 1 to ``LONGEST`` characters are looked
up, as far as a word that begins with this character may go, first in a small table, then among the sorted hashes. A
word that lies within a longer one is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wiretrace.compiled import compiled
from wiretrace.trace.fold import LIMIT, U32, fold

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
LONGEST = 10
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
SPARE_BITS = 5  # the table has 32 to 64 places for each word, so that few other runs of characters are searched for


@dataclass(frozen=True)
class Lexicon:
    """Folded words by their hashes: ``hashes`` sorted, and each word's keys."""

    hashes: U64
    longest: npt.NDArray[np.int8]  # for each code the length of the longest word that begins with it
    table: npt.NDArray[np.bool_]
    shift: int  # of a hash to its place in the table
    begins: I64  # of each word's keys, one more at the end
    keys: U64

    def find(self, codes: U32) -> tuple[I64, I64, I64]:
        """(word, place, length) of the words in ``codes``, by place; where two overlap, both, unless one holds the
        other.
        """
        found = _find(codes, self.hashes, self.table, self.shift, self.longest)
        return found[0], found[1], found[2]


@compiled
def _find(codes: U32, hashes: U64, table: npt.NDArray[np.bool_], shift: int, longest: npt.NDArray[np.int8]) -> I64:
    """Rows of words, places, lengths, longest first at a place."""
    found = np.empty((3, max(16, len(codes) // 4)), np.int64)
    size = reach = 0
    for place in range(len(codes)):
        current = np.uint64(0)
        known, end = -1, 0
        # The longest word from here, if it reaches beyond those that began before.
        for length in range(1, min(int(longest[codes[place]]), len(codes) - place) + 1):
            current = current * _FACTOR + np.uint64(codes[np.uint64(place + length - 1)]) + np.uint64(1)
            mixed = (current ^ (current >> np.uint64(31))) * _FACTOR
            mixed ^= mixed >> np.uint64(29)
            if place + length > reach and table[mixed >> np.uint64(shift)]:
                at = np.searchsorted(hashes, mixed)
                if at < len(hashes) and hashes[at] == mixed:
                    known, end = int(at), place + length
        if known >= 0:
            if size == found.shape[1]:
                found = np.concatenate((found, np.empty_like(found)), axis=1)
            found[0, size], found[1, size], found[2, size] = known, place, end - place
            size, reach = size + 1, end
    return found[:, :size]


def build(words: Mapping[str, Sequence[int]]) -> Lexicon:
    """Lexicon of ``words``, as written, each with its keys; what folds to nothing or is too long is left out."""
    folded: dict[bytes, set[int]] = {}
    for word, keys in words.items():
        codes = fold(word)[0]
        if 0 < len(codes) <= LONGEST:
            folded.setdefault(codes.tobytes(), set()).update(keys)
    by_length: dict[int, list[bytes]] = {}
    for written in folded:
        by_length.setdefault(len(written) // 4, []).append(written)
    hashes, order, longest = [np.empty(0, np.uint64)], [], np.zeros(LIMIT, np.int8)
    for length in sorted(by_length):
        own = sorted(by_length[length])
        codes = np.frombuffer(b"".join(own), np.uint32).reshape(len(own), length)
        hashes.append(_hash_rows(codes))
        longest[codes[:, 0]] = length
        order += own
    joined = np.concatenate(hashes)
    places = np.argsort(joined, kind="stable")
    lists = [sorted(folded[order[i]]) for i in places.tolist()]
    begins = np.concatenate([[0], np.cumsum([len(keys) for keys in lists])]).astype(np.int64)
    bits = len(joined).bit_length() + SPARE_BITS
    table = np.zeros(1 << bits, bool)
    table[joined >> np.uint64(64 - bits)] = True
    return Lexicon(
        hashes=joined[places],
        longest=longest,
        table=table,
        shift=64 - bits,
        begins=begins,
        keys=np.array([k for keys in lists for k in keys], np.uint64),
    )


def _hash_rows(codes: U32) -> U64:
    made = np.zeros(len(codes), np.uint64)
    for column in range(codes.shape[1]):
        made = _step(made, codes[:, column])
    return _finish(made)


def _step(before: U64, codes: U32) -> U64:
    return before * _FACTOR + codes.astype(np.uint64) + np.uint64(1)


def _finish(hashes: U64) -> U64:
    mixed = (hashes ^ (hashes >> np.uint64(31))) * _FACTOR
    return mixed ^ (mixed >> np.uint64(29))
