"""Sentences in English and Japanese, from the templates of ``config/registry/claims.yaml``.

A ``Text`` is a pair (English, Japanese). Words from outside enter a template only as values, never as a template.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from wiretrace import identity
from wiretrace.sentences import japanese, within

Text = tuple[str, str]
Value = str | int | Text
# Marks of quotation and what stands for them inside another quotation.
NESTED = {"“": "‘", "”": "’", "「": "『", "」": "』"}
OPENING = "“「"
TIME = re.compile(r"\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?Z")
# A clock behind what it says, as the traces name it.
CLOCK = re.compile(r"\((json_ld|meta|visible|feed|sitemap|wordpress|url|http|web_archive|capture|import)\)")


class Counted(str):
    """Words for a number of things; ``{sites:?is|are}`` in a template takes the verb that agrees with the number."""

    number: int

    def __new__(cls, words: str, number: int) -> Counted:
        made = super().__new__(cls, words)
        made.number = number
        return made

    def __format__(self, spec: str) -> str:
        if not spec.startswith("?"):
            return str.__format__(self, spec)
        one, many = spec[1:].split("|")
        return one if self.number == 1 else many


def registry() -> dict[str, Any]:
    """The whole of ``config/registry/claims.yaml``."""
    return identity.registry("claims.yaml")


def fill(template: Mapping[str, str], values: Mapping[str, Value]) -> Text:
    """``template`` (keys en and ja) with ``values`` set in; a pair gives each language its own words."""
    english, japanese = (
        {name: value[side] if isinstance(value, tuple) else value for name, value in values.items()} for side in (0, 1)
    )
    return _tidy(template["en"].format(**english)), _tidy(template["ja"].format(**japanese))


def noted(key: str, **values: Value) -> Text:
    """What a row of evidence shows, from the registry's notes."""
    return fill(registry()["notes"][key], values)


def term(value: str) -> Text:
    """A value of an enumeration as a reader knows it; one that the registry does not name stays as it is."""
    named = registry()["terms"].get(value, value)
    return (named["en"], named["ja"]) if isinstance(named, dict) else (value.replace("_", " "), named)


@cache
def _kinds() -> dict[str, dict[str, str]]:
    with open(identity.REGISTRY / "observation_kinds.csv", encoding="utf-8", newline="") as stream:
        return {row["kind"]: row for row in csv.DictReader(stream)}


def kind_of(kind: str) -> Text:
    """What a kind of observation is called."""
    words = _kinds().get(kind, {}).get("words", "") or kind.replace("_", " ")
    return words, japanese(words) or words


def on_pages(kind: str) -> bool:
    """Whether a page bears what is observed of this ``kind``, so that a copy of the page bears it too."""
    return _kinds().get(kind, {}).get("level") in ("site", "text")


@cache
def of_records() -> frozenset[str]:
    """Families of evidence that no page bears: registrations, registrants, hosts, certificates."""
    kinds = _kinds().values()
    paged = {row["family"] for row in kinds if on_pages(row["kind"])}
    return frozenset(row["family"] for row in kinds if row["level"] == "domain") - paged


def told(words: str) -> Text:
    """A sentence that a stage wrote, in both languages, as a reader reads it: times to the minute, clocks by name.

    One that no template made is quoted as it is.
    """
    said = japanese(words)
    if said is None:
        said = registry()["notes"]["untold"]["ja"].format(words=words) if words.strip() else ""
    english = CLOCK.sub(lambda found: f"({term(found[1])[0]})", words)
    return TIME.sub(r"\1 \2 UTC", english), TIME.sub(r"\1 \2 UTC", said)


def aside(words: str) -> Text:
    """A sentence that a stage wrote, as an addition; nothing where there is none."""
    english, other = told(words.strip())
    parts: dict[str, Value] = {"words": (english.rstrip(". "), other.rstrip("。"))}
    return fill(registry()["notes"]["aside"], parts) if english else ("", "")


def joined(words: Iterable[Text], english: str = ", ", other: str = "、") -> Text:
    """Several as one."""
    taken = list(words)
    return english.join(en for en, _ in taken), other.join(ja for _, ja in taken)


def _tidy(text: str) -> str:
    """No doubled full stop, and inner marks of quotation for a quotation within a quotation."""
    out, depth = [], 0
    for character in re.sub(r"(?<!\.)\.\.(?!\.)", ".", text.strip()):
        opens, closes = character in OPENING, character in NESTED and character not in OPENING
        depth -= closes and depth > 0
        out.append(NESTED[character] if depth > 0 and (opens or closes) else character)
        depth += opens
    return "".join(out)


def sentences(parts: Iterable[Text]) -> Text:
    """Several sentences as one passage."""
    taken = list(parts)
    return " ".join(en for en, _ in taken), "".join(ja for _, ja in taken)


def count(number: int, noun: str) -> Text:
    """``number`` and one of the registry's nouns: ("3 articles", "3本の記事")."""
    one, many, japanese = registry()["nouns"][noun]
    english = f"{number:,} {one if number == 1 else many}"
    return Counted(english, number), Counted(f"{number:,}{japanese}", number)


def listing(items: Sequence[str], most: int = 3) -> Text:
    """The first ``most`` of ``items`` by name, and how many more there are."""
    if len(items) == 1:
        return items[0], items[0]
    shown, rest = items[:most], len(items) - most
    if rest <= 0:
        return ", ".join(shown[:-1]) + " and " + shown[-1], "、".join(shown)
    return f"{', '.join(shown)} and {rest:,} more", f"{'、'.join(shown)}ほか{rest:,}"


def sites(publishers: Sequence[str], most: int = 3) -> Text:
    """Publishers as "14 sites (a.example, b.example, c.example and 11 more)"; a single one by name."""
    return counted(publishers, "site", most)


def counted(names: Sequence[str], noun: str, most: int = 3) -> Text:
    """Named things of one kind, one of the registry's nouns, in the same way."""
    if len(names) == 1:
        return Counted(names[0], 1), Counted(names[0], 1)
    number, shown = count(len(names), noun), listing(names, most)
    return Counted(f"{number[0]} ({shown[0]})", 2), Counted(f"{number[1]}（{shown[1]}）", 2)


def cited(words: str, most: int = 90) -> Text:
    """Words from outside in quotation marks, cut at ``most`` characters."""
    line = " ".join(words.split())
    cut = line if len(line) <= most else line[: most - 1].rstrip() + "…"
    return f"“{cut}”", f"「{cut}」"


def moment(earliest: str, latest: str = "") -> Text:
    """A time, or the interval that a clock leaves open, to the minute and in UTC."""
    first, last = _minute(earliest), _minute(latest)
    if not first and not last:
        return "at an unknown time", "時刻不明"
    if not last or first == last:
        return f"{first} UTC", f"{first} UTC"
    if not first:
        return f"by {last} UTC", f"{last} UTCまで"
    return f"between {first} and {last} UTC", f"{first}から{last} UTCまでの間"


def period(first: str, last: str) -> Text:
    """From when to when something was seen, to the minute; one time where both are the same."""
    one, other = moment(first), moment(last)
    if one == other or not last:
        return f"on {one[0]}", one[1]
    return f"from {one[0]} to {other[0]}", f"{one[1]}から{other[1]}まで"


def _minute(time: str) -> str:
    return time[:16].replace("T", " ")


def parts(texts: Iterable[str], most: int = 4) -> Text:
    """The most frequent phrases of ``texts``, which are phrases joined by semicolons or full stops, each once.

    Phrases that begin with a number are counts of one text and are left out.
    """
    found = Counter(
        within(phrase)
        for text in texts
        for phrase in {part.strip(" .") for part in re.split(r"[;.](?:\s+|$)", text)}
        if phrase and not phrase[0].isdigit()
    )
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return joined([told(phrase) for phrase, _ in ordered[:most]], "; ", "、")
