"""What bounds single steps: combining marks, JSON's nesting, time elements of one block, references in feeds."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from wiretrace.config import Read
from wiretrace.given import json_of
from wiretrace.read.feeds import of_list, text_of
from wiretrace.read.pages import read_content
from wiretrace.read.text import MOST_PIECES, MOST_WORDS, nfc, squeezed, words_of


def test_a_million_combining_marks_are_thirty() -> None:
    assert squeezed("e" + "\u0323\u0301" * 500_000 + " x") == unicodedata.normalize(
        "NFC", "e" + "\u0323\u0301" * 15 + " x"
    )


@given(
    st.text(alphabet="e\u0301\u0323港が\u3099 a", max_size=28).map(lambda text: text * 20 if len(text) < 20 else text)
)
def test_what_is_written_is_normalised_as_unicode_says(text: str) -> None:
    if not any(unicodedata.combining(character) for character in text):
        assert nfc(text) == unicodedata.normalize("NFC", text)
    assert nfc(nfc(text)) == nfc(text)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000, "[" * 101 + "]" * 101, '["]",' * 101])
def test_json_that_is_nested_too_deep_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"nested|delimiter|Expecting"):
        json_of(text)


def test_json_is_read_to_the_same_depth_wherever_it_is_called() -> None:
    text = "[" * 100 + '"[[[[\\"[["' + "]" * 100

    def below(depth: int) -> object:
        return below(depth - 1) if depth else json_of(text)

    assert below(0) == below(sys.getrecursionlimit() // 2) == json.loads(text)


def test_lines_of_dates_in_one_block_take_no_time_by_the_square() -> None:
    line = "2024-01-01<time datetime='2024-01-02'>2024-01-01</time><br>"
    html = f"<title>Crane falls at noon</title><h1>Crane falls at noon</h1>{line * 2_000}<p>{'The crane fell at noon. ' * 9}"
    found = read_content(html.encode(), [], "https://post.example/7", "post.example", "2024-03-10T00:00:00Z", Read())
    assert found.kind in ("article", "other")


@pytest.mark.parametrize("reference", ["&#xD800;", "&#55296;", "&#xdfff;", "&#x0000DC00;", "&#99999999999;", "&#0;"])
def test_a_feed_may_name_characters_that_there_are_not(reference: str) -> None:
    feed = (
        f"<rss xmlns:x='http://{reference}'><channel><x:item><title>{reference}</title><link>https://post.example/1</link>"
        f"<pubDate a='{reference}'>Tue, 05 Mar 2024 10:00:00 +0900</pubDate></x:item></channel></rss>"
    )
    assert all(address.isascii() for address in of_list(text_of(feed.encode()), "https://post.example/feed"))


@pytest.mark.parametrize(
    ("codec", "title"),
    [
        ("euc_jp", "港のクレーンが倒れた。"),
        ("cp932", "港のクレーンが倒れた。"),
        ("utf-16", "港のクレーンが倒れた。"),
        ("gb18030", "港口的起重机在中午倒下，没有人受伤。"),
    ],
)
def test_a_feed_in_another_charset_than_it_says_is_read(codec: str, title: str) -> None:
    feed = (
        f"<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>{title * 9}</title><link>https://post.example/港</link>"
        "<pubDate>Tue, 05 Mar 2024 10:00:00 +0900</pubDate></item></channel></rss>"
    )
    assert list(of_list(text_of(feed.encode(codec)), "https://post.example/feed")) == ["https://post.example/%E6%B8%AF"]


def test_a_heading_is_read_so_far_whatever_stands_in_it() -> None:
    """Hundreds of headings one in the other were each read to the end of the page: ten seconds."""
    inner = fromstring("<h1>" + "<b>pump </b>" * MOST_PIECES + "</h1>")
    assert words_of(inner) == squeezed("pump " * MOST_PIECES)
    assert len(words_of(fromstring("<h1>" + "pump " * MOST_WORDS + "<b>x</b></h1>"))) <= MOST_WORDS


def test_an_entry_within_an_entry_keeps_its_own_dates() -> None:
    """A sitemap with an end tag lost: each entry was given all that stand inside of it, in time by their square."""
    entry = "<url><loc>https://a.example/{0}</loc><lastmod>2024-03-{0}</lastmod>"
    found = of_list(f"<urlset>{entry.format('05')}{entry.format('06')}</url></url></urlset>", "https://a.example/")
    dates = {address: [clock.stated.value for clock in clocks] for address, clocks in found.items()}
    assert dates == {"https://a.example/05": ["2024-03-05"], "https://a.example/06": ["2024-03-06"]}
