"""The rows of networks and network_members."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wiretrace import identity, schema
from wiretrace.attribute import known, operators
from wiretrace.attribute.compare import day
from wiretrace.attribute.links import Link
from wiretrace.attribute.rarity import CONTROL_ROLES, OTHERS
from wiretrace.attribute.weigh import TIERS
from wiretrace.config import Investigation
from wiretrace.sentences import say

Row = dict[str, Any]

# Joins as wholes that are told.
WHOLES = 6
# Members registered on one day that make it a burst.
BURST = 3


@dataclass(frozen=True)
class Facts:
    """What is known of each publisher besides its links."""

    role: Mapping[str, str]
    named: Mapping[str, list[Row]]
    registered: Mapping[str, str]
    first_article: Mapping[str, str]
    languages: Mapping[str, Counter[str]]
    seen: Mapping[str, tuple[str, str]]
    listed: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """The publishers of each group of two and more; those that are in one by a weak join; (a publisher, how its group
    was joined as a whole) for each such join.
    """

    cores: Sequence[Sequence[str]]
    weak: AbstractSet[str]
    joined: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Excerpt:
    """What the facts need of a table of observations: when each publisher was ``seen``, the rows of some kinds."""

    seen: pd.DataFrame
    rows: pd.DataFrame


def excerpt(observations: pd.DataFrame) -> Excerpt:
    """A small part of the table, so that it need not be held."""
    times = observations[["publisher", "first_seen", "last_seen"]].drop_duplicates().astype("str")
    return Excerpt(
        times.groupby("publisher").agg(first=("first_seen", "min"), last=("last_seen", "max")),
        observations[observations["kind"].isin([*operators.NAMING, "created"])].copy(),
    )


def networks(
    found: Found,
    links: Sequence[Link],
    publishers: pd.DataFrame,
    part: Excerpt,
    articles: pd.DataFrame,
    investigation: Investigation,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables networks and network_members; ``links`` are those of publisher_links."""
    # Members of the fringe are on a link with another.
    members = {name for link in links for name in (link.publisher_a, link.publisher_b)}.union(*found.cores)
    facts = _gather(publishers, part, articles, investigation, members)
    rows, of_members = _build(found, links, facts, investigation.attribute.network)
    return schema.frame("networks", rows), schema.frame("network_members", of_members)


def _gather(
    publishers: pd.DataFrame,
    part: Excerpt,
    articles: pd.DataFrame,
    investigation: Investigation,
    members: AbstractSet[str],
) -> Facts:
    """What the tables and the published lists say of the ``members`` of networks."""
    role = dict(zip(publishers["publisher"], publishers["role"], strict=True))
    # What others name their operator bars a name (see operators.naming).
    told = part.rows["publisher"].isin([*members, *(name for name, its in role.items() if its in OTHERS)])
    rows = schema.records(part.rows[told].sort_values("observation_id", kind="stable"))
    registered: dict[str, str] = {}
    for row in rows:
        date = day(row["value"]) if row["kind"] == "created" and row["state"] == "value" else ""
        if date:
            registered[row["publisher"]] = min(date, registered.get(row["publisher"], date))
    dated = articles[articles["published_earliest"] != ""]
    languages: dict[str, Counter[str]] = defaultdict(Counter)
    for publisher, language in zip(articles["publisher"], articles["language"], strict=True):
        if language:
            languages[publisher][language] += 1
    seen = part.seen[part.seen.index.isin(members)]
    return Facts(
        role,
        operators.naming(rows, role),
        registered,
        dict(dated.groupby("publisher")["published_earliest"].min()),
        languages,
        {name: (first, last) for name, first, last in zip(seen.index, seen["first"], seen["last"], strict=True)},
        known.listed_by(known.read_lists(investigation.inputs.known_networks)),
    )


def _build(found: Found, links: Sequence[Link], facts: Facts, least: float) -> tuple[list[Row], list[Row]]:
    """Rows of networks and network_members.

    Args:
        links: rows of publisher_links.
        least: posterior from which a link may hold a member.
    """
    group = {publisher: number for number, members in enumerate(found.cores) for publisher in members}
    best = _best(links, group)
    held = _held(links, group, least) - found.weak
    fringe = _fringe(links, group, facts, least)
    inside: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        number = group.get(link.publisher_a)
        if number is not None and group.get(link.publisher_b) == number:
            inside[number].append(link)
    joined: dict[int, list[str]] = defaultdict(list)
    for publisher, words in found.joined:
        joined[group[publisher]].append(words)
    networks, rows = [], []
    for number, members in enumerate(found.cores):
        inner = sorted(member for member in members if member in held)
        outer = sorted([member for member in members if member not in held] + fringe.get(number, []))
        identifier = identity.make_id("n", *inner, size=12)
        entries = [
            _member(identifier, name, standing, best, number, facts)
            for standing, names in (("core", inner), ("fringe", outer))
            for name in names
        ]
        row = _network(identifier, inner, outer, entries, facts)
        wholes = list(dict.fromkeys(joined[number]))
        rest = [f"And {len(wholes) - WHOLES} more such joins."] if len(wholes) > WHOLES else []
        said = " ".join([_shared(inside[number]), *wholes[:WHOLES], *rest])
        networks.append(row | {"shared": said, "tier": _tier(inner, inside[number])})
        rows.extend(entries)
    return networks, rows


def _tier(inner: Sequence[str], links: Sequence[Link]) -> str:
    """Weakest tier of links that is needed to hold the core together."""
    group = {name: name for name in inner}

    def root(name: str) -> str:
        while group[name] != name:
            name = group[name]
        return name

    for tier in TIERS:
        for link in links:
            a, b = link.publisher_a, link.publisher_b
            if link.tier == tier and a in group and b in group:
                first, second = sorted((root(a), root(b)))
                group[second] = first
        if len({root(name) for name in inner}) <= 1:
            return tier
    return TIERS[-1]


def _families(link: Link) -> int:
    return len(link.families.split())


def _held(links: Sequence[Link], group: Mapping[str, int], least: float) -> set[str]:
    """Members that a strong link of two families ties to another member."""
    found: set[str] = set()
    for link in links:
        a, b = link.publisher_a, link.publisher_b
        own = link.probability >= least and not link.through
        if a in group and group[a] == group.get(b) and own and _families(link) > 1:
            found |= {a, b}
    return found


def _best(links: Sequence[Link], group: Mapping[str, int]) -> dict[tuple[str, int], Link]:
    """Strongest link of each publisher to each group."""
    found: dict[tuple[str, int], Link] = {}
    for link in links:
        for one, other in ((link.publisher_a, link.publisher_b), (link.publisher_b, link.publisher_a)):
            if other in group:
                place = (one, group[other])
                rank = (link.bits, link.link_id)
                if place not in found or rank > (found[place].bits, found[place].link_id):
                    found[place] = link
    return found


def _fringe(links: Sequence[Link], group: Mapping[str, int], facts: Facts, least: float) -> dict[int, list[str]]:
    """Publishers outside the groups that a deciding value of one family ties to members of one group only."""
    reached: dict[str, set[int]] = defaultdict(set)
    for link in links:
        # A link of one family that is not circumstantial is one in which a value decides (see weigh.tiers).
        if link.probability < least or link.through or link.tier == "circumstantial" or _families(link) > 1:
            continue
        for one, other in ((link.publisher_a, link.publisher_b), (link.publisher_b, link.publisher_a)):
            if one not in group and other in group and facts.role.get(one) not in CONTROL_ROLES:
                reached[one].add(group[other])
    found: dict[int, list[str]] = defaultdict(list)
    for publisher, numbers in reached.items():
        if len(numbers) == 1:
            found[min(numbers)].append(publisher)
    return found


def _member(
    identifier: str, name: str, standing: str, best: Mapping[tuple[str, int], Link], number: int, facts: Facts
) -> Row:
    link = best[name, number]
    return {
        "network_id": identifier,
        "publisher": name,
        "standing": standing,
        "role": facts.role.get(name, "unlisted"),
        "bits": link.bits,
        "link_id": link.link_id,
        "registered": facts.registered.get(name, ""),
        "first_article": facts.first_article.get(name, ""),
        "listed_by": facts.listed.get(name, ""),
    }


def _network(
    identifier: str,
    inner: Sequence[str],
    outer: Sequence[str],
    entries: Sequence[Row],
    facts: Facts,
) -> Row:
    members = [*inner, *outer]
    found = operators.candidates(members, facts.named)
    sure = operators.confidence(found, len(members))
    days = Counter(entry["registered"] for entry in entries if entry["registered"])
    seen = [facts.seen[name] for name in members if name in facts.seen]
    languages: Counter[str] = Counter()
    for name in members:
        languages.update(facts.languages.get(name, {}))
    core = [entry["bits"] for entry in entries if entry["standing"] == "core"]
    row: Row = {
        "network_id": identifier,
        "size": len(members),
        "core": len(inner),
        "languages": " ".join(sorted(languages, key=lambda name: (-languages[name], name))),
        "weakest_bits": min(core) if core else None,
        "registered_first": min(days, default=""),
        "registered_last": max(days, default=""),
        "bursts": "; ".join(f"{date} ({count})" for date, count in sorted(days.items()) if count >= BURST),
        "first_seen": min((first for first, _ in seen), default=""),
        "last_seen": max((last for _, last in seen), default=""),
    }
    if found:
        row |= {
            "operator": found[0].name,
            "operator_kind": found[0].kind,
            "operator_publishers": len(found[0].publishers),
            "operator_observations": " ".join(found[0].observations),
            "operator_confidence": sure,
        }
    return row


def _shared(own: Sequence[Link]) -> str:
    """How many links of which families hold the network together."""
    count = Counter(family for link in own for family in link.families.split())
    ordered = sorted(count.items(), key=lambda e: (-e[1], e[0]))
    told = ", ".join(say("network_family", phrase=family, number=number) for family, number in ordered)
    tiers = Counter(link.tier for link in own)
    ranges = ", ".join(say("network_tier", number=tiers[name], phrase=name) for name in TIERS if tiers[name])
    return say("network", number=len(own), list=ranges, list2=told or "none")
