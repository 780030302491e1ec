"""How far verdicts on direction can be trusted: ``python benchmarks/direction.py TABLES WORLD [TABLES WORLD ...]``.

``TABLES``: folder of a practice investigation's tables (``results/practice/work/tables``); ``WORLD``: its seed. Matches
are found once; then the verdicts are made anew on clocks that were falsified, by a stated seed:

- articles: of 30 % of the articles all that the publisher says of the time is moved together, one to ten days
- no files: the same, and neither sitemap nor server dates a file
- rows: 30 % of all publishers' statements are moved, each by itself
- no clocks: nothing is left but our own captures

Prints right, wrong and undecided among the articles whose source was read and matched or not (``traceable``), and the
traps; then how often verdicts were right by the candidate's log-odds.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from wiretrace import identity, schema
from wiretrace.config import Investigation
from wiretrace.practice import world
from wiretrace.trace import follow
from wiretrace.trace.clocks import best
from wiretrace.trace.matches import find
from wiretrace.trace.source import Traced
from wiretrace.trace.texts import Text, load

NEEDED = ("publishers", "articles", "article_versions", "article_parts", "clocks", "links", "outlet_listings")
SHARE = 0.3
SEED = 20251121
BINS = (2.5, 4.0, 5.0, 6.5, 8.0)


def moved(row: Mapping[str, Any], days: float) -> dict[str, Any]:
    """A clock row ``days`` later."""
    made = dict(row)
    for column in ("earliest", "latest"):
        time = datetime.strptime(row[column][:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
        made[column] = (time + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return made


def falsified(clocks: pd.DataFrame, how: str) -> pd.DataFrame:
    """``clocks`` with false statements, as the module says."""
    pick = random.Random(SEED)  # noqa: S311
    rows = schema.records(clocks)
    said = [row for row in rows if row["event"] == "published"]
    rest = [row for row in rows if row["event"] != "published"]
    if how == "no clocks":
        return schema.frame("clocks", [row for row in rest if row["source"] == "capture"])
    if how == "no files":
        rest = [row for row in rest if row["source"] not in ("http", "sitemap")]
    if how in ("articles", "no files"):
        articles = sorted({row["article_id"] for row in said})
        days = {name: pick.choice((-1, 1)) * pick.uniform(1, 10) for name in articles if pick.random() < SHARE}
        said = [moved(row, days[row["article_id"]]) if row["article_id"] in days else row for row in said]
    if how == "rows":
        said = [moved(r, pick.choice((-1, 1)) * pick.uniform(1, 10)) if pick.random() < SHARE else r for r in said]
    return schema.frame("clocks", said + rest)


class Truth:
    """Where each address's text really came from."""

    def __init__(self, seed: int) -> None:
        self.rows = {identity.canonical(r["address"]): r for r in world.build(seed).truth["articles"]}

    def chain(self, address: str) -> list[str]:
        """Addresses that the text came from, nearest first."""
        found: list[str] = []
        waiting = [address]
        while waiting:
            row = self.rows.get(waiting.pop(0), {})
            for source in (row.get("source_address", ""), *str(row.get("also", "")).split()):
                if source and identity.canonical(source) not in found:
                    found.append(identity.canonical(source))
                    waiting.append(identity.canonical(source))
        return found

    def outcome(self, texts: Sequence[Text], text: Text, traced: Traced) -> tuple[str, str]:
        """Group of the article and how its trace ended."""
        row = self.rows.get(text.address)
        if row is None:
            return "", ""
        group = "traps" if row["trap"] else "traceable" if row["traceable"] else "others"
        chain = self.chain(text.address)
        publishers = {identity.publisher_of(address) for address in chain}
        source = traced.source
        if traced.verdict == "is_source":
            return group, "right" if not chain or publishers == {text.publisher} else "wrong"
        if source is None:
            return group, "undecided" if chain else "right"
        return group, "right" if source.publisher in publishers else "wrong"


def measure(tables: Mapping[str, pd.DataFrame], truth: Truth) -> Counter[tuple[float, str]]:
    """Print the figures of one world; its verdicts by log-odds and outcome."""
    texts = load(tables["articles"], tables["article_versions"], tables["article_parts"])
    limits = Investigation.model_validate({"investigation": "benchmark"}).trace
    matches, _ = find(texts, best(tables["articles"], tables["clocks"]), tables["images"], limits)
    bins: Counter[tuple[float, str]] = Counter()
    for how in ("as read", "articles", "no files", "rows", "no clocks"):
        clocks = tables["clocks"] if how == "as read" else falsified(tables["clocks"], how)
        times = best(tables["articles"], clocks)
        _, _, traced = follow(tables["publishers"], tables["links"], tables["outlet_listings"], texts, times, matches)
        counts: Counter[tuple[str, str]] = Counter()
        for text, one in zip(texts, traced, strict=True):
            group, outcome = truth.outcome(texts, text, one)
            counts[group, outcome] += 1
            if how == "as read" and one.source is not None and group:
                bins[max((b for b in BINS if one.source.log_odds >= b), default=BINS[0]), outcome] += 1
        print(f"  {how:10}" + "".join(f"  {group}: {_shares(counts, group)}" for group in ("traceable", "traps")))
    return bins


def _shares(counts: Mapping[tuple[str, str], int], group: str) -> str:
    own = {outcome: counts.get((group, outcome), 0) for outcome in ("right", "wrong", "undecided")}
    total = sum(own.values()) or 1
    return f"right {own['right'] / total:.3f} wrong {own['wrong']} undecided {own['undecided']} of {total}"


def main() -> None:
    """Every pair of arguments, then the calibration over all."""
    pairs = list(zip(sys.argv[1::2], sys.argv[2::2], strict=True)) or [("results/practice/work/tables", "1")]
    bins: Counter[tuple[float, str]] = Counter()
    for folder, seed in pairs:
        print(f"world {seed}")
        tables = {name: schema.read(name, Path(folder) / f"{name}.csv") for name in NEEDED}
        bins += measure(tables, Truth(int(seed)))
    print("verdicts source_found and probable by log-odds, clocks as read")
    for low in BINS:
        right, wrong = bins[low, "right"], bins[low, "wrong"]
        if right + wrong:
            print(f"  from {low:4}: {right} of {right + wrong} right ({right / (right + wrong):.3f})")


main()
