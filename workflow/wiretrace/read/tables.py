"""The tables of the read stage, for some publishers; the result does not depend on which are read together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from wiretrace import identity, schema
from wiretrace.config import Investigation, seeds
from wiretrace.evidence import open_capture
from wiretrace.read import brought
from wiretrace.read.articles import article_rows
from wiretrace.read.class_names import thinned
from wiretrace.read.imports import ImportedArticle
from wiretrace.read.observations import redaction
from wiretrace.read.publisher import Noted, Reading, Row, front_names, is_account, read_captures

Rows = dict[str, list[dict[str, Any]]]


def publishers_of(captures: pd.DataFrame, investigation: Investigation, imported: Collection[str] = ()) -> list[str]:
    """Every publisher that there is something to read of: from captures, seeds and imported files, in order.

    ``imported``: those of imported articles.
    """
    found = {str(name) for name in captures["publisher"]}
    found |= {row["publisher"] for row in seeds(investigation)}
    found |= set(imported)
    found |= {one.publisher for one in brought.observations(tuple(investigation.inputs.observations))}
    return sorted(found - {""})


def read_publishers(
    evidence: str | Path,
    captures: pd.DataFrame,
    lookups: pd.DataFrame,
    investigation: Investigation,
    publishers: Collection[str],
    imported: Mapping[str, Sequence[ImportedArticle]] = MappingProxyType({}),
) -> dict[str, pd.DataFrame]:
    """The tables of this stage for ``publishers``, from the captures and look-ups of all rounds.

    ``imported``: their articles from outside, as ``imports.imported`` gives them.

    Raises:
        UserError: an imported file has a mistake, or a capture's bytes are not those that were indexed.
    """
    wanted = sorted(set(publishers))
    taken = _by_publisher(captures, wanted)
    asked = _by_publisher(lookups, wanted)
    given: dict[str, dict[str, str]] = {}
    for row in seeds(investigation):
        given.setdefault(row["publisher"], row)
    rows: Rows = {name: [] for name in schema.of_stage("read")}
    for publisher in wanted:
        reading = read_captures(
            publisher,
            taken[publisher],
            asked[publisher],
            lambda capture: open_capture(evidence, capture),
            investigation.read,
        )
        for name, more in _rows(
            reading, taken[publisher], imported.get(publisher, ()), investigation, given.get(publisher, {})
        ).items():
            rows[name] += more
    return {name: schema.frame(name, rows[name]) for name in schema.of_stage("read")}


def _by_publisher(table: pd.DataFrame, wanted: list[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {publisher: [] for publisher in wanted}
    for row in schema.records(table[table["publisher"].isin(wanted)]):
        found[row["publisher"]].append(row)
    return found


def _rows(
    reading: Reading,
    captures: list[Row],
    imported: Sequence[ImportedArticle],
    investigation: Investigation,
    seed: Mapping[str, str],
) -> Rows:
    made, ids = article_rows(reading, imported)
    rows: Rows = dict(made)
    rows["pages"] = _pages(reading, ids)
    rows["links"] = _links(reading, ids)
    rows["images"] = _images(reading, ids)
    rows["outlet_listings"] = _listings(reading)
    rows["observations"] = _observations(reading, investigation)
    rows["publishers"] = [_publisher(reading, captures, rows, seed)]
    return rows


def _publisher(reading: Reading, captures: list[Row], rows: Rows, seed: Mapping[str, str]) -> dict[str, Any]:
    platform, _ = identity.platform_of(f"https://{reading.publisher}/")
    languages = Counter(article["language"] for article in rows["articles"] if article["language"])
    times = sorted(str(capture["time"]) for capture in captures)
    return {
        "publisher": reading.publisher,
        "kind": "account" if is_account(reading.publisher) else "domain",
        "platform": platform,
        "role": seed.get("role", "unlisted"),
        "name": next(iter(front_names(reading)), ""),
        "languages": " ".join(sorted(languages, key=lambda name: (-languages[name], name))),
        "articles": len(rows["articles"]),
        "pages": len(rows["pages"]),
        "first_capture": times[0] if times else "",
        "last_capture": times[-1] if times else "",
        "note": seed.get("note", ""),
    }


def _pages(reading: Reading, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "capture_id": page.capture["capture_id"],
            "publisher": reading.publisher,
            "address": page.address,
            "time": page.capture["time"],
            "kind": page.content.kind,
            "title": page.content.title,
            "language": page.content.language,
            "html_lang": page.content.html_lang,
            "encoding": page.content.encoding,
            "article_id": ids.get(str(page.capture["capture_id"]), ""),
            "chrome": page.content.chrome,
            "refused": page.content.refused,
            "truncated": page.capture["truncated"],
        }
        for page in reading.pages
    ]


def _links(reading: Reading, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each link once for its article, or for the site where it stands on no article, with the first capture of it."""
    found: dict[str, dict[str, Any]] = {}
    for page in reading.pages:
        capture = str(page.capture["capture_id"])
        article = ids.get(capture, "")
        for link in page.content.links:
            key = identity.make_id("k", reading.publisher, article, link.address, link.anchor, link.place)
            found.setdefault(
                key,
                {
                    "link_id": key,
                    "publisher": reading.publisher,
                    "article_id": article,
                    "address": link.address,
                    "target": link.target,
                    "anchor": link.anchor,
                    "place": link.place,
                    "capture_id": capture,
                },
            )
    return list(found.values())


def _images(reading: Reading, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for page in reading.pages:
        article = ids.get(str(page.capture["capture_id"]), "")
        for address in page.content.images:
            capture, digest, metadata = reading.files.get(address, ({"capture_id": ""}, "", ""))
            key = identity.make_id("i", reading.publisher, article, address)
            found[key] = {
                "image_id": key,
                "publisher": reading.publisher,
                "article_id": article,
                "address": address,
                "digest": digest,
                "metadata": metadata,
                "capture_id": capture["capture_id"],
            }
    return list(found.values())


def _listings(reading: Reading) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for page in reading.pages:
        for listing in page.content.listings:
            key = identity.make_id("x", reading.publisher, listing.outlet, listing.label, listing.price)
            found.setdefault(
                key,
                {
                    "listing_id": key,
                    "seller": reading.publisher,
                    "outlet": listing.outlet,
                    "label": listing.label,
                    "price": listing.price,
                    "capture_id": page.capture["capture_id"],
                },
            )
    return list(found.values())


def _observations(reading: Reading, investigation: Investigation) -> list[dict[str, Any]]:
    """Each value once for its kind, state and source, with the times between which it was seen."""
    held: dict[tuple[str, str, str, str], list[Noted]] = {}
    for noted in reading.noted:
        seen = noted.seen
        value = schema.clean(seen.value)
        if value.strip():
            held.setdefault((seen.kind, value, seen.state, seen.source), []).append(noted)
    # Each page tells its own few; of all of them the site tells no more than one page may.
    told = set(thinned(value for kind, value, _, _ in held if kind == "class_name"))
    rows = [
        _observation(reading.publisher, *key, held[key])
        for key in sorted(held)
        if key[0] != "class_name" or key[1] in told
    ]
    for one in brought.observations(tuple(investigation.inputs.observations)):
        if one.publisher == reading.publisher:
            state = "redacted" if one.kind.startswith("registrant_") and redaction(one.value) else "value"
            key = identity.make_id("o", one.publisher, one.kind, one.value, state, one.source, one.first_seen)
            rows.append(
                {
                    "observation_id": key,
                    "publisher": one.publisher,
                    "kind": one.kind,
                    "value": one.value,
                    "state": state,
                    "first_seen": one.first_seen,
                    "last_seen": one.last_seen,
                    "source": one.source,
                    "rule_id": "import",
                }
            )
    return list({row["observation_id"]: row for row in rows}.values())


def _observation(
    publisher: str, kind: str, value: str, state: str, source: str, noted: Iterable[Noted]
) -> dict[str, Any]:
    ordered = sorted(noted, key=lambda n: (n.time, str(n.capture["capture_id"]), n.seen.rule_id, n.seen.excerpt))
    first = ordered[0]
    return {
        "observation_id": identity.make_id("o", publisher, kind, value, state, source),
        "publisher": publisher,
        "kind": kind,
        "value": value,
        "state": state,
        "first_seen": first.time,
        "last_seen": ordered[-1].time,
        "snapshots": " ".join(sorted({str(n.capture["snapshot"]) for n in ordered})),
        "source": source,
        "rule_id": first.seen.rule_id,
        "excerpt": first.seen.excerpt,
        "span_start": first.seen.start if first.seen.start >= 0 else None,
        "span_end": first.seen.end if first.seen.start >= 0 else None,
        "capture_id": first.capture["capture_id"],
    }
