"""Days on which far more of the accounts were created than around them.

Null model: creation is a Poisson process whose rate is that of the :data:`AROUND` days before and after, with one
account more than were seen. Every day of the range begins one test of :data:`DAYS` days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wiretrace.trace.posts.chance import I64, at_most_wrong, log_tail

DAYS = 3
AROUND = 90
LEAST = 4  # accounts of a burst
WRONG = 0.01
DAY = 86_400


@dataclass(frozen=True)
class Burst:
    """First and last day (days since 1970), accounts created then, how many the days around let expect."""

    begin: int
    end: int
    accounts: tuple[int, ...]
    expected: float
    log_p: float


def bursts(created: Mapping[int, int]) -> list[Burst]:
    """Bursts among ``created`` (account to seconds since 1970), in order of time; overlapping windows are one burst."""
    if not created:
        return []
    days = np.array(sorted(moment // DAY for moment in created.values()))
    begin, end = int(days[0]), int(days[-1])
    counts = np.concatenate([[0], np.cumsum(np.bincount(days - begin, minlength=end - begin + DAYS))])
    first = np.arange(end - begin + 1)

    def between(low: I64, high: I64) -> tuple[I64, I64]:
        low, high = np.clip(low, 0, len(counts) - 1), np.clip(high, 0, len(counts) - 1)
        return counts[high] - counts[low], high - low

    inside, _ = between(first, first + DAYS)
    # The days next to the window belong to the same burst where it is longer.
    before, days_before = between(first - AROUND, first - DAYS)
    after, days_after = between(first + 2 * DAYS, first + DAYS + AROUND)
    rate = (before + after + 1.0) / np.maximum(days_before + days_after, AROUND)
    log_p = log_tail(inside, rate * DAYS)
    kept = at_most_wrong(log_p, len(first), WRONG) & (inside >= LEAST)
    found: list[tuple[int, int, float, float]] = []
    for place in np.flatnonzero(kept).tolist():
        low, high = place + begin, place + begin + DAYS - 1
        if found and low <= found[-1][1]:
            start, _, daily, best = found[-1]
            found[-1] = (start, high, max(daily, float(rate[place])), min(best, float(log_p[place])))
        else:
            found.append((low, high, float(rate[place]), float(log_p[place])))
    made = []
    for low, high, daily, best in found:
        within = sorted(account for account, moment in created.items() if low <= moment // DAY <= high)
        of_them = [created[account] // DAY for account in within]
        made.append(Burst(min(of_them), max(of_them), tuple(within), daily * (high - low + 1), best))
    return made
