"""The whole chain on a practice world, over real protocols: what it finds, and that it finds the same again."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wiretrace import evidence, publish, schema
from wiretrace.practice import demo, world
from wiretrace.practice.servers import serve

ROOT = Path(__file__).resolve().parents[2]
SEED = 2
pytestmark = pytest.mark.xdist_group("chain")


def snakemake(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the second world's investigation after two rounds and everything that follows."""
    results = tmp_path_factory.mktemp("results")
    assert demo.run(SEED, results) == 0
    return results / demo.name_of(SEED)


def version_of(root: Path) -> str:
    return (root / "work" / "version.txt").read_text(encoding="utf-8").strip()


def offline(ran: Path, results: Path) -> Path:
    """A configuration for the same investigation elsewhere, with nobody to ask."""
    given = demo.state_of(SEED, ran.parent) / "inputs"
    text = {
        "investigation": ran.name,
        "results": str(results),
        "inputs": {
            "seeds": str(given / "seeds.csv"),
            "names": [str(given / "names.csv")],
            "posts": [str(given / "posts.csv")],
            "known_networks": [str(given / "known_networks.csv")],
            "platforms": [str(given / "platforms.yaml")],
        },
        "acquire": {"live": False},
    }
    path = results / "investigation.yaml"
    path.write_text(json.dumps(text), encoding="utf-8")
    return path


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


def test_evidence_and_version_verify_down_to_the_captures(ran: Path) -> None:
    for snapshot in demo.ROUNDS:
        assert evidence.verify(ran / "evidence", snapshot) == []
    assert publish.verify_version(ran, version_of(ran)) == []


def test_same_evidence_elsewhere_offline_gives_the_same_version(ran: Path, tmp_path: Path) -> None:
    results = tmp_path / "elsewhere"
    shutil.copytree(ran / "evidence", results / ran.name / "evidence")
    env = dict(os.environ, PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C", http_proxy="http://127.0.0.1:9")
    done = snakemake("publish", "--configfile", str(offline(ran, results)), "--config", "shards=3", env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    again = results / ran.name
    assert version_of(again) == version_of(ran)
    for path in sorted((ran / "versions" / version_of(ran) / "tables").iterdir()):
        assert (again / "versions" / version_of(ran) / "tables" / path.name).read_bytes() == path.read_bytes(), (
            path.name
        )


def test_a_finished_investigation_has_nothing_to_do(ran: Path) -> None:
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


def test_every_published_table_is_written_and_read(ran: Path) -> None:
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
            process = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
            )
            while process.poll() is None and sum(what.startswith("GET") for _, what in internet.asked) < pages:
                internet.ended.wait(0.05)
            # Jobs may die with the workflow or outlive it; the next start copes with either.
            if pages == 120:
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    captures, _ = evidence.index(root / "evidence", "round-1")
    # A torn answer is archived as it came and tried again: only whole ones may not come twice.
    whole = captures[
        captures["purpose"].isin(["page", "image"]) & (captures["status"] == "200") & (captures["truncated"] == "")
    ]
    assert len(whole) > 300
    assert not whole.duplicated(["publisher", "purpose", "address"]).any()
    assert evidence.verify(root / "evidence", "round-1") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("investigation: x\naquire: {}\n", "did you mean acquire?"),
        ("investigation: x\ninputs: {seeds: nowhere.csv}\n", "nowhere.csv"),
        ("investigation: x\ninputs: {seeds: empty.csv}\n", "no addresses"),
        ("investigation: x\ninputs: {seeds: bad.csv}\n", "line 2"),
    ],
)
def test_a_mistake_ends_with_one_line_and_exit_code_2(tmp_path: Path, text: str, words: str) -> None:
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
