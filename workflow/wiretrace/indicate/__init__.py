"""Signs of AI use and of foreign authorship: facts with a place and exact words, never a verdict.

Pure: the same evidence, tables and registries give the same rows, whatever the split by publisher.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from wiretrace.identity import make_id
from wiretrace.indicate import context, glyphs, passages
from wiretrace.indicate.passages import Passage
from wiretrace.indicate.rules import Hit, Ruleset, load
from wiretrace.schema import clean, frame, records

__all__ = ["indicate", "scan"]

AROUND = 60
GLYPH_FAMILY = "glyph"


def indicate(
    evidence: Path,
    captures: pd.DataFrame,
    pages: pd.DataFrame,
    articles: pd.DataFrame,
    article_versions: pd.DataFrame,
    images: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The tables ``ai_indicators`` and ``origin_indicators`` of the publishers in the tables given.

    Offsets count characters in the place's text: a version's text or headline, a page's title or chrome, its HTML as
    decoded for link, markup and metadata, and for an image ``passages.image_text``.
    """
    newest = {row["article_id"]: row["version_id"] for row in records(articles)}
    bodies = {
        row["article_id"]: row["text"]
        for row in records(article_versions)
        if newest.get(row["article_id"]) == row["version_id"]
    }
    collected = {name: Collection(load(name)) for name in ("ai_indicators", "origin_indicators")}
    for passage in _all(evidence, captures, pages, articles, article_versions, images, bodies):
        for collection in collected.values():
            collection.add(passage)
    return {name: frame(name, collection.rows()) for name, collection in collected.items()}


def _all(
    evidence: Path,
    captures: pd.DataFrame,
    pages: pd.DataFrame,
    articles: pd.DataFrame,
    article_versions: pd.DataFrame,
    images: pd.DataFrame,
    bodies: dict[str, str],
) -> Iterator[Passage]:
    yield from passages.of_versions(articles, article_versions)
    yield from passages.of_pages(evidence, captures, pages, bodies)
    yield from passages.of_images(evidence, captures, images)


@dataclass
class Collection:
    """Rows of one table as they are found; a finding that recurs at a publisher is the row of its first capture."""

    rules: Ruleset
    found: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)

    def add(self, passage: Passage) -> None:
        """Take what the rules find in ``passage``."""
        for row in scan(self.rules, passage):
            self.found.setdefault(self._sameness(row), row)

    def _sameness(self, row: dict[str, Any]) -> tuple[str, ...]:
        # Chrome and templates repeat on every page: there a publisher has one row for one form. What stands in an
        # article's text, and any sign of AI use, belongs to its article.
        page_wide = self.rules.registry == "origin_indicators" and row["place"] != "text"
        article = "" if page_wide or row["place"] == "chrome" else row["article_id"] or row["capture_id"]
        place = row["place"] if row["place"] not in ("title", "chrome") else "title"
        return (row["publisher"], article, place, row["rule_id"], row["excerpt"], row["context"])

    def rows(self) -> list[dict[str, Any]]:
        """All rows; a rule that asks for several findings is weak where one text, or one publisher, has fewer."""
        by_id = {rule.id: rule for rule in self.rules.rules}
        distinct: dict[tuple[str, str, str], set[str]] = {}
        for row in self.found.values():
            if row["counts"]:
                forms = distinct.setdefault(_scope(row), set())
                forms.update(_forms(row))
        return [
            row | {"strength": "weak"} if by_id[row["rule_id"]].distinct > len(distinct.get(_scope(row), ())) else row
            for row in self.found.values()
        ]


def _scope(row: dict[str, Any]) -> tuple[str, str, str]:
    return (row["publisher"], row["rule_id"], row["article_id"] if row["place"] == "text" else "")


def _forms(row: dict[str, Any]) -> Iterable[str]:
    if row["family"] != GLYPH_FAMILY:
        return {row["excerpt"].lower()}
    return {c for table in ("simplified", "traditional", "chinese") for c in glyphs.of(table, row["excerpt"])}


def scan(rules: Ruleset, passage: Passage) -> list[dict[str, Any]]:
    """Rows of what ``rules`` find in one passage."""
    hits = rules.hits(passage.text, passage.places, passage.language, passage.around or passage.language)
    if not hits:
        return []
    topical = _topical(rules, passage, hits)
    return [_row(passage, hit, *_context(passage, hit, topical)) for hit in hits]


def _topical(rules: Ruleset, passage: Passage, hits: list[Hit]) -> bool:
    if rules.registry != "ai_indicators" or passage.places[0] not in ("text", "title", "chrome"):
        return False
    if passage.places[0] == "text":
        return context.about_ai(passage.text, hits)
    return context.about_ai(passage.body, []) if passage.body else False


def _context(passage: Passage, hit: Hit, topical: bool) -> tuple[str, str]:
    if hit.place == "image":
        return "plain", ""
    if hit.place in ("link", "markup", "metadata"):
        return context.in_markup(passage.text, hit)
    if hit.rule.family == GLYPH_FAMILY:
        return context.of_glyphs(passage.text, hit)
    found = context.in_text(passage.text, hit)
    if found[0] == "plain" and topical:
        return "about_ai", "the text is about chatbots or language models"
    return found


def _row(passage: Passage, hit: Hit, where: str, reason: str) -> dict[str, Any]:
    rule = hit.rule
    around = passage.text[max(0, hit.start - AROUND) : hit.end + AROUND]
    strength = rule.strength
    if rule.foreign and passage.language and passage.language.split("-")[0] not in rule.languages:
        strength = rule.foreign
    return {
        "indicator_id": make_id(
            "s",
            passage.publisher,
            passage.article_id,
            passage.version_id,
            passage.capture_id,
            rule.id,
            hit.place,
            hit.start,
            hit.end,
        ),
        "publisher": passage.publisher,
        "article_id": passage.article_id,
        "version_id": passage.version_id,
        "capture_id": passage.capture_id,
        "rule_id": rule.id,
        "family": rule.family,
        "strength": strength,
        "place": hit.place,
        "start": hit.start,
        "end": hit.end,
        "excerpt": clean(passage.text[hit.start : hit.end]),
        "around": " ".join(clean(around).split()),
        "context": where,
        "counts": where == "plain",
        "reason": reason,
        "points_to": rule.points_to,
        "caveat": rule.caveat,
    }
