"""The stages over files, one job for each shard of texts or range of hashes; no job holds the whole.

A folder holds one shard's store. The pairs of a range of hashes and the candidates of a shard are ``.npy`` files of
64-bit numbers, sorted by text. The numbers of texts in them count through the shards in the order given.
"""

from __future__ import annotations

from collections.abc import Sequence, Sized
from pathlib import Path

import numpy as np
import pyarrow as pa

from wiretrace.errors import UserError
from wiretrace.trace.reuse import index
from wiretrace.trace.reuse.bits import I64, PLACE, U64
from wiretrace.trace.reuse.store import Store, field_of
from wiretrace.trace.reuse.verify import SCHEMA, Limits, verified

AT_ONCE = 2000  # pairs whose texts are held at once


def numbering(fields: Sequence[Sized]) -> I64:
    """The first number of each shard's texts, and the number of all texts; ``fields``: one of each shard's arrays.

    Raises:
        UserError: there are more texts than a pair has room for.
    """
    made: I64 = np.cumsum([0, *map(len, fields)])
    if made[-1] > 1 << PLACE:
        told = f"{made[-1]:,} texts, and {1 << PLACE:,} can be compared with each other"
        raise UserError(f"{told}; cut the investigation in two, by time or language")
    return made


def pairs(folders: Sequence[Path], part: int, parts: int) -> U64:
    """Pairs that share prints of range ``part`` of ``parts``."""
    low = [field_of(folder, "low") for folder in folders]
    order = [field_of(folder, "order") for folder in folders]
    keys = [index.keys(field_of(folder, "prints"), field_of(folder, "print_starts"), part, parts) for folder in folders]
    return index.pairs(keys, numbering(low)[:-1], np.concatenate(low), np.concatenate(order))


def candidates(folders: Sequence[Path], parts: Sequence[Path], shard: int) -> U64:
    """Candidates of the texts of ``shard``, from the pairs of all ranges."""
    order = [field_of(folder, "order") for folder in folders]
    first, last = (int(number) for number in numbering(order)[shard : shard + 2])
    own = []
    for path in parts:
        rows = np.load(path, mmap_mode="r", allow_pickle=False)
        begin, end = np.searchsorted(rows, [np.uint64(first << 40), np.uint64(last << 40)])
        own.append(np.array(rows[begin:end]))
    return index.candidates(own, np.concatenate(order), first, last)


def matches(folders: Sequence[Path], chosen: Sequence[Path], shard: int, limits: Limits) -> pa.Table:
    """Verified matches of the texts of ``shard`` with each other and with those of later shards."""
    starts = numbering([field_of(folder, "low") for folder in folders])
    lists = (np.load(path, allow_pickle=False) for path in chosen)
    first, second = index.from_shard(lists, int(starts[shard]), int(starts[shard + 1]))
    found = [SCHEMA.empty_table()]
    for other in range(shard, len(folders)):
        here = np.flatnonzero((second >= starts[other]) & (second < starts[other + 1]))
        for begin in range(0, len(here), AT_ONCE):
            part = here[begin : begin + AT_ONCE]
            own, ours = np.unique(first[part] - starts[shard], return_inverse=True)
            their, theirs = np.unique(second[part] - starts[other], return_inverse=True)
            stores = Store.load(folders[shard], own), Store.load(folders[other], their)
            found.append(verified(*stores, ours, theirs, limits))
    return pa.concat_tables(found)
