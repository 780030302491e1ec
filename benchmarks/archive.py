"""Measure how fast evidence is captured, written and read beside requests and warcio, and how much memory it takes.

    .venv/bin/python benchmarks/archive.py [--pages N] [--captures N] [--data FOLDER]

Pages are the real ones below --data ($WIRETRACE_REAL_DATA or ../shared/data); they are not part of the project. Writing
counts processor time of making the records (compression and two SHA-256 sums each, as warcio makes two sums); the disk
is not measured. Capture asks a loopback server for made-up pages of 10 KB, one connection each: our fetcher with its
decisions and records, beside requests under warcio.capture_http, each in a process of its own. Memory is the peak of a
process that writes, seals, verifies, indexes and exports made-up pages, a number of them and ten times as many.
harm.py measures that no change to the evidence stays unseen.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from wiretrace import config, evidence
from wiretrace.acquire.dns import Resolver
from wiretrace.acquire.fetch import Ask, Fetcher
from wiretrace.acquire.network import Dialer
from wiretrace.acquire.pace import Pace
from wiretrace.acquire.record import Archive, Record
from wiretrace.acquire.robots import Robots
from wiretrace.evidence.warc import scan
from wiretrace.evidence.writer import EvidenceWriter, Exchange, Lookup

ROOT = Path(__file__).resolve().parents[1]
DATA = os.environ.get("WIRETRACE_REAL_DATA") or str(ROOT / "../shared/data")
TIME = "2026-01-02T03:04:05Z"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
PEER = """
import sys, time
from warcio.capture_http import capture_http
import requests  # behind it, as warcio asks

requests.get(sys.argv[1] + "/warm")
begin = time.process_time()
with capture_http(sys.argv[2], warc_version="1.1"):
    for number in range(int(sys.argv[3])):
        assert requests.get(f"{sys.argv[1]}/{number}").status_code == 200
print(time.process_time() - begin)
"""


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


def made_up(size: int, order: random.Random) -> bytes:
    """A page of ``size`` bytes that compresses about as text does."""
    words = ["".join(order.choices("abcdefghijklmnopqrstuvwxyz", k=order.randrange(2, 9))) for _ in range(3_000)]
    return " ".join(order.choices(words, k=size // 3))[:size].encode()


def archives(files: list[Path], folder: Path) -> None:
    pages = [gzip.decompress(file.read_bytes()) for file in files]
    size = sum(map(len, pages)) / 1e6
    ours, theirs = folder / "evidence" / "r1" / "a.warc.gz", folder / "b.warc.gz"
    rows = [
        ("write", spent(lambda: write_ours(pages, ours)), spent(lambda: write_warcio(pages, theirs))),
        # The least of three: what shares the machine only ever adds.
        (
            "read",
            min(spent(lambda: read_ours(ours)) for _ in "123"),
            min(spent(lambda: read_warcio(theirs)) for _ in "123"),
        ),
    ]
    print(f"{len(pages):,} pages, {size:.0f} MB")
    print(f"{'':8}{'ours MB/s':>12}{'warcio MB/s':>13}{'ratio':>8}")
    for name, own, peer in rows:
        print(f"{name:8}{size / own:>12.0f}{size / peer:>13.0f}{peer / own:>8.1f}")
    grown = ours.stat().st_size / theirs.stat().st_size
    print(f"files: {ours.stat().st_size / 1e6:.1f} MB, {grown:.3f} of warcio's")


def serve(listener: socket.socket, page: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page)
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(65_536)
            connection.sendall(answer)


def fetch(address: str, number: int, folder: Path) -> None:
    made = config.Acquire(allow_networks=["127.0.0.0/8"], lookups=[], pace=config.Pace(delay=0, retries=0))
    with EvidenceWriter(folder / "r1" / "a.warc.gz") as writer:
        record = Record(Archive(folder, "r1", writer), "127.0.0.1")
        fetcher = Fetcher(made, Dialer(made, Resolver([], 5)), Pace(0), Robots(["127.0.0.1"]), record)
        for page in range(number):
            answer = fetcher.get(f"{address}/{page}", Ask("page", "page"))
            if (answer.outcome, len(answer.body)) != ("found", 10_000):
                raise SystemExit(f"not captured: {answer}")


def capture(number: int, folder: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    serving = os.fork()
    if not serving:
        serve(listener, made_up(10_000, random.Random(1)))  # noqa: S311 (no secret)
    try:
        fetch(address, 1, folder / "warm")
        own = spent(lambda: fetch(address, number, folder / "ours"))
        asked = [sys.executable, "-c", PEER, address, str(folder / "theirs.warc.gz"), str(number)]
        peer = float(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    finally:
        os.kill(serving, signal.SIGKILL)
        os.waitpid(serving, 0)
    print(f"capture of {number:,} pages of 10 KB: {number / own:,.0f} pages per processor second")
    print(f"    requests with capture_http: {number / peer:,.0f}, ratio {peer / own:.1f}")


def hold(number: int) -> None:
    """Write, seal, verify, index and export ``number`` pages; print the peak memory in MB."""
    page = made_up(20_000, random.Random(1))  # noqa: S311
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "evidence"
        with EvidenceWriter(folder / "r1" / "a.warc.gz") as writer:
            archive = Archive(folder, "r1", writer)
            for at in range(number):
                url = f"http://site.example/{at}"
                body = HEAD + b"%d " % at + page[at % 10_000 :]
                exchange = Exchange("http", "page", "site.example", url, TIME, body)
                archive.add(exchange, Lookup("site.example", "page", url, "found", TIME))
        evidence.seal(folder, "r1")
        captures, _ = evidence.index(folder, "r1")
        pages = evidence.export(folder, Path(name) / "a.wacz", "a")
        if evidence.verify(folder, "r1") or not len(captures) == pages == number:
            raise SystemExit("not what was written")
    print(peak())


def peak() -> float:
    """Peak memory of this program in MB; of Linux without that of the program that started it."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    said = status.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in said if line.startswith("VmHWM")) / 1000


def memory(number: int) -> None:
    peaks = []
    for times in (1, 10):
        asked = [sys.executable, __file__, "--hold", str(number * times)]
        peaks.append(float(subprocess.run(asked, check=True, capture_output=True, text=True).stdout))
    print(f"peak memory: {peaks[0]:.0f} MB with {number:,} pages, {peaks[1]:.0f} MB with {10 * number:,}", end="")
    print(f", ratio {peaks[1] / peaks[0]:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default=DATA)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--captures", type=int, default=1_000)
    parser.add_argument("--memory", type=int, default=500)
    parser.add_argument("--hold", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.hold:
        hold(args.hold)
        return
    with tempfile.TemporaryDirectory() as folder:
        capture(args.captures, Path(folder))
        memory(args.memory)
        files = sorted((Path(args.data) / "read").glob("*/**/*.gz"))[: args.pages]
        if not files:
            raise SystemExit("no real data: name its folder in WIRETRACE_REAL_DATA")
        archives(files, Path(folder))


if __name__ == "__main__":
    main()
