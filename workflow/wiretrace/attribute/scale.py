"""What weighing needs to know of a whole index, made once for all its pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wiretrace.attribute.kinds import names
from wiretrace.attribute.pairs import Borne, borne
from wiretrace.attribute.rarity import Bools, Floats, Ints, Values
from wiretrace.attribute.values import Index, of_kind

# Kinds of which an honest page bears many: some value of theirs is met by chance likelier than this one is.
PLURAL = ("asset_host", "class_name", "html_comment", "plugin", "wp_namespace")


@dataclass(frozen=True)
class Scale:
    """An index and what its values weigh.

    ``telling`` are the rows that a pair is weighed by; ``has`` says by kind which units have a value of it,
    ``has_own`` which have one that is no platform's. ``rare`` is by row the share of all of the unit's values of the
    kind that are as rare as this or rarer, in shares of this one: of all kinds where units are groups of publishers
    (``groups``), else of the kinds of PLURAL, 1 of the others.
    """

    index: Index
    values: Values
    prior: float
    groups: bool
    telling: Borne
    has: dict[str, Bools]
    has_own: dict[str, Bools]
    rare: Floats


def scale(
    index: Index, values: Values, prior: float, telling: Bools, asked: tuple[str, ...], groups: bool = False
) -> Scale:
    """The scale of ``index``; ``telling`` is by value, ``asked`` names the kinds of ``has``."""
    number = values.kind_number[index.value]
    own = values.bits[index.value] > 0
    rows = {name: number == names().index(name) for name in asked}
    return Scale(
        index,
        values,
        prior,
        groups,
        borne(index, telling),
        {name: _units(index, rows[name]) for name in asked},
        {name: _units(index, rows[name] & own) for name in asked},
        _as_rare(index, values) if groups else _of_plural(index, values),
    )


def _units(index: Index, rows: Bools) -> Bools:
    found = np.zeros(index.units, dtype=np.bool_)
    found[index.unit[rows]] = True
    return found


def _of_plural(index: Index, values: Values) -> Floats:
    rows = np.flatnonzero(of_kind(values, *PLURAL)[index.value])
    found = np.ones(len(index.value))
    found[rows] = _as_rare(index.of(rows), values)
    return found


def _as_rare(index: Index, values: Values) -> Floats:
    number = values.kind_number[index.value]
    share = values.background[index.value]
    order = np.lexsort((share, number, index.unit))
    cell = (index.unit.astype(np.int64) * len(names()) + number)[order]
    share = share[order]
    run = np.cumsum(share)
    first = np.r_[True, cell[1:] != cell[:-1]] if len(cell) else np.zeros(0, dtype=np.bool_)
    start = np.flatnonzero(first)
    run -= np.repeat((run - share)[start], np.diff(np.r_[start, len(cell)]))
    # Equal shares count together: the last of them has the whole sum.
    last = np.r_[(cell[1:] != cell[:-1]) | (share[1:] != share[:-1]), True] if len(cell) else first
    ends = np.flatnonzero(last)
    run = run[ends[np.searchsorted(ends, np.arange(len(run)))]]
    found = np.empty(len(run))
    found[order] = run / share
    return found


def of_pages(full: Floats, row_a: Ints, row_b: Ints, scale: Scale) -> Floats:
    """Weights between single publishers; of the kinds of PLURAL, u is the chance that any value as rare matches.

    Of the two pages the one with fewer such values is taken as given.
    """
    return np.maximum(0.0, full - np.log2(np.minimum(scale.rare[row_a], scale.rare[row_b])))


def of_groups(full: Floats, row_a: Ints, row_b: Ints, scale: Scale) -> Floats:
    """Weights between groups, which bear many values: u is the chance that any value of theirs as rare as this matches.

    With the one group's values given, each of the other's is a draw from what is common outside: it meets one of them
    by the sum of their shares. Of the two groups the one that says more is taken as given.
    """
    rare, siblings = scale.rare, scale.index.siblings
    chance = np.minimum(rare[row_a] * siblings[row_b], rare[row_b] * siblings[row_a])
    return np.maximum(0.0, np.where(full > 0, full - np.log2(chance), 0.0))
