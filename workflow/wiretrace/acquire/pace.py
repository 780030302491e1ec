"""How gently others are asked: requests to a host, a domain, a server apart by a delay, pauses asked for kept.

The jobs of one acquisition run side by side; they share what they know in a folder, so that together they ask nobody
more often than one of them would.
"""

from __future__ import annotations

import fcntl
import hashlib
import math
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

# Seconds of a Crawl-delay and of a Retry-After that are waited for; a longer one ends the questions to that host.
LONGEST_DELAY = 30.0
LONGEST_WAIT = 60.0
# Seconds that a host that answers 429 without naming a time is left alone.
UNNAMED_WAIT = 60.0
PER_ADDRESS = 4
# A turn that is further ahead, in seconds, is one from before the clock was set back.
LONGEST_QUEUE = 6 * 3600.0


class LateError(Exception):
    """The turn would come after the time that there is."""


class StoppedError(Exception):
    """Another thread of the job failed; this one ends."""


class Times:
    """Moments by name, in seconds of the clock that all machines share; in memory, or in a folder for several jobs."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._known: dict[str, float] = {}
        self._lock = threading.Lock()
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep the other threads and jobs out."""
        with self._lock:
            if self._folder is None:
                yield
                return
            with open(self._folder / "lock", "a", encoding="ascii") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield

    def get(self, name: str) -> float:
        """The moment of ``name``; 0 where there is none."""
        if self._folder is None:
            return self._known.get(name, 0.0)
        # A job that is killed while it writes leaves no number: then nobody waits.
        with suppress(OSError, ValueError):
            return float((self._folder / _file(name)).read_text(encoding="ascii"))
        return 0.0

    def set(self, name: str, at: float) -> None:
        """Make ``at`` the moment of ``name``."""
        if self._folder is None:
            self._known[name] = at
        else:
            (self._folder / _file(name)).write_text(repr(at), encoding="ascii")


def _file(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


class Pace:
    """Waits before requests; threads share it, and jobs that name the same folder.

    Args:
        delay: seconds between two requests to a host.
        shared: folder in which jobs that run side by side tell each other whom they asked.
    """

    def __init__(self, delay: float, shared: Path | None = None) -> None:
        self.delay = delay
        self._delays: dict[str, float] = {}
        self._times = Times(shared)
        self.stop = threading.Event()

    def slow_down(self, host: str, delay: float) -> None:
        """Keep ``delay`` seconds between requests to ``host``, if that is more than the general delay."""
        with self._times.alone():
            self._delays[host] = max(self._delays.get(host, 0.0), min(delay, LONGEST_DELAY))

    def wait(self, host: str, domain: str = "", address: str = "", until: float = math.inf) -> None:
        """Wait until ``host`` may be asked, which is of ``domain`` and answers at ``address``.

        Raises:
            LateError: that is after ``until``, by the monotonic clock.
            StoppedError: the job ends.
        """
        now = time.time()
        seconds = self.turn(now, host, domain, address) - now
        if time.monotonic() + seconds > until:
            raise LateError
        self.sleep(seconds)

    def turn(self, now: float, host: str, domain: str = "", address: str = "") -> float:
        """When ``host`` may be asked, at ``now`` or later; the turn is taken.

        The hosts of a registrable domain are asked as slowly together as one host. A server that many sites stand on
        gets at most PER_ADDRESS requests in the time between two to one host.
        """
        delay = max(self.delay, self._delays.get(host, 0.0))
        gaps = {f"host {host}": delay, f"domain {domain or host}": self.delay}
        if address:
            gaps[f"address {address}"] = self.delay / PER_ADDRESS
        gaps = {name: gap for name, gap in gaps.items() if gap > 0}
        if not gaps:
            return now
        with self._times.alone():
            ahead = [at for name in gaps if (at := self._times.get(name)) - now <= LONGEST_QUEUE]
            at = max([now, *ahead])
            for name, gap in gaps.items():
                self._times.set(name, at + gap)
        return at

    def sleep(self, seconds: float) -> None:
        """Wait ``seconds``, or until the job ends.

        Raises:
            StoppedError: the job ends.
        """
        if self.stop.is_set() or (seconds > 0 and self.stop.wait(seconds)):
            raise StoppedError

    def hold(self, host: str, seconds: float) -> None:
        """Leave ``host`` alone for ``seconds``."""
        with self._times.alone():
            self._times.set(f"held {host}", max(self._times.get(f"held {host}"), time.time() + seconds))

    def held(self, host: str) -> float:
        """Seconds for which ``host`` is to be left alone; 0 where it isn't."""
        return max(0.0, self._times.get(f"held {host}") - time.time())

    def backoff(self, attempt: int) -> float:
        """Seconds before try ``attempt`` (from 1): doubling from the delay, with jitter."""
        jitter = random.uniform(0.75, 1.25)  # noqa: S311 (not for secrets)
        return min(LONGEST_WAIT, self.delay * float(2**attempt) * jitter)


def retry_after(value: str) -> float | None:
    """Seconds that a Retry-After header names, as a number or a date; None where it names none."""
    if re.fullmatch(r"\d{1,9}", value.strip()):
        return float(value)
    try:
        at = parsedate_to_datetime(value.strip())
    except (ValueError, IndexError):
        return None
    zoned = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (zoned - datetime.now(UTC)).total_seconds())
