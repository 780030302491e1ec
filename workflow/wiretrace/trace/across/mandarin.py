"""How Han characters are read in Mandarin, for names: Chinese ones in Pinyin, foreign ones written by sound."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from wiretrace.identity import REGISTRY
from wiretrace.trace.fold import LIMIT, folded


@cache
def readings() -> tuple[dict[str, int], npt.NDArray[np.int64], dict[str, str]]:
    """Mandarin syllables without tone by number (from 1), for each code the number of its first reading or 0, and the
    reading of each character of foreign names.
    """
    # Its package reads tables of phrases as it is imported, which is dear for the steps that know no Mandarin.
    from pypinyin.pinyin_dict import pinyin_dict

    plain: dict[int, str] = {}
    for code, readings in pinyin_dict.items():
        if code < LIMIT:
            first = unicodedata.normalize("NFD", readings.split(",")[0])
            plain[code] = "".join(c for c in first if "a" <= c <= "z" or c == "\u0308").replace("u\u0308", "v")
    numbers = {syllable: i for i, syllable in enumerate(sorted(set(filter(None, plain.values()))), 1)}
    table = np.zeros(LIMIT, np.int64)
    for code, syllable in plain.items():
        table[code] = numbers.get(syllable, 0)
    with open(REGISTRY / "transliteration_characters.csv", encoding="utf-8", newline="") as stream:
        foreign = {folded(row["character"]): plain[ord(row["character"])] for row in csv.DictReader(stream)}
    return numbers, table, foreign


@cache
def foreign_table() -> npt.NDArray[np.bool_]:
    table = np.zeros(LIMIT, bool)
    table[[ord(c) for c in readings()[2]]] = True
    return table


def syllable_pairs(word: str) -> list[int]:
    """Neighbouring syllables of ``word``, a name in Pinyin, as numbers; none where it is not Pinyin throughout."""
    numbers = readings()[0]
    ways: list[list[list[int]]] = [[] for _ in range(len(word) + 1)]
    ways[0] = [[]]
    for end in range(1, len(word) + 1):
        for begin in range(max(0, end - 6), end):
            if ways[begin] and word[begin:end] in numbers:
                ways[end] += [[*way, numbers[word[begin:end]]] for way in ways[begin][:4]]
    pairs = {a << 21 | b for way in ways[-1] for a, b in pairwise(way)}
    return sorted(pairs)
