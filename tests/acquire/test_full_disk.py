"""A disk that fills up ends a run in one line; what was written stays whole, and a further run goes on from there."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wiretrace import acquire, command, config, evidence, schema
from wiretrace.errors import UserError
from wiretrace.evidence import EvidenceWriter, Exchange, Lookup
from wiretrace.evidence.writer import whole_groups
from wiretrace.progress import Progress

TIME = "2026-01-02T03:04:05Z"


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process may become larger than ``size`` bytes; beyond, writing fails in the midst, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def page(number: int) -> tuple[Exchange, Lookup]:
    url = f"http://site.example/{number}"
    response = b"HTTP/1.1 200 OK\r\n\r\npage %d" % number
    return Exchange("http", "page", "site.example", url, TIME, response), Lookup(
        "site.example", "page", url, "found", TIME
    )


def test_an_exchange_that_does_not_fit_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "r1" / "a.warc.gz"
    with EvidenceWriter(path) as writer:
        writer.add(*page(0))
        for room in (0, 1, 100, 500):
            before = path.read_bytes()
            with (
                files_up_to(len(before) + room),
                pytest.raises(UserError, match="cannot write evidence: File too large"),
            ):
                writer.add(*page(1))
            assert path.read_bytes() == before
        writer.add(*page(1))
    with files_up_to(300), pytest.raises(UserError, match=r"manifest\.json: cannot write: File too large; make room"):
        evidence.seal(tmp_path, "r1")
    assert [file.name for file in path.parent.iterdir()] == ["a.warc.gz"]
    evidence.seal(tmp_path, "r1")
    assert evidence.verify(tmp_path, "r1") == []
    assert len(evidence.index(tmp_path, "r1")[0]) == 2


def test_a_job_ends_in_one_line_and_goes_on_when_there_is_room(
    serve: Any, investigation: Callable[..., config.Investigation], tmp_path: Path
) -> None:
    links = "".join(f'<a href="/p{n}">p</a>' for n in range(12))
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    web = serve({"/": (head + links).encode()} | {f"/p{n}": f"{head}page {n}".encode() for n in range(12)})
    made = investigation([f"{web.url}/"])
    evidence_folder = config.folder(made) / "evidence"
    for size in (500, 4_000, 9_000):
        with files_up_to(size), pytest.raises(UserError, match="cannot write evidence: File too large") as caught:
            acquire.acquire_shard(made, "r1", 0, 1, evidence_folder, Progress("acquire"))
        assert "\n" not in str(caught.value)
        file = evidence_folder / "r1" / "000-of-001.warc.gz"
        assert whole_groups(file) == (file.stat().st_size, None)
    summary = acquire.acquire_shard(made, "r1", 0, 1, evidence_folder, Progress("acquire"))
    assert summary.repaired == ""
    _, lookups = evidence.index(evidence_folder, "r1")
    pages = [row["subject"] for row in schema.records(lookups) if row["source"] == "page" and row["outcome"] == "found"]
    assert sorted(pages) == sorted({f"{web.url}/", *(f"{web.url}/p{n}" for n in range(12))})


def test_a_script_says_so_in_one_line(tmp_path: Path) -> None:
    code = (
        "import resource\nfrom pathlib import Path\nfrom wiretrace import command, schema\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        f"command.run(lambda: schema.write_text(Path({str(tmp_path / 'a.json')!r}), 'x' * 100))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (2, "wiretrace: cannot write: File too large; make room and run again\n")
    assert not (tmp_path / "a.json").exists()

    def denied() -> None:
        raise PermissionError(13, "denied")

    with pytest.raises(PermissionError):
        command.run(denied)
