"""From reasons to a verdict: where an article's text came from, or that it cannot be told.

Verdicts: ``source_found`` and ``probable`` need a reason of content (credit, link, parts cut, a distributor's role,
translation) besides time, a clear lead over every other publisher, and no clock that says the opposite. A rival that
itself took the text from the leader (or the other way round) is no rival. ``tie``: two or more candidates that
cannot be told apart. ``is_source``: others took it from here.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from wiretrace.sentences import say
from wiretrace.trace.across.languages import base_language
from wiretrace.trace.candidates import Candidate, Ledger
from wiretrace.trace.clocks import order
from wiretrace.trace.ledger import Case
from wiretrace.trace.shelf import Shelf

LISTED = 12  # candidates listed for one article
AS_MUCH = 0.8  # share of the leader's part of a page that a second distributor must have to be as likely


@dataclass(frozen=True, slots=True)
class Traced:
    """An article's candidates, best first, its verdict and that in words."""

    candidates: tuple[Candidate, ...]
    verdict: str
    statement: str

    @property
    def source(self) -> Candidate | None:
        """The candidate that the verdict names."""
        return self.candidates[0] if self.verdict in ("source_found", "probable") else None


class Origin(NamedTuple):
    """The text (-1: it was not captured) and the publisher that a verdict names."""

    text: int
    publisher: str


class Trail:
    """Every article traced, by its number, as :class:`Traced`: all but the sources is read when it is asked for.

    ``sources``: for each article what its verdict names; None: it names nobody.
    """

    def __init__(self, case: Case, folder: Path | None = None) -> None:
        """``folder``: where the file is made that holds candidates and statements (None: the system's)."""
        self._shelf = Shelf(folder)
        self._ledger = Ledger(case, self._shelf)
        count = len(case.texts)
        self._first, self._said = array("q", bytes(8 * count)), array("q", bytes(8 * count))
        self._verdicts = [""] * count
        self.sources: list[Origin | None] = [None] * count
        # By story, so that the candidates of its other articles, which are asked for again and again, are at hand.
        for article in sorted(range(count), key=lambda article: case.story.get(article, count)):
            one = _traced(case, self._ledger, article)
            self._first[article] = next((k for k, c in enumerate(self._ledger[article]) if c == one.candidates[0]), 0)
            self._said[article] = self._shelf.put(one.statement)
            self._verdicts[article] = one.verdict
            if one.source:
                self.sources[article] = Origin(one.source.text, one.source.publisher)
        for article, verdict in enumerate(self._verdicts):
            # Who others have the text from has no source: what is told here changes no other article's.
            statement = _as_source(case, self, article) if verdict in ("cannot_tell", "tie") else ""
            if statement:
                self._verdicts[article], self._said[article] = "is_source", self._shelf.put(statement)

    def __len__(self) -> int:
        return len(self._verdicts)

    def __getitem__(self, article: int) -> Traced:
        held, first = self._ledger[article], self._first[article]
        ordered = (held[first], *held[:first], *held[first + 1 :]) if first else held
        return Traced(ordered, self._verdicts[article], self._shelf.get(self._said[article]))

    def __iter__(self) -> Iterator[Traced]:
        return (self[article] for article in range(len(self)))


def _traced(case: Case, ledger: Ledger, article: int) -> Traced:
    candidates = ledger[article]
    if not candidates:
        return Traced((), "alone", say("trace_alone"))
    candidates = _nearest_first(case, ledger, article, candidates)
    top = candidates[0]
    level = _level(case, article, top)
    if level == "cannot_tell":
        return Traced(candidates, level, _undecided(case, article, top))
    margin = case.weights.verdicts[level]["margin"]
    rivals = [other.publisher for other in candidates[1:] if _rivals(case, ledger, article, top, other, margin)]
    rivals += _other_wires(case, ledger, article, top)
    if rivals:
        return Traced(candidates, "tie", say("trace_tie", sites=_names([top.publisher, *rivals])))
    return Traced(candidates, level, _found(case, article, top, level))


def _nearest_first(
    case: Case, ledger: Ledger, article: int, candidates: tuple[Candidate, ...]
) -> tuple[Candidate, ...]:
    """``candidates`` with that first which a verdict is about: the root of the paths here, its right version."""
    best = _root(case, ledger, article, candidates)
    best = _version(case, ledger, article, best, candidates)
    return (best, *(c for c in candidates if c is not best))


def _root(case: Case, ledger: Ledger, article: int, candidates: tuple[Candidate, ...]) -> Candidate:
    """The leader, or the distributor that the leader itself has the text from: every path leads there.

    A distributor's page without the anatomy of its releases gives way to a paper that ran the text before it.
    """
    top = candidates[0]
    if top.text < 0 or top.named():
        return top
    if case.known.distributes(top.publisher):
        return _before_the_wire(case, article, top, candidates)
    for other in candidates[1:]:
        wire = case.known.distributes(other.publisher) and _level(case, article, other) != "cannot_tell"
        if wire and _downstream(ledger, top, other, case):
            return other
    return top


def _before_the_wire(case: Case, article: int, top: Candidate, candidates: tuple[Candidate, ...]) -> Candidate:
    pages = [c.text for c in candidates if c.publisher == top.publisher and c.text >= 0]
    if any(case.habits.bare(case.texts[page]) is None for page in pages):
        return top
    for other in candidates[1:]:
        paper = other.text >= 0 and not case.known.distributes(other.publisher)
        first = paper and all(_precedes(case, other.text, page) for page in pages)
        if first and _level(case, article, other) != "cannot_tell":
            return other
    return top


def _version(
    case: Case,
    ledger: Ledger,
    article: int,
    top: Candidate,
    candidates: tuple[Candidate, ...],
) -> Candidate:
    """Of one publisher's pages: the one that holds most of the article, in its own language, or the one made first.

    Which of a publisher's pages an archive happened to see first says nothing about which of them was taken.
    """
    if top.text < 0:
        return top
    own = base_language(case.texts[article].language)
    shares = {m.other(article): m.share(article) for m in case.near[article]}
    pages = [c for c in candidates if c.publisher == top.publisher and c.text >= 0 and (c is top or not c.contrary)]
    near = [c for c in pages if base_language(case.texts[c.text].language) == own]
    if near:
        return max(near, key=lambda c: (round(shares[c.text], 1), c.log_odds, -c.text))
    made_from = {c.text for c in ledger[top.text] if c.publisher == top.publisher and c.log_odds > 0}
    upstream = [c for c in pages if c.text in made_from and _same_story(case, c.text, top.text)]
    return min(upstream, key=lambda c: _first_time(case, c.text), default=top)


def _same_story(case: Case, one: int, other: int) -> bool:
    return one in case.story and case.story[one] == case.story.get(other)


def _first_time(case: Case, text: int) -> tuple[int, str]:
    clock = case.clocks[case.texts[text].article_id]
    return clock.earliest if clock.trusted and clock.earliest is not None else 1 << 62, clock.article_id


def _rivals(case: Case, ledger: Ledger, article: int, top: Candidate, other: Candidate, margin: float) -> bool:
    """Whether ``other`` could as well be the source."""
    if other.publisher == top.publisher or other.contrary == "proven" or (top.named() and not other.named()):
        return False
    if _downstream(ledger, other, top, case) or _taken_by_wire(case, top, other):
        return False
    if _has_a_part(case, ledger, article, top, other):
        return False
    if other.log_odds > top.log_odds - margin:
        return True
    if top.text < 0 or other.text < 0 or other.log_odds <= 0 or other.contrary:
        return False
    own = case.texts[article].publisher
    if top.publisher == own:  # a publisher's translation of its own text
        return False
    # A second distributor with the same release: without a credit nobody can tell whose subscriber this was.
    if case.known.distributes(top.publisher) and case.known.distributes(other.publisher):
        return _covers_as_much(case, ledger, article, top, other)
    # Somebody had the text before the leader did, in any of its languages: then it is not where the text began.
    pages = [c.text for c in ledger[article] if c.publisher == top.publisher and c.text >= 0]
    return all(_precedes(case, other.text, page) for page in pages) and not _other_words(
        case, ledger, article, top, other
    )


def _has_a_part(case: Case, ledger: Ledger, article: int, top: Candidate, other: Candidate) -> bool:
    """Whether the article is a page made of several of the leader's texts, and ``other`` has only some of them."""
    if top.text < 0 or other.text < 0:
        return False
    all_pages = _held(case, ledger, article, top.publisher)
    one_page = max(covered(m.spans_of(article)) for m in case.near[article] if m.other(article) == top.text)
    return one_page < AS_MUCH * all_pages and not _covers_as_much(case, ledger, article, top, other)


def _other_words(case: Case, ledger: Ledger, article: int, top: Candidate, other: Candidate) -> bool:
    """Whether the article holds the leader's words, and ``other`` only says the same in another language.

    Who translates the same text anew does not come to the same words.
    """
    kinds = {match.other(article): match.kind for match in case.near[article]}
    if kinds[other.text] != "translated" or kinds[top.text] == "translated":
        return False
    own = case.texts[article]
    return _held(case, ledger, article, top.publisher) >= AS_MUCH * (len(own.text) - covered(own.masked))


def _other_wires(case: Case, ledger: Ledger, article: int, top: Candidate) -> list[str]:
    """Other distributors of the leader's release, where the article is a translation and names nobody.

    Whose language it was translated from cannot be told, also where only one of them was matched with it.
    """
    kinds = {match.other(article): match.kind for match in case.near.get(article, ())}
    if not case.known.distributes(top.publisher) or kinds.get(top.text) != "translated" or top.named():
        return []
    pages = [c.text for c in ledger[article] if c.publisher == top.publisher and c.text >= 0]
    same = [m.other(page) for page in pages for m in case.near[page] if _same_story(case, page, m.other(page))]
    found = {case.texts[text].publisher for text in same if case.habits.bare(case.texts[text]) is None}
    return sorted(p for p in found if p != top.publisher and case.known.distributes(p))


def _taken_by_wire(case: Case, top: Candidate, other: Candidate) -> bool:
    """Whether ``other`` is a distributor's page without the anatomy of a release, younger than ``top``."""
    if top.text < 0 or other.text < 0 or not case.known.distributes(other.publisher):
        return False
    return case.habits.bare(case.texts[other.text]) is not None and _precedes(case, top.text, other.text)


def _precedes(case: Case, one: int, other: int) -> bool:
    clocks = [case.clocks[case.texts[text].article_id] for text in (one, other)]
    found = order(*clocks)
    return found is not None and found.early is clocks[0]


def _covers_as_much(case: Case, ledger: Ledger, article: int, top: Candidate, other: Candidate) -> bool:
    """Whether the pages of ``other``'s publisher hold as much of the article as those of ``top``'s.

    A page made of two releases is its supplier's who has both.
    """
    if any(m.kind == "translated" for m in case.near[article] if m.other(article) in (top.text, other.text)):
        return True
    held = _held(case, ledger, article, top.publisher)
    return _held(case, ledger, article, other.publisher) >= AS_MUCH * held


def _held(case: Case, ledger: Ledger, article: int, publisher: str) -> int:
    """Characters of the article that ``publisher``'s texts share with it, in its own language."""
    texts = {candidate.text for candidate in ledger[article] if candidate.publisher == publisher}
    matches = [m for m in case.near[article] if m.other(article) in texts and m.kind != "translated"]
    return covered([span for match in matches for span in match.spans_of(article)])


def covered(spans: Sequence[tuple[int, int]]) -> int:
    """Characters that lie in one of ``spans`` (begin, end) or more."""
    total, reached = 0, 0
    for begin, end in sorted(spans):
        total += max(0, end - max(begin, reached))
        reached = max(reached, end)
    return total


def _void(case: Case, top: Candidate) -> frozenset[str]:
    """Kinds of reasons of content that do not count as such for ``top``.

    A page that is no release of its distributor's own. What every distributor's page shows, where the article names
    another source. At any other publisher, more of a release's anatomy than the article has: a release comes from who
    sends it, and who shows more of it is a fuller copy.
    """
    if not case.known.distributes(top.publisher):
        return frozenset({"release_parts"})
    if any(reason.kind == "contradiction" for reason in top.reasons):
        return frozenset({"distributor", "listing", "release_parts"})
    bare = top.text >= 0 and case.habits.bare(case.texts[top.text]) is not None
    return frozenset({"distributor", "listing"}) if bare else frozenset()


def _level(case: Case, article: int, top: Candidate) -> str:
    """The best verdict that a candidate could have by itself."""
    content = set(case.weights.verdicts["content"])
    speaks = {reason.kind for reason in top.reasons if reason.log_odds > 0} - _void(case, top)
    # What both publishers do with other texts and what their clocks say decide nothing alone; together they suggest.
    habit = "other_articles" in speaks and bool(speaks & {"clock", "archive_clock"})
    if not speaks & content and not habit:
        return "cannot_tell"
    # A distributor takes nothing from an outlet, unless it says so.
    sends, receives = case.known.distributes(top.publisher), case.known.distributes(case.texts[article].publisher)
    if receives and not sends and not top.named():
        return "cannot_tell"
    if top.contrary == "proven" or (top.contrary and not top.named()):
        return "cannot_tell"
    for level in ("source_found", "probable"):
        if top.log_odds >= case.weights.verdicts[level]["log_odds"]:
            weaker = top.contrary or top.text < 0 or not speaks & content
            return "probable" if weaker else level
    return "cannot_tell"


def _downstream(ledger: Ledger, other: Candidate, top: Candidate, case: Case) -> bool:
    """Whether ``other`` has its text from ``top``'s publisher, as far as the ledger can say."""
    if other.text < 0:
        return False
    for upstream in ledger[other.text]:
        if upstream.publisher == top.publisher:
            # A lone clock that says otherwise is outweighed where all else says that it took the text from there.
            against = upstream.contrary == "claimed" and upstream.direction >= case.weights.verdicts["downstream"]
            return against or _level(case, other.text, upstream) != "cannot_tell"
    return False


def _as_source(case: Case, trail: Trail, article: int) -> str:
    """That the text comes from here, in words, where others have it from here and nothing says that it came from
    elsewhere; else ''.
    """
    own = case.texts[article]
    if case.known.distributes(own.publisher) and case.habits.bare(own) is not None:
        return ""  # it does not look like a release of its own
    sources = ((match.other(article), trail.sources[match.other(article)]) for match in case.near.get(article, ()))
    takers = sorted(
        {
            case.texts[i].publisher
            for i, source in sources
            if source and (source.text == article or source.publisher == own.publisher)
        }
    )
    if not takers or any(candidate.log_odds > 0 for candidate in trail[article].candidates):
        return ""
    others = [name for name in takers if name != own.publisher]
    if others:
        return say("trace_taken", sites=_names(others), site=own.publisher)
    return say("trace_led", site=own.publisher)


def _found(case: Case, article: int, top: Candidate, level: str) -> str:
    why = "; ".join(r.statement for r in sorted(top.reasons, key=lambda r: -r.log_odds) if r.log_odds > 0.5)
    against = "; ".join(r.statement for r in top.reasons if r.log_odds < 0)
    form = "trace_found" if level == "source_found" else "trace_probable"
    form += "_own" if top.publisher == case.texts[article].publisher else ""
    said = say(form, site=top.publisher, phrases=why)
    return f"{said} {say('trace_against', phrases=against)}" if against else said


def _undecided(case: Case, article: int, top: Candidate) -> str:
    clock = next((r for r in top.reasons if r.kind in ("clock", "archive_clock")), None)
    if clock is not None and clock.log_odds < 0:
        return say("trace_later", site=top.publisher, phrase=clock.statement)
    if clock is not None:
        return say("trace_earlier", site=top.publisher, phrase=clock.statement)
    return say("trace_open", sites=top.publisher)


def _names(publishers: Sequence[str]) -> str:
    unique = list(dict.fromkeys(publishers))
    if len(unique) > 6:
        return f"{', '.join(unique[:5])} and {len(unique) - 5} others"
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}"
