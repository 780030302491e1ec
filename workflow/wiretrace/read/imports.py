"""Articles that the user brings: CSV or JSON lines, checked line by line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from wiretrace import given, identity
from wiretrace.errors import UserError
from wiretrace.read.markup import squeezed
from wiretrace.read.text import nfc
from wiretrace.read.times import parse_time
from wiretrace.schema import clean

COLUMNS = ("url", "title", "text", "published_at", "language")
REMEMBERED = 500_000  # addresses of one file among which doubled ones are told
EMPTY = "text is empty; leave the row out"
# Half of a pair of surrogates, which JSON may name, goes through unharmed; the tables' own writing drops it.
FORM: dict[str, Any] = {"encoding": "utf-8", "errors": "surrogatepass", "newline": "\n"}


@dataclass(frozen=True)
class ImportedArticle:
    """An article as the user gave it; ``text`` has one paragraph a line, ``published_at`` is as found."""

    publisher: str
    address: str
    title: str
    text: str
    published_at: str
    language: str


def split(paths: Sequence[str], into: Sequence[str | Path]) -> int:
    """Write each article of the files ``paths`` to the file of ``into`` whose shard its publisher belongs to.

    One pass, row by row, that keeps nothing: each shard reads what is its own, and a million rows are parsed once.
    Returns how many there are.

    Raises:
        UserError: a file cannot be read, a column is missing, a row has no address or no text.
    """
    number = 0
    with ExitStack() as open_files:
        streams = [open_files.enter_context(open(path, "w", **FORM)) for path in into]
        for path in paths:
            for line, row in given.records(path, ("url", "text"), COLUMNS):
                where = f"{path}, line {line}"
                publisher, address = article_address(where, row)
                kept = [publisher, address, where, *(row.get(name, "") for name in COLUMNS[1:])]
                stream = streams[identity.shard_of(publisher, len(streams))]
                stream.write(json.dumps(kept, ensure_ascii=False) + "\n")
                number += 1
    return number


def article_address(where: str, row: Mapping[str, str]) -> tuple[str, str]:
    """Publisher and canonical address of an article's row.

    Raises:
        UserError: it has no address or no text.
    """
    address = identity.canonical(row["url"])
    publisher = identity.publisher_of(address)
    if not publisher:
        raise UserError(
            f"{where}: url {row['url'][:80]!r} is not an http or https address; write e.g. https://a.example/1"
        )
    if not row["text"].strip():
        raise UserError(f"{where}: {EMPTY}")
    return publisher, address


def lint_articles(path: str) -> Iterator[tuple[str, bool]]:
    """('', False) for each row of a file of articles that a run takes; (words, whether it stops a run) for a mistake.

    Raises:
        UserError: the file cannot be read, a column is missing.
    """
    first: dict[bytes, int] = {}
    for line, row in given.records(path, ("url", "text"), COLUMNS):
        where = f"{path}, line {line}"
        try:
            _, address = article_address(where, row)
            if not (paragraphs(row["text"][:200]) or paragraphs(row["text"])):
                raise UserError(f"{where}: {EMPTY}")
        except UserError as error:
            yield str(error), True
            continue
        # Sixteen bytes a row, of so many rows only, keep what is remembered small.
        key = blake2b(address.encode("utf-8", "replace"), digest_size=16).digest()
        known = first.setdefault(key, line) if len(first) < REMEMBERED else first.get(key, line)
        published = squeezed(row.get("published_at", ""))
        if known != line:
            yield f"{where}: {address[:200]} stands in line {known} already; the first counts", False
            continue
        if published and parse_time(published) is None:
            yield f"{where}: published_at {published[:40]!r} is no time; write e.g. 2024-03-05T09:00+09:00", False
        yield "", False


def imported(paths: Iterable[str | Path]) -> dict[str, list[ImportedArticle]]:
    """The articles in files that ``split`` wrote, by publisher, in the files' order; of one address the first counts.

    Raises:
        UserError: a text has nothing that can be shown.
    """
    found: dict[str, dict[str, ImportedArticle]] = {}
    for path in paths:
        with open(path, **FORM) as stream:
            for line in stream:
                publisher, address, where, title, written, published, language = json.loads(line)
                held = found.setdefault(publisher, {})
                if address in held:
                    continue
                text = paragraphs(written)
                if not text:
                    raise UserError(f"{where}: {EMPTY}")
                held[address] = ImportedArticle(
                    publisher, address, squeezed(title), text, squeezed(published), language.strip()
                )
    return {publisher: list(held.values()) for publisher, held in found.items()}


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
