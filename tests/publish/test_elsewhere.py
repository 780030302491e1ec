"""The same input on another machine: other path, locale, time zone, number of cores, seed of hashes; the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from wiretrace import config, schema

ROOT = Path(__file__).resolve().parents[2]


def moved(made: Any, folder: Path) -> Path:
    """Evidence, tables and inputs of the invented investigation under ``folder``, with settings that name them there."""
    root = folder / "results" / "quay"
    shutil.copytree(made.folder / "evidence", root / "evidence")
    for name, data in made.tables.items():
        schema.write(name, data, root / "work" / "tables" / f"{name}.csv")
    settings = json.loads(config.settings(made.investigation, "publish"))
    given = settings["inputs"]
    for key, value in given.items():
        paths = [value] if isinstance(value, str) else value
        new = [str(shutil.copy(path, folder / Path(path).name)) for path in paths if path]
        given[key] = (new or [""])[0] if isinstance(value, str) else new
    (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    return root


def published(made: Any, factory: Any, folder: Path, cores: int, **env: str) -> tuple[str, dict[str, str], str]:
    """Run the scripts of the stage by hand; the id, the digest of every file of the version, the ledger."""
    root, settings = moved(made, folder), ["--settings", str(folder / "settings.json")]
    tables = ["--tables", *sorted(str(path) for path in (root / "work" / "tables").iterdir())]
    rounds = ["--snapshots", *factory.ROUNDS]

    def run(script: str, *flags: str) -> None:
        available = sorted(os.sched_getaffinity(0))
        subprocess.run(
            [sys.executable, str(ROOT / "workflow/scripts" / f"{script}.py"), *flags],
            check=True, capture_output=True, cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "ignore", **env},
            preexec_fn=lambda: os.sched_setaffinity(0, available[:cores]),
        )  # fmt: skip

    into = {name: str(root / "work" / "tables" / f"{name}.csv") for name in schema.of_stage("publish")}
    run("claims", *settings, *tables, "--into", into["claims"], into["claim_evidence"])
    run("changes", *tables, *rounds, "--into", into["changes"], into["publisher_indicators"])
    run(
        "publish", *settings, "--root", str(root), "--workers", str(min(cores, 2)), *tables, *into.values(), *rounds,
        "--ledger", str(root / "versions.csv"), "--version", str(root / "work/version.txt"),
    )  # fmt: skip
    version = (root / "work/version.txt").read_text().strip()
    place = root / "versions" / version
    files = {
        p.relative_to(place).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(place.rglob("*"))
        if p.is_file()
    }
    return version, files, (root / "versions.csv").read_text()


def test_a_version_is_the_same_on_another_machine(made: Any, factory: Any, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    other = tmp_path / "b" / "another place"
    other.mkdir(parents=True)
    here = published(made, factory, tmp_path / "a", 1, LC_ALL="C.UTF-8", TZ="UTC", PYTHONHASHSEED="1", PYTHONUTF8="1")
    there = published(
        made, factory, other, 64, LC_ALL="C", TZ="Asia/Kathmandu", PYTHONHASHSEED="2", PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0", HOME="/nowhere",
    )  # fmt: skip
    assert here == there
    assert {"tables/claims.csv", "exports/stix.json", "exports/wiretrace.xlsx", "exports/wiretrace.sqlite",
            "exports/parquet/claims.parquet", "exports/networks.gexf", "ro-crate-metadata.json", "run.json",
            "datapackage.json", "manifest.json"} <= here[1].keys()  # fmt: skip
    assert str(tmp_path) not in "".join(
        p.read_text() for p in (other / "results").rglob("*.json") if "versions" in p.parts
    )
