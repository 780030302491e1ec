"""From an archive to tables: what somebody who reads the tables relies on."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wiretrace import schema
from wiretrace.errors import UserError

BASE = "https://minato.example"
Page = Callable[..., str]


def one(rows: list[dict[str, Any]], **wanted: str) -> dict[str, Any]:
    (row,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return row


def test_an_article_and_its_page(archive: Any, page: Page) -> None:
    archive.http(f"{BASE}/a/1", page())
    tables = archive.read()
    (article,) = tables["articles"]
    assert (article["publisher"], article["address"]) == ("minato.example", f"{BASE}/a/1")
    assert article["title"] == "水道管の更新計画を可決"
    assert (article["language"], article["state"], article["source"], article["versions"]) == ("ja", "live", "crawl", 1)
    (version,) = tables["article_versions"]
    assert version["text"].split("\n")[0].startswith("港湾都市の市議会は三日")
    assert len(version["text"].split("\n")) == 3
    (read,) = tables["pages"]
    assert (read["kind"], read["article_id"], read["html_lang"]) == ("article", article["article_id"], "ja")
    chrome = read["chrome"].split("\n")
    assert {"港湾日報", "首页", "财经", "公開：2024年3月5日 10:00", "© 2024 港湾日報 无断转载禁止"} <= set(chrome)
    assert not set(chrome) & set(version["text"].split("\n"))
    (publisher,) = tables["publishers"]
    assert (publisher["role"], publisher["kind"], publisher["languages"]) == ("unlisted", "domain", "ja")


@pytest.mark.parametrize(("pages", "name"), [(3, "港湾日報"), (2, "")])
def test_a_site_that_states_no_name_is_called_as_its_titles_end(
    archive: Any, page: Page, pages: int, name: str
) -> None:
    titles = ("水道管の更新計画を可決", "港の灯台に新しい光がともる", "図書館の夜間開館が始まる")
    for number, title in enumerate(titles[:pages]):
        archive.http(f"{BASE}/a/{number}", re.sub('<meta property="og:site_name"[^>]*>', "", page(title)))
    tables = archive.read()
    assert sorted(article["title"] for article in tables["articles"]) == sorted(titles[:pages])
    assert tables["publishers"][0]["name"] == name


def test_two_forms_of_an_address_are_one_article(archive: Any, page: Page) -> None:
    archive.http("http://www.minato.example/a/1", page())
    archive.http(f"{BASE}/a/1/", page())
    archive.http(f"{BASE}/amp/a/1", page(head=f'<link rel="canonical" href="{BASE}/a/1/">'))
    (article,) = archive.read()["articles"]
    assert article["address"] == f"{BASE}/a/1/"


def test_a_canonical_address_that_all_pages_share_is_not_believed(archive: Any, page: Page) -> None:
    for number, title in enumerate(
        ("水道管の更新計画を可決", "港の灯台に新しい光がともる", "図書館の夜間開館が始まる")
    ):
        archive.http(f"{BASE}/a/{number}", page(title, head=f'<link rel="canonical" href="{BASE}/a/0">'))
    archive.http(f"{BASE}/b/1", page("別の見出しの記事がある", head=f'<link rel="canonical" href="{BASE}/">'))
    archive.http(
        f"{BASE}/b/2", page("よその記事を写した記事", head='<link rel="canonical" href="https://other.example/x">')
    )
    assert len(archive.read()["articles"]) == 5


def test_versions_over_two_rounds(archive: Any, page: Page) -> None:
    body = (
        "一行目の段落はそのまま残り、来月の会議で市が詳しく説明する予定です。",
        "二行目の段落はあとで書き換えられ、数字も変わりました。",
    )
    changed = (body[0], "二行目の段落は書き換えられ、数字が大きくなりました。")
    archive.http(f"{BASE}/a/1", page(body=body), "2024-03-10T00:00:00Z")
    archive.http(f"{BASE}/a/1", page(body=changed), "2024-04-10T00:00:00Z", snapshot="round2")
    tables = archive.read()
    first, second = sorted(tables["article_versions"], key=lambda v: v["sequence"])
    assert (first["ended"], second["ended"]) == ("edited", "")
    assert (first["first_seen"], first["last_seen"]) == ("2024-03-10T00:00:00Z", "2024-03-10T00:00:00Z")
    assert second["kept"] + second["added"] == len(second["text"])
    assert second["kept"] + second["removed"] == len(first["text"])
    assert tables["articles"][0]["version_id"] == second["version_id"]
    assert tables["articles"][0]["characters"] == len(second["text"])


@pytest.mark.parametrize(
    ("end", "state"),
    [
        ({"status": 404, "body": "<html><title>404</title>gone</html>"}, "deleted"),
        ({"status": 410, "body": ""}, "deleted"),
        ({"status": 503, "body": "busy"}, "unreachable"),
        ({"status": 302, "body": "", "headers": {"Location": "/"}}, "redirected"),
        ({"body": "<html><title>お探しのページは見つかりませんでした</title><body><h1>お探しのページは見つかりませんでした</h1></body>"}, "deleted"),
        ({"body": "<html><body><p>This domain is for sale.</p><p>Inquire about this domain</p></body></html>"}, "parked"),
    ],
)  # fmt: skip
def test_what_became_of_an_article(archive: Any, page: Page, end: dict[str, Any], state: str) -> None:
    archive.http(f"{BASE}/a/1", page())
    archive.http(f"{BASE}/a/1", time="2024-04-10T00:00:00Z", snapshot="round2", **end)
    tables = archive.read()
    assert [a["state"] for a in tables["articles"]] == [state]
    assert [v["ended"] for v in tables["article_versions"]] == [state]


def test_lookups_without_a_capture_tell_the_state_and_decisions_do_not(archive: Any, page: Page) -> None:
    archive.http(f"{BASE}/a/1", page())
    archive.http(f"{BASE}/a/2", page("港の灯台に新しい光がともる"))
    archive.failed(f"{BASE}/a/1", "could_not_look", "2024-04-10T00:00:00Z")
    archive.failed(f"{BASE}/a/2", "not_looked", "2024-04-10T00:00:00Z")
    states = {a["address"]: a["state"] for a in archive.read()["articles"]}
    assert states == {f"{BASE}/a/1": "unreachable", f"{BASE}/a/2": "live"}


def test_an_article_about_missing_pages_is_an_article(archive: Any, page: Page) -> None:
    body = ("「お探しのページは見つかりませんでした」という表示が増えていると、市の図書館が調べをまとめました。",) * 2
    archive.http(
        f"{BASE}/a/1",
        page(
            "ページが見つかりません、が増えている",
            body=(*body, "調べは三年かけて行われ、古い資料ほど失われていました。"),
        ),
    )
    assert archive.read()["articles"][0]["state"] == "live"


def test_only_a_web_archive_has_it(archive: Any, page: Page) -> None:
    archive.http(
        f"{BASE}/a/1",
        page(),
        "2024-05-01T00:00:00Z",
        purpose="archive_page",
        route="web_archive",
        original_time="2024-03-06T01:02:03Z",
    )
    archive.http(f"{BASE}/a/1", "", "2024-05-01T00:00:00Z", status=404)
    index = '[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],["k","20240305235959","https://minato.example/a/1","text/html","200","X","1"],["k","20230101000000","https://minato.example/a/1","text/html","404","X","1"]]'
    archive.http(
        f"{BASE}/cdx", index, purpose="archive_index", route="web_archive", headers={"Content-Type": "application/json"}
    )
    tables = archive.read()
    (article,) = tables["articles"]
    assert (article["state"], article["source"], article["first_seen"]) == (
        "archived_only",
        "web_archive",
        "2024-03-06T01:02:03Z",
    )
    assert tables["article_versions"][0]["ended"] == "deleted"
    sightings = {(c["source"], c["earliest"]) for c in tables["clocks"] if c["event"] == "seen"}
    assert sightings == {("web_archive", "2024-03-05T23:59:59Z"), ("web_archive", "2024-03-06T01:02:03Z")}


def test_kinds_of_pages(archive: Any, page: Page) -> None:
    items = "".join(
        f'<li><a href="/a/{n}">水道管の更新計画を市議会が可決した日{n}</a><p>港湾都市の市議会は三日、老朽化した…</p></li>'
        for n in range(5)
    )
    archive.http(f"{BASE}/", f"<html><title>港湾日報</title><body><ul>{items}</ul></body></html>")
    archive.http(
        f"{BASE}/category/local/",
        f"<html><title>地域 | 港湾日報</title><body><h1>地域</h1><ul>{items}</ul></body></html>",
    )
    archive.http(
        f"{BASE}/about/",
        "<html><title>運営者情報</title><body><h1>運営者情報</h1><p>運営会社：株式会社みなと新聞</p></body></html>",
    )
    archive.http(f"{BASE}/p.pdf", b"%PDF-1.4", headers={"Content-Type": "application/pdf"})
    archive.http(f"{BASE}/bad", "<p " + "a=1 " * 2000 + ">")
    kinds = {p["address"].removeprefix(BASE): (p["kind"], p["refused"]) for p in archive.read()["pages"]}
    assert kinds == {
        "/": ("front", ""),
        "/category/local/": ("list", ""),
        "/about/": ("imprint", ""),
        "/p.pdf": ("unreadable", "not HTML: application/pdf"),
        "/bad": ("unreadable", "attributes"),
    }


def test_a_catalogue_lists_outlets_with_prices(archive: Any) -> None:
    rows = "".join(f"<tr><td>Paper {n}</td><td>paper{n}.example</td><td>US${n}5</td></tr>" for n in range(1, 5))
    archive.http(
        "https://seller.example/prices",
        f"<html><title>Packages</title><body><table><tr><th>Outlet</th></tr>{rows}</table></body></html>",
    )
    tables = archive.read()
    assert [(row["outlet"], row["price"]) for row in sorted(tables["outlet_listings"], key=lambda r: r["outlet"])] == [
        (f"paper{n}.example", f"US${n}5") for n in range(1, 5)
    ]
    assert tables["pages"][0]["kind"] == "catalogue"


def test_links_have_a_place(archive: Any, page: Page) -> None:
    body = (
        '港湾都市の市議会は三日、<a href="https://wire.example/r/1">港ワイヤー</a>が配信した発表について話し合いました。',
        "計画では、港に近い三つの地区から順に管を取り替えるとしています。",
        "会議は来月も開かれます。",
    )
    after = '<p class="share"><a href="https://twitter.com/intent/tweet?url=x">共有</a><a href="https://partner.example/">提携サイト</a></p>'
    archive.http(f"{BASE}/a/1", page(body=body, after=after))
    links = {(link["target"], link["place"], link["anchor"]) for link in archive.read()["links"]}
    assert links == {("wire.example", "body", "港ワイヤー"), ("partner.example", "chrome", "提携サイト")}


def test_imported_articles(archive: Any, tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_text(
        'url,title,text,published_at,language\nhttps://old.example/1,A title,"One line.\n\nSecond line.",2022-07-01 09:00,en\n',
        encoding="utf-8",
    )
    archive.http(f"{BASE}/", "<html></html>")
    archive.inputs = {"articles": [str(path)]}
    tables = archive.read()
    article = one(tables["articles"], publisher="old.example")
    assert (article["state"], article["source"], article["language"]) == ("imported", "import", "en")
    version = one(tables["article_versions"], article_id=article["article_id"])
    assert (version["text"], version["capture_id"], version["first_seen"]) == ("One line.\nSecond line.", "", "")
    clock = one(tables["clocks"], article_id=article["article_id"])
    assert (clock["source"], clock["value"], clock["zone"]) == ("import", "2022-07-01 09:00", "unknown")


def test_imported_observations(archive: Any, tmp_path: Path) -> None:
    path = tmp_path / "seen.csv"
    path.write_text(
        "publisher,kind,value,first_seen,last_seen,source\nminato.example,adsense,ca-pub-1020304050607080,2020-01-01,2021,a report\nminato.example,registrant_name,REDACTED FOR PRIVACY,2020-01-01,,a report\n",
        encoding="utf-8",
    )
    archive.http(f"{BASE}/", "<html></html>")
    archive.inputs = {"observations": [str(path)]}
    seen = archive.read()["observations"]
    row = one(seen, kind="adsense")
    assert (row["first_seen"], row["last_seen"], row["source"]) == (
        "2020-01-01T00:00:00Z",
        "2021-12-31T23:59:59Z",
        "import:a report",
    )
    assert one(seen, kind="registrant_name")["state"] == "redacted"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", "address,text\nhttps://x.example/,t\n", "no column 'url'"),
        ("a.csv", "url,text\nnowhere,t\n", "line 2"),
        ("a.csv", "url,text\nhttps://x.example/,\n", "text is empty"),
        ("a.jsonl", '{"url": "https://x.example/"}\n', "no column 'text'"),
        ("a.jsonl", "[1]\n", "one JSON object"),
        ("a.jsonl", "{", "line 1: is no JSON"),
        ("a.jsonl", '{"url": "https://x.example/", "text": "t"}\n' + "[" * 100_000, "line 2: is no JSON"),
        ("a.jsonl", '{"url": "https://x.example/", "text": ["t"]}', "line 1: text must be text"),
        ("a.jsonl", '{"url": "https://x.example/", "text": null}', "line 1: text is empty"),
        ("a.csv", "url,text\nhttps://x.example/,ok\nhttps://x.example/2,one, two\n", "line 3: more cells"),
        ("a.csv", "url,text\nhttps://x.example/,ok\nhttps://x.example/2\n", "line 3: text is empty"),
        ("a.csv", b"\xff\xfe", "is empty"),  # a mark of UTF-16 and nothing behind it
        ("a.csv", b"url,text\n\x93\xfa", "is not UTF-8"),
    ],
)
def test_mistakes_in_imports_are_told_in_one_line(
    archive: Any, tmp_path: Path, name: str, content: str | bytes, words: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    archive.http(f"{BASE}/", "<html></html>")
    archive.inputs = {"articles": [str(path)]}
    with pytest.raises(UserError) as error:
        archive.read()
    assert words in str(error.value) and "\n" not in str(error.value)


def test_a_platform_says_nothing_of_its_accounts(archive: Any, page: Page) -> None:
    head = "<script>gtag('config', 'G-1A2B3C4D5E')</script><meta name='generator' content='Blogware'>"
    archive.http("https://note.com/somebody/n/n0123456789ab", page(head=head), headers={"Server": "nginx"})
    tables = archive.read()
    assert tables["observations"] == []
    assert (tables["publishers"][0]["kind"], tables["publishers"][0]["platform"]) == ("account", "note.com")


@pytest.fixture
def busy(archive: Any, page: Page) -> Any:
    archive.http(
        f"{BASE}/a/1",
        page(head="<meta name='generator' content='X 1'><script src='https://cdn.example/a.js'></script>"),
    )
    archive.http(
        f"{BASE}/a/2", page("港の灯台に新しい光がともる"), headers={"Last-Modified": "Tue, 05 Mar 2024 01:00:00 GMT"}
    )
    archive.http(
        f"{BASE}/a/1",
        page(body=("港湾都市の市議会は三日、計画を見直しました。住民への説明は来月から始まる予定です。",)),
        "2024-04-10T00:00:00Z",
        snapshot="round2",
    )
    archive.http("https://other.example/x", page("よその町の話題をお伝えします"))
    archive.http("https://third.example/", "<html><title>Third</title></html>")
    return archive


def test_order_of_work_does_not_matter(busy: Any) -> None:
    plain, shuffled = busy.tables(), busy.tables(shuffled=True)
    assert {name: schema.to_csv(name, data) for name, data in plain.items()} == {
        name: schema.to_csv(name, data) for name, data in shuffled.items()
    }


def test_shards_add_up_and_nothing_around_us_matters(busy: Any, tmp_path: Path) -> None:
    script = tmp_path / "read.py"
    script.write_text(
        "import sys\nfrom wiretrace import schema\nfrom wiretrace.config import Investigation\n"
        "from wiretrace.evidence import index\nfrom wiretrace.read import publishers_of, read_publishers\n"
        "e, shards = sys.argv[1], int(sys.argv[2])\nboth = [index(e, s) for s in ('round1', 'round2')]\n"
        "c, l = (schema.frame(n, [r for b in both for r in schema.records(b[i])]) for i, n in enumerate(('captures', 'lookups')))\n"
        "i = Investigation(investigation='t')\nnames = publishers_of(c, i)\n"
        "parts = [read_publishers(e, c, l, i, names[k::shards]) for k in range(shards)]\n"
        "for t in parts[0]:\n    sys.stdout.write(schema.to_csv(t, schema.frame(t, [r for p in parts for r in schema.records(p[t])])))\n",
        encoding="utf-8",
    )
    found = {
        subprocess.run(
            [sys.executable, str(script), str(busy.evidence), shards],
            env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C.UTF-8", "PATH": ""},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone, shards in (("1", "Asia/Tokyo", "1"), ("2", "America/New_York", "3"))
    }
    assert len(found) == 1
