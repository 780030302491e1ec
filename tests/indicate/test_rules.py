"""Every rule does what its examples say, and none can be made to run long."""

import re
from re import _parser as sre  # type: ignore[attr-defined]
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.indicate import rules, scan
from wiretrace.indicate.passages import Passage
from wiretrace.schema import clean

REGISTRIES = ("ai_indicators", "origin_indicators")
ALL = [(name, rule) for name in REGISTRIES for rule in rules.load(name).rules]
IDS = [rule.id for _, rule in ALL]


def language_of(rule):
    """A language of text that the rule judges."""
    if rule.only_in:
        return rule.only_in[0]
    return "en" if rule.not_in or rule.languages == ("any",) else rule.languages[0]


def hits(name, rule, text, place):
    return [h for h in rules.load(name).hits(text, (place,), language_of(rule)) if h.rule is rule]


@pytest.mark.parametrize(("name", "rule"), ALL, ids=IDS)
def test_examples(name, rule):
    assert rule.matches and rule.misses
    for place in rule.places:
        for text in rule.matches:
            if place == rule.places[0] or place not in ("link", "markup", "metadata", "image"):
                assert hits(name, rule, text, place), f"does not match {text!r}"
        for text in rule.misses:
            assert not hits(name, rule, text, place), f"matches {text!r}"


@pytest.mark.parametrize(("name", "rule"), ALL, ids=IDS)
def test_rules_say_what_they_rest_on(name, rule):
    assert urlsplit(rule.source).scheme == "https"
    assert rule.caveat and rule.points_to and rule.family
    assert not rule.foreign or rule.languages != ("any",)


def unbounded(parsed):
    """Repetitions without an end that the engine may try in more than one way."""
    for operator, value in parsed:
        if operator in (sre.MAX_REPEAT, sre.MIN_REPEAT) and value[1] == sre.MAXREPEAT:
            yield operator
        parts = value if isinstance(value, (tuple, list)) else (value,)
        for part in parts:
            for inner in part if isinstance(part, list) else (part,):
                if isinstance(inner, sre.SubPattern):
                    yield from unbounded(inner)


@pytest.mark.parametrize(("name", "rule"), [x for x in ALL if x[1].pattern], ids=[r.id for _, r in ALL if r.pattern])
def test_no_repetition_is_unbounded(name, rule):
    assert not list(unbounded(sre.parse(re.sub(r"\\p\{\w+\}", r"\\w", rule.pattern.pattern))))


def hostile():
    """Texts of some 60,000 characters made of what patterns are made of."""
    pieces = [literal for _, rule in ALL for literal in rule.find]
    yield "".join(pieces) * 8
    yield " ".join(pieces) * 6
    yield "<" * 60_000
    yield "<p " + "data-start='1' " * 4_000
    yield "<meta name='generator' content='" * 2_000
    yield "parameters: Steps: 20, " * 3_000
    yield "here is the a an one your " * 2_500
    yield "I cannot the any your request or " * 2_000
    yield "为您抱歉，无法" * 8_000
    yield "东あ、，" * 15_000
    yield "“" * 60_000
    yield "** " * 20_000
    yield "'a " * 20_000


@pytest.mark.parametrize("text", list(hostile()), ids=lambda text: text[:12].encode("unicode_escape").decode())
def test_hostile_text_gives_few_rows(text):
    for name in REGISTRIES:
        for places in (("text",), ("chrome",), ("link", "markup", "metadata"), ("image",)):
            rows = scan(rules.load(name), Passage("example.test", places, text, "ja", "c-1", "a-1", "v-1", text))
            assert len(rows) <= rules.MOST_HITS * len(rules.load(name).rules)


FRAGMENTS = [example for _, rule in ALL for example in (*rule.matches, *rule.misses)]
texts = st.lists(
    st.one_of(
        st.sampled_from(FRAGMENTS),
        st.text(max_size=12),
        st.sampled_from(["“", "”", "「", "」", '"', "'", "`", "\n", "İ", "ﬁ"]),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(texts, st.sampled_from(["ja", "en", "zh-Hans", "ko", ""]), st.sampled_from(rules.PLACES))
def test_rows_name_the_exact_words(text, language, place):
    for name in REGISTRIES:
        for row in scan(rules.load(name), Passage("example.test", (place,), text, language, "c-1", body=text)):
            assert 0 <= row["start"] < row["end"] <= len(text)
            assert row["excerpt"] == clean(text[row["start"] : row["end"]])
            assert row["counts"] == (row["context"] == "plain")
            assert bool(row["reason"]) != row["counts"]
