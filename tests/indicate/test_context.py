"""A phrase that is quoted, spoken of or shown as code is kept and does not count."""

import pytest

from wiretrace.indicate import scan
from wiretrace.indicate.passages import Passage
from wiretrace.indicate.rules import load

STORY = "The harbour of Exampleton was closed on Friday. Fishermen waited for two days. "


def contexts(text, language="en", registry="ai_indicators", place="text", rule=""):
    rows = scan(load(registry), Passage("example.test", (place,), text, language, "c-1", "a-1", "v-1", text))
    return [(row["rule_id"], row["context"]) for row in rows if not rule or row["rule_id"] == rule]


@pytest.mark.parametrize(
    ("text", "language", "rule"),
    [
        (STORY + "As an AI language model, I cannot confirm the date.", "en", "self-en"),
        ("I'm sorry, but I cannot fulfill this request.\n" + STORY, "en", "refusal-en"),
        ("“I’m sorry, but I cannot fulfill this request.”", "en", "refusal-en"),
        ("申し訳ありませんが、そのリクエストにはお応えできません。\n港の祭りが始まった。", "ja", "refusal-ja"),
        ("港町的节日开始了。作为一个人工智能语言模型，我无法提供更多内容。", "zh-Hans", "self-zh"),
        (
            "The mayor said: “It is open citeturn0search3 and will stay open for many years to come.”",
            "en",
            "residue-turn",
        ),
    ],
)
def test_use_counts(text, language, rule):
    assert (rule, "plain") in contexts(text, language)


@pytest.mark.parametrize(
    ("text", "language", "context"),
    [
        (
            STORY + "The page read “As an AI language model, I cannot confirm the date.” before it vanished.",
            "en",
            "in_quotation",
        ),
        (STORY + "A sign read 'I cannot complete this prompt' in red.", "en", "in_quotation"),
        ("記事には「申し訳ありませんが、そのリクエストにはお応えできません。」とあった。", "ja", "in_quotation"),
        ("文章写道：“作为一个人工智能语言模型，我无法提供内容。”读者很吃惊。", "zh-Hans", "in_quotation"),
        ("Replace `citeturn0search0` before printing.", "en", "in_code"),
        ("```\nciteturn0search0\n```", "en", "in_code"),
        ("The chatbot replied that as an AI language model, I must be neutral.", "en", "about_ai"),
        ("Editors look for phrases such as As an AI language model, I cannot", "en", "about_ai"),
        (
            "ChatGPT and other chatbots leave traces. OpenAI says so. As an AI language model, I cannot browse, they write. "
            "Language models such as Gemini do the same.",
            "en",
            "about_ai",
        ),
        (STORY + "\nComments\nAs an AI language model, I cannot agree.", "en", "excused"),
    ],
)
def test_mention_does_not_count(text, language, context):
    found = contexts(text, language)
    assert found
    assert {where for _, where in found} == {context}


def test_a_phrase_in_another_language_weighs_more():
    rows = scan(
        load("ai_indicators"),
        Passage(
            "example.test",
            ("text",),
            "港の祭りは金曜に始まる。\nI apologize, but I cannot translate this text.",
            "ja",
            "c-1",
        ),
    )
    assert [row["strength"] for row in rows if row["rule_id"] == "refusal-en"] == ["conclusive"]


@pytest.mark.parametrize(
    ("text", "place", "rule"),
    [
        ("东京ビルダーズ", "title", "simplified-in-japanese"),
        ("邪马台内陆部\nホーム\nニュース", "chrome", "simplified-in-japanese"),
        ("富士山時刻\nホーム", "chrome", "calque-times-masthead"),
        ("港の祭りが始まる | 富士山時刻", "title", "calque-times-masthead"),
        ("政治\n経済\n体育\n国際", "chrome", "calque-sports-section"),
        ("2024년 3월 5일", "chrome", "date-hangul"),
        ("2024年3月5日 星期二", "chrome", "date-chinese"),
    ],
)
def test_slips_of_mastheads(text, place, rule):
    assert (rule, "plain") in contexts(text, "ja", "origin_indicators", place)


@pytest.mark.parametrize(
    "text",
    [
        "主演は刘德华さんだった。",
        "监督の张艺谋氏が来日した。".replace("监督", "監督"),
        "广东省と陕西省で大雨が降った。",
        "言語: 日本語 | English | 简体中文 | 繁體中文",
        "看板には「欢迎光临」と書かれていた。",
        "簡体字では东と書く漢字である。",
    ],
)
def test_chinese_names_and_quotations_are_excused(text):
    found = contexts(text, "ja", "origin_indicators")
    assert not [row for row in found if row[1] == "plain"]


def test_ordinary_japanese_has_no_slip():
    text = (
        "髙橋さんと渡邊さんは慶應義塾大学の體育会に属し、國學院の內田先生に学ぶ。蔣介石、鄧小平、尹錫悦の名も挙がった。"
    )
    assert not [row for row in contexts(text, "ja", "origin_indicators") if row[1] == "plain"]


def test_japanese_quotation_marks_are_no_sign():
    assert contexts("市長は“開港”と「祭り」を語った。", "ja", "origin_indicators") == []
