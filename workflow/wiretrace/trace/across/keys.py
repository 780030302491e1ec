"""What an anchor is: its class, how rare a thing of that class is guessed to be, and its number.

A key is 48 bits: 6 of class, 42 that stand for the thing (two code points for a pair of Han characters, else a digest),
so that equal things have equal keys in every run, language and batch.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

BITS = 42
CLASS_SHIFT = BITS


class Class(NamedTuple):
    """A class of anchors: its word in the tables, and the share of texts that one is guessed to stand in."""

    kind: str
    guess: float


# The guesses were set on one half of real parallel news so that 40 texts rank like 400 (docs/methods-tracing.md).
NUMBER1, NUMBER2, NUMBER, DATE, MONTH, NAME, SOUND3, SOUND, SYLLABLES = range(1, 10)
HAN, HAN_PAIR, WORD, LINK, GLOSS, YEAR, HANJA, JAPANESE = range(10, 18)
CLASSES = {
    NUMBER1: Class("number", 0.3),
    NUMBER2: Class("number", 0.05),
    NUMBER: Class("number", 0.005),
    DATE: Class("date", 0.03),
    MONTH: Class("date", 0.1),
    NAME: Class("name", 0.02),
    SOUND3: Class("sound", 0.05),
    SOUND: Class("sound", 0.01),
    SYLLABLES: Class("sound", 0.01),
    HAN: Class("han", 0.2),
    HAN_PAIR: Class("han", 0.01),
    WORD: Class("word", 0.05),
    LINK: Class("link", 0.002),
    GLOSS: Class("gloss", 0.05),
    YEAR: Class("year", 0.3),
    HANJA: Class("reading", 0.05),
    JAPANESE: Class("sound", 0.01),
}


def key(of_class: int, thing: str) -> int:
    """Key of ``thing``, by its digest."""
    digest = hashlib.blake2b(thing.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return of_class << CLASS_SHIFT | int.from_bytes(digest, "big") >> (64 - BITS)


def number_key(value: str) -> int:
    """Key of a plain decimal; four digits of this century or the last are a year, which most news bears."""
    if len(value) == 4 and value[:2] in ("19", "20") and value.isdecimal():
        return key(YEAR, value)
    return key(NUMBER1 if len(value) == 1 else NUMBER2 if len(value) == 2 else NUMBER, value)


def kind(of_key: int) -> str:
    """The word for a key's class."""
    return CLASSES[of_key >> CLASS_SHIFT].kind
