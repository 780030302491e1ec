"""Which pairs of units are worth weighing, found through the values they share; never by going through all pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wiretrace.attribute import shared
from wiretrace.attribute.rarity import Bools, Floats, Ints, Values
from wiretrace.attribute.values import Index

# A value weighs enough to bring a pair up for weighing from this many bits (a likelihood ratio of 8).
LEAST = 3.0
# A value borne by more units than this is looked at through its HUBS best described carriers only, if it weighs
# HUB_BITS at least: its carriers then hang together through the hubs, at a cost that grows with their number alone.
CARRIERS = 400
HUBS = 12
HUB_BITS = 6.0
# Pairs that may be brought up in all; where there would be more, the limit on carriers falls.
BUDGET = 8_000_000
# Pairs whose evidence is looked up at a time.
CHUNK = 40_000


@dataclass(frozen=True)
class Evidence:
    """One row per pair and shared value, sorted by pair and value. ``row_a`` and ``row_b`` are rows of the index."""

    pair: Ints
    value: Ints
    row_a: Ints
    row_b: Ints


@dataclass(frozen=True)
class Most:
    """What shared values can weigh at most: ``bits``, ``family`` by value, ``ceiling``, ``more`` by family."""

    bits: Floats
    family: Ints
    ceiling: Floats
    more: Floats
    once: int


def candidates(index: Index, bits: Floats, need: float) -> tuple[Ints, Ints]:
    """Pairs (a < b) of units whose shared values, of these ``bits``, can weigh ``need`` together, ascending."""
    weight = bits[index.value]
    order = np.lexsort((index.unit, index.value))
    order = order[weight[order] >= LEAST]
    value, unit = index.value[order], index.unit[order]
    start = np.flatnonzero(np.r_[True, value[1:] != value[:-1]]) if len(value) else np.zeros(0, dtype=np.int64)
    count = np.diff(np.r_[start, len(value)])
    limit = _limit(count)
    whole = count <= limit
    told: Floats = np.bincount(index.unit, weights=weight, minlength=index.units).astype(np.float64)
    parts = [_all_pairs(unit, value, start[whole], count[whole], index.units)]
    hubs = (~whole) & (bits[value[start]] >= HUB_BITS) if len(start) else whole
    for at, size in zip(start[hubs], count[hubs], strict=True):
        parts.append(_hub_pairs(unit[at : at + size], int(value[at]), told, index.units))
    code = np.concatenate([part[0] for part in parts])
    said = bits[np.concatenate([part[1] for part in parts])]
    del parts
    if not len(code):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    order = np.argsort(code, kind="stable")
    code, said = code[order], said[order]
    first = np.flatnonzero(np.r_[True, code[1:] != code[:-1]])
    total, code = np.add.reduceat(said, first), code[first]
    a, b = code // index.units, code % index.units
    # What the values that did not bring the pair up can add at most.
    brought = np.zeros(len(bits), dtype=np.bool_)
    brought[value[start[whole]]] = True
    rest = np.bincount(index.unit, weights=weight * ~brought[index.value], minlength=index.units)
    worth = total + np.minimum(rest[a], rest[b]) >= need
    return a[worth], b[worth]


def _limit(count: Ints) -> int:
    """Largest number of carriers for which all pairs are taken, within the budget."""
    ordered = np.sort(count)
    spent = np.cumsum(ordered * (ordered - 1) // 2)
    allowed = ordered[spent <= BUDGET]
    return int(min(CARRIERS, allowed[-1])) if len(allowed) else 1


def _all_pairs(unit: Ints, value: Ints, start: Ints, count: Ints, units: int) -> tuple[Ints, Ints]:
    """(a * units + b, value) for all pairs of carriers of each value; carriers are ascending."""
    codes, borne = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for size in np.unique(count[count > 1]):
        at = start[count == size]
        left, right = np.triu_indices(int(size), 1)
        carriers = unit[at[:, None] + np.arange(size)]
        codes.append((carriers[:, left] * units + carriers[:, right]).ravel())
        borne.append(np.repeat(value[at], len(left)))
    return np.concatenate(codes), np.concatenate(borne)


def _hub_pairs(carriers: Ints, value: int, told: Floats, units: int) -> tuple[Ints, Ints]:
    """The pairs of all carriers with the HUBS of which the index tells most (equal ones in order)."""
    hubs = carriers[np.argsort(-told[carriers], kind="stable")[:HUBS]]
    left, right = np.repeat(hubs, len(carriers)), np.tile(carriers, len(hubs))
    code = np.unique(np.minimum(left, right) * units + np.maximum(left, right))
    code = code[code // units != code % units]
    return code, np.full(len(code), value, dtype=np.int64)


def evidence(a: Ints, b: Ints, index: Index, values: Values, wanted: Bools) -> Evidence:
    """All values that each pair shares, of those ``wanted``."""
    rows, border, value = _borne(index, wanted)
    pair, row_a, row_b = np.ascontiguousarray(shared.rows(a, b, border, value).T)
    return Evidence(pair, value[row_a], rows[row_a], rows[row_b])


def able(a: Ints, b: Ints, index: Index, most: Most, need: Floats) -> Bools:
    """Which pairs can weigh their ``need`` of bits (see shared.may_weigh)."""
    _, border, value = _borne(index, most.bits > 0)
    # What sums of numbers lack in another order is far less than a millionth of a bit.
    return shared.may_weigh(
        a, b, border, value, most.bits[value], most.family[value], most.ceiling, most.more, most.once, need - 1e-6
    )


def _borne(index: Index, wanted: Bools) -> tuple[Ints, Ints, Ints]:
    """Rows of the index with a ``wanted`` value, where each unit's begin among them, and their values."""
    rows = np.flatnonzero(wanted[index.value])
    return rows, np.searchsorted(index.unit[rows], np.arange(index.units + 1)), index.value[rows]
