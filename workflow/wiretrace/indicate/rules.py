"""Rules as data: the two registries of indicators, checked when loaded, and which of their rules hit a text.

A rule is one entry of ``config/registry/ai_indicators.yaml`` or ``origin_indicators.yaml``. Its ``find`` holds literals
of which one stands in every match, so that one pass of an Aho-Corasick automaton over a text names the few rules whose
pattern has to run; the cost of a text hardly grows with the number of rules. Patterns hold no unbounded repetition that
could be tried twice (possessive or none; the tests check it), so that no text can make one run for long.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import ahocorasick
import regex

from wiretrace.identity import registry
from wiretrace.indicate import matchers

PLACES = ("text", "title", "chrome", "link", "markup", "metadata", "image")
STRENGTHS = ("conclusive", "strong", "weak")
# One character for one, so that offsets in the folded text are offsets in the text.
FOLDED = {"’": "'", "‘": "'", "ʼ": "'", "＇": "'", "\xa0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ", "\t": " "}
# Hits that one rule may have in one text; more say nothing new.
MOST_HITS = 5
# Characters from either end of a text that count as its head and its tail.
HEAD, TAIL = 200, 400


def fold(text: str) -> str:
    """``text`` with typographic apostrophes and blanks made plain."""
    for character, plain in FOLDED.items():
        text = text.replace(character, plain)
    return text


@dataclass(frozen=True)
class Rule:
    """One rule.

    ``languages`` are those of its words, ``only_in`` and ``not_in`` those of the texts it applies to or does not.
    ``where``: head or tail when it holds only there. ``distinct``: how many different findings one text must bear for
    the rule's strength; with fewer it is weak. ``foreign``: strength in a text of another language than its words.
    ``token``: residue that no quotation marks around a sentence excuse. ``raw``: it reads the text before folding.
    """

    id: str
    family: str
    languages: tuple[str, ...]
    places: tuple[str, ...]
    strength: str
    points_to: str
    source: str
    caveat: str
    find: tuple[str, ...] = ()
    pattern: Any = None
    matcher: str = ""
    only_in: tuple[str, ...] = ()
    not_in: tuple[str, ...] = ()
    where: str = ""
    distinct: int = 1
    foreign: str = ""
    token: bool = False
    raw: bool = False
    matches: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True)
class Hit:
    """A rule that matched ``text[start:end]`` at a place."""

    rule: Rule
    start: int
    end: int
    place: str


@dataclass(frozen=True)
class Ruleset:
    """The rules of one registry with what finds their candidates."""

    rules: tuple[Rule, ...]
    automaton: Any
    always: tuple[int, ...]
    raw: tuple[int, ...]
    registry: str

    def hits(self, text: str, places: tuple[str, ...], *languages: str) -> list[Hit]:
        """What the rules of ``places`` that apply in all ``languages`` find in ``text``, in order of rule and position.

        HTML is read for three places at once; a finding is of the first place that its rule names.
        """
        folded = fold(text)
        candidates = set(self.always)
        for _, indices in self.automaton.iter(folded.lower()):
            candidates.update(indices)
        candidates.update(i for i in self.raw if any(literal in text for literal in self.rules[i].find))
        found: list[Hit] = []
        for i in sorted(candidates):
            rule = self.rules[i]
            place = next((p for p in rule.places if p in places), "")
            if place and all(applies(rule, language) for language in languages):
                spans = _spans(rule, text if rule.raw else folded)
                found.extend(Hit(rule, start, end, place) for start, end in spans)
        return found


def applies(rule: Rule, language: str) -> bool:
    """Whether ``rule`` may judge a text in ``language`` (BCP 47); a rule names a primary subtag, or the whole."""
    primary = language.split("-")[0]
    return (not rule.only_in or primary in rule.only_in or language in rule.only_in) and not (
        rule.not_in and (primary in rule.not_in or not primary)
    )


def _spans(rule: Rule, text: str) -> list[tuple[int, int]]:
    if rule.matcher:
        return matchers.MATCHERS[rule.matcher](text)[:MOST_HITS]
    found: list[tuple[int, int]] = []
    first, last = _bounds(rule, text)
    for match in rule.pattern.finditer(text, first, last):
        if match.end() > match.start():
            found.append(match.span())
            if len(found) == MOST_HITS:
                break
    return found


def _bounds(rule: Rule, text: str) -> tuple[int, int]:
    if rule.where == "head":
        return 0, min(len(text), HEAD)
    if rule.where == "tail":
        return max(0, len(text) - TAIL), len(text)
    return 0, len(text)


@cache
def load(name: str) -> Ruleset:
    """The rules of ``config/registry/NAME.yaml``, in its order.

    Raises:
        ValueError: the registry breaks its own form (a mistake of ours, which the tests catch).
    """
    return ruleset([_rule(entry) for entry in registry(f"{name}.yaml")["rules"]], name)


def ruleset(rules: Iterable[Rule], name: str) -> Ruleset:
    """``rules`` ready to be run."""
    taken = tuple(rules)
    if len({rule.id for rule in taken}) != len(taken):
        raise ValueError(f"{name}: two rules with one id")
    literals: dict[str, list[int]] = {}
    for i, rule in enumerate(taken):
        for literal in rule.find if not rule.raw else ():
            literals.setdefault(literal.lower(), []).append(i)
    automaton = ahocorasick.Automaton()
    for literal, indices in sorted(literals.items()):
        automaton.add_word(literal, tuple(indices))
    automaton.make_automaton()
    always = tuple(i for i, rule in enumerate(taken) if not rule.find)
    raw = tuple(i for i, rule in enumerate(taken) if rule.raw and rule.find)
    return Ruleset(taken, automaton, always, raw, name)


def _rule(entry: dict[str, Any]) -> Rule:
    known: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    rule = Rule(**known | {"pattern": _compiled(entry)})
    bad = set(rule.places) - set(PLACES) or {rule.strength} - set(STRENGTHS)
    if bad or bool(rule.matcher) == bool(rule.pattern) or (rule.matcher and rule.matcher not in matchers.MATCHERS):
        raise ValueError(f"rule {rule.id}: places, strength, or neither pattern nor matcher")
    return rule


def _compiled(entry: dict[str, Any]) -> Any:
    if "pattern" not in entry:
        return None
    flags = regex.V0 | regex.MULTILINE | (0 if entry.get("raw") else regex.IGNORECASE)
    return regex.compile(entry["pattern"], flags)
