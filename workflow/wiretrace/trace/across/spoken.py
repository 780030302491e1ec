"""Han characters by their readings: Korean words of Chinese origin in Hangul, Japanese names in Latin letters.

Both are told by neighbouring readings, as Chinese names are in Pinyin: 経済 and 경제 by 경-제, 丸山 and Maruyama by
maru-yama. Which reading a character has in a word is not asked; a wrong one meets nothing.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from wiretrace.compiled import compiled
from wiretrace.identity import REGISTRY
from wiretrace.trace.across.glosses import initial
from wiretrace.trace.across.lexicon import I64, U64
from wiretrace.trace.fold import LIMIT, U32, folded

SHIFT = 21
AGAIN = ord("々")  # the character before it once more
LONGEST_READING = 6
SPARE = 1  # readings that a name may be split into more than it need be: Kubota is kubo-ta or ku-bo-ta
# Long vowels, which are written in many ways (Ohno, Ōno, Ono), and n before b, m and p.
_LONG = ((re.compile("o[ou]+|oh(?![aeiouy])"), "o"), (re.compile("uu+"), "u"), (re.compile("m(?=[bmp])"), "n"))


@dataclass(frozen=True)
class Spoken:
    """The readings of each character: those of code c are ``readings[begins[c]:begins[c + 1]]``."""

    begins: npt.NDArray[np.int32]
    readings: npt.NDArray[np.int32]

    def pairs(self, codes: U32) -> tuple[U64, I64]:
        """(two readings, place) of neighbouring characters in ``codes``, each reading of one with each of the other."""
        return _pairs(codes, self.begins, self.readings)


@compiled
def _pairs(codes: U32, begins: npt.NDArray[np.int32], readings: npt.NDArray[np.int32]) -> tuple[U64, I64]:
    """See :meth:`Spoken.pairs`; counted first, then written."""
    size = 0
    made, places = np.empty(0, np.uint64), np.empty(0, np.int64)
    for turn in range(2):
        before = np.uint32(0)
        size = 0
        for place in range(len(codes)):
            code = before if codes[place] == AGAIN else codes[place]
            for i in range(begins[before], begins[before + 1]):
                for j in range(begins[code], begins[code + 1]):
                    if turn:
                        made[size] = np.uint64(readings[i]) << np.uint64(SHIFT) | np.uint64(readings[j])
                        places[size] = place - 1
                    size += 1
            before = code
        if not turn:
            made, places = np.empty(size, np.uint64), np.empty(size, np.int64)
    return made, places


def _rows(name: str) -> list[tuple[str, str]]:
    with open(REGISTRY / name, encoding="utf-8", newline="") as stream:
        return [(row["reading"], folded(row["characters"])) for row in csv.DictReader(stream)]


def _spoken(readings: dict[str, set[int]]) -> Spoken:
    lists = {ord(character): sorted(own) for character, own in readings.items()}
    counts = np.zeros(LIMIT + 1, np.int32)
    for code, own in lists.items():
        counts[code + 1] = len(own)
    flat = [number for code in sorted(lists) for number in lists[code]]
    return Spoken(np.cumsum(counts, dtype=np.int32), np.array(flat, np.int32))


@cache
def in_korean() -> Spoken:
    """Sino-Korean readings as code points of Hangul, in the middle and at the start of a word."""
    made: dict[str, set[int]] = {}
    for reading, characters in _rows("hanja_readings.csv"):
        for character in characters:
            made.setdefault(character, set()).update((ord(reading), ord(initial(reading))))
    return _spoken(made)


@cache
def _korean_syllables() -> frozenset[str]:
    return frozenset(map(chr, in_korean().readings.tolist()))


def korean_pairs(word: str) -> list[int]:
    """Neighbouring syllables of a word in Hangul that may both be readings of Chinese characters."""
    known = _korean_syllables()
    return [ord(a) << SHIFT | ord(b) for a, b in pairwise(word) if a in known and b in known]


@cache
def _names() -> tuple[Spoken, dict[str, int]]:
    """Readings of characters in Japanese names, and their numbers."""
    rows = _rows("japanese_name_readings.csv")
    numbers = {reading: i for i, reading in enumerate(sorted({reading for reading, _ in rows}), 1)}
    made: dict[str, set[int]] = {}
    for reading, characters in rows:
        for character in characters:
            made.setdefault(character, set()).add(numbers[reading])
    return _spoken(made), numbers


def in_names() -> Spoken:
    """Readings of characters in Japanese names, as numbers."""
    return _names()[0]


def name_pairs(word: str) -> list[int]:
    """Neighbouring readings of ``word``, a Japanese name in lower-case Latin letters; none where it is not made of
    readings throughout.
    """
    numbers = _names()[1]
    for rule, instead in _LONG:
        word = rule.sub(instead, word)
    parts = [
        (begin, end, numbers[word[begin:end]])
        for begin in range(len(word))
        for end in range(begin + 1, min(len(word), begin + LONGEST_READING) + 1)
        if word[begin:end] in numbers
    ]
    # The fewest readings from the start to each place, and from there to the end.
    before, after = {0: 0}, {len(word): 0}
    for begin, end, _ in parts:
        if begin in before:
            before[end] = min(before[begin] + 1, before.get(end, len(word)))
    for begin, end, _ in reversed(parts):
        if end in after:
            after[begin] = min(after[end] + 1, after.get(begin, len(word)))
    most = before.get(len(word), 0) + SPARE
    pairs = {
        one << SHIFT | other
        for begin, middle, one in parts
        for start, end, other in parts
        if middle == start and begin in before and end in after and before[begin] + 2 + after[end] <= most
    }
    return sorted(pairs)
