"""Tables: their schema, how they are read and written, and what makes a row wrong.

A table in memory is a pandas DataFrame with the schema's columns in the schema's order: text columns hold ``str``
(empty: not known), integers ``Int64``, numbers ``Float64``, booleans ``boolean``. On disk it is canonical CSV: UTF-8,
LF, sorted by key, fixed columns, numbers with fixed decimals. Equal content is equal bytes, whatever wrote it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from wiretrace.errors import UserError
from wiretrace.schema.files import whole
from wiretrace.shipped import yaml_of

TEXT = ("string", "time", "ids", "json")
DTYPES = {"integer": "Int64", "number": "Float64", "boolean": "boolean"} | dict.fromkeys(TEXT, "str")
TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d(\.\d{1,6})?)?)?Z)?)?)?")
# Characters that would break a row or a terminal; everything else from outside is kept as found.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
PARSED = 20_000  # rows of a file parsed at a time

csv.field_size_limit(1 << 30)


@dataclass(frozen=True)
class Column:
    """One column: ``type`` is one of string, integer, number, boolean, time, ids, json."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    required: bool = False
    enum: tuple[str, ...] = ()
    ref: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class Table:
    """One table: what a row is, the step that writes it, the columns of its key, its columns."""

    name: str
    row: str
    stage: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    published: bool = True
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))


@cache
def tables() -> dict[str, Table]:
    """All tables by name, in the order of tables.yaml."""
    return {
        name: Table(
            name,
            spec["row"],
            spec["stage"],
            tuple(spec["key"]),
            tuple(
                Column(name=column, **(c | {"enum": tuple(c.get("enum", ()))})) for column, c in spec["fields"].items()
            ),
            spec.get("published", True),
        )
        for name, spec in yaml_of(Path(__file__).with_name("tables.yaml")).items()
    }


@cache
def _japanese() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml_of(Path(__file__).with_name("columns_ja.yaml"))
    return loaded


def meaning_ja(table: str, column: str) -> str:
    """What a column of a published table means, in Japanese.

    Raises:
        KeyError: columns_ja.yaml does not say it.
    """
    own = _japanese().get(table, {})
    return own[column] if column in own else _japanese()["every"][column]


def unit_ja(unit: str) -> str:
    """A unit in Japanese."""
    return _japanese()["units"][unit] if unit else ""


def of_stage(*stages: str) -> tuple[str, ...]:
    """Names of the tables that ``stages`` write: index, read, attribute, indicate, texts, speech, posts, publish."""
    return tuple(name for name, table in tables().items() if table.stage in stages)


def clean(text: str) -> str:
    """``text`` without control characters and lone surrogates; line breaks become LF."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def dump(value: Any) -> str:
    """``value`` as canonical JSON: sorted keys, no spaces, no escapes but those JSON needs."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def frame(name: str, rows: Iterable[Mapping[str, Any]] = ()) -> pd.DataFrame:
    """Rows as table ``name``: typed, checked, sorted by key. Missing columns are empty; an unknown one is an error.

    Rows that are equal in every column are one row.

    Raises:
        ValueError: a row breaks the schema (our own mistake, never the user's).
    """
    table = tables()[name]
    taken = list(rows)
    unknown = sorted({k for row in taken for k in row} - set(table.names))
    if unknown:
        raise ValueError(f"{name}: no such column: {', '.join(unknown)}")
    columns = {c.name: _column(c, [row.get(c.name) for row in taken]) for c in table.columns}
    made = pd.DataFrame(columns, columns=list(table.names)).drop_duplicates()
    made = made.sort_values(list(table.key), kind="stable", ignore_index=True)
    check(name, made)
    return made


def _column(column: Column, values: list[Any]) -> pd.Series[Any]:
    if column.type in TEXT:
        return pd.Series(["" if _none(v) else clean(str(v)) for v in values], dtype="str")
    if column.type == "number":
        rounded = [None if _none(v) else round(float(v), column.decimals) + 0.0 for v in values]
        return pd.Series(rounded, dtype="Float64")
    return pd.Series([None if _none(v) else v for v in values], dtype=DTYPES[column.type])


def _none(value: Any) -> bool:
    return value is None or value is pd.NA or value == "" or value != value


def check(name: str, data: pd.DataFrame) -> None:
    """Raise ValueError, with table, column and first bad value, where ``data`` breaks the schema of ``name``."""
    table = tables()[name]
    if tuple(data.columns) != table.names:
        raise ValueError(f"{name}: columns are {list(data.columns)}, not {list(table.names)}")
    for c in table.columns:
        values = data[c.name]
        text = c.type in TEXT
        if c.required and len(data) and ((values == "").any() if text else values.isna().any()):
            raise ValueError(f"{name}.{c.name}: required, but empty")
        if c.enum and not values.isin(c.enum if "" in c.enum or c.required else (*c.enum, "")).all():
            bad = values[~values.isin((*c.enum, ""))]
            raise ValueError(f"{name}.{c.name}: {bad.iloc[0] if len(bad) else ''!r} is not one of {', '.join(c.enum)}")
        if c.type == "time":
            for value in values.unique():
                if value and not TIME.fullmatch(value):
                    raise ValueError(f"{name}.{c.name}: {value!r} is not a UTC time in ISO 8601")
    if len(table.key) == 1 and _rises(data[table.key[0]]):
        return
    doubled = data.duplicated(list(table.key))
    if doubled.any():
        raise ValueError(f"{name}: two rows with the key {tuple(data[list(table.key)][doubled].iloc[0])}")


def _rises(values: pd.Series[Any]) -> bool:
    """Whether each text is greater than the one before: then none is there twice, which costs no second copy of all."""
    if not isinstance(values.dtype, pd.StringDtype):
        return False
    texts = pa.array(values, type=pa.large_string())
    return not texts.null_count and bool(pc.all(pc.less(texts[:-1], texts[1:])).as_py())


def to_csv(name: str, data: pd.DataFrame) -> str:
    """Table ``name`` as canonical CSV."""
    return "".join(csv_parts(name, data))


def csv_parts(name: str, data: pd.DataFrame, rows: int = 20_000, header: bool = True) -> Iterator[str]:
    """The same in parts of some thousand ``rows``, so that a large table is never in memory twice."""
    table = tables()[name]
    for start in range(0, max(len(data), 1), rows):
        part = data.iloc[start : start + rows]
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        if header and not start:
            writer.writerow(table.names)
        writer.writerows(zip(*(_cells(c, part[c.name]) for c in table.columns), strict=True))
        yield out.getvalue()


def _cells(column: Column, values: pd.Series[Any]) -> list[str]:
    held = values.tolist()
    if column.type in TEXT:
        return held
    if column.type == "number":
        return ["" if v is pd.NA else f"{v:.{column.decimals}f}" for v in held]
    if column.type == "boolean":
        return ["" if v is pd.NA else str(bool(v)).lower() for v in held]
    return ["" if v is pd.NA else str(int(v)) for v in held]


def write(name: str, data: pd.DataFrame, path: str | Path) -> None:
    """Check ``data`` as table ``name`` and write it to ``path``, whole or not at all."""
    check(name, data)
    ordered = data.sort_values(list(tables()[name].key), kind="stable", ignore_index=True)
    write_text(Path(path), csv_parts(name, ordered))


def write_text(path: Path, text: str | Iterable[str]) -> None:
    """Write ``text``, whole or in parts, as UTF-8 to ``path`` through a file beside it: no reader sees half of it."""
    with whole(path) as part, open(part, "w", encoding="utf-8", newline="") as stream:
        stream.writelines([text] if isinstance(text, str) else text)


def read(name: str, *paths: str | Path, column: str = "", wanted: Callable[[str], bool] | None = None) -> pd.DataFrame:
    """Table ``name`` from one file, or from several that each hold some of its rows.

    With ``wanted`` only the rows whose cell in ``column`` it holds for; the others are never held together.

    Raises:
        UserError: a file is missing or is not this table.
    """
    table = tables()[name]
    parts = []
    for part in (part for path in paths for part in _parts(table, path)):
        parts.append(part[part[column].map(wanted).astype(bool)] if wanted else part)
    held = pd.concat(parts, ignore_index=True) if parts else frame(name)
    typed = pd.DataFrame({c.name: _typed(c, held[c.name]) for c in table.columns}, columns=list(table.names))
    key = list(table.key)
    if len(key) > 1 or not (typed[key[0]].is_monotonic_increasing and typed[key[0]].is_unique):
        typed = typed.drop_duplicates().sort_values(key, kind="stable", ignore_index=True)
    check(name, typed)
    return typed


def pieces(name: str, path: str | Path, rows: int = PARSED) -> Iterator[pd.DataFrame]:
    """Table ``name`` from one file in canonical order, so many rows at a time, each piece checked.

    Raises:
        UserError: the file is missing, or is not this table in canonical order.
        ValueError: a row breaks the schema.
    """
    table, last = tables()[name], ("",)
    for cells in _parts(table, path, rows):
        typed = pd.DataFrame({c.name: _typed(c, cells[c.name]) for c in table.columns}, columns=list(table.names))
        keys = list(zip(*(typed[column].tolist() for column in table.key), strict=True))
        if not all(before < after for before, after in pairwise([last, *keys])):
            raise UserError(f"{path}: not a table of {name} in the order of its key; delete it and run again")
        last = keys[-1] if keys else last
        check(name, typed)
        yield typed


def _parts(table: Table, path: str | Path, rows: int = PARSED) -> Iterator[pd.DataFrame]:
    """The cells of a file as text, so many rows at a time: while they are parsed they are many times as large."""
    wrong = UserError(f"{path}: not a table of {table.name}; delete it and run again")
    try:
        with pd.read_csv(path, dtype="str", na_filter=False, lineterminator="\n", chunksize=rows) as reader:
            for part in reader:
                # A row that is longer than the heading makes pandas take its first cell for an index.
                if tuple(part.columns) != table.names or not isinstance(part.index, pd.RangeIndex):
                    raise wrong
                yield part
    except OSError as error:
        raise UserError(f"{path}: cannot read the table {table.name}: {error.strerror}") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise wrong from error


def _typed(column: Column, cells: pd.Series[Any]) -> pd.Series[Any]:
    """Text cells of a file as the column's type."""
    if column.type in TEXT:
        return cells.astype("str")
    if column.type == "boolean":
        return cells.map({"true": True, "false": False}).astype("boolean")
    return pd.Series(pd.to_numeric(cells.where(cells != "")), dtype=DTYPES[column.type])


def records(data: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain dictionaries; an empty number or boolean is None."""
    columns = {c: _values(data[c]) for c in data.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _values(column: pd.Series[Any]) -> list[Any]:
    """The cells of a column as plain values; equal texts are one object, since most columns repeat a few."""
    held = column.tolist()
    if column.dtype == "str":
        same: dict[str, str] = {}
        return [same.setdefault(value, value) for value in held]
    return [None if value is pd.NA else value for value in held]
