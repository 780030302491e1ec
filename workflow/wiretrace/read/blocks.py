"""The visible blocks of a page in one walk: text, element, linked characters, the regions that each stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from wiretrace.read.rules import registry
from wiretrace.read.text import squeezed

HIDDEN = frozenset(
    ["script", "style", "noscript", "template", "svg", "head", "iframe", "object", "math", "select", "datalist"]
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
REGION_WORDS: dict[str, str] = registry("block_words.yaml")["regions"]
NAMES = [*dict.fromkeys([*REGION_TAGS.values(), *REGION_WORDS])]
BIT = {name: 1 << number for number, name in enumerate(NAMES)}
_TAG_BITS = {tag: BIT[name] for tag, name in REGION_TAGS.items()}
_WORDS = [(BIT[name], re.compile(pattern)) for name, pattern in REGION_WORDS.items()]
NAMED = 300  # characters of class and id that are looked at


@dataclass(frozen=True, slots=True)
class Block:
    """A run of visible text; ``linked``: its characters in links.

    ``own``, ``near``, ``within``: bits of the regions of its element, of it and the two above, of all above.
    """

    text: str
    element: HtmlElement
    linked: int
    own: int
    near: int
    within: int


# An element of the walk: itself, its children still to come, whether it is a block, its regions, its parent's, its
# grandparent's, and those of all from the root to it.
Place = tuple[HtmlElement, Iterator[HtmlElement], bool, int, int, int, int]


@lru_cache(maxsize=20_000)
def regions_named(names: str) -> int:
    """Bits of the regions that the words of a class and an id name."""
    lower = names.lower()
    return sum(bit for bit, pattern in _WORDS if pattern.search(lower))


def hidden(element: HtmlElement) -> bool:
    """Whether ``element`` is never shown."""
    if element.tag in HIDDEN or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style) and "none" in style and "display:none" in style.replace(" ", "").lower()


def blocks_of(tree: HtmlElement) -> list[Block]:
    """Every block of visible text below ``tree``, in the page's order."""
    found: list[Block] = []
    held: list[str] = []
    linked = links = 0
    stack: list[Place] = [(tree, iter(tree), True, 0, 0, 0, 0)]
    if tree.text:
        held.append(tree.text)
    at = stack[0]

    def say(text: str | None) -> None:
        nonlocal linked
        if text:
            held.append(text)
            linked += len(text) if links else 0

    def flush(place: Place) -> None:
        nonlocal linked
        text = squeezed("".join(held))
        held.clear()
        if text:
            near = place[3] | place[4] | place[5]
            found.append(Block(text, place[0], min(linked, len(text)), place[3], near, place[6]))
        linked = 0

    while stack:
        element, children, block, parent, above, _, within = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if block:
                flush(at)
                at = next((place for place in reversed(stack) if place[2]), stack[0] if stack else at)
            elif element.tag == "a":
                links -= 1
            if stack:
                say(element.tail)
            continue
        tag = child.tag
        if not isinstance(tag, str) or hidden(child):
            say(child.tail)
            continue
        is_block = tag in BLOCKS
        names = child.get("class"), child.get("id")
        own = _TAG_BITS.get(tag, 0)
        if names[0] or names[1]:
            own |= regions_named(f"{names[0] or ''} {names[1] or ''}"[:NAMED])
        if is_block:
            flush(at)
        elif tag == "a":
            links += 1
        entry = (child, iter(child), is_block, own, parent, above, within | own)
        if is_block:
            at = entry
        stack.append(entry)
        if tag in ("input", "img"):
            held.append(spoken(child))
        say(child.text)
    return found


def spoken(element: HtmlElement) -> str:
    """What an element shows or says that is not its text: a field's hint, a button's label, a logo's name."""
    if element.tag == "input":
        kind = (element.get("type") or "text").lower()
        return str((element.get("value") if kind in ("submit", "button") else element.get("placeholder")) or "")
    if element.tag == "img" and "logo" in f"{element.get('class')} {element.get('id')} {element.get('src')}".lower():
        return f" {element.get('alt') or ''} "
    return ""
