"""Names by their sound: one consonant skeleton for Latin letters, katakana and Hangul.

A transliteration keeps the consonants in order, roughly: voiced and voiceless, l and r, f and p, v and b fall
together in Japanese or Korean, vowels and h, w, y are lost or added. So Clark, クラーク and 클라크 are all KRK.
Classes: K P T S M N R; a leading A stands for a first vowel. A skeleton of fewer than three consonants says nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

LEAST = 3
MOST_FORMS = 16  # readings of one name that are followed

# Longest first; a vowel is kept as "." until the end, since r sounds only before one.
LATIN = [
    ("tion", "S.N"),
    ("sion", "S.N"),
    ("sch", "S"),
    ("tch", "S"),
    ("dge", "S."),
    ("ph", "P"),
    ("gh", ""),
    ("ck", "K"),
    ("ch", "S"),
    ("sh", "S"),
    ("th", "S"),
    ("ts", "S"),
    ("tz", "S"),
    ("zz", "S"),
    ("ng", "N"),
    ("qu", "K."),
    ("ce", "S."),
    ("ci", "S."),
    ("cy", "S."),
    ("ge", "S."),
    ("gi", "S."),
    ("x", "KS"),
]
LATIN_LETTERS = dict(zip("bcdfgjklmnpqrstvz", "PKTPKSKRMNPKRSTPS", strict=True))
LATIN_START = {"kn": "n", "wr": "r", "ps": "s", "x": "z"}
KANA_ROWS = {
    "K": "カキクケコガギグゲゴ",
    "S": "サシスセソザジズゼゾチヂツヅ",
    "T": "タテトダデド",
    "N": "ナニヌネノン",
    "P": "バビブベボパピプペポヴフ",
    "M": "マミムメモ",
    "R": "ラリルレロ",
}
KANA = {kana: row for row, kanas in KANA_ROWS.items() for kana in kanas}
HANGUL_ONSET = ["K", "K", "N", "T", "T", "R", "M", "P", "P", "S", "S", "", "S", "S", "S", "K", "T", "P", ""]
# fmt: off
HANGUL_CODA = ["", "K", "K", "K", "N", "N", "N", "T", "R", "R", "R", "R", "R", "R", "R", "R", "M", "P", "P", "S",
               "S", "N", "S", "S", "K", "T", "P", ""]
# fmt: on
# Sounds of Cyrillic letters in Latin ones, for names only.
ROMAN = dict(zip("абвгдезийклмнопрстуфыэіґ", "abvgdeziiklmnoprstufyeig", strict=True))
ROMAN |= {"ё": "io", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ї": "i"}
ROMAN |= {"є": "e"}
LATIN_RULE = re.compile("|".join(re.escape(a) for a, _ in LATIN) + "|[a-z]")
LATIN_MAP = dict(LATIN)


@lru_cache(maxsize=200_000)
def of_latin(word: str) -> str:
    """Skeleton of a word in Latin letters, '' where it is too short to say anything."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if "a" <= c <= "z")
    for start, instead in LATIN_START.items():
        if plain.startswith(start):
            plain = instead + plain[len(start) :]
    made = "".join(
        LATIN_MAP.get(part, LATIN_LETTERS.get(part, "." if part in "aeiouy" else ""))
        for part in LATIN_RULE.findall(plain)
    )
    # r after a vowel is silent in English and absent in Japanese and Korean, unless a vowel follows.
    made = re.sub(r"(?<=\.)R(?!\.)", "", made) if "r" in plain and "l" not in plain else _drop_r(plain, made)
    return _finish(made)


def _drop_r(plain: str, made: str) -> str:
    """As above for words that have an l as well, which stays."""
    if "r" not in plain:
        return made
    silent = [m.start() for m in re.finditer(r"(?<=[aeiouy])r(?![aeiouy])", plain)]
    liquids = [m.start() for m in re.finditer(r"[rl]", plain)]
    number = -1
    kept = []
    for c in made:
        if c == "R":
            number += 1
            if number < len(liquids) and liquids[number] in silent:
                continue
        kept.append(c)
    return "".join(kept)


def of_cyrillic(word: str) -> str:
    """Skeleton of a word in Cyrillic letters."""
    return of_latin("".join(ROMAN.get(c, "") for c in word.lower()))


@lru_cache(maxsize=200_000)
def of_katakana(word: str) -> str:
    """Skeleton of a word in katakana."""
    made = []
    for index, c in enumerate(word):
        following = word[index + 1 : index + 2]
        if c in "ッーヽヾ・":
            continue
        if (c == "ト" and following == "ゥ") or (c in "チヂツ" and following in ("ィ", "ゥ")):
            made.append("T.")
        elif c in KANA:
            made.append("N" if c == "ン" else KANA[c] + ".")
        elif c not in "ァィゥェォャュョ":
            made.append(".")
    return _finish("".join(made))


@lru_cache(maxsize=200_000)
def of_hangul(word: str) -> str:
    """Skeleton of a word in Hangul syllables."""
    made = []
    for c in word:
        index = ord(c) - 0xAC00
        if 0 <= index < 11172:
            made.append(HANGUL_ONSET[index // 588] + "." + HANGUL_CODA[index % 28])
    return _finish("".join(made))


# What an initial of Mandarin stands for in a foreign name; w is the foreign w (nothing) or v, er the foreign r or none.
PINYIN_INITIALS = {"zh": "S", "ch": "S", "sh": "S"} | dict(zip("bpmfdtnlrgkjqxzcs", "PPMPTTNRRKKSSSSSS", strict=True))


def of_syllables(syllables: Sequence[str]) -> set[str]:
    """Skeletons of a foreign name written in Han characters, given their Mandarin readings."""
    made = {""}
    for syllable in syllables:
        forms = [_syllable(syllable)]
        if syllable.startswith("w"):
            forms.append("P" + forms[0])
        elif syllable == "er":
            forms = ["", "R."]
        made = {m + f for m in made for f in forms}
        if len(made) > MOST_FORMS:
            break
    return {skeleton for skeleton in map(_finish, made) if skeleton}


def _syllable(syllable: str) -> str:
    initial = syllable[:2] if syllable[:2] in PINYIN_INITIALS else syllable[:1]
    coda = "N" if syllable.endswith(("n", "ng")) else ""
    return PINYIN_INITIALS.get(initial, "") + "." + coda


def _finish(made: str) -> str:
    made = re.sub(r"N(?=\.?P)", "M", made) if "NP" in made or "N.P" in made else made
    lead = "A" if made.startswith(".") else ""
    joined = re.sub(r"([KPTSMNR])\1+", r"\1", made)
    kept = joined.replace(".", "")
    if kept.endswith("NK"):
        kept = kept[:-1]
    return lead + kept if len(kept) >= LEAST else ""
