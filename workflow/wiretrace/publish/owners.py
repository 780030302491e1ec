"""Claims on who runs sites: that one operator runs several, and whom the evidence names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wiretrace.publish.case import Case, Draft, Record, Row, sighting
from wiretrace.publish.wording import Value, aside, count, kind_of, noted, parts, registry, sites, term

# What holds a member may be printed; circumstantial evidence alone may not.
SOUND = ("conclusive", "associative")
# Networks told one by one.
TOLD = 12
NAMING = {"conclusive": "likely", "associative": "possible"}


def _rank(confidence: str) -> int:
    return ("possible", "likely", "established").index(confidence)


def _joined(case: Case, rows: Sequence[Record], tiers: Sequence[str]) -> list[Record]:
    """The most members that links of these tiers hold together; of equally many, those of the first name."""
    group = {row["publisher"]: {row["publisher"]} for row in rows}
    for link in case.table("publisher_links"):
        a, b = group.get(link["publisher_a"]), group.get(link["publisher_b"])
        if a is not None and b is not None and a is not b and link["tier"] in tiers:
            a, b = (a, b) if len(a) >= len(b) else (b, a)
            a |= b
            group |= dict.fromkeys(b, a)
    best = min(group.values(), key=lambda names: (-len(names), min(names)), default=set())
    return [row for row in rows if row["publisher"] in best]


@dataclass(frozen=True)
class Standing:
    """A network that stands without circumstantial links: its row, what stands, what is beside it, how sure."""

    network: Record
    sound: Sequence[Record]
    beside: Sequence[Record]  # the first ``weak`` are held by circumstance alone, the others fringe
    weak: int
    confidence: str


def _members(case: Case, network: str) -> tuple[list[Record], list[Record], list[Record]]:
    """Members by what ties them to the group: core and held together by sound links; other core; fringe."""
    tier = {row["link_id"]: row["tier"] for row in case.table("publisher_links")}
    rows = case.grouped("network_members", "network_id").get(network, [])
    core = [row for row in rows if row["standing"] == "core"]
    sound = _joined(case, [row for row in core if tier.get(row["link_id"]) in SOUND], SOUND)
    return sound, [row for row in core if row not in sound], [row for row in rows if row["standing"] == "fringe"]


def standing(case: Case) -> list[Standing]:
    """The networks that may be told of as one operator's, those of the question first, then the larger ones."""
    links = {row["link_id"]: row for row in case.table("publisher_links")}
    found = []
    for network in case.table("networks"):
        sound, weak, fringe = _members(case, network["network_id"])
        if len(sound) >= 2:
            held = {links[row["link_id"]]["tier"] for row in sound}
            # Without one conclusive link, what they share may still be one host's bulk registrations.
            confidence = "established" if held == {"conclusive"} else "likely" if "conclusive" in held else "possible"
            if network["tier"] == "circumstantial" or len(_joined(case, sound, ("conclusive",))) < len(sound):
                # The whole is listed together, not proven; or conclusive links alone leave it in pieces.
                confidence = "possible" if network["tier"] == "circumstantial" else min(confidence, "likely", key=_rank)
            found.append(Standing(network, sound, weak + fringe, len(weak), confidence))
    return sorted(found, key=lambda s: (not _names(s.sound) & case.suspects, -len(s.sound), s.network["network_id"]))


def same_operator(case: Case) -> list[Draft]:
    """One draft for each network that stands without circumstantial links; beyond a dozen, the small ones together."""
    links = {row["link_id"]: row for row in case.table("publisher_links")}
    stands = standing(case)
    drafts = [_network_draft(case, links, one) for one in stands[:TOLD]]
    for confidence in ("established", "likely", "possible"):
        rest = [(one.network, one.sound) for one in stands[TOLD:] if one.confidence == confidence]
        if rest:
            drafts.append(_rest_draft(case, links, rest, confidence))
    return drafts


def _names(members: Sequence[Record]) -> set[str]:
    return {row["publisher"] for row in members}


def _network_draft(case: Case, links: Mapping[str, Record], one: Standing) -> Draft:
    network, sound, confidence = one.network, one.sound, one.confidence
    inner = _inner(links, _names(sound))
    names = [row["publisher"] for row in sound]
    values: dict[str, Value] = {
        "sites": sites(names, 5),
        "bits": f"{min(row['bits'] for row in sound):.1f}",
        **_link_values(inner),
    }
    against = _accidents(inner)
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


def _rest_draft(
    case: Case, links: Mapping[str, Record], rest: Sequence[tuple[Record, Sequence[Record]]], confidence: str
) -> Draft:
    inner = [link for _, sound in rest for link in _inner(links, _names(sound))]
    names = sorted({row["publisher"] for _, sound in rest for row in sound})
    groups = [_group(network) for network, _ in rest]
    pairs = [_pair(link) for link in inner]
    return Draft(
        "same_operator",
        "rest",
        "",
        confidence,
        {"groups": count(len(rest), "group"), "sites": sites(names, 5), **_link_values(inner)},
        groups + pairs,
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


def _inner(links: Mapping[str, Record], names: set[str]) -> list[Record]:
    """Sound links between the members, heaviest first."""
    inner = [
        link
        for link in links.values()
        if link["publisher_a"] in names and link["publisher_b"] in names and link["tier"] in SOUND
    ]
    return sorted(inner, key=lambda link: (-link["bits"], link["link_id"]))


def _rows(case: Case, network: Record, sound: Sequence[Record], inner: Sequence[Record]) -> list[Row]:
    """The network, the link that holds each member in, and the shared values of these links with both sightings."""
    holding = {row["link_id"] for row in sound}
    by_link = case.grouped("publisher_link_evidence", "link_id", holding)
    observations = _observations(
        case,
        (item[side] for items in by_link.values() for item in items for side in ("observation_a", "observation_b")),
    )
    rows = [_group(network)]
    for link in (link for link in inner if link["link_id"] in holding):
        rows.append(_pair(link))
        for item in sorted(by_link.get(link["link_id"], []), key=lambda e: (-e["bits"], e["evidence_id"])):
            role = "for" if item["bits"] > 0 else "against"
            note = noted(
                "shared",
                a=link["publisher_a"],
                b=link["publisher_b"],
                kind=kind_of(item["kind"]),
                bits=f"{item['bits']:.1f}",
                doubt=aside(item["spurious"] or item["reason"]),
            )
            seen = [observations[o] for o in (item["observation_a"], item["observation_b"]) if o in observations]
            capture = next((o["capture_id"] for o in seen if o["capture_id"]), "")
            rows.append(Row("publisher_link_evidence", item["evidence_id"], note, capture, item["value"], role))
            rows += [sighting(o) for o in seen if item["bits"] > 0]
    return rows


def _observations(case: Case, wanted: Iterable[str]) -> dict[str, Record]:
    """The observations ``wanted``, by id."""
    rows = case.only("observations", "observation_id", set(wanted) - {""})
    return {row["observation_id"]: row for row in rows}


def _group(network: Record) -> Row:
    return Row("networks", network["network_id"], noted("network", core=network["core"], what=aside(network["shared"])))


def _pair(link: Record) -> Row:
    note = noted(
        "pair",
        a=link["publisher_a"],
        b=link["publisher_b"],
        bits=f"{link['bits']:.1f}",
        tier=term(link["tier"]),
        why=aside(link["strongest"]),
    )
    return Row("publisher_links", link["link_id"], note)


def operator_is(case: Case) -> list[Draft]:
    """One draft for each network whose evidence names an operator otherwise than by circumstance."""
    named = (o for network in case.table("networks") for o in network["operator_observations"].split())
    observations = _observations(case, named)
    drafts = []
    for network in case.table("networks"):
        sound = [row["publisher"] for row in _members(case, network["network_id"])[0]]
        confidence = NAMING.get(network["operator_confidence"])
        if not network["operator"] or not confidence or len(sound) < 2 or network["tier"] == "circumstantial":
            continue
        naming = [observations[o] for o in network["operator_observations"].split() if o in observations]
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
