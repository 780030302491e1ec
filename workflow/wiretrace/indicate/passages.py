"""What is read for indicators: every text of a publisher once, with the place it stands in, in a fixed order."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

from wiretrace import evidence as archive
from wiretrace.indicate import glyphs, imagefile
from wiretrace.schema import clean, dump, records

Row = Mapping[str, Any]
# Longer texts and markup are read this far; the reading room refuses such pages anyway.
MOST_CHARACTERS = 8_000_000
DECLARED = re.compile(rb"charset=[\"']?\s*([A-Za-z0-9_:-]{2,20})", re.IGNORECASE)


@dataclass(frozen=True)
class Passage:
    """One text: ``places`` it counts as, ``body`` the running text that tells what the article is about, ``around`` the
    language of the article that it stands around, where there is one.
    """

    publisher: str
    places: tuple[str, ...]
    text: str
    language: str
    capture_id: str
    article_id: str = ""
    version_id: str = ""
    body: str = ""
    around: str = ""


def of_versions(articles: pd.DataFrame, article_versions: pd.DataFrame) -> Iterator[Passage]:
    """Headline and text of every version, by publisher, article and order in time."""
    by_id = {row["article_id"]: row for row in records(articles)}
    rows = [row for row in records(article_versions) if row["article_id"] in by_id]
    for row in sorted(rows, key=lambda r: (by_id[r["article_id"]]["publisher"], r["article_id"], r["sequence"])):
        article = by_id[row["article_id"]]
        where = (article["publisher"], article["language"] or _guess(row["text"]), row["capture_id"], row["article_id"])
        for place, text, version in (("title", row["title"], ""), ("text", row["text"], row["version_id"])):
            if text:
                yield Passage(
                    where[0], (place,), text[:MOST_CHARACTERS], where[1], where[2], where[3], version, row["text"]
                )


def of_pages(
    evidence: Path, captures: pd.DataFrame, pages: pd.DataFrame, bodies: Mapping[str, str]
) -> Iterator[Passage]:
    """Title, chrome and markup of every page, by publisher and time. ``bodies``: text of an article by its id.

    Their language is the one that most of the publisher's articles are in: a list or a menu is too short to tell, and a
    wire's menus need not be in the language of each release. Around an article of another language only what would be
    a slip in both counts: an edition declares its own language and may link to the others.
    """
    spoken = _spoken(pages)
    by_id = {row["capture_id"]: row for row in records(captures)}
    for row in sorted(records(pages), key=lambda r: (r["publisher"], r["time"], r["capture_id"])):
        body = bodies.get(row["article_id"], "")
        language = spoken.get(row["publisher"]) or row["language"] or _guess(row["title"] + row["chrome"])
        own = row["language"] if row["kind"] == "article" else ""
        common = (language, row["capture_id"], row["article_id"], "", body or row["title"] + "\n" + row["chrome"], own)
        for place in ("title", "chrome"):
            if row[place]:
                yield Passage(row["publisher"], (place,), row[place][:MOST_CHARACTERS], *common)
        if row["kind"] != "unreadable" and row["capture_id"] in by_id:
            markup = decode(archive.open_capture(evidence, by_id[row["capture_id"]]).body, row["encoding"])
            yield Passage(row["publisher"], ("link", "markup", "metadata"), markup[:MOST_CHARACTERS], *common)


def _spoken(pages: pd.DataFrame) -> dict[str, str]:
    """Most frequent language of each publisher's article pages; of equals the first in order."""
    counts: dict[str, Counter[str]] = {}
    for row in records(pages):
        if row["kind"] == "article" and row["language"]:
            counts.setdefault(row["publisher"], Counter())[row["language"]] += 1
    return {publisher: min(found, key=lambda name: (-found[name], name)) for publisher, found in counts.items()}


def of_images(evidence: Path, captures: pd.DataFrame, images: pd.DataFrame) -> Iterator[Passage]:
    """File name and metadata of every image, one ``name: value`` a line.

    To the metadata that its row names come the labels of the captured file's container.
    """
    by_id = {row["capture_id"]: row for row in records(captures)}
    for row in sorted(records(images), key=lambda r: (r["publisher"], r["article_id"], r["address"], r["image_id"])):
        values = _named(row["metadata"])
        if row["capture_id"] in by_id:
            values |= imagefile.labels(archive.open_capture(evidence, by_id[row["capture_id"]]).body)
        text = image_text(row["address"], values)
        yield Passage(row["publisher"], ("image",), text[:MOST_CHARACTERS], "", row["capture_id"], row["article_id"])


def image_text(address: str, metadata: Mapping[str, str]) -> str:
    """What an image says of itself: ``file: NAME``, then a line for each name and value of its metadata, by name."""
    try:
        name = unquote(urlsplit(address).path.rsplit("/", 1)[-1])
    except ValueError:
        name = ""
    lines = [
        f"{' '.join(key.split())}: {' '.join(html.unescape(value).split())}" for key, value in sorted(metadata.items())
    ]
    return clean("\n".join([f"file: {' '.join(name.split())}", *lines]))


def _named(metadata: str) -> dict[str, str]:
    values = json.loads(metadata) if metadata else {}
    if not isinstance(values, dict):
        return {}
    return {name: value if isinstance(value, str) else dump(value) for name, value in values.items()}


def decode(body: bytes, encoding: str) -> str:
    """HTML as text: by the encoding the page was read with, else the declared one, else UTF-8; no byte is an error."""
    declared = DECLARED.search(body[:2048])
    for name in (encoding, declared[1].decode("ascii") if declared else "", "utf-8"):
        try:
            if name:
                return body.decode(name, "replace")
        except LookupError:
            continue
    return body.decode("utf-8", "replace")


def _guess(text: str) -> str:
    """``ja`` where kana say so, else unknown."""
    return "ja" if glyphs.kana_share(text[:20_000]) >= 0.1 else ""
