"""Sellers' catalogues: lists of other people's outlets with what a placement on each costs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from wiretrace import identity
from wiretrace.read.markup import Markup, owner, squeezed, words_of
from wiretrace.read.rules import rules

DOMAIN = re.compile(r"(?<![@\w.-])(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?![\w@])", re.IGNORECASE)
FILES = re.compile(r"\.(?:html?|php|png|jpe?g|gif|pdf|xlsx?|docx?|zip|js|css)$", re.IGNORECASE)
LONGEST_ROW = 600  # characters; a longer row is a paragraph
MOST = 2_000
ROWS = ("tr", "li", "dd")


@dataclass(frozen=True)
class Listing:
    """One outlet in a catalogue: publisher, words of its entry, price as printed."""

    outlet: str
    label: str
    price: str


def listings_of(page: Markup) -> list[Listing]:
    """Entries of tables and lists that name an outlet and a price (it may stand over the list); [] for other pages."""
    rule = next(rule for rule in rules("page_kinds.yaml") if rule.settings["where"] == "price")
    if not rule.find(page.shown):
        return []
    price = rule.pattern
    own = identity.publisher_of(page.address)
    found: dict[tuple[str, str], Listing] = {}
    # Words, price and outlets of each row, which stands in every table around it.
    read: dict[HtmlElement, tuple[str, re.Match[str] | None, list[str] | None]] = {}
    for group in page.every("table", "ul", "ol", "dl"):
        # A row that holds rows is a page's layout; its words would be read once for each table around them.
        inner = (row for row in group.iter(*ROWS) if next(row.iterdescendants(*ROWS), None) is None)
        rows = list(islice(inner, MOST + 1))
        if len(rows) < 3 or len(rows) > MOST:
            continue
        over = price.search(_before(group))
        for row in rows:
            if row not in read:
                label = squeezed(" ".join(cell.text_content() for cell in row)) if len(row) else words_of(row)
                read[row] = label, price.search(label), None
            label, priced, outlets = read[row]
            stated = priced or over
            if not stated or len(label) > LONGEST_ROW:
                continue
            if outlets is None:
                outlets = [outlet for outlet in _outlets(row, label, page) if outlet != own]
                read[row] = label, priced, outlets
            for outlet in outlets:
                found.setdefault((outlet, stated[0]), Listing(outlet, label[:200], stated[0]))
    kept = list(found.values())[:MOST]
    return kept if len({one.outlet for one in kept}) >= 3 else []


def _before(group: HtmlElement) -> str:
    """Caption of a table or list: its own, or the heading or short paragraph right before it."""
    caption = group.find("caption")
    if caption is not None:
        return words_of(caption)
    previous = group.getprevious()
    text = words_of(previous) if previous is not None and isinstance(previous.tag, str) else ""
    return text if len(text) <= 200 else ""


def _outlets(row: HtmlElement, label: str, page: Markup) -> Iterator[str]:
    """Publishers that a row names by a link to another site or by a domain in its words."""
    linked = [owner(identity.canonical(a.get("href") or "", page.base)) for a in row.iter("a")]
    own = identity.publisher_of(page.address)
    outlets = [outlet for outlet in linked if outlet and outlet != own]
    if not outlets:
        named = (m[0].lower() for m in DOMAIN.finditer(label) if not FILES.search(m[0]))
        outlets = [identity.registrable_domain(name) for name in named]
    yield from dict.fromkeys(outlet for outlet in outlets if outlet)
