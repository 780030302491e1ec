"""The practice investigation on a real Slurm: the same version as on this machine alone, though a job dies midway."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
# A cluster is asked more rarely than a node of our own.
HASTE = ["--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "2"]
# Accounts are kept by a database that one node does without.
ALONE = ["--slurm-no-account", "--slurm-status-command", "squeue"]


def slurm_is_there() -> bool:
    """Whether jobs can be submitted from here and a node waits for them."""
    if not shutil.which("sbatch") or not find_spec("snakemake_executor_plugin_slurm"):
        return False
    said = subprocess.run(["sinfo", "--noheader", "--format=%T"], capture_output=True, text=True, check=False)
    return said.returncode == 0 and any(state in said.stdout for state in ("idle", "mixed", "allocated"))


def job_of(script: str, marks: str) -> psutil.Process | None:
    """A process that runs ``script`` with ``marks`` among its arguments."""
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if line.startswith("python workflow/scripts/") and script in line and marks in line:
            return process
    return None


@pytest.mark.skipif(not slurm_is_there(), reason="no Slurm")
def test_slurm_gives_the_same_version_though_a_job_dies(
    ran: Path, tmp_path: Path, offline: Callable[[Path], Path], same: Callable[[Path, Path], None]
) -> None:
    shutil.copytree(ran / "evidence", tmp_path / ran.name / "evidence")
    command = [
        sys.executable,
        "-m",
        "snakemake",
        "publish",
        "--workflow-profile",
        "workflow/profiles/slurm",
        *ALONE,
        *HASTE,
    ]
    command += ["--slurm-logdir", str(tmp_path / "slurm"), "--configfile", str(offline(tmp_path))]
    log = tmp_path / "run.log"
    with open(log, "wb") as out:
        process = subprocess.Popen([*command, "--config", "shards=2"], cwd=ROOT, stdout=out, stderr=out)
        victim = None
        while victim is None and process.poll() is None:
            victim = job_of("read.py", str(tmp_path))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        if victim:
            victim.kill()
        ended = process.wait()
    said = log.read_text(encoding="utf-8")
    assert ended == 0, said
    assert victim and "Trying to restart job" in said
    same(ran, tmp_path / ran.name)
