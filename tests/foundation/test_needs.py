"""What jobs ask of a machine: stated for every rule, more for more to read and for each further try."""

import re
from pathlib import Path

import pytest

from wiretrace import needs

ROOT = Path(__file__).resolve().parents[2]


def asked() -> set[str]:
    """Rules whose resources are taken from the figures."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "workflow" / "rules").glob("*.smk")]
    return {name for text in texts for name in re.findall(r'NEEDS\.memory\("(\w+)"\)', text)}


def test_every_figure_is_a_rules() -> None:
    assert set(needs.read().by_rule) == asked()


def job(root: Path, size: int) -> list[str]:
    """Inputs of a job: a table, a manifest and a version's id, with so many bytes in each that counts."""
    for name in ("work/a.csv", "evidence/r1/a.warc.gz", "versions/v-1/tables/a.csv"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x" * size)
    (root / "evidence/r1/manifest.json").write_text("{}")
    (root / "work/version.txt").write_text("v-1\n")
    return [str(root / name) for name in ("work/a.csv", "evidence/r1/manifest.json", "work/version.txt")]


@pytest.mark.parametrize("rule", sorted(needs.read().by_rule))
def test_a_job_asks_for_more_when_it_reads_more_or_is_tried_again(rule: str, tmp_path: Path) -> None:
    made = needs.read()
    small, large = job(tmp_path / "small", 1), job(tmp_path / "large", 20_000_000)
    for ask in (made.memory(rule), made.minutes(rule)):
        assert 0 < ask({}, small, 1) <= ask({}, large, 1)
        assert ask({}, small, 2) == 2 * ask({}, small, 1)


def test_a_round_counts_with_its_archives_and_a_file_to_come_counts_nothing(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text("{}")
    (tmp_path / "000-of-001.warc.gz").write_bytes(b"x" * 1_000_000)
    assert needs.megabytes([str(manifest)], "rounds") == pytest.approx(1.000002)
    assert needs.megabytes([str(manifest), str(tmp_path / "later.csv")], "inputs") == pytest.approx(0.000002)


def test_a_version_counts_with_its_tables_and_nothing_before_it_is_published(tmp_path: Path) -> None:
    inputs = job(tmp_path, 3_000_000)
    assert needs.megabytes(inputs, "version") == pytest.approx(3)
    (tmp_path / "work" / "version.txt").unlink()
    assert needs.megabytes(inputs, "version") == 0
