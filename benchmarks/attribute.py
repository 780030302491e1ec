"""Time and memory of the attribution on invented publishers, beside what they are known to be.

    python benchmarks/attribute.py [PUBLISHERS ...]

Each publisher has 30 observations. A fifth of the publishers are in networks of 2 to 40 with ids, hosts and days of
registration in common; all draw hosts, registrars, themes and plugins from what many have. A fifth of the unrelated
ones are controls.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections import Counter
from itertools import combinations

import pandas as pd

from wiretrace import schema
from wiretrace.attribute import attribute
from wiretrace.config import Investigation

OWN = ("ga_ua", "gtm", "adsense", "site_verification", "registrant_email", "favicon", "contact_phone", "cert_sha256")
SHARED = {"ip": 0.15, "ns": 0.02, "registrar": 0.001, "theme": 0.01, "created": 0.06, "asset_host": 0.1, "wp_user": 0.3}


def world(size: int, seed: int = 1) -> tuple[pd.DataFrame, list[list[str]]]:
    """Observations of ``size`` publishers, and the networks among them."""
    draw = random.Random(seed)  # noqa: S311
    names = [f"site{number:07d}.example" for number in range(size)]
    groups, at = [], 0
    while at < size // 5:
        many = draw.choice((2, 3, 5, 8, 12, 20, 40))
        groups.append(names[at : at + many])
        at += many
    network = {name: number for number, group in enumerate(groups) for name in group}
    rows = []
    for name in names:
        own = network.get(name)
        for kind in OWN:
            joint = own is not None and draw.random() < 0.4
            rows.append((name, kind, f"{kind}-n{own}" if joint else f"{kind}-{name}"))
        for kind, share in SHARED.items():
            pool = max(2, int(size * share))
            joint = own is not None and draw.random() < 0.4
            theirs = random.Random(f"{kind}{own}")  # noqa: S311
            number = (theirs if joint else draw).randrange(pool)
            rows.append((name, kind, value(kind, number)))
        rows += [(name, "plugin", f"plugin-{int(draw.paretovariate(1.1))}") for _ in range(15)]
    columns = list(zip(*rows, strict=True))
    frame = pd.DataFrame({"publisher": columns[0], "kind": columns[1], "value": columns[2]}, dtype="str")
    frame = frame.drop_duplicates().assign(
        observation_id=[f"o-{number:016x}" for number in range(len(frame.drop_duplicates()))],
        state="value",
        first_seen="2024-03-01T00:00:00Z",
        last_seen="2024-06-01T00:00:00Z",
        snapshots="",
        source="dns",
        rule_id="benchmark",
        excerpt="",
        capture_id="",
    )
    return frame[list(schema.tables()["observations"].names)].astype("str"), groups


def value(kind: str, number: int) -> str:
    """A value of the kind's form."""
    if kind == "created":
        return f"{2004 + number % 20}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    return {"ip": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}".replace("10.", "101.", 1)}.get(
        kind, f"{kind}-{number}.example"
    )


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    print(f"{'publishers':>11}{'CPU s':>8}{'peak MB':>9}{'links':>9}{'networks':>9}{'precision':>10}{'recall':>8}")
    for size in sizes:
        observations, groups = world(size)
        publishers = schema.frame(
            "publishers",
            (
                {
                    "publisher": name,
                    "kind": "domain",
                    "role": "control" if number % 5 == 4 and number > size // 4 else "suspect",
                    "articles": 0,
                    "pages": 0,
                }
                for number, name in enumerate(sorted(set(observations["publisher"])))
            ),
        )
        begin = time.process_time()
        found = attribute(publishers, observations, schema.frame("articles"), Investigation(investigation="benchmark"))
        spent = time.process_time() - begin
        network = {name: number for number, group in enumerate(groups) for name in group}
        members = found["network_members"]
        pairs = right = 0
        for _, group in members.groupby("network_id")["publisher"]:
            count = Counter(network.get(name, name) for name in group)
            pairs += len(group) * (len(group) - 1) // 2
            right += sum(times * (times - 1) // 2 for times in count.values())
        true = sum(len(list(combinations(group, 2))) for group in groups)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        links, networks = len(found["publisher_links"]), len(found["networks"])
        rates = f"{right / max(pairs, 1):>10.3f}{right / true:>8.3f}"
        print(f"{size:>11,}{spent:>8.1f}{peak:>9.0f}{links:>9,}{networks:>9,}{rates}", flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000, 10_000])
