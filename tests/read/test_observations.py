"""What a page shows of who runs it, and what it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wiretrace.read.markup import Markup, parse
from wiretrace.read.shape import fingerprint
from wiretrace.read.site_files import of_ads_txt

BASE = "https://minato.example"
Page = Callable[..., str]


def seen(archive: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in archive.read()["observations"]:
        found.setdefault(row["kind"], []).append(row["value"])
    return {kind: sorted(values) for kind, values in found.items()}


def test_marks_of_a_page(archive: Any, page: Page) -> None:
    head = (
        '<link rel="stylesheet" href="https://cdn.shared.example/wp-content/themes/Harbour/style.css">'
        '<script src="/wp-content/plugins/harbour-share/a.js"></script><meta name="generator" content="WordPress 6.5">'
        '<meta name="google-site-verification" content="AbC123"><meta property="og:locale" content="zh_CN">'
        "<script>gtag('config','G-1A2B3C4D5E');var host='ca-host-pub-2644536267352236';</script>"
        "<!-- 港湾グループの内部テンプレート --><!-- wp:paragraph --><!--[if IE]> x <![endif]-->"
    )
    archive.http(f"{BASE}/a/1", page(head=head), headers={"Server": "nginx/1.24"})
    found = seen(archive)
    assert found["ga4"] == ["G-1A2B3C4D5E"]
    assert "adsense" not in found
    assert (found["theme"], found["plugin"], found["generator"]) == (["harbour"], ["harbour-share"], ["WordPress 6.5"])
    assert found["site_verification"] == ["google:AbC123"]
    assert found["locale"] == ["html:ja", "og:zh-cn"]
    assert found["asset_host"] == ["cdn.shared.example"]
    assert found["html_comment"] == ["港湾グループの内部テンプレート"]
    assert found["menu"] == ["スポーツ | 地域 | 財经 | 連絡先 | 首页".replace("財经", "财经")]
    assert found["server"] == ["nginx/1.24"]


def test_a_releases_contact_is_not_the_sites(archive: Any, page: Page) -> None:
    body = (
        "みなと設備は本日、静かに回る新しい揚水ポンプを発表し、来月から全国の港で使えるようにすると明らかにしました。",
    )
    after = "<p>会社名：株式会社みなと設備</p><p>Media contact: press@customer.example</p><p>電話：03-0000-1111</p>"
    shown = page(body=body, after=after).replace(
        "无断转载禁止", "无断转载禁止 Mail: desk@minato.example 沪ICP备10203040号-2"
    )
    archive.http(f"{BASE}/a/1", shown)
    found = seen(archive)
    assert found["contact_email"] == ["desk@minato.example"]
    assert found["icp"] == ["沪ICP备10203040号-2"]
    assert "company_name" not in found and "contact_phone" not in found


def test_an_imprint_says_who_runs_it(archive: Any) -> None:
    archive.http(
        f"{BASE}/about/",
        "<html><title>運営者情報</title><body><h1>運営者情報</h1><table><tr><th>運営会社</th><td>株式会社みなと新聞</td></tr>"
        "<tr><th>住所</th><td>港町1丁目2番3号</td></tr><tr><th>電話</th><td>03-0000-1234</td></tr></table></body></html>",
    )
    found = seen(archive)
    assert found["company_name"] == ["株式会社みなと新聞"]
    assert found["contact_address"] == ["港町1丁目2番3号"]
    assert found["contact_phone"] == ["0300001234"]


def test_the_same_value_is_one_row_over_time(archive: Any, page: Page) -> None:
    head = "<meta name='generator' content='X 1'>"
    archive.http(f"{BASE}/a/1", page(head=head))
    archive.http(
        f"{BASE}/a/2", page("港の灯台に新しい光がともる", head=head), "2024-04-10T00:00:00Z", snapshot="round2"
    )
    (row,) = [row for row in archive.read()["observations"] if row["kind"] == "generator"]
    assert (row["first_seen"], row["last_seen"]) == ("2024-03-10T00:00:00Z", "2024-04-10T00:00:00Z")
    assert row["snapshots"] == "round1 round2"


def test_icons_and_their_etags(archive: Any, page: Page) -> None:
    archive.http(f"{BASE}/a/1", page(head='<link rel="shortcut icon" href="/i.png">'))
    image = {"Content-Type": "image/png", "ETag": 'W/"65f0c2aa-1f2"'}
    archive.http(f"{BASE}/i.png", b"\x89PNG icon", purpose="asset", headers=image)
    archive.http(f"{BASE}/other.png", b"\x89PNG other", purpose="image", headers=image)
    found = seen(archive)
    assert len(found["favicon"]) == 1 and found["favicon"][0].startswith("sha256:")
    assert found["etag"] == ["65f0c2aa-1f2"]


def test_ads_txt() -> None:
    text = "google.com, pub-1020304050607080, DIRECT, f08c47fec0942fa0 # own\nother.example, 9, RESELLER\nOWNERDOMAIN=Harbour.example\nbroken\n"
    assert [(s.kind, s.value) for s in of_ads_txt(text)] == [
        ("ads_txt", "google.com, pub-1020304050607080, DIRECT"),
        ("owner_domain", "harbour.example"),
    ]
    assert of_ads_txt("<html>google.com, pub-1, DIRECT</html>") == []


def test_a_template_has_one_fingerprint_whatever_it_holds(page: Page) -> None:
    def of(html: str) -> str:
        tree = parse(html)
        assert tree is not None
        return fingerprint(Markup(tree, "https://news.example/a"))

    other = page("港の灯台に新しい光がともる", body=("一つだけの段落です。",), site="別の新聞")
    assert of(page()) == of(other) != ""
    assert of(page().replace('class="post"', 'class="entry"')) != of(other)
    assert of("<p class=a>x</p>") == ""
