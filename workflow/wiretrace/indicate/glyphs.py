"""Which Chinese characters no Japanese encoding holds: forms that a Japanese author's keyboard does not offer.

The tables come from Python's codecs, so no data file can be wrong: a *Simplified* form is one that GB 2312 holds and
neither a Japanese set (Windows-31J, JIS X 0213 as EUC-JIS-2004 and ISO-2022-JP-2004) nor Big5 nor KS X 1001 does; a
*Traditional* form is one that Big5 holds and neither a Japanese set nor GB 2312 does; a *Chinese* form is one of
GB 2312 that no Japanese set holds, but Big5 or KS X 1001 does.
"""

from __future__ import annotations

from functools import cache

import regex

JAPANESE = ("cp932", "euc_jis_2004", "iso2022_jp_2004")
KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
HAN_RUN = regex.compile(r"\p{Han}++")


def _holds(codec: str, character: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _tables() -> dict[str, frozenset[str]]:
    """The three tables by name: simplified, traditional, chinese."""
    made: dict[str, set[str]] = {"simplified": set(), "traditional": set(), "chinese": set()}
    for code in range(0x4E00, 0xA000):
        character = chr(code)
        if any(_holds(codec, character) for codec in JAPANESE):
            continue
        in_gb, in_big5 = _holds("gb2312", character), _holds("big5", character)
        if in_gb and not in_big5 and not _holds("euc_kr", character):
            made["simplified"].add(character)
        elif in_gb:
            made["chinese"].add(character)
        elif in_big5:
            made["traditional"].add(character)
    return {name: frozenset(characters) for name, characters in made.items()}


@cache
def finder(name: str) -> regex.Pattern[str]:
    """A pattern for one character of the table ``name``."""
    return regex.compile("[" + "".join(sorted(_tables()[name])) + "]")


def of(name: str, text: str) -> set[str]:
    """The characters of ``text`` that are in table ``name``."""
    return set(text) & _tables()[name]


def kana_share(text: str) -> float:
    """Share of kana among the letters of ``text``, 0 to 1; ordinary Japanese has well over 0.2."""
    letters = sum(1 for c in text if c.isalpha())
    return len(KANA.findall(text)) / letters if letters else 0.0
