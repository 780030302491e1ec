"""A small cut of real material through every stage, offline: what the report states of real sites is true and sourced."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from wiretrace import publish, schema
from wiretrace.errors import UserError
from wiretrace.practice import real

pytestmark = pytest.mark.xdist_group("real")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        data = real.folder()
    except UserError:
        pytest.skip("no real data")
    target = tmp_path_factory.mktemp("real")
    path = real.build(data, target, 30)
    settings = yaml.safe_load(path.read_text(encoding="utf-8")) | {"results": str(target / "results"), "shards": 2}
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    command = [sys.executable, "-m", "snakemake", "publish", "--cores", "2", "--configfile", str(path)]
    done = subprocess.run(command, cwd=real.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target / "results" / "real"


@pytest.fixture(scope="module")
def tables(root: Path) -> dict[str, list[dict[str, object]]]:
    version = (root / "work" / "version.txt").read_text(encoding="utf-8").strip()
    assert publish.verify_version(root, version) == []
    folder = root / "versions" / version / "tables"
    return {path.stem: schema.records(schema.read(path.stem, path)) for path in sorted(folder.glob("*.csv"))}


def test_real_pages_become_articles_with_their_capture(tables: dict[str, list[dict[str, object]]]) -> None:
    captured = {row["capture_id"] for row in tables["captures"]}
    read = [row for row in tables["articles"] if row["source"] == "import" and row["first_seen"]]
    assert len(read) >= 20
    assert {row["capture_id"] for row in tables["pages"]} <= captured


def test_nothing_is_said_of_who_operates_or_distributes_where_nothing_shows_it(
    tables: dict[str, list[dict[str, object]]],
) -> None:
    for claim in tables["claims"]:
        assert claim["against"] and claim["overturned_by"]
        assert claim["type"] not in ("distributed_by", "supplied_by", "quote_denied"), claim["statement"]
        assert "Administrator" not in str(claim["statement"])
    firm = [c for c in tables["claims"] if c["type"] == "same_operator" and c["confidence"] == "established"]
    for claim in firm:
        assert len({e["row"] for e in tables["claim_evidence"] if e["claim_id"] == claim["claim_id"]}) >= 2


def test_real_translations_are_matched_and_unrelated_texts_are_not(tables: dict[str, list[dict[str, object]]]) -> None:
    articles = {str(row["article_id"]): row for row in tables["articles"]}
    translated = [row for row in tables["text_matches"] if row["kind"] == "translated"]
    assert len(translated) >= 20

    def number(article: object) -> str:
        return str(articles[str(article)]["address"]).rsplit("/", 1)[-1]

    wrong = [row for row in translated if number(row["article_a"]) != number(row["article_b"])]
    assert len(wrong) <= len(translated) / 100, wrong
