"""The texts of one article over time, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import LCSseq

from wiretrace import identity
from wiretrace.read.pages import Page

# Characters of a text up to which two texts are compared one by one; above, line by line.
COMPARED = 100_000
ENDED = ("deleted", "redirected", "parked", "unreachable")


@dataclass(frozen=True, order=True)
class Look:
    """What one look at an address found, in order of time: live, deleted, redirected, parked or unreachable."""

    time: str
    capture_id: str
    found: str


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
        shown = min(self.pages, key=lambda p: (p.time, p.archived, p.capture["capture_id"]), default=None)
        return str(shown.capture["capture_id"]) if shown else ""


def versions_of(pages: Sequence[Page]) -> list[Version]:
    """Distinct texts among the captures of one article, in the order in which they were first seen."""
    found: dict[tuple[str, str], Version] = {}
    for page in pages:
        article = page.content.article
        key = (article.title, article.text)
        found.setdefault(key, Version(article.title, article.text)).pages.append(page)
    return sorted(found.values(), key=lambda v: (v.first, v.last, v.title, v.text))


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


def ended(versions: Sequence[Version], looks: Sequence[Look]) -> list[str]:
    """For each version, in order, why it was no longer seen: edited where another text was seen later."""
    last = newest(versions)
    final = max(looks).found if looks else ""
    return ["edited" if v is not last else (final if final in ENDED else "") for v in versions]


def version_id(article_id: str, version: Version) -> str:
    """Id of a text: of its article, headline and words."""
    return identity.make_id("v", article_id, version.title, version.text)
