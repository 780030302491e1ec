"""Who may run a network: names that the members' own records and pages give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wiretrace.attribute.compare import FORMS, organisation
from wiretrace.attribute.kinds import background, kinds

# Kinds that name an operator, strongest first. A page that only mentions a firm is not asked: company_name is what an
# imprint or a footer states of itself.
NAMING = ("registrant_org", "cert_org", "owner_domain", "company_name", "registrant_name", "icp")


@dataclass(frozen=True)
class Operator:
    """One candidate: the name as written, the kinds that name it, the members that do, the observations."""

    name: str
    kind: str
    families: tuple[str, ...]
    publishers: tuple[str, ...]
    observations: tuple[str, ...]


def _form(kind: str, value: str) -> str:
    return organisation(value) if kind in ("registrant_org", "cert_org", "company_name", "registrant_name") else value


def naming(observations: Iterable[Mapping[str, Any]], roles: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Observations that may name an operator, by publisher.

    Left out: redactions, privacy services and stand-ins; names that a control also bears; a company on the imprint that
    is a distributor's or seller's own name, since outlets name those whose releases they run.
    """
    by_publisher: dict[str, list[dict[str, Any]]] = defaultdict(list)
    barred: set[tuple[str, str]] = set()
    for row in observations:
        if row["kind"] not in NAMING or row["state"] != "value":
            continue
        key = FORMS[kinds()[row["kind"]].compare](row["value"])
        if not key or background().of(row["kind"], key):
            continue
        name = _form(row["kind"], key)
        role = roles.get(row["publisher"], "unlisted")
        if role in ("control", "outlet"):
            barred |= {(kind, name) for kind in NAMING}
        if role in ("distributor", "seller"):
            barred.add(("company_name", name))
        by_publisher[row["publisher"]].append({**row, "name": name})
    return {
        publisher: [
            row
            for row in rows
            if (row["kind"], row["name"]) not in barred or _own(row, roles.get(publisher, "unlisted"))
        ]
        for publisher, rows in by_publisher.items()
    }


def _own(row: Mapping[str, Any], role: str) -> bool:
    return role in ("distributor", "seller") and row["kind"] == "company_name"


def candidates(members: Sequence[str], named: Mapping[str, list[dict[str, Any]]]) -> list[Operator]:
    """Operators that the members' records name, best supported first."""
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for member in members:
        for row in named.get(member, ()):
            by_name[row["name"]].append(row)
    found = []
    for rows in by_name.values():
        used = sorted({row["kind"] for row in rows}, key=NAMING.index)
        best = min(
            (row for row in rows if row["kind"] == used[0]), key=lambda row: (row["value"], row["observation_id"])
        )
        found.append(
            Operator(
                best["value"],
                used[0],
                tuple(sorted({kinds()[kind].family for kind in used})),
                tuple(sorted({row["publisher"] for row in rows})),
                tuple(sorted({row["observation_id"] for row in rows})),
            )
        )
    return sorted(found, key=lambda o: (-len(o.publishers), -len(o.families), NAMING.index(o.kind), o.name))


def confidence(found: Sequence[Operator], members: int) -> str:
    """How strong the first candidate is.

    Conclusive: two independent kinds of record, on half of the members, name it, and nobody else is named by two.
    Associative: two members name it, and more than name any other. Circumstantial: the rest.
    """
    if not found:
        return ""
    best, others = found[0], [len(other.publishers) for other in found[1:]]
    rival = max(others, default=0)
    if len(best.publishers) * 2 >= members and len(best.publishers) > 1 and len(best.families) > 1 and rival <= 1:
        return "conclusive"
    return "associative" if len(best.publishers) > 1 and len(best.publishers) > rival else "circumstantial"
