"""Candidates: pairs of texts that share winnowed fingerprints (Schleimer, Wilkerson, Aiken 2003), in numpy.

A gram is 5 characters where its first is Han, kana or Hangul, else 12, so that a passage has the same grams whatever
language its page is said to be in. Of every 15 neighbouring grams the one with the smallest hash is kept: any shared
passage of n + 14 characters is found. Fingerprints of many texts do not join all of them (what a wire or a site adds
to everything would), but each with its nearest neighbours only, so that a release run by hundreds is not lost. Rarer
fingerprints weigh more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wiretrace.trace.fold import U32, unspaced

U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

SHORT, LONG, WINDOW = 5, 12, 15
GAP = 16  # breaks between two texts, so that no gram and no window spans both
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
BASE = 0x9E3779B97F4A7C15
CHUNK = 2_000_000
CAP = 120  # texts that one fingerprint may join in all pairs
NEIGHBOURS = 8  # beyond that, the texts that it joins each one with
LEAST = 2  # fingerprints that a candidate pair shares
MOST = 250  # candidates kept for one text, those that share the rarest


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs by index of the texts, first < second, with their shared fingerprints and summed rarity."""

    first: I64
    second: I64
    shared: I64
    weight: npt.NDArray[np.float64]


def gram_hashes(codes: U32) -> U64:
    """Hash of the gram at each place of ``codes``; all ones where it would reach over a break or the end."""
    size = len(codes)
    hashes = np.full(size, NONE, np.uint64)
    if size < SHORT:
        return hashes
    one = codes.astype(np.uint64)
    padded = np.concatenate([one, np.zeros(LONG, np.uint64)])
    power = [np.uint64(pow(BASE, n, 1 << 64)) for n in (1, 2, 4)]
    two = padded[:-1] * power[0] + padded[1:]
    four = two[:-2] * power[1] + two[2:]
    eight = four[:-4] * power[2] + four[4:]
    five = four[:size] * power[0] + padded[4 : 4 + size]
    twelve = eight[:size] * power[2] + four[8 : 8 + size]
    breaks = np.concatenate([[0], np.cumsum(padded == 0)])
    dense = unspaced(codes)
    length = np.where(dense, SHORT, LONG)
    at = np.arange(size)
    whole = breaks[at + length] == breaks[at]
    mixed = np.where(dense, five, twelve ^ np.uint64(0x5555555555555555))
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(29)
    hashes[whole] = mixed[whole] & np.uint64(0x7FFFFFFFFFFFFFFF)
    return hashes


def select(hashes: U64) -> npt.NDArray[np.bool_]:
    """Which grams winnowing keeps: those that are the smallest of some window of 15."""
    padded = np.concatenate([np.full(WINDOW - 1, NONE), hashes, np.full(WINDOW - 1, NONE)])
    lowest = _sliding(padded, np.minimum)
    reach = _sliding(np.where(lowest == NONE, np.uint64(0), lowest), np.maximum)
    kept: npt.NDArray[np.bool_] = (hashes != NONE) & (hashes <= reach)
    return kept


def _sliding(values: U64, best: np.ufunc) -> U64:
    two = best(values[:-1], values[1:])
    four = best(two[:-2], two[2:])
    eight = best(four[:-4], four[4:])
    fifteen: U64 = best(eight[:-7], eight[7:])
    return fifteen


def fingerprints(texts: Sequence[U32]) -> tuple[U64, I64]:
    """All distinct (fingerprint, index of text), sorted by both."""
    hashes: list[U64] = []
    owners: list[I64] = []
    begin = 0
    while begin < len(texts):
        end, taken = begin, 0
        while end < len(texts) and (end == begin or taken + len(texts[end]) <= CHUNK):
            taken += len(texts[end]) + GAP
            end += 1
        pad = np.zeros(GAP, np.uint32)
        joined = np.concatenate([part for text in texts[begin:end] for part in (text, pad)])
        owner = np.repeat(np.arange(begin, end), [len(text) + GAP for text in texts[begin:end]])
        found = gram_hashes(joined)
        kept = select(found)
        hashes.append(found[kept])
        owners.append(owner[kept])
        begin = end
    if not hashes:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    return distinct(np.concatenate(hashes), np.concatenate(owners))


def distinct(keys: U64, owners: I64) -> tuple[U64, I64]:
    """Sorted (key, owner) without repetitions."""
    order = np.lexsort((owners, keys))
    keys, owners = keys[order], owners[order]
    fresh = np.ones(len(keys), bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    return keys[fresh], owners[fresh]


def groups(keys: U64) -> tuple[I64, I64]:
    """Start and length of each run of equal sorted ``keys``."""
    if not len(keys):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return starts, np.diff(np.concatenate([starts, [len(keys)]]))


def run_pairs(starts: I64, lengths: I64, reach: int) -> tuple[I64, I64, I64]:
    """Places (i, j), i < j, within each run and at most ``reach`` apart, and the index of the run."""
    run = np.repeat(np.arange(len(starts)), lengths)
    place = np.repeat(starts, lengths) + np.arange(len(run)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    last = np.repeat(starts + lengths - 1, lengths)
    after = np.minimum(last - place, reach)
    first = np.repeat(place, after)
    step = np.arange(len(first)) - np.repeat(np.cumsum(after) - after, after)
    return first, first + step + 1, np.repeat(run, after)


def candidates(texts: Sequence[U32]) -> Pairs:
    """Pairs of ``texts`` (folded, breaks where something must not match) that share at least two fingerprints."""
    keys, owners = fingerprints(texts)
    count = len(texts)
    starts, lengths = groups(keys)
    few = (lengths >= 2) & (lengths <= CAP)
    many = lengths > CAP
    first, second, run = run_pairs(starts[few], lengths[few], CAP)
    left, right, weight = owners[first], owners[second], np.log((count + 1) / lengths[few])[run]
    if many.any():
        # Near copies share their smallest fingerprint more often than not, so sorting by it puts them side by side.
        smallest = np.full(count, NONE, np.uint64)
        np.minimum.at(smallest, owners, keys)
        more: list[tuple[I64, I64, npt.NDArray[np.float64]]] = []
        for start, length in zip(starts[many].tolist(), lengths[many].tolist(), strict=True):
            members = owners[start : start + length]
            members = members[np.lexsort((members, smallest[members]))]
            a, b, _ = run_pairs(np.zeros(1, np.int64), np.array([length]), NEIGHBOURS)
            more.append((members[a], members[b], np.full(len(a), np.log((count + 1) / length))))
        left = np.concatenate([left, *(np.minimum(a, b) for a, b, _ in more)])
        right = np.concatenate([right, *(np.maximum(a, b) for a, b, _ in more)])
        weight = np.concatenate([weight, *(w for _, _, w in more)])
    return _best(count_pairs(left, right, weight, count), count)


def count_pairs(left: I64, right: I64, weight: npt.NDArray[np.float64], count: int) -> Pairs:
    """Equal pairs counted, their weights summed."""
    keys, back = np.unique(left * count + right, return_inverse=True)
    shared = np.bincount(back, minlength=len(keys))
    total = np.bincount(back, weight, minlength=len(keys)).astype(np.float64)
    return Pairs(keys // max(count, 1), keys % max(count, 1), shared, total)


def _best(pairs: Pairs, count: int) -> Pairs:
    """Pairs with enough in common that are among the best of at least one of their two texts."""
    enough = pairs.shared >= LEAST
    first, second = pairs.first[enough], pairs.second[enough]
    shared, weight = pairs.shared[enough], pairs.weight[enough]
    keep = np.zeros(len(first), bool)
    for side in (first, second):
        order = np.lexsort((np.arange(len(first)), -weight, side))
        starts, lengths = groups(side[order].astype(np.uint64))
        rank = np.arange(len(order)) - np.repeat(starts, lengths)
        keep[order[rank < MOST]] = True
    return Pairs(first[keep], second[keep], shared[keep], weight[keep])
