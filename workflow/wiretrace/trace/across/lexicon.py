"""Word lists looked up in folded text, all places of many texts at once.

A word is found by the rolling hash of its length: at each place the hashes of 1 to ``LONGEST`` characters are looked
up, first in a table of bits, then among the sorted hashes. A word that lies within a longer one is not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wiretrace.trace.fold import U32, fold

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
LONGEST = 10
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_TABLE_BITS = 24


@dataclass(frozen=True)
class Lexicon:
    """Folded words by their hashes: ``hashes`` sorted, ``lengths`` that occur, and each word's keys."""

    hashes: U64
    lengths: tuple[int, ...]
    table: npt.NDArray[np.bool_]
    begins: I64  # of each word's keys, one more at the end
    keys: U64

    def find(self, codes: U32) -> tuple[I64, I64, I64]:
        """(word, place, length) of the words in ``codes``, by place; where two overlap, both, unless one holds the
        other.
        """
        words, places, lengths = [], [], []
        wanted = set(self.lengths)
        for length, hashes in enumerate(_rolling(codes, max(self.lengths, default=0)), 1):
            if length not in wanted:
                continue
            likely = np.flatnonzero(self.table[hashes >> np.uint64(64 - _TABLE_BITS)])
            at = np.searchsorted(self.hashes, hashes[likely])
            at[at == len(self.hashes)] = 0
            hit = self.hashes[at] == hashes[likely]
            words.append(at[hit])
            places.append(likely[hit])
            lengths.append(np.full(int(hit.sum()), length, np.int64))
        if not words:
            none = np.empty(0, np.int64)
            return none, none, none
        word, place, size = np.concatenate(words), np.concatenate(places), np.concatenate(lengths)
        order = np.argsort(place * 16 - size, kind="stable")
        word, place, size = word[order], place[order], size[order]
        ends = place + size
        reach = np.maximum.accumulate(ends)
        outer = np.ones(len(ends), bool)
        outer[1:] = ends[1:] > reach[:-1]
        return word[outer], place[outer], size[outer]


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
    hashes, order = [np.empty(0, np.uint64)], []
    for length in sorted(by_length):
        own = sorted(by_length[length])
        codes = np.frombuffer(b"".join(own), np.uint32).reshape(len(own), length)
        hashes.append(_hash_rows(codes))
        order += own
    joined = np.concatenate(hashes)
    places = np.argsort(joined, kind="stable")
    lists = [sorted(folded[order[i]]) for i in places.tolist()]
    begins = np.concatenate([[0], np.cumsum([len(keys) for keys in lists])]).astype(np.int64)
    table = np.zeros(1 << _TABLE_BITS, bool)
    table[joined >> np.uint64(64 - _TABLE_BITS)] = True
    return Lexicon(
        hashes=joined[places],
        lengths=tuple(sorted(by_length)),
        table=table,
        begins=begins,
        keys=np.array([k for keys in lists for k in keys], np.uint64),
    )


def _hash_rows(codes: U32) -> U64:
    made = np.zeros(len(codes), np.uint64)
    for column in range(codes.shape[1]):
        made = _step(made, codes[:, column])
    return _finish(made)


def _rolling(codes: U32, longest: int) -> list[U64]:
    """For each length from 1 on the hashes of all runs of that length."""
    made = []
    current = np.zeros(len(codes), np.uint64)
    for length in range(1, min(longest, len(codes)) + 1):
        current = _step(current[: len(codes) - length + 1], codes[length - 1 :])
        made.append(_finish(current))
    return made


def _step(before: U64, codes: U32) -> U64:
    return before * _FACTOR + codes.astype(np.uint64) + np.uint64(1)


def _finish(hashes: U64) -> U64:
    mixed = (hashes ^ (hashes >> np.uint64(31))) * _FACTOR
    return mixed ^ (mixed >> np.uint64(29))
