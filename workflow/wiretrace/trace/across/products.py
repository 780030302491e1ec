"""Products of texts by anchors: the loops of the search, compiled.

Each product is summed in the order of the keys, so that it is the same whichever text stands on which side and however
many others there are. Memory is a few numbers per text, never one per pair.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from wiretrace.compiled import compiled

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]


@compiled
def insert(ids: I32, scores: F64, found: int, score: float) -> None:
    """Put ``found`` into a list of the best, in place; of equal ones the smaller number stands first."""
    last = len(scores) - 1
    if score < scores[last] or (score == scores[last] and found > ids[last]):
        return
    while last > 0 and (scores[last - 1] < score or (scores[last - 1] == score and ids[last - 1] > found)):
        ids[last], scores[last] = ids[last - 1], scores[last - 1]
        last -= 1
    ids[last], scores[last] = found, score


@compiled
def best(
    starts_a: I32, keys_a: I32, values_a: F64, starts_b: I32, texts_b: I32, values_b: F64, size_b: int, kept: int
) -> tuple[I32, F64, I32, F64]:
    """For each text of a the ``kept`` texts of b with the greatest products, and for each of b those of a.

    a is given by texts (rows of a sparse matrix), b by keys (columns). Lists are filled with -1 and 0.
    """
    size_a = len(starts_a) - 1
    ids_a, scores_a = np.full((size_a, kept), -1, np.int32), np.zeros((size_a, kept))
    ids_b, scores_b = np.full((size_b, kept), -1, np.int32), np.zeros((size_b, kept))
    product = np.zeros(size_b)
    touched = np.empty(size_b, np.int32)
    for a in range(size_a):
        count = 0
        for i in range(starts_a[a], starts_a[a + 1]):
            key, value = keys_a[i], values_a[i]
            for j in range(starts_b[key], starts_b[key + 1]):
                b = texts_b[j]
                if product[b] == 0.0:
                    touched[count] = b
                    count += 1
                product[b] += value * values_b[j]
        for i in range(count):
            b = touched[i]
            score = product[b]
            product[b] = 0.0
            if score >= scores_a[a, kept - 1]:
                insert(ids_a[a], scores_a[a], b, score)
            if score >= scores_b[b, kept - 1]:
                insert(ids_b[b], scores_b[b], a, score)
    return ids_a, scores_a, ids_b, scores_b


@compiled
def cosines(
    starts_a: I32,
    keys_a: I32,
    values_a: F64,
    starts_b: I32,
    keys_b: I32,
    values_b: F64,
    left: I64,
    right: I64,
) -> F64:
    """Products of the pairs (text of a, text of b), both given by texts with their keys in order."""
    made = np.zeros(len(left))
    for n in range(len(left)):
        i, end_i = starts_a[left[n]], starts_a[left[n] + 1]
        j, end_j = starts_b[right[n]], starts_b[right[n] + 1]
        total = 0.0
        while i < end_i and j < end_j:
            if keys_a[i] < keys_b[j]:
                i += 1
            elif keys_a[i] > keys_b[j]:
                j += 1
            else:
                total += values_a[i] * values_b[j]
                i += 1
                j += 1
        made[n] = total
    return made
