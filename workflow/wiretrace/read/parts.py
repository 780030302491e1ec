"""Parts of a press release in an article's text: credit, dateline, boilerplate, contact, disclaimer, number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wiretrace.read.rules import Rule, group, rules

RULES = "release_parts.yaml"
LINE_LIMIT = 2_000  # characters of a paragraph that the rules look at
NAME_LIMIT = 80
SUBHEAD, SUBHEADS = 300, 3  # characters of a sub-head's paragraph; paragraphs of a sub-head
ENDINGS = ("boilerplate", "contact", "disclaimer", "credit")
BESIDE = ("also", "only")  # a rule's `beside`: it is tried on what stands beside the text as well, or there alone ...
BESIDE_LINE, HEAD_LINES = 200, 3  # ... in lines of so many characters; and on the text's first, which may be such lines
# Words that a rule's name may begin with although they belong to the sentence around it.
LEADING = ("以下は", "本記事は", "この記事は", "本稿は", "아래 내용은 ")


@dataclass(frozen=True)
class Part:
    """One part: its kind, span in the text, the source it names and the rule that found it."""

    kind: str
    start: int
    end: int
    names: str
    rule_id: str


def parts_of(text: str) -> list[Part]:
    """The parts of ``text`` (one paragraph a line) in order; of one kind that overlap, the first to begin counts."""
    found: list[Part] = []
    lines = list(_lines(text))
    for index, (start, line) in enumerate(lines):
        cut = line[:LINE_LIMIT]
        for rule in rules(RULES):
            if rule.settings.get("beside") == "only" and (index >= HEAD_LINES or len(line) > BESIDE_LINE):
                continue
            late = len(lines) - index <= rule.settings.get("tail", len(lines))
            match = rule.find(cut) if late else None
            if match:
                whole = rule.kind in ("boilerplate", "contact", "disclaimer")
                end = _end(lines, index, rule) if whole else start + match.end()
                name = credit_name(match) if rule.kind in ("credit", "boilerplate") else ""
                found.append(Part(rule.kind, start if whole else start + match.start(), end, name, rule.id))
    return _apart(found)


def is_release(parts: Sequence[Part]) -> bool:
    """Whether ``parts`` make their text look like a press release: one strong mark, or weak ones of two kinds."""
    strength = {rule.id: rule.strength for rule in rules(RULES)}
    told = [p for p in parts if strength[p.rule_id] != "none"]
    return any(strength[p.rule_id] == "strong" for p in told) or len({p.kind for p in told}) >= 2


def structure_of(text: str, parts: Sequence[Part]) -> list[Part]:
    """Sub-head and body of a release: the short paragraphs before its dateline, and all from there to its first ending.

    An ending is a boilerplate, contact, disclaimer or credit paragraph. [] where ``text`` has no dateline to part them.
    """
    dateline = next((part for part in parts if part.kind == "dateline"), None)
    if not dateline:
        return []
    endings = [part.start for part in parts if part.kind in ENDINGS and part.start >= dateline.end]
    end = len(text[: min(endings, default=len(text))].rstrip())
    found = [Part("body", dateline.start, end, "", "structure")] if end > dateline.end else []
    above = text[: dateline.start].rstrip("\n")
    if above and above.count("\n") < SUBHEADS and all(len(line) <= SUBHEAD for line in above.split("\n")):
        found.insert(0, Part("subhead", 0, len(above), "", "structure"))
    return found


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _end(lines: Sequence[tuple[int, str]], index: int, rule: Rule) -> int:
    """End of a part that takes in the paragraphs after its heading; a heading that says all itself takes none."""
    start, heading = lines[index]
    end = start + len(heading)
    for start, line in lines[index + 1 : index + 1 + rule.settings.get("extends", 0)]:
        opened = any(other.find(line[:LINE_LIMIT]) for other in rules(RULES))
        if len(heading) > NAME_LIMIT or len(line) > rule.settings.get("short", 0) or opened:
            break
        end = start + len(line)
    return end


def credit_name(match: re.Match[str]) -> str:
    """The name in what a rule matched, without the words and marks around it."""
    name = group(match, "name")
    for word in LEADING:
        name = name.removeprefix(word)
    return name.strip(" 　.:：-–—/\"'「」『』")[:NAME_LIMIT]


def _apart(found: list[Part]) -> list[Part]:
    """``found`` without a part that overlaps an earlier one of its kind."""
    kept: list[Part] = []
    for part in sorted(found, key=lambda p: (p.start, -p.end, p.rule_id)):
        if not any(k.kind == part.kind and part.start < k.end and k.start < part.end for k in kept):
            kept.append(part)
    return kept
