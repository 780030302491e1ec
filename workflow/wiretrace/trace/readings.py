"""How names sound: readings of Japanese names, and keys by which a reading meets its Latin and Korean spelling.

Readings come from SudachiPy's core dictionary (https://github.com/WorksApplications/SudachiDict). A given name that it
does not hold is read kanji by kanji, with the stems that names are made from (泰 ヤスシ gives ヤス).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from sudachipy import Dictionary, SplitMode

MOST = 64  # readings kept of one part of a name
LONGEST = 12  # characters of a name that are read
# Common kanji that stand last, and first, in given names of two: with them a kanji's readings in names are looked up.
LAST = "一二三四五郎太子美吾介平司治夫雄男人也哉樹香代江枝恵奈菜乃穂実里紀造蔵次志助輔生彦久典和明宏広博文史"
FIRST = "一正和義文光信昭良高幸清秀明英友智康孝安直忠政弘裕俊達茂有利久雅由美千真理恵"
STEMS = ("シ", "ル", "ム", "ク", "ス")  # endings of one-kanji names that drop in compounds
KATAKANA = str.maketrans({chr(c): chr(c + 0x60) for c in range(0x3041, 0x3097)})
SMALL = "ャュョァィゥェォッンー"
ROWS = {"": "アイウエオ", "k": "カキクケコ", "g": "ガギグゲゴ", "s": "サシスセソ", "z": "ザジズゼゾ", "t": "タチツテト"}
ROWS |= {
    "d": "ダヂヅデド",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
}
ROWS |= {"r": "ラリルレロ"}
ROMAN = {kana: row + vowel for row, kanas in ROWS.items() for kana, vowel in zip(kanas, "aiueo", strict=True)}
ROMAN |= {
    "シ": "shi",
    "ジ": "ji",
    "チ": "chi",
    "ツ": "tsu",
    "ヂ": "ji",
    "ヅ": "zu",
    "フ": "fu",
    "ヤ": "ya",
    "ユ": "yu",
    "ヨ": "yo",
}
ROMAN |= {"ワ": "wa", "ヲ": "o", "ン": "n", "ヴ": "vu", "ー": ""}
SMALL_Y = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}
SMALL_VOWEL = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
ONSETS = ["k", "k", "n", "t", "t", "r", "m", "p", "p", "s", "s", "-", "s", "s", "s", "k", "t", "p", "h"]
VOWELS = [
    "a",
    "e",
    "ya",
    "ye",
    "o",
    "e",
    "yo",
    "ye",
    "o",
    "wa",
    "e",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "u",
    "ui",
    "i",
]


@cache
def _tools() -> tuple[Any, Any]:
    dictionary = Dictionary(dict="core")
    return dictionary, dictionary.tokenizer()


def tokens(text: str) -> list[tuple[str, str, tuple[str, ...], str]]:
    """(surface, reading in katakana, part of speech, dictionary form) of each longest word of ``text``."""
    if not text:
        return []
    found = _tools()[1].tokenize(text[:4000], SplitMode.C)
    return [(m.surface(), m.reading_form(), tuple(m.part_of_speech()), m.normalized_form()) for m in found]


def katakana(text: str) -> str:
    """``text`` in full-width katakana without spaces and middle dots."""
    normal = unicodedata.normalize("NFKC", text).translate(KATAKANA)
    return re.sub(r"[\s・=＝]", "", normal)


def reading(name: str) -> str:
    """The dictionary's reading of ``name`` in katakana, '' where it has none."""
    found = "".join(r for _, r, _, _ in tokens(name[:LONGEST]))
    return found if found and all("ァ" <= c <= "ヺ" or c == "ー" for c in found) else ""


@lru_cache(maxsize=50_000)
def readings(part: str) -> frozenset[str]:
    """Readings that ``part`` of a name can have, in katakana, at most 64."""
    known = _entries(part)
    whole = reading(part)
    found = sorted(known | ({whole} if whole else set()))
    if 2 <= len(part) <= 3:
        made = [""]
        for place, character in enumerate(part):
            own = sorted(_entries(character))
            stems = [r[:-1] for r in own if len(r) > 2 and r.endswith(STEMS)] if place < len(part) - 1 else []
            made = [left + right for left in made for right in dict.fromkeys(own + stems)][:MOST]
        found += made
    return frozenset(dict.fromkeys(found[:MOST]))


def can_be_read(part: str, sound: str) -> bool:
    """Whether ``part`` of a name can be read ``sound`` (katakana): as the dictionary has it, or kanji by kanji as each
    is read in other given names (彰 ショウ as in 彰一, トモ of 朝 as in 朝子).
    """
    if sound in readings(part):
        return True
    ends = {0}
    for character in part[:LONGEST]:
        ends = {end + len(own) for own in _in_names(character) for end in ends if sound.startswith(own, end)}
    return len(sound) in ends and bool(part)


@lru_cache(maxsize=20_000)
def _in_names(character: str) -> frozenset[str]:
    """Readings of one kanji in names: its own, and what is left of given names of two kanji without the other's.

    Dictionary: 彰 alone is アキラ; of 彰一 ショウイチ without 一 イチ is left ショウ.
    """
    found = _entries(character)
    found |= {sound[:-1] for sound in found if len(sound) > 2 and sound.endswith(STEMS)}
    for name, other in [*((character + c, c) for c in LAST), *((c + character, c) for c in FIRST)]:
        for sound in _given_names(name):
            if name[0] == character:
                left = [sound[: -len(own)] for own in _entries(other) if sound.endswith(own)]
            else:
                left = [sound[len(own) :] for own in _entries(other) if sound.startswith(own)]
            # The other's longest reading, so that nothing of it is left.
            found |= {min(left, key=lambda rest: (len(rest), rest))} if left else set()
    # What the other's reading leaves of itself where the dictionary has it cut (ヨシ without ヨ).
    rests = {sound for sound in found if sound[:1] in ("シ", "サ") and sound[1:] in found}
    return frozenset(sound for sound in found - rests if sound and sound[0] not in SMALL)


def _given_names(name: str) -> set[str]:
    """Readings of ``name`` as a given name."""
    entries = [m for m in _tools()[0].lookup(name) if m.surface() == name]
    return {m.reading_form() for m in entries if m.part_of_speech()[2:4] == ("人名", "名")}


def _entries(part: str) -> set[str]:
    """Readings of ``part`` as a name, or as any noun where it is no name."""
    entries = [m for m in _tools()[0].lookup(part) if m.surface() == part]
    people = [m for m in entries if "人名" in m.part_of_speech() or "地名" in m.part_of_speech()]
    found = {m.reading_form() for m in [*people, *(m for m in entries if len(part) == 1 or not people)]}
    return {r for r in found if r and all("ァ" <= c <= "ヺ" for c in r)}


@lru_cache(maxsize=50_000)
def latin_key(word: str) -> str:
    """A romanised or katakana word as one key: Hepburn without long vowels, n before b, m, p."""
    plain = unicodedata.normalize("NFKD", roman(word)).casefold()
    plain = "".join(c for c in plain if "a" <= c <= "z")
    plain = re.sub("m(?=[bmp])", "n", plain)
    plain = re.sub(r"oh(?![aiueo])|ou|oo", "o", plain)
    return plain.replace("uu", "u")


def roman(word: str) -> str:
    """Katakana in Hepburn; other characters stay."""
    made = ""
    for c in word:
        if c in SMALL_Y:
            y = SMALL_Y[c]
            made = made[:-1] + (y[1:] if made.endswith(("shi", "chi", "ji")) else y)
        elif c in SMALL_VOWEL:
            made = made[:-1] + SMALL_VOWEL[c]
        elif c == "ッ":
            continue
        else:
            made += ROMAN.get(c, c)
    return made


@lru_cache(maxsize=50_000)
def korean_key(word: str) -> str:
    """Key of a Korean or katakana word by its syllables, voiced and voiceless consonants as one."""
    if any("가" <= c <= "힣" for c in word):
        made = ""
        for c in word:
            index = ord(c) - 0xAC00
            if 0 <= index < 11172:
                coda = index % 28
                made += ONSETS[index // 588] + VOWELS[index % 588 // 28] + ("n" if coda in (4, 16, 21) else "")
        made = made.replace("-", "")
    else:
        made = latin_key(word)
        made = re.sub("tsu|zu|su", "su", made)
        made = re.sub("sh|ch|j|z|ts", "s", made).replace("f", "h")
        made = made.replace("g", "k").replace("d", "t").replace("b", "p").replace("v", "p")
    made = re.sub("s(?:y|w)(?=[aiueo])", "s", made)
    return re.sub(r"oo|ou", "o", made).replace("uu", "u")
