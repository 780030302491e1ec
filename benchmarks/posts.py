"""Measure co-posting on invented posts: how often chance is taken for co-posting, how much planted co-posting is found.

    .venv/bin/python benchmarks/posts.py [--posts N] [--worlds N] [--json FILE]

Worlds without coordination, in which every listed pair is wrong: `even` (accounts of very different activity, things
of very different popularity, spread fast at first), `hours` (each account is awake in its own eight hours),
`sessions` (each posts in short sessions, several things at once), `seasons` (each posts in three weeks of its own),
`tastes` (each account has a taste and mostly posts things of that taste: shared interest, which the null model does
not take out). In `planted`, groups of 3 to 12 accounts post part of what they post within minutes of each other, in a
world with hours. The last line is the whole step on --posts posts.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from wiretrace import schema
from wiretrace.config import Inputs, Investigation
from wiretrace.trace import posts

START, DAYS = 1_700_000_000, 60
Row = tuple[str, int, str, int]


def world(seed: int, count: int, kind: str) -> tuple[list[Row], list[list[str]]]:
    """(account, time, address, created) rows, and the planted groups."""
    dice = np.random.default_rng(seed)
    accounts, things = max(60, count // 25), max(30, count // 12)
    activity = dice.pareto(1.2, accounts) + 0.3
    activity = np.minimum(activity / activity.sum(), 0.02)
    popularity = dice.pareto(1.1, things) + 0.2
    popularity = np.minimum(popularity / popularity.sum(), 0.01)
    who = dice.choice(accounts, count, p=activity / activity.sum())
    what = dice.choice(things, count, p=popularity / popularity.sum())
    if kind == "tastes":
        taste, topic = dice.integers(0, 20, accounts), np.sort(dice.integers(0, 20, things))
        same = dice.random(count) < 0.7
        for t in range(20):
            own = np.flatnonzero(topic == t)
            rows = np.flatnonzero(same & (taste[who] == t))
            if len(own):
                what[rows] = dice.choice(own, len(rows), p=popularity[own] / popularity[own].sum())
    born = dice.integers(0, DAYS * 86_400, things)
    when = born[what] + dice.exponential(6 * 3600, count).astype(np.int64)
    if kind in ("hours", "planted", "sessions"):
        wakes = dice.integers(0, 86_400, accounts)
        when = when // 86_400 * 86_400 + (wakes[who] + dice.integers(0, 8 * 3600, count)) % 86_400
    if kind == "seasons":
        begins = dice.integers(0, (DAYS - 20) * 86_400, accounts)
        when = begins[who] + dice.integers(0, 20 * 86_400, count)
    if kind == "sessions":
        session = dice.integers(0, 86_400 // 900, (accounts, DAYS + 10))
        when = when // 86_400 * 86_400 + session[who, np.minimum(when // 86_400, DAYS + 9)] * 900 + when % 900
    created = START - dice.integers(0, 5 * 365 * 86_400, accounts)
    rows = [
        (f"acc{a}", START + int(t), f"https://site{i % 97}.example/{i}", int(created[a]))
        for a, t, i in zip(who, when, what, strict=True)
    ]
    groups = []
    for number in range(max(2, count // 4000) if kind == "planted" else 0):
        size, thing = int(dice.integers(3, 13)), int(dice.integers(6, 30))
        group = [f"group{number}-{k}" for k in range(size)]
        born_group = START - int(dice.integers(86_400, 300 * 86_400))
        groups.append(group)
        for j in range(thing):
            moment = START + int(dice.integers(0, DAYS * 86_400))
            address = f"https://planted{number % 7}.example/{number}/{j}"
            for name in group:
                if dice.random() < 0.7:
                    rows.append((name, moment + int(dice.integers(0, 480)), address, born_group))
        for name in group:  # what else they post, like anybody
            for i, t in zip(dice.choice(things, 15), dice.integers(0, DAYS * 86_400, 15), strict=True):
                rows.append((name, START + int(t), f"https://site{i % 97}.example/{i}", born_group))
    return rows, groups


def tables(rows: list[Row], folder: Path) -> dict[str, list[dict[str, object]]]:
    """The tables of these rows, through the file that a user would give."""
    path = folder / "posts.csv"
    with open(path, "w", encoding="utf-8") as out:
        out.write("account,posted_at,url,account_created_at\n")
        for account, moment, address, created in rows:
            stamp = datetime.fromtimestamp(moment, UTC).isoformat()
            out.write(f"{account},{stamp},{address},{datetime.fromtimestamp(created, UTC).date()}\n")
    made = posts(schema.frame("articles"), Investigation(investigation="x", inputs=Inputs(posts=[str(path)])))
    return {name: schema.records(frame) for name, frame in made.items()}


def null(kind: str, count: int, worlds: int, folder: Path) -> dict[str, object]:
    """Listed pairs in worlds without coordination."""
    listed, grouped, bursts, compared = 0, 0, 0, 0
    for seed in range(worlds):
        made = tables(world(1000 + seed, count, kind)[0], folder)
        listed += len(made["post_pairs"])
        grouped += sum(int(str(g["accounts"])) for g in made["post_groups"])
        bursts += len(made["account_bursts"])
        compared += len(made["post_accounts"]) * (len(made["post_accounts"]) - 1) // 2
    return {"worlds": worlds, "pairs": compared, "listed": listed, "accounts in groups": grouped, "bursts": bursts}


def planted(count: int, worlds: int, folder: Path) -> dict[str, object]:
    """Planted pairs and groups found, and what else is listed."""
    total: Counter[str] = Counter()
    for seed in range(worlds):
        rows, groups = world(2000 + seed, count, "planted")
        made = tables(rows, folder)
        true = {(a, b) for g in groups for a in sorted(g) for b in sorted(g) if a < b}
        found = {(str(p["account_a"]), str(p["account_b"])) for p in made["post_pairs"]}
        total.update({"pairs": len(true), "found": len(true & found), "wrong": len(found - true)})
        members: dict[str, set[str]] = {}
        for row in made["post_accounts"]:
            if row["group_id"]:
                members.setdefault(str(row["group_id"]), set()).add(str(row["account"]))
        total["groups"] += len(groups)
        total["groups whole"] += sum(set(g) in members.values() for g in groups)
        inside = {str(r["account"]) for r in made["post_accounts"] if r["burst_id"]}
        total["accounts"] += sum(map(len, groups))
        total["accounts in bursts"] += sum(len(set(g) & inside) for g in groups if len(g) >= 6)
        total["accounts of groups of six or more"] += sum(len(g) for g in groups if len(g) >= 6)
        total["others in bursts"] += sum(not name.startswith("group") for name in inside)
    return dict(total)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--size", type=int, default=20_000, help="posts of each small world")
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--json")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures: dict[str, object] = {
            kind: null(kind, args.size, args.worlds, folder)
            for kind in ("even", "hours", "sessions", "tastes", "seasons")
        }
        figures["planted"] = planted(args.size, args.worlds, folder)
        rows, _ = world(7, args.posts, "planted")
        began = time.process_time()
        made = tables(rows, folder)
        figures["whole step"] = {
            "posts": len(made["posts"]),
            "listed pairs": len(made["post_pairs"]),
            "CPU-seconds": round(time.process_time() - began, 1),
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    print(json.dumps(figures, indent=1))
    if args.json:
        Path(args.json).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


main()
