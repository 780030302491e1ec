"""What groups of publishers are compared by besides what was observed: patterns of names, larger blocks of addresses.

Both follow from what is known of a publisher and cost no look-up. They say little of two single sites, so no pair is
weighed by them; that whole groups have them in common says more.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wiretrace import identity
from wiretrace.attribute.kinds import background
from wiretrace.attribute.rarity import Ints

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
    publishers: list[str], addresses: Mapping[int, str], unit: Ints, value: Ints, first: Ints, last: Ints
) -> Derived:
    """What follows from the rows (number of publisher, of value, of the first and last time).

    A pattern that one publisher alone bears is left out: it can match nothing. ``addresses`` are the values that are
    addresses, by number.
    """
    borne = [(number, pattern) for number, name in enumerate(publishers) for pattern in patterns(name)]
    count = Counter(pattern for _, pattern in borne)
    begin = np.full(len(publishers), np.iinfo(np.int64).max)
    end = np.full(len(publishers), -1)
    np.minimum.at(begin, unit, first)
    np.maximum.at(end, unit, last)
    borne = [(number, pattern) for number, pattern in borne if count[pattern] > 1 and end[number] >= 0]
    named = np.array([number for number, _ in borne], dtype=np.int64)
    its_block = {number: name for number, name in ((n, block(text)) for n, text in addresses.items()) if name}
    rows = np.flatnonzero(np.isin(value, list(its_block)))
    found = sorted({("name_pattern", pattern) for _, pattern in borne} | {("subnet22", n) for n in its_block.values()})
    place = {pair: number for number, pair in enumerate(found)}
    which = [place["name_pattern", pattern] for _, pattern in borne]
    which += [place["subnet22", its_block[number]] for number in value[rows].tolist()]
    return _once(
        found,
        np.r_[named, unit[rows]],
        np.array(which, dtype=np.int64),
        np.r_[begin[named], first[rows]],
        np.r_[end[named], last[rows]],
    )


def _once(found: list[tuple[str, str]], unit: Ints, value: Ints, first: Ints, last: Ints) -> Derived:
    """One row for each publisher and value, ascending, with the first and last time."""
    many = max(len(found), 1)
    cell, place = np.unique(unit * many + value, return_inverse=True)
    begin = np.full(len(cell), np.iinfo(np.int64).max)
    end = np.full(len(cell), -1)
    np.minimum.at(begin, place, first)
    np.maximum.at(end, place, last)
    return Derived(found, cell // many, cell % many, begin, end)
