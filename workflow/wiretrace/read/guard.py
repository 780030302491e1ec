"""Refusal by count before any parser sees a page: a parser that hangs cannot be trusted to say so.

The scanner is linear in the page's length. Measured on hostile pages, every stock extractor hangs on one tag with
200,000 attributes, on 500,000 unclosed elements or on 50,000 nested ones; a limit of time would make tables depend on
the machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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
INSIDE = r"(?:[^>\"'=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|[\"'=])*+"  # what a tag holds behind its name
# A comment; a tag whose content is not markup, with that content; another tag. Each part goes on where it cannot fail.
TOKEN = re.compile(
    rf"<(?=[!/a-zA-Z])(?:!--(?:[^-]++|-(?!->))*+"
    rf"|(?i:({'|'.join(RAW)}))(?=[\s/>]|\Z)({INSIDE})>?(?:[^<]++|<(?!/(?i:\1)))*+"
    rf"|(/?)([a-zA-Z][^\s/>]*+)({INSIDE})>?)"
)


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
    tags = 0
    nesting: list[str] = []
    unclosed: dict[str, int] = {}
    most = limits.attributes
    for token in TOKEN.finditer(text):
        raw, inside, close, name, rest = token.groups()
        if raw is None and name is None:
            continue  # a comment
        tags += 1
        if tags > limits.tags:
            return "tags"
        rest = inside if name is None else rest
        # n attributes take 2n characters at least.
        if len(rest) > 2 * most and _attributes(rest, most) > most:
            return "attributes"
        if name is None:
            continue
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
        elif name not in FLAT and rest[-1:] != "/":
            nesting.append(name)
            unclosed[name] = unclosed.get(name, 0) + 1
            if len(nesting) > limits.depth:
                return "depth"
    return ""


def _attributes(rest: str, enough: int) -> int:
    count = 0
    for _ in ATTRIBUTE.finditer(rest):
        count += 1
        if count > enough:
            break
    return count
