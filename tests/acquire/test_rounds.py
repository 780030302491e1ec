"""Later rounds ask only for what changed, and what did not is archived as a revisit that reads as the first capture."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from wiretrace import config, evidence, read, schema

Investigate = Callable[..., config.Investigation]
TEXT = "<p>" + "A long enough paragraph of news from the town hall about the new bridge. " * 6 + "</p>"


def page(title: str, body: str = TEXT) -> bytes:
    return f"<html><title>{title}</title><article><h1>{title}</h1>{body}</article></html>".encode()


def message(body: bytes, *more: str, status: str = "200 OK") -> bytes:
    head = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", *more, "", ""]
    return "\r\n".join(head).encode() + body


def conditional(web: Any, path: str, body: bytes, tag: str = '"v1"', told: str = "") -> Callable[[socket.socket], None]:
    """A page with an entity tag; 304 where it is known."""

    def handle(connection: socket.socket) -> None:
        asked = web.requests[-1]
        if f"If-None-Match: {tag}".encode() in asked:
            connection.sendall(f"HTTP/1.1 304 Not Modified\r\nETag: {told or tag}\r\n\r\n".encode())
        else:
            connection.sendall(message(body, f"ETag: {tag}", "Last-Modified: Mon, 01 Jul 2024 00:00:00 GMT"))

    return handle


def rows(table: Any) -> list[dict[str, Any]]:
    return schema.records(table)


def tables(made: config.Investigation, end: Any, *snapshots: str) -> dict[str, Any]:
    """What is read of both rounds, the second of them a thousand years after the first."""
    both = [evidence.index(end.folder, snapshot) for snapshot in snapshots]
    captures = schema.frame("captures", [row for one, _ in both for row in rows(one)])
    second = captures["snapshot"] == "r2"
    captures.loc[second, "time"] = captures.loc[second, "time"].str.replace("^2", "3", regex=True)
    lookups = schema.frame("lookups", [row for _, one in both for row in rows(one)])
    return {"captures": captures} | read.read_publishers(end.folder, captures, lookups, made, ["127.0.0.1"])


def test_what_has_not_changed_is_a_revisit_and_reads_as_before(
    serve: Any, investigation: Investigate, acquired: Any
) -> None:
    web = serve({"/": message(b'<a href="/tagged">t</a><a href="/plain">p</a><a href="/edited">e</a>')})
    web.pages |= {"/tagged": conditional(web, "/tagged", page("Tagged")), "/plain": message(page("Plain"))}
    web.pages["/edited"] = conditional(web, "/edited", page("Edited"))
    made = investigation([web.url + "/"])
    first = acquired(made)
    evidence.seal(first.folder, "r1")
    web.pages["/edited"] = conditional(web, "/edited", page("Edited", TEXT + "<p>And one more thing.</p>"), '"v2"')
    web.pages["/tagged"] = (inner := web.pages["/tagged"])
    asked = len(web.requests)
    end = acquired(made, "r2")
    evidence.seal(end.folder, "r2")
    assert evidence.verify(end.folder, "r2") == []

    tagged, plain = end.captures[web.url + "/tagged"], end.captures[web.url + "/plain"]
    was = first.captures[web.url + "/tagged"]
    assert (tagged["status"], plain["status"]) == ("304", "200")
    for now, before in ((tagged, was), (plain, first.captures[web.url + "/plain"])):
        assert now["refers_to"] == before["capture_id"]
        assert [now[name] for name in ("digest", "size", "media_type")] == [
            before[name] for name in ("digest", "size", "media_type")
        ]
        assert evidence.open_capture(end.folder, now) == evidence.open_capture(end.folder, before)
    assert end.captures[web.url + "/edited"]["refers_to"] == ""
    assert end.said["page", web.url + "/tagged"] == f"found: HTTP 304: unchanged since {was['time']}"
    # The seed is asked for whole each time; it showed the same bytes.
    requests = {r.split(b" ")[1]: r for r in web.requests[asked:]}
    assert b"If-None-Match" not in requests[b"/"] and b"If-None-Match" in requests[b"/tagged"]
    assert end.captures[web.url + "/"]["refers_to"]

    made_of = tables(made, end, "r1", "r2")
    versions = {row["title"]: row for row in rows(made_of["article_versions"])}
    assert [row["title"] for row in rows(made_of["article_versions"])].count("Edited") == 2
    assert (versions["Tagged"]["first_seen"], versions["Tagged"]["last_seen"]) == (
        was["time"],
        tagged["time"].replace("2", "3", 1),
    )
    assert {row["state"] for row in rows(made_of["articles"])} == {"live"}
    with open(next((end.folder / "r2").glob("*.warc.gz")), "rb") as stream:
        types = [(r.rec_type, r.rec_headers["WARC-Profile"]) for r in ArchiveIterator(stream, check_digests="raise")]
    assert sum(kind == "revisit" for kind, _ in types) >= 3
    assert inner


def test_a_third_round_refers_to_the_first(serve: Any, investigation: Investigate, acquired: Any) -> None:
    web = serve({"/": message(b'<a href="/tagged">t</a>')})
    web.pages["/tagged"] = conditional(web, "/tagged", page("Tagged"))
    made = investigation([web.url + "/"])
    rounds = []
    for label in ("r1", "r2", "r3"):
        rounds.append(acquired(made, label).captures[web.url + "/tagged"])
        evidence.seal(config.folder(made) / "evidence", label)
    assert [row["refers_to"] for row in rounds] == ["", rounds[0]["capture_id"], rounds[0]["capture_id"]]
    assert b"Tagged" in evidence.open_capture(config.folder(made) / "evidence", rounds[2]).body


@pytest.mark.parametrize("told", ['"other"', 'W/"v1-gzip"'])
def test_a_304_about_something_else_is_not_believed(
    serve: Any, investigation: Investigate, acquired: Any, told: str
) -> None:
    web = serve({"/": message(b'<a href="/tagged">t</a>')})
    web.pages["/tagged"] = conditional(web, "/tagged", page("Tagged"), told=told)
    made = investigation([web.url + "/"])
    acquired(made)
    evidence.seal(config.folder(made) / "evidence", "r1")
    end = acquired(made, "r2")
    assert end.captures[web.url + "/tagged"]["status"] == ("200" if "other" in told else "304")


def test_a_revisit_whose_first_capture_is_gone_says_so(serve: Any, investigation: Investigate, acquired: Any) -> None:
    web = serve({"/": message(b'<a href="/tagged">t</a>')})
    made = investigation([web.url + "/"])
    acquired(made)
    evidence.seal(config.folder(made) / "evidence", "r1")
    end = acquired(made, "r2")
    next((end.folder / "r1").glob("*.warc.gz")).unlink()
    with pytest.raises(config.UserError, match=r"r1/000-of-001.warc.gz|cannot read evidence"):
        evidence.open_capture(end.folder, end.captures[web.url + "/"])


def shell(body: str) -> bytes:
    return f"<html><title>Paper</title><nav>Home News Sport Weather</nav>{body}</html>".encode()


def test_a_page_that_shows_what_an_address_shows_that_never_was_is_deleted(
    serve: Any, investigation: Investigate, acquired: Any
) -> None:
    web = serve()
    sorry = TEXT.replace("news", "regret") + "<p>We looked for {} and 404 other places.</p>"

    class Soft(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            there = super().get(path)
            return there or (default if "." in path else message(page("Read on", sorry.format(path))))

    web.pages = Soft({"/": message(shell('<a href="/one">o</a><a href="/two">t</a>')), "/one": message(page("One"))})
    web.pages["/two"] = message(page("Two"))
    made = investigation([web.url + "/"])
    acquired(made)
    evidence.seal(config.folder(made) / "evidence", "r1")
    del web.pages["/two"]
    end = acquired(made, "r2")
    assert sum(source == "probe" for source, _ in end.said) == 1
    made_of = tables(made, end, "r1", "r2")
    assert {row["title"]: row["state"] for row in rows(made_of["articles"])} == {"One": "live", "Two": "deleted"}
    (gone,) = [row for row in rows(made_of["article_versions"]) if row["title"] == "Two"]
    assert (gone["ended"], gone["ended_how"]) == ("deleted", "200, the same page as for an address that never was")


def test_a_site_that_shows_one_shell_at_every_address_has_nothing_deleted(
    serve: Any, investigation: Investigate, acquired: Any
) -> None:
    web = serve()

    class Shell(dict[str, Any]):
        def get(self, path: str, default: Any = None) -> Any:
            return default if "." in path else message(shell('<a href="/one">o</a>' + "<p>Loading the news</p>"))

    web.pages = Shell()
    made = investigation([web.url + "/one"])
    end = acquired(made)
    made_of = tables(made, end, "r1")
    assert not [row for row in rows(made_of["pages"]) if row["kind"] == "soft404"]


def test_an_unchanged_answer_of_a_service_means_what_it_meant_before(
    serve: Any, investigation: Investigate, acquired: Any, proxy: Any
) -> None:
    front = serve({"http://logs.example/?q=site.example&output=json": message(b"[]")})
    made = investigation(
        ["http://site.example/"], lookups=["transparency"], transparency="http://logs.example/", proxy=proxy({}, front)
    )
    first = acquired(made).said["transparency", "site.example"]
    evidence.seal(config.folder(made) / "evidence", "r1")
    second = acquired(made, "r2").said["transparency", "site.example"]
    assert second.startswith(f"{first}; unchanged since ") and first.startswith("absent")
