"""A version as a Frictionless Tabular Data Package (v1), so that other tools can read and check its tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wiretrace import schema

# How a column's type is named in a Table Schema; times are of varying precision, which its own time types do not know.
TYPES = {"integer": "integer", "number": "number", "boolean": "boolean"}


def datapackage(version: str, question: str, files: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The descriptor ``datapackage.json`` of a version.

    ``files`` holds size in bytes and SHA-256 of each file by its path in the version, as ``sums`` gives them.
    """
    return {
        "profile": "tabular-data-package",
        "name": version,
        "title": f"wiretrace {version}",
        "description": question,
        "resources": [
            _resource(table, files[f"tables/{table.name}.csv"])
            for table in schema.tables().values()
            if f"tables/{table.name}.csv" in files
        ],
    }


def _resource(table: schema.Table, file: Mapping[str, Any]) -> dict[str, Any]:
    fields = [_field(column) for column in table.columns]
    references = [
        {"fields": [c.name], "reference": {"resource": c.ref, "fields": [schema.tables()[c.ref].key[0]]}}
        for c in table.columns
        if c.ref and c.type != "ids" and schema.tables()[c.ref].published
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"tables/{table.name}.csv",
        "description": f"A row is {table.row}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file["bytes"],
        "hash": f"sha256:{file['sha256']}",
        "schema": {
            "fields": fields,
            "missingValues": [""],
            "primaryKey": list(table.key),
            **({"foreignKeys": references} if references else {}),
        },
    }


def _field(column: schema.Column) -> dict[str, Any]:
    constraints = ({"required": True} if column.required else {}) | (
        {"enum": [value for value in column.enum if value]} if column.enum else {}
    )
    made: dict[str, Any] = {
        "name": column.name,
        "type": TYPES.get(column.type, "string"),
        "description": f"{column.meaning}; unit: {column.unit}" if column.unit else column.meaning,
    }
    if column.type == "boolean":
        made |= {"trueValues": ["true"], "falseValues": ["false"]}
    return made | ({"constraints": constraints} if constraints else {})
