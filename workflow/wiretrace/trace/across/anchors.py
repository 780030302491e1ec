"""Anchors: what a translation keeps.

Numbers and dates by value, names by letter and by sound, Han characters, addresses, some words of the news in four
languages (``config/registry/anchor_words.csv``) and, where the investigation asks for them, dictionary glosses.
The tokens of a text are found by one pattern for its language; what a token stands for is worked out once per token.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain

import numpy as np
import numpy.typing as npt

from wiretrace.identity import REGISTRY
from wiretrace.trace.across import sounds, values
from wiretrace.trace.across.glosses import singular, stem
from wiretrace.trace.across.keys import (
    CLASS_SHIFT,
    DATE,
    GLOSS,
    HAN,
    HAN_PAIR,
    HANJA,
    JAPANESE,
    LINK,
    MONTH,
    NAME,
    SOUND,
    SOUND3,
    SYLLABLES,
    WORD,
    key,
    number_key,
)
from wiretrace.trace.across.languages import base_language
from wiretrace.trace.across.lexicon import I64, U64, Lexicon, build
from wiretrace.trace.across.mandarin import foreign_table, readings, syllable_pairs
from wiretrace.trace.across.products import tallied
from wiretrace.trace.across.spoken import in_korean, in_names, korean_pairs, name_pairs
from wiretrace.trace.fold import I32, U32, as_text, han_table
from wiretrace.trace.texts import Text

U16 = npt.NDArray[np.uint16]
FORMS = 500_000  # tokens whose keys are remembered at a time
LONGEST_TOKEN = 60
LONGEST_NAME = 6  # characters of a foreign name in Han
LONGEST_RUN = 12  # of such characters
LONGEST_SPELLED = 14  # letters of a word that may be Pinyin
TOGETHER = 64  # texts whose characters are looked up together
# One to one, so that places stay what they are.
WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0x2019: 0x27, 0x2010: 0x2D, 0x2011: 0x2D}
LINK_RULE = r"(?:https?://|www\.)[^\s<>\"'、。，）)\]」』]{4,300}|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
LETTER = "A-Za-zÀ-ɏＡ-Ｚａ-ｚ"
LATIN = rf"[{LETTER}][{LETTER}0-9０-９&'’+-]*"
KATAKANA = "[ァ-ヴー][ァ-ヴー]+"
HANGUL = "[가-힣][가-힣]{1,11}"
CYRILLIC = "[А-Яа-яЁёІіЇїЄєҐґ][А-Яа-яЁёІіЇїЄєҐґʼ'-]*"
CJK = frozenset({"ja", "zh", "ko"})
_LINK = re.compile(LINK_RULE)


@dataclass(frozen=True)
class Tools:
    """Word lists by language, and what the tokens met so far stand for. ``glosses`` is empty without dictionaries."""

    words: Mapping[str, Lexicon]
    english: Mapping[str, int]
    glosses: Mapping[str, Lexicon] = field(default_factory=dict)
    forms: dict[str, Forms] = field(default_factory=dict)

    def of(self, base: str) -> Forms:
        """What the tokens of a language stand for."""
        if base not in self.forms or len(self.forms[base]) > FORMS:
            self.forms[base] = Forms(base, self)
        return self.forms[base]


class Forms(dict[str, tuple[int, ...]]):
    """Keys of each token of one language, worked out when it is first met."""

    def __init__(self, base: str, tools: Tools) -> None:
        super().__init__()
        self.base = base
        self.tools = tools

    def __missing__(self, token: str) -> tuple[int, ...]:
        self[token] = keys = tuple(dict.fromkeys(_of_token(token.translate(WIDTH), self.base, self.tools)))
        return keys


@cache
def _patterns(base: str) -> tuple[re.Pattern[str], ...]:
    """What is searched for in a text of the language, one pattern after the other; what they find may overlap.

    Every alternative begins with characters of its own, which keeps a search over plain text quick.
    """
    if base in CJK:
        rules = [values.CJK_DATE, values.UNSPACED_NUMBER, LATIN]
        rules += {"ja": [KATAKANA, values.HAN_NUMBER], "zh": [values.HAN_NUMBER], "ko": [HANGUL]}[base]
        return re.compile("|".join(rules)), re.compile(values.ERA)
    if base == "en":
        return re.compile(f"{values.ENGLISH_NUMBER}|{LATIN}|%"), re.compile(values.DATE)
    return re.compile(f"{values.OTHER_NUMBER}|{LATIN}|{CYRILLIC}"), re.compile(values.DATE)


def patterns(shown: str, base: str) -> tuple[re.Pattern[str], ...]:
    """What to search ``shown`` for; addresses only where there is a sign of one."""
    if "://" in shown or "www." in shown or "@" in shown:
        return *_patterns(base), _LINK
    return _patterns(base)


def _of_token(token: str, base: str, tools: Tools) -> list[int]:
    first = token[0]
    if "ァ" <= first <= "ヿ":
        return _sounds({sounds.of_katakana(token)})
    if "가" <= first <= "힣":
        return _korean(token)
    if first.isdigit() or token[:3].lower() in values.MONTH:
        day = values.date(token)
        if day is not None:
            return _date_keys(*day)
    if first.isdigit():
        found = values.value(token, decimal_comma=base not in CJK and base != "en")
        return [number_key(found)] if found else []
    if base in CJK and not token.isascii():
        year = values.era_year(token)
        number = year or (values.han_value(token) if first in values.HAN_NUMBER_CHARACTERS else 0)
        if number:
            return [number_key(str(number))]
    if ("." in token or "@" in token) and _LINK.fullmatch(token):
        return [key(LINK, token.rstrip(".,;:").split("://", 1)[-1].rstrip("/").lower())]
    if "Ѐ" <= first <= "ӿ":
        return [*(_sounds({sounds.of_cyrillic(token)}) if first.isupper() else []), key(NAME, token.lower())]
    return _latin_word(token, base, tools)


def _date_keys(year: int, month: int, day: int) -> list[int]:
    keys = [key(DATE, f"{month}-{day}") if day else key(MONTH, str(month))]
    return [*keys, number_key(str(year))] if year else keys


def _sounds(skeletons: set[str]) -> list[int]:
    return [key(SOUND3 if len(s.lstrip("A")) <= 3 else SOUND, s) for s in sorted(skeletons) if s]


def _classed(of_class: int, things: Iterable[int]) -> list[int]:
    return [of_class << CLASS_SHIFT | thing for thing in things]


def _korean(token: str) -> list[int]:
    """A word with up to two syllables of particle, which follow a name without a space."""
    stems = [token[: len(token) - cut] for cut in (0, 1, 2) if len(token) - cut >= 2]
    return [*_sounds({sounds.of_hangul(stem) for stem in stems}), *_classed(HANJA, korean_pairs(token))]


def _phrases(tokens: Sequence[str]) -> list[tuple[int, int, int]]:
    """(first, end, key) of what two or three English words that follow each other stand for together."""
    firsts, seconds = _phrase_words()
    return [
        (i, i + size, k)
        for i in [i for i, token in enumerate(tokens) if token in firsts]
        if i + 1 < len(tokens) and tokens[i + 1].lower() in seconds
        for size in (2, 3)
        if i + size <= len(tokens)
        for k in _phrase(tuple(tokens[i : i + size]))
    ]


@lru_cache(maxsize=200_000)
def _phrase(words: tuple[str, ...]) -> list[int]:
    joined = " ".join(words).lower()
    keys = [_english()[joined]] if joined in _english() else []
    if all(word.lower() in values.LARGE for word in words[1:]):
        number = values.word_value(joined)
        keys += [number_key(str(number))] if number else []
    return keys


@cache
def _phrase_words() -> tuple[frozenset[str], frozenset[str]]:
    """First words of phrases and of numbers in words, as they may be written, and their second words in lower case."""
    phrases = [phrase.split() for phrase in _english() if " " in phrase]
    firsts = {words[0] for words in phrases} | set(values.WORDS)
    firsts |= {f"{ten}-{one}" for ten in values.WORDS for one in values.WORDS if ten.endswith("ty")}
    forms = frozenset(form for word in firsts for form in (word, word.capitalize(), word.upper()))
    return forms, frozenset({words[1] for words in phrases} | set(values.LARGE))


def _latin_word(token: str, base: str, tools: Tools) -> list[int]:
    word = token.lower()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    word = word.removesuffix("'s").strip("'-&+")
    known = next((form for form in singular(word) if form in tools.english), "")
    # A listed word is a word in whatever text it stands in Latin letters: Wall Street in a Japanese one is no name.
    keys = [tools.english[known]] if known else []
    if base == "en":
        number = values.ORDINALS.get(word, 0) or values.word_value(word)
        keys += [number_key(str(number))] if number else []
        if tools.glosses:
            keys += [key(GLOSS, s) for s in map(stem, re.findall("[a-z]+", word)) if s]
    if not 2 <= len(word) <= LONGEST_TOKEN:
        return keys
    if not known:
        keys.append(key(NAME, word))
    if token[0].isupper() and len(word) >= 3:
        for part in word.split("-"):
            keys += _sounds({sounds.of_latin(part)})
            if base not in CJK and 4 <= len(part) <= LONGEST_SPELLED:
                keys += _classed(SYLLABLES, syllable_pairs(part)) + _classed(JAPANESE, name_pairs(part))
    return keys


def _words_csv() -> list[dict[str, str]]:
    with open(REGISTRY / "anchor_words.csv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def _english() -> dict[str, int]:
    return {
        word.lower(): key(WORD, row["id"]) for row in reversed(_words_csv()) for word in row["en"].split("|") if word
    }


@cache
def _word_lists() -> dict[str, Lexicon]:
    rows = _words_csv()
    return {
        base: build({w: [key(WORD, row["id"])] for row in rows for w in row[base].split("|") if w})
        for base in ("ja", "zh", "ko")
    }


def tools(glosses: Mapping[str, Lexicon] | None = None) -> Tools:
    """What extraction needs; ``glosses`` by language, where the investigation asks for dictionaries."""
    return Tools(_word_lists(), _english(), glosses or {})


@dataclass(frozen=True)
class Places:
    """Anchors of one text in order of place: keys, first and last characters in the text as written."""

    keys: U64
    starts: I64
    ends: I64


def counted(texts: Sequence[Text], language: str, use: Tools) -> tuple[I32, U64, U16]:
    """(text, key, how often, 65,535 at most) of ``texts``, all of one language, sorted; texts by their place."""
    parts = [(np.empty(0, np.int32), np.empty(0, np.uint64), np.empty(0, np.uint16))]
    for begin in range(0, len(texts), TOGETHER):
        parts.append(_counted(texts[begin : begin + TOGETHER], begin, base_language(language), use))
    return (
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        np.concatenate([part[2] for part in parts]),
    )


def _counted(texts: Sequence[Text], first: int, base: str, use: Tools) -> tuple[I32, U64, U16]:
    forms = use.of(base)
    keys: list[int] = []
    ends = []
    for text in texts:
        seen = visible(text)
        for pattern in patterns(seen, base):
            tokens = pattern.findall(seen)
            keys.extend(chain.from_iterable(map(forms.__getitem__, tokens)))
            if base == "en":
                keys += [k for _, _, k in _phrases(tokens)]
        ends.append(len(keys))
    numbers = np.arange(len(texts), dtype=np.int32)
    owners, found = [np.repeat(numbers, np.diff([0, *ends]))], [np.array(keys, np.uint64)]
    if base in CJK:
        # All texts at once, a break between each two.
        apart = np.zeros(1, np.uint32)
        parts = [part for text in texts for part in (text.codes, apart)]
        owner = np.repeat(numbers, [len(part) + 1 for part in parts[::2]])
        for own, places, _ in _unspaced(np.concatenate(parts), base, use):
            owners.append(owner[places])
            found.append(own)
    return tallied(np.concatenate(owners), np.concatenate(found), len(texts), first)


def placed(text: Text, use: Tools) -> Places:
    """Anchors of one text with their places."""
    base = base_language(text.language)
    forms = use.of(base)
    seen = visible(text)
    found: list[tuple[int, int, int]] = []
    for rule in patterns(seen, base):
        tokens = list(rule.finditer(seen))
        found += [(k, m.start(), m.end()) for m in tokens for k in forms[m[0]]]
        if base == "en":
            together = _phrases([m[0] for m in tokens])
            found += [(k, tokens[first].start(), tokens[end - 1].end()) for first, end, k in together]
    parts = [np.array(found, np.int64).reshape(-1, 3).T]
    for keys, starts, ends in _unspaced(text.codes, base, use):
        parts.append(np.stack([keys.astype(np.int64), text.places[starts], text.places[ends - 1] + 1]))
    keys, starts, ends = np.concatenate(parts, axis=1)
    order = np.lexsort((keys, ends, starts))
    keys, starts, ends = keys[order], starts[order], ends[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1])
    return Places(keys[new].astype(np.uint64), starts[new], ends[new])


def visible(text: Text) -> str:
    """The text as written, with spaces where it must not match."""
    if text.length == len(text.codes):
        return text.text
    zero = text.codes == 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], zero.view(np.int8), [0]])))
    shown = text.text
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        first, last = int(text.places[begin]), int(text.places[end - 1]) + 1
        shown = shown[:first] + " " * (last - first) + shown[last:]
    return shown


def _unspaced(codes: U32, base: str, use: Tools) -> list[tuple[U64, I64, I64]]:
    """(keys, first, end) in folded characters of what is found in text without spaces."""
    if base not in CJK:
        return []
    found = [_looked_up(codes, use.words[base])]
    if base in use.glosses:
        found.append(_looked_up(codes, use.glosses[base]))
    if base == "ko":
        return found
    han = han_table()[codes]
    singles = np.flatnonzero(han)
    pairs = np.flatnonzero(han[1:] & han[:-1])
    wide = codes.astype(np.uint64)
    shift = np.uint64(21)
    found.append((wide[singles] | np.uint64(HAN << CLASS_SHIFT), singles, singles + 1))
    both = wide[pairs] << shift | wide[pairs + 1]
    found.append((both | np.uint64(HAN_PAIR << CLASS_SHIFT), pairs, pairs + 2))
    for spoken, of_class in ((in_korean(), HANJA), (in_names(), JAPANESE)):
        if of_class == HANJA or base == "ja":
            keys, places = spoken.pairs(codes)
            found.append((keys | np.uint64(of_class << CLASS_SHIFT), places, places + 2))
    if base == "zh":
        numbers = readings()[1][codes]
        both = (numbers[pairs] << 21 | numbers[pairs + 1]).astype(np.uint64)
        found.append((both | np.uint64(SYLLABLES << CLASS_SHIFT), pairs, pairs + 2))
        found.append(_foreign_names(codes))
    return found


def _looked_up(codes: U32, lexicon: Lexicon) -> tuple[U64, I64, I64]:
    word, place, length = lexicon.find(codes)
    counts = lexicon.begins[word + 1] - lexicon.begins[word]
    index = np.repeat(lexicon.begins[word] - (np.cumsum(counts) - counts), counts) + np.arange(int(counts.sum()))
    return lexicon.keys[index], np.repeat(place, counts), np.repeat(place + length, counts)


def _foreign_names(codes: U32) -> tuple[U64, I64, I64]:
    """Names that are written by sound in Han characters: every part of a run of such characters."""
    inside = np.zeros(len(codes) + 2, bool)
    inside[1:-1] = foreign_table()[codes]
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    begins, ends = edges[::2], edges[1::2]
    long = ends - begins >= 2
    begins, ends = begins[long], np.minimum(ends, begins + LONGEST_RUN)[long]
    written = as_text(codes)
    parts = [_name_parts(written[i:j]) for i, j in zip(begins.tolist(), ends.tolist(), strict=True)]
    keys, firsts, lasts = np.concatenate([np.empty((3, 0), np.int64), *parts], axis=1)
    begins = np.repeat(begins, [part.shape[1] for part in parts])
    return keys.astype(np.uint64), begins + firsts, begins + lasts


@lru_cache(maxsize=200_000)
def _name_parts(run: str) -> I64:
    """Columns of key, first and end of the names in ``run``."""
    found = [
        (k, i, j)
        for i in range(len(run) - 1)
        for j in range(i + 2, min(len(run), i + LONGEST_NAME) + 1)
        for k in _name_keys(run[i:j])
    ]
    return np.array(found, np.int64).reshape(-1, 3).T


@lru_cache(maxsize=200_000)
def _name_keys(name: str) -> list[int]:
    spoken = readings()[2]
    return _sounds(sounds.of_syllables([spoken[c] for c in name]))
