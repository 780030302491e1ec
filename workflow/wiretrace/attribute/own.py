"""A publisher bears what others name of it: its own host on their pages, itself as their owner.

No page is looked at for its own host, and few say in ads.txt that they own themselves; so a site that loads its files
from another's host, or declares it as its owner, would share nothing with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from wiretrace.attribute.compare import domains
from wiretrace.attribute.kinds import background
from wiretrace.attribute.rarity import OTHERS, Ints

# Kinds whose compared values are host names or domains that may be another publisher's.
NAMING = ("asset_host", "owner_domain", "ns", "mx")


def owner_of(host: str, publishers: Mapping[str, int]) -> int:
    """Number of the publisher whose domain ``host`` is or lies under; -1: of none.

    >>> owner_of("static.quay.example", {"quay.example": 3})
    3
    """
    return next((publishers[name] for name in domains(host) if name in publishers), -1)


def borne(
    publishers: list[str], roles: list[str], values: Iterable[tuple[int, str]], unit: Ints, value: Ints
) -> Iterator[tuple[int, int, int]]:
    """(publisher, value, row of the first that names it) of ``values`` (number, text) that name a publisher.

    Not of controls, outlets, distributors and sellers, nor of hosts of many people's sites: what these name is common.
    ``unit`` and ``value`` are the rows, ascending by both.
    """
    place = {
        name: number
        for number, (name, role) in enumerate(zip(publishers, roles, strict=True))
        if role not in OTHERS and not background().of("publisher", name)
    }
    named = [(owner, number) for number, text in values if (owner := owner_of(text, place)) >= 0]
    if not named:
        return
    order = np.argsort(value, kind="stable")
    start = np.searchsorted(value[order], [number for _, number in named])
    end = np.searchsorted(value[order], [number for _, number in named], side="right")
    for (owner, number), low, high in zip(named, start.tolist(), end.tolist(), strict=True):
        rows = order[low:high]
        if len(rows) and owner not in unit[rows]:
            yield owner, number, int(rows[0])
