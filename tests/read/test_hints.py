"""CSS selectors that a user gives for pages that defeat the extractors."""

from __future__ import annotations

import pytest

from wiretrace.config import Read, load
from wiretrace.errors import UserError
from wiretrace.read.pages import Content, read_content

PAGE = """<html><head><title>Harbour Post</title></head><body><ul><li><a href=/a>News</a><li><a href=/b>Sport</a></ul>
<table><tr><td><b class=hl>Crane falls into the basin</b><span class=who>M. Rivet</span><i class=when title=x>5 March 2024</i>
<div class=cell><a href=/x>The crane fell at noon.</a></div><div class=cell>Nobody was hurt.</div></td></tr></table>
<p>Harbour Post is read by everyone who works in the harbour and by many who do not.</p></body></html>"""


def content(**hint: str) -> Content:
    limits = Read.model_validate({"hints": {"post.example": hint}} if hint else {})
    return read_content(PAGE.encode(), (), "https://post.example/7", "post.example", "2024-03-10T00:00:00Z", limits)


def test_selectors_say_where_the_article_is() -> None:
    found = content(text=".cell", title=".hl", author=".who", date=".when")
    assert found.kind == "article"
    assert found.article.text == "The crane fell at noon.\nNobody was hurt."
    assert (found.title, found.article.byline, found.article.method) == (
        "Crane falls into the basin",
        "M. Rivet",
        "hint",
    )
    assert ("visible", "published", "5 March 2024") in {(c.source, c.event, c.stated.value) for c in found.clocks}
    assert "The crane fell" not in found.chrome
    assert "read by everyone" in found.chrome


def test_a_selector_that_finds_nothing_changes_nothing() -> None:
    assert content(text=".gone", title=".gone") == content()


@pytest.mark.parametrize("selector", ["div..", "[", "p:::first", "a >"])
def test_a_bad_selector_is_told_in_one_line(selector: str) -> None:
    with pytest.raises(UserError, match=r"read\.hints\.post\.example\.text: .* not a CSS selector") as told:
        load({"investigation": "t", "read": {"hints": {"post.example": {"text": selector}}}})
    assert "\n" not in str(told.value)


def test_a_mistyped_key_is_told() -> None:
    with pytest.raises(UserError, match=r"texxt.*did you mean text"):
        load({"investigation": "t", "read": {"hints": {"post.example": {"texxt": "p"}}}})
