"""Pages made to stop a reader: each ends, most with a row that says why."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wiretrace.config import Read
from wiretrace.read.pages import Content, read_content

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


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">" + PROSE.encode(), "attributes"),
        (b"<p>" * 500_000, "tags"),
        (b"<div>" * 50_000, "depth"),
        (bytes(50_000_000), "bytes"),
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
    ],
)
def test_an_article_survives_what_surrounds_it(html: str) -> None:
    found = read(html.encode())
    assert found.kind == "article"
    assert PROSE.strip() in found.article.text
    assert "\x00" not in found.article.text
    found.article.text.encode()


def test_a_page_of_very_many_blocks_is_not_given_to_the_slow_extractor() -> None:
    html = f"<h1>Crane falls</h1><article>{f'<p>{PROSE}</p>' * 5_500}</article>"
    assert read(html.encode()).article.method == "blocks"


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PARTS) | st.binary(max_size=12), max_size=60))
def test_any_bytes_are_read_or_refused(parts: list[bytes]) -> None:
    found = read(b"".join(parts))
    for text in (found.article.text, found.title, found.chrome, *(c.stated.value for c in found.clocks)):
        text.encode()  # no lone surrogate reaches a table
        assert "\x00" not in text
    assert found == read(b"".join(parts))
