"""Clocks: claims, proofs, and claims that cannot be true."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace import schema
from wiretrace.trace.clocks import Clock, best, order, seconds, written


def clock_of(rows: list[tuple[str, str, str]], first_seen: str = "2024-06-01T00:00:00Z", others: int = 0) -> Clock:
    articles: list[dict[str, Any]] = []
    clocks: list[dict[str, Any]] = []
    for name in ("a-x", *(f"a-{i}" for i in range(others))):
        articles.append(
            {"article_id": name, "publisher": "p.example", "address": f"https://p.example/{name}", "characters": 1}
            | {"release_like": False, "state": "live", "versions": 1, "version_id": "v", "source": "crawl"}
            | {"first_seen": first_seen}
        )
    for number, (source, event, time) in enumerate(rows):
        day = len(time) == 10
        clocks.append(
            {"clock_id": f"t-{number}", "article_id": "a-x", "source": source, "event": event, "value": time}
            | {"earliest": f"{time}T00:00:00Z" if day else time, "latest": f"{time}T23:59:59Z" if day else time}
            | {"precision": "day" if day else "second", "zone": "stated"}
        )
    return best(schema.frame("articles", articles), schema.frame("clocks", clocks))["a-x"]


def test_a_claim_is_a_claim() -> None:
    clock = clock_of([("json_ld", "published", "2024-03-05T08:00:00Z")])
    assert (clock.quality, written(clock.earliest), clock.source) == ("claimed", "2024-03-05T08:00:00Z", "json_ld")


def test_an_archive_soon_after_proves_it() -> None:
    clock = clock_of([("visible", "published", "2024-03-05"), ("web_archive", "seen", "2024-03-05T10:00:00Z")])
    assert clock.quality == "proven"
    assert (written(clock.earliest), written(clock.latest)) == ("2024-03-05T00:00:00Z", "2024-03-05T10:00:00Z")


def test_an_archive_before_the_claim_makes_it_doubtful() -> None:
    clock = clock_of(
        [("json_ld", "published", "2024-03-09T08:00:00Z"), ("web_archive", "seen", "2024-03-05T10:00:00Z")]
    )
    assert clock.quality == "doubtful"
    assert "web archive had it by 2024-03-05T10:00:00Z" in clock.note
    assert (clock.earliest, written(clock.latest)) == (None, "2024-03-05T10:00:00Z")


def test_claims_that_contradict_each_other_are_doubtful() -> None:
    clock = clock_of([("json_ld", "published", "2024-03-05T08:00:00Z"), ("visible", "published", "2024-02-01")])
    assert clock.quality == "doubtful"
    assert "json_ld says" in clock.note and "visible says" in clock.note


def test_a_zone_apart_is_no_contradiction() -> None:
    rows = [("json_ld", "published", "2024-03-05T08:00:00Z"), ("feed", "published", "2024-03-05T17:00:00Z")]
    clock = clock_of(rows)
    assert clock.quality == "claimed"
    assert (written(clock.earliest), written(clock.latest)) == ("2024-03-05T08:00:00Z", "2024-03-05T17:00:00Z")


def test_changed_before_published_is_doubtful() -> None:
    rows = [("json_ld", "published", "2024-03-05T08:00:00Z"), ("meta", "modified", "2024-03-01T08:00:00Z")]
    assert clock_of(rows).quality == "doubtful"


def test_our_own_look_dates_nothing() -> None:
    clock = clock_of([("capture", "seen", "2024-06-01T00:00:00Z")])
    assert (clock.quality, clock.earliest) == ("capture_only", None)
    other = clock_of([("capture", "seen", "2024-07-01T00:00:00Z")])
    assert order(clock, other) is None


def test_order_proven_and_claimed() -> None:
    seen = clock_of([("web_archive", "seen", "2024-03-01T00:00:00Z")])
    early = clock_of([("json_ld", "published", "2024-03-04T00:00:00Z")])
    late = clock_of([("json_ld", "published", "2024-03-05T00:00:00Z")])
    proven, claimed = order(late, seen), order(early, late)
    assert proven is not None and proven.how == "proven" and proven.early is seen
    assert claimed is not None and (claimed.how, claimed.hours, claimed.early) == ("claimed", 24.0, early)
    vague = clock_of([("url", "published", "2024-03-05")])
    assert order(late, vague) is None


@pytest.mark.parametrize(
    ("time", "first", "last"),
    [
        ("2024", "2024-01-01T00:00:00Z", "2024-12-31T23:59:59Z"),
        ("2024-02", "2024-02-01T00:00:00Z", "2024-02-29T23:59:59Z"),
        ("2024-02-03", "2024-02-03T00:00:00Z", "2024-02-03T23:59:59Z"),
        ("2024-02-03T04:05Z", "2024-02-03T04:05:00Z", "2024-02-03T04:05:59Z"),
        ("2024-02-03T04:05:06.5Z", "2024-02-03T04:05:06Z", "2024-02-03T04:05:06Z"),
    ],
)
def test_times_of_every_precision(time: str, first: str, last: str) -> None:
    assert (written(seconds(time)), written(seconds(time, last=True))) == (first, last)


@given(st.integers(0, 4_000_000_000))
def test_times_come_back(time: int) -> None:
    assert seconds(written(time)) == time
