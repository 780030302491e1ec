"""Tables that are too large to be held: read a row at a time, written in sorted pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from wiretrace import schema
from wiretrace.errors import UserError
from wiretrace.schema.files import scratch
from wiretrace.schema.gather import gather, merged

AT_ONCE = 20_000  # rows held while a table is written
OPEN = 256  # files merged at a time; a process may have some thousand open


@dataclass(frozen=True)
class Stored:
    """A table in files that each hold some of its rows in canonical order; read anew whenever its rows are wanted."""

    name: str
    paths: tuple[str, ...]


Rows = pd.DataFrame | Stored


def rows(data: Rows, *columns: str) -> Iterator[dict[str, Any]]:
    """Each row of ``data`` as a plain dictionary, of all columns or of ``columns``; an empty number or boolean is None.

    Raises:
        UserError: a file is missing or is not this table.
    """
    if isinstance(data, pd.DataFrame):
        chosen = data[list(columns)] if columns else data
        for begin in range(0, len(chosen), AT_ONCE):
            yield from schema.records(chosen.iloc[begin : begin + AT_ONCE])
        return
    table = schema.tables()[data.name]
    wanted = [(at, c) for at, c in enumerate(table.columns) if not columns or c.name in columns]
    for cells in merged(table, data.paths):
        try:
            yield {c.name: _value(c, cells[at]) for at, c in wanted}
        except (KeyError, ValueError) as error:
            raise UserError(f"{data.paths[0]}: not a table of {data.name}; delete it and run again") from error


def _value(column: schema.Column, cell: str) -> Any:
    """The cell of a file as the column's type."""
    if column.type in schema.TEXT:
        return cell
    if not cell:
        return None
    if column.type == "boolean":
        return {"true": True, "false": False}[cell]
    return int(cell) if column.type == "integer" else float(cell)


def write_rows(name: str, made: Iterable[Mapping[str, Any]], path: str | Path, at_once: int = AT_ONCE) -> int:
    """Write the rows ``made`` as table ``name``, checked and sorted, to ``path``; gives how many there are.

    The bytes are those of ``schema.write(name, schema.frame(name, made), path)``; ``at_once`` rows are held at most.

    Raises:
        ValueError: a row breaks the schema.
    """
    target, left = Path(path), iter(made)
    with scratch(target.with_name(f".{target.name}.pieces")) as folder:
        parts: list[Path] = []
        while (piece := list(islice(left, at_once))) or not parts:
            parts.append(folder / f"{len(parts)}.csv")
            schema.write(name, schema.frame(name, piece), parts[-1])
        while len(parts) > OPEN:
            parts = [_merged(name, parts[at : at + OPEN]) for at in range(0, len(parts), OPEN)]
        return gather(name, parts, target)


def write_pieces(name: str, pieces: Iterable[pd.DataFrame], path: str | Path) -> None:
    """Write ``pieces`` of table ``name``, whose keys ascend through all of them, to ``path``, one held at a time.

    The bytes are those of ``schema.write`` of all of them together.

    Raises:
        ValueError: a piece breaks the schema, or is not after the one before it.
    """

    def parts() -> Iterator[str]:
        yield schema.to_csv(name, schema.frame(name))
        last: tuple[str, ...] = ()
        for piece in pieces:
            schema.check(name, piece)
            keys = list(piece[list(schema.tables()[name].key)].itertuples(index=False, name=None))
            if any(before >= after for before, after in pairwise([last, *keys])):
                raise ValueError(f"{name}: the rows are not in the order of their keys")
            yield from schema.csv_parts(name, piece, header=False)
            last = keys[-1] if keys else last

    schema.write_text(Path(path), parts())


def _merged(name: str, parts: list[Path]) -> Path:
    """``parts`` as one file in the place of the first; the others are gone."""
    gather(name, parts, parts[0])
    for part in parts[1:]:
        part.unlink()
    return parts[0]
