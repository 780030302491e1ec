"""Matches across languages without a model: candidates by shared anchors, verified by their order in both texts.

A translation keeps not only names, numbers and dates but their order; two texts on one subject, or two releases of
one company, share names in any order. So the anchors that two texts share are chained: the heaviest sequence that
runs forward in both. Chance is measured on the same two texts by running one of them backwards. Weights are how rare
an anchor is in the texts at hand, smoothed by a guess for its kind, so that a handful of texts is no excuse for
seeing rarity everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wiretrace.trace.anchors import Anchor, anchors, base_language
from wiretrace.trace.fingerprints import groups
from wiretrace.trace.texts import Text

# Kinds that two languages have in common.
HAN_KINDS = frozenset({"han", "number", "date", "name", "word", "link"})
SOUND_KINDS = frozenset({"sound", "number", "date", "name", "word", "link"})
# Share of texts that an anchor of a kind is guessed to stand in before any is seen; how many texts the guess is worth.
# Set on one half of real parallel news so that 40 texts rank like 400 (docs/methods-tracing.md).
GUESS = {"han1": 0.2, "han": 0.01, "number1": 0.3, "number2": 0.05, "number": 0.005, "date": 0.03, "name": 0.02}
GUESS |= {"word": 0.05, "link": 0.002, "sound3": 0.05, "sound": 0.01}
WORTH = 60
CROSS = 4000  # pairs that one anchor may join
BEST = 6  # candidates looked at for each text
OCCURRENCES = 4  # places of one anchor that are followed in a text
POINTS = 3000  # places that one comparison follows
LIGHT = 1.0  # weight below which an anchor does not count
RARE = 3.0  # weight from which an anchor is rare
# Least score (see Chain.score) of a match; the highest of 694 foreign pairs in the half they were set on: 1.9 and 1.3.
SCORE_HAN, SCORE_OTHER = 2.2, 1.2
RARE_ANCHORS = 2  # distinct rare anchors (or twice as many others) that a match holds
MARGIN = 1.25  # how far above the next best a match must stand, unless it is twice what is needed
CLEAR, RIVALS, CLEAR_NEED = (
    2.5,
    4,
    0.6,
)  # so far above each of so many others on both sides, so much of the score will do
FAR_DAYS = 60  # a text so much later than the other needs half as much again
EXPANDED = 400  # pairs that two groups of copies are compared in
SHOWN = 80  # anchors shown of one match
CELL = {"ja": 60, "zh": 50, "ko": 80}  # characters of about one sentence
CELL_OTHER = 150


@dataclass(frozen=True)
class Bag:
    """The anchors of one text by key."""

    places: Mapping[str, tuple[Anchor, ...]]
    length: int
    cell: int


@dataclass(frozen=True)
class Chain:
    """The heaviest sequence of shared anchors that runs forward in both texts, and what chance gives."""

    points: tuple[tuple[Anchor, Anchor, float], ...]
    weight: float
    chance: float
    rare: int
    share_a: float
    share_b: float

    @property
    def score(self) -> float:
        """Margin over chance: (weight - chance) in units of its spread, less where only some of a text takes part."""
        spread = math.sqrt(self.weight + self.chance + 10)
        return (self.weight - self.chance) / spread * math.sqrt(min(self.share_a, self.share_b))


def bag(text: Text) -> Bag:
    """Anchors of ``text`` outside what must not match."""
    places: dict[str, list[Anchor]] = {}
    masked = _masked(text)
    for anchor in anchors(text.text, text.language):
        if not any(anchor.start < end and begin < anchor.end for begin, end in masked):
            places.setdefault(anchor.key, []).append(anchor)
    return Bag({k: tuple(v) for k, v in places.items()}, len(text.text), cell(text.language))


def cell(language: str) -> int:
    """Characters of about one sentence in ``language``."""
    return CELL.get(base_language(language), CELL_OTHER)


def _masked(text: Text) -> list[tuple[int, int]]:
    """Spans of the original that must not match."""
    if text.length == len(text.codes):
        return []
    zero = text.codes == 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], zero.view(np.int8), [0]])))
    return [
        (int(text.places[begin]), int(text.places[end - 1]) + 1)
        for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]


def kinds(a: str, b: str) -> frozenset[str]:
    """Kinds of anchors that languages ``a`` and ``b`` have in common."""
    return HAN_KINDS if {base_language(a), base_language(b)} <= {"ja", "zh"} else SOUND_KINDS


def _guess(key: str) -> float:
    letter, rest = key[0], key[2:]
    if letter == "h":
        return GUESS["han1" if len(rest) == 1 else "han"]
    if letter == "n":
        return GUESS["number1" if len(rest) == 1 else "number2" if len(rest) == 2 else "number"]
    if letter == "s":
        return GUESS["sound3" if len(rest.lstrip("A")) <= 3 else "sound"]
    return GUESS[{"d": "date", "l": "name", "w": "word", "a": "link"}[letter]]


def weights(first: Sequence[Bag], second: Sequence[Bag], used: frozenset[str]) -> dict[str, float]:
    """Rarity, in nats, of each anchor that both languages hold: the smaller of its rarities in the two."""
    counts: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for side, bags in zip(counts, (first, second), strict=True):
        for one in bags:
            for key, places in one.places.items():
                if places[0].kind in used:
                    side[key] = side.get(key, 0) + 1
    made = {}
    for key in sorted(counts[0].keys() & counts[1].keys()):
        guess = _guess(key) * WORTH
        made[key] = min(
            -math.log((side[key] + guess) / (len(bags) + WORTH))
            for side, bags in zip(counts, (first, second), strict=True)
        )
    return {key: weight for key, weight in made.items() if weight > LIGHT}


def best_pairs(
    first: Sequence[Bag], second: Sequence[Bag], weight: Mapping[str, float]
) -> list[tuple[int, int, float]]:
    """(index in first, index in second, cosine) of pairs that are among the best of either text; TF-IDF, sublinear."""
    number = {key: i for i, key in enumerate(sorted(weight))}
    sides = []
    for bags in (first, second):
        entries = [
            (number[key], index, weight[key] * (1 + math.log(len(places))))
            for index, one in enumerate(bags)
            for key, places in one.places.items()
            if key in number
        ]
        entries.sort()
        keys = np.array([e[0] for e in entries], np.int64)
        owners = np.array([e[1] for e in entries], np.int64)
        values = np.array([e[2] for e in entries], np.float64)
        norm = np.sqrt(np.bincount(owners, values**2, minlength=len(bags))) if len(entries) else np.ones(len(bags))
        sides.append((keys, owners, values / norm[owners] if len(entries) else values))
    (ka, oa, va), (kb, ob, vb) = sides
    low, high = np.searchsorted(kb, ka, "left"), np.searchsorted(kb, ka, "right")
    _, lengths = groups(ka.astype(np.uint64))
    own = np.repeat(lengths, lengths)
    counts = np.where(own * (high - low) <= CROSS, high - low, 0)
    if not counts.sum():
        return []
    within = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    other = np.repeat(low, counts) + within
    joined = np.repeat(oa, counts) * len(second) + ob[other]
    pairs, back = np.unique(joined, return_inverse=True)
    cosine = np.bincount(back, np.repeat(va, counts) * vb[other], minlength=len(pairs)).astype(np.float64)
    left, right = pairs // len(second), pairs % len(second)
    keep = _top(left, cosine) | _top(right, cosine)
    return list(zip(left[keep].tolist(), right[keep].tolist(), cosine[keep].tolist(), strict=True))


def _top(side: npt.NDArray[np.int64], score: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    order = np.lexsort((np.arange(len(side)), -score, side))
    starts, lengths = groups(side[order].astype(np.uint64))
    rank = np.arange(len(order)) - np.repeat(starts, lengths)
    keep = np.zeros(len(side), bool)
    keep[order[rank < BEST]] = True
    return keep


def chain(a: Bag, b: Bag, weight: Mapping[str, float]) -> Chain:
    """How ``a`` and ``b`` run alongside each other."""
    points = []
    for key in sorted(a.places.keys() & b.places.keys() & weight.keys()):
        for one in a.places[key][:OCCURRENCES]:
            for other in b.places[key][:OCCURRENCES]:
                points.append((one, other, weight[key]))
    if len(points) > POINTS:
        points = sorted(points, key=lambda p: (-p[2], p[0], p[1]))[:POINTS]
    taken, total = _heaviest([(p[0].start, p[0].end, p[1].start, p[1].end, p[2]) for p in points])
    back = b.length
    _, chance = _heaviest([(p[0].start, p[0].end, back - p[1].end, back - p[1].start, p[2]) for p in points])
    kept = tuple(points[i] for i in taken)
    return Chain(
        points=kept,
        weight=total,
        chance=chance,
        rare=len({p[0].key for p in kept if p[2] >= RARE}),
        share_a=_share([p[0] for p in kept], a),
        share_b=_share([p[1] for p in kept], b),
    )


def _share(kept: Sequence[Anchor], one: Bag) -> float:
    """Share of the text's sentence-sized cells that hold an anchor of the chain."""
    cells = max(1, -(-one.length // one.cell))
    return len({anchor.start // one.cell for anchor in kept}) / cells


def _heaviest(points: list[tuple[int, int, int, int, float]]) -> tuple[list[int], float]:
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
