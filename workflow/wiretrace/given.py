"""Tables that the user gives as CSV: read in one way, and refused in one line."""

from __future__ import annotations

import csv
from pathlib import Path

from wiretrace.errors import UserError


def rows(path: str | Path, *needed: str) -> list[tuple[int, dict[str, str]]]:
    """(line, row) for each row of a UTF-8 CSV file; lines that begin with # are comments, cells are stripped.

    Args:
        needed: columns that the first line must name.

    Raises:
        UserError: the file cannot be read, or lacks a column.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            lines = [(number, line) for number, line in enumerate(stream, start=1) if not line.startswith("#")]
        found = list(csv.DictReader(line for _, line in lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path}: cannot be read as UTF-8 CSV: {error}") from None
    for column in needed:
        if found and column not in found[0]:
            raise UserError(f"{path}: no column {column!r} in the first line; found: {', '.join(map(str, found[0]))}")
    # A cell with a line break in it makes the numbers of the lines after it too small; they only guide a reader.
    numbers = [number for number, _ in lines[1:]] + [0] * len(found)
    cleaned = ({k: v.strip() for k, v in row.items() if isinstance(k, str) and isinstance(v, str)} for row in found)
    return list(zip(numbers, cleaned, strict=False))
