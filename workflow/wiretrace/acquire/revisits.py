"""Later rounds: what is asked only if it changed, and how an answer shows that it did not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wiretrace import identity, schema
from wiretrace.acquire.wire import Wire
from wiretrace.config import sealed
from wiretrace.evidence import Earlier, index
from wiretrace.evidence.http import parse_head

Row = Mapping[str, Any]
# What servers put around an entity tag when they pack the answer, or mark it as weak.
TAG = re.compile(r'(?:W/)?"?(.*?)(?:[-;](?:gzip|br|deflate|zstd|df))?"?', re.DOTALL)


def conditions(before: Earlier) -> dict[str, str]:
    """Headers by which only a changed answer is asked for whole (RFC 9110, section 13)."""
    named = {"If-None-Match": before.etag, "If-Modified-Since": before.modified}
    return {name: value for name, value in named.items() if value}


def same(before: Earlier, wire: Wire) -> bool:
    """Whether an answer shows again what ``before`` has: the server says so (304), or its payload has that digest."""
    head = parse_head(wire.received)
    if head is None:
        return False
    if head.status == 304:
        return _conditional(wire.sent)
    return head.status == 200 and identity.sha256(wire.received[head.size :]) == before.digest


def _conditional(request: bytes) -> bool:
    return bool(re.search(rb"^if-(?:none-match|modified-since):", request, re.IGNORECASE | re.MULTILINE))


def told(before: Earlier, status: int | None) -> str:
    """How an answer showed that nothing changed, in words."""
    return f"{'HTTP 304: ' if status == 304 else ''}unchanged since {before.time}"


def contradicts(before: Earlier, answer: bytes) -> bool:
    """Whether a 304 names another entity tag than the one that was asked about: it is no answer to the question."""
    head = parse_head(answer)
    if head is None or head.status != 304 or not before.etag or not head.get("etag"):
        return False
    asked, named = TAG.fullmatch(before.etag), TAG.fullmatch(head.get("etag"))
    return bool(asked and named and asked[1] != named[1])


@dataclass
class Past:
    """What earlier rounds have of a publisher: its pages, last seen first, and its whole answers by address."""

    pages: list[str] = field(default_factory=list)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)


def past(evidence: Path, snapshot: str, publishers: Iterable[str]) -> dict[str, Past]:
    """What the sealed rounds but ``snapshot``, and imports, have of each publisher."""
    found = {publisher: Past() for publisher in publishers}
    seen: dict[str, dict[str, str]] = {publisher: {} for publisher in found}
    for label in sealed(evidence):
        if label == snapshot:
            continue
        captures, _ = index(evidence, label)
        for row in schema.records(captures[captures["publisher"].isin(list(found))]):
            url = identity.canonical(row["address"])
            if not url or row["status"] not in ("200", "304", ""):
                continue
            if row["purpose"] == "page":
                seen[row["publisher"]][url] = max(seen[row["publisher"]].get(url, ""), row["time"])
            if row["route"] in ("direct", "proxy") and row["status"] and not row["truncated"]:
                rows = found[row["publisher"]].rows
                if row["time"] >= rows.get(url, {}).get("time", ""):
                    rows[url] = row
    for publisher, last in seen.items():
        found[publisher].pages = sorted(sorted(last), key=lambda url, last=last: last[url], reverse=True)  # type: ignore[misc]
    return found
