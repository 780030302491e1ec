"""Numbers in whole bits: how a folded character, a print and a pair of texts are written; what compiles the kernels.

A text is an array of 32-bit codes: the folded character in 18 bits (0: a break that equals nothing), whether it is of
a script written in short units, whether it stands within quotation marks, and in 12 bits how many characters of the
original lie between it and the code before it (0 within a text: another part of the same character, ㍿ is 株式会社).
A print is the hash of a gram in 40 bits above its place in 24. All is in whole numbers, so that every machine gives
the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

Function = TypeVar("Function", bound=Callable[..., Any])
U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
NUMBA: Any = numba.config
Whole = Any  # a Python or a numpy integer, one to numba

CODE = np.uint32(0x3FFFF)
DENSE = np.uint32(1 << 18)
QUOTED = np.uint32(1 << 19)
STEP = np.uint32(20)
FURTHEST = 4095  # characters of the original that one code can skip
PLACE = 24  # bits of a place in a print, of the number of a text in a key
PLACES = np.uint64((1 << PLACE) - 1)
NONE = np.uint64(0xFFFFFFFFFFFFFFFF)


def _compiled_folder() -> str:
    """Where compiled kernels are kept: a folder named by the sources of this package."""
    here = Path(__file__).parent
    sources = hashlib.sha256()
    for path in sorted(here.glob("*.py")):
        sources.update(path.read_bytes())
    return str(Path(NUMBA.CACHE_DIR or here / "__pycache__") / f"kernels-{sources.hexdigest()[:16]}")


FOLDER = _compiled_folder()


def compiled(function: Function) -> Function:
    """``function`` compiled; kept for the next process where there is a folder to keep it in."""
    # numba asks a kernel's own file alone whether what it compiled before still holds, but a number or a kernel of
    # another file is compiled into it: a folder for each state of all files never gives back what is out of date.
    before, NUMBA.CACHE_DIR = NUMBA.CACHE_DIR, FOLDER
    try:
        return cast(Function, numba.njit(cache=True)(function))
    except RuntimeError:
        return cast(Function, numba.njit(function))
    finally:
        NUMBA.CACHE_DIR = before
