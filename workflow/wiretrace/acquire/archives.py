"""A web archive: what it has of a publisher (CDX), and its copies of pages that are gone or that only it has."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from wiretrace import identity
from wiretrace.acquire.discover import Gate
from wiretrace.acquire.fetch import Answer, Ask, Fetcher

# Rows that are asked for, and taken.
MOST_ROWS = 5000
# Captures per minute that the Wayback Machine's own client allows itself are 24, i.e. one in 2.5 s; asked at that
# multiple of the general delay (https://github.com/edgi-govdata-archiving/wayback/issues/137).
DELAY_FACTOR = 2.5
TIMESTAMP = re.compile(r"\d{14}")


@dataclass(frozen=True)
class Copy:
    """One capture that a web archive has: original address, its time as 14 digits."""

    address: str
    timestamp: str

    @property
    def time(self) -> str:
        """The time as UTC, ISO 8601."""
        t = self.timestamp
        return f"{t[:4]}-{t[4:6]}-{t[6:8]}T{t[8:10]}:{t[10:12]}:{t[12:14]}Z"


def key(address: str) -> str:
    """An address without its scheme and ``www.``, as web archives tell pages apart."""
    return re.sub(r"^https?://(?:www\.)?", "", address)


class WebArchive:
    """Asks one web archive, kept to its limits by the fetchers' pace."""

    def __init__(self, cdx: str, playback: str) -> None:
        self.cdx, self.playback = cdx, playback

    def ask(self, fetcher: Fetcher, gone: Iterable[str], live: set[str], all_pages: bool, most: int) -> None:
        """Archive the index of the publisher, then at most ``most`` copies: of ``gone`` addresses first.

        With ``all_pages`` also of addresses that only the archive knows, i.e. that are not in ``live`` (by ``key``).
        """
        publisher = fetcher.record.publisher
        for service in (self.cdx, self.playback):
            fetcher.pace.slow_down(identity.host_of(service), fetcher.config.pace.delay * DELAY_FACTOR)
        answer = self._get(fetcher, self._query(publisher), Ask("archive_index", "web_archive", subject=publisher))
        if answer.outcome != "found":
            for address in gone:
                fetcher.record.note("web_archive", address, answer.outcome, answer.reason)
            return
        newest = {key(copy.address): copy for copy in copies(answer.body, publisher)}
        wanted = list(gone)
        if all_pages:
            lost = {key(address) for address in wanted}
            gate = Gate()
            wanted += [
                copy.address
                for name, copy in newest.items()
                if name not in live and name not in lost and gate.is_page(copy.address) and not gate.trap(copy.address)
            ]
        for number, address in enumerate(wanted):
            copy = newest.get(key(address))
            if copy is None:
                fetcher.record.note("web_archive", address, "absent", "the web archive has no copy of it")
            elif number >= most or time.monotonic() >= fetcher.deadline:
                spent = f"{most} archived pages" if number >= most else f"{fetcher.config.budget.minutes:g} minutes"
                fetcher.record.note("web_archive", address, "not_looked", f"budget of {spent} spent")
            else:
                self._copy(fetcher, address, copy)

    def _query(self, publisher: str) -> str:
        account = "/" in publisher
        return f"{self.cdx}?" + urlencode(
            [
                ("url", publisher),
                ("matchType", "prefix" if account else "domain"),
                ("output", "json"),
                ("filter", "statuscode:200"),
                ("limit", str(MOST_ROWS)),
            ]
        )

    def _copy(self, fetcher: Fetcher, address: str, copy: Copy) -> None:
        ask = Ask(
            "archive_page",
            "web_archive",
            subject=address,
            copy_of=identity.canonical(copy.address),
            original_time=copy.time,
            unpacked=0,
        )
        self._get(fetcher, f"{self.playback}/{copy.timestamp}id_/{copy.address}", ask)

    def _get(self, fetcher: Fetcher, url: str, ask: Ask) -> Answer:
        return fetcher.get(url, replace(ask, politely=False, verify=True, who="web archive"))


def copies(body: bytes, publisher: str) -> list[Copy]:
    """Copies of HTML pages of ``publisher`` that an answer in the CDX server's JSON form lists, oldest first."""
    try:
        rows = json.loads(body)
        names = [str(name) for name in rows[0]] if rows else []
        found = [dict(zip(names, map(str, row), strict=False)) for row in rows[1 : MOST_ROWS + 1]]
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
    taken = [
        Copy(row["original"], row["timestamp"])
        for row in found
        if TIMESTAMP.fullmatch(row.get("timestamp", ""))
        and row.get("statuscode", "200") == "200"
        and "html" in row.get("mimetype", "html")
        and identity.publisher_of(identity.canonical(row.get("original", ""))) == publisher
    ]
    return sorted(taken, key=lambda copy: (copy.timestamp, copy.address))
