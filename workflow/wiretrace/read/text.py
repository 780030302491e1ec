"""Text as every table of this stage writes it."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from itertools import islice

from lxml.html import HtmlElement

from wiretrace.schema import clean

MOST_WORDS, MOST_PIECES = 10_000, 1_000  # of one element that is read as a label
SHORT = 300  # characters of a text whose combining marks need no counting
# More than 30 characters in a row that are not of scripts which need no marks: only such a run can be one of marks.
DENSE = re.compile(r"[^\x00-\u02ff\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff\uac00-\ud7a3]{31}")
SPACES = re.compile(r"[\s\u200b\ufeff]+")


def utf8(text: str) -> bytes:
    """``text`` in UTF-8, a question mark for each half of a surrogate pair."""
    return text.encode("utf-8", "replace")


def squeezed(text: str) -> str:
    """``text`` in NFC on one line, runs of white space as one space, control characters gone."""
    joined = " ".join(text.split())
    if joined.isascii() and joined.isprintable():
        return joined
    if not joined.isprintable():  # rare: control and format characters, lone surrogates
        joined = SPACES.sub(" ", clean(text)).strip()
    return nfc(joined)


def words_of(element: HtmlElement) -> str:
    """The text of ``element`` and all in it, squeezed: a heading, a label, a link's words. Comments are no text, and no
    page's tree has any.

    Of more than ``MOST_WORDS`` characters or ``MOST_PIECES`` pieces the first: hundreds of headings that stand one in
    the other would each be read to the end of the page.
    """
    inside = len(element)
    text = element.text or ""
    if inside == 1 and not len(inner := element[0]):  # as most that have any: a link around a span
        text = f"{text}{inner.text or ''}{inner.tail or ''}"
    elif inside:
        text = "".join(islice(element.itertext(), MOST_PIECES))
    return squeezed(text[:MOST_WORDS])


def nfc(text: str) -> str:
    """``text`` in NFC; of more than 30 combining marks in a row, which no language writes, the first 30 are kept.

    Sorting a run of marks takes time by the square of its length. The limit is that of the Stream-Safe Text Format,
    Unicode Standard Annex 15 (https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format).
    """
    if text.isascii():
        return text
    if len(text) > SHORT and DENSE.search(text):
        text = _marks().sub(r"\1", text)
    return unicodedata.normalize("NFC", text)


@cache
def _marks() -> re.Pattern[str]:
    """Runs of more than 30 characters that Unicode gives a combining class."""
    marks = "".join(chr(code) for code in range(0x300, sys.maxunicode) if unicodedata.combining(chr(code)))
    return re.compile(f"([{marks}]{{30}})[{marks}]+")
