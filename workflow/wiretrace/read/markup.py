"""One parse of a page, and what its markup says: metadata, JSON-LD, title, visible blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from lxml import etree
from lxml.html import HtmlElement, document_fromstring
from numpy.typing import NDArray

from wiretrace import identity
from wiretrace.given import json_of
from wiretrace.read.blocks import BLOCKS, Block, blocks_of
from wiretrace.read.frames import frames_of
from wiretrace.read.outline import Outline, outline_of
from wiretrace.read.text import squeezed, utf8, words_of

__all__ = ["BLOCKS", "Markup", "owner", "parse", "person_names", "squeezed", "texts", "utf8", "words_of"]

XML = re.compile(rb"\s*<\?xml[^>]{0,400}\?>")
ARTICLE_TYPES = re.compile(
    r"(?:News|Blog|Report|Opinion|Press|Scholarly|Tech|Analysis)?\w*(?:Article|BlogPosting|Posting)"
)
SCRIPT_LIMIT = 300_000  # characters of one JSON-LD script that are read
# One class for every element: lxml.html asks Python for the class of each, and nothing here is a form.
PLAIN = etree.ElementDefaultClassLookup(element=HtmlElement)
COMMENTS = 300  # comments of one page that are looked at
OBJECT_LIMIT = 400  # JSON-LD objects of one page that are looked at
BEHIND = re.compile(r"\s*[^\w\s.,、，。'’\"”」』)）]")  # what parts a headline from what follows it in <title>
# What stands between a headline and the site's name in <title>.
SEPARATOR = re.compile(
    r"\s+[|\-–—·•»«_/:]+\s+|\s*[|｜»«_]\s*|\s*[-–—－]{1,2}\s*(?=[^\s\w]*[\u3040-\u9fff\uac00-\ud7af])"
)


def parse(html: str | bytes) -> HtmlElement | None:
    """The page, text or text in UTF-8, as a tree, comments and processing instructions left out.

    None where there is no element in it.
    """
    source = (utf8(html) if isinstance(html, str) else html).replace(b"\0", b"")
    stated = XML.match(source)
    # Nothing here asks for an element by its id.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(PLAIN)
    try:
        return document_fromstring(source[stated.end() :] if stated else source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


@dataclass(frozen=True)
class Markup:
    """A parsed page and the address that its relative links count from."""

    tree: HtmlElement
    address: str

    @cached_property
    def base(self) -> str:
        """Address that relative links count from: the first base element's, else the page's."""
        found = next((e.get("href") for e in self.every("base") if e.get("href") is not None), None)
        return self.address if found is None else identity.canonical(found, self.address) or self.address

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """Content of meta elements by name, property, itemprop or http-equiv in lower case."""
        found: dict[str, list[str]] = {}
        for element in self.every("meta"):
            content = squeezed(element.get("content") or "")
            names = {element.get(a, "").strip().lower() for a in ("name", "property", "itemprop", "http-equiv")} - {""}
            for name in sorted(names):
                if content:
                    found.setdefault(name, []).append(content)
        return found

    def said(self, *names: str) -> str:
        """First content of the first of these metadata names that has one."""
        meta = self.meta
        for name in names:
            if name in meta:
                return meta[name][0]
        return ""

    @cached_property
    def json_ld(self) -> list[dict[str, Any]]:
        """Every object in the page's JSON-LD, outer before inner, in order."""
        found: list[dict[str, Any]] = []
        for script in (script for script in self.every("script") if "ld+json" in script.get("type", "")):
            text = (script.text or "")[:SCRIPT_LIMIT]
            try:
                found.extend(_objects(json_of(text, strict=False)))
            except ValueError:
                continue
        return found[:OBJECT_LIMIT]

    @cached_property
    def articles(self) -> list[dict[str, Any]]:
        """The JSON-LD objects that state to be an article."""
        return [o for o in self.json_ld if any(ARTICLE_TYPES.fullmatch(t) for t in texts(o.get("@type")))]

    @cached_property
    def site_name(self) -> str:
        """Name that the page gives to its site, or ''."""
        publishers = [name for o in self.articles for name in _names(o.get("publisher"))]
        sites = [n for o in self.json_ld if "WebSite" in texts(o.get("@type")) for n in texts(o.get("name"))]
        return self.said("og:site_name", "application-name") or next(iter([*publishers, *sites]), "")

    @cached_property
    def whole_title(self) -> str:
        """What <title> holds."""
        tags, above = self.outline.tags, self.outline.above
        titles = (n for n in self.outline.places.get("title", ()) if "svg" not in {tags[one] for one in above(n)})
        return next((words_of(self.outline.elements[number]) for number in titles), "")

    @cached_property
    def behind_title(self) -> str:
        """The last of what follows the headline in <title>: as a rule the site's name."""
        rest = self.whole_title[len(self.title) :] if self.title and self.whole_title.startswith(self.title) else ""
        parts = SEPARATOR.split(rest)
        return parts[-1].strip() if not parts[0] else ""

    @cached_property
    def title(self) -> str:
        """The headline without the site's name."""
        whole = self.whole_title
        stated = self.said("og:title", "twitter:title", "dc.title")
        headline = next((t for o in self.articles for t in texts(o.get("headline"))), "")
        h1, h2 = ([t for t in (words_of(e) for e in self.every(tag)) if t] for tag in ("h1", "h2"))
        for number, text in enumerate(h1 + h2[:3]):
            # A headline stands in the title too; one of the second rank must be most of it, or it is a section's.
            shown = text in whole or text in stated or text == headline
            least = 4 if number < len(h1) else max(8, len(whole) // 3)
            if shown and len(text) >= least and text != self.site_name and not _masthead(text, whole, h1 + h2[:3]):
                return text
        # A headline that is marked as none stands by itself somewhere on the page all the same.
        if whole and not (stated or headline):
            own = [b.text for b in self.blocks_seen if not b.linked and len(b.text) >= 8 and whole.startswith(b.text)]
            alone = max(own, key=len, default="")
            if alone and BEHIND.match(whole, len(alone)):
                return alone
        for text in (stated, headline, whole):
            if text:
                return self._without_site(text)
        return h1[0] if h1 else ""

    def _without_site(self, text: str) -> str:
        """``text`` without a first or last part that is the site's name."""
        parts = [p for p in SEPARATOR.split(text) if p]
        if len(parts) < 2:
            return text
        name = self.site_name.casefold()
        if name and parts[-1].casefold() == name:
            return text[: text.rindex(parts[-1])].rstrip(" |｜-–—－·•»«_/:")
        if name and parts[0].casefold() == name:
            return text[len(parts[0]) :].lstrip(" |｜-–—－·•»«_/:")
        return text

    @cached_property
    def outline(self) -> Outline:
        """Every element in order, with what is asked of all of them."""
        return outline_of(self.tree)

    def every(self, *tags: str) -> list[HtmlElement]:
        """The page's elements of ``tags``, in order."""
        return self.outline.every(*tags)

    @cached_property
    def canonical(self) -> str:
        """Address that the page states to be its own (rel=canonical, else og:url), in canonical form, or ''."""
        linked = [e.get("href") or "" for e in self.every("link") if "canonical" in e.get("rel", "").lower().split()]
        stated = next((address for address in (*linked, self.said("og:url")) if address), "")
        return identity.canonical(stated, self.base) if stated else ""

    @cached_property
    def anchors(self) -> list[tuple[HtmlElement, str]]:
        """The page's links, each with its words."""
        return [(a, words_of(a)) for a in self.every("a")]

    @cached_property
    def blocks(self) -> list[str]:
        """Visible text, one block an entry, in the page's order."""
        return [block.text for block in self.blocks_seen]

    @cached_property
    def shown(self) -> str:
        """All visible text, one block a line."""
        return "\n".join(self.blocks)

    @cached_property
    def placed_blocks(self) -> list[tuple[str, HtmlElement]]:
        """(text, innermost block element that it stands in) of each block of visible text, in order."""
        return [(block.text, block.element) for block in self.blocks_seen]

    @cached_property
    def blocks_seen(self) -> list[Block]:
        """Each block of visible text with what the walk over the page saw of it."""
        return blocks_of(self.outline)

    @cached_property
    def frames(self) -> NDArray[np.uint8]:
        """Of each element whether it is a header or a footer of the page, or what they frame."""
        return frames_of(self.outline)

    def comments_of(self, html: str) -> list[str]:
        """The first comments of the page's source ``html``, conditional and very long ones left out."""
        found: list[str] = []
        end = 0
        while len(found) < COMMENTS:
            start = html.find("<!--", end)
            end = html.find("-->", start + 4)
            if start < 0 or end < 0:
                break
            if end - start < 2000 and html[start + 4] != "[":
                found.append(squeezed(html[start + 4 : end]))
        return found


@lru_cache(maxsize=50_000)
def owner(address: str) -> str:
    """Publisher at ``address``, remembered: the pages of one site share most of their links."""
    return identity.publisher_of(address)


def texts(value: Any) -> list[str]:
    """The non-empty strings in a JSON-LD value that may be one string or a list."""
    values = value if isinstance(value, list) else [value]
    return [squeezed(v) for v in values if isinstance(v, str) and v.strip()]


def _masthead(text: str, whole: str, headings: Sequence[str]) -> bool:
    """Whether a heading is the site's name: it ends the <title>, and another heading stands before it there."""
    parts = SEPARATOR.split(whole)
    if len(parts) < 2 or parts[-1].strip() != text:
        return False
    before = whole[: -len(text)]
    others = [own for own in headings if text not in own]
    return any(own == parts[0].strip() or (len(own) >= 8 and own in before) for own in others)


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [n for v in values for n in (texts(v.get("name")) if isinstance(v, dict) else texts(v))]


def person_names(value: Any) -> list[str]:
    """Names in a JSON-LD value that holds a person, several, or plain strings; addresses are no names."""
    return [n for n in _names(value) if "://" not in n]


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    seen = 0
    while waiting and seen < OBJECT_LIMIT * 10:
        seen += 1
        item = waiting.pop(0)
        if isinstance(item, dict):
            yield item
            waiting.extend(v for v in item.values() if isinstance(v, dict | list))
        elif isinstance(item, list):
            waiting.extend(v for v in item[:OBJECT_LIMIT] if isinstance(v, dict | list))
