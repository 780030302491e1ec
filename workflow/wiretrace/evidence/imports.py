"""Archives that someone else captured, taken in as evidence: copied, named by digest, sealed."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from wiretrace import schema
from wiretrace.errors import UserError
from wiretrace.evidence.foreign import REVISITS, places
from wiretrace.evidence.index import IMPORTS, SUFFIXES, warc_files
from wiretrace.evidence.seal import digest_of, seal
from wiretrace.evidence.stamp import forget_others
from wiretrace.evidence.warc import DamageError, scan
from wiretrace.evidence.writer import MANIFEST

# Bytes of one archive, and of all WARC files inside a WACZ, that are taken in.
LARGEST_ARCHIVE = 50_000_000_000
MOST_MEMBERS = 10_000
SOURCES = "sources.json"


def import_archives(paths: Iterable[str | Path], evidence: str | Path) -> list[Path]:
    """Copy WARC, WARC.gz and WACZ files into ``evidence/imports`` and seal it; returns the WARC files there.

    A file is named by its digest, so the same archive is taken in once, whatever it was called; ``sources.json``
    keeps the names. A WACZ is kept as it came, and its WARC files beside it. All are taken in, or none.

    Raises:
        UserError: a file is missing, too large, damaged, or no WARC or WACZ.
    """
    folder = Path(evidence) / IMPORTS
    folder.mkdir(parents=True, exist_ok=True)
    before = _sources(folder)
    sources = dict(before)
    with tempfile.TemporaryDirectory(prefix=".incoming-", dir=folder) as incoming:
        for path in map(Path, paths):
            if not path.is_file():
                raise UserError(f"{path}: no such archive")
            if path.stat().st_size > LARGEST_ARCHIVE:
                raise UserError(f"{path}: larger than {LARGEST_ARCHIVE} bytes; split it first")
            sources |= _take(path, Path(incoming))
        if not sources:
            raise UserError("inputs.archives: no archive to take in")
        if sources != before or not (folder / MANIFEST).exists():
            (folder / MANIFEST).unlink(missing_ok=True)
            for file in sorted(Path(incoming).iterdir()):
                file.replace(folder / file.name)
            schema.write_text(folder / SOURCES, _json(sources))
            schema.write_text(folder / REVISITS, _json(places(warc_files(folder))))
            seal(evidence, IMPORTS)
            forget_others(folder)
    return [folder / name for name in sorted(sources) if name.endswith(SUFFIXES)]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _sources(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / SOURCES
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _take(path: Path, incoming: Path) -> dict[str, dict[str, str]]:
    """Copy one archive; returns what ``sources.json`` is to say of each file that came of it."""
    with open(path, "rb") as stream:
        magic = stream.read(5)
    if magic[:4] == b"PK\x03\x04":
        return _take_wacz(path, incoming)
    if magic[:2] != b"\x1f\x8b" and magic != b"WARC/":
        raise UserError(f"{path}: neither WARC, WARC.gz nor WACZ")
    _check(path, path.name)
    with open(path, "rb") as stream:
        kept = _copy(stream, incoming, ".warc" if magic == b"WARC/" else ".warc.gz")
    return {kept.name: {"name": path.name, "sha256": digest_of(kept)}}


def _take_wacz(path: Path, incoming: Path) -> dict[str, dict[str, str]]:
    taken: dict[str, dict[str, str]] = {}
    left = LARGEST_ARCHIVE
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted((m for m in archive.infolist() if m.filename.endswith(SUFFIXES)), key=lambda m: m.filename)
            if not 1 <= len(members) <= MOST_MEMBERS:
                raise UserError(f"{path}: {len(members)} WARC files in it; 1 to {MOST_MEMBERS} can be taken in")
            for member in members:
                name = schema.clean(member.filename)
                with archive.open(member) as stream:
                    kept = _copy(stream, incoming, ".warc.gz" if name.endswith(".gz") else ".warc", left)
                left -= kept.stat().st_size
                _check(kept, f"{path.name}, {name}")
                taken[kept.name] = {"name": path.name, "member": name, "sha256": digest_of(kept)}
    # zipfile's own for another compression is NotImplementedError, for an encrypted member RuntimeError, its parent.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise UserError(f"{path}: damaged WACZ: {error}") from error
    with open(path, "rb") as stream:
        kept = _copy(stream, incoming, ".wacz")
    return taken | {kept.name: {"name": path.name, "sha256": digest_of(kept)}}


def _check(path: Path, name: str) -> None:
    """Raise where ``path`` is no WARC file from its first to its last byte."""
    try:
        records = sum(1 for _ in scan(path))
    except DamageError as damage:
        raise UserError(
            f"inputs.archives: {name}: damaged at byte {damage.offset}: {damage.what}; mend a copy (warcio recompress)"
        ) from damage
    if not records:
        raise UserError(f"inputs.archives: {name}: no record in it")


def _copy(stream: IO[bytes], incoming: Path, suffix: str, most: int = LARGEST_ARCHIVE) -> Path:
    """Copy at most ``most`` bytes into ``incoming``, named by the first 16 digits of their digest."""
    part = incoming / "part"
    with open(part, "wb") as out:
        while data := stream.read(1 << 20):
            most -= len(data)
            if most < 0:
                raise UserError(f"inputs.archives: an archive of more than {LARGEST_ARCHIVE} bytes")
            out.write(data)
        out.flush()
        os.fsync(out.fileno())
    return part.replace(incoming / f"{digest_of(part)[:16]}{suffix}")
