"""The tables of a version in files: checked and kept as CSV and Parquet, and read again in pieces.

No table is held whole to be written in another form: what reads one here holds some thousand rows. Equal rows give
equal files.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
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
PIECE, MOST = 20_000, 8_000_000
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
        for piece in schema.pieces(name, kept):
            writer.write_table(pa.Table.from_pandas(piece, fields, preserve_index=False).replace_schema_metadata(None))
            rows += len(piece)
    return rows


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
        with pq.ParquetFile(_parquet(self.folder, name)) as file:
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
