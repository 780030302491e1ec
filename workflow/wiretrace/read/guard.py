"""Refusal by count before any parser sees a page: a parser that hangs cannot be trusted to say so.

The scanner is linear in the page's length. Measured on hostile pages, every stock extractor hangs on one tag with
200,000 attributes, on 500,000 unclosed elements or on 50,000 nested ones; a limit of time would make tables depend on
the machine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wiretrace.read.kernels import tags


@dataclass(frozen=True)
class Limits:
    """Counts above which a page is refused: bytes, tags, attributes of one tag, nesting."""

    size: int
    tags: int
    attributes: int
    depth: int


VERDICTS = {tags.FINE: "", tags.TAGS: "tags", tags.ATTRIBUTES: "attributes", tags.DEPTH: "depth"}


def refusal(source: bytes, text: str, limits: Limits) -> str:
    """'' where the page may be parsed, else the limit that it breaks: bytes, tags, attributes, depth.

    ``source``: its ``text`` in UTF-8, which may be longer than the page's own bytes and is not counted.
    """
    if len(text) > limits.size:
        return "bytes"
    page = np.frombuffer(source, np.uint8)
    found = tags.verdict(page, source.rfind(b'"'), source.rfind(b"'"), limits.tags, limits.attributes, limits.depth)
    return VERDICTS[found]
