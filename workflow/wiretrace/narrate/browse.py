"""Tables to search and sort in the browser, from disk: a page for each table, its rows in files read on demand.

A page from disk may not read a CSV file beside it. It may load a script, so the rows come as scripts that hold one
call with JSON in it; the page's policy lets nothing else in, and its own script writes text, never markup.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from wiretrace import schema
from wiretrace.narrate.pages import visible
from wiretrace.narrate.templating import filled
from wiretrace.narrate.version import Version, words

# Rows of one file, rows of one table that can be searched here, and letters of one cell; the CSV file has all.
CHUNK, MOST_ROWS, LONGEST = 4_000, 200_000, 400


def write(version: Version, folder: Path) -> dict[str, int]:
    """Write ``folder/TABLE.html`` and ``folder/TABLE.N.js`` for each published table; returns its number of rows."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {table.name: _write(version, folder, table) for table in schema.tables().values() if table.published}


def _write(version: Version, folder: Path, table: schema.Table) -> int:
    files = number = 0
    with open(version.folder / "tables" / f"{table.name}.csv", encoding="utf-8", newline="") as file:
        rows = csv.reader(_visible(file))
        next(rows)
        for chunk in _chunks(islice(rows, MOST_ROWS)):
            schema.write_text(folder / f"{table.name}.{files}.js", f"take({files},{_json(chunk)});\n")
            files, number = files + 1, number + len(chunk)
        all_rows = number + sum(1 for _ in rows)
    html = filled(
        "browse.html.j2",
        script="browse.js",
        loads=True,
        table=table,
        row_is=row_is(table),
        columns=[(column, explained(table.name, column)) for column in table.columns],
        files=files,
        rows=number,
        all_rows=all_rows,
    )
    schema.write_text(folder / f"{table.name}.html", html)
    return all_rows


def _visible(lines: Iterable[str]) -> Iterator[str]:
    """The lines with what could deceive an eye made visible, many at once: much faster than cell by cell."""
    left = iter(lines)
    while text := "".join(islice(left, CHUNK)):
        yield from io.StringIO(visible(text), newline="")


def row_is(table: schema.Table) -> tuple[str, str]:
    """What a row of a table is."""
    return table.row, words()["rows_of"][table.name]


def explained(table: str, column: schema.Column) -> tuple[str, str]:
    """What a column means, with its unit."""
    english, japanese = column.meaning, schema.meaning_ja(table, column.name)
    if not column.unit:
        return english, japanese
    return f"{english} ({column.unit})", f"{japanese}（{schema.unit_ja(column.unit)}）"


def _chunks(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield [[cell if len(cell) <= LONGEST else cell[: LONGEST - 1] + "…" for cell in row] for row in chunk]


def _json(rows: Any) -> str:
    """JSON that is JavaScript too."""
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
