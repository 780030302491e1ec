"""One page as a browser renders it: its document after its scripts have run, and a picture of the whole of it.

What the page needs is asked for by our own fetcher, with GET and without cookies, under the rules that every address is
asked by, and archived; the browser is handed the answers. Scripts see a clock of their own that stands while an answer
is awaited and else runs ahead, so that a timer of seconds costs none and slow answers don't change the page.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from wiretrace import identity
from wiretrace.acquire.browser import HEIGHT, WIDTH, Browser, BrowserError, Browsers, packed, unpacked
from wiretrace.acquire.fetch import Answer

# Milliseconds of the page's own clock, seconds of ours without the fetches, and messages that a page may take.
CLOCK, LONGEST, MOST_MESSAGES = 15_000, 120.0, 50_000
# Answers that a page may be handed, and bytes of one.
MOST_REQUESTS, LARGEST_ANSWER = 60, 10_000_000
# Characters of a document and pixels of height that are kept.
LARGEST_DOCUMENT, TALLEST = 8_000_000, 16_000
# What a page is made of; fonts, films, prefetches, beacons, sockets and streams of events are not asked for.
TAKEN = ("Document", "Stylesheet", "Script", "Image", "XHR", "Fetch", "Other")
# Times that the page itself may be loaded again by its scripts.
MOST_RELOADS = 2
# Headers of an answer that matter to how it is shown.
KEPT = (
    "content-type",
    "content-language",
    "content-disposition",
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-expose-headers",
)
DOCUMENT = """(most => (document.doctype ? '<!DOCTYPE ' + document.doctype.name + '>\\n' : '')
  + (document.documentElement ? document.documentElement.outerHTML.slice(0, most) : ''))(%d)"""


@dataclass(frozen=True)
class Rendered:
    """A page as rendered.

    Args:
        document: its serialized document, HTML in UTF-8.
        picture: PNG of the whole page, TALLEST pixels of it at most; b"" where the browser gave none.
        told: what rendered it, and what it was not given.
    """

    document: bytes
    picture: bytes
    told: str


def render(browsers: Browsers, page: Answer, fetch: Callable[[str], Answer | None]) -> Rendered:
    """Render ``page``; ``fetch`` gives what it asks for, or None where it is not to have it.

    Raises:
        BrowserError: the browser could not, or the page took too much.
    """
    with browsers.start() as browser:
        visit = _Visit(browser, page, fetch)
        visit.load()
        document, picture = visit.document(), visit.picture()
        sandbox = "" if browsers.sandboxed else ", without its sandbox, as it runs as root"
        return Rendered(document, picture, "; ".join([f"{browser.version}{sandbox}", *visit.told()]))


class _Visit:
    def __init__(self, browser: Browser, page: Answer, fetch: Callable[[str], Answer | None]) -> None:
        self.browser, self.page, self.fetch = browser, page, fetch
        self.ended = False
        self.loads = self.asked = 0
        self.left: Counter[str] = Counter()
        self.leads = ""
        self.frame = ""
        self.until = time.monotonic() + LONGEST
        browser.heard = self._heard

    def load(self) -> None:
        """Show the page and let its clock run out."""
        send = self.browser.send
        send("Page.enable")
        send("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=1, mobile=False)
        send("Fetch.enable", patterns=[{"urlPattern": "*", "requestStage": "Request"}])
        self.frame = str(send("Page.getFrameTree")["frameTree"]["frame"]["id"])
        # The clock of the empty page that the browser starts with must not run.
        send("Emulation.setVirtualTimePolicy", policy="pause")
        problem = send("Page.navigate", url=self.page.url).get("errorText")
        if problem:
            raise BrowserError(f"the browser shows no page: {problem}")
        for _ in range(MOST_MESSAGES):
            if self.ended:
                return
            if time.monotonic() > self.until:
                break
            self.browser.wait()
        raise BrowserError(f"not at rest after {LONGEST:.0f} s or {MOST_MESSAGES} messages")

    def document(self) -> bytes:
        """The document, read where the page's scripts cannot reach."""
        world = self.browser.send("Page.createIsolatedWorld", frameId=self.frame)["executionContextId"]
        asked = {"expression": DOCUMENT % LARGEST_DOCUMENT, "contextId": world, "returnByValue": True}
        text = self.browser.send("Runtime.evaluate", **asked).get("result", {}).get("value")
        if not isinstance(text, str):
            raise BrowserError("the browser gave no document")
        return text.encode("utf-8", "replace")

    def picture(self) -> bytes:
        """The whole page as PNG."""
        size = self.browser.send("Page.getLayoutMetrics").get("cssContentSize", {})
        height = min(max(int(size.get("height", 0)), 1), TALLEST)
        clip = {"x": 0, "y": 0, "width": WIDTH, "height": height, "scale": 1}
        shot = self.browser.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return unpacked(str(shot.get("data", "")))

    def told(self) -> list[str]:
        """What the page was not given."""
        left = [f"{count} {what}" for what, count in sorted(self.left.items())]
        found = [f"not given to it: {', '.join(left)}"] if left else []
        return found + ([f"a script leads to {self.leads[:200]}, not followed"] if self.leads else [])

    def _heard(self, name: str, said: dict[str, Any]) -> None:
        if name == "Fetch.requestPaused":
            self._request(said)
        elif name == "Page.frameNavigated" and not said.get("frame", {}).get("parentId"):
            policy = {"policy": "pauseIfNetworkFetchesPending", "budget": CLOCK}
            self.browser.tell("Emulation.setVirtualTimePolicy", **policy)
        elif name == "Page.javascriptDialogOpening":
            self.browser.tell("Page.handleJavaScriptDialog", accept=False)
        elif name == "Emulation.virtualTimeBudgetExpired":
            self.ended = True

    def _request(self, said: dict[str, Any]) -> None:
        request, number = said["request"], str(said["requestId"])
        kind, method = str(said.get("resourceType", "")), str(request.get("method", ""))
        url = identity.canonical(urldefrag(str(request.get("url", "")))[0])
        if kind == "Document" and said.get("frameId") == self.frame:
            self._again(url, number)
            return
        refusal = self._refusal(kind, method, url)
        if refusal:
            self._refuse(number, refusal)
        elif method == "OPTIONS":
            self._permit(request, number)
        else:
            self._answer(url, number)

    def _again(self, url: str, number: str) -> None:
        """The page itself is asked for: once by us, again by its scripts, or another in its place."""
        if url == self.page.url and self.loads <= MOST_RELOADS and not self.ended:
            self.loads += 1
            self._fulfill(number, self.page)
            return
        if url != self.page.url:
            self.leads = self.leads or url or "an address that is no http or https address"
        self.browser.tell("Fetch.failRequest", requestId=number, errorReason="Aborted")

    def _refusal(self, kind: str, method: str, url: str) -> str:
        if self.ended:
            return "asked for after the end"
        if method not in ("GET", "OPTIONS"):
            return f"by {method[:10]}"
        if not url:
            return "of other schemes"
        if kind not in TAKEN:
            return f"of the kind {kind}"
        return f"beyond {MOST_REQUESTS}" if self.asked >= MOST_REQUESTS else ""

    def _refuse(self, number: str, why: str) -> None:
        self.left[why] += 1
        self.browser.tell("Fetch.failRequest", requestId=number, errorReason="BlockedByClient")

    def _permit(self, request: dict[str, Any], number: str) -> None:
        """Say yes to the question whether another site's address may be asked: nobody is asked by more than GET."""
        asked = {str(name).lower(): str(value) for name, value in (request.get("headers") or {}).items()}
        headers = {
            "Access-Control-Allow-Origin": asked.get("origin", "*"),
            "Access-Control-Allow-Methods": "GET",
            "Access-Control-Allow-Headers": asked.get("access-control-request-headers", "*"),
        }
        listed = [{"name": name, "value": value} for name, value in headers.items()]
        self.browser.tell("Fetch.fulfillRequest", requestId=number, responseCode=204, responseHeaders=listed)

    def _answer(self, url: str, number: str) -> None:
        self.asked += 1
        before = time.monotonic()
        answer = self.fetch(url)
        self.until += time.monotonic() - before
        if answer is None or answer.status is None or answer.outcome not in ("found", "absent"):
            self._refuse(number, "that could not be had")
        elif len(answer.body) > LARGEST_ANSWER:
            self._refuse(number, f"of more than {LARGEST_ANSWER} bytes")
        else:
            self._fulfill(number, answer, "" if answer.url == url else answer.url)

    def _fulfill(self, number: str, answer: Answer, moved: str = "") -> None:
        headers = [
            {"name": name, "value": value}
            for name, value in answer.headers
            if name.lower() in KEPT and value.isascii() and value.isprintable()
        ]
        status, body = (302, b"") if moved else (answer.status or 200, answer.body)
        headers += [{"name": "Location", "value": moved}] if moved else []
        given = {"responseCode": status, "responseHeaders": headers, "body": packed(body)}
        self.browser.tell("Fetch.fulfillRequest", requestId=number, **given)
