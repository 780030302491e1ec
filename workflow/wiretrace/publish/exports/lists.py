"""Lists in other people's forms, as CSV: MISP attributes, disinfo-laundromat's rows, auto-archiver's, known networks.

The cells are exact, as in the tables: these files are for programs. For a spreadsheet there is the workbook.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from wiretrace import identity
from wiretrace.publish.exports.findings import Findings, Group, registry
from wiretrace.publish.exports.stix import NAMESPACE, claim_text
from wiretrace.publish.held import part
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


def _csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def misp(found: Findings, evidence: Iterable[Record]) -> str:
    """Attributes for MISP's CSV import: sites of networks, the values that tie them, the claims.

    ``evidence`` are rows of ``publisher_link_evidence``. Nothing is marked for detection: a site is no malware.
    """
    made: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for category, kind, value, comment, word in _attributes(found, evidence):
        if value:
            tag = registry()["confidence"][word]["misp"]
            name = uuid.uuid5(NAMESPACE, "\0".join(("misp", found.investigation, category, kind, value)))
            row = (name, "", category, kind, value, comment, 0, found.last[:10], "", tag, "", "", "")
            made.setdefault((category, kind, value), row)
    return _csv(MISP, (made[key] for key in sorted(made)))


def _attributes(found: Findings, evidence: Iterable[Record]) -> Iterator[tuple[str, str, str, str, str]]:
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
    links = {link["link_id"]: link for link in found.links}
    for row in evidence:
        link = links.get(row["link_id"])
        shared = group_of.get(link["publisher_a"]) if link else None
        if not link or not shared or group_of.get(link["publisher_b"]) is not shared or row["bits"] <= 0:
            continue
        category, kind = registry()["misp"].get(row["kind"], ("Attribution", "text"))
        value = f"{row['kind']}: {row['value']}" if kind == "text" else row["value"]
        said = f"{row['kind']} that sites of network {shared.network['network_id']} share ({link['tier']})"
        yield category, kind, value, said, shared.confidence
    for claim in found.claims:
        yield "External analysis", "text", claim["statement"], claim_text(claim), claim["confidence"]


def _weight(group: Group) -> tuple[int, str]:
    return list(registry()["confidence"]).index(group.confidence), group.network["network_id"]


def laundromat_indicators(observations: pd.DataFrame) -> str:
    """Observations as the laundromat's indicators, of kinds that it has; ``inputs.observations`` reads them back."""
    kinds = registry()["laundromat"]
    # Of several names of the meta element by which a service verifies a site's owner, the first of the list.
    services: dict[str, str] = {}
    for name, service in identity.registry("page_ids.yaml")["verifications"].items():
        services.setdefault(service, name)
    held = observations[observations["kind"].isin(kinds) & (observations["state"] == "value")]
    rows = []
    for kind, value, *rest in held[["kind", "value", "publisher", "first_seen", "last_seen"]].itertuples(index=False):
        if kind == "site_verification":
            service, _, token = value.partition(":")
            if service not in services:
                continue
            value = f"{services[service]}|{token}"
        rows.append((kinds[kind], value, *rest))
    return _csv(INDICATORS, sorted(rows))


def laundromat_matches(found: Findings, evidence: Iterable[Record]) -> str:
    """What pairs share, in the form of the laundromat's matches; pairs that circumstance alone ties are left out."""
    links = {link["link_id"]: link for link in found.links}
    rows = []
    for row in evidence:
        link = links.get(row["link_id"])
        if link and row["bits"] > 0:
            kind = registry()["laundromat"].get(row["kind"], row["kind"])
            pair = link["publisher_a"], row["value"], link["publisher_b"]
            rows.append((*pair, kind, "", link["tier"], f"{row['bits']:.2f}", row["spurious"]))
    return _csv(MATCHES, sorted(rows))


def known_networks(found: Findings) -> str:
    """Members of networks in the form that ``inputs.known_networks`` reads."""
    rows = [
        (row["publisher"], f"network {group.network['network_id']}", f"wiretrace: {found.investigation}",
         found.last[:10], group.confidence)
        for group in found.groups
        for row in group.members
    ]  # fmt: skip
    return _csv(KNOWN, sorted(rows))


def captures(tables: Mapping[str, pd.DataFrame]) -> str:
    """Captured pages as auto-archiver keeps them: address, outcome, archive file, time, headline, digest."""
    pages = part(tables, "pages", "capture_id", "article_id", "publisher")
    articles = part(tables, "articles", "article_id", "published_earliest", "title")
    named = ("capture_id", "address", "status", "warc_file", "warc_offset", "time", "digest")
    shown = part(tables, "captures", *named).merge(pages, on="capture_id").merge(articles, on="article_id", how="left")
    roles = dict(zip(tables["publishers"]["publisher"], tables["publishers"]["role"], strict=True))
    columns = ["address", "status", "warc_file", "warc_offset", "time", "published_earliest", "title", "digest"]
    rows = []
    for publisher, address, status, file, offset, time, *rest in shown[["publisher", *columns]].itertuples(index=False):
        if address.startswith(("http://", "https://")):
            published, title, digest = ("" if pd.isna(value) else value for value in rest)
            outcome = f"wiretrace: {'success' if status.startswith('2') else status or 'no answer'}"
            # What was met on the way is nobody's suspect.
            role = {"unlisted": "outlet"}.get(roles[publisher], roles[publisher])
            rows.append((address, outcome, f"{file}#{offset}", time, published, title, digest, role, ""))
    return _csv(ARCHIVER, sorted(rows))
