"""DNS, WHOIS, RDAP, TLS and the web archive: what was answered, what was not, and why it was not asked."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from wiretrace import config, evidence, schema
from wiretrace.acquire import acquire_shard
from wiretrace.acquire.network import DENIED, Dialer, RefusedError, denied, literal
from wiretrace.progress import Progress

Investigate = Callable[..., config.Investigation]


def message(body: bytes, type_: str = "text/html", status: str = "200 OK", *more: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {type_}", f"Content-Length: {len(body)}", *more, "", ""]
    return "\r\n".join(head).encode() + body


def acquire(made: config.Investigation) -> tuple[list[dict[str, Any]], dict[tuple[str, str], str], Path]:
    folder = config.folder(made) / "evidence"
    acquire_shard(made, "r1", 0, 1, folder, Progress("acquire"))
    captures, lookups = evidence.index(folder, "r1")
    said = {(r["source"], r["subject"]): f"{r['outcome']}: {r['reason']}" for r in schema.records(lookups)}
    return schema.records(captures), said, folder


def body(folder: Path, captures: list[dict[str, Any]], address: str) -> bytes:
    return evidence.open_capture(folder, next(row for row in captures if row["address"] == address)).body


def answers(questions: dict[bytes, bytes], asked: list[bytes]) -> Callable[[socket.socket], None]:
    """A WHOIS server."""

    def handle(connection: socket.socket) -> None:
        query = b""
        while not query.endswith(b"\r\n"):
            query += connection.recv(1024)
        asked.append(query.strip())
        connection.sendall(questions.get(query.strip(), b"No match for that name.\r\n"))

    return handle


def test_dns_tells_absent_from_not_answered(investigation: Investigate, nameserver: Any) -> None:
    resolver = nameserver(
        {
            ("site.example", "A"): ["203.0.113.7"],
            ("site.example", "MX"): ["10 mail.site.example."],
            ("site.example", "TXT"): ['"v=spf1 include:spf.site.example -all"'],
            ("site.example", "CAA"): "SERVFAIL",
            ("7.113.0.203.in-addr.arpa", "PTR"): ["host.site.example."],
        }
    )
    made = investigation(["http://site.example/"], lookups=["dns"], resolvers=[resolver], proxy="http://127.0.0.1:9")
    captures, said, folder = acquire(made)
    assert said["dns", "site.example/A"] == "found: "
    assert said["dns", "site.example/AAAA"] == "absent: the name has no record of this type"
    assert said["dns", "site.example/CAA"] == "could_not_look: the resolver answered SERVFAIL"
    assert said["dns", "_dmarc.site.example/TXT"] == "absent: NXDOMAIN: there is no such name"
    assert said["dns", "7.113.0.203.in-addr.arpa/PTR"] == "found: "
    lines = body(folder, captures, "dns:site.example?type=A").decode().splitlines()
    assert lines[0].isdigit() and len(lines[0]) == 14
    assert lines[1:] == ["site.example.\t60\tIN\tA\t203.0.113.7"]
    row = next(row for row in captures if row["address"] == "dns:_dmarc.site.example?type=TXT")
    assert (row["status"], row["kind"], row["media_type"]) == ("NXDOMAIN", "dns", "text/dns")


def test_a_resolver_that_is_silent_could_not_be_asked(investigation: Investigate) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver = f"127.0.0.1:{silent.getsockname()[1]}"
        made = investigation(
            ["http://site.example/"],
            lookups=["dns"],
            resolvers=[resolver],
            pace={"timeout": 0.05},
            proxy="http://127.0.0.1:9",
        )
        captures, said, _ = acquire(made)
    assert said["dns", "site.example/A"] == "could_not_look: resolver 127.0.0.1 did not answer in 0.05 s"
    assert captures == []


def test_whois_follows_referrals_and_keeps_the_bytes(investigation: Investigate, tcp: Any, proxy: Any) -> None:
    japanese = (
        "[ドメイン名] SITE.TEST".encode("iso2022_jp") + b"\r\nRegistrar WHOIS Server: whois.registrar.example\r\n"
    )
    asked: list[bytes] = []
    root = tcp(answers({b"test": b"% root\r\nrefer:        whois.nic.test\r\n"}, asked))
    registry = tcp(answers({b"site.test": japanese}, asked))
    registrar = tcp(answers({b"site.test": b"Registrant Name: REDACTED FOR PRIVACY\r\n"}, asked))
    address = proxy(
        {("whois.root.example", 43): root, ("whois.nic.test", 43): registry, ("whois.registrar.example", 43): registrar}
    )
    made = investigation(
        ["http://site.test/", "http://other.test/"], lookups=["whois"], whois_root="whois.root.example", proxy=address
    )
    captures, said, folder = acquire(made)
    assert body(folder, captures, "whois://whois.nic.test/site.test") == japanese
    assert said["whois", "site.test"] == "found: "
    assert said["whois", "site.test at whois.registrar.example"] == "found: "
    assert said["whois", "other.test"] == "absent: whois.nic.test: No match for that name."
    assert asked.count(b"test") == 1
    assert {row["route"] for row in captures if row["kind"] == "whois"} == {"proxy"}


def test_whois_without_a_server_or_an_answer(investigation: Investigate, tcp: Any, proxy: Any) -> None:
    root = tcp(answers({b"test": b"% nothing to refer to\r\n", b"invalid": b"refer: whois.gone.example\r\n"}, []))
    address = proxy({("whois.root.example", 43): root})
    made = investigation(
        ["http://site.test/", "http://site.invalid/"], lookups=["whois"], whois_root="whois.root.example", proxy=address
    )
    _, said, _ = acquire(made)
    assert said["whois", "site.test"] == "not_looked: no WHOIS server for .test in the answer of whois.root.example"
    assert said["whois", "site.invalid"] == "could_not_look: whois.gone.example: proxy: CONNECT answered 502"


def test_an_endless_whois_answer_is_cut(investigation: Investigate, tcp: Any, proxy: Any) -> None:
    def endless(connection: socket.socket) -> None:
        connection.recv(1024)
        while True:
            connection.sendall(b"Domain: site.test\r\n" * 500)

    root = tcp(answers({b"test": b"refer: whois.nic.test\r\n"}, []))
    address = proxy({("whois.root.example", 43): root, ("whois.nic.test", 43): tcp(endless)})
    made = investigation(["http://site.test/"], lookups=["whois"], whois_root="whois.root.example", proxy=address)
    captures, said, _ = acquire(made)
    row = next(row for row in captures if row["address"] == "whois://whois.nic.test/site.test")
    assert (row["truncated"], row["size"]) == ("length", 262_144)
    assert said["whois", "site.test"] == "found: cut after 262144 bytes"


@pytest.mark.parametrize(
    ("answer", "rdap", "whois"),
    [
        (message(b'{"ldhName":"site.example"}', "application/rdap+json"), "found: ", "not_looked: RDAP answered"),
        (message(b"{}", "application/rdap+json", "404 Not Found"), "absent: HTTP 404", "not_looked: RDAP answered"),
        (
            message(b"", "text/plain", "500 Down"),
            "could_not_look: HTTP 500",
            "absent: whois.nic.example: No match for that name.",
        ),
    ],
)
def test_rdap_that_is_down_is_told_and_whois_is_asked_as_well(
    serve: Any, investigation: Investigate, tcp: Any, proxy: Any, answer: bytes, rdap: str, whois: str
) -> None:
    web = serve()
    listed = {"services": [[["example"], [f"{web.url}/rdap/"]]]}
    web.pages = {
        "/dns.json": message(json.dumps(listed).encode(), "application/json"),
        "/rdap/domain/site.example": answer,
    }
    root = tcp(answers({b"example": b"refer: whois.nic.example\r\n"}, []))
    tunnels = {("whois.root.example", 43): root, ("whois.nic.example", 43): tcp(answers({}, []))}
    front = serve()
    front.pages = {
        f"{web.url}/dns.json": web.pages["/dns.json"],
        f"{web.url}/rdap/domain/site.example": answer,
    }
    made = investigation(
        ["http://site.example/"],
        lookups=["rdap", "whois"],
        whois_root="whois.root.example",
        rdap_bootstrap=f"{web.url}/dns.json",
        proxy=proxy(tunnels, front),
    )
    _, said, _ = acquire(made)
    assert said["rdap", "site.example"] == rdap
    assert said["whois", "site.example"] == whois


def test_a_zone_without_rdap_is_not_looked_at_there(
    serve: Any, investigation: Investigate, tcp: Any, proxy: Any
) -> None:
    front = serve({"http://data.example/dns.json": message(b'{"services":[]}', "application/json")})
    front.pages["http://data.example/dns.json"] = message(b'{"services":[[["example"],["https://r.example/"]]]}')
    made = investigation(
        ["http://site.test/"], lookups=["rdap"], rdap_bootstrap="http://data.example/dns.json", proxy=proxy({}, front)
    )
    _, said, _ = acquire(made)
    assert said["rdap", "site.test"] == "not_looked: no RDAP server for .test in the bootstrap"
    assert said["whois", "site.test"] == "not_looked: acquire.lookups does not name whois"


def contexts(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def test_certificates_are_kept_whether_or_not_they_verify(
    serve: Any, investigation: Investigate, proxy: Any, tmp_path: Path
) -> None:
    trusted, unknown = trustme.CA(), trustme.CA()
    trusted.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    good = serve({"/": message(b"good")}, contexts(trusted, "good.example", "www.good.example"))
    bad = serve({"/": message(b"bad")}, contexts(unknown, "bad.example"))
    wrong = serve({"/": message(b"wrong")}, contexts(trusted, "else.example"))
    ports = {"good": good.port, "bad": bad.port, "wrong": wrong.port}
    address = proxy({(f"{name}.example", 443): port for name, port in ports.items()})
    made = investigation(
        [f"https://{name}.example/" for name in (*ports, "none")],
        lookups=["tls"],
        proxy=address,
        ca_file=str(tmp_path / "ca.pem"),
    )
    captures, said, folder = acquire(made)
    assert said["tls", "good.example:443"] == "found: the certificate verifies"
    assert said["tls", "bad.example:443"].startswith("found: the certificate does not verify:")
    assert "ostname mismatch" in said["tls", "wrong.example:443"]
    assert said["tls", "none.example:443"] == "could_not_look: proxy: CONNECT answered 502"
    assert body(folder, captures, "tls://bad.example:443").startswith(b"-----BEGIN CERTIFICATE-----")
    # A bad certificate does not keep the page from us.
    assert said["page", "https://bad.example/"] == "found: "
    assert body(folder, captures, "https://bad.example/") == b"bad"


def test_a_service_with_a_bad_certificate_is_not_believed(serve: Any, investigation: Investigate, proxy: Any) -> None:
    web = serve({"/dns.json": message(b'{"services":[]}')}, contexts(trustme.CA(), "data.example"))
    address = proxy({("data.example", 443): web.port})
    made = investigation(
        ["http://site.example/"], lookups=["rdap"], rdap_bootstrap="https://data.example/dns.json", proxy=address
    )
    _, said, _ = acquire(made)
    assert said["rdap", "https://data.example/dns.json"].startswith("could_not_look: certificate of data.example:")
    assert said["rdap", "site.example"].startswith("could_not_look: the RDAP bootstrap is not there:")


CDX = [
    ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"],
    ["example,site)/gone", "20220714010203", "http://site.example/gone", "text/html", "200", "A", "1"],
    ["example,site)/gone", "20220801000000", "http://site.example/gone", "text/html", "200", "B", "1"],
    ["example,site)/only", "20220715000000", "http://site.example/only", "text/html", "200", "C", "1"],
    ["example,site)/logo", "20220715000000", "http://site.example/logo.png", "image/png", "200", "D", "1"],
    ["example,other)/", "20220715000000", "http://other.example/", "text/html", "200", "E", "1"],
]


def archived(serve: Any, cdx: bytes) -> Any:
    web = serve()
    query = "url=site.example&matchType=domain&output=json&filter=statuscode%3A200&limit=5000"
    web.pages = {
        "http://site.example/": message(b'<a href="/gone">g</a><a href="/never">n</a>'),
        f"http://archive.example/cdx?{query}": cdx,
        "http://archive.example/web/20220801000000id_/http://site.example/gone": message(b"the gone page"),
        "http://archive.example/web/20220715000000id_/http://site.example/only": message(b"only there"),
    }
    return web


def test_the_web_archive_is_asked_for_what_is_gone(serve: Any, investigation: Investigate, proxy: Any) -> None:
    web = archived(serve, message(json.dumps(CDX).encode(), "application/json"))
    made = investigation(
        ["http://site.example/"],
        lookups=["web_archive"],
        cdx="http://archive.example/cdx",
        playback="http://archive.example/web",
        proxy=proxy({}, web),
    )
    captures, said, folder = acquire(made)
    assert said["page", "http://site.example/gone"] == "absent: HTTP 404"
    assert said["web_archive", "http://site.example/gone"] == "found: "
    assert said["web_archive", "http://site.example/only"] == "found: "
    assert said["web_archive", "http://site.example/never"] == "absent: the web archive has no copy of it"
    copy = next(row for row in captures if row["route"] == "web_archive" and row["address"].endswith("/gone"))
    assert (copy["purpose"], copy["original_time"]) == ("archive_page", "2022-08-01T00:00:00Z")
    assert copy["via"] == "http://archive.example/web/20220801000000id_/http://site.example/gone"
    assert evidence.open_capture(folder, copy).body == b"the gone page"
    assert not any("logo" in row["address"] or "other" in row["address"] for row in captures)


def test_a_429_of_the_web_archive_ends_its_queue(serve: Any, investigation: Investigate, proxy: Any) -> None:
    web = archived(serve, message(b"slow down", "text/plain", "429 Too Many Requests", "Retry-After: 3600"))
    made = investigation(
        ["http://site.example/"],
        lookups=["web_archive"],
        cdx="http://archive.example/cdx",
        playback="http://archive.example/web",
        proxy=proxy({}, web),
        pace={"retries": 2},
    )
    _, said, _ = acquire(made)
    assert said["web_archive", "site.example"] == "could_not_look: web archive: HTTP 429"
    assert said["web_archive", "http://site.example/gone"] == "could_not_look: web archive: HTTP 429"
    assert sum(b"archive.example" in request.split(b"\r\n")[0] for request in web.requests) == 1


def test_an_account_on_a_platform_is_crawled_alone(
    serve: Any, investigation: Investigate, proxy: Any, nameserver: Any
) -> None:
    web = serve()
    web.pages = {
        "http://note.com/somebody": message(
            b'<link rel="icon" href="/favicon.ico"><a href="/somebody/n/1">1</a><a href="/other/n/2">2</a><a href="/">t</a>'
        ),
        "http://note.com/somebody/n/1": message(b"one"),
    }
    made = investigation(
        ["http://note.com/somebody"], lookups=["dns", "whois"], proxy=proxy({}, web), resolvers=[nameserver({})]
    )
    _, said, _ = acquire(made)
    pages = {subject for source, subject in said if source == "page"}
    assert pages == {"http://note.com/somebody", "http://note.com/somebody/n/1"}
    # The platform's icon would link all its accounts.
    assert not any(source == "asset" for source, _ in said)
    for source in ("dns", "whois", "rdap", "tls"):
        assert said[source, "note.com/somebody"] == "not_looked: account on a platform"


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "[::1]",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fec0::1",
        "224.0.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104
        "100.64.0.1",
        "localhost",
        "db.internal",
        "printer.local",
    ],
)
def test_no_form_of_a_private_address_passes(investigation: Investigate, host: str) -> None:
    made = investigation(["http://site.example/"], allow_networks=[])
    with pytest.raises(RefusedError):
        Dialer(made.acquire, None).addresses(host)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", ["8.8.8.8", "192.0.2.1", "198.51.100.9", "203.0.113.9", "2001:db8::1", "2a00::1"])
def test_public_and_documentation_addresses_pass(address: str) -> None:
    found = literal(address)
    assert found is not None and denied(found, []) == ""


def test_only_the_named_network_is_allowed() -> None:
    assert denied(literal("10.1.2.3"), ["10.1.0.0/16"]) == ""  # type: ignore[arg-type]
    assert denied(literal("::ffff:10.1.2.3"), ["10.1.0.0/16"]) == ""  # type: ignore[arg-type]
    assert denied(literal("10.2.0.1"), ["10.1.0.0/16"])  # type: ignore[arg-type]
    assert len(DENIED) == len(set(DENIED))
