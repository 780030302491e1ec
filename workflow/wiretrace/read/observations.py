"""What a page, its headers and its site's files show of who runs it, as (kind, value) with the rule that found it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from lxml.html import HtmlElement

from wiretrace.identity import registry
from wiretrace.read import page_rules
from wiretrace.read.class_names import own_parts
from wiretrace.read.kernels import walk
from wiretrace.read.markup import Markup, squeezed, texts, utf8
from wiretrace.read.page_rules import RULES
from wiretrace.read.rules import Rule, rules
from wiretrace.read.shape import assets_of, fingerprint, menu_of

REDACTIONS = "redactions.yaml"
CASED = ("youtube.com", "lin.ee")
EAST = re.compile(r"[\u3040-\u9fff\uac00-\ud7a3]{4}")
ACCOUNTS = 20  # accounts of one page
LEAST = 4  # characters of what is looked for in the source
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


class Seen(NamedTuple):
    """One thing seen: ``source`` is page, headers, dns, tls, whois or rdap; ``state`` is value or redacted.

    ``start`` and ``end`` are its place in the decoded body, in characters; -1 where it stands nowhere as such.
    """

    kind: str
    value: str
    rule_id: str
    excerpt: str = ""
    source: str = "page"
    state: str = "value"
    start: int = -1
    end: int = -1


def of_page(page: Markup, html: str, kind: str, source: bytes | None = None) -> list[Seen]:
    """Observations on one page; ``kind`` is the page's, ``source`` its ``html`` in UTF-8 where that is at hand.

    What a release says of its customer is never taken as the site's: names and contacts count on imprint pages, and
    elsewhere only in header and footer.
    """
    shown = page.shown if kind == "imprint" else "\n".join(framed(page))
    told = [_seen(rule, hit) for rule, hit in page_rules.text_hits(shown)]
    told = [seen for seen in told if redaction(seen.value) is None]
    told += [*_metadata(page), *accounts(page), *_comments(page, html)]
    told += [Seen("asset_host", host, "asset-host", written[:300]) for host, written in assets_of(page)]
    classes = dict.fromkeys([written for _, written, _ in page.outline.looks])
    names = own_parts(dict.fromkeys([name for written in classes for name in written.split()]))
    told += [Seen("class_name", part, "class-name", name) for part, name in names.items()]
    words = [words for seen in told for words in (seen.excerpt, seen.value)]
    places = page_rules.places_in(utf8(html) if source is None else source, words)
    found = [_seen(rule, hit) for rule, hit in page_rules.hits_at(html, places)]
    found += [_placed(seen, places) for seen in told]
    menu = menu_of(page)
    if menu:
        found.append(Seen("menu", " | ".join(sorted(menu)), "menu", " | ".join(menu)))
    if kind in ("front", "article"):
        skeleton = fingerprint(page)
        if skeleton:
            found.append(Seen("dom_fingerprint", f"{kind}:{skeleton}", "dom-fingerprint"))
    return found


def _seen(rule: Rule, hit: page_rules.Hit) -> Seen:
    return Seen(rule.kind, hit.value, rule.id, hit.excerpt, start=hit.start, end=hit.end)


def _placed(seen: Seen, places: Mapping[str, Sequence[int]]) -> Seen:
    """``seen`` with its place in the source, where what it was read from stands there as it was read."""
    start, size = -1, 0
    for words in (seen.excerpt, seen.value):
        if len(words) >= LEAST and words in places:
            start, size = places[words][0], len(words)
            break
    return seen._replace(start=start, end=start + size)


def framed(page: Markup) -> Iterator[str]:
    """Blocks of the page's header and footer."""
    inside = walk.framed(page.outline.parents_of, page.frames)
    return (block.text for block in page.blocks_seen if inside[block.at])


def _metadata(page: Markup) -> Iterator[Seen]:
    for name, service in registry(RULES)["verifications"].items():
        for value in page.meta.get(name, ()):
            yield Seen("site_verification", f"{service}:{value}", "verification-meta", f"{name}: {value}")
    for value in page.meta.get("generator", ()):
        yield Seen("generator", value[:120], "generator-meta")
    for name, form in registry(RULES)["accounts"].items():
        for value in page.meta.get(name, ()):
            account = account_of(value) if form == "link" else form.format(value.lower()[:60])
            if account:
                yield Seen("social_account", account, f"{name.replace(':', '-')}-meta", value[:200])
    locales = [("html", page.tree.get("lang") or ""), *(("og", v) for v in page.meta.get("og:locale", ()))]
    for where, value in locales:
        if LOCALE.fullmatch(value.strip()):
            yield Seen("locale", f"{where}:{value.strip().replace('_', '-').lower()}", f"locale-{where}")


def accounts(page: Markup) -> Iterator[Seen]:
    """Accounts elsewhere that header, footer, rel=me links and the markup of the organisation name as the site's."""
    found: dict[str, str] = {}
    for element in page.every("a", "link"):
        account = account_of(address := element.get("href") or "")
        if account and account not in found:
            own = "me" in (element.get("rel") or "").split()
            if own or (element.tag == "a" and _in_frame(page, element)):
                found[account] = address
        if len(found) >= ACCOUNTS:
            break
    for stated in page.json_ld[:40]:
        if {"Organization", "NewsMediaOrganization", "WebSite"} & set(texts(stated.get("@type"))):
            for address in texts(stated.get("sameAs"))[:20]:
                if account_of(address):
                    found.setdefault(account_of(address), address)
    for account, address in sorted(found.items()):
        yield Seen("social_account", account, "social-link", address[:200])


@lru_cache(maxsize=20_000)
def account_of(address: str) -> str:
    """The account that ``address`` is of, as host/name or, on Twitter, @name; '' where it is no account's."""
    match = _social().match(address, 0, 300)
    if not match:
        return ""
    host, path = match["host"].lower(), match["path"].strip("/")
    if re.match(registry(RULES)["no_accounts"], path):
        return ""
    parts = path.split("/")
    taken = 2 if parts[0] in ("company", "channel", "user", "c", "in", "profile", "people", "groups", "pages") else 1
    name = "/".join(parts[:taken])
    if host in ("twitter.com", "x.com"):
        return f"@{parts[0].lower().lstrip('@')}"
    return f"{host}/{name if host in CASED else name.lower()}"


@cache
def _social() -> re.Pattern[str]:
    """Addresses on the hosts of social media."""
    hosts = "|".join(re.escape(host) for host in registry(RULES)["social_hosts"])
    return re.compile(
        rf"\s{{0,5}}(?:https?:)?//(?:(?:www|m|mobile|[a-z]{{2}}-[a-z]{{2}})\.)?(?P<host>{hosts})/(?P<path>[^?#\s]{{1,120}})",
        re.IGNORECASE,
    )


def _in_frame(page: Markup, element: HtmlElement) -> bool:
    """Whether ``element`` stands in the page's header or footer, and not in an article."""
    above = page.frames[page.outline.above(page.outline.numbers[element])]
    return bool((above == walk.FRAME).any() and not (above == walk.FRAMED).any())


def _comments(page: Markup, html: str) -> list[Seen]:
    common = _common()
    found = []
    for comment in page.comments_of(html):
        words = comment.count(" ") >= 2 or EAST.search(comment)
        if 8 <= len(comment) <= 200 and words and not common.search(comment):
            found.append(Seen("html_comment", comment, "html-comment"))
    return found[:10]


@cache
def _common() -> re.Pattern[str]:
    """Comments that software leaves on every site it runs."""
    return re.compile(registry(RULES)["common_comments"])


def of_headers(headers: Sequence[tuple[str, str]], file: bool) -> list[Seen]:
    """Observations in HTTP headers; an ETag counts only for a ``file`` such as an icon, since pages change."""
    found = []
    for name, value in headers:
        value = squeezed(value)[:200]
        if value and name.lower() in ("server", "x-powered-by"):
            found.append(Seen("server", value, f"{name.lower()}-header", f"{name}: {value}", "headers"))
        elif value and name.lower() == "x-generator":
            found.append(Seen("generator", value[:120], "x-generator-header", f"{name}: {value}", "headers"))
        elif value and name.lower() == "etag" and file and len(value.strip('W/"')) >= 8:
            found.append(
                Seen("etag", value.removeprefix("W/").strip('"'), "etag-header", f"{name}: {value}", "headers")
            )
    return found


def redaction(value: str) -> str | None:
    """Id of the rule by which ``value`` is a redaction or a privacy service, or None where it may name somebody."""
    for rule in rules(REDACTIONS):
        if rule.pattern.search(value):
            return rule.id
    return None


def proxied(names: Iterable[str]) -> bool:
    """Whether one of ``names`` is a service that stands for a registrant: its address and mail are then its own."""
    return any((redaction(name) or "").startswith("privacy-service") for name in names)


def stated(kind: str, values: Iterable[str], rule_id: str, source: str, hidden: bool = False) -> list[Seen]:
    """``values`` of ``kind`` as observations, redactions marked; ``hidden`` marks all, their owner being hidden."""
    made: dict[str, Seen] = {}
    for value in values:
        value = squeezed(value)[:300]
        if value:
            redacted = hidden or redaction(value) is not None
            made.setdefault(value, Seen(kind, value, rule_id, value, source, "redacted" if redacted else "value"))
    return list(made.values())
