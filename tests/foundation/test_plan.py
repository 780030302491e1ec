"""What the rules are told of an investigation: rounds that last over midnight, folders that outlast a run."""

import subprocess
import sys
from pathlib import Path

from wiretrace import config, plan, schema
from wiretrace.schema import wanted


def test_a_round_that_was_begun_keeps_its_name_on_another_day(tmp_path: Path) -> None:
    (tmp_path / "seeds.csv").write_text("url\nhttps://a.example/\n", encoding="utf-8")
    values = {"investigation": "x", "results": str(tmp_path), "inputs": {"seeds": str(tmp_path / "seeds.csv")}}
    made = plan.Plan(config.load(values))
    made.begin()
    today = made.snapshots
    # As if the day had been another: what is begun is told from the folder.
    (tmp_path / "x" / "evidence" / today[0]).rename(tmp_path / "x" / "evidence" / "2001-01-01")
    assert plan.Plan(config.load(values)).snapshots == ["2001-01-01"]


def test_what_lasts_are_sealed_rounds_and_versions(tmp_path: Path) -> None:
    for name in (
        "evidence/r1/manifest.json",
        "evidence/r1/a.warc.gz",
        "evidence/r2/a.warc.gz",
        "versions/v-0/run.json",
        "work/tables/articles.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert plan.lasting(tmp_path) == ["evidence/r1/a.warc.gz", "evidence/r1/manifest.json", "versions/v-0/run.json"]


def test_where_an_investigation_lies_is_told_without_its_inputs() -> None:
    assert plan.place({"investigation": "x", "inputs": {"seeds": "nowhere.csv"}}) == Path("results/x")


def test_the_tables_and_columns_that_publishing_reads_are_those_of_its_stages() -> None:
    stages = set(schema.tables()) - set(schema.of_stage("publish"))
    assert stages > wanted.UNREAD
    for parts in (wanted.COMPARED, wanted.VIEWED):
        assert stages > set(parts)
        assert all(set(columns) <= set(schema.tables()[name].names) for name, columns in parts.items())


def test_planning_loads_no_stage() -> None:
    """Snakemake plans anew in every job of a cluster."""
    said = "import sys; from wiretrace import needs, plan; from wiretrace.schema import wanted; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout.split()
    assert not {f"wiretrace.{room}" for room in plan.ROOMS} & set(loaded)
