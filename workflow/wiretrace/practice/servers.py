"""Serve a practice world on loopback: DNS, and through one forward proxy HTTP, TLS, WHOIS and RDAP."""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import trustme

from wiretrace.errors import UserError
from wiretrace.practice.model import Response, World

LARGEST_HEAD = 65_536
SLOW = 1.5
PATIENCE = 60.0
TTL = 300
CRLF = b"\r\n"
Server = TypeVar("Server", bound=socketserver.BaseServer)


@dataclass
class Internet:
    """A world being served: where to reach it, and which round it shows."""

    world: World
    round: int = 1
    proxy: str = ""
    resolver: str = ""
    ca_file: str = ""
    contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)
    ended: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[int, str]] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Keep a log of what was asked, for tests that compare it with the evidence."""
        self.asked.append((self.round, what))


class TcpServer(socketserver.ThreadingTCPServer):
    """A thread for each connection; many may come at once."""

    daemon_threads = True
    request_queue_size = 256


class UdpServer(socketserver.ThreadingUDPServer):
    """A thread for each datagram."""

    daemon_threads = True


@contextmanager
def serve(world: World, state: Path) -> Iterator[Internet]:
    """Serve ``world`` until the block ends; keys and certificates stay in ``state``, so that a restart has the same."""
    internet = Internet(world)
    internet.ca_file, internet.contexts = _certificates(world, state)
    proxy = _start(TcpServer, _proxy_handler(internet))
    udp, tcp = _start_dns(internet)
    port = udp.server_address[1]
    internet.proxy = f"http://127.0.0.1:{proxy.server_address[1]}"
    internet.resolver = f"127.0.0.1:{port}"
    try:
        yield internet
    finally:
        internet.ended.set()
        for server in (proxy, udp, tcp):
            server.shutdown()
            server.server_close()


def _start_dns(internet: Internet) -> tuple[UdpServer, TcpServer]:
    """Both servers on one port: one that is free for the one may be taken for the other, so several are tried."""
    for _ in range(50):
        udp = _start(UdpServer, _udp_handler(internet))
        try:
            return udp, _start(TcpServer, _tcp_dns_handler(internet), udp.server_address[1])
        except OSError:
            udp.shutdown()
            udp.server_close()
    raise UserError("no port of this machine is free for both UDP and TCP; stop what uses them, and try again")


def _start(kind: Callable[..., Server], handler: type[socketserver.BaseRequestHandler], port: int = 0) -> Server:
    server = kind(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    return server


# --- DNS


def answer_dns(internet: Internet, wire: bytes) -> bytes:
    """The answer to one DNS query in wire form, from the world's records; malformed queries get FORMERR or nothing."""
    try:
        query = dns.message.from_wire(wire)
    except dns.exception.DNSException:
        return b""
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.AA | dns.flags.RA
    if not query.question:
        answer.set_rcode(dns.rcode.FORMERR)
        return answer.to_wire()
    question = query.question[0]
    name = question.name.to_text(omit_final_dot=True).lower()
    kind = dns.rdatatype.to_text(question.rdtype)
    internet.note(f"dns {name} {kind}")
    records = internet.world.dns(internet.round)
    values = _follow(records, name, kind)
    if values is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    for owner, rdtype, texts in values or ():
        answer.answer.append(dns.rrset.from_text_list(dns.name.from_text(owner), TTL, "IN", rdtype, texts))
    return answer.to_wire()


def _follow(
    records: Mapping[tuple[str, str], list[str]], name: str, kind: str
) -> list[tuple[str, str, list[str]]] | None:
    """Records of ``kind`` at ``name`` with the aliases on the way; None where the name does not exist."""
    found: list[tuple[str, str, list[str]]] = []
    for _ in range(8):
        if not any(owner == name for owner, _ in records):
            return found or None
        if (name, kind) in records:
            return [*found, (name, kind, records[name, kind])]
        alias = records.get((name, "CNAME"))
        if not alias:
            return found
        found.append((name, "CNAME", alias))
        name = alias[0].rstrip(".").lower()
    return found


def _udp_handler(internet: Internet) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, sock = self.request
            answer = answer_dns(internet, wire)
            if len(answer) > 1232:  # the size that fits any path (DNS flag day 2020); the rest is asked for over TCP
                cut = dns.message.make_response(dns.message.from_wire(wire))
                cut.flags |= dns.flags.TC
                answer = cut.to_wire()
            if answer:
                sock.sendto(answer, self.client_address)

    return Handler


def _tcp_dns_handler(internet: Internet) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.StreamRequestHandler):
        timeout = PATIENCE

        def handle(self) -> None:
            while len(size := self.rfile.read(2)) == 2:
                answer = answer_dns(internet, self.rfile.read(struct.unpack("!H", size)[0]))
                if not answer:
                    return
                self.wfile.write(struct.pack("!H", len(answer)) + answer)

    return Handler


# --- the proxy, and what lies behind it


def _proxy_handler(internet: Internet) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(PATIENCE)
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                _serve_proxy(internet, self.request)
            except OSError:
                return  # the other side went away, which is its right

    return Handler


def _serve_proxy(internet: Internet, sock: socket.socket) -> None:
    while head := _read_head(sock):
        method, target, headers = _parse(head)
        if method == "CONNECT":
            _tunnel(internet, sock, target)
            return
        parts = urlsplit(target)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not _answer(internet, sock, method, "http", (parts.hostname or "").lower(), path, headers):
            return


def _tunnel(internet: Internet, sock: socket.socket, target: str) -> None:
    host, _, port = target.lower().rpartition(":")
    if port == "443" and host in internet.contexts:
        sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with internet.contexts[host].wrap_socket(sock, server_side=True) as secure:
            while head := _read_head(secure):
                method, path, headers = _parse(head)
                if not _answer(internet, secure, method, "https", host, path, headers):
                    return
    elif port == "43" and internet.world.whois(internet.round, host, "") is not None:
        sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        query = sock.recv(1024).decode("ascii", "replace").strip()
        internet.note(f"whois {host} {query}")
        sock.sendall(internet.world.whois(internet.round, host, query) or b"")
    else:
        sock.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def _answer(
    internet: Internet,
    sock: socket.socket,
    method: str,
    scheme: str,
    host: str,
    target: str,
    headers: Mapping[str, str],
) -> bool:
    """Answer one request; whether the connection may serve another."""
    internet.note(f"{method} {scheme}://{host}{target}")
    response = internet.world.respond(internet.round, scheme, host, target, headers)
    if response is None:
        response = Response(502, (("Content-Type", "text/plain"),), b"no such host\n")
    if response.weather == "reset":
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False
    if response.weather == "slow":
        internet.ended.wait(SLOW)
    head = _head(response)
    if response.weather in ("stall", "cut"):
        sock.sendall(head + (response.body[: len(response.body) // 2] if response.weather == "cut" else b""))
        if response.weather == "stall":
            internet.ended.wait(PATIENCE)
        return False
    bodyless = method == "HEAD" or response.status in (204, 304)
    sock.sendall(head + (b"" if bodyless else response.body))
    return headers.get("connection", "").lower() != "close"


def _head(response: Response) -> bytes:
    reason = HTTPStatus(response.status).phrase
    lines = [f"HTTP/1.1 {response.status} {reason}", f"Date: {format_datetime(datetime.now(UTC), usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if not any(name.lower() == "content-length" for name, _ in response.headers):
        lines.append(f"Content-Length: {len(response.body)}")
    return "\r\n".join(lines).encode("latin-1", "replace") + CRLF + CRLF


def _read_head(sock: socket.socket) -> bytes:
    """Bytes up to the empty line; b'' where the connection ends first or the head is too large."""
    head = b""
    while not head.endswith(CRLF + CRLF):
        part = sock.recv(1)
        if not part or len(head) > LARGEST_HEAD:
            return b""
        head += part
    return head


def _parse(head: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, *_ = [*first.split(" "), "", ""]
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return method, target, {name.strip().lower(): value.strip() for name, value in pairs}


# --- certificates


def _certificates(world: World, state: Path) -> tuple[str, dict[str, ssl.SSLContext]]:
    """(file with the world's authorities, context per host name). What ``state`` holds already is used again."""
    state.mkdir(parents=True, exist_ok=True)
    contexts: dict[str, ssl.SSLContext] = {}
    authorities: dict[str, trustme.CA] = {}
    ca_file = state / "authorities.pem"
    known = ca_file.is_file()
    for number, certificate in enumerate(world.certificates):
        path = state / f"certificate-{number:03d}.pem"
        if not (known and path.is_file()):
            issuer = certificate.issuer or "Practice Authority"
            authority = authorities.setdefault(issuer, trustme.CA(organization_name=issuer))
            expiry = datetime(2020, 1, 1, tzinfo=UTC) if certificate.expired else datetime(2038, 1, 1, tzinfo=UTC)
            begin = datetime(2019, 1, 1, tzinfo=UTC) if certificate.expired else datetime(2024, 1, 1, tzinfo=UTC)
            issued = authority.issue_cert(*certificate.names, not_before=begin, not_after=expiry)
            path.write_bytes(issued.private_key_and_cert_chain_pem.bytes())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        contexts |= dict.fromkeys((name.lower() for name in certificate.names), context)
    if not known:
        # Written last: a start that was cut short begins anew.
        with tempfile.NamedTemporaryFile("wb", dir=state, delete=False) as part:
            part.write(b"".join(authority.cert_pem.bytes() for authority in authorities.values()))
        Path(part.name).replace(ca_file)
    return str(ca_file), contexts
