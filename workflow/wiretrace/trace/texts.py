"""The articles as texts to compare: folded, with what a site or a wire adds to everything taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from wiretrace.schema.stored import Rows, rows
from wiretrace.trace import repeated
from wiretrace.trace.fold import I32, U32, size
from wiretrace.trace.shelf import Shelf

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


class Shelved(Text):
    """A text whose words stand on a shelf: read, and folded, whenever they are asked for."""

    def __init__(self, shelf: Shelf, number: int, **known: Any) -> None:
        """``known``: all fields of a text but the words."""
        for name, value in {**known, "_shelf": shelf, "_number": number}.items():
            object.__setattr__(self, name, value)

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


@dataclass(frozen=True)
class Page:
    """An article's row, its newest version's with the place of its words on the shelf, the parts of that, and the spans
    of its text that take no part.
    """

    row: dict[str, Any]
    version: dict[str, Any]
    number: int
    parts: Parts
    masked: Spans


OF_ARTICLE = ("article_id", "publisher", "address", "language", "title", "release_like", "state", "version_id")
OF_VERSION = ("version_id", "title", "text", "capture_id")
OF_PART = ("version_id", "start", "end", "part_id", "kind", "names", "excerpt")


def pages(articles: Rows, article_versions: Rows, article_parts: Rows, shelf: Shelf) -> list[Page]:
    """Every article with its newest text, sorted by article; the texts are put on ``shelf``.

    All articles of a publisher must be among them.
    """
    own = sorted(rows(articles, *OF_ARTICLE), key=lambda row: str(row["article_id"]))
    wanted = {row["version_id"] for row in own}
    versions: dict[str, tuple[dict[str, Any], int]] = {}
    for version in rows(article_versions, *OF_VERSION):
        if version["version_id"] in wanted:
            versions[version["version_id"]] = version, shelf.put(version.pop("text"))
    parts: dict[str, list[dict[str, Any]]] = {}
    for part in rows(article_parts, *OF_PART):
        if part["version_id"] in wanted and part["kind"] not in PLAIN:
            parts.setdefault(part["version_id"], []).append(part)
    none = {"capture_id": "", "title": ""}, shelf.put("")
    known = _added(own, {name: number for name, (_, number) in versions.items()}, shelf)
    made = []
    for row in own:
        version, number = versions.get(row["version_id"], none)
        found = sorted(parts.get(row["version_id"], []), key=lambda p: (p["start"], p["end"], p["part_id"]))
        masked = [(p["start"], p["end"]) for p in found if p["kind"] in MASKED]
        if known.get(row["publisher"]):
            masked += repeated.spans(shelf.get(number), known[row["publisher"]])
        made.append(Page(row, version, number, tuple(found), tuple(masked)))
    return made


def load(articles: Rows, article_versions: Rows, article_parts: Rows, folder: Path | None = None) -> list[Text]:
    """Every article's newest text, sorted by article; the words stand in a file in ``folder`` (None: the system's)."""
    shelf = Shelf(folder)
    return [
        Shelved(
            shelf,
            page.number,
            article_id=page.row["article_id"],
            publisher=page.row["publisher"],
            address=page.row["address"],
            language=page.row["language"] or "und",
            title=page.row["title"] or page.version["title"],
            capture_id=page.version["capture_id"],
            release_like=bool(page.row["release_like"]),
            state=page.row["state"],
            parts=page.parts,
            masked=page.masked,
        )
        for page in pages(articles, article_versions, article_parts, shelf)
    ]


def _added(articles: list[dict[str, Any]], numbers: Mapping[str, int], shelf: Shelf) -> dict[str, repeated.Added]:
    """For each publisher what it puts on many of its articles."""
    of: dict[str, list[int]] = {}
    for row in articles:
        if row["version_id"] in numbers:
            of.setdefault(row["publisher"], []).append(numbers[row["version_id"]])
    return {publisher: repeated.added(map(shelf.get, own)) for publisher, own in of.items()}
