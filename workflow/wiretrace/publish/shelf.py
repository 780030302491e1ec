"""The stages' tables in a scratch database: a row is found by its key, and rows are read in any order, none of it held.

Tables larger than memory are joined, sorted and counted by SQLite, which keeps ``CACHE`` of them at most.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wiretrace import schema
from wiretrace.publish.held import LONG
from wiretrace.publish.rows import Rows
from wiretrace.schema import stored, wanted

TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
CACHE = 64_000  # KiB of the database in memory
# By what rows are looked for, beside the keys of the tables.
INDEXES = {
    "ai_indicators": ("publisher",),
    "article_versions": ("article_id",),
    "articles": ("publisher",),
    "clocks": ("article_id",),
    "images": ("publisher",),
    "lookups": ("outcome", "subject"),
    "origin_indicators": ("publisher",),
    "publisher_link_evidence": ("link_id",),
    "publisher_links": ("publisher_a",),
    "shared_values": ("value",),
    "story_members": ("article_id",),
    "trace_evidence": ("trace_id",),
    "traces": ("article_id",),
}


class Shelf:
    """The tables as they are asked for; one that is not given has no row. Booleans are 0 and 1, a missing number None.

    The long texts (``held.LONG``) are not there, nor is what ``columns`` leaves out: it names those that are wanted of
    a table beside its key. The order of ``rowid`` is that of the table's key.
    """

    def __init__(
        self,
        tables: Mapping[str, stored.Rows],
        place: str | Path = ":memory:",
        columns: wanted.Columns = wanted.PART,
    ) -> None:
        self._database = sqlite3.connect(place, isolation_level=None, uri=True)
        # The file is scratch: after a crash nobody reads it.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE}"):
            self._database.execute(f"PRAGMA {pragma}")
        # One transaction that nobody ends: what is changed is seen here, and here only.
        self._database.execute("BEGIN")
        for name, table in schema.tables().items():
            chosen = {*columns.get(name, table.names), *table.key}.difference(LONG)
            kept = [c for c in table.columns if c.name in chosen]
            fields = [f"[{c.name}] {TYPES.get(c.type, 'TEXT')}" for c in kept]
            self._database.execute(f"CREATE TABLE {name} ({', '.join(fields)}, PRIMARY KEY ({_listed(table.key)}))")
            if name in tables:
                names = [column.name for column in kept]
                self.add(name, names, stored.rows(tables[name], *names))
            for column in INDEXES.get(name, ()):
                self._database.execute(f"CREATE INDEX {name}_{column} ON {name} ({column})")

    def add(self, name: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
        """Add ``rows``, which have ``columns``, to table ``name``.

        Raises:
            ValueError: two rows have one key.
        """
        marks = ", ".join("?" * len(columns))
        try:
            self._database.executemany(
                f"INSERT INTO {name} ({_listed(columns)}) VALUES ({marks})",  # noqa: S608 (names are our own schema's)
                (tuple(row[column] for column in columns) for row in rows),
            )
        except sqlite3.IntegrityError as error:
            raise ValueError(f"{name}: two rows with one key") from error

    def scratch(self, name: str, columns: str, by: str = "") -> None:
        """An empty table of our own beside the stages', with an index ``by``; what stood in it before is gone."""
        self._database.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns})")
        self._database.execute(f"DELETE FROM {name}")  # noqa: S608 (as above)
        if by:
            self._database.execute(f"CREATE INDEX IF NOT EXISTS {name}_by ON {name} ({by})")

    def view(self, name: str, query: str) -> None:
        """What ``query`` gives as a table."""
        self._database.execute(f"CREATE VIEW {name} AS {query}")

    def beside(self, path: Path, name: str) -> None:
        """Read the SQLite file at ``path``, which nobody changes, beside the tables: its own are ``name``.TABLE."""
        self._database.execute(f"ATTACH ? AS {name}", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",))

    def ordered(self, rows: Iterable[Sequence[str]], columns: int) -> Iterator[tuple[str, ...]]:
        """``rows`` of so many texts in their order, none of them held."""
        name = f"_ordered_{columns}"
        self.scratch(name, ", ".join(f"c{number} TEXT" for number in range(columns)))
        self.change(f"INSERT INTO {name} VALUES ({', '.join('?' * columns)})", rows)  # noqa: S608 (our own words)
        places = ", ".join(str(number + 1) for number in range(columns))
        yield from self._database.execute(f"SELECT * FROM {name} ORDER BY {places}")  # noqa: S608 (as above)

    def change(self, statement: str, rows: Iterable[Sequence[Any]] = ((),)) -> None:
        """Run a statement that changes a scratch table, with the values of each of ``rows``."""
        self._database.executemany(statement, rows)

    def rows(self, query: str, *values: Any) -> Rows:
        """What ``query`` gives."""
        return Rows(self._database, query, values)

    def table(self, name: str) -> Rows:
        """All rows of table ``name`` in the order of its key."""
        return self.rows(f"SELECT * FROM {name} ORDER BY rowid")  # noqa: S608 (names are our own schema's)

    def having(self, name: str, column: str, value: str) -> Rows:
        """The rows of table ``name`` whose ``column`` holds ``value``, in the order of its key."""
        return self.rows(f"SELECT * FROM {name} WHERE {column} = ? ORDER BY rowid", value)  # noqa: S608 (as above)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"[{name}]" for name in names)
