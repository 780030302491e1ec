"""Candidates verified: what each pair shares, how much of either text that is, and what kind of copy it makes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from wiretrace.config import Trace
from wiretrace.schema.files import whole
from wiretrace.trace.reuse import aligning
from wiretrace.trace.reuse.bits import I64
from wiretrace.trace.reuse.store import Store

F64 = npt.NDArray[np.float64]
VERBATIM = 0.98  # share of both texts
EXTENT, NEAR = 0.6, 0.4  # share of both that lies within shared passages, and that is equal, of near copies
EXCERPT = 0.5  # share of one text in the other from which quoted words count too
BATCH = 20_000  # pairs aligned at a time
READ = 1000  # matches read at a time
SCHEMA = pa.schema(
    [
        ("article_a", pa.string()),
        ("article_b", pa.string()),
        ("kind", pa.string()),
        ("share_a", pa.float64()),
        ("share_b", pa.float64()),
        ("shared", pa.int64()),
        ("listed", pa.bool_()),
        ("spans", pa.list_(pa.int32())),
    ]
)


@dataclass(frozen=True)
class Limits:
    """What must be shared to be listed; see the section ``trace`` of the configuration."""

    share: float
    shared: int
    passage: int

    @classmethod
    def of(cls, settings: Trace) -> Limits:
        """The limits in ``settings``."""
        return cls(settings.share, settings.shared, settings.passage)


def verified(a: Store, b: Store, first: I64, second: I64, limits: Limits) -> pa.Table:
    """The pairs (text of ``a``, text of ``b``) that share enough, as rows of :data:`SCHEMA`.

    A pair is listed when ``shared`` characters (letters of an alphabet count half) and ``share`` of the shorter text
    are common, or, as a mere passage (``listed`` is false), ``passage`` characters in one run, however small a share
    that is.
    Where neither text lies mostly in the other, words within quotation marks do not count: who quotes a sentence has
    not copied a text. ``spans`` holds start_a, end_a, start_b, end_b of each equal run, flat.
    """
    parts = [SCHEMA.empty_table()]
    for begin in range(0, len(first), BATCH):
        parts.append(_batch(a, b, first[begin : begin + BATCH], second[begin : begin + BATCH], limits))
    return pa.concat_tables(parts)


def _batch(a: Store, b: Store, first: I64, second: I64, limits: Limits) -> pa.Table:
    names = a.names[first], b.names[second]
    turned = names[0] > names[1]
    arrays = [(s.codes, s.starts, s.prints, s.print_starts, s.lengths, s.sizes) for s in (a, b)]
    bounds = (float(limits.share), limits.shared, limits.passage, EXCERPT)
    found, spans, starts = aligning.verify(first, second, turned, arrays[0], arrays[1], bounds)
    kept = np.flatnonzero(found[:, 3])
    found, turned = found[kept], turned[kept]
    lengths = [np.maximum(s.lengths[i[kept]], 1) for s, i in ((a, first), (b, second))]
    shares = [found[:, 0] / length for length in lengths]
    kinds = _kinds(shares, [found[:, 1] / lengths[0], found[:, 2] / lengths[1]])
    names = names[0][kept], names[1][kept]
    return pa.table(
        [
            _strings(np.where(turned, names[1], names[0])),
            _strings(np.where(turned, names[0], names[1])),
            pa.array(kinds),
            pa.array(np.where(turned, shares[1], shares[0])),
            pa.array(np.where(turned, shares[0], shares[1])),
            pa.array(found[:, 0]),
            pa.array(found[:, 3] == 2),
            pa.ListArray.from_arrays(
                pa.array(np.concatenate([[0], 4 * starts[kept + 1]]).astype(np.int32)), pa.array(spans.reshape(-1))
            ),
        ],
        schema=SCHEMA,
    )


def _kinds(shares: Sequence[F64], extents: Sequence[F64]) -> npt.NDArray[np.str_]:
    near = (np.minimum(*extents) >= EXTENT) & (np.minimum(*shares) >= NEAR)
    made: npt.NDArray[np.str_] = np.select([np.minimum(*shares) >= VERBATIM, near], ["verbatim", "near"], "partial")
    return made


def _strings(names: npt.NDArray[np.bytes_]) -> pa.Array:
    return pa.array(names.astype(object), pa.binary()).cast(pa.string())


def write(table: pa.Table, path: Path) -> None:
    """Write matches, sorted, as Parquet, whole or not at all."""
    with whole(path) as part:
        pq.write_table(table.sort_by([("article_a", "ascending"), ("article_b", "ascending")]), part)


def read(paths: Sequence[Path]) -> Iterator[pa.RecordBatch]:
    """All matches in ``paths``, some at a time."""
    for path in paths:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(READ)
