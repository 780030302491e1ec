"""Answers that show again what was archived before: WARC ``revisit`` records, and the records they refer to.

https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/#revisit
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wiretrace.errors import UserError
from wiretrace.evidence.foreign import referred_place
from wiretrace.evidence.http import Head, parse_head
from wiretrace.evidence.warc import DamageError, Record, read_record

PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
NOT_MODIFIED, IDENTICAL = "server-not-modified", "identical-payload-digest"
# Where the record referred to stands: below the evidence folder, in a snapshot's folder.
FILE = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,64}/(?!\.)[A-Za-z0-9._-]{1,200}")
# A validator is sent back as it came, if it is plain and no longer.
VALIDATOR = re.compile(r"[\x21-\x7e][\x20-\x7e]{0,511}")


@dataclass(frozen=True)
class Earlier:
    """A capture that a later one may show again.

    Args:
        record: id of its record; file, offset: where it stands below the evidence folder.
        address, time: what was asked and when.
        digest, size, media_type: of its payload, as in the table ``captures``.
        etag, modified: ETag and Last-Modified that it came with, '' where none can be sent back.
    """

    record: str
    file: str
    offset: int
    address: str
    time: str
    digest: str
    size: int
    media_type: str
    etag: str = ""
    modified: str = ""

    def headers(self, status: int | None) -> dict[str, str]:
        """Headers of the ``revisit`` record of an answer with ``status`` that shows it again."""
        return {
            "WARC-Profile": PROFILE + (NOT_MODIFIED if status == 304 else IDENTICAL),
            "WARC-Refers-To": f"<{self.record}>",
            "WARC-Refers-To-Target-URI": self.address,
            "WARC-Refers-To-Date": self.time,
            "WARC-Refers-To-Filename": self.file,
            "WARC-Refers-To-File-Offset": str(self.offset),
        }


def earlier(evidence: Path, capture: Mapping[str, Any]) -> Earlier | None:
    """The capture that a row of ``captures`` names, or the one which that one shows again; None where it is no answer.

    Raises:
        UserError: its record cannot be read.
    """
    path = evidence / str(capture["warc_file"])
    try:
        own = read_record(path, int(capture["warc_offset"]))
        shown = own.type == "revisit"
        first, file = referred(evidence, path, own) if shown else (own, str(capture["warc_file"]))
    except (DamageError, OSError) as error:
        raise UserError(f"{path}: cannot read evidence: {error}; restore the file from a copy") from error
    heads = [head for head in (parse_head(own.block), parse_head(first.block)) if head]
    if first.type != "response" or len(heads) < 2:
        return None
    return Earlier(
        first.id,
        file,
        first.offset,
        first.headers.get("warc-target-uri", ""),
        first.headers.get("warc-date", ""),
        str(capture["digest"]),
        int(capture["size"]),
        str(capture["media_type"]),
        _validator(heads, "etag"),
        _validator(heads, "last-modified"),
    )


def _validator(heads: list[Head], name: str) -> str:
    value = next((head.get(name) for head in heads if head.get(name)), "")
    return value if VALIDATOR.fullmatch(value) else ""


def referred(evidence: Path, path: Path, record: Record) -> tuple[Record, str]:
    """The record that a ``revisit`` record of the file ``path`` refers to, and its file below ``evidence``.

    Raises:
        DamageError: it does not say where that is, or another record stands there; OSError: the file is missing.
    """
    place = referred_place(path, record.offset)
    if place:
        return read_record(path.with_name(place[0]), place[1]), f"{path.parent.name}/{place[0]}"
    file = record.headers.get("warc-refers-to-filename", "")
    offset = record.headers.get("warc-refers-to-file-offset", "")
    if not FILE.fullmatch(file) or not re.fullmatch(r"\d{1,15}", offset):
        raise DamageError(evidence, record.offset, "a revisit record that does not say what it refers to")
    found = read_record(evidence / file, int(offset))
    if f"<{found.id}>" != record.headers.get("warc-refers-to", "") or found.type != "response":
        raise DamageError(evidence / file, found.offset, f"not the record that {record.id} refers to")
    return found, file
