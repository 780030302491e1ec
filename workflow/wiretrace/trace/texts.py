"""The articles as texts to compare: folded, with what a site or a wire adds to everything taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from wiretrace.schema.stored import Rows, rows
from wiretrace.trace import repeated
from wiretrace.trace.fold import I32, U32, size
from wiretrace.trace.shelf import Same, Shelf

# Parts of a release that are not its text; what stands in them must not make a match.
MASKED = frozenset({"boilerplate", "contact", "disclaimer", "credit"})
# Parts that are its text; nothing is told from them.
PLAIN = frozenset({"subhead", "body"})


@dataclass(frozen=True)
class Text:
    """One article's newest text. ``codes`` are folded, 0 where it must not match; ``places`` their original indices."""

    article_id: str
    publisher: str
    address: str
    language: str
    title: str
    text: str
    capture_id: str
    release_like: bool
    state: str
    codes: U32
    places: I32
    parts: tuple[dict[str, Any], ...]
    masked: tuple[tuple[int, int], ...] = ()

    @cached_property
    def length(self) -> int:
        """Characters that can match."""
        return int(np.count_nonzero(self.codes))

    @cached_property
    def size(self) -> float:
        """How much text it is (see :func:`wiretrace.trace.fold.size`)."""
        return size(self.codes)


# What is known of a text beside its words.
KNOWN = tuple(name for name in Text.__dataclass_fields__ if name not in ("text", "codes", "places"))


class Shelved(Text):
    """A text whose words stand on a shelf: read, and folded, whenever they are asked for."""

    def __init__(self, shelf: Shelf, page: Page) -> None:
        for name in KNOWN:
            object.__setattr__(self, name, getattr(page, name))
        object.__setattr__(self, "_number", page.number)
        object.__setattr__(self, "_shelf", shelf)

    _shelf: Shelf
    _number: int

    @property
    def text(self) -> str:
        return self._shelf.get(self._number)

    @property
    def codes(self) -> U32:
        return self._shelf.folded(self._number, self.masked)[0]

    @property
    def places(self) -> I32:
        return self._shelf.folded(self._number, self.masked)[1]


Parts = tuple[dict[str, Any], ...]
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An article as its row and its newest version's tell, the place of its words on the shelf, the parts of that, and
    the spans of its text that take no part.
    """

    article_id: str
    publisher: str
    address: str
    language: str
    title: str
    release_like: bool
    state: str
    capture_id: str
    number: int
    parts: Parts
    masked: Spans


OF_ARTICLE = ("article_id", "publisher", "address", "language", "title", "release_like", "state", "version_id")
OF_VERSION = ("version_id", "title", "text", "capture_id")
OF_PART = ("version_id", "start", "end", "part_id", "kind", "names", "excerpt")


def pages(articles: Rows, article_versions: Rows, article_parts: Rows, shelf: Shelf) -> Iterator[Page]:
    """Every article with its newest text, sorted by article; the texts are put on ``shelf``.

    All articles of a publisher must be among them.
    """
    same = Same()
    own = sorted(
        (
            row["article_id"],
            same(row["publisher"]),
            row["address"],
            same(row["language"] or "und"),
            row["title"],
            bool(row["release_like"]),
            same(row["state"]),
            row["version_id"],
        )
        for row in rows(articles, *OF_ARTICLE)
    )
    wanted = {row[-1]: not row[4] for row in own}  # whether the newest version is to give the title
    versions: dict[str, tuple[str, str, int]] = {}
    for version in rows(article_versions, *OF_VERSION):
        if version["version_id"] in wanted:
            name = version["version_id"]
            title = version["title"] if wanted[name] else ""
            versions[name] = title, same(version["capture_id"]), shelf.put(version["text"])
    parts: dict[str, list[dict[str, Any]]] = {}
    for part in rows(article_parts, *OF_PART):
        if part["version_id"] in wanted and part["kind"] not in PLAIN:
            parts.setdefault(part.pop("version_id"), []).append(part | {"excerpt": same(part["excerpt"])})
    none = "", "", shelf.put("")
    added = _added(((row[1], versions[row[-1]][2]) for row in own if row[-1] in versions), shelf)
    for article, publisher, address, language, title, release_like, state, name in own:
        other_title, capture, number = versions.get(name, none)
        found = sorted(parts.get(name, []), key=lambda p: (p["start"], p["end"], p["part_id"]))
        masked = [(p["start"], p["end"]) for p in found if p["kind"] in MASKED]
        if added.get(publisher):
            masked += repeated.spans(shelf.get(number), added[publisher])
        yield Page(
            article,
            publisher,
            address,
            language,
            title or other_title,
            release_like,
            state,
            capture,
            number,
            tuple({name: part[name] for name in ("kind", "names", "excerpt")} for part in found),
            tuple(masked),
        )


def load(articles: Rows, article_versions: Rows, article_parts: Rows, folder: Path | None = None) -> list[Text]:
    """Every article's newest text, sorted by article; the words stand in a file in ``folder`` (None: the system's)."""
    shelf = Shelf(folder)
    return [Shelved(shelf, page) for page in pages(articles, article_versions, article_parts, shelf)]


def _added(own: Iterable[tuple[str, int]], shelf: Shelf) -> dict[str, repeated.Added]:
    """For each publisher what it puts on many of its articles; ``own``: publisher and place on the shelf of each."""
    of: dict[str, list[int]] = {}
    for publisher, number in own:
        of.setdefault(publisher, []).append(number)
    return {publisher: repeated.added(map(shelf.get, numbers)) for publisher, numbers in of.items()}
