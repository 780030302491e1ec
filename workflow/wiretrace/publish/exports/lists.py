"""Lists in other people's forms, as CSV: MISP attributes, disinfo-laundromat's rows, auto-archiver's, known networks.

The cells are exact, as in the tables: these files are for programs. For a spreadsheet there is the workbook.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from wiretrace import identity, schema
from wiretrace.publish.exports.findings import Findings, Group, registry
from wiretrace.publish.exports.stix import NAMESPACE, claim_text
from wiretrace.publish.rows import Record

# The header by which MISP's csvimport module knows its own form (misp-modules, import_mod/csvimport.py).
MISP = ("uuid", "event_id", "category", "type", "value", "comment", "to_ids", "date", "object_relation",
        "attribute_tag", "object_uuid", "object_name", "object_meta_category")  # fmt: skip
# Columns of the laundromat's indicators and of the matches that its matcher writes; ours follow.
INDICATORS = ("indicator_type", "indicator_content", "domain_name", "first_seen", "last_seen")
MATCHES = ("domain_name_x", "match_value", "domain_name_y", "match_type", "matched_on", "tier", "bits", "spurious")
# auto-archiver's names for the columns of its sheet (gsheet_feeder_db/__manifest__.py), the address first, where its
# CSV feeder looks for it; it is called url, and role and note follow, so that the file can also be inputs.seeds.
ARCHIVER = ("url", "archive status", "archive location", "archive date", "upload timestamp", "upload title", "hash",
            "role", "note")  # fmt: skip
KNOWN = ("domain", "label", "listed_by", "date", "confidence")
ROWS = 1000  # of a list put into words at a time


# Of each captured page: what was asked, what came, and the article that was read from it.
CAPTURED = """
    SELECT p.publisher, c.address, ifnull(c.status, '') AS status, c.warc_file || '#' || c.warc_offset AS place, c.time,
        ifnull(a.published_earliest, '') AS published, ifnull(a.title, '') AS title, c.digest
    FROM version.captures c JOIN version.pages p ON p.capture_id = c.capture_id
        LEFT JOIN version.articles a ON a.article_id = p.article_id
    WHERE c.address GLOB 'http://*' OR c.address GLOB 'https://*'
"""
OBSERVED = """
    SELECT kind, value, publisher, first_seen, last_seen FROM version.observations
    WHERE state = 'value' AND kind IN (SELECT value FROM json_each(?))
"""


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    left = chain([header], rows)
    while some := list(islice(left, ROWS)):
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(some)
        yield out.getvalue()


def misp(found: Findings) -> Iterator[str]:
    """Attributes for MISP's CSV import: sites of networks, the values that tie them, the claims.

    Nothing is marked for detection: a site is no malware.
    """
    columns = ("category", "type", "value", "comment", "confidence")
    found.shelf.scratch("_attributes", f"{' TEXT, '.join(columns)} TEXT, PRIMARY KEY (category, type, value)")
    given = (attribute for attribute in _attributes(found) if attribute[2])
    found.shelf.change("INSERT OR IGNORE INTO _attributes VALUES (?, ?, ?, ?, ?)", given)
    rows = found.shelf.rows("SELECT * FROM _attributes ORDER BY category, type, value")
    return _csv(MISP, (_misp(found, *(row[column] for column in columns)) for row in rows))


def _misp(found: Findings, category: str, kind: str, value: str, comment: str, word: str) -> tuple[Any, ...]:
    name = uuid.uuid5(NAMESPACE, "\0".join(("misp", found.investigation, category, kind, value)))
    tag = registry()["confidence"][word]["misp"]
    return (name, "", category, kind, value, comment, 0, found.last[:10], "", tag, "", "", "")


def _attributes(found: Findings) -> Iterator[tuple[str, str, str, str, str]]:
    """(category, type, value, comment, confidence) of each attribute; the surest group that has a value comes first."""
    groups = sorted(found.groups, key=_weight)
    group_of = {row["publisher"]: group for group in groups for row in group.members}
    for group in groups:
        for row in group.members:
            said = (
                f"Network {group.network['network_id']}: {len(group.members)} sites of one operator, {group.confidence}"
            )
            value = row["publisher"]
            yield (
                "Network activity",
                *(("url", f"https://{value}") if "/" in value else ("domain", value)),
                said,
                group.confidence,
            )
    for row in found.shared:
        shared = group_of.get(row["publisher_a"])
        if not shared or group_of.get(row["publisher_b"]) is not shared:
            continue
        category, kind = registry()["misp"].get(row["kind"], ("Attribution", "text"))
        value = f"{row['kind']}: {row['value']}" if kind == "text" else row["value"]
        said = f"{row['kind']} that sites of network {shared.network['network_id']} share ({row['tier']})"
        yield category, kind, value, said, shared.confidence
    for claim in found.claims:
        yield "External analysis", "text", claim["statement"], claim_text(claim), claim["confidence"]


def _weight(group: Group) -> tuple[int, str]:
    return list(registry()["confidence"]).index(group.confidence), group.network["network_id"]


def laundromat_indicators(found: Findings) -> Iterator[str]:
    """Observations as the laundromat's indicators, of kinds that it has; ``inputs.observations`` reads them back."""
    rows = _indicators(found.shelf.rows(OBSERVED, schema.dump(list(registry()["laundromat"]))))
    return _csv(INDICATORS, found.shelf.ordered(rows, len(INDICATORS)))


def _indicators(observations: Iterable[Record]) -> Iterator[tuple[str, ...]]:
    # Of several names of the meta element by which a service verifies a site's owner, the first of the list.
    services: dict[str, str] = {}
    for name, service in identity.registry("page_ids.yaml")["verifications"].items():
        services.setdefault(service, name)
    for row in observations:
        value = row["value"]
        if row["kind"] == "site_verification":
            service, _, token = value.partition(":")
            if service not in services:
                continue
            value = f"{services[service]}|{token}"
        kind = registry()["laundromat"][row["kind"]]
        yield kind, value, row["publisher"], row["first_seen"], row["last_seen"]


def laundromat_matches(found: Findings) -> Iterator[str]:
    """What pairs share, in the form of the laundromat's matches; pairs that circumstance alone ties are left out."""
    rows = (
        (row["publisher_a"], row["value"], row["publisher_b"], registry()["laundromat"].get(row["kind"], row["kind"]),
         "", row["tier"], f"{row['bits']:.2f}", row["spurious"])
        for row in found.shared
    )  # fmt: skip
    return _csv(MATCHES, found.shelf.ordered(rows, len(MATCHES)))


def known_networks(found: Findings) -> Iterator[str]:
    """Members of networks in the form that ``inputs.known_networks`` reads."""
    rows = [
        (row["publisher"], f"network {group.network['network_id']}", f"wiretrace: {found.investigation}",
         found.last[:10], group.confidence)
        for group in found.groups
        for row in group.members
    ]  # fmt: skip
    return _csv(KNOWN, sorted(rows))


def captures(found: Findings) -> Iterator[str]:
    """Captured pages as auto-archiver keeps them: address, outcome, archive file, time, headline, digest."""
    rows = (_captured(found, row) for row in found.shelf.rows(CAPTURED))
    return _csv(ARCHIVER, found.shelf.ordered(rows, len(ARCHIVER)))


def _captured(found: Findings, row: Record) -> tuple[str, ...]:
    status, role = row["status"], str(found.publishers[row["publisher"]]["role"])
    outcome = f"wiretrace: {'success' if status.startswith('2') else status or 'no answer'}"
    # What was met on the way is nobody's suspect.
    role = {"unlisted": "outlet"}.get(role, role)
    return (
        row["address"], outcome, row["place"], row["time"], row["published"], row["title"], row["digest"], role, "",
    )  # fmt: skip
