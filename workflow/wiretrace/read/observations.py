"""What a page, its headers and its site's files show of who runs it, as (kind, value) with the rule that found it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from wiretrace import identity
from wiretrace.read.markup import Markup, squeezed
from wiretrace.read.rules import Rule, group, registry, rules

RULES = "page_ids.yaml"
REDACTIONS = "redactions.yaml"
MOST = 40  # values of one rule on one page; more are a list, not a mark
AROUND = 40  # characters shown on either side of a value
FRAME = re.compile(r"foot|copyright|colophon|credit|imprint|company|header|masthead|top-?bar|address", re.IGNORECASE)
MENU = re.compile(r"(?:^|[\s_-])(?:nav|menu|gnb|lnb|navbar|navigation|global-?nav)(?:$|[\s_-])", re.IGNORECASE)
SKELETON_MOST, SKELETON_LEAST = 400, 8
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True)
class Seen:
    """One thing seen: ``source`` is page, headers, dns, tls, whois or rdap; ``state`` is value or redacted."""

    kind: str
    value: str
    rule_id: str
    excerpt: str = ""
    source: str = "page"
    state: str = "value"
    start: int = -1
    end: int = -1


def values_in(rule: Rule, text: str) -> list[tuple[str, str]]:
    """(value, words around it) of ``rule`` in ``text``, each value once, in order."""
    if rule.settings.get("needs", "") not in text:
        return []
    found: dict[str, str] = {}
    never = {str(value) for value in rule.settings.get("never", ())}
    for match in rule.pattern.finditer(text):
        value = _form(rule, match)
        if value and value not in never and value not in found:
            around = text[max(0, match.start() - AROUND) : match.end() + AROUND]
            found[value] = squeezed(around)[: 4 * AROUND + 80]
        if len(found) == MOST:
            break
    return list(found.items())


def _form(rule: Rule, match: re.Match[str]) -> str:
    value, form = squeezed(group(match, "value")), rule.settings.get("form", "{}")
    if form == "digits":
        plain = unicodedata.normalize("NFKC", value)
        digits = re.sub(r"\D", "", plain)
        return ("+" if plain.startswith("+") else "") + digits if 8 <= len(digits) <= 15 else ""
    if form == "squeezed":
        return value.replace(" ", "")
    value = {"lower": str.lower, "upper": str.upper}.get(rule.settings.get("fold", ""), str)(value)
    return str(form).format(value.strip(" .,;|"), **{k: v for k, v in match.groupdict().items() if v})


def _by(on: str, text: str) -> Iterator[Seen]:
    for rule in rules(RULES):
        if rule.settings["where"] == on:
            for value, excerpt in values_in(rule, text):
                yield Seen(rule.kind, value, rule.id, excerpt)


def of_page(page: Markup, html: str, kind: str) -> list[Seen]:
    """Observations on one page; ``kind`` is the page's.

    What a release says of its customer is never taken as the site's: names and contacts count on imprint pages, and
    elsewhere only in header and footer.
    """
    found = list(_by("source", html))
    stated = "\n".join(page.blocks) if kind == "imprint" else "\n".join(_frame(page))
    found += [s for s in _by("imprint", stated) if redaction(s.value) is None]
    found += _metadata(page)
    found += _comments(page, html)
    found += [Seen("asset_host", host, "asset-host", address) for host, address in _assets(page)]
    menu = menu_of(page)
    if menu:
        found.append(Seen("menu", " | ".join(sorted(menu)), "menu", " | ".join(menu)))
    if kind in ("front", "article"):
        skeleton = fingerprint(page.tree)
        if skeleton:
            found.append(Seen("dom_fingerprint", f"{kind}:{skeleton}", "dom-fingerprint"))
    return found


def _frame(page: Markup) -> Iterator[str]:
    """Blocks of the page's header and footer."""
    framed: dict[HtmlElement, bool] = {}

    def inside(element: HtmlElement) -> bool:
        path = []
        known = False
        current: HtmlElement | None = element
        while current is not None:
            if current in framed:
                known = framed[current]
                break
            path.append(current)
            current = current.getparent()
        for one in reversed(path):
            names = f"{one.get('class') or ''} {one.get('id') or ''}"
            known = (
                known
                or one.tag in ("footer", "header")
                or bool(one.tag not in ("html", "body") and FRAME.search(names))
            )
            known = known and one.tag not in ("article", "main")
            framed[one] = known
        return known

    for text, element in page.placed_blocks:
        if inside(element):
            yield text


def _metadata(page: Markup) -> Iterator[Seen]:
    for name, service in registry(RULES)["verifications"].items():
        for value in page.meta.get(name, ()):
            yield Seen("site_verification", f"{service}:{value}", "verification-meta", f"{name}: {value}")
    for value in page.meta.get("generator", ()):
        yield Seen("generator", value[:120], "generator-meta")
    for value in page.meta.get("twitter:site", ()):
        yield Seen("social_account", value.lower()[:60], "twitter-site-meta")
    locales = [("html", page.tree.get("lang") or ""), *(("og", v) for v in page.meta.get("og:locale", ()))]
    for where, value in locales:
        if LOCALE.fullmatch(value.strip()):
            yield Seen("locale", f"{where}:{value.strip().replace('_', '-').lower()}", f"locale-{where}")


def _comments(page: Markup, html: str) -> list[Seen]:
    common = re.compile(registry(RULES)["common_comments"])
    found = []
    for comment in page.comments_of(html):
        words = len(comment.split()) >= 3 or re.search(r"[\u3040-\u9fff\uac00-\ud7a3]{4}", comment)
        if 8 <= len(comment) <= 200 and words and not common.search(comment):
            found.append(Seen("html_comment", comment, "html-comment"))
    return found[:10]


def _assets(page: Markup) -> list[tuple[str, str]]:
    """(host, address) of the foreign hosts that the page loads scripts, styles, images and frames from."""
    own = identity.registrable_domain(identity.host_of(page.address))
    found: dict[str, str] = {}
    for element in page.tree.iter("script", "link", "img", "iframe", "source", "video"):
        relation = (element.get("rel") or "").lower()
        if element.tag == "link" and not re.search(r"stylesheet|icon|preconnect|dns-prefetch|preload", relation):
            continue
        address = identity.canonical(element.get("href" if element.tag == "link" else "src") or "", page.base)
        host = identity.host_of(address)
        if host and identity.registrable_domain(host) != own:
            found.setdefault(host, address)
    return sorted(found.items())[:MOST]


def menu_of(page: Markup) -> list[str]:
    """Labels of the page's first menu of three or more short links, in order; [] where there is none."""
    for element in page.tree.iter("nav", "ul", "div", "ol"):
        if element.tag != "nav" and not MENU.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            continue
        labels = [squeezed(a.text_content()) for a in element.iter("a")]
        labels = list(dict.fromkeys(text for text in labels if 0 < len(text) <= 30))
        if 3 <= len(labels) <= 60:
            return labels
    return []


def fingerprint(tree: HtmlElement) -> str:
    """12 hex of the set of parent-child pairs of tags with their classes, numbers blanked; '' where there are few."""
    pairs: set[str] = set()
    for element in tree.iter():
        if (
            not isinstance(element.tag, str)
            or not element.get("class")
            or element.tag in ("html", "body", "a", "img", "span")
        ):
            continue
        parent = element.getparent()
        pairs.add(f"{_named(parent)}>{_named(element)}" if parent is not None else _named(element))
        if len(pairs) > SKELETON_MOST:
            break
    if len(pairs) < SKELETON_LEAST:
        return ""
    return hashlib.sha256("\n".join(sorted(pairs)).encode("utf-8", "replace")).hexdigest()[:12]


def _named(element: HtmlElement) -> str:
    if element.tag in ("html", "body"):
        return str(element.tag)
    classes = sorted({re.sub(r"\d+", "#", name) for name in (element.get("class") or "").split()[:12]})
    return ".".join(
        [str(element.tag), *(c for c in classes if not c.startswith(("post-", "category-", "tag-", "author-")))]
    )


def of_headers(headers: Sequence[tuple[str, str]], file: bool) -> list[Seen]:
    """Observations in HTTP headers; an ETag counts only for a ``file`` such as an icon, since pages change."""
    found = []
    for name, value in headers:
        value = squeezed(value)[:200]
        if value and name.lower() == "server":
            found.append(Seen("server", value, "server-header", f"{name}: {value}", "headers"))
        elif value and name.lower() == "etag" and file and len(value.strip('W/"')) >= 8:
            found.append(
                Seen("etag", value.removeprefix("W/").strip('"'), "etag-header", f"{name}: {value}", "headers")
            )
    return found


def of_ads_txt(text: str) -> list[Seen]:
    """DIRECT lines and declared owners of an ads.txt (IAB Tech Lab, version 1.1); an HTML page is none."""
    found: dict[tuple[str, str], Seen] = {}
    if "<html" in text[:2000].lower():
        return []
    for line in text.splitlines()[:5000]:
        line = squeezed(line.partition("#")[0])
        named = re.fullmatch(r"(?:OWNERDOMAIN|MANAGERDOMAIN)\s*=\s*([A-Za-z0-9.-]{3,253})(?:,.*)?", line, re.IGNORECASE)
        if named:
            kind, value, rule = "owner_domain", named[1].lower().strip("."), "ads-txt-owner"
        else:
            fields = [field.strip() for field in line.split(",")]
            if len(fields) < 3 or fields[2].upper() != "DIRECT" or not re.fullmatch(r"[a-z0-9.-]+", fields[0].lower()):
                continue
            kind, value, rule = "ads_txt", f"{fields[0].lower()}, {fields[1]}, DIRECT", "ads-txt-direct"
        found.setdefault((kind, value), Seen(kind, value, rule, line[:200]))
    return list(found.values())


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
