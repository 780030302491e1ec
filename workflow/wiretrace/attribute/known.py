"""Published lists of networks that others have found, as CSV or STIX 2.1, and the mistakes in the lists."""

from __future__ import annotations

import ipaddress
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from wiretrace import given, identity, schema
from wiretrace.attribute.kinds import background
from wiretrace.errors import UserError

COLUMNS = ("domain", "label", "listed_by", "date", "confidence")
DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
# A larger bundle is no list of domains.
STIX_BYTES = 64_000_000
# STIX objects whose value or name is a domain, an address or an account; ``channel`` is OpenCTI's.
NAMED = {"domain-name": "value", "url": "value", "channel": "name"}
PATTERN = re.compile(r"(?:domain-name|url):value\s*=\s*'([^']{1,2000})'")
# Objects that say what the list is of, the weightiest first.
TITLES = ("report", "campaign", "intrusion-set", "grouping")
SHOWN = 80


def read_lists(paths: Iterable[str]) -> list[dict[str, str]]:
    """Rows of the lists in ``paths`` with their publisher and line (of STIX: the object's place), in order.

    A CSV list has the columns domain and listed_by, and may have label, date and confidence; a file that ends in
    ``.json`` is a STIX 2.1 bundle.

    Raises:
        UserError: a file cannot be read, lacks a column or is no bundle.
    """
    found: list[dict[str, str]] = []
    for path in paths:
        rows = _bundle(path) if path.lower().endswith(".json") else given.rows(path, "domain", "listed_by")
        for number, row in rows:
            taken = {column: schema.clean(row.get(column, "")).strip() for column in COLUMNS}
            found.append({**taken, "publisher": _publisher(taken["domain"]), "path": path, "line": str(number)})
    return found


def _bundle(path: str) -> Iterator[tuple[int, dict[str, str]]]:
    """(place, row) of the objects of a STIX bundle that name a domain, an address or an account.

    Who lists it is the author that the object names, else its report's; how sure is STIX's confidence, 0 to 100.
    """
    try:
        if Path(path).stat().st_size > STIX_BYTES:
            raise UserError(f"{path}: larger than {STIX_BYTES // 1_000_000} MB; give the part that lists domains")
        bundle = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(f"{path}: cannot be read as a STIX 2.1 bundle: {error}") from None
    objects = bundle.get("objects") if isinstance(bundle, dict) else None
    if not isinstance(objects, list):
        raise UserError(f"{path}: not a STIX 2.1 bundle; it must be one JSON object with a list 'objects'")
    items = [item if isinstance(item, dict) else {} for item in objects]
    names = {_text(item, "id"): _text(item, "name") for item in items if item.get("type") == "identity"}
    titles = [item for kind in TITLES for item in items if item.get("type") == kind and _text(item, "name")]
    title = titles[0] if titles else {}
    for place, item in enumerate(items, start=1):
        for value in _values(item):
            kind = _text(item, "type")
            day = next((_text(each, key)[:10] for each, key in _dates(item, title) if _text(each, key)), "")
            sure = item.get("confidence", title.get("confidence"))
            yield (
                place,
                {
                    "domain": value,
                    "label": f"{_text(title, 'name')} ({kind})" if title else kind,
                    "listed_by": names.get(_author(item), "") or names.get(_author(title), ""),
                    "date": day if DAY.fullmatch(day) else "",
                    "confidence": f"{sure} of 100" if isinstance(sure, int) else "",
                },
            )


def _values(item: Mapping[str, Any]) -> list[str]:
    kind = _text(item, "type")
    if kind in NAMED:
        value = _text(item, NAMED[kind])
        # A channel on a platform that we know no accounts of must not stand for the whole platform.
        whole = kind == "channel" and "/" in value.strip("/") and "/" not in _publisher(value)
        return [value] if value and not whole else []
    return PATTERN.findall(_text(item, "pattern")[:100_000]) if kind == "indicator" else []


def _dates(item: Mapping[str, Any], title: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], str]]:
    return [(item, "valid_from"), (title, "published"), (item, "modified"), (item, "created"), (title, "created")]


def _author(item: Mapping[str, Any]) -> str:
    return _text(item, "created_by_ref") or _text(item, "x_opencti_created_by_ref")


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key, "")
    return value if isinstance(value, str) else ""


def _bare(domain: str) -> str:
    return domain.replace("[.]", ".").replace("(.)", ".").replace("[:]", ":").replace("hxxp", "http").strip()


def _address(domain: str) -> bool:
    """Whether the entry is an IP address or a network."""
    try:
        ipaddress.ip_network(_bare(domain), strict=False)
    except ValueError:
        return False
    return True


def _publisher(domain: str) -> str:
    bare = _bare(domain)
    if not bare or _address(domain):
        return ""
    return identity.publisher_of(identity.canonical(bare if "://" in bare else f"http://{bare}"))


def listed_by(rows: Iterable[dict[str, str]]) -> dict[str, str]:
    """Who lists each publisher, in words: "A (2024-02-07, label, confidence 75 of 100); B"."""
    said: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["publisher"]:
            sure = f"confidence {row['confidence']}" if row["confidence"] else ""
            detail = ", ".join(part for part in (row["date"], row["label"], sure) if part)
            said[row["publisher"]].add((row["listed_by"] or "unnamed") + (f" ({detail})" if detail else ""))
    return {publisher: "; ".join(sorted(texts)) for publisher, texts in said.items()}


def lint(rows: Iterable[dict[str, str]]) -> list[str]:
    """What is wrong with the lists, one line each: entries that are no domain, doubled entries, totals that mislead."""
    said = []
    by_list: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_list[row["path"], row["label"]].append(row)
    for (path, label), entries in sorted(by_list.items()):
        for row in entries:
            said += [f"{path}, line {row['line']}: {mistake}" for mistake in _mistakes(row)]
        count = Counter(row["publisher"] for row in entries if row["publisher"])
        doubled = sorted(name for name, times in count.items() if times > 1)
        if doubled:
            shown = ", ".join(doubled[:5]) + (f" and {len(doubled) - 5} more" if len(doubled) > 5 else "")
            title = f" ({label})" if label else ""
            said.append(f"{path}{title}: {len(entries)} entries, but {len(count)} publishers; more than once: {shown}")
    return said


def _mistakes(row: Mapping[str, str]) -> Iterator[str]:
    entry = repr(row["domain"][:SHOWN])
    if not row["domain"]:
        yield "no domain is given"
    elif _address(row["domain"]):
        yield f"{entry} is an IP address, not a domain"
    elif not row["publisher"]:
        yield f"{entry} is not a domain"
    elif background().of("publisher", row["publisher"]):
        yield f"{entry} holds many people's pages; list the account, not the platform"
    if not row["listed_by"]:
        yield f"nobody is named who lists {entry}"
    if row["date"] and not _day(row["date"]):
        yield f"{row['date'][:SHOWN]!r} is no date; write e.g. 2024-02-07"


def _day(written: str) -> bool:
    """Whether ``written`` is a year, a month or a day of the calendar."""
    try:
        date.fromisoformat(f"{written}-01-01"[:10])
    except ValueError:
        return False
    return bool(DAY.fullmatch(written))
