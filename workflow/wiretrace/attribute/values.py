"""Observations as an inverted index: which publisher bears which value, from when to when, and what it weighs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wiretrace.attribute.compare import FORMS
from wiretrace.attribute.derive import derived
from wiretrace.attribute.kinds import background, kinds
from wiretrace.attribute.rarity import CONTROL_ROLES, Ints, Values, weights

# Families in which an honest page bears one or two values; a page with many quotes or hosts other people's.
SPARSE = ("tracking", "verification", "social", "audience")


@dataclass(frozen=True)
class Index:
    """One row per unit (publisher, or group of them) and value, sorted by both; days count from 1970-01-01."""

    units: int
    unit: Ints
    value: Ints
    first_day: Ints
    last_day: Ints
    # How many values of this kind the unit bears.
    siblings: Ints

    def keys(self, values: int) -> Ints:
        """unit * values + value, ascending: the index as a sorted set."""
        return self.unit * values + self.value


@dataclass(frozen=True)
class Prepared:
    """All that the linking needs. ``rows`` is parallel to ``index``: first_seen, last_seen, observation_id.

    ``wholes`` has the rows of ``index`` and those by which only groups are compared (see derive).
    """

    publishers: list[str]
    roles: list[str]
    controls: int
    values: Values
    index: Index
    wholes: Index
    rows: pd.DataFrame


def prepare(publishers: pd.DataFrame, observations: pd.DataFrame) -> Prepared:
    """The inverted index, without redacted rows, unknown kinds and what is not the publisher's own."""
    role = dict(zip(publishers["publisher"], publishers["role"], strict=True))
    account = set(publishers.loc[publishers["kind"] == "account", "publisher"])
    observed_kinds = [kind.name for kind in kinds().values() if kind.level != "group"]
    usable = observations[(observations["state"] == "value") & observations["kind"].isin(observed_kinds)]
    usable = usable[_own(usable, account)]
    data = usable[["publisher", "kind", "value", "first_seen", "last_seen", "observation_id"]].assign(
        key=_compared(usable)
    )
    data = data[data["key"] != ""]
    data = data.sort_values(
        ["publisher", "kind", "key", "first_seen", "observation_id"], kind="stable", ignore_index=True
    )
    rows = data.groupby(["publisher", "kind", "key"], sort=True, as_index=False).agg(
        value=("value", "first"),
        first_seen=("first_seen", "first"),
        last_seen=("last_seen", "max"),
        observation_id=("observation_id", "first"),
    )
    rows = pd.concat([rows, derived(rows)], ignore_index=True)
    rows = rows.sort_values(["publisher", "kind", "key"], kind="stable", ignore_index=True)
    names = sorted(set(rows["publisher"]))
    roles = [role.get(name, "unlisted") for name in names]
    controls = [name for name, its in zip(names, roles, strict=True) if its in CONTROL_ROLES]
    values, numbers = weights(rows, role, len(controls))
    observed = (rows["observation_id"] != "").to_numpy()
    wholes = _index(rows, names, numbers, values)
    index = _index(rows[observed], names, numbers[observed], values)
    kept = rows.loc[observed, ["first_seen", "last_seen", "observation_id"]].reset_index(drop=True)
    return Prepared(names, roles, len(controls), values, index, wholes, kept)


def _own(data: pd.DataFrame, account: set[str]) -> pd.Series[bool]:
    """Which rows speak of the publisher itself; a platform's infrastructure and markup say nothing of an account."""
    level = data["kind"].map({name: kind.level for name, kind in kinds().items()})
    known = background()
    hosts = {name for name in data["publisher"].unique() if known.of("publisher", name)}
    on_platform = data["publisher"].isin(list(account)) | data["publisher"].str.contains("/", regex=False)
    return (~on_platform | (level == "text")) & (~data["publisher"].isin(list(hosts)) | (level == "domain"))


def _compared(data: pd.DataFrame) -> pd.Series[str]:
    pairs = data[["kind", "value"]].drop_duplicates()
    form = {
        (kind, value): FORMS[kinds()[kind].compare](value)
        for kind, value in zip(pairs["kind"], pairs["value"], strict=True)
    }
    found = [form[pair] for pair in zip(data["kind"], data["value"], strict=True)]
    return pd.Series(found, index=data.index, dtype="str")


def _days(column: pd.Series[str], month: str, day: str) -> Ints:
    """Days since 1970; a time that is only a year or month takes ``month`` and ``day``."""
    whole = column.str.slice(0, 10)
    whole = whole.where(whole.str.len() >= 7, whole + f"-{month}")
    whole = whole.where(whole.str.len() >= 10, whole + f"-{day}")
    return whole.to_numpy(dtype="datetime64[D]").astype(np.int64)


def _index(rows: pd.DataFrame, names: list[str], numbers: Ints, values: Values) -> Index:
    place = {name: number for number, name in enumerate(names)}
    unit: Ints = rows["publisher"].map(place).to_numpy().astype(np.int64)
    siblings = siblings_of(unit, values.kind_number[numbers])
    return Index(
        len(names), unit, numbers, _days(rows["first_seen"], "01", "01"), _days(rows["last_seen"], "12", "28"), siblings
    )


def siblings_of(unit: Ints, kind_number: Ints) -> Ints:
    """How many rows share each row's unit and kind."""
    _, place, count = np.unique(unit * len(kinds()) + kind_number, return_inverse=True, return_counts=True)
    found: Ints = count[place].astype(np.int64)
    return found
