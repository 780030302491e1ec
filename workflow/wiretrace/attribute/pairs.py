"""Which pairs of units are worth weighing, found through the values they share; never by going through all pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from wiretrace.attribute import shared
from wiretrace.attribute.rarity import Bools, Floats, Ints, Small
from wiretrace.attribute.values import Index

# A value weighs enough to bring a pair up for weighing from this many bits (a likelihood ratio of 8).
LEAST = 3.0
# A value borne by more units than this is looked at through its HUBS best described carriers only, if it weighs
# HUB_BITS at least: its carriers then hang together through the hubs, at a cost that grows with their number alone.
CARRIERS = 400
HUBS = 12
HUB_BITS = 6.0
# Pairs that may be brought up in all, and by unit where that is more; where there would be more, the limit on carriers
# falls.
BUDGET = 8_000_000
BY_UNIT = 80
# Pairs that are weighed at a time, and that are brought up at a time.
CHUNK = 10_000
PIECE = 100_000


@dataclass(frozen=True)
class Evidence:
    """One row per pair and shared value, sorted by pair and value. ``row_a`` and ``row_b`` are rows of the index."""

    pair: Ints
    value: Ints
    row_a: Ints
    row_b: Ints


@dataclass(frozen=True)
class Most:
    """What shared values can weigh at most: ``bits``, ``family`` by value; ``ceiling``, ``more``, ``next_`` by family.

    ``told`` are the bits by which a carrier is well described, ``bits`` those of them that count.

    ``rare`` and ``siblings`` are by row of the index (see shared.may_weigh); less than ``least`` is nothing.
    """

    told: Floats
    bits: Floats
    family: Ints
    ceiling: Floats
    more: Floats
    next_: Floats
    least: float
    rare: Floats
    siblings: Ints


@dataclass(frozen=True)
class Borne:
    """Rows of an index with certain values: their numbers, where each unit's begin among them, and their values."""

    rows: Ints
    border: Ints
    value: Ints


def borne(index: Index, wanted: Bools) -> Borne:
    """The rows of the index with a ``wanted`` value."""
    rows = np.flatnonzero(wanted[index.value]).astype(Small)
    return Borne(rows, np.searchsorted(index.unit[rows], np.arange(index.units + 1)), index.value[rows])


def candidates(
    index: Index, most: Most, need: float, needs: Callable[[Ints, Ints], Floats], lone: Bools
) -> Iterator[tuple[Ints, Ints]]:
    """Pairs (a < b) of units that can weigh what each of them ``needs``, ``need`` at the least; ascending, CHUNK at a
    time.

    Two units that are both ``lone`` make none.
    """
    these = borne(index, most.bits > 0)
    for a, b in brought_up(index, most, need, lone):
        possible = able(a, b, these, most, needs(a, b))
        a, b = a[possible], b[possible]
        for at in range(0, len(a), CHUNK):
            yield a[at : at + CHUNK], b[at : at + CHUNK]


def able(a: Ints, b: Ints, these: Borne, most: Most, need: Floats) -> Bools:
    """Which pairs can weigh their ``need`` of bits; ``these`` are the rows of values of any (see shared.may_weigh)."""
    return shared.may_weigh(
        a,
        b,
        these.border,
        these.value,
        these.rows,
        most.bits,
        most.family,
        most.ceiling,
        most.more,
        most.next_,
        most.least,
        most.rare,
        most.siblings,
        need - shared.TRACE,
    )


def brought_up(index: Index, most: Most, need: float, lone: Bools) -> Iterator[tuple[Ints, Ints]]:
    """Pairs (a < b) of units whose shared values can weigh ``need`` together, ascending, PIECE and a few at a time."""
    bits = most.bits
    told: Floats = np.bincount(index.unit, weights=most.told[index.value], minlength=index.units).astype(np.float64)
    telling = borne(index, bits >= LEAST)
    unit = index.unit[telling.rows]
    carrier = unit[np.argsort(telling.value, kind="stable")]
    count = np.bincount(telling.value, minlength=len(bits))
    start = np.r_[0, np.cumsum(count)]
    whole = (count > 0) & (count <= _limit(count[count > 0], index.units))
    hubs = (count > 0) & ~whole & (bits >= HUB_BITS)
    chosen = [_hubs(carrier[start[number] : start[number + 1]], told) for number in np.flatnonzero(hubs).tolist()]
    hub_count = np.zeros(len(bits), dtype=np.int64)
    hub_count[hubs] = [len(each) for each in chosen]
    # What the values that did not bring the pair up can add at most.
    rest = np.bincount(index.unit, weights=(bits * ~whole)[index.value], minlength=index.units).astype(np.float64)
    ways = whole + 2 * hubs
    hub_start, hub = np.r_[0, np.cumsum(hub_count)], np.concatenate([carrier[:0], *chosen])
    del told, unit, count, whole, hubs, hub_count
    at = 0
    while at < index.units:
        pair, at = shared.brought_up(
            telling.border,
            telling.value,
            bits,
            ways,
            start,
            carrier,
            hub_start,
            hub,
            rest,
            lone,
            need - shared.TRACE,
            at,
            PIECE,
        )
        yield np.ascontiguousarray(pair[:, 0]), np.ascontiguousarray(pair[:, 1])


def _limit(count: Ints, units: int) -> int:
    """Largest number of carriers for which all pairs are taken, within the budget."""
    ordered = np.sort(count)
    spent = np.cumsum(ordered * (ordered - 1) // 2)
    allowed = ordered[spent <= max(BUDGET, BY_UNIT * units)]
    return int(min(CARRIERS, allowed[-1])) if len(allowed) else 1


def _hubs(carriers: Ints, told: Floats) -> Ints:
    """The HUBS carriers of which the index tells most (equal ones in order), ascending."""
    return np.sort(carriers[np.argsort(-told[carriers], kind="stable")[:HUBS]])


def evidence(a: Ints, b: Ints, these: Borne) -> Evidence:
    """All values that each pair shares, of the rows that are ``these``."""
    pair, row_a, row_b = np.ascontiguousarray(shared.rows(a, b, these.border, these.value).T)
    return Evidence(pair, these.value[row_a], these.rows[row_a], these.rows[row_b])
