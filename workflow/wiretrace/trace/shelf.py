"""Words kept on disk: texts are put away once and read back when they are asked for, so that a corpus is never held."""

from __future__ import annotations

import os
import tempfile
import weakref
from array import array
from functools import lru_cache
from pathlib import Path

from wiretrace.trace.fold import I32, U32, cover, fold

HELD = 2048  # folded texts at hand, of those asked for last


class Same:
    """Gives of equal texts one, the first: most columns repeat a few."""

    def __init__(self) -> None:
        self._met: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        return self._met.setdefault(text, text)


class Shelf:
    """Texts by number, in the order in which they were put.

    Args:
        folder: where the file is made that holds them; it has no name and goes with the process. None: where the
            system makes such files.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed with the shelf
        weakref.finalize(self, self._file.close)
        self._ends = array("q", [0])
        self.folded = lru_cache(HELD)(self._folded)

    def put(self, text: str) -> int:
        """Keep ``text``; gives its number."""
        data = text.encode("utf-8", "surrogatepass")
        left = memoryview(data)
        while left:  # a file without a buffer may take a part at a time
            left = left[self._file.write(left) :]
        self._ends.append(self._ends[-1] + len(data))
        return len(self._ends) - 2

    def get(self, number: int) -> str:
        """The text ``number``."""
        begin, end = self._ends[number : number + 2]
        return os.pread(self._file.fileno(), end - begin, begin).decode("utf-8", "surrogatepass")

    def _folded(self, number: int, masked: tuple[tuple[int, int], ...]) -> tuple[U32, I32]:
        """The text folded (see :func:`wiretrace.trace.fold.fold`), 0 where it lies in ``masked``."""
        codes, places = fold(self.get(number))
        if masked:
            codes[cover(masked, places)] = 0
        return codes, places
