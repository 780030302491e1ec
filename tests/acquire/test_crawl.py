"""A publisher is crawled by budget and politely; what came is archived as it came, and no address is left untold."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wiretrace import config, evidence, schema
from wiretrace.acquire import Summary, acquire_shard
from wiretrace.progress import Progress

Investigate = Callable[..., config.Investigation]
ROBOTS = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def message(body: bytes, type_: str = "text/html", status: str = "200 OK", *more: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {type_}", f"Content-Length: {len(body)}", *more, "", ""]
    return "\r\n".join(head).encode() + body


def acquire(investigation: config.Investigation, snapshot: str = "r1") -> tuple[Summary, Path]:
    folder = config.folder(investigation) / "evidence"
    return acquire_shard(investigation, snapshot, 0, 1, folder, Progress("acquire")), folder


def tables(folder: Path, snapshot: str = "r1") -> tuple[dict[str, dict[str, Any]], dict[tuple[str, str], str]]:
    """Captures by address, and (outcome: reason) of look-ups by source and subject."""
    captures, lookups = evidence.index(folder, snapshot)
    return (
        {row["address"]: row for row in schema.records(captures)},
        {(r["source"], r["subject"]): f"{r['outcome']}: {r['reason']}" for r in schema.records(lookups)},
    )


def site(pages: dict[str, str]) -> dict[str, bytes]:
    return {path: message(body.encode()) for path, body in pages.items()}


def test_bytes_are_archived_as_they_crossed_the_wire(serve: Any, investigation: Investigate) -> None:
    odd = (
        b"HTTP/1.1 200 Fine\r\nX-Odd:   two  blanks \r\nx-folded: a\r\n\tb\r\nX-High: caf\xe9\r\n"
        b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5;note=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n"
    )
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    web = serve({"/": early + odd + b"EXTRA"})
    _, folder = acquire(investigation([web.url + "/"]))
    captures, lookups = tables(folder)
    row = captures[web.url + "/"]
    opened = evidence.open_capture(folder, row)
    assert opened.body == b"hello world"
    assert ("X-High", "caf\xe9") in opened.headers
    assert opened.header("x-folded") == "a b"
    assert (row["status"], row["route"], row["ip"]) == ("200", "direct", "127.0.0.1")
    assert lookups["page", web.url + "/"] == "found: "
    blocks = {r.type: r.block for g in groups(folder) for r in g if r.headers.get("warc-target-uri") == web.url + "/"}
    assert blocks["response"] == odd
    assert blocks["request"] == next(r for r in web.requests if r.startswith(b"GET / "))


def groups(folder: Path) -> Any:
    from wiretrace.evidence.index import groups as read

    return read(next((folder / "r1").glob("*.warc.gz")))


def test_early_hints_are_kept_beside_the_answer(serve: Any, investigation: Investigate) -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    web = serve({"/": early + message(b"<p>news")})
    _, folder = acquire(investigation([web.url + "/"]))
    captures, _ = tables(folder)
    assert captures[web.url + "/"]["status"] == "200"
    assert any(record.block == early for group in groups(folder) for record in group)


def test_links_feeds_and_sitemaps_are_followed_within_the_publisher(serve: Any, investigation: Investigate) -> None:
    web = serve()
    web.pages |= site(
        {
            "/": f'<a href="/a">a</a><a href="http://elsewhere.example/">x</a><!-- <a href="/no">-->'
            f'<link rel="alternate" type="application/rss+xml" href="{web.url}/news.rss"><script>"<a href=/js>"</script>',
            "/a": '<a href="b/?utm_source=x">b</a><a href="/logout">out</a><a href="/x.pdf">pdf</a>',
            "/b/": "b",
            "/from-feed": "f",
            "/from-map": "m",
        }
    )
    web.pages["/news.rss"] = message(b"<rss><channel><item><link>/from-feed</link></item></channel></rss>", "text/xml")
    web.pages["/robots.txt"] = message(f"Sitemap: {web.url}/map.xml.gz".encode(), "text/plain")
    maps = f"<urlset><url><loc>{web.url}/from-map</loc></url></urlset>".encode()
    web.pages["/map.xml.gz"] = message(gzip.compress(maps), "application/x-gzip")
    summary, folder = acquire(investigation([web.url + "/"]))
    _, lookups = tables(folder)
    pages = {subject.removeprefix(web.url) for source, subject in lookups if source == "page"}
    assert pages == {"/", "/a", "/b/", "/from-feed", "/from-map"}
    assert lookups["feed", web.url + "/news.rss"] == "found: "
    assert summary.pages == 5
    assert len(web.paths()) == len(set(web.paths()))


@pytest.mark.parametrize("root", ["/wp-json/", "/index.php?rest_route=/"])
def test_a_wordpress_interface_that_a_page_names_is_asked(serve: Any, investigation: Investigate, root: str) -> None:
    web = serve()
    web.pages |= site({"/": f'<link rel="https://api.w.org/" href="{web.url}{root}">', "/post-1": "p", "/post-2": "p"})
    join, mark = ("wp/v2/", "&") if "?" in root else ("wp/v2/", "?")
    listed = [{"link": f"{web.url}/post-{n}", "date_gmt": f"2024-05-0{n}T01:02:03"} for n in (2, 1)]
    listed += ["noise", {"link": None}, {"link": "http://elsewhere.example/x"}]
    web.pages[root] = message(b'{"namespaces": ["wp/v2"]}', "application/json")
    web.pages[f"{root}{join}posts{mark}per_page=100&_fields=link,date_gmt,modified_gmt,author&page=1"] = message(
        json.dumps(listed).encode(), "application/json"
    )
    _, folder = acquire(investigation([web.url + "/"]))
    _, lookups = tables(folder)
    pages = {subject.removeprefix(web.url) for source, subject in lookups if source == "page"}
    assert pages == {"/", "/post-1", "/post-2"}
    asked = {
        subject.removeprefix(web.url): said for (source, subject), said in lookups.items() if source == "wordpress"
    }
    assert sorted(said.partition(":")[0] for said in asked.values()) == ["absent", "found", "found"]


def test_budget_ends_the_crawl_and_names_what_is_left(serve: Any, investigation: Investigate) -> None:
    links = "".join(f'<a href="/p{n}">p</a>' for n in range(300))
    web = serve(site({"/": links} | {f"/p{n}": "p" for n in range(300)}))
    _, folder = acquire(investigation([web.url + "/"], budget={"pages": 3}))
    _, lookups = tables(folder)
    outcomes = [said for (source, _), said in lookups.items() if source == "page"]
    assert sum(said.startswith("found") for said in outcomes) == 3
    assert outcomes.count("not_looked: budget of 3 pages spent") == 200
    assert lookups["page", "127.0.0.1: further addresses"] == "not_looked: budget of 3 pages spent; 98 left"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (message(b"User-agent: *\nDisallow: /private"), "not_looked: robots.txt disallows"),
        (message(b"\xef\xbb\xbfUser-agent: wiretrace\nDisallow: /"), "not_looked: robots.txt disallows"),
        (message(b"", status="500 Oops"), "not_looked: robots.txt: HTTP 500, which is taken as disallow"),
        (message(b"", status="403 No"), "found: "),
    ],
)
def test_robots_are_kept(serve: Any, investigation: Investigate, answer: bytes, said: str) -> None:
    web = serve({"/private/x": message(b"x"), "/robots.txt": answer})
    _, folder = acquire(investigation([web.url + "/private/x"]))
    _, lookups = tables(folder)
    assert lookups["page", web.url + "/private/x"] == said
    assert ("/private/x" in web.paths()) is said.startswith("found")


def test_a_host_without_robots_that_cannot_be_reached_could_not_be_looked_at(
    serve: Any, investigation: Investigate
) -> None:
    web = serve({"/robots.txt": lambda connection: connection.close()})
    _, folder = acquire(investigation([web.url + "/a"]))
    _, lookups = tables(folder)
    assert lookups["page", web.url + "/a"].startswith("could_not_look: closed without")


def test_redirects_are_taken_one_by_one(serve: Any, investigation: Investigate) -> None:
    def to(where: str) -> bytes:
        return message(b"", "text/html", "302 Found", f"Location: {where}")

    web = serve(site({"/end": "end"}))
    web.pages |= {
        "/": to("/1"),
        "/1": to("/end"),
        "/loop": to("/pool"),
        "/pool": to("/loop"),
        "/file": to("file:///etc/x"),
    }
    web.pages |= {"/away": to("http://elsewhere.example/x"), "/inside": to("http://10.0.0.1/")}
    web.pages |= {f"/long{n}": to(f"/long{n + 1}") for n in range(20)}
    seeds = [web.url + path for path in ("/", "/loop", "/file", "/away", "/long0", "/inside")]
    _, folder = acquire(investigation(seeds))
    captures, lookups = tables(folder)
    said = {subject.removeprefix(web.url): text for (source, subject), text in lookups.items() if source == "page"}
    assert said["/"] == f"found: redirects to {web.url}/1"
    assert said["/end"] == "found: "
    assert captures[web.url + "/end"]["via"] == web.url + "/1"
    assert said["/pool"] == f"could_not_look: redirect loop: back to {web.url}/loop"
    assert said["/file"].startswith("could_not_look: redirects to file:///etc/x, which is no http")
    assert said["/away"] == "found: redirects to http://elsewhere.example/x, another publisher's address"
    assert said["/long10"] == "could_not_look: more than 10 redirects"
    assert "/long11" not in web.paths()
    assert not any("10.0.0.1" in address for address in captures)


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_not_contacted_unless_allowed(serve: Any, investigation: Investigate, host: str) -> None:
    web = serve(site({"/": "secret"}))
    _, folder = acquire(investigation([f"http://{host}:{web.port}/"], allow_networks=[]))
    _, lookups = tables(folder)
    assert web.requests == []
    assert all("refused" in text for (source, _), text in lookups.items() if source in ("page", "robots"))


def test_names_that_resolve_to_private_addresses_are_not_contacted(
    serve: Any, investigation: Investigate, nameserver: Any
) -> None:
    web = serve(site({"/": "secret"}))
    resolver = nameserver({("site.example", "A"): ["198.51.100.1", "127.0.0.1"]})
    made = investigation([f"http://site.example:{web.port}/"], allow_networks=[], resolvers=[resolver])
    _, folder = acquire(made)
    _, lookups = tables(folder)
    said = lookups["page", f"http://site.example:{web.port}/"]
    assert said.startswith("not_looked: refused: 127.0.0.1 is in 127.0.0.0/8")
    assert web.requests == []


def test_slow_and_endless_answers_end_in_their_time_and_size(serve: Any, investigation: Investigate) -> None:
    web = serve()

    def drip(connection: Any) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nab")
        while not web.hold.wait(0.05):
            connection.sendall(b"c")

    def endless(connection: Any) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")

    web.pages |= {"/drip": drip, "/endless": endless, "/flood": flood, "/cut": message(b"x" * 100)[:-50]}
    seeds = [web.url + path for path in ("/drip", "/endless", "/flood", "/cut")]
    _, folder = acquire(investigation(seeds, pace={"timeout": 0.5, "largest_answer": 10_000}))
    captures, lookups = tables(folder)
    row = captures[web.url + "/drip"]
    assert row["truncated"] == "time"
    assert lookups["page", web.url + "/drip"].startswith("could_not_look: timed out after 0.5 s;")
    assert evidence.open_capture(folder, row).body.startswith(b"abc")
    assert captures[web.url + "/endless"]["truncated"] == "length"
    assert captures[web.url + "/endless"]["size"] == 10_000
    assert lookups["page", web.url + "/endless"] == "found: cut after 10000 bytes"
    assert captures[web.url + "/flood"]["truncated"] == "length"
    assert captures[web.url + "/cut"]["truncated"] == "disconnect"
    assert lookups["page", web.url + "/cut"].startswith("could_not_look: closed before the end")


def flood(connection: Any) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-Header: " + b"y" * 1000 + b"\r\n")


def test_failures_that_pass_are_tried_again(serve: Any, investigation: Investigate) -> None:
    web = serve()
    answers = [
        message(b"", "text/html", "503 Busy", "Retry-After: 0"),
        message(b"", status="500 Oops"),
        message(b"here"),
    ]
    web.pages["/"] = lambda connection: connection.sendall(answers.pop(0))
    web.pages["/later"] = message(b"", "text/html", "429 Too Many", "Retry-After: 86400")
    made = investigation([web.url + "/", web.url + "/later", web.url + "/never"], pace={"retries": 2})
    _, folder = acquire(made)
    captures, lookups = evidence.index(folder, "r1")
    statuses = sorted(row["status"] for row in schema.records(captures) if row["address"] == web.url + "/")
    assert statuses == ["200", "500", "503"]
    said = {row["subject"].removeprefix(web.url): row["reason"] for row in schema.records(lookups)}
    assert said["/later"] == "HTTP 429"
    assert said["/never"].startswith("HTTP 429: 127.0.0.1 is to be left alone for 86")
    assert "/never" not in web.paths()


def test_a_later_round_revisits_what_earlier_ones_found(serve: Any, investigation: Investigate) -> None:
    web = serve(site({"/": '<a href="/gone">g</a>', "/gone": "was here"}))
    made = investigation([web.url + "/"])
    _, folder = acquire(made)
    evidence.seal(folder, "r1")
    web.pages = dict(site({"/": "nothing"}))
    acquire(made, "r2")
    _, lookups = tables(folder, "r2")
    assert lookups["page", web.url + "/gone"] == "absent: HTTP 404"


def test_a_finished_or_sealed_round_asks_nothing_again(serve: Any, investigation: Investigate) -> None:
    web = serve(site({"/": '<a href="/a">a</a>', "/a": "a"}))
    made = investigation([web.url + "/"])
    _, folder = acquire(made)
    file = next((folder / "r1").glob("*.warc.gz"))
    before, asked = file.read_bytes(), len(web.requests)
    summary, _ = acquire(made)
    assert (file.read_bytes(), len(web.requests), summary.captures) == (before, asked, 0)
    evidence.seal(folder, "r1")
    acquire(made)
    assert len(web.requests) == asked
    assert evidence.verify(folder, "r1") == []


KILLED = """
import json, os, signal, sys
from pathlib import Path
from wiretrace import config
from wiretrace.acquire import acquire_shard
from wiretrace.acquire.record import Archive
from wiretrace.progress import Progress

made = config.load(json.loads(sys.argv[1]))
add, left = Archive.add, [int(sys.argv[2])]

def counted(self, exchange, lookup):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return add(self, exchange, lookup)

Archive.add = counted
acquire_shard(made, "r1", 0, 1, config.folder(made) / "evidence", Progress("acquire"))
"""


@pytest.mark.parametrize("after", [1, 2, 4, 7])
def test_a_killed_job_goes_on_and_fetches_nothing_twice(serve: Any, investigation: Investigate, after: int) -> None:
    links = "".join(f'<a href="/p{n}">p</a>' for n in range(6))
    web = serve(site({"/": links} | {f"/p{n}": f'<a href="/q{n}">q</a>' for n in range(6)} | {"/q1": "q"}))
    made = investigation([web.url + "/"])
    killed = subprocess.run([sys.executable, "-c", KILLED, json.dumps(made.model_dump()), str(after)], check=False)
    assert killed.returncode == -signal.SIGKILL
    file = config.folder(made) / "evidence" / "r1" / "000-of-001.warc.gz"
    if after > 1:
        # What a power cut adds to a kill: the last exchange is half there.
        os.truncate(file, file.stat().st_size - 40)
    summary, folder = acquire(made)
    assert bool(summary.repaired) is (after > 1)
    _, lookups = evidence.index(folder, "r1")
    subjects = [(row["source"], row["subject"]) for row in schema.records(lookups)]
    assert len(subjects) == len(set(subjects))
    twice = {path for path in web.paths() if web.paths().count(path) > 1}
    # Only the exchange that was never archived, and the one whose record was torn, were asked for again.
    assert len(twice) <= 2
    whole, _ = acquire(investigation([web.url + "/"]), "r2")
    assert {subject for source, subject in subjects if source == "page"} == {
        row["subject"] for row in schema.records(evidence.index(folder, "r2")[1]) if row["source"] == "page"
    }
    assert whole.pages == 8


def test_proxied_requests_go_in_absolute_form(serve: Any, investigation: Investigate, proxy: Any) -> None:
    web = serve()
    web.pages = {"http://site.example/": message(b"hello")}
    address = proxy({}, web)
    _, folder = acquire(investigation(["http://site.example/"], proxy=address, contact="desk@press.example"))
    captures, _ = tables(folder)
    assert captures["http://site.example/"]["route"] == "proxy"
    first = next(request for request in web.requests if request.startswith(b"GET http://site.example/ "))
    assert b"\r\nHost: site.example\r\n" in first
    assert b"(+desk@press.example)" in first
