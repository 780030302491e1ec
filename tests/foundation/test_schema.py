"""Equal content is equal bytes; a row that breaks the schema is never written."""

import csv
import io
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace import schema
from wiretrace.errors import UserError

ROW = {
    "lookup_id": "l-1",
    "snapshot": "r",
    "source": "dns",
    "subject": "a.example/A",
    "outcome": "found",
    "time": "2026-01-02T03:04:05Z",
}


def test_every_table_names_its_key_and_explains_its_columns() -> None:
    for table in schema.tables().values():
        assert set(table.key) <= set(table.names), table.name
        for column in table.columns:
            assert column.type in schema.DTYPES, (table.name, column.name)
            assert column.meaning, (table.name, column.name)
            assert not column.ref or column.ref in schema.tables(), (table.name, column.name)
            if table.published:
                assert schema.meaning_ja(table.name, column.name), (table.name, column.name)
                assert bool(schema.unit_ja(column.unit)) == bool(column.unit)


@given(st.lists(st.text(), min_size=1, max_size=5), st.randoms())
def test_any_text_survives_writing_and_reading(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], order: random.Random
) -> None:
    rows = [ROW | {"lookup_id": f"l-{n}", "reason": text} for n, text in enumerate(texts)]
    table = schema.frame("lookups", rows)
    text = schema.to_csv("lookups", table)
    order.shuffle(rows)
    assert schema.to_csv("lookups", schema.frame("lookups", rows)) == text
    path = tmp_path_factory.mktemp("any") / "lookups.csv"
    schema.write("lookups", table, path)
    assert schema.read("lookups", path).equals(table)
    back = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["reason"] for row in back] == [schema.clean(row["reason"]) for row in schema.records(table)]


def test_a_table_reads_back_as_it_was_written(tmp_path: Path) -> None:
    rows = [
        {
            "match_id": f"m-{n}",
            "article_a": "a-1",
            "article_b": f"a-{n}",
            "kind": "near",
            "share_a": 1 / 3,
            "share_b": 0.5,
            "shared": n,
            "spans": schema.dump([[0, 5, 1, 6]]),
            "score": 0.1 + 0.2,
            "method": "x",
        }
        for n in (2, 3)
    ]
    made = schema.frame("text_matches", rows)
    schema.write("text_matches", made, tmp_path / "t.csv")
    back = schema.read("text_matches", tmp_path / "t.csv")
    assert back.equals(made)
    assert schema.records(back)[0]["share_a"] == 0.333
    assert b"\r" not in (tmp_path / "t.csv").read_bytes()
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"outcome": "perhaps"}, "perhaps"),
        ({"outcome": ""}, "required"),
        ({"time": "2026-01-02 03:04"}, "UTC time"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_row_that_breaks_the_schema_is_named(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        schema.frame("lookups", [ROW | wrong])


def test_two_rows_with_one_key_are_an_error_unless_they_are_equal() -> None:
    assert len(schema.frame("lookups", [ROW, ROW])) == 1
    with pytest.raises(ValueError, match="l-1"):
        schema.frame("lookups", [ROW, ROW | {"reason": "other"}])


def test_parts_of_a_table_read_as_one(tmp_path: Path) -> None:
    for n in (2, 1):
        schema.write("lookups", schema.frame("lookups", [ROW | {"lookup_id": f"l-{n}"}]), tmp_path / f"{n}.csv")
    both = schema.read("lookups", tmp_path / "2.csv", tmp_path / "1.csv")
    assert list(both["lookup_id"]) == ["l-1", "l-2"]


def test_a_file_that_is_not_the_table_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    for path in (tmp_path / "x.csv", tmp_path / "missing.csv"):
        with pytest.raises(UserError, match=path.name):
            schema.read("lookups", path)
