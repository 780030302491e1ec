"""The class names in a page's mark-up that its makers chose themselves, as few other sites have them.

A class is looked at by its first two words, ``story-teaser`` of ``story-teaser__title_3``: that is how a part of a page
is named, whatever belongs to it. ``config/registry/class_names.csv`` has those that were met on several unrelated
sites, and the first words (``wp-*``) behind which a public system, theme or plugin has all of its names. Of names with
one first word one is kept, since what came with one program came together; of what is left the few of the least digest
(Broder, *On the resemblance and containment of documents*, 1997), so that sites with many names in common keep the
same.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable
from functools import cache, lru_cache

from wiretrace import identity

MOST = 24  # of one page, and of one site
SHORTEST, LONGEST = 7, 60  # characters of the two words with what joins them
NAMED = re.compile(r"[\w-]+")
BORDER = re.compile(r"[\W\d_]+|(?<=[a-z])(?=[A-Z])")
# The first two words of a name in ASCII, as the border parts them.
WORD = r"([A-Z]*+[a-z]++|[A-Z]++(?![a-z]))"
TWO = re.compile(rf"[\d_-]*+{WORD}[\d_-]*+{WORD}[\w-]*+", re.ASCII)
ANY = "*"


@lru_cache(maxsize=50_000)
def part_of(name: str) -> str:
    """First two words of a class name in small letters, numbers left out; '' where it has fewer, or is short.

    >>> part_of("storyTeaser__title-3"), part_of("md:flex"), part_of("story")
    ('story-teaser', '', '')
    """
    if len(name) > 4 * LONGEST:
        return ""
    if name.isascii():
        two = TWO.fullmatch(name)
        part = f"{two[1]}-{two[2]}".lower() if two else ""
    elif NAMED.fullmatch(name):
        part = "-".join([word for word in BORDER.split(name) if word][:2]).lower()
    else:
        part = ""
    return part if "-" in part and SHORTEST <= len(part) <= LONGEST else ""


def first_of(part: str) -> str:
    """The first word, as the registry writes it: ``story-*``."""
    return f"{part.partition('-')[0]}-{ANY}"


@cache
def common() -> frozenset[str]:
    """What unrelated sites have in common, of the registry."""
    with open(identity.REGISTRY / "class_names.csv", encoding="utf-8", newline="") as stream:
        return frozenset(row["name"] for row in csv.DictReader(stream))


def own_parts(names: Iterable[str]) -> dict[str, str]:
    """The parts of ``names`` that few sites have, with the name that each was first read from."""
    found: dict[str, str] = {}
    shared = common()
    for name in names:
        part = part_of(name)
        if part and part not in found and part not in shared and first_of(part) not in shared:
            found[part] = name
    return {part: found[part] for part in thinned(found)}


def thinned(parts: Iterable[str]) -> list[str]:
    """Of parts with one first word the one of the least digest, and of these the MOST of the least digests.

    >>> len(thinned(["story-teaser", "story-list", "quay-map"]))
    2
    """
    kept: dict[str, str] = {}
    for part in sorted(parts, key=_digest):
        kept.setdefault(first_of(part), part)
    return sorted(list(kept.values())[:MOST])


@lru_cache(maxsize=50_000)
def _digest(part: str) -> bytes:
    return hashlib.sha256(part.encode("utf-8", "replace")).digest()
