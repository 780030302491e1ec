"""How often links are right that are said to be 95 % sure: reliability on invented worlds whose truth is known.

    python benchmarks/calibration.py [scored|practice [SEEDS]]

Each world has 700 publishers. About 1 pair in 1,000 is of one operator, in groups of 2 to 12. What an operator's sites
have in common, and what unrelated sites have by accident (a host, an agency's or advertising network's account, a
theme, a day of registration), is drawn at rates that are written here and not read from the registry. Sixty honest
publishers are controls. There are sorts of worlds, by how large the hosting firms are that no table knows. The
links of all worlds of a sort are put together. What was set by these worlds was set on the seeds 1 to 30 (`practice`).
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from itertools import combinations

import pandas as pd
from attribution import run

SIZE = 700
CONTROLS = 60
# Chance that a site has such a value at all, that an operator uses one for all its sites, and, where it does, that a
# site bears it; chance that a site bears a middleman's in place of its own.
KINDS = {
    "ga_ua": (0.5, 0.45, 0.9, 0.004),
    "adsense": (0.25, 0.45, 0.9, 0.03),
    "gtm": (0.3, 0.3, 0.9, 0.02),
    "site_verification": (0.3, 0.35, 0.8, 0.002),
    "registrant_email": (0.15, 0.6, 0.95, 0.004),
    "registrant_org": (0.2, 0.6, 0.95, 0.002),
    "contact_email": (0.3, 0.5, 0.9, 0.004),
    "favicon": (0.6, 0.35, 0.8, 0.02),
    "menu": (0.6, 0.3, 0.8, 0.01),
    "wp_user": (0.3, 0.4, 0.8, 0.02),
}
# Hosting firms of each world, none of which the shipped background knows: the largest has 1 in 220 of all sites, or 1
# in 40; and whether anybody gave controls.
HOSTS = {"small hosts": (1500, True), "large hosts": (120, True), "large hosts, no controls": (120, False)}
# Worlds of the seeds 1 to 30 were looked at while the method was set; the others only score it.
PRACTICE = range(1, 31)
SCORED = range(31, 46)
BINS = ((0.2, 0.35), (0.35, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.93), (0.93, 0.97), (0.97, 0.99), (0.99, 1.01))


def world(seed: int, hosts: int) -> tuple[list[tuple[str, str, str]], list[str], dict[str, int]]:
    """What is seen, the controls, and the operator of each publisher."""
    draw = random.Random(seed)  # noqa: S311
    names = [f"w{seed}s{number:04d}.example" for number in range(SIZE)]
    operator: dict[str, int] = {}
    at = CONTROLS
    number = 0
    while at < CONTROLS + 90:
        size = min(draw.choice((2, 3, 4, 6, 8, 12)), CONTROLS + 90 - at)
        operator |= dict.fromkeys(names[at : at + size], number)
        at, number = at + size, number + 1
    operator |= {name: number + 1 + place for place, name in enumerate(names) if name not in operator}
    habits = {each: _habits(draw, hosts) for each in sorted(set(operator.values()))}
    seen = [(name, kind, value) for name in names for kind, value in _site(draw, name, habits[operator[name]], hosts)]
    return seen, names[:CONTROLS], operator


def _habits(draw: random.Random, hosts: int) -> dict[str, str]:
    """What one operator uses for all its sites."""
    own = draw.getrandbits(60)
    found = {kind: f"{kind}-o{own}" for kind, (_, joint, _, _) in KINDS.items() if draw.random() < joint}
    if draw.random() < 0.5:
        found["host"] = str(_host(draw, hosts))
    if draw.random() < 0.4:
        found["created"] = _day(draw)
    return found


def _host(draw: random.Random, hosts: int) -> int:
    """One of the hosting firms, some larger than others; -1 is a well-known delivery network."""
    return -1 if draw.random() < 0.4 else int(hosts * draw.random() ** 1.5)


def _day(draw: random.Random) -> str:
    return f"{2012 + int(10 * draw.random() ** 0.6)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"


def _site(draw: random.Random, name: str, habits: dict[str, str], hosts: int) -> Iterator[tuple[str, str]]:
    for kind, (has, _, bears, middleman) in KINDS.items():
        if draw.random() >= has:
            continue
        value = habits[kind] if kind in habits and draw.random() < bears else f"{kind}-{name}"
        if draw.random() < middleman:
            value = f"{kind}-m{draw.randrange(8)}"
        yield kind, f"{value} | b | c | d | e" if kind == "menu" else value
    host = int(habits["host"]) if "host" in habits and draw.random() < 0.8 else _host(draw, hosts)
    if host < 0:
        yield from (("ip", f"104.16.{draw.randrange(250)}.{draw.randrange(250)}"), ("ns", "ada.ns.cloudflare.com"))
    else:
        block = f"198.{18 + host // 256}.{host % 256}"
        yield from (
            ("ip", f"{block}.{draw.randrange(4)}"),
            ("subnet24", f"{block}.0/24"),
            ("ns", f"ns1.host{host}.example"),
        )
    yield "created", habits["created"] if "created" in habits and draw.random() < 0.6 else _day(draw)
    yield "theme", f"theme{int(draw.paretovariate(0.8))}"


def main(seeds: Iterable[int], title: str) -> None:
    """Print the table of one sort of world."""
    links: list[tuple[float, bool]] = []
    worlds = pairs = true = within = right = 0
    for seed in seeds:
        hosts, told = HOSTS[title]
        seen, controls, operator = world(seed, hosts)
        found = run(seen, controls if told else (), BINS[0][0])
        table = found["publisher_links"]
        for a, b, p in zip(table["publisher_a"], table["publisher_b"], table["probability"], strict=True):
            links.append((float(p), operator[a] == operator[b]))
        worlds += 1
        true += sum(operator[a] == operator[b] for a, b in combinations(sorted(operator), 2))
        pairs += SIZE * (SIZE - 1) // 2
        members: pd.DataFrame = found["network_members"]
        for _, group in members.groupby("network_id")["publisher"]:
            inside = list(combinations(group, 2))
            within += len(inside)
            right += sum(operator[a] == operator[b] for a, b in inside)
    rate = f"1 in {pairs // max(true, 1):,}"
    print(f"\n{title}: {worlds} worlds of {SIZE}; of one operator: {true} of {pairs:,} pairs ({rate})")
    print(f"{'said':<14}{'links':>8}{'said, mean':>12}{'right':>8}")
    for low, high in BINS:
        inside_bin = [(p, good) for p, good in links if low <= p < high]
        if inside_bin:
            said = sum(p for p, _ in inside_bin) / len(inside_bin)
            hits = sum(good for _, good in inside_bin) / len(inside_bin)
            print(f"{low:.2f} to {min(high, 1):<6.2f}{len(inside_bin):>8}{said:>12.3f}{hits:>8.3f}")
    strong = [good for p, good in links if p >= 0.95]
    good = sum(strong)
    print(f"links of p >= .95: precision {good / max(len(strong), 1):.3f}; found of all true {good / true:.3f}")
    print(f"pairs in one network: precision {right / max(within, 1):.3f}, recall {right / true:.3f}", flush=True)


if __name__ == "__main__":
    wanted = PRACTICE if sys.argv[1:2] == ["practice"] else SCORED
    for each in HOSTS:
        main(wanted[: int(sys.argv[2])] if len(sys.argv) > 2 else wanted, each)
