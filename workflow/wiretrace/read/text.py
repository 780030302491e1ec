"""Text as every table of this stage writes it."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from functools import cache
from typing import Any

from wiretrace.schema import clean

# Levels of nesting above which JSON is not read. Python's own limit counts from wherever it is called, so that the same
# bytes would be read or not by how deep the caller stands.
DEEPEST = 100
NESTING = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
SHORT = 300  # characters of a text whose combining marks need no counting
SPACES = re.compile(r"[\s\u200b\ufeff]+")


def squeezed(text: str) -> str:
    """``text`` in NFC on one line, runs of white space as one space, control characters gone."""
    joined = " ".join(text.split())
    if not joined.isprintable():  # rare: control and format characters, lone surrogates
        joined = SPACES.sub(" ", clean(text)).strip()
    return nfc(joined)


def nfc(text: str) -> str:
    """``text`` in NFC; of more than 30 combining marks in a row, which no language writes, the first 30 are kept.

    Sorting a run of marks takes time by the square of its length. The limit is that of the Stream-Safe Text Format,
    Unicode Standard Annex 15 (https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format).
    """
    if text.isascii():
        return text
    if len(text) > SHORT:
        text = _marks().sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


@cache
def _marks() -> re.Pattern[str]:
    """Runs of more than 30 characters that Unicode gives a combining class."""
    marks = "".join(chr(code) for code in range(0x300, sys.maxunicode) if unicodedata.combining(chr(code)))
    return re.compile(f"([{marks}]{{30}})[{marks}]+")


def json_of(text: str | bytes, *, strict: bool = True) -> Any:
    """The value that ``text`` holds as JSON; ``strict`` as in ``json.loads``.

    Raises:
        ValueError: it is no JSON, or nested more than 100 deep.
    """
    if isinstance(text, bytes):
        text = text.decode(json.detect_encoding(text), "replace")
    if text.count("[") + text.count("{") > DEEPEST:
        depth = 0
        for found in NESTING.finditer(text):
            depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
            if depth > DEEPEST:
                raise ValueError(f"nested more than {DEEPEST} deep")
    return json.loads(text.removeprefix("\ufeff"), strict=strict)
