"""The examples of every rule of the page registries run."""

import pytest

from wiretrace.read.observations import REDACTIONS, redaction
from wiretrace.read.page_rules import RULES, source_hits, text_hits
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
        assert _found(rule, f"{before} {text}" if before else text) == [value]
    for text in rule.misses:
        assert not _found(rule, f"{before} {text}" if before else text), text


def _found(rule: Rule, text: str) -> list[str]:
    if rule.settings["where"] == "imprint":
        return [hit.value for one, hit in text_hits(text) if one.id == rule.id]
    # The places are found by the literals, however much stands around them.
    around = "<p>x</p>\n" * 300
    found = [(hit.value, hit.start) for one, hit in source_hits(text) if one.id == rule.id]
    moved = [
        (hit.value, hit.start - len(around)) for one, hit in source_hits(around + text + around) if one.id == rule.id
    ]
    assert moved == found
    return [value for value, _ in found]
