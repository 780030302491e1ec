"""Gather the parts of a table into one file, a row of each part in memory at a time."""

from __future__ import annotations

import csv
import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path

from wiretrace.errors import UserError
from wiretrace.schema import Table, tables
from wiretrace.schema.files import whole

Key = tuple[str, ...]
Row = tuple[Key, list[str]]


def gather(name: str, parts: Iterable[str | Path], into: str | Path) -> int:
    """Write the rows of ``parts``, files of table ``name``, to ``into`` in canonical order; gives how many rows.

    A row that stands in several parts is one row. The bytes are those of reading all parts and writing them, whatever
    the number of parts; what a part holds was checked when it was written. Keys are text, which sorts as it stands.

    Raises:
        UserError: a part is missing, or is not this table in canonical order.
        ValueError: two rows have one key.
    """
    table, count = tables()[name], 0
    with whole(Path(into)) as part, open(part, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(table.names)
        for row in merged(table, parts):
            writer.writerow(row)
            count += 1
    return count


def merged(table: Table, parts: Iterable[str | Path]) -> Iterator[list[str]]:
    """The rows of ``parts``, as text, in canonical order, each once.

    Raises:
        UserError, ValueError: as ``gather``.
    """
    last: Row | None = None
    for key, row in heapq.merge(*(_rows(table, path) for path in parts)):
        if last and key == last[0]:
            if row != last[1]:
                raise ValueError(f"{table.name}: two rows with the key {key}")
            continue
        yield row
        last = key, row


def _rows(table: Table, path: str | Path) -> Iterator[Row]:
    """The rows of one part with the value that sorts each."""
    places = [table.names.index(name) for name in table.key]
    wrong = UserError(f"{path}: not a table of {table.name}; delete it and run again")
    last: Key = ()
    try:
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            if tuple(next(reader, ())) != table.names:
                raise wrong
            for row in reader:
                if len(row) != len(table.names):
                    raise wrong
                key = tuple(row[at] for at in places)
                if key < last:
                    raise wrong
                last = key
                yield key, row
    except OSError as error:
        raise UserError(f"{path}: cannot read the table {table.name}: {error.strerror}") from error
    except (csv.Error, ValueError) as error:
        raise wrong from error
