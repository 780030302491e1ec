"""Names that lead into private networks, and services that answer with nonsense: never contacted, never believed."""

from __future__ import annotations

import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import dns.message
import dns.rdatatype
import dns.rrset
import pytest
import trustme

from wiretrace import config, evidence

Investigate = Callable[..., config.Investigation]


def message(body: bytes, *more: str, status: str = "200 OK", type_: str = "text/html") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {type_}", f"Content-Length: {len(body)}", *more, "", ""]
    return "\r\n".join(head).encode() + body


PRIVATE = [
    ("A", "127.0.0.1"),
    ("A", "10.1.2.3"),
    ("A", "169.254.169.254"),
    ("A", "0.0.0.0"),  # noqa: S104
    ("AAAA", "::1"),
    ("AAAA", "::ffff:127.0.0.1"),
    ("AAAA", "64:ff9b::7f00:1"),
    ("AAAA", "2002:7f00:1::"),
    ("AAAA", "fd00::1"),
    ("AAAA", "fe80::1"),
]


def test_no_answer_of_dns_leads_into_a_private_network(
    serve: Any, investigation: Investigate, nameserver: Any, acquired: Any
) -> None:
    web = serve({"/": message(b"secret")})
    zone = {(f"n{number}.example", kind): [value] for number, (kind, value) in enumerate(PRIVATE)}
    zone[("alias.example", "CNAME")] = ["n0.example."]
    seeds = [f"http://n{number}.example:{web.port}/" for number in range(len(PRIVATE))]
    seeds.append(f"http://alias.example:{web.port}/")
    end = acquired(investigation(seeds, allow_networks=[], resolvers=[nameserver(zone)]))
    for seed in seeds:
        assert end.said["page", seed].startswith("not_looked: refused: "), seed
    assert web.requests == []


@pytest.fixture
def rebinding() -> Iterator[tuple[str, list[str]]]:
    """A resolver whose first answer for A is public and whose later ones are loopback, with the questions it got."""
    asked: list[str] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, sender = self.request
            query = dns.message.from_wire(data)
            kind = dns.rdatatype.to_text(query.question[0].rdtype)
            answer = dns.message.make_response(query)
            if kind == "A":
                value = "127.0.0.1" if "A" in asked else "192.0.2.1"
                answer.answer.append(dns.rrset.from_text(query.question[0].name, 0, "IN", "A", value))
            asked.append(kind)
            sender.sendto(answer.to_wire(), self.client_address)

    server = socketserver.UDPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def test_an_address_that_changes_between_check_and_connection_is_not_contacted(
    serve: Any, investigation: Investigate, rebinding: tuple[str, list[str]], acquired: Any
) -> None:
    web = serve({"/": message(b"secret")})
    resolver, asked = rebinding
    made = investigation([f"http://site.example:{web.port}/"], allow_networks=[], resolvers=[resolver])
    end = acquired(made.model_copy(update={"acquire": made.acquire.model_copy(update={"proxy": ""})}))
    assert web.requests == []
    assert asked.count("A") == 1
    assert end.said["page", f"http://site.example:{web.port}/"].startswith("could_not_look: ")


def test_no_file_of_a_site_leads_into_a_private_network(
    serve: Any, investigation: Investigate, acquired: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = serve({"/": message(b"secret")})
    inside = f"http://127.0.0.2:{secret.port}"
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{secret.port}")
    web = serve()
    web.pages |= {
        "/": message(
            f'<base href="{inside}/"><link rel="icon" href="{inside}/i.ico"><link rel="alternate" href="{inside}/rss"'
            f' type="application/rss+xml"><meta property="og:type" content="article"><a href="{inside}/a">'
            f'<meta property="og:image" content="{inside}/i.png"><link rel="https://api.w.org/" href="{inside}/wp-json/">'.encode()
        ),
        "/robots.txt": message(f"Sitemap: {inside}/map.xml\nSitemap: {web.url}/map.xml".encode()),
        "/map.xml": message(f"<urlset><url><loc>{inside}/m</loc></url></urlset>".encode()),
        "/feed": message(f"<rss><item><link>{inside}/f</link></item></rss>".encode()),
    }
    acquired(investigation([web.url + "/"], allow_networks=["127.0.0.1/32"], images=2))
    assert secret.requests == []
    assert len(web.requests) > 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("ドメイン名: site.test\r\n登録者名: 見本\r\n".encode("shift_jis"), "found: "),
        (b"Domain Name: site.test\x1b]0;owned\x07\r\nRegistrar: \x1b[31mred\x00\r\n", "found: "),
        (b"", "could_not_look: whois.nic.test: an empty answer"),
        (b"\x00\xff" * 100, "found: "),
        (b"Registrar WHOIS Server: 127.0.0.1\r\nRegistrar: x\r\n", "found: "),
    ],
)
def test_whois_of_any_kind_is_kept_as_sent(
    investigation: Investigate, tcp: Any, proxy: Any, acquired: Any, sent: bytes, said: str
) -> None:
    def answer(data: bytes) -> Callable[[socket.socket], None]:
        def handle(connection: socket.socket) -> None:
            connection.recv(1024)
            connection.sendall(data)

        return handle

    tunnels = {
        ("whois.root.example", 43): tcp(answer(b"refer: whois.nic.test\r\n")),
        ("whois.nic.test", 43): tcp(answer(sent)),
    }
    made = investigation(
        ["http://site.test/"],
        lookups=["whois"],
        whois_root="whois.root.example",
        proxy=proxy(tunnels),
        allow_networks=[],
        pace={"timeout": 2},
    )
    end = acquired(made)
    assert end.said["whois", "site.test"] == said
    if sent:
        assert evidence.open_capture(end.folder, end.captures["whois://whois.nic.test/site.test"]).raw == sent
    for reason in end.said.values():
        assert reason.isprintable()
    if b"WHOIS Server" in sent:
        assert end.said["whois", "site.test at 127.0.0.1"].startswith("not_looked: refused: 127.0.0.1")


def test_a_whois_server_that_never_ends_is_cut_in_time(
    investigation: Investigate, tcp: Any, proxy: Any, acquired: Any
) -> None:
    done = threading.Event()

    def refer(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(b"refer: whois.nic.test\r\n")

    def drip(connection: socket.socket) -> None:
        connection.recv(1024)
        while not done.wait(0.02):
            connection.sendall(b"Domain: site.test\r\n")

    tunnels = {("whois.root.example", 43): tcp(refer), ("whois.nic.test", 43): tcp(drip)}
    made = investigation(
        ["http://site.test/"],
        lookups=["whois"],
        whois_root="whois.root.example",
        proxy=proxy(tunnels),
        pace={"timeout": 0.3},
    )
    end = acquired(made)
    done.set()
    assert end.said["whois", "site.test"] == "could_not_look: whois.nic.test: timed out after 0.3 s"
    assert end.captures["whois://whois.nic.test/site.test"]["truncated"] == "time"


NONSENSE = {
    b"{": "could_not_look: the answer is no RDAP domain object",
    b"[]": "could_not_look: the answer is no RDAP domain object",
    b"[" * 100_000: "could_not_look: the answer is no RDAP domain object",
    b'{"objectClassName": "domain", "ldhName": "other.example"}': "could_not_look: the answer is about other.example",
    b'{"objectClassName": "domain", "ldhName": 7}': "found: ",
    b'{"objectClassName": "domain", "ldhName": "SITE.example."}': "found: ",
    b"<html>Please wait</html>": "could_not_look: the answer is no RDAP domain object",
}


@pytest.mark.parametrize(("sent", "said"), NONSENSE.items())
def test_rdap_with_nonsense_is_kept_and_not_believed(
    serve: Any, investigation: Investigate, proxy: Any, acquired: Any, sent: bytes, said: str
) -> None:
    front = serve({"http://data.example/dns.json": message(b'{"services":[[["example"],["http://r.example/"]]]}')})
    front.pages["http://r.example/domain/site.example"] = message(sent, type_="application/rdap+json")
    made = investigation(
        ["http://site.example/"],
        lookups=["rdap"],
        rdap_bootstrap="http://data.example/dns.json",
        proxy=proxy({}, front),
    )
    end = acquired(made)
    assert end.said["rdap", "site.example"] == said
    assert end.captures["http://r.example/domain/site.example"]["size"] == len(sent)


def test_an_expired_certificate_is_recorded_and_no_obstacle(
    serve: Any, investigation: Investigate, acquired: Any, proxy: Any
) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority = trustme.CA()
    authority.issue_cert("old.example", not_before=past.replace(year=2019), not_after=past).configure_cert(context)
    web = serve({"/": message(b"old")}, context)
    made = investigation(["https://old.example/"], lookups=["tls"], proxy=proxy({("old.example", 443): web.port}))
    end = acquired(made)
    assert end.said["tls", "old.example:443"].startswith("found: the certificate does not verify: ")
    assert end.said["page", "https://old.example/"] == "found: "


def test_a_bootstrap_of_nonsense_is_told(serve: Any, investigation: Investigate, proxy: Any, acquired: Any) -> None:
    for sent in (b"[[[", b'{"services": 7}', json.dumps({"services": [[["example"], [7]]]}).encode()):
        front = serve({"http://data.example/dns.json": message(sent)})
        made = investigation(
            ["http://site.example/"],
            lookups=["rdap"],
            rdap_bootstrap="http://data.example/dns.json",
            proxy=proxy({}, front),
        )
        end = acquired(made, f"r{len(sent)}")
        assert end.said["rdap", "site.example"].split(":")[0] in ("could_not_look", "not_looked")
