"""What the archive holds of an exchange is what the server logged, byte for byte, however odd the answer is."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from wiretrace import acquire, config, schema
from wiretrace.evidence import index
from wiretrace.evidence.index import groups
from wiretrace.evidence.warc import fields
from wiretrace.progress import Progress

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
PACKED = gzip.compress(b"hello", mtime=0)

HEADS = {
    "plain": PLAIN,
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\nServer: old\r\n",
    "no reason": b"HTTP/1.1 200\r\n",
    "reason in another script": "HTTP/1.1 200 承知\r\n".encode(),
    "spaces in the status line": b"HTTP/1.1  200   OK  \r\n",
    "spaces around values": b"HTTP/1.1 200 OK\r\nX-A:   b  \r\nX-B:\tc\t\r\n",
    "space before the colon": b"HTTP/1.1 200 OK\r\nX-A : b\r\n",
    "folded": b"HTTP/1.1 200 OK\r\nX-A: one\r\n two\r\n\tthree\r\n",
    "folded first line": b"HTTP/1.1 200 OK\r\n folded: at once\r\n",
    "Latin-1": b"HTTP/1.1 200 OK\r\nX-A: caf\xe9\r\n",
    "UTF-8": "HTTP/1.1 200 OK\r\nX-名: 値\r\n".encode(),
    "broken UTF-8": b"HTTP/1.1 200 OK\r\nX-A: \xff\xfe\xc3(\r\n",
    "NUL in a value": b"HTTP/1.1 200 OK\r\nX-A: a\0b\r\n",
    "NUL in a name": b"HTTP/1.1 200 OK\r\nX\0A: b\r\n",
    "control characters": b"HTTP/1.1 200 OK\r\nX-A: \x01\x1b[2J\x7f\r\n",
    "bare line feeds": b"HTTP/1.1 200 OK\nX-A: b\n",
    "a bare carriage return": b"HTTP/1.1 200 OK\r\nX-A: b\rX-B: c\r\n",
    "a line without a colon": b"HTTP/1.1 200 OK\r\nnonsense\r\n",
    "no name": b"HTTP/1.1 200 OK\r\n: value\r\n",
    "no value": b"HTTP/1.1 200 OK\r\nX-A:\r\n",
    "one name twice": b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: a=2\r\n",
    "a long value": b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 60_000 + b"\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: v\r\n" % n for n in range(500)),
    "100 before": b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN,
    "103 before": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + PLAIN,
    "three before": b"HTTP/1.1 102 Processing\r\n\r\n" * 2 + b"HTTP/1.1 103\nLink: <b>\n\n" + PLAIN,
    "not found": b"HTTP/1.1 404 Not Found\r\n",
    "error": b"HTTP/1.1 500 Oops\r\n",
    "an unknown status": b"HTTP/1.1 799 What\r\n",
}
FRAMES = {
    "length": (b"Content-Length: 5\r\n", b"hello"),
    "empty": (b"Content-Length: 0\r\n", b""),
    "close": (b"Connection: close\r\n", b"hello"),
    "chunked": (CHUNKED, b"5\r\nhello\r\n0\r\n\r\n"),
    "extensions": (CHUNKED, b'2;a=b\r\nhe\r\n0003 ; c="d"\r\nllo\r\n0;last\r\n\r\n'),
    "trailers": (CHUNKED, b"5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Two: caf\xe9\r\n\r\n"),
    "packed": (b"Content-Encoding: gzip\r\nContent-Length: %d\r\n" % len(PACKED), PACKED),
    "record in the body": (b"Content-Length: 32\r\n", b"\r\n\r\nWARC/1.1\r\nWARC-Type: x\r\n\r\n..."),
}
# Answers, each sent whole; the connection is closed behind it.
ODD = {
    "short body": PLAIN + b"Content-Length: 50\r\n\r\nhello",
    "long body": PLAIN + b"Content-Length: 2\r\n\r\nhello",
    "behind chunks": PLAIN + CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\nEXTRA",
    "behind no content": b"HTTP/1.1 204 No Content\r\n\r\nEXTRA",
    "behind not modified": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nEXTRA",
    "a second answer": (PLAIN + b"Content-Length: 5\r\n\r\nhello") * 2,
    "60 KB behind": PLAIN + b"Content-Length: 5\r\n\r\nhello" + bytes(range(256)) * 240,
    "negative length": PLAIN + b"Content-Length: -5\r\n\r\nhello",
    "signed length": PLAIN + b"Content-Length: +5\r\n\r\nhello",
    "length in hex": PLAIN + b"Content-Length: 0x5\r\n\r\nhello",
    "length of a word": PLAIN + b"Content-Length: five\r\n\r\nhello",
    "huge length": PLAIN + b"Content-Length: 99999999999999999999\r\n\r\nhello",
    "two lengths": PLAIN + b"Content-Length: 5\r\nContent-Length: 3\r\n\r\nhello",
    "one length twice": PLAIN + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "list of lengths": PLAIN + b"Content-Length: 5, 5\r\n\r\nhello",
    "length and chunks": PLAIN + b"Content-Length: 3\r\n" + CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n",
    "length in full-width digits": PLAIN + "Content-Length: ５\r\n\r\nhello".encode(),
    "gzip, chunked": PLAIN + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "chunked, gzip": PLAIN + b"Transfer-Encoding: chunked, gzip\r\n\r\n5\r\nhello\r\n0\r\n\r\nx",
    "identity": PLAIN + b"Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nhello",
    "two transfer codings": PLAIN + b"Transfer-Encoding: gzip\r\n" + CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n",
    "chunks that are none": PLAIN + CHUNKED + b"\r\nhello, no chunks",
    "a chunk of 2^60": PLAIN + CHUNKED + b"\r\n1000000000000000\r\nhello",
    "a chunk's end missing": PLAIN + CHUNKED + b"\r\n5\r\nhelloXX0\r\n\r\n",
    "chunks with line feeds": PLAIN + CHUNKED + b"\r\n5\nhello\n0\n\n",
    "last chunk missing": PLAIN + CHUNKED + b"\r\n5\r\nhello\r\n",
    "trailers unfinished": PLAIN + CHUNKED + b"\r\n5\r\nhello\r\n0\r\nX: y",
    "trailer of 9 KB": PLAIN + CHUNKED + b"\r\n0\r\nX: " + b"y" * 9_000,
    "a chunk line of 9 KB": PLAIN + CHUNKED + b"\r\n5;" + b"x" * 9_000 + b"\r\nhello\r\n0\r\n\r\n",
    "HTTP/0.9": b"<title>hello</title>",
    "binary": bytes(range(256)),
    "an empty line first": b"\r\n" + PLAIN + b"\r\nhello",
    "ICY": b"ICY 200 OK\r\n\r\nhello",
    "SSH": b"SSH-2.0-x\r\n",
    "status of a word": b"HTTP/1.1 OK\r\n\r\nhello",
    "status of four digits": b"HTTP/1.1 2000 OK\r\n\r\nhello",
    "HTTP/3": b"HTTP/3 200\r\n\r\nhello",
    "lower case": b"http/1.1 200 ok\r\n\r\nhello",
    "status line alone": b"HTTP/1.1 200 OK\r\n\r\n",
    "no end of the line": b"HTTP/1.1 200 OK",
    "the first letters": b"HTT",
    "one byte": b"\0",
    "upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x00\x01\x02",
    "only a hint": b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n",
    "a hint and half a head": b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nX-",
    "a hint and no HTTP": b"HTTP/1.1 100 Continue\r\n\r\nhello",
    "twenty hints": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20 + PLAIN + b"\r\n",
    "moved": b"HTTP/1.1 301 Moved\r\nLocation: /target/a\r\nContent-Length: 2\r\n\r\nhi",
    "found": b"HTTP/1.1 302 Found\r\nLocation: ../target/b?x=1#y\r\nContent-Length: 0\r\n\r\n",
    "moved, chunked": b"HTTP/1.1 308 P\r\nLocation: /target/c\r\n" + CHUNKED + b"\r\n1\r\nx\r\n0\r\n\r\n",
    "moved, no length": b"HTTP/1.1 307 T\r\nLocation: /target/d\r\n\r\n",
    "moved, with extra": b"HTTP/1.1 303 S\r\nLocation: /target/e\r\nContent-Length: 0\r\n\r\nEXTRA",
    "moved in UTF-8": "HTTP/1.1 301 M\r\nLocation: /target/記事\r\nContent-Length: 0\r\n\r\n".encode(),
    "moved in Latin-1": b"HTTP/1.1 301 M\r\nLocation: /target/caf\xe9\r\nContent-Length: 0\r\n\r\n",
    "moved with NUL": b"HTTP/1.1 301 M\r\nLocation: /target/\0x\r\nContent-Length: 0\r\n\r\n",
    "moved nowhere": b"HTTP/1.1 301 M\r\nLocation: http://[/\r\nContent-Length: 0\r\n\r\n",
    "moved to a file": b"HTTP/1.1 301 M\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
    "moved abroad": b"HTTP/1.1 301 M\r\nLocation: http://other.test/\r\nContent-Length: 0\r\n\r\n",
    "300 KB": PLAIN + b"Content-Length: 300000\r\n\r\n" + bytes(range(250)) * 1200,
    "300 KB, chunked": PLAIN + CHUNKED + b"\r\n" + b"2710\r\n%s\r\n" % (b"x" * 10_000) * 30 + b"0\r\n\r\n",
}
# Small answers that are cut at every byte.
CUT = {
    "length": b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
    "chunks": b"HTTP/1.1 103 E\r\nL: </a>\r\n\r\nHTTP/1.1 200 OK\nT: u\r\n"
    + CHUNKED
    + b"\r\n3\r\nhel\r\n2;x\r\nlo\r\n0\r\nS: 1\r\n\r\n!",
}


def corpus() -> Iterator[tuple[str, bytes]]:
    """(name, all that the server sends)."""
    for head, lines in HEADS.items():
        for frame, (more, body) in FRAMES.items():
            yield f"{head}; {frame}", lines + more + b"\r\n" + body
    yield from ODD.items()
    for name, message in CUT.items():
        for end in range(len(message) - message.endswith(b"!")):
            yield f"{name} cut at {end}", message[:end]


Log = list[tuple[bytes, bytes]]


def server(answers: dict[str, bytes], log: Log, dribble: int = 0) -> Callable[[socket.socket], None]:
    """Sends ``answers`` by path and logs (received, sent); with ``dribble``, that many bytes at a time."""

    def handle(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        received = b""
        while b"\r\n\r\n" not in received and (got := connection.recv(65536)):
            received += got
        path = received.split(b" ")[1].decode()
        sent = answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone")
        log.append((received, sent))
        step = dribble or len(sent) or 1
        for start in range(0, len(sent), step):
            connection.sendall(sent[start : start + step])

    return handle


def archived(evidence: Path) -> dict[bytes, tuple[bytes, str]]:
    """What the archive holds, by request: interim, response and extra bytes as one, and the mark of truncation."""
    held: dict[bytes, tuple[bytes, str]] = {}
    for path in sorted(evidence.glob("r1/*.warc.gz")):
        for group in groups(path):
            asked = [record.block for record in group if record.type == "request"]
            if not asked:
                continue
            main = next(record for record in group if record.type in ("response", "resource"))
            others = {r.headers["content-type"]: r.block for r in group[:-1] if r.type == "metadata"}
            wire = others.get("application/http;msgtype=response", b"") + main.block
            assert asked[0] not in held
            truncated = main.headers.get("warc-truncated", "")
            assert fields(group[-1].block).get("truncated", "") == truncated
            held[asked[0]] = (wire + others.get("application/octet-stream", b""), truncated)
    return held


Investigation = Callable[..., config.Investigation]


def run(investigation: Investigation, urls: list[str], evidence: Path, **settings: Any) -> None:
    found = investigation(urls, budget={"pages": 5_000}, **settings)
    acquire.acquire_shard(found, "r1", 0, 1, evidence, Progress("acquire", "1/1"))


def test_the_archive_holds_what_crossed_the_wire(
    tcp: Callable[[Callable[[socket.socket], None]], int], investigation: Investigation, tmp_path: Path
) -> None:
    cases = dict(corpus())
    assert len(cases) > 400
    answers = {f"/case/{number}": sent for number, sent in enumerate(cases.values())}
    log: Log = []
    port = tcp(server(answers, log))
    run(investigation, [f"http://127.0.0.1:{port}{path}" for path in answers], tmp_path)
    asked = {received.split(b" ")[1].decode() for received, _ in log}
    assert asked > answers.keys() | {"/target/a", "/target/b?x=1", "/target/c", "/target/d", "/target/e"}
    held = archived(tmp_path)
    _, lookups = index(tmp_path, "r1")
    ended = {row["subject"]: row["outcome"] for row in schema.records(lookups)}
    names = dict(zip(answers, cases, strict=True))
    wrong = []
    for received, sent in log:
        path = received.split(b" ")[1].decode()
        name = names.get(path, path)
        wire, truncated = held.pop(received, (b"", "disconnect"))
        if wire != sent:
            wrong.append((name, sent[-80:], wire[-80:]))
        if " cut at " in name:
            assert (truncated, ended[f"http://127.0.0.1:{port}{path}"]) == ("disconnect", "could_not_look"), name
    assert not wrong
    assert not held


def test_pieces_of_any_size_make_the_same_record(
    tcp: Callable[[Callable[[socket.socket], None]], int], investigation: Investigation, tmp_path: Path
) -> None:
    # Nothing behind the end of an answer: that is waited for by the clock.
    cases = {f"/{n}": CUT["chunks"] for n in range(3)}
    cases |= {"/8": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 9 + PLAIN + b"\r\nhello", "/9": ODD["an empty line first"]}
    log: Log = []
    port = tcp(server(cases, log, dribble=1))
    run(investigation, [f"http://127.0.0.1:{port}{path}" for path in cases], tmp_path)
    held = archived(tmp_path)
    assert {received: wire for received, (wire, _) in held.items()} == dict(log)


def test_what_is_cut_by_time_or_size_is_the_start_of_what_was_sent(
    tcp: Callable[[Callable[[socket.socket], None]], int], investigation: Investigation, tmp_path: Path
) -> None:
    log: Log = []
    answers = {
        "/head": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 60_000,
        "/body": PLAIN + b"\r\n" + b"z" * 200_000,
        "/chunks": PLAIN + CHUNKED + b"\r\n" + b"1\r\nz\r\n" * 60_000,
        "/none": b"z" * 200_000,
        "/behind": PLAIN + b"Content-Length: 1\r\n\r\n" + b"z" * 200_000,
        "/stalled": PLAIN + b"Content-Length: 9\r\n\r\nhello",
    }
    send = server(answers, log)

    def handle(connection: socket.socket) -> None:
        send(connection)
        if b"/stalled" in log[-1][0]:
            # The other side gives up first.
            connection.recv(1)

    port = tcp(handle)
    urls = [f"http://127.0.0.1:{port}{path}" for path in answers]
    run(investigation, urls, tmp_path, pace={"largest_answer": 100_000, "timeout": 1})
    held = archived(tmp_path)
    marks = {}
    for received, sent in log:
        wire, truncated = held[received]
        assert sent.startswith(wire)
        marks[received.split(b" ")[1].decode()] = (truncated, len(wire) > 60_000)
    assert {path: marks[path] for path in answers} == {
        "/head": ("length", True),
        "/body": ("length", True),
        "/chunks": ("length", True),
        "/none": ("length", True),
        "/behind": ("", True),
        "/stalled": ("time", False),
    }
