"""The rows that a query gives, gone through without being held."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]


def _same(row: Record) -> Record:
    return row


@dataclass(frozen=True)
class Rows:
    """The rows that ``query`` gives with ``values``, each a plain dictionary; asked anew whenever they are wanted.

    A query is our own words; what comes from outside are values. ``made`` makes of each row what is given.
    """

    database: sqlite3.Connection
    query: str
    values: Sequence[Any] = ()
    made: Callable[[Record], Record] = _same

    def __iter__(self) -> Iterator[Record]:
        return self._found(self.query)

    def __len__(self) -> int:
        return int(self._number("count(*)"))

    def distinct(self, expression: str) -> int:
        """How many values the rows have of ``expression``."""
        return int(self._number(f"count(DISTINCT {expression})"))

    def head(self, most: int) -> list[Record]:
        """The first ``most`` rows."""
        return list(self._found(f"{self.query} LIMIT {most}"))

    def first(self) -> Record:
        """The first row; an empty one where there is none."""
        return next(iter(self), {})

    def tally(self, column: str) -> dict[Any, int]:
        """How many rows have each value of ``column``."""
        query = f"SELECT [{column}], count(*) FROM ({self.query}) GROUP BY 1"  # noqa: S608
        return dict(self.database.execute(query, self.values))

    def mapped(self, made: Callable[[Record], Record]) -> Rows:
        """The same rows, of each what ``made`` makes of it."""
        return Rows(self.database, self.query, self.values, lambda row: made(self.made(row)))

    def _found(self, query: str) -> Iterator[Record]:
        found = self.database.execute(query, self.values)
        names = [column[0] for column in found.description]
        return (self.made(dict(zip(names, row, strict=True))) for row in found)

    def _number(self, expression: str) -> Any:
        (number,) = self.database.execute(f"SELECT {expression} FROM ({self.query})", self.values).fetchone()  # noqa: S608
        return number
