"""Everything about one publisher: its captures sorted by what they are, read, and joined into rows of the tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from wiretrace import identity
from wiretrace.config import Read
from wiretrace.evidence import Opened
from wiretrace.read import feeds, images, observations, records, site_files, transparency, whois
from wiretrace.read.clocks import Clock
from wiretrace.read.decode import decode
from wiretrace.read.extract import Article
from wiretrace.read.kinds import is_front
from wiretrace.read.observations import Seen
from wiretrace.read.pages import NOT_RENDERED, Content, Page, read_content
from wiretrace.read.versions import Look

Row = Mapping[str, Any]
Open = Callable[[Row], Opened]
Contents = dict[tuple[str, str, str], Content]  # by address, digest and headers that matter
# Error pages whose chrome is still the site's own; others come from whoever stands before it.
OWN_ERRORS = (404, 410)
# What a page that was answered with success says of an article at its address, by the page's kind.
SHOWN = {
    "article": ("live", ""),
    "unreadable": ("live", ""),
    "soft404": ("deleted", "200, a page that says it is missing"),
    "parked": ("parked", "200, a parked domain's page"),
}
NEVER_WAS = "200, the same page as for an address that never was"
# Characters of a page from which it can be told from others.
TELLING = 20
SIGNED = 3  # headlines behind which a name must stand in <title> to be the site's
NUMBERS = re.compile(r"\d+")
# What a platform's pages show of the account and not of the platform: what only its owner can have put there.
ON_PLATFORMS = ("site_verification",)


@dataclass(frozen=True)
class Noted:
    """An observation with the capture that shows it and the time at which it was so."""

    seen: Seen
    capture: Row
    time: str


@dataclass
class Reading:
    """What the captures of one publisher say, before it is joined into rows."""

    publisher: str
    pages: list[Page] = field(default_factory=list)
    noted: list[Noted] = field(default_factory=list)
    looks: dict[str, list[Look]] = field(default_factory=dict)
    stated: dict[str, list[tuple[Clock, str]]] = field(default_factory=dict)
    files: dict[str, tuple[Row, str, str]] = field(default_factory=dict)
    missing: dict[str, set[str]] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)


def is_account(publisher: str) -> bool:
    """Whether ``publisher`` is an account on a platform, whose software, host and icons say nothing of who writes."""
    return "/" in publisher or bool(identity.platform_of(f"https://{publisher}/")[1])


def article_key(address: str) -> str:
    """What two forms of an address that mean one article share: no scheme, no ``www.``, no final slash."""
    parts = urlsplit(address)
    rest = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    return parts.netloc.removeprefix("www.") + rest


def read_captures(
    publisher: str, captures: Sequence[Row], lookups: Sequence[Row], opened: Open, limits: Read
) -> Reading:
    """Read every capture of ``publisher``, in order of time."""
    reading = Reading(publisher)
    contents: Contents = {}
    ordered = sorted(captures, key=lambda c: (str(c["original_time"] or c["time"]), str(c["capture_id"])))
    reading.missing = _missing(publisher, ordered, opened, contents, limits)
    rendered = {str(capture["refers_to"]): capture for capture in ordered if capture["purpose"] == "rendered"}
    for capture in ordered:
        kind = str(capture["kind"])
        if kind == "browser":
            continue
        filled = rendered.get(str(capture["capture_id"]))
        if filled and _fills(capture, filled, opened, contents, publisher, limits):
            _http(reading, {**filled, "purpose": capture["purpose"]}, opened(filled), contents, limits)
        elif kind != "http":
            seen = _of_record(kind, str(capture["purpose"]), opened(capture).raw, publisher)
            reading.noted += [Noted(one, capture, str(capture["time"])) for one in seen]
        else:
            _http(reading, capture, opened(capture), contents, limits)
    shown = {str(capture["capture_id"]) for capture in captures}
    for lookup in lookups:
        _lookup(reading, lookup, shown)
    _icons(reading, opened)
    if is_account(publisher):
        reading.noted = [noted for noted in reading.noted if noted.seen.kind in ON_PLATFORMS]
    return reading


def _fills(capture: Row, shown: Row, opened: Open, contents: Contents, publisher: str, limits: Read) -> bool:
    """Whether what a browser showed of a page is an article, and the page as it was sent waits for its scripts."""
    address = identity.canonical(str(capture["address"]))
    plain, filled = (_content(contents, one, opened(one), address, publisher, limits) for one in (capture, shown))
    return plain.refused == NOT_RENDERED and filled.kind == "article"


def _content(contents: Contents, capture: Row, got: Opened, address: str, publisher: str, limits: Read) -> Content:
    """What a page holds, read once: the same bytes at the same address in another round are the same content."""
    key = (address, str(capture["digest"]), f"{got.header('content-type')} {got.header('last-modified')}")
    if key not in contents:
        # A web archive's own headers say nothing of the page; only the type of what follows is kept.
        own = capture["route"] != "web_archive"
        headers = [(name, value) for name, value in got.headers if own or name.lower() == "content-type"]
        contents[key] = read_content(got.body, headers, address, publisher, _time(capture), limits)
    return contents[key]


def _time(capture: Row) -> str:
    return str(capture["original_time"] or capture["time"])


def _missing(
    publisher: str, captures: Sequence[Row], opened: Open, contents: Contents, limits: Read
) -> dict[str, set[str]]:
    """By round, what the publisher shows where there is no page: for an address that never was, and with 404 or 410.

    Where its front page shows the same, as that of a page which scripts fill does, it tells nothing.
    """
    found: dict[str, set[str]] = {}
    fronts: dict[str, set[str]] = {}
    probed = {str(capture["snapshot"]) for capture in captures if capture["purpose"] == "probe"}
    for capture in captures:
        address, snapshot = identity.canonical(str(capture["address"])), str(capture["snapshot"])
        front = capture["purpose"] == "page" and is_front(address, publisher)
        error = capture["purpose"] == "page" and capture["status"] in map(str, OWN_ERRORS)
        if snapshot not in probed or not (capture["purpose"] == "probe" or front or error):
            continue
        got = opened(capture)
        if (got.status or 200) < 300 or got.status in OWN_ERRORS:
            content = _content(contents, capture, got, address, publisher, limits)
            (fronts if front else found).setdefault(snapshot, set()).add(_words(content, address))
    return {snapshot: words - fronts.get(snapshot, set()) - {""} for snapshot, words in found.items()}


def _words(content: Content, address: str) -> str:
    """What a page says but for numbers and its own address; '' where that is too little to tell it from others."""
    words = f"{content.title}\n{content.article.text}\n{content.chrome}"
    path = urlsplit(address).path
    for own in (address, path, path.rpartition("/")[2]):
        words = words.replace(own, "") if len(own) > 1 else words
    words = " ".join(NUMBERS.sub("", words).split())
    return words if len(words) >= TELLING else ""


def _of_record(kind: str, purpose: str, raw: bytes, publisher: str) -> list[Seen]:
    if purpose == "asn":
        return records.of_origin(raw.decode("utf-8", "replace"))
    if kind == "dns":
        return records.of_dns(raw.decode("utf-8", "replace"), identity.registrable_domain(publisher))
    return whois.of_whois(raw, publisher) if kind == "whois" else records.of_tls(raw)


def _http(reading: Reading, capture: Row, got: Opened, contents: Contents, limits: Read) -> None:
    purpose, address = str(capture["purpose"]), identity.canonical(str(capture["address"]))
    status = got.status or 200
    time = _time(capture)
    if purpose == "archive_index":
        for found, clock in feeds.of_index(got.body).items():
            _state(reading, found, [clock], capture)
    elif purpose == "transparency":
        for seen, first, last in transparency.of_logs(got.body, reading.publisher) if status == 200 else ():
            reading.noted += [Noted(seen, capture, at) for at in (first, min(last, time))]
    elif purpose == "rdap":
        reading.noted += [Noted(one, capture, time) for one in records.of_rdap(got.body) if status == 200]
    elif purpose in ("page", "archive_page"):
        if status < 300:
            _page(reading, capture, got, address, time, contents, limits)
        elif status in OWN_ERRORS:
            _error_page(reading, capture, got, address, contents, limits)
        if capture["route"] != "web_archive":
            _look(reading, capture, got, address, status)
    elif status == 200 and address and purpose not in ("probe", "requisite"):
        _file(reading, capture, got, address, time)


def _page(
    reading: Reading,
    capture: Row,
    got: Opened,
    address: str,
    time: str,
    contents: Contents,
    limits: Read,
) -> None:
    """Read a page."""
    if not address:
        return
    content = _content(contents, capture, got, address, reading.publisher, limits)
    missing = reading.missing.get(str(capture["snapshot"]), set())
    if missing and not is_front(address, reading.publisher) and _words(content, address) in missing:
        content = replace(content, kind="soft404", article=Article("", content.title, "", ""), clocks=())
        reading.absent.add(str(capture["capture_id"]))
    reading.pages.append(Page(capture, address, time, content))
    reading.noted += [Noted(seen, capture, time) for seen in content.seen]
    if capture["route"] != "web_archive":
        reading.noted += [Noted(seen, capture, time) for seen in observations.of_headers(got.headers, file=False)]


def _error_page(reading: Reading, capture: Row, got: Opened, address: str, contents: Contents, limits: Read) -> None:
    """What a missing page's chrome shows of the site that serves it."""
    content, time = _content(contents, capture, got, address, reading.publisher, limits), _time(capture)
    kinds = ("adsense", "ga_ua", "ga4", "gtm", "theme", "plugin")
    reading.noted += [Noted(seen, capture, time) for seen in content.seen if seen.kind in kinds]
    reading.noted += [Noted(seen, capture, time) for seen in observations.of_headers(got.headers, file=False)]


def _look(reading: Reading, capture: Row, got: Opened, address: str, status: int) -> None:
    """What this capture says of the article at its address."""
    if 300 <= status < 400:
        where = identity.canonical(urljoin(address, got.header("location")))
        if article_key(where) == article_key(address):
            return
        front = where and is_front(where, reading.publisher)
        found, how = "redirected", f"{status} to {'the front page' if front else where[:200] or 'no address'}"
    elif status in OWN_ERRORS:
        found, how = "deleted", str(status)
    elif status >= 400:
        found, how = "unreachable", str(status)
    else:
        page = next((p for p in reversed(reading.pages) if p.capture["capture_id"] == capture["capture_id"]), None)
        kind = page.content.kind if page else "unreadable"
        if capture["truncated"] and kind != "article":
            return  # what was cut off does not show what the page is
        why = (page.content.refused if page else "") or kind
        found, how = SHOWN.get(kind, ("unreachable", f"{status}, a page without an article ({why})"))
        how = NEVER_WAS if str(capture["capture_id"]) in reading.absent else how
    look = Look(str(capture["time"]), str(capture["capture_id"]), found, how)
    reading.looks.setdefault(article_key(address), []).append(look)


def _lookup(reading: Reading, lookup: Row, shown: set[str]) -> None:
    """What a look-up of a page says that left no capture; one that was not tried says nothing."""
    found = {"absent": "deleted", "could_not_look": "unreachable"}.get(str(lookup["outcome"]), "")
    address = identity.canonical(str(lookup["subject"]))
    if lookup["source"] == "page" and found and address and lookup["capture_id"] not in shown:
        reading.looks.setdefault(article_key(address), []).append(
            Look(str(lookup["time"]), "", found, str(lookup["reason"])[:200])
        )


def _file(reading: Reading, capture: Row, got: Opened, address: str, time: str) -> None:
    """A feed, sitemap, API answer, ads.txt or image, told by its purpose, address and media type."""
    purpose, media = str(capture["purpose"]), str(capture["media_type"])
    path = urlsplit(address).path.lower()
    if purpose == "robots":
        return
    if path.rstrip("/").endswith("/wp-json"):
        reading.noted += [Noted(seen, capture, time) for seen in site_files.of_wordpress_root(decode(got.body).text)]
    elif "/wp-json/" in path or "rest_route=" in address:
        clocks, users = feeds.of_wordpress(got.body)
        for found, said in clocks.items():
            _state(reading, found, said, capture)
        reading.noted += [Noted(Seen("wp_user", user, "wp-api", user), capture, time) for user in users]
    elif path.endswith(("/ads.txt", "/app-ads.txt")):
        reading.noted += [Noted(seen, capture, time) for seen in site_files.of_ads_txt(decode(got.body).text)]
    elif path.endswith("/sellers.json"):
        reading.noted += [Noted(seen, capture, time) for seen in site_files.of_sellers(decode(got.body).text)]
    elif (
        media.startswith("image/")
        or purpose == "image"
        or path.endswith((".ico", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp"))
    ):
        reading.files[address] = (capture, identity.sha256(got.body), images.metadata(got.body))
        reading.noted += [Noted(seen, capture, time) for seen in observations.of_headers(got.headers, file=True)]
    else:
        text = feeds.text_of(got.body)
        reading.noted += [Noted(seen, capture, time) for seen in site_files.of_sitemap(text)]
        for found, said in feeds.of_list(text, address).items():
            _state(reading, found, said, capture)


def _state(reading: Reading, address: str, said: Sequence[Clock], capture: Row) -> None:
    if identity.publisher_of(address) == reading.publisher:
        known = reading.stated.setdefault(article_key(address), [])
        known += [(clock, str(capture["capture_id"])) for clock in said]


def _icons(reading: Reading, opened: Open) -> None:
    """Digests of the files that the site's pages name as its icon or its logo, and what of them bears a change."""
    named = {
        kind: {address for page in reading.pages for address in getattr(page.content, where)}
        for kind, where in (("favicon", "icons"), ("logo_image", "logos"))
    }
    for address, (capture, digest, _) in sorted(reading.files.items()):
        size = int(capture["size"] or 0)
        kinds = [kind for kind, addresses in named.items() if address in addresses and size]
        for kind in kinds:
            seen = Seen(kind, digest, f"{kind}-digest".replace("_", "-"), address)
            reading.noted.append(Noted(seen, capture, str(capture["time"])))
        if kinds and size <= site_files.ICON:
            for seen in site_files.of_icon(opened(capture).body, address, kinds):
                reading.noted.append(Noted(seen, capture, str(capture["time"])))


def front_names(reading: Reading) -> list[str]:
    """Names that the site gives to itself, its front pages' first; an account's pages name its platform as the site."""
    fronts = [p.content for p in reading.pages if is_front(p.address, reading.publisher)]
    if is_account(reading.publisher):
        return [c.title for c in fronts if c.title]
    found = [c.site_name for c in fronts] + [p.content.site_name for p in reading.pages]
    return [name for name in [*found, _signed(reading.pages), *(c.title for c in fronts)] if name]


def _signed(pages: Sequence[Page]) -> str:
    """What follows most headlines in <title>, where it does so behind three or more; '' if nothing does."""
    titles = {(p.content.behind_title, p.content.title) for p in pages if p.content.title}
    counted = Counter(name for name, _ in sorted(titles) if name)
    name, number = max(counted.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return name if number >= SIGNED and 2 * number > len(titles) else ""
