"""Every clock of a page is kept with what it can mean; nothing is made UTC in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wiretrace.read.clocks import Clock, best, site_zone
from wiretrace.read.feeds import of_feed, of_sitemap
from wiretrace.read.times import interval, parse_time

BASE = "https://minato.example"


def told(archive: Any, source: str) -> list[tuple[str, str, str, str, str]]:
    return sorted(
        (c["event"], c["value"], c["earliest"], c["latest"], c["zone"])
        for c in archive.read()["clocks"]
        if c["source"] == source
    )


def test_clocks_of_one_page(archive: Any, page: Callable[..., str]) -> None:
    head = (
        '<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "x", '
        '"datePublished": "2024-03-05T10:00:00+09:00", "dateModified": "2024-03-06"}, '
        '{"@type": "NewsArticle", "url": "https://minato.example/a/99", "datePublished": "2001-01-01"}]}</script>'
        '<meta property="article:published_time" content="2024-03-05T01:00:00Z">'
    )
    archive.http(
        f"{BASE}/2024/03/05/1",
        page(head=head, date="令和6年3月5日 午前10時00分｜更新：2024年3月6日"),
        headers={"Last-Modified": "Wed, 06 Mar 2024 00:00:00 GMT"},
    )
    day = ("2024-03-04T15:00:00Z", "2024-03-05T14:59:59Z")
    after = ("2024-03-05T15:00:00Z", "2024-03-06T14:59:59Z")
    second = ("2024-03-05T01:00:00Z", "2024-03-05T01:00:00Z")
    assert told(archive, "json_ld") == [
        ("modified", "2024-03-06", *after, "inferred"),
        ("published", "2024-03-05T10:00:00+09:00", *second, "stated"),
    ]
    assert told(archive, "meta") == [("published", "2024-03-05T01:00:00Z", *second, "stated")]
    assert sorted(told(archive, "visible")) == [
        ("modified", "2024年3月6日", *after, "inferred"),
        ("published", "令和6年3月5日 午前10時00分", "2024-03-05T01:00:00Z", "2024-03-05T01:00:59Z", "inferred"),
    ]
    assert told(archive, "url") == [("published", "2024/03/05", *day, "inferred")]
    assert told(archive, "http")[0][:2] == ("modified", "Wed, 06 Mar 2024 00:00:00 GMT")
    (article,) = archive.read()["articles"]
    assert (article["published_earliest"], article["published_clock"]) == ("2024-03-05T01:00:00Z", "json_ld")


def test_a_site_that_states_no_zone_has_an_unknown_one(archive: Any, page: Callable[..., str]) -> None:
    archive.http(f"{BASE}/a/1", page())
    assert told(archive, "visible") == [
        ("published", "2024年3月5日 10:00", "2024-03-04T20:00:00Z", "2024-03-05T22:00:59Z", "unknown")
    ]


def test_a_day_in_the_story_is_not_the_stories_day(archive: Any, page: Callable[..., str]) -> None:
    body = (
        "2021年1月2日に起きた水道管の破裂を受け、港湾都市の市議会は更新計画を可決しました。",
        "事業費は四十二億円で、五年をかけて進めます。",
    )
    archive.http(f"{BASE}/a/1", page(body=body))
    assert [value for _, value, *_ in told(archive, "visible")] == ["2024年3月5日 10:00"]


def test_feeds_and_sitemaps_date_their_articles(archive: Any, page: Callable[..., str]) -> None:
    archive.http(f"{BASE}/a/1", page(date=""))
    feed = f"<rss><channel><item><link>{BASE}/a/1</link><pubDate>Tue, 05 Mar 2024 10:00:00 +0900</pubDate></item></channel></rss>"
    xml = {"Content-Type": "application/xml"}
    archive.http(f"{BASE}/feed", feed, purpose="feed", headers=xml)
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{BASE}/a/1</loc><lastmod>2024-03-07</lastmod></url></urlset>'
    archive.http(f"{BASE}/sitemap.xml", sitemap, purpose="sitemap", headers=xml)
    api = f'[{{"link": "{BASE}/a/1", "date_gmt": "2024-03-05T01:00:00", "modified_gmt": "2024-03-06T01:00:00"}}]'
    archive.http(f"{BASE}/wp-json/wp/v2/posts", api, purpose="import", headers={"Content-Type": "application/json"})
    assert told(archive, "feed")[0][2] == "2024-03-05T01:00:00Z"
    assert told(archive, "sitemap")[0][:2] == ("modified", "2024-03-07")
    assert {c[2] for c in told(archive, "wordpress")} == {"2024-03-05T01:00:00Z", "2024-03-06T01:00:00Z"}


def test_hostile_lists_say_nothing() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><rss><item><link>https://a.example/&b;</link><pubDate>2024-03-05</pubDate></item></rss>'
    assert of_feed(bomb, BASE) == {}
    for body in (b"", b"<", b"\x1f\x8bnot gzip", b"<html>" * 1000, b"\xff\xfe"):
        assert of_feed(body, BASE) == {} and of_sitemap(body, BASE) == {}


def test_a_claim_after_the_first_sighting_is_not_the_best_clock() -> None:
    def clock(source: str, event: str, value: str) -> Clock:
        stated = parse_time(value)
        assert stated
        return Clock(source, event, stated)

    held = [
        clock("json_ld", "published", "2024-03-09T00:00:00Z"),
        clock("visible", "published", "2024-03-05"),
        clock("web_archive", "seen", "2024-03-06T00:00:00Z"),
    ]
    found = best([(c, interval(c.stated)) for c in held])
    assert found and found[0].source == "visible"
    assert best([(c, interval(c.stated)) for c in held if c.source != "visible"]) is None


def test_zones_that_a_site_states() -> None:
    def zone(*values: str) -> tuple[int, int] | None:
        stated = [parse_time(value) for value in values]
        return site_zone(Clock("json_ld", "published", one) for one in stated if one)

    assert zone("2024-03-05T10:00:00+09:00", "2024-03-05T01:00:00Z") == (540, 540)
    assert zone("2024-03-05T01:00:00Z") is None
    assert zone("2024-01-05T10:00:00-05:00", "2024-07-05T10:00:00-04:00") == (-300, -240)
    assert zone("2024-01-05T10:00:00+00:00", "2024-07-05T10:00:00+01:00") == (0, 60)
    assert zone("2024-01-05T10:00:00+09:00", "2024-01-05T10:00:00+01:00") is None


def test_todays_date_on_a_masthead_dates_no_article(archive: Any, page: Callable[..., str]) -> None:
    shown = page(date="2024年3月5日").replace("<main", '<div class="today">2024年3月10日 日曜日</div><main')
    archive.http(f"{BASE}/a/1", shown, "2024-03-10T00:00:00Z")
    assert [value for _, value, *_ in told(archive, "visible")] == ["2024年3月5日"]
