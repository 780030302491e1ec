"""Servers on loopback that the tests of acquisition ask: HTTP with bytes as the test wants them, DNS, WHOIS, TLS, a proxy."""

from __future__ import annotations

import json
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest

from wiretrace import config, evidence, schema
from wiretrace.acquire import acquire_shard
from wiretrace.progress import Progress


class Serving(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    # Threads of handlers that a test leaves hanging must not be waited for.
    block_on_close = False


@dataclass
class Web:
    """An HTTP server whose answers are bytes: ``pages[path]`` is a message, or a function of the connection."""

    pages: dict[str, bytes | Callable[[socket.socket], None]] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)
    hold: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        """Paths asked for, in order."""
        return [request.split(b" ")[1].decode() for request in self.requests]

    def handle(self, connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            got = connection.recv(65536)
            if not got:
                return
            data += got
        self.requests.append(data)
        target = data.split(b" ")[1].decode()
        page = self.pages.get(target, NOT_FOUND)
        if callable(page):
            page(connection)
        else:
            connection.sendall(page)


NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone"


def message(body: bytes, type_: str = "text/html", status: str = "200 OK", *more: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {type_}", f"Content-Length: {len(body)}", *more, "", ""]
    return "\r\n".join(head).encode() + body


def run(handle: Callable[[socket.socket], None]) -> tuple[Serving, int]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                handle(self.request)
            except (OSError, ssl.SSLError):
                return

    server = Serving(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server, server.server_address[1]


@pytest.fixture
def serve() -> Iterator[Callable[..., Web]]:
    """Makes HTTP servers; with ``tls`` (a server context) over TLS."""
    started: list[tuple[Serving, Web]] = []

    def make(pages: dict[str, Any] | None = None, tls: ssl.SSLContext | None = None) -> Web:
        web = Web(pages or {})

        def handle(connection: socket.socket) -> None:
            if tls is None:
                web.handle(connection)
                return
            with tls.wrap_socket(connection, server_side=True) as secured:
                web.handle(secured)

        server, web.port = run(handle)
        web.scheme = "https" if tls else "http"
        started.append((server, web))
        return web

    yield make
    for server, web in started:
        web.hold.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def tcp() -> Iterator[Callable[[Callable[[socket.socket], None]], int]]:
    """Makes TCP servers of one function; gives their port."""
    started: list[Serving] = []

    def make(handle: Callable[[socket.socket], None]) -> int:
        server, port = run(handle)
        started.append(server)
        return port

    yield make
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.fixture
def nameserver() -> Iterator[Callable[[dict[tuple[str, str], list[str] | str]], str]]:
    """Makes DNS servers over UDP: (name, type) -> rdata, or an rcode in its place; gives IP:PORT."""
    started: list[socketserver.UDPServer] = []

    def make(zone: dict[tuple[str, str], list[str] | str]) -> str:
        names = {name for name, _ in zone}

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                data, sender = self.request
                query = dns.message.from_wire(data)
                name = query.question[0].name.to_text(omit_final_dot=True)
                kind = dns.rdatatype.to_text(query.question[0].rdtype)
                answer = dns.message.make_response(query)
                answer.flags |= dns.flags.RA
                found = zone.get((name, kind), [] if name in names else "NXDOMAIN")
                if isinstance(found, str):
                    answer.set_rcode(dns.rcode.from_text(found))
                elif not found and (name, "CNAME") in zone:
                    answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", *zone[name, "CNAME"]))
                elif found:
                    answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *found))
                sender.sendto(answer.to_wire(), self.client_address)

        server = socketserver.UDPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        started.append(server)
        return f"127.0.0.1:{server.server_address[1]}"

    yield make
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.fixture
def proxy() -> Iterator[Callable[[dict[tuple[str, int], int], Web | None], str]]:
    """Makes forward proxies: CONNECT to (host, port) leads to a loopback port, other requests to ``web``."""
    started: list[Serving] = []

    def make(tunnels: dict[tuple[str, int], int], web: Web | None = None) -> str:
        def handle(connection: socket.socket) -> None:
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(65536)
            method, target = data.split(b" ")[:2]
            if method != b"CONNECT":
                if web is None:
                    connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                    return
                web.requests.append(data)
                page = web.pages.get(target.decode(), NOT_FOUND)
                assert isinstance(page, bytes)
                connection.sendall(page)
                return
            host, _, port = target.decode().rpartition(":")
            to = tunnels.get((host, int(port)))
            if to is None:
                connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", to)) as beyond:
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=pump, args=(beyond, connection), daemon=True)
                back.start()
                pump(connection, beyond)
                back.join()

        server, port = run(handle)
        started.append(server)
        return f"http://127.0.0.1:{port}"

    yield make
    for server in started:
        server.shutdown()
        server.server_close()


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture
def investigation(tmp_path: Path) -> Callable[..., config.Investigation]:
    """Makes an investigation of the given seeds (address, or address and role) that may contact loopback."""

    def make(seeds: list[str | tuple[str, str]], **acquire: Any) -> config.Investigation:
        rows = [(seed, "suspect") if isinstance(seed, str) else seed for seed in seeds]
        path = tmp_path / "seeds.csv"
        path.write_text("url,role\n" + "".join(f"{url},{role}\n" for url, role in rows), encoding="utf-8")
        pace = {"delay": 0, "timeout": 5, "retries": 0} | acquire.pop("pace", {})
        settings = {"lookups": [], "allow_networks": ["127.0.0.0/8"], "pace": pace, "images": 0} | acquire
        return config.load(
            {
                "investigation": "test",
                "results": str(tmp_path / "results"),
                "inputs": {"seeds": str(path)},
                "acquire": settings,
            }
        )

    return make


@dataclass(frozen=True)
class Ended:
    """How an acquisition ended: captures by address, and "outcome: reason" of look-ups by source and subject."""

    folder: Path
    captures: dict[str, dict[str, Any]]
    said: dict[tuple[str, str], str]


def ended(folder: Path, snapshot: str = "r1") -> Ended:
    captures, lookups = evidence.index(folder, snapshot)
    return Ended(
        folder,
        {row["address"]: row for row in schema.records(captures)},
        {(r["source"], r["subject"]): f"{r['outcome']}: {r['reason']}" for r in schema.records(lookups)},
    )


@pytest.fixture
def acquired() -> Callable[..., Ended]:
    """Acquires a round of an investigation in this process."""

    def run(made: config.Investigation, snapshot: str = "r1") -> Ended:
        folder = config.folder(made) / "evidence"
        acquire_shard(made, snapshot, 0, 1, folder, Progress("acquire"))
        return ended(folder, snapshot)

    return run


# Of Linux the peak of this program alone: what getrusage tells counts the one that started it as well.
CHILD = """
import json, resource, sys
from pathlib import Path
from wiretrace import config
from wiretrace.acquire import acquire_shard
from wiretrace.progress import Progress

def peak():
    status = Path("/proc/self/status")
    if not status.exists():
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))

made = config.load(json.loads(sys.argv[1]))
before = peak()
acquire_shard(made, "r1", 0, 1, config.folder(made) / "evidence", Progress("acquire"))
print(peak() - before)
"""


@pytest.fixture
def acquired_apart() -> Callable[[config.Investigation], tuple[Ended, int]]:
    """Acquires a round in a process of its own; also the bytes by which its memory grew at most."""

    def run(made: config.Investigation) -> tuple[Ended, int]:
        command = [sys.executable, "-c", CHILD, json.dumps(made.model_dump())]
        child = subprocess.run(command, check=True, capture_output=True, text=True)
        return ended(config.folder(made) / "evidence"), int(child.stdout.split()[-1])

    return run
