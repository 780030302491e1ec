"""The texts of one article over time, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel, LCSseq

from wiretrace import identity
from wiretrace.read.pages import Page
from wiretrace.read.rules import rules
from wiretrace.read.times import spoken_time

VOLATILE = "volatile_lines.yaml"
VOLATILE_LINE = 60  # characters of a line that can be one
# Characters of a text up to which two texts are compared one by one; above, line by line.
COMPARED = 100_000
WORDS = 4_000  # lines of a text, words of a changed passage, up to which they are compared one by one
MOST_SPANS = 200  # spans told of one change; the last takes in the rest
NEAR = 2  # characters between two spans that are told as one
WORD = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]|[^\W\u3040-\u9fff\uac00-\ud7af]+|\s+|.", re.DOTALL)
ENDED = ("deleted", "redirected", "parked", "unreachable")


@dataclass(frozen=True, order=True)
class Look:
    """What one look at an address found (live, deleted, redirected, parked, unreachable) and how, in order of time."""

    time: str
    capture_id: str
    found: str
    how: str = ""


@dataclass
class Version:
    """One text of an article with the captures that show it."""

    title: str
    text: str
    pages: list[Page] = field(default_factory=list)

    @property
    def first(self) -> str:
        """Time of the first capture with this text; '' for an imported one."""
        return min((page.time for page in self.pages), default="")

    @property
    def last(self) -> str:
        """Time of the last capture with this text."""
        return max((page.time for page in self.pages), default="")

    @property
    def capture_id(self) -> str:
        """First capture with this text, a capture of our own before an archive's of the same time."""
        shown = self._shown
        return str(shown.capture["capture_id"]) if shown else ""

    @property
    def method(self) -> str:
        """How the text was cut out of that capture's page; given for an imported one."""
        return self._shown.content.article.method if self._shown else "given"

    @property
    def _shown(self) -> Page | None:
        return min(self.pages, key=lambda p: (p.time, p.archived, p.capture["capture_id"]), default=None)


def versions_of(pages: Sequence[Page]) -> list[Version]:
    """Distinct texts among the captures of one article, in the order in which they were first seen.

    Texts that differ only in lines that change by themselves (see `essence`) are one. A capture that was cut off shows
    no other text than the whole one whose beginning it has; where every capture was cut off, the longest counts.
    """
    whole = [page for page in pages if not page.capture["truncated"]]
    cut = [page for page in pages if page.capture["truncated"]]
    if not whole and cut:
        whole = [max(cut, key=lambda p: len(p.content.article.text))]
        cut = [page for page in cut if page is not whole[0]]
    found: dict[tuple[str, str], Version] = {}
    for page in whole:
        article = page.content.article
        key = essence(article.title), essence(article.text)
        found.setdefault(key, Version(article.title, article.text)).pages.append(page)
    for page in cut:
        begun = essence(page.content.article.text)
        held = [version for (_, text), version in found.items() if begun and text.startswith(begun)]
        if len(held) == 1:
            held[0].pages.append(page)
    for version in found.values():
        version.pages.sort(key=lambda p: (p.time, str(p.capture["capture_id"])))
    return sorted(found.values(), key=lambda v: (v.first, v.last, v.title, v.text))


def essence(text: str) -> str:
    """``text`` without what changes by itself: lines of a date, counter or advertisement; white space."""
    kept = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in kept if line and not _volatile(line))


def _volatile(line: str) -> bool:
    short = len(line) <= VOLATILE_LINE
    return short and (spoken_time(line) or any(rule.pattern.search(line) for rule in rules(VOLATILE)))


@dataclass(frozen=True)
class Span:
    """What changed in one place: where it stood before, where it stands now, in characters."""

    start_before: int
    end_before: int
    start: int
    end: int


def spans(before: str, after: str) -> list[Span]:
    """Where ``after`` differs from ``before``, in order: whole lines first, word by word within those that changed.

    At most 200 spans; the last takes in all that follows. Outside the spans both texts are the same.
    """
    found: list[Span] = []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for passage in _changed(old, new):
        left = before[passage.start_before : passage.end_before]
        right = after[passage.start : passage.end]
        words = WORD.findall(left), WORD.findall(right)
        for span in _changed(*words):
            moved = Span(
                passage.start_before + span.start_before,
                passage.start_before + span.end_before,
                passage.start + span.start,
                passage.start + span.end,
            )
            if found and moved.start - found[-1].end <= NEAR and moved.start_before - found[-1].end_before <= NEAR:
                moved = Span(found[-1].start_before, moved.end_before, found[-1].start, moved.end)
                found.pop()
            found.append(moved)
    if len(found) > MOST_SPANS:
        first, last = found[MOST_SPANS - 1], found[-1]
        found[MOST_SPANS - 1 :] = [Span(first.start_before, last.end_before, first.start, last.end)]
    return found


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Span]:
    """Runs of ``old`` that are other in ``new``, in characters from the start of both; very long ones as one."""
    at_old, at_new = _offsets(old), _offsets(new)
    same = min(len(old), len(new))
    head = next((i for i in range(same) if old[i] != new[i]), same)
    tail = next((i for i in range(same - head) if old[-1 - i] != new[-1 - i]), same - head)
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(old), len(new)) > WORDS:
        yield Span(at_old[head], at_old[head + len(old)], at_new[head], at_new[head + len(new)])
        return
    open_run: Span | None = None
    for tag, left, left_end, right, right_end in Indel.opcodes(old, new).as_list():
        if tag == "equal":
            if open_run:
                yield open_run
            open_run = None
            continue
        start = open_run or Span(at_old[head + int(left)], 0, at_new[head + int(right)], 0)
        open_run = Span(start.start_before, at_old[head + int(left_end)], start.start, at_new[head + int(right_end)])
    if open_run:
        yield open_run


def _offsets(pieces: Sequence[str]) -> list[int]:
    offsets = [0]
    for piece in pieces:
        offsets.append(offsets[-1] + len(piece))
    return offsets


def newest(versions: Sequence[Version]) -> Version:
    """The text that was seen last; our own captures count before an archive's copies of the same time."""
    return max(versions, key=lambda v: (v.last, not all(p.archived for p in v.pages), v.first, v.title, v.text))


def compared(before: str, after: str) -> tuple[int, int, int]:
    """Characters kept, added, removed between two texts, by their longest common subsequence."""
    if max(len(before), len(after)) <= COMPARED:
        kept = LCSseq.similarity(before, after)
    else:
        lines = before.split("\n")
        left = {line: lines.count(line) for line in lines}
        kept = 0
        for line in after.split("\n"):
            if left.get(line, 0):
                left[line] -= 1
                kept += len(line) + 1
        kept = min(kept, len(before), len(after))
    return kept, len(after) - kept, len(before) - kept


def state_of(pages: Sequence[Page], looks: Sequence[Look]) -> str:
    """State of an article that has captures: what the last look found, unless only a web archive has it."""
    if all(page.archived for page in pages):
        return "archived_only"
    return max(looks).found if looks else "live"


def ended(versions: Sequence[Version], looks: Sequence[Look]) -> list[tuple[str, str]]:
    """For each version, in order, why it was no longer seen (edited: another was seen later) and how that showed."""
    last = newest(versions)
    final = max(looks, default=Look("", "", ""))
    gone = (final.found, final.how) if final.found in ENDED else ("", "")
    return [("edited", "") if v is not last else gone for v in versions]


def version_id(article_id: str, version: Version) -> str:
    """Id of a text: of its article, headline and words."""
    return identity.make_id("v", article_id, version.title, version.text)
