"""The command's actions, as a newcomer meets them."""

from pathlib import Path

import pytest
import yaml

from wiretrace import cli, config
from wiretrace.errors import UserError


def test_a_new_investigation_is_valid_as_written_and_teaches(tmp_path: Path) -> None:
    assert "make run NAME=okinawa" in _started("okinawa", tmp_path)


@pytest.mark.parametrize("name", ["okinawa", "2024", "1e5", "null", "a.b-c"])
def test_any_name_that_is_allowed_makes_a_valid_file(tmp_path: Path, name: str) -> None:
    text = _started(name, tmp_path)
    assert f"make run NAME={name}\n" in text and f"make round NAME={name}\n" in text


def _started(name: str, folder: Path) -> str:
    """The investigation's file as it was written, after it was read as one."""
    cli.start(name, folder)
    written = folder / name / "investigation.yaml"
    text = written.read_text(encoding="utf-8")
    values = yaml.safe_load(text)
    assert values["investigation"] == name
    made = config.load(values, written.parent)
    assert {row["role"] for row in config.seeds(made)} == {"suspect", "distributor", "control"}
    assert text.count("#") > 10
    return text


def test_an_existing_investigation_is_left_alone(tmp_path: Path) -> None:
    cli.start("okinawa", tmp_path)
    (tmp_path / "okinawa" / "seeds.csv").write_text("mine\n")
    with pytest.raises(UserError, match="is there already"):
        cli.start("okinawa", tmp_path)
    assert (tmp_path / "okinawa" / "seeds.csv").read_text() == "mine\n"


@pytest.mark.parametrize("name", ["", "../okinawa", "a b", ".hidden", "x" * 65])
def test_a_name_that_is_no_folder_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match="make new NAME="):
        cli.start(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_verifying_a_folder_that_holds_nothing_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no sealed evidence"):
        cli.check(tmp_path)
