"""Who announces a publisher's addresses: Team Cymru's service over DNS, or a table that the user gave."""

from __future__ import annotations

import gzip
import hashlib
import ipaddress
import socket
import zlib
from array import array
from bisect import bisect_right
from contextlib import suppress
from pathlib import Path

from wiretrace.acquire import dns
from wiretrace.acquire.dns import Resolver
from wiretrace.acquire.network import denied
from wiretrace.acquire.record import Record, now
from wiretrace.errors import UserError
from wiretrace.evidence import Exchange, Lookup
from wiretrace.identity.origins import NAMES, Origin, announced, holder, question, ranged
from wiretrace.identity.txt import joined

SOURCE = "asn"
# Bytes of a table, unpacked, and systems of one address whose names are asked for.
LARGEST_TABLE, MOST_NAMES = 500_000_000, 4
NOBODY = "no autonomous system announces it"


class Table:
    """A table of ranges of addresses (see ``wiretrace.identity.origins``), plain or gzipped.

    Raises:
        UserError: it cannot be read, or has no range.
    """

    def __init__(self, path: str) -> None:
        self.name = Path(path).name
        try:
            with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as stream:
                self._data = stream.read(LARGEST_TABLE + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise UserError(f"configuration: acquire.asn_table: {path}: cannot read: {error}") from error
        self.digest = hashlib.sha256(self._data).hexdigest()
        found: dict[int, list[tuple[int, int]]] = {socket.AF_INET: [], socket.AF_INET6: []}
        at = 0
        for line in self._data.split(b"\n"):
            first = line.partition(b"\t")[0].decode("ascii", "replace")
            family = socket.AF_INET6 if ":" in first else socket.AF_INET
            with suppress(OSError):  # a heading, or noise
                found[family].append((int.from_bytes(socket.inet_pton(family, first), "big"), at))
            at += len(line) + 1
        if len(self._data) > LARGEST_TABLE or not any(found.values()):
            raise UserError(
                f"configuration: acquire.asn_table: {path}: no table of ranges (first, last, number, country, name)"
            )
        self._starts = {family: [start for start, _ in sorted(rows)] for family, rows in found.items()}
        self._places = {family: array("Q", [at for _, at in sorted(rows)]) for family, rows in found.items()}

    def line(self, address: str) -> str:
        """The line whose range starts at or last before ``address``; '' where there is none."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        wanted = int.from_bytes(socket.inet_pton(family, address), "big")
        number = bisect_right(self._starts[family], wanted) - 1
        if number < 0:
            return ""
        at = self._places[family][number]
        return self._data[at : (self._data.find(b"\n", at) + 1) or None].decode("utf-8", "replace").strip()


def ask(record: Record, resolver: Resolver, table: Table | None, addresses: list[str]) -> None:
    """Ask who announces each of ``addresses``; each is a look-up, and each system's name one more."""
    silent = ""
    for address in addresses:
        if record.known(SOURCE, address):
            continue
        why = denied(ipaddress.ip_address(address), [])
        if why:
            record.note(SOURCE, address, "not_looked", why)
        elif table:
            _look_up(record, table, address)
        elif silent:
            record.note(SOURCE, address, "could_not_look", silent)
        else:
            silent = _ask(record, resolver, address)


def _ask(record: Record, resolver: Resolver, address: str) -> str:
    """Ask who announces ``address``; why nobody answered, '' where somebody did."""
    name = question(address)
    answer = resolver.ask(name, "TXT")
    texts = _texts(answer)
    origin = announced(texts, address)
    outcome, reason = dns.ended(answer)
    if outcome == "absent":
        reason = NOBODY
    elif outcome == "found" and origin is None:
        outcome, reason = "could_not_look", "the answer tells no origin"
    elif origin:
        reason = _said(origin, [_holder(record, resolver, number) for number in origin.numbers[:MOST_NAMES]])
    dns.archive(record, answer, name, "TXT", Lookup(record.publisher, SOURCE, address, outcome, now(), reason))
    return "" if answer.rcode in ("NOERROR", "NXDOMAIN") else reason


def _holder(record: Record, resolver: Resolver, number: int) -> str:
    """Name of a system; '' where the service tells none."""
    subject = f"AS{number}"
    answer = resolver.ask(f"{subject}.{NAMES}", "TXT")
    found = holder(_texts(answer), number)
    if not record.known(SOURCE, subject):
        outcome, reason = dns.ended(answer)
        if outcome == "found" and not found:
            outcome, reason = "could_not_look", "the answer tells no name"
        lookup = Lookup(record.publisher, SOURCE, subject, outcome, now(), found or reason)
        dns.archive(record, answer, f"{subject}.{NAMES}", "TXT", lookup)
    return found


def _texts(answer: dns.Answer) -> list[str]:
    """The TXT records of an answer, the strings of each joined."""
    return [joined(value) for kind, value in answer.values if kind == "TXT"]


def _said(origin: Origin, holders: list[str]) -> str:
    named = [f"AS{number} {name}".strip() for number, name in zip(origin.numbers, holders, strict=False)]
    return f"{', '.join(named)} announces {origin.prefix}"


def _look_up(record: Record, table: Table, address: str) -> None:
    line, time = table.line(address), now()
    origin = ranged(line, address)
    source = f"table {table.name}, SHA-256 {table.digest}"
    if origin is None:
        record.note(SOURCE, address, "absent", f"{NOBODY}; {source}")
        return
    record.add(
        Exchange(
            kind="table",
            purpose=SOURCE,
            publisher=record.publisher,
            address=f"urn:asn:{address}",
            time=time,
            response=f"{address}\t{line}\n".encode(),
            status="ok",
            note=source,
        ),
        Lookup(record.publisher, SOURCE, address, "found", time, f"{_said(origin, [origin.holder])}; {source}"),
    )
