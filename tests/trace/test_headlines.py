"""Headline phrases that the body does not hold; headlines that sum up are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.trace.headlines import phrases

JA = (
    "湖西市の古い集会所で先週末、三百人近い市民が集まり、湖の水を県から取り戻すべきかを話し合った。主催者によると、同じような会合は今年17回目になる。"
    "参加者は140本のろうそくを灯し、取水口の撤去を求める声明を読み上げた。声明は、湖の将来は岸に住む人が決めると述べている。\n"
    "県は取材に対し、来月に説明会を開くと答えた。前回の説明会では質問が三時間続き、議事録は公開されていない。市民からは、まず資料を読みたいという声が上がった。"
)
EN = (
    "Boats on the upper canal will have to wait a few more days: the lower gate is still jammed by a tree trunk that came down "
    "in the storm. Divers cut through half of it on Tuesday. Fourteen narrowboats are queueing, and their owners have set up a "
    "kitchen on the towpath. The waterways trust hopes to open one chamber by Friday, if the pump that it has borrowed holds out."
)


def test_a_phrase_that_the_body_nowhere_holds() -> None:
    ((phrase, missing),) = phrases("反県民ナショナリズムを復活させた湖西", [JA], "ja")
    assert phrase.startswith(("反県民ナショナリズム", "県民ナショナリズム"))
    assert "ナショナリズム" in missing
    assert "復活" in missing


@pytest.mark.parametrize(
    ("title", "body", "language"),
    [
        ("湖の水、取り戻すべきか　市民三百人が話し合う", JA, "ja"),
        ("取水口の撤去求め声明　湖西市", JA, "ja"),
        ("【速報】湖西市で市民集会", JA, "ja"),
        ("Lock gate stuck for a third week", EN, "en"),
        ("Canal boats wait as gate stays jammed", EN, "en"),
        ("", JA, "ja"),
        ("反県民ナショナリズムを復活させた湖西", "短い。", "ja"),
    ],
)
def test_headlines_that_sum_up_are_left_alone(title: str, body: str, language: str) -> None:
    assert phrases(title, [body], language) == []


def test_what_a_fuller_copy_holds_is_not_missed() -> None:
    fuller = JA + "\nある論者は、ナショナリズムを復活させたのは県だと書いた。県民の反発は強い。"
    assert phrases("反県民ナショナリズムを復活させた湖西", [JA, fuller], "ja") == []


def test_a_headline_repeated_in_the_body_holds_nothing() -> None:
    title = "反県民ナショナリズムを復活させた湖西"
    assert phrases(title, [title + "\n" + JA], "ja")


def test_other_forms_of_a_word_hold_it() -> None:
    assert phrases("話し合い、開かれる", [JA], "ja") == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80), st.text(max_size=400), st.sampled_from(["en", "ja", "zh", "ko"]))
def test_never_raises_and_phrases_stand_in_the_headline(title: str, body: str, language: str) -> None:
    for phrase, missing in phrases(title, [body + JA], language):
        assert phrase in title
        assert missing
