"""Publishers that publish in the same minutes: one program's sites do, papers with the same habits do not."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from wiretrace import schema
from wiretrace.read.rhythm import expected, rhythm

START = datetime(2024, 3, 4, tzinfo=UTC)
Posted = Mapping[str, Iterable[datetime]]


def at(*places: tuple[int, int, int]) -> list[datetime]:
    """Times by day, hour and minute."""
    return [START + timedelta(days=day, hours=hour, minutes=minute) for day, hour, minute in places]


SAME = at((0, 9, 37), (3, 14, 12), (4, 11, 3), (9, 16, 48))


def tables(posted: Posted, roles: Mapping[str, str], **more: Any) -> list[pd.DataFrame]:
    publishers, articles, clocks = [], [], []
    for name, times in posted.items():
        publishers.append(
            {"publisher": name, "kind": "account" if "/" in name else "domain", "role": roles.get(name, "suspect"),
             "articles": 0, "pages": 0}
        )  # fmt: skip
        for number, time in enumerate(times):
            stated = f"{time:%Y-%m-%dT%H:%M:%SZ}"
            article = f"a-{name}-{number:04}"
            articles.append(
                {"article_id": article, "publisher": name, "address": f"https://{name}/{number}", "characters": 9,
                 "release_like": False, "version_id": f"v-{article}", "first_seen": stated, "last_seen": stated, "state": "live", "versions": 1,
                 "source": "crawl", "published_earliest": stated, "published_latest": stated,
                 "published_clock": "meta"} | more
            )  # fmt: skip
            clocks.append(
                {"clock_id": f"t-{article}", "article_id": article, "source": "meta", "event": "published",
                 "value": stated, "earliest": stated, "latest": stated, "precision": "second", "zone": "stated",
                 "capture_id": f"c-{article}"}
            )  # fmt: skip
    rows = {"publishers": publishers, "articles": articles, "clocks": clocks}
    return [schema.frame(name, made) for name, made in rows.items()]


def alike(posted: Posted, roles: Mapping[str, str] | None = None, **more: Any) -> dict[str, list[str]]:
    """Each value with those that bear it."""
    found: dict[str, list[str]] = {}
    for row in rhythm(*tables(posted, roles or {}, **more)):
        found.setdefault(row["value"], []).append(row["publisher"])
    return found


def test_sites_that_one_program_feeds_bear_the_first_minutes_they_have_in_common() -> None:
    own = at((1, 8, 21), (5, 19, 40))
    made = rhythm(*tables({"a.example": SAME, "b.example": [*own, *SAME], "c.example": own}, {}))
    assert [(row["publisher"], row["value"]) for row in made] == [
        (name, "2024-03-04T09:37Z 2024-03-07T14:12Z 2024-03-08T11:03Z") for name in ("a.example", "b.example")
    ]
    assert [row["capture_id"] for row in made] == ["c-a-a.example-0000", "c-a-b.example-0002"]
    assert (made[0]["first_seen"], made[0]["last_seen"]) == ("2024-03-04T09:37:00Z", "2024-03-08T11:03:00Z")
    schema.check("observations", schema.frame("observations", made))


def test_a_habit_that_two_papers_have_is_no_sign() -> None:
    morning = at(*((day, 6, 0) for day in range(30)))
    assert alike({"a.example": morning, "b.example": morning}) == {}
    # Nor is what is dated by the hour, on many days of which some must be the same.
    hours = {
        name: at(*((day, hour, 0) for day in range(30) for hour in random.Random(name).sample(range(8, 20), 3)))  # noqa: S311
        for name in ("c.example", "d.example", "e.example")
    }
    assert alike(hours) == {}


def test_what_a_feed_puts_on_many_sites_is_no_sign() -> None:
    posted = {"a.example": SAME, "b.example": SAME, "wire.example": SAME[:3]}
    assert alike(posted, {"wire.example": "distributor"}) == {}
    assert alike(posted, {"wire.example": "control"}) == {}
    assert alike({"host.example/a": SAME, "host.example/b": SAME}) == {}
    assert alike({f"s{number:02}.example": SAME for number in range(51)}) == {}


@pytest.mark.parametrize(
    "clock", [{"published_clock": "web_archive"}, {"published_clock": ""}, {"published_latest": "2025-01-01T00:00:00Z"}]
)
def test_times_that_are_not_the_sites_or_not_exact_say_nothing(clock: dict[str, str]) -> None:
    assert alike({"a.example": SAME, "b.example": SAME}, **clock) == {}


def test_busy_papers_that_have_nothing_to_do_with_each_other_are_not_tied() -> None:
    """Fifty papers, each with twenty articles a day between eight and eight for two months: 1.4 million chances."""
    pick = random.Random(7)  # noqa: S311
    posted = {
        f"paper{number}.example": at(
            *((day, pick.randrange(8, 20), pick.randrange(60)) for day in range(60) for _ in range(20))
        )
        for number in range(50)
    }
    assert alike(posted) == {}


def test_the_order_of_rows_does_not_matter() -> None:
    made = tables({"a.example": SAME, "b.example": SAME[::-1], "c.example": SAME}, {})
    assert rhythm(*made) == rhythm(*(table.iloc[::-1] for table in made))


def test_minutes_in_common_that_chance_makes() -> None:
    spread = [day * 1440 + 601 + 7 * day for day in range(10)]
    assert expected(spread, spread) == pytest.approx(((2 * 2) / 96 + (8 * 8) / 384) / (9 * (1440 + 7) / 1440))
    usual = [day * 1440 + 360 for day in range(10)]
    assert expected(usual, usual) == pytest.approx(100 / 9)
    assert expected([5], [9]) <= 1 / 96
