"""A published version as the narrating code reads it: tables, run facts, words."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from wiretrace import schema
from wiretrace.errors import UserError

Record = dict[str, Any]
HERE = Path(__file__).parent


@cache
def words() -> dict[str, Any]:
    """The report's own words in English and Japanese."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class Version:
    """One published version on disk; tables are read when they are first asked for."""

    folder: Path
    run: Mapping[str, Any]  # facts of the run that made it

    @cached_property
    def name(self) -> str:
        return self.folder.resolve().name

    @cached_property
    def _tables(self) -> dict[str, list[Record]]:
        return {}

    def table(self, name: str) -> list[Record]:
        """Rows of table ``name`` in the order of its key."""
        if name not in self._tables:
            self._tables[name] = schema.records(self._read(name))
        return self._tables[name]

    def only(self, name: str, column: str, values: Collection[str]) -> list[Record]:
        """Rows of ``name`` whose ``column`` holds one of ``values``: of a large table only these become records."""
        data = self._read(name)
        return schema.records(data[data[column].isin(sorted(values))])

    def _read(self, name: str) -> pd.DataFrame:
        return schema.read(name, self.folder / "tables" / f"{name}.csv")

    @cached_property
    def _groups(self) -> dict[tuple[str, str], dict[str, list[Record]]]:
        return {}

    def by(self, name: str, column: str) -> dict[str, Record]:
        """Rows of ``name`` by the value of a column that is unique."""
        return {value: rows[-1] for value, rows in self.grouped(name, column).items()}

    def grouped(self, name: str, column: str) -> dict[str, list[Record]]:
        """Rows of ``name`` by the value of ``column``; made once."""
        if (name, column) not in self._groups:
            found: dict[str, list[Record]] = defaultdict(list)
            for row in self.table(name):
                found[row[column]].append(row)
            self._groups[name, column] = dict(found)
        return self._groups[name, column]

    @cached_property
    def _shown(self) -> frozenset[str]:
        """Captures that evidence or a slip of language cites; no other is ever shown by itself."""
        tables = ("claim_evidence", "origin_indicators")
        return frozenset(row["capture_id"] for name in tables for row in self.table(name)) - {""}

    @cached_property
    def captures(self) -> dict[str, Record]:
        """The cited captures."""
        return {row["capture_id"]: row for row in self.only("captures", "capture_id", self._shown)}

    @cached_property
    def pages(self) -> dict[str, Record]:
        """What was read of the cited captures."""
        return {row["capture_id"]: row for row in self.only("pages", "capture_id", self._shown)}

    @cached_property
    def articles(self) -> dict[str, Record]:
        return self.by("articles", "article_id")

    @cached_property
    def versions(self) -> dict[str, Record]:
        """Distinct texts of articles."""
        return self.by("article_versions", "version_id")

    @cached_property
    def claims(self) -> list[Record]:
        """Claims in the order of the report."""
        return sorted(self.table("claims"), key=lambda claim: (-claim["weight"], claim["claim_id"]))

    @cached_property
    def shared_bits(self) -> dict[str, float]:
        """How much each shared value that a claim rests on weighs, in bits."""
        cited = {r["row"] for r in self.table("claim_evidence") if r["table"] == "publisher_link_evidence"}
        rows = self.only("publisher_link_evidence", "evidence_id", cited)
        return {row["evidence_id"]: row["bits"] for row in rows}

    @cached_property
    def network_of(self) -> dict[str, str]:
        """Publisher → network that it is a core member of."""
        return {r["publisher"]: r["network_id"] for r in self.table("network_members") if r["standing"] == "core"}

    @cached_property
    def letters(self) -> dict[str, str]:
        """A short name for each network, largest first: A, B, ..., Z, A2, ..."""
        ordered = sorted(self.table("networks"), key=lambda n: (-n["size"], n["network_id"]))
        return {
            n["network_id"]: chr(65 + i % 26) + (str(i // 26 + 1) if i >= 26 else "") for i, n in enumerate(ordered)
        }

    @cached_property
    def until(self) -> str:
        """Time of the last capture."""
        return max(self._read("captures")["time"].tolist(), default="")


def open_version(folder: str | Path) -> Version:
    """The version in ``folder``.

    Raises:
        UserError: this is no published version.
    """
    try:
        run = json.loads((Path(folder) / "run.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{folder}: not a published version ({error.strerror}: run.json)") from error
    return Version(Path(folder), run)
