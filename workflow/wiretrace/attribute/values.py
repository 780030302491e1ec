"""Observations as an inverted index: which publisher bears which value, from when to when, and what it weighs.

Everything is held in arrays of numbers; text is kept once for each distinct value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wiretrace.attribute.compare import FORMS
from wiretrace.attribute.derive import derived
from wiretrace.attribute.kinds import background, kinds, names
from wiretrace.attribute.rarity import CONTROL_ROLES, Bools, Ints, Values, weights

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


@dataclass(frozen=True)
class Seen:
    """When and where each row of the index was seen: numbers of ``times`` (ascending), and the observations' ids."""

    times: list[str]
    first: Ints
    last: Ints
    observation: pa.Array


@dataclass(frozen=True)
class Prepared:
    """All that the linking needs. ``seen`` is parallel to ``index``.

    ``wholes`` has the rows of ``index`` and those by which only groups are compared (see derive).
    """

    publishers: list[str]
    roles: list[str]
    controls: int
    values: Values
    index: Index
    wholes: Index
    seen: Seen


@dataclass(frozen=True)
class _Coded:
    """Rows as numbers of the ascending ``publishers``, ``distinct`` (kind, value) pairs and ``times``."""

    publishers: list[str]
    distinct: list[tuple[str, str]]
    times: list[str]
    publisher: Ints
    pair: Ints
    first: Ints
    last: Ints
    observation: pa.Array


def prepare(publishers: pd.DataFrame, observations: pd.DataFrame) -> Prepared:
    """The inverted index, without redacted rows, unknown kinds and what is not the publisher's own."""
    role = dict(zip(publishers["publisher"], publishers["role"], strict=True))
    account = set(publishers.loc[publishers["kind"] == "account", "publisher"])
    coded = _coded(observations, account)
    keys = [FORMS[kinds()[kind].compare](value) for kind, value in coded.distinct]
    named = sorted({(kind, key) for (kind, _), key in zip(coded.distinct, keys, strict=True) if key})
    known = _known(coded, named, keys)
    more = derived(coded.publishers, named, known.unit, known.value, known.first, known.last)
    every = sorted({*named, *more.values})
    place = {value: number for number, value in enumerate(every)}
    moved = np.array([place[value] for value in named], dtype=np.int64)
    added = np.array([place[value] for value in more.values], dtype=np.int64)
    unit, value = np.r_[known.unit, more.unit], np.r_[moved[known.value], added[more.value]]
    first, last = np.r_[known.first, more.first], np.r_[known.last, more.last]
    order = np.lexsort((value, unit))
    unit, value, first, last = unit[order], value[order], first[order], last[order]
    roles = [role.get(name, "unlisted") for name in coded.publishers]
    controls = sum(its in CONTROL_ROLES for its in roles)
    shown = _shown(coded, keys, place, every)
    seen = np.full(len(every), max(len(coded.times) - 1, 0), dtype=np.int64)
    np.minimum.at(seen, value, first)
    years = np.array([int(time[:4]) for time in coded.times] or [0], dtype=np.int64)
    values = weights(every, shown, years[seen], unit, value, roles, role)
    days = _days(coded.times, "01", "01"), _days(coded.times, "12", "28")
    observed = order < len(known.unit)
    wholes = _index(len(roles), unit, value, days[0][first], days[1][last], values)
    index = _index(
        len(roles), unit[observed], value[observed], wholes.first_day[observed], wholes.last_day[observed], values
    )
    ids = known.observation.take(pa.array(order[observed]))
    return Prepared(
        coded.publishers,
        roles,
        controls,
        values,
        index,
        wholes,
        Seen(coded.times, first[observed], last[observed], ids),
    )


def _numbered(column: pd.Series[str]) -> tuple[Ints, list[str]]:
    """Each row's number among the distinct values, and these in ascending order; the column may be categorical."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        coded = pa.array(column.cat.remove_unused_categories())
    else:
        coded = _plain(column).dictionary_encode()
    rank = pc.array_sort_indices(coded.dictionary).to_numpy()
    place = np.empty(len(rank), dtype=np.int64)
    place[rank] = np.arange(len(rank))
    numbers: Ints = place[coded.indices.to_numpy(zero_copy_only=False)]
    return numbers, coded.dictionary.take(pa.array(rank)).to_pylist()


def _coded(observations: pd.DataFrame, account: set[str]) -> _Coded:
    """The usable rows as numbers, in the order of publisher and pair."""
    usable = (observations["state"] == "value").to_numpy(dtype=bool)
    kind, kind_names = _numbered(observations["kind"])
    publisher, publisher_names = _numbered(observations["publisher"])
    level = np.array([_level(name) for name in kind_names] or [0], dtype=np.int64)[kind]
    least = np.array([_least(name, account) for name in publisher_names] or [0], dtype=np.int64)[publisher]
    # Levels: 1 domain, 2 site, 4 text; ``least`` has the bits of those that speak of the publisher itself.
    rows = np.flatnonzero(usable & (level & least > 0))
    value, value_names = _numbered(observations["value"].iloc[rows])
    kind, publisher = kind[rows], publisher[rows]
    pair_code, pair = np.unique(kind * max(len(value_names), 1) + value, return_inverse=True)
    distinct = [
        (kind_names[code // len(value_names)], value_names[code % len(value_names)]) for code in pair_code.tolist()
    ]
    used, publisher = np.unique(publisher, return_inverse=True)
    first, first_names = _numbered(observations["first_seen"].iloc[rows])
    last, last_names = _numbered(observations["last_seen"].iloc[rows])
    times = sorted({*first_names, *last_names})
    place = {time: number for number, time in enumerate(times)}
    return _Coded(
        [publisher_names[number] for number in used.tolist()],
        distinct,
        times,
        publisher,
        pair,
        np.array([place[time] for time in first_names], dtype=np.int64)[first],
        np.array([place[time] for time in last_names], dtype=np.int64)[last],
        _plain(observations["observation_id"].iloc[rows]),
    )


def _plain(column: pd.Series[str]) -> pa.Array:
    array = pa.array(column, type=pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _level(kind: str) -> int:
    known = kinds().get(kind)
    return {"domain": 1, "site": 2, "text": 4}.get(known.level, 0) if known else 0


def _least(publisher: str, account: set[str]) -> int:
    """Levels that speak of the publisher itself: a platform's infrastructure and markup say nothing of an account."""
    found = 4 if publisher in account or "/" in publisher else 7
    return found & 1 if background().of("publisher", publisher) else found


@dataclass(frozen=True)
class _Known:
    """One row per publisher and compared value: the first id, first and last time of its observations."""

    unit: Ints
    value: Ints
    first: Ints
    last: Ints
    observation: pa.Array


def _known(coded: _Coded, named: list[tuple[str, str]], keys: list[str]) -> _Known:
    place = {value: number for number, value in enumerate(named)}
    number = np.array(
        [place[kind, key] if key else -1 for (kind, _), key in zip(coded.distinct, keys, strict=True)] or [-1],
        dtype=np.int64,
    )
    value = number[coded.pair]
    rows = np.flatnonzero(value >= 0)
    order = rows[np.lexsort((coded.first[rows], value[rows], coded.publisher[rows]))]
    cell = coded.publisher[order] * max(len(named), 1) + value[order]
    start = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]]) if len(cell) else np.zeros(0, dtype=np.int64)
    last = np.maximum.reduceat(coded.last[order], start) if len(start) else start
    chosen = order[start].copy()
    _least_id(coded, order, start, cell, chosen)
    return _Known(
        coded.publisher[chosen],
        value[chosen],
        coded.first[chosen],
        last,
        coded.observation.take(pa.array(chosen)),
    )


def _least_id(coded: _Coded, order: Ints, start: Ints, cell: Ints, chosen: Ints) -> None:
    """Of several observations of one first time, the one with the least id stands for the value: set it in
    ``chosen``.
    """
    size = np.diff(np.r_[start, len(cell)])
    for number in np.flatnonzero(size > 1):
        rows = order[start[number] : start[number] + size[number]]
        tied = rows[coded.first[rows] == coded.first[rows[0]]]
        if len(tied) > 1:
            chosen[number] = min(tied.tolist(), key=lambda row: coded.observation[row].as_py())


def _shown(
    coded: _Coded, keys: list[str], place: dict[tuple[str, str], int], every: list[tuple[str, str]]
) -> list[str]:
    """Each value as it was first written, in the order of the alphabet; a derived one as it is."""
    found = [key for _, key in every]
    told: set[int] = set()
    for (kind, value), key in zip(coded.distinct, keys, strict=True):
        if key:
            number = place[kind, key]
            found[number] = min(value, found[number]) if number in told else value
            told.add(number)
    return found


def _days(times: list[str], month: str, day: str) -> Ints:
    """Days since 1970; a time that is only a year or month takes ``month`` and ``day``."""
    whole = [time[:10] for time in times]
    whole = [time if len(time) >= 7 else f"{time}-{month}" for time in whole]
    whole = [time if len(time) >= 10 else f"{time}-{day}" for time in whole]
    return np.array(whole or ["1970-01-01"], dtype="datetime64[D]").astype(np.int64)


def _index(units: int, unit: Ints, value: Ints, first: Ints, last: Ints, values: Values) -> Index:
    return Index(units, unit, value, first, last, siblings_of(unit, values.kind_number[value]))


def siblings_of(unit: Ints, kind_number: Ints) -> Ints:
    """How many rows share each row's unit and kind."""
    _, place, count = np.unique(unit * len(names()) + kind_number, return_inverse=True, return_counts=True)
    found: Ints = count[place].astype(np.int64)
    return found


def of_kind(values: Values, *wanted: str) -> Bools:
    """Which values are of one of the kinds."""
    found: Bools = np.isin(values.kind_number, [names().index(name) for name in wanted])
    return found
