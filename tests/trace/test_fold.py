"""Folding: one form for all ways of writing, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.trace.fold import as_text, cluster_end, fold, folded, size

MIXED = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("沖縄冲绳沢澤泽戦戰战ｱｲｳがか\u3099한\u1112\u1161\u11ab㍿ﬁßée\u0301①１A a.,、。\n"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("沖縄戦", "冲绳战"),
        ("發佈澤國", "发布泽国"),
        ("ＡＢＣ１２３", "abc 123"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("か\u3099く", "がく"),
        ("\u1112\u1161\u11ab국", "한국"),
        ("Cafe\u0301 Straße", "café strasse"),
        ("㍿山田", "株式会社山田"),
        ("He said: “No.”", "he said no"),
        ("葛\U000e0100城", "葛城"),
        ("zero\u200bwidth\u00adsoft", "zerowidthsoft"),
    ],
)
def test_equal_text_folds_equally(a: str, b: str) -> None:
    assert folded(a) == folded(b)


@pytest.mark.parametrize(("a", "b"), [("は", "ば"), ("土", "士"), ("10", "１１"), ("résumé", "resume"), ("ガ", "カ")])
def test_different_text_stays_different(a: str, b: str) -> None:
    assert folded(a) != folded(b)


@given(MIXED)
def test_every_folded_character_points_to_its_original(text: str) -> None:
    codes, places = fold(text)
    assert len(codes) == len(places)
    assert (places[1:] >= places[:-1]).all()
    for index in range(len(codes)):
        place = int(places[index])
        assert as_text(codes)[index] in folded(text[place : cluster_end(text, place + 1)])


@given(MIXED)
def test_folding_is_stable(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(MIXED, MIXED)
def test_folding_works_piece_by_piece(a: str, b: str) -> None:
    assert folded(a + "\n" + b) == folded(a) + folded(b)


def test_letters_of_an_alphabet_count_half() -> None:
    assert size(fold("沖縄の海")[0]) == 4
    assert size(fold("abcd")[0]) == 2


def test_hostile_characters_are_dropped() -> None:
    assert folded("\ud800\udfff\U0010ffff\ue000\x00") == ""
