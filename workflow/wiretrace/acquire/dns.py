"""DNS questions by dnspython: every answer with its rcode, told apart from no answer."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.reversename

from wiretrace.acquire.record import Record, now
from wiretrace.errors import UserError
from wiretrace.evidence import Exchange, Lookup
from wiretrace.evidence.writer import Outcome
from wiretrace.identity.txt import joined

TYPES = ("A", "AAAA", "NS", "MX", "TXT", "SOA", "CAA", "CNAME")
HOST_TYPES = ("A", "AAAA", "CNAME")
# Seconds that one resolver may take for one question.
PATIENCE = 5.0
LONGEST_CHAIN = 8
# Terms of SPF records that cost a question (RFC 7208, section 4.6.4); names with macros are no names.
MOST_INCLUDES = 10
INCLUDE = re.compile(r"(?:include:|redirect=)([A-Za-z0-9._-]{3,253})(?=\s|$)", re.IGNORECASE)
# Addresses of one publisher whose names are asked for.
MOST_ADDRESSES = 8
RESOLVER = re.compile(
    r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<v4>\d+(?:\.\d+){3}))(?::(?P<port>\d{1,5}))?|(?P<bare>[0-9a-fA-F:]+)"
)


@dataclass(frozen=True)
class Answer:
    """Answer of a resolver: rcode ('' where none came, then ``error`` says why), answer section, who answered."""

    rcode: str
    lines: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    server: str = ""
    error: str = ""


class Resolver:
    """Asks the configured resolvers, or the system's; threads may share it.

    Raises:
        UserError: a resolver is not an IP address with or without a port.
    """

    def __init__(self, resolvers: list[str], timeout: float, retries: int = 1) -> None:
        self.servers = [_server(text) for text in resolvers] or _system()
        self.timeout = min(timeout, PATIENCE)
        self.retries = retries
        self._known: dict[tuple[str, str], Answer] = {}
        self._lock = threading.Lock()

    def ask(self, name: str, kind: str) -> Answer:
        """The answer to one question, asked once: what is archived is what connections are made by.

        The next resolver is asked where one fails or says SERVFAIL or REFUSED.
        """
        with self._lock:
            known = self._known.get((name, kind))
        if known is None:
            known = self._ask(name, kind)
            with self._lock:
                known = self._known.setdefault((name, kind), known)
        return known

    def _ask(self, name: str, kind: str) -> Answer:
        try:
            query = dns.message.make_query(name, dns.rdatatype.from_text(kind), use_edns=0, payload=1232)
        except (dns.exception.DNSException, ValueError, UnicodeError) as error:
            return Answer("", error=f"not a domain name: {error}")
        last = Answer("", error="no DNS resolver is configured, and the system has none")
        for _ in range(self.retries + 1):
            for server, port in self.servers:
                try:
                    message, _tcp = dns.query.udp_with_fallback(query, server, self.timeout, port)
                except dns.exception.Timeout:
                    last = Answer("", server=server, error=f"resolver {server} did not answer in {self.timeout:g} s")
                    continue
                except (dns.exception.DNSException, OSError, ValueError) as error:
                    last = Answer("", server=server, error=f"resolver {server}: {error}")
                    continue
                last = _read(message, server)
                if last.rcode in ("NOERROR", "NXDOMAIN"):
                    return last
        return last

    def addresses(self, host: str) -> tuple[list[str], str]:
        """Addresses of ``host``, IPv4 first, and where there are none, why."""
        found: list[str] = []
        problem = ""
        name = host
        for _ in range(LONGEST_CHAIN):
            answers = [self.ask(name, "A")]
            if answers[0].rcode:
                answers.append(self.ask(name, "AAAA"))
            found = [value for answer in answers for kind, value in answer.values if kind in ("A", "AAAA")]
            aliases = [value for answer in answers for kind, value in answer.values if kind == "CNAME"]
            first = answers[0]
            problem = f"{name}: {first.error}" if not first.rcode else f"{name} has no address (DNS {first.rcode})"
            if found or not aliases:
                break
            name = aliases[-1].rstrip(".")
        return list(dict.fromkeys(found)), problem


def _server(text: str) -> tuple[str, int]:
    match = RESOLVER.fullmatch(text.strip())
    if not match:
        raise UserError(f"configuration: acquire.resolvers: {text!r} is not IP or IP:PORT")
    return match["v6"] or match["v4"] or match["bare"], int(match["port"] or 53)


def _system() -> list[tuple[str, int]]:
    try:
        return [(str(server), 53) for server in dns.resolver.get_default_resolver().nameservers]
    except dns.resolver.NoResolverConfiguration:
        return []


def _read(message: dns.message.Message, server: str) -> Answer:
    lines: list[str] = []
    values: list[tuple[str, str]] = []
    for rrset in message.answer:
        for rdata in rrset:
            kind = dns.rdatatype.to_text(rrset.rdtype)
            lines.append(f"{rrset.name.to_text()}\t{rrset.ttl}\tIN\t{kind}\t{rdata.to_text()}")
            values.append((kind, rdata.to_text()))
    return Answer(dns.rcode.to_text(message.rcode()), tuple(lines), tuple(values), server)


def ask_all(record: Record, resolver: Resolver, domain: str, hosts: list[str]) -> list[str]:
    """Ask what DNS says of a publisher's registrable ``domain`` and its other ``hosts``; each question is a look-up.

    Returns the first MOST_ADDRESSES of their addresses.
    """
    found: list[str] = []
    questions = [(domain, kind) for kind in TYPES] + [(f"_dmarc.{domain}", "TXT")]
    questions += [(host, kind) for host in hosts if host != domain for kind in HOST_TYPES]
    for name, kind in questions:
        found += [value for type_, value in _ask(record, resolver, name, kind) if type_ in ("A", "AAAA")]
    for host in dict.fromkeys([domain, *hosts]):
        _aliases(record, resolver, host)
    _senders(record, resolver, domain)
    addresses = sorted(set(found))[:MOST_ADDRESSES]
    for address in addresses:
        _ask(record, resolver, dns.reversename.from_address(address).to_text(omit_final_dot=True), "PTR")
    return addresses


def _aliases(record: Record, resolver: Resolver, host: str) -> None:
    """Ask on along the chain of CNAME records that starts at ``host``."""
    names = [host]
    while len(names) <= LONGEST_CHAIN:
        found = [
            value.rstrip(".").lower() for kind, value in _ask(record, resolver, names[-1], "CNAME") if kind == "CNAME"
        ]
        if not found or found[0] in names:
            return
        names.append(found[0])


def _senders(record: Record, resolver: Resolver, domain: str) -> None:
    """Ask for the policies that a domain's SPF record includes, at most as many as RFC 7208 lets a receiver ask."""
    waiting, done = [domain], {domain}
    while waiting and len(done) <= MOST_INCLUDES:
        for kind, value in _ask(record, resolver, waiting.pop(0), "TXT"):
            text = joined(value)
            if kind == "TXT" and re.match(r"v=spf1\b", text, re.IGNORECASE):
                named = [name.lower().rstrip(".") for name in INCLUDE.findall(text)]
                waiting += [name for name in dict.fromkeys(named) if name not in done]
                done.update(waiting)


def _ask(record: Record, resolver: Resolver, name: str, kind: str) -> list[tuple[str, str]]:
    subject = f"{name}/{kind}"
    known = record.known("dns", subject)
    if known:
        opened = record.open(known)
        return _values(opened.raw.decode("utf-8", "replace")) if opened else []
    answer = resolver.ask(name, kind)
    outcome, reason = ended(answer)
    archive(record, answer, name, kind, Lookup(record.publisher, "dns", subject, outcome, now(), reason))
    return list(answer.values)


def archive(record: Record, answer: Answer, name: str, kind: str, lookup: Lookup) -> None:
    """Archive the answer to one question, if there was one, and how the look-up that asked it ended."""
    if not answer.rcode:
        record.add(None, lookup)
        return
    # RFC 2540 text as Heritrix archives it: the time, then the records of the answer.
    text = "\n".join((re.sub(r"\D", "", lookup.time), *answer.lines)) + "\n"
    record.add(
        Exchange(
            kind="dns",
            purpose=lookup.source,
            publisher=record.publisher,
            address=f"dns:{name}?type={kind}",
            time=lookup.time,
            response=text.encode("utf-8", "replace"),
            status=answer.rcode,
            ip=answer.server,
        ),
        lookup,
    )


def ended(answer: Answer) -> tuple[Outcome, str]:
    """How a question ended that ``answer`` answers, and why."""
    if answer.rcode == "NXDOMAIN":
        return "absent", "NXDOMAIN: there is no such name"
    if answer.rcode == "NOERROR":
        return ("found", "") if answer.values else ("absent", "the name has no record of this type")
    return "could_not_look", answer.error or f"the resolver answered {answer.rcode}"


def _values(text: str) -> list[tuple[str, str]]:
    rows = [line.split("\t", 4) for line in text.split("\n")[1:]]
    return [(row[3], row[4]) for row in rows if len(row) == 5]
