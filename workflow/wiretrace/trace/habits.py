"""What a publisher's other articles say about one of them: who supplies it, and whether it takes texts without a word.

Asahi's way (2024): the unrelated releases on a site lead to its distributor. All counts leave out the story at hand.
Circumstantial: no verdict rests on them alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from wiretrace.trace.clocks import Clock, order
from wiretrace.trace.stories import Match
from wiretrace.trace.texts import Text

RELEASES_LEAST = 8  # texts of a distributor from which it can be said what its releases look like ...
RELEASES_SHARE = 0.8  # ... when so much of them bear parts of a release
RELEASE_PARTS = frozenset({"dateline", "boilerplate", "contact", "disclaimer", "release_number"})


@dataclass(frozen=True)
class Supply:
    """Of ``carried`` other stories of a publisher that run at any distributor, ``shared`` run at this one, ``foreign``
    only at others; ``chance``: that so many fall to it by lot, with its ``own`` of ``all`` releases of distributors.
    """

    carried: int
    shared: int
    foreign: int
    own: int
    all: int
    chance: float


@dataclass(frozen=True)
class Taking:
    """Other shared stories of a publisher: run after others and without naming a source, and not so (run first, or with
    a credit).
    """

    silent: int
    open: int

    @property
    def log_odds(self) -> float:
        """Natural log-odds that it takes without a word, half a story added to each side."""
        return math.log((self.silent + 0.5) / (self.open + 0.5))


class Habits:
    """Counts over all articles of every publisher, made once."""

    def __init__(
        self,
        texts: Sequence[Text],
        near: Mapping[int, Sequence[Match]],
        story: Mapping[int, int],
        clocks: Mapping[str, Clock],
        distributes: Callable[[str], bool],
    ) -> None:
        """``near`` by text; ``story`` numbers of those texts that have one."""
        self._unit = [story.get(index, -1 - index) for index in range(len(texts))]
        self._publisher = [text.publisher for text in texts]
        at: dict[int, set[str]] = {}  # distributors that run a story
        for index, text in enumerate(texts):
            if distributes(text.publisher):
                at.setdefault(self._unit[index], set()).add(text.publisher)
        self._all = len(at)
        self._own: dict[str, int] = {}
        for wires in at.values():
            for wire in wires:
                self._own[wire] = self._own.get(wire, 0) + 1
        self._wires: dict[str, dict[int, set[str]]] = {}  # publisher: story: distributors that run it too
        self._taking: dict[str, dict[int, bool]] = {}  # publisher: story: whether taken without a word
        # Texts that stand nowhere else: what a paper writes itself, as far as was read.
        self._lone = Counter(text.publisher for index, text in enumerate(texts) if not near.get(index))
        for index, text in enumerate(texts):
            matches = near.get(index, ())
            wires = {texts[m.other(index)].publisher for m in matches if distributes(texts[m.other(index)].publisher)}
            if distributes(text.publisher):
                continue
            if wires:
                self._wires.setdefault(text.publisher, {}).setdefault(self._unit[index], set()).update(wires)
            silent = _silent(texts, clocks, index, matches, bool(wires))
            if silent is not None:
                units = self._taking.setdefault(text.publisher, {})
                units[self._unit[index]] = units.get(self._unit[index], False) or silent
        self._parts = _with_parts(texts, distributes)
        self._counts: dict[tuple[str, str], tuple[int, int]] = {}
        for publisher, carried in self._wires.items():
            for wire in {wire for wires in carried.values() for wire in wires}:
                shared = sum(wire in wires for wires in carried.values())
                self._counts[publisher, wire] = (shared, len(carried) - shared)
        self._silent = {p: (sum(units.values()), len(units)) for p, units in self._taking.items()}

    def supply(self, article: int, distributor: str) -> Supply:
        """How the other stories of the article's publisher fall to ``distributor``."""
        publisher, unit = self._publisher[article], self._unit[article]
        shared, foreign = self._counts.get((publisher, distributor), (0, 0))
        here = self._wires.get(publisher, {}).get(unit)
        if here is not None:
            shared, foreign = shared - (distributor in here), foreign - (distributor not in here)
        own = self._own.get(distributor, 0) - (here is not None and distributor in here)
        total = self._all - (here is not None)
        carried = shared + foreign
        return Supply(carried, shared, foreign, own, total, tail(total, own, carried, shared))

    def overall(self, publisher: str, distributor: str) -> Supply:
        """The same over all stories of ``publisher``."""
        shared, foreign = self._counts.get((publisher, distributor), (0, 0))
        own, carried = self._own.get(distributor, 0), shared + foreign
        return Supply(carried, shared, foreign, own, self._all, tail(self._all, own, carried, shared))

    def taking(self, article: int) -> Taking:
        """How the article's publisher came by its other shared stories."""
        publisher, unit = self._publisher[article], self._unit[article]
        silent, total = self._silent.get(publisher, (0, 0))
        here = self._taking.get(publisher, {}).get(unit)
        if here is not None:
            silent, total = silent - here, total - 1
        return Taking(silent, total - silent)

    def writing(self, article: int) -> Taking:
        """The same over all other texts of the article's publisher, those included that stand nowhere else."""
        found = self.taking(article)
        return Taking(found.silent, found.open + self._lone[self._publisher[article]])

    def bare(self, text: Text) -> tuple[int, int] | None:
        """For a distributor's text without any part of a release: (texts with one, all texts) where that is unusual."""
        having, total = self._parts.get(text.publisher, (0, 0))
        usual = total >= RELEASES_LEAST and having >= RELEASES_SHARE * total
        return (having, total) if usual and not has_parts(text) else None


def has_parts(text: Text) -> bool:
    """Whether it bears a part that press releases have and reports have not."""
    return any(part["kind"] in RELEASE_PARTS for part in text.parts)


def _with_parts(texts: Sequence[Text], distributes: Callable[[str], bool]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for text in texts:
        if distributes(text.publisher):
            having, total = counts.get(text.publisher, (0, 0))
            counts[text.publisher] = (having + has_parts(text), total + 1)
    return counts


def _silent(
    texts: Sequence[Text], clocks: Mapping[str, Clock], index: int, matches: Sequence[Match], sent: bool
) -> bool | None:
    """Whether the text was run after another publisher's and names no source; False: it names one, or was the first of
    all; None where the clocks cannot tell.
    """
    own = texts[index]
    if not clocks[own.article_id].trusted:
        return None
    credited = any(part["kind"] == "credit" for part in own.parts)
    if credited and sent:
        return False
    others = [texts[m.other(index)] for m in matches if texts[m.other(index)].publisher != own.publisher]
    orders = [order(clocks[own.article_id], clocks[other.article_id]) for other in others]
    if any(found is not None and found.late.article_id == own.article_id for found in orders):
        return not credited
    return False if orders and None not in orders else None


@cache
def tail(population: int, marked: int, drawn: int, least: int) -> float:
    """Hypergeometric: probability of ``least`` or more marked ones among ``drawn`` out of ``population``.

    A publisher may run one release twice, so that more are drawn than there are: then 1.
    """
    if least <= 0 or drawn > population or marked > population:
        return 1.0
    total = _choose(population, drawn)
    most = min(marked, drawn)
    terms = (
        math.exp(_choose(marked, k) + _choose(population - marked, drawn - k) - total)
        for k in range(max(least, drawn - (population - marked)), most + 1)
    )
    return min(1.0, math.fsum(terms))


def _choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
