"""Networks: groups of publishers that strong links hold together, joined so that one bridge glues no two networks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from wiretrace.attribute.kinds import kinds, names
from wiretrace.attribute.pairs import Evidence, candidates, evidence
from wiretrace.attribute.rarity import Bools, Floats, Ints, Small, Values
from wiretrace.attribute.scale import Scale
from wiretrace.attribute.values import Index, of_kind, siblings_of
from wiretrace.attribute.weigh import ASSOCIATIVE, CONCLUSIVE, Weighed, at_most, families, holds, odds, scale_of, weigh

# Groups of this size and more are networks of their own: a single link does not join two of them.
GROUP = 3
# Rounds in which groups are compared as wholes, and members of a group through which a joined one is linked to it.
ROUNDS = 12
# A value speaks for a group if this many of its members bear it: one odd member glues nothing.
SPEAKERS = 2
# Kinds of which a group bears what any of its members bears.
EVERY = ("created", "name_pattern")
# Addresses that two groups must have in common to be taken for one without a second family.
ADDRESSES = 3
# Three families of this many bits (a likelihood ratio of 10) stand for two of weigh.FAMILY between groups.
SMALL = 3.3
# Bits by which the days of registration of two groups can weigh more together than each alone (see weigh.GROUP_DAYS).
MARGIN = 12.0


@dataclass(frozen=True)
class Strong:
    """Links that may join: units a < b, bits, whether a value in it decides, whether it is conclusive."""

    a: Ints
    b: Ints
    bits: Floats
    decided: Bools
    conclusive: Bools


class Groups:
    """Disjoint sets of units (union-find); the least unit names its set."""

    def __init__(self, units: int) -> None:
        self.parent = list(range(units))
        self.size = [1] * units

    def find(self, unit: int) -> int:
        """Name of the unit's set."""
        while self.parent[unit] != unit:
            self.parent[unit] = self.parent[self.parent[unit]]
            unit = self.parent[unit]
        return unit

    def join(self, a: int, b: int) -> None:
        """Make the sets of both one."""
        a, b = sorted((self.find(a), self.find(b)))
        if a != b:
            self.parent[b] = a
            self.size[a] += self.size[b]

    def labels(self) -> Ints:
        """Name of every unit's set."""
        return np.array([self.find(unit) for unit in range(len(self.parent))], dtype=np.int64)


def join(units: int, links: Strong) -> Groups:
    """Groups that the links hold together.

    Links are taken from the strongest down. Three publishers join by any. To a group of three or more, a publisher or
    pair is joined by a link in which a value decides, or by links to two of its members. Two such groups are joined by
    a conclusive link, or by two links that have no publisher in common; a single weaker bridge, or one publisher that
    is linked to both, does not join them.
    """
    groups = Groups(units)
    order = np.lexsort((links.b, links.a, -links.bits))
    left = [(int(links.a[i]), int(links.b[i]), int(links.decided[i]) + int(links.conclusive[i])) for i in order]
    while left:
        before = len(left)
        waiting: list[tuple[int, int, int]] = []
        for a, b, grade in left:
            x, y = groups.find(a), groups.find(b)
            if x == y:
                continue
            # Sides that are groups already ask for more: one for a value that decides, two for a conclusive link.
            if grade >= (groups.size[x] >= GROUP) + (groups.size[y] >= GROUP):
                groups.join(x, y)
            else:
                waiting.append((a, b, grade))
        left = waiting
        joined = _join_supported(groups, left)
        if not joined and len(left) == before:
            break
    return groups


def _join_supported(groups: Groups, left: list[tuple[int, int, int]]) -> bool:
    """Join sets that several links connect, to two members of each side that is a group; says whether any were."""
    ends: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for a, b, _ in left:
        x, y = groups.find(a), groups.find(b)
        if x != y:
            ends[min(x, y), max(x, y)].append((a, b) if x < y else (b, a))
    joined = False
    # Two links without a common publisher exist unless one publisher is an end of all (Koenig's theorem).
    for (x, y), pairs in ends.items():
        if groups.find(x) != x or groups.find(y) != y:
            continue
        sides = ((x, {a for a, _ in pairs}), (y, {b for _, b in pairs}))
        if all(len(reached) > 1 or groups.size[name] < GROUP for name, reached in sides):
            groups.join(x, y)
            joined = True
    return joined


@dataclass(frozen=True)
class Join:
    """Two groups, or a group and a publisher, that were found to be one by what they have in common as wholes.

    ``large`` and ``small`` are their units, ``values`` the numbers of the values that count, ``weak`` says that p is
    less than a network asks for.
    """

    large: Ints
    small: Ints
    values: Ints
    probability: float
    weak: bool


def join_as_wholes(
    groups: Groups, index: Index, more: Index, values: Values, eligible: Bools, prior: float, least: float
) -> list[Join]:
    """Compare groups with groups and with single publishers as wholes, and join those that two families hold together.

    A group bears the values that two of its members bear, and all its days of registration and patterns of names;
    what is shared weighs less the more values could have matched. Where p of ``least`` joins nothing more, groups of
    three and more are joined by two families and p of .5, and what fits the pattern of their names by p of ``least``;
    such a join is ``weak``. ``more`` has the rows that only groups are compared by.
    """
    every = _of_several(index, more, values, eligible)
    joins: list[Join] = []
    for _ in range(ROUNDS):
        found = _round(groups, every, values, prior, least)
        if not found:
            break
        joins += found
    return joins


def _round(groups: Groups, every: Index, values: Values, prior: float, least: float) -> list[Join]:
    """The joins of one round, made; ``every`` are the rows that a group may bear."""
    sets, number = np.unique(groups.labels(), return_inverse=True)
    size = np.bincount(number, minlength=len(sets))
    whole, bearers = _as_wholes(every, values, number, size)
    scale = scale_of(whole, values, prior, groups=True)
    a, b, bits, sure = _to_join(scale, bearers, size, least)
    shared = evidence(a, b, scale.telling)
    found = weigh(a, b, shared, scale)
    joins: list[Join] = []
    used: set[int] = set()
    border = np.searchsorted(shared.pair, np.arange(len(a) + 1))
    for i in np.lexsort((b, a, -bits)):
        x, y = sorted((int(a[i]), int(b[i])), key=lambda unit: (-int(size[unit]), unit))
        if any(unit in used and size[unit] == 1 for unit in (x, y)) or (x in used and y in used):
            continue
        rows = slice(int(border[i]), int(border[i + 1]))
        counted = shared.value[rows][found.counted[rows] > 0]
        large, small = np.flatnonzero(number == x), np.flatnonzero(number == y)
        joins.append(Join(large, small, counted, float(found.probability[i]), not sure))
        groups.join(int(sets[x]), int(sets[y]))
        used |= {x, y}
    return joins


def _to_join(scale: Scale, bearers: Ints, size: Ints, least: float) -> tuple[Ints, Ints, Floats, bool]:
    """The pairs that are one, with the bits to rank them by, and True; where there are none, those that are so
    associatively, and False.
    """
    need = odds(ASSOCIATIVE) - odds(scale.prior) - MARGIN
    none = np.zeros(0, dtype=np.int64)
    found: list[list[tuple[Ints, Ints, Floats]]] = [[(none, none, np.zeros(0))], [(none, none, np.zeros(0))]]

    def needs(a: Ints, b: Ints) -> Floats:
        return _need(size[a], size[b], scale.prior, least)

    for a, b in candidates(scale.index, at_most(scale), need, needs, size == 1):
        strong, weak, bits = _joinable(a, b, scale, bearers, size, least)
        for part, taken in zip(found, (weak, strong), strict=True):
            part.append((a[taken], b[taken], bits[taken]))
    sure = any(len(a) for a, _, _ in found[1])
    a, b, bits = (np.concatenate(column) for column in zip(*found[sure], strict=True))
    return a, b, bits, sure


def _need(a: Ints, b: Ints, prior: float, least: float) -> Floats:
    """Bits without which two units of sizes ``a`` and ``b`` are not joined (see _weak)."""
    small, large = np.minimum(a, b), np.maximum(a, b)
    of_groups, single = odds(min(ASSOCIATIVE, least)), odds(min(CONCLUSIVE, least)) - np.log2(large)
    return np.where(small >= GROUP, of_groups, single) - odds(prior)


def _joinable(a: Ints, b: Ints, scale: Scale, bearers: Ints, size: Ints, least: float) -> tuple[Bools, Bools, Floats]:
    """Which pairs are one, which are so associatively, and the bits to rank them by."""
    values = scale.values
    shared = evidence(a, b, scale.telling)
    found = weigh(a, b, shared, scale)
    seen = _observed(shared, values, found.counted, len(a))
    small, large = np.minimum(size[a], size[b]), np.maximum(size[a], size[b])
    lesser = _lesser(shared, values, found.counted, len(a))
    burst = np.zeros(len(a), dtype=np.bool_)
    many = np.maximum(bearers[shared.row_a], bearers[shared.row_b]) >= GROUP
    burst[shared.pair[many & of_kind(values, "created")[shared.value]]] = True
    weak, bits = _weak(found, lesser, _spread(shared, values, len(a)), burst, small, large, scale.prior, least)
    return holds(found, least) & seen, weak & (seen | (small > 1)), bits


def _weak(
    found: Weighed,
    lesser: Ints,
    spread: Bools,
    burst: Bools,
    small: Ints,
    large: Ints,
    prior: float,
    least: float,
) -> tuple[Bools, Floats]:
    """Which pairs may be one associatively, and by how many bits with the prior of their size.

    Groups of three and more: p of .5, and either ``spread`` or one pattern of names with two families or three of SMALL
    bits (``lesser`` is the mask of these). One publisher must have two families and fit the pattern of the group's
    names, or have p of .99 and the day of a ``burst``, on which three of the group were registered;
    its prior grows with the group: that a publisher is of the operator of n known ones is n times as likely as of one
    (Ewens' partition, of which the prior of a pair is the one parameter).
    """
    named = (lesser >> families().index("naming") & 1) == 1
    both = np.bitwise_count(found.families) >= 2
    bits = found.bits + np.where(small >= GROUP, 0.0, np.log2(np.maximum(large, 1)))
    single = 1 / (1 + 2.0 ** -(bits + odds(prior)))
    alike = named & (both | (np.bitwise_count(lesser) >= 3))
    of_groups = (found.probability >= ASSOCIATIVE) & (spread | alike)
    weak: Bools = np.where(
        small >= GROUP, of_groups, both & ((single >= CONCLUSIVE) & burst | (single >= least) & named)
    )
    return weak, bits


def _spread(shared: Evidence, values: Values, pairs: int) -> Bools:
    """Which pairs have ADDRESSES addresses in common that no control is on: not one host, but one allotment of
    hosts.
    """
    address = of_kind(values, "ip") & (values.controls == 0)
    found: Bools = np.bincount(shared.pair[address[shared.value]], minlength=pairs) >= ADDRESSES
    return found


def _lesser(shared: Evidence, values: Values, counted: Floats, pairs: int) -> Ints:
    """Bit mask of the families in which each pair has SMALL bits in common."""
    of_kinds = np.array([families().index(kinds()[name].family) for name in names()], dtype=np.int64)
    cell = shared.pair * len(families()) + of_kinds[values.kind_number[shared.value]]
    bits = np.bincount(cell, weights=counted, minlength=pairs * len(families())).reshape(pairs, len(families()))
    found: Ints = ((bits >= SMALL) * (1 << np.arange(len(families())))).sum(axis=1).astype(np.int64)
    return found


def _observed(shared: Evidence, values: Values, counted: Floats, pairs: int) -> Bools:
    """Which pairs share something that was observed, not only what follows from names and addresses."""
    found = np.zeros(pairs, dtype=np.bool_)
    seen = ~of_kind(values, "name_pattern", "subnet22")
    found[shared.pair[seen[shared.value] & (counted > 0)]] = True
    return found


def _of_several(index: Index, more: Index, values: Values, eligible: Bools) -> Index:
    """The rows of both that a group may bear as a whole, in any order (see _as_wholes); without siblings."""
    borne = np.bincount(index.value[eligible[index.unit]], minlength=len(values.bits))
    wanted = (borne >= SPEAKERS) | of_kind(values, *EVERY)
    rows = np.flatnonzero(wanted[index.value] & eligible[index.unit])
    also = np.flatnonzero(eligible[more.unit])
    return Index(
        index.units,
        np.r_[index.unit[rows], more.unit[also]],
        np.r_[index.value[rows], more.value[also]],
        np.r_[index.first_day[rows], more.first_day[also]],
        np.r_[index.last_day[rows], more.last_day[also]],
        np.zeros(0, dtype=np.int64),
    )


def _as_wholes(rows: Index, values: Values, number: Ints, size: Ints) -> tuple[Index, Ints]:
    """The index with groups as units, and how many members bear each row's value."""
    many = len(values.bits)
    keys = number[rows.unit] * many + rows.value
    order = np.argsort(keys)
    keys = keys[order]
    start = np.flatnonzero(np.r_[len(keys) > 0, keys[1:] != keys[:-1]])
    keys, count = keys[start], np.diff(np.r_[start, len(keys)])
    first, last = rows.first_day[order], rows.last_day[order]
    if len(start):
        first, last = np.minimum.reduceat(first, start), np.maximum.reduceat(last, start)
    del order, start
    unit, value = keys // many, keys % many
    kept = (count >= np.minimum(SPEAKERS, size[unit])) | of_kind(values, *EVERY)[value]
    of_group = np.zeros(many, dtype=np.bool_)
    of_group[value[kept & (size[unit] > 1)]] = True
    kept &= of_group[value]
    unit, value, bearers = unit[kept].astype(Small), value[kept].astype(Small), count[kept]
    siblings = siblings_of(unit, values.kind_number[value]).astype(Small)
    return Index(len(size), unit, value, first[kept], last[kept], siblings), bearers
