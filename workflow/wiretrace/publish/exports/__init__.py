"""A version in the forms that people and other programs open. All derived from its tables, none of it its identity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from wiretrace import schema
from wiretrace.publish.exports import graphs, lists, views
from wiretrace.publish.exports.findings import Findings, findings
from wiretrace.publish.exports.sqlite import write_sqlite
from wiretrace.publish.exports.stix import stix_bundle
from wiretrace.publish.exports.workbook import write_workbook

__all__ = ["write_exports"]


def write_exports(tables: Mapping[str, pd.DataFrame], folder: Path, version: str, run: Mapping[str, Any]) -> None:
    """Write every export of a version into ``folder``; docs/methods-exports.md says what each is and for whom.

    ``tables`` are all published tables; ``run`` names the investigation and its question.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_sqlite(tables, folder / "wiretrace.sqlite", version)
    schema.write_text(folder / "metadata.json", json.dumps(_datasette(version), ensure_ascii=False, indent=1) + "\n")
    found = findings(tables, run)
    shown = {"by_publisher": views.by_publisher(tables, found), "by_indicator": views.by_indicator(tables)}
    write_workbook(tables, shown, folder / "wiretrace.xlsx", version)
    (folder / "parquet").mkdir()
    for name, data in tables.items():
        table = pa.Table.from_pandas(data, preserve_index=False).replace_schema_metadata(None)
        pq.write_table(table, folder / "parquet" / f"{name}.parquet")
    for name, text in exchanged(tables, found, version).items():
        schema.write_text(folder / name, text)


def exchanged(tables: Mapping[str, pd.DataFrame], found: Findings, version: str) -> dict[str, str]:
    """Name of the file → text of each export that is made for another program."""
    shared = schema.records(tables["publisher_link_evidence"][["link_id", "kind", "value", "bits", "spurious"]])
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
