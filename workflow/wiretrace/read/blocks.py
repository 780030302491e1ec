"""The visible blocks of a page in one walk: text, element, linked characters, the regions that each stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

from wiretrace.identity import registry
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
_WORDS = Wordlists(REGION_WORDS, BIT)
# Ids of the parts that React sends hidden behind the page, for its script to put in their places
# (react-dom/server, ReactFizzConfigDOM.js, startSegmentHTML).
STREAMED = re.compile(r"[^:\s]{0,40}S:[0-9a-f]{1,6}")
NAMED = 300  # characters of class and id that are looked at


class Block(NamedTuple):
    """A run of visible text; ``linked``: its characters in links; ``at``: the number of its element.

    ``own``, ``near``, ``within``: bits of the regions of its element, of it and the two above, of all above.
    """

    text: str
    element: HtmlElement
    linked: int
    own: int
    near: int
    within: int
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


def _hides(outline: Outline) -> set[int]:
    """Elements that their attributes keep from being shown."""
    styled = {
        number
        for number, style in outline.holding("style")
        if "none" in style and "display:none" in style.replace(" ", "").lower()
    }
    return styled | {number for number, _ in outline.holding("hidden") if not STREAMED.fullmatch(outline.ids[number])}


def _dark(outline: Outline) -> set[int]:
    """Elements below the root that are not shown, by their tag, their attributes or what they stand in."""
    found = _hides(outline) - {0}
    for number, (tag, parent) in enumerate(zip(outline.tags, outline.parents, strict=True)):
        if number and (tag in HIDDEN or parent in found):
            found.add(number)
    return found


def blocks_of(outline: Outline) -> list[Block]:
    """Every block of visible text of a page, in its order."""
    elements, tags, parents = outline.elements, outline.tags, outline.parents
    own = _regions_of(outline)
    within = own[:]  # regions of each element and of all around it
    dark = _dark(outline)
    found: list[Block] = []
    held: list[str] = []
    linked = links = 0
    boxes = [0]  # the blocks that are open, outermost first
    opened = [0]  # every element that is open

    def flush() -> None:
        nonlocal linked
        text = squeezed("".join(held))
        held.clear()
        if text:
            at = boxes[-1]
            near = own[at] | own[parents[at]] | own[parents[parents[at]]]
            found.append(Block(text, elements[at], min(linked, len(text)), own[at], near, within[at], at))
        linked = 0

    def close(outermost: int) -> None:
        """Close what is open inside ``outermost``."""
        nonlocal links, linked
        while opened[-1] != outermost:
            number = opened.pop()
            if tags[number] in BLOCKS:
                if held:
                    flush()
                boxes.pop()
            elif tags[number] == "a":
                links -= 1
            if text := elements[number].tail:
                held.append(text)
                linked += len(text) if links else 0

    for number, (tag, parent, element) in enumerate(zip(tags, parents, elements, strict=True)):
        if parent in dark:
            continue
        if opened[-1] != parent:
            close(parent)
        shown = number not in dark
        if shown and number:
            within[number] |= within[parent]
            opened.append(number)
            if tag in BLOCKS:
                if held:
                    flush()
                boxes.append(number)
            elif tag == "a":
                links += 1
            elif tag in ("input", "img"):
                held.append(spoken(tag, outline.attributes[number]))
        if text := element.text if shown else element.tail:
            held.append(text)
            linked += len(text) if links else 0
    close(0)
    flush()
    return found


def _regions_of(outline: Outline) -> list[int]:
    """Bits of the regions that each element's tag, class and id name; those of the root say nothing."""
    columns = zip(outline.tags[1:], outline.classes[1:], outline.ids[1:], strict=True)
    return [0] + [
        (regions_named(f"{name} {mark}"[:NAMED] if mark else name[:NAMED]) if name or mark else 0)
        | _TAG_BITS.get(tag, 0)
        for tag, name, mark in columns
    ]


def spoken(tag: str, said: Mapping[str, str]) -> str:
    """What an element shows or says that is not its text: a field's hint, a button's label, a logo's name."""
    if tag == "input":
        kind = (said.get("type") or "text").lower()
        return (said.get("value") if kind in ("submit", "button") else said.get("placeholder")) or ""
    if "logo" in f"{said.get('class')} {said.get('id')} {said.get('src')}".lower():
        return f" {said.get('alt') or ''} "
    return ""
