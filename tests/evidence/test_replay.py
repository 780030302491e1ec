"""The exported WACZ played by the real ReplayWeb.page in a browser, where both are on the machine.

``npm pack replaywebpage`` and unpacking what it writes gives the folder that WIRETRACE_REPLAYWEB names; it is under the
AGPL and no part of this project. Nothing is downloaded here.
"""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import sync_playwright

from wiretrace import evidence
from wiretrace.evidence import EvidenceWriter, Exchange, Lookup

PLAYER = Path(os.environ.get("WIRETRACE_REPLAYWEB", ""))
TIME = "2026-01-01T03:04:05Z"
HTML = "<!doctype html><title>橋</title><h1>The bridge</h1><img id=p src=/dot.png><a href=/b>b</a>".encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
PAGE = HEAD + b"%x\r\n%s\r\n0\r\n\r\n" % (len(HTML), HTML)


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *given: object) -> None:
        return

    def send_head(self):  # type: ignore[no-untyped-def]
        """Parts of files, which the player asks for."""
        asked = self.headers.get("Range", "")
        if not asked.startswith("bytes="):
            return super().send_head()
        data = Path(self.translate_path(self.path)).read_bytes()
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start = int(first) if first else len(data) - int(last)
        end = min(int(last), len(data) - 1) if first and last else len(data) - 1
        part = data[start : end + 1]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{start + len(part) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)
        return None


@pytest.fixture
def player(tmp_path: Path) -> Iterator[str]:
    """Address of ReplayWeb.page beside the exported ``case.wacz``."""
    folder = tmp_path / "player"
    folder.mkdir()
    for name in ("index.html", "ui.js", "sw.js"):
        shutil.copy(PLAYER / name, folder / name)
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    with EvidenceWriter(tmp_path / "evidence" / "r1" / "000-of-001.warc.gz") as writer:
        for path, response, purpose in (
            ("/a", PAGE, "page"),
            ("/dot.png", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + dot, "image"),
            ("/b", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<h1>Second</h1>", "page"),
        ):
            url = f"http://site.example{path}"
            lookup = Lookup("site.example", purpose, url, "found", TIME)
            writer.add(
                Exchange("http", purpose, "site.example", url, TIME, response, b"GET / HTTP/1.1\r\n\r\n"), lookup
            )
    evidence.seal(tmp_path / "evidence", "r1")
    evidence.export(tmp_path / "evidence", folder / "case.wacz", "case")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(not (PLAYER / "ui.js").is_file(), reason="WIRETRACE_REPLAYWEB names no unpacked replaywebpage")
@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium on this machine")
def test_replayweb_page_lists_the_pages_and_plays_them(player: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        source = quote(f"{player}/case.wacz", safe="")
        page.goto(f"{player}/index.html?source={source}#view=pages")
        listed = page.locator("wr-page-entry")
        listed.nth(1).wait_for(timeout=20_000)
        assert listed.count() == 2
        page.goto("about:blank")
        url = quote("http://site.example/a", safe="")
        page.goto(f"{player}/index.html?source={source}#view=resource&url={url}&ts=20260101030405")
        replayed = page.frame_locator("replay-app-main iframe, iframe").first
        replayed.get_by_role("heading", name="The bridge").wait_for(timeout=20_000)
        assert replayed.locator("#p").evaluate("image => image.naturalWidth") == 1
        replayed.get_by_role("link", name="b").click()
        replayed.get_by_role("heading", name="Second").wait_for(timeout=20_000)
        browser.close()
