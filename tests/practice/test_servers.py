"""The practice internet speaks the real protocols: stock clients are content with it."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode
import pytest
import requests

from wiretrace.practice.model import Certificate, Response
from wiretrace.practice.servers import Internet, serve


class Small:
    """Two hosts, one of them with a certificate, one WHOIS server."""

    seed = 0
    certificates = (
        Certificate(("paper.example", "www.paper.example"), issuer="Practice CA One"),
        Certificate(("old.example",), expired=True, issuer="Practice CA Two"),
    )

    def respond(self, round_: int, scheme: str, host: str, target: str, headers: Mapping[str, str]) -> Response | None:
        if host not in ("paper.example", "www.paper.example", "old.example"):
            return None
        weather = target.strip("/") if target.strip("/") in ("reset", "cut") else ""
        return Response(200, (("Content-Type", "text/plain"),), f"{round_} {scheme} {host}{target}".encode(), weather)

    def dns(self, round_: int) -> dict[tuple[str, str], list[str]]:
        return {
            ("paper.example", "A"): ["192.0.2.7"],
            ("paper.example", "TXT"): [f'"{"x" * 250}"'] * 9,
            ("www.paper.example", "CNAME"): ["paper.example."],
        }

    def whois(self, round_: int, server: str, query: str) -> bytes | None:
        return f"domain: {query}\r\n".encode() if server == "whois.iana.example" else None


@pytest.fixture
def internet(tmp_path: Path) -> Iterator[Internet]:
    with serve(Small(), tmp_path) as found:  # type: ignore[arg-type]
        yield found


def get(internet: Internet, address: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        proxies = {"http": internet.proxy, "https": internet.proxy}
        return session.get(address, proxies=proxies, verify=internet.ca_file, timeout=10)


def ask(internet: Internet, name: str, kind: str) -> dns.message.Message:
    host, _, port = internet.resolver.partition(":")
    message, _ = dns.query.udp_with_fallback(dns.message.make_query(name, kind), host, port=int(port), timeout=10)
    return message


def test_pages_over_http_and_tls_by_round(internet: Internet) -> None:
    assert get(internet, "http://paper.example/a?b=c").text == "1 http paper.example/a?b=c"
    internet.round = 2
    assert get(internet, "https://www.paper.example/").text == "2 https www.paper.example/"


def test_a_host_that_does_not_exist_is_not_served(internet: Internet) -> None:
    assert get(internet, "http://nowhere.example/").status_code == 502
    with pytest.raises(requests.exceptions.ProxyError):
        get(internet, "https://nowhere.example/")


def test_an_expired_certificate_is_refused_by_a_strict_client(internet: Internet) -> None:
    with pytest.raises(requests.exceptions.SSLError, match="expired"):
        get(internet, "https://old.example/")


@pytest.mark.parametrize("weather", ["reset", "cut"])
def test_weather_breaks_an_answer(internet: Internet, weather: str) -> None:
    with pytest.raises((requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        get(internet, f"http://paper.example/{weather}")


def test_dns_answers_aliases_absence_and_long_records(internet: Internet) -> None:
    assert str(ask(internet, "paper.example", "A").answer[0][0]) == "192.0.2.7"
    alias = ask(internet, "www.paper.example", "A")
    assert [rrset.name.to_text() for rrset in alias.answer] == ["www.paper.example.", "paper.example."]
    assert len(ask(internet, "paper.example", "TXT").answer[0]) == 1, "equal strings are one record"
    nothing = ask(internet, "paper.example", "MX")
    assert (nothing.rcode(), nothing.answer) == (dns.rcode.NOERROR, [])
    assert ask(internet, "gone.example", "A").rcode() == dns.rcode.NXDOMAIN


def test_rubbish_gets_no_answer_and_does_no_harm(internet: Internet) -> None:
    host, _, port = internet.resolver.partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"\x00\x01rubbish", (host, int(port)))
    assert ask(internet, "paper.example", "A").answer


def test_whois_through_connect(internet: Internet) -> None:
    host, _, port = internet.proxy.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        sock.sendall(b"CONNECT whois.iana.example:43 HTTP/1.1\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 200")
        sock.sendall(b"paper.example\r\n")
        assert sock.recv(100) == b"domain: paper.example\r\n"


def test_a_restart_serves_the_same_certificates(tmp_path: Path) -> None:
    def leaf() -> bytes:
        with serve(Small(), tmp_path) as internet:  # type: ignore[arg-type]
            host, _, port = internet.proxy.removeprefix("http://").partition(":")
            with socket.create_connection((host, int(port)), timeout=10) as sock:
                sock.sendall(b"CONNECT paper.example:443 HTTP/1.1\r\n\r\n")
                sock.recv(100)
                context = ssl.create_default_context(cafile=internet.ca_file)
                with context.wrap_socket(sock, server_hostname="paper.example") as secure:
                    return secure.getpeercert(binary_form=True) or b""

    assert leaf() == leaf() != b""
