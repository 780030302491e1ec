"""What a user says of where one publisher's pages hold their article: CSS selectors in ``read.hints``."""

from __future__ import annotations

from functools import lru_cache

from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from wiretrace.config import Hint
from wiretrace.read.clocks import Clock
from wiretrace.read.markup import Markup
from wiretrace.read.text import words_of
from wiretrace.read.times import parse_time

MOST = 200  # elements of one selector that are taken


def hinted_lines(page: Markup, selector: str) -> list[str]:
    """The blocks that stand in what ``selector`` finds, in the page's order; [] where it finds nothing."""
    boxes = set(_found(page, selector))
    if not boxes:
        return []
    return [
        block.text
        for block in page.blocks_seen
        if block.element in boxes or any(above in boxes for above in block.element.iterancestors())
    ]


def hinted_text(page: Markup, selector: str) -> str:
    """The words of the first element with words that ``selector`` finds, or ''."""
    return next((text for text in (words_of(e) for e in _found(page, selector)) if text), "")


def hinted_clocks(page: Markup, hint: Hint | None) -> list[Clock]:
    """The time that the hinted element states, by its datetime attribute before its words."""
    for element in _found(page, hint.date) if hint else ():
        for value in (element.get("datetime") or element.get("content") or "", words_of(element)):
            stated = parse_time(value)
            if stated:
                return [Clock("visible", "published", stated)]
    return []


def _found(page: Markup, selector: str) -> list[HtmlElement]:
    return list(_compiled(selector)(page.tree))[:MOST] if selector else []


@lru_cache(maxsize=500)
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")
