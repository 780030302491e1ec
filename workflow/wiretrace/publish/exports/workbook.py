"""One workbook: two views for people, by publisher and by indicator, and all tables; no formula, no link.

Text is typed as text whatever it begins with, and what a spreadsheet would take for a formula once it is edited or
saved as CSV gets an apostrophe in front. Sheets are written row by row, so that a large version takes no more memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from wiretrace import schema
from wiretrace.publish.held import Held

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection, 2024), and full-width forms of it.
FORMULA = re.compile(r"[\s]*[=+\-@＝＋－＠\t\r]")
# Limits of the format: characters in a cell, rows in a sheet (Microsoft, Excel specifications and limits).
LONGEST_CELL, MOST_ROWS = 32_767, 1_048_576
# Cells in all tables' sheets, about what a reporter's machine opens. Beyond it the longest tables are cut.
MOST_CELLS = 1_000_000
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CUT = "… [cut; whole in the CSV]"
# A fixed date, so that equal tables give an equal file.
EPOCH = datetime(1980, 1, 1)


def neutral(text: str) -> str:
    """``text`` as a spreadsheet cell: what would be run as a formula gets an apostrophe in front."""
    text = NOT_XML.sub("", text)
    if FORMULA.match(text):
        text = "'" + text
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def write_workbook(
    tables: Held,
    views: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Any]]]],
    path: Path,
    version: str,
) -> None:
    """A sheet of contents, one of column meanings, the ``views`` (name: heading and rows), a sheet for each table."""
    sizes = {name: (tables.rows(name), len(schema.tables()[name].columns)) for name in tables}
    most = rows_each(sizes)
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"created": EPOCH, "title": f"wiretrace {version}"})
    bold = book.add_format({"bold": True})
    contents: list[list[Any]] = [["table", "a row is", "rows"]]
    contents += [[name, schema.tables()[name].row, rows] for name, (rows, _) in sizes.items()]
    _sheet(book, bold, "contents", ["wiretrace", version], contents)
    columns = (
        [t, c.name, c.type, c.unit, c.meaning, schema.meaning_ja(t, c.name)]
        for t in tables
        for c in schema.tables()[t].columns
    )
    _sheet(book, bold, "columns", ["table", "column", "type", "unit", "meaning", "meaning_ja"], columns)
    for name, (heading, rows) in views.items():
        _sheet(book, bold, name, heading, islice(rows, MOST_ROWS - 1))
    for name in tables:
        _sheet(book, bold, name, schema.tables()[name].names, _rows(tables, name, most))
    book.close()


def rows_each(sizes: Mapping[str, tuple[int, int]], cells: int = MOST_CELLS) -> int:
    """The most rows that each table may show so that all of them, (rows, columns) by name, have at most ``cells``."""
    least, most = 0, MOST_ROWS - 2
    while least < most:
        middle = (least + most + 1) // 2
        fits = sum(min(rows, middle) * columns for rows, columns in sizes.values()) <= cells
        least, most = (middle, most) if fits else (least, middle - 1)
    return least


def _rows(tables: Held, name: str, most: int) -> Iterator[Sequence[Any]]:
    rows = (row for piece in tables.pieces(name) for row in zip(*piece, strict=True))
    yield from islice(rows, most)
    if tables.rows(name) > most:
        yield [f"… {tables.rows(name) - most:,} rows more in the CSV, Parquet and SQLite files"]


def _sheet(
    book: xlsxwriter.Workbook, bold: Any, title: str, heading: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    for place, text in enumerate(heading):
        sheet.write_string(0, place, text, bold)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    sheet.write_string(number, place, neutral(value))
            elif isinstance(value, bool):
                sheet.write_boolean(number, place, value)
            elif value is not None:
                sheet.write_number(number, place, value)
