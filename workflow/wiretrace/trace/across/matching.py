"""Which texts are translations of each other: representatives are compared, what holds for them is then checked for
their copies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wiretrace.trace.across.anchors import Tools
from wiretrace.trace.across.keys import kind
from wiretrace.trace.across.languages import base_language
from wiretrace.trace.across.order import Chain, Marked, chain, marked
from wiretrace.trace.across.search import Weights, candidates, matrix, shelf, weights
from wiretrace.trace.texts import Text

DAY = 86400
# Least strength of a match, for Japanese with Chinese and for others: above the highest of some 20,000 foreign pairs
# in the half they were set on (.14 and .16; docs/methods-tracing.md).
LEAST_HAN, LEAST_OTHER = 0.25, 0.22
LEAST_COSINE = 0.1  # of a pair that is looked at
# Chain score that a match has besides (1.0 the lowest of true ones): among few texts everything is rare and alike.
LEAST_SCORE = 0.8
RARE_ANCHORS = 2  # distinct rare anchors (or four times as many others) that a match holds
# Distinct anchors that are more than words of a list: launched, price, company, factory stand in every release. Words
# alone make no match; with a single other anchor (foreign texts reach .31) it must be so many times as strong.
TELLING_ANCHORS, MOSTLY_WORDS = 2, 2.5
# Two texts on one person or place share its Han and the words of the matter; a translation keeps figures and foreign
# names too. Where it has none, it must be so many times as strong.
EXACT, INEXACT = frozenset(["number", "date", "name", "sound", "link"]), 3.0
# How far above the next best a match must stand, unless it has so many times what is needed: two reports of one event
# reach .75, but then what they do translate reaches more.
MARGIN, SURE = 1.25, 4.0
FAR_DAYS = 60  # a text so much later than the other needs half as much again
COPY_HAN, COPY_OTHER = 1.1, 0.6  # least chain score of the copies of two texts that match
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
) -> list[Translated]:
    """Translated pairs of ``texts``, sorted.

    ``group`` gives each text its representative (the first of its copies), ``kin`` the texts that share passages with a
    text, ``times`` the interval in which it was published (seconds), where known.
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
    found: dict[tuple[int, int], Chain] = {}
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            weight, cost = weights(shelves[one], shelves[other])
            left, right = languages[one], languages[other]
            han = {base_language(one), base_language(other)} <= {"ja", "zh"}
            scored = []
            found_pairs = candidates(matrix(shelves[one], weight), matrix(shelves[other], weight), cost)
            for a, b, cosine in zip(*(column.tolist() for column in found_pairs), strict=True):
                if cosine >= LEAST_COSINE:
                    made = chain(desk[left[a]], desk[right[b]], weight)
                    scored.append(_Scored(left[a], right[b], made, _strength(made, cosine)))
            for pair in _accepted(scored, LEAST_HAN if han else LEAST_OTHER, kin, spans):
                copies = members[pair.first], members[pair.second]
                found.update(_expanded(desk, *copies, weight, COPY_HAN if han else COPY_OTHER))
    return [Translated(a, b, found[a, b]) for a, b in sorted(found)]


def _strength(made: Chain, cosine: float) -> float:
    """Chain score, by cosine, less where only some sentences of the passage take part."""
    return max(made.score, 0.0) * cosine * math.sqrt(made.density)


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
    scored: Sequence[_Scored], least: float, kin: Mapping[int, set[int]], spans: Mapping[int, tuple[int, int]]
) -> list[_Scored]:
    """Pairs whose order cannot be chance and that stand clear of the next best on both sides."""
    by_side: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for pair in scored:
        by_side.setdefault((0, pair.first), []).append((pair.strength, pair.second))
        by_side.setdefault((1, pair.second), []).append((pair.strength, pair.first))
    kept = []
    for pair in scored:
        need = least * (1.5 if _apart(spans.get(pair.first), spans.get(pair.second)) else 1.0)
        keys = {p.key for p in pair.chain.points}
        held = pair.chain.rare >= RARE_ANCHORS or len(keys) >= 4 * RARE_ANCHORS
        kinds = [kind(key) for key in keys]
        telling = len(kinds) - kinds.count("word")
        held = held and telling > 0 and pair.chain.score >= LEAST_SCORE
        need *= INEXACT if not EXACT & set(kinds) else 1.0 if telling >= TELLING_ANCHORS else MOSTLY_WORDS
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
        if held and clear and pair.strength >= need:
            kept.append(pair)
    return kept


def _apart(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    if one is None or other is None:
        return False
    return max(one[0], other[0]) - min(one[1], other[1]) > FAR_DAYS * DAY


def _expanded(
    desk: _Desk, left: Sequence[int], right: Sequence[int], weight: Weights, least: float
) -> dict[tuple[int, int], Chain]:
    """The copies of two texts that translate each other, pair by pair; the two themselves come first and stay."""
    made: dict[tuple[int, int], Chain] = {}
    for one, other in [(a, b) for a in left for b in right][:EXPANDED]:
        first, second = min(one, other), max(one, other)
        both = chain(desk[first], desk[second], weight)
        if not made or both.score >= least:
            made[first, second] = both
    return made
