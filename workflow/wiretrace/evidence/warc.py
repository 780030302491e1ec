"""WARC 1.1 records in files: found one by one, each damage located.

``warcio`` and FastWARC end in silence on a file that is cut or has a flipped bit, so records are found here. Format:
https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from isal import igzip_lib, isal_zlib

from wiretrace.evidence.http import LARGEST_BODY

# A record that is larger than this is passed over; ours never are.
LARGEST_RECORD = LARGEST_BODY + 2_000_000
# Decompressed bytes after which a gzip member is taken for a bomb.
LARGEST_MEMBER = 8_000_000_000
LARGEST_HEAD = 65_536
STEP, PIECE = 1 << 20, 1 << 15


class DamageError(Exception):
    """Bytes of a WARC file that are no whole record: where, and what is wrong."""

    def __init__(self, path: Path, offset: int, what: str) -> None:
        super().__init__(f"{path}: damaged at byte {offset}: {what}")
        self.path, self.offset, self.what = path, offset, what


@dataclass(frozen=True)
class Record:
    """One record: place of its bytes in the file, headers by lower-case name, block.

    ``block`` is empty, and ``oversize`` set, where the record is larger than ``LARGEST_RECORD``.
    """

    offset: int
    length: int
    headers: Mapping[str, str]
    block: bytes
    oversize: bool = False

    @property
    def type(self) -> str:
        return self.headers.get("warc-type", "").lower()

    @property
    def id(self) -> str:
        return self.headers.get("warc-record-id", "").strip("<>")


def scan(path: Path, start: int = 0) -> Iterator[Record]:
    """The records of a WARC file, gzipped member by record or not, from byte ``start`` on.

    Raises:
        DamageError: at the first bytes that are no whole record.
    """
    with open(path, "rb") as stream:
        magic = stream.read(2)
        stream.seek(start)
        yield from _members(path, stream) if magic in (b"\x1f\x8b", b"\x1f") else _plain(path, stream)


def read_record(path: Path, offset: int) -> Record:
    """The record at byte ``offset``.

    Raises:
        DamageError: no whole record is there.
    """
    for record in scan(path, offset):
        return record
    raise DamageError(path, offset, "the file ends here")


def _members(path: Path, stream: BinaryIO) -> Iterator[Record]:
    offset, held, at = stream.tell(), b"", 0
    while at < len(held) or (held := stream.read(STEP)):
        at = at if at < len(held) else 0
        engine = isal_zlib.decompressobj(31)
        parts, size, length = [], 0, 0
        while not engine.eof:
            if at >= len(held):
                held, at = stream.read(STEP), 0
                if not held:
                    raise DamageError(path, offset, "the file ends within a record")
            # In small pieces, since what is behind the member's end is copied.
            piece = held[at : at + PIECE]
            at, length = at + len(piece), length + len(piece)
            try:
                while piece and not engine.eof:
                    out = engine.decompress(piece, STEP)
                    piece = engine.unconsumed_tail
                    size += len(out)
                    if size <= LARGEST_RECORD:
                        parts.append(out)
            except igzip_lib.IsalError as error:  # type: ignore[misc] # its stub says Any
                raise DamageError(path, offset, f"no gzip member ({error})") from None
            if size > LARGEST_MEMBER:
                raise DamageError(path, offset, f"a record of more than {LARGEST_MEMBER} bytes")
        at, length = at - len(engine.unused_data), length - len(engine.unused_data)
        yield _parse(path, offset, length, b"".join(parts), size)
        offset += length


def _parse(path: Path, offset: int, length: int, made: bytes, size: int) -> Record:
    headers, start = parse_headers(made)
    if start == 0:
        raise DamageError(path, offset, "no WARC record")
    declared = _length(path, offset, headers)
    if size > LARGEST_RECORD:
        return Record(offset, length, headers, b"", True)
    if start + declared > size:
        raise DamageError(path, offset, "the record is shorter than its Content-Length")
    if made[start + declared :].strip(b"\r\n"):
        raise DamageError(path, offset, "one gzip member holds several records")
    return Record(offset, length, headers, made[start : start + declared])


def _length(path: Path, offset: int, headers: Mapping[str, str]) -> int:
    declared = headers.get("content-length", "")
    if not re.fullmatch(r"\d{1,15}", declared):
        raise DamageError(path, offset, f"Content-Length {declared[:40]!r}")
    return int(declared)


def packed_record(data: bytes, name: str) -> Record:
    """The record that ``data``, one gzip member of the file ``name``, holds.

    Raises:
        DamageError: it is no gzip member that holds one whole record.
    """
    engine = isal_zlib.decompressobj(31)
    try:
        made = engine.decompress(data, LARGEST_RECORD)
    except igzip_lib.IsalError as error:  # type: ignore[misc] # its stub says Any
        raise DamageError(Path(name), 0, f"no gzip member ({error})") from None
    if not engine.eof:
        raise DamageError(Path(name), 0, f"no whole gzip member of less than {LARGEST_RECORD} bytes")
    return _parse(Path(name), 0, len(data) - len(engine.unused_data), made, len(made))


def parse_headers(data: bytes) -> tuple[dict[str, str], int]:
    """Headers of the record that starts ``data`` and the length of its head; ({}, 0) where none starts there."""
    end = data.find(b"\r\n\r\n", 0, LARGEST_HEAD)
    if not data.startswith(b"WARC/") or end < 0:
        return {}, 0
    return fields(data[:end].partition(b"\r\n")[2]), end + 4


def fields(block: bytes) -> dict[str, str]:
    """``application/warc-fields``: values by lower-case name, folded lines joined; the last of equal names holds."""
    found: dict[str, str] = {}
    name = ""
    for line in block.decode("utf-8", "replace").split("\r\n"):
        if line[:1] in (" ", "\t") and name:
            found[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            found[name] = value.strip()
    return found


def _plain(path: Path, stream: BinaryIO) -> Iterator[Record]:
    offset = stream.tell()
    while head := _plain_head(stream):
        # Blank lines between records belong to none.
        blank = len(head) - len(head.lstrip(b"\r\n"))
        head, offset = head[blank:], offset + blank
        if not head:
            return
        headers, start = parse_headers(head)
        if start == 0:
            raise DamageError(path, offset, "no WARC record")
        declared = _length(path, offset, headers)
        oversize = declared > LARGEST_RECORD
        block = b"" if oversize else stream.read(declared)
        if oversize:
            stream.seek(offset + start + declared - 1)
            whole = len(stream.read(1)) == 1
        else:
            whole = len(block) == declared
        if not whole:
            raise DamageError(path, offset, "the file ends within a record")
        yield Record(offset, start + declared, headers, block, oversize)
        offset += start + declared


def _plain_head(stream: BinaryIO) -> bytes:
    """Lines up to and with the blank one that ends a record's head; blank lines before it included."""
    head = bytearray()
    while len(head) < LARGEST_HEAD and (line := stream.readline(LARGEST_HEAD)):
        head += line
        if line == b"\r\n" and head.strip(b"\r\n"):
            break
    return bytes(head)
