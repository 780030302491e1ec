"""Claims on who runs sites: that one operator runs several, and whom the evidence names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from wiretrace.identity.namesakes import name_of
from wiretrace.publish.case import Case, Draft, Row, sighting, tie
from wiretrace.publish.rows import Record
from wiretrace.publish.wording import Value, aside, count, kind_of, noted, of_records, on_pages, parts, registry, sites

# What holds a member may be printed; circumstantial evidence alone may not.
SOUND = ("conclusive", "associative")
# Networks told one by one, and as many groups that one kind of evidence ties this surely.
TOLD, SURE = 12, 0.95
NAMING = {"conclusive": "likely", "associative": "possible"}


def _rank(confidence: str) -> int:
    return ("possible", "likely", "established").index(confidence)


def _joined(case: Case, rows: Sequence[Record], tiers: Sequence[str]) -> list[Record]:
    """The most members that links of these tiers hold together; of equally many, those of the first name."""
    best = min(_tied(_names(rows), case.links_between(_names(rows), tiers)), key=_largest_first, default=set())
    return [row for row in rows if row["publisher"] in best]


def _tied(names: Iterable[str], links: Iterable[Record]) -> list[set[str]]:
    """``names`` in the groups that ``links`` between them tie, those that nothing ties alone."""
    group = {name: {name} for name in names}
    for link in links:
        a, b = group[link["publisher_a"]], group[link["publisher_b"]]
        if a is not b:
            a, b = (a, b) if len(a) >= len(b) else (b, a)
            a |= b
            group |= dict.fromkeys(b, a)
    return list({id(found): found for found in group.values()}.values())


def _largest_first(names: set[str]) -> tuple[int, str]:
    return -len(names), min(names)


@dataclass(frozen=True)
class Standing:
    """A network that stands without circumstantial links: its row, what stands, what is beside it, how sure."""

    network: Record
    sound: Sequence[Record]
    beside: Sequence[Record]  # the first ``weak`` are held by circumstance alone, the others fringe
    weak: int
    confidence: str
    alike: Sequence[str]  # members of one name under several suffixes, tied by nothing but what pages carry


def _members(case: Case, network: str) -> tuple[list[Record], list[Record], list[Record]]:
    """Members by what ties them to the group: core and held together by sound links; other core; fringe."""
    rows = case.rows("network_members", "network_id", network)
    core = [row for row in rows if row["standing"] == "core"]
    sound = _joined(case, [row for row in core if _tier(case, row) in SOUND], SOUND)
    held = _names(sound)
    beside = [row for row in core if row["publisher"] not in held]
    return sound, beside, [row for row in rows if row["standing"] == "fringe"]


def _tier(case: Case, member: Record) -> str:
    """The tier of the link that holds a member."""
    return str(case.row("publisher_links", "link_id", member["link_id"]).get("tier", ""))


def standing(case: Case) -> list[Standing]:
    """The networks that may be told of as one operator's, those of the question first, then the larger ones."""
    found = []
    for network in case.table("networks"):
        sound, weak, fringe = _members(case, network["network_id"])
        if len(sound) >= 2:
            held = {_tier(case, row) for row in sound}
            # Without one conclusive link, what they share may still be one host's bulk registrations.
            confidence = "established" if held == {"conclusive"} else "likely" if "conclusive" in held else "possible"
            if network["tier"] == "circumstantial" or len(_joined(case, sound, ("conclusive",))) < len(sound):
                # The whole is listed together, not proven; or conclusive links alone leave it in pieces.
                confidence = "possible" if network["tier"] == "circumstantial" else min(confidence, "likely", key=_rank)
            alike = _alike(case, sorted(_names(sound)))
            if len(alike) == len(sound):
                confidence = "possible"
            found.append(Standing(network, sound, weak + fringe, len(weak), confidence, alike))
    return sorted(found, key=lambda s: (not _names(s.sound) & case.suspects, -len(s.sound), s.network["network_id"]))


def _alike(case: Case, names: Sequence[str]) -> list[str]:
    """Those of one name under several suffixes that no record ties: one may show copies of another's pages."""
    by_name: dict[str, set[str]] = {}
    for name in (name for name in names if "/" not in name):  # an account's host is its platform's
        by_name.setdefault(name_of(name), set()).add(name)
    found: set[str] = set()
    for group in (group for group in by_name.values() if len(group) > 1):
        by_records = [link for link in case.links_between(group, SOUND) if of_records() & set(link["families"].split())]
        found |= {name for alone in _tied(sorted(group), by_records) if len(alone) == 1 for name in alone}
    return sorted(found)


def same_operator(case: Case) -> list[Draft]:
    """One draft for each network that stands without circumstantial links; beyond a dozen, the small ones together."""
    stands = standing(case)
    drafts = [_network_draft(case, one) for one in stands[:TOLD]]
    linked = _linked(case)
    drafts += [_linked_draft(case, names) for names in linked[:TOLD]]
    for confidence in ("established", "likely", "possible"):
        rest = [
            ([_group(one.network)], [row["publisher"] for row in one.sound])
            for one in stands[TOLD:]
            if one.confidence == confidence
        ]
        rest += [([], names) for names in linked[TOLD:] if confidence == "possible"]
        if rest:
            drafts.append(_rest_draft(case, rest, confidence))
    return drafts


def _names(members: Sequence[Record]) -> set[str]:
    return {row["publisher"] for row in members}


def _network_draft(case: Case, one: Standing) -> Draft:
    network, sound, confidence = one.network, one.sound, one.confidence
    inner = _inner(case, _names(sound))
    names = [row["publisher"] for row in sound]
    values: dict[str, Value] = {
        "sites": sites(names, 5),
        "bits": f"{min(row['bits'] for row in sound):.1f}",
        **_link_values(inner),
    }
    against = _accidents(inner)
    if one.alike:
        against.append(("alike", {"sites": sites(one.alike)}))
    for key, rows in (("left_out", one.beside[: one.weak]), ("fringe", one.beside[one.weak :])):
        if rows:
            against.append((key, {"sites": sites([row["publisher"] for row in rows])}))
    return Draft(
        "same_operator",
        network["network_id"],
        "",
        confidence,
        values,
        _rows(case, network, sound, inner),
        confidence,
        against=against,
        about=[network["network_id"], *names],
        size=min(len(names), 40),
        suspect=bool(case.suspects & set(names)),
    )


def _linked(case: Case) -> list[list[str]]:
    """Suspects in no network that links of one kind of evidence tie, group by group, the largest first.

    A network needs a second, independent kind: such a link is a lead, and may be all that there is.
    """
    alone = set(case.suspects - case.network_of.keys())
    sure = (link for link in case.links_between(alone, SOUND) if link["probability"] >= SURE)
    return [sorted(names) for names in sorted(_tied(alone, sure), key=_largest_first) if len(names) > 1]


def _linked_draft(case: Case, names: Sequence[str]) -> Draft:
    inner = _inner(case, set(names))
    return Draft(
        "same_operator",
        f"linked {names[0]}",
        "",
        "possible",
        {"sites": sites(names, 5), **_link_values(inner)},
        _told(case, inner),
        "possible",
        "rest",
        against=[("single", {}), *_accidents(inner)],
        about=list(names),
        size=-10,
        suspect=True,
    )


def _rest_draft(case: Case, rest: Sequence[tuple[Sequence[Row], Sequence[str]]], confidence: str) -> Draft:
    inner = [link for _, group in rest for link in _inner(case, set(group))]
    names = sorted({name for _, group in rest for name in group})
    groups = chain.from_iterable(rows for rows, _ in rest)
    return Draft(
        "same_operator",
        "rest",
        "",
        confidence,
        {"groups": count(len(rest), "group"), "sites": sites(names, 5), **_link_values(inner)},
        chain(groups, map(tie, inner)),
        f"rest_{confidence}",
        "rest",
        against=_accidents(inner),
        size=-20,
        suspect=bool(case.suspects & set(names)),
    )


def _accidents(inner: Sequence[Record]) -> list[tuple[str, Mapping[str, Value]]]:
    accidents = parts(link["spurious"] for link in inner)
    return [("spurious", {"spurious": accidents})] if accidents[0] else []


def _link_values(inner: Sequence[Record]) -> dict[str, Value]:
    tiers = Counter(link["tier"] for link in inner)
    return {
        "links": (
            f"{tiers['conclusive']} conclusive and {tiers['associative']} associative links tie them",
            f"決定的なつながり{tiers['conclusive']}本、関連を示すつながり{tiers['associative']}本",
        ),
        "families": (_families(inner, "en", ", "), _families(inner, "ja", "、")),
    }


def _families(links: Sequence[Record], language: str, comma: str) -> str:
    """Families of evidence with the number of links that bear them, the most frequent first."""
    counted = Counter(family for link in links for family in link["families"].split())
    names = registry()["families"]
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return comma.join(f"{names.get(name, {}).get(language, name)} ({number})" for name, number in ordered)


def _inner(case: Case, names: set[str]) -> list[Record]:
    """The links between ``names`` that may be printed, heaviest first."""
    return list(case.links_between(names, SOUND))


def _rows(case: Case, network: Record, sound: Sequence[Record], inner: Sequence[Record]) -> Iterator[Row]:
    """The network, the link that holds each member in, and the shared values of these links with both sightings."""
    holding = {row["link_id"] for row in sound}
    yield _group(network)
    yield from _told(case, (link for link in inner if link["link_id"] in holding))


def _told(case: Case, links: Iterable[Record]) -> Iterator[Row]:
    """The links, each with the values that it rests on."""
    for link in links:
        yield tie(link)
        yield from _shared(case, link)


def _shared(case: Case, link: Record) -> Iterator[Row]:
    """The shared values of a link, heaviest first, each with both sightings."""
    items = case.rows("publisher_link_evidence", "link_id", link["link_id"])
    for item in sorted(items, key=lambda e: (-e["bits"], e["evidence_id"])):
        role = "for" if item["bits"] > 0 else "against"
        note = noted(
            "shared",
            a=link["publisher_a"],
            b=link["publisher_b"],
            kind=kind_of(item["kind"]),
            bits=f"{item['bits']:.1f}",
            doubt=aside(item["spurious"] or item["reason"]),
        )
        seen = case.observations((item["observation_a"], item["observation_b"])).values()
        capture = next((o["capture_id"] for o in seen if o["capture_id"]), "")
        yield Row("publisher_link_evidence", item["evidence_id"], note, capture, item["value"], role)
        if item["bits"] > 0:
            yield from map(sighting, seen)


def _group(network: Record) -> Row:
    return Row("networks", network["network_id"], noted("network", core=network["core"], what=aside(network["shared"])))


def operator_is(case: Case) -> list[Draft]:
    """One draft for each network whose evidence names an operator otherwise than by circumstance."""
    drafts = []
    for network in case.table("networks"):
        sound = [row["publisher"] for row in _members(case, network["network_id"])[0]]
        confidence = NAMING.get(network["operator_confidence"])
        if not network["operator"] or not confidence or len(sound) < 2 or network["tier"] == "circumstantial":
            continue
        if on_pages(network["operator_kind"]) and len(_alike(case, sound)) == len(sound):
            continue  # a copy of a page states the name that the page does
        naming = case.observations(network["operator_observations"].split()).values()
        if not naming:
            continue
        silent = len(sound) - (network["operator_publishers"] or 0)
        against: list[tuple[str, dict[str, Value]]] = [("self_stated", {})]
        if silent > 0:
            against.append(("silent", {"silent": count(silent, "site")}))
        values: dict[str, Value] = {
            "sites": sites(sound),
            "operator": network["operator"],
            "named": count(network["operator_publishers"] or 0, "site"),
            "kind": kind_of(network["operator_kind"]),
        }
        drafts.append(
            Draft(
                "operator_is",
                network["network_id"],
                network["operator"],
                confidence,
                values,
                [
                    Row("networks", network["network_id"], noted("names", operator=network["operator"])),
                    *map(sighting, naming),
                ],
                confidence,
                against=against,
                about=[network["network_id"], network["operator"], *sound],
                size=min(len(sound), 40),
                suspect=bool(case.suspects & set(sound)),
            )
        )
    return drafts
