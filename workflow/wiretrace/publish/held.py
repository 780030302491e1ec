"""The tables of a version in files: checked and kept as CSV and Parquet, and read again in pieces.

No table is held whole to be written in another form: what reads one here holds some thousand rows. Equal rows give
equal files.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wiretrace import schema

# Columns that hold whole texts, which no claim and no export but the tables themselves reads.
LONG = ("text", "chrome", "spans", "anchors")
# Rows held at once, fewer where these are more bytes.
PIECE, MOST = 20_000, 4_000_000
PARTS, SAMPLE = (1, 2, 4, 8, 16, 32), 200
ARROW = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
Table = pd.DataFrame | Path | None
AtOnce = Callable[[Sequence[tuple[Callable[..., Any], tuple[Any, ...]]]], list[Any]]
# Bytes of tables from which on a second process, which takes seconds to start, is worth it.
WORTH = 50_000_000


@contextmanager
def at_work(workers: int, size: int) -> Iterator[AtOnce]:
    """Gives what does tasks, each a function with its arguments, and gives what each gives, in their order.

    So many ``workers`` are at it at once, each a process of its own, where the bytes to be read (``size``) are worth
    their start.
    """
    if workers < 2 or size < WORTH:
        yield lambda tasks: [call(*given) for call, given in tasks]
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield lambda tasks: [one.result() for one in [pool.submit(call, *given) for call, given in tasks]]


def keep(name: str, data: Table, folder: Path) -> int:
    """Keep table ``name`` as ``folder/tables/NAME.csv`` and ``folder/exports/parquet/NAME.parquet``; gives its rows.

    ``data`` is the table, or its file in canonical order, which is copied as it stands, or None: it has no row.

    Raises:
        UserError: the file is not this table in canonical order.
        ValueError: a row breaks the schema.
    """
    kept = folder / "tables" / f"{name}.csv"
    kept.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(data, Path):
        shutil.copyfile(data, kept)
    else:
        schema.write(name, schema.frame(name) if data is None else data, kept)
    columns = schema.tables()[name].columns
    fields = pa.schema([(c.name, ARROW.get(c.type, pa.large_string())) for c in columns])
    path = _parquet(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with pq.ParquetWriter(path, fields) as writer:
        parts = _parts(kept)
        pieces = schema.pieces(name, kept, PIECE // parts)
        made = (pa.Table.from_pandas(one, fields, preserve_index=False).replace_schema_metadata(None) for one in pieces)
        while group := list(islice(made, parts)):
            writer.write_table(pa.concat_tables(group).combine_chunks())
            rows += sum(part.num_rows for part in group)
    return rows


def _parts(path: Path) -> int:
    """In how many parts ``PIECE`` rows of a file are parsed, while they are many times as large, by its first rows."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(islice(csv.reader(file), 1, 1 + SAMPLE))
    letters = sum(len(cell) for row in rows for cell in row) * PIECE // max(len(rows), 1)
    return next((parts for parts in PARTS if letters <= parts * MOST), PARTS[-1])


class Held:
    """The published tables below ``folder`` as ``keep`` left them, none of them in memory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __iter__(self) -> Iterator[str]:
        return (name for name, table in schema.tables().items() if table.published)

    def rows(self, name: str) -> int:
        """How many rows table ``name`` has."""
        return int(pq.read_metadata(_parquet(self.folder, name)).num_rows)

    def pieces(self, name: str) -> Iterator[list[list[Any]]]:
        """Table ``name`` some thousand rows at a time, as the plain values of each column; an empty number is None."""
        # Pages are decoded as they are read: else the whole of 20,000 texts would be held beside a piece.
        with pq.ParquetFile(_parquet(self.folder, name), buffer_size=1 << 20, pre_buffer=False) as file:
            groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
            each = sum(group.total_byte_size for group in groups) // max(file.metadata.num_rows, 1)
            for batch in file.iter_batches(min(PIECE, MOST // max(each, 1) + 1)):
                yield [_values(column) for column in batch.columns]

    def greatest(self, name: str, column: str) -> str:
        """The greatest text in a column; empty where the table has no row."""
        with pq.ParquetFile(_parquet(self.folder, name)) as file:
            batches = file.iter_batches(PIECE, columns=[column])
            return max((pc.max(batch.column(0)).as_py() for batch in batches if batch.num_rows), default="")


def _parquet(folder: Path, name: str) -> Path:
    return folder / "exports" / "parquet" / f"{name}.parquet"


def _values(column: pa.Array) -> list[Any]:
    if pa.types.is_large_string(column.type):
        texts: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
        return texts
    values: list[Any] = column.to_pylist()
    return values
