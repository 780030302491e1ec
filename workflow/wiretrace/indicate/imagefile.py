"""Labels in an image's container that stand outside PNG text, EXIF and XMP: C2PA manifests and China's AIGC chunk.

A walk over PNG chunks, JPEG segments and WebP chunks that decodes no pixel and fetches nothing; parts and bytes are
counted and cut. ``credentials`` reads and verifies a C2PA manifest.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

import regex

from wiretrace.indicate import credentials

MOST_PARTS = 2_000
MOST_BYTES = 400_000
MOST_RUNS = 400
# Runs of readable text in JUMBF boxes and CBOR, in ASCII or UTF-8.
READABLE = regex.compile(rb"[\x20-\x7e\x80-\xf4]{4,4000}+")


def labels(body: bytes) -> dict[str, str]:
    """``c2pa``, what its manifests declare under which signature, and ``AIGC``, the readable text of its chunk.

    A name is absent where the file does not bear it.
    """
    found: dict[str, bytes] = {}
    for name, data in _parts(body):
        found[name] = (found.get(name, b"") + data)[:MOST_BYTES]
    texts = {name: _readable(data) for name, data in sorted(found.items())}
    said = credentials.credentials(body, texts.pop("c2pa", ""))
    return {**texts, **({"c2pa": said} if said else {})}


def _readable(data: bytes) -> str:
    return " ".join(run.decode("utf-8", "replace") for run in READABLE.findall(data)[:MOST_RUNS])


def _parts(body: bytes) -> Iterator[tuple[str, bytes]]:
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(body)
    if body.startswith(b"\xff\xd8"):
        return _jpeg(body)
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return _webp(body)
    return iter(())


def _png(body: bytes) -> Iterator[tuple[str, bytes]]:
    at = 8
    for _ in range(MOST_PARTS):
        if at + 8 > len(body):
            return
        size, kind = struct.unpack(">I4s", body[at : at + 8])
        if kind == b"caBX":
            yield "c2pa", body[at + 8 : at + 8 + size]
        elif kind.upper() == b"AIGC":
            yield "AIGC", body[at + 8 : at + 8 + size]
        at += 12 + size


def _jpeg(body: bytes) -> Iterator[tuple[str, bytes]]:
    at = 2
    for _ in range(MOST_PARTS):
        if at + 4 > len(body) or body[at] != 0xFF or body[at + 1] == 0xDA:
            return
        size = max(int.from_bytes(body[at + 2 : at + 4], "big"), 2)
        if body[at + 1] == 0xEB:
            yield "c2pa", body[at + 4 : at + 2 + size]
        at += 2 + size


def _webp(body: bytes) -> Iterator[tuple[str, bytes]]:
    at = 12
    for _ in range(MOST_PARTS):
        if at + 8 > len(body):
            return
        kind, size = struct.unpack("<4sI", body[at : at + 8])
        if kind == b"C2PA":
            yield "c2pa", body[at + 8 : at + 8 + size]
        at += 8 + size + (size & 1)
