"""Run every benchmark at a small size and write one table: ours, the peer's, their ratio, the machine.

    .venv/bin/python benchmarks/run.py [NAME ...] [--into results/bench]      (make bench)
    .venv/bin/python benchmarks/run.py --readme      (puts what the last run found into the README)

Writes INTO.csv and INTO.md. All of it takes some five minutes of CPU; a benchmark's own page of docs/methods-*.md
states the figures of its full size. A ratio above 1 is to our favour, of costs as of rates; a ratio of two numbers of
one run hangs least on the machine. Benchmarks on real material say nothing where that is not at hand
($WIRETRACE_REAL_DATA or ../shared/data).
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data").resolve()
COLUMNS = ("benchmark", "figure", "unit", "ours", "peer", "peer_is", "ratio", "cpu_s", "peak_mb", "machine")
NUMBER = r"([\d,]*\.?\d+)"


@dataclass(frozen=True)
class Figure:
    """One line of the table: where our number and the peer's stand in what the benchmark prints.

    ``less``: less is better, as with costs.
    """

    what: str
    unit: str
    ours: str
    peer: str = ""
    peer_is: str = ""
    less: bool = False


@dataclass(frozen=True)
class Benchmark:
    """A script of this folder, its arguments (DATA stands for the real material) and what is taken from it."""

    name: str
    arguments: str
    figures: tuple[Figure, ...]
    real: bool = True


BENCHMARKS = (
    Benchmark(
        "archive",
        "--pages 300 --captures 500",
        (
            Figure("evidence written", "MB/CPU-s", r"write +#", r"write +[\d.]+ +#", "warcio"),
            Figure("evidence read", "MB/CPU-s", r"read +#", r"read +[\d.]+ +#", "warcio"),
            Figure("pages captured", "pages/CPU-s", r"10 KB: #", r"capture_http: #", "requests with warcio"),
        ),
    ),
    Benchmark(
        "harm",
        "--mutations 200 --kills 10",
        (Figure("rounds lost or doubled by kills", "", r"do not verify: #", less=True),),
        real=False,
    ),
    Benchmark(
        "read",
        "speed --data DATA --every 10",
        (
            Figure("pages read", "pages/CPU-s", r"read +# pages", r"trafilatura +# pages", "trafilatura, text alone"),
            Figure("pages read", "pages/CPU-s", r"read +# pages", r"resiliparse +# pages", "resiliparse, text alone"),
        ),
    ),
    Benchmark(
        "dates",
        "--data DATA",
        (
            Figure("day of publication right", "share", r"day exact #", r"htmldate #", "htmldate, extensive"),
            Figure("a date", "CPU ms/page", r"CPU ms a page #", r"CPU ms a page .*htmldate #", "htmldate", less=True),
        ),
    ),
    Benchmark(
        "whois",
        "--data DATA/attrib",
        (
            Figure("WHOIS fields right, unseen answers", "share", r"\nunseen +#", r"\nunseen .* {2,}#", "asyncwhois"),
            Figure(
                "WHOIS fields right, current", "share", r"current unseen +#", r"current unseen .* {2,}#", "asyncwhois"
            ),
            Figure("CPU of an answer", "of asyncwhois'", r"CPU: #", less=True),
        ),
    ),
    Benchmark(
        "observations",
        "--data DATA/read --pages 100",
        (
            Figure(
                "source rules", "CPU ms/page", r"source rules +#", r"whole page #", "each pattern over the page", True
            ),
            Figure("all observations", "CPU ms/page", r"all of it +#", less=True),
        ),
    ),
    Benchmark(
        "attribute",
        "1000 10000",
        (
            Figure(
                "pairs of one operator, precision",
                "share",
                r"1,000 .*? #\s+[\d.]+\n",
                r"all pairs.* #\s+[\d.]+\n",
                "any overlap",
            ),
            Figure("10,000 publishers", "CPU s", r"10,000 +#", less=True),
            Figure("10,000 publishers", "peak MB", r"10,000 +[\d.]+ +#", less=True),
        ),
        real=False,
    ),
    Benchmark(
        "attribution",
        "",
        (
            Figure(
                "links of real sites, precision",
                "share",
                r"p >= 0.5 +\d+ +\d+ +#",
                r"any shared id +\d+ +\d+ +#",
                "any shared id",
            ),
            Figure(
                "links of real sites, recall",
                "share",
                r"p >= 0.5 +\d+ +\d+ +[\d.]+ +#",
                r"any shared id +\d+ +\d+ +[\d.]+ +#",
                "any shared id",
            ),
        ),
    ),
    Benchmark(
        "calibration",
        "practice 1",
        (Figure("links said to be 95 % sure that are right", "share", r"p >= .95: precision #"),),
        real=False,
    ),
    Benchmark(
        "crosslingual",
        "--data DATA --documents 2000 --negatives 0 --pairs en-ja",
        (Figure("texts searched for translations", "texts/CPU-s", r"texts/CPU-s, all #"),),
    ),
    Benchmark(
        "names",
        "--texts 200",
        (Figure("honest English headlines marked", "", r"'en': '#", less=True),),
    ),
    Benchmark(
        "fuzz_read",
        "--data DATA --minutes 0.05",
        (Figure("damaged pages read in 3 CPU-s", "", r"pages +# exec"),),
    ),
    Benchmark(
        "indicate",
        "--every 20",
        (
            Figure(
                "articles searched for signs",
                "articles/CPU-s",
                r'"documents_per_second": #',
            ),
        ),
    ),
    Benchmark(
        "reuse",
        "--scale 10000",
        (
            Figure("copies among 10,000 texts", "CPU s", r"10000 documents.*?: # CPU", less=True),
            Figure("copies among 10,000 texts", "peak GB", r"peak # GB", less=True),
        ),
    ),
    Benchmark(
        "quotations",
        "--scale 20000 --queries 100",
        (Figure("index of 20,000 texts", "CPU s", r'"CPU-seconds to build": #', less=True),),
    ),
    Benchmark(
        "speech",
        "--half score",
        (
            Figure("quotations", "characters/CPU-s", r'"characters per CPU-second": #'),
            Figure("English quotations found", "share", r'"found": #'),
        ),
    ),
    Benchmark(
        "posts",
        "--posts 100000 --worlds 1 --size 10000",
        (
            Figure("100,000 posts", "CPU s", r'"CPU-seconds": #', less=True),
            Figure("100,000 posts", "peak MB", r'"peak MB": #', less=True),
        ),
        real=False,
    ),
    Benchmark(
        "publish",
        "--articles 5000 --publishers 300",
        (
            Figure(
                "a version of 5,000 articles",
                "CPU s",
                r"ours: [\d,]+ rows, # s",
                r"peer: [\d,]+ rows, # s",
                "pandas",
                less=True,
            ),
            Figure(
                "a version of 5,000 articles",
                "peak MB",
                r"ours: .* time, # MB",
                r"peer: .* time, # MB",
                "pandas",
                less=True,
            ),
        ),
        real=False,
    ),
    Benchmark(
        "scaling",
        "1000",
        tuple(
            Figure(f"{stage}, all of 1,000 articles", "CPU s", rf"\n{stage} +\d+ +#", less=True)
            for stage in ("read", "trace", "speech", "publish", "snakemake")
        ),
        real=False,
    ),
)


def taken(pattern: str, printed: str) -> float | None:
    """The number that stands at # in the first place where ``pattern`` matches; None where it matches nowhere."""
    found = re.search(pattern.replace("#", NUMBER), printed) if pattern else None
    return float(found[1].replace(",", "")) if found else None


def shown(number: float) -> str:
    """``number`` as a person reads it."""
    return f"{number:,.0f}" if number >= 1000 else f"{number:g}"


def rows_of(benchmark: Benchmark, printed: str, cpu: float, peak: float) -> list[dict[str, str]]:
    """The benchmark's lines of the table; its cost stands in the first."""
    rows = []
    for figure in benchmark.figures:
        ours, peer = taken(figure.ours, printed), taken(figure.peer, printed)
        ratio = ""
        if ours and peer:
            ratio = f"{peer / ours if figure.less else ours / peer:.2f}"
        cost = {"cpu_s": f"{cpu:.0f}", "peak_mb": f"{peak:.0f}"} if not rows else {"cpu_s": "", "peak_mb": ""}
        rows.append(
            {
                "benchmark": benchmark.name,
                "figure": figure.what,
                "unit": figure.unit,
                "ours": "not told" if ours is None else shown(ours),
                "peer": "" if peer is None else shown(peer),
                "peer_is": figure.peer_is,
                "ratio": ratio,
                **cost,
            }
        )
    return rows


def run(benchmark: Benchmark) -> tuple[list[dict[str, str]], str]:
    """The lines of one benchmark, and what went wrong, if anything did.

    Its cost is its own and its children's: CPU seconds, and the memory of the largest of these processes.
    """
    arguments = [part.replace("DATA", str(DATA)) for part in benchmark.arguments.split()]
    command = [sys.executable, str(ROOT / "benchmarks" / f"{benchmark.name}.py"), *arguments]
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as complained:
        started = subprocess.Popen(command, cwd=ROOT, stdout=printed, stderr=complained)
        _, status, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        complained.seek(0)
        out, wrong = printed.read(), complained.read().strip().splitlines()
    if started.returncode:
        return [], f"{benchmark.name}: {(wrong or ['no word'])[-1]}"
    rows = rows_of(benchmark, f"\n{out}", used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)
    return rows, "; ".join(f"{r['benchmark']}: {r['figure']}: not told" for r in rows if r["ours"] == "not told")


def machine() -> str:
    """Processor, cores, Python and system in a line."""
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        info = ""
    model = re.search(r"model name\s*:\s*(.+)", info)
    name = model[1] if model else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def markdown(rows: list[dict[str, str]], beside: bool = False) -> str:
    """The table as Markdown, with the cost of the run and the machine below it; ``beside``: only what has a peer."""
    lines = ["| what | ratio | ours | peer |", "|---|---|---|---|"]
    for row in (row for row in rows if row["peer"] or not beside):
        ours, peer = f"{row['ours']} {row['unit']}".strip(), f"{row['peer_is']} {row['peer']}" if row["peer"] else ""
        lines.append(f"| {row['figure']} | {row['ratio']} | {ours} | {peer} |")
    cpu = sum(float(row["cpu_s"]) for row in rows if row["cpu_s"])
    peak = max((float(row["peak_mb"]) for row in rows if row["peak_mb"]), default=0)
    told = f"{rows[0]['machine'] if rows else machine()}. A ratio above 1 is to our favour."
    return "\n".join([*lines, "", f"{told} All of it: {cpu:.0f} CPU-seconds, at most {peak:.0f} MB.", ""])


def put_into(page: Path, table: str) -> None:
    """Replace what stands between the marks of ``page`` by ``table``."""
    begin, end = "<!-- bench -->\n", "<!-- /bench -->"
    text = page.read_text(encoding="utf-8")
    if begin not in text or end not in text.partition(begin)[2]:
        sys.exit(f"{page}: no line {begin.strip()} with a line {end} after it")
    head, _, rest = text.partition(begin)
    page.write_text(f"{head}{begin}{table}{end}{rest.partition(end)[2]}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only these benchmarks")
    parser.add_argument("--into", type=Path, default=ROOT / "results" / "bench")
    parser.add_argument("--readme", action="store_true", help="run nothing; put the last run's ratios into the README")
    args = parser.parse_args()
    if args.readme:
        with open(args.into.with_suffix(".csv"), encoding="utf-8", newline="") as file:
            put_into(ROOT / "README.md", markdown(list(csv.DictReader(file)), beside=True))
        return
    unknown = set(args.names) - {benchmark.name for benchmark in BENCHMARKS}
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    rows, wrong = [], []
    for benchmark in BENCHMARKS:
        if args.names and benchmark.name not in args.names:
            continue
        if benchmark.real and not DATA.is_dir():
            print(f"{benchmark.name}: no real material in {DATA}", flush=True)
            continue
        found, told = run(benchmark)
        rows += [row | {"machine": machine()} for row in found]
        wrong += [told] if told else []
        print(told or f"{benchmark.name}: {found[0]['cpu_s']} CPU-s", flush=True)
    args.into.parent.mkdir(parents=True, exist_ok=True)
    with open(args.into.with_suffix(".csv"), "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    args.into.with_suffix(".md").write_text(markdown(rows), encoding="utf-8")
    print(f"\n{markdown(rows)}\n{args.into}.csv, {args.into}.md")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
