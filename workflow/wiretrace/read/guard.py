"""Refusal by count before any parser sees a page: a parser that hangs cannot be trusted to say so.

The scanner is linear in the page's length. Measured on hostile pages, every stock extractor hangs on one tag with
200,000 attributes, on 500,000 unclosed elements or on 50,000 nested ones; a limit of time would make tables depend on
the machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

TAG = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*+)((?:[^>\"'=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|[\"'=])*+)>?)")
ATTRIBUTE = re.compile(r"[^\s=>/]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?")
# Elements whose content is not markup (HTML standard, section 13.2.5.2 onwards).
RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
VOID = frozenset(
    [
        "area",
        "base",
        "basefont",
        "bgsound",
        "br",
        "col",
        "command",
        "embed",
        "frame",
        "hr",
        "img",
        "input",
        "keygen",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
# Elements that a parser closes by itself before their next sibling.
SELF_CLOSING = frozenset(
    [
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "rp",
        "rt",
        "html",
        "head",
        "body",
    ]
)


FLAT = VOID | SELF_CLOSING


@dataclass(frozen=True)
class Limits:
    """Counts above which a page is refused: bytes, tags, attributes of one tag, nesting."""

    size: int
    tags: int
    attributes: int
    depth: int


def refusal(body: bytes, text: str, limits: Limits) -> str:
    """'' where the page may be parsed, else the limit that it breaks: bytes, tags, attributes, depth."""
    if len(body) > limits.size or len(text) > limits.size:
        return "bytes"
    tags, position = 0, 0
    nesting: list[str] = []
    unclosed: dict[str, int] = {}
    search, most_attributes = TAG.search, limits.attributes
    while found := search(text, position):
        position = found.end()
        close, name, rest = found.group(2, 3, 4)
        if name is None:
            end = text.find("-->", position)
            if end < 0:
                return ""
            position = end + 3
            continue
        tags += 1
        if tags > limits.tags:
            return "tags"
        # n attributes take 2n characters at least.
        if len(rest) > 2 * most_attributes and _attributes(rest, most_attributes) > most_attributes:
            return "attributes"
        name = name.lower()
        if close:
            if nesting and nesting[-1] == name:
                nesting.pop()
                unclosed[name] -= 1
                continue
            # A closing tag closes what is open inside its element; one that closes nothing is dropped.
            while unclosed.get(name):
                inner = nesting.pop()
                unclosed[inner] -= 1
                if inner == name:
                    break
        elif name in FLAT:
            continue
        elif name in RAW:
            position = _end_of(name, text, position)
        elif not rest.endswith("/"):
            nesting.append(name)
            unclosed[name] = unclosed.get(name, 0) + 1
            if len(nesting) > limits.depth:
                return "depth"
    return ""


def _end_of(name: str, text: str, position: int) -> int:
    """Where the content of the element ``name`` that begins at ``position`` ends."""
    while (position := text.find("</", position)) >= 0:
        if text[position + 2 : position + 2 + len(name)].lower() == name:
            return position
        position += 2
    return len(text)


def _attributes(rest: str, enough: int) -> int:
    count = 0
    for _ in ATTRIBUTE.finditer(rest):
        count += 1
        if count > enough:
            break
    return count
