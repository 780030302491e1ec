"""What groups of publishers are compared by besides what was observed: patterns of names, larger blocks of addresses.

Both follow from what is known of a publisher and cost no look-up. They say little of two single sites, so no pair is
weighed by them; that whole groups have them in common says more.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wiretrace import identity
from wiretrace.attribute.kinds import background

Ints = NDArray[np.int64]

# Shortest part of a name that is taken for its pattern, and shortest whole name.
PART = 3
NAME = 4
WORD = re.compile(r"[^\W\d_]+")
BLOCK = 22


def patterns(publisher: str) -> list[str]:
    """What the name may have in common with others: ``*-last``, ``first-*``, ``name.*`` (any suffix); none of an
    account.

    >>> patterns("harbour-gazette.example")
    ['*-gazette', 'harbour-*', 'harbour-gazette.*']
    """
    if "/" in publisher:
        return []
    name = identity.registrable_domain(publisher).partition(".")[0]
    parts = name.split("-")
    found = []
    if len(parts) > 1:
        found += [f"*-{parts[-1]}"] if _word(parts[-1]) else []
        found += [f"{parts[0]}-*"] if _word(parts[0]) else []
    return [*found, f"{name}.*"] if len(name) >= NAME and not name.isdigit() else found


def _word(part: str) -> bool:
    return len(part) >= PART and bool(WORD.fullmatch(part))


def block(address: str) -> str:
    """The IPv4 /22 of an address; '' of an IPv6 address, of a platform's and of what is no address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if known.version != 4 or background().of("ip", address):
        return ""
    return str(ipaddress.ip_network(f"{known}/{BLOCK}", strict=False))


@dataclass(frozen=True)
class Derived:
    """Rows of the kinds ``name_pattern`` and ``subnet22``: numbers of publishers, of ``values`` and of times."""

    values: list[tuple[str, str]]
    unit: Ints
    value: Ints
    first: Ints
    last: Ints


def derived(
    publishers: list[str], values: list[tuple[str, str]], unit: Ints, value: Ints, first: Ints, last: Ints
) -> Derived:
    """What follows from the rows (number of publisher, of (kind, key), of the first and last time).

    A pattern that one publisher alone bears is left out: it can match nothing.
    """
    begin = np.full(len(publishers), np.iinfo(np.int64).max)
    end = np.full(len(publishers), -1)
    np.minimum.at(begin, unit, first)
    np.maximum.at(end, unit, last)
    borne = [(number, pattern) for number, name in enumerate(publishers) for pattern in patterns(name)]
    count = Counter(pattern for _, pattern in borne)
    rows: dict[tuple[int, str, str], tuple[int, int]] = {
        (number, "name_pattern", pattern): (int(begin[number]), int(end[number]))
        for number, pattern in borne
        if count[pattern] > 1 and end[number] >= 0
    }
    blocks = [block(key) if kind == "ip" else "" for kind, key in values]
    hosted = np.array([bool(name) for name in blocks] or [False], dtype=np.bool_)
    for row in np.flatnonzero(hosted[value]).tolist():
        name = (int(unit[row]), "subnet22", blocks[value[row]])
        known = rows.get(name, (int(first[row]), int(last[row])))
        rows[name] = (min(known[0], int(first[row])), max(known[1], int(last[row])))
    found = sorted({(kind, key) for _, kind, key in rows})
    place = {pair: number for number, pair in enumerate(found)}
    table = np.array(
        [(number, place[kind, key], *times) for (number, kind, key), times in sorted(rows.items())], dtype=np.int64
    ).reshape(-1, 4)
    return Derived(found, table[:, 0], table[:, 1], table[:, 2], table[:, 3])
