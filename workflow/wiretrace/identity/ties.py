"""What belongs together because each is tied to the next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

Name = TypeVar("Name", int, str)


def standing(pairs: Iterable[tuple[Name, Name]]) -> dict[Name, Name]:
    """For each name in ``pairs`` the smallest of all that they tie together, directly or not."""
    parent: dict[Name, Name] = {}

    def root(name: Name) -> Name:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for pair in pairs:
        one, other = sorted(map(root, pair))
        parent[other] = one
    return {name: root(name) for name in list(parent)}
