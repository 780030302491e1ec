"""Hostile and odd bytes become a row that says so, quickly, and stop nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.config import Read
from wiretrace.read.pages import Content, read_content

TEXT = "港湾都市の市議会は三日、老朽化した水道管の更新計画を可決しました。事業費は四十二億円で、五年をかけて進めます。"


def read(body: bytes | str, content_type: str = "text/html") -> Content:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    headers = [("Content-Type", content_type)]
    return read_content(data, headers, "https://a.example/x", "a.example", "2024-03-10T00:00:00Z", Read())


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ("<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x", "attributes"),
        ("<p>" * 500_000, "tags"),
        ("<div>" * 50_000, "depth"),
        ("x" * 5_000_001, "bytes"),
        ("<html><body>" + "<a href=/x>y</a>" * 200_000, "tags"),
        ("", "not HTML"),
        ("<!---->", "not HTML"),
    ],
)
def test_refused(body: str, refused: str) -> None:
    found = read(body)
    assert (found.kind, found.refused) == ("unreadable", refused)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{TEXT}\ud800</p>",
        f"<p>{TEXT}&#xD800;&#0;&#x110000;</p>",
        "&amp;" * 500_000,
        f"<?xml version='1.0' encoding='utf-16'?><html><p>{TEXT}</p></html>",
        "<html><head><script type='application/ld+json'>" + "[" * 100_000 + "</script></head><p>x</p></html>",
        "<html><head><base href='javascript:1'><base href='http://[bad'></head><a href='http://[::1'>x</a></html>",
        "<table>" * 400 + "<tr><td>US$5 a.example" * 300,
        "<title>" + "|" * 50_000,
        "<p>" + "2024年3月5日" * 20_000,
        "<p>" + "\x00\x1b[31m" * 1000 + "</p>",
        b"\xff\xfe<\x00p\x00>\x00",
    ],
)
def test_odd_pages_are_read(body: str | bytes) -> None:
    found = read(body)
    assert found == read(body)
    assert "\x1b" not in found.chrome + found.article.text
    (found.chrome + found.title + found.article.text).encode()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div class='a'>",
                "<a href='//b.example/'>",
                "<table><tr><td>",
                "<title>",
                "<h1>",
                "<!--",
                "-->",
                "<script>",
                "</script>",
                TEXT,
                "令和6年3月5日",
                "&#x41;",
                "<time datetime='x'>",
                "<meta name='date' content='99'>",
            ]
        ),
        max_size=40,
    )
)
def test_any_markup_is_read(pieces: list[str]) -> None:
    read("".join(pieces))


def test_other_media_types_are_not_pages() -> None:
    assert read(TEXT, "text/plain").refused == "not HTML: text/plain"
    assert read("<html><p>x</p></html>", "").refused == ""
