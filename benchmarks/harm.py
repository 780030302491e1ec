"""Do harm to evidence and see that it is noticed: change sealed archives, kill jobs, fill the disk.

    .venv/bin/python benchmarks/harm.py [--mutations 10000] [--kills 200] [--seed 1]

A mutation flips a bit of a sealed archive, cuts it, drops, repeats or swaps some of its bytes or whole records, or
flips a bit of its manifest. A kill (SIGKILL) ends a job of acquisition on a loopback site at a random moment; jobs
follow each other until one ends, then every page must be archived once and the manifest must verify. The disk is
filled on a tmpfs of 60 kB where that can be mounted.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import resource
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from wiretrace import acquire, config, evidence, schema
from wiretrace.errors import UserError
from wiretrace.evidence import EvidenceWriter, Exchange
from wiretrace.evidence.warc import scan
from wiretrace.progress import Progress

TIME = "2026-01-02T03:04:05Z"
PAGES = 24


def archive(path: Path, order: random.Random) -> None:
    """A sealed archive of 40 pages of random words, about 130 kB."""
    words = [order.randbytes(3).hex() for _ in range(3_000)]
    with EvidenceWriter(path) as writer:
        for number in range(40):
            body = " ".join(order.choices(words, k=order.randrange(100, 1_500)))
            response = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>{body}".encode()
            address = f"http://site.example/{number}"
            writer.add(
                Exchange("http", "page", "site.example", address, TIME, response, request=b"GET / HTTP/1.1\r\n\r\n")
            )
    evidence.seal(path.parent.parent, path.parent.name)


def mutate(whole: bytes, records: list[bytes], order: random.Random) -> tuple[str, bytes]:
    """(kind, ``whole`` changed at a random place)."""
    at, other = order.randrange(len(whole)), order.randrange(len(whole))
    length = order.randrange(1, 5_000)
    one, two = order.sample(range(len(records)), 2)
    kind = order.choice(
        ["flip", "cut", "drop", "repeat", "overwrite", "record lost", "record twice", "records swapped"]
    )
    if kind == "flip":
        return kind, whole[:at] + bytes([whole[at] ^ (1 << order.randrange(8))]) + whole[at + 1 :]
    if kind in ("cut", "drop"):
        return kind, whole[:at] + (whole[at + length :] if kind == "drop" else b"")
    if kind in ("repeat", "overwrite"):
        piece = whole[other : other + length]
        return kind, whole[:at] + piece + whole[at if kind == "repeat" else at + len(piece) :]
    changed = list(records)
    if kind == "record lost":
        del changed[one]
    elif kind == "record twice":
        changed.insert(two, records[one])
    else:
        changed[one], changed[two] = records[two], records[one]
    return kind, b"".join(changed)


def mutations(number: int, folder: Path, order: random.Random) -> None:
    path = folder / "evidence" / "r1" / "a.warc.gz"
    archive(path, order)
    whole = path.read_bytes()
    records = [whole[record.offset : record.offset + record.length] for record in scan(path)]
    made: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    located: Counter[str] = Counter()
    while made.total() < number:
        kind, changed = mutate(whole, records, order)
        if changed == whole:
            continue
        made[kind] += 1
        path.write_bytes(changed)
        told = " ".join(evidence.verify(folder / "evidence", "r1"))
        seen[kind] += bool(told)
        first = next((n for n, (a, b) in enumerate(zip(whole, changed, strict=False)) if a != b), None)
        first = min(len(whole), len(changed)) if first is None else first
        place = re.search(r"first wrong byte is one of (\d+) to (\d+)", told)
        located[kind] += bool(place and int(place[1]) <= first <= int(place[2]))
    path.write_bytes(whole)
    manifest = path.with_name("manifest.json")
    text = manifest.read_bytes()
    for _ in range(max(1, number // 10)):
        at = order.randrange(len(text))
        manifest.write_bytes(text[:at] + bytes([text[at] ^ (1 << order.randrange(8))]) + text[at + 1 :])
        made["manifest"] += 1
        told = " ".join(evidence.verify(folder / "evidence", "r1"))
        seen["manifest"] += bool(told)
        located["manifest"] += "manifest.json: not " in told
    print(f"{'change':18}{'made':>8}{'seen':>8}{'located':>9}   (in its 16 KiB; in the manifest: which file)")
    for kind in [*sorted(made), "all"]:
        row = (
            [made.total(), seen.total(), located.total()] if kind == "all" else [made[kind], seen[kind], located[kind]]
        )
        print(f"{kind:18}{row[0]:>8,}{row[1]:>8,}{row[2]:>9,}")


def site(listener: socket.socket) -> None:
    """Answers for ever: a front page with PAGES links, a page behind each."""
    links = "".join(f'<a href="/p{n}">p</a>' for n in range(PAGES))
    while True:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            asked = connection.recv(65_536).split(b" ")
            path = asked[1].decode() if len(asked) > 1 else ""
            body = f"<h1>{path}</h1>{links if path == '/' else path * 300}".encode()
            known = path == "/" or re.fullmatch(r"/p\d+", path)
            status = "200 OK" if known else "404 No"
            head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)


def child(work: object) -> int:
    """Number of a process forked off to call ``work``; it ends with 0, or with 2 on a user's error."""
    process = os.fork()
    if process:
        return process
    try:
        work()  # type: ignore[operator]
    except UserError as error:
        print(f"    {error}")
        os._exit(2)
    os._exit(0)


def investigate(folder: Path, port: int) -> config.Investigation:
    seeds = folder / "seeds.csv"
    seeds.write_text(f"url,role\nhttp://127.0.0.1:{port}/,suspect\n", encoding="utf-8")
    settings = {"lookups": [], "allow_networks": ["127.0.0.0/8"], "pace": {"delay": 0, "retries": 0}, "images": 0}
    return config.load(
        {"investigation": "t", "results": str(folder), "inputs": {"seeds": str(seeds)}, "acquire": settings}
    )


def job(made: config.Investigation, place: Path) -> None:
    acquire.acquire_shard(made, "r1", 0, 1, place, Progress("acquire"))
    evidence.seal(place, "r1")


def whole(place: Path, port: int) -> str:
    """'' where the sealed round in ``place`` holds every page once, and verifies; else what is wrong."""
    problems = evidence.verify(place, "r1")
    captures, lookups = evidence.index(place, "r1")
    held = Counter(
        row["address"] for row in schema.records(captures) if row["purpose"] == "page" and row["status"] == "200"
    )
    ended = Counter((row["source"], row["subject"]) for row in schema.records(lookups))
    wanted = {f"http://127.0.0.1:{port}/{path}" for path in ["", *(f"p{n}" for n in range(PAGES))]}
    if problems:
        return problems[0]
    if held.keys() != wanted or set(held.values()) != {1}:
        return f"pages lost: {sorted(wanted - held.keys())}, twice: {[a for a, n in held.items() if n > 1]}"
    return f"look-ups twice: {[s for s, n in ended.items() if n > 1]}" if max(ended.values()) > 1 else ""


def kills(number: int, folder: Path, order: random.Random) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    port = listener.getsockname()[1]
    serving = child(lambda: site(listener))
    made = investigate(folder, port)
    try:
        begin = time.monotonic()
        os.waitpid(child(lambda: job(made, folder / "first")), 0)
        length = time.monotonic() - begin
        killed = rounds = wrong = torn = 0
        while killed < number:
            place = folder / f"k{rounds}"
            while True:
                process = child(lambda place=place: job(made, place))
                time.sleep(order.uniform(0, length))
                os.kill(process, signal.SIGKILL)
                _, status = os.waitpid(process, 0)
                if not os.WIFSIGNALED(status):
                    break
                killed += 1
                file = place / "r1" / "000-of-001.warc.gz"
                if order.random() < 0.5 and file.exists() and not (place / "r1" / "manifest.json").exists():
                    # What a power cut adds to a kill: the end of what was written last is not on the disk.
                    torn += 1
                    os.truncate(file, max(0, file.stat().st_size - order.randrange(1, 400)))
                if killed >= number:
                    os.waitpid(child(lambda place=place: job(made, place)), 0)
                    break
            rounds += 1
            if problem := whole(place, port):
                wrong += 1
                print(f"    {problem}")
        print(f"kill -9: {killed} kills in {rounds} rounds of {PAGES + 1} pages, {torn} with a torn end")
        print(f"    rounds that do not hold every page once, or do not verify: {wrong}")
    finally:
        os.kill(serving, signal.SIGKILL)
        os.waitpid(serving, 0)


def full_disk(folder: Path) -> None:
    place = folder / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60k", "tmpfs", str(place)], check=False).returncode:
        print("full disk: no tmpfs can be mounted here")
        return
    try:
        with EvidenceWriter(place / "r1" / "a.warc.gz") as writer:
            number = 0
            with contextlib.suppress(UserError):
                while True:
                    response = b"HTTP/1.1 200 OK\r\n\r\n" + os.urandom(3_000)
                    writer.add(Exchange("http", "page", "a.example", f"http://a.example/{number}", TIME, response))
                    number += 1
        kept = len(evidence.index(place, "r1")[0])
        subprocess.run(["mount", "-o", "remount,size=200k", str(place)], check=True)
        with EvidenceWriter(place / "r1" / "a.warc.gz") as writer:
            repaired = writer.repaired
            writer.add(Exchange("http", "page", "a.example", "http://a.example/more", TIME, response))
        evidence.seal(place, "r1")
        problems = evidence.verify(place, "r1")
        print(f"full disk: {number} exchanges written, {kept} kept, torn: {repaired or 'nothing'}")
        print(f"    after one more: {len(problems)} problems")
    finally:
        subprocess.run(["umount", str(place)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutations", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kills(args.kills, folder, random.Random(args.seed))  # noqa: S311 (no secret)
        full_disk(folder)
        mutations(args.mutations, folder, random.Random(args.seed))  # noqa: S311
        spent = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{sum(s.ru_utime + s.ru_stime for s in spent):.0f} s of processor time")


if __name__ == "__main__":
    main()
