"""Quotation marks paired: the outermost quotations of a text.

English marks are read by what stands on either side of them first, by their own direction second: papers and their
converters turn them wrongly (”It rains,” “It rains.“), write two apostrophes for a mark (''It rains,'') and an
apostrophe for a single one ('It rains,'). Other languages' marks are read by their direction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wiretrace.trace.across.languages import base_language
from wiretrace.trace.words import has_rules, languages

LONGEST = 1500  # characters of one quotation
MOST = 400  # quotations of one text
DEEPEST = 8  # marks open at once; with more the first is no quotation's
AHEAD = 8  # single marks looked at to tell a possessive from the end of a quotation
TOKEN = re.compile(r"''|``|‘‘|’’|[“”\"„‘’']")
OPENING, CLOSING, SINGLE = frozenset({"“", "„", "``", "‘‘"}), frozenset({"”", "’’"}), frozenset("‘’'")
BEFORE = "([{—–-―…/:,;“\"‘'"  # what may stand close before a mark that opens
NEVER = ",;:!?)]}"  # what no quotation begins with
# Words and years that an apostrophe begins.
ELIDED = re.compile(r"(?:tis|twas|em|til|cause|n|bout|cos|cuz|round|\d\ds?)(?!\w)", re.IGNORECASE)
STOPS = ".,!?…"
# «word» and « word » as in French, Spanish, Russian; »word« as in German and Danish.
OUTWARD, INWARD = re.compile(r"«\s?\w"), re.compile(r"»\w")
TURNED = str.maketrans("«»'’‘", "“”ʼʼʼ")
TURNED_INWARD = str.maketrans("»«'’‘", "“”ʼʼʼ")


class Marked(NamedTuple):
    """A quotation: its words are ``text[start:stop]``, with its marks it is ``text[begin:end]``."""

    begin: int
    start: int
    stop: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark and the characters beside it in its line, "" where there are none."""

    sign: str
    begin: int
    end: int
    before: str
    after: str
    elides: bool

    @property
    def single(self) -> bool:
        return self.sign in SINGLE

    @property
    def leads(self) -> bool:
        """Stands after a blank or a bracket and close before words."""
        return bool(self.after.strip()) and self.after not in NEVER and (self.before.strip() in "([{—–")

    @property
    def ends(self) -> bool:
        """Stands close behind words, and not close before others."""
        return bool(self.before.strip()) and not self.after.isalnum()

    @property
    def opens(self) -> bool:
        """Whether it opens a quotation where none is open."""
        if self.single:
            return self.sign != "’" and not self.elides and self.after.isalnum() and self.before.strip() in BEFORE
        if self.sign in OPENING:
            return bool(self.after) and not (self.ends and not self.after.strip())
        return not self.before or (
            self.before.strip() in BEFORE and bool(self.after.strip()) and self.after not in NEVER
        )

    @property
    def closes(self) -> bool:
        """Whether it closes the quotation that is open."""
        if self.single:
            return self.sign != "‘" and self.ends
        if self.sign in OPENING:
            return self.ends or not self.after
        return self.sign in CLOSING or not self.leads


def marked(text: str, language: str) -> tuple[str, list[Marked]]:
    """The outermost quotations of ``text``, in order, at most :data:`MOST`; and the text with their marks turned the
    right way (“ ”, blanks where they were wider), of the same length.
    """
    if not has_rules(language):
        return text, _outermost(text, _pairs(_doubled(text)))[:MOST]
    if base_language(language) != "en":
        return text, [Marked(max(0, a - 1), a, b, b + 1) for a, b in _directed(text, language)]
    found = _outermost(text, _pairs(text))[:MOST]
    pieces, at = [], 0
    for quote in found:
        pieces += [text[at : quote.begin], "“".ljust(quote.start - quote.begin), text[quote.start : quote.stop]]
        pieces.append("”".rjust(quote.end - quote.stop) if quote.end > quote.stop else "")
        at = quote.end
    return "".join([*pieces, text[at:]]), found


def _doubled(text: str) -> str:
    """A text in a language of which only its marks are known, with none but double marks: guillemets as such, in
    whichever direction it writes them, single marks as letters, which apostrophes are (l'eau, dell'acqua).
    """
    inward = len(INWARD.findall(text)) > len(OUTWARD.findall(text))
    return text.translate(TURNED_INWARD if inward else TURNED)


def _lines(text: str) -> list[tuple[int, list[_Mark]]]:
    """(end, marks) of the lines that hold more than blanks."""
    made, begin = [], 0
    for line in text.split("\n"):
        first, end = begin + len(line) - len(line.lstrip()), begin + len(line.rstrip())
        begin += len(line) + 1
        if first < end:
            marks = []
            for m in TOKEN.finditer(text, first, end):
                a, b = m.span()
                beside = text[a - 1] if a > first else "", text[b] if b < end else ""
                marks.append(_Mark(m.group(), a, b, *beside, bool(ELIDED.match(text, b))))
            made.append((end, marks))
    return made


def _pairs(text: str) -> list[Marked]:
    """Every pair of marks of an English text, also those within others, line by line."""
    found: list[Marked] = []
    stack: list[_Mark] = []
    taken_up = False  # this line's first quotation goes on from the line before
    lines = _lines(text)
    for number, (end, marks) in enumerate(lines):
        for place, mark in enumerate(marks):
            if not mark.single or not stack or stack[-1].single:
                _step(mark, stack, found, marks, place)
        if not stack:
            taken_up = False
            continue
        first = stack[0]
        following = lines[number + 1][1][:1] if number + 1 < len(lines) else []
        goes_on = bool(following) and _takes_up(first, following[0])
        if not goes_on and _closed_later(first, lines, number + 1):
            stack, taken_up = [first], False
            continue
        told = not first.single and text[max(0, first.begin - 3) : first.begin].rstrip().endswith(":")
        if goes_on or told or (taken_up and not first.before):
            found.append(Marked(first.begin, first.end, end, end))
        stack, taken_up = [], goes_on
    return found


def _step(mark: _Mark, stack: list[_Mark], found: list[Marked], marks: Sequence[_Mark], place: int) -> None:
    """What ``mark``, the one at ``place`` of its line, does to the open ones."""
    open_ = stack[-1] if stack and stack[-1].single == mark.single else None
    if open_ and mark.closes and not (mark.single and _possessive(open_, marks, place)):
        stack.pop()
        found.append(Marked(open_.begin, open_.end, mark.begin, mark.end))
    elif (mark.opens or (open_ and not mark.single)) and not (mark.single and stack):
        stack.append(mark)
        if len(stack) > DEEPEST:
            stack.pop(0)


def _possessive(opening: _Mark, marks: Sequence[_Mark], place: int) -> bool:
    """Whether a single mark at the end of a word within a line (the players' union, talkin' about) is an apostrophe:
    where a later one surely closes, or the quotation opens its line.
    """
    mark = marks[place]
    if mark.before not in "sn" or mark.after.strip() or not mark.after:
        return False
    for later in [m for m in marks[place + 1 : place + 1 + AHEAD] if m.single]:
        if later.opens:
            break
        if later.closes and (later.before in STOPS or later.after.strip() or not later.after):
            return True
    return not opening.before


def _takes_up(opening: _Mark, following: _Mark) -> bool:
    """Whether the mark ``following``, the first of the next line, takes an open quotation up again."""
    fits = not following.before and following.single == opening.single and following.opens
    return fits and opening.sign not in CLOSING and following.sign not in CLOSING


def _closed_later(opening: _Mark, lines: Sequence[tuple[int, list[_Mark]]], number: int) -> bool:
    """Whether the next double mark of the lines from ``number`` on closes what a double mark opened."""
    while not opening.single and number < len(lines) and lines[number][0] - opening.begin <= LONGEST:
        for mark in lines[number][1]:
            if not mark.single:
                return mark.closes and (mark.ends or mark.sign in CLOSING) and not mark.before.isdigit()
        number += 1
    return False


def _outermost(text: str, pairs: Sequence[Marked]) -> list[Marked]:
    """The pairs that are not too long and stand in no other; not apostrophes that seem to hold quotations."""
    kept: list[Marked] = []
    order = sorted((p for p in pairs if p.start < p.stop <= p.start + LONGEST), key=lambda p: (p.begin, -p.end))
    for number, pair in enumerate(order):
        if kept and pair.begin < kept[-1].end:
            continue
        holding = number + 1 < len(order) and order[number + 1].begin < pair.end
        if holding and text[pair.begin : pair.start] == "'" and text[pair.stop - 1] not in STOPS:
            continue
        kept.append(pair)
    return kept


def _directed(text: str, language: str) -> list[tuple[int, int]]:
    """Spans between the outermost marks of a language that writes no blanks around them, marks not included. A
    quotation that is taken up again in the next paragraph ends with its own.
    """
    marks = languages()[base_language(language)].marks
    found: list[tuple[int, int]] = []
    opened, closing, depth, opening = -1, "", 0, ""
    for index, c in enumerate(text):
        if opened < 0:
            if c in marks:
                opened, opening, closing, depth = index, c, marks[c], 1
            continue
        shut = c == closing or (c == "”" and opening == '"' and "“" not in text[opened:index])
        # The wrong mark, but at the end of a sentence: what opens stands before a letter.
        wrong = c == opening and text[index - 1] in ".,!?" and not text[index + 1 : index + 2].strip()
        if (shut or wrong) and not (c == "’" and text[index + 1 : index + 2].isalnum()):
            depth -= 1
            if depth == 0:
                found.append((opened + 1, index))
                opened = -1
        elif c == opening and text[opened:index].rfind("\n") >= 0 and not text[index - 1 : index].strip():
            found.append((opened + 1, text.rfind("\n", opened, index)))
            opened, depth = index, 1
        elif c == opening:
            depth += 1
        elif index - opened > LONGEST or (c == "\n" and opening == closing):
            if c == "\n" and index - opened > 20 and text[index + 1 : index + 3].lstrip().startswith(opening):
                found.append((opened + 1, index))
            opened = -1
    return [(a, b) for a, b in found if b > a][:MOST]
