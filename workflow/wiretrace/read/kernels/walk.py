"""Kernels: one walk along the elements of a page, by the numbers of their parents."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wiretrace.compiled import compiled

Whole = NDArray[np.int64]
Flags = NDArray[np.uint8]
BLOCK, LINK, SPOKEN, HIDDEN = (1 << bit for bit in range(4))  # what an element is
TEXT, TAIL, SAID = range(3)  # a piece: the text in front of an element's children, behind it, what it says by itself
FRAME, FRAMED = 1, 2  # an element that frames a page, one that is framed


@compiled
def pieces(parents: Whole, kinds: Flags, dark: Flags) -> tuple[Whole, Whole, Flags, Whole, Whole]:
    """The visible pieces of a page's text in order, and the runs of them that stand together.

    ``kinds``: bits of what each element is; ``dark``: which elements their attributes hide. Of each piece its element,
    which piece of it and whether it stands in a link; of each run, which may be empty, where its pieces end and the
    innermost block around it.
    """
    size = len(parents)
    hidden = dark.copy()
    hidden[0] = 0  # the root is shown whatever it says
    elements, ways, linked = np.empty(3 * size, np.int64), np.empty(3 * size, np.int64), np.empty(3 * size, np.uint8)
    ends, boxes = np.empty(2 * size + 1, np.int64), np.empty(2 * size + 1, np.int64)
    opened, blocks = np.zeros(size + 1, np.int64), np.zeros(size + 1, np.int64)
    top = block = links = made = runs = 0
    for number in range(size + 1):
        parent = parents[number] if number < size else 0
        if number < size and hidden[parent]:
            hidden[number] = 1
            continue
        while opened[top] != parent:
            closing = opened[top]
            if kinds[closing] & BLOCK:
                ends[runs], boxes[runs] = made, blocks[block]
                runs += 1
                block -= 1
            elif kinds[closing] & LINK:
                links -= 1
            top -= 1
            elements[made], ways[made], linked[made] = closing, TAIL, links > 0
            made += 1
        if number == size:
            break
        if number and kinds[number] & HIDDEN:
            hidden[number] = 1
        shown = not hidden[number]
        if shown and number:
            top += 1
            opened[top] = number
            if kinds[number] & BLOCK:
                ends[runs], boxes[runs] = made, blocks[block]
                runs += 1
                block += 1
                blocks[block] = number
            elif kinds[number] & LINK:
                links += 1
            elif kinds[number] & SPOKEN:
                elements[made], ways[made], linked[made] = number, SAID, 0
                made += 1
        elements[made], ways[made], linked[made] = number, TEXT if shown else TAIL, links > 0
        made += 1
    ends[runs], boxes[runs] = made, 0
    return elements[:made], ways[:made], linked[:made], ends[: runs + 1], boxes[: runs + 1]


@compiled
def gathered(parents: Whole, bits: Whole) -> Whole:
    """For each element its own ``bits`` and those of all around it."""
    found = bits.copy()
    for number in range(1, len(parents)):
        found[number] |= found[parents[number]]
    return found


@compiled
def framed(parents: Whole, kinds: Flags) -> Flags:
    """Which elements stand in a page's frame: in one that is ``FRAME``, with none that is ``FRAMED`` in between."""
    found = np.zeros(len(parents), np.uint8)
    for number in range(len(parents)):
        if kinds[number] != FRAMED:
            found[number] = kinds[number] == FRAME or (number > 0 and found[parents[number]] != 0)
    return found
