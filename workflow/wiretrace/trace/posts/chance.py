"""What chance allows: Poisson tails, and how many listed finds may be wrong (Benjamini and Hochberg 1995)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

TERMS = 400  # of the tail's series; beyond the mean the terms fall at least as a geometric series


def log_tail(counts: I64, expected: F64) -> F64:
    """Natural logarithm of the chance that a Poisson variable of mean ``expected`` is at least ``counts``.

    A sum of independent events that are not equally likely has a thinner tail than this (Hoeffding 1956), so that the
    figure errs on the side of chance. 0 where the count is not above the mean.
    """
    mean = np.maximum(expected, 1e-300)
    if not len(counts):
        return np.zeros(0)
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, int(counts.max()) + 1)))])
    first = counts * np.log(mean) - mean - factorials[counts]
    total = np.ones(len(counts))
    term = np.ones(len(counts))
    for step in range(1, TERMS):
        term = term * (mean / (counts + step))
        total += term
        if float(term.max()) < 1e-12:
            break
    return np.where(counts > mean, np.minimum(0.0, first + np.log(total)), 0.0)


def at_most_wrong(log_p: F64, tests: int, share: float) -> npt.NDArray[np.bool_]:
    """Which of ``log_p`` stand where at most ``share`` of those that stand may be chance, among ``tests`` tests (those
    not given have a chance of 1).
    """
    if not len(log_p):
        return np.zeros(0, bool)
    order = np.argsort(log_p, kind="stable")
    bound = np.log(share) + np.log(np.arange(1, len(log_p) + 1)) - np.log(max(tests, 1))
    passed = np.flatnonzero(log_p[order] <= bound)
    kept = np.zeros(len(log_p), bool)
    if len(passed):
        kept[order[: passed[-1] + 1]] = True
    return kept
