"""Headline phrases that the article's own body does not hold.

Conservative: a headline sums up in other words. It is listed only where most of its content words, by number and by
length (:data:`LEAST_MISSING`), are in the body in no form: folded, by dictionary form (Japanese), by stem (English), by
beginning (Korean), by pairs of characters (Chinese). Its phrases are then the clauses that miss as much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from wiretrace.trace.fold import fold, folded, size
from wiretrace.trace.readings import tokens
from wiretrace.trace.speakers import KANJI
from wiretrace.trace.words import raw

LEAST_BODY = 120.0  # size of a body that can be said not to hold something
LONGEST_TITLE = 300
LONGEST_BODY = 20_000
STEMS = 65_536  # English words whose stems are at hand, and folded pairs: the same make up most of every text
# By language: content words that a headline must miss, and their share of the characters of all its content words. Set
# on the headlines of two invented worlds (369 honest, 11 slipping ones, the latter Japanese): there, honest Japanese
# ones reach .50 and slips begin at .56; elsewhere words are told by less (pairs, stems, beginnings), and honest ones
# reach .77 (Chinese), .55 (Korean), 1.0 with four words (English).
LEAST_MISSING = {"ja": (2, 0.55), "zh": (5, 0.9), "ko": (4, 0.8), "en": (5, 0.9)}
LABEL = re.compile(r"[【\[［〈(（][^】\]］〉)）]{1,20}[】\]］〉)）]")
CLAUSES = re.compile(r"[^、。，,：:;；!！?？…|｜/／「」『』“”\"（）()【】\[\]—–―~～　]+")
CONTENT_JA = ("名詞", "動詞", "形容詞", "形状詞", "副詞")
EMPTY_ZH = re.compile(r"[的了在和与與是将將把被对對为為等从從到以及于於而也又这這那个個就不没沒有向]")
ENDINGS_EN: tuple[str, ...] = (
    "ations",
    "ation",
    "ingly",
    "ments",
    "ment",
    "ness",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "ed",
    "es",
    "er",
)
ENDINGS_EN += ("ly", "s", "y", "e")
PARTICLE_KO = re.compile(r"(?:으로|에서|에게|까지|부터|처럼|보다|은|는|이|가|을|를|의|에|로|과|와|도|만)\Z")


@dataclass(frozen=True)
class Word:
    """One content word of a headline: its span, whether the body holds it, and the form that any other form of it in
    the body has too ('' where nothing more is to be asked).
    """

    start: int
    end: int
    held: bool
    form: str = ""


def phrases(title: str, bodies: Sequence[str], language: str) -> list[tuple[str, str]]:
    """(phrase, missing words) of the clauses of ``title`` that none of ``bodies`` holds: the article's own, then those
    of copies in the same language, since a body that was cut has lost what its headline tells.
    """
    if language not in LEAST_MISSING:
        return []
    title = title.strip()[:LONGEST_TITLE]
    codes, _ = fold(bodies[0][:LONGEST_BODY])
    if not title or size(codes) < LEAST_BODY:
        return []
    # A body that repeats its own headline says nothing about it.
    kept = "\n".join(line for body in bodies for line in body[:LONGEST_BODY].split("\n") if line.strip() != title)
    words = {"ja": _japanese, "zh": _chinese, "ko": _korean, "en": _english}[language](title, kept)
    labels = [m.span() for m in LABEL.finditer(title)]
    words = [w for w in words if not any(a <= w.start < b for a, b in labels)]
    # Whatever form the body's words have, they can only hold more: its forms are asked for where that matters.
    if language in FORMS and _lacks(words, language):
        forms = FORMS[language](kept)
        words = [replace(w, held=w.held or w.form in forms) for w in words]
    if not _lacks(words, language):
        return []
    found = []
    for clause in CLAUSES.finditer(title):
        own = [w for w in words if clause.start() <= w.start and w.end <= clause.end()]
        if own and _missing(own) >= LEAST_MISSING[language][1]:
            missing = ", ".join(title[w.start : w.end] for w in own if not w.held)
            found.append((title[own[0].start : own[-1].end], missing))
    return sorted(dict(reversed(found)).items())


def _lacks(words: Sequence[Word], language: str) -> bool:
    """Whether the body lacks so many of ``words`` that the headline is listed."""
    least, share = LEAST_MISSING[language]
    return sum(not w.held for w in words) >= least and _missing(words) >= share


def _missing(words: Sequence[Word]) -> float:
    """Share of the characters of ``words`` that the body does not hold."""
    total = sum(w.end - w.start for w in words)
    return sum(w.end - w.start for w in words if not w.held) / total if total else 0.0


def _japanese(title: str, body: str) -> list[Word]:
    plain, empty = folded(body), raw()["headlines"]["empty"]["ja"]
    found: list[Word] = []
    place = 0
    for surface, _, kind, form in tokens(title):
        start, place = place, place + len(surface)
        if kind[0] not in CONTENT_JA or kind[1] == "数詞" or form in empty or kind[1] == "非自立可能":
            continue
        if re.fullmatch("[ぁ-ゖー]", surface):
            continue
        found.append(Word(start, place, folded(surface) in plain or _stem(title[start:place], plain), form))
    return found


def _dictionary_forms(body: str) -> set[str]:
    """Dictionary forms of the words of a Japanese body."""
    return {form for line in body.split("\n") for part in re.split("(?<=。)", line) for _, _, _, form in tokens(part)}


def _stem(word: str, body: str) -> bool:
    """Whether the Han part of an inflected word stands in the body."""
    han = re.match(rf"[{KANJI}]+(?=[ぁ-ゖ])", word)
    return bool(han) and folded(han.group()) in body if han else False


def _chinese(title: str, body: str) -> list[Word]:
    plain = folded(body)
    words = []
    for clause in CLAUSES.finditer(title):
        start = clause.start()
        for part in re.split(f"({EMPTY_ZH.pattern})", clause.group()):
            if len(part) >= 2 and re.search(rf"[{KANJI}]{{2}}", part):
                words += _pairs(part, start, plain)
            start += len(part)
    return words


def _pairs(part: str, start: int, body: str) -> list[Word]:
    """Runs of characters that stand in the body, and runs of which no pair does."""
    held = [False] * len(part)
    for i in range(len(part) - 1):
        pair = _folded(part[i : i + 2])
        if pair and pair in body:
            held[i] = held[i + 1] = True
    words: list[Word] = []
    begin = 0
    for i in range(1, len(part) + 1):
        if i == len(part) or held[i] != held[begin]:
            if i - begin >= 2:
                words += [Word(start + j, min(start + j + 2, start + i), held[begin]) for j in range(begin, i, 2)]
            begin = i
    return words


@lru_cache(STEMS)
def _folded(pair: str) -> str:
    return folded(pair)


def _english(title: str, body: str) -> list[Word]:
    empty = raw()["headlines"]["empty"]["en"]
    have = _english_words(body)
    return [
        Word(m.start(), m.end(), word in have, _english_stem(word))
        for m in re.finditer(r"[^\W\d_]{4,}", title)
        if (word := m.group().casefold()) not in empty
    ]


def _english_words(body: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", body.casefold()))


def _stems(body: str) -> set[str]:
    """Stems of the words of an English body."""
    return set(map(_english_stem, _english_words(body)))


@lru_cache(STEMS)
def _english_stem(word: str) -> str:
    word = word[:-1] if word.endswith("s") and len(word) > 4 else word
    for ending in ENDINGS_EN:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _korean(title: str, body: str) -> list[Word]:
    plain = folded(body)
    words = []
    for match in re.finditer(r"[가-힣]{2,}", title):
        word = PARTICLE_KO.sub("", match.group()) if len(match.group()) > 2 else match.group()
        words.append(Word(match.start(), match.start() + len(word), folded(word[:2]) in plain))
    return words


FORMS: dict[str, Callable[[str], set[str]]] = {"ja": _dictionary_forms, "en": _stems}
