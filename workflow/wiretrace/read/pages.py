"""One capture of a page to what it says: text, chrome, clocks, links, observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wiretrace import identity
from wiretrace.config import Hint, Read
from wiretrace.read import clocks, guard, observations
from wiretrace.read.beside import credits_beside
from wiretrace.read.catalogue import Listing, listings_of
from wiretrace.read.clocks import Clock
from wiretrace.read.decode import Decoded, decode
from wiretrace.read.extract import Article, article_of, chrome_of, parted
from wiretrace.read.hints import hinted_clocks, hinted_lines, hinted_text
from wiretrace.read.kinds import filled_by_scripts, kind_of
from wiretrace.read.language import language_of
from wiretrace.read.links import Link, body_of, images_of, links_of
from wiretrace.read.markup import Markup, parse, squeezed
from wiretrace.read.namesakes import of_namesakes
from wiretrace.read.observations import Seen
from wiretrace.read.parts import Part

HTML_TYPES = ("text/html", "application/xhtml+xml", "")
NOT_RENDERED = "not rendered"
EMPTY = Article("", "", "", "")


@dataclass(frozen=True)
class Content:
    """What a page's bytes say, whenever and by whichever way they came."""

    kind: str
    refused: str = ""
    encoding: str = ""
    article: Article = EMPTY
    title: str = ""
    language: str = ""
    score: float = 0.0
    html_lang: str = ""
    chrome: str = ""
    site_name: str = ""
    behind_title: str = ""
    canonical: str = ""
    clocks: tuple[Clock, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[str, ...] = ()
    icons: tuple[str, ...] = ()
    logos: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()
    listings: tuple[Listing, ...] = ()
    beside: tuple[tuple[str, Part], ...] = ()


@dataclass(frozen=True)
class Page:
    """A capture of a page with its content; ``address`` is canonical, ``time`` is when the page was so.

    For a web archive's copy that is the archive's time, not ours.
    """

    capture: Mapping[str, Any]
    address: str
    time: str
    content: Content

    @property
    def archived(self) -> bool:
        """Whether it is a web archive's copy."""
        return bool(self.capture["route"] == "web_archive")


def read_content(
    body: bytes, headers: Sequence[tuple[str, str]], address: str, publisher: str, captured: str, limits: Read
) -> Content:
    """What ``body`` says as a page of ``publisher`` at ``address``; ``captured`` is the time of the capture."""
    stated = next((value for name, value in headers if name.lower() == "content-type"), "")
    media = stated.partition(";")[0].strip().lower()
    if media not in HTML_TYPES and not (media == "text/plain" and body.lstrip()[:1] == b"<"):
        return Content("unreadable", f"not HTML: {media}"[:80])
    if len(body) > limits.largest_page:
        return Content("unreadable", "bytes")
    decoded = decode(body, stated)
    counted = guard.Limits(limits.largest_page, limits.most_tags, limits.most_attributes, limits.deepest)
    refused = guard.refusal(decoded.utf8, decoded.text, counted)
    if refused:
        return Content("unreadable", refused, decoded.encoding)
    tree = parse(decoded.utf8)
    if tree is None:
        return Content("unreadable", "not HTML", decoded.encoding)
    return _read(Markup(tree, address), decoded, headers, publisher, captured, limits.hints.get(publisher))


def _read(
    page: Markup,
    decoded: Decoded,
    headers: Sequence[tuple[str, str]],
    publisher: str,
    captured: str,
    hint: Hint | None,
) -> Content:
    article = article_of(page)
    listings = listings_of(page)
    kind = kind_of(page, article, publisher, len(listings))
    if hint:
        article, kind = _hinted(page, article, kind, hint)
    if kind != "article":
        article = Article("", article.title, "", "")
    inside = parted(page, article.text)
    body = body_of(page, inside)
    links = links_of(page, body, publisher)
    language, score = language_of(article.text or page.shown)
    return Content(
        kind=kind,
        refused=NOT_RENDERED if kind == "other" and filled_by_scripts(page) else "",
        encoding=decoded.encoding,
        article=article,
        title=article.title,
        language=language,
        score=score,
        html_lang=squeezed(page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[
            :35
        ],
        chrome=chrome_of(page, article, inside),
        site_name=page.site_name[:120],
        behind_title=page.behind_title[:120],
        canonical=page.canonical,
        clocks=_clocks(page, article, headers, captured, hint) if kind == "article" else (),
        links=tuple(links),
        images=tuple(images_of(page, body)) if kind == "article" else (),
        icons=_icons(page),
        logos=_logos(page),
        seen=(*observations.of_page(page, decoded.text, kind, decoded.utf8), *of_namesakes(page, links, publisher)),
        listings=tuple(listings) if kind == "catalogue" else (),
        beside=credits_beside(page, inside) if kind == "article" else (),
    )


def _hinted(page: Markup, article: Article, kind: str, hint: Hint) -> tuple[Article, str]:
    """The article where the user's selectors say that it is; a page on which the text's finds nothing is unchanged."""
    lines = hinted_lines(page, hint.text)
    if lines:
        article, kind = replace(article, text="\n".join(lines), method="hint"), "article"
    title, author = hinted_text(page, hint.title), hinted_text(page, hint.author)
    return replace(article, title=title or article.title, byline=author[:200] or article.byline), kind


def _clocks(
    page: Markup, article: Article, headers: Sequence[tuple[str, str]], captured: str, hint: Hint | None
) -> tuple[Clock, ...]:
    return tuple(dict.fromkeys([*hinted_clocks(page, hint), *clocks.of_page(page, article.text, headers, captured)]))


def _icons(page: Markup) -> tuple[str, ...]:
    named = [e.get("href") or "" for e in page.every("link") if "icon" in (e.get("rel") or "").lower().split()]
    found = [identity.canonical(address, page.base) for address in [*named, "/favicon.ico"] if address]
    return tuple(dict.fromkeys(address for address in found if address))[:5]


def _logos(page: Markup) -> tuple[str, ...]:
    """Addresses of images whose markup says that they are the site's logo."""
    found = [
        identity.canonical(image.get("src") or "", page.base)
        for image in page.every("img")
        if "logo" in f"{image.get('class')} {image.get('id')} {image.get('src')}".lower()
    ]
    return tuple(dict.fromkeys(address for address in found if address))[:5]
