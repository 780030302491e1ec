"""From posts to their tables. Pure: the order of rows and files does not matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wiretrace import schema
from wiretrace.config import Investigation
from wiretrace.identity import make_id, publisher_of
from wiretrace.trace.posts.bursts import Burst, bursts
from wiretrace.trace.posts.groups import communities
from wiretrace.trace.posts.load import Post, stamp
from wiretrace.trace.posts.load import posts as load
from wiretrace.trace.posts.pairs import close_places, first_posts, listed

KINDS = ("address", "text")
MOST_PAIRS = 100_000  # listed, the least likely first
MOST_ITEMS = 20  # shown of a pair, the earliest
MOST_CROSSINGS = 20_000  # listed, those of most accounts first
LOG10 = float(np.log(10))

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Pair:
    """One listed pair: accounts by number, kind of item, figures, and (item, earlier post, later post, seconds)."""

    first: int
    second: int
    kind: str
    occasions: int
    items: int
    expected: float
    log_p: float
    shown: tuple[tuple[str, int, int, int], ...]
    median: float


@dataclass(frozen=True)
class Posted:
    """Posts with numbers for accounts (sorted by platform and name) and for items of each kind."""

    posts: Sequence[Post]
    accounts: Sequence[tuple[str, str]]
    number: Mapping[tuple[str, str], int]

    def item(self, kind: str, post: int) -> str:
        """The item of that kind in post number ``post``, '' where it has none."""
        one = self.posts[post]
        return one.address if kind == "address" else one.phrase


def posts(articles: pd.DataFrame, investigation: Investigation) -> dict[str, pd.DataFrame]:
    """The tables posts, post_accounts, post_pairs, post_pair_items, post_groups, post_crossings, account_bursts.

    Raises:
        UserError: a file of ``inputs.posts`` cannot be read.
    """
    made = load(investigation.inputs.posts)
    accounts = sorted({(p.platform, p.account) for p in made})
    posted = Posted(made, accounts, {name: number for number, name in enumerate(accounts)})
    window = investigation.trace.together
    pairs = [pair for kind in KINDS for pair in _pairs(posted, kind, window)]
    weight: dict[tuple[int, int], float] = {}
    for pair in pairs:
        weight[pair.first, pair.second] = weight.get((pair.first, pair.second), 0.0) + pair.occasions
    groups = communities([(a, b, strength) for (a, b), strength in sorted(weight.items())])
    own = {account: number for number, group in enumerate(groups) for account in group}
    created: dict[int, int] = {}
    for p in made:
        number = posted.number[p.platform, p.account]
        if p.created is not None:
            created[number] = min(created.get(number, p.created), p.created)
    found = bursts(created)
    names = {n: _group_id(posted, group) for n, group in enumerate(groups)}
    article_of = {row["address"]: row["article_id"] for row in schema.records(articles)}
    rows = {
        "posts": [_post(p, article_of) for p in made],
        "post_accounts": _accounts(posted, created, own, names, found),
        "post_pairs": [_pair(posted, pair, own, names) for pair in pairs],
        "post_pair_items": [row for pair in pairs for row in _items(posted, pair, article_of)],
        "post_groups": _groups(posted, groups, pairs, names, article_of),
        "post_crossings": _crossings(posted, own, names, article_of),
        "account_bursts": [_burst(posted, one, own) for one in found],
    }
    return {name: schema.frame(name, of_it) for name, of_it in rows.items()}


def _pairs(posted: Posted, kind: str, window: int) -> list[Pair]:
    """The pairs that co-post items of ``kind`` more than chance allows, by account."""
    dated = [n for n, p in enumerate(posted.posts) if p.time is not None and posted.item(kind, n)]
    items = {name: number for number, name in enumerate(sorted({posted.item(kind, n) for n in dated}))}
    item = np.array([items[posted.item(kind, n)] for n in dated], np.int64)
    account = np.array([posted.number[posted.posts[n].platform, posted.posts[n].account] for n in dated], np.int64)
    time = np.array([posted.posts[n].time for n in dated], np.int64)
    rows = first_posts(item, account, time)
    item, account, time, post = item[rows], account[rows], time[rows], np.array(dated, np.int64)[rows]
    close, looked = close_places(item, time, window)
    found = listed(account, time, looked, close, len(posted.accounts), window)
    strongest = np.sort(np.lexsort((found.second, found.first, found.log_p))[:MOST_PAIRS])
    count = len(posted.accounts)
    wanted = found.first[strongest] * count + found.second[strongest]
    code = np.minimum(account[close.earlier], account[close.later]) * count
    code += np.maximum(account[close.earlier], account[close.later])
    kept = np.flatnonzero(np.isin(code, wanted))
    kept = kept[np.lexsort((kept, time[close.earlier[kept]], code[kept]))]
    begins = np.searchsorted(code[kept], wanted, "left")
    ends = np.searchsorted(code[kept], wanted, "right")
    made = []
    for place, begin, end in zip(strongest.tolist(), begins.tolist(), ends.tolist(), strict=True):
        own = kept[begin:end]
        apart = time[close.later[own]] - time[close.earlier[own]]
        shown = tuple(
            (posted.item(kind, int(post[a])), int(post[a]), int(post[b]), int(seconds))
            for a, b, seconds in zip(close.earlier[own][:MOST_ITEMS], close.later[own], apart, strict=False)
        )
        made.append(
            Pair(
                int(found.first[place]), int(found.second[place]), kind, int(found.occasions[place]),
                int(found.items[place]), float(found.expected[place]), float(found.log_p[place]), shown,
                float(np.median(apart)),
            )
        )  # fmt: skip
    return made


def _name(posted: Posted, number: int) -> str:
    platform, account = posted.accounts[number]
    return f"{platform}/{account}" if platform else account


def _group_id(posted: Posted, group: Sequence[int]) -> str:
    return make_id("pg", *(_name(posted, n) for n in group))


def _pair_id(posted: Posted, pair: Pair) -> str:
    return make_id("pp", _name(posted, pair.first), _name(posted, pair.second), pair.kind)


def _post(post: Post, article_of: Mapping[str, str]) -> dict[str, Any]:
    return {
        "post_id": post.post_id,
        "platform": post.platform,
        "account": post.account,
        "posted_at": stamp(post.time),
        "address": post.address,
        "publisher": publisher_of(post.address) if post.address else "",
        "article_id": article_of.get(post.address, ""),
        "text": post.text,
        "source": post.source,
    }


def _accounts(
    posted: Posted,
    created: Mapping[int, int],
    own: Mapping[int, int],
    names: Mapping[int, str],
    found: Sequence[Burst],
) -> Rows:
    times: dict[int, list[int]] = {}
    number_of: dict[int, int] = {}
    for p in posted.posts:
        number = posted.number[p.platform, p.account]
        number_of[number] = number_of.get(number, 0) + 1
        if p.time is not None:
            times.setdefault(number, []).append(p.time)
    burst = {account: _burst_id(posted, one) for one in found for account in one.accounts}
    return [
        {
            "platform": platform,
            "account": account,
            "posts": number_of[n],
            "first_at": stamp(min(times[n])) if n in times else "",
            "last_at": stamp(max(times[n])) if n in times else "",
            "created_at": stamp(created.get(n)),
            "group_id": names[own[n]] if n in own else "",
            "burst_id": burst.get(n, ""),
        }
        for n, (platform, account) in enumerate(posted.accounts)
    ]


def _pair(posted: Posted, pair: Pair, own: Mapping[int, int], names: Mapping[int, str]) -> dict[str, Any]:
    together = pair.first in own and own[pair.first] == own.get(pair.second)
    return {
        "pair_id": _pair_id(posted, pair),
        "account_a": _name(posted, pair.first),
        "account_b": _name(posted, pair.second),
        "kind": pair.kind,
        "occasions": pair.occasions,
        "items": pair.items,
        "expected": pair.expected,
        "chance_log10": pair.log_p / LOG10,
        "median_seconds": pair.median,
        "group_id": names[own[pair.first]] if together else "",
    }


def _items(posted: Posted, pair: Pair, article_of: Mapping[str, str]) -> Rows:
    return [
        {
            "pair_id": _pair_id(posted, pair),
            "item_id": make_id("pi", pair.kind, item),
            "item": item if pair.kind == "address" else posted.posts[a].text,
            "article_id": article_of.get(item, "") if pair.kind == "address" else "",
            "post_a": posted.posts[a].post_id,
            "post_b": posted.posts[b].post_id,
            "seconds": seconds,
        }
        for item, a, b, seconds in pair.shown
    ]


def _groups(
    posted: Posted,
    groups: Sequence[Sequence[int]],
    pairs: Sequence[Pair],
    names: Mapping[int, str],
    article_of: Mapping[str, str],
) -> Rows:
    """One row for each group: what its listed pairs co-posted, as far as it is shown."""
    made = []
    for n, group in enumerate(groups):
        inside = [p for p in pairs if p.first in set(group) and p.second in set(group)]
        shown = [(p.kind, *one) for p in inside for one in p.shown]
        addresses = {item for kind, item, *_ in shown if kind == "address"}
        times = [t for _, _, a, b, _ in shown for t in (posted.posts[a].time, posted.posts[b].time) if t is not None]
        made.append(
            {
                "group_id": names[n],
                "accounts": len(group),
                "pairs": len({(p.first, p.second) for p in inside}),
                "addresses": len(addresses),
                "texts": len({item for kind, item, *_ in shown if kind == "text"}),
                "articles": " ".join(sorted({article_of[a] for a in addresses if a in article_of})),
                "publishers": " ".join(sorted({publisher_of(a) for a in addresses})),
                "first_at": stamp(min(times)),
                "last_at": stamp(max(times)),
            }
        )
    return made


def _crossings(posted: Posted, own: Mapping[int, int], names: Mapping[int, str], article_of: Mapping[str, str]) -> Rows:
    """Items that accounts of several groups post: from the group that has it first to each that has it later."""
    held: dict[tuple[str, str], dict[int, list[tuple[int, int, int]]]] = {}
    for n, p in enumerate(posted.posts):
        number = posted.number[p.platform, p.account]
        if p.time is None or number not in own:
            continue
        for kind in KINDS:
            if posted.item(kind, n):
                groups = held.setdefault((kind, posted.item(kind, n)), {})
                groups.setdefault(own[number], []).append((p.time, n, number))
    found: Rows = []
    for (kind, item), groups in sorted(held.items()):
        order = sorted(groups, key=lambda g: (min(groups[g])[0], names[g]))
        first, post, _ = min(groups[order[0]])
        for later in order[1:]:
            then, other, _ = min(groups[later])
            accounts = [len({number for _, _, number in groups[g]}) for g in (order[0], later)]
            found.append(
                {
                    "item_id": make_id("pi", kind, item),
                    "kind": kind,
                    "item": item if kind == "address" else posted.posts[post].text,
                    "article_id": article_of.get(item, "") if kind == "address" else "",
                    "from_group": names[order[0]],
                    "to_group": names[later],
                    "first_at": stamp(first),
                    "then_at": stamp(then),
                    "accounts_from": accounts[0],
                    "accounts_to": accounts[1],
                    "first_post": posted.posts[post].post_id,
                    "then_post": posted.posts[other].post_id,
                }
            )
    order_of = sorted(
        found, key=lambda r: (-min(r["accounts_from"], r["accounts_to"]), r["first_at"], r["item_id"], r["to_group"])
    )
    return order_of[:MOST_CROSSINGS]


def _burst_id(posted: Posted, one: Burst) -> str:
    return make_id("ab", one.begin, one.end, _name(posted, one.accounts[0]))


def _burst(posted: Posted, one: Burst, own: Mapping[int, int]) -> dict[str, Any]:
    return {
        "burst_id": _burst_id(posted, one),
        "first_day": _day(one.begin),
        "last_day": _day(one.end),
        "accounts": len(one.accounts),
        "expected": one.expected,
        "chance_log10": one.log_p / LOG10,
        "in_groups": _counted(one.accounts, own),
    }


def _counted(accounts: Iterable[int], own: Mapping[int, int]) -> int:
    return sum(account in own for account in accounts)


def _day(day: int) -> str:
    return stamp(day * 86_400)[:10]
