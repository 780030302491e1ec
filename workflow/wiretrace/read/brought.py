"""Observations that the user brings: the own CSV form, and exports of DomainTools Iris and disinfo-laundromat.

The own form has the columns publisher, kind, value, first_seen[, last_seen, source]; a mistake in it stops the run.
Exports are other people's tables: a row that cannot be read is left out and told, see :func:`lint`.
"""

from __future__ import annotations

import csv
import difflib
import ipaddress
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from wiretrace import given, identity
from wiretrace.errors import UserError
from wiretrace.given import json_of
from wiretrace.identity import registry
from wiretrace.read.class_names import own_parts
from wiretrace.read.imports import publisher_named
from wiretrace.read.markup import squeezed
from wiretrace.read.observations import account_of
from wiretrace.read.page_rules import RULES
from wiretrace.read.records import of_tls
from wiretrace.read.times import interval, parse_time
from wiretrace.read.whois.days import day_of

FORMS = "observation_imports.yaml"
KINDS = "observation_kinds.csv"
OWN = {"publisher", "kind", "value"}
DAY = re.compile(r"(?<!\d)(\d{4}-\d\d-\d\d)(?!\d)")
DIGITS = re.compile(r"\d{5,}")
SEVERAL = re.compile(r"[\n;|]+")
CLASSES = re.compile(r"[^\s'\",{}\[\]]+")  # of a list as Python writes it
HOSTS = re.compile(r"[\s,;|]+")
# Kinds whose values have no space or comma inside, so that these part them too.
SPACED = frozenset(
    ("ns", "mx", "ip", "asn", "cert_name", "cert_sha256", "spf_include", "ga_ua", "ga4", "gtm", "adsense")
)
WHOIS = {
    "name": "registrant_name",
    "org": "registrant_org",
    "address": "registrant_address",
    "registrar": "registrar",
    "creation_date": "created",
    "expiration_date": "expires",
    "name_servers": "ns",
}
LONGEST = 300


@dataclass(frozen=True)
class ImportedObservation:
    """An observation as the user gave it, with times in UTC."""

    publisher: str
    kind: str
    value: str
    first_seen: str
    last_seen: str
    source: str


@cache
def observations(paths: tuple[str, ...]) -> tuple[ImportedObservation, ...]:
    """The observations in ``paths``, in the files' order, each once.

    Raises:
        UserError: a file cannot be read or is of no known form, a row of the own form has a mistake, an export no time.
    """
    return tuple(dict.fromkeys(one for path in paths for one in _file(path)[0]))


def lint(paths: tuple[str, ...]) -> list[str]:
    """What was left out of the exports among ``paths`` and why, one line a reason."""
    return [line for path in paths for line in _file(path)[1]]


@cache
def _file(path: str) -> tuple[tuple[ImportedObservation, ...], tuple[str, ...]]:
    rows = given.rows(path)
    names = {_plain(name): name for _, row in rows[:1] for name in row}
    forms = registry(FORMS)
    if not rows or set(names) >= OWN:
        return tuple(_own(path, number, row) for number, row in rows), ()
    if _first(names, forms["laundromat"]["type"]):
        read = _laundromat(names, forms["laundromat"])
    elif _first(names, forms["domaintools"]["publisher"]) and _first(names, forms["domaintools"]["needed"]):
        read = _domaintools(names, forms["domaintools"])
    else:
        found = ", ".join(names.values())[:200]
        raise UserError(
            f"{path}: no column 'publisher', 'kind' and 'value', and no export that is known; found: {found}"
        )
    made: list[ImportedObservation] = []
    left: Counter[str] = Counter()
    for number, row in rows:
        times = _times(path, number, row, read.first, read.last)
        publisher = publisher_named(row.get(read.publisher, "")) if read.publisher else ""
        if not publisher:
            left["no domain is named in the row"] += 1
            continue
        for kind, value in read.values(row, left):
            source = f"import:{squeezed(row.get('source', '')) or Path(path).name}"
            made.append(ImportedObservation(publisher, kind, value[:LONGEST], *times, source))
    told = tuple(f"{path}: {count} rows left out: {reason}" for reason, count in sorted(left.items()))
    return tuple(made), told


def mistakes(path: str) -> list[str]:
    """Every mistake in a file of observations that stops a run, one line each."""
    try:
        rows = given.rows(path)
        if not rows or not set(rows[0][1]) >= OWN:
            _file(path)
            return []
    except UserError as error:
        return [str(error)]
    found = []
    for number, row in rows:
        try:
            _own(path, number, row)
        except UserError as error:
            found.append(str(error))
    return found


@cache
def kinds() -> frozenset[str]:
    """Kinds of observations that there are."""
    with open(identity.REGISTRY / KINDS, encoding="utf-8", newline="") as stream:
        return frozenset(row["kind"] for row in csv.DictReader(stream))


def _own(path: str, number: int, row: Mapping[str, str]) -> ImportedObservation:
    where = f"{path}, line {number}"
    publisher = publisher_named(row.get("publisher", ""))
    kind, value = row.get("kind", ""), squeezed(row.get("value", ""))
    if not (publisher and kind and value):
        raise UserError(f"{where}: publisher, kind and value must all be given")
    if kind not in kinds():
        close = difflib.get_close_matches(kind.lower(), sorted(kinds()), 1)
        hint = f"did you mean {close[0]}?" if close else f"the kinds stand in config/registry/{KINDS}"
        raise UserError(f"{where}: no kind {kind[:40]!r}; {hint}")
    times = _times(path, number, row, "first_seen", "last_seen")
    if times[0] > times[1]:
        raise UserError(f"{where}: first_seen {row['first_seen'][:40]!r} is after last_seen {row['last_seen'][:40]!r}")
    return ImportedObservation(
        publisher, kind, value, *times, f"import:{squeezed(row.get('source', '')) or Path(path).name}"
    )


def _times(path: str, number: int, row: Mapping[str, str], first: str, last: str) -> tuple[str, str]:
    """First and last moment of a row's times; where it has none, of the day in the file's name."""
    named = DAY.search(Path(path).name)
    stated = [row.get(name, "") for name in (first, last) if row.get(name, "")] or ([named[1]] if named else [])
    if not stated:
        raise UserError(
            f"{path}, line {number}: no time; fill first_seen, or put the day into the file's name: 2024-03-05"
        )
    moments: list[tuple[str, str]] = []
    for text in stated:
        moment = _moments(text)
        if moment is None:
            raise UserError(f"{path}, line {number}: {first} {text[:40]!r} is no time; write e.g. 2024-03-05")
        moments.append(moment)
    return moments[0][0], moments[-1][1]


@lru_cache(maxsize=20_000)
def _moments(text: str) -> tuple[str, str] | None:
    """First and last moment of a time, remembered: most rows of a file share theirs."""
    time = parse_time(text)
    if time is None:
        return None
    span = interval(time, (0, 0))
    return span.earliest, span.latest


@dataclass(frozen=True)
class _Export:
    """One form of export in one file: the columns that name the domain and the times, and what a row says."""

    publisher: str
    first: str
    last: str
    kinds: tuple[tuple[str, str], ...]  # (column, kind); none where the row itself names its kind
    type: str = ""
    value: str = ""

    def values(self, row: Mapping[str, str], left: Counter[str]) -> Iterator[tuple[str, str]]:
        """(kind, value in the kind's normal form) of each fact in ``row``; what is left out is counted by reason."""
        if not self.type:
            for column, kind in self.kinds:
                yield from _parted(kind, row.get(column, ""))
            return
        name = re.sub(r"^\d-", "", row.get(self.type, "").strip().lower())
        form = registry(FORMS)["laundromat"]
        if name in form["left"] or name not in form["kinds"]:
            left[f"{name or 'no type'}: {form['left'].get(name, 'an unknown type of indicator')}"] += 1
            return
        found = list(_fact(form["kinds"][name], row.get(self.value, "")))
        if not found:
            left[f"{name}: the value is empty or of another form"] += 1
        yield from found


def _domaintools(names: Mapping[str, str], form: Mapping[str, Any]) -> _Export:
    kinds = [(names[label], kind) for kind, labels in form["columns"].items() for label in labels if label in names]
    return _Export(
        _first(names, form["publisher"]),
        _first(names, form["first_seen"]),
        _first(names, form["last_seen"]),
        tuple(kinds),
    )


def _laundromat(names: Mapping[str, str], form: Mapping[str, Any]) -> _Export:
    columns = (_first(names, form[part]) for part in ("publisher", "type", "value"))
    publisher, kind, value = columns
    return _Export(publisher, names.get("first seen", ""), names.get("last seen", ""), (), kind, value)


def _plain(name: str) -> str:
    """A column's name in lower case with one space for all marks."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _first(names: Mapping[str, str], wanted: list[str]) -> str:
    """The file's own name of the first column among ``wanted`` that it has, or ''."""
    return next((names[_plain(name)] for name in wanted if _plain(name) in names), "")


def _parted(kind: str, cell: str) -> Iterator[tuple[str, str]]:
    """The values in a cell that may hold several."""
    for part in (HOSTS if kind in SPACED else SEVERAL).split(cell):
        yield from _fact(kind, part)


def _fact(kind: str, text: str) -> Iterator[tuple[str, str]]:
    """``text`` as ``kind`` in the form in which this project writes it; nothing where it is of another form."""
    value = squeezed(text)
    if kind == "whois":
        yield from _whois(text)
    elif kind == "certificate":
        yield from ((seen.kind, seen.value) for seen in of_tls(text.encode("utf-8", "replace")))
    elif not value:
        return
    elif kind in ("ip", "subnet24"):
        yield from _address(value)
    elif kind == "class_name":
        yield from ((kind, part) for part in own_parts(CLASSES.findall(value)))
    elif kind in ("created", "expires"):
        day = day_of(value, month_first=False)
        yield from [(kind, day)] if day else []
    elif kind in ("ns", "mx", "cert_name", "asset_host", "soa_rname", "registrant_email"):
        yield kind, value.lower().rstrip(".")
    elif kind == "ga4":
        yield kind, value.upper() if value.upper().startswith("G-") else f"G-{value.upper()}"
    elif kind == "adsense":
        yield from ((kind, f"ca-pub-{number}") for number in DIGITS.findall(value)[:1])
    elif kind == "ga_ua":
        yield from ((kind, f"UA-{number}") for number in DIGITS.findall(value)[:1])
    elif kind == "yandex_metrika":
        yield from ((kind, number) for number in DIGITS.findall(value)[:1])
    elif kind in ("site_verification", "social_account"):
        yield from _meta(kind, value)
    else:
        yield kind, value


def _address(value: str) -> Iterator[tuple[str, str]]:
    if re.fullmatch(r"(?:\d{1,3}\.){2}\d{1,3}\.?", value):
        value = f"{value.rstrip('.')}.0/24"
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return
    if network.prefixlen == network.max_prefixlen:
        yield "ip", str(network.network_address)
    if network.version == 4 and network.prefixlen >= 24:
        yield "subnet24", str(ipaddress.ip_network(f"{network.network_address}/24", strict=False))


def _meta(kind: str, value: str) -> Iterator[tuple[str, str]]:
    """A meta element written as name|content."""
    name, _, content = (part.strip() for part in value.partition("|"))
    if kind == "site_verification" and content:
        service = registry(RULES)["verifications"].get(name.lower())
        yield from [(kind, f"{service}:{content}")] if service else []
    elif content and name.lower() == "twitter:site":
        yield kind, content.lower() if content.startswith("@") else account_of(content) or f"@{content.lower()}"


def _whois(text: str) -> Iterator[tuple[str, str]]:
    """A WHOIS record as JSON, as python-whois writes it."""
    try:
        record = json_of(text)
    except ValueError:
        return
    for name, kind in WHOIS.items():
        value = record.get(name) if isinstance(record, dict) else None
        for one in (value if isinstance(value, list) else [value])[:20]:
            if isinstance(one, str):
                yield from _fact(kind, one)
