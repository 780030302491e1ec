"""Tables that the user gives as CSV: read in one way, and refused in one line."""

from __future__ import annotations

import csv
from pathlib import Path

from wiretrace.errors import UserError


def rows(path: str | Path, *needed: str) -> list[tuple[int, dict[str, str]]]:
    """(line it ends in, row) of a UTF-8 CSV file; lines that begin with # are comments, cells are stripped.

    Args:
        needed: columns that the first line must name.

    Raises:
        UserError: the file cannot be read, or lacks a column.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            lines = [(number, line) for number, line in enumerate(stream, start=1) if not line.startswith("#")]
        reader = csv.DictReader(line for _, line in lines)
        found = [(lines[reader.line_num - 1][0], row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path}: cannot be read as UTF-8 CSV: {error}") from None
    columns = reader.fieldnames or ()
    for column in needed:
        if found and column not in columns:
            raise UserError(f"{path}: no column {column!r} in the first line; found: {', '.join(map(str, columns))}")
    return [
        (number, {k: v.strip() for k, v in row.items() if isinstance(k, str) and isinstance(v, str)})
        for number, row in found
    ]
