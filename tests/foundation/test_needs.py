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


@pytest.mark.parametrize("rule", sorted(needs.read().by_rule))
def test_a_job_asks_for_more_when_it_reads_more_or_is_tried_again(rule: str, tmp_path: Path) -> None:
    made = needs.read()
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    small.write_bytes(b"x")
    large.write_bytes(b"x" * 20_000_000)
    for ask in (made.memory(rule), made.minutes(rule)):
        assert 0 < ask({}, [str(small)], 1) <= ask({}, [str(large)], 1)
        assert ask({}, [str(small)], 2) == 2 * ask({}, [str(small)], 1)


def test_a_round_counts_with_its_archives_and_a_file_to_come_counts_nothing(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text("{}")
    (tmp_path / "000-of-001.warc.gz").write_bytes(b"x" * 1_000_000)
    assert needs.megabytes([str(manifest)], "rounds") == pytest.approx(1.000002)
    assert needs.megabytes([str(manifest), str(tmp_path / "later.csv")], "inputs") == pytest.approx(0.000002)
