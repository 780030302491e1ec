"""Addresses that an answer or a page names: where a redirect leads, and which are not asked for."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from wiretrace.acquire.network import WEB_PORTS
from wiretrace.evidence.http import header

LONGEST_URL = 4096


def redirect(status: int | None, headers: list[tuple[str, str]], base: str) -> str:
    """Where a response redirects to, absolute; '' where it does not."""
    if status not in (301, 302, 303, 307, 308):
        return ""
    # Servers send the bytes of an address as they are; they are UTF-8 in practice.
    raw = header(headers, "location").encode("latin-1", "replace").decode("utf-8", "replace")
    try:
        return urljoin(base, raw) if raw else ""
    except ValueError:
        return raw


def malformed(url: str) -> str:
    """Why ``url`` is not asked for; '' where it may be."""
    if len(url) > LONGEST_URL:
        return f"an address of {len(url)} characters"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "not an address"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "not an http or https address"
    if port is not None and port < 1024 and port not in WEB_PORTS:
        return f"refused: port {port} belongs to another protocol"
    return ""
