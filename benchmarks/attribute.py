"""Time and memory of the attribution on invented publishers, beside what they are known to be and beside all pairs.

    python benchmarks/attribute.py [PUBLISHERS ...]      default: 1000 2000 10000

Each publisher has 30 observations. A fifth of the publishers are in networks of 2 to 40 with ids, hosts and days of
registration in common; all draw hosts, registrars, themes and plugins from what many have. A fifth of the unrelated
ones are controls. Each size runs in a process of its own, which first reads the table from disk: CPU seconds and peak
memory are of all of it. Up to 2,000 publishers the rule of a peer (disinfo-laundromat: for each kind, every pair of
sites whose sets of values overlap by nine tenths or more) is run as well, as plain sets, which is kinder to it than its
own code.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wiretrace import schema
from wiretrace.attribute import in_pieces
from wiretrace.config import Investigation

OWN = ("ga_ua", "gtm", "adsense", "site_verification", "registrant_email", "favicon", "contact_phone", "cert_sha256")
SHARED = {"ip": 0.15, "ns": 0.02, "registrar": 0.001, "theme": 0.01, "created": 0.06, "asset_host": 0.1, "wp_user": 0.3}
PLUGINS = 15
PEER_UP_TO = 2_000
COLUMNS = ("publisher", "kind", "value")
CODED = ["publisher", "kind", "state", "first_seen", "last_seen"]


def networks_of(size: int, seed: int = 1) -> list[range]:
    """The publishers of each network, by number; from a fifth of all on, every publisher is on its own."""
    draw = random.Random(seed)  # noqa: S311
    groups, at = [], 0
    while at < size // 5:
        many = min(draw.choice((2, 3, 5, 8, 12, 20, 40)), size - at)
        groups.append(range(at, at + many))
        at += many
    return groups


def world(size: int, seed: int = 1) -> Iterator[tuple[str, str, str]]:
    """(publisher, kind, value) of ``size`` publishers."""
    draw = random.Random(seed)  # noqa: S311
    network = {number: place for place, group in enumerate(networks_of(size, seed)) for number in group}
    for site in range(size):
        name, own = f"site{site:07d}.example", network.get(site)
        for kind in OWN:
            joint = own is not None and draw.random() < 0.4
            yield name, kind, f"{kind}-n{own}" if joint else f"{kind}-{name}"
        for kind, share in SHARED.items():
            pool = max(2, int(size * share))
            joint = own is not None and draw.random() < 0.4
            theirs = random.Random(f"{kind}{own}") if joint else draw  # noqa: S311
            yield name, kind, value(kind, theirs.randrange(pool))
        plugins: set[int] = set()
        while len(plugins) < PLUGINS:
            plugins.add(int(draw.paretovariate(1.1)))
        yield from ((name, "plugin", f"plugin-{plugin}") for plugin in sorted(plugins))


def value(kind: str, number: int) -> str:
    """A value of the kind's form."""
    if kind == "created":
        return f"{2004 + number % 20}-{1 + number % 12:02d}-{1 + number % 28:02d}"
    if kind == "ip":
        return f"101.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return f"{kind}-{number}.example"


def save(size: int, path: Path) -> None:
    """Write the world as a table of observations."""
    whole = pa.schema([(name, pa.string()) for name in schema.tables()["observations"].names])
    same = {"state": "value", "first_seen": "2024-03-01T00:00:00Z", "last_seen": "2024-06-01T00:00:00Z"}
    rows: list[tuple[str, str, str]] = []
    at = 0
    with pq.ParquetWriter(path, whole) as writer:
        for row in world(size):
            rows.append(row)
            if len(rows) == 300_000:
                at = _write(writer, whole, rows, same, at)
        _write(writer, whole, rows, same, at)


def _write(
    writer: pq.ParquetWriter, whole: pa.Schema, rows: list[tuple[str, str, str]], same: dict[str, str], at: int
) -> int:
    told = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else {}
    ids = [f"o-{number:016x}" for number in range(at, at + len(rows))]
    columns = {name: told.get(name, [same.get(name, "")] * len(rows)) for name in whole.names}
    writer.write_table(pa.table(columns | {"observation_id": ids}, schema=whole))
    rows.clear()
    return at + len(ids)


def measure(size: int, path: Path) -> None:
    """Attribute the world in ``path``; print a line."""
    needed = [*COLUMNS, "observation_id", "state", "first_seen", "last_seen"]
    names = [f"site{number:07d}.example" for number in range(size)]
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
            for number, name in enumerate(names)
        ),
    )
    found, evidence = in_pieces(
        publishers,
        pq.read_table(path, columns=needed, read_dictionary=CODED).to_pandas(),
        schema.frame("articles"),
        Investigation(investigation="benchmark"),
    )
    # As the workflow's rule does, which writes each piece.
    for _ in evidence:
        pass
    spent, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    groups = networks_of(size)
    network = {names[number]: place for place, group in enumerate(groups) for number in group}
    pairs = right = 0
    for _, group in found["network_members"].groupby("network_id")["publisher"]:
        count = Counter(network.get(name, name) for name in group)
        pairs += len(group) * (len(group) - 1) // 2
        right += sum(times * (times - 1) // 2 for times in count.values())
    true = sum(len(group) * (len(group) - 1) // 2 for group in groups)
    links, count_networks = len(found["publisher_links"]), len(found["networks"])
    rates = f"{right / max(pairs, 1):>10.3f}{right / true:>8.3f}"
    print(f"{size:>11,}{spent:>8.1f}{peak:>9.0f}{links:>10,}{count_networks:>9,}{rates}", flush=True)


def peer(size: int) -> None:
    """All pairs by the peer's rule; print a line."""
    sets: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, kind, each in world(size):
        sets[kind][name].add(each)
    begin = time.process_time()
    matched = set()
    for sites in sets.values():
        for (a, one), (b, other) in combinations(sites.items(), 2):
            if len(one & other) >= 0.9 * len(one | other):
                matched.add((a, b))
    spent = time.process_time() - begin
    groups = networks_of(size)
    true = {
        (f"site{a:07d}.example", f"site{b:07d}.example") for group in groups for a, b in combinations(list(group), 2)
    }
    rates = f"{len(matched & true) / max(len(matched), 1):>10.3f}{len(matched & true) / len(true):>8.3f}"
    print(f"{size:>11,}{spent:>8.1f}{'all pairs':>9}{len(matched):>10,}{'-':>9}{rates}", flush=True)


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    print(f"{'publishers':>11}{'CPU s':>8}{'peak MB':>9}{'links':>10}{'networks':>9}{'precision':>10}{'recall':>8}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "observations.parquet"
            save(size, path)
            sys.stdout.flush()
            # As the workflow's rule does.
            settings = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_MMAP_THRESHOLD_": "1000000"}
            settings["MALLOC_ARENA_MAX"] = "1"
            subprocess.run([sys.executable, __file__, "--measure", str(size), str(path)], check=True, env=settings)
        if size <= PEER_UP_TO:
            peer(size)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main([int(size) for size in sys.argv[1:]] or [1_000, 2_000, 10_000])
