"""Common Crawl: whether its newest crawls have a publisher's pages, and its copies of those that are gone.

https://index.commoncrawl.org/collinfo.json lists the crawls, each with the address of its index (CDXJ, as pywb serves
it). One question a crawl; an index that is too busy (429, 503) is left alone for as long as it names. A copy is one
record of one of its WARC files, asked for by its range of bytes. Both are archived: the answer as it came, and what the
record in it holds as a capture of the page, as Common Crawl made it.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

from wiretrace import identity
from wiretrace.acquire.archives import DELAY_FACTOR, MOST_ROWS, TIMESTAMP, Copy, key
from wiretrace.acquire.fetch import Answer, Ask, Fetcher
from wiretrace.acquire.record import Record, now
from wiretrace.evidence import DamageError, Exchange, Lookup, packed_record
from wiretrace.evidence.writer import Outcome

# Crawls that are asked, newest first: there is about one a month.
MOST_CRAWLS = 3
WHO = "Common Crawl"
SOURCE = "common_crawl"
NUMBER = re.compile(r"\d{1,15}")
FILE = re.compile(r"(?!/)(?!.*\.\.)[A-Za-z0-9._/=-]{1,300}")


@dataclass(frozen=True)
class Place:
    """Where Common Crawl keeps a copy: name of the crawl, file, first byte and number of them."""

    crawl: str
    file: str
    offset: int
    length: int

    def __str__(self) -> str:
        return f"{self.crawl}: {self.file}, {self.length} bytes at {self.offset}"


class CommonCrawl:
    """Asks the indexes of the newest crawls, and for the copies that they list; threads share it.

    Args:
        listed: address of the list of crawls.
        data: address below which their files lie.
    """

    def __init__(self, listed: str, data: str) -> None:
        self.listed, self.data = listed, data.rstrip("/")
        self._crawls: list[tuple[str, str]] | None = None
        self._problem = ""
        self._lock = threading.Lock()

    def ask(self, fetcher: Fetcher, gone: Iterable[str], fetcher_for: Callable[[Record], Fetcher], most: int) -> None:
        """Archive what the indexes list of the publisher, and of ``gone`` addresses at most ``most`` copies.

        What the web archive gave a copy of is not asked for once more.
        """
        publisher, record = fetcher.record.publisher, fetcher.record
        with self._lock:
            if self._crawls is None:
                self._load(fetcher_for(replace(record, publisher="")))
        if self._problem:
            record.note(SOURCE, publisher, "could_not_look", self._problem)
        newest: dict[str, tuple[Copy, Place]] = {}
        failed = self._problem
        for name, index in self._crawls or ():
            fetcher.pace.slow_down(identity.host_of(index), fetcher.config.pace.delay * DELAY_FACTOR)
            answer = fetcher.get(f"{index}?{_query(publisher)}", _ask(f"{publisher} in {name}", judged))
            if answer.outcome == "found":
                for copy, place in listed(answer.body, publisher, name):
                    newest.setdefault(key(copy.address), (copy, place))
            elif answer.outcome != "absent":
                failed = answer.reason
        for address in gone:
            held = newest.get(key(address))
            if held:
                most -= self._copy(fetcher, address, *held, most)
            elif failed:
                record.note(SOURCE, address, "could_not_look", failed)
            else:
                crawls = ", ".join(name for name, _ in self._crawls or ())
                record.note(SOURCE, address, "absent", f"not in {crawls}")

    def _copy(self, fetcher: Fetcher, address: str, copy: Copy, place: Place, most: int) -> bool:
        """Archive the copy at ``place`` unless there is a reason not to; whether one was asked for."""
        record = fetcher.record
        said = f"captured {copy.time}, {place}"
        elsewhere = record.known("web_archive", address)
        if record.known(SOURCE, address):
            return False
        why = ""
        if elsewhere and elsewhere.lookup["outcome"] == "found":
            why = "the web archive gave its copy"
        elif most <= 0 or time.monotonic() >= fetcher.deadline:
            why = "the budget is spent"
        elif not FILE.fullmatch(place.file) or not 0 < place.length <= fetcher.config.pace.largest_answer:
            why = "no place that can be asked for"
        if why:
            record.note(SOURCE, address, "found", f"{said}; not fetched: {why}")
            return False
        fetcher.pace.slow_down(identity.host_of(self.data), fetcher.config.pace.delay * DELAY_FACTOR)
        part = (place.offset, place.offset + place.length - 1)
        url = f"{self.data}/{place.file}"
        ask = replace(_ask(f"{place.file} bytes {part[0]}-{part[1]}", None), purpose="archive_record", part=part)
        answer = fetcher.get(url, ask)
        if answer.outcome != "found":
            record.note(SOURCE, address, "could_not_look", f"{said}; {answer.reason}")
            return True
        try:
            exchange = _held(answer, address, copy, place, record.publisher)
        except DamageError as damage:
            record.note(SOURCE, address, "could_not_look", f"{said}; {damage.what}")
            return True
        record.add(exchange, Lookup(record.publisher, SOURCE, address, "found", exchange.time, said))
        return True

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


def _held(answer: Answer, address: str, copy: Copy, place: Place, publisher: str) -> Exchange:
    """The capture of ``address`` that is in the record which ``answer`` brought.

    Raises:
        DamageError: it is not the record that the index lists.
    """
    if answer.status != 206:
        raise DamageError(Path(place.file), place.offset, f"HTTP {answer.status} where a part was asked for")
    record = packed_record(answer.body, place.file)
    target = identity.canonical(record.headers.get("warc-target-uri", ""))
    if record.type != "response" or record.oversize or key(target) != key(identity.canonical(copy.address)):
        raise DamageError(Path(place.file), place.offset, "another record than the index lists")
    cut = record.headers.get("warc-truncated", "")
    return Exchange(
        kind="http",
        purpose="archive_page",
        publisher=publisher,
        address=target,
        asked=f"{answer.url}#bytes={place.offset}-{place.offset + place.length - 1}",
        time=now(),
        response=record.block,
        route="web_archive",
        via=answer.url,
        truncated=cut if cut in ("length", "time", "disconnect") else "disconnect" if cut else "",
        original_time=copy.time,
        note=f"the record {record.id} of {place}",
    )


def listed(body: bytes, publisher: str, crawl: str) -> list[tuple[Copy, Place]]:
    """Captures of pages of ``publisher`` in the index of ``crawl``, with where they stand, newest first."""
    found = [
        (
            Copy(row["url"], row["timestamp"]),
            Place(crawl, row.get("filename", ""), int(row["offset"]), int(row["length"])),
        )
        for row in rows(body)
        if NUMBER.fullmatch(row.get("offset", ""))
        and NUMBER.fullmatch(row.get("length", ""))
        and TIMESTAMP.fullmatch(row.get("timestamp", ""))
        and row.get("status", "200") == "200"
        and identity.publisher_of(identity.canonical(row.get("url", ""))) == publisher
    ]
    return sorted(found, key=lambda one: (one[0].timestamp, one[0].address), reverse=True)
