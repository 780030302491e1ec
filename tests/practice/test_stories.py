"""The practice world's story files hold the format the generator relies on, and no two stories share prose."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / "workflow" / "wiretrace" / "practice" / "stories"
FILES = sorted(FOLDER.glob("*.yaml"))
LANGUAGES = ("en", "ja", "zh", "ko")
KINDS = {"commercial", "political", "honest_news", "ai_feature"}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
DATES = {"en": "14 November 2031", "ja": "2031年11月14日", "zh": "2031年11月14日", "ko": "2031년 11월 14일"}
# Characters in the filled paragraphs of one language, smallest and largest.
SIZES = {"en": (700, 1500), "ja": (350, 800), "zh": (350, 800), "ko": (400, 900)}
QUOTE_MARKS = {"en": "“”", "ja": "「」", "zh": "“”", "ko": "“”"}

Story = dict[str, Any]


def load(path: Path) -> Story:
    story = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(story, dict)
    return story


def form(item: Any, language: str) -> str:
    return item if isinstance(item, str) else str(item[language])


def filled(story: Story, text: str, language: str, pick: int) -> str:
    """`text` with item number `pick` of every slot."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name == "date":
            return DATES[language]
        if name == "domain":
            return "company.example"
        items = story["slots"][name]
        return form(items[pick % len(items)], language)

    return PLACEHOLDER.sub(value, text)


def strings(text: dict[str, Any]) -> list[str]:
    return [text["title"], text["subtitle"], *text["paragraphs"], text["about"], text["contact"]]


def sentences(text: str) -> Iterator[str]:
    """Sentences and lines with the slots blanked out, so that a template shared under other slot names is found."""
    blank = PLACEHOLDER.sub("{}", text)
    for part in re.split(r"\n|(?<=[。！？])|(?<=[.!?])\s+", blank):
        if part.strip():
            yield part.strip()


def picks(story: Story) -> range:
    return range(max(len(items) for items in story["slots"].values()))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    assert isinstance(request.param, Path)
    return request.param


@pytest.fixture
def story(path: Path) -> Story:
    return load(path)


def test_head_of_a_story(path: Path, story: Story) -> None:
    assert set(story) == {"id", "kind", "born", "slots", "texts", "quotes"}
    assert story["id"] == path.stem
    assert story["kind"] in KINDS
    assert story["texts"] and set(story["texts"]) <= set(LANGUAGES)
    assert story["born"] in story["texts"]


def test_slots_have_enough_items_in_every_language(story: Story) -> None:
    for name, items in story["slots"].items():
        assert name not in {"date", "domain"}
        assert len(items) >= 3, name
        for item in items:
            assert isinstance(item, str) or set(item) == set(story["texts"]), (name, item)
        for language in story["texts"]:
            forms = [form(item, language) for item in items]
            assert all(text.strip() and "{" not in text for text in forms), (name, language)
            assert len(set(forms)) == len(forms), (name, language)


def test_placeholders_are_defined_and_slots_are_used(story: Story) -> None:
    for language, text in story["texts"].items():
        used = {name for part in strings(text) for name in PLACEHOLDER.findall(part)}
        assert used <= set(story["slots"]) | {"date", "domain"}, language
        assert used >= set(story["slots"]) | {"date", "domain"}, language
        assert "{domain}" in text["contact"], language
        rest = PLACEHOLDER.sub("", "".join(strings(text)))
        assert "{" not in rest and "}" not in rest, language


def test_translations_are_parallel(story: Story) -> None:
    texts = list(story["texts"].values())
    assert len({len(text["paragraphs"]) for text in texts}) == 1
    assert 4 <= len(texts[0]["paragraphs"]) <= 6
    for number in range(len(texts[0]["paragraphs"])):
        lines = {text["paragraphs"][number].count("\n") for text in texts}
        assert len(lines) == 1, number


def test_every_part_is_there(story: Story) -> None:
    for language, text in story["texts"].items():
        assert set(text) == {"title", "subtitle", "paragraphs", "about", "contact"}, language
        assert all(isinstance(part, str) and part == part.strip() and part for part in strings(text)), language


def test_sizes_whatever_the_seed_picks(story: Story) -> None:
    for language, text in story["texts"].items():
        low, high = SIZES[language]
        for pick in picks(story):
            size = sum(len(filled(story, paragraph, language, pick)) for paragraph in text["paragraphs"])
            assert low <= size <= high, (language, pick, size)


def test_picks_give_different_texts(story: Story) -> None:
    for language, text in story["texts"].items():
        for number, paragraph in enumerate(text["paragraphs"][:1]):
            versions = {filled(story, paragraph, language, pick) for pick in picks(story)}
            assert len(versions) == len(picks(story)), (language, number)


def test_quotes_occur_between_quotation_marks(story: Story) -> None:
    for quote in story["quotes"]:
        assert set(quote) == {"speaker", "words"}
        assert set(PLACEHOLDER.findall(quote["speaker"])) <= set(story["slots"])
        assert set(quote["words"]) == set(story["texts"])
        for language, words in quote["words"].items():
            opening, _ = QUOTE_MARKS[language]
            for pick in picks(story):
                body = "\n".join(filled(story, part, language, pick) for part in story["texts"][language]["paragraphs"])
                said = filled(story, words, language, pick)
                assert body.count(opening + said) == 1, (language, pick)
                paragraph = next(part for part in body.split("\n") if said in part)
                assert filled(story, quote["speaker"], language, pick) in paragraph, (language, pick)


def test_quotation_marks_are_paired(story: Story) -> None:
    for language, text in story["texts"].items():
        for part in strings(text):
            for marks in ("“”", "「」", "『』", "（）"):
                assert part.count(marks[0]) == part.count(marks[1]), (language, part)


def test_chatbot_features_quote_the_chatbot() -> None:
    for story in filter(lambda story: story["kind"] == "ai_feature", map(load, FILES)):
        for language, text in story["texts"].items():
            opening, _ = QUOTE_MARKS[language]
            assert sum(part.count(opening) for part in text["paragraphs"]) >= 3, (story["id"], language)


def test_the_collection_covers_kinds_and_languages() -> None:
    stories = [load(path) for path in FILES]
    identifiers = [story["id"] for story in stories]
    assert len(set(identifiers)) == len(identifiers) >= 45
    assert {story["kind"] for story in stories} >= {"commercial", "honest_news", "ai_feature"}
    for language in LANGUAGES:
        assert sum(story["born"] == language for story in stories) >= 3, language
        assert sum(language in story["texts"] for story in stories) >= 10, language
    assert sum(bool(story["quotes"]) for story in stories) * 5 >= len(stories) * 2


def test_no_sentence_occurs_in_two_stories() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        story = load(path)
        for text in story["texts"].values():
            for part in strings(text):
                for sentence in sentences(part):
                    if len(sentence) >= 25:
                        seen[sentence].add(story["id"])
    shared = {sentence: sorted(ids) for sentence, ids in seen.items() if len(ids) > 1}
    assert shared == {}
