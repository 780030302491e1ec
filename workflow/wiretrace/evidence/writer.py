"""Evidence out: exchanges appended to a WARC file, each whole or not at all."""

from __future__ import annotations

import fcntl
import io
import os
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from isal import isal_zlib

from wiretrace import identity
from wiretrace.errors import UserError
from wiretrace.evidence.http import HEAD_END, parse_head
from wiretrace.evidence.revisit import Earlier
from wiretrace.evidence.warc import DamageError, Record, scan
from wiretrace.schema import clean

MANIFEST = "manifest.json"
FIELDS = "application/warc-fields"
Kind = Literal["http", "dns", "whois", "tls", "browser", "table"]
Outcome = Literal["found", "absent", "could_not_look", "not_looked"]
VERSION = version("wiretrace")
# ISA-L's best compression: files 12 % larger than zlib's level 9 makes, at seven times its speed (132 MB of pages).
LEVEL, GZIP = isal_zlib.ISAL_BEST_COMPRESSION, 31
SOFTWARE = {"software": f"wiretrace/{VERSION}", "format": "WARC File Format 1.1"}
# What the payload of each kind is, and as which type of record it stands (dns and whois as Heritrix writes them).
RECORDS = {
    "http": ("response", "application/http;msgtype=response"),
    "dns": ("response", "text/dns"),
    "whois": ("response", "text/plain"),
    "tls": ("resource", "application/x-pem-file"),
    "table": ("resource", "text/plain; charset=utf-8"),
    "browser": ("resource", "text/html; charset=utf-8"),
}


@dataclass(frozen=True)
class Exchange:
    """One exchange with the outside.

    Args:
        kind: protocol.
        purpose: why it was asked; see the table ``captures``.
        publisher: publisher that it is about.
        address: address that it is evidence of; for a web archive's copy the original address.
        time: UTC, ISO 8601, full seconds: when the answer was there.
        response: HTTP: head and body as they crossed the wire, chunked framing included; else the payload.
        request: HTTP: the request as it crossed the wire.
        interim: HTTP: heads with a status of 1xx that came before the response.
        extra: HTTP: bytes that came behind the end of the response.
        asked: address that was really asked, where it is not ``address``.
        status: DNS rcode or ``ok``; of HTTP the response tells.
        route, via, truncated, original_time, ip: see the table ``captures``.
        note: what else the machine saw, e.g. how a certificate failed to verify.
        revisits: HTTP: an earlier capture whose payload this answer shows again, by its digest or the server's word
            (304); of such an answer the head alone is written, in a ``revisit`` record.
        media_type: browser: of the response, where it is no HTML.
        shows: browser: id of the record of the page that is shown.
    """

    kind: Kind
    purpose: str
    publisher: str
    address: str
    time: str
    response: bytes
    request: bytes = b""
    interim: bytes = b""
    extra: bytes = b""
    asked: str = ""
    status: str = ""
    route: str = "direct"
    via: str = ""
    truncated: str = ""
    original_time: str = ""
    ip: str = ""
    note: str = ""
    revisits: Earlier | None = None
    media_type: str = ""
    shows: str = ""


@dataclass(frozen=True)
class Lookup:
    """One question and how it ended; see the table ``lookups``."""

    publisher: str
    source: str
    subject: str
    outcome: Outcome
    time: str
    reason: str = ""


@dataclass(frozen=True)
class Place:
    """Where an exchange was written: capture id and digest of its payload ('' where there was none), offset."""

    capture_id: str
    digest: str
    offset: int


# Fields of the metadata record; `status` only where the response cannot tell it.
CARRIED = ("kind", "purpose", "publisher", "address", "status", "route", "via", "truncated", "original_time", "note")


def is_http(block: bytes) -> bool:
    """Whether ``block`` is an HTTP response, perhaps cut within its head; if not, it is bytes without a head."""
    return parse_head(block) is not None or _cut_head(block)


def _cut_head(block: bytes) -> bool:
    return block.startswith(b"HTTP/") and not HEAD_END.search(block)


def payload_start(kind: str, block: bytes) -> int:
    """Where the payload starts in a record's block: behind the HTTP head, else at 0."""
    if kind != "http":
        return 0
    if head := parse_head(block):
        return head.size
    return len(block) if _cut_head(block) else 0


def one_line(text: str) -> str:
    """``text`` as the value of a header: no control characters, no line breaks."""
    return " ".join(clean(text).split())


class EvidenceWriter:
    """Appends exchanges to one WARC file, one write and one fsync each. Threads may share it.

    A crash leaves at most one exchange torn; the next opening cuts it off and says so in ``repaired``. With ``wait``
    the opening waits until nobody else writes the file: a run that is started again after a kill goes on where a job
    that outlived it ends.

    Raises:
        UserError: the snapshot is sealed, another process writes the file, or it is damaged before its end.
    """

    def __init__(self, path: str | Path, *, wait: bool = False) -> None:
        self.path = Path(path)
        self.repaired = ""
        if (self.path.parent / MANIFEST).exists():
            raise UserError(f"{self.path.parent}: this snapshot is sealed; acquire under a new snapshot label")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = not self.path.exists()
        self._stream = open(self.path, "ab")  # noqa: SIM115 (held until close)
        try:
            fcntl.flock(self._stream, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._stream.close()
            raise UserError(f"{self.path}: another run is writing this file; wait for it or end it") from None
        self._lock = threading.Lock()
        try:
            self._repair()
        except UserError:
            self._stream.close()
            raise
        if new:
            _sync_folder(self.path.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; more cannot be added."""
        self._stream.close()

    def _repair(self) -> None:
        size = self.path.stat().st_size
        end, damage = whole_groups(self.path)
        if end == size:
            return
        if damage and _record_after(self.path, damage.offset):
            raise UserError(f"{damage}; records follow it, so this is no torn tail: restore the file from a copy")
        os.truncate(self.path, end)
        os.fsync(self._stream.fileno())
        self.repaired = f"{self.path.name}: cut {size - end} bytes of an exchange that was not written to its end"

    def add(self, exchange: Exchange | None, lookup: Lookup | None = None) -> str:
        """Append an exchange, how a look-up ended, or both in one; returns the capture's id ('' without exchange).

        Raises:
            UserError: the disk is full or fails; the file is as it was before.
        """
        return self.place(exchange, lookup).capture_id

    def place(self, exchange: Exchange | None, lookup: Lookup | None = None) -> Place:
        """As ``add``; tells where the exchange stands as well."""
        group = io.BytesIO()
        capture, digest = _group(group, exchange, lookup)
        offset = self._append(group.getvalue(), exchange.time if exchange else lookup.time if lookup else "")
        return Place(capture, digest, offset)

    def add_lookups(self, lookups: Iterable[Lookup]) -> None:
        """Append look-ups that have no exchange, all in one write."""
        groups, time = io.BytesIO(), ""
        for lookup in lookups:
            _group(groups, None, lookup)
            time = time or lookup.time
        if time:
            self._append(groups.getvalue(), time)

    def _append(self, data: bytes, time: str) -> int:
        """Write ``data`` whole or not at all; returns where it starts."""
        with self._lock:
            handle = self._stream.fileno()
            before = start = os.fstat(handle).st_size
            if before == 0:
                first = io.BytesIO()
                _put(first, "warcinfo", time, _fields(SOFTWARE), FIELDS)
                data = first.getvalue() + data
                start = len(first.getvalue())
            try:
                left = memoryview(data)
                while left:
                    left = left[os.write(handle, left) :]
                os.fsync(handle)
            except OSError as error:
                os.truncate(self.path, before)
                raise UserError(
                    f"{self.path}: cannot write evidence: {error.strerror}; make room and run again"
                ) from error
        return start


def ends_group(record: Record) -> bool:
    """Whether ``record`` is the last of those that ``EvidenceWriter.add`` wrote at once."""
    return record.type == "warcinfo" or (
        record.type == "metadata" and record.headers.get("content-type", "").startswith(FIELDS)
    )


def whole_groups(path: Path) -> tuple[int, DamageError | None]:
    """End of the last whole group of records in ``path``, and the damage behind it, if any."""
    end = 0
    try:
        for record in scan(path):
            if ends_group(record):
                end = record.offset + record.length
    except DamageError as damage:
        return end, damage
    return end, None


def _record_after(path: Path, offset: int) -> bool:
    """Whether a whole record starts behind ``offset``."""
    data = path.read_bytes()
    at = data.find(b"\x1f\x8b\x08", offset + 1)
    while at >= 0:
        try:
            next(scan(path, at))
        except DamageError:
            at = data.find(b"\x1f\x8b\x08", at + 1)
        else:
            return True
    return False


def _group(out: io.BytesIO, exchange: Exchange | None, lookup: Lookup | None) -> tuple[str, str]:
    """Write the records of one exchange, look-up or both; (capture id, digest of the payload)."""
    said: dict[str, str] = {}
    about: dict[str, str] = {}
    capture = digest = ""
    if exchange:
        asked = one_line(exchange.asked or exchange.address)
        about = {"WARC-Target-URI": asked}
        type_, content = RECORDS[exchange.kind]
        if exchange.kind == "http" and not is_http(exchange.response):
            type_, content = "resource", "application/octet-stream"
        more = about | ({"WARC-IP-Address": exchange.ip} if exchange.ip else {})
        more |= {"WARC-Truncated": exchange.truncated} if exchange.truncated else {}
        more |= {"WARC-Concurrent-To": f"<{exchange.shows}>"} if exchange.shows else {}
        content = exchange.media_type or content
        start = payload_start(exchange.kind, exchange.response)
        block = exchange.response
        if exchange.revisits:
            head, type_, block = parse_head(block), "revisit", block[:start]
            digest = exchange.revisits.digest
            more |= exchange.revisits.headers(head.status if head else None)
        else:
            digest = identity.sha256(block[start:])
        more["WARC-Payload-Digest"] = digest
        record = _put(out, type_, exchange.time, block, content, more)
        capture = identity.make_id("c", record.strip("<>"))
        about["WARC-Concurrent-To"] = record
        if exchange.request:
            _put(out, "request", exchange.time, exchange.request, "application/http;msgtype=request", about)
        if exchange.interim:
            _put(out, "metadata", exchange.time, exchange.interim, "application/http;msgtype=response", about)
        if exchange.extra:
            _put(out, "metadata", exchange.time, exchange.extra, "application/octet-stream", about)
        said = {name: getattr(exchange, name) for name in CARRIED}
        if exchange.revisits:
            said |= {"size": str(exchange.revisits.size), "media_type": exchange.revisits.media_type}
    if lookup:
        said |= {f.name: getattr(lookup, f.name) for f in fields(lookup) if f.name not in ("time", "publisher")}
        said["asker"] = lookup.publisher
    time = exchange.time if exchange else lookup.time if lookup else ""
    _put(out, "metadata", time, _fields(said), FIELDS, about)
    return capture, digest


def _fields(values: dict[str, str]) -> bytes:
    lines = [f"{name}: {one_line(value)}\r\n" for name, value in values.items() if value]
    return "".join(lines).encode("utf-8", "replace")


def _put(out: io.BytesIO, type_: str, time: str, block: bytes, content: str, more: dict[str, str] | None = None) -> str:
    """Write one record as a gzip member; returns its id in angle brackets."""
    record = f"<{uuid.uuid4().urn}>"
    headers = [("WARC-Type", type_), ("WARC-Record-ID", record), ("WARC-Date", time), *(more or {}).items()]
    digest = identity.sha256(block)
    headers.append(("WARC-Block-Digest", digest))
    if type_ == "request":
        headers.append(("WARC-Payload-Digest", identity.sha256(block.partition(b"\r\n\r\n")[2])))
    elif type_ == "metadata":
        headers.append(("WARC-Payload-Digest", digest))
    headers += [("Content-Type", content), ("Content-Length", str(len(block)))]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("utf-8", "replace")
    # In one piece: ISA-L finds no repetition across the pieces it is given, which costs 120 bytes a record.
    whole = b"".join((b"WARC/1.1\r\n", head, b"\r\n", block, b"\r\n\r\n"))
    out.write(isal_zlib.compress(whole, LEVEL, GZIP))
    return record


def write_whole(path: Path, content: bytes) -> None:
    """Write ``path`` whole or not at all, power cuts included.

    Raises:
        UserError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        with open(part, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(f"{path}: cannot write: {error.strerror}; make room and run again") from error
    part.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Have the names of the files in ``folder`` on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
