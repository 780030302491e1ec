"""Small invented worlds for the attribution: publishers by role, observations by kind."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from wiretrace import schema
from wiretrace.attribute import attribute
from wiretrace.config import Investigation


class World:
    """Collects what was seen and runs the attribution on it."""

    def __init__(self) -> None:
        self.roles: dict[str, str] = {}
        self.rows: list[dict[str, Any]] = []
        self.articles: list[dict[str, Any]] = []
        self._number = itertools.count(1)

    def add(self, publisher: str, role: str = "suspect", **values: str | list[str]) -> str:
        """A publisher and what it bears, by kind."""
        self.roles.setdefault(publisher, role)
        for kind, value in values.items():
            for each in [value] if isinstance(value, str) else value:
                self.see(publisher, kind.removeprefix("k_"), each)
        return publisher

    def see(
        self, publisher: str, kind: str, value: str, first: str = "2024-03-01", last: str = "2024-03-02", **more: str
    ) -> None:
        """One observation."""
        self.roles.setdefault(publisher, "suspect")
        self.rows.append(
            {
                "observation_id": f"o-{next(self._number):016x}",
                "publisher": publisher,
                "kind": kind,
                "value": value,
                "state": "value",
                "first_seen": f"{first}T00:00:00Z",
                "last_seen": f"{last}T00:00:00Z",
                "source": "page",
                "rule_id": "test",
            }
            | more
        )

    def controls(self, count: int = 12, **values: str) -> None:
        """Unrelated publishers, each with what all of them bear."""
        for number in range(count):
            self.add(f"control{number}.example", "control", **values)

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """publishers, observations, articles."""
        publishers = schema.frame(
            "publishers",
            (
                {
                    "publisher": name,
                    "kind": "account" if "/" in name else "domain",
                    "role": role,
                    "articles": 0,
                    "pages": 1,
                }
                for name, role in self.roles.items()
            ),
        )
        return publishers, schema.frame("observations", self.rows), schema.frame("articles", self.articles)

    def run(self, inputs: Mapping[str, Any] | None = None, **settings: float) -> dict[str, pd.DataFrame]:
        """The five tables."""
        given = {"investigation": "test", "attribute": settings, "inputs": inputs or {}}
        return attribute(*self.tables(), Investigation.model_validate(given))

    @staticmethod
    def pairs(found: Mapping[str, pd.DataFrame]) -> set[tuple[str, str]]:
        """The linked pairs."""
        links = found["publisher_links"]
        return set(zip(links["publisher_a"], links["publisher_b"], strict=True))

    @staticmethod
    def networks(found: Mapping[str, pd.DataFrame]) -> list[list[str]]:
        """The publishers of each network, largest first."""
        grouped = found["network_members"].groupby("network_id")["publisher"]
        return sorted((sorted(group) for _, group in grouped), key=lambda group: (-len(group), group))


@pytest.fixture
def world() -> World:
    """An empty world."""
    return World()
