"""Anchors that two texts share, chained: the loops, compiled.

A point is one anchor at one place in each text. A chain runs forward in both and pays for what lies between its
points: in a translation the next anchor comes about as many sentences on in either text, by chance anywhere. What a
chain pays for one step is bounded, so that what was set in between costs once. Weights are whole numbers (1/256
nat), so that no sum depends on its order.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from wiretrace.compiled import compiled

I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]

UNIT = 256  # of a nat, and of a sentence
OCCURRENCES = 4  # places of one anchor that are followed in a text
POINTS = 600  # points that one comparison follows, the heaviest
FREE_DRIFT = UNIT // 2  # sentences that one text may run ahead of the other between two anchors
DRIFT_NATS = 2  # that each sentence more costs
FREE_GAP = UNIT  # sentences without an anchor; then a nat for GAP_SENTENCES of them
GAP_SENTENCES = 5
JUMP = 10 * UNIT  # the most that one step costs
OFTEN = 64  # places of one key in a stretch that are counted
SHUFFLES = 4  # readings in random order, besides the one backwards, that chance is measured by
_FACTOR, _STEP = np.uint64(6364136223846793005), np.uint64(1442695040888963407)


@compiled
def points(keys_a: U64, keys_b: U64, known: U64, weights: I64) -> tuple[I64, I64, I64, I64]:
    """(place in a, place in b, weight, raw weight) of the points of two texts, given their keys in order.

    ``weights`` are those of the sorted keys ``known``; others make no point. A name that stands often in both texts
    makes many points by chance alone: each weighs less by the mean of its numbers of places.
    """
    most = OCCURRENCES * OCCURRENCES
    size, kept = 0, np.empty((min(len(keys_a), len(keys_b)), 5), np.int64)
    i = j = 0
    total = 0
    while i < len(keys_a) and j < len(keys_b):
        if keys_a[i] < keys_b[j]:
            i += 1
        elif keys_a[i] > keys_b[j]:
            j += 1
        else:
            this = keys_a[i]
            first_a, first_b = i, j
            while i < len(keys_a) and keys_a[i] == this:
                i += 1
            while j < len(keys_b) and keys_b[j] == this:
                j += 1
            at = np.searchsorted(known, this)
            if at < len(known) and known[at] == this:
                count_a, count_b = min(i - first_a, OCCURRENCES), min(j - first_b, OCCURRENCES)
                kept[size] = first_a, count_a, first_b, count_b, weights[at]
                size += 1
                total += min(count_a * count_b, most)
    made = np.empty((4, total), np.int64)
    at = 0
    for n in range(size):
        first_a, count_a, first_b, count_b, weight = kept[n]
        each = int(weight / math.sqrt(count_a * count_b))
        for a in range(first_a, first_a + count_a):
            for b in range(first_b, first_b + count_b):
                made[0, at], made[1, at], made[2, at], made[3, at] = a, b, each, weight
                at += 1
    if total > POINTS:
        made = made[:, np.argsort(-made[2], kind="mergesort")[:POINTS]]
    return made[0], made[1], made[2], made[3]


@compiled
def heaviest(
    starts_a: I64, ends_a: I64, starts_b: I64, ends_b: I64, weights: I64, cell_a: int, cell_b: int
) -> tuple[int, I64]:
    """Weight of the heaviest chain, less what its steps cost, and its points in order; O(n²)."""
    order = np.argsort(starts_a * (np.max(starts_b) + 1) + starts_b, kind="mergesort")
    begin_a, end_a, begin_b, end_b = starts_a[order], ends_a[order], starts_b[order], ends_b[order]
    at_a, at_b = begin_a * UNIT // cell_a, begin_b * UNIT // cell_b
    best, before = weights[order], np.full(len(order), -1, np.int64)
    most = np.empty(len(order), np.int64)  # the best of the points so far
    last = 0
    for i in range(len(order)):
        grown = 0
        for j in range(i - 1, -1, -1):  # from the nearest on: what no earlier point can reach ends the search
            if most[j] < grown:
                break
            if best[j] >= grown and end_a[j] <= begin_a[i] and end_b[j] <= begin_b[i]:
                far_a, far_b = at_a[i] - at_a[j], at_b[i] - at_b[j]
                cost = DRIFT_NATS * max(abs(far_a - far_b) - FREE_DRIFT, 0)
                cost += max(min(far_a, far_b) - FREE_GAP, 0) // GAP_SENTENCES
                reached = best[j] - min(cost, JUMP)
                if reached > grown or (reached == grown and before[i] >= 0):  # of equal ones the first
                    grown, before[i] = reached, j
        best[i] += grown
        most[i] = max(best[i], most[i - 1]) if i else best[i]
        if best[i] > best[last]:
            last = i
    total, taken = best[last], []
    while last >= 0:
        taken.append(order[last])
        last = before[last]
    return total, np.array(taken[::-1])


@compiled
def by_chance(
    starts_a: I64, ends_a: I64, starts_b: I64, ends_b: I64, of_b: I64, weights: I64, cell_a: int, cell_b: int
) -> int:
    """Sum of the heaviest chains of the same points with the second text read backwards, and ``SHUFFLES`` times with
    its anchors (``of_b`` says which is whose) in another order, the same in every run.
    """
    end = np.max(ends_b)
    total, _ = heaviest(starts_a, ends_a, end - ends_b, end - starts_b, weights, cell_a, cell_b)
    distinct = np.unique(of_b)
    place = np.searchsorted(distinct, of_b)
    begins = np.empty(len(distinct), np.int64)
    begins[place] = starts_b
    state = _STEP
    for _ in range(SHUFFLES):
        for i in range(len(begins) - 1, 0, -1):
            state = state * _FACTOR + _STEP
            other = np.int64(state >> np.uint64(33)) % (i + 1)
            begins[i], begins[other] = begins[other], begins[i]
        shuffled = begins[place]
        weight, _ = heaviest(starts_a, ends_a, shuffled, shuffled + ends_b - starts_b, weights, cell_a, cell_b)
        total += weight
    return total


@compiled
def stretch(keys: U64, starts: I64, ends: I64, begin: int, end: int, known: U64, weights: I64) -> tuple[I64, I64]:
    """Of the keys in order those that stand within ``begin`` and ``end``: their numbers among the sorted ``known``, in
    order, and how much each counts there (sublinear TF times weight); others are left out.
    """
    numbers, values = np.empty(len(keys), np.int64), np.empty(len(keys), np.int64)
    size = i = 0
    while i < len(keys):
        this, count = keys[i], 0
        while i < len(keys) and keys[i] == this:
            count += starts[i] >= begin and ends[i] <= end
            i += 1
        if count:
            at = np.searchsorted(known, this)
            if at < len(known) and known[at] == this:
                numbers[size] = at
                values[size] = weights[at] * round((1 + math.log(min(count, OFTEN))) * UNIT)
                size += 1
    return numbers[:size], values[:size]


@compiled
def cosine(numbers_a: I64, values_a: I64, numbers_b: I64, values_b: I64) -> float:
    """Cosine of two stretches."""
    i = j = product = 0
    while i < len(numbers_a) and j < len(numbers_b):
        if numbers_a[i] < numbers_b[j]:
            i += 1
        elif numbers_a[i] > numbers_b[j]:
            j += 1
        else:
            product += values_a[i] * values_b[j]
            i += 1
            j += 1
    both = float(np.sum(values_a * values_a)) * float(np.sum(values_b * values_b))
    return product / math.sqrt(both) if both > 0 else 0.0
