"""Captured pages laid out again: the words stay, nothing that acts does."""

from __future__ import annotations

from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wiretrace.narrate.pages import Cited
from wiretrace.narrate.rendering import ATTRIBUTES, KEPT, MOST_ELEMENTS, render

PIECES = [
    "<script>alert(1)</script>", "<svg onload=alert(1)><script>x</script><a xlink:href='javascript:x'>", "<img src=http://a.test/x onerror=x>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'>", "<a href='javascript:x'>", "</a>",
    "<form action=http://a.test><input name=q><button>", "<textarea></p>", "</textarea>", "<iframe srcdoc='<script>x</script>'>", "<noscript><p title='</noscript><img src=x onerror=x>'>",
    "<style>@import url(http://a.test)</style>", "<p style='background:url(http://a.test)' onclick=x id=marked class=image>", "<base href=http://a.test>",
    "<meta http-equiv=refresh content='0;url=http://a.test'>", "<link rel=stylesheet href=http://a.test>", "<object data=x>", "<template><script>x</script>",
    "<!--", "-->", "<![CDATA[", "]]>", "&#x202e;", "&lt;script&gt;", "<td colspan=2>", "words", "言葉", "<b>", "</b>", "<mark>", "\x00", "<xmp>", "<plaintext>",
]  # fmt: skip


@example("<xmp>words")
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=150, deadline=None)
def test_nothing_is_left_that_acts_or_fetches(source: str) -> None:
    made = render("<body>" + source, [Cited("words"), Cited("言葉")])
    if made is None:
        return
    allowed = set().union(*ATTRIBUTES.values())
    soup = BeautifulSoup(str(made.body), "html.parser")
    for tag in soup.find_all(True):
        assert tag.name in KEPT
        assert set(tag.attrs) <= allowed
    assert "\u202e" not in soup.get_text()
    assert len(soup.select("#marked")) == made.marked


def test_words_are_marked_across_elements_and_the_first_is_where_to_go() -> None:
    made = render(
        "<header>東京<b>湾</b>\n時報</header><p>one <i>two</i> three</p><a href='http://a.test/'>more</a>",
        [Cited("東京湾 時報"), Cited("two three")],
    )
    assert made is not None
    soup = BeautifulSoup(str(made.body), "html.parser")
    assert "".join(mark.get_text() for mark in soup.select("header mark")) == "東京湾\n時報"
    assert [mark.get_text() for mark in soup.select("p mark")] == ["two", " three"]
    assert soup.select("mark")[0]["id"] == "marked" and len(soup.select("[id]")) == 1
    assert soup.select_one("span.link").get_text() == "more"  # type: ignore[union-attr]


def test_images_are_told_by_their_text_and_marks_of_the_page_are_not_ours() -> None:
    made = render("<p><mark>loud</mark> <img src=http://a.test/x alt='<b>A quay'> quiet</p>", [Cited("quiet")])
    assert made is not None
    assert "[image: &lt;b&gt;A quay]" in made.body
    assert made.body.count("<mark") == 1


def test_a_page_without_words_or_of_too_many_elements_is_not_laid_out() -> None:
    assert render("", []) is None
    assert render("<p> </p>", []) is None
    assert render("<p>x" * (MOST_ELEMENTS + 1), []) is None
