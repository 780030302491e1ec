"""Observations from what was asked about a domain: DNS answers, RDAP objects, TLS certificates."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtensionOID, NameOID

from wiretrace import identity
from wiretrace.given import json_of
from wiretrace.identity import origins, registry
from wiretrace.identity.txt import joined
from wiretrace.read.observations import Seen, proxied, stated
from wiretrace.read.page_rules import RULES
from wiretrace.read.times import parse_time

RECORD = re.compile(r"(\S{1,255})\s++\d{1,10}\s++IN\s++([A-Z0-9]{1,10})\s++(.{1,4000})")
PEM = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----")
INCLUDE = re.compile(r"(?:include:|redirect=)([A-Za-z0-9._-]{3,253})")
# TXT records by which a service makes a domain prove its owner: a name, then a token; policies are none.
TOKEN = re.compile(r"(?P<name>[A-Za-z0-9 ._-]{2,60})[=:]\s?(?P<token>[A-Za-z0-9._/+=-]{6,200})")
CAA = re.compile(
    r'\d{1,3}\s+(?P<tag>issue|issuewild|iodef)\s+"?(?P<host>[A-Za-z0-9.:@-]{0,253})[^"]{0,500}"?', re.IGNORECASE
)
MAILTO = re.compile(r"mailto:([A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{3,253})", re.IGNORECASE)
POLICY = re.compile(r"v=|k=|p=|spf2\.0", re.IGNORECASE)
LIMIT = 2_000_000  # bytes of an RDAP answer that are read
MOST = 200


def of_dns(text: str, domain: str = "") -> list[Seen]:
    """Observations in a DNS answer archived as text: one record a line, NAME TTL IN TYPE DATA.

    With ``domain``, texts of other domains tell nothing: what an SPF record includes is its mail service's.
    """
    seen: list[Seen] = []
    place = 0
    for raw in text.split("\n")[:MOST]:
        start, place = place, place + len(raw) + 1
        line = raw.strip()
        match = RECORD.fullmatch(line)
        if match and domain and match[2] == "TXT" and identity.registrable_domain(match[1].lower()) != domain:
            continue
        if match and (not match[1].startswith("_") or match[1].lower().startswith("_dmarc.")):
            dmarc = match[1].startswith("_")
            seen += [
                Seen(kind, value, f"dns-{match[2].lower()}", line[:300], "dns", start=start, end=start + len(raw))
                for kind, value in (_dmarc(match[3]) if dmarc else _record(match[2], match[3]))
            ]
    return seen


def _record(kind: str, data: str) -> Iterator[tuple[str, str]]:
    if kind in ("A", "AAAA"):
        try:
            address = ipaddress.ip_address(data.strip())
        except ValueError:
            return
        yield "ip", str(address)
        if address.version == 4:
            yield "subnet24", str(ipaddress.ip_network(f"{address}/24", strict=False))
    elif kind == "NS":
        yield "ns", data.lower().rstrip(".")
    elif kind == "MX":
        host = data.split()[-1].lower().rstrip(".")
        if host:
            yield "mx", host
    elif kind == "SOA":
        fields = data.split()
        if len(fields) >= 2:
            yield "soa_rname", fields[1].lower().rstrip(".")
    elif kind == "CAA":
        allowed = CAA.fullmatch(data.strip())
        if allowed and allowed["host"]:
            yield "caa", f"{allowed['tag'].lower()} {allowed['host'].lower()}"
    elif kind == "TXT":
        yield from _txt(joined(data))


def _txt(text: str) -> Iterator[tuple[str, str]]:
    if re.match(r"v=spf1\b", text, re.IGNORECASE):
        for include in INCLUDE.findall(text):
            yield "spf_include", include.lower().rstrip(".")
        return
    bare = text.strip()
    token = next((bare[len(known) :] for known in _services() if bare.lower().startswith(known)), "")
    if (token and len(token) >= 4) or (not POLICY.match(text) and TOKEN.fullmatch(bare)):
        yield "txt_token", bare[:300]


@cache
def _services() -> tuple[str, ...]:
    """What TXT records of known services begin with, in lower case."""
    return tuple(str(name).lower() for name in registry(RULES)["txt_services"])


def _dmarc(data: str) -> Iterator[tuple[str, str]]:
    """Mailboxes that reports of a DMARC policy go to (RFC 7489)."""
    text = joined(data)
    if re.match(r"v=DMARC1\b", text, re.IGNORECASE):
        for box in dict.fromkeys(MAILTO.findall(text)):
            yield "dmarc_report", box.lower()


def of_origin(text: str) -> list[Seen]:
    """The autonomous systems that announce an address: of an answer over DNS, or of the line of a table after it."""
    lines = text.split("\n")[:MOST]
    records = [match for line in lines if (match := RECORD.fullmatch(line.strip())) and match[2] == "TXT"]
    address = next(filter(None, (origins.asked(match[1]) for match in records)), "")
    if address:
        found = origins.announced([joined(match[3]) for match in records], address)
        excerpt = next((m[0] for m in records if found and found.prefix in m[3]), "")
    else:
        address, _, excerpt = lines[0].partition("\t")
        found = origins.ranged(excerpt, address)
    numbers = found.numbers if found else ()
    return [Seen("asn", f"AS{number}", "asn-origin", excerpt[:300], "dns") for number in numbers]


def of_rdap(body: bytes) -> list[Seen]:
    """Observations in an RDAP domain object (RFC 9083); redactions (RFC 9537) are marked."""
    try:
        loaded = json_of(body[:LIMIT])
    except ValueError:
        return []
    if not isinstance(loaded, dict) or loaded.get("objectClassName") != "domain":
        return []
    seen: list[Seen] = []
    for event in _dicts(loaded.get("events")):
        kind = EVENTS.get(str(event.get("eventAction")))
        day = parse_time(str(event.get("eventDate") or ""))
        if kind and day:
            seen += stated(kind, [day.first.strftime("%Y-%m-%d")], "rdap-event", "rdap")
    stated_now = loaded.get("status")
    if isinstance(stated_now, list):
        # RDAP writes "client transfer prohibited" for what WHOIS writes in one word (RFC 8056).
        parted = [str(status).split() for status in stated_now[:MOST] if isinstance(status, str) and status.strip()]
        codes = [first.lower() + "".join(map(str.capitalize, rest)) for first, *rest in parted]
        seen += stated("domain_status", sorted(codes), "rdap-status", "rdap")
    for server in _dicts(loaded.get("nameservers")):
        seen += stated("ns", [str(server.get("ldhName") or "").lower().rstrip(".")], "rdap-nameserver", "rdap")
    for entity in _entities(loaded):
        roles = entity["roles"] if isinstance(entity.get("roles"), list) else []
        card = _card(entity.get("vcardArray"))
        if "registrar" in roles:
            seen += stated("registrar", card.get("org") or card.get("fn") or [], "rdap-registrar", "rdap")
        if "registrant" in roles:
            hidden = proxied(card.get("fn", []) + card.get("org", []))
            seen += stated("registrant_id", [str(entity.get("handle") or "")], "rdap-registrant", "rdap", hidden)
            for kind, name in (
                ("name", "fn"),
                ("org", "org"),
                ("email", "email"),
                ("phone", "tel"),
                ("address", "adr"),
            ):
                seen += stated(f"registrant_{kind}", card.get(name, []), "rdap-registrant", "rdap", hidden)
    for item in _dicts(loaded.get("redacted")):
        named = item.get("name")
        words = str(named.get("description") or named.get("type") or "") if isinstance(named, dict) else ""
        kind = REDACTED.get(words.strip().lower())
        if kind:
            seen += stated(kind, [words], "rdap-redacted", "rdap", hidden=True)
    return list({(s.kind, s.value, s.state): s for s in seen}.values())


EVENTS = {"registration": "created", "expiration": "expires", "last changed": "updated"}
REDACTED = {
    "registrant name": "registrant_name",
    "registrant organization": "registrant_org",
    "registrant email": "registrant_email",
    "registrant phone": "registrant_phone",
    "registrant street": "registrant_address",
}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value[:MOST] if isinstance(item, dict)] if isinstance(value, list) else []


def _entities(loaded: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for entity in _dicts(loaded.get("entities")):
        yield entity
        yield from _dicts(entity.get("entities"))


def _card(value: Any) -> dict[str, list[str]]:
    """Properties of a jCard (RFC 7095) as text."""
    found: dict[str, list[str]] = {}
    rows = value[1] if isinstance(value, list) and len(value) > 1 and isinstance(value[1], list) else []
    for row in rows[:MOST]:
        if not (isinstance(row, list) and len(row) >= 4):
            continue
        data = row[3]
        if row[0] == "adr" and isinstance(row[1], dict) and row[1].get("label"):
            data = row[1]["label"]
        flat = (
            ", ".join(str(part) for part in data if part and isinstance(part, str))
            if isinstance(data, list)
            else str(data or "")
        )
        text = flat.removeprefix("tel:").strip()
        if text:
            found.setdefault(str(row[0]), []).append(text.lower() if row[0] == "email" else text)
    return found


def of_tls(body: bytes) -> list[Seen]:
    """Observations on the leaf, the first certificate of a PEM bundle: digest, names, organisation, issuer."""
    match = PEM.search(body)
    try:
        leaf = x509.load_pem_x509_certificate(match[0]) if match else None
        if leaf is None:
            return []
        digest = hashlib.sha256(leaf.public_bytes(Encoding.DER)).hexdigest()
        names = _names(leaf)
        organisation = _text(leaf.subject, NameOID.ORGANIZATION_NAME)
        issuer = _text(leaf.issuer, NameOID.ORGANIZATION_NAME) or _text(leaf.issuer, NameOID.COMMON_NAME)
    except ValueError:
        return []
    seen = stated("cert_sha256", [digest], "tls-leaf", "tls") + _details(leaf, issuer)
    seen += stated("cert_name", names, "tls-names", "tls")
    seen += stated("cert_org", [organisation], "tls-subject", "tls")
    return seen + stated("cert_issuer", [issuer], "tls-issuer", "tls")


def _details(leaf: x509.Certificate, issuer: str) -> list[Seen]:
    """Serial number with its issuer, digest of the public key, first day; a key of an unknown kind has no digest."""
    seen = stated("cert_serial", [f"{issuer}:{leaf.serial_number:x}"], "tls-serial", "tls")
    try:
        key = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        seen += stated("cert_key", [hashlib.sha256(key).hexdigest()], "tls-key", "tls")
    except (ValueError, UnsupportedAlgorithm):
        pass
    return seen + stated("cert_from", [leaf.not_valid_before_utc.strftime("%Y-%m-%d")], "tls-validity", "tls")


def _text(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(oid)
    return str(found[0].value) if found else ""


def _names(leaf: x509.Certificate) -> list[str]:
    try:
        extension = leaf.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except x509.ExtensionNotFound:
        return [_text(leaf.subject, NameOID.COMMON_NAME).lower()]
    names = extension.get_values_for_type(x509.DNSName) if isinstance(extension, x509.SubjectAlternativeName) else []
    return sorted({name.lower() for name in names})[:MOST]
