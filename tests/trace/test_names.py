"""Spellings of names: the slips of careless translations are marked, namesakes are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from wiretrace.config import Inputs, Investigation
from wiretrace.errors import UserError
from wiretrace.trace.names import Directory, Person, listed, same_person, spellings, titled
from wiretrace.trace.readings import katakana, korean_key, latin_key, readings


def person(name: str, sound: str = "") -> Person:
    return Person(name, "".join(sound.split()), tuple(sound.split()), "", "list")


PEOPLE = [
    person("三枝正樹", "サエグサ マサキ"),
    person("松波泰勝", "マツナミ ヤスカツ"),
    person("仲宗根隆松", "ナカソネ タカマツ"),
    person("浜岡恵子", "ハマオカ ケイコ"),
    person("宮平朝章", "ミヤヒラ チョウショウ"),
]
DIRECTORY = Directory(PEOPLE, {"磯部俊介": "kontrolle.example", "三枝真樹": "outlet.example"})


@pytest.mark.parametrize(
    ("written", "language", "status", "who"),
    [
        ("三枝正樹", "ja", "listed", "三枝正樹"),
        ("三枝雅樹", "ja", "same_reading", "三枝正樹"),
        ("雅樹三枝", "ja", "order_swapped", "三枝正樹"),
        ("正樹三枝", "ja", "order_swapped", "三枝正樹"),
        ("松波康勝", "ja", "same_reading", "松波泰勝"),  # not in the dictionary: read kanji by kanji
        ("高松仲宗根", "ja", "order_swapped", "仲宗根隆松"),  # swapped and with another kanji
        ("三枝正树", "ja", "simplified_form", "三枝正樹"),
        ("三枝正树", "zh", "listed", "三枝正樹"),
        ("濱岡惠子", "ja", "listed", "浜岡恵子"),  # old forms are no slip
        ("濱岡惠子", "zh", "listed", "浜岡恵子"),
        ("磯部駿介", "ja", "same_reading", "磯部俊介"),  # against the spelling of a control
        ("三枝真樹", "ja", "listed", "三枝真樹"),  # another person: a control writes it so
        ("宮平朝彰", "ja", "same_reading", "宮平朝章"),  # alone the dictionary reads 彰 アキラ; in names ショウ
        ("宮平朝璋", "ja", "same_reading", "宮平朝章"),
        ("宮平朝彬", "ja", "unlisted", ""),
        ("三枝恵子", "ja", "unlisted", ""),
        ("浜岡豪", "ja", "unlisted", ""),
        ("사에구사 마사키", "ko", "listed", "三枝正樹"),
        ("Masaki Saegusa", "en", "listed", "三枝正樹"),
        ("Saegusa Masaki", "en", "listed", "三枝正樹"),
        ("Masako Saegusa", "en", "unlisted", ""),
    ],
)
def test_what_a_spelling_is(written: str, language: str, status: str, who: str) -> None:
    judged = DIRECTORY.judge(written, language)
    assert (judged.status, judged.person) == (status, who)


@pytest.mark.parametrize(
    ("known", "sound", "written"),
    [
        ("渡邉恒介", "ワタナベ ツネスケ", "渡辺恒介"),
        ("渡辺恒介", "ワタナベ ツネスケ", "渡邊恒介"),
        ("髙橋浩二", "タカハシ コウジ", "高橋浩二"),
        ("山﨑隆史", "ヤマザキ タカシ", "山崎隆史"),
        ("齋藤正樹", "サイトウ マサキ", "斉藤正樹"),
        ("𠮷田和夫", "ヨシダ カズオ", "吉田和夫"),
        ("吉田和夫", "ヨシダ カズオ", "𠮷田和夫"),
    ],
)
def test_the_form_of_a_family_name_that_the_press_writes_is_no_slip(known: str, sound: str, written: str) -> None:
    judged = Directory([person(known, sound)], {}).judge(written, "ja")
    assert (judged.status, judged.person) == ("listed", known)


def test_a_namesake_with_a_common_family_name_is_not_marked() -> None:
    directory = Directory([person("高橋浩", "タカハシ ヒロシ")], {})
    assert directory.judge("高橋博", "ja").status == "unlisted"


def test_a_slip_says_why() -> None:
    assert "read alike" in DIRECTORY.judge("三枝雅樹", "ja").listed_by
    assert "other order" in DIRECTORY.judge("雅樹三枝", "ja").listed_by


def test_slips_are_found_without_a_title_beside_them() -> None:
    text = "岸を歩く三枝雅樹は帽子を取り、三枝正樹の本を開いた。"
    assert [text[a:b] for a, b in spellings(text, PEOPLE, DIRECTORY)] == ["三枝雅樹", "三枝正樹"]


def test_names_with_titles() -> None:
    text = "湖西大学の三枝正樹教授と市民団体の浜岡恵子さん、水道課長が出席した。"
    assert [text[a:b] for a, b in titled(text, "ja")] == ["三枝正樹", "浜岡恵子"]


def test_readings_meet_their_spellings_in_other_scripts() -> None:
    assert "ヤスカツ" in readings("康勝")
    assert katakana("さえぐさ まさき") == "サエグサマサキ"
    assert latin_key("Shunsuke") == latin_key("シュンスケ")
    assert latin_key("Ōta") == latin_key("オオタ") == latin_key("オータ")
    assert korean_key("게이코") == korean_key("ケイコ")
    assert korean_key("슌스케") == korean_key("シュンスケ")


def test_same_person() -> None:
    assert same_person("Ada Quill", "Quill")
    assert same_person("浜岡恵子", "濱岡惠子")
    assert not same_person("浜岡恵子", "三枝正樹")


def test_a_list_without_the_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("person,reading\n三枝正樹,サエグサ マサキ\n", encoding="utf-8")
    with pytest.raises(UserError, match="no column 'name'"):
        listed(Investigation(investigation="x", inputs=Inputs(names=[str(path)])))


def test_a_list_may_be_in_hiragana_with_comments(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("# who\nname,reading,note\n三枝 正樹,さえぐさ　まさき,historian\n", encoding="utf-8")
    (found,) = listed(Investigation(investigation="x", inputs=Inputs(names=[str(path)])))
    assert (found.name, found.reading, found.parts) == ("三枝正樹", "サエグサマサキ", ("サエグサ", "マサキ"))


def test_a_name_cut_short_or_a_given_name_alone_is_no_slip() -> None:
    known = Directory([], {"松波泰勝": "honest.example", "由美子": "honest.example"})
    for written in ("松波泰", "松波泰勝氏", "友美子", "裕美子"):
        assert known.judge(written, "ja").status == "unlisted", written
    assert known.judge("松波康勝", "ja").status == "same_reading"


def test_chinese_words_before_a_title_are_no_people() -> None:
    text = (
        "该会会长宫城直树表示，印度总统和财政部长都不会出席。港务局局长王小明先生说，美国国会议员、共和国总理与外科主任已到。"
        "工程师高桥健一博士、欧阳修教授、安娜·贝尔格女士和顾问先生也在场，前首席部长则没有。"
    )
    found = [text[a:b] for a, b in titled(text, "zh")]
    assert {"王小明", "高桥健一", "欧阳修", "安娜·贝尔格"} == set(found)
