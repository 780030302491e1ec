"""The registry of distributors and the ledger's weights: knowledge as data, read from ``config/registry``."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from wiretrace import schema
from wiretrace.identity import REGISTRY, registry

DISTRIBUTING = ("distributor", "seller")
# A publisher whose own page lists so many outlets for sale sells placement, unless the seeds call it something else.
CATALOGUE, NO_SELLER = 3, ("outlet", "control")


@dataclass(frozen=True)
class Distributor:
    """One known distributor: its publishers (domains), names and literal credit forms; who says who runs it."""

    publisher: str
    name: str
    kind: str
    domains: tuple[str, ...]
    names: tuple[str, ...]
    credit_forms: tuple[str, ...]
    run_by: str
    not_claimed: str


@dataclass(frozen=True)
class Weights:
    """The ledger's weights (natural log-odds) and the thresholds of its verdicts."""

    log_odds: Mapping[str, float]
    verdicts: Mapping[str, Any]
    distributors: Mapping[str, Mapping[str, float]]

    def __getitem__(self, name: str) -> float:
        return self.log_odds[name]


@cache
def distributors() -> tuple[Distributor, ...]:
    """The rows of ``config/registry/distributors.csv``."""
    with open(REGISTRY / "distributors.csv", encoding="utf-8", newline="") as stream:
        return tuple(
            Distributor(
                publisher=row["distributor"],
                name=row["name"],
                kind=row["kind"],
                domains=_list(row["domains"]),
                names=_list(row["names"]),
                credit_forms=_list(row["credit_forms"]),
                run_by=_run_by(row),
                not_claimed=row["not_claimed"],
            )
            for row in csv.DictReader(stream)
        )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _run_by(row: Mapping[str, str]) -> str:
    if not row["run_by"]:
        return ""
    said = ", ".join(part for part in (row["run_by_date"], row["run_by_source"]) if part)
    return f"{row['run_by']} ({said})" if said else row["run_by"]


@cache
def weights() -> Weights:
    """``config/registry/trace_weights.yaml``."""
    spec = registry("trace_weights.yaml")
    return Weights(
        {name: float(rule["log_odds"]) for name, rule in spec["weights"].items()},
        spec["verdicts"],
        spec["distributors"],
    )


@dataclass(frozen=True)
class Known:
    """The distributors of one investigation by publisher: where known from, name, the registry's row if it has one;
    and the outlets that they offer.
    """

    origin: Mapping[str, str]
    names: Mapping[str, str]
    rows: Mapping[str, Distributor]
    listed: Mapping[tuple[str, str], tuple[str, str]]  # (seller, outlet) → words of the catalogue, its capture

    def distributes(self, publisher: str) -> bool:
        """Whether ``publisher`` is known to send releases out or to sell their placement."""
        return publisher in self.origin


def known(publishers: pd.DataFrame, outlet_listings: pd.DataFrame) -> Known:
    """Distributors by registry, by the roles that the user gave, and by catalogues of their own that list a publisher
    of the investigation; one domain of several stands for itself.
    """
    rows = {domain: row for row in distributors() for domain in (row.publisher, *row.domains)}
    origin = dict.fromkeys(rows, "registry")
    names = {domain: row.name for domain, row in rows.items()}
    for row in schema.records(publishers):
        if row["role"] in DISTRIBUTING:
            origin.setdefault(row["publisher"], "seed")
            names[row["publisher"]] = names.get(row["publisher"]) or row["name"]
    listings = schema.records(outlet_listings)
    listed = {(row["seller"], row["outlet"]): (row["label"], row["capture_id"]) for row in reversed(listings)}
    offered: dict[str, set[str]] = {}
    for seller, outlet in listed:
        offered.setdefault(seller, set()).add(outlet)
    present = set(publishers["publisher"])
    for row in schema.records(publishers):
        outlets = offered.get(row["publisher"], set())
        if len(outlets) >= CATALOGUE and outlets & present and row["role"] not in NO_SELLER:
            origin.setdefault(row["publisher"], "catalogue")
            names.setdefault(row["publisher"], row["name"])
    return Known(origin, names, rows, listed)
