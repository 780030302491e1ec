"""Articles from outside: parsed once, split by shard, and the same tables whatever the number of shards."""

from __future__ import annotations

import csv
import json
import tracemalloc
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace import identity, schema
from wiretrace.config import Investigation
from wiretrace.read import imported, publishers_of, read_publishers, split

LINE = "The harbour office opened a second quay on Monday, and the first ship came in at noon."


def rows(number: int, sites: int) -> list[dict[str, str]]:
    return [
        {
            "url": f"https://paper{n % sites}.example/a/{n % 97}",
            "title": f"第{n}號 Quay {n}",
            "text": f"{LINE}\n\n港の{n}番の埠頭が開いた。\u0301",
            "published_at": f"2024-03-{n % 28 + 1:02d}T10:00:00+09:00",
            "language": "ja" if n % 2 else "",
        }
        for n in range(number)
    ]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.csv"
    first.write_text("".join(f"{json.dumps(row)}\n\n" for row in rows(150, 20)), encoding="utf-8")
    with open(second, "w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows(1, 1)[0]))
        writer.writeheader()
        writer.writerows({**row, "title": "later"} for row in rows(200, 25))
    return [str(first), str(second)]


def tables_of(files: list[str], shards: int, folder: Path) -> dict[str, str]:
    """What ``shards`` shards read, put together in any order."""
    folder.mkdir()
    parts = [folder / f"{shard}.jsonl" for shard in range(shards)]
    split(files, parts)
    none = (schema.frame(name, []) for name in ("captures", "lookups"))
    captures, lookups = none
    made = Investigation(investigation="t")
    found: dict[str, list[pd.DataFrame]] = {}
    for part in reversed(parts):
        held = imported([part])
        read = read_publishers(folder, captures, lookups, made, publishers_of(captures, made, held), held)
        for name, data in read.items():
            found.setdefault(name, []).append(data)
    rows = {name: [row for data in parts_of for row in schema.records(data)] for name, parts_of in found.items()}
    return {name: schema.to_csv(name, schema.frame(name, held)) for name, held in rows.items()}


def test_the_number_of_shards_changes_no_byte_of_what_is_brought(files: list[str], tmp_path: Path) -> None:
    one, seven, many = (tables_of(files, number, tmp_path / str(number)) for number in (1, 7, 64))
    assert one["articles"].count("paper") > 200 and "later" in one["articles"]
    assert one == seven == many


def test_every_row_goes_to_its_publishers_shard_once_and_the_first_of_an_address_counts(
    files: list[str], tmp_path: Path
) -> None:
    parts = [tmp_path / f"{shard}.jsonl" for shard in range(5)]
    assert split(files, parts) == 350
    for shard, part in enumerate(parts):
        assert {identity.shard_of(publisher, 5) for publisher in imported([part])} <= {shard}
    held = imported(parts)
    assert [one.title for one in held["paper3.example"] if one.address.endswith("/a/3")] == ["第3號 Quay 3"]


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_what_a_row_says_comes_through_the_split_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, words: str
) -> None:
    folder = tmp_path_factory.mktemp("split")
    path, part = folder / "a.jsonl", folder / "part.jsonl"
    # JSON may name half of a pair of surrogates.
    row = {"url": "https://paper.example/1", "text": f"{LINE} \ud800", "title": words}
    path.write_text(json.dumps(row), encoding="utf-8")
    split([str(path)], [part])
    (one,) = imported([part])["paper.example"]
    assert one.title == imported([part])["paper.example"][0].title and one.text.startswith(LINE)
    assert "\ud800" not in one.text


def test_the_split_keeps_no_row_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    with open(path, "w", encoding="utf-8") as stream:
        for row in rows(3_000, 200):
            stream.write(json.dumps({**row, "text": row["text"] * 20}) + "\n")
    tracemalloc.start()
    try:
        split([str(path)], [tmp_path / f"{shard}.jsonl" for shard in range(3)])
        assert tracemalloc.get_traced_memory()[1] < path.stat().st_size / 4
    finally:
        tracemalloc.stop()
