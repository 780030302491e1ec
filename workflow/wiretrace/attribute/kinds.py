"""The parameters of the method, from ``config/registry``: kinds of observation and how common their values are.

``observation_kinds.csv`` has a line per kind: the family of kinds that it depends on, the share of one operator's pairs
of sites that have such a value in common (m), the least share of unrelated sites that may be assumed to bear a given
value (the floor of u), whether such a value may decide alone. ``background.csv`` has the values known to be common.
docs/methods-attribution.md says where the figures come from.
"""

from __future__ import annotations

import bisect
import csv
import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wiretrace import identity

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PLATFORM = "platform"


@dataclass(frozen=True)
class Kind:
    """One kind of observation.

    ``level`` says whose a value is: ``domain`` (look-ups: never an account's), ``site`` (the page's markup: on an
    account's page it is the platform's), ``text`` (what the page shows: an account's too), ``group`` (compares groups
    alone), ``told`` (compares nothing). ``largest_unknown`` is the largest share of unrelated sites that a value may
    have without being in the background; 0: the floor.
    """

    name: str
    family: str
    level: str
    compare: str
    share_same: float
    share_unrelated: float
    largest_unknown: float
    may_decide: bool
    half_life_days: float
    implied_by: tuple[str, ...]
    family_cap: float
    words: str
    accident: str


@dataclass(frozen=True)
class Common:
    """Why a value is common: ``share`` of unrelated publishers that bear it; None: a platform's, it weighs nothing."""

    share: float | None
    reason: str


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def table() -> list[dict[str, str]]:
    """The lines of observation_kinds.csv."""
    return _rows(identity.REGISTRY / "observation_kinds.csv")


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name."""
    return {
        row["kind"]: Kind(
            row["kind"],
            row["family"],
            row["level"],
            row["compare"],
            float(row["share_same"]),
            float(row["share_unrelated"]),
            float(row["largest_unknown"] or 0),
            row["may_decide"] == "yes",
            float(row["half_life_days"] or "inf"),
            tuple(row["implied_by"].split()),
            float(row["family_cap"]),
            row["words"],
            row["accident"],
        )
        for row in table()
    }


@cache
def names() -> tuple[str, ...]:
    """Names of all kinds, ascending; a kind's number is its place here."""
    return tuple(sorted(kinds()))


class Background:
    """The shipped table of common values, ready to be asked."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._exact: dict[tuple[str, str], Common] = {}
        self._domains: dict[tuple[str, str], Common] = {}
        self._patterns: dict[str, list[tuple[re.Pattern[str], Common]]] = {}
        networks: dict[tuple[str, int], list[tuple[int, int, Common]]] = {}
        for row in rows:
            common = Common(None if row["share"] == PLATFORM else float(row["share"]), row["reason"])
            for kind in row["kind"].split():
                if row["match"] == "exact":
                    self._exact[kind, row["value"].casefold()] = common
                elif row["match"] == "domain":
                    self._domains[kind, row["value"]] = common
                elif row["match"] == "pattern":
                    pattern = re.compile(row["value"], re.IGNORECASE)
                    self._patterns.setdefault(kind, []).append((pattern, common))
                else:
                    net = ipaddress.ip_network(row["value"])
                    entry = (int(net.network_address), int(net.broadcast_address), common)
                    networks.setdefault((kind, net.version), []).append(entry)
        self._kinds = {kind for kind, _ in [*self._exact, *self._domains, *networks]}
        self._hosts = {kind for kind, _ in self._domains}
        self._networks = {key: sorted(found, key=lambda e: e[:2]) for key, found in networks.items()}

    def knows(self, kind: str) -> bool:
        """Whether any value of the kind is in it."""
        return kind in self._patterns or kind in self._kinds

    def of(self, kind: str, value: str) -> Common | None:
        """What is known of ``value`` (in the form it is compared in), or None."""
        found = self._exact.get((kind, value.casefold()))
        if found:
            return found
        # 2,000 characters bound the work of a pattern on a hostile value.
        for pattern, common in self._patterns.get(kind, ()):
            if pattern.fullmatch(value[:2000]):
                return common
        if kind in self._hosts and (found := self._domains.get((kind, identity.registrable_domain(value[:2000])))):
            return found
        return self._network(kind, value) if kind in ("ip", "subnet24") else None

    def _network(self, kind: str, value: str) -> Common | None:
        try:
            net = ipaddress.ip_network(value, strict=False)
        except ValueError:
            return None
        ranges = self._networks.get((kind, net.version), [])
        place = bisect.bisect_right(ranges, int(net.network_address), key=lambda e: e[0]) - 1
        if place >= 0 and int(net.broadcast_address) <= ranges[place][1]:
            return ranges[place][2]
        return None


@cache
def background() -> Background:
    """The shipped background."""
    return Background(_rows(identity.REGISTRY / "background.csv"))
