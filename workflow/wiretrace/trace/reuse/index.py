"""Candidates: pairs of texts that share rare prints, from an inverted index by ranges of hashes.

A text's number counts through all shards, in their order; nothing that is written depends on it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from wiretrace.arrays import distinct
from wiretrace.trace.reuse import postings
from wiretrace.trace.reuse.bits import I64, PLACE, PLACES, U64

HASHES = 1 << 40
CAP = 50  # texts that one print joins in all pairs; beyond, it is boilerplate, or a release that hundreds ran
NEAR = 8  # texts that it joins each one with then
LEAST = 2.5  # weight of a candidate pair, in prints that two texts share
BEST = 15  # candidates of a text
MOST = 250  # of those too that share at least half as much as its best one: a release that hundreds ran


def keys(prints: U64, starts: I64, part: int, parts: int) -> U64:
    """(hash, number in its store) of the prints in range ``part`` of ``parts`` of all mixed hashes, by number."""
    low, high = HASHES * part // parts, HASHES * (part + 1) // parts
    found: U64 = postings.text_keys(prints, starts, low, high)
    return found


def weight(texts: int, count: int) -> int:
    """Weight of a print that ``texts`` of ``count`` texts have, in eighths of a bit."""
    return min(255, round(8 * math.log2(1 + count / texts)))


def least(count: int) -> int:
    """Weight from which a pair among ``count`` texts is a candidate."""
    return int(LEAST * weight(2, count))


def pairs(shards: Sequence[U64], starts: I64, low: U64, order: U64) -> U64:
    """Pairs that share prints of one range, both ways round: text, other text (24 bits each), weight (16), by text.

    ``shards`` are the keys of each shard, ``starts`` the first number of each; ``low`` and ``order`` are each text's
    smallest print and its place among equals.
    """
    count = len(order)
    joined = np.concatenate([np.zeros(0, np.uint64), *(k + np.uint64(s) for k, s in zip(shards, starts, strict=True))])
    joined = postings.sort_keys(joined)
    by_rank = np.lexsort((order, low))
    rank = np.empty(count, np.int64)
    rank[by_rank] = np.arange(count)
    by_texts = np.array([weight(max(texts, 2), count) for texts in range(8 * CAP)], np.uint64)
    begins = postings.groups(joined)
    runs, text_starts = postings.by_text(joined, begins, count)
    postings.sort_large(joined, begins, CAP, rank, by_rank)
    found: U64 = postings.join(joined, runs, text_starts, by_texts, CAP, NEAR, rank)
    return found


def candidates(parts: Sequence[U64], order: U64, first: int, last: int) -> U64:
    """The best candidates of the texts from ``first`` to below ``last``, as (text, other).

    ``parts`` are the pairs of these texts by range of hashes.
    """
    begins = np.cumsum([0, *map(len, parts)])
    rows = np.concatenate([np.zeros(0, np.uint64), *parts])
    made: U64 = postings.choose(rows, begins, first, last, order, least(len(order)), BEST, MOST)
    return made


def from_shard(chosen: Iterable[U64], begin: int, end: int) -> tuple[I64, I64]:
    """Of all candidates the pairs (smaller, larger number) whose smaller is from ``begin`` to below ``end``, sorted."""
    found = [np.zeros(0, np.uint64)]
    for own in chosen:
        text, other = own >> np.uint64(PLACE), own & PLACES
        first, second = np.minimum(text, other), np.maximum(text, other)
        here = (first >= begin) & (first < end)
        found.append((first[here] << np.uint64(PLACE)) | second[here])
    made = distinct(np.concatenate(found))
    return (made >> np.uint64(PLACE)).astype(np.int64), (made & PLACES).astype(np.int64)
