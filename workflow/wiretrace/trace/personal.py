"""Whether words are a person's name in Chinese or Korean: by surnames, and by the characters that spell foreign names.

Words that only look like a name are in ``config/registry/speech.yaml``.
"""

from __future__ import annotations

import csv
import re
from functools import cache

import opencc

from wiretrace.identity import REGISTRY
from wiretrace.trace.fold import folded
from wiretrace.trace.readings import tokens
from wiretrace.trace.words import raw

DOTTED = re.compile(r"[^\W\d_a-zA-Z]{1,12}(?:[·・‧•][^\W\d_a-zA-Z]{1,8})+")

SYLLABLES = re.compile(r"[가-힣]{2}(?![를을는와])[가-힣]")


def chinese_name(name: str) -> bool:
    """Whether a word in Chinese is a name: surname and one or two characters, a foreign name with its dot, or one that
    the Japanese dictionary parts into family and given name.
    """
    if DOTTED.fullmatch(name):
        return True
    plain = folded(name)
    if plain in words():
        return False
    surname = next((s for s in surnames() if plain.startswith(s)), "")
    if surname and 1 <= len(plain) - len(surname) <= 2:
        return True
    if 2 <= len(plain) <= 3 and plain[0] in ambiguous_surnames() and not set(plain[1:]) & grammar():
        return True
    parts = tokens(_japanese_form(plain)) if 3 <= len(plain) <= 5 else []
    return len(parts) == 2 and len(parts[0][0]) > 1 and "姓" in parts[0][2] and "名" in parts[1][2]


def spelled_name(name: str) -> bool:
    """Whether all characters of a word in Chinese are ones that spell foreign names."""
    return 1 <= len(name) <= 8 and set(folded(name)) <= spelling() and folded(name) not in words()


def korean_name(word: str) -> bool:
    """Whether a word of three syllables begins with a Korean surname and is no word that only looks so."""
    return bool(SYLLABLES.fullmatch(word)) and word[0] in raw()["surnames_ko"]["single"] and word not in words_ko()


@cache
def spelling() -> frozenset[str]:
    """Characters with which Chinese spells foreign names, in folded form."""
    with open(REGISTRY / "transliteration_characters.csv", encoding="utf-8", newline="") as stream:
        return frozenset(folded(row["character"]) for row in csv.DictReader(stream))


@cache
def surnames() -> tuple[str, ...]:
    """Chinese surnames in folded form, those of two characters first."""
    known = raw()["surnames_zh"]
    return (*map(folded, known["double"]), *folded(known["single"]))


@cache
def ambiguous_surnames() -> frozenset[str]:
    """Common Chinese surnames, in folded form, that begin many other words too."""
    return frozenset(folded(raw()["surnames_zh"]["ambiguous"]))


@cache
def grammar() -> frozenset[str]:
    """Characters, in folded form, that are grammar and seldom part of a name."""
    return frozenset(folded(raw()["surnames_zh"]["grammar"]))


@cache
def words() -> frozenset[str]:
    """Chinese words, in folded form, that only look like a surname and a given name."""
    return frozenset(map(folded, raw()["surnames_zh"]["words"]))


@cache
def words_ko() -> frozenset[str]:
    """Korean words that only look like a surname and a given name."""
    return frozenset(raw()["surnames_ko"]["words"])


@cache
def _to_japanese() -> tuple[opencc.OpenCC, opencc.OpenCC]:
    return opencc.OpenCC("s2t"), opencc.OpenCC("t2jp")


def _japanese_form(plain: str) -> str:
    """``plain`` with the forms of characters that Japanese has."""
    traditional, japanese = _to_japanese()
    return str(japanese.convert(traditional.convert(plain)))
