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
    need: Floats,
) -> Bools:
    """Whether the values in common can weigh ``need`` bits: by family their sum, at most its ``ceiling``.

    ``bits`` and ``family`` are by row. Of family ``once`` only the strongest counts; in a family that has ``more``,
    each of n values beyond the first weighs up to that and log2(n) more.
    """
    found = np.zeros(len(a), np.bool_)
    total, many = np.zeros(len(ceiling)), np.zeros(len(ceiling))
    for pair in range(len(a)):
        total[:] = 0
        many[:] = 0
        i, end_a, j, end_b = border[a[pair]], border[a[pair] + 1], border[b[pair]], border[b[pair] + 1]
        i, j = _next(value, i, end_a, j, end_b)
        while i < end_a and j < end_b:
            its = family[i]
            total[its] = max(total[its], bits[i]) if its == once else total[its] + bits[i]
            many[its] += 1
            i, j = _next(value, i + 1, end_a, j + 1, end_b)
        most = 0.0
        for its in range(len(ceiling)):
            if more[its] > 0 and many[its] > 1:
                total[its] += (many[its] - 1) * (more[its] + np.log2(many[its]))
            most += min(total[its], ceiling[its])
        found[pair] = most >= need[pair]
    return found
