"""Compiled kernels are kept per state of their sources, in few folders, and a read-only installation works too."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wiretrace import compiled
from wiretrace.compiled import KEPT, keeping

KERNEL = "def of(x: int) -> int:\n    return x + {}\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compiled.NUMBA, "CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "some" / "package"
    folder.mkdir(parents=True)
    (folder / "kernel.py").write_text(KERNEL.format(0), encoding="utf-8")
    return folder


def test_each_state_of_the_sources_has_its_folder_and_old_ones_go(package: Path) -> None:
    met = []
    for state in range(KEPT + 3):
        (package / "kernel.py").write_text(KERNEL.format(state), encoding="utf-8")
        folder = keeping(package)
        assert folder is not None and folder.parent == package / "__pycache__" and folder not in met
        os.utime(folder, (state, state))
        met.append(folder)
        assert keeping(package) == folder
    assert sorted(folder for folder in met if folder.is_dir()) == sorted(met[-KEPT:])


def test_packages_that_share_a_folder_do_not_clear_each_others(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled.NUMBA, "CACHE_DIR", str(tmp_path / "shared"))
    other = package.parent / "other"
    shutil.copytree(package, other)
    own = keeping(package)
    for state in range(KEPT + 2):
        (other / "kernel.py").write_text(KERNEL.format(state), encoding="utf-8")
        assert keeping(other) != own
    assert own is not None and own.is_dir() and tmp_path / "shared" in own.parents


def test_where_the_installation_cannot_be_written_the_users_cache_is_taken_or_none(
    package: Path, tmp_path: Path
) -> None:
    (package / "__pycache__").write_text("no folder", encoding="ascii")
    folder = keeping(package)
    assert folder is not None and tmp_path / "cache" in folder.parents
    assert kernel(package)(2) == 2 and list(folder.rglob("*.nbi"))
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_text("no folder either", encoding="ascii")
    assert keeping(package) is None


def kernel(package: Path) -> Any:
    spec = importlib.util.spec_from_file_location("kernel", package / "kernel.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return compiled.compiled(module.of)


def test_jobs_that_compile_side_by_side_give_the_same(package: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import kernel; from wiretrace.compiled import compiled\n"
        "of = compiled(kernel.of); assert (of(1), of(1.5)) == (1, 1.5)\n"
    )
    command = [sys.executable, "-c", code, str(package)]
    _ended([subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)])


def test_a_job_that_loses_its_folder_compiles_anew(package: Path) -> None:
    code = (
        "import shutil, sys; sys.path.insert(0, sys.argv[1]); import kernel\n"
        "from pathlib import Path; from wiretrace.compiled import compiled, keeping\n"
        "of = compiled(kernel.of); assert of(1) == 1\n"
        "shutil.rmtree(keeping(Path(sys.argv[1]))); assert of(1.5) == 1.5\n"
    )
    _ended([subprocess.Popen([sys.executable, "-c", code, str(package)], stderr=subprocess.PIPE, text=True)])


def _ended(jobs: list[subprocess.Popen[str]]) -> None:
    ended = [(job.communicate()[1], job.returncode) for job in jobs]
    assert all(status == 0 for _, status in ended), ended
