"""Publishers that publish in the same minutes, again and again: one program may feed them.

Korea's cyber security centre named 18 sites of one firm by 42 texts that all of them ran at one time (November 2023);
Citizen Lab has simultaneous posts among the signs of the sites it calls PAPERWALL (February 2024).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from wiretrace.identity import make_id
from wiretrace.schema.stored import Rows, rows

KIND = "rhythm"
# Clocks that tell when a publisher's own program put an article out.
CLOCKS = ("json_ld", "meta", "visible", "feed", "wordpress", "import")
# Publishers of one minute above which it tells of nobody (a midnight that stands for a day), and minutes of one
# publisher that are looked at, its first ones.
CROWD, MOST = 50, 5_000
# Minutes in common at least, and those that a value names.
LEAST, NAMED = 3, 3
# Pairs that chance may make of all pairs of publishers together.
CHANCE = 0.01
# Values of one publisher, those of most publishers first.
VALUES = 20
# Minutes of a day over which people and programs spread what they publish: the third of it in which papers work, of
# which every fifth minute is a round one.
ROUND, OTHER = 96, 384
DAY = 1440

Minutes = Mapping[int, str]  # minute since 1970 → the first article of that minute


def rhythm(publishers: Rows, articles: Rows, clocks: Rows) -> list[dict[str, Any]]:
    """Rows of ``observations``: for each publisher the first minutes in which it and another one published.

    Left out are accounts on platforms, which fill them all at once, and minutes in which a publisher whose role says
    that it is not run with the suspects (a distributor, an outlet, a control) published too: one feed reaches many.
    """
    role = {row["publisher"]: row for row in rows(publishers, "publisher", "kind", "role")}
    posted = _posted(articles, {name for name, row in role.items() if row["kind"] == "domain"})
    free = {name for name in posted if role[name]["role"] in ("suspect", "unlisted")}
    taken = {minute for name in posted.keys() - free for minute in posted[name]}
    own = {name: {m: posted[name][m] for m in sorted(posted[name].keys() - taken)[:MOST]} for name in sorted(free)}
    bearers: dict[tuple[int, ...], set[str]] = defaultdict(set)
    for a, b, common in _together(own):
        bearers[tuple(common[:NAMED])] |= {a, b}
    of: dict[str, list[tuple[int, ...]]] = defaultdict(list)
    for minutes in sorted(bearers, key=lambda minutes: (-len(bearers[minutes]), minutes)):
        for name in bearers[minutes]:
            of[name].append(minutes)
    borne = [(name, minutes) for name in sorted(of) for minutes in of[name][:VALUES]]
    shown = _captures(clocks, {own[name][minutes[0]] for name, minutes in borne})
    return [_row(name, minutes, own[name], shown) for name, minutes in borne]


def _posted(articles: Rows, wanted: set[str]) -> dict[str, dict[int, str]]:
    """Minutes in which each publisher published, by its own clocks where these tell the minute."""
    found: dict[str, dict[int, str]] = {}
    columns = ("article_id", "publisher", "published_earliest", "published_latest", "published_clock")
    for row in rows(articles, *columns):
        first, last = row["published_earliest"], row["published_latest"]
        if row["publisher"] not in wanted or row["published_clock"] not in CLOCKS or not first:
            continue
        if first[:16] == last[:16]:
            minute = int(datetime.fromisoformat(first).timestamp()) // 60
            own = found.setdefault(row["publisher"], {})
            own[minute] = min(own.get(minute, row["article_id"]), row["article_id"])
    return found


def _together(own: Mapping[str, Minutes]) -> Iterator[tuple[str, str, list[int]]]:
    """Pairs of publishers with more minutes in common than chance allows, and these minutes."""
    at: dict[int, list[str]] = defaultdict(list)
    for name, minutes in own.items():
        for minute in minutes:
            at[minute].append(name)
    many: Counter[tuple[str, str]] = Counter()
    for names in at.values():
        if 1 < len(names) <= CROWD:
            many.update(combinations(names, 2))
    pairs = max(1, len(own) * (len(own) - 1) // 2)
    for (a, b), number in sorted(many.items()):
        if number >= LEAST and at_least(number, expected(list(own[a]), list(own[b]))) * pairs <= CHANCE:
            yield a, b, sorted(own[a].keys() & own[b].keys())


def expected(a: Sequence[int], b: Sequence[int]) -> float:
    """Minutes that two publishers have in common by chance, each keeping its habits.

    What both put out at one minute of the day more than once is their habit (a program that runs at six): there each
    day is as likely as another. All else may fall on any minute of their day's work, a round one where it is round.
    """
    begin, end = max(min(a), min(b)), min(max(a), max(b))
    days = max(1.0, (end - begin) / DAY)
    here = [[minute for minute in side if begin <= minute <= end] for side in (a, b)]
    usual = [Counter(minute % DAY for minute in side) for side in here]
    habits = {minute for minute in usual[0] if usual[0][minute] > 1 and usual[1][minute] > 1}
    found = sum(usual[0][minute] * usual[1][minute] for minute in habits) / days
    for slots, kind in ((ROUND, True), (OTHER, False)):
        free = [sum(m % DAY not in habits and (m % 5 == 0) is kind for m in side) for side in here]
        found += free[0] * free[1] / (days * slots)
    return found


def at_least(number: int, mean: float) -> float:
    """The most that the chance of ``number`` or more can be where ``mean`` are expected (Chernoff's bound, Poisson)."""
    return math.exp(number - mean - number * math.log(number / mean)) if number > mean > 0 else 1.0


def _captures(clocks: Rows, articles: set[str]) -> dict[str, str]:
    """The first capture, in order, that states when each of ``articles`` was published."""
    found: dict[str, str] = {}
    for row in rows(clocks, "article_id", "source", "event", "capture_id"):
        if row["article_id"] in articles and row["event"] == "published" and row["source"] in CLOCKS:
            found[row["article_id"]] = min(found.get(row["article_id"], row["capture_id"]), row["capture_id"])
    return found


def _row(name: str, minutes: Sequence[int], own: Minutes, shown: Mapping[str, str]) -> dict[str, Any]:
    value = " ".join(_time(minute) for minute in minutes)
    return {
        "observation_id": make_id("o", name, KIND, value),
        "publisher": name,
        "kind": KIND,
        "value": value,
        "state": "value",
        "first_seen": f"{_time(minutes[0])[:-1]}:00Z",
        "last_seen": f"{_time(minutes[-1])[:-1]}:00Z",
        "source": "page",
        "rule_id": "same-minutes",
        "excerpt": f"{len(own)} minutes in which something was published; articles {' '.join(own[m] for m in minutes)}",
        "capture_id": shown.get(own[minutes[0]], ""),
    }


def _time(minute: int) -> str:
    return f"{datetime.fromtimestamp(minute * 60, UTC):%Y-%m-%dT%H:%MZ}"
