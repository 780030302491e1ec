"""Clocks in feeds and sitemaps: what they say of each address they list."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from lxml import etree

from wiretrace import identity
from wiretrace.read.clocks import Clock
from wiretrace.read.times import parse_time

LIMIT = 20_000_000  # bytes of a feed or sitemap that are read, unpacked
MOST = 50_000  # entries, as many as the sitemap protocol allows
FEED_DATES = {
    "pubdate": "published",
    "published": "published",
    "date": "published",
    "issued": "published",
    "updated": "modified",
}
MAP_DATES = {"lastmod": "modified", "publication_date": "published"}


def of_feed(body: bytes, address: str) -> dict[str, list[Clock]]:
    """Clocks of the items of an RSS or Atom feed, by address."""
    return _listed(body, address, ("item", "entry"), "feed", FEED_DATES)


def of_sitemap(body: bytes, address: str) -> dict[str, list[Clock]]:
    """Clocks of the entries of a sitemap, by address."""
    return _listed(body, address, ("url",), "sitemap", MAP_DATES)


def _listed(
    body: bytes, base: str, names: tuple[str, ...], source: str, dates: dict[str, str]
) -> dict[str, list[Clock]]:
    found: dict[str, list[Clock]] = {}
    for count, entry in enumerate(_entries(body, names)):
        if count == MOST:
            break
        address = ""
        clocks: list[Clock] = []
        for child in entry.iter():
            name = _local(child)
            if name in ("link", "loc") and not address and (child.get("rel") or "alternate") == "alternate":
                address = identity.canonical(child.get("href") or child.text or "", base)
            stated = parse_time(child.text or "") if name in dates else None
            if stated:
                clocks.append(Clock(source, dates[name], stated))
        if address and clocks:
            found.setdefault(address, []).extend(clocks)
    return found


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _entries(body: bytes, names: tuple[str, ...]) -> Iterator[etree._Element]:
    body = _unpacked(body)
    # Entities are the way to make a small file large; no feed needs its own.
    if b"<!ENTITY" in body[:100_000]:
        return
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return
    if root is None:
        return
    for element in root.iter():
        if _local(element) in names:
            yield element


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body[:LIMIT]
    try:
        return zlib.decompressobj(wbits=31).decompress(body, LIMIT)
    except zlib.error:
        return b""
