"""Every rule does what its examples say, and none can be made to run long."""

import re
from pathlib import Path
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
    assert len(set(rule.matches)) >= 2 and len(set(rule.misses)) >= 2
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


DOCS = Path(__file__).resolve().parents[2] / "docs/methods-indicators.md"
CATALOGUE = re.findall(
    r"\S+",
    """
MK-OAICITE MK-TURN MK-PUA MK-DAGGER MK-ATTRIB MK-GROK MK-GEMCITE MK-PPLX MK-WRITING MK-CHATML MK-CHIP URL-UTM
URL-SANDBOX HT-CHATGPT HT-CHAIN HT-GEMINI HT-DEEPSEEK HT-YUANBAO HT-DOUBAO HT-KIMI HT-CLAUDE HT-UI HT-DST
HT-GENMETA IMG-TC260 IMG-C2PA IMG-IPTC IMG-SD IMG-NAME SI SI-REFUSE SI-CUTOFF SI-POLICY XL-ASSIST AS-HEAD
AS-META AS-TAIL PR PH MD UN-VSRUN UN-TAGS UN-202F UN-ZW SL-JA-SIMP SL-JA-COMMA SL-JA-QUOTE SL-XX-HAN SL-LANG
LX-VOCAB DC CA CT
""",
)


def test_every_sign_of_the_catalogue_is_a_rule_or_a_refusal():
    rows = dict(re.findall(r"^\| ([A-Z][A-Z0-9-]+) \| (.+) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert list(rows) == CATALOGUE
    for sign, answer in rows.items():
        named = re.findall(r"`([a-z0-9-]+)`", answer)
        assert named or answer.startswith("refused: "), sign
        assert set(named) <= set(IDS), sign


def test_the_docs_name_every_rule():
    named = set(re.findall(r"`([a-z0-9-]+)`", DOCS.read_text(encoding="utf-8")))
    assert set(IDS) <= named
