"""How work is cut into shards changes no byte: who is in which shard, what a shard reads, how parts are joined."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace import config, identity, indicate, read, schema
from wiretrace.config import Investigation
from wiretrace.errors import UserError
from wiretrace.evidence import EvidenceWriter, Exchange, Lookup, index
from wiretrace.schema import stored
from wiretrace.schema.gather import gather
from wiretrace.schema.stored import Stored, write_rows
from wiretrace.schema.stored import rows as stored_rows

NUMBERS = [1, 7, 64]
SITES = [f"site{number}.example" for number in range(5)] + ["note.example/@a", "third.test"]
TIME = "2026-01-02T03:04:05Z"
TEXT = (
    "As an AI language model, I cannot browse. The harbour board met on Monday and voted {n} to {m} for the new quay."
)


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles of each of some publishers, the second at another publisher too."""
    folder = tmp_path_factory.mktemp("shards") / "evidence"
    with EvidenceWriter(folder / "r1" / "000-of-001.warc.gz") as writer:
        for number, site in enumerate(SITES):
            for page in range(2):
                paragraphs = "".join(f"<p>{TEXT.format(n=number + page, m=k)}</p>" for k in range(6))
                html = (
                    f"<!doctype html><html lang=en><title>Quay {number}</title><article>{paragraphs}</article></html>"
                )
                address = f"https://{site}/2026/01/{page}.html"
                answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{html}".encode()
                publisher = identity.publisher_of(address)
                asked = Lookup(publisher, "page", address, "found", TIME)
                writer.add(Exchange("http", "page", publisher, address, TIME, answer), asked)
    return folder


@pytest.mark.parametrize("number", NUMBERS)
def test_a_publisher_is_in_one_shard(number: int, tmp_path: Path) -> None:
    seeds = tmp_path / "seeds.csv"
    seeds.write_text("url\n" + "".join(f"https://{site}/\n" for site in SITES), encoding="utf-8")
    made = config.load({"investigation": "x", "inputs": {"seeds": str(seeds)}, "shards": number})
    publishers = {row["publisher"] for row in config.seeds(made)}
    shards = [{p for p in publishers if identity.shard_of(p, number) == shard} for shard in range(config.shards(made))]
    assert len(shards) == number
    assert sum(map(len, shards)) == len(publishers) and set().union(*shards) == publishers


def tables_of(evidence: Path, number: int, folder: Path) -> dict[str, bytes]:
    """What ``number`` shards read and indicate, gathered."""
    captures, lookups = index(evidence, "r1")
    made = Investigation(investigation="x")
    parts: dict[str, list[Path]] = {}
    for shard in range(number):
        own = [p for p in read.publishers_of(captures, made) if identity.shard_of(p, number) == shard]
        found = read.read_publishers(evidence, captures, lookups, made, own)
        inputs = ("pages", "articles", "article_versions", "images")
        found |= indicate.indicate(evidence, captures, *(found[name] for name in inputs))
        for name, data in found.items():
            parts.setdefault(name, []).append(folder / str(shard) / f"{name}.csv")
            schema.write(name, data, parts[name][-1])
    for name, paths in parts.items():
        gather(name, paths, folder / f"{name}.csv")
    return {path.stem: path.read_bytes() for path in folder.glob("*.csv")}


def test_the_number_of_shards_changes_no_byte_of_what_is_read_and_indicated(evidence: Path, tmp_path: Path) -> None:
    one, *others = (tables_of(evidence, number, tmp_path / str(number)) for number in NUMBERS)
    assert one["articles"].count(b"\n") > 10 and one["ai_indicators"].count(b"\n") > 5
    assert all(other == one for other in others)


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=15)
@given(
    rows=st.lists(st.tuples(cells, cells, st.integers(0, 3)), max_size=30, unique_by=lambda row: row[0]),
    number=st.sampled_from(NUMBERS),
    data=st.data(),
)
def test_gathering_is_reading_all_and_writing_it(
    rows: list[tuple[str, str, int]], number: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    fixed = {"publisher": "x.example", "address": "https://x.example/", "release_like": False, "source": "crawl"}
    fixed |= {"state": "live", "versions": 1, "version_id": "v"}
    records = [
        fixed | {"article_id": identity.make_id("a", name), "title": text, "characters": size}
        for name, text, size in rows
    ]
    parts = []
    for shard in range(number):
        # A row may stand in two parts.
        own = [r for n, r in enumerate(records) if n % number == shard or (shard == 0 and data.draw(st.booleans()))]
        parts.append(folder / f"{shard}.csv")
        schema.write("articles", schema.frame("articles", own), parts[-1])
    whole = folder / "whole.csv"
    assert gather("articles", parts, whole) == len(records)
    assert whole.read_bytes().decode() == schema.to_csv("articles", schema.read("articles", *parts))


@settings(max_examples=15)
@given(
    rows=st.lists(
        st.tuples(cells, cells, st.booleans(), st.none() | st.floats(0, 1)),
        max_size=30,
        unique_by=lambda row: row[0],
    ),
    number=st.sampled_from(NUMBERS),
)
def test_rows_written_in_pieces_are_those_written_at_once_and_come_back_as_they_were(
    rows: list[tuple[str, str, bool, float | None]], number: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("pieces")
    fixed = {"publisher": "x.example", "address": "https://x.example/", "source": "crawl", "state": "live"}
    fixed |= {"versions": 1, "version_id": "v", "characters": 3}
    records = [
        fixed
        | {"article_id": identity.make_id("a", name), "title": text, "release_like": like, "language_score": score}
        for name, text, like, score in rows
    ]
    whole, pieces = folder / "whole.csv", folder / "pieces.csv"
    schema.write("articles", schema.frame("articles", records), whole)
    # Rows that are equal are one, also when they are in different pieces.
    assert write_rows("articles", iter([*records, *records[:3]]), pieces, number) == len(records)
    assert pieces.read_bytes() == whole.read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["pieces.csv", "whole.csv"]
    read = schema.read("articles", whole)
    held = Stored("articles", (str(whole), str(pieces)))
    assert list(stored_rows(held)) == list(stored_rows(read)) == schema.records(read)
    assert list(stored_rows(held, "title")) == [{"title": row["title"]} for row in schema.records(read)]


def test_many_pieces_are_merged_some_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "OPEN", 3)
    made = [
        {"match_id": f"m-{n * 7 % 23:02}", "article_a": "a-1", "article_b": "a-2", "kind": "near", "method": "x"}
        | {"share_a": 0.5, "share_b": 0.5, "shared": n, "spans": "[]", "score": 0.5}
        for n in range(23)
    ]
    assert write_rows("text_matches", made, tmp_path / "pieces.csv", 1) == 23
    schema.write("text_matches", schema.frame("text_matches", made), tmp_path / "whole.csv")
    assert (tmp_path / "pieces.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_pieces_that_break_the_schema_leave_nothing(tmp_path: Path) -> None:
    good, bad = ({"match_id": name, "article_a": "a-1", "article_b": "a-2", "kind": "verbatim"} for name in ("m", ""))
    with pytest.raises(ValueError, match="text_matches"):
        write_rows("text_matches", iter([good, bad]), tmp_path / "text_matches.csv", 1)
    assert not list(tmp_path.iterdir())


def test_every_key_is_text() -> None:
    for table in schema.tables().values():
        assert {c.type for c in table.columns if c.name in table.key} <= set(schema.TEXT), table.name


def test_a_part_that_is_not_the_table_is_told_in_one_line(tmp_path: Path) -> None:
    part = tmp_path / "articles.csv"
    head = ",".join(schema.tables()["articles"].names) + "\n"
    for text in ("", "a,b\n", head + "short\n", head.replace("\n", ",more\n")):
        part.write_text(text, encoding="utf-8")
        with pytest.raises(UserError, match="delete it and run again"):
            gather("articles", [part], tmp_path / "all.csv")
    with pytest.raises(UserError, match="cannot read"):
        gather("articles", [tmp_path / "none.csv"], tmp_path / "all.csv")


SHARED_VALUE = {
    "kind": "ns", "value": "a,\nb", "family": "infrastructure", "carriers": 2, "controls": 0, "background": 0.001,
    "bits": 4.5, "reason": "", "publishers": "a.example b.example", "first_seen": TIME, "last_seen": TIME,
}  # fmt: skip


def test_pieces_are_written_as_the_whole_table_is(tmp_path):
    """What is made in ascending pieces gives the bytes of the table at once, also where a piece or all have no row."""
    rows = [SHARED_VALUE | {"value_id": f"sv-{number}"} for number in range(5)]
    for cuts in ([(0, 5)], [(0, 2), (2, 2), (2, 5)], [(0, 0)]):
        whole = schema.frame("shared_values", [row for low, high in cuts for row in rows[low:high]])
        pieces = (schema.frame("shared_values", rows[low:high]) for low, high in cuts)
        stored.write_pieces("shared_values", pieces, tmp_path / "pieces.csv")
        schema.write("shared_values", whole, tmp_path / "whole.csv")
        assert (tmp_path / "pieces.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_pieces_out_of_order_are_refused(tmp_path):
    """A piece that begins before the last one's end would give a table that no reader merges."""
    pieces = [schema.frame("shared_values", [SHARED_VALUE | {"value_id": f"sv-{name}"}]) for name in "ba"]
    with pytest.raises(ValueError, match="not in the order"):
        stored.write_pieces("shared_values", pieces, tmp_path / "pieces.csv")
    assert not (tmp_path / "pieces.csv").exists()
