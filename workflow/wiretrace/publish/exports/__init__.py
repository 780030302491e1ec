"""A version in the forms that people and other programs open. All derived from its tables, none of it its identity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from wiretrace import schema
from wiretrace.publish.exports import graphs, lists, views
from wiretrace.publish.exports.findings import Findings, findings
from wiretrace.publish.exports.sqlite import write_sqlite
from wiretrace.publish.exports.stix import stix_bundle
from wiretrace.publish.exports.workbook import write_workbook
from wiretrace.publish.held import AtOnce, Held, part

__all__ = ["write_exports"]


def write_exports(place: Path, version: str, run: Mapping[str, Any], at_once: AtOnce) -> None:
    """Write every export of the version whose tables ``place`` holds, but for their Parquet files, which are there.

    docs/methods-exports.md says what each is and for whom. ``run`` names the investigation and its question. What
    can be made side by side goes through ``at_once``, from ``held.at_work``.
    """
    schema.write_text(
        place / "exports" / "metadata.json", json.dumps(_datasette(version), ensure_ascii=False, indent=1) + "\n"
    )
    held = Held(place)
    at_once([(_stored, (held, version)), (_told, (held, version, dict(run)))])


def _stored(tables: Held, version: str) -> None:
    write_sqlite(tables, tables.folder / "exports" / "wiretrace.sqlite", version)


def _told(tables: Held, version: str, run: Mapping[str, Any]) -> None:
    """The exports that state findings: the workbook with its views, and what is made for other programs."""
    exports = tables.folder / "exports"
    found = findings(tables, run)
    shown = {"by_publisher": views.by_publisher(tables, found), "by_indicator": views.by_indicator(tables)}
    write_workbook(tables, shown, exports / "wiretrace.xlsx", version)
    for name, text in exchanged(tables, found, version).items():
        schema.write_text(exports / name, text)


def exchanged(tables: Mapping[str, pd.DataFrame], found: Findings, version: str) -> dict[str, str]:
    """Name of the file → text of each export that is made for another program."""
    shared = schema.records(part(tables, "publisher_link_evidence", "link_id", "kind", "value", "bits", "spurious"))
    graph = graphs.graph(found)
    return {
        "stix.json": stix_bundle(found, version),
        "misp.csv": lists.misp(found, shared),
        "known-networks.csv": lists.known_networks(found),
        "laundromat-indicators.csv": lists.laundromat_indicators(tables["observations"]),
        "laundromat-matches.csv": lists.laundromat_matches(found, shared),
        "captures.csv": lists.captures(tables),
        "networks.graphml": graphs.graphml(graph),
        "networks.gexf": graphs.gexf(graph),
    }


def _datasette(version: str) -> dict[str, Any]:
    """Titles and descriptions for Datasette (its metadata.json)."""
    described = {
        table.name: {"description": f"A row is {table.row}.", "columns": {c.name: c.meaning for c in table.columns}}
        for table in schema.tables().values()
        if table.published
    }
    return {"title": f"wiretrace {version}", "databases": {"wiretrace": {"tables": described}}}
