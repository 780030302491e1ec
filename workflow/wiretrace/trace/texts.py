"""The articles as texts to compare: folded, with what a site or a wire adds to everything taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wiretrace import schema
from wiretrace.trace.fold import I32, U32, cover, fold, size

# Parts of a release that are not its text; what stands in them must not make a match.
MASKED = frozenset({"boilerplate", "contact", "disclaimer", "credit"})
# A line is the site's own when it stands on this share of its articles, and on so many.
LINE_SHARE = 0.3
LINE_ARTICLES = 4


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


@dataclass(frozen=True)
class Page:
    """An article's row, its newest version's, the parts of that, and the spans of its text that take no part."""

    row: dict[str, Any]
    version: dict[str, Any]
    parts: tuple[dict[str, Any], ...]
    masked: tuple[tuple[int, int], ...]


def pages(articles: pd.DataFrame, article_versions: pd.DataFrame, article_parts: pd.DataFrame) -> list[Page]:
    """Every article's newest text, sorted by article. All articles of a publisher must be among them."""
    wanted = set(articles["version_id"])
    versions = {row["version_id"]: row for row in schema.records(article_versions) if row["version_id"] in wanted}
    parts: dict[str, list[dict[str, Any]]] = {}
    for part in schema.records(article_parts):
        parts.setdefault(part["version_id"], []).append(part)
    rows = sorted(schema.records(articles), key=lambda row: row["article_id"])
    repeated = _repeated_lines(rows, versions)
    made = []
    for row in rows:
        version = versions.get(row["version_id"], {"text": "", "capture_id": "", "title": ""})
        own = sorted(parts.get(row["version_id"], []), key=lambda p: (p["start"], p["end"], p["part_id"]))
        masked = [(p["start"], p["end"]) for p in own if p["kind"] in MASKED]
        masked += _lines_at(version["text"], repeated.get(row["publisher"], frozenset()))
        made.append(Page(row, version, tuple(own), tuple(masked)))
    return made


def load(articles: pd.DataFrame, article_versions: pd.DataFrame, article_parts: pd.DataFrame) -> list[Text]:
    """Every article's newest text, folded, sorted by article."""
    made = []
    for page in pages(articles, article_versions, article_parts):
        row, version = page.row, page.version
        codes, places = fold(version["text"])
        if page.masked:
            codes[cover(page.masked, places)] = 0
        made.append(
            Text(
                article_id=row["article_id"],
                publisher=row["publisher"],
                address=row["address"],
                language=row["language"] or "und",
                title=row["title"] or version["title"],
                text=version["text"],
                capture_id=version["capture_id"],
                release_like=bool(row["release_like"]),
                state=row["state"],
                codes=codes,
                places=places,
                parts=page.parts,
                masked=page.masked,
            )
        )
    return made


def _repeated_lines(rows: Iterable[Mapping[str, Any]], versions: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """For each publisher the lines that it puts on many of its articles.

    Articles with the same longest line count once: a text that a site ran many times is no footer.
    """
    lines: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        text = versions[row["version_id"]]["text"] if row["version_id"] in versions else ""
        own = {line for line in (part.strip() for part in text.split("\n")) if line}
        if own:
            longest = max(own, key=lambda line: (len(line), line))
            lines.setdefault(row["publisher"], {}).setdefault(longest, set()).update(own)
    found = {}
    for publisher, bodies in lines.items():
        counts: dict[str, int] = {}
        for body in bodies.values():
            for line in body:
                counts[line] = counts.get(line, 0) + 1
        least = max(LINE_ARTICLES, LINE_SHARE * len(bodies))
        common = frozenset(line for line, count in counts.items() if count >= least)
        if common:
            found[publisher] = common
    return found


def _lines_at(text: str, wanted: frozenset[str]) -> list[tuple[int, int]]:
    if not wanted:
        return []
    spans, begin = [], 0
    for line in text.split("\n"):
        if line.strip() in wanted:
            spans.append((begin, begin + len(line)))
        begin += len(line) + 1
    return spans
