"""Links from a page to other publishers, and the images of its article."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import NamedTuple

from lxml.html import HtmlElement

from wiretrace import identity
from wiretrace.read.markup import BLOCKS, Markup, owner, words_of

# Buttons that share the page itself say nothing of where it points.
SHARE = re.compile(
    r"https?://(?:[\w.-]+\.)?(?:facebook\.com/(?:sharer|dialog)|twitter\.com/(?:intent|share)|x\.com/(?:intent|share)"
    r"|linkedin\.com/share|pinterest\.[a-z.]+/pin/create|t\.me/share|reddit\.com/submit|social-plugins\.line\.me"
    r"|b\.hatena\.ne\.jp/(?:entry|add)|service\.weibo\.com/share|api\.whatsapp\.com|story\.kakao\.com/share|line\.me/R/msg)",
    re.IGNORECASE,
)
MOST_LINKS = 400
MOST_IMAGES = 10


class Link(NamedTuple):
    """A link: where it leads, whose that is, its words, body or chrome."""

    address: str
    target: str
    anchor: str
    place: str


def links_of(page: Markup, body: Set[HtmlElement], publisher: str) -> list[Link]:
    """Links to publishers other than ``publisher``; ``body`` as ``body_of`` gives it."""
    # An account's pages all link to their platform.
    home = identity.registrable_domain(identity.host_of(page.address))
    words = dict(page.anchors)
    found: dict[Link, None] = {}
    for element in page.every("a", "area"):
        address = identity.canonical(element.get("href") or "", page.base)
        target = owner(address) if address else ""
        if not target or target in (publisher, home) or SHARE.match(address):
            continue
        anchor = (words.get(element) or words_of(element))[:200]
        found.setdefault(Link(address, target, anchor, "body" if _block(element) in body else "chrome"))
        if len(found) == MOST_LINKS:
            break
    return list(found)


def images_of(page: Markup, body: Set[HtmlElement]) -> list[str]:
    """Addresses of the article's images: the lead image that the metadata names, then those among its paragraphs."""
    named = [*page.meta.get("og:image", ()), *page.meta.get("twitter:image", ())]
    regions = {element.getparent() for element in body}
    # The lead image often stands beside the paragraphs' own box, within the element that the page calls the article.
    regions |= {above for element in body for above in element.iterancestors("article")}
    shown = [
        image.get("src") or image.get("data-src") or ""
        for image in page.every("img")
        if _block(image) in body or any(above in regions for above in [image, *image.iterancestors()][:4])
    ]
    addresses = (identity.canonical(address, page.base) for address in [*named, *shown] if address)
    return list(dict.fromkeys(address for address in addresses if address))[:MOST_IMAGES]


def body_of(page: Markup, inside: Sequence[bool]) -> set[HtmlElement]:
    """The block elements that the article's paragraphs stand in; ``inside``: which blocks are the article's."""
    return {element for (_, element), held in zip(page.placed_blocks, inside, strict=True) if held}


def _block(element: HtmlElement) -> HtmlElement | None:
    current: HtmlElement | None = element
    while current is not None and current.tag not in BLOCKS:
        current = current.getparent()
    return current
