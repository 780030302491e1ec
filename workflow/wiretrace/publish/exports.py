"""The tables in the forms that people open: one SQLite file, one workbook, Parquet. Derived, never the identity."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from wiretrace import schema

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection, 2024), and full-width forms of it.
FORMULA = re.compile(r"[\s]*[=+\-@＝＋－＠\t\r]")
# Limits of the format: characters in a cell, rows in a sheet (Microsoft, Excel specifications and limits).
LONGEST_CELL, MOST_ROWS = 32_767, 1_048_576
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CUT = "… [cut; whole in the CSV]"
SQL_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
# A fixed date for the archive's members, so that equal tables give an equal file.
EPOCH = (1980, 1, 1, 0, 0, 0)


def write_exports(tables: Mapping[str, pd.DataFrame], folder: Path, version: str) -> None:
    """Write ``wiretrace.sqlite`` with ``metadata.json`` for Datasette, ``wiretrace.xlsx`` and ``parquet/*.parquet``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sqlite(tables, folder / "wiretrace.sqlite", version)
    schema.write_text(folder / "metadata.json", json.dumps(_datasette(version), ensure_ascii=False, indent=1) + "\n")
    write_workbook(tables, folder / "wiretrace.xlsx", version)
    (folder / "parquet").mkdir()
    for name, data in tables.items():
        table = pa.Table.from_pandas(data, preserve_index=False).replace_schema_metadata(None)
        pq.write_table(table, folder / "parquet" / f"{name}.parquet")


def write_sqlite(tables: Mapping[str, pd.DataFrame], path: Path, version: str) -> None:
    """One SQLite file: every table with its key and references, and the meaning of tables and columns beside them."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE _version (version TEXT)")
        database.execute("INSERT INTO _version VALUES (?)", (version,))
        database.execute("CREATE TABLE _tables ([table] TEXT PRIMARY KEY, row TEXT)")
        database.execute(
            "CREATE TABLE _columns ([table] TEXT, [column] TEXT, type TEXT, unit TEXT, ref TEXT, meaning TEXT,"
            " PRIMARY KEY ([table], [column]))"
        )
        for name, data in tables.items():
            _sqlite_table(database, schema.tables()[name], data)
    database.close()


def _sqlite_table(database: sqlite3.Connection, table: schema.Table, data: pd.DataFrame) -> None:
    columns = [f"[{c.name}] {SQL_TYPES.get(c.type, 'TEXT')}" for c in table.columns]
    keys = ", ".join(f"[{column}]" for column in table.key)
    references = [
        f"FOREIGN KEY ([{c.name}]) REFERENCES [{c.ref}] ([{schema.tables()[c.ref].key[0]}])"
        for c in table.columns
        if c.ref and c.type != "ids" and schema.tables()[c.ref].published
    ]
    parts = ", ".join([*columns, f"PRIMARY KEY ({keys})", *references])
    database.execute(f"CREATE TABLE [{table.name}] ({parts})")
    marks = ", ".join("?" * len(table.columns))
    rows = [[_sql(v) for v in row.values()] for row in schema.records(data)]
    database.executemany(f"INSERT INTO [{table.name}] VALUES ({marks})", rows)  # noqa: S608 (names are our own schema's)
    database.execute("INSERT INTO _tables VALUES (?, ?)", (table.name, table.row))
    database.executemany(
        "INSERT INTO _columns VALUES (?, ?, ?, ?, ?, ?)",
        [(table.name, c.name, c.type, c.unit, c.ref, c.meaning) for c in table.columns],
    )


def _sql(value: Any) -> Any:
    """A cell for SQLite: what is not known is NULL."""
    return None if value is None or value == "" else value


def _datasette(version: str) -> dict[str, Any]:
    """Titles and descriptions for Datasette (its metadata.json)."""
    described = {
        table.name: {"description": f"A row is {table.row}.", "columns": {c.name: c.meaning for c in table.columns}}
        for table in schema.tables().values()
        if table.published
    }
    return {"title": f"wiretrace {version}", "databases": {"wiretrace": {"tables": described}}}


def neutral(text: str) -> str:
    """``text`` as a spreadsheet cell: what would be run as a formula gets an apostrophe in front."""
    text = NOT_XML.sub("", text)
    if FORMULA.match(text):
        text = "'" + text
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def write_workbook(tables: Mapping[str, pd.DataFrame], path: Path, version: str) -> None:
    """One workbook: a sheet of contents, a sheet of column meanings, one sheet for each table; no formula anywhere."""
    book = Workbook(write_only=True)
    contents: list[list[Any]] = [["wiretrace", version], ["table", "a row is", "rows"]]
    contents += [[name, schema.tables()[name].row, len(data)] for name, data in tables.items()]
    columns = [["table", "column", "type", "unit", "meaning"]]
    columns += [[t, c.name, c.type, c.unit, c.meaning] for t in tables for c in schema.tables()[t].columns]
    _sheet(book, "contents", contents, 2)
    _sheet(book, "columns", columns, 1)
    for name, data in tables.items():
        rows = [list(row.values()) for row in schema.records(data)]
        kept = rows[: MOST_ROWS - 2]
        if len(kept) < len(rows):
            kept.append([f"… {len(rows) - len(kept):,} rows more in the CSV"])
        _sheet(book, name, [list(schema.tables()[name].names), *kept], 1)
    raw = path.with_name(path.name + ".part")
    book.save(raw)
    _normalise(raw, path)
    raw.unlink()


def _sheet(book: Workbook, title: str, rows: list[list[Any]], heading: int) -> None:
    """One sheet; text is typed as text whatever it begins with, numbers as numbers."""
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = f"A{heading + 1}"
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=None)
            if isinstance(value, str):
                cell.value = neutral(value)
                cell.data_type = "s"
            elif value is not None:
                cell.value = value
            if number < heading:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)


def _normalise(raw: Path, path: Path) -> None:
    """Copy a workbook without the times that the writer stamps into it."""
    fixed = datetime(*EPOCH).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist()):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", fixed, data)
            info = zipfile.ZipInfo(name, date_time=EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, data)
