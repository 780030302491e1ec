"""A site's own files: sellers, plugins, sitemaps, icons; and that no input is too much for them."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from wiretrace.read.feeds import of_wordpress
from wiretrace.read.observations import account_of
from wiretrace.read.page_rules import source_hits, text_hits
from wiretrace.read.records import of_dns, of_rdap, of_tls
from wiretrace.read.site_files import (
    difference_hash,
    of_ads_txt,
    of_sellers,
    of_sitemap,
    of_wordpress_root,
    shodan_hash,
)


def picture(size: int, quality: int) -> bytes:
    image = Image.new("RGB", (200, 200), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 30, 120, 150), fill="navy")
    draw.rectangle((110, 20, 180, 90), fill="orange")
    draw.line((0, 190, 199, 110), fill="black", width=9)
    stream = io.BytesIO()
    image.resize((size, size)).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def test_icon_hashes() -> None:
    # The second value is that of mmh3.hash(base64.encodebytes(b"harbour")), mmh3 5.3.
    assert (shodan_hash(b""), shodan_hash(b"harbour")) == (0, 1120878764)
    assert -(2**31) <= shodan_hash(bytes(range(256)) * 9) < 2**31
    near = bin(int(difference_hash(picture(200, 90)), 16) ^ int(difference_hash(picture(64, 40)), 16)).count("1")
    assert near <= 6
    assert difference_hash(b"no picture") == ""
    plain = io.BytesIO()
    Image.new("RGB", (50, 50), "red").save(plain, "PNG")
    assert difference_hash(plain.getvalue()) == ""


def test_managers_and_sellers() -> None:
    text = "# x\nMANAGERDOMAIN=ads.example, JP\nOwnerDomain = quay.example\nads.example, 7, DIRECT\n, , DIRECT\n"
    found = of_ads_txt(text)
    assert [(s.kind, s.value) for s in found] == [
        ("manager_domain", "ads.example"),
        ("owner_domain", "quay.example"),
        ("ads_txt", "ads.example, 7, DIRECT"),
    ]
    assert [text[s.start : s.end] for s in found] == text.split("\n")[1:4]
    sellers = {"contact_email": "Desk@quay.example", "contact_address": "1 Quay Street", "sellers": []}
    assert {(s.kind, s.value) for s in of_sellers(json.dumps(sellers))} == {
        ("contact_email", "desk@quay.example"),
        ("contact_address", "1 Quay Street"),
    }
    assert of_sellers('{"contact_email": "a@b.example"}') == of_sellers("[]") == []


def test_wordpress_root_and_sitemap() -> None:
    root = json.dumps({"namespaces": ["wp/v2", "oembed/1.0", "quay-share/v1"], "timezone_string": "Asia/Tokyo"})
    assert [(s.kind, s.value) for s in of_wordpress_root(root)] == [
        ("wp_namespace", "quay-share/v1"),
        ("time_zone", "Asia/Tokyo"),
    ]
    index = "<sitemapindex><sitemap><loc>https://quay.example/post-sitemap2.xml</loc></sitemap></sitemapindex>"
    assert [s.value for s in of_sitemap(index)] == ["post-sitemap#.xml"]
    assert of_sitemap("<urlset></urlset>") == []


@pytest.mark.parametrize(
    ("address", "account"),
    [
        ("https://twitter.com/HarbourDaily", "@harbourdaily"),
        ("https://www.facebook.com/harbour.daily/?ref=x", "facebook.com/harbour.daily"),
        ("//t.me/harbour", "t.me/harbour"),
        ("https://www.youtube.com/channel/UCabc", "youtube.com/channel/UCabc"),
        ("https://www.linkedin.com/company/Harbour/", "linkedin.com/company/harbour"),
        ("https://twitter.com/intent/tweet?text=x", ""),
        ("https://www.facebook.com/sharer/sharer.php?u=x", ""),
        ("https://facebook.com.quay.example/harbour", ""),
        ("https://nottwitter.com/harbour", ""),
        ("https://quay.example/twitter.com/harbour", ""),
    ],
)
def test_accounts(address: str, account: str) -> None:
    assert account_of(address) == account


PIECES = ["UA-", "10203040", "-1", "G-", "GTM-", "ca-pub-", "ca-host-pub-", "setSiteId", "'", '"', "7", ",", "=", "://", "hm.baidu.com/hm.js?", "0" * 32, "沪ICP备", "号", "tag=", "/wp-content/themes/", "author", "VAT No: ", "DE123456789", "Amtsgericht ", "HRB 1", "\n", " ", "会社名：", "みなと", "x" * 90, "OWNERDOMAIN=", "a.example", ", ", "DIRECT"]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=80))
def test_any_page_is_searched_and_places_are_right(pieces: list[str]) -> None:
    text = "".join(pieces)
    for _, hit in (*source_hits(text), *text_hits(text)):
        assert 0 <= hit.start < hit.end <= len(text)
    of_ads_txt(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_looked_at(body: bytes) -> None:
    of_tls(b"-----BEGIN CERTIFICATE-----" + body + b"-----END CERTIFICATE-----")
    of_rdap(body)
    of_dns(body.decode("utf-8", "replace"))
    difference_hash(body)


@pytest.mark.parametrize(
    "piece",
    [
        "UA-",
        "G-",
        "ca-pub-",
        "setSiteId",
        "/author/",
        "plugins/",
        "amazon.com/tag=",
        "//a/a/a/",
        "c2",
        "_comscore.push({",
    ],
)
def test_a_page_of_literals_is_bounded(piece: str) -> None:
    assert len(list(source_hits(piece * 60_000))) <= 40


def test_an_author_of_wordpress_is_named_without_what_is_no_character() -> None:
    users = [{"slug": slug, "avatar_urls": {}} for slug in ("Ann\ud800", "\udfff", "bob")]
    assert of_wordpress(json.dumps(users).encode()) == ({}, ["ann", "bob"])


def test_names_of_wordpress_are_written_without_what_is_no_character() -> None:
    spaces = ["wp/v2", "\ud800", "pumps/v1\udfff", "oembed/1.0"]
    assert [seen.value for seen in of_wordpress_root(json.dumps({"namespaces": spaces}))] == ["pumps/v1"]
