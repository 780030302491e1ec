"""Evidence and versions kept on an S3-compatible server and fetched again: the same bytes, and no half round."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from wiretrace import evidence

ROOT = Path(__file__).resolve().parents[2]
# A folder with the packages of the extra `cloud`, moto[s3], flask and flask-cors, kept apart since they want others than the lock.
CLOUD = os.environ.get("WIRETRACE_CLOUD", "")
ENV = dict(os.environ, PYTHONPATH=CLOUD, NO_PROXY="127.0.0.1")
TIME = "2026-01-02T03:04:05Z"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Address of an S3-compatible server on loopback with the bucket ``desk``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(tmp_path / "server.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-p", str(port)], env=ENV, stdout=log, stderr=log
        )
        try:
            made = urllib.request.Request(f"http://127.0.0.1:{port}/desk", method="PUT")
            for _ in range(600):
                with contextlib.suppress(urllib.error.URLError):
                    urllib.request.urlopen(made).close()  # noqa: S310 - loopback
                    break
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


def moved(target: str, results: Path, server: str) -> str:
    """Keep or fetch the investigation below ``results``; what Snakemake said."""
    results.mkdir(exist_ok=True)
    settings = results / "investigation.yaml"
    settings.write_text(json.dumps({"investigation": "case", "results": str(results)}), encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "--snakefile", "workflow/keep.smk", "--cores", "2"]
    command += ["--storage-s3-endpoint-url", server, "--storage-s3-access-key", "any", "--storage-s3-secret-key", "any"]
    command += ["--configfile", str(settings), "--config", "kept=s3://desk/cases", "--", target]
    done = subprocess.run(command, cwd=ROOT, env=ENV, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def files(results: Path) -> dict[str, bytes]:
    return {str(p.relative_to(results)): p.read_bytes() for p in (results / "case").rglob("*") if p.is_file()}


@pytest.mark.skipif(not CLOUD and not find_spec("snakemake_storage_plugin_s3"), reason="no S3")
def test_what_is_kept_comes_back_to_the_byte(server: str, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    case = here / "case"
    for snapshot in ("round-1", "round-2"):
        with evidence.EvidenceWriter(case / "evidence" / snapshot / "000-of-001.warc.gz") as writer:
            answer = f"HTTP/1.1 200 OK\r\n\r\n{snapshot}".encode()
            writer.add(evidence.Exchange("http", "page", "a.example", "http://a.example/", TIME, answer))
    evidence.seal(case / "evidence", "round-1")
    table = case / "versions" / "v-0123456789ab" / "tables" / "claims.csv"
    table.parent.mkdir(parents=True)
    table.write_text("claim_id\n", encoding="utf-8")
    moved("keep", here, server)
    # What is not sealed goes on growing here, and is not kept.
    kept = {name: data for name, data in files(here).items() if "round-2" not in name}
    moved("fetch", there, server)
    assert files(there) == kept
    assert evidence.verify(there / "case" / "evidence", "round-1") == []
    assert "Nothing to be done" in moved("keep", here, server)
