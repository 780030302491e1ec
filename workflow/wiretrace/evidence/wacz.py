"""All sealed evidence of an investigation as one WACZ file, which ReplayWeb.page and other tools open.

Format: https://specs.webrecorder.net/wacz/1.1.1/; the index as https://specs.webrecorder.net/cdxj/0.1.0/, compressed in
blocks with a list of them, as pywb and ReplayWeb.page look addresses up.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from isal import isal_zlib

from wiretrace import identity, schema
from wiretrace.config import sealed
from wiretrace.errors import UserError
from wiretrace.evidence.http import parse_head
from wiretrace.evidence.imports import SOURCES
from wiretrace.evidence.index import index, warc_files
from wiretrace.evidence.seal import digest_of, verify
from wiretrace.evidence.stamp import stamps
from wiretrace.evidence.warc import Record, scan
from wiretrace.evidence.writer import GZIP, LEVEL, MANIFEST, VERSION, payload_start

WACZ_VERSION = "1.1.1"
# Lines of the index that one of its gzip members holds; other tools take as many.
BLOCK_LINES = 300
INDEX = "index.cdx.gz"
HTML = ("text/html", "application/xhtml+xml")
ASCII = "".join(map(chr, range(33, 127)))
WWW = re.compile(r"(https?://)www\d*\.")


@dataclass
class Package:
    """A ZIP file in the making: every file stored as it is, with no time and no owner."""

    out: zipfile.ZipFile
    resources: list[dict[str, Any]] = field(default_factory=list)

    def put(self, path: str, content: bytes | Path) -> None:
        """Add a file and list it among the resources."""
        entry = zipfile.ZipInfo(path)
        entry.external_attr, entry.create_system = 0o644 << 16, 3
        if isinstance(content, Path):
            entry.file_size = content.stat().st_size
            with open(content, "rb") as source, self.out.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)
            sha256, size = digest_of(content), entry.file_size
        else:
            self.out.writestr(entry, content)
            sha256, size = hashlib.sha256(content).hexdigest(), len(content)
        name = path.rpartition("/")[2].lower()
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{sha256}", "bytes": size})


def export(evidence: str | Path, into: str | Path, title: str) -> int:
    """Write the sealed rounds and imports below ``evidence`` as the WACZ file ``into``; returns its number of pages.

    The same evidence gives the same bytes. The manifests and time-stamps of the rounds go along, and what the imported
    archives were called.

    Raises:
        UserError: nothing is sealed, or what is sealed does not verify.
    """
    evidence, into = Path(evidence), Path(into)
    rounds = sealed(evidence)
    if not rounds:
        raise UserError(f"{evidence}: no sealed evidence to export; acquire first")
    for name in rounds:
        if problems := verify(evidence, name):
            raise UserError(f"{problems[0]}; only evidence that verifies is exported")
    part = into.with_name(f"{into.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as out:
            pages = _fill(Package(out), evidence, rounds, title)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(f"{into}: cannot write: {error.strerror}") from error
    part.replace(into)
    return pages


def _fill(package: Package, evidence: Path, rounds: list[str], title: str) -> int:
    lines: list[str] = []
    pages: list[dict[str, str]] = []
    for name in rounds:
        wanted = _pages(evidence, name)
        for file in warc_files(evidence / name):
            stored = f"{name}-{file.name}"
            package.put(f"archive/{stored}", file)
            for record in scan(file):
                line = cdxj(record, stored)
                lines += [line] if line else []
                capture = wanted.get((f"{name}/{file.name}", record.offset))
                if line and capture:
                    pages.append({"id": capture, "url": _target(record), "ts": record.headers["warc-date"]})
    blocks, listed = compressed(sorted(lines))
    package.put(f"indexes/{INDEX}", blocks)
    package.put("indexes/index.idx", listed)
    pages.sort(key=lambda page: (page["ts"], page["url"], page["id"]))
    first = {"format": "json-pages-1.0", "id": "pages", "title": "Pages"}
    package.put("pages/pages.jsonl", "".join(f"{json.dumps(page)}\n" for page in [first, *pages]).encode())
    latest = ""
    for name in rounds:
        manifest = evidence / name / MANIFEST
        latest = max(latest, json.loads(manifest.read_text(encoding="utf-8"))["latest"])
        package.put(f"manifests/{name}.json", manifest)
        for path in [*stamps(evidence / name), *(evidence / name).glob(SOURCES)]:
            package.put(f"manifests/{name}-{path.name}", path)
    described = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": title,
        "created": latest,
        "software": f"wiretrace {VERSION}",
        "resources": list(package.resources),
    }
    text = f"{json.dumps(described, indent=1)}\n".encode()
    package.put("datapackage.json", text)
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
    package.put("datapackage-digest.json", f"{json.dumps(digest, indent=1)}\n".encode())
    return len(pages)


def _pages(evidence: Path, name: str) -> dict[tuple[str, int], str]:
    """Ids of the captures of pages of a round, by WARC file and offset."""
    captures, _ = index(evidence, name)
    pages = captures["purpose"].eq("page") & captures["media_type"].isin(HTML) & captures["status"].isin(["200", ""])
    named = captures.loc[pages, ["warc_file", "warc_offset", "capture_id"]]
    return {(row["warc_file"], row["warc_offset"]): row["capture_id"] for row in schema.records(named)}


def cdxj(record: Record, filename: str) -> str:
    """The line of the index for ``record``; '' where it is nothing that can be played back."""
    url = _target(record)
    time = re.sub(r"[-:TZ]|\.\d+", "", record.headers.get("warc-date", ""))
    if record.type not in ("response", "resource", "revisit") or not url or not re.fullmatch(r"\d{14}", time):
        return ""
    head = parse_head(record.block)
    stated = head.get("content-type") if head else record.headers.get("content-type", "")
    mime = "warc/revisit" if record.type == "revisit" else re.split(r"[;\s]", stated.strip(), maxsplit=1)[0]
    digest = record.headers.get("warc-payload-digest", "")
    if not digest and not record.oversize:
        digest = identity.sha256(record.block[payload_start("http", record.block) :])
    said = {
        "url": url,
        "mime": mime,
        "status": str(head.status) if head else "",
        "digest": digest,
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": filename,
    }
    return f"{surt(url)} {time} {json.dumps({name: value for name, value in said.items() if value})}\n"


def _target(record: Record) -> str:
    """Web address that ``record`` is of; '' where it is of none."""
    url = record.headers.get("warc-target-uri", "").strip("<>")
    return url if url.startswith(("http://", "https://")) else ""


def surt(url: str) -> str:
    """Key that the index is sorted by: host reversed, no ``www``, lower case, arguments sorted, as ReplayWeb.page's."""
    try:
        parts = urlsplit(WWW.sub(r"\1", url).lower())
        port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}[parts.scheme] else ""
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:
        return quote(url, safe=ASCII)
    host = f"[{host}]" if ":" in host else ",".join(reversed(host.split(".")))
    query = f"?{'&'.join(sorted(parts.query.split('&')))}" if parts.query else ""
    return quote(f"{host}{port}){parts.path or '/'}{query}", safe=ASCII)


def compressed(lines: list[str]) -> tuple[bytes, bytes]:
    """Sorted ``lines`` as gzip members of BLOCK_LINES each, and the list of their places."""
    blocks = bytearray()
    listed = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': INDEX})}\n"]
    for block in _batches(lines):
        packed = isal_zlib.compress("".join(block).encode(), LEVEL, GZIP)
        key = block[0].partition(" {")[0]
        place = {"offset": len(blocks), "length": len(packed), "digest": f"sha256:{hashlib.sha256(packed).hexdigest()}"}
        listed.append(f"{key} {json.dumps(place)}\n")
        blocks += packed
    return bytes(blocks), "".join(listed).encode()


def _batches(lines: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(lines), BLOCK_LINES):
        yield lines[start : start + BLOCK_LINES]
