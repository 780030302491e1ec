"""Compile the inner loops, and keep what was compiled for the next process."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])
NUMBA: Any = numba.config
KEPT = 3  # folders of kernels that stay: those of this state of the sources and of two before it


def keeping(package: Path) -> Path | None:
    """The folder, made here, that keeps the kernels of ``package`` as its sources are now; None where none can be made.

    It is named by the sources and stands beside their bytecode; where that cannot be written, as in an installation
    that is read-only, in the user's own cache; in ``NUMBA_CACHE_DIR`` where that is set. A new one takes the place of
    all but the newest others, so that they do not pile up; a process that still works with one of these compiles anew.
    """
    sources = hashlib.sha256()
    for path in sorted(package.glob("*.py")):
        sources.update(path.read_bytes())
    for place in _places(package):
        folder = place / f"kernels-{sources.hexdigest()[:16]}"
        with suppress(OSError):
            new = not folder.is_dir()
            folder.mkdir(parents=True, exist_ok=True)
            if new:
                _clear(place)
            if os.access(folder, os.W_OK | os.X_OK):
                return folder
    return None


def _places(package: Path) -> list[Path]:
    if NUMBA.CACHE_DIR:
        return [Path(NUMBA.CACHE_DIR) / package.name]
    own = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return [package / "__pycache__", Path(own) / "wiretrace" / package.name]


def _clear(place: Path) -> None:
    """Leave the newest folders of kernels in ``place``."""
    by_age = sorted(place.glob("kernels-*"), key=lambda folder: (folder.stat().st_mtime_ns, folder.name))
    for folder in by_age[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)


_keeping = cache(keeping)


def compiled(function: Function) -> Function:
    """``function`` compiled; kept for the next process where there is a folder to keep it in.

    A kernel may call kernels of its own package only.
    """
    # numba asks a kernel's own file alone whether what it compiled before still holds, but a number or a kernel of
    # another file is compiled into it: a folder for each state of all files never gives back what is out of date.
    # Without such a folder nothing is kept: numba's own choice would be one for all states.
    folder = _keeping(Path(function.__code__.co_filename).parent)
    if folder is None:
        return cast(Function, numba.njit(function))
    before, NUMBA.CACHE_DIR = NUMBA.CACHE_DIR, str(folder)
    try:
        return cast(Function, numba.njit(cache=True)(function))
    finally:
        NUMBA.CACHE_DIR = before
