"""Rules as data: loaded once from config/registry, each with its compiled pattern and its examples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from wiretrace.identity import registry


@dataclass(frozen=True)
class Rule:
    """One rule of a registry file; ``settings`` holds what only its own reader needs."""

    id: str
    kind: str
    pattern: re.Pattern[str]
    source: str
    strength: str
    matches: Mapping[str, str]
    misses: tuple[str, ...]
    settings: Mapping[str, Any] = field(hash=False)


@cache
def rules(name: str) -> tuple[Rule, ...]:
    """The rules of ``config/registry/NAME`` in the file's order."""
    return tuple(
        Rule(
            rule["id"],
            rule["kind"],
            re.compile(rule["pattern"]),
            rule["source"],
            rule.get("strength", ""),
            rule.get("matches") or {},
            tuple(rule.get("misses") or ()),
            rule,
        )
        for rule in registry(name)["rules"]
    )


def group(match: re.Match[str], *names: str) -> str:
    """The first of the groups ``names``, or of their forms with a number behind, that took part in ``match``."""
    found = match.groupdict()
    for name in names:
        for key in (name, *(f"{name}{n}" for n in range(2, 6))):
            if found.get(key):
                return str(found[key])
    return ""
