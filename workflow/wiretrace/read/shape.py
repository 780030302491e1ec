"""What a page's build shows whatever its text and logo are: menu, skeleton of tags and classes, hosts it loads from."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

import numpy as np

from wiretrace import identity
from wiretrace.read.markup import Markup

MENU = re.compile(r"(?:^|[\s_-])(?:nav|menu|gnb|lnb|navbar|navigation|global-?nav)(?:$|[\s_-])")
SKELETON_MOST, SKELETON_LEAST = 400, 8
MOST = 40  # hosts of one page
NUMBERS = re.compile(r"\d+")
LOADED = re.compile(r"stylesheet|icon|preconnect|dns-prefetch|preload")
HOSTED = re.compile(r"\s*(?:https?:)?//([^/?#\s]{1,255})", re.IGNORECASE)
WHOLE = ("html", "body")
UNNAMED = frozenset((*WHOLE, "a", "img", "span"))
OF_CONTENT = ("post-", "category-", "tag-", "author-")


def assets_of(page: Markup) -> list[tuple[str, str]]:
    """(host, address as written) of the foreign hosts that the page loads scripts, styles, images and frames from."""
    own = identity.registrable_domain(identity.host_of(page.address))
    found: dict[str, str] = {}
    known: set[str] = set()
    for element in page.every("script", "link", "img", "iframe", "frame", "source", "video"):
        written = element.get("href" if element.tag == "link" else "src") or ""
        hosted = HOSTED.match(written)
        # Only an address with a host can be foreign, unless the page has a base.
        place = hosted[1] if hosted else written if page.base != page.address else ""
        if not place or place in known:
            continue
        if element.tag == "link" and not LOADED.search((element.get("rel") or "").lower()):
            continue
        known.add(place)
        host = identity.host_of(identity.canonical(written, page.base))
        if host and host not in found and identity.registrable_domain(host) != own:
            found[host] = written
    return sorted(found.items())[:MOST]


def menu_of(page: Markup) -> list[str]:
    """Labels of the page's first menu of three or more short links, in order; [] where there is none."""
    words_of, outline = dict(page.anchors), page.outline
    for element in page.every("nav", "ul", "div", "ol"):
        number = outline.numbers[element]
        if outline.tags[number] != "nav" and not _is_menu(outline.classes[number], outline.ids[number]):
            continue
        labels = [words_of[a] for a in element.iter("a")]
        labels = list(dict.fromkeys(text for text in labels if 0 < len(text) <= 30))
        if 3 <= len(labels) <= 60:
            return labels
    return []


@lru_cache(maxsize=20_000)
def _is_menu(name: str, mark: str) -> bool:
    return MENU.search(f"{name} {mark}".lower()) is not None


def fingerprint(page: Markup) -> str:
    """12 hex of the set of parent-child pairs of tags with their classes, numbers blanked; '' where there are few."""
    outline = page.outline
    looks, numbers = outline.looks, outline.looks_of
    counted = np.array([bool(names) and tag not in UNNAMED for tag, names, _ in looks])
    above = numbers[outline.parents_of]
    held = (above * len(looks) + numbers)[counted[numbers]].tolist()
    written = list(dict.fromkeys([names for _, names, _ in looks]))
    # No attribute has a zero in it.
    blank = dict(zip(written, NUMBERS.sub("#", "\0".join(written)).split("\0"), strict=True))
    shown: dict[int, str] = {}
    pairs: set[str] = set()
    for pair in dict.fromkeys(held):
        both = divmod(pair, len(looks))
        for one in both:
            if one not in shown:
                tag, names, _ = looks[one]
                shown[one] = f"{tag}{_classes(blank[names])}" if names and tag not in WHOLE else tag
        pairs.add(f"{shown[both[0]]}>{shown[both[1]]}")
        if len(pairs) > SKELETON_MOST:
            break
    if len(pairs) < SKELETON_LEAST:
        return ""
    return hashlib.sha256("\n".join(sorted(pairs)).encode("utf-8", "replace")).hexdigest()[:12]


def _classes(blank: str) -> str:
    """Classes, numbers in them ``blank``, as a selector writes them, sorted, those of an element's content left out."""
    named = blank.split(maxsplit=12)[:12]
    if len(named) > 1:
        named = sorted(set(named))
    return "".join([f".{name}" for name in named if not name.startswith(OF_CONTENT)])
