"""Anchors: one key for one thing in every language."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.trace.across import sounds, tools_for
from wiretrace.trace.across.anchors import counted, placed
from wiretrace.trace.across.keys import CLASS_SHIFT, DATE, JAPANESE, MONTH, SYLLABLES, WORD, key, kind, number_key
from wiretrace.trace.across.mandarin import syllable_pairs
from wiretrace.trace.across.spoken import name_pairs
from wiretrace.trace.fold import fold
from wiretrace.trace.texts import Text

USE = tools_for(dictionaries=False)


def made(words: str, language: str, masked: tuple[int, int] = (0, 0)) -> Text:
    codes, places = fold(words)
    codes[masked[0] : masked[1]] = 0
    return Text("a-1", "p.example", "", language, "", words, "", False, "live", codes, places, ())


def keys(text: str, language: str, of_kind: str) -> set[int]:
    return {k for k in placed(made(text, language), USE).keys.tolist() if kind(k) == of_kind}


def day(month: int, number: int) -> int:
    return key(DATE, f"{month}-{number}")


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
        ("two hundred people", "en", "200"),
        ("Three Hundred Thousand yen", "en", "300000"),
        ("twenty-five million people", "en", "25000000"),
        ("3割", "ja", "30"),
        ("令和6年", "ja", "2024"),
        ("民國113年", "zh-Hant", "2024"),
        ("1.234.567 Euro", "de", "1234567"),
        ("3,5 Millionen", "de", "3500000"),
        ("2019，200人", "zh-Hans", "2019"),
        ("1万2000億", "ja", "1200000000000"),
        ("三亿二千万", "zh-Hans", "320000000"),
    ],
)
def test_numbers_by_value(text: str, language: str, value: str) -> None:
    year = len(value) == 4 and value.startswith(("19", "20"))
    assert number_key(value) in keys(text, language, "year" if year else "number")


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
    assert day(3, 5) in keys(text, language, "date") <= {day(3, 5), key(MONTH, "3")}


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


@pytest.mark.parametrize(
    ("latin", "han"),
    [("Clark", "克拉克"), ("Manchester", "曼彻斯特"), ("Trump", "特朗普")],
)
def test_names_by_sound_in_han_characters(latin: str, han: str) -> None:
    assert keys(f"So said {latin}.", "en", "sound") & keys(f"据{han}称", "zh-Hans", "sound")


def test_chinese_names_in_pinyin() -> None:
    assert syllable_pairs("zhejiang") and syllable_pairs("jinping") and not syllable_pairs("london")
    shared = keys("a firm in Zhejiang province", "en", "sound") & keys("浙江一家企業", "zh-Hant", "sound")
    assert any(k >> CLASS_SHIFT == SYLLABLES for k in shared)


@given(st.text(max_size=200), st.sampled_from(["en", "ja", "zh-Hant", "ko", "fr", "ru", "und"]))
def test_spans_lie_in_the_text(text: str, language: str) -> None:
    found = placed(made(text, language), USE)
    assert all(0 <= s < e <= len(text) for s, e in zip(found.starts.tolist(), found.ends.tolist(), strict=True))


@given(
    st.lists(st.text(alphabet="aB 1,.年月3億日本中文克拉한국ア・ー\n%@w", max_size=60), min_size=1, max_size=5),
    st.sampled_from(["en", "ja", "zh", "ko", "fr"]),
)
def test_counting_many_texts_finds_what_placing_each_finds(texts: list[str], language: str) -> None:
    together = [made(text, language) for text in texts]
    owner, found, _ = counted(together, language, USE)
    for index, text in enumerate(together):
        assert sorted(found[owner == index].tolist()) == sorted(set(placed(text, USE).keys.tolist()))


def test_what_must_not_match_is_no_anchor() -> None:
    text = made("Sales rose 12.5%. Contact Clark.", "en", masked=(11, 40))
    shown = {text.text[s:e] for s, e in zip(placed(text, USE).starts, placed(text, USE).ends, strict=True)}
    assert "Clark" not in shown and "Sales" in shown


@pytest.mark.parametrize(
    ("latin", "written"),
    [
        ("Maruyama", "丸山"),
        ("Kubota", "久保田"),
        ("Ohtani", "大谷"),
        ("Ōtani", "大谷"),
        ("Sasaki", "佐々木"),
        ("Shimbun", "新聞"),
        ("Takahata", "高畠"),
    ],
)
def test_japanese_names_by_their_readings(latin: str, written: str) -> None:
    shared = keys(f"the {latin} case", "en", "sound") & keys(f"これは{written}です", "ja", "sound")
    assert any(k >> CLASS_SHIFT == JAPANESE for k in shared)


@pytest.mark.parametrize("word", ["London", "Manchester", "Could", "Ma", ""])
def test_a_word_that_is_no_japanese_name_has_no_readings(word: str) -> None:
    assert name_pairs(word.lower()) == []


@pytest.mark.parametrize(
    ("korean", "han"),
    [
        ("경제를", "経済"),
        ("경제를", "經濟"),
        ("비율은", "比率"),
        ("역사", "历史"),
        ("노동조합", "労働組合"),
        ("방사성", "放射性"),
    ],
)
def test_korean_words_of_chinese_origin_by_their_readings(korean: str, han: str) -> None:
    shared = keys(korean, "ko", "reading") & keys(f"一{han}。", "zh-Hant", "reading")
    assert shared == keys(korean, "ko", "reading") & keys(f"の{han}。", "ja", "reading") != set()


def test_syllables_of_two_words_are_no_korean_word() -> None:
    assert not keys("한국 경제", "ko", "reading") & keys("国境", "ja", "reading")


def test_words_of_the_news() -> None:
    korea = key(WORD, "southkorea")
    assert korea in keys("in South Korea", "en", "word")
    assert korea in keys("韓国で", "ja", "word")
    assert korea in keys("在韓國", "zh-Hant", "word")
    assert not keys("it may rain", "en", "date")


def test_addresses() -> None:
    english = keys("See https://Harbour.example/a/?b=1, or www.harbour.example.", "en", "link")
    assert english == keys("詳しくは https://harbour.example/a/?b=1 と www.harbour.example へ", "ja", "link")
    assert len(english) == 2
    assert (
        keys("連絡先はjo@harbour.exampleまで", "ja", "link")
        == keys("write to jo@harbour.example", "en", "link")
        != set()
    )


def test_translations_share_most_numbers(texts: SimpleNamespace) -> None:
    english = keys(texts.pump_en, "en", "number")
    for name, language in (("pump_ja", "ja"), ("pump_zh", "zh-Hans"), ("pump_ko", "ko")):
        other = keys(getattr(texts, name), language, "number")
        assert len(english & other) >= 0.75 * len(other)
