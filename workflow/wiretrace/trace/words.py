"""The words and patterns with which the press attributes speech: ``config/registry/speech.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from wiretrace.identity import registry
from wiretrace.trace.across.languages import base_language

CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
# Who speaks, in English: a name with what may stand before it, a pronoun, or a noun phrase that begins with an article.
ENGLISH_NP = (
    rf"(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Mm]y|[Oo]ur|[Ii]ts|[Tt]heir|[Oo]ne|[Aa]nother|[Ss]ome|[Mm]any|[Tt]wo|[Tt]hree)\s+(?:[\w’'.$%-]+\s+){{0,6}}?[\w’'-]+"
    rf"|(?:<head>\s+){{0,4}}{CAPITAL}[\w’'.-]*"
    rf"(?:\s+(?:{CAPITAL}[\w’'.-]*|\([A-Z][\w.-]{{0,8}}\)|(?:of|the|for|and|de|la|van|von|al|bin|da)(?=\s+(?:the\s+|of\s+|<head>\s+)?{CAPITAL})|<head>(?=[\s,]))){{0,9}}"
    r"|(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Ww]e|I|[Ww]ho|[Yy]ou)\b)"
)
# What a person is, in small letters before a name of two words: said shepherd Ma Zhanhai, said dairy farmer Tom Roe.
OCCUPATION = (
    r"(?:"
    r"(?:(?!(?:of|for|in|on|at|by|to|from|with|as|that|than|and|but|when|while|after|before|about|against)\s)[a-z][a-z-]+\s){0,2}"
    r"(?!(?:lat|earli|soon|aft|ov|und|nev|ev|howev|eith|oth|anoth|rath|togeth|furth|wheth|form)er\s|recent\s)"
    r"[a-z-]{3,}(?:er|or|ist|ian|man|woman|herd|yst|eon|wright|smith)\s+"
    rf"(?={CAPITAL}[\w’'-]+\s{CAPITAL}))?"
)
# What may stand between commas behind a name: dots in it belong to abbreviations.
ASIDE = (
    r"(?:,(?!\s(?:but|and|so|yet|or)\b)"
    r'(?:[^.“”"\n]|\.(?!\s)|(?<=[A-Z])\.|(?<=\b(?:Mr|Ms|Dr|St|Jr))\.|(?<=\bMrs)\.){2,200}?,)?'
)
NP = {"en": ENGLISH_NP}
OTHER_NP = r"[^\n]{1,60}?"


@dataclass(frozen=True)
class Pattern:
    """One way of attributing: what stands before and after the quotation. ``topic``: the topic of the clause speaks."""

    id: str
    language: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    topic: bool
    strength: str


@dataclass(frozen=True)
class Language:
    """Words of one language: for people without a name, between a name and its title, before (heads) and after (tails)
    a name, endings of organisations, marks, the cue.
    """

    pronouns: frozenset[str]
    nobody: frozenset[str]
    between: frozenset[str]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    organisations: tuple[str, ...]
    marks: Mapping[str, str]
    cue: str


def raw() -> dict[str, Any]:
    """The registry as it stands in the file."""
    return registry("speech.yaml")


@cache
def languages() -> dict[str, Language]:
    """The words of each language; heads and tails longest first."""
    file = raw()
    return {
        name: Language(
            frozenset(entry["pronouns"]),
            frozenset(entry.get("nobody", ())),
            frozenset(entry.get("between", ())),
            tuple(sorted(entry["heads"], key=lambda w: (-len(w), w))),
            tuple(sorted(entry["tails"], key=lambda w: (-len(w), w))),
            tuple(file["organisations"].get(name, ())),
            {mark[0]: mark[1] for mark in file["marks"][name]},
            "".join(entry["cues"].split()),
        )
        for name, entry in file["languages"].items()
    }


@cache
def patterns() -> dict[str, tuple[Pattern, ...]]:
    """The patterns of each language, in the order in which they are tried."""
    found: dict[str, list[Pattern]] = {name: [] for name in languages()}
    for rule in raw()["patterns"]:
        name = rule["language"]
        before = _compiled(rule.get("before", ""), name, r"(?:{})\Z")
        after = _compiled(rule.get("after", ""), name, r"(?:{})")
        found[name].append(Pattern(rule["id"], name, before, after, bool(rule.get("topic")), str(rule["strength"])))
    return {name: tuple(rules) for name, rules in found.items()}


@cache
def cues() -> dict[str, re.Pattern[str]]:
    """By language: a verb of saying."""
    return {name: re.compile(rf"(?<![a-z-]){own.cue}(?![a-z])") for name, own in languages().items()}


@cache
def reports() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """By language: a speaker and a verb of saying, for words that stand anywhere after them in the sentence; and the
    subject of a sentence, from its beginning.
    """
    made = {}
    for name, entry in raw()["languages"].items():
        rules = [_compiled(entry.get(key, ""), name, r"(?:{})") for key in ("reported", "subject")]
        if rules[0] and rules[1]:
            made[name] = (rules[0], rules[1])
    return made


@cache
def unnamed() -> dict[str, tuple[re.Pattern[str] | None, re.Pattern[str] | None]]:
    """By language: what before or after a quotation says that it is somebody's words, whoever it is."""
    return {
        name: (
            _compiled(e.get("said_before", ""), name, r"(?:{})\Z"),
            _compiled(e.get("said_after", ""), name, r"(?:{})"),
        )
        for name, e in raw()["languages"].items()
    }


@cache
def going_on() -> dict[str, re.Pattern[str] | None]:
    """By language: what stands between two quotations, marks included, where the second goes on with the first."""
    return {name: _compiled(e.get("goes_on", ""), name, r"(?:{})") for name, e in raw()["languages"].items()}


def _compiled(expression: str, language: str, form: str) -> re.Pattern[str] | None:
    if not expression:
        return None
    filled = (
        expression.replace("<cue>", languages()[language].cue)
        .replace("<adverb>", raw()["languages"][language]["adverb"])
        .replace("<aside>", ASIDE)
        .replace("<occupation>", OCCUPATION)
        .replace("<np>", NP.get(language, OTHER_NP))
        .replace("<head>", "(?:" + "|".join(languages()[language].heads) + ")")
    )
    return re.compile(form.format(filled))


@cache
def findings() -> dict[str, str]:
    """Each word for a person's finding, to the status that it gives."""
    status = {"denied": "denied_by_person", "confirmed": "verified_by_person"}
    return {word.casefold(): status[kind] for kind, words in raw()["findings"].items() for word in words}


@cache
def issuer_lines() -> re.Pattern[str]:
    """Lines that say whose text it is."""
    return re.compile("|".join(f"(?:{rule})" for rule in raw()["issuer"]))


@cache
def announcing() -> re.Pattern[str]:
    """Verbs with which a company announces."""
    return re.compile("|".join(f"(?:{rule})" for rule in raw()["announcing"]))


def without_tails(words: str, own: Language, end: int) -> int:
    """Where the name ends before titles and honorifics; at most three are taken off."""
    for _ in range(3):
        body = words[:end].rstrip()
        tail = next((t for t in own.tails if body.endswith(t) and len(body) > len(t)), "")
        if not tail:
            return len(body)
        if tail.isalpha() and len(tail) == 1 and tail not in ("氏", "様", "君", "씨", "님"):
            return len(body)
        end = len(body) - len(tail)
    return len(words[:end].rstrip())


def has_rules(language: str) -> bool:
    """Whether there are patterns for ``language``."""
    return base_language(language) in languages()
