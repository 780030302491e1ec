"""WHOIS (RFC 3912): the root names the registry's server, that one may name the registrar's; raw bytes are kept."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, replace
from functools import cache

from wiretrace import identity
from wiretrace.acquire.network import Dialer, RefusedError, UnreachableError, left
from wiretrace.acquire.pace import Pace
from wiretrace.acquire.record import Record, now
from wiretrace.evidence import Exchange, Lookup
from wiretrace.evidence.writer import Outcome
from wiretrace.whois_phrases import LABELS, absence

PORT = 43
LARGEST = 262_144
REFER = re.compile(r"^\s*(?:refer|whois):\s*(\S{1,255})", re.IGNORECASE | re.MULTILINE)
REGISTRAR = re.compile(r"^\s*Registrar WHOIS Server:\s*(\S{1,255})", re.IGNORECASE | re.MULTILINE)
SERVER = re.compile(r"(?:[a-z]+://)?([a-z0-9.-]+)(?::(\d{1,5}))?/?", re.IGNORECASE)
LIMITED = re.compile(
    r"quota exceeded|limit exceeded|exceeded the|too many (?:requests|queries)|rate.?limit|try again later",
    re.IGNORECASE,
)
TOP_LINES = 12
# Labels that only a record of a registered name has a value for.
RECORDED = ("created", "expires", "registrar", "ns", "registrant_name", "registrant_org")
LABEL = re.compile(
    r"\s*(?:[a-z]\.\s*)?(?:\[(?P<bracketed>[^\]]{1,80})\]|(?P<plain>[^:\[]{1,80}?)[ .]*:)\s*(?P<value>\S?)"
)
MOST_LINES, LONGEST_LINE = 1000, 300


@dataclass(frozen=True)
class Reply:
    """Bytes that a WHOIS server sent, and how it ended."""

    data: bytes = b""
    truncated: str = ""
    problem: str = ""
    refused: bool = False
    ip: str = ""


class Whois:
    """Asks WHOIS servers, one question at a time each; threads share it."""

    def __init__(self, dialer: Dialer, pace: Pace, root: str) -> None:
        self.dialer, self.pace, self.root = dialer, pace, root
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def ask(self, record: Record, domain: str) -> None:
        """Ask the registry's server for ``domain`` and, where it names one, the registrar's."""
        if record.known("whois", domain):
            text = self._archived(record, domain)
        else:
            zone = domain.rpartition(".")[2]
            with self._lock:
                lock = self._locks.setdefault(zone, threading.Lock())
            # The root is asked for each zone once, its answer belongs to no publisher.
            with lock:
                root = self._question(replace(record, publisher=""), self.root, zone, zone)
            refer = REFER.search(root)
            server = _server(refer[1]) if refer else ""
            if not server:
                outcome: Outcome = "not_looked" if root else "could_not_look"
                why = f"no WHOIS server for .{zone} in the answer of" if root else "no answer of the WHOIS root"
                record.note("whois", domain, outcome, f"{why} {self.root}")
                return
            text = self._question(record, server, domain, domain)
        registrar = REGISTRAR.search(text)
        server = _server(registrar[1]) if registrar else ""
        if server:
            self._question(record, server, domain, f"{domain} at {server}")

    def _archived(self, record: Record, subject: str) -> str:
        known = record.known("whois", subject)
        opened = record.open(known) if known else None
        return _text(opened.raw) if opened else ""

    def _question(self, record: Record, server: str, query: str, subject: str) -> str:
        """The answer of ``server`` as text; archived, and taken from the archive where it is there."""
        if record.known("whois", subject):
            return self._archived(record, subject)
        host, port = _place(server)
        reply = Reply()
        for attempt in range(self.dialer.config.pace.retries + 1):
            if attempt:
                self.pace.sleep(self.pace.backoff(attempt))
            self.pace.wait(host, identity.registrable_domain(host))
            reply = self._exchange(host, port, query)
            if (reply.data and not reply.problem) or reply.refused:
                break
        at = now()
        outcome, reason = _ended(reply, server)
        lookup = Lookup(record.publisher, "whois", subject, outcome, at, reason)
        if not reply.data:
            record.add(None, lookup)
            return ""
        record.add(
            Exchange(
                kind="whois",
                purpose="whois",
                publisher=record.publisher,
                address=f"whois://{server}/{query}",
                time=at,
                response=reply.data,
                status="ok",
                route=self.dialer.route,
                truncated=reply.truncated,
                ip=reply.ip,
            ),
            lookup,
        )
        return _text(reply.data)

    def _exchange(self, host: str, port: int, query: str) -> Reply:
        deadline = time.monotonic() + self.dialer.config.pace.timeout
        late = f"timed out after {self.dialer.config.pace.timeout:g} s"
        try:
            stream, ip = self.dialer.connect(host, port, deadline)
        except (UnreachableError, RefusedError) as error:
            return Reply(problem=str(error), refused=isinstance(error, RefusedError))
        except TimeoutError:
            return Reply(problem=late)
        data = bytearray()
        try:
            with stream:
                stream.settimeout(left(deadline))
                stream.sendall(query.encode("ascii", "replace") + b"\r\n")
                while len(data) <= LARGEST:
                    stream.settimeout(left(deadline))
                    got = stream.recv(65_536)
                    if not got:
                        return Reply(bytes(data), ip=ip)
                    data += got
        except TimeoutError:
            return Reply(bytes(data), "time", late, ip=ip)
        except OSError as error:
            return Reply(bytes(data), "disconnect", f"connection lost: {error.strerror or error}", ip=ip)
        return Reply(bytes(data[:LARGEST]), "length", ip=ip)


def _ended(reply: Reply, server: str) -> tuple[Outcome, str]:
    if reply.refused:
        return "not_looked", reply.problem
    if reply.problem or not reply.data.strip():
        return "could_not_look", f"{server}: {reply.problem or 'an empty answer'}"
    top = "\n".join([line for line in _text(reply.data).splitlines() if line.strip()][:TOP_LINES])
    if LIMITED.search(top):
        return "could_not_look", f"{server}: {LIMITED.search(top)[0]}"  # type: ignore[index]
    missing = absent(_text(reply.data))
    if missing:
        return "absent", f"{server}: {missing}"
    return "found", f"cut after {LARGEST} bytes" if reply.truncated else ""


@cache
def _recorded() -> frozenset[str]:
    """The labels that only a record of a registered name has, in lower case."""
    listed = identity.registry(LABELS)
    named = [labels for part in ("labels", "jprs") for name, labels in listed[part].items() if name in RECORDED]
    return frozenset(str(label).lower() for labels in named for label in labels)


def absent(text: str) -> str:
    """The line by which ``text`` says that the name is not registered; '' where it states a record, or nothing."""
    lines = [line[:LONGEST_LINE] for line in text.splitlines()[:MOST_LINES]]
    for line in lines:
        label = LABEL.match(line)
        if label and label["value"] and (label["bracketed"] or label["plain"]).strip().lower() in _recorded():
            return ""
    return absence(lines)


def _text(data: bytes) -> str:
    """Text well enough to find a referral or a refusal in it; JPRS may answer in ISO-2022-JP."""
    return data.decode("iso2022_jp" if b"\x1b$" in data else "utf-8", "replace")


def _server(named: str) -> str:
    found = SERVER.fullmatch(named.strip())
    return found[1].lower().strip(".") + (f":{found[2]}" if found[2] else "") if found else ""


def _place(server: str) -> tuple[str, int]:
    host, _, port = server.partition(":")
    return host, int(port or PORT)
