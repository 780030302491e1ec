"""Notebooks: run alone on a version, the same bytes each time, nothing alive in them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import jupytext
import pytest
from bs4 import BeautifulSoup

from wiretrace.errors import UserError
from wiretrace.narrate import run_notebook
from wiretrace.narrate.notebook import in_both
from wiretrace.narrate.templating import digest
from wiretrace.narrate.version import open_version as opened
from wiretrace.narrate.version import words
from wiretrace.narrate.view import bars, open_version, say, table, tally

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9]*.py"))


def test_the_report_names_the_notebooks_that_there_are() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(words()["notebook_titles"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_tables_and_nothing_else(path: Path, version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIRETRACE_VERSION", str(version))
    cells = [cell.source for cell in jupytext.read(path).cells if cell.cell_type == "code"]
    code = "\n".join(cells)
    assert set(re.findall(r"^(?:from|import) ([\w.]+)", code, re.M)) == {"wiretrace.narrate"}
    space: dict[str, object] = {}
    for cell in cells:
        exec(cell, space)  # noqa: S102 (our own notebooks)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_notebook_says_it_says_in_both_languages(path: Path) -> None:
    for cell in jupytext.read(path).cells:
        if cell.cell_type == "markdown":
            marked = BeautifulSoup(in_both(cell.source), "lxml")
            english, japanese = (marked.find_all("span", lang=language) for language in ("en", "ja"))
            assert len(english) == len(japanese) > 0, cell.source


def test_a_heading_is_marked_by_language_and_a_paragraph_by_its_letters() -> None:
    made = in_both("# Names | 人名\n\nOf `names`.\n\n表`names`から。")
    assert made.startswith('# <span class="t" lang="en">Names</span><span class="t" lang="ja">人名</span>')
    assert made.endswith('<span class="t" lang="ja">表`names`から。</span>')


def test_two_runs_give_the_same_bytes_and_no_script_but_that_of_the_language(
    version: Path, notebooks: list[Path], tmp_path: Path
) -> None:
    source = next(path for path in NOTEBOOKS if path.stem.startswith("04"))
    first = next(path for path in notebooks if path.stem == source.stem)
    second = tmp_path / "b" / "04.html"
    run_notebook(source, version, second)
    assert first.read_bytes() == second.read_bytes()
    text = first.read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "lxml")
    assert not soup.find_all(["img", "iframe", "link"])
    (script,) = soup.find_all("script")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy and "default-src 'none'" in str(policy["content"])
    assert str(policy["content"]).endswith(f"script-src {digest(script.get_text())}")
    assert str(tmp_path) not in text and str(version.parent) not in text
    assert "ご希望に応じて調整します" in soup.get_text()


def test_what_libraries_say_of_themselves_goes_to_the_log(
    version: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "loud.py"
    source.write_text(
        "# %%\nimport sys\nprint('building a cache', file=sys.stderr)\nprint('a finding')\n", encoding="utf-8"
    )
    run_notebook(source, version, tmp_path / "loud.html")
    shown = (tmp_path / "loud.html").read_text(encoding="utf-8")
    assert "a finding" in BeautifulSoup(shown, "lxml").get_text()
    assert ">building a cache" not in shown
    assert "building a cache" in capfd.readouterr().err


def test_a_notebook_that_fails_says_which_and_why(version: Path, tmp_path: Path) -> None:
    source = tmp_path / "bad.py"
    source.write_text("# %%\nraise ValueError('no such column')\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"bad\.py: the notebook failed: ValueError: no such column"):
        run_notebook(source, version, tmp_path / "bad.html")
    assert not (tmp_path / "bad.html").exists()
    with pytest.raises(UserError, match="no such notebook"):
        run_notebook(tmp_path / "none.py", version, tmp_path / "none.html")


def test_without_a_version_the_reader_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WIRETRACE_VERSION", raising=False)
    with pytest.raises(UserError, match="set WIRETRACE_VERSION"):
        open_version()


def test_outside_words_are_text_in_tables_prose_and_charts(version: Path) -> None:
    hostile = "<script>alert(1)</script>$x^2$ 东\u202e"
    shown = (
        table([{"name": hostile}], ["name"], ("rows", "行"), of="publishers")._repr_html_() + say(hostile)._repr_html_()
    )
    shown += bars({hostile: 2}, ("Title", "題"), ("rows", "行"), (hostile, hostile))._repr_html_()
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "$x^2$" in shown


def test_a_chart_has_the_same_bytes_and_a_text_alternative() -> None:
    first, second = (
        bars({"a": 1, "b": 3}, ("Title", "題"), ("rows", "行"), ("What it shows.", "説明。"))._repr_html_()
        for _ in range(2)
    )
    assert first == second
    labels = [svg["aria-label"] for svg in BeautifulSoup(first, "lxml").find_all("svg")]
    assert labels == ["Title. What it shows.", "題。説明。"]


def test_rare_values_are_told_together() -> None:
    rows = [{"kind": kind} for kind in ["a"] * 3 + ["b"] * 2 + ["c", "d"]]
    assert tally(rows, "kind", 2) == {"a": 3, "b": 2, "(all others)": 2}


def test_networks_have_short_names(version: Path) -> None:
    assert list(opened(version).letters.values()) == ["A"]


def test_a_table_shows_the_first_rows_of_a_query_and_counts_them_all(version: Path) -> None:
    told = open_version(version)
    taken = sorted(told.table("captures"), key=lambda row: (row["address"], row["capture_id"]))
    rows = told.rows("captures", order="address, capture_id")
    shown = str(table(rows, ["capture_id"], ("Captures", "保存データ"), 2)._repr_html_())
    assert f"{len(taken):,} rows, the first 2 shown" in shown
    assert [row["capture_id"] in shown for row in taken[:3]] == [True, True, False]
    assert tally(rows, "kind") == tally(taken, "kind")


def test_a_version_without_its_database_is_refused(version: Path, tmp_path: Path) -> None:
    shutil.copyfile(version / "run.json", tmp_path / "run.json")
    with pytest.raises(UserError, match=r"wiretrace\.sqlite"):
        open_version(tmp_path)
