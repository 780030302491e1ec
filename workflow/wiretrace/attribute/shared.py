"""What two carriers of values have in common: the loops over pairs, compiled.

A carrier's values are rows ``border[carrier]`` to ``border[carrier + 1]`` of an index, ascending, each once.
"""

from __future__ import annotations

import numpy as np

from wiretrace.attribute.rarity import Bools, Floats, Ints
from wiretrace.compiled import compiled

# What sums of numbers lack in another order is far less than a millionth of a bit.
TRACE = 1e-6


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
def _with_room(out: Ints, n: int, more: int) -> Ints:
    """``out``, or a longer copy of its ``n`` rows where ``more`` do not fit."""
    if n + more <= len(out):
        return out
    longer = np.empty((2 * len(out) + more, out.shape[1]), np.int64)
    longer[:n] = out[:n]
    return longer


@compiled
def rows(a: Ints, b: Ints, border: Ints, value: Ints) -> Ints:
    """(number of the pair, row of a, row of b) of each value that a pair has in common, by pair and value."""
    out = np.empty((len(a) + 64, 3), np.int64)
    n = 0
    for pair in range(len(a)):
        i, end_a, j, end_b = border[a[pair]], border[a[pair] + 1], border[b[pair]], border[b[pair] + 1]
        out = _with_room(out, n, min(end_a - i, end_b - j))
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
    rows: Ints,
    bits: Floats,
    family: Ints,
    ceiling: Floats,
    more: Floats,
    next_: Floats,
    least: float,
    rare: Floats,
    siblings: Ints,
    need: Floats,
) -> Bools:
    """Whether the values in common can weigh ``need`` bits: by family the strongest and a share ``next_`` of the rest,
    at most its ``ceiling``.

    ``bits`` and ``family`` are by value, ``rare`` and ``siblings`` by what ``rows`` says of each row. A match weighs
    log2 of the number of values that could have matched less (see scale), and nothing where that leaves less than
    ``least``. In a family that has ``more``, each of n values beyond the first weighs up to that and log2(n) more.
    """
    found = np.zeros(len(a), np.bool_)
    best, total, many = np.zeros(len(ceiling)), np.zeros(len(ceiling)), np.zeros(len(ceiling))
    for pair in range(len(a)):
        best[:] = 0
        total[:] = 0
        many[:] = 0
        i, end_a, j, end_b = border[a[pair]], border[a[pair] + 1], border[b[pair]], border[b[pair] + 1]
        i, j = _next(value, i, end_a, j, end_b)
        while i < end_a and j < end_b:
            its, weight, x, y = family[value[i]], bits[value[i]], rows[i], rows[j]
            chance = min(rare[x] * siblings[y], rare[y] * siblings[x])
            if chance > 1:
                weight -= np.log2(chance)
            # A sum in another order may leave a trace of weight where this has none.
            many[its] += weight > -TRACE
            weight = max(0.0, weight) if weight > least - TRACE else 0.0
            best[its] = max(best[its], weight)
            total[its] += weight
            i, j = _next(value, i + 1, end_a, j + 1, end_b)
        most = 0.0
        for its in range(len(ceiling)):
            bound = best[its] + (total[its] - best[its]) * next_[its]
            if more[its] > 0 and many[its] > 1:
                bound += (many[its] - 1) * (more[its] + np.log2(many[its]))
            most += min(bound, ceiling[its])
        found[pair] = most >= need[pair]
    return found


@compiled
def strongest_first(border: Ints, family: Ints, full: Floats) -> Ints:
    """The rows of each pair (``border[pair]`` to ``border[pair + 1]``) by family, the strongest first, then in order.

    Few rows at a time, so each is put in its place among those before it.
    """
    order = np.arange(len(family))
    for pair in range(len(border) - 1):
        for row in range(border[pair] + 1, border[pair + 1]):
            place = row
            while place > border[pair]:
                before = order[place - 1]
                if family[before] < family[row] or (family[before] == family[row] and full[before] >= full[row]):
                    break
                order[place] = before
                place -= 1
            order[place] = row
    return order


@compiled
def sums_before(first: Bools, share: Floats) -> Floats:
    """The sum of the shares before each row, from the last row that is a ``first`` one on."""
    found, run = np.zeros(len(share)), 0.0
    for row in range(len(share)):
        if first[row]:
            run = 0.0
        found[row] = run
        run += share[row]
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
    begin: int,
    enough: int,
) -> tuple[Ints, int]:
    """Pairs (a, b), a < b, ascending, that values bring up and whose ``bits`` with the lesser ``rest`` reach ``need``.

    Of the units from ``begin`` on, until there are ``enough`` pairs; also the unit to go on from.

    Args:
        border, value: the values of each unit, as above.
        way: of each value 1: all pairs of its carriers; 2: those in which one is a hub of it; 0: none.
        start, carrier: the carriers of each value, ascending: ``carrier[start[value] : start[value + 1]]``.
        hub_start, hub: its hubs, likewise.
        lone: units of which two make no pair.
    """
    units = len(border) - 1
    out = np.empty((enough + 64, 2), np.int64)
    n = 0
    total, met = np.zeros(units), np.empty(units, np.int64)
    a = begin - 1
    while a + 1 < units and n < enough:
        a += 1
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
        out = _with_room(out, n, many)
        for b in np.sort(met[:many]):
            if total[b] + min(rest[a], rest[b]) >= need:
                out[n] = a, b
                n += 1
            total[b] = 0
    return out[:n], a + 1


@compiled
def first_different(border: Ints, number: Ints, most: int) -> Ints:
    """The first ``most`` different numbers of each stretch of rows (``border[at]`` to ``border[at + 1]``), then -1."""
    found = np.full((len(border) - 1, most), -1)
    for at in range(len(border) - 1):
        n = 0
        for row in range(border[at], border[at + 1]):
            if n == most:
                break
            if not np.any(found[at, :n] == number[row]):
                found[at, n] = number[row]
                n += 1
    return found
