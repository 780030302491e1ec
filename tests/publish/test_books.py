"""What people open: the workbook's two views, and the SQLite file in Datasette."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from wiretrace.publish.exports import workbook, write_exports
from wiretrace.publish.held import Held, at_work, keep

RUN = {"investigation": "quay", "question": "Who sent it out?"}


@pytest.fixture(scope="module")
def tables(claimed: dict[str, Any]) -> dict[str, Any]:
    return claimed


@pytest.fixture(scope="module")
def exports(tables: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("version")
    for name, data in tables.items():
        keep(name, data, folder)
    with at_work(1, 0) as at_once:
        write_exports(folder, "v-000000000000", RUN, at_once)
    return folder / "exports"


@pytest.fixture(scope="module")
def sheets(exports: Path) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for sheet in openpyxl.load_workbook(exports / "wiretrace.xlsx"):
        heading, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(map(str, heading), row, strict=True)) for row in rows]
    return found


def test_the_workbook_has_two_views_and_every_table(sheets: dict[str, Any], tables: dict[str, Any]) -> None:
    assert list(sheets)[:4] == ["contents", "columns", "by_publisher", "by_indicator"]
    for name, data in tables.items():
        assert len(sheets[name[:31]]) == len(data)


def test_a_publishers_row_says_what_is_claimed_and_no_more(sheets: dict[str, Any], factory: Any) -> None:
    rows = {row["publisher"]: row for row in sheets["by_publisher"]}
    member, fringe, outlet = rows[factory.NETWORK[2]], rows[factory.FRINGE], rows[factory.OUTLET]
    assert (member["same_operator"], member["sites_in_network"]) == ("established", 3)
    assert (member["operator"], member["operator_confidence"]) == ("Lantern Culture Media Co.", "possible")
    assert member["shared_values"] == "adsense, registrant_org"
    assert member["supplied_by"] == factory.WIRE
    assert member["claims"] > 0
    for other in (fringe, outlet):
        assert not [other[c] for c in ("network", "same_operator", "operator", "supplied_by") if other[c]]
        assert other["linked_sites"] == 0


def test_an_indicators_row_says_who_bears_it_and_when(sheets: dict[str, Any], factory: Any) -> None:
    rows = {(row["kind"], row["value"]): row for row in sheets["by_indicator"]}
    adsense = rows["adsense", "ca-pub-0000000000000042"]
    assert (adsense["sites"], adsense["publishers"]) == (3, ", ".join(sorted(factory.NETWORK)))
    assert (adsense["first_seen"], adsense["last_seen"]) == ("2024-06-15T00:00:00Z", "2024-07-15T00:00:00Z")
    assert adsense["most_bits"] == 18.4
    numbers = [row["sites"] for row in sheets["by_indicator"]]
    assert numbers == sorted(numbers, reverse=True)


def test_long_tables_are_cut_evenly_and_short_ones_stay_whole() -> None:
    sizes = {"long": (10_000, 10), "middle": (500, 10), "short": (3, 4)}
    most = workbook.rows_each(sizes, 20_000)
    assert most == 1498
    assert workbook.rows_each(sizes, 10_000_000) >= 10_000
    assert workbook.rows_each(sizes, 0) == 0


def test_a_cut_sheet_says_how_much_is_missing(
    exports: Path, tables: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    workbook.write_workbook(Held(exports.parent), {}, tmp_path / "a.xlsx", "v-0")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["articles"]
    assert sheet.max_row == 1 + 2 + 1
    assert f"{len(tables['articles']) - 2} rows more" in sheet.cell(4, 1).value


@pytest.fixture(scope="module")
def datasette(exports: Path) -> Iterator[str]:
    """Address of a Datasette that serves the version's SQLite file on loopback."""
    command = [sys.executable, "-m", "datasette", "serve", "wiretrace.sqlite", "-m", "metadata.json", "-p", "0"]
    with subprocess.Popen(command, cwd=exports, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        said = next((line for line in server.stderr if "running on http" in line), "")
        try:
            yield said.split("running on ")[1].split()[0]
        finally:
            server.terminate()
            server.stderr.read()


def asked(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 (loopback)
        return str(answer.read().decode("utf-8"))


def test_datasette_answers_a_query_and_shows_the_meanings(datasette: str, tables: dict[str, Any]) -> None:
    sql = "select+type,count(*)+as+n+from+claims+group+by+type+order+by+type"
    found = json.loads(asked(f"{datasette}/wiretrace.json?sql={sql}&_shape=array"))
    counted = tables["claims"]["type"].value_counts().sort_index()
    assert found == [{"type": kind, "n": int(number)} for kind, number in counted.items()]
    page = asked(f"{datasette}/wiretrace/claims")
    assert "A row is one sentence that could be printed." in page
    assert "what would overturn it" in page


def test_datasette_follows_a_reference(datasette: str, tables: dict[str, Any]) -> None:
    claim = tables["claims"]["claim_id"].iloc[0]
    rows = json.loads(asked(f"{datasette}/wiretrace/claim_evidence.json?claim_id={claim}&_shape=array"))
    assert rows and {row["claim_id"] for row in rows} == {claim}
    assert '<a href="/wiretrace/claims/' in asked(f"{datasette}/wiretrace/claim_evidence")
