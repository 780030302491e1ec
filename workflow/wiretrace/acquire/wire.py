"""One HTTP/1 exchange over a socket: bytes sent, bytes received, in a total time and a number of bytes.

Recorded here, at the socket, because every library above it re-serialises what it saw.
"""

from __future__ import annotations

import re
import socket
import time
from contextlib import suppress
from dataclasses import dataclass

from wiretrace.acquire.network import left
from wiretrace.evidence.http import HEAD_END, Chunks, Head, codings, header, parse_head

LARGEST_HEAD = 262_144
MOST_INTERIM = 10
# Behind the end of a body we read on until the other side closes, as we asked it to, for so many seconds and bytes.
LINGER, LARGEST_EXTRA = 0.2, 65_536
STEP = 65_536
HTTP_START = b"HTTP/"


@dataclass(frozen=True)
class Wire:
    """What crossed the wire.

    Args:
        sent: the request.
        received: head and body of the final response, framing included; of one that never came the interim ones; ''
            where nothing came.
        interim: heads of responses with a status of 1xx before it.
        truncated: '', length, time or disconnect: why ``received`` is not whole.
        problem: what went wrong, in words.
        extra: bytes that came behind the end of the body, LARGEST_EXTRA of them at most.
    """

    sent: bytes
    received: bytes
    interim: bytes = b""
    truncated: str = ""
    problem: str = ""
    extra: bytes = b""


def exchange(stream: socket.socket, request: bytes, deadline: float, largest: int) -> Wire:
    """Send ``request`` and read the response to its end, ``largest`` bytes of body, or ``deadline``; never raises."""
    reader = _Reader(stream, deadline, largest)
    try:
        stream.settimeout(left(deadline))
        # Some answer and close before they have read all that was sent.
        with suppress(ConnectionError):
            stream.sendall(request)
        reader.read()
    except TimeoutError:
        reader.truncated, reader.problem = "time", "timed out"
    except OSError as error:
        reader.truncated, reader.problem = "disconnect", f"connection lost: {error.strerror or error}"
    reader.linger()
    return reader.result(request)


class _Reader:
    def __init__(self, stream: socket.socket, deadline: float, largest: int) -> None:
        self.stream, self.deadline, self.largest = stream, deadline, largest
        self.data = bytearray()
        self.interim = b""
        self.end: int | None = None
        self.truncated = ""
        self.problem = ""

    def read(self) -> None:
        head = self._head()
        if head is None:
            return
        body, need = head.size, _length(head)
        chunks = Chunks(self.data, body) if "chunked" in codings(head.headers, "transfer-encoding") else None
        while True:
            if chunks and not chunks.broken:
                if chunks.feed():
                    self.end = chunks.end
                    return
            elif chunks is None and need is not None and len(self.data) - body >= need:
                self.end = body + need
                return
            if len(self.data) - body > self.largest:
                self.end = body + self.largest
                self.truncated, self.problem = "length", f"cut after {self.largest} bytes"
                return
            if not self._more():
                if need is not None or (chunks and not chunks.broken):
                    self.truncated, self.problem = "disconnect", "closed before the end of the answer"
                return

    def _head(self) -> Head | None:
        """Read to the end of the final response's head; None where none comes."""
        searched = 0
        while True:
            if self.data and not HTTP_START.startswith(bytes(self.data[:5])):
                self._headless()
                return None
            end = HEAD_END.search(self.data, max(0, searched - 3))
            if end:
                head = parse_head(bytes(self.data[: end.end()]))
                if head is None:
                    self._headless()
                    return None
                if not 100 <= head.status < 200 or head.status == 101:
                    return head
                self.interim += bytes(self.data[: head.size])
                del self.data[: head.size]
                searched = 0
                if self.interim.count(HTTP_START) > MOST_INTERIM:
                    self.truncated, self.problem = "length", "more interim responses than one may send"
                    return None
                continue
            searched = len(self.data)
            if searched > LARGEST_HEAD:
                self.truncated, self.problem = "length", f"a head of more than {LARGEST_HEAD} bytes"
                return None
            if not self._more():
                what = "a whole head" if self.data else "an answer"
                self.truncated, self.problem = "disconnect", f"closed without {what}"
                return None

    def _headless(self) -> None:
        """An answer without a head (HTTP/0.9, another protocol): all that comes until the end."""
        while len(self.data) <= self.largest:
            if not self._more():
                return
        self.truncated, self.problem = "length", f"cut after {self.largest} bytes"
        self.end = self.largest

    def _more(self) -> bool:
        self.stream.settimeout(left(self.deadline))
        return self._receive()

    def _receive(self) -> bool:
        got = self.stream.recv(STEP)
        self.data += got
        return bool(got)

    def linger(self) -> None:
        """Take what comes behind the end of a whole answer."""
        if self.end is None or self.truncated:
            return
        until = min(self.deadline, time.monotonic() + LINGER)
        with suppress(OSError):
            while len(self.data) - self.end < LARGEST_EXTRA:
                self.stream.settimeout(left(until))
                if not self._receive():
                    return

    def result(self, sent: bytes) -> Wire:
        end = len(self.data) if self.end is None else self.end
        data = memoryview(self.data)
        extra = b"" if self.truncated else bytes(data[end : end + LARGEST_EXTRA])
        received, interim = bytes(data[:end]), self.interim
        if not received:
            received, interim = interim, b""
        return Wire(sent, received, interim, self.truncated, self.problem, extra)


def _length(head: Head) -> int | None:
    """Length of the body by the head; None where the connection's end ends it (RFC 9112, section 6.3)."""
    if head.status in (204, 304):
        return 0
    stated = {value for name, value in head.headers if name.lower() == "content-length"}
    if header(head.headers, "transfer-encoding") or len(stated) != 1:
        return None
    value = stated.pop()
    return int(value) if re.fullmatch(r"\d{1,15}", value) else None
