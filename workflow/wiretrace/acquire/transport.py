"""The transport under ``requests``: one connection per request, recorded at the socket."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from wiretrace.acquire.network import Dialer, trusting, unverified
from wiretrace.acquire.wire import Wire, exchange
from wiretrace.evidence.http import LARGEST_BODY, decoded, parse_head


class Recorded(requests.Response):
    """A response with the bytes it was made from."""

    wire: Wire
    ip: str = ""
    largest: int = LARGEST_BODY

    def body(self, most: int = LARGEST_BODY) -> bytes:
        """What was sent without framing and codings, unpacked only now and only as far as ``most`` bytes."""
        head = parse_head(self.wire.received)
        return decoded(head.headers, self.wire.received[head.size :], min(most, self.largest)) if head else b""


class Transport(BaseAdapter):
    """Adapter of ``requests`` that sends over one new connection per request and records it.

    ``send`` raises UnreachableError, RefusedError, TimeoutError or ssl.SSLCertVerificationError before anything
    was sent; whatever happens after that is in the response's ``wire``.
    """

    def __init__(self, dialer: Dialer) -> None:
        super().__init__()
        self.dialer = dialer

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Recorded:
        """Send ``request``; ``timeout`` is the number of seconds for the whole exchange."""
        config = self.dialer.config
        parts = urlsplit(request.url or "")
        host, port = parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
        deadline = time.monotonic() + timeout
        secure = parts.scheme == "https"
        connection, ip = self.dialer.connect(host, port, deadline, tunnel=secure)
        if secure:
            context = trusting(config.ca_file) if verify else unverified()
            connection = self.dialer.secure(connection, host, deadline, context)
        absolute = self.dialer.absolute_form and not secure
        largest = min(config.pace.largest_answer, LARGEST_BODY)
        with connection:
            wire = exchange(connection, _request(request, absolute), deadline, largest)
        response = Recorded()
        response.request, response.url = request, request.url or ""
        response.wire, response.ip, response.largest = wire, ip, largest
        head = parse_head(wire.received)
        if head:
            response.status_code = head.status
            response.headers.update(dict(reversed(head.headers)))
        return response

    def close(self) -> None:
        """Nothing is kept open."""


def _request(request: requests.PreparedRequest, absolute: bool) -> bytes:
    parts = urlsplit(request.url or "")
    host = parts.netloc.rpartition("@")[2]
    target = f"http://{host}{request.path_url}" if absolute else request.path_url
    lines = [f"{request.method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    return head + (request.body if isinstance(request.body, bytes) else b"")
