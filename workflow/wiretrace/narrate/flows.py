"""The picture of where texts went: from each distributor, and each other source that a claim tells of, to the networks
and sites that ran them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from markupsafe import Markup

from wiretrace.narrate import svg
from wiretrace.narrate.spoken import number_of, said
from wiretrace.narrate.version import Version

WIDTH, LEFT, RIGHT, BAR, GAP = 1040.0, 250.0, 360.0, 12.0, 18.0
LONGEST = 34  # letters of a name beside its number
SINGLE = 10  # sites outside networks that get a line of their own
OTHERS, NETWORK = "others", "network "  # groups that are no site's name
# How many articles of each publisher are traced to each source; its own translations are no outlet's articles.
TRACED = """
SELECT t.candidate_publisher AS source, a.publisher AS publisher, count(*) AS articles
FROM traces t JOIN articles a USING (article_id)
WHERE t.rank = 1 AND t.verdict IN ('source_found', 'probable') AND t.candidate_publisher <> a.publisher
AND t.candidate_publisher IN (
  SELECT distributor FROM distributors UNION SELECT object FROM claims WHERE type = 'taken_from'
)
GROUP BY 1, 2
"""
# The height that all bands share, and how thick one article may be, in units of the picture.
HEIGHT, THICKEST, LEAST = 360.0, 8.0, 6.0


def flows(version: Version) -> dict[tuple[str, str], tuple[int, int]]:
    """(source, group) → (articles, sites) traced. A group is a network, a site, or all other sites."""
    traced = {(row["source"], row["publisher"]): row["articles"] for row in version.query(TRACED)}
    alone: Counter[str] = Counter()
    for (_, publisher), number in traced.items():
        if publisher not in version.network_of:
            alone[publisher] += number
    kept = {p for p, _ in sorted(alone.items(), key=lambda item: (-item[1], item[0]))[:SINGLE]}
    articles: Counter[tuple[str, str]] = Counter()
    sites: dict[tuple[str, str], set[str]] = {}
    for (source, publisher), number in traced.items():
        network = version.network_of.get(publisher)
        group = f"{NETWORK}{version.letters[network]}" if network else publisher if publisher in kept else OTHERS
        articles[source, group] += number
        sites.setdefault((source, group), set()).add(publisher)
    return {key: (articles[key], len(sites[key])) for key in sorted(articles)}


def group_name(group: str, language: str) -> str:
    """A group as a reader knows it."""
    if group.startswith(NETWORK):
        return said("network_letter", language, letter=group.removeprefix(NETWORK))
    return said("other_sites", language) if group == OTHERS else group


def flow_picture(version: Version, language: str = "en") -> Markup | None:
    """Bands from sources to groups, as wide as the articles are many; None where nothing was traced."""
    found = flows(version)
    if not found:
        return None
    sources, targets = _totals(found, 0), _totals(found, 1)
    scale = min(HEIGHT / max(sum(sources.values()), 1), THICKEST)
    left, bottom_left = _stack(sources, scale)
    right, bottom_right = _stack(targets, scale)
    parts, used_left, used_right = [], dict(left), dict(right)
    for source in sources:
        for target in targets:
            if (source, target) in found:
                number, sites = found[source, target]
                thick = number * scale
                parts.append(
                    _band(
                        used_left[source],
                        used_right[target],
                        thick,
                        _told(source, target, number, sites, language),
                    )
                )
                used_left[source] += thick
                used_right[target] += thick
    names = version.distributors
    for source, number in sources.items():
        parts.append(
            svg.element("rect", x=LEFT, y=left[source], width=BAR, height=max(number * scale, 1.5), class_="end")
        )
        middle = left[source] + max(number * scale, LEAST) / 2
        parts.append(svg.text(names.get(source) or source, LEFT - 12, middle, "flow-name", "end", 30))
        note = f"{source} · {number_of(number, 'article', language)}"
        parts.append(svg.text(note, LEFT - 12, middle + 15, "flow-note", "end", 40))
    for target, number in targets.items():
        x = WIDTH - RIGHT
        parts.append(
            svg.element("rect", x=x - BAR, y=right[target], width=BAR, height=max(number * scale, 1.5), class_="end")
        )
        note = f"{_short(group_name(target, language))} · {number_of(number, 'article', language)}"
        parts.append(
            svg.text(note, x + 12, right[target] + max(number * scale, LEAST) / 2 + 4, "flow-name", "start", 56)
        )
    described = " ".join(_told(s, t, number, sites, language) for (s, t), (number, sites) in found.items())
    title = said("flow_title", language)
    return svg.picture(WIDTH, max(bottom_left, bottom_right) + 24, "flow", language, title, described, parts)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"


def _told(source: str, target: str, number: int, sites: int, language: str) -> str:
    return said(
        "flow_said",
        language,
        source=source,
        target=group_name(target, language),
        articles=number_of(number, "article", language),
        sites=number_of(sites, "site", language),
    )


def _totals(found: Mapping[tuple[str, str], tuple[int, int]], side: int) -> dict[str, int]:
    """Articles of each end, the largest first."""
    total: Counter[str] = Counter()
    for key, (number, _) in found.items():
        total[key[side]] += number
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def _stack(totals: Mapping[str, int], scale: float) -> tuple[dict[str, float], float]:
    """Where each end begins, from the top down, and where the last one ends."""
    places, y = {}, 20.0
    for name, number in totals.items():
        places[name] = y
        y += max(number * scale, LEAST) + GAP + 8
    return places, y


def _band(y1: float, y2: float, thick: float, told: str) -> Markup:
    x1, x2 = LEFT + BAR, WIDTH - RIGHT - BAR
    middle = (x1 + x2) / 2
    a, b = y1 + thick / 2, y2 + thick / 2
    path = f"M{x1:.1f} {a:.1f}C{middle:.1f} {a:.1f} {middle:.1f} {b:.1f} {x2:.1f} {b:.1f}"
    return svg.element("path", svg.element("title", told), d=path, stroke_width=f"{max(thick, 1.2):.2f}", class_="band")
