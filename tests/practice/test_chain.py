"""The whole chain on a practice world, over real protocols: what it finds, and that it finds the same again."""

import contextlib
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from wiretrace import evidence, needs, publish, schema
from wiretrace.practice import demo, world
from wiretrace.practice.servers import serve

ROOT = Path(__file__).resolve().parents[2]
SEED = 2
# Runs in every Python that it is on the path of: the first job of each script dies as it puts its first file in place.
KILLER = """import os, signal, sys
def watch(event, args):
    if event == "os.rename" and "workflow/scripts/" in sys.argv[0]:
        try:
            os.close(os.open(os.path.join(os.environ["KILLED"], os.path.basename(sys.argv[0])), os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
"""
STEPS = ("store", "pairs", "candidates", "matches")
KILLED = {"index", "read", "gather", "attribute", "indicate", "trace", "speech", "posts", "claims", "changes"}
KILLED |= {"publish", *(f"trace_{step}" for step in STEPS)}


def test_the_scoreboard_keeps_what_the_project_promises(ran: Path) -> None:
    figures: dict[str, Any] = json.loads((ran / "scoreboard.json").read_text(encoding="utf-8"))
    assert figures["attribution"]["wrong_links_of_honest_publishers"] == []
    assert figures["attribution"]["honest_publishers_in_networks"] == []
    assert figures["attribution"]["pairs"]["precision"] >= 0.99
    assert figures["attribution"]["pairs"]["recall"] >= 0.6
    assert figures["attribution"]["operators"]["named_wrong"] == 0
    assert figures["tracing"]["wrong_of_traceable"] <= 0.02
    assert figures["tracing"]["right_of_traceable"] >= 0.7
    assert figures["ai_indicators"]["controls_marked"] == []
    assert figures["ai_indicators"]["articles"]["recall"] >= 0.6
    assert figures["quotes"]["false_quotation"]["recall"] >= 0.8
    assert figures["quotes"]["honest_marked"] == []
    assert figures["changes"]["deleted"]["recall"] >= 0.8


def test_evidence_and_version_verify_down_to_the_captures(ran: Path, version_of: Callable[[Path], str]) -> None:
    for snapshot in demo.ROUNDS:
        assert evidence.verify(ran / "evidence", snapshot) == []
    assert publish.verify_version(ran, version_of(ran)) == []


def test_same_evidence_elsewhere_offline_gives_the_same_version_though_a_job_of_each_script_dies(
    ran: Path,
    tmp_path: Path,
    snakemake: Callable[..., Any],
    offline: Callable[[Path], Path],
    same: Callable[[Path, Path], None],
) -> None:
    shutil.copytree(ran / "evidence", tmp_path / ran.name / "evidence")
    killed = tmp_path / "killed"
    killed.mkdir()
    (tmp_path / "sitecustomize.py").write_text(KILLER, encoding="utf-8")
    env = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "http_proxy": "http://127.0.0.1:9"}
    env |= {"PYTHONPATH": str(tmp_path), "KILLED": str(killed)}
    done = snakemake("publish", "--configfile", str(offline(tmp_path)), "--config", "shards=3", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.stem for path in killed.iterdir()} >= KILLED
    same(ran, tmp_path / ran.name)
    left = [path for path in (tmp_path / ran.name / "work").rglob("*") if path.name.endswith((".part", ".pieces"))]
    assert not left and not list((tmp_path / ran.name / "work").rglob(".index"))


def test_a_finished_investigation_has_nothing_to_do(ran: Path, snakemake: Callable[..., Any]) -> None:
    before = {path: path.stat().st_mtime_ns for path in ran.rglob("*") if path.is_file()}
    done = snakemake(
        "--configfile",
        str(ROOT / "config" / "config.yaml"),
        str(demo.state_of(SEED, ran.parent) / "here.yaml"),
        "--config",
        f"snapshot={demo.ROUNDS[-1]}",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing to be done" in done.stdout + done.stderr
    changed = {p for p in ran.rglob("*") if p.is_file() and p.stat().st_mtime_ns != before.get(p)}
    assert {p.name for p in changed} <= {".lock"}


def test_every_published_table_is_written_and_read(ran: Path, version_of: Callable[[Path], str]) -> None:
    folder = ran / "versions" / version_of(ran) / "tables"
    wanted = {name for name, table in schema.tables().items() if table.published}
    assert {path.stem for path in folder.glob("*.csv")} >= wanted
    for name in wanted:
        assert len(schema.read(name, folder / f"{name}.csv")), f"{name} is empty"


def test_killed_again_and_again_it_goes_on_and_fetches_nothing_twice(tmp_path: Path) -> None:
    made = world.build(SEED)
    with serve(made, tmp_path / "state") as internet:
        given = tmp_path / "inputs"
        for name, text in demo.inputs(made).items():
            schema.write_text(given / name, text)
        settings = demo.configuration(internet, str(given)) | {"results": str(tmp_path / "results"), "shards": 2}
        overlay = tmp_path / "here.yaml"
        overlay.write_text(json.dumps(settings), encoding="utf-8")
        root = tmp_path / "results" / demo.name_of(SEED)
        target = str(root / "evidence" / "round-1" / "manifest.json")
        command = [sys.executable, "-m", "snakemake", "--cores", "2", target, "--configfile"]
        command += [str(ROOT / "config" / "config.yaml"), str(overlay), "--config", "snapshot=round-1"]
        for pages in (40, 120, 250):
            log = open(tmp_path / f"{pages}.log", "wb")  # noqa: SIM115 - the process writes it
            process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)
            while process.poll() is None and sum(what.startswith("GET") for _, what in internet.asked) < pages:
                internet.ended.wait(0.05)
            # Jobs may die with the workflow or outlive it; the next start copes with either. At last one job dies,
            # and the workflow itself starts it anew.
            if pages == 40:
                os.killpg(process.pid, signal.SIGKILL)
            elif pages == 120:
                process.kill()
            else:
                while process.poll() is None and not (jobs := acquiring(process.pid)):
                    internet.ended.wait(0.02)
                jobs[0].kill()
            ended = process.wait()
            log.close()
        assert ended == 0, (tmp_path / "250.log").read_text(encoding="utf-8")
        assert "Trying to restart job" in (tmp_path / "250.log").read_text(encoding="utf-8")
    captures, _ = evidence.index(root / "evidence", "round-1")
    # A torn answer is archived as it came and tried again: only whole ones may not come twice.
    whole = captures[
        captures["purpose"].isin(["page", "image"]) & (captures["status"] == "200") & (captures["truncated"] == "")
    ]
    assert len(whole) > 300
    assert not whole.duplicated(["publisher", "purpose", "address"]).any()
    assert evidence.verify(root / "evidence", "round-1") == []


def acquiring(workflow: int) -> list[psutil.Process]:
    """Processes that acquire for the workflow with this process id."""
    found = []
    for process in psutil.Process(workflow).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if "acquire.py" in " ".join(process.cmdline()[:2]):
                found.append(process)
    return found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("investigation: x\naquire: {}\n", "did you mean acquire?"),
        ("investigation: x\ninputs: {seeds: nowhere.csv}\n", "nowhere.csv"),
        ("investigation: x\ninputs: {seeds: empty.csv}\n", "no addresses"),
        ("investigation: x\ninputs: {seeds: bad.csv}\n", "line 2"),
    ],
)
def test_a_mistake_ends_with_one_line_and_exit_code_2(
    tmp_path: Path, snakemake: Callable[..., Any], text: str, words: str
) -> None:
    (tmp_path / "empty.csv").write_text("url,role\n")
    (tmp_path / "bad.csv").write_text("url,role\nnowhere,suspect\n")
    path = tmp_path / "investigation.yaml"
    path.write_text(text + f"results: {tmp_path / 'results'}\n", encoding="utf-8")
    done = snakemake("--configfile", str(path))
    assert done.returncode == 2
    lines = [line for line in done.stderr.splitlines() if line.startswith("wiretrace:")]
    assert len(lines) == 1
    assert words in lines[0]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "results").exists()


def test_no_job_took_the_memory_that_its_rule_asks_for(ran: Path) -> None:
    """Beside what Snakemake takes itself, on tables as small as these: the start of each ask is enough."""
    stated, seen = needs.read().by_rule, set()
    for path in sorted((ran / "work" / "benchmarks").rglob("*.tsv")):
        name = path.relative_to(ran / "work" / "benchmarks").parts[0].removesuffix(".tsv")
        rule = f"{name}_shard" if f"{name}_shard" in stated else name
        if rule not in stated:
            continue
        with open(path, encoding="utf-8", newline="") as file:
            peak = max(float(row["max_rss"]) for row in csv.DictReader(file, delimiter="\t") if row["max_rss"] != "NA")
        assert peak < stated[rule].mem_mb, f"{path.name} of {rule}: {peak:.0f} MB"
        seen.add(rule)
    assert seen >= set(stated) - {"import_archives", "split_articles"}
