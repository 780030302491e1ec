"""WHOIS answers to fields: by their labels and parts, JPRS' bracket form apart.

Every step is a pass over counted lines, so no answer takes long.
"""

from __future__ import annotations

import re
from functools import cache

from wiretrace import identity
from wiretrace.identity import registry
from wiretrace.read.decode import decode
from wiretrace.read.markup import squeezed
from wiretrace.read.observations import Seen, proxied, redaction
from wiretrace.read.whois.blocks import COMPANY, DATES, HOST, Reader
from wiretrace.read.whois.days import day_of, month_comes_first
from wiretrace.read.whois.fields import Fields
from wiretrace.read.whois.lines import BRACKET, LIMIT, LINES, lines_of
from wiretrace.whois_phrases import LABELS, absence

__all__ = ["of_whois", "parse", "read_text", "registered"]

FIELDS = (
    "registrant_name",
    "registrant_org",
    "registrant_email",
    "registrant_phone",
    "registrant_address",
    "registrant_id",
    "registrar",
    "created",
    "expires",
    "updated",
    "ns",
    "domain_status",
)
# Where a service stands for the registrant, these are the service's.
CONTACTS = frozenset(("registrant_email", "registrant_phone", "registrant_address", "registrant_id"))
TAKEN_LINES = 4  # continuation lines that belong to a field of JPRS
LONGEST = 300  # characters of a value


def of_whois(body: bytes, domain: str) -> list[Seen]:
    """Observations in the answer of a WHOIS server about ``domain``, in whatever charset it came.

    A record that names another domain as its own says nothing about ``domain``. Places count in the decoded answer.
    """
    text = read_text(body, domain)
    found = parse(text, domain)
    if _named(found) not in ("", identity.registrable_domain(domain)):
        return []
    if proxied(found.texts("registrant_name") + found.texts("registrant_org")):
        found.hidden |= CONTACTS
    return [seen for name in FIELDS for seen in _seen(found, name, text)]


def _seen(found: Fields, name: str, text: str) -> list[Seen]:
    made: dict[str, Seen] = {}
    held = found.values.get(name, [])
    for one in held[:1] if name in DATES or name == "registrar" else held:
        value = squeezed(found.days[name][0] if name in DATES else _normal(name, one.value))[:LONGEST]
        if value:
            hidden = name in found.hidden or redaction(value) is not None
            end = one.start + len(one.value) if text.startswith(one.value, one.start) else -1
            state = "redacted" if hidden else "value"
            made.setdefault(
                value,
                Seen(name, value, one.parser, one.value[:LONGEST], "whois", state, one.start if end > 0 else -1, end),
            )
    return sorted(made.values(), key=lambda s: s.value) if name in ("ns", "domain_status") else list(made.values())


def _normal(name: str, value: str) -> str:
    if name == "registrant_email":
        return value.lower() if "@" in value or redaction(value) else ""
    if name == "registrant_phone":
        return re.sub(r"^tel:", "", value)
    return value


def _named(found: Fields) -> str:
    """Registrable domain that the record says it is about; '' where it does not say."""
    for value in found.domains:
        match = HOST.match(value)
        if match:
            return identity.registrable_domain(match[0].lower().rstrip("."))
    return ""


def read_text(body: bytes, domain: str) -> str:
    """The answer ``body`` as text: UTF-8 or ISO-2022-JP where it is that, else the charset of the zone's registry."""
    return _decoded(body, domain).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(body: bytes, domain: str) -> str:
    charset = registry(LABELS)["charsets"].get(domain.rpartition(".")[2], "")
    for name in [] if b"\x1b$" in body else ["utf-8-sig", *([charset] if charset else [])]:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return decode(body).text


def parse(text: str, domain: str) -> Fields:
    """Fields of the answer ``text``; empty where it holds no record."""
    text = text[:LIMIT]
    raw = text.split("\n")[:LINES]
    if sum(bool(BRACKET.match(line) and line.startswith(("[", *(f"{c}." for c in "abcdefgmnp")))) for line in raw) >= 4:
        found = _jprs(raw)
    else:
        found = _labelled(text)
    _days(found, domain)
    # A record may name the domain itself beside the label of its name servers.
    servers = [one for one in found.values.pop("ns", []) if one.value != domain]
    found.values |= {"ns": servers} if servers else {}
    return found


def _labelled(text: str) -> Fields:
    lines = list(lines_of(text))
    cnnic = any(line.label == "ROID" for line in lines) and any(line.label == "Registration Time" for line in lines)
    reader = Reader(lines, "whois-cnnic" if cnnic else "whois-labels")
    found = reader.read()
    for name, stated in reader.dates.items():
        for value, label, start in stated:
            found.add(name, value, start, reader.parser)
            found.days.setdefault(name, []).append(label)
    return found


def _days(found: Fields, domain: str) -> None:
    """Turn the stated dates into days; a date that is none is dropped."""
    zone = domain.rpartition(".")[2]
    stated = [value for name in DATES for value in found.texts(name)]
    hint = " ".join(label for name in DATES for label in found.days.get(name, ()))
    month_first = month_comes_first(stated, hint, zone in registry(LABELS)["month_first"])
    for name in DATES:
        kept = [(one, day) for one in found.values.pop(name, []) if (day := day_of(one.value, month_first))]
        found.days.pop(name, None)
        if kept:
            # Of several changes the last is the record's: RPSL lists them all.
            chosen = max(kept, key=lambda k: k[1]) if name == "updated" and len(kept) > 2 else kept[0]
            found.values[name] = [chosen[0]]
            found.days[name] = [chosen[1]]


def _jprs(raw: list[str]) -> Fields:
    """JPRS: ``[Label] value`` in English or Japanese, with index letters or without, values going on indented."""
    found, contact, index, position = Fields(), False, 0, 0
    while index < len(raw):
        line = raw[index]
        match = BRACKET.match(line)
        contact = contact or line.lower().startswith("contact information")
        start = position + (match.start("value") + len(match["value"]) - len(match["value"].lstrip()) if match else 0)
        index, position = index + 1, position + len(line) + 1
        more: list[str] = []
        while match and index < len(raw) and len(more) < TAKEN_LINES and re.match(r"[ \t]{8,}\S", raw[index]):
            more.append(raw[index].strip())
            index, position = index + 1, position + len(raw[index]) + 1
        if match:
            _bracketed(found, match["label"], " ".join([match["value"].strip(), *more]).strip(), start, contact)
    return found


def _bracketed(found: Fields, label: str, value: str, start: int, contact: bool) -> None:
    plain = label.strip().lower()
    name = _jprs_labels().get(plain, "")
    if contact and plain in ("name", "名前") and value and redaction(value):
        found.hidden |= CONTACTS
    if name == "registrant_name" and COMPANY.search(value):
        name = "registrant_org"
    if name == "state":
        # 汎用 domains state their day of expiry so: Connected (2026/05/31).
        found.add("domain_status", value.partition("(")[0], start, "whois-jprs")
        if "(" in value and not found.has("expires"):
            found.add("expires", value.partition("(")[2], start, "whois-jprs")
    elif name == "domain":
        found.domains.append(value)
    elif name:
        found.add(name, value, start, "whois-jprs")


@cache
def _jprs_labels() -> dict[str, str]:
    listed = registry(LABELS)["jprs"]
    return {str(label): name for name, names in listed.items() for label in names}


def registered(text: str) -> bool | None:
    """Whether the answer ``text`` says that the name is registered; None where it does not tell.

    A record's fields say more than any sentence beside them: registries explain in each answer what others would mean.
    """
    found = parse(text.replace("\r\n", "\n"), "")
    if found.values.keys() - {"domain_status", "updated"}:
        return True
    if absence(text[:LIMIT].splitlines()[:LINES]):
        return False
    return True if found.values else None
