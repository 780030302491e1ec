"""Words that dates are written with, from config/registry/date_words.yaml: months, labels, what stands beside."""

from __future__ import annotations

import re
from functools import cache

from wiretrace.identity import registry

FILE = "date_words.yaml"
ORDINALS = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|°)\b")


@cache
def month_of(word: str, language: str = "") -> int:
    """Number of the month that ``word`` names on a page in ``language`` (as in HTML's lang); 0 where it names none."""
    word = _folded(word)
    own = registry(FILE)["months_of"].get(language.partition("-")[0].lower())
    return _named(own, word) if own and _named(own, word) else _months().get(word, 0)


@cache
def _months() -> dict[str, int]:
    months = registry(FILE)["months"].values()
    return {word: n for row in months for n, words in enumerate(row, 1) for word in words.split()}


def _named(row: list[str], word: str) -> int:
    return next((n for n, words in enumerate(row, 1) if word in words.split()), 0)


def _folded(word: str) -> str:
    # The capital of the Turkish dotless i is folded to a dotted one by str.lower.
    return word.replace("İ", "i").lower().rstrip(".")


def _any(words: list[str]) -> str:
    """A pattern of ``words``, the longest first; a word of an alphabet must end where it ends."""
    return "|".join(
        re.escape(w) + ("" if re.search(r"[\u3040-\u9fff\uac00-\ud7af]", w) else r"(?![^\W\d_])")
        for w in sorted(words, key=lambda w: (-len(w), w))
    )


@cache
def label() -> re.Pattern[str]:
    """Matches at the start of a line the label of a date, in its group ``modified`` or ``published``."""
    said = registry(FILE)["labels"]
    groups = (
        f"(?P<{kind}>{_any([w for ws in said[kind].values() for w in ws])})" for kind in ("modified", "published")
    )
    return re.compile("|".join(groups), re.IGNORECASE)


@cache
def beside() -> frozenset[str]:
    """Words, in lower case, that may stand beside a date without making the line more than a date."""
    loaded = registry(FILE)
    return frozenset([*loaded["particles"], *(w for ws in loaded["weekdays"].values() for w in ws)])


def only_beside(text: str) -> bool:
    """Whether ``text`` holds no word but those that stand beside a date."""
    words = re.findall(r"[^\W\d_]+", ORDINALS.sub("", text).lower())
    return all(word in beside() for word in words)
