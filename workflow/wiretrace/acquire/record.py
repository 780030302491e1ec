"""What a job knows of one publisher in this round, and how it adds to it: nothing is asked twice."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wiretrace import schema
from wiretrace.evidence import EvidenceWriter, Exchange, Lookup, Opened, index, open_capture, record_id
from wiretrace.evidence.http import LARGEST_BODY
from wiretrace.evidence.writer import Outcome, one_line

Row = dict[str, Any]


def now() -> str:
    """The time, UTC, ISO 8601, full seconds."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Known:
    """A look-up that has ended: its outcome and reason, and where the capture is that shows it."""

    lookup: Row
    capture: Row | None


@dataclass
class Counts:
    """What a job has done."""

    pages: int = 0
    captures: int = 0
    size: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)


class Archive:
    """The snapshot that a job writes: what its WARC files held at the start, and what was added since.

    Reads all files of the snapshot, since a run with another number of shards may have written them.
    """

    def __init__(self, evidence: Path, snapshot: str, writer: EvidenceWriter) -> None:
        self.evidence = evidence
        self.snapshot = snapshot
        self.writer = writer
        self.counts = Counts()
        captures, lookups = index(evidence, snapshot)
        places = captures[["capture_id", "kind", "warc_file", "warc_offset", "digest"]]
        rows = {row["capture_id"]: row for row in schema.records(places)}
        self._known = {
            (row["publisher"], row["source"], row["subject"]): Known(row, rows.get(row["capture_id"]))
            for row in schema.records(lookups)
        }
        self._lock = threading.Lock()

    def known(self, publisher: str, source: str, subject: str) -> Known | None:
        """The look-up of ``subject`` if it has ended."""
        return self._known.get((publisher, source, one_line(subject)))

    def open(self, known: Known, most: int = LARGEST_BODY) -> Opened | None:
        """The capture that a look-up led to, unpacked as far as ``most`` bytes."""
        return open_capture(self.evidence, known.capture, most) if known.capture else None

    def add(self, exchange: Exchange | None, lookup: Lookup | None) -> str:
        """Archive an exchange and how a look-up ended; returns the capture's id."""
        place = self.writer.place(exchange, lookup)
        capture: Row | None = None
        if exchange:
            capture = {
                "kind": exchange.kind,
                "warc_file": f"{self.snapshot}/{self.writer.path.name}",
                "warc_offset": place.offset,
                "digest": place.digest,
            }
        with self._lock:
            if exchange:
                self.counts.captures += 1
                self.counts.size += len(exchange.response)
            if lookup:
                self._count(lookup, capture)
        return place.capture_id

    def add_lookups(self, lookups: Iterable[Lookup]) -> None:
        """Archive decisions not to look, all at once."""
        taken = list(lookups)
        self.writer.add_lookups(taken)
        with self._lock:
            for lookup in taken:
                self._count(lookup, None)

    def _count(self, lookup: Lookup, capture: Row | None) -> None:
        row = {"outcome": lookup.outcome, "reason": one_line(lookup.reason)}
        self._known[lookup.publisher, lookup.source, one_line(lookup.subject)] = Known(row, capture)
        outcomes = self.counts.outcomes
        outcomes[lookup.outcome] = outcomes.get(lookup.outcome, 0) + 1
        self.counts.pages += lookup.source == "page" and lookup.outcome == "found"


@dataclass(frozen=True)
class Record:
    """The archive as the work on one publisher sees it."""

    archive: Archive
    publisher: str

    def known(self, source: str, subject: str) -> Known | None:
        """See ``Archive.known``."""
        return self.archive.known(self.publisher, source, subject)

    def open(self, known: Known, most: int = LARGEST_BODY) -> Opened | None:
        """See ``Archive.open``."""
        return self.archive.open(known, most)

    def add(self, exchange: Exchange | None, lookup: Lookup | None) -> str:
        """See ``Archive.add``."""
        return self.archive.add(exchange, lookup)

    def record_id(self, known: Known) -> str:
        """Id of the record of the capture that a look-up led to; '' where it led to none."""
        return record_id(self.archive.evidence, known.capture) if known.capture else ""

    def note(self, source: str, subject: str, outcome: Outcome, reason: str) -> None:
        """Archive how a look-up ended that has no exchange, unless it has ended already."""
        if not self.known(source, subject):
            self.add(None, Lookup(self.publisher, source, subject, outcome, now(), reason))
