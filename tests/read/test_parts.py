"""The rules of release parts do what their examples say, and parts take in what belongs to them."""

import pytest

from wiretrace.read.parts import RULES, is_release, parts_of, structure_of
from wiretrace.read.rules import Rule, at_start, group, rules


@pytest.mark.parametrize("rule", rules(RULES), ids=lambda r: r.id)
def test_examples(rule: Rule) -> None:
    assert rule.matches and rule.misses and rule.source and rule.strength in ("strong", "weak", "none")
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


def test_a_news_agencys_mark_is_a_credit_but_makes_no_release() -> None:
    found = parts_of("HARBOUR CITY, March 5 (Reuters) - A road slid into the lake.\nNobody was hurt.")
    assert [(p.kind, p.names) for p in found if p.kind == "credit"] == [("credit", "Reuters")]
    assert not is_release(found)
    assert not is_release(parts_of("【湖北共同】大雨で県道が崩れた。\nけが人はいない。（共同）"))


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


RELEASES = {
    "as Japanese outlets take releases over": (
        """みなと設備は、静かなポンプ「シズカ」を発売いたします。
■株式会社みなと設備 会社概要
所在地：港湾県港湾市1-2-3
＜お客様からのお問い合わせ先＞
お客様相談室 000-000
※本リリースに記載されている情報は発表日現在のものです。
リリース発行企業：株式会社みなと設備
本プレスリリースは発表元が入力した原稿をそのまま掲載しております。""",
        ["boilerplate", "contact", "disclaimer", "credit", "disclaimer"],
        "株式会社みなと設備",
    ),
    "as a wire in dashes": (
        """HARBOUR CITY--(BUSINESS HARBOUR)--Harbour Pumps Ltd, a maker of pumps, today opened a plant.
About Harbour Pumps
Harbour Pumps makes pumps.
Contacts
Ann Sailor
press@harbour.example
To view the source version of this press release, please visit https://www.harbourwire.example/release/000001""",
        ["credit", "dateline", "boilerplate", "contact", "credit"],
        "BUSINESS HARBOUR",
    ),
    "as Chinese wires end": (
        """香港，2024年3月5日 - 明湖泵業宣布推出靜音水泵。
關於明湖泵業
明湖泵業成立於1970年。
如有垂詢，請聯絡：
林海 電話：+852 0000 0000
來源 明湖泵業有限公司""",
        ["dateline", "boilerplate", "contact", "credit"],
        "明湖泵業有限公司",
    ),
    "as a Korean wire ends": (
        """하버펌프가 조용한 펌프를 5일 출시했다고 밝혔다.
하버펌프 개요
1970년 설립된 펌프 회사다.
연락처
하버펌프 홍보팀 박하늘 과장
본 콘텐츠는 해당 업체에서 제공한 보도자료로 본지의 편집 방향과 다를 수 있습니다.""",
        ["boilerplate", "contact", "disclaimer"],
        "하버펌프",
    ),
}


@pytest.mark.parametrize("release", RELEASES)
def test_releases_laid_out_as_wires_do_fall_into_their_parts(release: str) -> None:
    text, kinds, name = RELEASES[release]
    found = parts_of(text)
    assert [part.kind for part in found] == kinds and name in [part.names for part in found]
    assert is_release(found)


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        (r"^a(b|c)", True),
        (r"(?i)^a[(|]b", True),
        (r"^a|b", False),
        (r"^(?:a|b)\||c", False),
        (r"a^", False),
        (r"^[]|]x", True),
        (r"^\(a|b", False),
    ],
)
def test_patterns_that_match_at_the_beginning_alone(pattern: str, first: bool) -> None:
    assert at_start(pattern) is first


@pytest.mark.parametrize("rule", rules(RULES), ids=lambda r: r.id)
def test_a_rule_finds_what_its_pattern_finds(rule: Rule) -> None:
    texts = [text for one in rules(RULES) for text in (*one.matches, *one.misses)]
    for text in [*texts, *(f"{text} {other}" for text in rule.matches for other in rule.misses)]:
        assert (rule.find(text) is None) == (rule.pattern.search(text) is None), text
