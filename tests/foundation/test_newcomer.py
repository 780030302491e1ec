"""Mistakes that a newcomer makes: each is answered by one line that says what to do."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from wiretrace import config, given
from wiretrace.errors import UserError
from wiretrace.read import brought

ROOT = Path(__file__).parents[2]


def test_workbook_in_place_of_csv_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "articles.csv"
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)))
    with pytest.raises(UserError, match="is an Excel workbook or a ZIP file; save the sheet as CSV"):
        given.rows(path, "url")
    with pytest.raises(UserError, match="is an Excel workbook or a ZIP file; save the sheet as CSV"):
        list(given.records(str(path), ("url",), ("url",)))


def test_folder_in_place_of_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    with pytest.raises(UserError, match="seeds: a folder, not a file: "):
        config.load({"investigation": "a", "inputs": {"seeds": "seeds"}}, tmp_path)


def test_label_that_yaml_takes_for_a_date_is_to_be_quoted() -> None:
    with pytest.raises(UserError, match="snapshot: YAML takes 2024-05-01 for a date; put it between quotation marks"):
        config.checked({"investigation": "a", "snapshot": datetime.date(2024, 5, 1)})


def test_targets_stand_before_the_option_that_takes_several_files() -> None:
    """Snakemake takes a name behind --configfile for a second file, and ends with a traceback."""
    assert "snakemake [TARGET] --cores all --configfile" in (ROOT / "Snakefile").read_text(encoding="utf-8")
    assert "snakemake read --cores all --configfile FILE" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_observation_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_text(
        "publisher,kind,value,first_seen,last_seen\na.example,registrant_name,X,2024-05-01,2023-01-01\n",
        encoding="utf-8",
    )
    with pytest.raises(UserError, match="line 2: first_seen '2024-05-01' is after last_seen '2023-01-01'"):
        brought.observations((str(path),))
