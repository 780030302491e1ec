"""Stories: one text and all who ran it.

Two texts belong together when most of the one lies in the other. That alone would chain: a page made of two
releases, or a run of articles on one event, would glue stories together. So (a) a page whose parts come from texts
that have nothing to do with each other keeps only its largest part's tie, unless it came first; (b) two groups join
only if enough of their pairs match.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wiretrace.trace.clocks import Clock, order
from wiretrace.trace.texts import Text

TIE = 0.5  # share of the shorter text that must be common
JOINED = 1 / 3  # share of the pairs between two groups that must match
OVERLAP = 0.2  # share of the smaller part that two parts of a page may have in common and still be two parts
PART_SHARE = 0.6  # share of a text that lies in the page of which it is a part


@dataclass(frozen=True)
class Match:
    """One pair of texts (indices, first < second) that share text; spans as in the table ``text_matches``."""

    first: int
    second: int
    kind: str
    share_first: float
    share_second: float
    shared: int
    spans: tuple[tuple[int, int, int, int], ...]
    score: float

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
    group = {i: [i] for m in ties for i in (m.first, m.second)}
    ties.sort(key=lambda m: (m.kind == "translated", -min(m.share_first, m.share_second), -m.shared, m.first, m.second))
    for match in ties:
        one, other = group[match.first], group[match.second]
        if one is other:
            continue
        joined = sum((min(a, b), max(a, b)) in pairs for a in one for b in other)
        # A hub that most of a group matches may bring in one more: excerpts of one text need not share a word.
        if joined >= JOINED * len(one) * len(other) or _hub(match, one, other, pairs):
            one.extend(other)
            for index in other:
                group[index] = one
    unique = {id(members): sorted(members) for members in group.values() if len(members) > 1}
    return sorted(unique.values())


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
        parts = [m for m in near[page] if m.kind == "partial" and m.share(m.other(page)) >= PART_SHARE]
        if len(parts) < 2:
            continue
        clusters: list[list[Match]] = []
        for match in sorted(parts, key=lambda m: (-m.share(page), m.other(page))):
            for cluster in clusters:
                if any(_alike(page, match, other, near) for other in cluster):
                    cluster.append(match)
                    break
            else:
                clusters.append([match])
        if len(clusters) < 2 or _came_first(texts, page, parts, clocks):
            continue
        largest = max(clusters, key=lambda c: (max(m.share(page) for m in c), -min(m.other(page) for m in c)))
        cut.update((page, m.other(page)) for cluster in clusters if cluster is not largest for m in cluster)
    return cut


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
    own = clocks[texts[page].article_id]
    for match in parts:
        found = order(own, clocks[texts[match.other(page)].article_id])
        if found is None or found.early is not own:
            return False
    return True
