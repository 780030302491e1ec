"""Certificate logs, Common Crawl, chains of aliases, senders and certificates: asked, archived, told."""

from __future__ import annotations

import gzip
import json
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from wiretrace import config, evidence, schema
from wiretrace.acquire.whois import absent
from wiretrace.read.feeds import of_index
from wiretrace.read.transparency import of_logs

Investigate = Callable[..., config.Investigation]


def message(body: bytes, *more: str, status: str = "200 OK", type_: str = "text/html") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {type_}", f"Content-Length: {len(body)}", *more, "", ""]
    return "\r\n".join(head).encode() + body


def logged(names: list[str], serial: str = "0a", issuer: str = "C=US, O=Let's Sign, CN=R1") -> dict[str, Any]:
    return {
        "issuer_name": issuer,
        "common_name": names[0],
        "name_value": "\n".join(names),
        "not_before": "2020-01-01T00:00:00",
        "not_after": "2020-04-01T00:00:00",
        "serial_number": serial,
    }


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (message(json.dumps([logged(["site.example"])]).encode()), "found: "),
        (message(b"[]"), "absent: certificate transparency: no certificate is logged"),
        (message(b"<html>"), "could_not_look: certificate transparency: the answer is no list of certificates"),
        (message(b"[1]"), "could_not_look: certificate transparency: the answer is no list of certificates"),
        (message(b"", status="502 Bad"), "could_not_look: certificate transparency: HTTP 502"),
    ],
)
def test_certificate_logs_are_asked(
    serve: Any, investigation: Investigate, proxy: Any, acquired: Any, answer: bytes, said: str
) -> None:
    front = serve({"http://logs.example/?q=site.example&output=json": answer})
    made = investigation(
        ["http://site.example/"],
        lookups=["transparency"],
        transparency="http://logs.example/",
        proxy=proxy({}, front),
    )
    assert acquired(made).said["transparency", "site.example"] == said


def test_what_certificates_were_for_is_observed_unless_a_service_shared_them() -> None:
    shared = [f"customer{n}.example" for n in range(20)] + ["site.example"]
    listed = [
        logged(["site.example", "*.site.example", "partner.test"], "00ff"),
        logged(shared, "01"),
        logged(["other.example"], "02"),
        {"name_value": 7},
        "noise",
    ]
    found = {
        (seen.kind, seen.value): (first, last)
        for seen, first, last in of_logs(json.dumps(listed).encode(), "site.example")
    }
    assert found.keys() == {
        ("cert_name", "site.example"),
        ("cert_name", "*.site.example"),
        ("cert_name", "partner.test"),
        ("cert_serial", "Let's Sign:ff"),
    }
    assert found["cert_name", "partner.test"] == ("2020-01-01T00:00:00Z", "2020-04-01T00:00:00Z")
    assert of_logs(b"[" * 1000, "site.example") == []


LISTED = json.dumps(
    [{"id": f"CC-{n}", "cdx-api": f"http://index.example/CC-{n}-index"} for n in (9, 8, 7, 6)] + [{"id": "x"}]
).encode()
QUESTION = "url=site.example&matchType=domain&output=json&filter=%3Dstatus%3A200&limit=5000"


def capture(url: str, time: str) -> str:
    row = {"url": url, "timestamp": time, "status": "200", "filename": "a.warc.gz", "offset": "5", "length": "77"}
    return json.dumps(row) + "\n"


def crawled(serve: Any, listed: bytes, *answers: bytes) -> Any:
    web = serve({"http://site.example/": message(b'<a href="/gone">g</a><a href="/never">n</a>')})
    web.pages["http://index.example/collinfo.json"] = listed
    for number, answer in zip((9, 8, 7), answers, strict=False):
        web.pages[f"http://index.example/CC-{number}-index?{QUESTION}"] = answer
    return web


NONE = message(b'{"message": "No Captures found for: site.example"}', status="404 Not Found")


def asked(investigation: Investigate, proxy: Any, web: Any, acquired: Any) -> Any:
    made = investigation(
        ["http://site.example/"],
        lookups=["common_crawl"],
        common_crawl="http://index.example/collinfo.json",
        common_crawl_data="http://data.example/",
        proxy=proxy({}, web),
        pace={"retries": 1},
    )
    return acquired(made)


def test_common_crawl_is_asked_for_what_is_gone(
    serve: Any, investigation: Investigate, proxy: Any, acquired: Any
) -> None:
    rows = (
        capture("http://site.example/gone", "20240501000000")
        + "noise\n"
        + capture("http://x.example/", "20240501000000")
    )
    listing = json.dumps(json.loads(LISTED)[:4]).encode()
    end = asked(investigation, proxy, crawled(serve, message(listing), NONE, message(rows.encode()), NONE), acquired)
    assert end.said["common_crawl", "site.example in CC-9"] == "absent: Common Crawl: HTTP 404"
    assert end.said["common_crawl", "site.example in CC-8"] == "found: "
    assert (
        end.said["common_crawl", "http://site.example/gone"]
        == "could_not_look: captured 2024-05-01T00:00:00Z, CC-8: a.warc.gz, 77 bytes at 5; Common Crawl: HTTP 404"
    )
    assert end.said["common_crawl", "http://site.example/never"] == "absent: not in CC-9, CC-8, CC-7"
    assert ("common_crawl", "site.example in CC-6") not in end.said
    row = end.captures[f"http://index.example/CC-8-index?{QUESTION}"]
    (clock,) = [c for a, c in of_index(evidence.open_capture(end.folder, row).body).items() if "site.example" in a]
    assert (clock.source, clock.stated.value) == ("web_archive", "20240501000000")


def kept(url: str = "http://site.example/gone", type_: str = "response") -> bytes:
    """A record as Common Crawl's files hold it."""
    http = message(b"<html><h1>It was here</h1></html>", "X-Crawl-Content-Encoding: gzip")
    lines = [
        "WARC/1.0",
        f"WARC-Type: {type_}",
        "WARC-Date: 2024-05-01T00:00:00Z",
        "WARC-Record-ID: <urn:uuid:5>",
        f"WARC-Target-URI: {url}",
        f"Content-Length: {len(http)}",
    ]
    return gzip.compress("\r\n".join([*lines, "", ""]).encode() + http + b"\r\n\r\n")


def copied(serve: Any, answer: bytes, length: int) -> Any:
    """A site whose page is gone, and that Common Crawl has at byte 5 of a file."""
    row = json.loads(capture("http://site.example/gone", "20240501000000")) | {"length": str(length)}
    listing = json.dumps(json.loads(LISTED)[:4]).encode()
    web = crawled(serve, message(listing), message(json.dumps(row).encode()), NONE, NONE)
    web.pages["http://data.example/a.warc.gz"] = answer
    return web


def test_a_page_that_is_gone_is_fetched_from_common_crawl(
    serve: Any, investigation: Investigate, proxy: Any, acquired: Any
) -> None:
    member = kept()
    web = copied(serve, message(member, status="206 Partial Content"), len(member))
    end = asked(investigation, proxy, web, acquired)
    place = f"CC-9: a.warc.gz, {len(member)} bytes at 5"
    assert end.said["common_crawl", "http://site.example/gone"] == f"found: captured 2024-05-01T00:00:00Z, {place}"
    (request,) = [one for one in web.requests if b"data.example" in one.split(b"\r\n")[0]]
    assert f"Range: bytes=5-{4 + len(member)}\r\n".encode() in request
    captures, lookups = evidence.index(end.folder, "r1")
    (row,) = [row for row in schema.records(captures) if row["purpose"] == "archive_page"]
    assert (row["address"], row["route"], row["original_time"]) == (
        "http://site.example/gone",
        "web_archive",
        "2024-05-01T00:00:00Z",
    )
    assert row["via"] == "http://data.example/a.warc.gz"
    assert b"It was here" in evidence.open_capture(end.folder, row).body
    # The answer as it came is kept as well.
    (outer,) = [row for row in schema.records(captures) if row["purpose"] == "archive_record"]
    assert evidence.open_capture(end.folder, outer).raw == member
    evidence.seal(end.folder, "r1")
    assert evidence.verify(end.folder, "r1") == []
    assert row["capture_id"] in {
        look["capture_id"] for look in schema.records(lookups) if look["subject"] == "http://site.example/gone"
    }


@pytest.mark.parametrize(
    ("member", "status", "said"),
    [
        (kept(), "200 OK", "HTTP 200 where a part was asked for"),
        (b"no gzip member, but words", "206 Partial Content", "no gzip member"),
        (kept()[:-9], "206 Partial Content", "no whole gzip member"),
        (gzip.compress(bytes(90_000_000)), "206 Partial Content", "no whole gzip member of less than"),
        (kept("http://other.example/gone"), "206 Partial Content", "another record than the index lists"),
        (kept(type_="request"), "206 Partial Content", "another record than the index lists"),
    ],
)
def test_a_copy_that_is_not_what_the_index_lists_is_not_taken(
    serve: Any, investigation: Investigate, proxy: Any, acquired: Any, member: bytes, status: str, said: str
) -> None:
    web = copied(serve, message(member, status=status), 500)
    end = asked(investigation, proxy, web, acquired)
    reason = end.said["common_crawl", "http://site.example/gone"]
    assert reason.startswith("could_not_look: captured 2024-05-01T00:00:00Z, CC-9: a.warc.gz, 500 bytes at 5; ")
    assert said in reason
    assert "archive_page" not in {row["purpose"] for row in end.captures.values()}


def test_a_busy_index_is_left_alone_for_the_time_it_names(
    serve: Any, investigation: Investigate, proxy: Any, acquired: Any
) -> None:
    listing = json.dumps(json.loads(LISTED)[:4]).encode()
    busy = message(b"", "Retry-After: 3600", status="429 Too Many Requests")
    web = crawled(
        serve, message(listing), busy, message(capture("http://site.example/gone", "20240501000000").encode())
    )
    end = asked(investigation, proxy, web, acquired)
    assert end.said["common_crawl", "site.example in CC-9"] == "could_not_look: Common Crawl: HTTP 429"
    assert "is to be left alone for 3" in end.said["common_crawl", "site.example in CC-8"]
    assert end.said["common_crawl", "http://site.example/gone"].startswith("could_not_look: Common Crawl: HTTP 429")
    assert sum(b"-index?" in request.split(b"\r\n")[0] for request in web.requests) == 1


@pytest.mark.parametrize("listing", [b"[]", b"{", LISTED, b'[{"id": "x", "cdx-api": "file:///etc"}]'])
def test_a_list_of_crawls_that_makes_no_sense_is_told(
    serve: Any, investigation: Investigate, proxy: Any, acquired: Any, listing: bytes
) -> None:
    end = asked(investigation, proxy, crawled(serve, message(listing)), acquired)
    assert end.said["common_crawl", "site.example"].startswith("could_not_look: the list of crawls is not there")
    assert end.said["common_crawl", "http://site.example/gone"].startswith("could_not_look: ")


def test_aliases_and_senders_are_followed_to_their_ends(
    investigation: Investigate, nameserver: Any, acquired: Any
) -> None:
    zone = {
        ("site.example", "A"): ["203.0.113.7"],
        ("www.site.example", "CNAME"): ["site.cdn.example."],
        ("site.cdn.example", "CNAME"): ["edge.cdn.example."],
        ("edge.cdn.example", "CNAME"): ["site.cdn.example."],
        ("site.example", "TXT"): ['"v=spf1 include:spf.mail.example " "include:%{i}.x.example redirect=spf.b.example"'],
        ("spf.mail.example", "TXT"): [
            '"v=spf1 include:deeper.mail.example -all"',
            '"google-site-verification=theirs12"',
        ],
        ("deeper.mail.example", "TXT"): ['"v=spf1 include:site.example -all"'],
        **{(f"s{n}.b.example", "TXT"): [f'"v=spf1 include:s{n + 1}.b.example"'] for n in range(40)},
        ("spf.b.example", "TXT"): ['"v=spf1 include:s0.b.example -all"'],
    }
    made = investigation(
        ["http://site.example/", "http://www.site.example/"],
        lookups=["dns"],
        resolvers=[nameserver(zone)],
        proxy="http://127.0.0.1:9",
    )
    said = acquired(made).said
    assert said["dns", "site.cdn.example/CNAME"] == said["dns", "edge.cdn.example/CNAME"] == "found: "
    assert said["dns", "spf.mail.example/TXT"] == said["dns", "deeper.mail.example/TXT"] == "found: "
    assert 2 < sum(subject.endswith(".b.example/TXT") for _, subject in said) <= 11
    assert not any("%" in subject for _, subject in said)


def test_what_a_mail_service_states_is_no_observation_on_its_customer() -> None:
    from wiretrace.read.records import of_dns

    text = 'x\nspf.mail.example.\t60\tIN\tTXT\t"google-site-verification=abcdefgh12345"\n'
    assert of_dns(text) and not of_dns(text, "site.example")


def test_the_whole_chain_is_kept(
    serve: Any, investigation: Investigate, proxy: Any, acquired: Any, tmp_path: Path
) -> None:
    authority = trustme.CA()
    between = authority.create_child_ca()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    between.issue_cert("site.example").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    web = serve({"/": message(b"x")}, context)
    address = proxy({("site.example", 443): web.port})
    made = investigation(
        ["https://site.example/"], lookups=["tls"], proxy=address, ca_file=str(tmp_path / "ca.pem"), pace={"timeout": 5}
    )
    end = acquired(made)
    assert end.said["tls", "site.example:443"] == "found: the certificate verifies"
    shown = evidence.open_capture(end.folder, end.captures["tls://site.example:443"]).raw
    assert shown.count(b"BEGIN CERTIFICATE") == 2


def test_a_server_that_is_silent_in_the_handshake_ends_in_time(
    tcp: Any, serve: Any, investigation: Investigate, proxy: Any, acquired: Any
) -> None:
    web = serve()
    address = proxy({("site.example", 443): tcp(lambda connection: web.hold.wait())})
    made = investigation(["https://site.example/"], lookups=["tls"], proxy=address, pace={"timeout": 0.3})
    assert acquired(made).said["tls", "site.example:443"] == "could_not_look: timed out after 0.3 s"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("% This is the registry's service.\n% Terms of use: ...\n" * 10 + "Domain: x.de\nStatus: free\n", True),
        ("No match for X.EXAMPLE\n>>> Last update of whois database <<<\n", True),
        ("該当するデータがありません。\n", True),
        ("The queried object does not exist\n", True),
        ("Domain Name: X.EXAMPLE\nCreation Date: 2020-01-01\nA name that is not found is not registered.\n", False),
        ("[登録者名] 見本\n[登録年月日] 2020/01/01\nno match\n", False),
        ("", False),
    ],
)
def test_whois_says_in_many_words_that_there_is_no_such_name(text: str, missing: bool) -> None:
    assert bool(absent(text)) is missing
