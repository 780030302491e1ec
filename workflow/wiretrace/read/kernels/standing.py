"""Kernels: how each block of a page stands on it: size, links, the box that holds most prose, the headline."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wiretrace.compiled import compiled
from wiretrace.read.kernels import prose

Whole = NDArray[np.int64]
Flags = NDArray[np.uint8]
BREAK, PART, HEADING = (np.uint8(1 << bit) for bit in range(3))  # an element that breaks a line, is part of a text
CODES = 16  # rows of codes: the first of block_table.FIRST, in its order
SIZES = (10, 25, 50, 100, 200, 400)  # weights of text between the sizes of a block
LINKED = (0.01, 0.25, 0.6, 0.95)  # shares of linked characters
SHARES = (0.001, 0.05, 0.2, 0.6, 0.999)  # shares of the largest box's prose
DIGITS = (0.01, 0.1, 0.3)
AWAY = (1, 2, 4, 8, 16)  # blocks ahead of the first long one or behind the last
UNDER = (5, 15, 40)  # blocks below the headline
MANY = (1, 3, 6, 12)  # long blocks
# Weight from which little linked text counts for its box, and from which it marks where the text begins and ends.
PROSE, LONG = 50, 80


@compiled
def place(value: float, borders: tuple[float, ...]) -> int:
    """How many of ``borders``, which ascend, are not above ``value``."""
    found = 0
    for border in borders:
        found += border <= value
    return found


@compiled
def codes(
    counts: Whole, lengths: Whole, linked: Whole, own: Whole, parents: Whole, kinds: Flags, headed: int
) -> tuple[Whole, Whole]:
    """Codes of each block, a row for each feature; and the numbers of its box and of the two around it.

    ``counts`` as ``prose`` gives them; ``linked``: characters in links; ``own``: the number of each block's element;
    ``kinds``: bits of what each element is; ``headed``: the block that is the headline, or -1.
    """
    size = len(own)
    found, boxes = np.empty((CODES, size), np.int64), np.empty((3, size), np.int64)
    mass = np.zeros(len(parents), np.int64)  # twice the prose of each box, half of it for the box around
    for at in range(size):
        box = parents[own[at]] if kinds[own[at]] & BREAK else own[at]
        box = parents[box] if kinds[box] & PART else box
        boxes[0, at], boxes[1, at], boxes[2, at] = box, parents[box], parents[parents[box]]
        if linked[at] * 3 < lengths[at] and counts[prose.WEIGHT, at] >= PROSE:
            mass[box] += 2 * counts[prose.WEIGHT, at]
            mass[parents[box]] += counts[prose.WEIGHT, at]
    begin, end = within(parents, boxes, mass)
    first, last, many = size, -1, 0
    for at in range(size):
        plain = linked[at] * 3 < lengths[at] and counts[prose.WEIGHT, at] >= LONG
        if plain and begin <= own[at] < end:
            first, last, many = min(first, at), at, many + 1
    most, long = max(mass.max(), 1), place(many, MANY)
    for at in range(size):
        heavy, links = place(counts[prose.WEIGHT, at], SIZES), place(linked[at] / lengths[at], LINKED)
        parent, grand = place(mass[boxes[0, at]] / most, SHARES), place(mass[boxes[1, at]] / most, SHARES)
        inside = 1 if begin <= own[at] < end else 0
        found[0, at] = heavy * 5 + links
        found[1, at] = parent
        found[2, at] = parent * 7 + heavy
        found[3, at] = inside * 7 + heavy
        found[4, at] = inside * 5 + links
        found[5, at] = inside if kinds[own[at]] & HEADING else -1
        found[6, at] = min(counts[prose.STOPS, at], 3)
        found[7, at] = min(counts[prose.COMMAS, at], 2)
        found[8, at] = heavy if counts[prose.ENDS, at] else -1
        found[9, at] = place(counts[prose.FIGURES, at] / min(lengths[at], prose.HEAD), DIGITS)
        found[10, at] = grand
        found[11, at] = beside(at, headed)
        found[12, at] = long * 7 + heavy
        found[13, at] = place(first - at, AWAY) * 2 + inside if many and at < first else -1
        found[14, at] = place(at - last, AWAY) * 2 + inside if many and at > last else -1
        found[15, at] = inside * 7 + heavy if many and first <= at <= last else -1
    return found, boxes


@compiled
def beside(at: int, headed: int) -> int:
    """Where a block stands beside the headline: 0 where there is none, above it, it, below it and how far."""
    if headed < 0:
        return 0
    return 1 if at < headed else 2 if at == headed else 3 + place(at - headed, UNDER)


@compiled
def within(parents: Whole, boxes: Whole, mass: Whole) -> tuple[int, int]:
    """The elements, from and to, of the box with most prose, the innermost first; none where no box has any.

    What stands in it follows it up to the first element whose parent came before it.
    """
    box = -1
    for row in range(2):
        for one in boxes[row]:
            if mass[one] and (box < 0 or mass[one] > mass[box]):
                box = one
    if box < 0:
        return 0, 0
    end = box + 1
    while end < len(parents) and parents[end] >= box:
        end += 1
    return box, end
