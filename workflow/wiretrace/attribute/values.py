"""Observations as an inverted index: which publisher bears which value, from when to when, and what it weighs.

Everything is held in arrays of numbers; text is kept once for each distinct value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wiretrace.attribute import own
from wiretrace.attribute.compare import FORMS
from wiretrace.attribute.derive import derived
from wiretrace.attribute.kinds import background, kinds, names
from wiretrace.attribute.rarity import CONTROL_ROLES, Bools, Ints, Small, Texts, Values, weights

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

    def of(self, rows: Ints) -> Index:
        """Some of its rows."""
        parts = (self.unit, self.value, self.first_day, self.last_day, self.siblings)
        return Index(self.units, *(part[rows] for part in parts))


@dataclass(frozen=True)
class Seen:
    """When and where each row of the index was seen: numbers of ``times`` (ascending), and of ``observation`` ids."""

    times: list[str]
    first: Ints
    last: Ints
    observation: pa.ChunkedArray
    row: Ints

    def of(self, rows: Ints) -> Seen:
        """Some of them, with the ids of these alone."""
        ids = self.observation.take(pa.array(self.row[rows]))
        return Seen(self.times, self.first[rows], self.last[rows], ids, np.arange(len(rows), dtype=Small))


@dataclass(frozen=True)
class Prepared:
    """All that the linking needs. ``seen`` is parallel to ``index``.

    ``more`` has the rows by which only groups are compared (see derive).
    """

    publishers: list[str]
    roles: list[str]
    controls: int
    values: Values
    index: Index
    more: Index
    seen: Seen


@dataclass(frozen=True)
class Coded:
    """Rows as numbers of the ascending ``publishers``, of pairs of kind and value, and of ``times``.

    Pairs are ascending: ``pair_kind`` and ``pair_value`` are the numbers of the kind (see kinds.names) and of the text
    among ``texts``. ``row`` is the number of the observation among all ``observation`` ids.
    """

    publishers: list[str]
    times: list[str]
    publisher: Ints
    pair: Ints
    first: Ints
    last: Ints
    pair_kind: Ints
    pair_value: Ints
    texts: pa.Array
    observation: pa.ChunkedArray
    row: Ints


@dataclass(frozen=True)
class Gathered:
    """One row per publisher and compared value, and what the values are: all that is needed of the coded rows."""

    publishers: list[str]
    roles: list[str]
    role: dict[str, str]  # of all publishers, also of those that bear nothing
    times: list[str]
    named: _Named
    known: _Known
    observation: pa.ChunkedArray


def gather(publishers: pd.DataFrame, coded: Coded) -> Gathered:
    """The coded rows of each publisher and compared value as one; a caller need not keep the many there were."""
    role = dict(zip(publishers["publisher"], publishers["role"], strict=True))
    named = _named(coded)
    roles = [role.get(name, "unlisted") for name in coded.publishers]
    known = _with_own(_known(coded, named.of_pair, len(named.kind)), named, coded.publishers, roles)
    return Gathered(coded.publishers, roles, role, coded.times, named, known, coded.observation)


def prepare(gathered: Gathered) -> Prepared:
    """The inverted index."""
    named, known, roles, times = gathered.named, gathered.known, gathered.roles, gathered.times
    address = np.flatnonzero(named.kind == names().index("ip"))
    more = derived(
        gathered.publishers,
        {number: named.key[number] for number in address.tolist()},
        known.unit,
        known.value,
        known.first,
        known.last,
    )
    kind, key, shown, moved, added = _merged(named, more.values)
    release()
    unit, value = np.r_[known.unit, more.unit.astype(Small)], np.r_[moved[known.value], added[more.value]]
    years = np.array([int(time[:4]) for time in times] or [0], dtype=np.int64)
    seen = np.full(len(kind), max(len(times) - 1, 0), dtype=np.int64)
    np.minimum.at(seen, value, np.r_[known.first, more.first])
    values = weights(kind, key, shown, years[seen], unit, value, roles, gathered.role)
    begin, end = _days(times, "01", "01").astype(Small), _days(times, "12", "28").astype(Small)
    at = len(known.unit)
    units = len(roles)
    return Prepared(
        gathered.publishers,
        roles,
        sum(its in CONTROL_ROLES for its in roles),
        values,
        _index(units, unit[:at], value[:at], begin[known.first], end[known.last], values),
        _index(units, unit[at:], value[at:], begin[more.first], end[more.last], values),
        Seen(times, known.first, known.last, gathered.observation, known.row),
    )


@dataclass(frozen=True)
class _Named:
    """Compared values, ascending by kind and form; ``of_pair`` is the number of each pair's, -1 of what has none."""

    kind: Ints
    key: Texts
    shown: Texts
    of_pair: Ints


def _named(coded: Coded) -> _Named:
    """The values in the form they are compared in, each as it was first written in the order of the alphabet."""
    none = pa.array([], type=pa.large_string())
    kind, key, shown, of_pair = [np.zeros(0, dtype=np.int64)], [none], [none], [np.zeros(0, dtype=Small)]
    at = 0
    border = np.searchsorted(coded.pair_kind, np.arange(len(names()) + 1)).tolist()
    for number, name in enumerate(names()):
        if border[number] == border[number + 1]:
            continue
        written = coded.texts.take(pa.array(coded.pair_value[border[number] : border[number + 1]]))
        form = FORMS[kinds()[name].compare]
        place, forms = ranked(pa.array([form(text) for text in written.to_pylist()], type=pa.large_string()))
        # What has no form is the empty text, the first of all.
        lack = int(len(forms) > 0 and forms[0].as_py() == "")
        _, first = np.unique(place, return_index=True)
        kind.append(np.full(len(forms) - lack, number))
        key.append(forms.slice(lack))
        shown.append(written.take(pa.array(first[lack:])))
        of_pair.append(np.where(place >= lack, place - Small(lack) + Small(at), Small(-1)))
        at += len(forms) - lack
    return _Named(np.concatenate(kind), Texts(key), Texts(shown), np.concatenate(of_pair))


def _merged(named: _Named, more: list[tuple[str, str]]) -> tuple[Ints, Texts, Texts, Ints, Ints]:
    """Kinds and texts of all values, those that are derived among the others in order; and the new numbers of both."""
    kind = np.r_[named.kind, np.array([names().index(name) for name, _ in more], dtype=np.int64)]
    # Derived kinds are never observed, and both lists are ascending: the order of the kinds is that of all.
    order = np.argsort(kind, kind="stable")
    place = np.empty(len(order), dtype=Small)
    place[order] = np.arange(len(order))
    keys = pa.array([key for _, key in more], type=pa.large_string())
    key, shown = (Texts([texts.array, keys]).take(order) for texts in (named.key, named.shown))
    return kind[order], key, shown, place[: len(named.kind)], place[len(named.kind) :]


def ranked(column: pa.Array) -> tuple[Ints, pa.Array]:
    """Each row's number among the distinct values, and these in ascending order."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    rank = pc.array_sort_indices(coded.dictionary)
    place = np.empty(len(rank), dtype=Small)
    place[rank.to_numpy()] = np.arange(len(rank))
    return place[coded.indices.to_numpy(zero_copy_only=False)], coded.dictionary.take(rank)


def _numbered(column: pd.Series[str]) -> tuple[Ints, list[str]]:
    """Each row's number among the distinct values, and these in ascending order; the column may be categorical."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        number, texts = ranked(pa.array(column.cat.remove_unused_categories()))
    else:
        number, texts = ranked(_plain(column).combine_chunks())
    return number, texts.to_pylist()


def code(publishers: pd.DataFrame, observations: pd.DataFrame) -> Coded:
    """The rows as numbers, in the order of the table, without redacted rows, unknown kinds and what is not the
    publisher's own.
    """
    account = set(publishers.loc[publishers["kind"] == "account", "publisher"])
    usable = (observations["state"] == "value").to_numpy(dtype=bool)
    kind, kind_names = _numbered(observations["kind"])
    publisher, publisher_names = _numbered(observations["publisher"])
    level = np.array([_level(name) for name in kind_names] or [0], dtype=np.int8)[kind]
    least = np.array([_least(name, account) for name in publisher_names] or [0], dtype=np.int8)[publisher]
    # Levels: 1 domain, 2 site, 4 text; ``least`` has the bits of those that speak of the publisher itself.
    rows = np.flatnonzero(usable & (level & least > 0))
    del level, least, usable
    number = np.array([names().index(name) if name in kinds() else -1 for name in kind_names] or [0], dtype=np.int64)
    column = observations["value"]
    value, texts = ranked(_plain(column if len(rows) == len(column) else column.iloc[rows]).combine_chunks())
    code, pair = np.unique(number[kind[rows]] * max(len(texts), 1) + value, return_inverse=True)
    del kind, value
    used, publisher = np.unique(publisher[rows], return_inverse=True)
    first, first_names = _numbered(observations["first_seen"].iloc[rows])
    last, last_names = _numbered(observations["last_seen"].iloc[rows])
    times = sorted({*first_names, *last_names})
    place = {time: number for number, time in enumerate(times)}
    return Coded(
        [publisher_names[number] for number in used.tolist()],
        times,
        publisher.astype(Small),
        pair.astype(Small),
        np.array([place[time] for time in first_names], dtype=Small)[first],
        np.array([place[time] for time in last_names], dtype=Small)[last],
        code // max(len(texts), 1),
        code % max(len(texts), 1),
        texts,
        _plain(observations["observation_id"]),
        rows.astype(Small),
    )


def _plain(column: pd.Series[str]) -> pa.ChunkedArray:
    """Texts as they lie in the table, or, of a column of another make, once more."""
    array = pa.array(column, type=pa.large_string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _level(kind: str) -> int:
    known = kinds().get(kind)
    return {"domain": 1, "site": 2, "text": 4}.get(known.level, 0) if known else 0


def _least(publisher: str, account: set[str]) -> int:
    """Levels that speak of the publisher itself: a platform's infrastructure and markup say nothing of an account."""
    found = 4 if publisher in account or "/" in publisher else 7
    return found & 1 if background().of("publisher", publisher) else found


@dataclass(frozen=True)
class _Known:
    """One row per publisher and compared value, by both: the first id, first and last time of its observations."""

    unit: Ints
    value: Ints
    first: Ints
    last: Ints
    row: Ints


def _known(coded: Coded, of_pair: Ints, many: int) -> _Known:
    value = of_pair[coded.pair]
    rows = np.flatnonzero(value >= 0).astype(Small)
    cell = coded.publisher[rows].astype(np.int64) * max(many, 1) + value[rows]
    order = np.lexsort((coded.first[rows], cell)).astype(Small)
    rows, cell = rows[order], cell[order]
    del order
    start = np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]]) if len(cell) else np.zeros(0, dtype=np.int64)
    del cell
    last = np.maximum.reduceat(coded.last[rows], start) if len(start) else start
    chosen = _with_least_id(coded, rows, start)
    return _Known(coded.publisher[chosen], value[chosen], coded.first[chosen], last, coded.row[chosen])


def _with_own(known: _Known, named: _Named, publishers: list[str], roles: list[str]) -> _Known:
    """The same with the rows of publishers that others name (see own): seen when and where these were."""
    numbers = np.flatnonzero(np.isin(named.kind, [names().index(name) for name in own.NAMING]))
    values = zip(numbers.tolist(), named.key.all(numbers), strict=True)
    found = list(own.borne(publishers, roles, values, known.unit, known.value))
    if not found:
        return known
    unit, value, row = np.array(found, dtype=np.int64).T
    parts = (known.unit, known.value, known.first, known.last, known.row)
    more = (unit, value, known.first[row], known.last[row], known.row[row])
    joined = [np.r_[part, its.astype(part.dtype)] for part, its in zip(parts, more, strict=True)]
    order = np.lexsort((joined[1], joined[0]))
    return _Known(*(part[order] for part in joined))


def _with_least_id(coded: Coded, rows: Ints, start: Ints) -> Ints:
    """Of the ``rows`` of each value, which begin at ``start`` and are in the order of their first times, the one with
    the least id of those of the first time.
    """
    cell = np.repeat(np.arange(len(start), dtype=Small), np.diff(np.r_[start, len(rows)]))
    first = coded.first[rows]
    tied = np.flatnonzero(first == first[start][cell]).astype(Small)
    chosen = rows[start]
    several = np.bincount(cell[tied], minlength=len(start)) > 1
    tied = tied[several[cell[tied]]]
    rank, _ = ranked(coded.observation.take(pa.array(coded.row[rows[tied]])).combine_chunks())
    best = tied[np.lexsort((rank, cell[tied]))]
    chosen[several] = rows[best[np.flatnonzero(np.r_[True, cell[best][1:] != cell[best][:-1]])]] if len(best) else 0
    return chosen


def release() -> None:
    """Give the memory that is free back to the system; Arrow and the C library would keep most of it."""
    pa.default_memory_pool().release_unused()


def _days(times: list[str], month: str, day: str) -> Ints:
    """Days since 1970; a time that is only a year or month takes ``month`` and ``day``."""
    whole = [time[:10] for time in times]
    whole = [time if len(time) >= 7 else f"{time}-{month}" for time in whole]
    whole = [time if len(time) >= 10 else f"{time}-{day}" for time in whole]
    return np.array(whole or ["1970-01-01"], dtype="datetime64[D]").astype(np.int64)


def _index(units: int, unit: Ints, value: Ints, first: Ints, last: Ints, values: Values) -> Index:
    small = (
        each.astype(Small, copy=False)
        for each in (unit, value, first, last, siblings_of(unit, values.kind_number[value]))
    )
    return Index(units, *small)


def siblings_of(unit: Ints, kind_number: Ints) -> Ints:
    """How many rows share each row's unit and kind; the rows are in the order of both."""
    cell = unit.astype(np.int64) * len(names()) + kind_number
    many = np.diff(np.flatnonzero(np.r_[len(cell) > 0, cell[1:] != cell[:-1], True]))
    return np.repeat(many.astype(Small), many)


def of_kind(values: Values, *wanted: str) -> Bools:
    """Which values are of one of the kinds."""
    found: Bools = np.isin(values.kind_number, [names().index(name) for name in wanted])
    return found
