"""Where a publisher's pages are: links, feeds and sitemaps, read from hostile bytes in linear time."""

from __future__ import annotations

import html
import io
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from wiretrace import identity
from wiretrace.evidence.http import decoded

P = ParamSpec("P")
R = TypeVar("R")
# Bytes of a page, and tags in it, that are looked at for links.
LARGEST_PAGE = 3_000_000
MOST_TAGS = 60_000
# Entries of one sitemap or feed, by the sitemap protocol (https://www.sitemaps.org/protocol.html).
MOST_ENTRIES = 50_000
LARGEST_XML = 20_000_000
LARGEST_FEED = 5_000_000
# Characters of a page by which it is told from others.
LARGEST_GIST = 300_000
FEED_PATHS = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml")

# Relation by which a page of WordPress names its REST interface (https://developer.wordpress.org/rest-api/).
WORDPRESS = "https://api.w.org/"
POSTS, USERS = "posts?per_page=100&_fields=link,date_gmt,modified_gmt,author&page=", "users?per_page=100"

# A regular expression, since the parsers of lxml need minutes for a tag with 200,000 attributes.
TAG = re.compile(r"<(a|area|link|img|meta|base|h1|article|p)\b([^<>]{0,8000})>", re.IGNORECASE)
HIDDEN = re.compile(r"<!--|<(script|style|template)\b", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""([a-zA-Z:_-]{1,40})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
# Encodings that a page may claim; others, e.g. punycode, cost too much on what a server sends.
ENCODINGS = re.compile(
    r"utf-?(?:8|16)(?:[lb]e)?|us-ascii|iso-8859-\d{1,2}|windows-12\d\d|koi8-[ru]|shift_jis|sjis|x-sjis|cp932|windows-31j"
    r"|euc-?(?:jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5(?:-hkscs)?|cp949|ks_c_5601-1987",
    re.IGNORECASE,
)
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE)

NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|css|js|json|map|xml|rss|atom|txt|pdf|docx?|xlsx?|pptx?|zip|rar|7z|gz|tar"
    r"|mp[34]|m4[av]|mov|avi|wmv|webm|ogg|wav|woff2?|ttf|eot|exe|dmg|apk|iso)$",
    re.IGNORECASE,
)
# Addresses that may change something on the other side, or only lead to a form.
ACTION = re.compile(
    r"(?:log-?(?:in|out)|sign-?(?:in|out|up)|unsubscribe|add-to-cart|cart|checkout|wp-admin|wp-json|xmlrpc|delete|logoff)"
    r"(?:\.\w+)?(?:/|$)",
    re.IGNORECASE,
)
ACTION_PARAMETERS = {"replytocom", "share", "action", "add-to-cart", "print", "logout", "unsubscribe"}
SESSION = re.compile(r"(?:php|asp|j)?sess(?:ion)?_?id|sid|cfid|cftoken|jsessionid|zenid|oscsid", re.IGNORECASE)
CALENDAR = re.compile(
    r"(?:calendar|events?/(?:\d{4}|month|week|day)|[?&](?:month|week|day|ical|tribe-bar-date)=)", re.IGNORECASE
)
DEEPEST = 12
LONGEST = 1000
MOST_REPEATS = 3
# Addresses that differ in their query alone, e.g. by facets.
MOST_QUERIES = 20
# Addresses of one pattern that show one text before the others of that pattern are left alone.
MOST_ALIKE = 10
ANY_TAG = re.compile(r"<[^<>]{0,8000}>")
DIGITS = re.compile(r"\d+")
# Letters that a page shows below which its scripts are taken to fill it.
BARE = 400


_parsing = threading.RLock()


def _alone(work: Callable[P, R]) -> Callable[P, R]:
    """``work``, done for one thread at a time: what hostile pages cost in memory is then the cost of one of them."""

    @wraps(work)
    def alone(*given: P.args, **named: P.kwargs) -> R:
        with _parsing:
            return work(*given, **named)

    return alone


@dataclass(frozen=True)
class Entry:
    """An address that a sitemap or feed lists, with the W3C date that a sitemap states, as sortable text."""

    url: str
    date: str = ""


@dataclass(frozen=True)
class Page:
    """What a page links to: absolute canonical addresses, in the order met."""

    links: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    icons: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    article: bool = False


def text_of(body: bytes, content_type: str) -> str:
    """``body`` as text, well enough to find addresses in it."""
    stated = re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", content_type)
    meta = CHARSET.search(body[:2048])
    name = stated[1] if stated else meta[1].decode("ascii") if meta else "utf-8"
    known = name if ENCODINGS.fullmatch(name) else "utf-8"
    try:
        return body[:LARGEST_PAGE].decode(known, "replace")
    except LookupError:
        return body[:LARGEST_PAGE].decode("utf-8", "replace")


@_alone
def visible(text: str) -> str:
    """``text`` of a page without comments, scripts, styles and templates; one that does not end takes the rest."""
    kept: list[str] = []
    at = 0
    while found := HIDDEN.search(text, at):
        kept.append(text[at : found.start()])
        end = re.compile(f"</{found[1]}[^>]*>" if found[1] else "-->", re.IGNORECASE).search(text, found.end())
        if end is None:
            return " ".join(kept)
        at = end.end()
    return " ".join([*kept, text[at:]])


def filled_by_scripts(text: str) -> bool:
    """Whether the page of HTML ``text`` shows next to nothing but has scripts."""
    return "<script" in text.lower() and len("".join(ANY_TAG.sub(" ", visible(text)).split())) < BARE


@_alone
def gist(url: str, text: str) -> tuple[str, str]:
    """Digests of the words of the page that shows ``text`` (see ``visible``), with and without numbers.

    Its own address, which a page for any address may repeat, is left out.
    """
    words = ANY_TAG.sub(" ", text)[:LARGEST_GIST]
    parts = urlsplit(url)
    for own in (url, parts.path, parts.path.rpartition("/")[2]):
        words = words.replace(own, " ") if len(own) > 1 else words
    words = html.unescape(words)
    return identity.make_id("g", *words.split()), identity.make_id("g", *DIGITS.sub("", words).split())


@_alone
def page(url: str, text: str) -> Page:
    """Links, feeds, icons and images of the HTML page at ``url`` that shows ``text`` (see ``visible``)."""
    base = url
    links: list[str] = []
    feeds: list[str] = []
    apis: list[str] = []
    icons: list[str] = []
    named: list[str] = []
    before: list[str] = []
    after: list[str] = []
    marks: Counter[str] = Counter()
    for number, tag in enumerate(TAG.finditer(text)):
        if number >= MOST_TAGS:
            break
        name = tag[1].lower()
        said = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "").strip() for m in ATTRIBUTE.finditer(tag[2])}
        marks[name] += 1
        if name == "base" and said.get("href"):
            base = identity.canonical(said["href"], url) or url
        elif name in ("a", "area") and said.get("href"):
            links.append(identity.canonical(said["href"], base))
        elif name == "link" and said.get("href"):
            relation = said.get("rel", "").lower().split()
            address = identity.canonical(said["href"], base)
            if "alternate" in relation and said.get("type", "").lower() in (
                "application/rss+xml",
                "application/atom+xml",
            ):
                feeds.append(address)
            elif "icon" in relation:
                icons.append(address)
            elif WORDPRESS in relation:
                apis.append(address)
        elif name == "meta" and said.get("property", said.get("name", "")).lower() in ("og:image", "twitter:image"):
            named.append(identity.canonical(said.get("content", ""), base))
        elif name == "meta" and said.get("property", "").lower() == "og:type":
            marks["og:article"] += said.get("content", "").lower() == "article"
        elif name == "img":
            address = identity.canonical(said.get("src") or said.get("data-src") or "", base)
            (after if marks["h1"] else before).append(address)
    front = urlsplit(url).path in ("", "/") and not urlsplit(url).query
    article = not front and bool(marks["og:article"] or marks["article"] == 1 or (marks["h1"] == 1 and marks["p"] >= 3))
    return Page(_once(links), _once(feeds), _once(apis), _once(icons), _once([*named, *after, *before]), article)


def _once(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(address for address in dict.fromkeys(addresses) if address)


@_alone
def sitemap(body: bytes, url: str) -> tuple[list[Entry], list[str]]:
    """(pages, further sitemaps) of a sitemap, a sitemap index, or a plain list of addresses; gzipped or not."""
    data = decoded([("Content-Encoding", "gzip")], body, LARGEST_XML)
    if data.lstrip()[:1] != b"<":
        lines = data[:LARGEST_XML].decode("utf-8-sig", "replace").splitlines()[:MOST_ENTRIES]
        return [Entry(address) for line in lines if (address := identity.canonical(line.strip()))], []
    pages: list[Entry] = []
    maps: list[str] = []
    for element in _elements(data, ("url", "sitemap")):
        said = {_name(child): (child.text or "").strip() for child in element}
        address = identity.canonical(said.get("loc", ""), url)
        if address and _name(element) == "url":
            pages.append(Entry(address, said.get("lastmod") or said.get("publication_date") or ""))
        elif address:
            maps.append(address)
    return pages, maps


@_alone
def feed(body: bytes, url: str) -> list[Entry]:
    """Entries of an RSS or Atom feed."""
    found: list[Entry] = []
    for element in _elements(body[:LARGEST_XML], ("item", "entry")):
        links = [child for child in element if _name(child) == "link"]
        chosen = next((c for c in links if c.get("rel", "alternate") == "alternate"), None)
        address = "" if chosen is None else chosen.get("href") or (chosen.text or "").strip()
        address = address or next(((c.text or "").strip() for c in element if _name(c) == "guid"), "")
        where = identity.canonical(address, url)
        if where:
            found.append(Entry(where))
    return found


def interface(root: str, question: str) -> str:
    """Address of a question to the WordPress interface at ``root``, which is a path or a parameter (rest_route)."""
    if "rest_route=" in root:
        return f"{root.rstrip('/')}/wp/v2/{question.replace('?', '&')}"
    return f"{root.rstrip('/')}/wp/v2/{question}"


@_alone
def posts(body: bytes, url: str) -> list[Entry]:
    """Entries of an answer of the WordPress interface, with the time of publication that it states."""
    try:
        loaded = json.loads(body[:LARGEST_XML])
    except (ValueError, RecursionError):
        return []
    items = loaded[:MOST_ENTRIES] if isinstance(loaded, list) else []
    named = [item for item in items if isinstance(item, dict) and isinstance(item.get("link"), str) and item["link"]]
    found = [Entry(identity.canonical(item["link"], url), str(item.get("date_gmt") or "")) for item in named]
    return [entry for entry in found if entry.url]


def _elements(data: bytes, names: tuple[str, ...]) -> Iterable[etree._Element]:
    """Elements with a local name of ``names`` in an XML document, as far as it can be read; at most MOST_ENTRIES.

    A document that declares entities is not read at all: no sitemap or feed needs one, every XML bomb does.
    """
    if b"<!ENTITY" in data:
        return
    count = 0
    walk = etree.iterparse(
        io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True, load_dtd=False, recover=True
    )
    try:
        for _, element in walk:
            if isinstance(element.tag, str) and _name(element) in names:
                yield element
                element.clear()
                count += 1
                if count >= MOST_ENTRIES:
                    return
    except etree.XMLSyntaxError:
        return


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


class Gate:
    """Tells pages from files, actions and traps, and remembers how many addresses of one pattern it let through."""

    def __init__(self) -> None:
        self._queries: Counter[str] = Counter()
        self._alike: Counter[tuple[str, str]] = Counter()
        self._shut: set[str] = set()

    def is_page(self, url: str) -> bool:
        """Whether ``url`` may be a page, and asking for it changes nothing."""
        parts = urlsplit(url)
        names = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        return not (NO_PAGE.search(parts.path) or ACTION.search(parts.path) or names & ACTION_PARAMETERS)

    def trap(self, url: str) -> str:
        """Why ``url`` looks like one of endlessly many; '' where it doesn't."""
        parts = urlsplit(url)
        segments = [segment for segment in parts.path.split("/") if segment]
        names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
        if len(url) > LONGEST:
            return f"looks like a trap: an address of {len(url)} characters"
        if len(segments) > DEEPEST:
            return f"looks like a trap: {len(segments)} levels deep"
        if segments and max(Counter(segments).values()) >= MOST_REPEATS:
            return "looks like a trap: its path repeats itself"
        if ";jsessionid" in url.lower() or any(SESSION.fullmatch(name) for name in names):
            return "looks like a trap: a session in its address"
        if CALENDAR.search(url):
            return "looks like a trap: a calendar"
        if parts.query:
            self._queries[parts.path] += 1
            if self._queries[parts.path] > MOST_QUERIES and len(names) > 1:
                return f"looks like a trap: more than {MOST_QUERIES} addresses that differ in their query alone"
        return ""

    def shown(self, url: str, text: str) -> None:
        """Take note that ``url`` shows ``text`` (a ``gist``)."""
        self._alike[_pattern(url), text] += 1
        if self._alike[_pattern(url), text] >= MOST_ALIKE:
            self._shut.add(_pattern(url))

    def endless(self, url: str) -> str:
        """Why ``url``, of a pattern whose addresses show one text, is left alone; '' where it isn't."""
        return f"looks like a trap: {MOST_ALIKE} addresses like it show one text" if _pattern(url) in self._shut else ""


def _pattern(url: str) -> str:
    """Path with runs of digits as one sign, and the names of the parameters."""
    parts = urlsplit(url)
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{DIGITS.sub('0', parts.path)}?{'&'.join(names)}"
