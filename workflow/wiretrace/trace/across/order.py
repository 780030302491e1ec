"""Verified by order: how two texts run alongside each other.

A translation keeps not only names, numbers and dates but their order and how far apart they stand; two texts on one
subject, or two releases of one company, share names in any order. So the anchors that two texts share are chained.
Chance is measured on the same two texts with the anchors of one of them in another order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wiretrace.trace.across.anchors import Tools, placed
from wiretrace.trace.across.chaining import SHUFFLES, UNIT, by_chance, cosine, heaviest, points, stretch
from wiretrace.trace.across.keys import kind
from wiretrace.trace.across.languages import cell
from wiretrace.trace.across.lexicon import I64, U64
from wiretrace.trace.across.search import Weights
from wiretrace.trace.texts import Text

RARE = 3.0  # weight from which an anchor is rare
SPREAD = 20  # nats by which little is less than it seems
SHOWN = 80  # anchors shown of one match


@dataclass(frozen=True)
class Marked:
    """A text's anchors, by key, then by place: first and last character."""

    keys: U64
    starts: I64
    ends: I64
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
    """The heaviest sequence of shared anchors that runs forward in both texts, and what chance gives (nats).

    ``likeness`` is the cosine of the stretches of the two texts that it covers, not of the texts: what stands around a
    passage says nothing of it, and in a translation most anchors of a stretch come again.
    """

    points: tuple[Point, ...]
    weight: float
    chance: float
    likeness: float
    share_a: float
    share_b: float

    @property
    def rare(self) -> int:
        """Distinct rare anchors."""
        return len({p.key for p in self.points if p.weight >= RARE})

    @property
    def score(self) -> float:
        """Margin over chance: (weight - chance) in units of its spread."""
        return (self.weight - self.chance) / math.sqrt(self.weight + self.chance + SPREAD)

    def turned(self) -> Chain:
        """The same with the texts the other way round."""
        back = tuple(Point(p.key, p.start_b, p.end_b, p.start_a, p.end_a, p.weight) for p in self.points)
        return Chain(back, self.weight, self.chance, self.likeness, self.share_b, self.share_a)


def marked(text: Text, use: Tools) -> Marked:
    """Anchors of ``text`` outside what must not match."""
    found = placed(text, use)
    order = np.argsort(found.keys, kind="stable")
    return Marked(found.keys[order], found.starts[order], found.ends[order], len(text.text), cell(text.language))


def chain(a: Marked, b: Marked, weights: Weights) -> Chain:
    """How ``a`` and ``b`` run alongside each other."""
    in_a, in_b, each, raw = points(a.keys, b.keys, weights.keys, weights.whole)
    if not len(in_a):
        return Chain((), 0.0, 0.0, 0.0, 0.0, 0.0)
    places = a.starts[in_a], a.ends[in_a], b.starts[in_b], b.ends[in_b]
    weight, taken = heaviest(*places, each, a.cell, b.cell)
    chance = by_chance(*places, in_b, each, a.cell, b.cell)
    start_a, end_a, start_b, end_b = (column[taken].tolist() for column in places)
    keys, nats = a.keys[in_a[taken]].tolist(), (raw[taken] / UNIT).tolist()
    kept = tuple(Point(*p) for p in zip(keys, start_a, end_a, start_b, end_b, nats, strict=True))
    return Chain(
        points=kept,
        weight=weight / UNIT,
        chance=chance / UNIT / (SHUFFLES + 1),
        likeness=cosine(*_stretch(a, start_a, end_a, weights), *_stretch(b, start_b, end_b, weights)),
        share_a=_share(start_a, a),
        share_b=_share(start_b, b),
    )


def _stretch(one: Marked, starts: Sequence[int], ends: Sequence[int], weights: Weights) -> tuple[I64, I64]:
    """The anchors from the first to the last of a chain, and half a sentence on either side."""
    begin, end = min(starts) - one.cell // 2, max(ends) + one.cell // 2
    return stretch(one.keys, one.starts, one.ends, begin, end, weights.keys, weights.whole)


def _share(starts: Sequence[int], one: Marked) -> float:
    """Share of the text's sentence-sized cells that hold an anchor of the chain."""
    cells = max(1, -(-one.length // one.cell))
    return len({start // one.cell for start in starts}) / cells


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
