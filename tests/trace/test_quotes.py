"""Quotations and their speakers in four languages; every example of the registry holds."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.trace.marks import MOST
from wiretrace.trace.quotes import quotes, spans
from wiretrace.trace.words import patterns, raw

RULES = raw()["patterns"]
MARKS = "“”\"'‘’「」『』。、，,.!?\n said 述べたは と 말했다 라고 은는 表示说：: AdaQuill教授氏さん周明远박지훈가-"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_examples_of_the_registry(rule: dict) -> None:
    for text, who, words in rule["matches"]:
        (found,) = quotes(text, rule["language"])
        assert (found.pattern, found.speaker, found.words) == (rule["id"], who, words)
    for text in rule["misses"]:
        assert quotes(text, rule["language"]) == []


def test_pattern_ids_are_unique_and_name_their_language() -> None:
    ids = [p.id for own in patterns().values() for p in own]
    assert len(ids) == len(set(ids))
    assert all(p.id.partition(".")[0] == name for name, own in patterns().items() for p in own)


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("en", "“It rains,” said Prof. Ines Varga of Teal College, who measured it. “It pours.”", ["Ines Varga"] * 2),
        ("en", "“The well is dry.” He added that nobody came. Ada Quill left.", ["He"]),
        ("en", "“The well is dry,” Rep. Jon Oram (D-Wis.) said Friday.", ["Jon Oram"]),
        ("ja", "演習を問われた湖西大学の三枝光太郎教授は「払うのはいつも島だ」と語った。", ["三枝光太郎"]),
        ("ja", "26年石を集める磯部駿氏は、新しい岸の砂には「祖母の骨がある」と言ったと引用されている。", ["磯部駿"]),
        ("ja", "「朝の水は甘い」と、自らも井戸を掘った湖西工房の三枝 光太郎社長は述べた。", ["三枝 光太郎"]),
        ("zh-Hant", "據主辦者稱，湖西大學的周明遠教授表示：“井水已經乾了。”", ["周明遠"]),
        ("zh-Hans", "“井水已经干了，”湖西工坊联合创始人爱达·奎尔说。", ["爱达·奎尔"]),
        ("ko", "“우물이 말랐습니다”라고 호서공방을 세운 장뤄웨이 대표는 말했다.", ["장뤄웨이"]),
        ("ko", '"우물이 말랐다"며 박지훈 씨는 말했다.', ["박지훈"]),
    ],
)
def test_speakers_without_title_and_affiliation(language: str, text: str, who: list[str]) -> None:
    assert [q.speaker for q in quotes(text, language)] == who


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("en", "“It floods,” said its marketing director, Ines Varga Lim.", "Ines Varga Lim"),
        ("en", "“It floods,” said Teal Mill's owner, Ada Quill. Nobody else came.", "Ada Quill"),
        ("en", "“It floods,” said the hotel’s manager Ada Quill on Friday.", "Ada Quill"),
        ("en", "“It floods each year,” Teal Corp’s Ada Quill said.", "Ada Quill"),
        ("en", "“It floods each year,” said the man who met Ada Quill.", ""),
        ("en", "“It floods each year,” said the mayor, Monday.", ""),
        ("ja", "作業した磯部駿（いそべしゅん）船長（５４）は「水門は必ず直す」と語った。", "磯部駿"),
        ("ja", "磯部駿代表（26）＝湖西町在住＝は「水門は必ず直す」と語った。", "磯部駿"),
        ("ja", "湖西町の磯部駿副会長は「水門は必ず直す」と語った。", "磯部駿"),
        ("ja", "「水門は必ず直す」と同国防長官は述べた。", ""),
        ("zh", "他继续说：“井水已经干了。”", ""),
        ("zh", "这位官员表示，“井水已经干了。”", ""),
        ("zh", "总统说：“井水已经干了。”", ""),
        ("zh", "四十五年后，奎尔对我说：“井水已经干了。”", "奎尔"),
        ("zh", "一名母亲爱达·奎尔（35岁）告诉记者：“井水已经干了。”", "爱达·奎尔"),
        ("zh", "“井水已经干了，”湖西电子公司员工吕玲说。", "吕玲"),
        ("zh", "湖西电影的导演周明远介绍说，“井水已经干了。”", "周明远"),
        ("zh", "爱达·奎尔于周六表示：“井水已经干了。”", "爱达·奎尔"),
        ("zh", "湖西学会主席 Ada Quill 说：“井水已经干了。”", "Ada Quill"),
        ("zh-Hant", "川中在星期六表示：「井水已經乾了。」", ""),
        ("ko", "박지훈 최고위원은 “우물이 말랐다”고 말했다.", "박지훈"),
        ("ko", "박지훈 호서당 수석대변인은 “우물이 말랐다”고 말했다.", "박지훈"),
        ("ko", "에다 퀼 호서주 상원의원은 “우물이 말랐다”고 말했다.", "에다 퀼"),
        ("ko", "에다 퀼(Ada Quill) 독일 의회 국방위원장은 “우물이 말랐다”고 말했다.", "에다 퀼"),
        ("ko", "박지훈 한빛전자 대표는 “우물이 말랐다”고 말했다.", "박지훈"),
        ("ko", "도나미 가오리 대표는 “우물이 말랐다”고 말했다.", "도나미 가오리"),
        ("ko", "박 전 총리도 “우물이 말랐다”고 말했다.", ""),
        ("ko", "병원이 문을 닫자 그는 “우물이 말랐다”고 말했다.", ""),
        ("ko", "난민을 겸하고 있는 사람이 “우물이 말랐다”고 말했다.", ""),
    ],
)
def test_nobody_is_named_by_words_that_are_no_name(language: str, text: str, named: str) -> None:
    (found,) = quotes(text, language)
    assert (found.speaker if found.named else "") == named


def test_a_quoted_phrase_that_nobody_says_is_no_quotation() -> None:
    assert quotes("橋の「柔らかい床」を直す工事が始まった。", "ja") == []
    assert quotes("The so-called “soft spots” in the beams were mended.", "en") == []
    assert quotes("On the wire’s “Harbour at Nine,” Ada Quill said that it rains.", "en") == []


def test_nested_marks_belong_to_the_outer_quotation() -> None:
    text = "三枝光太郎氏は「父は『井戸を守れ』と言った」と述べた。"
    (found,) = quotes(text, "ja")
    assert found.words == "父は『井戸を守れ』と言った"


def test_an_apostrophe_opens_and_closes_nothing() -> None:
    text = "‘I don’t know whose well it is,’ said Ada Quill."
    assert [text[a:b] for a, b in spans(text, "en")] == ["I don’t know whose well it is,"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("”It rains in Orrin,” said Ada Quill.", ["It rains in Orrin,"]),
        ("“It rains in Orrin.“ Ada Quill nodded.", ["It rains in Orrin."]),
        ("Quill said,”It rains in Orrin” and left.", ["It rains in Orrin"]),
        ("''It rains,'' said Quill. ''Nobody came.''", ["It rains,", "Nobody came."]),
        ("``It rains,'' said Quill.", ["It rains,"]),
        ("'It doesn't rain,' said Ada Quill.", ["It doesn't rain,"]),
        ("'The keepers' well is dry,' said Ada Quill of the keepers' guild.", ["The keepers' well is dry,"]),
        ("Since the '90s the keepers' guild had 'em mended.", []),
        ('The door is 6\' 2" high and 30" wide, Ada Quill said.', []),
        ('In Orrin, the driest place," the paper wrote, "rain is rare."', ["rain is rare."]),
        ('“It rains” and "it pours” in Orrin.', ["It rains", "it pours"]),
        ('Quill said there was “no rain" yet.', ["no rain"]),
        ("“She said ‘it rains’ twice,” Quill told us.", ["She said ‘it rains’ twice,"]),
        ("“It rains, Quill said. She called it “a good sign” twice.", ["a good sign"]),
        ("“It rains in Orrin.\n\n“It pours there,” Quill said.", ["It rains in Orrin.", "It pours there,"]),
        ('"It rains in Orrin.\nNobody comes," Quill said.', ["It rains in Orrin.\nNobody comes,"]),
        ('Ada Quill said: "It rains in Orrin.\nNobody comes.', ["It rains in Orrin."]),
    ],
)
def test_english_marks_are_read_by_what_stands_beside_them(text: str, words: list[str]) -> None:
    assert [text[a:b].strip() for a, b in spans(text, "en")] == words


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("“It rains.\n\n“It pours,” said Ada Quill.\nJon Oram left.", ["Ada Quill"] * 2),
        ("“It rains,” said Ada Quill. “It pours.\n\n“It will not end.”", ["Ada Quill"] * 3),
        ("Jon Oram came. The well is dry, Ada Quill said. “Nobody has mended it since May.”", ["Ada Quill"]),
        ("Ada Quill, of the toll house in St. Orrin, Va., said the bank “has lost the keys”.", ["Ada Quill"]),
        ("''We have lost the keys'' of the toll house, Ada Quill said. ''We looked.''", ["Ada Quill"] * 2),
    ],
)
def test_speakers_of_quotations_that_go_on(text: str, who: list[str]) -> None:
    assert [q.speaker for q in quotes(text, "en")] == who


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=MARKS, max_size=300), st.sampled_from(["en", "ja", "zh-Hant", "ko", "fr", "und", ""]))
def test_spans_are_exact_whatever_the_text(text: str, language: str) -> None:
    found = quotes(text, language)
    assert all(text[q.start : q.end] == q.words and q.words for q in found)
    assert [q.start for q in found] == sorted(q.start for q in found)
    assert found == quotes(text, language)


@pytest.mark.parametrize("text", ["「" * 20_000, "“said Ada " * 4_000, "「は」と" * 8_000, "“a b” said A " * 3_000])
def test_hostile_repetition_stays_bounded(text: str) -> None:
    for language in ("en", "ja", "zh", "ko"):
        assert len(quotes(text, language)) <= MOST


HARD = yaml.safe_load((Path(__file__).parent / "hard_quotations.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("language", "row"),
    [(language, row) for language, rows in HARD.items() for row in rows],
    ids=[f"{language}-{n}" for language, rows in HARD.items() for n in range(len(rows))],
)
def test_sentences_as_the_press_writes_them(language: str, row: dict) -> None:
    found = quotes(row["text"], language)
    assert [[quote.words, quote.speaker] for quote in found] == row["said"]
    assert all(row["text"][quote.start : quote.end] == quote.words for quote in found)
