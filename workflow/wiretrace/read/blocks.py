"""The visible blocks of a page in one walk: text, element, linked characters; the regions that elements stand in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from lxml.html import HtmlElement
from numpy.typing import NDArray

from wiretrace.identity import registry
from wiretrace.read.kernels import walk
from wiretrace.read.outline import Outline
from wiretrace.read.text import squeezed
from wiretrace.read.wordlists import Wordlists

# The head itself is not among them: the parser leaves in it what follows it where a page has no <body>.
HIDDEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "title",
        "iframe",
        "object",
        "math",
        "select",
        "datalist",
        "noframes",
        "noembed",
    ]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
# Regions that an element's tag names.
REGION_TAGS = {
    "nav": "nav", "menu": "nav", "footer": "foot", "header": "head", "aside": "side", "form": "form",
    "button": "form", "fieldset": "form", "figure": "figure", "figcaption": "caption", "article": "article",
    "main": "main", "li": "list", "td": "table", "th": "table", "blockquote": "quote", "address": "meta", "dl": "list",
}  # fmt: skip
# Regions that the words in an element's class and id name.
REGION_WORDS: dict[str, list[str]] = registry("block_words.yaml")["regions"]
NAMES = [*dict.fromkeys([*REGION_TAGS.values(), *REGION_WORDS])]
BIT = {name: 1 << number for number, name in enumerate(NAMES)}
_TAG_BITS = {tag: BIT[name] for tag, name in REGION_TAGS.items()}
_KINDS = {
    **dict.fromkeys(HIDDEN, walk.HIDDEN), **dict.fromkeys(BLOCKS, walk.BLOCK), "a": walk.LINK, "input": walk.SPOKEN,
    "img": walk.SPOKEN,
}  # fmt: skip
_WORDS = Wordlists(REGION_WORDS, BIT)
# Ids of the parts that React sends hidden behind the page, for its script to put in their places
# (react-dom/server, ReactFizzConfigDOM.js, startSegmentHTML).
STREAMED = re.compile(r"[^:\s]{0,40}S:[0-9a-f]{1,6}")
NAMED = 300  # characters of class and id that are looked at


class Block(NamedTuple):
    """A run of visible text; ``linked``: its characters in links; ``at``: the number of its element."""

    text: str
    element: HtmlElement
    linked: int
    at: int


@lru_cache(maxsize=20_000)
def regions_named(names: str) -> int:
    """Bits of the regions that the words of a class and an id name."""
    found = 0
    for word in names.split():
        found |= _regions(word)
    return found


@lru_cache(maxsize=20_000)
def _regions(word: str) -> int:
    return _WORDS.bits(word.lower())


def _hides(outline: Outline) -> NDArray[np.uint8]:
    """Which elements their attributes keep from being shown."""
    found = np.zeros(len(outline.elements), np.uint8)
    for number, style in outline.having("style"):
        found[number] = "none" in style and "display:none" in style.replace(" ", "").lower()
    for number, _ in outline.having("hidden"):
        if not STREAMED.fullmatch(outline.ids[number]):
            found[number] = 1
    return found


def blocks_of(outline: Outline) -> list[Block]:
    """Every block of visible text of a page, in its order."""
    elements, parents = outline.elements, outline.parents_of
    kinds = np.array([_KINDS.get(tag, 0) for tag, _, _ in outline.looks], np.uint8)[outline.looks_of]
    places, ways, linked, ends, boxes = walk.pieces(parents, kinds, _hides(outline))
    said = [
        (elements[at].text if way == walk.TEXT else elements[at].tail if way == walk.TAIL else spoken(elements[at]))
        or ""
        for at, way in zip(places.tolist(), ways.tolist(), strict=True)
    ]
    # Characters in links up to the end of each run, of those runs that say anything.
    sizes = np.fromiter(map(len, said), np.int64, len(said))
    filled = np.flatnonzero(np.diff(np.cumsum(np.concatenate([[0], sizes]))[ends], prepend=0))
    ends, boxes = ends[filled], boxes[filled]
    links = np.diff(np.cumsum(sizes * linked)[ends - 1], prepend=0)
    found: list[Block] = []
    begin = 0
    for at, end, inside in zip(boxes.tolist(), ends.tolist(), links.tolist(), strict=True):
        written = "".join(said[begin:end])
        begin = end
        if not written.isspace() and (text := squeezed(written)):
            found.append(Block(text, elements[at], min(inside, len(text)), at))
    return found


def regions_at(outline: Outline, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bits of the regions of the elements ``numbers``: of each, of it and the two above, of all above; three rows."""
    parents, regions = outline.parents_of, _regions_of(outline)
    near = regions | regions[parents] | regions[parents[parents]]
    return np.stack([column[numbers] for column in (regions, near, walk.gathered(parents, regions))])


def _regions_of(outline: Outline) -> NDArray[np.int64]:
    """Bits of the regions that each element's tag, class and id name; those of the root say nothing."""
    bits = [
        (regions_named(f"{name} {mark}"[:NAMED] if mark else name[:NAMED]) if name or mark else 0)
        | _TAG_BITS.get(tag, 0)
        for tag, name, mark in outline.looks
    ]
    found = np.array(bits, np.int64)[outline.looks_of]
    found[0] = 0
    return found


def spoken(element: HtmlElement) -> str:
    """What an element shows or says that is not its text: a field's hint, a button's label, a logo's name."""
    if element.tag == "input":
        kind = (element.get("type") or "text").lower()
        return (element.get("value") if kind in ("submit", "button") else element.get("placeholder")) or ""
    if "logo" in f"{element.get('class')} {element.get('id')} {element.get('src')}".lower():
        return f" {element.get('alt') or ''} "
    return ""
