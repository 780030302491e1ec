"""Which elements of a page are its header and footer, by their tags, classes and ids."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wiretrace.read.kernels import walk
from wiretrace.read.outline import Outline

# Words in classes and ids of a page's frame.
FRAME = (
    "foot", "copyright", "colophon", "credit", "imprint", "company", "header", "masthead", "topbar", "top-bar",
    "address",
)  # fmt: skip
FRAMES, BODIES = ("footer", "header"), ("article", "main")  # elements of a page's frame, of what it frames
WHOLE = ("html", "body")


def frames_of(outline: Outline) -> NDArray[np.uint8]:
    """Which elements tag, class or id call a header or a footer, and which what these frame.

    Class and id of the whole page say nothing of it.
    """
    # No attribute has a zero in it. Few of the words stand on one page: only these are looked for in each name.
    names = [f"{name}\0{mark}".lower() for _, name, mark in outline.looks]
    every = "\0".join(names)
    framing = {name for word in FRAME if word in every for name in names if word in name}
    kinds = [
        walk.FRAMED if tag in BODIES
        else walk.FRAME if tag in FRAMES or (name in framing and tag not in WHOLE)
        else 0
        for (tag, _, _), name in zip(outline.looks, names, strict=True)
    ]  # fmt: skip
    return np.array(kinds, np.uint8)[outline.looks_of]
