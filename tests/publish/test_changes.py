"""Changes between rounds, and that a gap of ours is never taken for a change of theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wiretrace import publish, schema
from wiretrace.schema import wanted
from wiretrace.schema.stored import Stored


def changed(made: Any, rounds: tuple[str, ...], **replaced: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tables = dict(made.tables) | {name: schema.frame(name, rows) for name, rows in replaced.items()}
    return schema.records(
        schema.frame("changes", publish.changes(publish.Shelf(tables, columns=wanted.CHANGES), rounds))
    )


def test_a_deletion_an_edit_and_a_move_are_seen(made: Any, factory: Any) -> None:
    found = {(row["subject"], row["change"], row["why"]): row for row in changed(made, factory.ROUNDS)}
    gone = found["article", "removed", "site"]
    assert gone["row"] == factory.article_id("osaka_quay")
    assert "HTTP 404" in gone["statement"]
    assert found["article", "edited", "site"]["after"] == factory.version_id("tokyo_port", 2)
    moved = found["observation", "edited", "site"]
    assert (moved["before"], moved["after"]) == ("192.0.2.7", "198.51.100.9")


def test_volatile_kinds_are_left_out(made: Any, factory: Any) -> None:
    assert not [row for row in changed(made, factory.ROUNDS) if "etag" in row["statement"]]


def test_a_source_that_was_down_is_no_deletion(made: Any, factory: Any) -> None:
    lookups = schema.records(made.tables["lookups"])
    for row in lookups:
        if row["outcome"] == "absent":
            row |= {"outcome": "could_not_look", "reason": "timed out after 20 s"}
    (gone,) = [
        r
        for r in changed(made, factory.ROUNDS, lookups=lookups)
        if r["change"] == "removed" and r["subject"] == "article"
    ]
    assert gone["why"] == "source_down"
    lookups = [row for row in lookups if row["outcome"] != "could_not_look"]
    (gone,) = [
        r
        for r in changed(made, factory.ROUNDS, lookups=lookups)
        if r["change"] == "removed" and r["subject"] == "article"
    ]
    assert gone["why"] == "not_looked"


def test_an_answer_that_was_cut_off_is_no_deletion(made: Any, factory: Any) -> None:
    lookups = schema.records(made.tables["lookups"])
    cut = {row["capture_id"] for row in lookups if row["outcome"] == "absent"}
    captures = [
        row | {"truncated": "length"} if row["capture_id"] in cut else row
        for row in schema.records(made.tables["captures"])
    ]
    (gone,) = [
        r
        for r in changed(made, factory.ROUNDS, captures=captures)
        if r["change"] == "removed" and r["subject"] == "article"
    ]
    assert gone["why"] == "source_down"
    assert "the answer was cut off: HTTP 404" in gone["statement"]


def test_tables_in_files_and_a_database_on_disk_give_the_same(made: Any, factory: Any, tmp_path: Path) -> None:
    for name in wanted.CHANGES:
        schema.write(name, made.tables.get(name, schema.frame(name)), tmp_path / f"{name}.csv")
    files = {name: Stored(name, (str(tmp_path / f"{name}.csv"),)) for name in wanted.CHANGES}
    shelf = publish.Shelf(files, tmp_path / "shelf.sqlite", wanted.CHANGES)
    found = schema.frame("changes", publish.changes(shelf, factory.ROUNDS))
    assert schema.records(found) == changed(made, factory.ROUNDS)


def test_what_an_earlier_round_did_not_ask_is_not_new(made: Any, factory: Any) -> None:
    back = tuple(reversed(factory.ROUNDS))
    added = [row for row in changed(made, back) if row["change"] == "added" and row["subject"] == "article"]
    assert [row["why"] for row in added] == ["not_looked"]


def test_one_round_and_imports_have_no_changes(made: Any, factory: Any) -> None:
    assert changed(made, (factory.ROUNDS[0],)) == []
    assert changed(made, ("imports", factory.ROUNDS[0])) == []
