"""Sealing a snapshot by a manifest of SHA-256 sums, and checking it against one."""

from __future__ import annotations

import base64
import hashlib
import json
from itertools import takewhile
from pathlib import Path
from typing import Any

from wiretrace import identity
from wiretrace.errors import UserError
from wiretrace.evidence import stamp
from wiretrace.evidence.index import warc_files
from wiretrace.evidence.warc import DamageError, scan
from wiretrace.evidence.writer import MANIFEST, VERSION, whole_groups, write_whole

# Bytes of a file that damage is located to, and of each piece's digest that are kept: 0.7 MB for a file of 1 GB.
PIECE, SHORT = 16_384, 8


def seal(evidence: str | Path, snapshot: str) -> dict[str, Any]:
    """Write ``manifest.json`` of a snapshot and return it; a sealed one is left as it is.

    The manifest has, for each file, its name, bytes, SHA-256, number of records, and eight bytes of the SHA-256 of
    every piece of PIECE bytes (base64; they only locate damage); the time of the first and last record; and the
    version of the tool; and a sum of all that. Nothing in it depends on when it was sealed.

    Raises:
        UserError: there is nothing to seal, a file ends within an exchange, or the disk is full.
    """
    folder = Path(evidence) / snapshot
    path = folder / MANIFEST
    if path.exists():
        return _read(path)
    files = _files(folder)
    if not files:
        raise UserError(f"{folder}: no evidence there; acquire before sealing")
    for warc in warc_files(folder):
        _, damage = whole_groups(warc)
        if damage:
            raise UserError(f"{damage}; run acquire again, it repairs a torn end")
    times: list[str] = []
    listed = []
    for file in files:
        records = 0
        if file in warc_files(folder):
            for record in scan(file):
                records += 1
                times.append(record.headers.get("warc-date", ""))
        whole, pieces = digests(file)
        sums = {"sha256": whole, "pieces": base64.b64encode(b"".join(pieces)).decode()}
        listed.append({"name": file.name, "bytes": file.stat().st_size, "records": records, **sums})
    manifest = {
        "snapshot": snapshot,
        "tool": f"wiretrace {VERSION}",
        "earliest": min(times, default=""),
        "latest": max(times, default=""),
        "files": listed,
    }
    manifest["sum"] = identity.sha256(_text(manifest))
    write_whole(path, _text(manifest))
    return manifest


def _text(manifest: dict[str, Any]) -> bytes:
    """The one way to write a manifest, so that every other byte of it is a change."""
    return (json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def verify(evidence: str | Path, snapshot: str) -> list[str]:
    """What is wrong with a sealed snapshot, one line each, with file and byte where it can be told; empty: nothing.

    A snapshot that is not sealed is a problem of its own.
    """
    return verified(evidence, snapshot)[1]


def verified(evidence: str | Path, snapshot: str) -> tuple[list[stamp.Stamp], list[str]]:
    """The good time-stamps of a sealed snapshot, and what ``verify`` tells of it."""
    folder = Path(evidence) / snapshot
    path = folder / MANIFEST
    if not path.exists():
        return [], [f"{folder}: not sealed: no {MANIFEST}"]
    try:
        manifest = _read(path)
    except UserError as error:
        return [], [str(error)]
    listed = {str(entry["name"]): entry for entry in manifest["files"]}
    there = {file.name: file for file in _files(folder)}
    problems = [f"{folder / name}: missing" for name in sorted(listed.keys() - there.keys())]
    problems += [f"{file}: not in the manifest" for name, file in sorted(there.items()) if name not in listed]
    for name in sorted(listed.keys() & there.keys()):
        problems += _compare(there[name], listed[name])
    stamps, wrong = stamp.check(folder)
    return stamps, problems + wrong


def _compare(file: Path, entry: dict[str, Any]) -> list[str]:
    size = file.stat().st_size
    whole, pieces = digests(file)
    if size == entry["bytes"] and whole == entry["sha256"]:
        return []
    first = _first_wrong(pieces, _pieces(entry))
    if size == entry["bytes"]:
        found = [f"{file}: SHA-256 is not the manifest's {entry['sha256']}"]
    else:
        found = [f"{file}: {size} bytes, the manifest says {entry['bytes']}"]
    if first is not None:
        found.append(f"{file}: the first wrong byte is one of {first} to {min(first + PIECE, size + 1) - 1}")
    return found + (_records(file, entry) if entry["records"] else [])


def _first_wrong(pieces: list[bytes], stated: list[bytes]) -> int | None:
    """Where the first piece starts that is not the one stated; None where none is stated."""
    if not stated:
        return None
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(pieces, stated, strict=False)))
    return same * PIECE


def _records(file: Path, entry: dict[str, Any]) -> list[str]:
    """What the records of a changed file tell of where it was changed."""
    found = []
    records = 0
    try:
        for record in scan(file):
            records += 1
            stated = record.headers.get("warc-block-digest", "")
            if stated.startswith("sha256:") and not record.oversize and stated != identity.sha256(record.block):
                found.append(f"{file}: the record at byte {record.offset} does not match its own digest")
    except DamageError as damage:
        return [*found, str(damage)]
    if records != entry["records"]:
        found.append(f"{file}: {records} records, the manifest says {entry['records']}")
    return found


def _files(folder: Path) -> list[Path]:
    beside = {folder / MANIFEST, *stamp.stamps(folder)}
    return sorted(p for p in folder.glob("*") if p.is_file() and p not in beside and not p.name.endswith(".part"))


def digest_of(path: Path) -> str:
    """SHA-256 of a file as 64 hex digits."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digests(path: Path) -> tuple[str, list[bytes]]:
    """SHA-256 of a file as 64 hex digits, and the first eight bytes of that of each of its pieces."""
    whole, pieces = hashlib.sha256(), []
    with open(path, "rb") as stream:
        while piece := stream.read(PIECE):
            whole.update(piece)
            pieces.append(hashlib.sha256(piece).digest()[:SHORT])
    return whole.hexdigest(), pieces


def _pieces(entry: dict[str, Any]) -> list[bytes]:
    data = base64.b64decode(entry.get("pieces", ""))
    return [data[at : at + SHORT] for at in range(0, len(data), SHORT)]


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes()
        manifest = json.loads(text)
        good = isinstance(manifest, dict) and all(
            isinstance(f, dict) and {"name", "bytes", "sha256", "records"} <= f.keys() for f in manifest["files"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        good = False
    if not good:
        raise UserError(f"{path}: not a manifest; restore it from a copy")
    rest = {name: value for name, value in manifest.items() if name != "sum"}
    if text != _text(manifest) or manifest.get("sum") != identity.sha256(_text(rest)):
        raise UserError(f"{path}: not as it was sealed; restore it from a copy")
    return dict(manifest)
