"""Copies within a language: what counts as shared, and where it stands in both texts."""

import random
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.trace.align import align, compare, grams, original_spans
from wiretrace.trace.fingerprints import candidates
from wiretrace.trace.fold import fold, folded
from wiretrace.trace.texts import Text

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
    "ｶﾞ",
    "战",
    "戰",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=120).map(" ".join)


def text(words: str, name: str = "a-1") -> Text:
    codes, places = fold(words)
    return Text(name, "p.example", "", "ja", "", words, "", False, "live", codes, places, ())


def shared(a: str, b: str, share: float = 0.2, least: int = 60):
    one, other = text(a), text(b, "a-2")
    return compare(one, other, grams(one.codes), grams(other.codes), share, least)


@settings(max_examples=150, deadline=None)
@given(TEXT, TEXT, st.integers(0, 100), st.integers(0, 100))
def test_spans_point_at_equal_text(a: str, b: str, begin: int, end: int) -> None:
    b = b + a[begin : begin + end]
    one, other = text(a), text(b)
    runs = align(grams(one.codes), grams(other.codes))
    for start_a, end_a, start_b, end_b in original_spans(one, other, runs):
        assert folded(a[start_a:end_a]) == folded(b[start_b:end_b]) != ""
    for side in (0, 1):
        used = sorted((run[side], run[side] + run[2]) for run in runs)
        assert all(first[1] <= second[0] for first, second in pairwise(used))


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT)
def test_both_ways_share_about_the_same(a: str, b: str) -> None:
    forth = sum(run[2] for run in align(grams(fold(a)[0]), grams(fold(b)[0])))
    back = sum(run[2] for run in align(grams(fold(b)[0]), grams(fold(a)[0])))
    assert abs(forth - back) <= 0.15 * max(forth, back)


@given(TEXT)
def test_a_text_is_its_own_copy(a: str) -> None:
    found = shared(a, a)
    if found is not None:
        assert (found.kind, found.share_a, found.share_b) == ("verbatim", 1.0, 1.0)


@pytest.mark.parametrize("name", ["pump_en", "pump_ja", "pump_zh", "pump_ko"])
def test_kinds_of_copies(name: str, texts: SimpleNamespace) -> None:
    whole = getattr(texts, name)
    lines = whole.split("\n")
    same = shared(whole, "  " + whole.replace("\n", "\n\n"))
    assert same is not None and same.kind == "verbatim"
    shuffled = shared(whole, "\n".join(lines[::-1]))
    assert shuffled is not None and min(shuffled.share_a, shuffled.share_b) > 0.95
    half = shared(whole, "\n".join(lines[:3]))
    assert half is not None and half.kind == "partial" and half.share_b > 0.95 and half.share_a < 0.6
    edited = shared(
        whole, whole.replace("120", "150").replace("2024", "2023").replace("ル", "る").replace(" the ", " a ")
    )
    assert edited is not None and edited.kind in ("near", "verbatim")


def test_traditional_and_simplified_are_one_text(texts: SimpleNamespace) -> None:
    import opencc

    found = shared(texts.pump_zh, opencc.OpenCC("s2t").convert(texts.pump_zh))
    assert found is not None and found.kind == "verbatim"


def test_a_merged_page_is_partly_each(texts: SimpleNamespace) -> None:
    merged = texts.pump_en + "\n" + texts.bakery_en
    for part in (texts.pump_en, texts.bakery_en):
        found = shared(merged, part)
        assert found is not None and found.kind == "partial" and found.share_b > 0.99 and found.share_a < 0.65


@pytest.mark.parametrize(("release", "own"), [("pump_en", "bakery_en"), ("pump_ja", "library_ja")])
def test_a_quoted_sentence_is_no_copy(release: str, own: str, texts: SimpleNamespace) -> None:
    sentence = getattr(texts, release).split("\n")[2]
    article = getattr(texts, own).split("\n")
    assert shared(getattr(texts, release), "\n".join([*article[:3], sentence, *article[3:]])) is None


def test_two_reports_of_one_event_are_no_copies(texts: SimpleNamespace) -> None:
    report = """Norvik cheers as pump maker returns
The fishing town of Norvik got its second pump factory on Tuesday. Harbour Pumps Ltd spent 38.5 million dollars on it, and some 120 people will work there.
Managing director Ingrid Solberg told reporters that customers in Japan and South Korea come first, as storms have ruined their equipment.
For Norvik, says deputy mayor Klaus Brandt, nothing as big has been built since the late nineties. A bus will run to the site, where fish used to be canned."""
    assert shared(texts.pump_en, report) is None


@pytest.mark.parametrize("name", ["pump_en", "pump_ja", "pump_ko"])
def test_edited_copies_are_candidates(name: str, texts: SimpleNamespace) -> None:
    random_words = random.Random(7)  # noqa: S311
    whole = getattr(texts, name)
    units = whole.split(" ") if " " in whole[:60] else list(whole)
    glue = " " if " " in whole[:60] else ""
    for share in (0.05, 0.1):
        edited = glue.join("×" if random_words.random() < share / (1 if glue else 2) else unit for unit in units)
        pairs = candidates([fold(whole)[0], fold(edited)[0], fold(texts.bakery_en)[0], fold(texts.library_ja)[0]])
        assert (0, 1) in set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
        found = shared(whole, edited)
        assert found is not None and found.kind in ("near", "verbatim", "partial") and found.share_a > 0.6


def test_a_text_of_hundreds_of_sites_is_not_lost(texts: SimpleNamespace) -> None:
    docs = [f"Site number {i} of the net writes today:\n{texts.pump_en}" for i in range(150)]
    pairs = candidates([fold(doc)[0] for doc in docs])
    linked = set(pairs.first.tolist()) | set(pairs.second.tolist())
    assert linked == set(range(150))


def test_nothing_to_compare() -> None:
    assert len(candidates([]).first) == 0
    assert len(candidates([fold("")[0], fold("ab")[0]]).first) == 0
