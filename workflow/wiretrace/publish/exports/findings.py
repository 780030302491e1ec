"""What of a version may leave it: claims that carry a word of confidence, networks that stand, and the sites of both.

Circumstantial evidence alone names nobody, here as in the claims: a network counts where :func:`owners.standing` lets
it stand, a link where its tier is conclusive or associative, an operator where a claim of ``operator_is`` names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wiretrace import identity, schema
from wiretrace.publish import owners
from wiretrace.publish.case import SUSPECT, Case
from wiretrace.publish.held import part
from wiretrace.publish.rows import Record
from wiretrace.publish.shelf import Shelf

# Columns by which a row of evidence says whom it is about. A trace's candidate is the source, not the site.
ABOUT = ("publisher", "article_id")
# By what the networks stand that may be told of.
NETWORKS = ("publishers", "networks", "network_members", "publisher_links")


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
    """Everything that an export may state.

    ``first`` and ``last`` are the times of the first and the last capture; an investigation without any has none of its
    own, so that 1970 stands there. ``sites`` holds the sites of the question that a claim, by its id, is about.
    """

    investigation: str
    question: str
    first: str
    last: str
    claims: tuple[Record, ...]
    sites: Mapping[str, tuple[str, ...]]
    groups: tuple[Group, ...]
    links: tuple[Record, ...]
    publishers: Mapping[str, Record]
    distributors: Mapping[str, Record]


def findings(tables: Mapping[str, pd.DataFrame], run: Mapping[str, Any]) -> Findings:
    """What may leave a version of ``tables``; ``run`` names the investigation and its question."""
    case = Case(Shelf({name: tables[name] for name in NETWORKS}))
    claims = tuple(row for row in schema.records(tables["claims"]) if row["confidence"] in registry()["confidence"])
    operators = {row["subject"]: row for row in claims if row["type"] == "operator_is"}
    groups = tuple(
        Group(one.network, tuple(one.sound), one.confidence, operators.get(one.network["network_id"]))
        for one in owners.standing(case)
    )
    members = {row["publisher"] for group in groups for row in group.members}
    wanted = members | {name for name, row in case.publishers.items() if row["role"] == SUSPECT}
    about = _about(tables, {row["claim_id"] for row in claims})
    times = part(tables, "captures", "time")["time"]
    return Findings(
        str(run.get("investigation") or "investigation"),
        str(run.get("question") or ""),
        times.min() if len(times) else "1970-01-01T00:00:00Z",
        times.max() if len(times) else "1970-01-01T00:00:00Z",
        claims,
        {claim: tuple(sorted(names & wanted)) for claim, names in about.items()},
        groups,
        tuple(row for row in case.table("publisher_links") if row["tier"] in owners.SOUND),
        case.publishers,
        {row["distributor"]: row for row in schema.records(tables["distributors"])},
    )


def _about(tables: Mapping[str, pd.DataFrame], claims: set[str]) -> dict[str, set[str]]:
    """The publishers that the rows for each claim are about."""
    evidence = part(tables, "claim_evidence", "claim_id", "role", "table", "row")
    rows = evidence[(evidence["role"] == "for") & evidence["claim_id"].isin(claims)]
    found: dict[str, set[str]] = defaultdict(set)
    for name, cited in rows.groupby("table"):
        known = dict(_rows_about(tables, str(name), set(cited["row"])))
        for claim, row in zip(cited["claim_id"], cited["row"], strict=True):
            found[claim] |= {known[row]} if row in known else set()
    return found


def _rows_about(tables: Mapping[str, pd.DataFrame], name: str, wanted: set[str]) -> Iterator[tuple[str, str]]:
    """(key of a row, its publisher) for the rows of table ``name`` among ``wanted``."""
    column = next((c for c in ABOUT if c in schema.tables()[name].names), "")
    if not column:
        return
    data = part(tables, name, *dict.fromkeys((*schema.tables()[name].key, column)))
    keys = row_keys(name, data)
    held = keys.isin(wanted)
    data, keys = data[held], keys[held]
    articles = part(tables, "articles", "article_id", "publisher")
    articles = articles[articles["article_id"].isin(set(data[column]) if column == "article_id" else ())]
    publisher = dict(zip(articles["article_id"], articles["publisher"], strict=True))
    for key, value in zip(keys, data[column], strict=True):
        yield key, value if column == "publisher" else publisher.get(value, "")


def row_keys(name: str, data: pd.DataFrame) -> pd.Series[Any]:
    """The key of each row of table ``name`` as one text, its parts joined by a space, as ``claim_evidence`` has it."""
    first, *rest = schema.tables()[name].key
    keys = data[first].astype("str")
    for column in rest:
        keys = keys + " " + data[column].astype("str")
    return keys
