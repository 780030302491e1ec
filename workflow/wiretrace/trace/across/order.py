"""Verified by order: how two texts run alongside each other.

A translation keeps not only names, numbers and dates but their order; two texts on one subject, or two releases of
one company, share names in any order. So the anchors that two texts share are chained: the heaviest sequence that
runs forward in both. Chance is measured on the same two texts by running one of them backwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wiretrace.trace.across.anchors import Places, Tools, placed
from wiretrace.trace.across.keys import kind
from wiretrace.trace.across.languages import cell
from wiretrace.trace.across.search import Weights
from wiretrace.trace.texts import Text

OCCURRENCES = 4  # places of one anchor that are followed in a text
POINTS = 900  # places that one comparison follows, the heaviest
RARE = 3.0  # weight from which an anchor is rare
EDGE = 0.05  # of a chain's weight on each end that may lie apart from the rest
SHOWN = 80  # anchors shown of one match


@dataclass(frozen=True)
class Marked:
    """A text's anchors with their places."""

    places: Places
    length: int
    cell: int


@dataclass(frozen=True)
class Point:
    """One anchor in both texts."""

    key: int
    start_a: int
    end_a: int
    start_b: int
    end_b: int
    weight: float


@dataclass(frozen=True)
class Chain:
    """The heaviest sequence of shared anchors that runs forward in both texts, and what chance gives."""

    points: tuple[Point, ...]
    weight: float
    chance: float
    share_a: float
    share_b: float
    density: float  # share of the sentences where the chain runs that take part, in the text where it is smaller

    @property
    def rare(self) -> int:
        """Distinct rare anchors."""
        return len({p.key for p in self.points if p.weight >= RARE})

    @property
    def score(self) -> float:
        """Margin over chance: (weight - chance) in units of its spread, less where only some of a text takes part."""
        spread = math.sqrt(self.weight + self.chance + 10)
        return (self.weight - self.chance) / spread * math.sqrt(min(self.share_a, self.share_b))


def marked(text: Text, use: Tools) -> Marked:
    """Anchors of ``text`` outside what must not match."""
    return Marked(placed(text, use), len(text.text), cell(text.language))


def chain(a: Marked, b: Marked, weights: Weights) -> Chain:
    """How ``a`` and ``b`` run alongside each other."""
    points = _points(a.places, b.places, weights)
    taken, total = heaviest([(p.start_a, p.end_a, p.start_b, p.end_b, p.weight) for p in points])
    back = b.length
    _, chance = heaviest([(p.start_a, p.end_a, back - p.end_b, back - p.start_b, p.weight) for p in points])
    kept = tuple(points[i] for i in taken)
    return Chain(
        points=kept,
        weight=total,
        chance=chance,
        share_a=_share([p.start_a for p in kept], a),
        share_b=_share([p.start_b for p in kept], b),
        density=_density(kept, a, b),
    )


def _points(a: Places, b: Places, weights: Weights) -> list[Point]:
    sides = []
    shared = np.intersect1d(a.keys, b.keys)
    weight = weights.of(shared)
    shared, weight = shared[weight > 0], weight[weight > 0]
    for one in (a, b):
        order = np.argsort(one.keys, kind="stable")
        keys = one.keys[order]
        low, high = np.searchsorted(keys, shared, "left"), np.searchsorted(keys, shared, "right")
        sides.append((order, low.tolist(), np.minimum(high, low + OCCURRENCES).tolist()))
    (order_a, low_a, high_a), (order_b, low_b, high_b) = sides
    made = [
        (w, int(i), int(j), k)
        for n, (k, w) in enumerate(zip(shared.tolist(), weight.tolist(), strict=True))
        for i in order_a[low_a[n] : high_a[n]]
        for j in order_b[low_b[n] : high_b[n]]
    ]
    if len(made) > POINTS:
        made = sorted(made, key=lambda p: (-p[0], p[1], p[2]))[:POINTS]
    return [Point(k, int(a.starts[i]), int(a.ends[i]), int(b.starts[j]), int(b.ends[j]), w) for w, i, j, k in made]


def _share(starts: Sequence[int], one: Marked) -> float:
    """Share of the text's sentence-sized cells that hold an anchor of the chain."""
    cells = max(1, -(-one.length // one.cell))
    return len({start // one.cell for start in starts}) / cells


def _density(kept: Sequence[Point], a: Marked, b: Marked) -> float:
    """Share of the cells that hold an anchor, in the passages (of half the text or more) that hold the chain but for
    the first and last ``EDGE`` of its weight. A passage that was translated is dense wherever it stands; two reports
    of one event share anchors here and there.
    """
    if not kept:
        return 0.0
    grown = np.cumsum([p.weight for p in kept])
    first = int(np.searchsorted(grown, EDGE * grown[-1]))
    last = int(np.searchsorted(grown, (1 - EDGE) * grown[-1]))
    middle = kept[first : last + 1]
    return min(
        _filled([p.start_a for p in middle], middle[-1].end_a, a),
        _filled([p.start_b for p in middle], middle[-1].end_b, b),
    )


def _filled(starts: Sequence[int], end: int, one: Marked) -> float:
    begin = starts[0]
    size = max(end - begin + one.cell, one.length // 2)
    begin = max(0, min(begin - (size - (end - begin)) // 2, one.length - size))
    return len({(start - begin) // one.cell for start in starts}) / max(1, -(-min(size, one.length) // one.cell))


def heaviest(points: list[tuple[int, int, int, int, float]]) -> tuple[list[int], float]:
    """Indices and weight of the heaviest sequence of (start_a, end_a, start_b, end_b, weight) that overlap on no side.

    Sweep over a, with a Fenwick tree of the best weight that ends by each place of b; O(n log n).
    """
    if not points:
        return [], 0.0
    ends = sorted({p[3] for p in points})
    rank = {end: i + 1 for i, end in enumerate(ends)}
    starts = np.searchsorted(ends, [p[2] for p in points], "right").tolist()
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(ends) + 1)
    best, before = [0.0] * len(points), [-1] * len(points)
    events = sorted(
        [(p[0], 1, i) for i, p in enumerate(points)] + [(p[1], 0, i) for i, p in enumerate(points)],
    )
    for _, opens, i in events:
        if opens:
            place, found = starts[i], (0.0, -1)
            while place:
                found = max(found, tree[place])
                place &= place - 1
            best[i], before[i] = found[0] + points[i][4], found[1]
        else:
            place = rank[points[i][3]]
            while place < len(tree):
                tree[place] = max(tree[place], (best[i], i))
                place += place & -place
    last = max(range(len(points)), key=lambda i: (best[i], -i))
    total, taken = best[last], []
    while last >= 0:
        taken.append(last)
        last = before[last]
    return taken[::-1], total


def passages(made: Chain, cell_a: int, cell_b: int) -> list[list[int]]:
    """Spans [start_a, end_a, start_b, end_b] that the chain covers: anchors less than two sentences apart are one."""
    spans: list[list[int]] = []
    for p in made.points:
        if spans and p.start_a - spans[-1][1] <= 2 * cell_a and p.start_b - spans[-1][3] <= 2 * cell_b:
            spans[-1][1], spans[-1][3] = max(p.end_a, spans[-1][1]), max(p.end_b, spans[-1][3])
        else:
            spans.append([p.start_a, p.end_a, p.start_b, p.end_b])
    return spans


def shown(made: Chain, a: Text, b: Text) -> list[list[str | int]]:
    """The strongest anchors of the chain in order of the text: [words in a, words in b, kind, place in a, in b]."""
    strongest = sorted(made.points, key=lambda p: (-p.weight, p.start_a))[:SHOWN]
    return [
        [a.text[p.start_a : p.end_a], b.text[p.start_b : p.end_b], kind(p.key), p.start_a, p.start_b]
        for p in sorted(strongest, key=lambda p: (p.start_a, p.start_b))
    ]
