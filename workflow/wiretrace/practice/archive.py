"""The web archive: CDX search and playback, with the limits that a real one sets."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from wiretrace.practice.model import Response
from wiretrace.practice.serving import answer, http_date, redirect

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")


@dataclass(frozen=True)
class Held:
    """One capture that the archive holds."""

    moment: datetime
    original: str
    response: Response

    @property
    def timestamp(self) -> str:
        """Its 14-digit time."""
        return f"{self.moment:%Y%m%d%H%M%S}"

    def row(self) -> dict[str, str]:
        """Its row in the index."""
        kinds = [v for k, v in self.response.headers if k == "Content-Type"]
        sha1 = hashlib.sha1(self.response.body, usedforsecurity=False).digest()
        return {
            "urlkey": surt(self.original),
            "timestamp": self.timestamp,
            "original": self.original,
            "mimetype": (kinds or ["text/html"])[0].partition(";")[0],
            "statuscode": str(self.response.status),
            "digest": base64.b32encode(sha1).decode(),
            "length": str(len(self.response.body)),
        }


def surt(url: str) -> str:
    """Sort-friendly form of an address, as CDX indexes use it: reversed host, then path and query."""
    parts = urlsplit(url if "//" in url else f"http://{url}")
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{','.join(reversed(host.split('.')))}){(parts.path or '/').lower()}{query.lower()}"


def _matches(held: Held, url: str, kind: str) -> bool:
    key, wanted = surt(held.original), surt(url)
    if kind == "exact":
        return key.rstrip("/") == wanted.rstrip("/")
    if kind == "prefix":
        return key.startswith(wanted.rstrip("/") if urlsplit(url).path in ("", "/") else wanted)
    host = wanted.partition(")")[0]
    return key.startswith(f"{host})") or (kind == "domain" and key.startswith(f"{host},"))


def matching(captures: Sequence[Held], url: str, kind: str) -> list[Held]:
    """Captures of ``url``, by the kinds of matching that CDX servers know."""
    return [held for held in captures if _matches(held, url, kind)]


def search(captures: list[Held], query: str) -> Response:
    """The index's answer, in Wayback's JSON form or as plain lines."""
    asked = {k: v[-1] for k, v in parse_qs(query, keep_blank_values=True).items()}
    url, kind = asked.get("url", ""), asked.get("matchType", "exact")
    if not url:
        return answer(b"No url parameter\n", "text/plain", status=400)
    if url.endswith("*"):
        url, kind = url.rstrip("*"), "prefix"
    elif url.startswith("*."):
        url, kind = url[2:], "domain"
    rows = [h.row() for h in matching(captures, url, kind)]
    rows = [r for r in rows if asked.get("from", "") <= r["timestamp"][: len(asked.get("from", "")) or 14]]
    rows = [r for r in rows if not asked.get("to") or r["timestamp"][: len(asked["to"])] <= asked["to"]]
    for rule in parse_qs(query).get("filter", []):
        field, _, value = rule.partition(":")
        keep = not field.startswith("!")
        rows = [r for r in rows if (r.get(field.lstrip("!"), "") == value) == keep]
    if asked.get("collapse", "").startswith("digest"):
        rows = list({(r["urlkey"], r["digest"]): r for r in reversed(rows)}.values())[::-1]
    if asked.get("limit", "").lstrip("-").isdigit():
        limit = int(asked["limit"])
        rows = rows[:limit] if limit >= 0 else rows[limit:]
    fields = [f for f in asked.get("fl", "").split(",") if f in FIELDS] or list(FIELDS)
    if asked.get("output") == "json":
        table = [fields, *[[r[f] for f in fields] for r in rows]] if rows else []
        return answer(json.dumps(table).encode(), "application/json")
    return answer("".join(" ".join(r[f] for f in fields) + "\n" for r in rows).encode(), "text/plain")


def play(captures: list[Held], path: str) -> Response:
    """A capture as it was captured; the nearest one in time where the moment asked is not held."""
    stamp, _, url = path.partition("/")
    mark = "".join(c for c in stamp if not c.isdigit())
    moment = stamp[: len(stamp) - len(mark)]
    url = unquote(url) if "%3A" in url[:12] else url
    held = [h for h in captures if _matches(h, url, "exact")]
    if not held or not moment:
        return answer(b"<html><body>The archive has not archived that URL.</body></html>", "text/html", status=404)
    wanted = int(moment.ljust(14, "0"))
    nearest = min(held, key=lambda h: (abs(int(h.timestamp) - wanted), h.timestamp))
    if nearest.timestamp != moment:
        return redirect(f"/web/{nearest.timestamp}{mark}/{nearest.original}", 302)
    original = [(f"x-archive-orig-{k.lower()}", v) for k, v in nearest.response.headers]
    kinds = [v for k, v in nearest.response.headers if k == "Content-Type"]
    headers = (
        ("Server", "nginx"),
        ("Content-Type", (kinds or ["text/html"])[0]),
        ("Content-Length", str(len(nearest.response.body))),
        ("Memento-Datetime", http_date(nearest.moment)),
        ("Link", f'<{nearest.original}>; rel="original"'),
        *original,
    )
    return Response(nearest.response.status, headers, nearest.response.body)


def too_many() -> Response:
    """Ask again later."""
    headers = (("Server", "nginx"), ("Retry-After", "1"), ("Content-Type", "text/plain"), ("Content-Length", "18"))
    return Response(429, headers, b"Too Many Requests\n")
