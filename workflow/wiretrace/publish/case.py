"""What the drafting of claims works on: the stages' tables, what is often asked of them, and the draft of one claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from wiretrace import config, given, identity, schema
from wiretrace.publish.rows import Record, Rows
from wiretrace.publish.shelf import Shelf
from wiretrace.publish.wording import Text, Value, aside, cited, kind_of, noted, period, term
from wiretrace.schema import stored

# Roles that the question is about. Where the seeds name no suspect, whatever was met without a role counts.
SUSPECT = "suspect"
# Tables whose rows are told of by the group of their publisher.
SIGNED = ("articles", "ai_indicators", "origin_indicators")


# Links between some publishers, heaviest first.
BETWEEN = """
SELECT l.* FROM json_each(?1) n CROSS JOIN publisher_links l ON l.publisher_a = n.value
WHERE l.publisher_b IN (SELECT value FROM json_each(?1)) AND l.tier IN (SELECT value FROM json_each(?2))
ORDER BY l.bits DESC, l.link_id
"""


@dataclass(frozen=True)
class Row:
    """One row of a table that a claim rests on, or that speaks against it."""

    table: str
    row: str
    note: Text
    capture_id: str = ""
    excerpt: str = ""
    role: str = "for"

    def made(self) -> Row:
        return self


@dataclass(frozen=True)
class Later:
    """The same, with its words to be made once it is sure that they are shown: of many rows a claim lists the first."""

    table: str
    row: str
    made: Callable[[], Row]
    role: str = "for"


@dataclass(frozen=True)
class Draft:
    """One claim before it has words: which templates, with which values, on which rows."""

    type: str
    subject: str
    object: str
    confidence: str
    values: Mapping[str, Value]
    evidence: Iterable[Row | Later]  # gone through once
    statement: str = "default"
    basis: str = "default"
    to_do: str = "default"
    against: Sequence[tuple[str, Mapping[str, Value]]] = ()
    found: str = ""  # what a person found, where a table says so
    about: Sequence[str] = ()  # what a row of inputs.verifications may call it
    size: int = 0
    suspect: bool = True


@dataclass(frozen=True)
class Case:
    """The tables with what a claim asks of them. Only publishers, distributors and members of networks are held."""

    shelf: Shelf
    seeded: frozenset[str] = frozenset()
    verifications: Sequence[Mapping[str, str]] = field(default=())

    def table(self, name: str) -> Rows:
        """Rows of table ``name`` in the order of its key."""
        return self.shelf.table(name)

    def row(self, name: str, column: str, value: str) -> Record:
        """The first row of table ``name`` whose ``column`` holds ``value``; an empty one where there is none."""
        return self.shelf.having(name, column, value).first()

    def rows(self, name: str, column: str, value: str) -> list[Record]:
        """All such rows, few enough to be held."""
        return list(self.shelf.having(name, column, value))

    @cached_property
    def publishers(self) -> dict[str, Record]:
        return {row["publisher"]: row for row in self.table("publishers")}

    @cached_property
    def distributors(self) -> dict[str, Record]:
        return {row["distributor"]: row for row in self.table("distributors")}

    @cached_property
    def network_of(self) -> dict[str, str]:
        """Publisher → the network that it is a core member of."""
        return {r["publisher"]: r["network_id"] for r in self.table("network_members") if r["standing"] == "core"}

    def links_between(self, names: Iterable[str], tiers: Sequence[str]) -> Rows:
        """Links of ``tiers`` between the publishers ``names``, heaviest first."""
        return self.shelf.rows(BETWEEN, schema.dump(sorted(names)), schema.dump(tiers))

    def article(self, article_id: str) -> Record:
        """The row of an article; an empty one where it was not read."""
        return self.row("articles", "article_id", article_id)

    def best_trace(self, article_id: str) -> Record:
        """An article's trace of rank 1, or the row that says there is none; an empty one where it was not traced."""
        return self.shelf.rows(
            "SELECT * FROM traces WHERE article_id = ? AND rank IN (0, 1) ORDER BY rank DESC, rowid LIMIT 1", article_id
        ).first()

    def reasons(self, traces: Iterable[Record]) -> Iterator[Record]:
        """Reasons of ``traces``, one after another."""
        return chain.from_iterable(self.rows("trace_evidence", "trace_id", trace["trace_id"]) for trace in traces)

    def story_of(self, article_id: str) -> str:
        """The story that an article belongs to; empty where it stands alone."""
        found = self.shelf.rows("SELECT max(story_id) AS story FROM story_members WHERE article_id = ?", article_id)
        return str(found.first()["story"] or "")

    def members(self, story_id: str) -> list[Record]:
        return self.rows("story_members", "story_id", story_id)

    @cached_property
    def suspects(self) -> frozenset[str]:
        """Publishers that the question is about, with the members of their networks."""
        roles = {row["role"] for row in self.publishers.values()}
        wanted = SUSPECT if SUSPECT in roles else "unlisted"
        named = {p for p, row in self.publishers.items() if row["role"] == wanted}
        networks = {self.network_of[p] for p in sorted(named) if p in self.network_of}
        return frozenset(named | {p for p, network in self.network_of.items() if network in networks})

    def publisher_of(self, article_id: str) -> str:
        return str(self.article(article_id).get("publisher", ""))

    def publishers_of(self, article_ids: Iterable[str]) -> list[str]:
        return sorted({self.publisher_of(a) for a in article_ids} - {""})

    def capture_of(self, article_id: str) -> str:
        """Capture that shows the newest text of an article; empty for an imported one."""
        version = self.article(article_id).get("version_id", "")
        return self.version_capture(version) if version else ""

    def version_capture(self, version_id: str) -> str:
        """The capture that a text of an article was first read from; empty where there is none."""
        return str(self.row("article_versions", "version_id", version_id).get("capture_id", ""))

    def observations(self, ids: Iterable[str]) -> dict[str, Record]:
        """The observations ``ids``, those that are there."""
        found = {one: self.row("observations", "observation_id", one) for one in ids if one}
        return {one: row for one, row in found.items() if row}

    @cached_property
    def named(self) -> frozenset[str]:
        """What people checked, by the names that they gave it."""
        return frozenset(row["subject"].casefold() for row in self.verifications)

    def about(self, article_ids: Iterable[str]) -> list[str]:
        """Of the names by which a person may have meant these articles, ids and addresses, those that somebody did."""
        if not self.named:
            return []
        articles = filter(None, map(self.article, article_ids))
        names = (name for row in articles for name in (row["article_id"], row["address"]))
        return [name for name in names if _forms(name) & self.named]

    def headline_of(self, story: Record) -> Text:
        """A story's headline in quotation marks, for each language a copy's in that language where there is one.

        A copy at the publisher whose text counts as the first goes before others, then the earlier one.
        """
        own = cited(story["title"])
        first = self.publisher_of(story["first_article"])
        read = ((m, self.article(m["article_id"])) for m in self.members(story["story_id"]))
        rows = [
            (row["publisher"] != first, m["position"], m["article_id"], row["title"], row["language"])
            for m, row in read
            if row
        ]
        found = []
        for side, wanted in enumerate(("en", "ja")):
            titles = [title for *_, title, language in sorted(rows) if language.partition("-")[0] == wanted]
            found.append(cited(next(filter(None, titles), story["title"]))[side])
        return (found[0], found[1]) if rows else own

    def name_of(self, distributor: str) -> str:
        """A distributor as a reader knows it: name and address."""
        name = (self.distributors.get(distributor) or {}).get("name") or ""
        return f"{name} ({distributor})" if name and name != distributor else distributor

    def group_of(self, publisher: str) -> str:
        """Group under which a publisher is told of: its network, else the other suspects, else the rest."""
        return self.network_of.get(publisher) or ("suspects" if publisher in self.suspects else "others")

    @cached_property
    def _placed(self) -> str:
        """Name of a table with the group of each publisher of a text."""
        self.shelf.scratch("_placed", "publisher TEXT PRIMARY KEY, own TEXT", "own")
        union = " UNION ".join(f"SELECT publisher FROM {name}" for name in SIGNED)  # noqa: S608
        self.shelf.change(
            "INSERT INTO _placed VALUES (?, ?)",
            ((row["publisher"], self.group_of(row["publisher"])) for row in self.shelf.rows(union)),
        )
        return "_placed"

    def by_group(self, name: str, where: str, order: str = "t.rowid") -> Iterator[tuple[str, Rows]]:
        """Rows of table ``name``, called t in ``where`` and ``order``, by the group of their publisher, by its name."""
        groups = f"SELECT DISTINCT p.own AS own {self._of(name, where)} ORDER BY p.own"
        for group in [row["own"] for row in self.shelf.rows(groups)]:
            yield group, self.of_group(name, group, where, order)

    def of_group(self, name: str, group: str, where: str, order: str, *values: Any) -> Rows:
        """The same of one group; ``values`` for the places in ``where``."""
        return self.shelf.rows(f"SELECT t.* {self._of(name, where)} AND p.own = ? ORDER BY {order}", *values, group)

    def _of(self, name: str, where: str) -> str:
        return f"FROM {self._placed} p CROSS JOIN {name} t ON t.publisher = p.publisher WHERE ({where})"


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


def tie(row: Record, role: str = "for") -> Row:
    """A link between two publishers, with its strongest reason."""
    note = noted(
        "pair",
        a=row["publisher_a"],
        b=row["publisher_b"],
        bits=f"{row['bits']:.1f}",
        tier=term(row["tier"]),
        why=aside(row["strongest"]),
    )
    return Row("publisher_links", row["link_id"], note, role=role)


def subject_of(group: str, publishers: Sequence[str]) -> str:
    """A single publisher by its own name, several by the group's."""
    return publishers[0] if len(publishers) == 1 else group


def make_case(
    tables: Mapping[str, stored.Rows], investigation: config.Investigation, place: str | Path = ":memory:"
) -> Case:
    """All ``tables``, put into a database at ``place``, with what the investigation's inputs say of them."""
    seeded = frozenset(row["url"] for row in config.seeds(investigation))
    return Case(Shelf(tables, place), seeded, tuple(_verifications(investigation.inputs.verifications)))


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
    wanted = frozenset(form for name in names if name for form in _forms(name))
    said = []
    for row in case.verifications:
        if row["subject"].casefold() in wanted:
            said.append(given.finding(row))
    return " | ".join(said)


def _forms(name: str) -> frozenset[str]:
    """How a person may write ``name``: an address also with what does not count in it."""
    return frozenset({name.casefold(), identity.canonical(name).casefold() if "://" in name else name.casefold()})
