"""The two views of a workbook: what is known of each publisher, and who bears each observed value."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from wiretrace import schema
from wiretrace.publish.exports.findings import Findings
from wiretrace.publish.held import part

View = tuple[Sequence[str], list[Sequence[Any]]]

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


def by_publisher(tables: Mapping[str, pd.DataFrame], found: Findings) -> View:
    """A row a publisher, those of the question first: network and operator as far as claims say so, counts of signs.

    ``linked_sites`` and ``shared_values`` count conclusive and associative links; signs are those that count.
    """
    placed = {row["publisher"]: group for group in found.groups for row in group.members}
    linked, values = _links(tables, found)
    supplied = _supplied(tables)
    counts = {
        name: _signs(part(tables, name, "publisher", "counts")) for name in ("ai_indicators", "origin_indicators")
    }
    articles = part(tables, "articles", "publisher", "state")
    deleted = Counter(articles["publisher"][articles["state"] == "deleted"])
    claims = Counter(publisher for names in found.sites.values() for publisher in names)
    rows: list[Sequence[Any]] = []
    for name, row in sorted(found.publishers.items(), key=lambda item: (item[1]["role"] != "suspect", item[0])):
        group = placed.get(name)
        operator = group.operator if group else None
        rows.append(
            (name, row["role"], row["name"], row["languages"], row["articles"], row["first_capture"],
             row["last_capture"],
             *((group.network["network_id"], group.confidence, len(group.members)) if group else ("", "", None)),
             *((operator["object"], operator["confidence"]) if operator else ("", "")), linked[name],
             ", ".join(sorted(values[name])), ", ".join(supplied.get(name, ())), counts["ai_indicators"][name],
             counts["origin_indicators"][name], deleted[name], claims[name])
        )  # fmt: skip
    return BY_PUBLISHER, rows


def _links(tables: Mapping[str, pd.DataFrame], found: Findings) -> tuple[Counter[str], dict[str, set[str]]]:
    """For each publisher: how many it is soundly linked with, and the kinds of value that it shares with them."""
    linked: Counter[str] = Counter()
    kinds: dict[str, set[str]] = defaultdict(set)
    pairs = {link["link_id"]: (link["publisher_a"], link["publisher_b"]) for link in found.links}
    for pair in pairs.values():
        linked.update(pair)
    evidence = part(tables, "publisher_link_evidence", "link_id", "kind", "bits")
    for link, kind in evidence[["link_id", "kind"]][evidence["bits"] > 0].itertuples(index=False):
        for publisher in pairs.get(link, ()):
            kinds[publisher].add(kind)
    return linked, kinds


def _supplied(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    data = tables["publisher_distributors"]
    found: dict[str, list[str]] = defaultdict(list)
    for publisher, distributor in data[["publisher", "distributor"]][data["verdict"] == "supplied_by"].itertuples(
        index=False
    ):
        found[publisher].append(distributor)
    return {publisher: sorted(names) for publisher, names in found.items()}


def _signs(data: pd.DataFrame) -> Counter[str]:
    return Counter(data["publisher"][data["counts"].fillna(False).astype("bool")])


def by_indicator(tables: Mapping[str, pd.DataFrame]) -> View:
    """A row an observed value, those on most sites first: who bears it, when it was seen, what it weighs at most."""
    seen = part(tables, "observations", "publisher", "kind", "value", "state", "first_seen", "last_seen")
    seen = seen[seen["state"] == "value"]
    groups = seen.groupby(["kind", "value"], sort=False)
    made = groups.agg(first_seen=("first_seen", "min"), last_seen=("last_seen", "max")).reset_index()
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, value, publisher in seen[["kind", "value", "publisher"]].itertuples(index=False):
        bearers[kind, value].add(publisher)
    weights = _weights(part(tables, "publisher_link_evidence", "kind", "value", "bits", "background", "spurious"))
    rows = [
        (kind, value, len(bearers[kind, value]), ", ".join(sorted(bearers[kind, value])), first, last,
         *weights.get((kind, value), (None, None, "")))
        for kind, value, first, last in made.itertuples(index=False)
    ]  # fmt: skip
    return BY_INDICATOR, sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def _weights(evidence: pd.DataFrame) -> dict[tuple[str, str], tuple[float | None, float | None, str]]:
    """(kind, value) → the most bits that it was counted with, how common it is outside, why it may be accident."""
    found: dict[tuple[str, str], tuple[float | None, float | None, str]] = {}
    for row in schema.records(evidence[["kind", "value", "bits", "background", "spurious"]]):
        key = row["kind"], row["value"]
        if key not in found or (row["bits"] or 0) > (found[key][0] or 0):
            found[key] = row["bits"], row["background"], row["spurious"]
    return found
