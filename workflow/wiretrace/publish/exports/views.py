"""The two views of a workbook: what is known of each publisher, and who bears each observed value."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from wiretrace.publish.exports.findings import Findings

View = tuple[Sequence[str], Iterable[Sequence[Any]]]

BY_PUBLISHER = (
    "publisher", "role", "name", "languages", "articles", "first_capture", "last_capture", "network", "same_operator",
    "sites_in_network", "operator", "operator_confidence", "linked_sites", "shared_values", "supplied_by", "ai_signs",
    "origin_signs", "deleted", "claims",
)  # fmt: skip
BY_INDICATOR = (
    "kind",
    "value",
    "sites",
    "publishers",
    "first_seen",
    "last_seen",
    "most_bits",
    "background",
    "spurious",
)


SIGNS = ("ai_indicators", "origin_indicators")
# Who bears each value, and since when.
BORNE = """
    SELECT kind, value, publisher, min(first_seen) AS first, max(last_seen) AS last FROM version.observations
    WHERE state = 'value' GROUP BY kind, value, publisher ORDER BY kind, value, publisher
"""
# Of the rows in which a value ties two publishers, the first with the most bits.
HEAVIEST = """
    INSERT INTO _weights SELECT kind, value, bits, background, ifnull(spurious, '')
    FROM version.publisher_link_evidence WHERE 1 ORDER BY rowid
    ON CONFLICT DO UPDATE SET bits = excluded.bits, background = excluded.background, spurious = excluded.spurious
    WHERE ifnull(excluded.bits, 0) > ifnull(bits, 0)
"""
LISTED = """
    SELECT v.kind, v.value, v.sites, v.publishers, v.first, v.last, w.bits, w.background, w.spurious
    FROM _values v LEFT JOIN _weights w ON w.kind = v.kind AND w.value = v.value
    ORDER BY v.sites DESC, v.kind, v.value
"""


def by_publisher(found: Findings) -> View:
    """A row a publisher, those of the question first: network and operator as far as claims say so, counts of signs.

    ``linked_sites`` and ``shared_values`` count conclusive and associative links; signs are those that count.
    """
    placed = {row["publisher"]: group for group in found.groups for row in group.members}
    linked, values = _links(found)
    supplied = _supplied(found)
    ai_signs, origin_signs = (_counts(found, f"version.{name} WHERE counts") for name in SIGNS)
    deleted = _counts(found, "version.articles WHERE state = 'deleted'")
    claims = _counts(found, "_sites")
    rows: list[Sequence[Any]] = []
    for name, row in sorted(found.publishers.items(), key=lambda item: (item[1]["role"] != "suspect", item[0])):
        group = placed.get(name)
        operator = group.operator if group else None
        rows.append(
            (name, row["role"], row["name"], row["languages"], row["articles"], row["first_capture"],
             row["last_capture"],
             *((group.network["network_id"], group.confidence, len(group.members)) if group else ("", "", None)),
             *((operator["object"], operator["confidence"]) if operator else ("", "")), linked[name],
             ", ".join(sorted(values[name])), ", ".join(supplied[name]), ai_signs.get(name, 0),
             origin_signs.get(name, 0), deleted.get(name, 0), claims.get(name, 0))
        )  # fmt: skip
    return BY_PUBLISHER, rows


def _links(found: Findings) -> tuple[Counter[str], dict[str, set[str]]]:
    """For each publisher: how many it is soundly linked with, and the kinds of value that it shares with them."""
    linked: Counter[str] = Counter()
    for link in found.links:
        linked.update((link["publisher_a"], link["publisher_b"]))
    kinds: dict[str, set[str]] = defaultdict(set)
    for row in found.shared:
        for publisher in (row["publisher_a"], row["publisher_b"]):
            kinds[publisher].add(row["kind"])
    return linked, kinds


def _supplied(found: Findings) -> dict[str, list[str]]:
    made: dict[str, list[str]] = defaultdict(list)
    query = "SELECT publisher, distributor FROM version.publisher_distributors WHERE verdict = 'supplied_by'"
    for row in found.shelf.rows(f"{query} ORDER BY distributor"):
        made[row["publisher"]].append(row["distributor"])
    return made


def _counts(found: Findings, of: str) -> dict[str, int]:
    """How many rows each publisher has ``of`` what is named."""
    return found.shelf.rows(f"SELECT publisher FROM {of}").tally("publisher")  # noqa: S608 (our own words)


def by_indicator(found: Findings) -> View:
    """A row an observed value, those on most sites first: who bears it, when it was seen, what it weighs at most."""
    shelf = found.shelf
    shelf.scratch("_values", "kind TEXT, value TEXT, sites INTEGER, publishers TEXT, first TEXT, last TEXT")
    shelf.change("INSERT INTO _values VALUES (?, ?, ?, ?, ?, ?)", _values(found))
    shelf.scratch(
        "_weights", "kind TEXT, value TEXT, bits REAL, background REAL, spurious TEXT, PRIMARY KEY (kind, value)"
    )
    shelf.change(HEAVIEST)
    return BY_INDICATOR, (tuple(row.values()) for row in shelf.rows(LISTED))


def _values(found: Findings) -> Iterator[Sequence[Any]]:
    """(kind, value, sites, their names, first seen, last seen) of each value."""
    for (kind, value), rows in groupby(found.shelf.rows(BORNE), key=lambda row: (row["kind"], row["value"])):
        borne = list(rows)
        names = ", ".join(row["publisher"] for row in borne)
        yield kind, value, len(borne), names, min(r["first"] for r in borne), max(r["last"] for r in borne)
