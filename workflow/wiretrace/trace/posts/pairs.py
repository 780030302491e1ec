"""Pairs of accounts that post the same items close together in time more often than chance allows.

Null model: in each stratum (a sixth of the day in a period of the collection, :data:`PERIODS` at most) every account
keeps how many items it posts, every item keeps when and how often it is posted; who of the accounts that post then
takes which of these places is chance, in proportion to how much each posts. In a stratum of M close places, the pair
(a, b) of accounts with d items each is then expected at 2·d(a)·d(b)·M / (D² − Σd²) of them. Expectations add up over
strata. Nothing is drawn at random.

What a group posts together is not what chance does: close places of pairs that are listed are taken out of M, and the
rest is tested again, until no pair is added. Where no pair is beyond chance, nothing is taken out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from wiretrace.trace.posts.chance import F64, I64, at_most_wrong, log_tail

CAP = 1000  # accounts that post an item; what more than that post says nothing of two
MOST_CLOSE = 40_000_000  # close places looked at; the most popular items are left out beyond
OFTEN = 3  # occasions on which a pair must have co-posted
LIFT = 3.0  # times what chance lets expect
WRONG = 0.01  # of the listed pairs may be chance
PASSES = 10  # times that close places of listed pairs are taken out
PERIODS = 24
LEAST_PERIOD = 30 * 86_400
LEAST_POSTS = 100  # of a stratum, on average: where fewer post, those who post together are their own yardstick
SIXTH = 4 * 3600


@dataclass(frozen=True)
class Close:
    """Places of posts that are close: rows (of the arrays given) of the earlier and the later, their item."""

    earlier: I64
    later: I64
    item: I64


@dataclass(frozen=True)
class Listed:
    """Pairs of accounts, first < second: occasions, items, what chance lets expect, natural log of the tail."""

    first: I64
    second: I64
    occasions: I64
    items: I64
    expected: F64
    log_p: F64


def first_posts(item: I64, account: I64, time: I64) -> I64:
    """Rows of the first post of each item by each account, sorted by item, time, account."""
    order = np.lexsort((time, account, item))
    fresh = np.ones(len(order), bool)
    fresh[1:] = (item[order][1:] != item[order][:-1]) | (account[order][1:] != account[order][:-1])
    kept = order[fresh]
    return kept[np.lexsort((account[kept], time[kept], item[kept]))]


def close_places(item: I64, time: I64, window: int) -> tuple[Close, I64]:
    """Pairs of rows of one item at most ``window`` seconds apart, and the rows that were looked at; rows are sorted by
    item and time, one of each account.
    """
    if not len(item):
        return Close(*(np.zeros(0, np.int64),) * 3), np.zeros(0, np.int64)
    starts = np.flatnonzero(np.concatenate([[True], item[1:] != item[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(item)]]))
    span = int(time.max()) - int(time.min()) + window + 2
    place = np.repeat(np.arange(len(starts)), lengths) * span + (time - time.min())
    reach = np.searchsorted(place, place + window, "right") - np.arange(len(place)) - 1
    each = np.add.reduceat(reach, starts)
    fits = lengths <= CAP
    order = np.argsort(np.where(fits, lengths, np.iinfo(np.int64).max), kind="stable")
    fits[order[np.cumsum(np.where(fits, each, 0)[order]) > MOST_CLOSE]] = False
    rows = np.flatnonzero(np.repeat(fits, lengths))
    after = reach[rows]
    earlier = np.repeat(rows, after)
    step = np.arange(len(earlier)) - np.repeat(np.cumsum(after) - after, after)
    return Close(earlier, earlier + step + 1, item[earlier]), rows


def strata(time: I64) -> I64:
    """The stratum of each moment."""
    if not len(time):
        return time
    begin, end = int(time.min()), int(time.max())
    periods = max(1, min(PERIODS, len(time) // (6 * LEAST_POSTS)))
    period = max(LEAST_PERIOD, -(-(end - begin + 1) // periods))
    return (time - begin) // period * 6 + time % 86_400 // SIXTH


def listed(account: I64, time: I64, rows: I64, close: Close, accounts: int, window: int) -> Listed:
    """The pairs that co-post more than chance allows; ``rows`` are those that ``close_places`` looked at."""
    stratum = strata(time)
    a = np.minimum(account[close.earlier], account[close.later])
    b = np.maximum(account[close.earlier], account[close.later])
    code = a * accounts + b
    slot = time[close.earlier] // window
    pairs, items = np.unique(code, return_counts=True)
    occasion = np.lexsort((slot, code))
    fresh = np.ones(len(occasion), bool)
    fresh[1:] = (code[occasion][1:] != code[occasion][:-1]) | (slot[occasion][1:] != slot[occasion][:-1])
    occasions = np.bincount(np.searchsorted(pairs, code[occasion][fresh]), minlength=len(pairs))
    often = occasions >= OFTEN
    pairs, items, occasions = pairs[often], items[often], occasions[often]
    first, second = pairs // max(accounts, 1), pairs % max(accounts, 1)
    # A pair can co-post on that many occasions only where each of the two posts so many things.
    active = int((np.bincount(account[rows]) >= OFTEN).sum())
    kept = np.zeros(len(pairs), bool)
    for _ in range(PASSES):
        others = ~np.isin(code, pairs[kept])
        expected = _expected(first, second, account[rows], stratum[rows], stratum[close.earlier], others)
        log_p = log_tail(occasions, expected)
        found = at_most_wrong(log_p, active * (active - 1) // 2, WRONG) & (occasions >= LIFT * expected)
        if not (found & ~kept).any():
            break
        kept |= found
    return Listed(first[kept], second[kept], occasions[kept], items[kept], expected[kept], log_p[kept])


def _expected(first: I64, second: I64, account: I64, stratum: I64, of_close: I64, others: npt.NDArray[np.bool_]) -> F64:
    """Close places that chance lets expect of each pair; ``others`` of the close places may be chance.

    Where there were close places, one more than the others is reckoned with, so that nothing is held impossible.
    """
    if not len(first):
        return np.zeros(0)
    count = int(stratum.max()) + 1
    keys, posted = np.unique(account * count + stratum, return_counts=True)
    whole = np.bincount(keys % count, posted, minlength=count)
    squares = np.bincount(keys % count, posted.astype(np.float64) ** 2, minlength=count)
    places = np.bincount(of_close, minlength=count)
    places = np.minimum(places, np.bincount(of_close[others], minlength=count) + 1)
    chance = np.divide(2.0 * places, whole**2 - squares, out=np.zeros(count), where=places > 0)
    own, back = np.unique(np.concatenate([first, second]), return_inverse=True)
    dense = np.zeros((count, len(own)))
    spot = np.searchsorted(own, keys // count)
    known = (spot < len(own)) & (own[np.minimum(spot, len(own) - 1)] == keys // count)
    dense[keys[known] % count, spot[known]] = posted[known]
    made = np.zeros(len(first))
    # One stratum after another: a product of matrices adds up in an order of the processor's own.
    for of_stratum, its in zip(dense, chance.tolist(), strict=True):
        made += of_stratum[back[: len(first)]] * of_stratum[back[len(first) :]] * its
    return made
