"""Sentences of the stages in English, and the same in Japanese, from ``config/registry/sentences.yaml``.

A stage says a sentence by name with its values. What stands in the tables is the English; since it was made from a
template, template and values can be read out of it again, and the Japanese is made from the same values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from wiretrace import identity

# What may stand in a place of a template, by the place's name.
PLACES = {
    "number": r"[-\d.,]+(?:e[-+]?\d+)?%?",
    "site": r"\S+?",
    "sites": r".+?",
    "time": r"\S+?",
    "term": r"\S+?",
    "words": r".+?",
    "phrase": r".+?",
    "phrases": r".+?",
    "list": r".+?",
    "s": r"s?",
}
PLACE = re.compile(r"\{([a-z]+)(\d*)\}")
SENTENCE_END = re.compile(r"(?<=\.)\s+(?=[A-Z0-9])")
OTHERS = re.compile(r" and ([\d,]+) others$")
# Sentences within sentences that are looked into, parts that one may be cut into, letters of one that is read at all,
# ways that are tried to part one text into a template's values.
DEEPEST, WIDEST, LONGEST, WAYS = 5, 6, 4000, 8


def say(name: str, **values: str | int) -> str:
    """The English sentence ``name`` with ``values`` in its places.

    Raises:
        KeyError: there is no such sentence, or a place has no value.
    """
    return _registry()[0][name]["en"].format(**values)


@lru_cache(maxsize=65_536)
def japanese(text: str) -> str | None:
    """``text`` in Japanese; None where it is none of the registry's sentences, nor several of them."""
    return _passage(text.strip(), 0) if text.strip() and len(text) <= LONGEST else None


def within(text: str) -> str:
    """``text`` as it stands within a sentence: with a small first letter, unless it begins with a name."""
    return text if text in _registry()[1] else text[:1].lower() + text[1:]


@cache
def _registry() -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, str]]:
    loaded = identity.registry("sentences.yaml")
    return loaded["sentences"], loaded["phrases"]


@dataclass(frozen=True)
class _Template:
    """One sentence to be read: what it looks like, its own words and in turn the places between them, the Japanese."""

    form: re.Pattern[str]
    parts: tuple[str, ...]
    ja: str


@cache
def _templates() -> tuple[_Template, ...]:
    """All sentences, those with most words of their own first."""
    made = []
    for sentence in _registry()[0].values():
        found = PLACE.split(_bare(sentence["en"]))
        places = [f"{kind}{number}" for kind, number in zip(found[1::3], found[2::3], strict=True)]
        parts = [part for pair in zip(found[::3], [*places, ""], strict=True) for part in pair][:-1]
        form = "".join(f"({_place(part)})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        made.append(_Template(re.compile(form, re.DOTALL), tuple(parts), sentence["ja"].rstrip("。")))
    return tuple(sorted(made, key=lambda template: -sum(map(len, template.parts[::2]))))


def _place(name: str) -> str:
    return PLACES[name.rstrip("0123456789")]


def _bare(text: str) -> str:
    """Without the full stop, and as it stands within a sentence."""
    return text[:1].lower() + text[1:].removesuffix(".")


def _passage(text: str, depth: int) -> str | None:
    """One sentence or more, each with its full stop."""
    found = _joined(SENTENCE_END.split(text), " ", lambda part: _sentence(part, depth))
    return None if found is None else "".join(found)


def _sentence(text: str, depth: int) -> str | None:
    said = _phrases(text.removesuffix("."), depth)
    return said + "。" if said and text.endswith(".") else said


def _phrases(text: str, depth: int) -> str | None:
    found = _joined(text.split("; "), "; ", lambda part: _phrase(part, depth))
    return None if found is None else "；".join(found)


def _joined(parts: list[str], between: str, told: Callable[[str], str | None]) -> list[str] | None:
    """``parts`` told one by one, or with neighbours where only together they are a sentence; None: one is none."""
    rest: list[list[str] | None] = [None] * len(parts) + [[]]
    for at in reversed(range(len(parts))):
        for end in range(at + 1, min(at + WIDEST, len(parts)) + 1):
            behind = rest[end]
            said = told(between.join(parts[at:end])) if behind is not None else None
            if behind is not None and said is not None:
                rest[at] = [said, *behind]
                break
    return rest[0]


@lru_cache(maxsize=4096)
def _phrase(text: str, depth: int) -> str | None:
    """One of the registry's phrases or sentences, without a full stop."""
    fixed = _registry()[1]
    for form in (text, text[:1].lower() + text[1:]):
        if form in fixed:
            return fixed[form]
    if depth < DEEPEST:
        for template in _templates():
            for found in _matches(template, text):
                values = {name: _value(name, value, depth + 1) for name, value in found.items()}
                if None not in values.values():
                    return template.ja.format(**values)
    return None


def _matches(template: _Template, text: str) -> Iterator[dict[str, str]]:
    # The first letter may be a capital because a sentence begins with it.
    for form in dict.fromkeys((text, text[:1].lower() + text[1:])):
        if form.startswith(template.parts[0]) and template.form.fullmatch(form):
            for values in islice(_ways(template.parts, form), WAYS):
                yield dict(zip(template.parts[1::2], values, strict=True))


def _ways(parts: tuple[str, ...], text: str) -> Iterator[tuple[str, ...]]:
    """The ways to part ``text`` into the values of a template's places, short values first."""
    if not text.startswith(parts[0]):
        return
    rest = text[len(parts[0]) :]
    if len(parts) == 1:
        if not rest:
            yield ()
        return
    _, place, *behind = parts
    allowed = re.compile(_place(place), re.DOTALL)
    at = rest.rfind(behind[0]) if len(behind) == 1 else rest.find(behind[0])
    while at >= 0:
        if allowed.fullmatch(rest, 0, at):
            yield from ((rest[:at], *values) for values in _ways(tuple(behind), rest[at:]))
        at = rest.find(behind[0], at + 1)


def _value(place: str, value: str, depth: int) -> str | None:
    kind = place.rstrip("0123456789")
    if kind == "phrase":
        return _passage(value, depth)
    if kind == "phrases":
        return _phrases(value, depth)
    if kind == "list":
        found = _joined(value.split(", "), ", ", lambda part: _phrase(part, depth))
        return None if found is None else "、".join(found)
    if kind == "sites":
        return OTHERS.sub(r"ほか\1", value).replace(" and ", "、").replace(", ", "、")
    return _registry()[1].get(value, value) if kind == "term" else value
