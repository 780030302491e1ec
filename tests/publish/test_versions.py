"""Versions: named by content, never changed, verified down to the archived bytes."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import frictionless
import openpyxl
import pyarrow.parquet as pq
import pytest

from wiretrace import publish, schema
from wiretrace.errors import UserError
from wiretrace.publish import held
from wiretrace.publish import versions as versions_module
from wiretrace.publish.beside import beside
from wiretrace.publish.exports.workbook import LONGEST_CELL, neutral


@pytest.fixture(scope="module")
def tables(claimed: dict[str, Any]) -> dict[str, Any]:
    return claimed


def published(tables: dict[str, Any], made: Any, factory: Any, folder: Path) -> str:
    return publish.publish(
        tables, publish.facts(made.investigation, folder, factory.ROUNDS, {"registry": "0" * 64}), folder
    )


@pytest.fixture
def folder(sealed: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(sealed[0], tmp_path / "quay"))


@pytest.fixture(scope="module")
def version(sealed: tuple[Path, str]) -> str:
    return sealed[1]


def test_equal_tables_are_one_version_whatever_the_order_of_rows(
    tables: dict[str, Any], folder: Path, version: str, tmp_path: Path
) -> None:
    turned = {name: data.iloc[::-1].reset_index(drop=True) for name, data in tables.items()}
    facts = json.loads((folder / "versions" / version / "run.json").read_text())
    moved = facts | {"snapshots": ["other"], "code": facts["code"] | {"read": "1" * 64}}
    assert publish.publish(turned, moved, tmp_path / "elsewhere") == version
    for name in ("tables/articles.csv", "exports/parquet/claims.parquet"):
        here, there = (root / "versions" / version / name for root in (folder, tmp_path / "elsewhere"))
        assert here.read_bytes() == there.read_bytes()


def test_two_workers_make_the_same_version_from_files(
    tables: dict[str, Any], folder: Path, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "WORTH", 0)
    place = folder / "versions" / version
    files = {name: place / "tables" / f"{name}.csv" for name in tables}
    assert publish.publish(files, json.loads((place / "run.json").read_text()), tmp_path, 2) == version
    assert (tmp_path / "versions" / version / "manifest.json").read_bytes() == (place / "manifest.json").read_bytes()


def test_a_file_in_another_order_is_not_frozen(folder: Path, version: str, tmp_path: Path) -> None:
    head, *rows = (folder / "versions" / version / "tables" / "publishers.csv").read_text().splitlines(keepends=True)
    (tmp_path / "publishers.csv").write_text("".join([head, *reversed(rows)]))
    with pytest.raises(UserError, match="order of its key"):
        publish.publish({"publishers": tmp_path / "publishers.csv"}, {}, tmp_path)
    assert [path.name for path in (tmp_path / "versions").iterdir()] == [".lock"]


def test_a_version_that_is_there_is_not_touched(tables: dict[str, Any], folder: Path, version: str) -> None:
    place = folder / "versions" / version
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in sorted(place.rglob("*")) if path.is_file()}
    facts = json.loads((place / "run.json").read_text())
    assert publish.publish(tables, facts, folder) == version
    assert before == {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(place.rglob("*")) if p.is_file()}
    assert sorted(path.name for path in (folder / "versions").iterdir()) == [".lock", version, f"{version}.published"]


def leave(versions: Path, name: str, days: float = 0) -> Path:
    """What a run that was killed left in ``versions`` so many days ago."""
    kept = versions / name / "tables" / "articles.csv"
    schema.write_text(kept, "article_id\n")
    then = time.time() - days * 86_400
    for path in (kept, kept.parent, kept.parents[1]):
        os.utime(path, (then, then))
    return versions / name


def test_what_a_killed_run_left_goes_with_the_next(tables: dict[str, Any], folder: Path, version: str) -> None:
    versions, facts = folder / "versions", json.loads((folder / "versions" / version / "run.json").read_text())
    # It is killed while it works: what it was writing stays, its hold on the folder goes with it.
    script = f"""if 1:
        import os, signal
        from pathlib import Path
        from wiretrace.publish.beside import beside
        with beside(Path({str(versions)!r})) as part:
            (part / "half.csv").write_text("x")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -signal.SIGKILL
    assert [path.name for part in versions.glob(".part-*") for path in part.iterdir()] == ["half.csv"]
    leave(versions, ".part-elsewhere-old", 1.1)
    working = leave(versions, ".part-elsewhere-new", 0.9)
    assert publish.publish(tables, facts, folder) == version
    # Of another machine's run nobody here can tell whether it is alive, until it has written nothing for a day.
    assert list(versions.glob(".part-*")) == [working]


def test_a_run_that_is_alive_keeps_what_it_writes(tables: dict[str, Any], folder: Path, version: str) -> None:
    versions, facts = folder / "versions", json.loads((folder / "versions" / version / "run.json").read_text())
    with beside(versions) as one:
        assert publish.publish(tables, facts, folder) == version
        with beside(versions) as two:
            assert sorted(versions.glob(".part-*")) == sorted([one, two])
    assert not list(versions.glob(".part-*"))


def test_of_two_runs_with_one_version_the_first_stays(
    tables: dict[str, Any], folder: Path, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = json.loads((folder / "versions" / version / "run.json").read_text())
    fill = versions_module._fill

    def overtaken(part: Path, *rest: Any) -> None:
        fill(part, *rest)
        shutil.copytree(folder / "versions" / version, part.with_name(version))

    monkeypatch.setattr(versions_module, "_fill", overtaken)
    assert publish.publish(tables, facts, tmp_path) == version
    assert [path.name for path in (tmp_path / "versions").iterdir() if path.is_dir()] == [version]


@pytest.mark.parametrize(
    "other",
    [{"question": "another"}, {"investigation": "another"}, {"code": {"publish": "1"}}, {"code": {"registry": "1"}}],
)
def test_what_the_exports_are_made_with_names_a_version_too(
    tables: dict[str, Any], folder: Path, version: str, other: dict[str, Any]
) -> None:
    facts = json.loads((folder / "versions" / version / "run.json").read_text())
    assert publish.publish(tables, facts | other, folder) != version
    assert publish.verify_version(folder, version) == []


def test_another_cell_is_another_version(tables: dict[str, Any], made: Any, factory: Any, folder: Path) -> None:
    rows = schema.records(tables["publishers"])
    rows[0]["note"] = "changed"
    other = tables | {"publishers": schema.frame("publishers", rows)}
    versions = {published(t, made, factory, folder) for t in (tables, other)}
    assert len(versions) == 2
    lines = list(csv.DictReader(publish.ledger(folder).splitlines()))
    assert {line["version"] for line in lines} == versions
    assert {line["snapshots"] for line in lines} == {"round1 round2"}


def test_a_sound_version_has_no_problems(folder: Path, version: str) -> None:
    assert publish.verify_version(folder, version) == []


@pytest.mark.parametrize(
    "name", ["tables/articles.csv", "exports/wiretrace.xlsx", "run.json", "exports/parquet/claims.parquet"]
)
def test_a_flipped_byte_is_found(folder: Path, version: str, name: str) -> None:
    path = folder / "versions" / version / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    assert any(problem.startswith(name) for problem in publish.verify_version(folder, version))


def test_a_flipped_byte_in_the_archive_is_found(tables: dict[str, Any], folder: Path, version: str) -> None:
    row = schema.records(tables["captures"])[0]
    path = folder / "evidence" / row["warc_file"]
    data = bytearray(path.read_bytes())
    data[row["warc_offset"] + row["warc_length"] // 2] ^= 1
    path.write_bytes(bytes(data))
    assert any(row["capture_id"] in problem for problem in publish.verify_version(folder, version))


def test_added_and_missing_files_and_dangling_references_are_found(
    tables: dict[str, Any], made: Any, factory: Any, folder: Path
) -> None:
    rows = [row | {"capture_id": "c-0000000000000000"} for row in schema.records(tables["clocks"])] or [
        {
            "clock_id": "t-0000000000000000",
            "article_id": "a-0000000000000000",
            "source": "meta",
            "event": "published",
            "value": "x",
            "earliest": "2024-01-01",
            "latest": "2024-01-01",
            "precision": "day",
            "zone": "unknown",
        }
    ]
    version = published(tables | {"clocks": schema.frame("clocks", rows)}, made, factory, folder)
    place = folder / "versions" / version
    (place / "more.txt").write_text("x")
    (place / "exports" / "metadata.json").unlink()
    problems = publish.verify_version(folder, version)
    assert "more.txt: not in the manifest" in problems
    assert "exports/metadata.json: missing" in problems
    assert any("clocks.article_id" in problem for problem in problems)


def test_a_version_that_is_not_there_is_the_users_mistake(folder: Path) -> None:
    with pytest.raises(UserError, match="no published version"):
        publish.verify_version(folder, "v-000000000000")


def test_no_formula_reaches_the_workbook(factory: Any, folder: Path, version: str) -> None:
    book = openpyxl.load_workbook(folder / "versions" / version / "exports" / "wiretrace.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if cell.data_type == "s"]
    assert "'" + factory.FORMULA in texts
    assert not [text for text in texts if text.lstrip().startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "＝1", "\n@x"])
def test_what_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert neutral(text).startswith("'")
    assert neutral("a" + text) == "a" + text


def test_a_cell_is_never_longer_than_a_spreadsheet_takes() -> None:
    assert len(neutral("=" + "x" * 50_000)) <= LONGEST_CELL
    assert neutral("\ufffe\x00a") == "a"


def test_sqlite_holds_rows_keys_and_meanings(tables: dict[str, Any], folder: Path, version: str) -> None:
    exports = folder / "versions" / version / "exports"
    database = sqlite3.connect(f"file:{exports / 'wiretrace.sqlite'}?mode=ro", uri=True)
    try:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("SELECT count(*) FROM claims").fetchone()[0] == len(tables["claims"])
        (meaning,) = database.execute(
            "SELECT meaning FROM _columns WHERE [table] = 'claims' AND [column] = 'against'"
        ).fetchone()
        assert meaning
    finally:
        database.close()
    described = json.loads((exports / "metadata.json").read_text())["databases"]["wiretrace"]["tables"]
    assert described["claims"]["columns"]["against"] == meaning
    assert pq.read_table(exports / "parquet" / "claims.parquet").num_rows == len(tables["claims"])


def test_working_tables_are_not_published(folder: Path, version: str) -> None:
    names = {path.stem for path in (folder / "versions" / version / "tables").iterdir()}
    assert names == {name for name, table in schema.tables().items() if table.published}


def test_run_facts_name_no_path(factory: Any, folder: Path, version: str) -> None:
    run = (folder / "versions" / version / "run.json").read_text(encoding="utf-8")
    assert str(folder.parent) not in run
    assert json.loads(run)["manifests"].keys() == set(factory.ROUNDS)


def test_the_package_is_valid_by_its_own_tool(folder: Path, version: str) -> None:
    report = frictionless.validate(str(folder / "versions" / version / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note", "rowNumber"])
    assert {task.name for task in report.tasks} == {table.name for table in schema.tables().values() if table.published}


def test_the_package_tool_finds_a_changed_cell(folder: Path, version: str) -> None:
    path = folder / "versions" / version / "tables" / "publishers.csv"
    path.write_text(path.read_text().replace("suspect", "suspekt", 1))
    report = frictionless.validate(str(folder / "versions" / version / "datapackage.json"))
    assert {"constraint-error", "hash-count"} & {kind for (kind,) in report.flatten(["type"])}
