"""Claims on hosts: which sites were served from one address, or have the name servers of one provider.

To be hosted beside another is not to belong to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from wiretrace import identity
from wiretrace.publish.case import Case, Draft, Row, sighting
from wiretrace.publish.rows import Record, Rows
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

    kind: str
    value: str
    suspects: list[str]
    first: str  # when one was seen there first
    seen: list[str]


def hosted_beside(case: Case) -> list[Draft]:
    """One draft for each host of suspects whom no network holds together; beyond a dozen, one for the rest."""
    found = [
        _Host(kind, value, names, rows[0]["first_seen"], [row["observation_id"] for row in rows])
        for (kind, value), at_host in groupby(_sightings(case), lambda row: (row["kind"], row["host"]))
        for rows in _at_one_time(at_host)
        if len(names := sorted({row["publisher"] for row in rows} & case.suspects)) > 1 and not _together(case, names)
    ]
    found.sort(key=lambda each: (-len(each.suspects), each.value, each.first))
    drafts = [_draft(case, each) for each in found[:TOLD]]
    return [*drafts, _rest(case, found[TOLD:])] if found[TOLD:] else drafts


def _sightings(case: Case) -> Rows:
    """Observations of hosts that are not known to be common, host by host in order of time."""
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    hosts = case.shelf.rows(f"SELECT kind, value FROM shared_values WHERE kind IN ({kinds}) AND bits > 0")  # noqa: S608
    shared = {(row["kind"], row["value"]) for row in hosts}
    seen = case.shelf.rows(
        f"SELECT rowid AS place, kind, value FROM observations WHERE kind IN ({kinds}) AND state = 'value'"  # noqa: S608
    )
    placed = ((row["place"], KINDS[row["kind"]][1](row["value"]), row["kind"]) for row in seen)
    case.shelf.scratch("_hosted", "place INTEGER PRIMARY KEY, host TEXT")
    case.shelf.change(
        "INSERT INTO _hosted VALUES (?, ?)", ((place, host) for place, host, kind in placed if (kind, host) in shared)
    )
    return case.shelf.rows(
        "SELECT h.host AS host, o.* FROM _hosted h CROSS JOIN observations o ON o.rowid = h.place"
        " ORDER BY o.kind, h.host, o.first_seen, o.observation_id"
    )


def _at_one_time(rows: Iterator[Record]) -> list[list[Record]]:
    """Sightings of one host in order of time, parted where nobody was seen there for longer than SLACK."""
    found: list[list[Record]] = []
    until = ""
    for row in rows:
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
    form = KINDS[each.kind][0]
    seen = case.observations(each.seen).values()
    bearers = {row["publisher"] for row in seen}
    controls = sum(case.publishers[name]["role"] in ("outlet", "control") for name in bearers)
    against: list[tuple[str, Mapping[str, Value]]] = [("tenants" if form == "default" else "customers", {})]
    if controls:
        against.insert(0, ("controls", {"controls": count(controls, "site")}))
    first, last = min(row["first_seen"] for row in seen)[:10], max(row["last_seen"] for row in seen)[:10]
    values: dict[str, Value] = {
        "sites": sites(each.suspects, 5),
        "address": each.value,
        "bearers": count(len(bearers), "site"),
        "times": (f"on {first}", first) if first == last else (f"from {first} to {last}", f"{first}〜{last}"),
    }
    return Draft(
        "hosted_beside",
        each.value,
        first,
        "established",
        values,
        _rows(case, [each]),
        form,
        form,
        form,
        against=against,
        about=[each.value, *each.suspects],
        size=min(len(each.suspects), 40),
    )


def _rest(case: Case, others: Sequence[_Host]) -> Draft:
    names = sorted({name for each in others for name in each.suspects})
    return Draft(
        "hosted_beside",
        "rest",
        "",
        "established",
        {
            "hosts": count(len({(each.kind, each.value) for each in others}), "host"),
            "sites": sites(names, 5),
            "address": "",
        },
        _rows(case, others),
        "rest",
        "rest",
        against=[("tenants", {})],
        size=-20,
    )


def _rows(case: Case, hosts: Sequence[_Host]) -> Iterator[Row]:
    for each in hosts:
        own = "SELECT * FROM shared_values WHERE kind = ? AND value = ? ORDER BY rowid DESC LIMIT 1"
        value = case.shelf.rows(own, each.kind, each.value).first()
        note = noted("value", value=value["value"], sites=count(value["carriers"], "site"))
        yield Row("shared_values", value["value_id"], note)
        yield from map(sighting, case.observations(each.seen).values())
