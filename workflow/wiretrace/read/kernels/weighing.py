"""Kernels: the weights of a page's blocks summed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wiretrace.compiled import compiled

Whole = NDArray[np.int64]


@compiled
def add(codes: Whole, rows: Whole, bits: Whole, regions: Whole, found: Whole) -> None:
    """Add to each block's sum in ``found`` the weights of its ``codes`` and of the regions that its ``bits`` name.

    ``codes``: one row for each of ``rows``, of each block the place of its weight there; below 0 it shows none of the
    row's features. ``bits``: one row for each of ``regions``.
    """
    for row in range(len(rows)):
        for block in range(len(found)):
            if codes[row, block] >= 0:
                found[block] += rows[row, codes[row, block]]
    for row in range(len(regions)):
        for block in range(len(found)):
            for bit in range(regions.shape[1]):
                if bits[row, block] >> bit & 1:
                    found[block] += regions[row, bit]
