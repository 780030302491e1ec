"""What the drafting of claims works on: all tables as rows with their indexes, and the draft of one claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from wiretrace import config, given, identity, schema
from wiretrace.publish.held import LONG
from wiretrace.publish.wording import Text, Value, cited, kind_of, noted, period, term

Record = dict[str, Any]
# Roles that the question is about. Where the seeds name no suspect, whatever was met without a role counts.
SUSPECT = "suspect"


@dataclass(frozen=True)
class Row:
    """One row of a table that a claim rests on, or that speaks against it."""

    table: str
    row: str
    note: Text
    capture_id: str = ""
    excerpt: str = ""
    role: str = "for"


@dataclass(frozen=True)
class Draft:
    """One claim before it has words: which templates, with which values, on which rows."""

    type: str
    subject: str
    object: str
    confidence: str
    values: Mapping[str, Value]
    evidence: Sequence[Row]
    statement: str = "default"
    basis: str = "default"
    to_do: str = "default"
    against: Sequence[tuple[str, Mapping[str, Value]]] = ()
    found: str = ""  # what a person found, where a table says so
    about: Sequence[str] = ()  # what a row of inputs.verifications may call it
    size: int = 0
    suspect: bool = True


def _records(data: pd.DataFrame, wanted: Any = slice(None)) -> list[Record]:
    return schema.records(data.loc[wanted, [column for column in data.columns if column not in LONG]])


class Rows(Mapping[str, list[Record]]):
    """Tables as rows, each made when it is first asked for, and without the long texts, which no claim reads."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self._made: dict[str, list[Record]] = {}

    def __getitem__(self, name: str) -> list[Record]:
        if name not in self._made:
            self._made[name] = _records(self._tables[name])
        return self._made[name]

    def only(self, name: str, column: str, values: Collection[Any]) -> list[Record]:
        """Rows of ``name`` whose ``column`` holds one of ``values``; no others are made, and these are not kept."""
        data = self._tables[name]
        return _records(data, data[column].isin(sorted(values)))

    def column(self, name: str, column: str) -> Collection[Any]:
        """All values of one column."""
        return list(self._tables[name][column])

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


@dataclass(frozen=True)
class Case:
    """All tables as rows; a table that was not made is empty."""

    rows: Rows
    seeded: frozenset[str] = frozenset()
    verifications: Sequence[Mapping[str, str]] = field(default=())

    def table(self, name: str) -> list[Record]:
        """Rows of table ``name`` in the order of its key."""
        return self.rows.get(name, [])

    def only(self, name: str, column: str, values: Collection[Any]) -> list[Record]:
        """Rows of table ``name`` whose ``column`` holds one of ``values``: of a large table only these are made."""
        return self.rows.only(name, column, values) if name in self.rows else []

    def column(self, name: str, column: str) -> Collection[Any]:
        """All values of one column of table ``name``."""
        return self.rows.column(name, column) if name in self.rows else ()

    @cached_property
    def publishers(self) -> dict[str, Record]:
        return {row["publisher"]: row for row in self.table("publishers")}

    @cached_property
    def articles(self) -> dict[str, Record]:
        return {row["article_id"]: row for row in self.table("articles")}

    @cached_property
    def version_captures(self) -> dict[str, str]:
        """Text of an article → the capture that it was first read from."""
        columns = (self.column("article_versions", name) for name in ("version_id", "capture_id"))
        return dict(zip(*columns, strict=True))

    @cached_property
    def distributors(self) -> dict[str, Record]:
        return {row["distributor"]: row for row in self.table("distributors")}

    @cached_property
    def network_of(self) -> dict[str, str]:
        """Publisher → the network that it is a core member of."""
        return {r["publisher"]: r["network_id"] for r in self.table("network_members") if r["standing"] == "core"}

    @cached_property
    def best_trace(self) -> dict[str, Record]:
        """Article → its trace of rank 1, or the row that says there is none."""
        found: dict[str, Record] = {}
        for row in self.only("traces", "rank", (0, 1)):
            kept = found.get(row["article_id"])
            if kept is None or row["rank"] > kept["rank"]:
                found[row["article_id"]] = row
        return found

    @cached_property
    def reasons(self) -> dict[str, list[Record]]:
        """Reasons of the best traces, by trace."""
        return self.grouped("trace_evidence", "trace_id", {trace["trace_id"] for trace in self.best_trace.values()})

    @cached_property
    def story_of(self) -> dict[str, str]:
        return {row["article_id"]: row["story_id"] for row in self.table("story_members")}

    @cached_property
    def suspects(self) -> frozenset[str]:
        """Publishers that the question is about, with the members of their networks."""
        roles = {row["role"] for row in self.table("publishers")}
        wanted = SUSPECT if SUSPECT in roles else "unlisted"
        named = {p for p, row in self.publishers.items() if row["role"] == wanted}
        networks = {self.network_of[p] for p in sorted(named) if p in self.network_of}
        return frozenset(named | {p for p, network in self.network_of.items() if network in networks})

    def grouped(self, name: str, column: str, values: Collection[Any] | None = None) -> dict[str, list[Record]]:
        """Rows of ``name`` by the value of ``column``; with ``values`` only those whose value is one of them."""
        found: dict[str, list[Record]] = defaultdict(list)
        for row in self.table(name) if values is None else self.only(name, column, values):
            found[row[column]].append(row)
        return dict(found)

    def publisher_of(self, article_id: str) -> str:
        return str(self.articles[article_id]["publisher"]) if article_id in self.articles else ""

    def publishers_of(self, article_ids: Iterable[str]) -> list[str]:
        return sorted({self.publisher_of(a) for a in article_ids} - {""})

    def capture_of(self, article_id: str) -> str:
        """Capture that shows the newest text of an article; empty for an imported one."""
        article = self.articles.get(article_id)
        return self.version_captures.get(article["version_id"], "") if article else ""

    def about(self, article_ids: Iterable[str]) -> list[str]:
        """Names by which a person may have meant these articles: their ids and addresses."""
        known = [a for a in article_ids if a in self.articles]
        return [*known, *(str(self.articles[a]["address"]) for a in known)]

    def headline_of(self, story: Record) -> Text:
        """A story's headline in quotation marks, for each language a copy's in that language where there is one.

        A copy at the publisher whose text counts as the first goes before others, then the earlier one.
        """
        own = cited(story["title"])
        first = self.publisher_of(story["first_article"])
        rows = [
            (self.publisher_of(m["article_id"]) != first, m["position"], m["article_id"])
            for m in self.members.get(story["story_id"], [])
            if m["article_id"] in self.articles
        ]
        found = []
        for side, language in enumerate(("en", "ja")):
            titles = [
                self.articles[a]["title"]
                for *_, a in sorted(rows)
                if self.articles[a]["language"].partition("-")[0] == language
            ]
            found.append(cited(next(filter(None, titles), story["title"]))[side])
        return (found[0], found[1]) if rows else own

    @cached_property
    def members(self) -> dict[str, list[Record]]:
        return self.grouped("story_members", "story_id")

    def name_of(self, distributor: str) -> str:
        """A distributor as a reader knows it: name and address."""
        name = (self.distributors.get(distributor) or {}).get("name") or ""
        return f"{name} ({distributor})" if name and name != distributor else distributor

    def group_of(self, publisher: str) -> str:
        """Group under which a publisher is told of: its network, else the other suspects, else the rest."""
        return self.network_of.get(publisher) or ("suspects" if publisher in self.suspects else "others")

    def by_group(self, rows: Iterable[Record], key: str = "publisher") -> dict[str, list[Record]]:
        """Rows by the group of their publisher; groups in order of name."""
        found: dict[str, list[Record]] = defaultdict(list)
        for row in rows:
            found[self.group_of(row[key])].append(row)
        return {group: found[group] for group in sorted(found)}


def sighting(row: Record) -> Row:
    """An observation as what a claim rests on."""
    note = noted(
        "sighting",
        kind=kind_of(row["kind"]),
        publisher=row["publisher"],
        when=period(row["first_seen"], row["last_seen"]),
        source=term(row["source"]),
    )
    return Row("observations", row["observation_id"], note, row["capture_id"], row["excerpt"] or row["value"])


def subject_of(group: str, publishers: Sequence[str]) -> str:
    """A single publisher by its own name, several by the group's."""
    return publishers[0] if len(publishers) == 1 else group


def make_case(tables: Mapping[str, pd.DataFrame], investigation: config.Investigation) -> Case:
    """All ``tables`` with what the investigation's inputs say of them."""
    seeded = frozenset(row["url"] for row in config.seeds(investigation))
    return Case(Rows(tables), seeded, tuple(_verifications(investigation.inputs.verifications)))


def _verifications(paths: Iterable[str]) -> list[dict[str, str]]:
    """What people checked, row by row.

    Raises:
        UserError: a file is no CSV with the columns subject and finding.
    """
    found: list[dict[str, str]] = []
    for path in paths:
        for _, row in given.rows(path, "subject", "finding"):
            found.append(
                {k: " ".join((row.get(k) or "").split()) for k in ("subject", "finding", "by", "date", "note")}
            )
    return found


def checked(case: Case, names: Iterable[str]) -> str:
    """What people found on any of ``names``: "finding (by, date): note", several joined by " | "; empty: nothing."""
    wanted = {name.casefold() for name in names if name}
    wanted |= {identity.canonical(name).casefold() for name in names if "://" in name}
    said = []
    for row in case.verifications:
        if row["subject"].casefold() in wanted:
            said.append(given.finding(row))
    return " | ".join(said)
