"""The attribution on real, labelled pages; skipped where they are not."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("attribution_benchmark", ROOT / "benchmarks" / "attribution.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not (module.DATA / "labels").is_dir():
        pytest.skip("no real data")
    return module


def test_links_on_pages_of_which_half_are_controls(benchmark):
    found, true, _ = benchmark.score_pages()
    assert len(found & true) / len(found) >= 0.93
    assert len(found & true) / len(true) >= 0.88


def test_no_foreign_site_in_a_published_network(benchmark):
    seen = benchmark.portal_kombat()
    own = {site for site, _, _ in seen}
    others, _ = benchmark.page_ids()
    hosts = benchmark.hosted([site for site, _, _ in others], seen)
    groups = benchmark.networks(benchmark.run([*seen, *others, *hosts]))
    assert all(not own & set(group) or set(group) <= own for group in groups)
    assert max(len(own & set(group)) for group in groups) >= 0.95 * len(own)


def test_links_between_reported_sites_are_right(benchmark):
    seen, operator = benchmark.reported_sites()
    circle = {**operator, "geopolitika.ru": "Malofeev"}
    found = benchmark.linked(benchmark.run(seen), 0.02)
    assert len(found) >= 10
    assert all(circle[a] == circle[b] for a, b in found)
