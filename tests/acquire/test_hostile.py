"""A server of horrors: whatever it sends, the crawl ends within its bounds and a row tells how."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import brotli
import pytest
import zstandard

from wiretrace import config, evidence

Investigate = Callable[..., config.Investigation]
MEMORY = 128_000_000
ZEROS = b"\0" * 100_000_000


def message(body: bytes, *more: str, status: str = "200 OK", type_: str = "text/html") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {type_}", f"Content-Length: {len(body)}", *more, "", ""]
    return "\r\n".join(head).encode() + body


BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": cache(lambda: gzip.compress(ZEROS, 1)),
    "deflate": lambda: zlib.compress(ZEROS, 1),
    "br": lambda: brotli.compress(ZEROS, quality=1),
    "zstd": lambda: zstandard.compress(ZEROS),
    "gzip, gzip": lambda: gzip.compress(BOMBS["gzip"]()),
}


def test_bombs_cost_little_memory_are_kept_as_sent_and_told(
    serve: Any, investigation: Investigate, acquired_apart: Any
) -> None:
    bombs = {coding: make() for coding, make in BOMBS.items()}
    web = serve(
        {f"/{n}": message(bomb, f"Content-Encoding: {coding}") for n, (coding, bomb) in enumerate(bombs.items())}
    )
    end, grown = acquired_apart(investigation([f"{web.url}/{n}" for n in range(len(bombs))]))
    assert grown < MEMORY
    for number, bomb in enumerate(bombs.values()):
        row = end.captures[f"{web.url}/{number}"]
        assert (row["size"], row["truncated"]) == (len(bomb), "")
        assert end.said["page", row["address"]] == "found: read as far as 3000000 bytes of what it unpacks to"


def test_bombs_of_eight_publishers_at_once_cost_little_memory(
    serve: Any, investigation: Investigate, proxy: Any, acquired_apart: Any
) -> None:
    words = gzip.compress(b"<p>" + b"many <a href='/x'>words</a> of it " * 3_000_000, 1)
    bombs = [message(bomb, "Content-Encoding: gzip") for bomb in (BOMBS["gzip"](), words)]
    hosts = [f"site{n}.example" for n in range(8)]
    web = serve({f"http://{host}/{n}": bomb for host in hosts for n, bomb in enumerate(bombs)})
    seeds = [f"http://{host}/{n}" for host in hosts for n in range(len(bombs))]
    end, grown = acquired_apart(
        investigation(seeds, proxy=proxy({}, web), pace={"publishers_at_once": 8, "timeout": 60}, budget={"pages": 3})
    )
    assert sum("read as far as 3000000 bytes" in said for said in end.said.values()) == len(seeds)
    assert grown < MEMORY


def test_bombs_in_feeds_and_sitemaps_cost_little_memory(
    serve: Any, investigation: Investigate, acquired_apart: Any
) -> None:
    web = serve()
    laughs = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 20) for n in range(1, 9)
    )
    laughs += b"]><urlset><url><loc>&a8;</loc></url></urlset>"
    many = b"<urlset>" + b"".join(b"<url><loc>/m%d</loc></url>" % n for n in range(60_000)) + b"</urlset>"
    web.pages |= {
        "/": message(b'<link rel="alternate" type="application/rss+xml" href="/bomb.rss">'),
        "/robots.txt": message(
            "".join(f"Sitemap: {web.url}/{n}\n" for n in ("map.gz", "laughs", "many", "loop", "odd")).encode()
        ),
        "/bomb.rss": message(BOMBS["gzip"](), "Content-Encoding: gzip", type_="application/rss+xml"),
        "/map.gz": message(gzip.compress(b"<urlset>" + ZEROS[:60_000_000], 1), type_="application/gzip"),
        "/laughs": message(laughs),
        "/many": message(many),
        "/loop": message(
            f"<sitemapindex><sitemap><loc>{web.url}/loop</loc></sitemap><sitemap><loc>http://10.0.0.1/x</loc></sitemap>"
            f"<sitemap><loc>{web.url}/</loc></sitemap></sitemapindex>".encode()
        ),
        "/odd": message(b"<urlset><url><loc>/x</loc></url><url><loc>\xff\xfe\0</wrong><<<"),
    }
    end, grown = acquired_apart(investigation([web.url + "/"], budget={"pages": 3}))
    assert grown < MEMORY
    maps = {subject.removeprefix(web.url): said for (source, subject), said in end.said.items() if source == "sitemap"}
    assert maps.keys() == {"/map.gz", "/laughs", "/many", "/loop", "/odd", "/", "/sitemap.xml"}
    assert end.said["feed", web.url + "/bomb.rss"].startswith("found: read as far as")
    assert not any("10.0.0.1" in subject for _, subject in end.said)
    assert sum(source == "page" for source, _ in end.said) < 220


def test_pages_and_heads_of_absurd_size_cost_little(
    serve: Any, investigation: Investigate, acquired_apart: Any
) -> None:
    links = b"".join(b'<a href="/l%d">l</a>' % n for n in range(100_000))
    attributes = b"<a " + b"".join(b"b%d=c " % n for n in range(200_000)) + b'href="/no">'
    web = serve()
    web.pages |= {
        "/": message(links + attributes),
        "/cookie": message(b"c", "Set-Cookie: x=" + "y" * 1_000_000),
        "/headers": message(b"h", *(f"X-H{n}: v" for n in range(5000))),
        "/deep": message(b"<div>" * 200_000 + b"<p>" * 200_000),
    }
    front = serve({"/a": message(b"a"), "/robots.txt": message(b"User-agent: *\nDisallow: /a\n" + b"#" * 21_000_000)})
    seeds = [web.url + path for path in ("/", "/cookie", "/headers", "/deep")] + [front.url + "/a"]
    end, grown = acquired_apart(investigation(seeds, budget={"pages": 8}))
    assert grown < MEMORY
    page = {subject.removeprefix(web.url): said for (source, subject), said in end.said.items() if source == "page"}
    assert page["/"] == page["/headers"] == page["/deep"] == "found: "
    assert page["/cookie"].startswith("could_not_look: ")
    assert end.captures[web.url + "/cookie"]["truncated"] == "length"
    assert page["127.0.0.1: further addresses"].startswith("not_looked: budget of 8 pages spent; ")
    assert end.captures[front.url + "/robots.txt"]["truncated"] == "length"
    assert page[front.url + "/a"] == "not_looked: robots.txt disallows"


def test_headers_that_make_no_sense_end_in_a_row_each(serve: Any, investigation: Investigate, acquired: Any) -> None:
    sent = {
        "/nul": b"HTTP/1.1 200 OK\r\nX-\x00\xff: \xc3\x28\x00\r\nContent-Length: 1\r\n\r\nn",
        "/both": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        "/two": b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 9\r\n\r\nabc",
        "/negative": b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc",
        "/huge": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        "/short": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcdef",
        "/chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffff\r\nabc",
        "/nochunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>plain\n",
        "/nostatus": b"HTTP/1.1 200\r\n\r\nabc",
        "/999": b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n",
        "/interim": b"HTTP/1.1 103 Early\r\n\r\n" * 50,
        "/telnet": b"\xff\xfd\x18 login:",
        "/empty": b"",
        "/lying": b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=punycode\r\nContent-Encoding: gzip\r\n\r\n<a href=x>",
        "/cookie": b"HTTP/1.1 200 OK\r\nSet-Cookie: track=1\r\nContent-Length: 1\r\n\r\nc",
        "/304": b"HTTP/1.1 304 Not Modified\r\n\r\n",
        "/titles": message("<title>../../x\x1b[2J\u202e</title><a href='/%2e%2e/..%2f\u202e'>".encode()),
    }
    web = serve(dict(sent))
    end = acquired(investigation([web.url + path for path in sent], pace={"timeout": 1}))
    said = {path: end.said["page", web.url + path] for path in sent}
    assert {path for path, text in said.items() if text.startswith("found: ")} == {
        "/nul",
        "/both",
        "/two",
        "/negative",
        "/huge",
        "/short",
        "/nochunk",
        "/nostatus",
        "/lying",
        "/cookie",
        "/titles",
    }
    assert said["/chunk"] == "could_not_look: closed before the end of the answer; 66 bytes came"
    assert said["/304"] == "could_not_look: HTTP 304"
    assert said["/telnet"] == "could_not_look: the answer is not HTTP"
    assert evidence.open_capture(end.folder, end.captures[web.url + "/short"]).body == b"ab"
    assert evidence.open_capture(end.folder, end.captures[web.url + "/both"]).body == b"hi"
    assert not any(b"cookie" in request.lower().replace(b"/cookie", b"") for request in web.requests)
    evidence.seal(end.folder, "r1")
    assert evidence.verify(end.folder, "r1") == []


def test_silence_at_any_moment_ends_in_time(
    serve: Any, tcp: Any, investigation: Investigate, acquired: Any, proxy: Any
) -> None:
    web = serve()

    def heads(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not web.hold.wait(0.02):
            connection.sendall(b"X: y\r\n")

    def chunks(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not web.hold.wait(0.02):
            connection.sendall(b"1\r\nx\r\n")

    web.pages |= {"/heads": heads, "/chunks": chunks, "/mute": lambda connection: web.hold.wait()}
    silent = tcp(lambda connection: web.hold.wait())
    seeds = [web.url + path for path in ("/heads", "/chunks", "/mute")] + [f"https://127.0.0.1:{silent}/tls"]
    end = acquired(investigation(seeds, pace={"timeout": 0.3}))
    late = "could_not_look: timed out after 0.3 s"
    assert end.said["page", web.url + "/heads"].startswith(f"{late}; ")
    assert end.said["page", web.url + "/chunks"].startswith(f"{late}; ")
    assert end.said["page", web.url + "/mute"] == late
    assert end.said["page", seeds[-1]] == late
    assert {end.captures[web.url + path]["truncated"] for path in ("/heads", "/chunks")} == {"time"}


def test_a_proxy_that_dies_midway_is_told(tcp: Any, investigation: Investigate, acquired: Any) -> None:
    def dies(connection: socket.socket) -> None:
        asked = connection.recv(65536)
        if b"/half" in asked:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        elif asked.startswith(b"CONNECT"):
            connection.sendall(b"HTTP/1.1 200 Connection est")
        elif b"robots" in asked:
            connection.sendall(b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")

    seeds = ["http://a.example/half", "http://a.example/none", "https://a.example/tunnel"]
    end = acquired(investigation(seeds, proxy=f"http://127.0.0.1:{tcp(dies)}"))
    assert end.said["page", seeds[0]].startswith("could_not_look: closed before the end of the answer;")
    assert end.said["page", seeds[1]] == "could_not_look: closed without an answer"
    assert end.said["page", seeds[2]].startswith("could_not_look: proxy: closed without an answer to CONNECT")


def test_redirects_lead_nowhere_else(serve: Any, investigation: Investigate, acquired: Any) -> None:
    targets = {
        "file:///etc/passwd": "which is no http or https address",
        "ftp://x.example/": "which is no http or https address",
        "data:text/html,x": "which is no http or https address",
        "gopher://127.0.0.1:25/_x": "which is no http or https address",
        "//[::1]:80/": "another publisher's address",
        "http://[": "which is no http or https address",
        "http://u:p@10.0.0.1/": "another publisher's address",
    }
    web = serve({f"/{n}": message(b"", f"Location: {to}", status="302 Found") for n, to in enumerate(targets)})
    web.pages |= {"/smtp": message(b"", "Location: http://127.0.0.1:25/", status="301 Moved")}
    web.pages |= {"/split": message(b"", "Location: /x%0d%0aHost: evil", status="301 Moved")}
    web.pages |= {"/robots.txt": message(b"User-agent: *\nDisallow: /shut")}
    web.pages |= {"/in": message(b"", "Location: /shut", status="307 Moved")}
    paths = [f"/{n}" for n in range(len(targets))] + ["/smtp", "/split", "/in"]
    end = acquired(investigation([web.url + path for path in paths]))
    for number, why in enumerate(targets.values()):
        assert end.said["page", f"{web.url}/{number}"].endswith(why)
    assert end.said["page", "http://127.0.0.1:25/"] == "not_looked: refused: port 25 belongs to another protocol"
    assert end.said["page", web.url + "/shut"] == "not_looked: robots.txt disallows"
    assert all(request.count(b"\r\nHost:") == 1 for request in web.requests)


def test_traps_end(serve: Any, investigation: Investigate, acquired: Any) -> None:
    """A calendar, sessions, facets, paths that grow, and a page that is the same under endless addresses."""
    web = serve()

    def endless(connection: socket.socket) -> None:
        path = web.paths()[-1]
        number = len(web.requests)
        if path.startswith("/same/"):
            body = f'<p>The same words.</p><a href="/same/{number}">on</a>'
        elif path.startswith("/grow"):
            body = f'<a href="{path}/deeper/">on</a>'
        else:
            body = (
                f'<a href="/list?a={number}&b=1">f</a><a href="/x?sid={number}">s</a><a href="/calendar/{number}">c</a>'
            )
            body += '<a href="/same/0">t</a><a href="/grow">g</a>'
        connection.sendall(message(body.encode()))

    class Any_(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            return super().get(path, endless if path not in ("/robots.txt", "/sitemap.xml") else default)

    web.pages = Any_()
    end = acquired(investigation([web.url + "/"], budget={"pages": 200}))
    pages = [said for (source, _), said in end.said.items() if source == "page"]
    assert sum(said.startswith("found") for said in pages) < 60
    reasons = {said.removeprefix("not_looked: looks like a trap: ") for said in pages if "looks like a trap" in said}
    assert reasons == {
        "a session in its address",
        "a calendar",
        "its path repeats itself",
        "10 addresses like it show one text",
    }


@pytest.mark.parametrize(
    ("robots", "said"),
    [
        (b"<html><body>Disallow: nothing</body></html>", "found: "),
        (bytes(range(256)) * 40, "found: "),
        (b"User-agent: *\n" + b"Disallow: /" + b"x" * 600_000 + b"\n", "found: "),
        (b"\xff\xfeU\0s\0e\0r\0", "found: "),
    ],
)
def test_robots_of_any_kind_are_read(
    serve: Any, investigation: Investigate, acquired: Any, robots: bytes, said: str
) -> None:
    web = serve({"/a": message(b"a"), "/robots.txt": message(robots, type_="text/plain")})
    end = acquired(investigation([web.url + "/a"], budget={"pages": 1}))
    assert end.said["page", web.url + "/a"] == said


def test_robots_that_redirect_in_a_circle_or_never_answer_are_no_permission(
    serve: Any, investigation: Investigate, acquired: Any
) -> None:
    round_ = serve({"/robots.txt": message(b"", "Location: /robots.txt", status="301 Moved"), "/a": message(b"a")})
    mute = serve()
    mute.pages |= {"/robots.txt": lambda connection: mute.hold.wait(), "/a": message(b"a")}
    end = acquired(investigation([round_.url + "/a", mute.url + "/a"], pace={"timeout": 0.3}))
    assert not end.said["page", round_.url + "/a"].startswith("found")
    assert end.said["page", mute.url + "/a"] == "could_not_look: timed out after 0.3 s"
    assert "/a" not in round_.paths() + mute.paths()


def test_addresses_made_to_confuse_are_asked_in_their_plain_form_or_not_at_all(
    serve: Any, investigation: Investigate, acquired: Any
) -> None:
    web = serve()
    links = [
        "/a/../b",
        "/%2e%2e/c",
        "/d#x",
        "/e\r\nHost: evil",
        f"/{'y' * 65_000}",
        "http://\u202eevil/",
        "/\u5b50",
        "//",
    ]
    web.pages["/"] = message("".join(f'<a href="{link}">l</a>' for link in links).encode())
    end = acquired(investigation([web.url + "/"]))
    pages = {subject.removeprefix(web.url) for source, subject in end.said if source == "page"}
    assert {"/b", "/c", "/d", "/%E5%AD%90"} <= pages
    assert all(request.count(b"\r\nHost: ") == 1 and len(request) < 5000 for request in web.requests)


def test_a_crawl_delay_longer_than_the_budget_ends_the_crawl(
    serve: Any, investigation: Investigate, acquired: Any
) -> None:
    web = serve({"/robots.txt": message(b"User-agent: *\nCrawl-delay: 86400\nCrawl-delay: x\n"), "/a": message(b"a")})
    end = acquired(investigation([web.url + "/a"], budget={"minutes": 0.02}))
    said = end.said["page", web.url + "/"]
    assert said == "not_looked: budget of 0.02 minutes spent before 127.0.0.1 may be asked again"
