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


@pytest.mark.parametrize(
    ("path", "title", "body", "kind"),
    [
        ("/contact", "Kontakt und Impressum", "Angaben gemäß § 5 DDG. Hafenpost GmbH, Kai 1, Hafenstadt. Telefon 030 123.", "imprint"),
        ("/company", "会社概要", "会社名 港湾日報株式会社 所在地 港市一丁目一番地 設立 二〇一〇年", "imprint"),
        ("/about", "关于我们", "港口日报成立于二〇一〇年，地址：港市一号。联系电话：000-0000。", "imprint"),
        ("/gone", "Page not found", "The page you are looking for does not exist.", "soft404"),
        ("/gone", "ページが見つかりません", "お探しのページは見つかりませんでした。", "soft404"),
        ("/gone", "페이지를 찾을 수 없습니다", "요청하신 페이지를 찾을 수 없습니다.", "soft404"),
        ("/gone", "Seite nicht gefunden", "Die gesuchte Seite existiert nicht.", "soft404"),
        ("/x", "quay.example is for sale", "Buy this domain. The domain quay.example is for sale.", "parked"),
        ("/category/harbour/", "Harbour", "Crane falls at noon, ships wait in the bay for hours.", "list"),
    ],
)  # fmt: skip
def test_kinds_of_pages_in_several_languages(path: str, title: str, body: str, kind: str) -> None:
    html = f"<title>{title} | Quay</title><nav><a href=/>Home</a></nav><h1>{title}</h1><p>{body}</p>"
    found = read_content(
        html.encode(), [], f"https://quay.example{path}", "quay.example", "2024-03-10T00:00:00Z", Read()
    )
    assert found.kind == kind


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        # A theme that gives its highest heading to the site.
        ("The bridge opens again – Quay Post", "<h1><a href=/>Quay Post</a></h1><h2>The bridge opens again</h2>", "The bridge opens again"),
        ("橋が八か月ぶりに開通した-港の新聞", "<h1>港の新聞</h1><h2>きょうの話題</h2><h2>橋が八か月ぶりに開通した</h2>", "橋が八か月ぶりに開通した"),
        ("Crane falls - Quay Post", "<h1>Crane falls</h1><h2>Quay Post</h2>", "Crane falls"),
        ("Opening hours of the Quay Post", "<h1>Quay Post</h1><h2>Opening hours</h2>", "Quay Post"),
    ],
)  # fmt: skip
def test_the_headline_is_told_from_the_sites_name(head: str, body: str, title: str) -> None:
    html = f"<title>{head}</title>{body}<p>{'Ships wait in the bay for hours. ' * 20}</p>"
    found = read_content(html.encode(), [], "https://quay.example/1", "quay.example", "2024-03-10T00:00:00Z", Read())
    assert found.title == title


@pytest.mark.parametrize(
    ("body", "rendered"),
    [
        ('<title>Paper</title><body><div id="root"></div><script src="/app.js"></script>', False),
        (
            "<title>記事</title><body><noscript>JavaScriptを有効にしてください</noscript><script src=a.js></script>",
            False,
        ),
        ('<title>Paper</title><body><div id="root"></div>', True),
        (f'<title>x</title><body><div id="root">{TEXT * 3}</div><script src=a.js></script>', True),
        ("<title>Photos</title><body><img src=a.jpg><script src=counter.js></script>", True),
        (f'<title>x</title><article><h1>x</h1><p>{TEXT * 4}</p></article><div id="app"></div><script></script>', True),
    ],
)
def test_a_page_that_scripts_would_fill_is_marked(body: str, rendered: bool) -> None:
    assert read(body).refused == ("" if rendered else "not rendered")
