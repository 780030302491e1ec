"""The language of a text, by script where scripts tell."""

import pytest

from wiretrace.read.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("港湾都市の市議会は三日、計画を可決しました。", "ja"),
        ("東京都港区会社概要 株式会社実業総合検査", "ja"),
        ("海港市议会三日通过了老旧供水管道的更新计划。项目总投资四十二亿元", "zh-Hans"),
        ("海港市議會三日通過了老舊供水管道的更新計劃。項目總投資四十二億元", "zh-Hant"),
        ("항구 도시의 시의회는 사흘 노후 수도관(水道管) 교체 계획을 통과시켰다.", "ko"),
        ("The council approved the plan to renew the water mains yesterday, 市議会 said.", "en"),
        ("Le conseil municipal a adopté le renouvellement des conduites.", "fr"),
        ("中文里的日语词「の」很常见，这是一个关于广告的说明文字，不是日语文章。", "zh-Hans"),
    ],
)  # fmt: skip
def test_languages(text: str, language: str) -> None:
    found, score = language_of(text)
    assert found == language
    assert 0.5 <= score <= 1


def test_no_letters_no_language() -> None:
    assert language_of("2024 — 12 %") == ("", 0.0)
    assert language_of("") == ("", 0.0)


def test_a_short_text_is_not_sure() -> None:
    assert language_of("人民大会")[1] < language_of("海港市议会三日通过了老旧供水管道的更新计划。")[1]
