"""Measure how fast evidence is written, read and verified, beside warcio, and that no change to it stays unseen.

    .venv/bin/python benchmarks/archive.py [--pages N] [--mutations N]

Pages are the real ones below $WIRETRACE_REAL_DATA or ../shared/data; they are not part of the project. Writing counts
processor time of making the records (compression and two SHA-256 sums each, as warcio makes two sums); the disk is not
measured. A mutation flips a bit of a sealed archive, cuts it, drops, repeats or swaps some of its bytes.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import random
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from wiretrace import evidence
from wiretrace.evidence.warc import scan
from wiretrace.evidence.writer import EvidenceWriter, Exchange

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data")
TIME = "2026-01-02T03:04:05Z"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def spent(work: Callable[[], object]) -> float:
    """Seconds of processor time that ``work`` takes."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def write_ours(pages: list[bytes], path: Path) -> None:
    with EvidenceWriter(path) as writer:
        for number, page in enumerate(pages):
            address = f"http://site.example/{number}"
            writer.add(Exchange("http", "page", "site.example", address, TIME, HEAD + page))


def write_warcio(pages: list[bytes], path: Path) -> None:
    with open(path, "wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        for number, page in enumerate(pages):
            record = writer.create_warc_record(
                f"http://site.example/{number}", "response", payload=io.BytesIO(page), http_headers=head
            )
            writer.write_record(record)


def read_warcio(path: Path) -> None:
    with open(path, "rb") as stream:
        for record in ArchiveIterator(stream):
            record.content_stream().read()


def read_ours(path: Path) -> None:
    for record in scan(path):
        record.block  # noqa: B018 (it is made by then)


def mutate(whole: bytes, order: random.Random) -> bytes:
    """``whole`` changed at a random place in one of five ways."""
    at, length = order.randrange(len(whole)), order.randrange(1, 5_000)
    other = order.randrange(len(whole))
    return order.choice(
        [
            whole[:at] + bytes([whole[at] ^ (1 << order.randrange(8))]) + whole[at + 1 :],
            whole[:at],
            whole[:at] + whole[at + length :],
            whole[:at] + whole[other : other + length] + whole[at:],
            whole[:at] + whole[other : other + length] + whole[at + length :],
        ]
    )


def integrity(path: Path, mutations: int) -> tuple[int, int, int]:
    """(changes made, seen by ``verify``, located in the right piece of 16 KiB)."""
    order = random.Random(1)  # noqa: S311 (no secret)
    whole = path.read_bytes()
    made = seen = located = 0
    while made < mutations:
        changed = mutate(whole, order)
        if changed == whole:
            continue
        made += 1
        path.write_bytes(changed)
        told = " ".join(evidence.verify(path.parent.parent, path.parent.name))
        seen += bool(told)
        first = next((n for n, pair in enumerate(zip(whole, changed, strict=False)) if pair[0] != pair[1]), None)
        first = min(len(whole), len(changed)) if first is None else first
        place = re.search(r"first wrong byte is one of (\d+) to (\d+)", told)
        located += bool(place and int(place[1]) <= first <= int(place[2]))
    path.write_bytes(whole)
    return made, seen, located


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--mutations", type=int, default=500)
    args = parser.parse_args()
    files = sorted((DATA / "read").glob("*/**/*.gz"))[: args.pages]
    if not files:
        raise SystemExit("no real data: name its folder in WIRETRACE_REAL_DATA")
    pages = [gzip.decompress(file.read_bytes()) for file in files]
    size = sum(map(len, pages)) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder) / "evidence" / "r1" / "a.warc.gz", Path(folder) / "b.warc.gz"
        rows = [
            ("write", spent(lambda: write_ours(pages, ours)), spent(lambda: write_warcio(pages, theirs))),
            ("read", spent(lambda: read_ours(ours)), spent(lambda: read_warcio(theirs))),
        ]
        print(f"{len(pages):,} pages, {size:.0f} MB")
        print(f"{'':8}{'ours MB/s':>12}{'warcio MB/s':>13}{'ratio':>8}")
        for name, own, peer in rows:
            print(f"{name:8}{size / own:>12.0f}{size / peer:>13.0f}{peer / own:>8.1f}")
        grown = ours.stat().st_size / theirs.stat().st_size
        print(f"files: {ours.stat().st_size / 1e6:.1f} MB, {grown:.2f} of warcio's")
        small = Path(folder) / "evidence" / "r2" / "a.warc.gz"
        write_ours(pages[:12], small)
        evidence.seal(small.parent.parent, "r2")
        made, seen, located = integrity(small, args.mutations)
        print(f"changes to a sealed archive: {made:,} made, {seen:,} seen, {located:,} located within 16 KiB")


if __name__ == "__main__":
    main()
