"""The rules of release parts do what their examples say, and parts take in what belongs to them."""

import pytest

from wiretrace.read.parts import RULES, is_release, parts_of, structure_of
from wiretrace.read.rules import Rule, group, rules


@pytest.mark.parametrize("rule", rules(RULES), ids=lambda r: r.id)
def test_examples(rule: Rule) -> None:
    assert rule.matches and rule.misses and rule.source and rule.strength in ("strong", "weak")
    for text, name in rule.matches.items():
        found = rule.pattern.search(text)
        assert found, text
        if name:
            assert group(found, "name") == name
    for text in rule.misses:
        assert not rule.pattern.search(text), text


RELEASE = """港町、2024年3月5日 – みなと設備は本日、新しいポンプを発表しました。
社長は「静かさにこだわりました」と話しています。
みなと設備について
1970年に創業したポンプの会社です。
報道関係お問い合わせ先: 広報室
電話 000-000-0000
（提供：港ワイヤー）"""


def test_spans_and_names() -> None:
    found = parts_of(RELEASE)
    assert [(p.kind, RELEASE[p.start : p.end], p.names) for p in found] == [
        ("dateline", "港町、2024年3月5日 –", ""),
        ("boilerplate", "みなと設備について\n1970年に創業したポンプの会社です。", "みなと設備"),
        ("contact", "報道関係お問い合わせ先: 広報室\n電話 000-000-0000", ""),
        ("credit", "（提供：港ワイヤー）", "港ワイヤー"),
    ]
    assert is_release(found)


def test_words_before_a_name_are_not_the_name() -> None:
    assert [p.names for p in parts_of("以下は港ワイヤーが配信した企業発表です。")] == ["港ワイヤー"]


@pytest.mark.parametrize(
    "text",
    [
        "The council met on Tuesday. The mayor, about to leave, said the plan was distributed among members.",
        "市議会は3月5日、水道管の更新計画を可決した。市長は計画について、住民に説明すると話した。",
        "市议会3月5日通过了计划。市长说，资金的主要来源是水费。",
        "시의회는 3월 5일 계획을 통과시켰다. 시장은 이 계획에 대하여 설명했다.",
    ],
)
def test_news_is_no_release(text: str) -> None:
    assert not is_release(parts_of(text))


def test_long_and_empty_texts() -> None:
    assert parts_of("") == []
    assert parts_of("About " + "a" * 100_000 + "\n" + "(" * 5_000 + "\n/" * 5_000) == []


def test_a_release_is_parted_into_subhead_body_and_the_rest() -> None:
    text = f"静かなポンプ、来月発売\n{RELEASE}"
    found = structure_of(text, parts_of(text))
    assert [(p.kind, text[p.start : p.end]) for p in found] == [
        ("subhead", "静かなポンプ、来月発売"),
        ("body", "\n".join(RELEASE.split("\n")[:2])),
    ]
    assert structure_of("No dateline here.\nAbout Harbour Pumps Ltd", parts_of("About Harbour Pumps Ltd")) == []
