"""The article in the data that a page's scripts start with, for pages that show none of it themselves.

Frameworks send the state of a page as JSON: in a script element of its own, or assigned to a name of ``window``. It is
parsed as JSON alone; nothing is run, and what is no JSON is left. A state holds much that is not the page's article, so
only an object counts that bears the page's own headline or address, and only where all such objects give one text.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import islice
from typing import Any

from wiretrace import identity
from wiretrace.given import DEEPEST, json_of, nested
from wiretrace.identity import registry
from wiretrace.read import guard
from wiretrace.read.blocks import blocks_of
from wiretrace.read.markup import BEHIND, Markup, parse
from wiretrace.read.outline import outline_of
from wiretrace.read.scoring import weight
from wiretrace.read.text import squeezed, utf8

FILE = "script_data.yaml"
LONGEST = 1_000_000  # characters of one page's scripts that are read
MOST_STATES, MOST_VALUES = 10, 30_000  # states of one page, values of one state that are looked at
MOST_OWN = 10  # objects with the page's headline that are read
MOST_TEXTS, LONGEST_TEXT = 5_000, 100_000  # values of one text, characters of it
MOST_RUNS = 1_000  # runs of text that make one line
TYPES = ("type", "_type", "nodeType", "name")  # keys under which an object says what it is
NUMBERED = "__NUXT_DATA__"  # id of the script that holds Nuxt 3's state as one list of numbered values
TEASER = 80  # characters that a text shares with the beginning of another where it is that one's teaser
LEAST = 160  # weight of a text from which it is an article's
HEADLINE = 8  # characters from which a part of the page's title is a headline
# A state assigned to a name, as JSON or as a string that holds JSON.
ASSIGNED = re.compile(
    r"(?:window|self|globalThis)\s*+(?:\.\s*+[\w$]{1,60}|\[\s*+[\"'][\w$. -]{1,60}[\"']\s*+\])\s*+=\s*+"
    r"(?P<parsed>JSON\s*+\.\s*+parse\s*+\(\s*+)?(?=[{\[\"])"
)
STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
# What programs write where a value is missing; strings are matched so that none is looked into.
MISSING = re.compile(r'("(?:[^"\\]|\\.)*+")|\bundefined\b', re.DOTALL)
MARKED_UP = re.compile(r"</?[a-z][a-z0-9]{0,20}[\s/>]", re.IGNORECASE)
MARKUP_LIMITS = guard.Limits(size=LONGEST_TEXT, tags=5_000, attributes=100, depth=100)


def script_lines(page: Markup) -> list[str]:
    """Lines of the one text that the objects with the page's headline or address hold in its scripts' data; or []."""
    found: dict[str, list[str]] = {}
    own = (one for state in states(page) for one in _objects(state) if _own(page, one))
    for one in islice(own, MOST_OWN):
        lines = _body(one)
        if sum(map(weight, lines)) >= LEAST:
            found.setdefault("\n".join(lines), lines)
    texts = sorted(found, key=len, reverse=True)
    # A teaser of the article bears its headline too, and the beginning of its text.
    return found[texts[0]] if texts and all(texts[0].startswith(text[:TEASER]) for text in texts) else []


def states(page: Markup) -> list[Any]:
    """The JSON that the page's scripts hold: a whole script's, and what is assigned to a name."""
    found: list[Any] = []
    read = 0
    for script in page.every("script"):
        text = script.text or ""
        kind = script.get("type", "").lower()
        if "ld+json" in kind or not text:
            continue
        read += len(text)
        if read > LONGEST or len(found) >= MOST_STATES:
            break
        written = [text] if "json" in kind else (_value(text, match) for match in ASSIGNED.finditer(text))
        for one in written:
            try:
                state = json_of(one, strict=False)
            except ValueError:
                continue
            found.append(numbered(state) if script.get("id") == NUMBERED and isinstance(state, list) else state)
    return found[:MOST_STATES]


def numbered(values: Sequence[Any]) -> Any:
    """The state that ``values`` hold as devalue writes it: the first is the whole, each object and list names its parts
    by their numbers (https://github.com/sveltejs/devalue, read November 2026).

    Outer before inner, MOST_VALUES in all and DEEPEST levels; what is beyond, stands within itself or has no number of
    the list is None.
    """
    whole: list[Any] = [None]
    waiting: deque[tuple[Any, Any, Any, tuple[int, ...]]] = deque([(whole, 0, 0, ())])
    room = MOST_VALUES
    while waiting:
        holder, key, number, above = waiting.popleft()
        if type(number) is not int or not 0 <= number < len(values) or number in above or len(above) > DEEPEST:
            continue
        value, around = values[number], (*above, number)
        if not isinstance(value, dict | list):
            holder[key] = value
            continue
        room -= len(value)
        if room < 0:
            break
        if isinstance(value, list) and value and isinstance(value[0], str):
            # A kind and what it holds: a reactive value stands for itself, a set for a list; dates are no text.
            if value[0] != "Set":
                waiting.append((holder, key, value[1] if len(value) == 2 else None, around))
                continue
            value = value[1:]
        holder[key] = made = dict.fromkeys(value) if isinstance(value, dict) else [None] * len(value)
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        waiting.extend((made, name, part, around) for name, part in parts)
    return whole[0]


def _value(text: str, assigned: re.Match[str]) -> str:
    """The JSON that ``assigned`` assigns; '' where it does not end or is too deep."""
    start = assigned.end()
    if text[start] == '"':
        held = STRING.match(text, start) if assigned["parsed"] else None
        try:
            value = json_of(held[0], strict=False) if held else ""
        except ValueError:
            return ""
        return value if isinstance(value, str) else ""
    for end, depth in nested(text, start):
        if depth > DEEPEST:
            return ""
        if not depth:
            return MISSING.sub(lambda part: part[1] or "null", text[start:end])
    return ""


def _objects(state: Any) -> Iterator[Mapping[str, Any]]:
    """The objects in ``state``, outer before inner."""
    waiting = [state]
    for at in range(MOST_VALUES):
        if at == len(waiting):
            break
        value = waiting[at]
        if isinstance(value, dict):
            yield value
        inner = value.values() if isinstance(value, dict) else value
        waiting += [one for one in inner if isinstance(one, dict | list)] if isinstance(value, dict | list) else []


def _own(page: Markup, one: Mapping[str, Any]) -> bool:
    """Whether an object bears the page's headline or its address: itself, or in an object of its own for that."""
    inner = [value for value in one.values() if isinstance(value, dict) and len(value) <= 4]
    said = [text for part in (one, *inner) for text in part.values() if isinstance(text, str) and len(text) <= 500]
    return any(_is_headline(page, squeezed(text)) or _is_address(page, text) for text in said)


def _is_headline(page: Markup, text: str) -> bool:
    if len(text) < HEADLINE:
        return bool(text) and text == page.title
    whole = page.said("og:title", "twitter:title") or page.title
    return text in (page.title, whole) or (whole.startswith(text) and BEHIND.match(whole, len(text)) is not None)


def _is_address(page: Markup, text: str) -> bool:
    return text.startswith(("/", "http")) and len(text) > 1 and identity.canonical(text, page.base) == page.address


def _body(one: Mapping[str, Any]) -> list[str]:
    """The longest text under one of the keys that articles' texts stand under."""
    bodies = (_lines(value) for key, value in one.items() if _plain(key) in registry(FILE)["bodies"])
    return max(bodies, key=lambda lines: sum(map(len, lines)), default=[])


def _lines(value: Any) -> list[str]:
    """The lines of a text, be it a string or a tree of its paragraphs; bounded."""
    found: list[str] = []
    size = 0
    for line in islice(_told(value), MOST_TEXTS):
        size += len(line)
        if size > LONGEST_TEXT:
            break
        if line:
            found.append(line)
    return found


def _told(value: Any) -> Iterator[str]:
    """The lines of ``value`` in order, and an empty one for each value that is looked at."""
    yield ""
    if isinstance(value, str):
        yield from _shown(value)
    elif isinstance(value, list):
        for one in value:
            yield from _told(one)
    elif isinstance(value, dict):
        kind = _kind(value)
        inner = [one for key, one in value.items() if _plain(key) in registry(FILE)["texts"]]
        if any(word in kind for word in registry(FILE)["never"]):
            return
        if kind in registry(FILE)["lines"] and [type(one) for one in inner] != [str]:
            runs = list(islice(_runs(inner), MOST_RUNS))
            yield squeezed("".join(runs))
            yield from [""] * len(runs)
        else:
            yield from _told(inner)


def _runs(value: Any) -> Iterator[str]:
    """The runs of text in ``value`` that make one line."""
    if isinstance(value, str):
        lines = _shown(value)
        yield value if lines == [squeezed(value)] else " ".join(lines)
    elif isinstance(value, list):
        for one in value:
            yield from _runs(one)
    elif isinstance(value, dict) and not any(word in _kind(value) for word in registry(FILE)["never"]):
        yield from _runs([one for key, one in value.items() if _plain(key) in registry(FILE)["texts"]])


def _shown(text: str) -> list[str]:
    """The lines that ``text`` shows: markup in it is parsed as a page's is, and only what would be seen is kept."""
    text = text[:LONGEST_TEXT]
    if "&lt;" in text and not MARKED_UP.search(text):
        text = unescape(text)
    if not MARKED_UP.search(text):
        return [line for line in map(squeezed, unescape(text).split("\n")) if line]
    tree = None if guard.refusal(source := utf8(text), text, MARKUP_LIMITS) else parse(source)
    return [block.text for block in blocks_of(outline_of(tree))] if tree is not None else []


def _kind(value: Mapping[str, Any]) -> str:
    """What type an object says that it is of, as the registry writes it."""
    named = next((kind for name in TYPES if isinstance(kind := value.get(name), str)), "")
    return _plain(named.rpartition("/")[2])


def _plain(name: str) -> str:
    return "".join([letter for letter in name[:40].lower() if letter.isalpha()])
