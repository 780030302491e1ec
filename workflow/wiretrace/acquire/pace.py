"""How gently others are asked: requests to a host, a domain, a server apart by a delay, pauses asked for kept."""

from __future__ import annotations

import math
import random
import re
import threading
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Seconds of a Crawl-delay and of a Retry-After that are waited for; a longer one ends the questions to that host.
LONGEST_DELAY = 30.0
LONGEST_WAIT = 60.0
# Seconds that a host that answers 429 without naming a time is left alone.
UNNAMED_WAIT = 60.0
PER_ADDRESS = 4


class LateError(Exception):
    """The turn would come after the time that there is."""


class StoppedError(Exception):
    """Another thread of the job failed; this one ends."""


class Pace:
    """Waits before requests; threads share it."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self._delays: dict[str, float] = {}
        self._next: dict[str, float] = {}
        self._held: dict[str, float] = {}
        self._lock = threading.Lock()
        self.stop = threading.Event()

    def slow_down(self, host: str, delay: float) -> None:
        """Keep ``delay`` seconds between requests to ``host``, if that is more than the general delay."""
        with self._lock:
            self._delays[host] = max(self._delays.get(host, 0.0), min(delay, LONGEST_DELAY))

    def wait(self, host: str, domain: str = "", address: str = "", until: float = math.inf) -> None:
        """Wait until ``host`` may be asked, which is of ``domain`` and answers at ``address``.

        Raises:
            LateError: that is after ``until``, by the monotonic clock.
            StoppedError: the job ends.
        """
        with self._lock:
            now = time.monotonic()
            at = self.turn(now, host, domain, address)
        if at > until:
            raise LateError
        self.sleep(at - now)

    def turn(self, now: float, host: str, domain: str = "", address: str = "") -> float:
        """When ``host`` may be asked, at ``now`` or later; the turn is taken.

        The hosts of a registrable domain are asked as slowly together as one host. A server that many sites stand on
        gets at most PER_ADDRESS requests in the time between two to one host.
        """
        delay = max(self.delay, self._delays.get(host, 0.0))
        gaps = {host: delay, f"domain {domain or host}": self.delay}
        if address:
            gaps[f"address {address}"] = self.delay / PER_ADDRESS
        at = max(now, *(self._next.get(name, 0.0) for name in gaps))
        self._next |= {name: at + gap for name, gap in gaps.items()}
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
        with self._lock:
            self._held[host] = max(self._held.get(host, 0.0), time.monotonic() + seconds)

    def held(self, host: str) -> float:
        """Seconds for which ``host`` is to be left alone; 0 where it isn't."""
        return max(0.0, self._held.get(host, 0.0) - time.monotonic())

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
