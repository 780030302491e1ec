"""Tables that the user gives, as CSV or JSON lines: read in one way, and refused in one line."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from wiretrace.errors import UserError

JSON_LINES = (".jsonl", ".ndjson", ".json")
# What parts the cells: European Excel writes semicolons, its "Unicode text" tabs.
DELIMITERS = (",", ";", "\t")
# Levels of nesting above which JSON is not read. Python's own limit counts from wherever it is called, so that the same
# bytes would be read or not by how deep the caller stands.
DEEPEST = 100
NESTING = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def json_of(text: str | bytes, *, strict: bool = True) -> Any:
    """The value that ``text`` holds as JSON; ``strict`` as in ``json.loads``.

    Raises:
        ValueError: it is no JSON, or nested more than 100 deep.
    """
    if isinstance(text, bytes):
        text = text.decode(json.detect_encoding(text), "replace")
    if text.count("[") + text.count("{") > DEEPEST and any(depth > DEEPEST for _, depth in nested(text)):
        raise ValueError(f"nested more than {DEEPEST} deep")
    return json.loads(text.removeprefix("\ufeff"), strict=strict)


def nested(text: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """(where it ends, how deep one is behind it) of each string and bracket of the JSON that begins at ``start``."""
    depth = 0
    for found in NESTING.finditer(text, start):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        yield found.end(), depth


def records(path: str, needed: tuple[str, ...], columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line it ends in, row) of a file of texts, CSV or JSON lines by its name, read row by row.

    Unlike in ``rows``, no line is a comment: a line of a text may begin with #.

    Args:
        needed: columns that each row must have; columns: those whose values must be texts or numbers.

    Raises:
        UserError: the file cannot be read, a row is of another form.
    """
    try:
        with _open(path) as stream:
            if path.lower().endswith(JSON_LINES):
                for number, line in enumerate(stream, start=1):
                    if line.strip():
                        where = f"{path}, line {number}"
                        yield number, _checked(where, _object(where, line), needed, columns)
            else:
                reader = _reader(path, stream, needed)
                for row in reader:
                    where = f"{path}, line {reader.line_num}"
                    yield reader.line_num, _checked(where, row, needed, columns)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str | Path, error: Exception) -> UserError:
    if isinstance(error, UnicodeDecodeError) and bytes(error.object[:4]) == b"PK\x03\x04":
        return UserError(
            f"{path}: is an Excel workbook or a ZIP file; save the sheet as CSV in UTF-8 and name that file"
        )
    if isinstance(error, UnicodeDecodeError):
        return UserError(f"{path}: is not UTF-8; save it as CSV in UTF-8 (a spreadsheet offers that as a format)")
    why = error.strerror if isinstance(error, OSError) else error
    return UserError(f"{path}: cannot be read: {why}")


def _open(path: str | Path) -> TextIO:
    """A file as text: UTF-8, or UTF-16 where a mark at its beginning says so."""
    with open(path, "rb") as stream:
        marked = stream.read(2) in (b"\xff\xfe", b"\xfe\xff")
    return open(path, encoding="utf-16" if marked else "utf-8-sig", newline="")


def _reader(path: str | Path, lines: Iterable[str], needed: Sequence[str]) -> csv.DictReader[str]:
    """The rows of a CSV file by columns, whose names are in lower case, with _ for spaces.

    Raises:
        UserError: the first line does not name the columns ``needed``, or can be parted in two ways.
    """
    stream = iter(lines)
    first = next(stream, "")
    reader = csv.DictReader(chain([first], stream), delimiter=_delimiter(path, first, needed))
    written = list(reader.fieldnames or ())
    names = [_column(name) for name in written]
    if not names:
        columns = f", {', '.join(needed)} among them" if needed else ""
        raise UserError(f"{path}: is empty; its first line names the columns{columns}")
    for name in needed:
        if name not in names:
            raise UserError(f"{path}: no column {name!r} in the first line; found: {', '.join(written)[:200]}")
        if names.count(name) > 1:
            raise UserError(f"{path}: two columns {name!r} in the first line; rename or remove one")
    reader.fieldnames = names
    return reader


def _column(name: str) -> str:
    return "_".join(name.casefold().split())


def _delimiter(path: str | Path, first: str, needed: Sequence[str]) -> str:
    """What parts the columns in the first line: of several marks the one that yields the columns ``needed``, then the
    one that yields most.
    """
    parted = {mark: [_column(name) for name in next(csv.reader([first], delimiter=mark), [])] for mark in DELIMITERS}
    found = {
        mark: (all(name in names for name in needed), len(names)) for mark, names in parted.items() if len(names) > 1
    }
    best = [mark for mark in found if found[mark] == max(found.values())]
    if len(best) > 1:
        raise UserError(
            f"{path}: the first line can be parted by {' or '.join(map(repr, best))}; use one of them in all lines"
        )
    return best[0] if best else ","


def _object(where: str, line: str) -> object:
    try:
        return json_of(line)
    except ValueError as error:
        why = str(error).partition(": line")[0]
        raise UserError(f"{where}: is no JSON; the file cannot be read as UTF-8 JSON lines: {why}") from None


def _checked(where: str, row: object, needed: tuple[str, ...], columns: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(row, dict):
        raise UserError(f"{where}: each line must be one JSON object")
    missing = [name for name in needed if name not in row]
    if missing:
        found = ", ".join(str(name) for name in row)
        raise UserError(f"{where}: no column {missing[0]!r}; found: {found[:200]}")
    if None in row:
        raise UserError(f"{where}: more cells than the first line has columns; quote cells that hold commas")
    for name in columns:
        if isinstance(row.get(name), list | dict):
            raise UserError(f"{where}: {name} must be text or a number, not a list or an object")
    return {str(k): "" if v is None else str(v) for k, v in row.items()}


def header(path: str | Path, *needed: str) -> None:
    """Read no more of a file than ``rows`` needs to know its columns.

    Raises:
        UserError: the file cannot be read, or lacks a column.
    """
    try:
        with _open(path) as stream:
            _reader(path, (line for line in stream if not line.startswith("#")), needed)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from None


def rows(path: str | Path, *needed: str) -> list[tuple[int, dict[str, str]]]:
    """(line it ends in, row) of a CSV file; lines that begin with # are comments, cells are stripped.

    Args:
        needed: columns that the first line must name.

    Raises:
        UserError: the file cannot be read, or lacks a column.
    """
    try:
        with _open(path) as stream:
            lines = [(number, line) for number, line in enumerate(stream, start=1) if not line.startswith("#")]
        reader = _reader(path, (line for _, line in lines), needed)
        found = [(lines[reader.line_num - 1][0], row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from None
    return [
        (number, {k: v.strip() for k, v in row.items() if isinstance(k, str) and isinstance(v, str)})
        for number, row in found
    ]


def finding(row: Mapping[str, str]) -> str:
    """What a person found, of a row of ``inputs.verifications``: "finding (by, date): note"."""
    found, by, day, note = (" ".join((row.get(c) or "").split()) for c in ("finding", "by", "date", "note"))
    who = ", ".join(part for part in (by, day) if part)
    return found + (f" ({who})" if who else "") + (f": {note}" if note else "")
