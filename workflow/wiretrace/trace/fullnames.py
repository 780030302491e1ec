"""The whole name that a short one stands for: a text that has named Jane Roe goes on with Roe, 三枝教授, 王女士.

Only a name that the same text holds, and only where no second one fits: a short form of two people is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from wiretrace.trace.quotes import Quote
from wiretrace.trace.speakers import ENDS_BEFORE, ENGLISH_WORD, JOINING
from wiretrace.trace.words import CAPITAL, languages

LONGEST_GIVEN = {"ja": 4, "zh": 2, "ko": 2}  # letters that follow a family name in a whole one
DOTS = re.compile("[·・‧•＝=]")
# Initials and particles between a given name and a family name, and a capitalised word that stands before both.
BETWEEN = rf"(?:(?:{CAPITAL}\.|de|la|van|von|al|bin|da)\s){{0,2}}"
BEFORE = rf"(?P<before>{CAPITAL}[\w’'-]*\.?\s)?(?<![\w’'-])"


def whole_names(text: str, quotes: Iterable[Quote], places: Iterable[tuple[int, int]], language: str) -> dict[str, str]:
    """Short name of a speaker in ``quotes``, or a title that stands for one → the whole name in ``text``.

    ``places``: where names with a title stand in it.
    """
    speakers = {quote.speaker: quote.named for quote in quotes if quote.speaker}
    if not speakers:
        return {}
    titled = [(text[begin:end], end) for begin, end in places]
    known = {_joined(name, language) for name in (*(name for name, _ in titled), *speakers) if speakers.get(name, True)}
    titles = languages()[language].tails
    found = {}
    for short, named in speakers.items():
        if not named and short in titles:
            bearers = {_joined(name, language) for name, end in titled if text.startswith(short, end)}
            fitting = {name for name in bearers if not any(_stands_for(name, other, language) for other in bearers)}
        else:
            fitting = {name for name in known if _stands_for(short, name, language)}
            fitting |= _written(text, short) if language == "en" else set()
        if len(fitting) == 1:
            (found[short],) = fitting
    return found


def _joined(name: str, language: str) -> str:
    return name if language in ("en", "ko") else re.sub(r"[ \u3000]", "", name)


def _stands_for(short: str, name: str, language: str) -> bool:
    """Whether ``short`` is the family name of ``name``, or the last part of a foreign one."""
    if short == name:
        return False
    if language == "en":
        return " " not in short and name.endswith(f" {short}")
    if DOTS.search(name):
        return language != "ko" and DOTS.split(name)[-1] == short
    return (
        name.startswith(short)
        and len(name) - len(short) <= LONGEST_GIVEN[language]
        and len(short) <= 2 + (language == "ja")
    )


def _written(text: str, short: str) -> set[str]:
    """Names in English ``text`` of a given name and ``short``: behind other capitals only where these are a title or
    end a sentence (Foreign Ministry names nobody), and no words that the text has in small letters.
    """
    own = languages()["en"]
    if not ENGLISH_WORD.fullmatch(short) or short.isupper() or short.casefold() in own.pronouns:
        return set()
    if re.search(rf"\b[Tt]he {re.escape(short)}(?![\w-])", text):
        return set()
    found = set()
    name = rf"(?P<name>{CAPITAL}[\w’'-]*\s{BETWEEN}{re.escape(short)})(?![\w-])"
    for match in re.finditer(BEFORE + name, text):
        before, given = (match["before"] or "").strip(), match["name"].split()[0]
        if before and not before.endswith(".") and before.casefold() not in own.heads:
            continue
        title = ENDS_BEFORE.fullmatch(given) or given.casefold() in own.heads or JOINING.search(given)
        if not title and not re.search(rf"(?<![\w-]){re.escape(given.casefold())}(?![\w-])", text):
            found.add(match["name"])
    return found
