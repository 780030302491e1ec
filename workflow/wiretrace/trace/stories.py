"""Stories: one text and all who ran it.

Two texts belong together when most of the one lies in the other. That alone would chain: a page made of two
releases, or a run of articles on one event, would glue stories together. So (a) a page whose parts come from texts
that have nothing to do with each other keeps only its largest part's tie, unless it came first; (b) two groups join
only if enough of their pairs match, and, within a language, any two texts that do not match both match a third: where
each text only overlaps with the next, the last has nothing of the first.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wiretrace.identity.ties import standing
from wiretrace.trace.clocks import Clock, order
from wiretrace.trace.texts import Text

TIE = 0.5  # share of the shorter text that must be common
JOINED = 1 / 3  # share of the pairs between two groups that must match
OVERLAP = 0.2  # share of the smaller part that two parts of a page may have in common and still be two parts
PART_SHARE = 0.6  # share of a text that lies in the page of which it is a part
PARTIAL = ("partial", "merged")
STOCK = 4  # unrelated texts that share a mere passage with a text, from which the passage is a stock one


class Spans(Sequence[tuple[int, int, int, int]]):
    """Shared spans as one run of numbers: hundreds of thousands of matches have several each."""

    __slots__ = ("_flat",)

    def __init__(self, flat: Iterable[int]) -> None:
        self._flat = array("i", flat)

    def __len__(self) -> int:
        return len(self._flat) // 4

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def __iter__(self) -> Iterator[tuple[int, int, int, int]]:
        numbers = iter(self._flat)
        return zip(numbers, numbers, numbers, numbers, strict=True)


@dataclass(frozen=True, slots=True)
class Match:
    """One pair of texts (indices, first < second) that share text; spans as in the table ``text_matches``."""

    first: int
    second: int
    kind: str
    share_first: float
    share_second: float
    shared: int
    spans: Sequence[tuple[int, int, int, int]]
    score: float
    telling: bool = True  # whether enough of the texts is common to say anything of where they come from

    def share(self, index: int) -> float:
        """Share of text ``index`` that lies in the other."""
        return self.share_first if index == self.first else self.share_second

    def other(self, index: int) -> int:
        """The other text."""
        return self.second if index == self.first else self.first

    def spans_of(self, index: int) -> list[tuple[int, int]]:
        """The shared spans in text ``index``."""
        offset = 0 if index == self.first else 2
        return [(span[offset], span[offset + 1]) for span in self.spans]


def neighbours(matches: Sequence[Match]) -> dict[int, list[Match]]:
    """The matches of each text."""
    made: dict[int, list[Match]] = {}
    for match in matches:
        made.setdefault(match.first, []).append(match)
        made.setdefault(match.second, []).append(match)
    return made


def stories(texts: Sequence[Text], matches: Sequence[Match], clocks: Mapping[str, Clock]) -> list[list[int]]:
    """Groups of two or more texts that are one text, as sorted indices, in order of their first member."""
    matches = [m for m in matches if m.telling]
    near = neighbours(matches)
    cut = _foreign_parts(texts, near, clocks)
    ties = [
        m
        for m in matches
        if (m.kind == "translated" or max(m.share_first, m.share_second) >= TIE)
        and (m.first, m.second) not in cut
        and (m.second, m.first) not in cut
    ]
    pairs = {(m.first, m.second) for m in ties}
    tied: dict[int, set[int]] = {}
    for match in ties:
        tied.setdefault(match.first, {match.first}).add(match.second)
        tied.setdefault(match.second, {match.second}).add(match.first)
    group = {i: [i] for m in ties for i in (m.first, m.second)}
    ties.sort(key=lambda m: (m.kind == "translated", -min(m.share_first, m.share_second), -m.shared, m.first, m.second))
    for match in ties:
        one, other = group[match.first], group[match.second]
        if one is other:
            continue
        joined = sum((min(a, b), max(a, b)) in pairs for a in one for b in other)
        # A hub that most of a group matches may bring in one more: excerpts of one text need not share a word.
        enough = joined > JOINED * len(one) * len(other)
        # Of an excerpt and an excerpt of the translation neither matches a text that the other does.
        if (enough and (match.kind == "translated" or _close(one, other, tied))) or _hub(match, one, other, pairs):
            one.extend(other)
            for index in other:
                group[index] = one
    unique = {id(members): sorted(members) for members in group.values() if len(members) > 1}
    return sorted(unique.values())


def _close(one: list[int], other: list[int], tied: Mapping[int, set[int]]) -> bool:
    """Whether any two texts of two groups are tied, or both tied to a third."""
    return not any(tied[a].isdisjoint(tied[b]) for a in one for b in other)


def _hub(match: Match, one: list[int], other: list[int], pairs: set[tuple[int, int]]) -> bool:
    """Whether one side is a single text tied to a text that ties the whole other group together."""
    for members, lone in ((one, other), (other, one)):
        if len(lone) == 1:
            centre = match.other(lone[0])
            tied = sum((min(centre, i), max(centre, i)) in pairs for i in members if i != centre)
            if tied == len(members) - 1:
                return True
    return False


def _foreign_parts(
    texts: Sequence[Text], near: Mapping[int, list[Match]], clocks: Mapping[str, Clock]
) -> set[tuple[int, int]]:
    """Ties (page, part) to be cut: parts of a merged page that are not its largest."""
    cut: set[tuple[int, int]] = set()
    for page in sorted(near):
        clusters = _parts(texts, page, near, clocks, PARTIAL)
        if clusters:
            largest = max(clusters, key=lambda c: (max(m.share(page) for m in c), -min(m.other(page) for m in c)))
            cut.update((page, m.other(page)) for cluster in clusters if cluster is not largest for m in cluster)
    return cut


def merged(texts: Sequence[Text], near: Mapping[int, list[Match]], clocks: Mapping[str, Clock]) -> set[tuple[int, int]]:
    """Pairs (first, second) of a page and a text that is one of several, unrelated ones of which it is made."""
    pairs: set[tuple[int, int]] = set()
    for page in sorted(near):
        for cluster in _parts(texts, page, near, clocks, ("near", *PARTIAL)):
            pairs.update((m.first, m.second) for m in cluster)
    return pairs


def _parts(
    texts: Sequence[Text],
    page: int,
    near: Mapping[int, list[Match]],
    clocks: Mapping[str, Clock],
    kinds: Sequence[str],
) -> list[list[Match]]:
    """The unrelated texts of which ``page`` is made, each with its copies, where it is made of two or more.

    A page that is known to be older than all its parts is not made of them: they are excerpts of it.
    """
    parts = [m for m in near[page] if m.kind in kinds and m.share(m.other(page)) >= PART_SHARE]
    clusters: list[list[Match]] = []
    for match in sorted(parts, key=lambda m: (-m.share(page), m.other(page))):
        for cluster in clusters:
            if any(_alike(page, match, other, near) for other in cluster):
                cluster.append(match)
                break
        else:
            clusters.append([match])
    return [] if len(clusters) < 2 or _came_first(texts, page, parts, clocks) else clusters


def stock(matches: Sequence[Match]) -> list[Match]:
    """``matches`` without those mere passages that a text shares with several others that are unrelated.

    Such a passage is a stock one, of a wire or a trade: it says nothing of where either text comes from.
    """
    root = families(matches)
    others: dict[int, dict[int, list[tuple[int, int]]]] = {}
    mere = [m for m in matches if not m.telling]
    for match in mere:
        for index in (match.first, match.second):
            family = root.get(match.other(index), match.other(index))
            others.setdefault(index, {}).setdefault(family, []).extend(match.spans_of(index))

    def common(match: Match, index: int) -> bool:
        spans = match.spans_of(index)
        rivals = sum(_overlap(spans, theirs) for theirs in others[index].values())
        return rivals >= STOCK

    return [m for m in matches if m.telling or not (common(m, m.first) or common(m, m.second))]


def _overlap(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> bool:
    """Whether half of the spans ``one`` lies within ``other``."""
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)
    return 2 * shared >= sum(end - begin for begin, end in one)


def families(matches: Sequence[Match]) -> dict[int, int]:
    """For each text that is told to be a copy of others, the one that stands for all of them, directly or not."""
    return standing((m.first, m.second) for m in matches if m.telling)


def _alike(page: int, one: Match, other: Match, near: Mapping[int, list[Match]]) -> bool:
    """Whether two parts of a page are one part: they lie in the same place, or match each other."""
    a, b = one.other(page), other.other(page)
    if any(m.other(a) == b for m in near[a]):
        return True
    covered = {place for begin, end in one.spans_of(page) for place in range(begin, end)}
    common = sum(place in covered for begin, end in other.spans_of(page) for place in range(begin, end))
    size = min(len(covered), sum(end - begin for begin, end in other.spans_of(page)))
    return common > OVERLAP * size


def _came_first(texts: Sequence[Text], page: int, parts: Sequence[Match], clocks: Mapping[str, Clock]) -> bool:
    """Whether the page is known to be older than all its parts: then they are excerpts of it."""
    own = clocks.get(texts[page].article_id)
    for match in parts:
        other = clocks.get(texts[match.other(page)].article_id)
        found = order(own, other) if own and other else None
        if found is None or found.early is not own:
            return False
    return True
