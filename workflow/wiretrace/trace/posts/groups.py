"""Communities of accounts: groups within which far more is co-posted than between them.

Modularity is raised by moving one account at a time, then one group at a time (Blondel et al. 2008), in the order of
the accounts and with ties to the smaller number, so that the result is a function of the graph. Where two groups hang
together by few pairs only, they stay two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

LEAST = 3  # accounts of a group
ROUNDS = 50


def communities(edges: Sequence[tuple[int, int, float]]) -> list[list[int]]:
    """Groups of at least three nodes, each sorted, largest first; ``edges`` are (node, node, weight > 0)."""
    links: dict[int, dict[int, float]] = {}
    for a, b, weight in sorted(edges):
        links.setdefault(a, {})[b] = links.setdefault(b, {}).get(a, 0.0) + weight
        links[b][a] = links[a][b]
    members = {node: [node] for node in sorted(links)}
    for _ in range(ROUNDS):
        belongs = _moved(links)
        merged: dict[int, list[int]] = {}
        for node in sorted(links):
            merged.setdefault(belongs[node], []).extend(members[node])
        if len(merged) == len(links):
            break
        members, links = merged, _joined(links, belongs)
    found = [sorted(group) for group in members.values() if len(group) >= LEAST]
    return sorted(found, key=lambda group: (-len(group), group))


def _moved(links: dict[int, dict[int, float]]) -> dict[int, int]:
    """Each node's group after moves that raise modularity, until none does."""
    degree = {node: math.fsum(near.values()) for node, near in links.items()}
    total = math.fsum(degree.values()) or 1.0
    belongs = {node: node for node in links}
    weight = dict(degree)
    for _ in range(ROUNDS):
        moves = 0
        for node in sorted(links):
            own = belongs[node]
            weight[own] -= degree[node]
            shared: dict[int, float] = {own: 0.0}
            for other, strength in links[node].items():
                if other != node:
                    shared[belongs[other]] = shared.get(belongs[other], 0.0) + strength
            gain = {group: value - degree[node] * weight[group] / total for group, value in shared.items()}
            best = min(gain, key=lambda group: (-round(gain[group], 9), group != own, group))
            weight[best] += degree[node]
            belongs[node] = best
            moves += best != own
        if not moves:
            break
    return belongs


def _joined(links: dict[int, dict[int, float]], belongs: dict[int, int]) -> dict[int, dict[int, float]]:
    """The graph of groups; what is within a group becomes a link to itself."""
    made: dict[int, dict[int, float]] = {group: {} for group in sorted(set(belongs.values()))}
    for node in sorted(links):
        for other in sorted(links[node]):
            own = made[belongs[node]]
            own[belongs[other]] = own.get(belongs[other], 0.0) + links[node][other]
    return made
