"""Articles that the user brings: CSV or JSON lines, checked line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from wiretrace import given, identity
from wiretrace.errors import UserError
from wiretrace.read.markup import squeezed
from wiretrace.read.text import nfc
from wiretrace.schema import clean

COLUMNS = ("url", "title", "text", "published_at", "language")


@dataclass(frozen=True)
class ImportedArticle:
    """An article as the user gave it; ``text`` has one paragraph a line, ``published_at`` is as found."""

    publisher: str
    address: str
    title: str
    text: str
    published_at: str
    language: str


@cache
def article_publishers(paths: tuple[str, ...]) -> frozenset[str]:
    """Publishers of the articles in ``paths``; every row is checked, none is kept.

    Raises:
        UserError: a file cannot be read, a column is missing, a row has no address or no text.
    """
    return frozenset(article.publisher for article in _articles(paths))


def articles(paths: tuple[str, ...], publishers: Collection[str]) -> dict[str, list[ImportedArticle]]:
    """The articles of ``publishers`` in ``paths`` by publisher, in the files' order; of one address the first counts.

    The files are read row by row, and only what is asked for is kept: a shard of a million articles fits in memory.

    Raises:
        UserError: as ``article_publishers``.
    """
    found: dict[str, dict[str, ImportedArticle]] = {}
    for article in _articles(paths, frozenset(publishers)):
        found.setdefault(article.publisher, {}).setdefault(article.address, article)
    return {publisher: list(held.values()) for publisher, held in found.items()}


def _articles(paths: tuple[str, ...], wanted: frozenset[str] | None = None) -> Iterator[ImportedArticle]:
    for path in paths:
        for line, row in given.records(path, ("url", "text"), COLUMNS):
            where = f"{path}, line {line}"
            address = identity.canonical(row["url"])
            publisher = identity.publisher_of(address)
            if not publisher:
                raise UserError(f"{where}: url {row['url'][:80]!r} is not an http or https address")
            if wanted is None and row["text"].strip():
                yield ImportedArticle(publisher, address, "", "", "", "")
                continue
            if wanted is not None and publisher not in wanted:
                continue
            text = paragraphs(row["text"])
            if not text:
                raise UserError(f"{where}: text is empty; leave the row out")
            title, published = squeezed(row.get("title", "")), squeezed(row.get("published_at", ""))
            yield ImportedArticle(publisher, address, title, text, published, row.get("language", "").strip())


def publisher_named(name: str) -> str:
    """Publisher that ``name`` (a domain, an account as host/name, or an address) stands for, or ''."""
    name = name.strip()
    if "://" in name:
        return identity.publisher_of(identity.canonical(name))
    if "/" in name.strip("/"):
        return identity.publisher_of(identity.canonical(f"https://{name}"))
    return identity.publisher_of(identity.canonical(f"http://{name.strip('/')}/"))


def paragraphs(text: str) -> str:
    """``text`` with one paragraph a line, in NFC, blank lines gone."""
    lines = (squeezed(line) for line in nfc(clean(text)).split("\n"))
    return "\n".join(line for line in lines if line)
