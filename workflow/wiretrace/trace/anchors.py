"""Anchors: what a translation keeps.

Numbers and dates by value, names by letter and by sound, Han characters, addresses, and some words of the news in
four languages (``config/registry/anchor_words.csv``). No model, no dictionary beyond that.

An anchor is (kind, key, start, end): the key is the same in every language, the span counts in the text as written.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any, NamedTuple

import ahocorasick
import numpy as np

from wiretrace.identity import REGISTRY
from wiretrace.trace import sounds
from wiretrace.trace.fold import I32, U32, as_text, fold, folded, han_table

MOST_ANCHORS = 6000  # of one text


class Anchor(NamedTuple):
    """One thing in a text that its translation would keep."""

    kind: str
    key: str
    start: int
    end: int


# One to one, so that places stay what they are.
WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0x2019: 0x27, 0x2010: 0x2D, 0x2011: 0x2D}
# fmt: off
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december"]
# fmt: on
MONTH = {name: i for i, name in enumerate(MONTHS, 1)} | {name[:3]: i for i, name in enumerate(MONTHS, 1)} | {"sept": 9}
MONTH_WORD = "|".join(sorted(MONTH, key=lambda w: (-len(w), w)))
DATES = (
    re.compile(
        r"(?<!\d)(?:(?P<y>\d{4})\s*[年년]\s*)?(?P<m>1[0-2]|0?[1-9])\s*[月월]\s*(?:(?P<d>3[01]|[12]\d|0?[1-9])\s*[日号號일])?"
    ),
    re.compile(r"(?<![\d./-])(?P<y>(?:19|20)\d\d)[-/.](?P<m>1[0-2]|0?[1-9])[-/.](?P<d>3[01]|[12]\d|0?[1-9])(?![\d/-])"),
    re.compile(
        rf"\b(?P<d>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?\s+(?P<w>{MONTH_WORD})\b\.?(?:,?\s+(?P<y>(?:19|20)\d\d)\b)?",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?P<w>{MONTH_WORD})\b\.?(?:\s+(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b)?(?:,?\s+(?P<y>(?:19|20)\d\d)\b)?",
        re.IGNORECASE,
    ),
)
SCALE = {
    "十": 10,
    "百": 100,
    "백": 100,
    "千": 1000,
    "천": 1000,
    "thousand": 1000,
    "万": 10**4,
    "萬": 10**4,
    "만": 10**4,
}
SCALE |= {"million": 10**6, "mn": 10**6, "亿": 10**8, "億": 10**8, "억": 10**8, "billion": 10**9, "bn": 10**9}
SCALE |= {"兆": 10**12, "조": 10**12, "trillion": 10**12}
UNIT = r"[兆조億亿억万萬만千천百백]|\s?(?:thousand|million|billion|trillion|bn|mn)\b"
NUMBER = re.compile(rf"\d[\d,]*(?:\.\d+)?(?:(?:{UNIT})+(?:\d[\d,]*(?:{UNIT})*)*)?", re.IGNORECASE)
PIECE = re.compile(rf"(\d[\d,]*(?:\.\d+)?)((?:{UNIT})*)", re.IGNORECASE)
HAN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "両": 2, "兩": 2}
COUNTERS = "人名个個つ年月日时時点分岁歳才次回件家台枚位種种期期倍条條"
HAN_NUMBER = re.compile(rf"[〇零一二三四五六七八九十百千万億亿兩两両]{{2,}}|[一二三四五六七八九十两両](?=[{COUNTERS}])")
SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
WORDS = {w: i for i, w in enumerate(f"{SMALL} eighteen nineteen".split())}
WORDS |= {
    w: 10 * i for i, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
WORDS |= {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "dozen": 12, "hundred": 100, "thousand": 1000}
LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9&'+-]*")
LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'、。，）)\]」』]{4,300}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.ASCII
)
KATAKANA = re.compile(r"[ァ-ヴー]{2,}")
HANGUL = re.compile(r"[가-힣]{2,12}")


def base_language(language: str) -> str:
    """``zh`` for zh-Hans and zh-Hant, else the language without script and region."""
    return language.split("-")[0].lower()


def anchors(text: str, language: str) -> list[Anchor]:
    """Anchors of ``text``, sorted by place; what is a date is no number as well."""
    flat = text.translate(WIDTH)
    base = base_language(language)
    found: list[Anchor] = []
    taken = bytearray(len(flat))
    found.extend(_links(flat, taken))
    found.extend(_dates(flat, taken))
    found.extend(_numbers(flat, taken, base))
    found.extend(_names(flat, taken, base))
    if base in ("ja", "zh", "ko"):
        codes, places = fold(text)
        if base != "ko":
            found.extend(_han(codes, places))
        found.extend(_words(codes, places, base))
    if base == "en":
        found.extend(_english(flat))
    return sorted(set(found), key=lambda a: (a.start, a.end, a.kind, a.key))[:MOST_ANCHORS]


def _free(taken: bytearray, start: int, end: int) -> bool:
    if any(taken[start:end]):
        return False
    taken[start:end] = b"\x01" * (end - start)
    return True


def _links(flat: str, taken: bytearray) -> Iterator[Anchor]:
    for m in LINK.finditer(flat):
        if _free(taken, *m.span()):
            address = m[0].rstrip(".,;:")
            yield Anchor("link", "a:" + address.split("://", 1)[-1].rstrip("/").lower(), *m.span())


def _dates(flat: str, taken: bytearray) -> Iterator[Anchor]:
    for rule in DATES:
        for m in rule.finditer(flat):
            parts = m.groupdict()
            month = MONTH[parts["w"].lower()] if parts.get("w") else int(parts["m"])
            if parts.get("w", "") in ("may", "mar", "sep", "sept", "dec", "march") or not _free(taken, *m.span()):
                continue  # not capitalised: may, march are verbs
            yield Anchor("date", f"d:{month}-{int(parts['d'])}" if parts["d"] else f"d:{month}", *m.span())
            if parts["y"]:
                yield Anchor("number", f"n:{int(parts['y'])}", *m.span("y"))


def _numbers(flat: str, taken: bytearray, base: str) -> Iterator[Anchor]:
    for m in NUMBER.finditer(flat):
        if _free(taken, *m.span()):
            value = _value(m[0])
            if value:
                yield Anchor("number", f"n:{value}", m.start(), m.start() + len(m[0].rstrip()))
    if base in ("ja", "zh"):
        for m in HAN_NUMBER.finditer(flat):
            if _free(taken, *m.span()):
                han = _han_value(m[0])
                if han:
                    yield Anchor("number", f"n:{han}", *m.span())


@lru_cache(maxsize=100_000)
def _value(written: str) -> str:
    """Value of digits with their units as a plain decimal; '' where it is none."""
    total = Decimal(0)
    for digits, units in PIECE.findall(written.lower()):
        try:
            value = Decimal(digits.replace(",", "")[:24])
        except InvalidOperation:
            return ""
        for unit in re.findall(r"[a-z]+|[^\sa-z]", units):
            value *= SCALE[unit]
        total += value
    return f"{total.normalize():f}"


def _han_value(written: str) -> int:
    if not any(c in "十百千万億亿" for c in written):
        return int("".join(str(HAN_DIGITS[c]) for c in written)[:12]) if len(written) > 1 else HAN_DIGITS[written]
    total = section = digit = 0
    for c in written:
        if c in HAN_DIGITS:
            digit = HAN_DIGITS[c]
        elif c in "万億亿":
            total = (total + section + digit or 1) * SCALE[c]
            section = digit = 0
        else:
            section += (digit or 1) * SCALE[c]
            digit = 0
    return total + section + digit


def _names(flat: str, taken: bytearray, base: str) -> Iterator[Anchor]:
    for m in LATIN.finditer(flat):
        if taken[m.start()]:
            continue
        word = m[0].lower().removesuffix("'s").strip("'-&+")
        if len(word) >= 2:
            yield Anchor("name", f"l:{word}", *m.span())
            if base not in ("ja", "zh", "ko") and word in WORDS:
                yield Anchor("number", f"n:{WORDS[word]}", *m.span())
        if m[0][0].isupper() and len(word) >= 3:
            for part in word.split("-"):
                skeleton = sounds.of_latin(part)
                if skeleton:
                    yield Anchor("sound", f"s:{skeleton}", *m.span())
    if base == "ja":
        for m in KATAKANA.finditer(flat):
            skeleton = sounds.of_katakana(m[0])
            if skeleton:
                yield Anchor("sound", f"s:{skeleton}", *m.span())
    if base == "ko":
        for m in HANGUL.finditer(flat):
            # Up to two syllables of particle follow a name without a space.
            for cut in (0, 1, 2):
                stem = m[0][: len(m[0]) - cut]
                skeleton = sounds.of_hangul(stem) if len(stem) >= 2 else ""
                if skeleton:
                    yield Anchor("sound", f"s:{skeleton}", m.start(), m.start() + len(stem))


def _han(codes: U32, places: I32) -> Iterator[Anchor]:
    """Single Han characters and pairs of neighbours, folded."""
    han = han_table()[codes]
    written = as_text(codes)
    at = places.tolist()
    for index in np.flatnonzero(han).tolist():
        start, c = at[index], written[index]
        yield Anchor("han", f"h:{c}", start, start + 1)
        if index and han[index - 1] and at[index - 1] == start - 1:
            yield Anchor("han", f"h:{written[index - 1]}{c}", start - 1, start + 1)


@cache
def _lexicon(base: str) -> Any:
    """Folded words of one language to their ids: an automaton, or for spaced languages a plain dictionary."""
    words: dict[str, str] = {}
    with open(REGISTRY / "anchor_words.csv", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for word in filter(None, row.get(base, "").split("|")):
                words.setdefault(word.lower() if base == "en" else folded(word), row["id"])
    if base == "en":
        return words
    automaton = ahocorasick.Automaton()
    for word, name in sorted(words.items()):
        if word:
            automaton.add_word(word, (len(word), name))
    automaton.make_automaton()
    return automaton


EN_WORD = re.compile(r"[A-Za-zü0-9][A-Za-zü0-9.-]*|%")


def _words(codes: U32, places: I32, base: str) -> Iterator[Anchor]:
    """Words of the news in a language without spaces (or, Korean, with particles): longest first."""
    at = places.tolist()
    for last, (length, name) in _lexicon(base).iter_long(as_text(codes)):
        yield Anchor("word", f"w:{name}", at[last - length + 1], at[last] + 1)


def _english(flat: str) -> Iterator[Anchor]:
    words = _lexicon("en")
    tokens = [(m.group().lower().rstrip(".-"), m.start(), m.end()) for m in EN_WORD.finditer(flat)]
    index = 0
    while index < len(tokens):
        for length in (3, 2, 1):
            phrase = " ".join(t[0] for t in tokens[index : index + length])
            if phrase in words and index + length <= len(tokens):
                yield Anchor("word", f"w:{words[phrase]}", tokens[index][1], tokens[index + length - 1][2])
                break
        else:
            length = 1
        index += length
