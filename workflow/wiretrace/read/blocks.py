"""The visible blocks of a page in one walk: text, element, linked characters, and in what kind of region each stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from wiretrace.read.text import squeezed

HIDDEN = frozenset(
    "script style noscript template svg head iframe object math select datalist".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre section"
    " summary table tbody td tfoot th thead tr ul".split()
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
# Regions that an element's tag names.
REGION_TAGS = {
    "nav": "nav", "menu": "nav", "footer": "foot", "header": "head", "aside": "side", "form": "form",
    "button": "form", "fieldset": "form", "figure": "figure", "figcaption": "caption", "article": "article",
    "main": "main", "li": "list", "td": "table", "th": "table", "blockquote": "quote", "address": "meta", "dl": "list",
}  # fmt: skip
# Regions that the words in an element's class and id name: what people who write templates call things.
REGION_WORDS = {
    "article": r"article|entry|post(?!er)|story|honbun|kiji|news",
    "body": r"body|content|text|copy|detail|paragraph|prose|rich|read\b|view",
    "main": r"main|primary|center",
    "comment": r"comment|disqus|respond|reply|replies|discussion|pinglun",
    "related": r"relat|recommend|popular|also|similar|ranking|latest|recent|trending|most[-_]?|teaser|outbrain|taboola|further|more|xiangguan|kanren|read-?next|linklist",
    "share": r"share|sharing|social|sns|follow|facebook|twitter|addthis|bookmark|likes?\b|print|tools?\b",
    "nav": r"nav|menu|breadcrumb|topic-?path|pagina|pager|tabs?\b|\btoc\b|skip|sitemap|crumb",
    "foot": r"foot|copyright|colophon|bottom|disclaimer|legal|imprint",
    "head": r"header|masthead|banner|logo|\btop|hd\b",
    "ad": r"\bads?\b|advert|sponsor|promo|paywall|piano|newsletter|subscri|sign-?up|log-?in|cookie|consent|modal|popup|overlay|gdpr|donat|shop|product",
    "side": r"side|widget|rail|aside|right\b|module|secondary|complementary|box",
    "meta": r"meta|byline|author|date|time|info|tags?\b|categor|source|kicker|credit|views?\b|editor|publish",
    "caption": r"caption|image|photo|gallery|media|video|legend|picture|slide|thumb",
    "lead": r"lead|summary|intro|standfirst|abstract|dek|excerpt|vorspann|teaser-?text|perex|description",
    "title": r"title|headline|heading|subject",
    "hidden": r"hidden|hide\b|invisible|sr-only|screen-reader|visually",
}  # fmt: skip
NAMES = [*dict.fromkeys([*REGION_TAGS.values(), *REGION_WORDS])]
BIT = {name: 1 << number for number, name in enumerate(NAMES)}
_TAG_BITS = {tag: BIT[name] for tag, name in REGION_TAGS.items()}
_WORDS = [(BIT[name], re.compile(pattern)) for name, pattern in REGION_WORDS.items()]
NAMED = 300  # characters of class and id that are looked at


@dataclass(frozen=True, slots=True)
class Block:
    """A run of visible text; ``linked``: its characters in links; ``own``, ``near``, ``within``: regions of its element, of it and the two above, of all."""

    text: str
    element: HtmlElement
    linked: int
    own: int
    near: int
    within: int


# An element of the walk: itself, its children still to come, whether it is a block, the regions of itself, of its parent
# and of its grandparent, and those of all from the root to it.
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

    def flush(place: Place) -> None:
        nonlocal linked
        text = squeezed("".join(held))
        held.clear()
        if text:
            found.append(Block(text, place[0], min(linked, len(text)), place[3], place[3] | place[4] | place[5], place[6]))
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
                tail = element.tail
                if tail:
                    held.append(tail)
                    if links:
                        linked += len(tail)
            continue
        tag = child.tag
        if not isinstance(tag, str) or hidden(child):
            if child.tail:
                held.append(child.tail)
                if links:
                    linked += len(child.tail)
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
        said = spoken(child) if tag in ("input", "img") else ""
        if said:
            held.append(said)
        text = child.text
        if text:
            held.append(text)
            if links:
                linked += len(text)
    return found


def spoken(element: HtmlElement) -> str:
    """What an element shows or says that is not its text: a field's hint, a button's label, a logo's name."""
    if element.tag == "input":
        kind = (element.get("type") or "text").lower()
        return str((element.get("value") if kind in ("submit", "button") else element.get("placeholder")) or "")
    if element.tag == "img" and "logo" in f"{element.get('class')} {element.get('id')} {element.get('src')}".lower():
        return f" {element.get('alt') or ''} "
    return ""
