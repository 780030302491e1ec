"""All tables as one SQLite file that Datasette opens, with what each table and column means."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wiretrace import schema
from wiretrace.publish.held import Held

STORED = Path("exports", "wiretrace.sqlite")
TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}


def write_sqlite(tables: Held, version: str) -> None:
    """One SQLite file: every table with its key and references, and the meaning of tables and columns beside them."""
    database = sqlite3.connect(tables.folder / STORED)
    # The file is made in one go, beside its place: a crash leaves none, so that a journal would protect nothing.
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    with database:
        database.execute("CREATE TABLE _version (version TEXT)")
        database.execute("INSERT INTO _version VALUES (?)", (version,))
        database.execute("CREATE TABLE _tables ([table] TEXT PRIMARY KEY, row TEXT)")
        database.execute(
            "CREATE TABLE _columns ([table] TEXT, [column] TEXT, type TEXT, unit TEXT, ref TEXT, meaning TEXT,"
            " meaning_ja TEXT, PRIMARY KEY ([table], [column]))"
        )
        for name in tables:
            _table(database, schema.tables()[name], tables)
    database.close()


def _table(database: sqlite3.Connection, table: schema.Table, tables: Held) -> None:
    columns = [f"[{c.name}] {TYPES.get(c.type, 'TEXT')}" for c in table.columns]
    keys = ", ".join(f"[{column}]" for column in table.key)
    references = [
        f"FOREIGN KEY ([{c.name}]) REFERENCES [{c.ref}] ([{schema.tables()[c.ref].key[0]}])"
        for c in table.columns
        if c.ref and c.type != "ids" and schema.tables()[c.ref].published
    ]
    parts = ", ".join([*columns, f"PRIMARY KEY ({keys})", *references])
    database.execute(f"CREATE TABLE [{table.name}] ({parts})")
    marks = ", ".join("?" * len(table.columns))
    database.executemany(f"INSERT INTO [{table.name}] VALUES ({marks})", _rows(table, tables))  # noqa: S608 (names are our own schema's)
    database.execute("INSERT INTO _tables VALUES (?, ?)", (table.name, table.row))
    database.executemany(
        "INSERT INTO _columns VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (table.name, c.name, c.type, c.unit, c.ref, c.meaning, schema.meaning_ja(table.name, c.name))
            for c in table.columns
        ],
    )


def _rows(table: schema.Table, tables: Held) -> Iterator[tuple[Any, ...]]:
    """The rows; what is not known is NULL."""
    for piece in tables.pieces(table.name):
        yield from zip(*(_cells(column, held) for column, held in zip(table.columns, piece, strict=True)), strict=True)


def _cells(column: schema.Column, values: list[Any]) -> list[Any]:
    return [value or None for value in values] if column.type in schema.TEXT else values
