"""The rules of ``config/registry/page_ids.yaml`` on one page: patterns are run only around the literals they need.

A rule names literals of which one must stand in every match. They are looked for first, all in one fast pass; the
pattern then reads a window around each place, so that its cost is counted in places found and not in the page's size.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from wiretrace.read.kernels import places
from wiretrace.read.markup import squeezed, utf8
from wiretrace.read.rules import Rule, group, rules

RULES = "page_ids.yaml"
MOST = 40  # values of one rule on one page; more are a list, not a mark
PLACES = 400  # places of one literal that are looked at
BEFORE, AFTER = 160, 400  # characters around a literal that a pattern reads, where its rule does not say
TEXT = 200_000  # characters of visible text that are read
AROUND = 40  # characters shown on either side of a value


@dataclass(frozen=True)
class Hit:
    """A value, the words around it, and where it stands in the text."""

    value: str
    excerpt: str
    start: int
    end: int


@cache
def rules_on(where: str) -> tuple[Rule, ...]:
    """The rules that look at ``where`` (source or imprint)."""
    return tuple(rule for rule in rules(RULES) if rule.settings["where"] == where)


def source_hits(html: str) -> Iterator[tuple[Rule, Hit]]:
    """What each rule on the source of a page finds in ``html``."""
    return hits_at(html, places_in(utf8(html), ()))


def places_in(source: bytes, words: Sequence[str]) -> dict[str, list[int]]:
    """Where the rules' literals and ``words`` stand in ``source``, UTF-8, in characters: one pass for all of them.

    Of a word its first place, of a literal its first ones; words of fewer than four characters are not looked for.
    """
    literals, index = _literals()
    # What no page's source can hold stands nowhere.
    sought = [word for word in dict.fromkeys(words) if len(word) >= places.TAIL and word not in literals]
    written = [word.encode("utf-8", "surrogatepass") for word in sought]
    known = [*literals, *sought]
    found: dict[str, list[int]] = {}
    for number, place in zip(*places.places(source, index, PLACES, written), strict=True):
        found.setdefault(known[number], []).append(place)
    return found


def hits_at(html: str, found: Mapping[str, Sequence[int]]) -> Iterator[tuple[Rule, Hit]]:
    """What each rule on the source of a page finds in ``html`` around the places ``found`` of its literals."""
    for rule in rules_on("source"):
        near = [place for literal in rule.settings["literals"] for place in found.get(literal, ())]
        for hit in _hits(rule, html, _windows(rule, near)) if near else ():
            yield rule, hit


@cache
def _literals() -> tuple[dict[str, int], places.Index]:
    """All literals of the rules on a page's source by their numbers, and what finds them in one pass."""
    literals = sorted({literal for rule in rules_on("source") for literal in rule.settings["literals"]})
    return dict(zip(literals, range(len(literals)), strict=True)), places.index_of([one.encode() for one in literals])


def text_hits(text: str) -> Iterator[tuple[Rule, Hit]]:
    """What each rule on imprints finds in ``text``, the visible words of an imprint or a frame."""
    text = text[:TEXT]
    stands = text.lower().__contains__
    for rule in rules_on("imprint"):
        if any(map(stands, rule.settings["literals"])):
            for hit in _hits(rule, text, [(0, TEXT)]):
                yield rule, hit


def _hits(rule: Rule, text: str, windows: list[tuple[int, int]]) -> list[Hit]:
    """Each value of ``rule`` once, in order."""
    if rule.settings.get("needs", "") not in text:
        return []
    found: dict[str, Hit] = {}
    never = {str(value) for value in rule.settings.get("never", ())}
    for match in (match for low, high in windows for match in rule.pattern.finditer(text, low, high)):
        value = _form(rule, match)
        if value and value not in never and value not in found:
            start, end = _span(match)
            around = text[max(0, match.start() - AROUND) : match.end() + AROUND]
            found[value] = Hit(value, squeezed(around)[: 4 * AROUND + 80], start, end)
        if len(found) == MOST:
            break
    return list(found.values())


def _windows(rule: Rule, places: list[int]) -> list[tuple[int, int]]:
    """Parts of the text around ``places``, in order, those that touch joined."""
    before, after = rule.settings.get("window", (BEFORE, AFTER))
    joined: list[tuple[int, int]] = []
    for place in sorted(places):
        low, high = max(0, place - before), place + after
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return joined


def _span(match: re.Match[str]) -> tuple[int, int]:
    for name in ("value", "value2", "value3", "value4"):
        if name in match.re.groupindex and match.start(name) >= 0:
            return match.span(name)
    return match.span()


def _form(rule: Rule, match: re.Match[str]) -> str:
    value, form = squeezed(group(match, "value")), rule.settings.get("form", "{}")
    if form == "digits":
        plain = unicodedata.normalize("NFKC", value)
        digits = re.sub(r"\D", "", plain)
        return ("+" if plain.startswith("+") else "") + digits if 8 <= len(digits) <= 15 else ""
    if form == "squeezed":
        return value.replace(" ", "")
    if rule.settings.get("plain"):
        # A number as registers write it: without the spaces and dashes that pages set.
        value = re.sub(r"[\s.\-]", "", unicodedata.normalize("NFKC", value))
    value = {"lower": str.lower, "upper": str.upper}.get(rule.settings.get("fold", ""), str)(value)
    return str(form).format(value.strip(" .,;|"), **{k: v for k, v in match.groupdict().items() if v})
