"""How common each value is outside the investigation, and so what it weighs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wiretrace import identity
from wiretrace.attribute.compare import domains
from wiretrace.attribute.kinds import Common, Kind, background, kinds, names
from wiretrace.sentences import say

Ints = NDArray[np.signedinteger[Any]]
# Numbers of which a table of observations has one in each row.
Small = np.int32
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# How many imagined unrelated publishers, spread as the kind's floor says, stand behind the controls (Laplace
# smoothing): one control that bears a value makes it common, a dozen without it do not make it rarer than the floor.
SMOOTHING = 25
# A value that no table knows may be that of a third party with many customers: a host, a service, a theme. Their sizes
# follow Zipf's law, so the one that a site is met with is as likely of one order of size as of another, from a tenth of
# the kind's floor to its largest unknown share (what is larger is taken to be listed in background.csv). The share of a
# value is the mean of that, given how many of the controls bear it.
STEPS = 64
# Share of one day's registrations that is left a year later: among living domains, newer days are commoner.
RENEWED = 0.75
OLDEST_DAY = 0.0001
CONTROL_ROLES = ("control", "outlet")
TRADE_ROLES = ("distributor", "seller")
OTHERS = (*CONTROL_ROLES, *TRADE_ROLES)
# Kinds whose values name a host or mailbox: a distributor's own is on all pages that run its releases.
HOSTED = ("asset_host", "contact_email")


class Texts:
    """Texts by number, in one piece of memory."""

    def __init__(self, parts: Sequence[pa.Array]) -> None:
        self.array: pa.Array = pa.chunked_array(parts, type=pa.large_string()).combine_chunks()

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, number: int) -> str:
        return str(self.array[number].as_py())

    def take(self, numbers: Ints) -> Texts:
        """Those of these numbers."""
        return Texts([self.array.take(pa.array(numbers))])

    def all(self, numbers: Ints) -> list[str]:
        """The same as a list."""
        return [str(text) for text in self.array.take(pa.array(numbers)).to_pylist()]


@dataclass(frozen=True)
class Values:
    """One row per distinct value, sorted by kind and compared form; ``bits`` is log2(m / u), 0 for a platform's.

    ``tenants`` are the bits that a value weighs less between two single publishers, since nobody knows how many
    bear it.
    """

    key: Texts
    shown: Texts
    kind_number: Ints
    carriers: Ints
    controls: Ints
    background: Floats
    bits: Floats
    tenants: Floats
    decides: Bools
    reason: dict[int, str]

    def kind(self, value: int) -> Kind:
        """Kind of a value."""
        return kinds()[names()[self.kind_number[value]]]


def weights(
    number: Ints,
    key: Texts,
    shown: Texts,
    year: Ints,
    unit: Ints,
    value: Ints,
    roles: list[str],
    role: Mapping[str, str],
) -> Values:
    """What each value weighs.

    Args:
        number, key, shown, year: of each, its kind's number, its compared form, how it was written, and the year in
            which it was first seen.
        unit, value: the rows of the index.
        roles: of each unit; ``role``: of all publishers by name.
    """
    borne = _borne(unit, value, np.array([its in CONTROL_ROLES for its in roles], dtype=np.bool_), len(number))
    trade = _borne(unit, value, np.array([its in TRADE_ROLES for its in roles], dtype=np.bool_), len(number))
    # What a distributor's imprint states stands at the foot of its releases, on its customers' pages.
    trade = np.where(_of(number, lambda kind: kind.family == "imprint"), trade, 0)
    controls = sum(its in CONTROL_ROLES for its in roles)
    platform, shipped, reason = _common(number, key, role)
    floor = _floors(number, key, year)
    seen = (borne + trade + SMOOTHING * floor) / (controls + SMOOTHING)
    unrelated = np.minimum(0.999, np.maximum.reduce([floor, shipped, np.where(borne + trade > 0, seen, 0.0)]))
    same = np.array([kinds()[name].share_same for name in names()])[number]
    known = (shipped > 0) | _own_host(number, key, role)
    tenants = np.where(known, unrelated, np.maximum(unrelated, _tenants(number, borne, controls)))
    for at in np.flatnonzero(borne + trade).tolist():
        reason[at] = _why(reason.get(at, ""), int(borne[at]), int(trade[at]))
    return Values(
        key,
        shown,
        number,
        np.bincount(value, minlength=len(number)).astype(np.int64),
        borne,
        np.where(platform, 1.0, unrelated),
        np.where(platform, 0.0, np.maximum(0.0, np.log2(same / unrelated))),
        np.log2(tenants / unrelated),
        _of(number, lambda kind: kind.may_decide) & (borne + trade == 0) & ~platform,
        reason,
    )


def _common(number: Ints, key: Texts, role: Mapping[str, str]) -> tuple[Bools, Floats, dict[int, str]]:
    """Which values are a platform's, the share of those that are merely common, and the reasons of both."""
    platform = np.zeros(len(number), dtype=np.bool_)
    shipped = np.zeros(len(number))
    reason: dict[int, str] = {}
    for kind, at, text in _texts(number, key, lambda name: name in HOSTED or background().knows(name)):
        common = background().of(kind, text) or _hosted(kind, text, role)
        if common:
            platform[at], shipped[at] = common.share is None, common.share or 0.0
            reason[at] = common.reason
    return platform, shipped, reason


def _texts(number: Ints, key: Texts, wanted: Callable[[str], bool]) -> Iterator[tuple[str, int, str]]:
    """(kind, number, text) of the values of the kinds that are ``wanted``."""
    for place in np.unique(number).tolist():
        if wanted(names()[place]):
            rows = np.flatnonzero(number == place)
            for at, text in zip(rows.tolist(), key.all(rows), strict=True):
                yield names()[place], at, text


def _of(number: Ints, holds: Callable[[Kind], bool]) -> Bools:
    """Of which values the kind ``holds``."""
    found: Bools = np.array([holds(kinds()[name]) for name in names()], dtype=np.bool_)[number]
    return found


def _borne(unit: Ints, value: Ints, wanted: Bools, values: int) -> Ints:
    found: Ints = np.bincount(value[wanted[unit]], minlength=values).astype(np.int64)
    return found


def _hosted(kind: str, key: str, role: Mapping[str, str]) -> Common | None:
    """A host or mailbox of a distributor, seller, outlet or control of this investigation weighs nothing."""
    if kind not in HOSTED:
        return None
    owner = identity.registrable_domain(key.rpartition("@")[2])
    its = role.get(owner, "")
    return Common(None, say("belongs", site=owner, phrase=its)) if its in OTHERS else None


def _own_host(number: Ints, key: Texts, role: Mapping[str, str]) -> Bools:
    """Which hosts of files are a publisher's own: they have no unknown customers."""
    found = np.zeros(len(number), dtype=np.bool_)
    for _, at, host in _texts(number, key, lambda name: name == "asset_host"):
        found[at] = any(name in role for name in domains(host))
    return found


def _floors(number: Ints, key: Texts, year: Ints) -> Floats:
    """Least u of each value; a day of registration gets rarer with each year that it lies back."""
    found = np.array([kinds()[name].share_unrelated for name in names()])[number]
    for _, at, day in _texts(number, key, lambda name: name == "created"):
        age = max(0, int(year[at]) - int(day[:4]))
        found[at] = max(OLDEST_DAY, found[at] * RENEWED**age)
    return found


def _tenants(number: Ints, borne: Ints, controls: int) -> Floats:
    """Share of unrelated sites with a value of which nobody knows how common it is, and which ``borne`` of the
    ``controls`` bear; 0 of kinds whose floor is enough.
    """
    found = np.zeros(len(number))
    for at, name in enumerate(names()):
        kind = kinds()[name]
        if kind.largest_unknown:
            rows = np.flatnonzero(number == at)
            seen, place = np.unique(borne[rows], return_inverse=True)
            ends = kind.share_unrelated / 10, kind.largest_unknown
            means = [_mean_share(*ends, its, controls) for its in seen.tolist()]
            found[rows] = np.array(means, dtype=np.float64)[place]
    return found


@cache
def _mean_share(least: float, largest: float, borne: int, controls: int) -> float:
    """Mean of STEPS shares from ``least`` to ``largest``, weighed by how likely ``borne`` of the ``controls`` bear such
    a value.

    In decimal arithmetic, which gives the same on any processor; logarithms and products of matrices need not.
    """
    with localcontext(Context(prec=30, Emin=MIN_EMIN, Emax=MAX_EMAX)):
        step = ((Decimal(largest) / Decimal(least)).ln() / (STEPS - 1)).exp()
        shares = [Decimal(least) * step**number for number in range(STEPS)]
        likely = [share**borne * (1 - share) ** (controls - borne) for share in shares]
        return float(sum(share * its for share, its in zip(shares, likely, strict=True)) / sum(likely))


def _why(common: str, controls: int, trade: int) -> str:
    """Why a value weighs less than a rare one of its kind."""
    said = [common] if common else []
    if controls:
        said.append(say("also_controls", number=controls))
    if trade:
        said.append(say("also_trade"))
    return "; ".join(said)
