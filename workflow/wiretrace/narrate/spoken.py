"""Words of pictures in one language: a picture is drawn once for each."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from wiretrace.narrate.version import words
from wiretrace.publish.wording import Text, count, term, told

LANGUAGES = ("en", "ja")


def said(key: str, language: str, **values: object) -> str:
    """The report's own words by key, with ``values`` set in."""
    return str(words()[key][language]).format(**values)


def of(text: Text, language: str) -> str:
    """One side of a pair of languages."""
    return str(text[LANGUAGES.index(language)])


def named(value: str, language: str) -> str:
    """A value of an enumeration as a reader knows it."""
    return of(term(value), language)


def stated(sentence: str, language: str) -> str:
    """A sentence that a stage wrote."""
    return of(told(sentence), language)


def number_of(number: int, noun: str, language: str) -> str:
    """A number and one of the registry's nouns."""
    return str(of(count(number, noun), language))


def in_each(draw: Callable[[str], Markup | None]) -> Markup | None:
    """A picture in every language, of which the page shows one; None where there is nothing to draw."""
    drawn = {language: draw(language) for language in LANGUAGES}
    if None in drawn.values():
        return None
    box = Markup('<div class="t" lang="{}">{}</div>')
    return Markup("").join(box.format(language, picture) for language, picture in drawn.items())
