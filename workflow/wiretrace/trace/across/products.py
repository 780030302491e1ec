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
U16 = npt.NDArray[np.uint16]
U64 = npt.NDArray[np.uint64]
_FACTOR = np.uint64(0x9E3779B97F4A7C15)


@compiled
def numbered(keys: U64) -> tuple[U64, I64, I32]:
    """The distinct ``keys`` as they first come, how often each stands there, and the number of each entry's key.

    By a table with open addressing, at most half full: a sort of all entries takes several times as long.
    """
    bits = 12
    table = np.full(1 << bits, -1, np.int32)
    found, held = np.empty(1 << (bits - 1), np.uint64), np.zeros(1 << (bits - 1), np.int64)
    numbers = np.empty(len(keys), np.int32)
    size = 0
    for i in range(len(keys)):
        if size == len(found):
            found, held = np.concatenate((found, np.empty_like(found))), np.concatenate((held, np.zeros_like(held)))
            bits += 1
            table = np.full(1 << bits, -1, np.int32)
            for number in range(size):
                at = np.int64((found[number] * _FACTOR) >> np.uint64(64 - bits))
                while table[at] >= 0:
                    at = (at + 1) & (len(table) - 1)
                table[at] = number
        at = np.int64((keys[i] * _FACTOR) >> np.uint64(64 - bits))
        while table[at] >= 0 and found[table[at]] != keys[i]:
            at = (at + 1) & (len(table) - 1)
        if table[at] < 0:
            table[at], found[size] = size, keys[i]
            size += 1
        held[table[at]] += 1
        numbers[i] = table[at]
    return found[:size], held[:size], numbers


@compiled
def weighed(
    texts: I32, places: I32, counts: U16, column: I32, weights: F64, tf: F64, size: int
) -> tuple[F64, I32, I64]:
    """(values, columns, starts of rows) of a matrix of ``size`` texts whose rows have length 1, given its entries in
    order of their texts: the place of each one's key, by which ``column`` tells the key's column or -1, and how often
    it stands there, whose factor is in ``tf``.
    """
    starts = np.zeros(size + 1, np.int64)
    for i in range(len(texts)):
        starts[texts[i] + 1] += column[places[i]] >= 0
    starts = np.cumsum(starts)
    values, columns = np.empty(starts[-1]), np.empty(starts[-1], np.int32)
    at = 0
    for i in range(len(texts)):
        of_key = column[places[i]]
        if of_key >= 0:
            columns[at], values[at] = of_key, weights[of_key] * tf[counts[i] - 1]
            at += 1
    for row in range(size):
        length = 0.0
        for i in range(starts[row], starts[row + 1]):
            length += values[i] * values[i]
        length = np.sqrt(length)
        for i in range(starts[row], starts[row + 1]):
            values[i] /= length
    return values, columns, starts


@compiled
def grouped(owners: I64, keys: U64, size: int) -> tuple[U64, I64]:
    """``keys`` by their owners, numbered from 0, and where those of each of the ``size`` owners end."""
    ends = np.zeros(size + 1, np.int64)
    for owner in owners:
        ends[owner + 1] += 1
    ends = np.cumsum(ends)
    made = np.empty(len(keys), np.uint64)
    for i in range(len(keys)):
        made[ends[owners[i]]] = keys[i]
        ends[owners[i]] += 1
    return made, ends[:-1]


def tallied(owners: I64, keys: U64, size: int) -> tuple[I64, U64, I64]:
    """(text, key, how often), sorted: each text's keys by themselves, which takes half as long as all together."""
    ordered, ends = grouped(owners, keys, size)
    starts = np.concatenate([[0], ends[:-1]])
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        ordered[start:end].sort()
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    first[starts[starts < len(ordered)]] = True
    at = np.flatnonzero(first)
    return np.searchsorted(ends, at, "right"), ordered[at], np.diff(at, append=len(ordered))


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
