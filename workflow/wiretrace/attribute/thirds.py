"""Pairs that are likelier than what they share says, since both are linked to a third publisher.

To be of one operator goes on: who is of one operator with B, and B with C, is of one operator with C. What ties A to B
and B to C is thus evidence for A and C, which the weight of what these two share does not have. That both links are
right is at least as likely as the product of their probabilities where their errors are independent or go together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wiretrace.attribute.pairs import Evidence, evidence
from wiretrace.attribute.rarity import Bools, Floats, Ints
from wiretrace.attribute.scale import Scale
from wiretrace.attribute.weigh import ALONE, ASSOCIATIVE, Weighed, weigh

# Links of each publisher, the likeliest, that are followed to a third: the cost grows with the publishers.
FOLLOWED = 12
# Publishers whose links are followed at a time, and pairs that are weighed at a time.
UNITS = 2_000
CHUNK = 10_000


@dataclass(frozen=True)
class Thirds:
    """Pairs of units a < b, ascending, the ``third`` that both are linked to, and the ``probability`` by it."""

    a: Ints
    b: Ints
    third: Ints
    probability: Floats

    def of(self, rows: Ints) -> Thirds:
        """Some of them."""
        return Thirds(self.a[rows], self.b[rows], self.third[rows], self.probability[rows])


def thirds(a: Ints, b: Ints, weighed: Weighed, least: float, apart: Bools, scale: Scale) -> Thirds:
    """The pairs that two of the links ``a``, ``b`` in a row make ``least`` likely or more, and that share a value of
    weight themselves.

    Only links of p .5 and more are followed, and none of units that are to be kept ``apart`` (controls). More than p of
    .94 is not said: one more value that two share might be what both links rest on.
    """
    kept = (weighed.probability >= max(least, ASSOCIATIVE)) & ~(apart[a] | apart[b])
    found = _in_a_row(scale.index.units, a[kept], b[kept], weighed.probability[kept], least)
    rows = [np.zeros(0, dtype=np.int64)]
    for at in range(0, len(found.a), CHUNK):
        one, other = found.a[at : at + CHUNK], found.b[at : at + CHUNK]
        shared: Evidence = evidence(one, other, scale.telling)
        rows.append(at + np.flatnonzero(weigh(one, other, shared, scale).bits > 0))
    return found.of(np.concatenate(rows))


def _in_a_row(units: int, a: Ints, b: Ints, probability: Floats, least: float) -> Thirds:
    """Pairs that are tied by two links in a row, by the likeliest such two; of equal ones by the least third."""
    begin, end, p = np.r_[a, b], np.r_[b, a], np.r_[probability, probability]
    order = np.lexsort((end, -p, begin))
    begin, end, p = begin[order], end[order], p[order]
    first = np.searchsorted(begin, np.arange(units + 1))
    kept = np.arange(len(begin)) - first[begin] < FOLLOWED
    begin, end, p = begin[kept], end[kept], p[kept]
    first = np.searchsorted(begin, np.arange(units + 1))
    parts = []
    for unit in range(0, units, UNITS):
        rows = np.arange(first[unit], first[min(unit + UNITS, units)])
        many = first[end[rows] + 1] - first[end[rows]]
        one = np.repeat(rows, many)
        start = np.cumsum(many) - many
        two = np.arange(len(one)) - np.repeat(start, many) + first[end[one]]
        both = np.minimum(p[one] * p[two], ALONE)
        taken = (both >= least) & (begin[one] != end[two])
        x, y, z, both = begin[one][taken], end[two][taken], end[one][taken], both[taken]
        parts.append(_best(units, np.minimum(x, y), np.maximum(x, y), z, both))
    if not parts:
        return _best(units, a[:0], b[:0], a[:0], probability[:0])
    joined = (np.concatenate([getattr(part, name) for part in parts]) for name in ("a", "b", "third", "probability"))
    return _best(units, *joined)


def _best(units: int, a: Ints, b: Ints, third: Ints, probability: Floats) -> Thirds:
    code = a.astype(np.int64) * units + b
    order = np.lexsort((third, -probability, code))
    rows = order[np.flatnonzero(np.r_[True, code[order][1:] != code[order][:-1]])] if len(order) else order
    return Thirds(a[rows], b[rows], third[rows], probability[rows])
