"""The second practice world, run once for every test that looks at a whole investigation."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from wiretrace.practice import demo

ROOT = Path(__file__).resolve().parents[2]
SEED = 2
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def snakemake() -> Run:
    """Run the workflow with further arguments, and with ``env`` on top of the environment."""

    def run(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
        around = dict(os.environ, **(env or {}))
        return subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the second world's investigation after two rounds and everything that follows."""
    results = tmp_path_factory.mktemp("results")
    assert demo.run(SEED, results) == 0
    return results / demo.name_of(SEED)


@pytest.fixture(scope="session")
def offline(ran: Path) -> Callable[[Path], Path]:
    """Writes, below a folder for results, the configuration of the same investigation with nobody to ask."""

    def write(results: Path) -> Path:
        given = demo.state_of(SEED, ran.parent) / "inputs"
        text = {
            "investigation": ran.name,
            "question": yaml.safe_load((ROOT / "config" / "config.yaml").read_text(encoding="utf-8"))["question"],
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

    return write


@pytest.fixture(scope="session")
def version_of() -> Callable[[Path], str]:
    """Id of the newest version below an investigation's folder."""
    return lambda root: (root / "work" / "version.txt").read_text(encoding="utf-8").strip()


@pytest.fixture(scope="session")
def same(version_of: Callable[[Path], str]) -> Callable[[Path, Path], None]:
    """Asserts that two investigations have published the same version, byte for byte."""

    def compare(root: Path, again: Path) -> None:
        version = version_of(root)
        assert version_of(again) == version
        for path in sorted((root / "versions" / version / "tables").iterdir()):
            assert (again / "versions" / version / "tables" / path.name).read_bytes() == path.read_bytes(), path.name

    return compare
