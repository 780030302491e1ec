"""Labelled WHOIS answers, part by part: who is meant by a line is told by its label or by the part it stands in.

A part begins with its title (``Registrant:``, ``% Registrant:``, ``holder-c:`` and the block of that handle) and ends
with a blank line after which nothing is indented under it. Answers whose labels say whose they are ("Registrant Email")
need no parts. Nothing is guessed from a value's look but what an unlabelled line of an address block is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wiretrace.read.whois import labels
from wiretrace.read.whois.fields import ADDRESS, Fields
from wiretrace.read.whois.lines import Line

HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,62}\.?", re.IGNORECASE)
EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24}")
PHONE = re.compile(r"(?:tel(?:ephone)?|phone)?[.: ]{0,3}\+?\s?[\d][\d\s().+-]{6,24}", re.IGNORECASE)
HANDLE = re.compile(r"(?=[^\s-]*\d)[A-Za-z0-9_]{2,24}-[A-Za-z0-9_]{2,16}|[A-Z]{1,6}\d{3,12}[A-Z]{0,4}")
COMPANY = re.compile(
    r"株式会社|有限会社|合同会社|財団法人|社団法人|有限公司|股份|集团|公司|주식회사|유한회사|대학교|\b(?:inc|ltd|llc|limited|corp|corporation|gmbh|k\.?k"
    r"|company|foundation|plc|pte|pty|ag|oy|ab|a/s|s\.?[apr]\.?[alr]?\.?|b\.?v|s\.?l|university|institute|association|ministry|bank)(?:\b|$)",
    re.IGNORECASE,
)
NAMES = {"name": "registrant_name", "org": "registrant_org", "email": "registrant_email", "phone": "registrant_phone"}
# What registries write after a registrar's name: its tag, its id at the registry, its address.
ASIDE = re.compile(
    r"\s*(?:[\[(]\s*(?:tag\b|https?:|[A-Z0-9]{1,8}-[A-Z]{2,8}\b|www\.)[^\])]*[\])]|https?://\S+)\s*$", re.IGNORECASE
)
NONE = frozenset(("n/a", "-", "none", "not applicable", "no name servers listed.", "null", "***n/a***"))
DATES = ("created", "expires", "updated")


@dataclass
class _State:
    """Where the reading stands: the part, its title's indent, what of it was read."""

    role: str = ""
    indent: int = 0
    filled: bool = False
    own: bool = False  # the block is the domain's own
    seen_other: bool = False
    pending: str = ""  # field whose label stood without a value


class Reader:
    """Reads one answer's lines into ``found``."""

    def __init__(self, lines: Sequence[Line], parser: str) -> None:
        self.lines, self.parser = lines, parser
        self.found = Fields()
        self.state = _State()
        self.registrar: list[tuple[int, str, int]] = []  # (rank, value, start)
        self.dates: dict[str, list[tuple[str, str, int]]] = {}
        self.parts: dict[str, list[tuple[str, int]]] = {}
        self.blocks = _blocks(lines)
        self.named = {line.value.casefold() for line in lines if labels.normal(line.label) in labels.handles()}
        self.wanted = {value.casefold() for value in _handles(lines) if self._has_block(value)}
        self.handles = self._roles()

    def _roles(self) -> dict[int, str]:
        """The role of each block that names itself by a handle, by the number of its first line."""
        roles: dict[int, str] = {}
        for first, last in self.blocks:
            block = self.lines[first:last]
            named = {line.value.casefold() for line in block if labels.normal(line.label) in labels.handles()}
            titled = labels.section_of(block[0].label) in ("registrant", "registrar", "domain", "ns")
            if named & self.wanted:
                roles[first] = "registrant"
            elif named and not any(labels.field_of(line.label) == "domain" for line in block) and not titled:
                roles[first] = "other"
        return roles

    def read(self) -> Fields:
        """All fields of the answer."""
        starts = {first for first, _ in self.blocks}
        for number, line in enumerate(self.lines):
            if number in starts:
                self._block(number)
            self._line(line)
        self._address()
        for _, value, start in sorted(self.registrar, key=lambda entry: entry[0]):
            self.found.add("registrar", value, start, self.parser)
        return self.found

    def _block(self, number: int) -> None:
        """A blank line was passed: a part goes on only where what follows is indented under its title."""
        state, line = self.state, self.lines[number]
        inside = line.indent > state.indent and (not line.label or state.role in ("registrant", "other"))
        if not state.role or (state.filled and not inside):
            self._enter("", line.indent)
        if number in self.handles:
            self._enter(self.handles[number], line.indent)
            state = self.state
            state.filled = True
        self.state.own = _owns(self.lines, number)

    def _enter(self, role: str, indent: int) -> None:
        self._address()
        own, seen = self.state.own, self.state.seen_other or role == "other"
        self.state = _State(role, indent, own=own, seen_other=seen)

    def _line(self, line: Line) -> None:
        if not line.text and not line.label:
            self.state.pending = ""
            return
        if line.text == "#":
            return
        # A host in a list of name servers may be followed by addresses of IPv6, whose colons make no label.
        listed = (
            "ns" in (self.state.role, self.state.pending) and HOST.match(line.text) and not labels.known(line.label)
        )
        if not line.label or listed:
            self._text(line)
            return
        self.state.pending = ""
        if self._titled(line):
            return
        role, attribute = labels.qualified(line.label)
        if role:
            self._attribute(role, attribute, line)
            return
        self._labelled(line)

    def _titled(self, line: Line) -> bool:
        """Open the part that the line is the title of; whether that is all it says."""
        section = labels.section_of(line.label)
        if section in ("domain", "skip") and line.value:
            return False
        if section == "ns" and line.value:
            self.state.pending = "ns"
            self._host(line)
            return True
        if not section or (section == "registrar" and line.value and (self.state.own or self.state.role == "other")):
            return False
        if section == "registrar" and line.value and self.state.role == "registrant":
            return False
        if section == "other" and self.state.own and ("//" in line.value or HANDLE.fullmatch(line.value)):
            return True
        if self._handle_block() and section in ("registrant", "other"):
            return False
        if section == "registrant" and line.value.casefold() in self.wanted and self._has_block(line.value):
            return True
        if section == "registrant" and labels.own_of(line.label) and self.state.role in ("other", "registrar"):
            return False
        self._enter(section, line.indent)
        if line.value and section == "registrant":
            self.state.filled = True
            self._lead(line.value, line.at)
        elif line.value and section == "registrar":
            self.state.filled = True
            self._registrar(line.value, line.at, 2 if HANDLE.fullmatch(line.value) else 0)
        return True

    def _handle_block(self) -> bool:
        """Whether the part is a block that a handle gives its role; labels inside it open no other."""
        return (
            self.state.filled
            and self.state.role in ("registrant", "other")
            and bool(self.wanted)
            and not self.state.own
        )

    def _has_block(self, handle: str) -> bool:
        """Whether a block of the answer bears ``handle`` as its own."""
        return handle.casefold() in self.named

    def _labelled(self, line: Line) -> None:
        state, name = self.state, labels.field_of(line.label)
        attribute = labels.attribute_of(line.label)
        if name in DATES:
            if (
                state.role in ("registrant", "registrar", "other")
                and " " not in labels.normal(line.label)
                and not state.own
            ):
                return
            self._date(name, line)
        elif name == "ns" and state.role != "other":
            state.role = state.role or "ns"
            self._host(line)
            state.pending = "" if line.value else "ns"
        elif name == "registrar":
            self._registrar(line.value, line.at, 3 if state.role == "other" else 1)
            state.pending = "" if line.value else "registrar"
        elif state.role in ("registrant", "registrar") and attribute:
            self._attribute(state.role, attribute, line)
        elif state.role in ("other", "skip"):
            state.filled = True
        elif name == "registrant_handle":
            if not self._has_block(line.value):
                self._add("registrant_name", line.value, line.at)
        elif name == "domain":
            self.found.domains += [line.value] if line.value else []
            state.pending = "" if line.value else "domain"
        elif name == "status":
            self._add("domain_status", line.value.split("http")[0].split(" (")[0], line.at)
        elif name.startswith("registrant_"):
            self._add(name, line.value, line.at)
        else:
            self._own(line)

    def _own(self, line: Line) -> None:
        """A registrant's label without a role of its own: it counts in the domain's block and right after it."""
        state, attribute = self.state, labels.own_of(line.label)
        if not attribute or state.seen_other or state.role in ("ns", "registrar"):
            return
        if attribute == "lines":
            self._lines(line.value, line.at)
        else:
            self._attribute("registrant", attribute, line)

    def _attribute(self, role: str, attribute: str, line: Line) -> None:
        if role == self.state.role:
            self.state.filled = True
        if role == "registrar" and attribute in ("name", "org"):
            self._registrar(line.value, line.at, 1 if attribute == "org" else 1.5)
        if role != "registrant":
            return
        if attribute in NAMES and line.value.casefold() not in self.wanted:
            self._add(NAMES[attribute], line.value, line.at)
            self.state.pending = "" if line.value else NAMES[attribute]
        elif attribute in ADDRESS:
            self.parts.setdefault(attribute, []).append((line.value, line.at))
            self.state.pending = "" if line.value and attribute != "street" else "registrant_address"
        elif attribute == "id" and not self._has_block(line.value):
            self._add("registrant_id", line.value, line.at)

    def _text(self, line: Line) -> None:
        """A line without a label: it goes on what stands above it."""
        state, value = self.state, line.text
        pending = state.pending
        if pending == "ns" or state.role == "ns":
            self._host(line)
            if not HOST.match(value.lstrip("- ")):
                state.role = "" if state.role == "ns" and state.filled else state.role
            return
        if pending == "domain":
            self.found.domains.append(value)
        elif pending in DATES:
            self.dates.setdefault(pending, []).append((value, "", line.at))
        elif pending == "registrar":
            self._registrar(value, line.at, 1)
        elif pending == "registrant_address":
            self.parts.setdefault("street", []).append((value, line.at))
            return
        elif pending.startswith("registrant_"):
            self._add(pending, value, line.at)
        elif state.role == "registrant":
            self._lines(value, line.at)
            return
        elif state.role == "registrar" and not state.filled:
            self._registrar(value, line.at, 1)
            state.filled = True
        state.filled = state.filled or bool(state.role)
        state.pending = ""

    def _lines(self, value: str, start: int) -> None:
        """A line of an address block: the holder first, mail and telephone by their look, the rest is the address."""
        self.state.filled = True
        mail = EMAIL.search(value)
        if mail:
            self._add("registrant_email", mail[0], start + mail.start())
            value = value.replace(mail[0], " ").strip(" <>\t")
        bare = re.sub(r"\s*\([^()]{0,80}\)\s*$", "", value).strip()
        if not bare or not re.search(r"\w", bare) or re.match(r"(?:fax|url|http)\b", bare, re.IGNORECASE):
            return
        if PHONE.fullmatch(bare) and sum(c.isdigit() for c in bare) >= 7 and self.found.has("registrant_address_lines"):
            self._add("registrant_phone", re.sub(r"^[A-Za-z.: ]+", "", bare), start)
        elif not (self.found.has("registrant_name") or self.found.has("registrant_org")):
            self._lead(bare, start)
        else:
            self.found.add("registrant_address_lines", bare, start, self.parser)
            self.parts.setdefault("street", []).append((bare, start))

    def _lead(self, value: str, start: int) -> None:
        if HANDLE.fullmatch(value) and (self._has_block(value) or " " in value):
            return
        if HANDLE.fullmatch(value) and self.state.role == "registrant" and not self.state.own:
            self._add("registrant_id", value, start)
            return
        self._add("registrant_org" if COMPANY.search(value) else "registrant_name", value, start)

    def _add(self, name: str, value: str, start: int) -> None:
        value = value.strip()
        if name == "registrant_name" and COMPANY.search(value) and not self.found.has("registrant_org"):
            name = "registrant_org"
        if value and value.casefold() not in NONE:
            self.found.add(name, value, start, self.parser)

    def _registrar(self, value: str, start: int, rank: float) -> None:
        value = ASIDE.sub("", value).strip()
        if value and value.casefold() not in NONE:
            self.registrar.append((int(rank * 2), value, start))

    def _host(self, line: Line) -> None:
        value = line.text if HOST.match(line.text) else line.value.lstrip("- ")
        match = HOST.match(value)
        if match and (not value[match.end() :] or value[match.end()] in " \t([,;/|"):
            self.state.filled = True
            self.found.add("ns", match[0].lower().rstrip("."), line.at, self.parser)
            for more in re.split(r"[,;]\s*|\s+", value[match.end() :])[:12]:
                if HOST.fullmatch(more):
                    self.found.add("ns", more.lower().rstrip("."), line.at, self.parser)

    def _date(self, name: str, line: Line) -> None:
        if name == "updated" and line.value.lower().endswith("(assigned)"):
            name = "created"  # .il writes its history so
        if line.value:
            self.dates.setdefault(name, []).append((line.value, line.label, line.at))
        else:
            self.state.pending = name

    def _address(self) -> None:
        """The parts of the registrant's address so far as one value, street first and country last."""
        held = [(v, s) for part in ADDRESS for v, s in self.parts.get(part, ()) if v.strip(" -.,")]
        if held and not self.found.has("registrant_address"):
            self.found.add("registrant_address", ", ".join(dict.fromkeys(v for v, _ in held)), held[0][1], self.parser)
        self.parts = {} if held else self.parts


def _blocks(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """(first line, line after the last) of each run of lines between blank ones."""
    found: list[tuple[int, int]] = []
    first = -1
    for number, line in enumerate(lines):
        blank = not line.text and not line.label
        if not blank and first < 0:
            first = number
        elif blank and first >= 0:
            found.append((first, number))
            first = -1
    return [*found, (first, len(lines))] if first >= 0 else found


def _handles(lines: Sequence[Line]) -> list[str]:
    """Values of labels that name the registrant by a handle."""
    return [
        line.value
        for line in lines
        if line.value
        and (labels.field_of(line.label) == "registrant_handle" or labels.section_of(line.label) == "registrant")
    ]


def _owns(lines: Sequence[Line], number: int) -> bool:
    """Whether the block that begins at ``number`` is the domain's own."""
    for line in lines[number:]:
        if not line.text and not line.label:
            return False
        if labels.field_of(line.label) == "domain":
            return True
    return False
