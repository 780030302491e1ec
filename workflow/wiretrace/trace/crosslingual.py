"""Which texts are translations of each other: representatives are compared, what holds for them is then checked for
their copies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wiretrace.trace.texts import Text
from wiretrace.trace.translate import (
    CLEAR,
    CLEAR_NEED,
    EXPANDED,
    FAR_DAYS,
    HAN_KINDS,
    MARGIN,
    RARE_ANCHORS,
    RIVALS,
    SCORE_HAN,
    SCORE_OTHER,
    SHOWN,
    Bag,
    Chain,
    bag,
    best_pairs,
    chain,
    kinds,
    weights,
)

DAY = 86400


@dataclass(frozen=True)
class Translated:
    """Texts ``first`` < ``second`` (indices) in different languages that run alongside each other."""

    first: int
    second: int
    chain: Chain


def translations(
    texts: Sequence[Text], group: Sequence[int], kin: Mapping[int, set[int]], times: Sequence[tuple[int, int] | None]
) -> list[Translated]:
    """Translated pairs of ``texts``.

    ``group`` gives each text its representative (copies share one), ``kin`` the texts that share passages with a
    text, ``times`` the interval in which it was published (seconds), where known.
    """
    bags: dict[int, Bag] = {}
    languages: dict[str, list[int]] = {}
    members: dict[int, list[int]] = {}
    for index, text in enumerate(texts):
        members.setdefault(group[index], []).append(index)
        if group[index] == index and text.length and text.language != "und":
            languages.setdefault(text.language, []).append(index)
    for index in sorted(i for own in languages.values() for i in own):
        bags[index] = bag(texts[index])
    found: dict[tuple[int, int], Chain] = {}
    names = sorted(languages)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            left, right = languages[one], languages[other]
            used = kinds(one, other)
            weight = weights([bags[i] for i in left], [bags[i] for i in right], used)
            scored = []
            for a, b, _ in best_pairs([bags[i] for i in left], [bags[i] for i in right], weight):
                made = chain(bags[left[a]], bags[right[b]], weight)
                scored.append((left[a], right[b], made))
            least = SCORE_HAN if used == HAN_KINDS else SCORE_OTHER
            for a, b, _ in _accepted(scored, least, kin, _spans(members, times)):
                found.update(_expanded(texts, members[a], members[b], bags, weight, least))
    return [Translated(a, b, found[a, b]) for a, b in sorted(found)]


def _spans(members: Mapping[int, Sequence[int]], times: Sequence[tuple[int, int] | None]) -> dict[int, tuple[int, int]]:
    made = {}
    for representative, own in members.items():
        known = [t for t in (times[i] for i in own) if t is not None]
        if known:
            made[representative] = (min(t[0] for t in known), max(t[1] for t in known))
    return made


def _accepted(
    scored: list[tuple[int, int, Chain]],
    least: float,
    kin: Mapping[int, set[int]],
    spans: Mapping[int, tuple[int, int]],
) -> list[tuple[int, int, Chain]]:
    """Pairs whose order cannot be chance and that stand clear of the next best on both sides."""
    by_side: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for a, b, made in scored:
        by_side.setdefault((0, a), []).append((made.score, b))
        by_side.setdefault((1, b), []).append((made.score, a))
    kept = []
    for a, b, made in scored:
        need = least * (1.5 if _apart(spans.get(a), spans.get(b)) else 1.0)
        held = made.rare >= RARE_ANCHORS or len({p[0].key for p in made.points}) >= 4 * RARE_ANCHORS
        rivals = [
            [score for score, other in by_side[key] if other != own and other not in kin.get(own, set())]
            for key, own in (((0, a), b), ((1, b), a))
        ]
        next_best = max((score for side in rivals for score in side), default=0.0)
        # Far above several others is as good as far above chance.
        if min(map(len, rivals)) >= RIVALS and made.score >= CLEAR * next_best:
            need *= CLEAR_NEED
        if held and made.score >= need and (made.score >= 2 * need or made.score >= MARGIN * next_best):
            kept.append((a, b, made))
    return kept


def _apart(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    if one is None or other is None:
        return False
    return max(one[0], other[0]) - min(one[1], other[1]) > FAR_DAYS * DAY


def _expanded(
    texts: Sequence[Text],
    left: Sequence[int],
    right: Sequence[int],
    bags: dict[int, Bag],
    weight: Mapping[str, float],
    least: float,
) -> dict[tuple[int, int], Chain]:
    """The copies of two texts that translate each other, pair by pair; half the score is enough for them."""
    made: dict[tuple[int, int], Chain] = {}
    for one, other in [(a, b) for a in left for b in right][:EXPANDED]:
        first, second = min(one, other), max(one, other)
        for index in (first, second):
            if index not in bags:
                bags[index] = bag(texts[index])
        both = chain(bags[first], bags[second], weight)
        if both.score >= least / 2:
            made[first, second] = both
    return made


def passages(made: Chain, cell_a: int, cell_b: int) -> list[list[int]]:
    """Spans [start_a, end_a, start_b, end_b] that the chain covers: anchors less than two sentences apart are one."""
    spans: list[list[int]] = []
    for a, b, _ in made.points:
        if spans and a.start - spans[-1][1] <= 2 * cell_a and b.start - spans[-1][3] <= 2 * cell_b:
            spans[-1][1], spans[-1][3] = max(a.end, spans[-1][1]), max(b.end, spans[-1][3])
        else:
            spans.append([a.start, a.end, b.start, b.end])
    return spans


def shown(made: Chain, a: Text, b: Text) -> list[list[str]]:
    """The strongest anchors of the chain in order of the text: [words in a, words in b, kind]."""
    strongest = sorted(made.points, key=lambda p: (-p[2], p[0].start))[:SHOWN]
    return [
        [a.text[p[0].start : p[0].end], b.text[p[1].start : p[1].end], p[0].kind]
        for p in sorted(strongest, key=lambda p: (p[0].start, p[1].start))
    ]
