"""The room as a whole: from archived bytes and tables to rows."""

import json

import pandas as pd
import pytest

from wiretrace.evidence import EvidenceWriter, Exchange, index
from wiretrace.indicate import indicate
from wiretrace.schema import frame, records, to_csv

TIMES = ("2025-03-01T00:00:00Z", "2025-03-02T00:00:00Z")
PASTED = (
    '<html lang="zh-CN"><head><meta property="og:locale" content="zh_CN"></head><body><h1>港の祭り</h1>'
    '<p data-start="0" data-end="20" data-is-last-node="">港の祭りは金曜に始まる。</p>'
    '<a href="https://news.example/a?utm_source=chatgpt.com">出典</a>'
    "<pre>&lt;p data-is-last-node&gt;</pre><!-- 导航开始 --><!-- 轮播图 --></body></html>"
)
PLAIN = '<html lang="ja"><body><p>港の祭りは金曜に始まる。</p></body></html>'


def answer(body, kind="text/html; charset=utf-8"):
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture
def world(tmp_path):
    """Two publishers: a pasted page in two rounds with a slip on its masthead, and an honest one."""
    evidence = tmp_path / "evidence"
    with EvidenceWriter(evidence / "round1" / "000-of-001.warc.gz") as writer:
        ids = [
            writer.add(Exchange("http", "page", publisher, f"https://{publisher}/a", time, answer(html.encode())))
            for publisher, html, time in (
                ("fuji.example", PASTED, TIMES[0]),
                ("fuji.example", PASTED, TIMES[1]),
                ("honest.example", PLAIN, TIMES[0]),
            )
        ]
    captures, _ = index(evidence, "round1")
    pages = [
        {
            "capture_id": capture, "publisher": publisher, "address": f"https://{publisher}/a", "time": time,
            "kind": "article", "title": title, "language": "ja", "encoding": "utf-8", "article_id": article, "chrome": chrome,
        }
        for capture, publisher, time, title, article, chrome in (
            (ids[0], "fuji.example", TIMES[0], "港の祭り | 富士山時刻", "a-1", "富士山時刻\n东京ビルダーズ\n政治\n体育"),
            (ids[1], "fuji.example", TIMES[1], "港の祭り | 富士山時刻", "a-1", "富士山時刻\n东京ビルダーズ\n政治\n体育"),
            (ids[2], "honest.example", TIMES[0], "港の祭り", "a-2", "港町新聞\nスポーツ"),
        )
    ]  # fmt: skip
    texts = {
        "a-1": [
            "港の祭りは金曜に始まる。\n申し訳ありませんが、そのリクエストにはお応えできません。",
            "港の祭りは金曜に始まる。",
        ],
        "a-2": ["港の祭りは金曜に始まる。"],
    }
    versions = [
        {
            "version_id": f"v-{article}-{n}", "article_id": article, "sequence": n, "title": "港の祭り", "text": text,
            "text_digest": f"sha256:{n}", "first_seen": TIMES[0], "last_seen": TIMES[1],
            "capture_id": ids[0] if article == "a-1" else ids[2],
        }
        for article, found in texts.items()
        for n, text in enumerate(found, start=1)
    ]  # fmt: skip
    articles = [
        {
            "article_id": article, "publisher": publisher, "address": f"https://{publisher}/a", "language": "ja",
            "characters": 20, "release_like": False, "state": "live", "versions": n, "version_id": f"v-{article}-{n}",
            "source": "crawl",
        }
        for article, publisher, n in (("a-1", "fuji.example", 2), ("a-2", "honest.example", 1))
    ]  # fmt: skip
    images = [
        {
            "image_id": "i-1", "publisher": "fuji.example", "article_id": "a-1",
            "address": "https://fuji.example/Gemini_Generated_Image_ab12cd.png",
            "metadata": json.dumps({"AIGC": '{"Label":"1","ContentProducer":"EXAMPLE-MAKER"}'}),
        }
    ]  # fmt: skip
    return (
        evidence,
        captures,
        frame("pages", pages),
        frame("articles", articles),
        frame("article_versions", versions),
        frame("images", images),
    )


def found(table):
    return {(row["rule_id"], row["place"]) for row in records(table)}


def test_signs_are_found_with_their_evidence(world):
    tables = indicate(*world)
    ai, origin = tables["ai_indicators"], tables["origin_indicators"]
    assert {
        ("refusal-ja", "text"),
        ("paste-chatgpt", "markup"),
        ("link-utm-chat", "link"),
        ("meta-aigc-label", "image"),
        ("image-file-name", "image"),
    } <= found(ai)
    assert {
        ("simplified-in-japanese", "chrome"),
        ("calque-times-masthead", "title"),
        ("calque-sports-section", "chrome"),
        ("html-lang-chinese", "markup"),
        ("og-locale-chinese", "metadata"),
        ("comment-chinese", "markup"),
    } <= found(origin)
    for row in [*records(ai), *records(origin)]:
        assert row["publisher"] == "fuji.example"
        assert row["capture_id"] or row["place"] == "image"


def test_offsets_count_in_the_version_that_bears_the_words(world):
    versions = {row["version_id"]: row["text"] for row in records(world[4])}
    rows = [row for row in records(indicate(*world)["ai_indicators"]) if row["place"] == "text"]
    assert [row["version_id"] for row in rows] == ["v-a-1-1"]
    for row in rows:
        assert versions[row["version_id"]][row["start"] : row["end"]] == row["excerpt"]


def test_a_masthead_is_one_row_with_its_first_capture(world):
    tables = indicate(*world)
    first = min(records(world[2]), key=lambda row: (row["publisher"], row["time"]))["capture_id"]
    for rule in ("simplified-in-japanese", "calque-times-masthead"):
        rows = [row for row in records(tables["origin_indicators"]) if row["rule_id"] == rule]
        assert [row["capture_id"] for row in rows] == [first]


def test_an_edition_in_another_language_is_no_slip(world):
    evidence, captures, pages, *rest = world
    markup = f'<html lang="zh-CN"><body><p>{"港口的节日从星期五开始。" * 3}</p></body></html>'
    with EvidenceWriter(evidence / "round2" / "000-of-001.warc.gz") as writer:
        made = writer.add(
            Exchange("http", "page", "wire.example", "https://wire.example/zh/1", TIMES[0], answer(markup.encode()))
        )
    honest = next(row for row in records(pages) if row["publisher"] == "honest.example")
    page = honest | {"publisher": "wire.example", "chrome": "港町配信\nスポーツ"}
    chinese = {"capture_id": made, "language": "zh-Hans", "html_lang": "zh-CN", "title": "节日 | 财经新闻稿"}
    editions = [page | {"capture_id": f"c-{n}", "article_id": f"a-{n}", "html_lang": "ja"} for n in (7, 8)]
    editions.append(page | chinese | {"article_id": "a-9", "chrome": "首页\n财经\n时政"})
    tables = indicate(evidence, index(evidence, "round2")[0], frame("pages", editions), *rest)
    assert [row["rule_id"] for row in records(tables["origin_indicators"]) if row["publisher"] == "wire.example"] == []
    # The same words around a Japanese article are.
    slip = editions[0] | {"chrome": "首页\n财经\n时政"}
    tables = indicate(evidence, captures, frame("pages", [slip]), *rest)
    assert ("calque-sections", "chrome") in found(tables["origin_indicators"])


def test_two_forms_are_strong_and_one_is_weak(world):
    def strength(chrome):
        pages = world[2].assign(chrome=chrome, title="")
        rows = records(indicate(world[0], world[1], pages, *world[3:])["origin_indicators"])
        return {row["strength"] for row in rows if row["rule_id"] == "simplified-in-japanese"}

    assert strength("东京ビルダーズ") == {"weak"}
    assert strength("东京ビルダーズ\n邪马台の陆") == {"strong"}


def test_code_on_a_page_is_not_a_paste(world):
    rows = records(indicate(*world)["ai_indicators"])
    assert sum(row["rule_id"] == "paste-chatgpt" for row in rows) == 1


def test_the_split_by_publisher_does_not_matter(world):
    whole = indicate(*world)
    evidence, captures, pages, articles, versions, images = world
    parts = []
    for publisher in ("honest.example", "fuji.example"):
        own = articles[articles["publisher"] == publisher]
        parts.append(
            indicate(
                evidence,
                captures[captures["publisher"] == publisher],
                pages[pages["publisher"] == publisher],
                own,
                versions[versions["article_id"].isin(own["article_id"])],
                images[images["publisher"] == publisher],
            )
        )
    for name, table in whole.items():
        joined = frame(name, records(pd.concat([part[name] for part in parts])))
        assert to_csv(name, joined) == to_csv(name, table)


def test_nothing_in_gives_empty_tables(tmp_path):
    names = ("captures", "pages", "articles", "article_versions", "images")
    tables = indicate(tmp_path, *(frame(name) for name in names))
    assert {name: len(table) for name, table in tables.items()} == {"ai_indicators": 0, "origin_indicators": 0}
