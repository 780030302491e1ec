"""The visible blocks of a page in one walk: text, element, linked characters, the regions that each stands in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from wiretrace.identity import registry
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
    """A run of visible text; ``linked``: its characters in links.

    ``own``, ``near``, ``within``: bits of the regions of its element, of it and the two above, of all above.
    """

    text: str
    element: HtmlElement
    linked: int
    own: int
    near: int
    within: int


# Where text stands: the block element, the regions of it, its parent, its grandparent, and of all from the root to it.
Place = tuple[HtmlElement, int, int, int, int]


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


# Elements whose attributes may keep them from being shown.
VEILED = etree.XPath("//*[@hidden or contains(@style, 'none')]")


def _hides(element: HtmlElement) -> bool:
    """Whether the attributes of ``element`` keep it from being shown."""
    style = element.get("style")
    if style and "none" in style and "display:none" in style.replace(" ", "").lower():
        return True
    return element.get("hidden") is not None and not STREAMED.fullmatch(element.get("id") or "")


def blocks_of(tree: HtmlElement) -> list[Block]:
    """Every block of visible text below ``tree``, in the page's order."""
    found: list[Block] = []
    held: list[str] = []
    linked = links = 0
    at: Place = (tree, 0, 0, 0, 0)
    around = [at]  # the blocks that are open, outermost first
    places = [at]  # every element that is open

    def flush() -> None:
        nonlocal linked
        text = squeezed("".join(held))
        held.clear()
        if text:
            element, own, parent, above, within = at
            found.append(Block(text, element, min(linked, len(text)), own, own | parent | above, within))
        linked = 0

    hides = {element for element in VEILED(tree) if _hides(element)}
    hidden: HtmlElement | None = None
    walk = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        opens = event == "start"
        if opens and element is not tree:
            if tag in HIDDEN or not isinstance(tag, str) or element in hides:
                walk.skip_subtree()
                hidden = element
                continue
            _, parent, above, _, within = places[-1]
            own = _regions_of(element, tag)
            places.append(inner := (element, own, parent, above, within | own))
            if tag in BLOCKS:
                if held:
                    flush()
                around.append(inner)
                at = inner
            elif tag == "a":
                links += 1
            elif tag in ("input", "img"):
                held.append(spoken(tag, element.attrib))
        elif not opens and element is not hidden:
            places.pop()
            if tag in BLOCKS or element is tree:
                if held:
                    flush()
                around.pop()
                at = around[-1] if around else at
            elif tag == "a":
                links -= 1
        text = element.text if opens else element.tail if element is not tree else None
        if text:
            held.append(text)
            linked += len(text) if links else 0
    return found


def _regions_of(element: HtmlElement, tag: str) -> int:
    """Bits of the regions that an element's tag, class and id name."""
    name, mark = element.get("class"), element.get("id")
    named = regions_named(f"{name or ''} {mark or ''}"[:NAMED]) if name or mark else 0
    return named | _TAG_BITS.get(tag, 0)


def spoken(tag: str, said: Mapping[str, str]) -> str:
    """What an element shows or says that is not its text: a field's hint, a button's label, a logo's name."""
    if tag == "input":
        kind = (said.get("type") or "text").lower()
        return (said.get("value") if kind in ("submit", "button") else said.get("placeholder")) or ""
    if "logo" in f"{said.get('class')} {said.get('id')} {said.get('src')}".lower():
        return f" {said.get('alt') or ''} "
    return ""
