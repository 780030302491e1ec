"""Every clock of a page is kept with what it can mean; nothing is made UTC in silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.read.clocks import Clock, of_page
from wiretrace.read.dating import Decision, decided, site_zone
from wiretrace.read.feeds import of_list, text_of
from wiretrace.read.markup import Markup, parse
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
    assert of_list(text_of(bomb), BASE) == {}
    for body in (b"", b"<", b"\x1f\x8bnot gzip", b"<html>" * 1000, b"\xff\xfe"):
        assert of_list(text_of(body), BASE) == {}


def clock(source: str, value: str, event: str = "published") -> Clock:
    stated = parse_time(value)
    assert stated
    return Clock(source, event, stated)


def decision(*clocks: Clock) -> Decision:
    return decided([(c, interval(c.stated)) for c in clocks])


def test_a_claim_after_the_first_sighting_does_not_count() -> None:
    held = [
        clock("json_ld", "2024-03-09T00:00:00Z"),
        clock("visible", "2024-03-05"),
        clock("web_archive", "2024-03-06T00:00:00Z", "seen"),
    ]
    found = decision(*held)
    assert found.clock and found.clock.source == "visible" and found.reason.endswith("1 later than it was seen")
    assert decision(*(c for c in held if c.source != "visible")).clock is None


@pytest.mark.parametrize(
    ("clocks", "source", "day", "reason"),
    [
        # A machine's statement first; the narrowest of those that agree; two others overrule one that stands alone.
        ([("visible", "2024-03-05 10:00"), ("json_ld", "2024-03-05")], "visible", "2024-03-05", "visible narrowest of those that agree; agreed by json_ld"),
        ([("json_ld", "2024-03-05T10:00:00+09:00"), ("visible", "2024-03-07")], "json_ld", "2024-03-05", "json_ld first in order; visible says another"),
        ([("json_ld", "2024-03-01T10:00:00+09:00"), ("visible", "2024-03-05"), ("url", "2024-03-05")], "visible", "2024-03-05", "url and visible agree against json_ld, which says 2024-03-01T10:00:00+09:00"),
        # UTC is nobody's civil time: the site's own day is the one that it shows.
        ([("json_ld", "2024-03-06T03:00:00Z"), ("visible", "2024-03-05")], "json_ld", "2024-03-05", "json_ld first in order; agreed by visible"),
        # A guess is the last resort, behind the time of a change; a month and a filler say little.
        ([("htmldate", "2024-03-05")], "htmldate", "2024-03-05", "nothing states it; htmldate"),
        ([("url", "2024-03"), ("htmldate", "2024-03-05")], "url", "2024-03-01", "url alone, no day"),
        ([("meta", "2004-01-01"), ("meta", "2024-03-05", "modified")], "meta", "2024-03-05", "nothing says when it was published; meta says it was changed then"),
        ([("meta", "2004-01-01"), ("visible", "2004-01-01"), ("meta", "2024-03-05", "modified")], "visible", "2004-01-01", "visible first in order; agreed by meta"),
    ],
)  # fmt: skip
def test_the_decision_and_its_reason(clocks: list[tuple[str, ...]], source: str, day: str, reason: str) -> None:
    found = decision(*(clock(*one) for one in clocks))
    assert found.clock and (found.clock.source, found.day, found.reason) == (source, day, reason)


@given(st.permutations([("json_ld", "2024-03-05"), ("meta", "2024-03-06T00:00:00Z"), ("visible", "2024-03-06"), ("url", "2024-03-06")]))  # fmt: skip
def test_the_decision_does_not_depend_on_the_order_of_the_clocks(clocks: list[tuple[str, str]]) -> None:
    assert decision(*(clock(*one) for one in clocks)) == decision(*(clock(*one) for one in sorted(clocks)))


def test_zones_that_a_site_states() -> None:
    def zone(*values: str) -> tuple[int, int] | None:
        found = site_zone(clock("json_ld", value) for value in values)
        return found.range if found else None

    assert zone("2024-03-05T10:00:00+09:00", "2024-03-05T01:00:00Z") == (540, 540)
    assert zone("2024-03-05T01:00:00Z") is None
    assert zone("2024-01-05T10:00:00-05:00", "2024-07-05T10:00:00-04:00") == (-300, -240)
    assert zone("2024-01-05T10:00:00+00:00", "2024-07-05T10:00:00+01:00") == (0, 60)
    assert zone("2024-01-05T10:00:00+09:00", "2024-01-05T10:00:00+01:00") is None
    # Seen in one half of the year, it may be another in the other half; seen in both, it is one.
    assert zone("2024-01-05T10:00:00+01:00") == (0, 120)
    assert zone("2024-01-05T10:00:00-03:00", "2024-07-05T10:00:00-03:00") == (-180, -180)


def test_how_a_zone_is_inferred_is_told(archive: Any, page: Callable[..., str]) -> None:
    archive.http(f"{BASE}/a/1", page())
    archive.http(
        f"{BASE}/a/2", page(head='<meta name="pubdate" content="2024-03-06T10:00:00+09:00">', title="別の見出し")
    )
    rows = {c["zone"]: c["zone_how"] for c in archive.read()["clocks"] if c["source"] in ("visible", "meta")}
    assert rows == {"stated": "", "inferred": "the site's other times state +09:00"}


STORY = "<p>" + "The council voted for the new water plan on Tuesday after a long debate. " * 4 + "</p>"


@pytest.mark.parametrize(
    ("around", "language", "published", "modified"),
    [
        ("<h1>A plan</h1><p>Dienstag, 05.03.2024, 14:20 Uhr</p>BODY", "de", ["05.03.2024, 14:20 Uhr"], []),
        ("<h1>A plan</h1><p>Publié le 5 mars 2024 à 14h20, mis à jour le 6 mars 2024</p>BODY", "fr", ["5 mars 2024 à 14h20"], ["6 mars 2024"]),
        ("<h1>A plan</h1><p>Por A. Escritor | 5 de marzo de 2024</p>BODY", "es", ["5 de marzo de 2024"], []),
        ("<h1>A plan</h1><p>03/05/2024</p>BODY", "en-US", ["03/05/2024"], []),
        ("<h1>A plan</h1><p>03/05/2024</p>BODY", "", [], []),
        ("<h1>A plan</h1><p>公開日：令和7年1月14日　更新日：2025年1月15日</p>BODY", "ja", ["令和7年1月14日"], ["2025年1月15日"]),
        ("<h1>A plan</h1><p>来源：海港通讯 2024-05-01 10:20</p>BODY", "zh", ["2024-05-01 10:20"], []),
        ("<h1>A plan</h1><p>입력 2024.05.01. 오전 10:20 수정 2024.05.01. 오후 1:05</p>BODY", "ko", ["2024.05.01. 오전 10:20"], ["2024.05.01. 오후 1:05"]),
        ("<h1>A plan</h1>BODY<p>Veröffentlicht am 5. März 2024</p>", "de", ["5. März 2024"], []),
        ("<h1>A plan</h1><p>5. März 2024. Der Kran am Hafen ist am Sonntag umgefallen, sagte das Amt; verletzt wurde dabei niemand.</p>BODY", "de", ["5. März 2024"], []),
        ("<h1>A plan</h1><p>Der Kran fiel am 5. März 2024. Niemand wurde verletzt, sagte das Amt, das ihn vor zwei Jahren geprüft hatte.</p>BODY", "de", [], []),
        # Other articles' dates, events, what is valid until then, copyright: none of them the article's.
        ("<h1>A plan</h1><p>5 March 2024</p>BODY<ul><li>7 March 2024</li><li>8 March 2024</li></ul>", "en", ["5 March 2024"], []),
        ("<h1>A plan</h1><p>Valid until: 31 December 2024</p>BODY", "en", [], []),
        ("<h1>A plan</h1>BODY<footer>© 2019-2024 Harbour Daily</footer>", "en", [], []),
    ],
)  # fmt: skip
def test_the_lines_that_date_an_article(around: str, language: str, published: list[str], modified: list[str]) -> None:
    html = f"<html lang='{language}'><title>A plan</title><body><nav>Menu</nav>{around.replace('BODY', STORY)}</body></html>"
    tree = parse(html)
    assert tree is not None
    found = of_page(Markup(tree, "https://harbour.example/a"), STORY[3:-4].strip(), (), "2025-06-01T00:00:00Z")
    said = {event: [c.stated.value for c in found if c.event == event] for event in ("published", "modified")}
    assert said == {"published": published, "modified": modified}


def test_what_stands_far_ahead_of_the_body_is_not_where_it_begins() -> None:
    """A motto, or a teaser that was taken for text: the line below the headline still dates the article."""
    motto = "Whoever wants the sea must first learn to wait for it, said the pilot."
    menu = "<ul>" + "<li>Harbour news</li>" * 20 + "</ul>"
    html = f"<title>A plan</title><body><p>{motto}</p>{menu}<h2>The plan</h2><p>Le 5 mars 2024</p>{STORY}{menu}<p>7 mars 2024</p>"
    tree = parse(html)
    assert tree is not None
    text = f"{motto}\n{STORY[3:-4].strip()}"
    found = of_page(Markup(tree, "https://harbour.example/a"), text, (), "2025-06-01T00:00:00Z")
    assert [clock.stated.value for clock in found] == ["5 mars 2024"]


def test_a_label_dates_the_last_line_of_the_body_too() -> None:
    html = f"<title>A plan</title><body><h1>A plan</h1>{STORY}<p>Erschienen am 5. März 2024 im Format Aktuelles</p>"
    tree = parse(html)
    assert tree is not None
    text = f"{STORY[3:-4].strip()}\nErschienen am 5. März 2024 im Format Aktuelles"
    found = of_page(Markup(tree, "https://harbour.example/a"), text, (), "2025-06-01T00:00:00Z")
    assert [(clock.source, clock.stated.value) for clock in found] == [("visible", "5. März 2024")]


def test_a_guess_is_called_one_and_never_lies_after_the_capture() -> None:
    def guessed(date: str) -> list[tuple[str, str]]:
        html = f"<html lang='en'><title>x</title><body>{STORY}<div class='x'><div>a</div>{'<p>b</p>' * 20}<span class='postdate'>{date}</span></div></body></html>"
        tree = parse(html)
        assert tree is not None
        found = of_page(Markup(tree, "https://harbour.example/a"), STORY[3:-4].strip(), (), "2024-06-01T00:00:00Z")
        return [(c.source, c.stated.value) for c in found]

    assert guessed("25 March 2024") == [("htmldate", "2024-03-25")]
    assert guessed("25 March 2025") == []
    assert guessed("© 2023") == []


def test_a_guess_that_articles_share_is_the_sites(archive: Any, page: Callable[..., str]) -> None:
    frame = f"<p>{'x' * 30}</p>" * 10 + "<p class='date'>Design of 2024-01-25</p>"
    found = []
    for n in range(3):
        archive.http(f"{BASE}/a/{n}", page(title=f"水道管の更新計画、その{n}", date="", after=frame))
        found.append({c["source"] for c in archive.read()["clocks"]})
    assert found == [{"capture", "htmldate"}, {"capture", "htmldate"}, {"capture"}]


def test_a_guess_behind_a_change_does_not_count() -> None:
    assert decision(clock("htmldate", "2025-09-01"), clock("http", "2025-04-28T13:13:00Z", "modified")).clock is None


def test_broken_json_ld_still_dates_its_page() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2024-03-05T10:00:00+09:00",, }</script>'
    tree = parse(f"<html><head>{broken}</head><body>{STORY}</body></html>")
    assert tree is not None
    (found,) = of_page(Markup(tree, "https://harbour.example/a"), "", (), "2024-06-01T00:00:00Z")
    assert (found.source, found.stated.zone) == ("json_ld", (540, 540))


def test_todays_date_on_a_masthead_dates_no_article(archive: Any, page: Callable[..., str]) -> None:
    shown = page(date="2024年3月5日").replace("<main", '<div class="today">2024年3月10日 日曜日</div><main')
    archive.http(f"{BASE}/a/1", shown, "2024-03-10T00:00:00Z")
    assert [value for _, value, *_ in told(archive, "visible")] == ["2024年3月5日"]


ELSEWHERE = """
import json, sys
from wiretrace.read.clocks import of_page
from wiretrace.read.dating import decided
from wiretrace.read.markup import Markup, parse
from wiretrace.read.times import interval
pages = json.load(sys.stdin)
for html in pages:
    clocks = of_page(Markup(parse(html), "https://harbour.example/a"), "", (), "2024-03-05T23:30:00Z")
    print([(c.source, c.event, c.stated) for c in clocks], decided([(c, interval(c.stated)) for c in clocks]))
"""


def test_neither_zone_nor_locale_nor_hash_seed_changes_a_clock() -> None:
    odd = "<span class='postdate'><time datetime='2024-03-05T23:00:00-05:00'>a while ago</time></span>"
    ambiguous = "<p class='date'>04.05.2022</p><p>x</p>" * 3
    pages = [
        f"<html lang='en'><body><h2>x</h2>{'<p>b</p>' * 30}{odd}</body></html>",
        f"<html><body>{STORY}{'<p>b</p>' * 30}{ambiguous}</body></html>",
        f"<html lang='tr'><body><h1>A plan</h1><p>5 Ağustos 2023, 10:20</p>{STORY}</body></html>",
    ]
    told = set()
    for zone, seed, locale in (("Pacific/Kiritimati", "1", "C"), ("Pacific/Pago_Pago", "77", "tr_TR.UTF-8")):
        ran = subprocess.run(
            [sys.executable, "-c", ELSEWHERE],
            input=json.dumps(pages),
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        told.add(ran.stdout)
    assert len(told) == 1 and "2023" in told.pop()
