"""The one table of all benchmarks: every script is there, ratios are to our favour above 1, the README is mended in place."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    """The script that runs the benchmarks."""
    spec = importlib.util.spec_from_file_location("bench", ROOT / "benchmarks" / "run.py")
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    sys.modules["bench"] = made
    spec.loader.exec_module(made)
    return made


def test_every_benchmark_that_is_run_is_there(bench: ModuleType) -> None:
    for one in bench.BENCHMARKS:
        assert (ROOT / "benchmarks" / f"{one.name}.py").is_file(), one.name
        assert all(figure.ours.count("#") == 1 and figure.peer.count("#") <= 1 for figure in one.figures), one.name


def test_costs_and_rates_give_ratios_to_our_favour(bench: ModuleType) -> None:
    rate = bench.Figure("rate", "MB/s", "ours #", "peer #", "them")
    cost = bench.Figure("cost", "s", "took #", "peer took #", "them", less=True)
    lone = bench.Figure("lone", "s", "nowhere #")
    printed = "ours 1,200.5 peer 600.25\ntook .5, peer took 1"
    rows = bench.rows_of(bench.Benchmark("x", "", (rate, cost, lone)), printed, 2.4, 100.2)
    assert [row["ratio"] for row in rows] == ["2.00", "2.00", ""]
    assert [row["ours"] for row in rows] == ["1,200", "0.5", "not told"]
    shown = bench.markdown([row | {"machine": "here"} for row in rows])
    assert "lone" not in bench.markdown([row | {"machine": "here"} for row in rows], beside=True)
    assert "| rate | 2.00 | 1,200 MB/s | them 600.25 |" in shown and "2 CPU-seconds, at most 100 MB" in shown


def test_the_table_stands_between_the_marks_and_nothing_else_changes(bench: ModuleType, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- bench -->\nold\n<!-- /bench -->\nb\n", encoding="utf-8")
    for table in ("new\n", "newer\n"):
        bench.put_into(page, table)
        assert page.read_text(encoding="utf-8") == f"a\n<!-- bench -->\n{table}<!-- /bench -->\nb\n"
    page.write_text("a\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="no line"):
        bench.put_into(page, "new\n")
    assert page.read_text(encoding="utf-8") == "a\n"
