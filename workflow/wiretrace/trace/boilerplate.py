"""Passages that a site or a wire adds to whatever it publishes: footers, credit lines, "About" paragraphs, disclaimers.

Compared are whole lines and, within a line, sentences that always stand together. A passage is counted once for all
copies of a text, however many sites ran them, so that a sentence of a release is not taken for a footer.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np

from wiretrace.identity import make_id
from wiretrace.identity.ties import standing
from wiretrace.trace.fold import U32, fold, folded, size
from wiretrace.trace.repeated import INNER, LINE_ARTICLES, LINE_SHARE, STOP
from wiretrace.trace.stories import TIE, Match
from wiretrace.trace.texts import Text

PUBLISHERS = 3  # publishers on which a passage stands that is said to be common to several
LEAST, MOST = 8, 1500  # folded characters of a passage: shorter ones are labels, longer ones text
TOGETHER = 0.8  # share of a sentence's texts in which another follows it, from which the two are one passage
AT_ONCE = 100_000  # pairs of sentences that are looked up at once
BEYOND = 1.5  # two texts that share so many times a passage are copies of each other, and the passage is their text


class _Sentence(NamedTuple):
    """A sentence by the digest of its folded characters: its span in the text, whether it opens and ends its line."""

    key: int
    start: int
    end: int
    opens: bool
    ends: bool


def rows(texts: Sequence[Text], matches: Sequence[Match]) -> list[dict[str, Any]]:
    """Rows of ``boilerplate``.

    ``on_one_publisher``: a passage of 30 %, and at least four, of a publisher's unrelated texts; ``across_publishers``:
    one of at least four unrelated texts at three publishers or more. Related are texts that a match ties together,
    directly or not, in which most of one lies in the other, and two in which much more than the passage is common.
    """
    root = standing((m.first, m.second) for m in matches if m.kind == "translated" or _copy(m))
    near: dict[int, dict[int, int]] = defaultdict(dict)
    for match in matches:
        near[match.first][match.second] = near[match.second][match.first] = match.shared
    own_texts: dict[str, set[int]] = defaultdict(set)
    for index, text in enumerate(texts):
        own_texts[text.publisher].add(root.get(index, index))
    made = []
    for passage, members in _passages(texts).items():
        order = sorted(members, key=lambda index: texts[index].article_id)
        own: dict[str, list[int]] = defaultdict(list)
        for index in order:
            own[texts[index].publisher].append(index)
        for publisher, indices in own.items():
            count = _unrelated(indices, root, near, len(passage))
            if count >= max(LINE_ARTICLES, LINE_SHARE * len(own_texts[publisher])):
                made.append(_row("on_one_publisher", publisher, passage, texts, indices, members, count))
        count = _unrelated(order, root, near, len(passage)) if len(own) >= PUBLISHERS else 0
        if count >= LINE_ARTICLES:
            made.append(_row("across_publishers", "", passage, texts, order, members, count))
    return made


def _copy(match: Match) -> bool:
    return max(match.share_first, match.share_second) >= TIE


def _unrelated(
    indices: Sequence[int], root: Mapping[int, int], near: Mapping[int, Mapping[int, int]], length: int
) -> int:
    """How many of the texts one can take, the first first, none of which is related to another. Not chained: where
    each text shares more with the next only, every second one counts.
    """
    families: set[int] = set()
    taken: set[int] = set()
    for index in indices:
        family, own = root.get(index, index), near.get(index, {})
        if family not in families and not any(own[other] > BEYOND * length for other in taken & own.keys()):
            families.add(family)
            taken.add(index)
    return len(taken)


def _passages(texts: Sequence[Text]) -> dict[str, dict[int, str]]:
    """Passages that stand in enough texts: folded, with each text that bears one and the words as written there."""
    counts, follows = _frequent(texts)
    bound = {(a, b) for (a, b), count in follows.items() if count >= TOGETHER * max(counts[a], counts[b])}
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for index, text in enumerate(texts):
        for line in _lines(text.text):
            for run in _runs(line, counts.keys(), bound):
                written = text.text[run[0].start : run[-1].end].strip()
                passage = folded(written)
                whole = run[0].opens and run[-1].ends
                if LEAST <= len(passage) <= MOST and (whole or size(fold(written)[0]) >= INNER):
                    found[passage][index] = written
    return {passage: members for passage, members in found.items() if len(members) >= LINE_ARTICLES}


def _frequent(texts: Sequence[Text]) -> tuple[dict[int, int], Counter[tuple[int, int]]]:
    """The sentences that stand in enough texts, with how many these are, and the same of two of them in succession.

    Of all others, nearly all there are, the digests are held and nothing else: 24 bytes a sentence.
    """
    keys, following = array("Q"), array("Q")
    for text in texts:
        lines = list(_lines(text.text))
        keys.extend({s.key for line in lines for s in line})
        following.extend(chain.from_iterable({(a.key, b.key) for line in lines for a, b in pairwise(line)}))
    found, number = np.unique(np.frombuffer(keys, np.uint64), return_counts=True)
    often = number >= LINE_ARTICLES
    pairs = np.frombuffer(following, np.uint64).reshape(-1, 2)
    follows: Counter[tuple[int, int]] = Counter()
    for start in range(0, len(pairs), AT_ONCE):
        part = pairs[start : start + AT_ONCE]
        follows.update((a, b) for a, b in part[np.isin(part, found[often]).all(axis=1)].tolist())
    return dict(zip(found[often].tolist(), number[often].tolist(), strict=True)), follows


def _runs(
    line: Sequence[_Sentence], frequent: Container[int], bound: set[tuple[int, int]]
) -> Iterator[Sequence[_Sentence]]:
    """The longest runs of frequent sentences of a line each of which is bound to the next; and the whole line, where
    all its sentences are frequent.
    """
    begin = 0
    for end in range(1, len(line) + 1):
        if end == len(line) or (line[end - 1].key, line[end].key) not in bound:
            if all(s.key in frequent for s in line[begin:end]):
                yield line[begin:end]
            begin = end
    if all(s.key in frequent for s in line) and any((a.key, b.key) not in bound for a, b in pairwise(line)):
        yield line


def _lines(text: str) -> Iterator[list[_Sentence]]:
    """The lines of a text as sentences; what is too short to be one goes with the next, or the one before."""
    codes, places = fold(text)
    begin = 0
    for line in text.split("\n"):
        end = begin + len(line)
        if len(line) >= LEAST:
            ends = [begin + m.end() for m in STOP.finditer(line)]
            at = np.searchsorted(places, [begin, *ends, end]).tolist()
            made = _sentences(codes, [begin, *ends, end], at)
            if made:
                yield made
        begin = end + 1


def _sentences(codes: U32, edges: Sequence[int], at: Sequence[int]) -> list[_Sentence]:
    """The sentences between ``edges``, which stand at ``at`` among the folded characters."""
    cuts = [0]
    for i in range(1, len(edges)):
        if at[i] - at[cuts[-1]] >= LEAST:
            cuts.append(i)
    if len(cuts) == 1:
        return []
    cuts[-1] = len(edges) - 1
    return [
        _Sentence(_digest(codes[at[i] : at[k]]), edges[i], edges[k], not i, k == len(edges) - 1)
        for i, k in pairwise(cuts)
    ]


def _digest(codes: U32) -> int:
    return int.from_bytes(hashlib.blake2b(codes.tobytes(), digest_size=8).digest(), "big")


def _row(
    kind: str,
    publisher: str,
    passage: str,
    texts: Sequence[Text],
    order: Sequence[int],
    members: Mapping[int, str],
    count: int,
) -> dict[str, Any]:
    own = [texts[index] for index in order]
    return {
        "boilerplate_id": make_id("b", kind, publisher, passage),
        "kind": kind,
        "text": _most(members[index] for index in order),
        "publisher": publisher,
        "publishers": len({text.publisher for text in own}),
        "articles": len(own),
        "texts": count,
        "language": _most(text.language for text in own),
        "first_article": own[0].article_id,
        "capture_id": own[0].capture_id,
    }


def _most(values: Iterable[str]) -> str:
    """The most frequent value, the first in order among equals."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value))
