"""Evidence in: the tables ``captures`` and ``lookups`` from WARC files alone, and one capture opened by its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from wiretrace import identity, schema
from wiretrace.errors import UserError
from wiretrace.evidence.foreign import Place, referred_places
from wiretrace.evidence.http import LARGEST_BODY, decoded, header, parse_head
from wiretrace.evidence.revisit import referred
from wiretrace.evidence.warc import DamageError, Record, fields, read_record, scan
from wiretrace.evidence.writer import MANIFEST, ends_group, payload_start

IMPORTS = "imports"
# Rows of a table that are held as such.
PIECE = 2000
SUFFIXES = (".warc.gz", ".warc")
DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z")


@dataclass(frozen=True)
class Opened:
    """A capture as it was archived.

    Args:
        status: HTTP status; None for other protocols and for bytes without an HTTP head.
        headers: HTTP headers, names as sent, in the order sent.
        body: payload without chunked framing and content codings, cut at 64 MB.
        raw: payload as archived.
    """

    status: int | None
    headers: list[tuple[str, str]]
    body: bytes
    raw: bytes

    def header(self, name: str) -> str:
        """First value of header ``name`` in any case, or ''."""
        return header(self.headers, name)


def warc_files(folder: Path) -> list[Path]:
    """The WARC files of a snapshot's folder, by name."""
    return sorted(path for path in folder.glob("*") if path.name.endswith(SUFFIXES) and path.is_file())


def index(evidence: str | Path, snapshot: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables ``captures`` and ``lookups`` of one snapshot.

    In a snapshot that is not sealed, an exchange that is being written, or was torn, is passed over.

    Raises:
        UserError: a file of a sealed snapshot is damaged.
    """
    folder = Path(evidence) / snapshot
    captures, lookups = _Pieces("captures"), _Pieces("lookups")
    if snapshot == IMPORTS:
        imported: dict[str, dict[str, Any]] = {}
        _imports(folder, imported)
        return schema.frame("captures", imported.values()), lookups.whole()
    for path in warc_files(folder):
        for group in groups(path):
            capture, lookup = _own(group, path, snapshot)
            if capture:
                captures.add(capture)
            if lookup:
                lookups.add(lookup)
    return captures.whole(), lookups.whole()


class _Pieces:
    """A table in the making: rows become columns by and by, where they take a fifth of the memory."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[dict[str, Any]] = []
        self.made: list[pd.DataFrame] = []

    def add(self, row: dict[str, Any]) -> None:
        self.rows.append(row)
        if len(self.rows) == PIECE:
            self._fold()

    def _fold(self) -> None:
        key = list(schema.tables()[self.name].key)
        last = {tuple(row[name] for name in key): row for row in self.rows}
        self.made.append(schema.frame(self.name, last.values()))
        self.rows.clear()

    def whole(self) -> pd.DataFrame:
        """The table; of rows with one key the last."""
        self._fold()
        if len(self.made) == 1:
            return self.made[0]
        key = list(schema.tables()[self.name].key)
        joined = pd.concat(self.made, ignore_index=True).drop_duplicates(key, keep="last")
        return joined.sort_values(key, ignore_index=True)


def groups(path: Path) -> Iterator[list[Record]]:
    """The whole groups of records that ``EvidenceWriter`` wrote to ``path``."""
    held: list[Record] = []
    for record in _records(path):
        held.append(record)
        if ends_group(record):
            yield held
            held = []


def _records(path: Path) -> Iterator[Record]:
    try:
        yield from scan(path)
    except DamageError as damage:
        if (path.parent / MANIFEST).exists():
            raise UserError(f"{damage}; restore the file from a copy") from damage


def _own(group: list[Record], path: Path, snapshot: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Rows of ``captures`` and ``lookups`` that a group of our own stands for."""
    last = group[-1]
    if last.type == "warcinfo":
        return None, None
    said = fields(last.block)
    main = next((record for record in group if record.type in ("response", "resource", "revisit")), None)
    capture = None
    if main:
        taken = {name: said.get(name, "") for name in ("purpose", "publisher", "address", "via", "original_time")}
        capture = _row(main, path, snapshot, said.get("kind", "http")) | taken
        capture |= {"route": said.get("route", "direct"), "status": said.get("status") or capture["status"]}
        if main.type == "revisit":
            capture |= _shown_again(main, said)
        elif capture["kind"] == "browser":
            shown = main.headers.get("warc-concurrent-to", "").strip("<>")
            capture["refers_to"] = identity.make_id("c", shown)
    lookup = None
    if "outcome" in said:
        lookup = {
            "lookup_id": identity.make_id("l", last.id),
            "snapshot": snapshot,
            "publisher": said.get("asker", ""),
            "source": said.get("source", ""),
            "subject": said.get("subject", ""),
            "outcome": said["outcome"],
            "reason": said.get("reason", ""),
            "time": last.headers.get("warc-date", ""),
            "capture_id": capture["capture_id"] if capture else "",
        }
    return capture, lookup


def _shown_again(record: Record, said: Mapping[str, str]) -> dict[str, Any]:
    """What a ``revisit`` record's row tells of the payload that it shows again."""
    size = said.get("size", "")
    return {
        "size": int(size) if size.isdecimal() else 0,
        "digest": record.headers.get("warc-payload-digest", ""),
        "media_type": said.get("media_type", ""),
        "refers_to": identity.make_id("c", record.headers.get("warc-refers-to", "").strip("<>")),
    }


def _row(record: Record, path: Path, snapshot: str, kind: str) -> dict[str, Any]:
    """What the record itself tells of a capture."""
    start = payload_start(kind, record.block)
    head = parse_head(record.block) if kind == "http" else None
    stated = head.get("content-type") if head else record.headers.get("content-type", "")
    return {
        "capture_id": identity.make_id("c", record.id),
        "snapshot": snapshot,
        "kind": kind,
        "address": record.headers.get("warc-target-uri", "").strip("<>"),
        "time": _time(record),
        "status": str(head.status) if head else "",
        "media_type": "" if kind == "http" and not head else stated.partition(";")[0].strip().lower(),
        "size": len(record.block) - start,
        "digest": identity.sha256(record.block[start:]),
        "warc_file": f"{snapshot}/{path.name}",
        "warc_offset": record.offset,
        "warc_length": record.length,
        "truncated": record.headers.get("warc-truncated", ""),
        "ip": record.headers.get("warc-ip-address", ""),
    }


def _time(record: Record) -> str:
    found = DATE.fullmatch(record.headers.get("warc-date", ""))
    return f"{found[1]}Z" if found else ""


def _imported(record: Record, path: Path, snapshot: str) -> dict[str, Any] | None:
    """Row of ``captures`` for a record of somebody else's archive; None where it is no HTTP response we can place."""
    address = identity.canonical(record.headers.get("warc-target-uri", "").strip("<>"))
    if record.type not in ("response", "resource", "revisit") or record.oversize or not address or not _time(record):
        return None
    row = _row(record, path, snapshot, "http")
    if record.type == "resource":
        row["media_type"] = record.headers.get("content-type", "").partition(";")[0].strip().lower()
    html = row["media_type"] in ("text/html", "application/xhtml+xml")
    purpose = "page" if html else "image" if row["media_type"].startswith("image/") else "import"
    truncated = row["truncated"] if row["truncated"] in ("length", "time", "disconnect") else ""
    return row | {
        "address": record.headers["warc-target-uri"].strip("<>"),
        "publisher": identity.publisher_of(address),
        "purpose": purpose,
        "route": "import",
        "truncated": truncated or ("disconnect" if row["truncated"] else ""),
    }


def _imports(folder: Path, captures: dict[str, dict[str, Any]]) -> None:
    """Add the captures of imported archives: responses first, then the revisits that show one of them again."""
    shown: dict[Place, dict[str, Any]] = {}
    revisits: list[tuple[dict[str, Any], Place]] = []
    places = {place for path in warc_files(folder) for place in referred_places(path).values()}
    for path in warc_files(folder):
        again = referred_places(path)
        for record in _records(path):
            row = _imported(record, path, folder.name)
            if row and record.type == "revisit":
                revisits += [(row, again[record.offset])] if record.offset in again else []
            elif row:
                kept = _keep(captures, row)
                if (path.name, record.offset) in places:
                    shown[path.name, record.offset] = kept
    for row, place in revisits:
        if first := shown.get(place):
            taken = {name: first[name] for name in ("size", "digest", "media_type", "purpose")}
            _keep(
                captures, row | taken | {"refers_to": first["capture_id"], "status": row["status"] or first["status"]}
            )


def _keep(captures: dict[str, dict[str, Any]], row: dict[str, Any]) -> dict[str, Any]:
    """Add an imported capture and return the row that stands for it.

    A record that two archives hold is one, two records that claim one id are two.
    """
    there = captures.setdefault(row["capture_id"], row)
    same = ("digest", "address", "time")
    if there is row or all(there[name] == row[name] for name in same):
        return there
    own = identity.make_id("c", row["capture_id"], *(row[name] for name in same))
    return captures.setdefault(own, row | {"capture_id": own})


def record_id(evidence: str | Path, capture: Mapping[str, Any]) -> str:
    """Id of the record that a row of ``captures`` stands for.

    Raises:
        UserError: it cannot be read.
    """
    path = Path(evidence) / str(capture["warc_file"])
    try:
        return read_record(path, int(capture["warc_offset"])).id
    except (DamageError, OSError) as error:
        raise UserError(f"{path}: cannot read evidence: {error}; restore the file from a copy") from error


def open_capture(evidence: str | Path, capture: Mapping[str, Any], most: int = LARGEST_BODY) -> Opened:
    """The capture that a row of ``captures`` names; of a revisit the earlier answer that it shows again.

    Its body is unpacked as far as ``most`` bytes.

    Raises:
        UserError: the file is missing, or its bytes are not those that were indexed.
    """
    path = Path(evidence) / str(capture["warc_file"])
    try:
        record = own = read_record(path, int(capture["warc_offset"]))
        if own.type == "revisit":
            record, _ = referred(Path(evidence), path, own)
    except OSError as error:
        raise UserError(f"{path}: cannot read evidence: {error.strerror}") from error
    except DamageError as damage:
        raise UserError(f"{damage}; restore the file from a copy") from damage
    kind = str(capture["kind"])
    raw = record.block[payload_start(kind, record.block) :]
    if identity.sha256(raw) != capture["digest"]:
        raise UserError(f"{path}: the record at byte {own.offset} is not the one that was indexed; index again")
    head = parse_head(record.block) if kind == "http" else None
    if head is None:
        stated = [("Content-Type", own.headers.get("content-type", ""))] if kind == "browser" else []
        return Opened(None, stated, raw, raw)
    again = parse_head(own.block) or head
    # Not modified: what was sent then holds. The same bytes sent anew: their own head holds.
    shown = head if again.status == 304 else again
    return Opened(shown.status, shown.headers, decoded(head.headers, raw, most), raw)
