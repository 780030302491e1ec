"""A published version as the narrating code reads it: tables, run facts, words."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

import yaml

from wiretrace import schema
from wiretrace.errors import UserError
from wiretrace.publish.exports.sqlite import STORED
from wiretrace.publish.rows import Record, Rows

HERE = Path(__file__).parent


@cache
def words() -> dict[str, Any]:
    """The report's own words in English and Japanese."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    return loaded


class ByKey(Mapping[str, Record]):
    """The rows of one table by the value of its key, each read when it is asked for."""

    def __init__(self, version: Version, name: str) -> None:
        self._version, self._name = version, name
        (self._key,) = schema.tables()[name].key

    def __getitem__(self, value: str) -> Record:
        if found := self._version.having(self._name, self._key, value).first():
            return found
        raise KeyError(value)

    def __iter__(self) -> Iterator[str]:
        return (row[self._key] for row in self._version.rows(self._name, columns=(self._key,)))

    def __len__(self) -> int:
        return len(self._version.table(self._name))


@dataclass(frozen=True)
class Version:
    """One published version on disk. Its rows are asked of its SQLite file, so that no table is held."""

    folder: Path
    run: Mapping[str, Any]  # facts of the run that made it

    @cached_property
    def name(self) -> str:
        return self.folder.resolve().name

    @cached_property
    def _database(self) -> sqlite3.Connection:
        # A version never changes: nothing is locked, and nothing is written beside it.
        place = (self.folder / STORED).resolve().as_uri()
        return sqlite3.connect(f"{place}?mode=ro&immutable=1", uri=True)

    def rows(
        self, name: str, where: str = "1", *values: Any, order: str = "place", columns: Sequence[str] = ()
    ) -> Rows:
        """Rows of table ``name``, in SQL's words which and in what order; ``place``: that of the table's key.

        What is not known is an empty text, or None where the column holds numbers. All columns, or ``columns``.
        """
        own = f"SELECT {_cells(name)}, rowid AS place FROM [{name}]"  # noqa: S608 (names are our own schema's)
        names = ", ".join(f"[{column}]" for column in columns or schema.tables()[name].names)
        return self.query(f"SELECT {names} FROM ({own}) WHERE {where} ORDER BY {order}", *values, of=name)  # noqa: S608

    def query(self, query: str, *values: Any, of: str = "") -> Rows:
        """What ``query`` gives; ``of`` names the table whose rows they are, with its truth values as such."""
        truths = [c.name for c in schema.tables()[of].columns if c.type == "boolean"] if of else []
        return Rows(self._database, query, values, partial(_typed, truths))

    def table(self, name: str) -> Rows:
        """Rows of table ``name`` in the order of its key."""
        return self.rows(name)

    def having(self, name: str, column: str, *values: str) -> Rows:
        """Rows of ``name`` whose ``column`` holds one of ``values``, none of them empty, in the order of its key."""
        query = (
            f"SELECT {_cells(name)} FROM [{name}] WHERE [{column}] IN (SELECT value FROM json_each(?)) ORDER BY rowid"  # noqa: S608
        )
        return self.query(query, schema.dump(values), of=name)

    @cached_property
    def captures(self) -> Mapping[str, Record]:
        return ByKey(self, "captures")

    @cached_property
    def pages(self) -> Mapping[str, Record]:
        """What was read of captures."""
        return ByKey(self, "pages")

    @cached_property
    def articles(self) -> Mapping[str, Record]:
        return ByKey(self, "articles")

    @cached_property
    def versions(self) -> Mapping[str, Record]:
        """Distinct texts of articles."""
        return ByKey(self, "article_versions")

    @cached_property
    def claims(self) -> Rows:
        """Claims in the order of the report."""
        return self.rows("claims", order="weight DESC, claim_id")

    def evidence(self, claim_id: str) -> Rows:
        """The rows that a claim rests on."""
        return self.having("claim_evidence", "claim_id", claim_id)

    @cached_property
    def texts_of(self) -> dict[str, list[str]]:
        """Capture that a claim cites → the texts of articles that were first read from it."""
        found: dict[str, list[str]] = defaultdict(list)
        cited = "capture_id IN (SELECT capture_id FROM claim_evidence)"
        for row in self.rows("article_versions", cited, columns=("capture_id", "version_id")):
            found[row["capture_id"]].append(row["version_id"])
        return dict(found)

    @cached_property
    def _shared(self) -> list[Record]:
        """The shared values that a claim rests on."""
        cited = "evidence_id IN (SELECT [row] FROM claim_evidence WHERE [table] = 'publisher_link_evidence')"
        columns = ("evidence_id", "bits", "observation_a", "observation_b")
        return list(self.rows("publisher_link_evidence", cited, columns=columns))

    @cached_property
    def shared_bits(self) -> dict[str, float]:
        """How much each shared value that a claim rests on weighs, in bits."""
        return {row["evidence_id"]: row["bits"] for row in self._shared}

    @cached_property
    def shared_by(self) -> dict[str, tuple[str, str]]:
        """The observations of both publishers that each shared value of a claim was seen by."""
        return {row["evidence_id"]: (row["observation_a"], row["observation_b"]) for row in self._shared}

    @cached_property
    def _values(self) -> dict[str, str]:
        """The value of each observation that a claim rests on."""
        cited = "observation_id IN (SELECT [row] FROM claim_evidence WHERE [table] = 'observations')"
        rows = self.rows("observations", cited, columns=("observation_id", "value"))
        return {row["observation_id"]: row["value"] for row in rows}

    def value_of(self, row: Record) -> str:
        """The value that a row of evidence is about, where it is an observation's; else empty."""
        return self._values.get(row["row"], "") if row["table"] == "observations" else ""

    @cached_property
    def network_of(self) -> dict[str, str]:
        """Publisher → network that it is a core member of."""
        return {r["publisher"]: r["network_id"] for r in self.rows("network_members", "standing = 'core'")}

    @cached_property
    def networks(self) -> list[Record]:
        """Networks, the largest first."""
        return list(self.rows("networks", order="size DESC, network_id"))

    @cached_property
    def letters(self) -> dict[str, str]:
        """A short name for each network, largest first: A, B, ..., Z, A2, ..."""
        return {
            n["network_id"]: chr(65 + i % 26) + (str(i // 26 + 1) if i >= 26 else "")
            for i, n in enumerate(self.networks)
        }

    @cached_property
    def distributors(self) -> dict[str, str]:
        """Distributors and how they are called."""
        return {row["distributor"]: row["name"] for row in self.table("distributors")}

    @cached_property
    def until(self) -> str:
        """Time of the last capture."""
        return str(self.query("SELECT max(time) AS time FROM captures").first()["time"] or "")


def _cells(name: str) -> str:
    """The columns of table ``name``; the file holds a text that is empty as NULL."""
    columns = schema.tables()[name].columns
    return ", ".join(
        f"ifnull([{c.name}], '') AS [{c.name}]" if c.type in schema.TEXT else f"[{c.name}]" for c in columns
    )


def _typed(truths: Sequence[str], row: Record) -> Record:
    for name in truths:
        if row.get(name) is not None:
            row[name] = bool(row[name])
    return row


def open_version(folder: str | Path) -> Version:
    """The version in ``folder``.

    Raises:
        UserError: this is no published version, or not a whole one.
    """
    try:
        run = json.loads((Path(folder) / "run.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{folder}: not a published version ({error.strerror}: run.json)") from error
    if not (Path(folder) / STORED).is_file():
        raise UserError(f"{folder}: without {STORED}, from which it is told; publish the version again")
    return Version(Path(folder), run)
