"""Claims on hosts: which sites were served from one address, or have the name servers of one provider.

To be hosted beside another is not to belong to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wiretrace import identity
from wiretrace.publish.case import Case, Draft, Record, Row, sighting
from wiretrace.publish.wording import Value, count, noted, sites

# Hosts told one by one.
TOLD = 12


# Kinds of host, with the sentences that tell of each and the form in which shared_values has its values.
KINDS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "ip": ("default", str),
    "ns": ("servers", identity.provider_of),
}
# Sightings this close together are of one time: rounds of acquisition take days.
SLACK = timedelta(days=30)


@dataclass(frozen=True)
class _Host:
    """An address or provider of name servers, the suspects there at one time, and the observations that say so."""

    value: Record
    suspects: list[str]
    seen: list[Record]


def hosted_beside(case: Case) -> list[Draft]:
    """One draft for each host of suspects whom no network holds together; beyond a dozen, one for the rest."""
    shared = {
        (row["kind"], row["value"]): row
        for row in case.table("shared_values")
        if row["kind"] in KINDS and row["bits"] > 0
    }
    seen: dict[tuple[str, str], list[Record]] = {}
    for row in case.only("observations", "kind", tuple(KINDS)):
        host = (row["kind"], KINDS[row["kind"]][1](row["value"]))
        if row["state"] == "value" and host in shared:
            seen.setdefault(host, []).append(row)
    found = [
        _Host(shared[host], names, rows)
        for host in sorted(seen)
        for rows in _at_one_time(seen[host])
        if len(names := sorted({row["publisher"] for row in rows} & case.suspects)) > 1 and not _together(case, names)
    ]
    found.sort(key=lambda each: (-len(each.suspects), each.value["value"], each.seen[0]["first_seen"]))
    drafts = [_draft(case, each) for each in found[:TOLD]]
    return [*drafts, _rest(found[TOLD:])] if found[TOLD:] else drafts


def _at_one_time(rows: Sequence[Record]) -> list[list[Record]]:
    """Sightings of one host, parted where nobody was seen there for longer than SLACK."""
    found: list[list[Record]] = []
    until = ""
    for row in sorted(rows, key=lambda row: (row["first_seen"], row["observation_id"])):
        if not found or _day(row["first_seen"]) - _day(until) > SLACK:
            found.append([])
            until = ""
        found[-1].append(row)
        until = max(until, row["last_seen"])
    return found


def _day(time: str) -> datetime:
    """The day of a time that may be known to the year or the month only."""
    return datetime.fromisoformat((time + "-01-01")[:10])


def _together(case: Case, names: Sequence[str]) -> bool:
    """Whether one network holds them all: then the claim on its operator tells of them."""
    networks = {case.network_of.get(name, "") for name in names}
    return len(networks) == 1 and "" not in networks


def _draft(case: Case, each: _Host) -> Draft:
    form = KINDS[each.value["kind"]][0]
    bearers = {row["publisher"] for row in each.seen}
    controls = sum(case.publishers[name]["role"] in ("outlet", "control") for name in bearers)
    against: list[tuple[str, Mapping[str, Value]]] = [("tenants" if form == "default" else "customers", {})]
    if controls:
        against.insert(0, ("controls", {"controls": count(controls, "site")}))
    first, last = min(row["first_seen"] for row in each.seen)[:10], max(row["last_seen"] for row in each.seen)[:10]
    values: dict[str, Value] = {
        "sites": sites(each.suspects, 5),
        "address": each.value["value"],
        "bearers": count(len(bearers), "site"),
        "times": (f"on {first}", first) if first == last else (f"from {first} to {last}", f"{first}〜{last}"),
    }
    return Draft(
        "hosted_beside",
        each.value["value"],
        first,
        "established",
        values,
        _rows([each]),
        form,
        form,
        form,
        against=against,
        about=[each.value["value"], *each.suspects],
        size=min(len(each.suspects), 40),
    )


def _rest(others: Sequence[_Host]) -> Draft:
    names = sorted({name for each in others for name in each.suspects})
    return Draft(
        "hosted_beside",
        "rest",
        "",
        "established",
        {
            "hosts": count(len({each.value["value_id"] for each in others}), "host"),
            "sites": sites(names, 5),
            "address": "",
        },
        _rows(others),
        "rest",
        "rest",
        against=[("tenants", {})],
        size=-20,
    )


def _rows(hosts: Sequence[_Host]) -> list[Row]:
    found = []
    for each in hosts:
        value = each.value
        note = noted("value", value=value["value"], sites=count(value["carriers"], "site"))
        found.append(Row("shared_values", value["value_id"], note))
        found += [sighting(row) for row in each.seen]
    return found
