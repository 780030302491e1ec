"""Columns of large tables, made of arrays: what schema.frame gives, without a dictionary for each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wiretrace import schema
from wiretrace.attribute.rarity import Floats, Ints, Small

Numbers = NDArray[np.uint64]
# Ids that are written at a time.
PART = 100_000


def present(numbers: Ints) -> tuple[Ints, Ints]:
    """The distinct ``numbers``, none negative, ascending; and each one's place among them."""
    is_there = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.bool_)
    is_there[numbers] = True
    return np.flatnonzero(is_there), (np.cumsum(is_there, dtype=Small) - Small(1))[numbers]


def told(texts: Sequence[str], numbers: Ints) -> pd.Series[Any]:
    """The text of each number, as categories."""
    used, numbers = present(numbers)
    said = [schema.clean(texts[number]) for number in used.tolist()]
    place = {text: number for number, text in enumerate(sorted(set(said)))}
    codes = np.array([place[text] for text in said], dtype=Small)
    return pd.Series(pd.Categorical.from_codes(codes[numbers], categories=pd.Index(list(place), dtype="str")))


def text(array: pa.Array | pa.ChunkedArray) -> pd.Series[str]:
    """Texts as they lie in memory."""
    if not len(array):
        return pd.Series([], dtype="str")
    chunked = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    dtype = pd.StringDtype("pyarrow", na_value=np.nan)
    return pd.Series(pd.arrays.ArrowStringArray(chunked, dtype=dtype))  # type: ignore[call-arg]


def ids(prefix: str, numbers: Numbers) -> pd.Series[str]:
    """Ids of 16 hexadecimal digits, as identity.make_id writes them."""
    start = np.frombuffer(f"{prefix}-".encode(), dtype=np.uint8)
    parts = []
    for at in range(0, len(numbers), PART):
        part = numbers[at : at + PART].astype(">u8")
        digits = np.frombuffer(part.tobytes().hex().encode(), dtype=np.uint8).reshape(-1, 16)
        whole = np.concatenate([np.broadcast_to(start, (len(digits), len(start))), digits], axis=1)
        border = np.arange(len(digits) + 1, dtype=np.int64) * whole.shape[1]
        parts.append(pa.LargeStringArray.from_buffers(len(digits), pa.py_buffer(border), pa.py_buffer(whole)))
    return text(pa.chunked_array(parts, type=pa.large_string()))


def number(values: Floats, decimals: int) -> pd.Series[float]:
    """Rounded numbers."""
    return pd.Series(np.round(values, decimals) + 0.0, dtype="Float64")


def checked(name: str, columns: dict[str, pd.Series[Any]]) -> pd.DataFrame:
    """Columns in the order of the key as table ``name``."""
    frame = pd.DataFrame(columns, columns=list(schema.tables()[name].names), copy=False)
    schema.check(name, frame)
    return frame
