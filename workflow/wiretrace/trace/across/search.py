"""Candidates across two languages: the texts that share the rarest anchors.

Two steps over sparse matrices (texts by anchors). The first multiplies only the anchors that are cheap, those whose
texts on both sides make few pairs; the second compares all anchors of the pairs that stand out. Memory does not grow
with the pairs there could be, and every product is summed in the order of the keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from wiretrace.arrays import distinct
from wiretrace.trace.across import products
from wiretrace.trace.across.anchors import Tools, counted
from wiretrace.trace.across.keys import CLASS_SHIFT, CLASSES
from wiretrace.trace.across.lexicon import I64, U64
from wiretrace.trace.texts import Text

F64 = npt.NDArray[np.float64]
WORTH = 60  # texts that the guess of an anchor's class is worth
LIGHT = 1.0  # nats of rarity below which an anchor does not count
STEP = 256  # weights are multiples of 1/256, so that no processor's logarithm changes a table
WORK = 4_000  # products that the first step spends on one text
KEPT = 8  # pairs of a text that the second step compares
SHARE = 0.3  # of the best of the text, at least
BEST = 3  # candidates of a text


@dataclass(frozen=True)
class Shelf:
    """The anchors of the texts of one language: for each entry the text, the key, how often; sorted."""

    texts: npt.NDArray[np.int32]
    keys: U64
    counts: npt.NDArray[np.uint16]
    size: int

    @cached_property
    def index(self) -> tuple[U64, I64, npt.NDArray[np.int32]]:
        """The distinct keys, sorted, the texts that hold each, and for each entry the place of its key among them.

        Made once for a language, which is compared with every other.
        """
        found, held, numbers = products.numbered(self.keys)
        order = np.argsort(found)
        place = np.empty(len(found), np.int32)
        place[order] = np.arange(len(found), dtype=np.int32)
        products.renumber(numbers, place)
        return found[order], held[order], numbers


def shelf(texts: Sequence[Text], language: str, use: Tools) -> Shelf:
    """Anchors of ``texts``, all of one language."""
    return Shelf(*counted(texts, language, use), len(texts))


@dataclass(frozen=True)
class Weights:
    """Rarity in nats of the anchors that both languages hold; ``keys`` sorted."""

    keys: U64
    values: F64

    @cached_property
    def whole(self) -> I64:
        """The same in whole steps."""
        return (self.values * STEP).astype(np.int64)


def weights(a: Shelf, b: Shelf) -> tuple[Weights, I64]:
    """Weights of the anchors of two languages, and for each the pairs of texts that hold it.

    The smaller of an anchor's rarities in the two, smoothed by the guess for its class, so that a handful of texts is
    no excuse for seeing rarity everywhere.
    """
    (keys_a, counts_a, _), (keys_b, counts_b, _) = a.index, b.index
    at_b = _places(keys_b, keys_a)
    at_a = np.flatnonzero(at_b >= 0)
    keys, at_b = keys_a[at_a], at_b[at_a]
    guesses = np.zeros(max(CLASSES) + 1)
    for number, of_class in CLASSES.items():
        guesses[number] = of_class.guess * WORTH
    guess = guesses[(keys >> np.uint64(CLASS_SHIFT)).astype(np.int64)]
    count_a, count_b = counts_a[at_a], counts_b[at_b]
    rarity = np.minimum(
        -np.log((count_a + guess) / (a.size + WORTH)),
        -np.log((count_b + guess) / (b.size + WORTH)),
    )
    rarity = np.round(rarity * STEP) / STEP
    kept = rarity > LIGHT
    return Weights(keys[kept], rarity[kept]), (count_a[kept] * count_b[kept]).astype(np.int64)


def _places(sorted_keys: U64, keys: U64) -> I64:
    """Place of each of ``keys`` among the sorted ones; -1 where it is none of them."""
    if not len(sorted_keys):
        return np.full(len(keys), -1)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == keys, at, -1)


def matrix(one: Shelf, use: Weights) -> sp.csr_matrix:
    """Texts by the keys of ``use``: sublinear TF-IDF, each text of length 1."""
    found, _, places = one.index
    column = _places(use.keys, found).astype(np.int32)
    often = np.arange(1, int(one.counts.max(initial=1)) + 1, dtype=np.uint16)
    tf = np.round((1 + np.log(often)) * STEP) / STEP
    values, columns, starts = products.weighed(one.texts, places, one.counts, column, use.values, tf, one.size)
    return sp.csr_matrix((values, columns, starts), shape=(one.size, len(use.keys)))


def candidates(a: sp.csr_matrix, b: sp.csr_matrix, pairs_of_key: I64) -> tuple[I64, I64, F64]:
    """(text of a, text of b, cosine) of the pairs that are among the ``BEST`` of either text, sorted."""
    order = np.lexsort((np.arange(len(pairs_of_key)), pairs_of_key))
    spent = np.cumsum(pairs_of_key[order])
    cheap = np.sort(order[spent <= WORK * (a.shape[0] + b.shape[0])])
    left, right = _likely(a[:, cheap], b[:, cheap])
    score = products.cosines(a.indptr, a.indices, a.data, b.indptr, b.indices, b.data, left, right, a.shape[1])
    keep = ranks(left, score) < BEST
    keep |= ranks(right, score) < BEST
    return left[keep], right[keep], score[keep]


def _likely(a: sp.csr_matrix, b: sp.csr_matrix) -> tuple[I64, I64]:
    """Pairs whose product is among the ``KEPT`` of either text and at least ``SHARE`` of its best, sorted."""
    across = b.tocsc()
    made = products.best(a.indptr, a.indices, a.data, across.indptr, across.indices, across.data, b.shape[0], KEPT)
    pairs = []
    for ids, scores, own_first in ((made[0], made[1], True), (made[2], made[3], False)):
        rows, columns = np.nonzero((ids >= 0) & (scores >= SHARE * scores[:, :1]))
        one, other = rows, ids[rows, columns].astype(np.int64)
        pairs.append((one if own_first else other) * b.shape[0] + (other if own_first else one))
    packed = distinct(np.concatenate(pairs))
    return packed // max(1, b.shape[0]), packed % max(1, b.shape[0])


def ranks(side: I64, score: F64) -> I64:
    """Place of each pair among those of its text in ``side``, best first; equal ones in the order given."""
    order = np.lexsort((np.arange(len(side)), -score, side))
    ordered = side[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(side) else np.empty(0, int)
    lengths = np.diff(np.concatenate([starts, [len(side)]]))
    made = np.empty(len(side), np.int64)
    made[order] = np.arange(len(side)) - np.repeat(starts, lengths)
    return made
