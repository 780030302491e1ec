"""Copies within a language: what is found, what counts as shared, where it stands in both texts."""

import random
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.arrays import distinct
from wiretrace.errors import UserError
from wiretrace.identity import make_id
from wiretrace.trace.fold import fold, folded
from wiretrace.trace.matches import rows
from wiretrace.trace.reuse import bits, shards, store
from wiretrace.trace.reuse.find import find
from wiretrace.trace.reuse.verify import SCHEMA, Limits, read, write
from wiretrace.trace.stories import Match, merged, neighbours, stock
from wiretrace.trace.texts import Text

LIMITS = Limits(0.2, 60, 60)
LOW = Limits(0.01, 10, 10)
WORDS = [
    "海",
    "沖縄",
    "発表",
    "the",
    "plant",
    "company",
    "reported",
    "2024",
    "年",
    "新しい",
    "工場",
    "港",
    "㍿",
    "がか",
]
WORDS += ["ｶﾞ", "か\u3099", "战", "戰", "“", "”", '"', "\n", "。", ","]
TEXT = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join)


def found(texts: list[str], limits: Limits = LIMITS, masked: Any = None) -> list[dict[str, Any]]:
    names = [f"a-{number:03}" for number in range(len(texts))]
    made = find(names, texts, masked or [()] * len(texts), limits).to_pylist()
    return sorted(made, key=lambda row: (row["article_a"], row["article_b"]))


def text(words: str, name: str = "a-000") -> Text:
    codes, places = fold(words)
    return Text(name, "p.example", "", "ja", "", words, "", False, "live", codes, places, ())


def one(a: str, b: str, limits: Limits = LIMITS) -> dict[str, Any] | None:
    made = found([a, b], limits)
    return made[0] if made else None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(TEXT, st.text(max_size=40)), max_size=4))
def test_texts_fold_at_once_as_one_by_one(texts: list[str]) -> None:
    codes, starts = store.folded(texts)
    for number, words in enumerate(texts):
        own = codes[starts[number] : starts[number + 1]]
        expected, places = fold(words)
        assert (own & bits.CODE == expected).all()
        assert (store.places(own) == places).all()


def test_what_lies_far_apart_keeps_its_places() -> None:
    words = "沖縄" + "…" * 9000 + "戦"
    codes, _ = store.folded([words])
    assert store.places(codes)[[0, 1, -1]].tolist() == [0, 1, 9002]


@settings(max_examples=100, deadline=None)
@given(TEXT, st.text(alphabet="港の工場で新しい機械が動き始めた", min_size=19, max_size=40), TEXT)
def test_a_shared_passage_leaves_a_common_print(before: str, passage: str, after: str) -> None:
    hashes = [set(store.winnow(store.folded([words])[0])[0].tolist()) for words in (passage, before + passage + after)]
    assert len(store.folded([passage])[0]) < 19 or hashes[0] & hashes[1]


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT, st.integers(0, 100), st.integers(0, 100))
def test_spans_point_at_equal_text(a: str, b: str, begin: int, end: int) -> None:
    b = b + a[begin : begin + end]
    names = [text(a, "a-000"), text(b, "a-001")]
    for match in rows(names, find(["a-000", "a-001"], [a, b], [(), ()], LOW).to_batches()):
        for start_a, end_a, start_b, end_b in match.spans:
            assert folded(a[start_a:end_a]) == folded(b[start_b:end_b]) != ""
        for side in (0, 2):
            used = sorted((span[side], span[side + 1]) for span in match.spans)
            assert all(first[1] <= second[0] for first, second in pairwise(used))


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT, st.integers(0, 100))
def test_both_ways_are_one(a: str, b: str, begin: int) -> None:
    b = b + a[begin:]
    forth, back = one(a, b, LOW), one(b, a, LOW)
    assert (forth is None) == (back is None)
    if forth and back:
        assert (forth["share_a"], forth["share_b"], forth["kind"]) == (back["share_b"], back["share_a"], back["kind"])
        turned = [back["spans"][i + k] for i in range(0, len(back["spans"]), 4) for k in (2, 3, 0, 1)]
        quads = [forth["spans"][i : i + 4] for i in range(0, len(forth["spans"]), 4)]
        assert sorted(quads) == sorted(turned[i : i + 4] for i in range(0, len(turned), 4))


@given(TEXT)
@settings(deadline=None)
def test_a_text_is_its_own_copy(a: str) -> None:
    made = one(a, a)
    if made is not None:
        assert (made["kind"], made["share_a"], made["share_b"]) == ("verbatim", 1.0, 1.0)


@pytest.mark.parametrize("name", ["pump_en", "pump_ja", "pump_zh", "pump_ko"])
def test_kinds_of_copies(name: str, texts: SimpleNamespace) -> None:
    whole = getattr(texts, name)
    lines = whole.split("\n")
    footer = "© Quay Ledger" if name == "pump_en" else "© 港報"
    edited = whole.replace("120", "150").replace("2024", "2023").replace("38", "41").replace(" the ", " a ")
    for other, kinds, share_b in (
        ("  " + whole.replace("\n", "\n\n"), {"verbatim"}, 1.0),
        ("\n".join(lines[::-1]), {"near", "verbatim"}, 0.9),
        ("\n".join(lines[:3]), {"partial"}, 0.95),
        (whole + "\n" + footer, {"near", "verbatim"}, 0.9),
        (edited, {"near", "verbatim"}, 0.6),
    ):
        made = one(whole, other)
        assert made is not None and made["kind"] in kinds and made["share_b"] >= share_b, other[:40]


def test_traditional_and_simplified_are_one_text(texts: SimpleNamespace) -> None:
    import opencc

    made = one(texts.pump_zh, opencc.OpenCC("s2t").convert(texts.pump_zh))
    assert made is not None and made["kind"] == "verbatim"


def test_a_page_of_two_texts_is_merged_and_one_with_its_copies_is_not(texts: SimpleNamespace) -> None:
    page = texts.pump_en + "\n" + texts.bakery_en
    written = [texts.bakery_en, page, texts.pump_en, texts.pump_en + "\nSeen on the quay."]
    own = [text(words, f"a-{number:03}") for number, words in enumerate(written)]
    matches = rows(own, find([t.article_id for t in own], written, [()] * 4, LIMITS).to_batches())
    pairs = merged(own, neighbours(matches), {})
    assert pairs == {(0, 1), (1, 2), (1, 3)}


@pytest.mark.parametrize(("release", "own"), [("pump_en", "bakery_en"), ("pump_ja", "library_ja")])
def test_a_quoted_sentence_is_no_copy(release: str, own: str, texts: SimpleNamespace) -> None:
    sentence = getattr(texts, release).split("\n")[2]
    article = getattr(texts, own).split("\n")
    assert one(getattr(texts, release), "\n".join([*article[:3], sentence, *article[3:]])) is None


@pytest.mark.parametrize(("release", "host"), [("pump_en", "bakery_en"), ("pump_ja", "library_ja")])
def test_two_sentences_in_another_text_are_listed_but_tell_little(
    release: str, host: str, texts: SimpleNamespace
) -> None:
    lines = getattr(texts, release).split("\n")
    page = "\n".join([*(getattr(texts, host).split("\n") * 3), *lines[3:5]])
    made = one(getattr(texts, release) + "\n" + texts.valve_en + texts.valve_ja, page)
    assert made is not None and made["kind"] == "partial" and not made["listed"]


def test_a_stock_passage_is_no_match() -> None:
    stated = Match(0, 1, "partial", 0.1, 0.1, 200, ((10, 210, 10, 210),), 0.1, telling=False)
    several = [
        Match(a, b, "partial", 0.1, 0.1, 200, ((10, 210, 10, 210),), 0.1, telling=False)
        for a in range(6)
        for b in range(a + 1, 6)
    ]
    copies = [Match(0, b, "near", 0.9, 0.9, 900, ((0, 900, 0, 900),), 0.9) for b in range(10, 16)]
    assert stock([stated]) == [stated]
    assert stock(several) == []
    # One source with many copies that a text has taken a passage from is still one source.
    taken = [Match(b, 20, "partial", 0.1, 0.1, 200, ((10, 210, 10, 210),), 0.1, telling=False) for b in range(10, 16)]
    assert stock([*copies, *taken]) == [*copies, *taken]


def test_two_reports_of_one_event_are_no_copies(texts: SimpleNamespace) -> None:
    report = """Norvik cheers as pump maker returns
The fishing town of Norvik got its second pump factory on Tuesday. Harbour Pumps Ltd spent 38.5 million dollars on it, and some 120 people will work there.
Managing director Ingrid Solberg told reporters that customers in Japan and South Korea come first, as storms have ruined their equipment.
For Norvik, says deputy mayor Klaus Brandt, nothing as big has been built since the late nineties. A bus will run to the site, where fish used to be canned."""
    assert one(texts.pump_en, report) is None


@pytest.mark.parametrize("name", ["pump_en", "pump_ja", "pump_ko"])
def test_edited_copies_are_found(name: str, texts: SimpleNamespace) -> None:
    pick = random.Random(7)  # noqa: S311
    whole = getattr(texts, name)
    units = whole.split(" ") if " " in whole[:60] else list(whole)
    glue = " " if " " in whole[:60] else ""
    for share in (0.05, 0.1):
        edited = glue.join("×" if pick.random() < share / (1 if glue else 2) else unit for unit in units)
        made = found([whole, edited, texts.bakery_en, texts.library_ja])
        assert [(m["article_a"], m["article_b"]) for m in made] == [("a-000", "a-001")]
        assert made[0]["share_a"] > 0.6


def test_a_text_of_hundreds_of_sites_is_not_lost(texts: SimpleNamespace) -> None:
    made = found([f"Site number {i} of the net writes today:\n{texts.pump_en}" for i in range(150)])
    assert {m[side] for m in made for side in ("article_a", "article_b")} == {f"a-{i:03}" for i in range(150)}


def test_what_is_masked_makes_no_match(texts: SimpleNamespace) -> None:
    assert found([texts.pump_en] * 2, masked=[((0, len(texts.pump_en)),), ()]) == []


def test_nothing_to_compare() -> None:
    assert found([]) == found([""]) == found(["", "ab", "ab"]) == []


def stated(texts: SimpleNamespace) -> dict[str, str]:
    """Some hundred texts that copy each other in part, by id."""
    lines = [line for name in sorted(vars(texts)) for line in getattr(texts, name).split("\n")]
    pick = random.Random(3)  # noqa: S311
    return {make_id("a", number): "\n".join(pick.sample(lines, pick.randrange(1, 12))) for number in range(70)}


@pytest.mark.parametrize("number", [1, 7, 64])
def test_shards_do_not_matter(number: int, texts: SimpleNamespace, tmp_path: Path) -> None:
    written = stated(texts)
    names = sorted(written, key=lambda name: name[::-1])  # in whatever order
    folders = [tmp_path / f"store{shard}" for shard in range(number)]
    for shard, folder in enumerate(folders):
        own = names[shard::number]
        store.build(own, [written[name] for name in own], [()] * len(own)).save(folder)
    parts, chosen, out = [], [], []
    for shard in range(number):
        parts.append(tmp_path / f"pairs{shard}.npy")
        np.save(parts[-1], shards.pairs(folders, shard, number))
    for shard in range(number):
        chosen.append(tmp_path / f"candidates{shard}.npy")
        np.save(chosen[-1], shards.candidates(folders, parts, shard))
    for shard in range(number):
        out.append(tmp_path / f"{shard}.parquet")
        write(shards.matches(folders, chosen, shard, LIMITS), out[-1])
    expected = find(sorted(written), [written[name] for name in sorted(written)], [()] * len(written), LIMITS)
    write(expected, tmp_path / "all.parquet")
    assert len(expected) > 40 and expected.schema == SCHEMA
    order = [("article_a", "ascending"), ("article_b", "ascending")]
    parted, whole = (pa.Table.from_batches(read(paths), SCHEMA) for paths in (out, [tmp_path / "all.parquet"]))
    assert parted.sort_by(order).equals(whole.sort_by(order))


@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 3), max_size=30))
def test_distinct_numbers_are_those_of_numpy(values: list[int]) -> None:
    made = np.array(values, np.uint64)
    assert distinct(made).tolist() == np.unique(made).tolist()


def test_more_texts_than_a_pair_has_room_for_are_refused() -> None:
    assert shards.numbering([range(1 << 23), range(1 << 23)]).tolist() == [0, 1 << 23, 1 << 24]
    with pytest.raises(UserError, match="16,777,217 texts"):
        shards.numbering([range(1 << 23), range(1 << 23), range(1)])
