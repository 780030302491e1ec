"""Clocks in lists of addresses: feeds, sitemaps, the WordPress API, a web archive's index."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from wiretrace import identity
from wiretrace.given import json_of
from wiretrace.read.clocks import Clock, stated_clock
from wiretrace.read.decode import decode
from wiretrace.read.markup import squeezed
from wiretrace.read.times import Stated, parse_time

LIMIT = 20_000_000  # bytes of a feed or sitemap that are read, unpacked
MOST = 50_000  # entries, as many as the sitemap protocol allows
XML = re.compile(r"^\s*<\?xml[^>]{0,400}\?>")
REFERENCE = re.compile(r"&#([xX][0-9A-Fa-f]{1,12}|[0-9]{1,12})")
FEED_DATES = {
    "pubdate": "published",
    "published": "published",
    "date": "published",
    "issued": "published",
    "updated": "modified",
}
MAP_DATES = {"lastmod": "modified", "publication_date": "published"}
LISTS = {"item": ("feed", FEED_DATES), "entry": ("feed", FEED_DATES), "url": ("sitemap", MAP_DATES)}


def text_of(body: bytes) -> str:
    """A feed or sitemap, packed or not, as text; charsets are misstated in feeds too."""
    return decode(_unpacked(body)).text


def of_list(text: str, address: str) -> dict[str, list[Clock]]:
    """Clocks of the items of an RSS or Atom feed, or of the entries of a sitemap, by address."""
    found: dict[str, list[Clock]] = {}
    for count, entry in enumerate(_entries(text)):
        if count == MOST:
            break
        source, dates = LISTS[_local(entry)]
        where = ""
        clocks: list[Clock] = []
        for child in _parts(entry):
            name = _local(child)
            if name in ("link", "loc") and not where and (child.get("rel") or "alternate") == "alternate":
                where = identity.canonical(child.get("href") or child.text or "", address)
            stated = parse_time(child.text or "") if name in dates else None
            if stated:
                clocks.append(Clock(source, dates[name], stated))
        if where and clocks:
            found.setdefault(where, []).extend(clocks)
    return found


def _parts(entry: etree._Element) -> Iterator[etree._Element]:
    """What stands in ``entry`` and one level below, but for other entries, which a broken list has inside of it."""
    for child in entry:
        if _local(child) not in LISTS:
            yield child
            yield from child


def of_index(body: bytes) -> dict[str, Clock]:
    """From a web archive's CDX answer in JSON: by address, when it was first seen; error pages count for nothing.

    The answer is a table, as the Wayback Machine writes it, or an object a line, as Common Crawl does.
    """
    entries = _objects(body) if body.lstrip()[:1] == b"{" else _table(body)
    first: dict[str, str] = {}
    for entry in entries:
        address = identity.canonical(entry.get("original") or entry.get("url", ""))
        stamp, status = entry.get("timestamp", ""), entry.get("statuscode") or entry.get("status", "200")
        if address and re.fullmatch(r"\d{14}", stamp) and status in ("200", "-"):
            first[address] = min(first.get(address, stamp), stamp)
    found = {}
    for address, stamp in sorted(first.items()):
        stated = parse_time(stamp)
        if stated:
            # The Wayback Machine's time stamps are UTC (https://archive.org/developers/wayback-cdx-server.html).
            utc = Stated(stamp, stated.first, stated.last, stated.precision, (0, 0))
            found[address] = Clock("web_archive", "seen", utc)
    return found


def _table(body: bytes) -> list[dict[str, str]]:
    try:
        rows = json_of(body)
        names = [str(name) for name in rows[0]]
        return [dict(zip(names, map(str, row), strict=False)) for row in rows[1:]]
    except (ValueError, TypeError, IndexError, KeyError):
        return []


def _objects(body: bytes) -> list[dict[str, str]]:
    found = []
    for line in body.splitlines()[:MOST]:
        try:
            row = json_of(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            found.append({str(name): str(value) for name, value in row.items()})
    return found


def of_wordpress(body: bytes) -> tuple[dict[str, list[Clock]], list[str]]:
    """From an answer of the WordPress API: clocks by address, and the author slugs of its users."""
    try:
        loaded = json_of(body)
    except ValueError:
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
                clocks.setdefault(address, []).extend(stated_clock("wordpress", event, f"{value}Z"))
        if isinstance(item.get("slug"), str) and "avatar_urls" in item:
            users.append(squeezed(item["slug"]).lower())
    return clocks, sorted({user for user in users if user})


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _entries(text: str) -> Iterator[etree._Element]:
    # Entities are the way to make a small file large; no feed needs its own.
    if "<!ENTITY" in text[:100_000]:
        return
    # The parser would hand on what no text may hold.
    text = REFERENCE.sub(_sound, XML.sub("", text))
    parser = etree.XMLParser(encoding="utf-8", recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is None:
        return
    for element in root.iter():
        if _local(element) in LISTS:
            yield element


def _sound(reference: re.Match[str]) -> str:
    """A numeric reference, unless it names half of a surrogate pair."""
    code = int(reference[1][1:], 16) if reference[1][0] in "xX" else int(reference[1])
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else reference[0]


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:LIMIT]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, LIMIT)
    except zlib.error:
        return b""
