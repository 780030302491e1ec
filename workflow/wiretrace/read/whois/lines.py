"""The lines of a WHOIS answer: label, value, how far indented, where in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wiretrace.read.whois import labels

LIMIT = 60_000  # characters of an answer that are read
LINES = 2_000
LONGEST = 1_000  # characters of a line that are read
PAIR = re.compile(r"(?P<label>[^:：\n]{1,160}?)[ .\t]{0,40}[:：](?P<value>[^\n]*)")
BRACKET = re.compile(r"(?:[a-z]\.\s?)?\[(?P<label>[^\]\n]{1,40})\](?P<value>[^\n]*)")
GAP = re.compile(r"(?P<label>\S[^\t\n]{1,60}?)(?:\t|[ ]{3})(?P<value>[^\n]*)")
COMMENT = re.compile(r"[%#;>]+")
STARS = re.compile(r"[*\-]{1,3}\s+")
# "Record expires on 2020-05-23": words and then a day.
PHRASE = re.compile(r"(?P<label>[A-Za-z][A-Za-z ]{4,40}?)\s+(?P<value>(?:[A-Z][a-z]{2},? ){0,2}[^\s]*\d[^\n]*)")


@dataclass(frozen=True)
class Line:
    """One line; ``at`` is where its value begins in the text, ``label`` is '' where the line is only text."""

    indent: int
    label: str
    value: str
    at: int
    text: str


def lines_of(text: str) -> Iterator[Line]:
    """The lines of ``text``, blank ones as empty; comments are kept only where they are the title of a part."""
    position = 0
    for raw in text[:LIMIT].split("\n")[:LINES]:
        yield _line(raw[:LONGEST].rstrip("\r"), position)
        position += len(raw) + 1


def _line(raw: str, position: int) -> Line:
    bare = raw.strip()
    if not bare:
        return Line(0, "", "", position, "")
    indent = len(raw) - len(raw.lstrip())
    comment = COMMENT.match(bare)
    if comment:
        # Some registries put the titles of parts into comments.
        title = bare[comment.end() :].strip().rstrip(":")
        section = labels.section_of(title) if len(title) < 40 else ""
        return Line(indent, title if section else "", "", position, "" if section else "#")
    stars = STARS.match(bare)
    start = raw.index(bare) + (stars.end() if stars else 0)
    bare = raw[start:].rstrip()
    return _pair(bare, indent, position + start) or Line(indent, "", bare, position + start, bare)


def _pair(bare: str, indent: int, position: int) -> Line | None:
    """``Label: value``, ``[Label] value``, or two columns where the first is a known label."""
    pair = next((m for pattern in (BRACKET, PAIR) if (m := pattern.match(bare)) and m["label"].strip(" .*")), None)
    if pair and pair["value"].startswith("//"):
        pair = None
    if pair and labels.known(pair["label"]):
        return _made(pair, indent, position, bare)
    for pattern in (GAP, PHRASE):
        match = pattern.match(bare)
        if match and (labels.field_of(match["label"]) or (pattern is GAP and labels.section_of(match["label"]))):
            return _made(match, indent, position, bare)
    if len(bare) < 60 and labels.section_of(bare):
        return Line(indent, bare, "", position + len(bare), bare)
    return _made(pair, indent, position, bare) if pair else None


def _made(match: re.Match[str], indent: int, position: int, bare: str) -> Line:
    value = match["value"]
    lead = len(value) - len(value.lstrip())
    return Line(indent, match["label"].strip(), value.strip(), position + match.start("value") + lead, bare)
