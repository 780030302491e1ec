"""Anchors: one key for one thing in every language."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.trace import sounds
from wiretrace.trace.anchors import anchors


def keys(text: str, language: str, kind: str) -> set[str]:
    return {a.key for a in anchors(text, language) if a.kind == kind}


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1.2 million people", "en", "1200000"),
        ("120万人", "ja", "1200000"),
        ("１２０万人", "ja", "1200000"),
        ("4万5000台", "ja", "45000"),
        ("4.5万台", "zh-Hans", "45000"),
        ("4만5000대", "ko", "45000"),
        ("45,000 units", "en", "45000"),
        ("3億2000万円", "ja", "320000000"),
        ("3.2亿元", "zh-Hans", "320000000"),
        ("三百二十人", "ja", "320"),
        ("eleven years", "en", "11"),
        ("2.75%", "ko", "2.75"),
    ],
)
def test_numbers_by_value(text: str, language: str, value: str) -> None:
    assert f"n:{value}" in keys(text, language, "number")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("on March 5, 2024", "en"),
        ("on 5 March 2024", "en"),
        ("Mar. 5", "en"),
        ("2024年3月5日", "ja"),
        ("３月５日", "ja"),
        ("3月5号", "zh-Hans"),
        ("2024년 3월 5일", "ko"),
        ("2024-03-05", "en"),
        ("2024/3/5", "ja"),
    ],
)
def test_dates_in_every_form(text: str, language: str) -> None:
    assert keys(text, language, "date") == {"d:3-5"}


@pytest.mark.parametrize(
    ("latin", "katakana", "hangul"),
    [
        ("Clark", "クラーク", "클라크"),
        ("Manchester", "マンチェスター", "맨체스터"),
        ("Goldsmith", "ゴールドスミス", "골드스미스"),
        ("Matsushima", "マツシマ", "마쓰시마"),
        ("Washington", "ワシントン", "워싱턴"),
        ("Cromwell", "クロムウェル", "크롬웰"),
    ],
)
def test_names_by_sound(latin: str, katakana: str, hangul: str) -> None:
    assert sounds.of_latin(latin) == sounds.of_katakana(katakana) == sounds.of_hangul(hangul) != ""


def test_short_names_say_nothing() -> None:
    assert sounds.of_latin("Lee") == sounds.of_katakana("リー") == sounds.of_hangul("이") == ""


@given(st.text(max_size=200), st.sampled_from(["en", "ja", "zh-Hant", "ko", "fr", "und"]))
def test_spans_lie_in_the_text(text: str, language: str) -> None:
    for anchor in anchors(text, language):
        assert 0 <= anchor.start < anchor.end <= len(text)


def test_words_of_the_news() -> None:
    assert "w:southkorea" in keys("in South Korea", "en", "word")
    assert "w:southkorea" in keys("韓国で", "ja", "word")
    assert "w:southkorea" in keys("在韓國", "zh-Hant", "word")
    assert not keys("it may rain", "en", "date")


def test_addresses() -> None:
    assert keys("See https://Harbour.example/a/?b=1, or www.harbour.example.", "en", "link") == {
        "a:harbour.example/a/?b=1",
        "a:www.harbour.example",
    }
    assert keys("連絡先はjo@harbour.exampleまで", "ja", "link") == {"a:jo@harbour.example"}


def test_translations_share_most_numbers(texts: SimpleNamespace) -> None:
    english = keys(texts.pump_en, "en", "number")
    for name, language in (("pump_ja", "ja"), ("pump_zh", "zh-Hans"), ("pump_ko", "ko")):
        other = keys(getattr(texts, name), language, "number")
        assert len(english & other) >= 0.8 * len(other)
