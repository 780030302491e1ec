"""A folder to write a version in, beside those that are done; what dead runs have left there goes first."""

from __future__ import annotations

import fcntl
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = ".lock"
PART = ".part-"
# Seconds for which nothing was written in the folder of another machine's run before it counts as dead.
SILENT = 86_400


@contextmanager
def beside(versions: Path) -> Iterator[Path]:
    """An empty folder in ``versions``, gone when the block ends, unless it was renamed.

    Every run holds ``versions/.lock`` together with all others for as long as it works; the system lets go of it when
    the process ends, however that is. Whoever gets it alone at the start knows that no other run is alive and removes
    what dead ones have left. Where several machines share the folder, the lock may be each machine's own (NFS mounted
    with ``nolock`` or ``local_lock``): the folder of another machine, by its name, goes only once nothing has been
    written in it for a day.
    """
    versions.mkdir(parents=True, exist_ok=True)
    with open(versions / LOCK, "a+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _clear(versions)
        except BlockingIOError:
            pass  # another run is alive; the next one clears
        fcntl.flock(lock, fcntl.LOCK_SH)
        part = Path(tempfile.mkdtemp(prefix=_prefix(), dir=versions))
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _prefix() -> str:
    """How the folders of this machine's runs are called."""
    return f"{PART}{re.sub(r'[^A-Za-z0-9.]+', '.', platform.node())[:100]}-"


def _clear(versions: Path) -> None:
    """Remove the folders of dead runs; none is alive on this machine."""
    own = _prefix()
    for part in versions.glob(f"{PART}*"):
        if part.name.startswith(own) or _silent(part):
            shutil.rmtree(part, ignore_errors=True)


def _silent(part: Path) -> bool:
    """Whether nothing below ``part`` was written for as long as ``SILENT``."""
    written = max(path.lstat().st_mtime for path in [part, *part.rglob("*")])
    return time.time() - written > SILENT
