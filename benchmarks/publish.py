"""Publishing a large version, and the report on it: processor time and memory, beside pandas' own writers.

    python benchmarks/publish.py [--articles 100000] [--publishers 5000] [--work FOLDER]

The tables are invented from a seed, with as many rows to an article and to a publisher as ROWS says (rounded from
investigations of some hundred articles). Ours are the rules of ``publish``, run as Snakemake runs them on two cores:
claims and changes are drafted from the stages' tables side by side, then the version is frozen by two workers.
Processor time of all; the most memory that all of them held together, sampled five times a second. The report is
written from that version, without evidence, and its first page opened from disk in Chromium: seconds until the page is
laid out, and until the claims are filtered by a word that is typed. The peer writes each table by ``DataFrame.to_csv``,
``to_sql`` and ``to_parquet``, and by ``to_excel`` (xlsxwriter) as many rows as our workbook holds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil

from wiretrace import identity, narrate, schema
from wiretrace.publish.exports.workbook import rows_each

SEED = 20261122
# Rows of a table for each article; of the second list, for each publisher. The rest has a few hundred.
ROWS = {
    "captures": 3.0, "lookups": 3.0, "pages": 2.4, "articles": 1.0, "article_versions": 1.05, "article_parts": 1.1,
    "clocks": 3.0, "links": 2.0, "text_matches": 2.0, "story_members": 0.9, "stories": 0.15, "traces": 1.5,
    "trace_evidence": 3.5, "quotes": 0.6, "posts": 0.2, "claim_evidence": 0.2, "changes": 0.1, "names": 0.05,
    "images": 0.5,
}  # fmt: skip
PER_PUBLISHER = {
    "publishers": 1, "observations": 30, "publisher_links": 4, "publisher_link_evidence": 20, "network_members": 0.9,
    "publisher_indicators": 6, "publisher_distributors": 1, "origin_indicators": 2, "ai_indicators": 0.5,
    "networks": 0.09,
}  # fmt: skip
LENGTHS = {"text": 2000, "chrome": 400, "spans": 60, "excerpt": 90, "statement": 160, "basis": 200, "against": 200}
JSON = {"spans": "[[0, 400, 0, 400]]", "anchors": "[]"}
# Signs that are rare, with their share and what stands elsewhere; each makes a claim of its own.
RARE = {
    ("quotes", "check"): (0.005, False),
    ("quotes", "status"): (0.001, "only_here"),
    ("names", "status"): (0.01, "unlisted"),
    ("articles", "state"): (0.03, "live"),
    ("lookups", "outcome"): (0.3, "found"),
    ("article_versions", "sequence"): (0.05, 1),
}
ROUNDS = ("round-1", "round-2")
SCRIPTS = Path(__file__).resolve().parents[1] / "workflow" / "scripts"
TYPED = "harbour"
WORDS = np.array(["the", "quay", "harbour", "島の", "未来", "release", "said", "発表", "costs", "yen", "市長", "wire"])


def tables(articles: int, publishers: int) -> dict[str, pd.DataFrame]:
    """Every published table, valid by its schema and with references that lead somewhere."""
    random = np.random.default_rng(SEED)
    sizes = dict.fromkeys(schema.tables(), 300)
    sizes |= {name: int(each * articles) for name, each in ROWS.items()}
    sizes |= {name: int(each * publishers) for name, each in PER_PUBLISHER.items()}
    keys = {name: _keys(name, size) for name, size in sizes.items()}
    made = {name: _table(random, schema.tables()[name], sizes[name], keys) for name in sizes}
    made["network_members"]["network_id"] = keys["networks"][np.arange(sizes["network_members"]) % sizes["networks"]]
    made["traces"]["candidate_publisher"] = keys["distributors"][random.integers(0, 40, sizes["traces"])]
    made["traces"]["rank"] = random.integers(1, 4, sizes["traces"])
    made["publisher_distributors"]["distributor"] = keys["distributors"][
        random.integers(0, 40, sizes["publisher_distributors"])
    ]
    made["publisher_distributors"]["articles"] = keys["articles"][: sizes["publisher_distributors"]]
    made["names"]["articles"] = keys["articles"][: sizes["names"]]
    made["distributors"]["first_articles"] = ""
    _twice_asked(random, made)
    for (name, column), (share, common) in RARE.items():
        made[name][column] = made[name][column].where(random.random(sizes[name]) < share, common)
    return {name: _keyed(name, data) for name, data in made.items()}


def _twice_asked(random: np.random.Generator, made: dict[str, pd.DataFrame]) -> None:
    """Make of ``made`` two rounds: who was asked and what was seen in which, by addresses that lead to articles."""

    def chosen(name: str, *values: str) -> Any:
        return np.array(values)[random.integers(0, len(values), len(made[name]))]

    kinds = identity.registry("claims.yaml")["changes"]["kinds"]
    for name in ("captures", "lookups"):
        made[name]["snapshot"] = chosen(name, *ROUNDS)
    for name in ("observations", "publisher_link_evidence"):
        made[name]["kind"] = chosen(name, *kinds)
    made["observations"]["snapshots"] = chosen("observations", *ROUNDS, " ".join(ROUNDS))
    made["observations"]["source"] = chosen("observations", "page", "whois", "dns")
    made["lookups"]["source"] = chosen("lookups", "page", "page", "whois", "dns")
    made["articles"]["address"] = "https://" + made["articles"]["publisher"] + "/" + made["articles"]["article_id"]
    addresses = made["articles"]["address"].to_numpy()
    for name, column in (("captures", "address"), ("lookups", "subject")):
        made[name][column] = addresses[random.integers(0, len(addresses), len(made[name]))]


def _keys(name: str, size: int) -> Any:
    suffix = ".example" if name == "publishers" else ""
    return np.array([f"{name[:3]}-{number:012x}{suffix}" for number in range(size)])


def _keyed(name: str, data: pd.DataFrame) -> pd.DataFrame:
    key = list(schema.tables()[name].key)
    typed = {c.name: data[c.name].astype(schema.DTYPES[c.type]) for c in schema.tables()[name].columns}
    return pd.DataFrame(typed).drop_duplicates(key).sort_values(key, ignore_index=True)


def _table(random: np.random.Generator, table: schema.Table, size: int, keys: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({c.name: _column(random, table, c, size, keys) for c in table.columns})


def _column(
    random: np.random.Generator, table: schema.Table, column: schema.Column, size: int, keys: dict[str, Any]
) -> Any:
    if column.name == table.key[0] and not column.ref:
        return keys[table.name]
    if column.name in JSON:
        return np.full(size, JSON[column.name])
    if column.ref in keys:
        return keys[column.ref][random.integers(0, len(keys[column.ref]), size)]
    if column.ref:
        return np.full(size, "")
    if column.enum:
        return np.array([value for value in column.enum if value])[
            random.integers(0, sum(map(bool, column.enum)), size)
        ]
    if column.type == "integer":
        return random.integers(0, 1000, size)
    if column.type == "number":
        return random.random(size).round(column.decimals)
    if column.type == "boolean":
        return random.random(size) < 0.5
    if column.type == "time":
        return np.array([f"2026-{m:02d}-{d:02d}T08:00:00Z" for m in range(1, 13) for d in range(1, 29)])[
            random.integers(0, 336, size)
        ]
    # Texts differ in their place in a pool and in a number, as cheap to make as they are unlike to compress.
    length = LENGTHS.get(column.name, 24)
    pool = np.array([" ".join(WORDS[random.integers(0, len(WORDS), max(length // 5, 1))]) for _ in range(500)])
    return np.char.add(pool[random.integers(0, 500, size)], np.char.add(" ", np.arange(size).astype("str")))


def stage_tables() -> list[str]:
    """What the rule reads: the tables of all stages before it."""
    own = schema.of_stage("publish")
    return [name for name in schema.tables() if name not in own]


def ours(folder: Path) -> None:
    """The rules of ``publish`` on the tables in ``folder/work/tables``, side by side as two cores run them."""
    settings, work = folder / "work" / "settings.json", folder / "work"
    settings.write_text(json.dumps({"investigation": "scale", "question": "Who?"}), encoding="utf-8")
    tables = [str(work / "tables" / f"{name}.csv") for name in stage_tables()]
    made = {name: str(work / "tables" / f"{name}.csv") for name in schema.of_stage("publish")}
    rounds = ["--snapshots", *ROUNDS]
    own = ["--settings", str(settings), "--tables", *tables]
    _run(
        ["claims", *own, "--into", made["claims"], made["claim_evidence"]],
        ["changes", "--tables", *tables, *rounds, "--into", made["changes"], made["publisher_indicators"]],
    )
    freeze = ["publish", *own, *made.values(), *rounds, "--root", str(folder), "--workers", "2"]
    _run([*freeze, "--ledger", str(folder / "versions.csv"), "--version", str(work / "version.txt")])


def _run(*scripts: list[str]) -> None:
    """Run scripts, each named with its flags, at once; each says what it took."""
    commands = [[sys.executable, str(SCRIPTS / f"{name}.py"), *flags] for name, *flags in scripts]
    running = [subprocess.Popen(command, stdout=sys.stderr) for command in commands]
    if any(process.wait() for process in running):
        raise SystemExit(1)


def peer(made: dict[str, pd.DataFrame], folder: Path) -> None:
    most = rows_each({name: (len(data), len(data.columns)) for name, data in made.items()})
    folder.mkdir(parents=True, exist_ok=True)
    with (
        sqlite3.connect(folder / "all.sqlite") as database,
        pd.ExcelWriter(
            folder / "all.xlsx",
            engine="xlsxwriter",
            engine_kwargs={"options": {"strings_to_formulas": False, "strings_to_urls": False}},
        ) as book,
    ):
        for name, data in made.items():
            data.to_csv(folder / f"{name}.csv", index=False)
            data.to_sql(name, database, index=False)
            data.to_parquet(folder / f"{name}.parquet")
            data.head(most).to_excel(book, sheet_name=name[:31], index=False)


def opened(page: Path) -> dict[str, float]:
    """Seconds by the clock until Chromium has laid out ``page``, and until it has filtered its claims by a word."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--disable-gpu", "--no-sandbox"])
        tab = running.new_page()
        tab.goto(page.as_uri())
        laid_out = tab.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart") / 1000
        before = time.monotonic()
        tab.fill("#filter", TYPED)
        tab.wait_for_function("requestAnimationFrame(() => 0) && document.querySelector('.claim[hidden]') !== null")
        filtered = time.monotonic() - before
        running.close()
    return {"laid_out": laid_out, "filtered": filtered}


def report(folder: Path) -> None:
    """The report on the version that ``ours`` published in ``folder``."""
    (version,) = [path for path in (folder / "versions").iterdir() if path.is_dir()]
    narrate.report(version, folder / "evidence", folder / "report")


def measure(which: str, args: argparse.Namespace, folder: Path) -> dict[str, float]:
    """Run one side in a process of its own: processor time, without that of making tables, and memory at most."""
    command = [sys.executable, __file__, "--side", which, "--work", str(folder)]
    command += ["--articles", str(args.articles), "--publishers", str(args.publishers)]
    told = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def side(args: argparse.Namespace) -> None:
    folder, clock = Path(args.work) / "ours", time.monotonic()
    first = folder / "report" / "index.html"
    if args.side == "ours":
        together = Together()
        together.start()
        ours(folder)
        together.done.set()
        rows = int((folder / "versions.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[3])
        print(json.dumps({"cpu": _cpu(), "wall": time.monotonic() - clock, "mb": together.mb, "rows": rows}))
    elif args.side == "report":
        report(folder)
        print(json.dumps({"cpu": _cpu(), "mb": _peak(), "first_mb": first.stat().st_size / 1e6}))
    elif args.side == "opened":
        print(json.dumps(opened(first)))
    else:
        made = tables(args.articles, args.publishers)
        if args.side == "tables":
            for name in stage_tables():
                schema.write(name, made[name], folder / "work" / "tables" / f"{name}.csv")
        before, clock = _cpu(), time.monotonic()
        if args.side == "peer":
            peer(made, Path(args.work) / "peer")
        rows = sum(len(data) for data in made.values())
        print(json.dumps({"cpu": _cpu() - before, "wall": time.monotonic() - clock, "mb": _peak(), "rows": rows}))


def _peak() -> float:
    """MB that this process or a child held at most."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


class Together(threading.Thread):
    """Samples the memory that all children hold together, until it is stopped; ``mb`` is the most."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mb, self.done = 0.0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.2):
            held = 0.0
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    held += child.memory_info().rss / 2**20
            self.mb = max(self.mb, held)


def _cpu() -> float:
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--publishers", type=int, default=5_000)
    parser.add_argument("--work", default="")
    parser.add_argument("--side", choices=("tables", "ours", "peer", "report", "opened"))
    args = parser.parse_args()
    if args.side:
        side(args)
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(args.work or temporary)
        measure("tables", args, work)
        found = {which: measure(which, args, work) for which in ("ours", "peer")}
        page = measure("report", args, work) | measure("opened", args, work)
    for which, figures in found.items():
        print(
            f"{which}: {figures['rows']:,.0f} rows, {figures['cpu']:.0f} s of processor time, {figures['mb']:,.0f} MB"
            f" at most, {figures['wall']:.0f} s by the clock"
        )
    print(
        f"report: {page['cpu']:.0f} s of processor time, {page['mb']:,.0f} MB at most,"
        f" first page {page['first_mb']:.1f} MB, laid out after {page['laid_out']:.1f} s,"
        f" claims filtered after {page['filtered']:.1f} s more"
    )
    print(f"ratio of processor time, ours to the peer's: {found['ours']['cpu'] / found['peer']['cpu']:.2f}")


if __name__ == "__main__":
    main()
