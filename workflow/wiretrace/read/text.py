"""Text as every table of this stage writes it."""

from __future__ import annotations

import re
import unicodedata

from wiretrace.schema import clean

SPACES = re.compile(r"[\s\u200b\ufeff]+")


def squeezed(text: str) -> str:
    """``text`` in NFC on one line, runs of white space as one space, control characters gone."""
    joined = " ".join(text.split())
    if not joined.isprintable():  # rare: control and format characters, lone surrogates
        joined = SPACES.sub(" ", clean(text)).strip()
    return joined if joined.isascii() else unicodedata.normalize("NFC", joined)
