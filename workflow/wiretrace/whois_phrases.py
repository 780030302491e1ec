"""How a WHOIS server says that it has no such name: the phrases of ``config/registry/whois_labels.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from wiretrace.identity import registry

LABELS = "whois_labels.yaml"
LONGEST = 300  # characters of a line that are looked at


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], ...], re.Pattern[str]]:
    listed = registry(LABELS)
    return tuple(re.compile(pattern) for pattern in listed["absent"]), re.compile(listed["legal"])


def absence(lines: Iterable[str]) -> str:
    """The first of ``lines`` that says that the name is not registered, bare of marks; '' where none does.

    Legal text says many things and is passed over. A record's fields say more than any sentence beside them, since
    registries explain what other answers would mean: who asks looks for fields first.
    """
    absent, legal = _patterns()
    for line in lines:
        bare = line.strip(" \t\r%#;*>")[:LONGEST]
        if bare and not legal.search(bare) and any(pattern.search(bare) for pattern in absent):
            return bare
    return ""
