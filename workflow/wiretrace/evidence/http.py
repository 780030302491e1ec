"""HTTP/1 messages as bytes: where the head ends, what it says, the body without its transfer and content codings.

Made for bytes from a hostile server: nothing here raises on them, everything is bounded by counted bytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli  # type: ignore[import-untyped]
import zstandard

# A decoded body is cut here; a bomb costs this much memory and no more.
LARGEST_BODY = 64_000_000
# Codings that are undone one after the other; more of them is only ever an attack.
MOST_CODINGS = 4

HEAD_END = re.compile(rb"\r?\n\r?\n")
STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")
CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")
# A line that names a chunk's size is not longer than this.
LONGEST_CHUNK_LINE = 4096
# Chunks of a body that are told apart: a megabyte in chunks of a byte, a second's work.
MOST_CHUNKS = 1_000_000


@dataclass(frozen=True)
class Head:
    """Head of an HTTP response, ``size`` bytes with its blank line; header names as sent, values stripped."""

    status: int
    headers: list[tuple[str, str]]
    size: int

    def get(self, name: str) -> str:
        """First value of header ``name``, or ''."""
        return header(self.headers, name)


def header(headers: list[tuple[str, str]], name: str) -> str:
    """First value of header ``name`` (any case) in ``headers``, or ''."""
    return next((value for key, value in headers if key.lower() == name.lower()), "")


def codings(headers: list[tuple[str, str]], name: str) -> list[str]:
    """Codings that all headers ``name`` state, in the order applied, in lower case."""
    stated = ",".join(value for key, value in headers if key.lower() == name)
    return [coding for part in stated.split(",") if (coding := part.partition(";")[0].strip().lower())]


def parse_head(message: bytes) -> Head | None:
    """The head at the start of ``message``; None where no whole head of an HTTP response stands there."""
    status = STATUS.match(message)
    end = HEAD_END.search(message) if status else None
    if status is None or end is None:
        return None
    headers: list[tuple[str, str]] = []
    for line in message[: end.start()].split(b"\n")[1:]:
        text = line.rstrip(b"\r").decode("latin-1")
        if text[:1] in (" ", "\t") and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {text.strip()}".strip())
        else:
            name, _, value = text.partition(":")
            headers.append((name.strip(), value.strip()))
    return Head(int(status[1]), headers, end.end())


class Chunks:
    """Finds the end of a chunked body that starts at byte ``start`` of ``data``, in time linear in its bytes.

    ``feed`` looks at what stands in ``data`` by then; whoever owns it adds to it. ``end`` is where the body ends, last
    chunk and trailers included, once ``feed`` has returned True. ``broken`` is set where the bytes are no chunks, or
    more than MOST_CHUNKS; then the body ends with the connection. With ``keep``, ``body`` gives what the chunks hold.
    """

    def __init__(self, data: bytes | bytearray, start: int = 0, *, keep: bool = False) -> None:
        self.data, self.keep = data, keep
        self.count = 0
        self.end = 0
        self.broken = False
        self._at = start
        self._last = False
        self._held = bytearray()

    def feed(self) -> bool:
        """Go on where the bytes ended the last time; True when the body is whole."""
        while not self.broken:
            if self._last:
                return self._trailers()
            line = CHUNK.match(self.data, self._at)
            if line is None:
                waiting = len(self.data) - self._at
                self.broken = waiting > LONGEST_CHUNK_LINE or self.data.find(b"\n", self._at) >= 0
                return False
            size = int(line[1], 16)
            start, stop = line.end(), line.end() + size
            if size == 0:
                self._last, self._at = True, start
                continue
            ending = bytes(self.data[stop : stop + 2])
            if len(ending) < 1 or ending == b"\r":
                return False
            self.count += 1
            if (ending[:1] != b"\n" and ending != b"\r\n") or self.count > MOST_CHUNKS:
                self.broken = True
                return False
            if self.keep:
                self._held += self.data[start:stop]
            self._at = stop + (2 if ending == b"\r\n" else 1)
        return False

    def _trailers(self) -> bool:
        while True:
            newline = self.data.find(b"\n", self._at)
            if newline < 0:
                self.broken = len(self.data) - self._at > LONGEST_CHUNK_LINE
                return False
            blank = not self.data[self._at : newline].rstrip(b"\r")
            self._at = newline + 1
            if blank:
                self.end = self._at
                return True

    def body(self) -> bytes:
        """The bytes of the chunks so far; of the last, incomplete one what there is."""
        rest = None if self._last or self.broken else CHUNK.match(self.data, self._at)
        if rest:
            self._held += self.data[rest.end() : rest.end() + int(rest[1], 16)]
            self._at = len(self.data)
        return bytes(self._held)


def decoded(headers: list[tuple[str, str]], payload: bytes, limit: int = LARGEST_BODY) -> bytes:
    """``payload`` without chunked framing and content codings, cut at ``limit`` bytes.

    Foreign archives keep the headers of codings that were already undone (as ``warcio`` and browsers do), so a
    coding that isn't there is passed over. What cannot be decoded further is cut there.
    """
    transfer = codings(headers, "transfer-encoding")
    if "chunked" in transfer:
        chunks = Chunks(payload, keep=True)
        chunks.feed()
        if chunks.count or chunks.end:
            payload = chunks.body()
    applied = [name for name in codings(headers, "content-encoding") + transfer if name in DECODERS]
    for name in reversed(applied[:MOST_CODINGS]):
        payload = DECODERS[name](payload, limit)
    return payload[:limit]


def _gzip(data: bytes, limit: int) -> bytes:
    """All members of ``data`` one after the other."""
    made = bytearray()
    rest = data
    while rest[:2] == b"\x1f\x8b" and len(made) < limit:
        part, rest = _inflate(rest, 31, limit - len(made))
        made += part
    return bytes(made) if made or data[:2] == b"\x1f\x8b" else data


def _deflate(data: bytes, limit: int) -> bytes:
    """zlib's form as RFC 9110 says, or the raw form that some servers send."""
    made, _ = _inflate(data, 15, limit)
    return made or _inflate(data, -15, limit)[0] or data


def _inflate(data: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    engine = zlib.decompressobj(window)
    made = bytearray()
    # Small steps, so that a damaged stream gives all that stands before the damage.
    for start in range(0, len(data), 65_536):
        step = data[start : start + 65_536]
        while step and len(made) < limit:
            try:
                made += engine.decompress(step, limit - len(made))
            except zlib.error:
                return bytes(made), b""
            step = engine.unconsumed_tail
        if engine.eof:
            return bytes(made), engine.unused_data + data[start + 65_536 :]
        if len(made) >= limit:
            break
    return bytes(made), b""


def _brotli(data: bytes, limit: int) -> bytes:
    engine = brotli.Decompressor()
    made = bytearray()
    try:
        made += engine.process(data, output_buffer_limit=limit)
        while len(made) < limit and not engine.is_finished() and not engine.can_accept_more_data():
            made += engine.process(b"", output_buffer_limit=limit - len(made))
    except brotli.error:
        # The format has no mark of its own: what fails was most likely never coded.
        return data
    return bytes(made) if made or engine.is_finished() else data


def _zstd(data: bytes, limit: int) -> bytes:
    # 8 MB is the largest window that RFC 9659 lets a server use.
    engine = zstandard.ZstdDecompressor(max_window_size=8 << 20)
    made = bytearray()
    try:
        with engine.stream_reader(data, read_across_frames=True) as stream:
            while len(made) < limit and (step := stream.read(min(65_536, limit - len(made)))):
                made += step
    except zstandard.ZstdError:
        return bytes(made) or data
    return bytes(made)


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
