"""Pages made to stop a reader: each ends, most with a row that says why."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wiretrace.config import Read
from wiretrace.read import clocks, extract
from wiretrace.read.pages import Content, read_content
from wiretrace.read.times import interval

PROSE = "The harbour crane fell at noon, the office said, and nobody was hurt by it. "
PARTS = [
    b"<p>", b"</p>", b"<div class='content'>", b"</div>", b"<a href='", b"http://[", b"//x:99999999/", b"'>", b"</a>", b"<!--", b"-->",
    b"<script type='application/ld+json'>", b'{"@type":"NewsArticle","articleBody":', b"[[[", b"</script>", b"<title>", b"<base href='",
    b"<table><tr><td>", b"<br>", b"<svg>", b"<meta charset=utf-16>", b"\x00", b"\xff\xfe", b"\x1b$B", b"\xed\xa0\x80", b"&#xD800;", b"&#0;",
    b"&#x1F1EF;", b"<time datetime='", b"2024-13-45", "令和99年".encode(), b"<meta property='article:published_time' content='", b"0000-00-00T99:99:99+99:99",
    PROSE.encode(), "港のクレーンが倒れた。".encode(), "항만 크레인".encode("cp949"), "港口起重机".encode("gb18030"), b"style='display:none'", b"<h1>",
    b"<iframe", b"<noscript>", b"=\"", b"<plaintext>", b"<frameset>", b"<?xml version='1.0' encoding='x'?>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
]  # fmt: skip


def read(body: bytes, **limits: int) -> Content:
    return read_content(
        body,
        [("Content-Type", "text/html")],
        "https://post.example/7",
        "post.example",
        "2024-03-10T00:00:00Z",
        Read(**limits),
    )


def test_control_characters_behind_a_script_stop_no_guess_of_the_date() -> None:
    """htmldate moves such text, and lxml writes none with control characters."""
    body = f"<h1>Crane falls</h1><article>{f'<p>{PROSE * 3}</p>' * 4}<script>x</script>\x01\x0b</article>"
    assert read(body.encode()).kind == "article"


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">" + PROSE.encode(), "attributes"),
        (b"<p>" * 500_000, "tags"),
        (b"<div>" * 50_000, "depth"),
        (bytes(200_000_000), "bytes"),
        (b"<p>" + b"x" * 20_000_000, "bytes"),
        (b"<p>" + b"&lt;" * 1_500_000, "bytes"),
        (b"<script type='application/ld+json'>{}</script>" * 100_000, "tags"),
        (b"<script type='application/ld+json'>" + b'{"a":' * 2_000_000, "bytes"),
        (b"<svg><g>" * 5_000, "depth"),
        (b"<math><mi><mtext>" * 5_000, "depth"),
        (b"<meta http-equiv=refresh content='0;url=/x'>" * 100_000, "tags"),
        (b"<a href=/x>y</a>" * 200_000, "tags"),
    ],
)
def test_a_refused_page_says_by_which_limit(body: bytes, refused: str) -> None:
    found = read(body)
    assert (found.kind, found.refused, found.article.text) == ("unreadable", refused, "")


@pytest.mark.parametrize(
    "html",
    [
        "<h1>Crane falls</h1><p title='" + "x" * 1_000_000 + "'>" + PROSE * 9,
        "<h1>Crane falls</h1><div class='" + "c " * 300_000 + "'><p>" + PROSE * 9 + "</p></div>",
        "<h1>Crane falls</h1><p>\x00" + PROSE * 9 + "\x00",
        "<h1>Crane falls</h1><p>&#xD800;" + PROSE * 9 + "&#xDFFF;",
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<p>" + "&amp;" * 50_000,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<p>" + "&lt;" * 1_000_000,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<p>" + "&#x110000;&#99999999999;&#xFFFFFFFFFF;" * 20_000,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<p>" + "&aaaaaaaa" * 100_000,
        "<h1>Crane falls</h1><a href='http://x.example/" + "a/../" * 800_000 + "'>x</a><p>" + PROSE * 9,
        "<h1>Crane falls</h1><a href='http://x.example/?" + "a=%41&" * 150_000 + "'>x</a><p>" + PROSE * 9,
        "<h1>Crane falls</h1>" + "\0" * 3_000_000 + "<p>" + PROSE * 9,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<!--" * 1_000_000 + "-->",
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<!-- a --!>" * 200_000,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<![CDATA[" * 400_000,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<?x y?>" * 500_000,
        "<!DOCTYPE a [" * 200_000 + "<h1>Crane falls</h1><p>" + PROSE * 9,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<script>" + "gtag('config','G-ABCDEFGHIJ');" * 100_000,
        "<meta http-equiv=refresh content='0;url=" + "u" * 4_000_000 + "'><h1>Crane falls</h1><p>" + PROSE * 9,
        "<meta http-equiv=refresh content='0;url=/x'>" * 2_000 + "<h1>Crane falls</h1><p>" + PROSE * 9,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<svg><g>" * 200 + "<title>x</title>",
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<math><mi><mtext>" * 150,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<script type='application/ld+json'>" + '{"a":' * 900_000,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<script type='application/ld+json'>" + "[" * 4_000_000,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<script type='application/ld+json'>[1]</script>" * 9_000,
        "<h1>Crane falls</h1><p>" + PROSE * 9 + "<p>a" + "\u0301\u0323" * 900_000,
        "<title>Crane falls" + " - a" * 900_000 + "</title><h1>Crane falls</h1><p>" + PROSE * 9,
        "<meta charset=utf-7><h1>Crane falls</h1><p>+ADw-script+AD4- " + PROSE * 9,
        "<meta charset=utf-16><h1>Crane falls</h1><p>" + PROSE * 9,
        "<meta charset=idna><h1>Crane falls</h1><p>\u00e9 " + PROSE * 9,
    ],
)
def test_an_article_survives_what_surrounds_it(html: str) -> None:
    found = read(html.encode())
    assert found.kind == "article"
    assert PROSE.strip() in found.article.text
    assert "\x00" not in found.article.text
    found.article.text.encode()


@pytest.mark.parametrize(
    "day",
    [
        "99999-01-01",
        "0000-00-00",
        "-0001-01-01",
        "2024-02-30",
        "275760-09-13",
        "1e999",
        "2024-13-01T00:00:00Z",
        "9" * 5000,
    ],
)
def test_a_day_that_there_is_not_is_no_clock(day: str) -> None:
    html = (
        f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":"{day}"}}</script>'
        f"<meta property='article:published_time' content='{day}'><h1>Crane falls</h1><time datetime='{day}'>{day}</time>"
        f"<p>{PROSE * 9}</p>"
    )
    found = read(html.encode())
    assert (found.kind, found.clocks) == ("article", ())


@pytest.mark.parametrize(
    "day", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "令和99年12月31日", "昭和元年1月1日"]
)
def test_a_day_at_the_end_of_time_is_read_or_not(day: str) -> None:
    for clock in read(f"<h1>Crane falls</h1><time>{day}</time><p>{PROSE * 9}</p>".encode()).clocks:
        assert len(interval(clock.stated).earliest) in (0, 20)


def test_a_shard_goes_on_behind_a_hostile_page(archive: Any) -> None:
    archive.http("https://post.example/1", b"<div>" * 50_000)
    archive.http("https://post.example/2", "<title>Crane falls</title><h1>Crane falls</h1><p>" + PROSE * 9)
    archive.http(
        "https://post.example/feed",
        "<!DOCTYPE a [" + " " * 200_000 + "<!ENTITY b '" + "c" * 9_000 + "'>]><rss>" + "&b;" * 9_000,
        purpose="feed",
    )
    archive.record(
        "tls",
        "post.example",
        "tls://post.example:443",
        b"-----BEGIN CERTIFICATE-----\n" + b"A" * 9_000 + b"\n-----END CERTIFICATE-----",
    )
    archive.record("dns", "post.example", "dns:post.example?type=TXT", b"post.example. 1 IN TXT " + b'"' * 9_000)
    tables = archive.read()
    assert sorted((row["address"], row["kind"], row["refused"]) for row in tables["pages"]) == [
        ("https://post.example/1", "unreadable", "depth"),
        ("https://post.example/2", "article", ""),
    ]
    assert len(tables["articles"]) == 1


def test_a_page_of_very_many_blocks_is_not_given_to_the_slow_extractor() -> None:
    html = f"<h1>Crane falls</h1><article>{f'<p>{PROSE}</p>' * 5_500}</article>"
    assert read(html.encode()).article.method == "blocks"


@pytest.mark.parametrize("around", ["<div>" * 150, "<h1><div>" * 60 + "<a href=/x>y</a>" * 100, "<b></b>" * 15_500])
def test_a_deep_or_crowded_page_is_not_given_to_the_slow_extractor(
    around: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(extract, "bare_extraction", lambda *given, **more: asked.append(given))
    read(f"<title>Crane falls</title>{around}<p>The crane fell. <p>At noon.".encode())
    assert not asked


@pytest.mark.parametrize(("around", "asked"), [(1, True), (110, False)])
def test_much_text_in_many_elements_is_not_searched_for_a_date(
    around: int, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[object] = []
    monkeypatch.setattr(clocks.htmldate, "find_date", lambda *given, **more: called.append(given))
    text = "".join(f"<p>{PROSE * 50}</p>" for _ in range(130))
    read(f"<h1>Crane falls</h1>{'<footer>' * around}{text}".encode())
    assert bool(called) == asked


def test_rows_within_rows_are_read_once_and_still_make_a_catalogue() -> None:
    rows = "".join(f"<tr><td>outlet{number}.example<td>$ {number}50</tr>" for number in range(1, 9))
    html = f"<h1>Placements</h1>{'<table><tr><td>' * 40}<table>{rows}</table>{'</table>' * 40}"
    found = read(html.encode())
    assert found.kind == "catalogue"
    assert [(one.outlet, one.price) for one in found.listings][:2] == [
        ("outlet1.example", "$ 150"),
        ("outlet2.example", "$ 250"),
    ]


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PARTS) | st.binary(max_size=12), max_size=60))
def test_any_bytes_are_read_or_refused(parts: list[bytes]) -> None:
    found = read(b"".join(parts))
    for text in (found.article.text, found.title, found.chrome, *(c.stated.value for c in found.clocks)):
        text.encode()  # no lone surrogate reaches a table
        assert "\x00" not in text
    assert found == read(b"".join(parts))
