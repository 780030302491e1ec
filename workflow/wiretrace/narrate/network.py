"""The picture of networks: each a ring of its members, with the links that hold them together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wiretrace.narrate import svg
from wiretrace.narrate.spoken import named, number_of, said, stated
from wiretrace.narrate.version import Version
from wiretrace.publish.rows import Record

WIDTH = 1140.0
LETTER, LONGEST = 7.0, 30  # width of a letter of a label, and letters that a label has at the most
WIDEST = 300.0  # radius of a ring
CROWDED = 24  # members from which labels stand like the spokes of a wheel
MOST_LINKS = 220  # in one ring: those that hold a member in, then the heaviest
NETWORKS = 8


@dataclass(frozen=True)
class Ring:
    """One network laid out: its rows and where each member stands."""

    network: Record
    members: Sequence[Record]
    radius: float

    @property
    def label(self) -> float:
        """Room for a label beside a mark."""
        return 22 + LETTER * min(max((len(row["publisher"]) for row in self.members), default=0), LONGEST)

    @property
    def width(self) -> float:
        return 2 * (self.radius + self.label)

    @property
    def height(self) -> float:
        return 2 * (self.radius + (self.label if self.crowded else 46))

    @property
    def crowded(self) -> bool:
        return len(self.members) > CROWDED


def network_picture(version: Version, language: str = "en") -> Markup | None:
    """All networks, the largest first; None where there is none."""
    names = [network["network_id"] for network in version.networks[:NETWORKS]]
    members = [list(version.having("network_members", "network_id", name)) for name in names]
    rings = [_ring(network, own) for network, own in zip(version.networks, members, strict=False)]
    if not rings:
        return None
    parts: list[Markup] = []
    top, number, links = 0.0, 0, _links(version, rings)
    for row in _rows(rings):
        left = (WIDTH - sum(ring.width for ring in row)) / 2
        for ring in row:
            parts.append(_draw(version, ring, left, top, links, number, language))
            left, number = left + ring.width, number + 1
        top += max(ring.height for ring in row)
    described = " ".join(
        said(
            "network_said",
            language,
            letter=version.letters[ring.network["network_id"]],
            sites=number_of(ring.network["core"], "site", language),
            shared=stated(ring.network["shared"], language),
        )
        for ring in rings
    )
    return svg.picture(WIDTH, top, "networks", language, said("network_title", language), described, parts)


def _rows(rings: Sequence[Ring]) -> list[list[Ring]]:
    """Rings side by side as long as they fit."""
    rows: list[list[Ring]] = []
    for ring in rings:
        if rows and sum(r.width for r in rows[-1]) + ring.width <= WIDTH:
            rows[-1].append(ring)
        else:
            rows.append([ring])
    return rows


def _ring(network: Record, members: Sequence[Record]) -> Ring:
    ordered = sorted(members, key=lambda m: (m["standing"] != "core", m["publisher"]))
    return Ring(network, ordered, min(max(58.0, len(ordered) * 9.5), WIDEST))


def _links(version: Version, rings: Sequence[Ring]) -> dict[tuple[str, str], Record]:
    """Links between the publishers of ``rings``."""
    drawn = {member["publisher"] for ring in rings for member in ring.members}
    rows = version.table("publisher_links")
    return {
        (row["publisher_a"], row["publisher_b"]): row
        for row in rows
        if row["publisher_a"] in drawn and row["publisher_b"] in drawn
    }


def _draw(
    version: Version,
    ring: Ring,
    left: float,
    top: float,
    links: dict[tuple[str, str], Record],
    number: int,
    language: str,
) -> Markup:
    cx, cy = left + ring.width / 2, top + ring.height / 2
    places = {}
    for index, member in enumerate(ring.members):
        angle = 2 * math.pi * index / max(len(ring.members), 1) - math.pi / 2
        places[member["publisher"]] = (cx + ring.radius * math.cos(angle), cy + ring.radius * math.sin(angle), angle)
    inner = [link for pair, link in sorted(links.items()) if pair[0] in places and pair[1] in places]
    holding = {member["link_id"] for member in ring.members}
    inner = sorted(inner, key=lambda k: (k["link_id"] not in holding, -k["bits"], k["link_id"]))[:MOST_LINKS]
    strength = {link["link_id"]: link["strongest"] for link in links.values() if link["link_id"] in holding}
    parts = [_line(link, places, language) for link in reversed(inner)]
    for member in ring.members:
        told = _told(member, strength.get(member["link_id"], ""), language)
        parts.append(_mark(member, places[member["publisher"]], told, number, ring.crowded))
    letter = version.letters[ring.network["network_id"]]
    sites = number_of(ring.network["core"], "site", language)
    parts.append(svg.text(said("network_letter", language, letter=letter), cx, cy - 4, "ring-name", "middle"))
    parts.append(svg.text(sites, cx, cy + 15, "ring-size", "middle"))
    return svg.element("g", *parts, class_=f"ring tone-{number % 6}")


def _line(link: Record, places: dict[str, tuple[float, float, float]], language: str) -> Markup:
    (x1, y1, _), (x2, y2, _) = places[link["publisher_a"]], places[link["publisher_b"]]
    told = said(
        "tie_said",
        language,
        a=link["publisher_a"],
        b=link["publisher_b"],
        bits=f"{link['bits']:.1f}",
        tier=named(link["tier"], language),
        why=stated(link["strongest"], language),
    )
    width = min(0.5 + link["bits"] / 16, 3.2)
    title = svg.element("title", told)
    return svg.element(
        "line", title, x1=x1, y1=y1, x2=x2, y2=y2, stroke_width=f"{width:.2f}", class_=f"tie {link['tier']}"
    )


def _told(member: Record, why: str, language: str) -> str:
    """What a member's mark says: how it stands, by what, and since when its domain is registered."""
    told = said(
        "site_said",
        language,
        site=member["publisher"],
        standing=named(member["standing"], language),
        bits=f"{member['bits']:.1f}",
        why=stated(why, language),
    )
    day = member["registered"][:10]
    return f"{told} {said('registered_on', language, day=day)}" if day else told


def _mark(member: Record, place: tuple[float, float, float], told: str, number: int, crowded: bool) -> Markup:
    x, y, _ = place
    core = member["standing"] == "core"
    shape = "circle" if number % 2 == 0 else "rect"
    sizes = (
        {"cx": x, "cy": y, "r": 6.0} if shape == "circle" else {"x": x - 5.5, "y": y - 5.5, "width": 11, "height": 11}
    )
    mark = svg.element(shape, svg.element("title", told), class_="site core" if core else "site fringe", **sizes)
    return svg.element("g", mark, _spoke(member, place) if crowded else _label(member, place))


def _label(member: Record, place: tuple[float, float, float]) -> Markup:
    x, y, angle = place
    anchor = "middle" if abs(math.cos(angle)) < 0.12 else "start" if math.cos(angle) > 0 else "end"
    lift = -8.0 if math.sin(angle) < -0.95 else 16.0 if math.sin(angle) > 0.95 else 4.0
    side = {"middle": 0.0, "start": 12.0, "end": -12.0}[anchor]
    return svg.text(member["publisher"], x + side, y + lift, "site-name", anchor, LONGEST)


def _spoke(member: Record, place: tuple[float, float, float]) -> Markup:
    x, y, angle = place
    right = math.cos(angle) >= 0
    turned = math.degrees(angle) if right else math.degrees(angle) + 180
    label = svg.text(member["publisher"], 12 if right else -12, 4, "site-name", "start" if right else "end", LONGEST)
    return svg.element("g", label, transform=f"translate({x:.1f} {y:.1f}) rotate({turned:.1f})")
