"""Two versions compared: nothing that differs is left out, nothing alike is told, and why is never guessed."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace import cli, plan, publish, schema
from wiretrace.errors import UserError
from wiretrace.publish import comparison

CODE = {"ground": "0", "registry": "0", "read": "0", "trace": "0"}


@pytest.fixture(scope="module")
def first(made: Any, factory: Any) -> dict[str, pd.DataFrame]:
    """The tables after one round: the second round's captures, and what only they show, are not there yet."""
    tables = {name: data.copy() for name, data in made.tables.items()}
    tables |= factory.claims(tables, made.investigation)
    captures = tables["captures"]
    tables["captures"] = captures[captures["snapshot"] == factory.ROUNDS[0]]
    tables["publishers"] = tables["publishers"][tables["publishers"]["publisher"] != factory.FRINGE]
    return tables


@pytest.fixture(scope="module")
def pair(
    first: Any, claimed: Any, made: Any, factory: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str, str]:
    """A folder with both versions; the second also had another rule and another setting. Not to be changed."""
    folder = tmp_path_factory.mktemp("pair")
    was = publish.facts(made.investigation, made.folder, factory.ROUNDS[:1], CODE)
    now = publish.facts(made.investigation, made.folder, factory.ROUNDS, CODE | {"trace": "1"})
    now["configuration"] = now["configuration"] | {"trace": now["configuration"]["trace"] | {"share": 0.31}}
    return folder, publish.publish(first, was, folder), publish.publish(claimed, now, folder)


def test_a_version_does_not_differ_from_itself(pair: tuple[Path, str, str]) -> None:
    folder, _, after = pair
    found = publish.compare(folder, after, after)
    assert (found.causes, found.headlines, found.rows) == ((), (), ())
    assert not any(rows.added or rows.removed or rows.changed for rows in found.counts.values())


def test_a_person_sees_at_once_what_happened(pair: tuple[Path, str, str], factory: Any) -> None:
    found = publish.compare(*pair)
    told = "\n".join(found.headlines)
    assert "Articles: 1 deleted, 1 rewritten" in told
    assert f"1 new publishers: {factory.FRINGE}" in told
    assert "on the same" in told
    assert found.causes == ("evidence of round2", "the setting trace.share", "code of trace")


def test_why_names_only_what_lies_before_the_table(pair: tuple[Path, str, str]) -> None:
    found = publish.compare(*pair)
    why = {(row["table"], row["why"]) for row in found.rows}
    assert ("captures", "new evidence") in why
    assert ("publishers", "evidence of round2 or the setting trace.share") in why
    assert not [words for table, words in why if table == "publishers" and "code of trace" in words]


def test_every_table_has_the_rooms_that_make_it() -> None:
    assert {table.stage for table in schema.tables().values()} == comparison.CODE.keys()
    assert {room for rooms in comparison.CODE.values() for room in (*comparison.FOR_ALL, *rooms)} <= set(
        plan.digests_of_sources()
    )


def test_what_is_added_one_way_is_removed_the_other(pair: tuple[Path, str, str]) -> None:
    folder, before, after = pair
    there, back = publish.compare(folder, before, after), publish.compare(folder, after, before)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(r["table"], r["row"], turned[r["change"]]) for r in there.rows} == {
        (r["table"], r["row"], r["change"]) for r in back.rows
    }


def test_a_changed_cell_is_told_with_both_values(claimed: Any, made: Any, factory: Any, tmp_path: Path) -> None:
    facts = publish.facts(made.investigation, made.folder, factory.ROUNDS, CODE)
    before = publish.publish(claimed, facts, tmp_path)
    articles = claimed["articles"].copy()
    articles.loc[0, "title"] = "=another\u202e title"
    after = publish.publish(claimed | {"articles": articles}, facts, tmp_path)
    found = publish.compare(tmp_path, before, after)
    (row,) = found.rows
    assert (row["table"], row["change"], row["columns"], row["why"]) == ("articles", "changed", "title", "")
    assert row["after"] == schema.dump({"title": "=another\u202e title"})
    (read,) = csv.DictReader(io.StringIO(publish.to_csv(found)))
    assert read["row"] == articles.loc[0, "article_id"]


def test_the_command_tells_what_differs_and_writes_all_rows(
    pair: tuple[Path, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, before, after = pair
    cli.differ(folder, [before, after], folder / "rows.csv")
    told = capsys.readouterr().out
    assert told.startswith(f"{before} -> {after}\n")
    assert len((folder / "rows.csv").read_text().splitlines()) > 10
    with pytest.raises(UserError, match="name two versions"):
        cli.differ(folder, [before], None)
    with pytest.raises(UserError, match="no published version"):
        cli.differ(folder, [before, "v-000000000000"], None)
    with pytest.raises(UserError, match="two are needed"):
        cli.differ(folder / "versions", [], None)


def test_without_a_name_the_newest_two_are_compared_the_earlier_first(pair: tuple[Path, str, str]) -> None:
    folder, before, after = pair
    for version, time in ((before, "2026-01-02T00:00:00Z"), (after, "2026-01-01T00:00:00Z")):
        (folder / "versions" / f"{version}.published").write_text(time + "\n")
    assert publish.newest(folder) == (after, before)


@given(st.text())
def test_nothing_from_outside_reaches_the_terminal_raw(text: str) -> None:
    shown = cli.printable(text)
    assert shown.isprintable()
    assert shown == text or not text.isprintable()
