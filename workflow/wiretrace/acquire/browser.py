"""A headless Chromium that opens no connection of its own, spoken to over a pipe.

The words are those of https://chromedevtools.github.io/devtools-protocol/. No library between: those that there are
start a server of their own and do not route every request that a page can cause. A process serves one page and is then
killed, so that nothing that a page did can touch the next. What it could connect with is closed three times over: it
has no network where the kernel lets us take it away, a proxy at a port where nobody listens, and no name or address
that it may resolve.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from wiretrace.acquire import launch
from wiretrace.errors import UserError

Message = dict[str, Any]
# Processor seconds that each process of a browser may take, bytes of memory of them all, and of one message.
PROCESSOR, MEMORY = 40, 3_000_000_000
LARGEST_MESSAGE = 64_000_000
# Seconds of silence, while it is not us it waits for, after which it is given up.
PATIENCE, WATCH = 45.0, 0.5
PAGE = os.sysconf("SC_PAGE_SIZE")
# Browsers that run side by side in a job.
AT_ONCE = 2
STEP = 1 << 18
WIDTH, HEIGHT = 1280, 1024
# Its folder holds a socket, whose path must be short.
SHORT = "/tmp"  # noqa: S108 (a folder of its own is made there)
NOWHERE = "http://127.0.0.1:9"
SWITCHES = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-startup-window",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-quic",
    "--disable-remote-fonts",
    "--disable-sync",
    "--mute-audio",
    "--hide-scrollbars",
    "--lang=en-US",
    f"--window-size={WIDTH},{HEIGHT}",
    # Frames in the page's own process: there every request passes us.
    "--disable-site-isolation-trials",
    "--disable-features=IsolateOrigins,site-per-process,MediaRouter,OptimizationHints,Translate,DialMediaRouteProvider",
    "--renderer-process-limit=1",
    "--js-flags=--max-old-space-size=512",
    f"--proxy-server={NOWHERE}",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)


class BrowserError(Exception):
    """The browser ended, was given up, or could not do what it was told; the text says which."""


class Browsers:
    """Starts browsers of one kind, AT_ONCE of them at the same time; threads share it.

    Args:
        program: name or path of a Chromium.

    Raises:
        UserError: it is not on this machine.
    """

    def __init__(self, program: str) -> None:
        found = shutil.which(program)
        if not found:
            raise UserError(
                f"configuration: acquire.browser: {program!r} is not on this machine; install it or leave this empty"
            )
        self.path = found
        # Chromium's sandbox refuses to start as root.
        self.sandboxed = os.geteuid() != 0
        self._places = threading.Semaphore(AT_ONCE)

    def start(self) -> Browser:
        """A browser with one empty page; use it as a context."""
        return Browser(self.path, self.sandboxed, self._places)


class Browser:
    """One browser process with one page, killed at the end of its context.

    Raises:
        BrowserError: from every method, once the process is not there or no longer of use.
    """

    def __init__(self, path: str, sandboxed: bool, places: threading.Semaphore) -> None:
        self._path, self._places = path, places
        self._switches = SWITCHES if sandboxed else (*SWITCHES, "--no-sandbox")
        self._number = 0
        self._session = ""
        self._held = bytearray()
        self._watched = 0.0
        self.heard: Callable[[str, Message], None] = lambda name, parameters: None

    def __enter__(self) -> Self:
        self._places.acquire()
        self._folder = tempfile.mkdtemp(prefix="wiretrace-", dir=SHORT)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._launch()
            self.version = str(self.send("Browser.getVersion").get("product", ""))
            self.send("Browser.setDownloadBehavior", behavior="deny")
            target = self.send("Target.createTarget", url="about:blank", width=WIDTH, height=HEIGHT)["targetId"]
            self._session = str(self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def _launch(self) -> None:
        reads, self._commands = os.pipe()
        self._answers, writes = os.pipe()
        os.set_blocking(self._commands, False)
        command = [sys.executable, "-I", "-S", launch.__file__, *map(str, (reads, writes, PROCESSOR))]
        home = {
            "HOME": self._folder,
            "TMPDIR": self._folder,
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
        }
        try:
            self._process = subprocess.Popen(  # noqa: S603 (the browser that the configuration names)
                [*command, self._path, *self._switches, f"--user-data-dir={self._folder}/profile"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(reads, writes),
                env=home,
                start_new_session=True,
            )
        finally:
            os.close(reads)
            os.close(writes)

    def _end(self) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            os.close(self._commands)
            os.close(self._answers)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._places.release()

    def send(self, method: str, **parameters: Any) -> Message:
        """Do ``method`` and return its result; what happens meanwhile goes to ``heard``."""
        number = self.tell(method, **parameters)
        while (message := self._next()).get("id") != number:
            self._take(message)
        if "error" in message:
            raise BrowserError(f"{method}: {str(message['error'].get('message', ''))[:200]}")
        return dict(message.get("result") or {})

    def tell(self, method: str, **parameters: Any) -> int:
        """Have ``method`` done without waiting for its result; its number."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._write(json.dumps(message).encode() + b"\0")
        return self._number

    def wait(self) -> None:
        """Wait until something happens; it goes to ``heard``."""
        self._take(self._next())

    def _take(self, message: Message) -> None:
        name = str(message.get("method", ""))
        if name in ("Inspector.targetCrashed", "Target.targetCrashed", "Inspector.detached"):
            raise BrowserError(f"the page crashed, or took more than {PROCESSOR} s of the processor")
        if name:
            self.heard(name, message.get("params") or {})

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        until = time.monotonic() + PATIENCE
        while left:
            if not select.select([], [self._commands], [], max(0.0, until - time.monotonic()))[1]:
                raise BrowserError(f"the browser took no command for {PATIENCE:.0f} s")
            try:
                left = left[os.write(self._commands, left[:STEP]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise BrowserError("the browser ended") from error

    def _next(self) -> Message:
        until = time.monotonic() + PATIENCE
        searched = 0
        while (end := self._held.find(b"\0", searched)) < 0:
            searched = len(self._held)
            if searched > LARGEST_MESSAGE:
                raise BrowserError(f"a message of more than {LARGEST_MESSAGE} bytes")
            if not select.select([self._answers], [], [], WATCH)[0]:
                self._watch(until)
                continue
            got = os.read(self._answers, STEP)
            if not got:
                raise BrowserError("the browser ended")
            self._held += got
            self._watch(until)
        message = json.loads(self._held[:end])
        del self._held[: end + 1]
        if not isinstance(message, dict):
            raise BrowserError("the browser said what is no message")
        return message

    def _watch(self, until: float) -> None:
        if time.monotonic() > until:
            raise BrowserError(f"nothing came for {PATIENCE:.0f} s")
        now = time.monotonic()
        if now < self._watched + WATCH:
            return
        self._watched = now
        if self._process and resident(self._process.pid) > MEMORY:
            raise BrowserError(f"the browser took more than {MEMORY} bytes of memory")


def resident(session: int) -> int:
    """Bytes of memory that the processes of a session hold, shared ones counted in each; 0 where Linux is not."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        # A process may end while it is looked at.
        with suppress(OSError, ValueError, IndexError):
            if os.getsid(int(folder.name)) == session:
                total += int((folder / "statm").read_text(encoding="ascii").split()[1]) * PAGE
    return total


def packed(data: bytes) -> str:
    """``data`` as the protocol carries it."""
    return base64.b64encode(data).decode("ascii")


def unpacked(text: str) -> bytes:
    """Bytes that the protocol carried as ``text``."""
    return base64.b64decode(text)
