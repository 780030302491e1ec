"""Pages that scripts fill are rendered by a browser that opens no connection of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wiretrace import config, evidence, read, schema
from wiretrace.acquire import launch

Investigate = Callable[..., config.Investigation]
CHROMIUM = "chromium"
needs_chromium = pytest.mark.skipif(not shutil.which(CHROMIUM), reason="no Chromium on this machine")
TEXT = "The council of the town voted for the new bridge on Monday after a debate of four hours in the hall. " * 8
SHELL = b"""<!DOCTYPE html><html><head><title>Paper</title></head><body><div id="app"></div>
<script src="/app.js"></script></body></html>"""
SCRIPT = """
fetch('/story.json', {headers: {'X-Wanted': 'yes'}}).then(r => r.json()).then(told => setTimeout(() => {
  document.title = told.title;
  const said = told.lines.map(line => '<p>' + line + '</p>').join('');
  document.getElementById('app').innerHTML =
    '<article><h1>' + told.title + '</h1>' + said + '</article><a href="/next">Next</a><img src="/photo.png">';
}, 5000))
"""
STORY = json.dumps({"title": "Bridge approved", "lines": [TEXT, TEXT]})


def message(body: bytes, type_: str = "text/html", status: str = "200 OK", *more: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Type: {type_}", f"Content-Length: {len(body)}", *more, "", ""]
    return "\r\n".join(head).encode() + body


def rows(table: Any) -> list[dict[str, Any]]:
    return schema.records(table)


def by_purpose(folder: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows(evidence.index(folder, "r1")[0]):
        found.setdefault(row["purpose"], []).append(row)
    return found


@pytest.fixture
def listener() -> Iterator[Callable[[str], tuple[int, list[bytes]]]]:
    """Makes TCP listeners at an address of loopback: the port, and what was sent there, if anybody connected."""
    opened: list[socket.socket] = []

    def make(address: str) -> tuple[int, list[bytes]]:
        server = socket.create_server((address, 0))
        opened.append(server)
        heard: list[bytes] = []

        def listen() -> None:
            try:
                while True:
                    connection, _ = server.accept()
                    connection.settimeout(5)
                    heard.append(connection.recv(10_000))
                    connection.close()
            except OSError:
                return

        threading.Thread(target=listen, daemon=True).start()
        return server.getsockname()[1], heard

    yield make
    for server in opened:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


@needs_chromium
def test_a_page_that_scripts_fill_is_rendered_archived_and_read(
    serve: Any, investigation: Investigate, acquired: Any
) -> None:
    web = serve({"/story": message(SHELL), "/app.js": message(SCRIPT.encode(), "text/javascript")})
    web.pages["/story.json"] = message(STORY.encode(), "application/json")
    web.pages["/next"] = message(b"<html><title>Next</title><p>Next</p></html>")
    made = investigation([web.url + "/story"], browser=CHROMIUM)
    end = acquired(made)
    evidence.seal(end.folder, "r1")
    assert evidence.verify(end.folder, "r1") == []

    found = by_purpose(end.folder)
    (document,), (picture,) = found["rendered"], found["screenshot"]
    (page,) = [row for row in found["page"] if row["address"] == web.url + "/story"]
    assert document["refers_to"] == picture["refers_to"] == page["capture_id"]
    assert document["address"] == picture["address"] == web.url + "/story"
    assert b"Bridge approved" in evidence.open_capture(end.folder, document).body
    assert evidence.open_capture(end.folder, picture).body.startswith(b"\x89PNG")
    asked = {row["address"].removeprefix(web.url) for row in found["requisite"]}
    assert {"/app.js", "/story.json", "/photo.png"} <= asked
    # A link that only the rendered page has is followed; nobody sent a header of the script's.
    assert "/next" in web.paths() and not any(b"X-Wanted" in request for request in web.requests)
    said = end.said["browser", web.url + "/story"]
    assert said.startswith("found: Chrome/") and ("without its sandbox" in said) == (os.geteuid() == 0)

    captures, lookups = evidence.index(end.folder, "r1")
    told = read.read_publishers(end.folder, captures, lookups, made, ["127.0.0.1"])
    (article,) = rows(told["articles"])
    assert (article["title"], article["state"]) == ("Bridge approved", "live")
    assert rows(told["article_versions"])[0]["capture_id"] == document["capture_id"]


@needs_chromium
def test_an_article_is_pictured_but_read_as_it_was_sent(serve: Any, investigation: Investigate, acquired: Any) -> None:
    body = f"<html><article><h1>Bridge</h1><p>{TEXT}</p></article><script>document.body.append('added')</script></html>"
    web = serve({"/": message(b'<a href="/one">one</a><a href="/two">two</a>')})
    web.pages |= {"/one": message(body.encode()), "/two": message(body.replace("Bridge", "Quay").encode())}
    made = investigation([web.url + "/"], browser=CHROMIUM, renderings=1)
    end = acquired(made)
    found = by_purpose(end.folder)
    (document,) = found["rendered"]
    assert document["address"] == web.url + "/one" and len(found["screenshot"]) == 1
    assert end.said["browser", web.url + "/two"] == "not_looked: budget of 1 renderings spent"
    captures, lookups = evidence.index(end.folder, "r1")
    told = read.read_publishers(end.folder, captures, lookups, made, ["127.0.0.1"])
    assert document["capture_id"] not in {row["capture_id"] for row in rows(told["pages"])}
    assert len(rows(told["articles"])) == 2
    # A job that is started again renders nothing twice.
    acquired(made)
    assert len(by_purpose(end.folder)["rendered"]) == 1


@needs_chromium
@pytest.mark.parametrize("network", [False, True])
def test_a_hostile_page_reaches_nobody_but_through_our_own_fetcher(
    serve: Any,
    investigation: Investigate,
    acquired: Any,
    listener: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    network: bool,
) -> None:
    if network:
        # As where the kernel does not let the browser be cut off.
        program = Path(launch.__file__).read_text(encoding="utf-8").replace("if permitted():", "if False:")
        (tmp_path / "launch.py").write_text(program, encoding="utf-8")
        monkeypatch.setattr(launch, "__file__", str(tmp_path / "launch.py"))
    secret, heard = listener("127.0.0.1")
    private, inside = listener("127.0.0.2")
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    udp.settimeout(0.2)
    stun = udp.getsockname()[1]
    script = f"""
      const safely = f => {{ try {{ f() }} catch (error) {{}} }};
      safely(() => new WebSocket('ws://127.0.0.1:{secret}/socket'));
      safely(() => new WebTransport('https://127.0.0.1:{secret}/transport'));
      safely(() => new EventSource('http://127.0.0.1:{secret}/events'));
      safely(() => navigator.sendBeacon('http://127.0.0.1:{secret}/beacon', 'x'));
      safely(() => fetch('http://127.0.0.1:{secret}/post', {{method: 'POST', body: 'x', mode: 'no-cors'}}));
      safely(() => fetch('http://127.0.0.2:{private}/inside', {{mode: 'no-cors'}}));
      safely(() => fetch('file:///etc/passwd').then(r => r.text()).then(t => document.body.append(t)));
      safely(() => navigator.serviceWorker.register('/worker.js'));
      safely(() => new Worker('/worker.js'));
      safely(() => window.open('http://127.0.0.1:{secret}/window'));
      safely(() => {{
        const peer = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{stun}'}}]}});
        peer.createDataChannel('x');
        peer.createOffer().then(offer => peer.setLocalDescription(offer));
      }});
      for (const name of ['preconnect', 'dns-prefetch', 'prefetch', 'prerender']) {{
        const link = document.createElement('link');
        link.rel = name; link.href = 'http://127.0.0.1:{secret}/' + name; document.head.append(link);
      }}
      const frame = document.createElement('iframe');
      frame.src = 'file:///etc/passwd'; document.body.append(frame);
      const download = document.createElement('a');
      download.href = '/setup.exe'; download.download = 'setup.exe'; document.body.append(download); download.click();
      alert('wait'); prompt('wait'); document.cookie = 'known=1';
      fetch('/seen');
      setTimeout(() => location.href = 'file:///etc/passwd', 1000);
      setTimeout(() => location.href = 'http://127.0.0.1:{secret}/away', 2000);
      setTimeout(() => document.body.append('survived'), 4000);
      onbeforeunload = () => 'stay';
    """
    web = serve({"/": message(f"<html><div id=app></div><script>{script}</script></html>".encode())})
    web.pages |= {
        "/worker.js": message(
            f"new WebSocket('ws://127.0.0.1:{secret}/w'); fetch('/fromworker')".encode(), "text/javascript"
        ),
        "/seen": message(b"x", "text/plain", "200 OK", "Set-Cookie: a=b"),
        "/setup.exe": message(b"MZ", "application/octet-stream", "200 OK", "Content-Disposition: attachment"),
        "/robots.txt": message(b"User-agent: *\nDisallow: /fromworker\n", "text/plain"),
    }
    made = investigation([web.url + "/"], browser=CHROMIUM, allow_networks=["127.0.0.1/32"])
    folder = tempfile.mkdtemp(prefix="w")
    monkeypatch.setattr("wiretrace.acquire.browser.SHORT", folder)
    end = acquired(made)
    (document,) = by_purpose(end.folder)["rendered"]
    shown = evidence.open_capture(end.folder, document).body
    assert b"survived" in shown and b"root:" not in shown
    # Whoever connected is our own fetcher, which was sent for what a page is made of.
    assert all(b"User-Agent: wiretrace/" in one for one in heard) and inside == []
    with pytest.raises(TimeoutError):
        udp.recv(100)
    udp.close()
    assert "/seen" in web.paths() and "/fromworker" not in web.paths()
    assert not any(request.startswith(b"POST") or b"\r\nCookie:" in request for request in web.requests)
    assert (
        "127.0.0.2 is a loopback" in str(end.said)
        or "refused" in end.said["requisite", f"http://127.0.0.2:{private}/inside"]
    )
    assert "a script leads to" in end.said["browser", web.url + "/"]
    Path(folder).rmdir()  # nothing is left in it


@needs_chromium
def test_a_page_that_never_ends_is_given_up(
    serve: Any, investigation: Investigate, acquired: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiretrace.acquire.browser.PROCESSOR", 2)
    web = serve({"/": message(b"<html><div id=app></div><script>for (;;) {}</script></html>")})
    end = acquired(investigation([web.url + "/"], browser=CHROMIUM))
    assert end.said["browser", web.url + "/"].startswith("could_not_look: the page crashed, or took more than 2 s")
    assert end.said["page", web.url + "/"].startswith("found")


@needs_chromium
def test_what_a_page_may_ask_for_is_bounded(
    serve: Any, investigation: Investigate, acquired: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wiretrace.acquire.render.MOST_REQUESTS", 5)
    script = (
        "for (let n = 0; n < 50; n++) fetch('/ask?n=' + n); setInterval(() => fetch('/again?n=' + Math.random()), 900)"
    )
    web = serve({"/": message(f"<html><div id=app></div><script>{script}</script></html>".encode())})
    end = acquired(investigation([web.url + "/"], browser=CHROMIUM))
    assert sum(path.startswith(("/ask", "/again")) for path in web.paths()) == 5
    assert "beyond 5" in end.said["browser", web.url + "/"]


def test_without_a_browser_everything_else_goes_on_and_says_so(
    serve: Any, investigation: Investigate, acquired: Any
) -> None:
    web = serve({"/story": message(SHELL)})
    made = investigation([web.url + "/story"])
    end = acquired(made)
    assert end.said["browser", "127.0.0.1"] == "not_looked: acquire.browser names no browser"
    captures, lookups = evidence.index(end.folder, "r1")
    told = read.read_publishers(end.folder, captures, lookups, made, ["127.0.0.1"])
    (page,) = [row for row in rows(told["pages"]) if row["address"] == web.url + "/story"]
    assert page["refused"] == "not rendered"


def test_a_browser_that_is_not_there_is_a_mistake_of_the_configuration(
    serve: Any, investigation: Investigate, acquired: Any
) -> None:
    web = serve({"/": message(SHELL)})
    with pytest.raises(config.UserError, match=r"acquire.browser: 'no-such-browser' is not on this machine"):
        acquired(investigation([web.url + "/"], browser="no-such-browser"))
