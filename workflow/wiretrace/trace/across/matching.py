"""Which texts are translations of each other: representatives are compared, what holds for them is then checked for
their copies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wiretrace.trace.across.anchors import Tools
from wiretrace.trace.across.keys import CLASS_SHIFT, GLOSS, kind
from wiretrace.trace.across.lexicon import I64
from wiretrace.trace.across.order import Chain, Marked, chain, marked
from wiretrace.trace.across.pictures import NONE, Pictures
from wiretrace.trace.across.search import Shelf, Weights, candidates, matrix, shelf, weights
from wiretrace.trace.texts import Text

DAY = 86400
LEAST = 0.45  # strength of a match (docs/methods-tracing.md tells how it was set)
LEAST_COSINE = 0.1  # of a pair that is looked at
# Chain score that a match has besides: among few texts everything is rare and alike.
LEAST_SCORE = 0.7
RARE_ANCHORS = 2  # distinct rare anchors (or four times as many others) that a match holds
LEAST_ANCHORS = 5  # distinct anchors: the three words of one company's name in a row are one thing
# Distinct anchors that are more than words of a list or a year: launched, price, company, factory stand in every
# release. With a single one, or none but sounds, which meet by accident, it must be so many times as strong.
TELLING_ANCHORS, MOSTLY_WORDS = 2, 1.5
WORDS = frozenset(["word", "year", "reading"])
FIRM = frozenset(["number", "date", "name", "link", "han", "gloss"])
# Two texts on one person or place share its Han and the words of the matter; a translation keeps figures and foreign
# names too. Where it has none, it must be so many times as strong, and words of a list alone must be as many.
EXACT, INEXACT = frozenset(["number", "date", "name", "sound", "link"]), 2.0
WORDS_ALONE = 12
# How far above the next best a match must stand, unless it has so many times what is needed: two reports of one event
# reach .75, but then what they do translate reaches more.
MARGIN, SURE = 1.25, 4.0
# What is needed of two texts that show the same image, which no third text has, times this: a judgement.
PICTURED = 0.5
BESIDE_IMAGE = 3  # distinct anchors, of whatever kind, that are enough beside such an image
FAR_DAYS = 60  # a text so much later than the other needs half as much again
COPY = 1.0  # least chain score of the copies of two texts that match
EXPANDED = 400  # pairs that two groups of copies are compared in
KEPT_TEXTS = 20_000  # texts whose anchors are kept in place at a time


@dataclass(frozen=True)
class Translated:
    """Texts ``first`` < ``second`` (indices) in different languages that run alongside each other."""

    first: int
    second: int
    chain: Chain


@dataclass(frozen=True)
class _Scored:
    """A candidate pair (representatives) and how it compares."""

    first: int
    second: int
    chain: Chain
    strength: float


def translations(
    texts: Sequence[Text],
    group: Sequence[int],
    kin: Mapping[int, set[int]],
    times: Sequence[tuple[int, int] | None],
    use: Tools,
    pictured: Pictures = NONE,
) -> list[Translated]:
    """Translated pairs of ``texts``, sorted.

    ``group`` gives each text its representative (the first of its copies), ``kin`` the texts that share passages with a
    text, ``times`` the interval in which it was published (seconds), where known, ``pictured`` its images.
    """
    languages: dict[str, list[int]] = {}
    members: dict[int, list[int]] = {}
    for index, text in enumerate(texts):
        members.setdefault(group[index], []).append(index)
        if group[index] == index and text.length and text.language != "und":
            languages.setdefault(text.language, []).append(index)
    spans = _spans(members, times)
    names = sorted(languages)
    shelves = {name: shelf([texts[i] for i in languages[name]], name, use) for name in names}
    desk = _Desk(texts, use, {})
    images = {first: frozenset().union(*(pictured.get(i, ()) for i in own)) for first, own in members.items()}
    found: dict[tuple[int, int], Chain] = {}
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            left, right = (shelves[one], languages[one]), (shelves[other], languages[other])
            for weight, cost in _evidence(*weights(shelves[one], shelves[other])):
                scored = _scored(desk, left, right, weight, cost)
                for pair in _accepted(scored, kin, spans, images):
                    found.update(_expanded(desk, members[pair.first], members[pair.second], weight))
    return [Translated(a, b, found[a, b]) for a, b in sorted(found)]


def _evidence(weight: Weights, cost: I64) -> list[tuple[Weights, I64]]:
    """What to match by, one after the other: the anchors without dictionary glosses, then, where there are any, all.

    Glosses only add. A word has several meanings: those that the other text does not hold lower every cosine, and what
    chance gives rises; a match that the other anchors tell is one whatever the dictionaries say besides.
    """
    plain = weight.keys >> np.uint64(CLASS_SHIFT) != GLOSS
    alone = Weights(weight.keys[plain], weight.values[plain]), cost[plain]
    return [alone] if plain.all() else [alone, (weight, cost)]


def _scored(
    desk: _Desk, one: tuple[Shelf, Sequence[int]], other: tuple[Shelf, Sequence[int]], weight: Weights, cost: I64
) -> list[_Scored]:
    """The candidates among the texts of two shelves, and how they compare."""
    (shelf_a, left), (shelf_b, right) = one, other
    made = []
    pairs = candidates(matrix(shelf_a, weight), matrix(shelf_b, weight), cost)
    for a, b, cosine in zip(*(column.tolist() for column in pairs), strict=True):
        if cosine >= LEAST_COSINE:
            both = chain(desk[left[a]], desk[right[b]], weight)
            made.append(_Scored(left[a], right[b], both, _strength(both)))
    return made


def _strength(made: Chain) -> float:
    """Chain score, by the three-quarter power of the likeness."""
    return max(made.score, 0.0) * math.sqrt(made.likeness * math.sqrt(made.likeness))


@dataclass(frozen=True)
class _Desk:
    """Texts with their anchors in place, found when first asked for."""

    texts: Sequence[Text]
    use: Tools
    known: dict[int, Marked]

    def __getitem__(self, index: int) -> Marked:
        if index not in self.known:
            if len(self.known) >= KEPT_TEXTS:
                self.known.clear()
            self.known[index] = marked(self.texts[index], self.use)
        return self.known[index]


def _spans(members: Mapping[int, Sequence[int]], times: Sequence[tuple[int, int] | None]) -> dict[int, tuple[int, int]]:
    made = {}
    for representative, own in members.items():
        known = [t for t in (times[i] for i in own) if t is not None]
        if known:
            made[representative] = (min(t[0] for t in known), max(t[1] for t in known))
    return made


def _accepted(
    scored: Sequence[_Scored], kin: Mapping[int, set[int]], spans: Mapping[int, tuple[int, int]], images: Pictures
) -> list[_Scored]:
    """Pairs whose order cannot be chance and that stand clear of the next best on both sides."""
    by_side: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for pair in scored:
        by_side.setdefault((0, pair.first), []).append((pair.strength, pair.second))
        by_side.setdefault((1, pair.second), []).append((pair.strength, pair.first))
    kept = []
    for pair in scored:
        pictured = bool(images[pair.first] & images[pair.second])
        need = LEAST * (1.5 if _apart(spans.get(pair.first), spans.get(pair.second)) else 1.0)
        need *= _factor(pair.chain, pictured) * (PICTURED if pictured else 1.0)
        next_best = max(
            (
                strength
                for key, own in (((0, pair.first), pair.second), ((1, pair.second), pair.first))
                for strength, other in by_side[key]
                if other != own and other not in kin.get(own, set())
            ),
            default=0.0,
        )
        clear = pair.strength >= SURE * need or pair.strength >= MARGIN * next_best
        if clear and pair.strength >= need and pair.chain.score >= LEAST_SCORE:
            kept.append(pair)
    return kept


def _factor(made: Chain, pictured: bool) -> float:
    """How many times as strong the match must be for what its anchors are; infinite where they are too few."""
    keys = {p.key for p in made.points}
    kinds = [kind(key) for key in keys]
    if pictured and len(kinds) >= BESIDE_IMAGE:
        return 1.0
    telling = sum(of_kind not in WORDS for of_kind in kinds)
    held = made.rare >= RARE_ANCHORS or len(kinds) >= 4 * RARE_ANCHORS
    if not held or len(kinds) < (LEAST_ANCHORS if telling else WORDS_ALONE):
        return math.inf
    if not EXACT & set(kinds):
        return INEXACT
    return 1.0 if telling >= TELLING_ANCHORS and FIRM & set(kinds) else MOSTLY_WORDS


def _apart(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    if one is None or other is None:
        return False
    return max(one[0], other[0]) - min(one[1], other[1]) > FAR_DAYS * DAY


def _expanded(desk: _Desk, left: Sequence[int], right: Sequence[int], weight: Weights) -> dict[tuple[int, int], Chain]:
    """The copies of two texts that translate each other, pair by pair; the two themselves come first and stay."""
    made: dict[tuple[int, int], Chain] = {}
    for one, other in [(a, b) for a in left for b in right][:EXPANDED]:
        both = chain(desk[one], desk[other], weight)
        if not made or both.score >= COPY:
            made[min(one, other), max(one, other)] = both if one < other else both.turned()
    return made
