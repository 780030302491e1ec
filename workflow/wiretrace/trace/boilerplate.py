"""Passages that a site or a wire adds to whatever it publishes: footers, credit lines, "About" paragraphs, disclaimers.

Compared are whole lines and, within a line, sentences that always stand together. A passage is counted once for all
copies of a text, however many sites ran them, so that a sentence of a release is not taken for a footer.
"""

from __future__ import annotations

import hashlib
import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from wiretrace.identity import make_id
from wiretrace.identity.ties import standing
from wiretrace.trace.fold import U32, fold, folded, size
from wiretrace.trace.repeated import INNER, LINE_ARTICLES, LINE_SHARE, STOP
from wiretrace.trace.reuse.bits import U64
from wiretrace.trace.shelf import Same
from wiretrace.trace.stories import TIE, Match
from wiretrace.trace.texts import Text

PUBLISHERS = 3  # publishers on which a passage stands that is said to be common to several
LEAST, MOST = 8, 1500  # folded characters of a passage: shorter ones are labels, longer ones text
TOGETHER = 0.8  # share of a sentence's texts in which another follows it, from which the two are one passage
AT_ONCE = 100_000  # sentences that are looked up at once
COUNTED = 2_000_000  # sentences that are counted at once, 8 bytes each, some times that while they are sorted
BEYOND = 1.5  # two texts that share so many times a passage are copies of each other, and the passage is their text


class _Sentence(NamedTuple):
    """A sentence by the digest of its folded characters: its span in the text, whether it opens and ends its line."""

    key: int
    start: int
    end: int
    opens: bool
    ends: bool


def rows(texts: Sequence[Text], matches: Sequence[Match], folder: Path | None = None) -> Iterator[dict[str, Any]]:
    """Rows of ``boilerplate``.

    ``on_one_publisher``: a passage of 30 %, and at least four, of a publisher's unrelated texts; ``across_publishers``:
    one of at least four unrelated texts at three publishers or more. Related are texts that a match ties together,
    directly or not, in which most of one lies in the other, and two in which much more than the passage is common.

    The digests of all sentences are in a file in ``folder`` (None: where the system makes such files).
    """
    passages = _passages(texts, folder)
    bearing = {index for members in passages.values() for index in members}
    root = standing((m.first, m.second) for m in matches if m.kind == "translated" or _copy(m))
    near: dict[int, dict[int, int]] = defaultdict(dict)
    for match in matches:
        if match.first in bearing and match.second in bearing:
            near[match.first][match.second] = near[match.second][match.first] = match.shared
    own_texts: dict[str, set[int]] = defaultdict(set)
    for index, text in enumerate(texts):
        own_texts[text.publisher].add(root.get(index, index))
    for passage, members in passages.items():
        order = sorted(members, key=lambda index: texts[index].article_id)
        own: dict[str, list[int]] = defaultdict(list)
        for index in order:
            own[texts[index].publisher].append(index)
        for publisher, indices in own.items():
            count = _unrelated(indices, root, near, len(passage))
            if count >= max(LINE_ARTICLES, LINE_SHARE * len(own_texts[publisher])):
                yield _row("on_one_publisher", publisher, passage, texts, indices, members, count)
        count = _unrelated(order, root, near, len(passage)) if len(own) >= PUBLISHERS else 0
        if count >= LINE_ARTICLES:
            yield _row("across_publishers", "", passage, texts, order, members, count)


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


def _passages(texts: Sequence[Text], folder: Path | None) -> dict[str, dict[int, str]]:
    """Passages that stand in enough texts: folded, with each text that bears one and the words as written there."""
    counts, follows, bearing = _frequent(texts, folder)
    bound = {(a, b) for (a, b), count in follows.items() if count >= TOGETHER * max(counts[a], counts[b])}
    found: dict[str, dict[int, str]] = defaultdict(dict)
    same = Same()
    for index in bearing:
        words = texts[index].text
        for line in _lines(words):
            for run in _runs(line, counts.keys(), bound):
                written = same(words[run[0].start : run[-1].end].strip())
                passage = folded(written)
                whole = run[0].opens and run[-1].ends
                if LEAST <= len(passage) <= MOST and (whole or size(fold(written)[0]) >= INNER):
                    found[passage][index] = written
    return {passage: members for passage, members in found.items() if len(members) >= LINE_ARTICLES}


def _frequent(
    texts: Sequence[Text], folder: Path | None
) -> tuple[dict[int, int], Counter[tuple[int, int]], Sequence[int]]:
    """The sentences that stand in enough texts, with how many these are; the same of two of them in succession; the
    texts that bear one.

    Of all others, nearly all there are, the digests stand in files and are nowhere held together.
    """
    with tempfile.TemporaryFile(dir=folder) as once, tempfile.TemporaryFile(dir=folder) as ordered:
        lengths = array("q")
        for text in texts:
            lines = [[s.key for s in line] for line in _lines(text.text)]
            once.write(array("Q", {key for line in lines for key in line}))
            lengths.append(ordered.write(array("Q", [key for line in lines for key in (*line, 0)])) // 8)
        counts = _counted(once)
        often = np.array(sorted(counts), np.uint64)
        follows: Counter[tuple[int, int]] = Counter()
        bearing = array("q")
        for owners, keys in _together(ordered, lengths):
            known = np.isin(keys, often)
            bearing.extend(np.unique(owners[known]).tolist())
            places = np.flatnonzero(known[:-1] & known[1:])
            pairs = zip(owners[places].tolist(), keys[places].tolist(), keys[places + 1].tolist(), strict=True)
            follows.update((a, b) for _, a, b in set(pairs))
    return counts, follows, bearing


def _counted(once: IO[bytes]) -> dict[int, int]:
    """How often each number stands in the file of 64-bit numbers, of those that do in enough texts."""
    parts = 1 + once.tell() // (8 * COUNTED)
    made: dict[int, int] = {}
    for part in range(parts):
        once.seek(0)
        chosen = [np.zeros(0, np.uint64)]
        while len(read := np.fromfile(once, np.uint64, COUNTED)):
            chosen.append(read[read % np.uint64(parts) == part])
        found, number = np.unique(np.concatenate(chosen), return_counts=True)
        often = number >= LINE_ARTICLES
        made.update(zip(found[often].tolist(), number[often].tolist(), strict=True))
    return made


def _together(ordered: IO[bytes], lengths: Sequence[int]) -> Iterator[tuple[npt.NDArray[np.int64], U64]]:
    """The sentences of some whole texts at a time: of each the number of its text and its digest, 0 after a line."""
    ordered.seek(0)
    begin, count = 0, 0
    for end, length in enumerate(lengths, 1):
        count += length
        if count >= AT_ONCE or end == len(lengths):
            owners = np.repeat(np.arange(begin, end), np.array(lengths[begin:end]))
            yield owners, np.fromfile(ordered, np.uint64, count)
            begin, count = end, 0


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
