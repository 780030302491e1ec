"""Common Crawl's index: whether its newest crawls have a publisher's pages, and where in its files.

https://index.commoncrawl.org/collinfo.json lists the crawls, each with the address of its index (CDXJ, as pywb serves
it). One question a crawl; an index that is too busy (429, 503) is left alone for as long as it names.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import urlencode

from wiretrace import identity
from wiretrace.acquire.archives import DELAY_FACTOR, MOST_ROWS, TIMESTAMP, Copy, key
from wiretrace.acquire.fetch import Answer, Ask, Fetcher
from wiretrace.acquire.record import Record
from wiretrace.evidence.writer import Outcome

# Crawls that are asked, newest first: there is about one a month.
MOST_CRAWLS = 3
WHO = "Common Crawl"
SOURCE = "common_crawl"


class CommonCrawl:
    """Asks the indexes of the newest crawls; threads share it."""

    def __init__(self, listed: str) -> None:
        self.listed = listed
        self._crawls: list[tuple[str, str]] | None = None
        self._problem = ""
        self._lock = threading.Lock()

    def ask(self, fetcher: Fetcher, gone: Iterable[str], fetcher_for: Callable[[Record], Fetcher]) -> None:
        """Archive what the indexes list of the publisher; tell of each ``gone`` address whether it is among that."""
        publisher, record = fetcher.record.publisher, fetcher.record
        with self._lock:
            if self._crawls is None:
                self._load(fetcher_for(replace(record, publisher="")))
        if self._problem:
            record.note(SOURCE, publisher, "could_not_look", self._problem)
        newest: dict[str, tuple[Copy, str]] = {}
        failed = self._problem
        for name, index in self._crawls or ():
            fetcher.pace.slow_down(identity.host_of(index), fetcher.config.pace.delay * DELAY_FACTOR)
            answer = fetcher.get(f"{index}?{_query(publisher)}", _ask(f"{publisher} in {name}", judged))
            if answer.outcome == "found":
                for copy, place in listed(answer.body, publisher):
                    newest.setdefault(key(copy.address), (copy, f"{name}: {place}"))
            elif answer.outcome != "absent":
                failed = answer.reason
        for address in gone:
            held = newest.get(key(address))
            if held:
                record.note(SOURCE, address, "found", f"captured {held[0].time}, {held[1]}")
            elif failed:
                record.note(SOURCE, address, "could_not_look", failed)
            else:
                crawls = ", ".join(name for name, _ in self._crawls or ())
                record.note(SOURCE, address, "absent", f"not in {crawls}")

    def _load(self, fetcher: Fetcher) -> None:
        ask = replace(_ask("", None), purpose="bootstrap")
        answer = fetcher.get(self.listed, ask)
        self._crawls = crawls(answer)
        if not self._crawls:
            self._problem = f"the list of crawls is not there: {answer.reason or 'no crawls in it'}"


def _ask(subject: str, check: Callable[[bytes], tuple[Outcome, str]] | None) -> Ask:
    return Ask(
        "archive_index", SOURCE, subject=subject, politely=False, verify=True, who=WHO, accept="*/*", check=check
    )


def _query(publisher: str) -> str:
    kind = "prefix" if "/" in publisher else "domain"
    asked = {"url": publisher, "matchType": kind, "output": "json", "filter": "=status:200", "limit": str(MOST_ROWS)}
    return urlencode(asked)


def crawls(answer: Answer) -> list[tuple[str, str]]:
    """(name, address of its index) of the newest crawls in collinfo.json, which lists them newest first."""
    if answer.outcome != "found":
        return []
    try:
        found = [(str(one["id"]), identity.canonical(str(one["cdx-api"]))) for one in json.loads(answer.body)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [(name, index) for name, index in found if index][:MOST_CRAWLS]


def rows(body: bytes) -> list[dict[str, str]]:
    """The lines of a CDXJ answer that are JSON objects."""
    found = []
    for line in body.splitlines()[:MOST_ROWS]:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            found.append({str(name): str(value) for name, value in row.items()})
    return found


def judged(body: bytes) -> tuple[Outcome, str]:
    """Whether ``body`` lists captures."""
    taken = rows(body)
    if any("timestamp" in row and "url" in row for row in taken):
        return "found", ""
    if not body.strip() or any("no captures found" in row.get("message", "").lower() for row in taken):
        return "absent", "no captures"
    return "could_not_look", "the answer lists no captures"


def listed(body: bytes, publisher: str) -> list[tuple[Copy, str]]:
    """Captures of pages of ``publisher`` with where they stand, newest first."""
    found = [
        (Copy(row["url"], row["timestamp"]), f"{row.get('filename')}, {row.get('length')} bytes at {row.get('offset')}")
        for row in rows(body)
        if TIMESTAMP.fullmatch(row.get("timestamp", ""))
        and row.get("status", "200") == "200"
        and identity.publisher_of(identity.canonical(row.get("url", ""))) == publisher
    ]
    return sorted(found, key=lambda one: (one[0].timestamp, one[0].address), reverse=True)
