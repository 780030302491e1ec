"""Kernels: the features of py3langid's model in a text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wiretrace.compiled import compiled

MIXED = np.uint64(0x9E3779B97F4A7C15)  # multiplicative hash (Knuth, volume 3, section 6.4)


@compiled
def counted(
    text: NDArray[np.uint8], moves: NDArray[np.uint32], rows: NDArray[np.int64], ends: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Each feature in ``text`` as it first comes, and how often it is there.

    ``moves``: the next state by a state's row and a byte; ``rows``: where each state's begins; ``ends``: the feature
    that ends in each state, or -1.
    """
    found, counts, made = np.empty(len(text), np.int64), np.empty(len(text), np.float32), 0
    size = 16
    while size < 2 * len(text):
        size *= 2
    mask = np.uint64(size - 1)
    slots = np.full(size, -1, np.int32)
    state = np.uint32(0)
    for byte in text:
        state = moves[rows[state] + byte]
        feature = ends[state]
        if feature < 0:
            continue
        slot = np.uint64(feature) * MIXED >> np.uint64(40) & mask
        while slots[slot] >= 0 and found[slots[slot]] != feature:
            slot = slot + np.uint64(1) & mask
        if slots[slot] < 0:
            slots[slot], found[made], counts[made] = made, feature, 0
            made += 1
        counts[slots[slot]] += 1
    return found[:made], counts[:made]
