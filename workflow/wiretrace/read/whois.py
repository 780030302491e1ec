"""WHOIS answers to fields: own parsers for JPRS and for labelled lines (CNNIC and most others), then asyncwhois.

JPRS prints ``[Label] value`` with English or Japanese labels, sometimes with index letters and in ISO-2022-JP, and goes
on in the next line; no library reads all of its forms. asyncwhois' parser works on the text alone and asks nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from wiretrace import identity
from wiretrace.read.decode import decode
from wiretrace.read.observations import Seen, proxied, redaction, stated
from wiretrace.read.rules import registry
from wiretrace.read.times import find_times

LABELS = "whois_labels.yaml"
LIMIT = 60_000  # characters of an answer that are read
LINES = 2_000
FIELDS = (
    "registrant_name",
    "registrant_org",
    "registrant_email",
    "registrant_phone",
    "registrant_address",
    "registrar",
    "created",
    "expires",
    "ns",
)
# HKIRC and others write day, month, year.
DAY_FIRST = re.compile(r"(?<!\d)(\d{2})[-./](\d{2})[-./](\d{4})(?!\d)")
JPRS = re.compile(r"^(?:[a-z]\.\s?)?\[(?P<label>[^\]\n]{1,40})\][ \t]*(?P<value>[^\n]*)$")
PAIR = re.compile(r"^[ \t]{0,12}(?P<label>[^:：\n]{2,45}?)[ .\t]{0,40}[:：](?P<value>[^\n]*)$")
COMPANY = re.compile(
    r"株式会社|有限会社|合同会社|財団法人|社団法人|有限公司|股份|集团|주식회사|\b(?:inc|ltd|llc|limited|corp|corporation|gmbh|k\.?k|company|foundation|plc|pte)\b",
    re.IGNORECASE,
)
# The line in which a record names its own domain, in the labelled and in the JPRS form.
OWN_NAME = re.compile(
    r"^[ \t]{0,12}(?:[a-z]\.\s?)?\[?(?:domain(?:[ _]?name)?|ドメイン名)\]?[ .\t]{0,40}[:：]?[ \t]*"
    r"((?:[a-z0-9_-]{1,63}\.){1,8}[a-z0-9-]{2,63})\.?[ \t]*$",
    re.IGNORECASE,
)
HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.){1,8}[a-z0-9-]{2,63}", re.IGNORECASE)
# Where a service stands for the registrant, these are the service's.
CONTACTS = frozenset(("registrant_email", "registrant_phone", "registrant_address"))
COMMENT = (">>>", "%", "#", "*")
TAKEN_LINES = 4  # continuation lines that belong to a field


@cache
def _labels() -> dict[str, str]:
    """Field by label, in lower case."""
    return {label: name for name, labels in registry(LABELS)["labels"].items() for label in labels}


@dataclass
class Fields:
    """Values by field; ``parsers`` names the parser of each; ``hidden`` fields have an owner that a service hides."""

    values: dict[str, list[str]] = field(default_factory=dict)
    parsers: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    def add(self, name: str, value: str, parser: str) -> None:
        """Add a value; a field belongs to the first parser that found it."""
        value = value.strip()
        if value and self.parsers.setdefault(name, parser) == parser and value not in self.values.get(name, ()):
            self.values.setdefault(name, []).append(value)


def of_whois(body: bytes, domain: str) -> list[Seen]:
    """Observations in the answer of a WHOIS server about ``domain``, in whatever charset it came.

    A record that names another domain as its own says nothing about ``domain``.
    """
    text = decode(body).text
    if _named(text) not in ("", identity.registrable_domain(domain)):
        return []
    found = parse(text, domain)
    if proxied(found.values.get("registrant_name", []) + found.values.get("registrant_org", [])):
        found.hidden |= CONTACTS
    seen: list[Seen] = []
    for name in FIELDS:
        hidden = name in found.hidden
        seen += stated(name, _normal(name, found.values.get(name, ())), found.parsers.get(name, ""), "whois", hidden)
    return seen


def _named(text: str) -> str:
    """Registrable domain that the record says it is about; '' where it does not say."""
    for line in text[:LIMIT].splitlines()[:LINES]:
        match = OWN_NAME.match(line)
        if match:
            return identity.registrable_domain(match[1].lower())
    return ""


def parse(text: str, domain: str) -> Fields:
    """Fields of the answer ``text``; empty where it holds no record."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")[:LIMIT].split("\n")[:LINES]
    found = Fields()
    if sum(bool(JPRS.match(line)) for line in lines) >= 3:
        _jprs(lines, found)
    else:
        _labelled(lines, found)
        if not found.values.keys() >= {"created", "ns"}:
            _asyncwhois("\n".join(lines), domain, found)
    return found


def _jprs(lines: list[str], found: Fields) -> None:
    contact = False
    index = 0
    while index < len(lines):
        match = JPRS.match(lines[index])
        contact = contact or bool(re.match(r"contact information", lines[index], re.IGNORECASE))
        index += 1
        if not match:
            continue
        label, value = match["label"].strip().lower(), match["value"].strip()
        more: list[str] = []
        while index < len(lines) and len(more) < TAKEN_LINES and re.match(r"[ \t]{8,}\S", lines[index]):
            more.append(lines[index].strip())
            index += 1
        value = " ".join([value, *more]) if value else ""
        if contact and label in ("name", "名前") and value and redaction(value):
            found.hidden |= CONTACTS
        name = _labels().get(label, "")
        if name == "registrant_name" and COMPANY.search(value):
            name = "registrant_org"
        if name:
            found.add(name, value, "whois-jprs")


def _labelled(lines: list[str], found: Fields) -> None:
    """``Label: value`` lines; a label without a value takes the indented lines after it."""
    cnnic = any(line.startswith("ROID:") for line in lines) and any(
        line.startswith("Registration Time:") for line in lines
    )
    parser = "whois-cnnic" if cnnic else "whois-labels"
    pairs = [(index, PAIR.match(line)) for index, line in enumerate(lines) if not line.lstrip().startswith(COMMENT)]
    labels = Counter(match["label"].strip(" .").lower() for _, match in pairs if match)
    for index, match in pairs:
        if not match:
            continue
        label = match["label"].strip(" .").lower()
        name = _labels().get(label, "") if label not in registry(LABELS)["shared"] or labels[label] == 1 else ""
        values = [match["value"].strip()]
        if name and not values[0]:
            values = _indented(lines, index, name)
        for value in values:
            if name == "registrant_name" and COMPANY.search(value):
                found.add("registrant_org", value, parser)
            elif name:
                found.add(name, value, parser)


def _indented(lines: list[str], index: int, name: str) -> list[str]:
    """The lines under a label without a value of its own; name servers may stand at the margin, after a blank line."""
    taken: list[str] = []
    for line in lines[index + 1 : index + 1 + (9 if name == "ns" else 1)]:
        server = name == "ns" and HOST.fullmatch(line.split()[0] if line.split() else "")
        if not line.strip() and name == "ns" and not taken:
            continue
        if PAIR.match(line) or not (server or (name != "ns" and re.match(r"[ \t]+\S", line))):
            break
        taken.append(line.strip())
    return taken


def _asyncwhois(text: str, domain: str, found: Fields) -> None:
    """Fields by asyncwhois' parser for the domain's zone, which reads text and asks nobody."""
    # Loaded here because it is large and most answers do not need it.
    from asyncwhois.errors import WhoIsError
    from asyncwhois.parse_tld import DomainParser

    try:
        record = {str(k): v for k, v in DomainParser().parse(text, domain.rpartition(".")[2]).items()}
    except (WhoIsError, IndexError, KeyError, ValueError, TypeError, AttributeError):  # its patterns meet odd answers
        return
    names = {
        "registrant_name": "registrant_name",
        "registrant_organization": "registrant_org",
        "registrant_email": "registrant_email",
        "registrant_phone": "registrant_phone",
        "registrant_address": "registrant_address",
        "registrar": "registrar",
        "created": "created",
        "expires": "expires",
        "name_servers": "ns",
    }
    for theirs, ours in names.items():
        value = record.get(theirs)
        for one in value if isinstance(value, list) else [value]:
            if one:
                found.add(ours, one.strftime("%Y-%m-%d") if hasattr(one, "strftime") else str(one), "whois-asyncwhois")


def _day(value: str) -> str:
    found = next(find_times(value), None)
    if found:
        return found.first.strftime("%Y-%m-%d")
    turned = DAY_FIRST.search(value)
    found = next(find_times(f"{turned[3]}-{turned[2]}-{turned[1]}"), None) if turned else None
    return found.first.strftime("%Y-%m-%d") if found else ""


def _normal(name: str, values: Iterable[str]) -> list[str]:
    if name in ("created", "expires"):
        return [day for day in map(_day, values) if day][:1]
    if name == "ns":
        hosts = [HOST.match(part) for value in values for part in value.split()[:1]]
        return sorted({match[0].lower().rstrip(".") for match in hosts if match})
    if name == "registrant_email":
        return [value.lower() for value in values if "@" in value or redaction(value)]
    if name == "registrant_phone":
        return [re.sub(r"^tel:", "", value) for value in values]
    return list(values)
