"""One line per stage that a person can follow; silent where no person is watching."""

from __future__ import annotations

import sys
import time


class Progress:
    """Says what a job has done so far, at most every two seconds, on a terminal only."""

    def __init__(self, stage: str, shard: str = "") -> None:
        self.label = f"{stage} {shard}".strip()
        self._said = time.monotonic()

    def say(self, done: str, last: bool = False) -> None:
        """Print ``done``, e.g. "12 of 14 publishers, 230 pages, 3 errors"; ``last`` always prints."""
        now = time.monotonic()
        if sys.stdout.isatty() and (last or now - self._said >= 2):
            self._said = now
            print(f"{self.label}: {done}", flush=True)
