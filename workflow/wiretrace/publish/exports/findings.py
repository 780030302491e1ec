"""What of a version may leave it: claims that carry a word of confidence, networks that stand, and the sites of both.

Circumstantial evidence alone names nobody, here as in the claims: a network counts where :func:`owners.standing` lets
it stand, a link where its tier is conclusive or associative, an operator where a claim of ``operator_is`` names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wiretrace import identity, schema
from wiretrace.publish import owners
from wiretrace.publish.case import SUSPECT, Case
from wiretrace.publish.exports.sqlite import STORED
from wiretrace.publish.rows import Record, Rows
from wiretrace.publish.shelf import Shelf
from wiretrace.schema import stored

# Columns by which a row of evidence says whom it is about. A trace's candidate is the source, not the site.
ABOUT = ("publisher", "article_id")
# The tables that say what may be told of. All others are asked of the version's SQLite file, which has NULL for an
# empty text.
OWN = ("publishers", "networks", "network_members", "publisher_links", "claims", "claim_evidence", "distributors")
# Rows that two publishers share, of the links that may be told of, with what a link says.
SHARED = """
    SELECT e.kind, e.value, e.bits, ifnull(e.spurious, '') AS spurious, l.publisher_a, l.publisher_b, l.tier
    FROM version.publisher_link_evidence e CROSS JOIN publisher_links l ON l.link_id = e.link_id
    WHERE e.bits > 0 AND l.tier IN (SELECT value FROM json_each(?)) ORDER BY e.rowid
"""
# The rows for each claim that may be told of.
CITED = """
    INSERT OR IGNORE INTO _cited SELECT e.[table], e.row, e.claim_id
    FROM claim_evidence e JOIN claims c ON c.claim_id = e.claim_id
    WHERE e.role = 'for' AND c.confidence IN (SELECT value FROM json_each(?))
    AND c.type NOT IN (SELECT value FROM json_each(?))
"""
TOLD = """
    SELECT * FROM claims WHERE confidence IN (SELECT value FROM json_each(?))
    AND type NOT IN (SELECT value FROM json_each(?)) ORDER BY rowid
"""


def registry() -> dict[str, Any]:
    """The whole of ``config/registry/exports.yaml``."""
    return identity.registry("exports.yaml")


@dataclass(frozen=True)
class Group:
    """One network as it may be told of: members but those that circumstance alone holds, how sure, who operates it."""

    network: Record
    members: tuple[Record, ...]
    confidence: str
    operator: Record | None  # the claim that names one


@dataclass(frozen=True)
class Findings:
    """Everything that an export may state. Held are publishers, distributors and networks; the rest is asked for.

    ``shelf`` has the tables ``OWN``, and all of the version as version.TABLE. ``first`` and ``last`` are the times of
    the first and the last capture; an investigation without any has none of its own, so that 1970 stands there.
    """

    shelf: Shelf
    investigation: str
    question: str
    first: str
    last: str
    groups: tuple[Group, ...]
    publishers: Mapping[str, Record]
    distributors: Mapping[str, Record]

    @property
    def claims(self) -> Rows:
        """Claims whose word of confidence may leave."""
        return _claims(self.shelf)

    @property
    def links(self) -> Rows:
        """Links that may be told of."""
        query = "SELECT * FROM publisher_links WHERE tier IN (SELECT value FROM json_each(?)) ORDER BY rowid"
        return self.shelf.rows(query, schema.dump(owners.SOUND))

    @property
    def shared(self) -> Rows:
        """What speaks for these links: kind, value, bits, spurious, publisher_a, publisher_b, tier."""
        return self.shelf.rows(SHARED, schema.dump(owners.SOUND))

    def sites(self, claim_id: str) -> list[str]:
        """The sites of the question that a claim is about, by name."""
        query = "SELECT publisher FROM _sites WHERE claim_id = ? ORDER BY publisher"
        return [row["publisher"] for row in self.shelf.rows(query, claim_id)]


def findings(folder: Path, run: Mapping[str, Any], place: str | Path = ":memory:") -> Findings:
    """What may leave the version in ``folder``, whose tables and SQLite file are there.

    ``run`` names the investigation and its question. ``place``: a file for what is asked for, to last as long as it is.
    """
    tables = {name: stored.Stored(name, (str(folder / "tables" / f"{name}.csv"),)) for name in OWN}
    shelf = Shelf(tables, place)
    shelf.beside(folder / STORED, "version")
    case = Case(shelf)
    operators = {row["subject"]: row for row in _claims(shelf) if row["type"] == "operator_is"}
    groups = tuple(
        Group(one.network, tuple(one.sound), one.confidence, operators.get(one.network["network_id"]))
        for one in owners.standing(case)
    )
    members = {row["publisher"] for group in groups for row in group.members}
    wanted = members | {name for name, row in case.publishers.items() if row["role"] == SUSPECT}
    _about(shelf, wanted)
    times = shelf.rows("SELECT min(time) AS first, max(time) AS last FROM version.captures").first()
    return Findings(
        shelf,
        str(run.get("investigation") or "investigation"),
        str(run.get("question") or ""),
        times["first"] or "1970-01-01T00:00:00Z",
        times["last"] or "1970-01-01T00:00:00Z",
        groups,
        case.publishers,
        case.distributors,
    )


def _claims(shelf: Shelf) -> Rows:
    return shelf.rows(TOLD, *_may_leave())


def _may_leave() -> tuple[str, str]:
    """The words of confidence that a claim must carry to leave the house, and the types that never do, as JSON."""
    return schema.dump(list(registry()["confidence"])), schema.dump(registry()["withheld"])


def _about(shelf: Shelf, wanted: set[str]) -> None:
    """Put into ``_sites`` which publishers, of those ``wanted``, the rows for each claim are about."""
    shelf.scratch("_wanted", "publisher TEXT PRIMARY KEY")
    shelf.change("INSERT INTO _wanted VALUES (?)", ((name,) for name in sorted(wanted)))
    shelf.scratch("_cited", "[table] TEXT, row TEXT, claim_id TEXT, PRIMARY KEY ([table], row, claim_id)")
    shelf.change(CITED, [_may_leave()])
    shelf.scratch("_sites", "claim_id TEXT, publisher TEXT, PRIMARY KEY (claim_id, publisher)")
    for name in [row["name"] for row in shelf.rows("SELECT DISTINCT [table] AS name FROM _cited ORDER BY 1")]:
        shelf.change(
            f"INSERT OR IGNORE INTO _sites SELECT claim_id, publisher FROM ({_naming(name)})"  # noqa: S608 (as below)
            " WHERE publisher IN (SELECT publisher FROM _wanted)"
        )


def _naming(name: str) -> str:
    """The query for ``claim_id`` and ``publisher`` of each row of table ``name`` that speaks for a claim."""
    table = schema.tables()[name]
    column = next((c for c in ABOUT if c in table.names), "")
    if not column:
        return "SELECT '' AS claim_id, '' AS publisher WHERE 0"
    # The parts of a key are joined by a space where a claim names its row. A key of one part is looked up.
    key = " || ' ' || ".join(f"t.[{part}]" for part in table.key)
    both = (f"version.[{name}] t", "_cited c")
    tables = " CROSS JOIN ".join(both if len(table.key) > 1 else both[::-1])
    own = "t.publisher"
    if column != "publisher":
        tables, own = f"{tables} LEFT JOIN version.articles a ON a.article_id = t.article_id", "a.publisher"
    return f"SELECT c.claim_id, {own} AS publisher FROM {tables} WHERE c.[table] = '{name}' AND c.row = {key}"  # noqa: S608 (names are our own schema's)
