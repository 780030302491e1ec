"""Kernels: an inverted index of prints, and the best candidates from it."""

from __future__ import annotations

import numpy as np

from wiretrace.compiled import compiled
from wiretrace.trace.reuse.bits import I64, PLACE, PLACES, U32, U64, Whole

# 2 ** 64 over the golden ratio, odd.
MIX = np.uint64(0x9E3779B97F4A7C15)
DIGIT = 10  # bits of a hash sorted at a time; four make the whole


@compiled
def text_keys(prints: U64, starts: I64, low: int, high: int) -> U64:
    """(hash, number of the text) of the prints whose mixed hash is from ``low`` to below ``high``.

    Winnowing keeps the smallest hashes; mixed (Knuth's multiplicative method) they spread evenly over ranges.
    """
    out = np.empty(len(prints), np.uint64)
    n = 0
    for text in range(len(starts) - 1):
        for i in range(starts[text], starts[text + 1]):
            h = prints[i] >> np.uint64(PLACE)
            out[n] = (h << np.uint64(PLACE)) | np.uint64(text)
            n += np.uint64(low) <= (h * MIX) >> np.uint64(PLACE) < np.uint64(high)
    return out[:n].copy()


@compiled
def sort_keys(keys: U64) -> U64:
    """Keys that stand in order of their texts, in order of their hashes, then texts, each once; ``keys`` are lost.

    A stable radix sort over the hash, least digit first, two to four times as fast as one by comparison.
    """
    spare = np.empty_like(keys)
    for shift in range(PLACE, 64, DIGIT):
        counts = np.zeros((1 << DIGIT) + 1, np.int64)
        low, mask = np.uint64(shift), np.uint64((1 << DIGIT) - 1)
        for i in range(len(keys)):
            counts[((keys[i] >> low) & mask) + np.uint64(1)] += 1
        for digit in range(1 << DIGIT):
            counts[digit + 1] += counts[digit]
        for i in range(len(keys)):
            own = (keys[i] >> low) & mask
            spare[np.uint64(counts[own])] = keys[i]
            counts[own] += 1
        keys, spare = spare, keys
    n = 0
    for i in range(len(keys)):
        keys[n] = keys[i]
        n += i + 1 == len(keys) or keys[i] != keys[i + 1]
    return keys[:n]


@compiled
def groups(keys: U64) -> I64:
    """Where each run of one hash begins in sorted ``keys``, and the end of the last."""
    n = 0
    for i in range(len(keys)):
        if not i or keys[i] >> np.uint64(PLACE) != keys[i - 1] >> np.uint64(PLACE):
            n += 1
    out = np.empty(n + 1, np.int64)
    n = 0
    for i in range(len(keys)):
        if not i or keys[i] >> np.uint64(PLACE) != keys[i - 1] >> np.uint64(PLACE):
            out[n] = i
            n += 1
    out[n] = len(keys)
    return out


@compiled
def by_text(keys: U64, begins: I64, count: int) -> tuple[U64, I64]:
    """The runs of ``keys`` that each text takes part in with others, text after text, and where each text's begin.

    A run is where it begins (40 bits) and how many keys it has (24).
    """
    starts = np.zeros(count + 1, np.int64)
    for run in range(len(begins) - 1):
        if begins[run + 1] - begins[run] > 1:
            for i in range(begins[run], begins[run + 1]):
                starts[np.int64(keys[i] & PLACES) + 1] += 1
    for text in range(count):
        starts[text + 1] += starts[text]
    runs = np.empty(starts[count], np.uint64)
    filled = starts.copy()
    for run in range(len(begins) - 1):
        size = begins[run + 1] - begins[run]
        if size > 1:
            own = (np.uint64(begins[run]) << np.uint64(PLACE)) | np.uint64(size)
            for i in range(begins[run], begins[run + 1]):
                member = np.int64(keys[i] & PLACES)
                runs[filled[member]] = own
                filled[member] += 1
    return runs, starts


@compiled
def join(keys: U64, runs: U64, starts: I64, weights: U64, cap: int, near: int, rank: I64) -> U64:
    """For each text the texts that share a hash with it: text (24 bits), other text (24), weight (16), by text.

    A hash of more than ``cap`` texts joins each only with the ``near`` before and after it in ``rank``. What one text
    has of another is what that has of it: each pair is counted once and written for both.
    """
    count = len(starts) - 1
    total = np.zeros(count, np.uint32)
    touched = np.empty(count + 1, np.uint32)
    out = np.empty(len(keys) + 64, np.uint64)
    ends = np.zeros(count + 1, np.int64)
    members = np.empty(len(keys), np.uint32)  # half as large, so that more of it is at hand
    for i in range(len(keys)):
        members[i] = keys[i] & PLACES
    n = 0
    for text in range(count):
        found = 0
        for r in range(starts[text], starts[text + 1]):
            begin: Whole = np.int64(runs[r] >> np.uint64(PLACE))
            end: Whole = begin + np.int64(runs[r] & PLACES)
            weight = np.uint32(weights[min(end - begin, len(weights) - 1)])
            if end - begin > cap:
                # Members stand in order of rank here (see sort_large); their neighbours are those beside them.
                low, high = begin, end
                while low < high:
                    middle = (low + high) // 2
                    if rank[np.int64(members[middle])] < rank[text]:
                        low = middle + 1
                    else:
                        high = middle
                begin, end = max(begin, low - near), min(end, low + near + 1)
                for i in range(begin, end):
                    other = members[i]
                    if other > text:
                        touched[np.uint64(found)] = other
                        found += total[other] == 0
                        total[other] += weight
            else:
                end -= 1
                # Places that cannot be negative, which numba would look at each time.
                while members[np.uint64(end)] > text:
                    other = members[np.uint64(end)]
                    touched[np.uint64(found)] = other
                    found += total[other] == 0
                    total[other] += weight
                    end -= 1
        if n + found > len(out):
            more = np.empty(2 * len(out) + found, np.uint64)
            more[:n] = out[:n]
            out = more
        for t in range(found):
            other = touched[t]
            weight = min(total[other], np.uint32(0xFFFF))
            out[n] = (np.uint64(text) << np.uint64(40)) | (np.uint64(other) << np.uint64(16)) | np.uint64(weight)
            n += 1
            total[other] = 0
            ends[other] += 1
        ends[text] += found
    return _both_ways(out[:n], ends)


@compiled
def _both_ways(rows: U64, counts: I64) -> U64:
    """Each row and its mirror image, by text; ``counts`` tells how many each text has, and is lost."""
    at = 0
    for text in range(len(counts)):
        at, counts[text] = at + counts[text], at
    out = np.empty(2 * len(rows), np.uint64)
    for row in rows:
        text, other, weight = row >> np.uint64(40), (row >> np.uint64(16)) & PLACES, row & np.uint64(0xFFFF)
        out[counts[np.int64(text)]] = row
        out[counts[np.int64(other)]] = (other << np.uint64(40)) | (text << np.uint64(16)) | weight
        counts[np.int64(text)] += 1
        counts[np.int64(other)] += 1
    return out


@compiled
def sort_large(keys: U64, begins: I64, cap: int, rank: I64, by_rank: I64) -> None:
    """Put the texts of each hash of more than ``cap`` texts in order of ``rank``, in place."""
    for run in range(len(begins) - 1):
        begin, end = begins[run], begins[run + 1]
        if end - begin > cap:
            members = np.empty(end - begin, np.int64)
            for i in range(begin, end):
                members[i - begin] = rank[np.int64(keys[i] & PLACES)]
            members.sort()
            top = keys[begin] & ~PLACES
            for i in range(begin, end):
                keys[i] = top | np.uint64(by_rank[members[i - begin]])


@compiled
def choose(rows: U64, parts: I64, first: int, last: int, order: U64, least: int, best: int, most: int) -> U64:
    """The best candidates of the texts from ``first`` to below ``last``, as (text, other).

    ``rows`` are those of :func:`join`, part after part; ``parts`` where each part begins, and the end. Kept are the
    ``best`` that weigh most, and of the ``most`` those that weigh at least half as much as the first.
    """
    count = len(order)
    total = np.zeros(count, np.uint32)
    touched = np.empty(count, np.int64)
    cursor = parts[:-1].copy()
    out = np.empty((last - first) * best + 64, np.uint64)
    n = 0
    for text in range(first, last):
        found = 0
        for part in range(len(cursor)):
            while cursor[part] < parts[part + 1] and rows[cursor[part]] >> np.uint64(40) == np.uint64(text):
                row = rows[cursor[part]]
                other = np.int64((row >> np.uint64(16)) & PLACES)
                if not total[other]:
                    touched[found] = other
                    found += 1
                total[other] += np.uint32(row & np.uint64(0xFFFF))
                cursor[part] += 1
        good = 0
        for t in range(found):
            if min(total[touched[t]], 0xFFFF) >= least:
                touched[t], touched[good] = touched[good], touched[t]
                good += 1
        n = _best(text, touched, good, total, order, best, most, out, n)
        if n + most + best > len(out):
            more = np.empty(2 * len(out) + most + best, np.uint64)
            more[:n] = out[:n]
            out = more
        for t in range(found):
            total[touched[t]] = 0
    return out[:n].copy()


@compiled
def _best(text: int, touched: I64, good: int, total: U32, order: U64, best: int, most: int, out: U64, n: int) -> int:
    """Write the best of the ``good`` first ``touched`` to ``out``: heaviest first, ties by ``order``."""
    keys = np.empty(good, np.uint64)
    heaviest = 0
    for t in range(good):
        weight = min(total[touched[t]], 0xFFFF)
        heaviest = max(heaviest, weight)
        # Weight, then the order's first 48 bits; texts that agree in these are one in 2 ** 48.
        keys[t] = (np.uint64(0xFFFF - weight) << np.uint64(48)) | (order[touched[t]] >> np.uint64(16))
    limit = np.uint64(0xFFFFFFFFFFFFFFFF)
    if good > best:
        ranked = keys.copy()
        ranked.sort()
        kept = best
        while kept < min(good, most) and 2 * (0xFFFF - np.int64(ranked[kept] >> np.uint64(48))) >= heaviest:
            kept += 1
        limit = ranked[kept - 1]
    for t in range(good):
        if keys[t] <= limit:
            out[n] = (np.uint64(text) << np.uint64(PLACE)) | np.uint64(touched[t])
            n += 1
    return n
