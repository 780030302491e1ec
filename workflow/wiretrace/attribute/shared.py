"""What two carriers of values have in common: the loops over pairs, compiled.

A carrier's values are rows ``border[carrier]`` to ``border[carrier + 1]`` of an index, ascending, each once.
"""

from __future__ import annotations

import numpy as np

from wiretrace.attribute.rarity import Bools, Floats, Ints
from wiretrace.compiled import compiled


@compiled
def _next(value: Ints, i: int, end_a: int, j: int, end_b: int) -> tuple[int, int]:
    """The first rows from ``i`` and ``j`` on that have one value; an end is reached where there are none."""
    while i < end_a and j < end_b and value[i] != value[j]:
        if value[i] < value[j]:
            i += 1
        else:
            j += 1
    return i, j


@compiled
def rows(a: Ints, b: Ints, border: Ints, value: Ints) -> Ints:
    """(number of the pair, row of a, row of b) of each value that a pair has in common, by pair and value."""
    out = np.empty((len(a) + 64, 3), np.int64)
    n = 0
    for pair in range(len(a)):
        i, end_a, j, end_b = border[a[pair]], border[a[pair] + 1], border[b[pair]], border[b[pair] + 1]
        if n + min(end_a - i, end_b - j) > len(out):
            more = np.empty((2 * len(out) + end_a - i, 3), np.int64)
            more[:n] = out[:n]
            out = more
        i, j = _next(value, i, end_a, j, end_b)
        while i < end_a and j < end_b:
            out[n] = pair, i, j
            n += 1
            i, j = _next(value, i + 1, end_a, j + 1, end_b)
    return out[:n]


@compiled
def may_weigh(
    a: Ints,
    b: Ints,
    border: Ints,
    value: Ints,
    bits: Floats,
    family: Ints,
    ceiling: Floats,
    more: Floats,
    once: int,
    rare: Floats,
    siblings: Ints,
    need: Floats,
) -> Bools:
    """Whether the values in common can weigh ``need`` bits: by family their sum, at most its ``ceiling``.

    ``bits``, ``family``, ``rare`` and ``siblings`` are by row. Where ``rare`` is given, a match weighs log2 of the
    number of values that could have matched less (see scale.of_groups). Of family ``once`` only the strongest counts;
    in a family that has ``more``, each of n values beyond the first weighs up to that and log2(n) more.
    """
    found = np.zeros(len(a), np.bool_)
    total, many = np.zeros(len(ceiling)), np.zeros(len(ceiling))
    for pair in range(len(a)):
        total[:] = 0
        many[:] = 0
        i, end_a, j, end_b = border[a[pair]], border[a[pair] + 1], border[b[pair]], border[b[pair] + 1]
        i, j = _next(value, i, end_a, j, end_b)
        while i < end_a and j < end_b:
            its, weight = family[i], bits[i]
            if len(rare):
                weight -= np.log2(min(rare[i] * siblings[j], rare[j] * siblings[i]))
            # A sum in another order may leave a trace of weight where this has none.
            many[its] += weight > -1e-6
            weight = max(0.0, weight)
            total[its] = max(total[its], weight) if its == once else total[its] + weight
            i, j = _next(value, i + 1, end_a, j + 1, end_b)
        most = 0.0
        for its in range(len(ceiling)):
            if more[its] > 0 and many[its] > 1:
                total[its] += (many[its] - 1) * (more[its] + np.log2(many[its]))
            most += min(total[its], ceiling[its])
        found[pair] = most >= need[pair]
    return found


@compiled
def brought_up(
    border: Ints,
    value: Ints,
    bits: Floats,
    way: Ints,
    start: Ints,
    carrier: Ints,
    hub_start: Ints,
    hub: Ints,
    rest: Floats,
    lone: Bools,
    need: float,
) -> Ints:
    """Pairs (a, b), a < b, ascending, that values bring up and whose ``bits`` with the lesser ``rest`` reach ``need``.

    Args:
        border, value: the values of each unit, as above.
        way: of each value 1: all pairs of its carriers; 2: those in which one is a hub of it; 0: none.
        start, carrier: the carriers of each value, ascending: ``carrier[start[value] : start[value + 1]]``.
        hub_start, hub: its hubs, likewise.
        lone: units of which two make no pair.
    """
    units = len(border) - 1
    out = np.empty((units + 64, 2), np.int64)
    n = 0
    total = np.zeros(units)
    met = np.empty(units, np.int64)
    for a in range(units):
        many = 0
        for row in range(border[a], border[a + 1]):
            its = value[row]
            if way[its] == 0:
                continue
            first, end, of = start[its], start[its + 1], carrier
            if way[its] == 2:
                hubs = hub[hub_start[its] : hub_start[its + 1]]
                if not np.any(hubs == a):
                    first, end, of = hub_start[its], hub_start[its + 1], hub
            for place in range(end - 1, first - 1, -1):
                b = of[place]
                if b <= a:
                    break
                if lone[a] and lone[b]:
                    continue
                if total[b] == 0:
                    met[many] = b
                    many += 1
                total[b] += bits[its]
        if n + many > len(out):
            larger = np.empty((2 * len(out) + many, 2), np.int64)
            larger[:n] = out[:n]
            out = larger
        for b in np.sort(met[:many]):
            if total[b] + min(rest[a], rest[b]) >= need:
                out[n] = a, b
                n += 1
            total[b] = 0
    return out[:n]
