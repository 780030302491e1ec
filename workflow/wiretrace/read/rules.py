"""Rules as data: loaded once from config/registry, each with its compiled pattern and its examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from wiretrace.identity import registry

Find = Callable[[str], re.Match[str] | None]


@dataclass(frozen=True)
class Rule:
    """One rule of a registry file; ``settings`` holds what only its own reader needs, ``find`` searches a text."""

    id: str
    kind: str
    pattern: re.Pattern[str]
    source: str
    strength: str
    matches: Mapping[str, str]
    misses: tuple[str, ...]
    settings: Mapping[str, Any] = field(hash=False)
    find: Find = field(hash=False, compare=False, repr=False)


@cache
def rules(name: str) -> tuple[Rule, ...]:
    """The rules of ``config/registry/NAME`` in the file's order."""
    return tuple(_rule(written) for written in registry(name)["rules"])


def _rule(written: Mapping[str, Any]) -> Rule:
    pattern = re.compile(written["pattern"])
    find = pattern.match if at_start(written["pattern"]) else pattern.search
    return Rule(
        written["id"],
        written["kind"],
        pattern,
        written["source"],
        written.get("strength", ""),
        written.get("matches") or {},
        tuple(written.get("misses") or ()),
        written,
        _where(tuple(written.get("literals", ())), find),
    )


def _where(literals: tuple[str, ...], find: Find) -> Find:
    """``find``, tried only where one of ``literals`` stands in the text, of which every match has one."""
    if not literals:
        return find
    return lambda text: find(text) if any(map(text.__contains__, literals)) else None


def at_start(pattern: str) -> bool:
    """Whether ``pattern`` can match at a text's beginning alone: it opens with ``^``, no choice stands outside groups.

    ``search`` tries such a pattern at every character all the same, ``match`` once.
    """
    depth = 0
    for token in re.finditer(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", pattern, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if token[0] == "|" and not depth:
            return False
    return re.match(r"(?:\(\?i\))?\^", pattern) is not None


def group(match: re.Match[str], *names: str) -> str:
    """The first of the groups ``names``, or of their forms with a number behind, that took part in ``match``."""
    found = match.groupdict()
    for name in names:
        for key in (name, *(f"{name}{n}" for n in range(2, 6))):
            if found.get(key):
                return str(found[key])
    return ""
