"""The examples of every rule of the page registries run."""

import pytest

from wiretrace.read.observations import REDACTIONS, RULES, redaction, values_in
from wiretrace.read.rules import Rule, rules


@pytest.mark.parametrize("rule", [*rules("page_kinds.yaml"), *rules("volatile_lines.yaml")], ids=lambda r: r.id)
def test_page_kinds(rule: Rule) -> None:
    assert rule.matches and rule.misses and rule.source
    for text in rule.matches:
        assert rule.pattern.search(text), text
    for text in rule.misses:
        assert not rule.pattern.search(text), text


@pytest.mark.parametrize("rule", rules(REDACTIONS), ids=lambda r: r.id)
def test_redactions(rule: Rule) -> None:
    assert rule.matches and rule.misses and rule.source
    for text in rule.matches:
        assert rule.pattern.search(text), text
    for text in rule.misses:
        assert redaction(text) is None, text


@pytest.mark.parametrize("rule", rules(RULES), ids=lambda r: r.id)
def test_page_ids(rule: Rule) -> None:
    assert rule.matches and rule.misses and rule.source
    before = rule.settings.get("needs", "")
    for text, value in rule.matches.items():
        assert [v for v, _ in values_in(rule, before + " " + text if before else text)] == [value]
    for text in rule.misses:
        assert not values_in(rule, before + " " + text if before else text), text
