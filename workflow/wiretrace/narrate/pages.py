"""Captured pages as plain text with the cited words marked: read from the archive, never run, never loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from markupsafe import Markup, escape

from wiretrace import evidence
from wiretrace.errors import UserError
from wiretrace.narrate.version import Version
from wiretrace.publish.rows import Record
from wiretrace.schema import clean

# Bounds on what one page may cost: bytes read, characters shown whole, characters around a mark, marks of one phrase.
MOST_BYTES, WHOLE, AROUND, MOST_MARKS = 5_000_000, 20_000, 1_200, 20
SNIPPET = 90
LONGEST_VALUE = 200  # letters and digits of a value that are looked for in the words around it
UNSEEN = ("script", "style", "noscript", "template", "svg")
# A bidirectional override could make the reader see other words than there are; it is shown by its name.
BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Shown:
    """A captured page as it is shown: its text and its source, each with the spans of the cited words."""

    text: Markup
    source: Markup
    missing: tuple[str, ...]
    at_hand: bool


def visible(text: str) -> str:
    """``text`` without control characters; marks that turn the direction of writing are shown by their code."""
    return BIDI.sub(lambda found: f"[U+{ord(found[0]):04X}]", clean(text))


@dataclass(frozen=True)
class Captured:
    """What a capture holds: its plain text, and for a page that could be read its source."""

    text: str
    source: str
    at_hand: bool


def captured(version: Version, archive: Path, capture: Record) -> Captured:
    """What the archive holds of a capture; what the tables keep of it where the archive is gone."""
    try:
        opened = evidence.open_capture(archive, capture)
    except (UserError, ValueError, OSError, EOFError):
        return Captured(_kept(version, capture), "", False)
    page = version.pages.get(capture["capture_id"], {})
    source = _decode(opened.body[:MOST_BYTES], str(page.get("encoding") or ""))
    if capture["kind"] not in ("http", "browser") or not page or page["refused"] or page["kind"] == "unreadable":
        return Captured(visible(source), "", True)
    return Captured(_plain(source), visible(source), True)


def _kept(version: Version, capture: Record) -> str:
    """What the tables keep of a capture whose archive is gone."""
    texts = version.texts_of.get(capture["capture_id"], [])
    return visible("\n".join(version.versions[text]["text"] for text in texts))


def _decode(body: bytes, encoding: str) -> str:
    for name in (encoding, "utf-8", "iso-2022-jp"):
        try:
            return body.decode(name) if name else body.decode()
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")


def _plain(source: str) -> str:
    """The words of a page, one block a line; scripts and styles left out."""
    soup = BeautifulSoup(source, "lxml")
    for tag in soup.find_all(UNSEEN):
        tag.decompose()
    lines = (" ".join(line.split()) for line in soup.get_text("\n").split("\n"))
    return visible("\n".join(line for line in lines if line))


@dataclass(frozen=True, order=True)
class Cited:
    """Words that a claim cites, and the part of them that counts: the value itself; empty: all of them."""

    words: str
    core: str = ""


def cited(row: Record, value: str = "") -> Cited:
    """What a row of evidence cites; of words around a ``value`` the value, as it is written there.

    An observation keeps the words around its value, and the value in the form in which it is compared: a telephone
    number without its spaces. In the words it is what has the same letters and digits, nearest to the middle.
    """
    words, core = row["excerpt"], ""
    letters = [re.escape(letter) for letter in value if letter.isalnum()]
    if 3 <= len(letters) <= LONGEST_VALUE and len(value) < len(words):
        found = re.finditer(r"[\W_]{0,3}".join(letters), words, re.IGNORECASE)
        middle = len(words) / 2
        nearest = min(found, key=lambda hit: abs(sum(hit.span()) / 2 - middle), default=None)
        core = nearest[0] if nearest else ""
    return Cited(words, core)


def pattern(phrase: Cited) -> re.Pattern[str] | None:
    """What finds ``phrase`` in a text whatever the white space between its words; None for words that are none.

    The first group is what counts.
    """
    words = visible(phrase.words)
    core = visible(phrase.core) or words
    if not core.strip():
        return None
    before, _, after = words.partition(core)
    parts = [r"\s*".join(re.escape(part) for part in piece.split()) for piece in (before, core, after)]
    parts[1] = f"({parts[1]})"
    return re.compile(r"\s*".join(part for part in parts if part))


def spans(text: str, phrases: Iterable[Cited]) -> list[tuple[int, int]]:
    """Where what counts of the phrases stands in ``text``, in order, overlapping ones as one."""
    found: list[tuple[int, int]] = []
    for phrase in phrases:
        wanted = pattern(phrase)
        if wanted:
            hits = (hit.span(1) for hit in wanted.finditer(text))
            found += [span for span, _ in zip(hits, range(MOST_MARKS), strict=False)]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def marked(text: str, phrases: Sequence[Cited], whole: int = WHOLE, around: int = AROUND) -> Markup:
    """``text`` escaped, the phrases in <mark>; a long text is cut to what stands around them."""
    places = spans(text, phrases)
    if len(text) <= whole:
        windows = [(0, len(text))]
    else:
        windows = []
        for start, end in places or [(0, 0)]:
            low, high = max(0, start - around), min(len(text), end + around)
            if windows and low <= windows[-1][1]:
                windows[-1] = (windows[-1][0], high)
            else:
                windows.append((low, high))
    gap = Markup('<span class="gap">[…]</span>')
    parts = [_window(text, low, high, places) for low, high in windows]
    body = gap.join(parts)
    before = gap if windows and windows[0][0] > 0 else Markup()
    after = gap if windows and windows[-1][1] < len(text) else Markup()
    return before + body + after


def _window(text: str, low: int, high: int, places: Sequence[tuple[int, int]]) -> Markup:
    out, at = Markup(), low
    for start, end in places:
        if start >= low and end <= high:
            out += escape(text[at:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
            at = end
    return out + escape(text[at:high])


def show(text: str, source: str, phrases: Sequence[Cited], at_hand: bool) -> Shown:
    """Sort the phrases into those found in the text, those found in the source alone, and those found in neither."""
    in_text = [p for p in phrases if spans(text, [p])]
    in_source = [p for p in phrases if p not in in_text and source and spans(source, [p])]
    missing = tuple(visible(p.words) for p in phrases if p not in in_text and p not in in_source and p.words.strip())
    shown = marked(source, in_source, whole=0, around=300) if in_source else Markup()
    body = marked(text, in_text)
    # The first mark is where a link to this page leads.
    first = Markup('<mark id="marked">')
    if "<mark>" in body:
        body = body.replace(Markup("<mark>"), first, 1)
    else:
        shown = shown.replace(Markup("<mark>"), first, 1)
    return Shown(body, shown, missing, at_hand)


def snippet(text: str, phrase: Cited) -> Markup:
    """What stands around the first place of ``phrase`` in ``text``, marked; where there is none, the phrase alone."""
    places = spans(text, [phrase])
    if not places:
        text = visible(phrase.words)
        places = spans(text, [phrase])
        return _window(text, 0, len(text), places) if places else Markup()
    start, end = places[0]
    low, high = max(0, start - SNIPPET), min(len(text), end + SNIPPET)
    lead = Markup("…") if low else Markup()
    tail = Markup("…") if high < len(text) else Markup()
    return lead + _window(text, low, high, places[:1]) + tail
