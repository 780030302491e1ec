"""Observations from the logs of certificate transparency: what a domain's certificates, past ones too, were for."""

from __future__ import annotations

import re

from wiretrace import identity
from wiretrace.given import json_of
from wiretrace.read.observations import Seen, stated

LIMIT = 20_000_000  # bytes of an answer that are read
MOST = 5_000  # certificates of it
# Registrable domains from which a certificate is one that a hosting firm or content network made for its customers:
# their names say nothing of who is behind a domain.
SHARED = 10
LONGEST = 253
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
ORGANISATION = re.compile(r"(?:^|, )O=(?:\"([^\"]{1,200})\"|([^,]{1,200}))")
SERIAL = re.compile(r"[0-9a-fA-F]{1,64}")
HOST = re.compile(r"(?:\*\.)?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")


def of_logs(body: bytes, domain: str) -> list[tuple[Seen, str, str]]:
    """What crt.sh's JSON says of ``domain``, each with the first and last moment at which the certificate was valid.

    Names within the domain itself, and names and serial numbers of certificates that it shares with at most nine other
    domains.
    """
    try:
        listed = json_of(body[:LIMIT])
    except ValueError:
        return []
    found: dict[tuple[str, str], tuple[Seen, str, str]] = {}
    for entry in listed[:MOST] if isinstance(listed, list) else []:
        if not isinstance(entry, dict):
            continue
        first, last = str(entry.get("not_before")), str(entry.get("not_after"))
        names = _names(entry)
        domains = {identity.registrable_domain(name.removeprefix("*.")) for name in names}
        if domain not in domains or len(domains) > SHARED or not (TIME.fullmatch(first) and TIME.fullmatch(last)):
            continue
        seen = stated("cert_name", names, "ct-names", "transparency")
        if len(domains) > 1:
            seen += stated("cert_serial", _serial(entry), "ct-serial", "transparency")
        for one in seen:
            known = found.get((one.kind, one.value), (one, f"{first}Z", f"{last}Z"))
            found[one.kind, one.value] = (one, min(known[1], f"{first}Z"), max(known[2], f"{last}Z"))
    return [found[key] for key in sorted(found)]


def _names(entry: dict[str, object]) -> list[str]:
    named = [*str(entry.get("name_value") or "").split("\n"), str(entry.get("common_name") or "")]
    hosts = {name.strip().lower() for name in named if len(name) <= LONGEST}
    return sorted(name for name in hosts if HOST.fullmatch(name))


def _serial(entry: dict[str, object]) -> list[str]:
    """Issuer and serial number in the form in which a certificate that a host shows tells them."""
    issuer = ORGANISATION.search(str(entry.get("issuer_name") or ""))
    serial = str(entry.get("serial_number") or "")
    return [f"{issuer[1] or issuer[2]}:{int(serial, 16):x}"] if issuer and SERIAL.fullmatch(serial) else []
