"""Every statement of when an article was published, changed or seen, with where it stands and what it can mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import htmldate
from lxml.html import HtmlElement, tostring

from wiretrace import identity
from wiretrace.read.markup import Markup, squeezed, texts
from wiretrace.read.times import LABEL, Interval, Stated, find_times, parse_time, spoken_time

PUBLISHED_META = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "sailthru.date",
    "parsely-pub-date",
    "article:create_at",
    "cxenseparse:recs:publishtime",
    "originalpublicationdate",
    "release_date",
    "citation_publication_date",
    "article.published",
    "weibo:article:create_at",
]
MODIFIED_META = [
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "weibo:article:update_at",
    "revised",
]
URL_DATE = re.compile(
    r"(?<!\d)(20\d\d)([/_-]?)(0[1-9]|1[0-2])(?:\2|/)(0[1-9]|[12]\d|3[01])(?!\d)|(?<!\d)(20\d\d)/(0[1-9]|1[0-2])(?=/)"
)
BEFORE, AFTER = 4, 3  # blocks before the headline and after the body that may hold the article's date
LONGEST = 90  # characters of a block that is read as a line with a date
# Sources in the order in which they are preferred where their intervals are equally narrow.
ORDER = [
    "wordpress",
    "json_ld",
    "meta",
    "feed",
    "visible",
    "import",
    "url",
    "http",
    "sitemap",
    "web_archive",
    "capture",
]


@dataclass(frozen=True)
class Clock:
    """A statement: source, event (published, modified, seen), the time as written."""

    source: str
    event: str
    stated: Stated


def of_page(page: Markup, text: str, headers: Sequence[tuple[str, str]], captured: str) -> list[Clock]:
    """Clocks that an article's page bears; ``captured`` is the time of the capture, after which no date is guessed."""
    found = _json_ld(page) + _meta(page) + _visible(page, text, captured) + _url(page.address) + _http(headers)
    if not any(clock.event == "published" for clock in found):
        found += _guessed(page.tree, captured)
    return list(dict.fromkeys(found))


def _clock(source: str, event: str, value: str) -> list[Clock]:
    stated = parse_time(value)
    return [Clock(source, event, stated)] if stated else []


def _json_ld(page: Markup) -> list[Clock]:
    found = []
    own = _key(page.address)
    pages = [o for o in page.json_ld if "WebPage" in texts(o.get("@type"))]
    for one in [*page.articles, *pages]:
        named = one.get("url") or one.get("mainEntityOfPage")
        named = named.get("@id") if isinstance(named, dict) else named
        address = identity.canonical(named, page.base) if isinstance(named, str) else ""
        if address and _key(address) != own and _key(address) != _key(canonical_of(page)):
            continue
        for event, name in (("published", "datePublished"), ("modified", "dateModified")):
            for value in texts(one.get(name))[:3]:
                found += _clock("json_ld", event, value)
    return found


def canonical_of(page: Markup) -> str:
    """Address that the page states to be its own (rel=canonical, else og:url), in canonical form, or ''."""
    linked = [
        e.get("href") or "" for e in page.tree.iter("link") if "canonical" in (e.get("rel") or "").lower().split()
    ]
    for address in (*linked, page.said("og:url")):
        if address:
            return identity.canonical(address, page.base)
    return ""


def _key(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address).rstrip("/")


def _meta(page: Markup) -> list[Clock]:
    found = []
    for event, names in (("published", PUBLISHED_META), ("modified", MODIFIED_META)):
        for name in names:
            for value in page.meta.get(name, ())[:2]:
                found += _clock("meta", event, value)
    return found


def _visible(page: Markup, text: str, captured: str) -> list[Clock]:
    """Dates in the lines around headline and body, and in labelled lines anywhere."""
    blocks = page.placed_blocks
    body = set(text.split("\n"))
    head, near = _around(page, body)
    found: list[Clock] = []
    for index, (block, element) in enumerate(blocks):
        # A day in the body's prose is news; a day in a line of its own is the line's.
        if len(block) > LONGEST or (index not in near and not LABEL.match(block)):
            continue
        if block in body and not spoken_time(block):
            continue
        said = _line(block) + (_time_elements(element, block) if index in near else [])
        # Many mastheads print today's date.
        found += [c for c in said if index >= head or c.stated.first.strftime("%Y-%m-%d") != captured[:10]]
    return found


def _around(page: Markup, body: set[str]) -> tuple[int, set[int]]:
    """Where the headline stands, or the body without one; and the blocks near enough to headline and body."""
    blocks = page.blocks
    bodies = [i for i, block in enumerate(blocks) if block in body and len(block) > 15]
    if not bodies:
        return 0, set()
    first = max((i for i in range(bodies[0] + 1) if blocks[i] == page.title), default=bodies[0])
    after = range(bodies[-1] + 1, bodies[-1] + 1 + AFTER)
    return first, {*range(max(0, first - BEFORE), bodies[0] + 1), *after}


def _line(block: str) -> list[Clock]:
    found, end = [], 0
    for stated in find_times(block):
        before = re.split(r"[|｜/／\s]{1,3}(?=\D{2,}$)", block[end : block.find(stated.value, end)])[-1]
        end = block.find(stated.value, end) + len(stated.value)
        label = LABEL.match(before.strip(" :：[(【（"))
        found.append(Clock("visible", "modified" if label and label["modified"] else "published", stated))
    return found


def _time_elements(element: HtmlElement, block: str) -> list[Clock]:
    found = []
    for time in element.iter("time"):
        shown = squeezed(time.text_content())
        if time.get("datetime") and shown and shown in block:
            names = f"{time.get('class')} {time.get('itemprop')}".lower()
            event = "modified" if re.search(r"updated|modified", names) else "published"
            found += _clock("visible", event, time.get("datetime") or "")
    return found


def _url(address: str) -> list[Clock]:
    match = URL_DATE.search(urlsplit(address).path)
    if not match:
        return []
    iso = f"{match[1]}-{match[3]}-{match[4]}" if match[1] else f"{match[5]}-{match[6]}"
    stated = parse_time(iso)
    return (
        [Clock("url", "published", Stated(match[0], stated.first, stated.last, stated.precision, None))]
        if stated
        else []
    )


def _http(headers: Sequence[tuple[str, str]]) -> list[Clock]:
    return [c for name, value in headers if name.lower() == "last-modified" for c in _clock("http", "modified", value)]


def _guessed(tree: HtmlElement, captured: str) -> list[Clock]:
    """The day that htmldate finds, where no other clock is there; no day after the capture's."""
    latest = datetime.strptime(captured[:10], "%Y-%m-%d") if captured else None
    day = htmldate.find_date(tree, extensive_search=False, original_date=True, max_date=latest) if latest else None
    if not day:
        return []
    # It takes 04.05. for the one or the other; such a day counts only where the page writes it year first as well.
    written = tostring(tree, encoding="unicode")
    sure = int(day[8:]) > 12 or day in written or day.replace("-", "/") in written
    return _clock("visible", "published", day) if sure else []


def seen(source: str, time: str) -> Clock:
    """That a page was there at ``time``, by a web archive's word or our own capture."""
    moment = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ")
    return Clock(source, "seen", Stated(time, moment, moment, "second", (0, 0)))


def of_index(body: bytes) -> dict[str, Clock]:
    """From a web archive's CDX answer in JSON: by address, when it was first seen; error pages count for nothing."""
    try:
        rows = json.loads(body)
        names = [str(name) for name in rows[0]]
        entries = [dict(zip(names, map(str, row), strict=False)) for row in rows[1:]]
    except (ValueError, TypeError, IndexError, KeyError, RecursionError):
        return {}
    first: dict[str, str] = {}
    for entry in entries:
        address, stamp = identity.canonical(entry.get("original", "")), entry.get("timestamp", "")
        if address and re.fullmatch(r"\d{14}", stamp) and entry.get("statuscode", "200") in ("200", "-"):
            first[address] = min(first.get(address, stamp), stamp)
    found = {}
    for address, stamp in sorted(first.items()):
        stated = parse_time(stamp)
        if stated:
            # The Wayback Machine's time stamps are UTC (https://archive.org/developers/wayback-cdx-server.html).
            utc = Stated(stamp, stated.first, stated.last, stated.precision, (0, 0))
            found[address] = Clock("web_archive", "seen", utc)
    return found


def of_wordpress(body: bytes) -> tuple[dict[str, list[Clock]], list[str]]:
    """From an answer of the WordPress API: clocks by address, and the author slugs of its users."""
    try:
        loaded = json.loads(body)
    except (ValueError, RecursionError):
        return {}, []
    items: list[Any] = loaded if isinstance(loaded, list) else [loaded]
    clocks: dict[str, list[Clock]] = {}
    users = []
    for item in items[:1000]:
        if not isinstance(item, dict):
            continue
        address = identity.canonical(str(item.get("link") or ""))
        for event, name in (("published", "date_gmt"), ("modified", "modified_gmt")):
            value = item.get(name)
            if address and isinstance(value, str) and value:
                clocks.setdefault(address, []).extend(_clock("wordpress", event, f"{value}Z"))
        if isinstance(item.get("slug"), str) and "avatar_urls" in item:
            users.append(item["slug"].lower())
    return clocks, sorted(set(users))


def site_zone(clocks: Iterable[Clock]) -> tuple[int, int] | None:
    """Range of zones that a site's machine-readable times state, minutes east: one zone, or its winter and summer time.

    UTC says nothing: it is what software writes that knows no zone.
    """
    stated = {c.stated.zone for c in clocks if c.source in ("json_ld", "meta", "feed", "visible") and c.stated.zone}
    zones = stated - {(0, 0)}
    low, high = min((z[0] for z in zones), default=0), max((z[1] for z in zones), default=0)
    if high - low > 60 or not zones:
        return None
    # Where summer time is an hour east of UTC, UTC is the winter time.
    return (0, 60) if (low, high) == (60, 60) and (0, 0) in stated else (low, high)


def best(clocks: Iterable[tuple[Clock, Interval]]) -> tuple[Clock, Interval] | None:
    """The narrowest statement of publication that nothing seen earlier contradicts; None where there is none."""
    held = list(clocks)
    first_seen = min((taken.latest for clock, taken in held if clock.event == "seen"), default="9")
    possible = [(c, i) for c, i in held if c.event == "published" and i.earliest <= first_seen]
    return min(
        possible,
        key=lambda ci: (_width(ci[1]), ORDER.index(ci[0].source), ci[1].earliest, ci[0].stated.value),
        default=None,
    )


def _width(taken: Interval) -> float:
    form = "%Y-%m-%dT%H:%M:%SZ"
    return (datetime.strptime(taken.latest, form) - datetime.strptime(taken.earliest, form)).total_seconds()
