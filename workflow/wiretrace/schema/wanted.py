"""What the jobs of publishing read of the stages' tables: the rules name their inputs by it, without loading that room.

A whole large table as rows in memory would be many times as big as its file.
"""

from __future__ import annotations

from collections.abc import Mapping

Columns = Mapping[str, tuple[str, ...]]
# Large tables that no claim is drafted from.
UNREAD = frozenset({"article_parts", "clocks", "images", "links", "pages", "posts", "text_matches"})
# Of these claims read some columns only.
PART: Columns = {"captures": ("capture_id",)}
# What the comparison of two rounds looks at.
COMPARED: Columns = {
    "captures": ("capture_id", "snapshot", "time", "route", "truncated"),
    "lookups": (
        "lookup_id",
        "snapshot",
        "publisher",
        "source",
        "subject",
        "outcome",
        "reason",
        "time",
        "capture_id",
    ),
    "pages": ("capture_id", "article_id", "time"),
    "articles": ("article_id", "publisher", "address", "title", "state", "published_earliest"),
    "article_versions": ("version_id", "article_id", "sequence", "capture_id", "added", "removed"),
    "observations": ("observation_id", "publisher", "kind", "value", "state", "source", "snapshots", "capture_id"),
}
# What the site view looks at.
VIEWED: Columns = {
    "ai_indicators": (
        "indicator_id", "publisher", "article_id", "family", "strength", "place", "counts", "capture_id",
    ),
    "articles": ("article_id", "publisher", "byline", "published_earliest", "published_latest"),
    "text_matches": ("article_a", "article_b", "kind", "share_a", "share_b"),
    "images": ("publisher", "article_id", "address", "digest", "capture_id"),
    "clocks": ("clock_id", "article_id", "source", "event", "earliest", "precision"),
}  # fmt: skip
# What is read of a table for one of the two.
CHANGES: Columns = {
    name: tuple(dict.fromkeys((*COMPARED.get(name, ()), *VIEWED.get(name, ())))) for name in {**COMPARED, **VIEWED}
}
