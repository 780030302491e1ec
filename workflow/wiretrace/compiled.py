"""Compile the inner loops, and keep what was compiled for the next process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])
NUMBA: Any = numba.config


@cache
def _folder(package: Path) -> str:
    """Where the kernels of ``package`` are kept: a folder named by its sources."""
    sources = hashlib.sha256()
    for path in sorted(package.glob("*.py")):
        sources.update(path.read_bytes())
    return str(Path(NUMBA.CACHE_DIR or package / "__pycache__") / f"kernels-{sources.hexdigest()[:16]}")


def compiled(function: Function) -> Function:
    """``function`` compiled; kept for the next process where there is a folder to keep it in.

    A kernel may call kernels of its own package only.
    """
    # numba asks a kernel's own file alone whether what it compiled before still holds, but a number or a kernel of
    # another file is compiled into it: a folder for each state of all files never gives back what is out of date.
    folder = _folder(Path(function.__code__.co_filename).parent)
    before, NUMBA.CACHE_DIR = NUMBA.CACHE_DIR, folder
    try:
        return cast(Function, numba.njit(cache=True)(function))
    except RuntimeError:
        return cast(Function, numba.njit(function))
    finally:
        NUMBA.CACHE_DIR = before
