"""Sentences of the stages can be read back and told in Japanese, whatever their values."""

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace import identity
from wiretrace.sentences import PLACE, japanese, say

LOADED = identity.registry("sentences.yaml")
SENTENCES, PHRASES = LOADED["sentences"], LOADED["phrases"]
WORDS = st.text("abc 東京 (/)'-", min_size=1, max_size=12).map(lambda text: " ".join(text.split()) or "x")
SITES = st.from_regex(r"[a-z]{1,9}(-[a-z]{1,5})?\.(example|test)(/@[a-z]{1,6})?", fullmatch=True)
NUMBERS = st.integers(0, 10**7).map(lambda n: f"{n:,}") | st.floats(0, 1).map(lambda x: f"{x:.2g}")
KINDS = {
    "number": NUMBERS | st.integers(0, 100).map(lambda n: f"{n}%"),
    "site": SITES,
    "sites": st.lists(SITES, min_size=1, max_size=3).map(", ".join),
    "time": st.datetimes().map(lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ")),
    "term": st.sampled_from(["feed", "json_ld", "zh-Hans", "something_else"]),
    "words": WORDS,
    "phrase": st.sampled_from(sorted(PHRASES)),
    "phrases": st.lists(st.sampled_from(sorted(PHRASES)), min_size=1, max_size=3).map("; ".join),
    "list": st.just("contact, dateline"),
    "s": st.sampled_from(["", "s"]),
}


@given(st.data())
def test_every_sentence_can_be_read_back_with_its_values(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SENTENCES)))
    places = ["".join(found) for found in PLACE.findall(SENTENCES[name]["en"])]
    values = {place: data.draw(KINDS[place.rstrip("0123456789")]) for place in places}
    told = japanese(say(name, **values))
    assert told is not None
    for place, value in values.items():
        if place.rstrip("0123456789") in ("number", "site", "time", "words") and value:
            assert value in told


def test_a_value_may_look_like_the_words_that_follow_it() -> None:
    said = say("shared_value", phrase="a part of it may be generated (composite)", words="a", number="0")
    assert japanese(said) == "一部だけが生成のこともある（合成）（a）が同じ（ここでは0の掲載者が持つ）"


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_both_languages_tell_the_same_values(name: str) -> None:
    english, other = (
        {"".join(found) for found in PLACE.findall(SENTENCES[name][side])} - {"s"} for side in ("en", "ja")
    )
    assert english == other


def test_a_passage_is_told_sentence_by_sentence_and_part_by_part() -> None:
    star = say("star", number="97%", number2="99%")
    credit = say("credit_unread", site="wire.example")
    found = say("trace_probable", site="wire.example", phrases=f"{credit}; {star}")
    assert japanese(f"{found} {say('trace_against', phrases=star)}") == (
        "文章の出所はおそらくwire.example：記事がwire.exampleを出所と記しているが、そのリリースは保存できていない；"
        "他の写しの文章を含む割合は候補が97%、記事が99%（出所は他のすべてと最も多く重なる）。"
        "反する点：他の写しの文章を含む割合は候補が97%、記事が99%（出所は他のすべてと最も多く重なる）。"
    )


@pytest.mark.parametrize(
    "text", ["", "Nobody wrote this sentence.", "; ; ;", "x" * 10_000, "it covers nothing; " * 200]
)
def test_other_words_are_none_of_them(text: str) -> None:
    assert japanese(text) is None


def _registry_phrases() -> set[str]:
    found: set[str] = set()

    def walk(part: object) -> None:
        if isinstance(part, dict):
            if "caveat" in part and "points_to" in part:
                found.update({str(part["points_to"]), *re.split(r";\s+", str(part["caveat"]))})
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    for name in ("ai_indicators.yaml", "origin_indicators.yaml"):
        walk(identity.registry(name))
    for name, columns in (("observation_kinds.csv", ("words", "accident", "family")), ("background.csv", ("reason",))):
        with open(identity.REGISTRY / name, encoding="utf-8", newline="") as stream:
            found |= {row[column] for row in csv.DictReader(stream) for column in columns}
    return found - {""}


def test_what_the_registries_say_can_be_told_in_japanese() -> None:
    assert sorted(words for words in _registry_phrases() if japanese(words) is None) == []
