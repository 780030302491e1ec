"""The figures of benchmarks/indicate.py on real texts and pages; a change of rules may not worsen one of them.

Runs where the data are. After a rule was mended for the better: ``benchmarks/indicate.py --freeze``.
"""

import csv
import importlib.util
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data")
EVERY_PAGE = 12
# A real page of a newspaper, pasted from ChatGPT; the only one among 1,391.
PASTED = {"conclusive paste-chatgpt-offsets", "strong charset-chinese"}


@pytest.fixture(scope="module")
def benchmark():
    if not (DATA / "ai").is_dir():
        pytest.skip("no real data")
    spec = importlib.util.spec_from_file_location("benchmark_of_indicate", ROOT / "benchmarks/indicate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_false_positives_do_not_rise(benchmark):
    with open(Path(__file__).with_name("false_positives.csv"), encoding="utf-8", newline="") as stream:
        frozen = {(r["language"], r["genre"], r["registry"]): r for r in csv.DictReader(stream)}
    for group, counts in benchmark.false_positives().items():
        before = frozen.get(group, {"documents": 0, "conclusive": 0, "strong": 0, "weak": 0})
        assert counts["conclusive"] <= int(before["conclusive"]), group
        assert counts["strong"] <= int(before["strong"]), group
        if counts["documents"] == int(before["documents"]):
            assert counts["weak"] <= int(before["weak"]), group


def test_recall_does_not_fall(benchmark):
    counts = benchmark.leftovers()
    assert counts.get("wrong", 0) == 0
    assert counts["found"] >= 91


def test_use_and_mention(benchmark):
    counts = benchmark.snippets()
    assert counts["use found"]["True"] >= 17
    assert counts["mention called use"].get("True", 0) == 0
    assert counts["about AI flagged"][0] == 0


def test_pages(benchmark):
    found = {name for name in benchmark.pages(EVERY_PAGE, 0) if name.startswith(("conclusive", "strong"))}
    assert found <= PASTED
