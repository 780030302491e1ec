"""What each stage costs as an investigation grows: CPU seconds, peak memory and bytes of every rule's jobs.

    .venv/bin/python benchmarks/scaling.py ARTICLES ... [--csv FILE] [--svg FILE]
    .venv/bin/python benchmarks/scaling.py --csv FILE --svg FILE      draws what was measured before
    .venv/bin/python benchmarks/scaling.py 30000 --imported --each 10 [--keep FOLDER] [--until TARGET]

Each size is an invented investigation, run offline through Snakemake from sealed evidence to a published version: one
publisher for a hundred articles (--each), a tenth of them distributors; pages of some 12 kB of HTML whose text of
some 250 words is drawn at random by the frequencies of English words in the practice stories; three articles of ten
are copies of an earlier one, half of them with sentences dropped and words exchanged; every fourth article quotes
somebody. CPU seconds and peak memory are what the system states of each finished process (getrusage), of the scripts
alone: Snakemake's own time is the row `snakemake`. Peak memory is that of the largest job, by getrusage or by the job's
benchmark file, where processes that it starts count too; beside it stands what the rule asks for that job, with the
400 MB for Snakemake itself. Bytes are those of the evidence and of the tables that the rule wrote.

With --imported the same articles come as a table (inputs.articles) instead of captured pages, as from a news archive,
and one publisher in ten is a seed: a size that reading pages would take hours for. --keep works in a folder that stays,
and goes on there where an earlier run with the same size ended. --as-read leaves reading out as well: its tables are
written as it would write them.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from wiretrace import evidence, identity, needs, plan
from wiretrace.evidence import EvidenceWriter, Exchange, Lookup
from wiretrace.practice.articles import SPAN, START
from wiretrace.practice.stories import tell
from wiretrace.schema.stored import write_rows

ROOT = Path(__file__).resolve().parents[1]
Words = tuple[list[str], list[int]]
CAPTURED = "2026-02-01T00:00:00Z"
# What each script writes, below the investigation's folder.
PLACES = {
    "evidence": "evidence",
    "index": "work/index",
    "read": "work/read",
    "gather": "work/tables",
    "publish": "versions",
    **{f"trace_{step}": f"work/trace/{step}" for step in ("store", "pairs", "candidates", "matches")},
}
# Runs in every Python below: what the process has used is told when it ends.
METER = """import atexit, os, resource, sys
def tell():
    name = os.path.basename(sys.argv[0]) if sys.argv else ""
    if name.endswith(".py") and "scripts" in sys.argv[0]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        job = "--multiprocessing-fork" not in sys.orig_argv
        with open(os.environ["METER"], "a") as file:
            file.write(f"{name[:-3]},{used.ru_utime + used.ru_stime},{used.ru_maxrss / 1000},{job:d}\\n")
atexit.register(tell)
"""


class Row(NamedTuple):
    """What the jobs of one script took in an investigation of some size."""

    articles: int
    publishers: int
    script: str
    jobs: int
    cpu_s: float
    peak_mb: int
    mb: float
    asks_mb: int = 0  # 0: not stated


@dataclass(frozen=True)
class Article:
    """One page to be: its place, when it says it was published, its headline and paragraphs."""

    site: str
    path: str
    day: datetime
    title: str
    paragraphs: tuple[str, ...]


def words() -> Words:
    """English words of the practice stories and how often each and all before it stand there."""
    stories = [story.texts["en"] for story in tell(1, START, SPAN) if "en" in story.texts]
    text = " ".join(paragraph for story in stories for paragraph in story.paragraphs)
    counted = Counter(re.findall(r"[a-z]{2,}", text.lower()))
    return sorted(counted), list(accumulate(counted[word] for word in sorted(counted)))


def sentence(draw: random.Random, vocabulary: Words) -> str:
    drawn = draw.choices(vocabulary[0], cum_weights=vocabulary[1], k=draw.randrange(8, 22))
    return " ".join(drawn).capitalize() + "."


def told(draw: random.Random, vocabulary: Words) -> tuple[str, ...]:
    """Five paragraphs of some fifty words; in every fourth text somebody is quoted."""
    made = [" ".join(sentence(draw, vocabulary) for _ in range(draw.randrange(2, 5))) for _ in range(5)]
    if draw.random() < 0.25:
        speaker = " ".join(word.capitalize() for word in draw.sample(vocabulary[0], 2))
        made[2] = f'"{sentence(draw, vocabulary)[:-1]}," said {speaker}. {made[2]}'
    return tuple(made)


def edited(
    draw: random.Random, paragraphs: tuple[str, ...], vocabulary: tuple[list[str], list[int]]
) -> tuple[str, ...]:
    """A copy: as it was, or without one paragraph and with every twentieth word exchanged."""
    if draw.random() < 0.5 or len(paragraphs) < 3:
        return paragraphs
    gone = draw.randrange(len(paragraphs))
    left = [text for number, text in enumerate(paragraphs) if number != gone]
    return tuple(
        " ".join(draw.choice(vocabulary[0]) if draw.random() < 0.05 else word for word in text.split()) for text in left
    )


def articles(size: int, each: int) -> Iterator[Article]:
    """``size`` articles, ``each`` of a publisher on the average, in order of time; the same for the same sizes."""
    draw, vocabulary = random.Random(size), words()  # noqa: S311
    sites = max(2, size // each)
    recent: list[Article] = []
    for number in range(size):
        day = datetime(2025, 1, 1) + timedelta(seconds=number * 31_000_000 // size)
        site = f"site{draw.randrange(sites):06d}.example"
        title = sentence(draw, vocabulary)[:60].rstrip(".")
        if recent and draw.random() < 0.3:
            source = draw.choice(recent)
            title, paragraphs = source.title, edited(draw, source.paragraphs, vocabulary)
        else:
            paragraphs = told(draw, vocabulary)
        made = Article(site, f"/{day:%Y/%m}/{number}.html", day, title, paragraphs)
        recent = [*recent[-400:], made]
        yield made


def page(article: Article) -> bytes:
    """The article as a page with navigation, metadata, an advertising network's and an analytics id."""
    links = "".join(f'<li class="menu-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(60))
    teasers = "".join(f'<div class="teaser"><a href="/more/{n}">Another headline here</a></div>' for n in range(60))
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": article.title}
    data |= {"datePublished": f"{article.day:%Y-%m-%dT%H:%M:%SZ}"}
    body = "".join(f"<p>{text}</p>" for text in article.paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{article.title} | {article.site}</title>'
        f'<meta name="generator" content="WordPress 6.4"><script type="application/ld+json">{json.dumps(data)}</script>'
        f'<script async src="https://www.googletagmanager.com/gtag/js?id=G-{article.site[4:10]}AB"></script></head>'
        f"<body><header><nav><ul>{links}</ul></nav></header><main><article><h1>{article.title}</h1>"
        f'<time datetime="{article.day:%Y-%m-%dT%H:%M:%SZ}">{article.day:%B %d, %Y}</time>{body}</article></main>'
        f"<aside>{teasers}</aside><footer>All rights reserved {article.site}</footer></body></html>"
    ).encode()


def lay(made: Iterable[Article], results: Path) -> int:
    """Sealed evidence, seeds, configuration of the articles ``made`` below ``results``; gives how many publishers."""
    folder = results / "scaling" / "evidence"
    met = set()
    with EvidenceWriter(folder / "round-1" / "000-of-001.warc.gz") as writer:
        for article in made:
            body = page(article)
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            address = f"https://{article.site}{article.path}"
            asked = Lookup(article.site, "page", address, "found", CAPTURED)
            request = f"GET {article.path} HTTP/1.1\r\nHost: {article.site}\r\n\r\n".encode()
            writer.add(Exchange("http", "page", article.site, address, CAPTURED, head + body, request), asked)
            met.add(article.site)
    evidence.seal(folder, "round-1")
    tell_of(sorted(met), results, {})
    return len(met)


def bring(made: Iterable[Article], results: Path) -> int:
    """A table of the articles ``made``, seeds and configuration below ``results``; gives how many publishers."""
    met = set()
    with open(results / "articles.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("url", "title", "text", "published_at", "language"))
        for article in made:
            day = f"{article.day:%Y-%m-%dT%H:%M:%SZ}"
            text = "\n".join(article.paragraphs)
            writer.writerow((f"https://{article.site}{article.path}", article.title, text, day, "en"))
            met.add(article.site)
    tell_of(sorted(met)[::10], results, {"articles": ["articles.csv"]})
    return len(met)


def tell_of(sites: list[str], results: Path, inputs: dict[str, list[str]]) -> None:
    """Write the seeds ``sites`` and the investigation's file."""
    roles = ("distributor", *["suspect"] * 6, *["control"] * 3)
    rows = [f"https://{site}/,{roles[number % 10]}\n" for number, site in enumerate(sites)]
    (results / "seeds.csv").write_text("url,role\n" + "".join(rows), encoding="utf-8")
    told_so = {"investigation": "scaling", "results": str(results), "inputs": {"seeds": "seeds.csv"} | inputs}
    (results / "investigation.yaml").write_text(json.dumps(told_so | {"acquire": {"live": False}}), encoding="utf-8")


def as_read(made: Iterable[Article], results: Path) -> int:
    """As ``bring``, with the tables of the stage `read` made at once; gives how many publishers."""
    held = list(made)
    publishers = bring(held, results)
    file = results / "investigation.yaml"
    shards = plan.make(json.loads(file.read_text(encoding="utf-8")), [file]).shards
    with open(results / "seeds.csv", encoding="utf-8", newline="") as stream:
        roles = {identity.publisher_of(url): role for url, role in [*csv.reader(stream)][1:]}
    by_shard: dict[str, dict[str, list[dict[str, object]]]] = {shard: defaultdict(list) for shard in shards}
    counts = Counter(article.site for article in held)
    for site, count in counts.items():
        row = {"publisher": site, "kind": "domain", "role": roles.get(site, "unlisted"), "languages": "en", "pages": 0}
        by_shard[shards[identity.shard_of(site, len(shards))]]["publishers"].append(row | {"articles": count})
    for article in held:
        tables = by_shard[shards[identity.shard_of(article.site, len(shards))]]
        for name, row in rows_of(article):
            tables[name].append(row)
    for shard, tables in by_shard.items():
        for name in plan.READ_TABLES:
            path = results / "scaling" / "work" / "read" / shard / f"{name}.csv"
            write_rows(name, tables.pop(name, []), path)
    return publishers


def rows_of(article: Article) -> Iterator[tuple[str, dict[str, object]]]:
    """The rows that `read` makes of an article that was brought, each with its table."""
    address, day = f"https://{article.site}{article.path}", f"{article.day:%Y-%m-%dT%H:%M:%SZ}"
    own = {"article_id": identity.make_id("a", address)}
    version = {"version_id": identity.make_id("v", address), "title": article.title}
    text = "\n".join(article.paragraphs)
    said = {"published_earliest": day, "published_latest": day, "published_clock": "import", "published_day": day[:10]}
    said |= {"publisher": article.site, "address": address, "language": "en", "language_score": "0.997"}
    counted = {"characters": len(text), "release_like": False, "versions": 1, "state": "imported", "source": "import"}
    yield "articles", {**own, **version, **said, **counted, "published_reason": "import first in order"}
    digest = f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
    yield "article_versions", {**own, **version, "sequence": 1, "text": text, "text_digest": digest, "method": "given"}
    clock = {"source": "import", "event": "published", "precision": "second", "zone": "stated"}
    clock |= {"clock_id": identity.make_id("t", address), "value": day, "earliest": day, "latest": day}
    yield "clocks", {**own, **clock}


def measured(
    size: int, each: int, lay_out: Callable[[Iterable[Article], Path], int], results: Path, target: str, cores: int
) -> list[Row]:
    """One row for each script, for Snakemake and for the evidence, of an investigation of ``size`` articles."""
    meter = results / "meter"
    if not meter.is_dir():
        publishers = lay_out(articles(size, each), results)
        meter.mkdir()
        (meter / "sitecustomize.py").write_text(METER, encoding="utf-8")
        (meter / "publishers").write_text(str(publishers), encoding="ascii")
    env = dict(os.environ, PYTHONPATH=str(meter), METER=str(meter / "used.csv"))
    command = [sys.executable, "-m", "snakemake", target, "--cores", str(cores), "--rerun-triggers", "mtime"]
    command += ["--configfile", str(results / "investigation.yaml")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([*command, "--quiet", "all"], cwd=ROOT, env=env, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(meter / "snakemake.csv", "a", encoding="ascii") as file:
        file.write(f"{after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}\n")
    return rows_of_run(size, results, [*command, "--detailed-summary"])


def rows_of_run(size: int, results: Path, summary: list[str]) -> list[Row]:
    """What the finished run below ``results`` took; ``summary``: see ``asked``."""
    meter = results / "meter"
    used: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for line in (meter / "used.csv").read_text(encoding="utf-8").splitlines():
        name, cpu, peak, job = line.split(",")
        used[name].append((float(cpu), float(peak), int(job)))
    whole = sum(map(float, (meter / "snakemake.csv").read_text(encoding="ascii").split()))
    used["snakemake"] = [(whole - sum(cpu for found in used.values() for cpu, _, _ in found), 0, 1)]
    used["evidence"] = [(0, 0, 0)]
    publishers = int((meter / "publishers").read_text(encoding="ascii"))
    asks = asked(summary, (results / "scaling" / "work").resolve())
    rows = []
    for name, found in used.items():
        together, ask = asks.get(name, (0.0, 0))
        cpu, peak = sum(cpu for cpu, _, _ in found), max(together, *(peak for _, peak, _ in found))
        jobs = sum(job for _, _, job in found)
        rows.append(
            Row(size, publishers, name, jobs, round(cpu, 2), round(peak), written(results / "scaling", name), ask)
        )
    return rows


def asked(summary: list[str], work: Path) -> dict[str, tuple[float, int]]:
    """By script: MB of the largest job as the benchmark files state it, and the most that a job of it asks for.

    ``summary``: the command that tells rule, log and inputs of each file; below ``work`` a job's benchmark file is
    called as its log.
    """
    told = subprocess.run(summary, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    stated, found = needs.read(), dict[str, tuple[float, int]]()
    for job in csv.DictReader(told.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        script = re.search(r"workflow/scripts/(\w+)\.py", job["shellcmd"])
        log = (ROOT / job["log-file(s)"]).resolve()
        path = work / "benchmarks" / log.relative_to(work / "logs").with_suffix(".tsv") if script else log
        if script and path.is_file():
            with open(path, encoding="utf-8", newline="") as file:
                # Snakemake counts in MiB.
                rows = csv.DictReader(file, delimiter="\t")
                peaks = [1.048576 * float(row["max_rss"]) for row in rows if row["max_rss"] != "NA"]
            ask = stated.memory(job["rule"])({}, job["input-file(s)"].split(","), 1)
            peak, most = found.get(script[1], (0.0, 0))
            found[script[1]] = max([peak, *peaks]), max(most, ask)
    return found


def written(root: Path, name: str) -> float:
    """Megabytes of what the script ``name`` wrote, as far as it has a folder of its own."""
    place = PLACES.get(name)
    files = (root / place).rglob("*") if place else []
    return round(sum(path.stat().st_size for path in files if path.is_file()) / 1e6, 2)


def draw_growth(rows: list[Row], path: Path) -> None:
    """CPU seconds per 1,000 articles, and the largest job's memory, by script against articles, as a small SVG."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "wiretrace"
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 2, figsize=(10, 4))
    # Scripts measured at several sizes, by what each costs at its largest.
    sizes_of = Counter(row.script for row in rows)
    cost = {row.script: row.cpu_s / row.articles for row in sorted(rows) if row.cpu_s > 0 and sizes_of[row.script] > 1}
    for number, script in enumerate(sorted(cost, key=lambda name: -cost[name])[:10]):
        points = sorted(
            (row.articles, 1000 * row.cpu_s / row.articles, row.peak_mb) for row in rows if row.script == script
        )
        sizes = [size for size, _, _ in points]
        panels[0].plot(sizes, [cpu for _, cpu, _ in points], marker="o", markersize=3, color=f"C{number}", label=script)
        if points[-1][2]:
            panels[1].plot(
                sizes, [peak for _, _, peak in points], marker="o", markersize=3, color=f"C{number}", label=script
            )
    for panel, what in zip(panels, ("CPU seconds per 1,000 articles", "MB, largest job"), strict=True):
        panel.set(xscale="log", yscale="log", xlabel="articles", ylabel=what)
        panel.grid(alpha=0.3)
        panel.legend(fontsize=7, ncols=2)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def kept(path: Path | None) -> list[Row]:
    """Rows of an earlier run."""
    if not path or not path.is_file():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        return [
            Row(int(n), int(p), s, int(j), float(c), int(m), float(b), int(a))
            for n, p, s, j, c, m, b, a in [*csv.reader(file)][1:]
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=int, nargs="*", help="sizes to measure")
    parser.add_argument("--csv", type=Path, help="keep the rows there; those of other sizes stay")
    parser.add_argument("--svg", type=Path, help="draw the rows, those of --csv as well, there")
    parser.add_argument("--imported", action="store_true", help="a table of articles instead of captured pages")
    parser.add_argument("--as-read", action="store_true", help="the same, and what reading gives from the start")
    parser.add_argument("--each", type=int, default=100, help="articles of a publisher")
    parser.add_argument("--keep", type=Path, help="work in FOLDER/SIZE, which stays, and go on where it was")
    parser.add_argument("--until", default="publish", help="Snakemake's target")
    parser.add_argument("--cores", type=int, default=1, help="jobs at once; two of them write a version at once")
    args = parser.parse_args()
    lay_out = as_read if args.as_read else bring if args.imported else lay
    rows = [row for row in kept(args.csv) if row.articles not in args.articles]
    for size in args.articles:
        with tempfile.TemporaryDirectory() as folder:
            place = args.keep / str(size) if args.keep else Path(folder)
            place.mkdir(parents=True, exist_ok=True)
            found = measured(size, args.each, lay_out, place.resolve(), args.until, args.cores)
        rows += found
        print(f"\n{size:,} articles, {found[0].publishers:,} publishers")
        print(f"{'script':<18}{'jobs':>5}{'CPU s':>9}{'CPU s per 1,000':>17}{'peak MB':>9}{'asks':>9}{'MB':>9}")
        for row in found:
            each = f"{1000 * row.cpu_s / size:.2f}"
            print(
                f"{row.script:<18}{row.jobs:>5}{row.cpu_s:>9}{each:>17}{row.peak_mb:>9}{row.asks_mb:>9}{row.mb:>9}",
                flush=True,
            )
    rows.sort(key=lambda row: (row.articles, row.script))
    if args.csv:
        with open(args.csv, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([Row._fields, *rows])
    if args.svg:
        draw_growth(rows, args.svg)


if __name__ == "__main__":
    main()
