"""A version in the forms that people and other programs open. All derived from its tables, none of it its identity."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from wiretrace import schema
from wiretrace.publish.exports import graphs, lists, views
from wiretrace.publish.exports.findings import Findings, findings
from wiretrace.publish.exports.sqlite import write_sqlite
from wiretrace.publish.exports.stix import stix_bundle
from wiretrace.publish.exports.workbook import write_workbook
from wiretrace.publish.held import AtOnce, Held
from wiretrace.schema import files

__all__ = ["write_exports"]


def write_exports(place: Path, version: str, run: Mapping[str, Any], at_once: AtOnce) -> None:
    """Write every export of the version whose tables ``place`` holds, but for their Parquet files, which are there.

    docs/methods-exports.md says what each is and for whom. ``run`` names the investigation and its question. SQLite
    comes first: the others ask it for their rows, side by side through ``at_once``, from ``held.at_work``.
    """
    schema.write_text(
        place / "exports" / "metadata.json", json.dumps(_datasette(version), ensure_ascii=False, indent=1) + "\n"
    )
    at_once([(write_sqlite, (Held(place), version))])
    at_once([(_book, (place, version, dict(run))), (_exchange, (place, version, dict(run)))])


def _book(place: Path, version: str, run: Mapping[str, Any]) -> None:
    """The workbook with its views."""
    with files.scratch(place / ".book") as folder:
        found = findings(place, run, folder / "shelf.sqlite")
        shown = {"by_publisher": views.by_publisher(found), "by_indicator": views.by_indicator(found)}
        write_workbook(Held(place), shown, place / "exports" / "wiretrace.xlsx", version)


def _exchange(place: Path, version: str, run: Mapping[str, Any]) -> None:
    """What is made for other programs."""
    with files.scratch(place / ".exchange") as folder:
        for name, text in exchanged(findings(place, run, folder / "shelf.sqlite"), version):
            schema.write_text(place / "exports" / name, text)


def exchanged(found: Findings, version: str) -> Iterable[tuple[str, Iterable[str]]]:
    """Name of the file and text, in parts, of each export that is made for another program; to be taken in turn."""
    yield "stix.json", stix_bundle(found, version)
    yield "misp.csv", lists.misp(found)
    yield "known-networks.csv", lists.known_networks(found)
    yield "laundromat-indicators.csv", lists.laundromat_indicators(found)
    yield "laundromat-matches.csv", lists.laundromat_matches(found)
    yield "captures.csv", lists.captures(found)
    yield "networks.graphml", graphs.graphml(found)
    yield "networks.gexf", graphs.gexf(found)


def _datasette(version: str) -> dict[str, Any]:
    """Titles and descriptions for Datasette (its metadata.json)."""
    described = {
        table.name: {"description": f"A row is {table.row}.", "columns": {c.name: c.meaning for c in table.columns}}
        for table in schema.tables().values()
        if table.published
    }
    return {"title": f"wiretrace {version}", "databases": {"wiretrace": {"tables": described}}}
