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
BLOCK = 256  # keys looked up together


@compiled
def numbered(keys: U64) -> tuple[U64, I64, I32]:
    """The distinct ``keys`` (none is 0) as they first come, how often each stands there, and the number of each entry's
    key.

    By a table with open addressing, at most a quarter full: a sort of all entries takes several times as long. Entries
    are looked up by blocks, where one need not wait for the memory that the one before it asked for; those whose first
    place in the table holds another key, or nothing yet, come afterwards.
    """
    bits, size = 12, 0
    table, named = np.zeros(1 << bits, np.uint64), np.empty(1 << bits, np.int32)
    found = np.empty(1 << (bits - 2), np.uint64)
    numbers, later = np.empty(len(keys), np.int32), np.empty(BLOCK, np.int64)
    for begin in range(0, len(keys), BLOCK):
        if size + BLOCK > len(found):
            found = np.concatenate((found, np.empty(3 * len(found), np.uint64)))
            bits += 2
            table, named = np.zeros(1 << bits, np.uint64), np.empty(1 << bits, np.int32)
            for number in range(size):
                at = _place(table, found[number], bits)
                table[at], named[at] = found[number], number
        left = 0
        for i in range(begin, min(begin + BLOCK, len(keys))):
            first = np.int64((keys[i] * _FACTOR) >> np.uint64(64 - bits))
            numbers[i], later[left] = named[first], i
            left += table[first] != keys[i]
        for entry in later[:left]:
            at = _place(table, keys[entry], bits)
            if not table[at]:
                table[at], named[at], found[size] = keys[entry], size, keys[entry]
                size += 1
            numbers[entry] = named[at]
    held = np.zeros(size, np.int64)
    for of_entry in numbers:
        held[of_entry] += 1
    return found[:size], held, numbers


@compiled
def _place(table: U64, key: np.uint64, bits: int) -> np.int64:
    """Where ``key`` stands in the table, or would stand."""
    at = np.int64((key * _FACTOR) >> np.uint64(64 - bits))
    while table[at] and table[at] != key:
        at = (at + 1) & (len(table) - 1)
    return at


@compiled
def renumber(numbers: I32, place: I32) -> None:
    """Each of ``numbers`` by its ``place``, in place."""
    for i in range(len(numbers)):
        numbers[i] = place[numbers[i]]


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
def grouped(owners: I32, keys: U64, size: int) -> tuple[U64, I64]:
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


@compiled
def _runs(ordered: U64, ends: I64, first: int) -> tuple[I32, U64, U16]:
    """(text, key, how often, 65,535 at most) of sorted keys, those of each text up to its end; ``first`` is the number
    of the first text.
    """
    texts, keys = np.empty(len(ordered), np.int32), np.empty(len(ordered), np.uint64)
    counts = np.empty(len(ordered), np.uint16)
    size = begin = 0
    for text in range(len(ends)):
        while begin < ends[text]:
            end = begin + 1
            while end < ends[text] and ordered[end] == ordered[begin]:
                end += 1
            texts[size], keys[size], counts[size] = first + text, ordered[begin], min(end - begin, 65535)
            size, begin = size + 1, end
    return texts[:size].copy(), keys[:size].copy(), counts[:size].copy()


def tallied(owners: I32, keys: U64, size: int, first: int) -> tuple[I32, U64, U16]:
    """(text, key, how often, 65,535 at most) of ``size`` texts, sorted; their ``owners`` are numbered from 0, what is
    given from ``first``. Each text's keys are sorted by themselves, which takes half as long as all together.
    """
    ordered, ends = grouped(owners, keys, size)
    start = 0
    for end in ends.tolist():
        ordered[start:end].sort()
        start = end
    made: tuple[I32, U64, U16] = _runs(ordered, ends, first)
    return made


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
    least_b = np.zeros(size_b)  # the last of each one's scores
    product = np.zeros(size_b)
    touched = np.empty(size_b + 1, np.uint32)
    for a in range(size_a):
        count = 0
        for i in range(starts_a[a], starts_a[a + 1]):
            begin, end = starts_b[keys_a[i]], starts_b[keys_a[i] + 1]
            texts, values = texts_b[begin:end], values_b[begin:end]
            for j in range(len(texts)):
                # Places that cannot be negative, and no branch that is taken every other time: both cost much here.
                b = np.uint32(texts[j])
                before = product[b]
                product[b] = before + values_a[i] * values[j]
                touched[np.uint32(count)] = b
                count += before == 0.0
        least_a = 0.0
        for b in touched[:count]:
            score = product[b]
            product[b] = 0.0
            if score >= least_a:
                insert(ids_a[a], scores_a[a], b, score)
                least_a = scores_a[a, kept - 1]
            if score >= least_b[b]:
                insert(ids_b[b], scores_b[b], a, score)
                least_b[b] = scores_b[b, kept - 1]
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
    size: int,
) -> F64:
    """Products of the pairs (text of a, text of b), both given by texts with their keys in order, of which there are
    ``size``; quickest where the pairs of each text of a stand together.
    """
    made = np.zeros(len(left))
    row, before = np.zeros(size), -1  # the values of the text of a at hand; nothing is added for a key that it lacks
    for n in range(len(left)):
        if left[n] != before:
            if before >= 0:
                for i in range(starts_a[before], starts_a[before + 1]):
                    row[keys_a[i]] = 0.0
            before = left[n]
            for i in range(starts_a[before], starts_a[before + 1]):
                row[keys_a[i]] = values_a[i]
        begin, end = starts_b[right[n]], starts_b[right[n] + 1]
        keys, values, total = keys_b[begin:end], values_b[begin:end], 0.0
        for j in range(len(keys)):
            total += row[np.uint32(keys[j])] * values[j]
        made[n] = total
    return made
