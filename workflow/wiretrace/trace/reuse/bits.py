"""Numbers in whole bits: how a folded character, a print and a pair of texts are written.

A text is an array of 32-bit codes: the folded character in 18 bits (0: a break that equals nothing), whether it is of
a script written in short units, whether it stands within quotation marks, and in 12 bits how many characters of the
original lie between it and the code before it (0 within a text: another part of the same character, ㍿ is 株式会社).
A print is the hash of a gram in 40 bits above its place in 24. All is in whole numbers, so that every machine gives
the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Whole = Any  # a Python or a numpy integer, one to numba

CODE = np.uint32(0x3FFFF)
DENSE = np.uint32(1 << 18)
QUOTED = np.uint32(1 << 19)
STEP = np.uint32(20)
FURTHEST = 4095  # characters of the original that one code can skip
PLACE = 24  # bits of a place in a print, of the number of a text in a key
PLACES = np.uint64((1 << PLACE) - 1)
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)
