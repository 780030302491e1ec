"""Kernels: what first scores say of each block's neighbours and of the groups that it stands in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wiretrace.compiled import compiled

Whole = NDArray[np.int64]
GROUPS = 5  # boxes of a block, from within outwards, then its element and what it looks like
CODES = 17  # rows of ``codes``: those of block_table.SECOND, in its order
ALONE = 10  # the company of a block whose group has no other
FOUR, FURTHEST = 4, 6  # neighbours of which the best counts, and blocks beyond a sure one that are told apart
BELOW, MID, ABOVE = range(3)


@compiled
def codes(first: Whole, heavy: Whole, groups: Whole, classes: Whole, chance: Whole, sure: int) -> Whole:
    """Codes of each block, a row for each feature; ``groups``: a row for each of ``GROUPS``, numbers from 0.

    ``first``: scores; ``classes``: where one class of them ends and the next begins; ``chance``: what each class means;
    ``heavy``: how much a block counts for its company; ``sure``: from which score one marks the article's ends.
    """
    size, none = len(first), len(classes) + 1
    found = np.empty((CODES, size), np.int64)
    me, worth = np.searchsorted(classes, first, side="right"), np.empty(size, np.int64)
    start, end, whole = size, -1, 0
    for at in range(size):
        worth[at] = chance[me[at]] * heavy[at]
        whole += worth[at]
        if first[at] > sure:
            start, end = min(start, at), at
    company = np.empty((GROUPS, size), np.int64)
    for group in range(GROUPS):
        fill(groups[group], worth, heavy, company[group])
    passed = 0
    for at in range(size):
        before, after = neighbour(me, at - 1, none), neighbour(me, at + 1, none)
        up, down = best(me, at - FOUR, at, none), best(me, at + 1, at + 1 + FOUR, none)
        side = ABOVE if at < start else BELOW if at > end else MID
        away = at - end if at > end else start - at if at < start else 0
        found[0, at] = me[at]
        found[1, at] = me[at] * (none + 1) + before
        found[2, at] = me[at] * (none + 1) + after
        found[3, at] = before * (none + 1) + after
        found[4, at] = neighbour(me, at - 2, none)
        found[5, at] = neighbour(me, at + 2, none)
        found[6, at] = up * (none + 1) + down
        found[7, at] = company[0, at]
        found[8, at] = company[0, at] * none + me[at]
        found[9, at] = company[1, at]
        found[10, at] = company[2, at]
        found[11, at] = company[4, at]
        found[12, at] = company[4, at] * none + me[at]
        found[13, at] = company[3, at]
        found[14, at] = side * none + me[at]
        found[15, at] = side * (FURTHEST + 1) + min(away, FURTHEST)
        found[16, at] = 4 * passed // max(1, whole)
        passed += worth[at]
    return found


@compiled
def neighbour(me: Whole, at: int, none: int) -> int:
    """The class of the block ``at``; ``none`` where there is none."""
    return int(me[at]) if 0 <= at < len(me) else none


@compiled
def best(me: Whole, begin: int, end: int, none: int) -> int:
    """The best class of the blocks from ``begin`` to ``end``; ``none`` where there are none."""
    found = -1
    for at in range(max(begin, 0), min(end, len(me))):
        found = max(found, me[at])
    return found if found >= 0 else none


@compiled
def fill(group: Whole, worth: Whole, heavy: Whole, found: Whole) -> None:
    """The tenth, 0 to 9, of the other text of each block's group that the first pass takes; ``ALONE`` where none is."""
    most = 0
    for at in range(len(group)):
        most = max(most, group[at])
    held = np.zeros((3, most + 1), np.int64)
    for at in range(len(group)):
        held[0, group[at]] += worth[at]
        held[1, group[at]] += heavy[at]
        held[2, group[at]] += 1
    for at in range(len(group)):
        others = held[1, group[at]] - heavy[at]
        taken = (held[0, group[at]] - worth[at]) // max(10 * others, 1)
        found[at] = ALONE if held[2, group[at]] == 1 else min(taken, 9)
