"""How common each value is outside the investigation, and so what it weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wiretrace import identity
from wiretrace.attribute.kinds import Common, Kind, background, kinds

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# How many imagined unrelated publishers, spread as the kind's floor says, stand behind the controls (Laplace
# smoothing): one control that bears a value makes it common, a dozen without it do not make it rarer than the floor.
SMOOTHING = 25
# Share of one day's registrations that is left a year later: among living domains, newer days are commoner.
RENEWED = 0.75
OLDEST_DAY = 0.0001
CONTROL_ROLES = ("control", "outlet")
TRADE_ROLES = ("distributor", "seller")
OTHERS = (*CONTROL_ROLES, *TRADE_ROLES)
# Kinds whose values name a host or mailbox: a distributor's own is on all pages that run its releases.
HOSTED = ("asset_host", "contact_email")


@dataclass(frozen=True)
class Values:
    """One row per distinct value, sorted by kind and compared form; ``bits`` is log2(m / u), 0 for a platform's."""

    kind: list[Kind]
    key: list[str]
    shown: list[str]
    kind_number: Ints
    carriers: Ints
    controls: Ints
    background: Floats
    bits: Floats
    decides: Bools
    reason: list[str]


def weights(rows: pd.DataFrame, role: Mapping[str, str], controls: int) -> tuple[Values, Ints]:
    """The distinct values of ``rows`` (publisher, kind, key, value, first_seen), and the number of each row's value.

    ``role`` holds all publishers, ``controls`` is how many of the controls were looked at.
    """
    grouped = rows.groupby(["kind", "key"], sort=True)
    numbers: Ints = grouped.ngroup().to_numpy().astype(np.int64)
    table = grouped.agg(
        shown=("value", "min"), carriers=("publisher", "size"), seen=("first_seen", "min")
    ).reset_index()
    roles = rows["publisher"].map(dict(role)).fillna("unlisted")
    borne = _borne(numbers, roles.isin(CONTROL_ROLES), len(table))
    kind = [kinds()[name] for name in table["kind"]]
    page = np.array([k.family == "imprint" for k in kind], dtype=np.bool_)
    # What a distributor's imprint states stands at the foot of its releases, on its customers' pages.
    trade = np.where(page, _borne(numbers, roles.isin(TRADE_ROLES), len(table)), 0)
    known = [background().of(k.name, key) or _hosted(k, key, role) for k, key in zip(kind, table["key"], strict=True)]
    platform = np.array([c is not None and c.share is None for c in known], dtype=np.bool_)
    shipped = np.array([c.share or 0.0 if c else 0.0 for c in known], dtype=np.float64)
    floor = _floors(kind, table["key"], table["seen"])
    seen = (borne + trade + SMOOTHING * floor) / (controls + SMOOTHING)
    unrelated = np.minimum(0.999, np.maximum.reduce([floor, shipped, np.where(borne + trade > 0, seen, 0.0)]))
    same = np.array([k.share_same for k in kind], dtype=np.float64)
    order = {name: place for place, name in enumerate(sorted(kinds()))}
    return Values(
        kind,
        list(table["key"]),
        list(table["shown"]),
        np.array([order[k.name] for k in kind], dtype=np.int64),
        table["carriers"].to_numpy().astype(np.int64),
        borne,
        np.where(platform, 1.0, unrelated),
        np.where(platform, 0.0, np.maximum(0.0, np.log2(same / unrelated))),
        np.array([k.may_decide for k in kind], dtype=np.bool_) & (borne + trade == 0) & ~platform,
        [_why(*facts) for facts in zip(known, borne.tolist(), trade.tolist(), strict=True)],
    ), numbers


def _borne(numbers: Ints, wanted: pd.Series[bool], values: int) -> Ints:
    found: Ints = np.bincount(numbers[wanted.to_numpy()], minlength=values).astype(np.int64)
    return found


def _hosted(kind: Kind, key: str, role: Mapping[str, str]) -> Common | None:
    """A host or mailbox of a distributor, seller, outlet or control of this investigation weighs nothing."""
    if kind.name not in HOSTED:
        return None
    owner = identity.registrable_domain(key.rpartition("@")[2])
    its = role.get(owner, "")
    return Common(None, f"belongs to {owner}, a {its} of this investigation") if its in OTHERS else None


def _floors(kind: list[Kind], key: pd.Series[str], seen: pd.Series[str]) -> Floats:
    """Least u of each value; a day of registration gets rarer with each year that it lies back."""
    found = np.array([k.share_unrelated for k in kind], dtype=np.float64)
    for place, (k, day, time) in enumerate(zip(kind, key, seen, strict=True)):
        if k.name == "created":
            age = max(0, int(time[:4]) - int(day[:4]))
            found[place] = max(OLDEST_DAY, found[place] * RENEWED**age)
    return found


def _why(common: Common | None, controls: int, trade: int) -> str:
    """Why a value weighs less than a rare one of its kind."""
    said = [common.reason] if common else []
    if controls:
        said.append(f"also on {controls} of the controls, which are unrelated")
    if trade:
        said.append("also on a distributor or seller, whose customers may carry it")
    return "; ".join(said)
