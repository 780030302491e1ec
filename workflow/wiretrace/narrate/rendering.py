"""A captured page laid out as it was, made harmless, with the cited words marked.

What fetches, runs, submits or leads elsewhere goes: scripts, styles, forms, frames, images, addresses. What is left
are words and the elements that give them their place. nh3 (ammonia) has the last word on what may stay, after our
own marks are in; the page that holds it forbids the rest by its policy, and the frame that shows it is sandboxed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import nh3
from lxml import html
from markupsafe import Markup

from wiretrace.narrate.pages import Cited, spans, visible
from wiretrace.read.markup import parse

# A page of more is shown as plain text only.
MOST_ELEMENTS, MOST_LETTERS = 20_000, 400_000
LONGEST_ALT = 160
# Left out with all that they hold.
GONE = frozenset(
    "script style noscript template svg math iframe frame frameset object embed applet canvas audio video picture "  # noqa: SIM905
    "map select datalist textarea title noembed noframes".split()
)
KEPT = frozenset(
    "h1 h2 h3 h4 h5 h6 p div span ul ol li dl dt dd table caption thead tbody tfoot tr th td blockquote q cite pre "  # noqa: SIM905
    "code em strong b i u s del ins small sub sup br hr header footer main nav article section aside figure "
    "figcaption time address ruby rb rt rp bdi center font big abbr mark".split()
)
# What the next reader would take for text without markup, our marks in it included.
RAW = frozenset({"xmp", "listing", "plaintext"})
SPANNING = {"colspan", "rowspan"}
ATTRIBUTES = {"*": {"lang"}, "td": SPANNING, "th": SPANNING, "mark": {"id"}, "span": {"class"}}
OURS = {("mark", "id"): {"marked"}, ("span", "class"): {"image", "link"}}


@dataclass(frozen=True)
class Rendered:
    """The body of a page as harmless markup, and whether any of the cited words is marked in it."""

    body: Markup
    marked: bool


def render(source: str, phrases: Sequence[Cited]) -> Rendered | None:
    """``source`` (HTML) without anything alive, ``phrases`` in <mark>; None where there is nothing, or too much."""
    tree = parse(source)
    if tree is None or sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        return None
    _prune(tree)
    letters = _show_codes(tree)
    if not letters.strip() or len(letters) > MOST_LETTERS:
        return None
    found = _mark(tree, spans(letters, phrases))
    body = nh3.clean(
        html.tostring(tree, encoding="unicode"),
        tags=set(KEPT),
        clean_content_tags=set(GONE),
        attributes=ATTRIBUTES,
        attribute_filter=_own,
        url_schemes=set(),
        link_rel=None,
    )
    return Rendered(Markup(body), found)  # noqa: S704 (what nh3 lets through, shown under a policy that forbids the rest)


def _own(tag: str, attribute: str, value: str) -> str | None:
    """Ids and classes are ours alone."""
    return value if attribute not in ("id", "class") or value in OURS.get((tag, attribute), ()) else None


def _prune(tree: html.HtmlElement) -> None:
    """Drop what is never shown; say where an image stood; the page's own marks are not ours."""
    for element in list(tree.iter()):
        if element.tag in GONE:
            element.drop_tree()
        elif element.tag == "img":
            alt = " ".join((element.get("alt") or "").split())[:LONGEST_ALT]
            element.tag, element.text = "span", f"[image: {alt}]" if alt else "[image]"
            element.attrib.clear()
            element.set("class", "image")
        else:
            for name in ("id", "class"):
                element.attrib.pop(name, None)
            if element.tag == "mark":
                element.tag = "span"
            elif element.tag in RAW:
                element.tag = "pre"
            elif element.tag == "a":
                element.tag = "span"
                element.set("class", "link")


def _slots(tree: html.HtmlElement) -> Iterator[tuple[html.HtmlElement, bool]]:
    """Where text stands, in the order of the page: (element, whether inside it; else after it)."""
    stack = [(tree, False)]
    while stack:
        element, done = stack.pop()
        if done:
            yield element, False
            continue
        yield element, True
        stack.append((element, True))
        stack += [(child, False) for child in reversed(element)]


def _show_codes(tree: html.HtmlElement) -> str:
    """Make every text visible as it stands (see ``text.visible``); returns all of it as one string."""
    parts = []
    for element, inside in _slots(tree):
        words = visible((element.text if inside else element.tail) or "")
        if inside:
            element.text = words
        else:
            element.tail = words
        parts.append(words)
    return "".join(parts)


def _mark(tree: html.HtmlElement, places: Sequence[tuple[int, int]]) -> bool:
    """Put ``places`` of the tree's text in <mark>, each part of a place in its own; the first is the one to go to."""
    at, first = 0, True
    for element, inside in list(_slots(tree)):
        words = (element.text if inside else element.tail) or ""
        cuts = [(max(s - at, 0), min(e - at, len(words))) for s, e in places if s < at + len(words) and e > at]
        at += len(words)
        cuts = [cut for cut in cuts if words[slice(*cut)].strip()]
        if not cuts:
            continue
        marks = []
        for (start, end), after in zip(cuts, [*(s for s, _ in cuts[1:]), len(words)], strict=True):
            mark = html.Element("mark")
            mark.text, mark.tail = words[start:end], words[end:after]
            if first:
                mark.set("id", "marked")
                first = False
            marks.append(mark)
        if inside:
            element.text = words[: cuts[0][0]]
            element[:0] = marks
        else:
            element.tail = words[: cuts[0][0]]
            parent = element.getparent()
            place = parent.index(element) + 1
            parent[place:place] = marks
    return not first
