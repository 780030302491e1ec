"""What kind of page a page is, by its structure first and by words where structure does not tell."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from wiretrace import identity
from wiretrace.read.extract import Article
from wiretrace.read.markup import Markup, owner, words_of
from wiretrace.read.rules import rules
from wiretrace.read.scoring import weight
from wiretrace.read.times import spoken_time

RULES = "page_kinds.yaml"
LIST_PATH = re.compile(
    r"/(?:category|categories|cat|tags?|author|search)/[^/]{1,80}/?$|/(?:page|list)/\d{1,5}/?$"
    r"|/(?:list|archives?|search|tags?|category)/?$|/archives?/(?:19|20)\d\d/\d\d/?$|[?&](?:s|q|cat|tag|paged)=",
    re.IGNORECASE,
)
ENOUGH = (
    160  # weight of text from which unmarked prose is an article; about 80 characters of Japanese, 25 words of English
)
LONG = 4 * ENOUGH  # weight of prose that no list of links has
BRIEF = 60  # weight from which a dated text under a headline of its own is one
PROSE = 60  # weight from which a line is a paragraph
LEAST = 40  # weight from which text that the markup calls an article is one
HEADLINE = 24  # weight from which a link's words are a headline
START, ALIKE = 12, 50  # links are found again by so many characters; of those that begin alike, so many are kept
# Ids of the element that React, Vue, Next, Nuxt, Gatsby, Angular and Svelte fill, by their own templates.
MOUNTS = ("root", "app", "__next", "__nuxt", "___gatsby", "react-root", "app-root", "svelte")
MANY = 4  # linked headlines that make a list


def is_front(address: str, publisher: str) -> bool:
    """Whether ``address`` is the front page of its host, or of the account that ``publisher`` is."""
    parts = urlsplit(address)
    path = re.sub(r"/(?:index|default|home)\.(?:html?|php|aspx?)$", "/", parts.path)
    if "/" in publisher:
        return not parts.query and f"{parts.netloc}{path}".rstrip("/").endswith(publisher)
    return path in ("", "/") and not parts.query


def kind_of(page: Markup, article: Article, publisher: str, listings: int) -> str:
    """article, list, front, imprint, catalogue, soft404, parked or other; ``listings``: outlets with a price on it."""
    headlines = [page.title, *(words_of(e) for e in page.every("h1", "h2"))][:20]
    body = weight(article.text)
    prose = sum(weight(line) >= PROSE for line in article.text.split("\n"))
    for kind in ("parked", "soft404"):
        # An article may well be about what is missing or for sale: these words count only where there is none.
        if not page.articles and prose <= 1 and body < 2 * ENOUGH and _said(kind, headlines, page.blocks, page.address):
            return kind
    if listings >= 3:
        return "catalogue"
    if is_front(page.address, publisher):
        return "front"
    if not page.articles and _said("imprint", headlines[:2], [], page.address):
        return "imprint"
    if _is_article(page, article):
        return "article"
    # A page with nothing on it that gives the front page as its own address stands in for a missing one.
    stated = page.canonical
    if body < ENOUGH and stated and is_front(stated, publisher):
        return "soft404"
    return "list" if LIST_PATH.search(page.address) or _linked_headlines(page) >= MANY else "other"


def filled_by_scripts(page: Markup) -> bool:
    """Whether ``page`` has next to no text because its scripts, which are not run here, would fill it.

    It has scripts, and an empty element of the kind that frameworks fill, or words for browsers without JavaScript.
    """
    if sum(map(weight, page.blocks)) >= ENOUGH or not page.every("script"):
        return False
    spoken = (words_of(element).casefold() for element in page.every("noscript"))
    mounts = (e for e in page.every("div", "main", "section") if (e.get("id") or "").lower() in MOUNTS)
    return any("javascript" in words for words in spoken) or any(not words_of(e) for e in mounts)


def _said(kind: str, headlines: list[str], blocks: list[str], address: str) -> bool:
    size = sum(map(len, blocks))
    for rule in rules(RULES):
        if rule.kind != kind or size > rule.settings.get("longest", size):
            continue
        where = {"title": headlines, "text": blocks, "address": [address]}.get(rule.settings["where"], [])
        if any(rule.pattern.search(text) for text in where if text):
            return True
    return False


def _is_article(page: Markup, article: Article) -> bool:
    body = weight(article.text)
    marked = bool(page.articles) or page.said("og:type").lower() == "article"
    if LIST_PATH.search(page.address):
        return False
    if marked and body >= LEAST:
        return True
    if _teasers(page, article.text.split("\n")):
        return False
    titled = any(words_of(h) == page.title and not h.findall(".//a") for h in page.every("h1", "h2"))
    if body < ENOUGH:
        # A brief: a headline of its own, a line with its date, a paragraph.
        return titled and body >= BRIEF and any(spoken_time(block) for block in page.blocks)
    return titled or body >= LONG or _linked_headlines(page) < MANY


def _teasers(page: Markup, lines: list[str]) -> bool:
    """Whether most of ``lines`` are linked headlines, or excerpts that are cut off or follow a linked headline."""
    own = identity.publisher_of(page.address)
    anchors: dict[str, list[str]] = {}
    for element, anchor in page.anchors:
        if weight(anchor) >= HEADLINE and owner(identity.canonical(element.get("href") or "", page.base)) == own:
            same = anchors.setdefault(anchor[:START], [])
            if len(same) < ALIKE and anchor not in same:
                same.append(anchor)

    def heads(block: str) -> bool:
        alike = anchors.get(block[:START], ())
        return any(block.startswith(anchor) and 2 * len(anchor) >= len(block) for anchor in alike)

    blocks, kept = page.blocks, set(lines)
    teasers = {line for line in lines if line.endswith(("…", "...", "[…]", "[...]")) or heads(line)}
    for index, block in enumerate(blocks):
        if block in kept and any(heads(before) for before in blocks[max(0, index - 2) : index]):
            teasers.add(block)
    found = sum(line in teasers for line in lines)
    return found * 2 > len(lines) and (found >= 2 or not _headed(page))


def _headed(page: Markup) -> bool:
    """Whether the page has a headline of its own: one long enough that is no link."""
    return any(
        weight(words_of(h)) >= HEADLINE and h.find(".//a") is None and h.getparent().tag != "a"
        for h in page.every("h1", "h2", "h3")
        if h.getparent() is not None
    )


def _linked_headlines(page: Markup) -> int:
    """Headlines that are links within the site."""
    own = identity.publisher_of(page.address)
    found = 0
    for heading in page.every("h1", "h2", "h3", "h4"):
        links = list(heading.iter("a")) or [a for a in (heading.getparent(),) if a is not None and a.tag == "a"]
        found += any(owner(identity.canonical(a.get("href") or "", page.base)) == own for a in links)
    return found
