"""The possible sources of each article, with the reasons for and against each."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from wiretrace.sentences import say
from wiretrace.trace.ledger import Case, Reason, reasons
from wiretrace.trace.shelf import Shelf

READ = 2048  # articles' candidates at hand, of those asked for last


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible source. ``text`` is its index, or -1: only named in the article, its release was not captured."""

    text: int
    publisher: str
    reasons: tuple[Reason, ...]

    @property
    def log_odds(self) -> float:
        """Sum of the reasons, in nats: exact, as Python's own sum of decimal weights rounds otherwise from 3.12 on."""
        return math.fsum(reason.log_odds for reason in self.reasons)

    @property
    def direction(self) -> float:
        """The part of ``log_odds`` that says which way the text went."""
        return math.fsum(reason.log_odds for reason in self.reasons if reason.kind != "closeness")

    @property
    def contrary(self) -> str:
        """How the clocks say that it came later than the article: '', claimed or proven."""
        kinds = {reason.kind for reason in self.reasons if reason.log_odds < 0}
        return "proven" if "archive_clock" in kinds else "claimed" if "clock" in kinds else ""

    def named(self) -> bool:
        """Whether the article names it or links to it."""
        return any(reason.kind in ("credit", "link") and reason.log_odds > 0 for reason in self.reasons)


class Ledger:
    """Each article's candidates, best first. They stand on a shelf and are read when they are asked for."""

    def __init__(self, case: Case, shelf: Shelf) -> None:
        self._shelf = shelf
        self._places = array("q")
        for article in range(len(case.texts)):
            made = [(c.text, c.publisher, [_plain(r) for r in c.reasons]) for c in _candidates(case, article)]
            self._places.append(shelf.put(json.dumps(made)) if made else -1)
        self._fetched = lru_cache(READ)(self._fetch)

    def __getitem__(self, article: int) -> tuple[Candidate, ...]:
        place = self._places[article]
        return self._fetched(place) if place >= 0 else ()

    def _fetch(self, place: int) -> tuple[Candidate, ...]:
        held = json.loads(self._shelf.get(place))
        return tuple(Candidate(text, publisher, tuple(Reason(*r) for r in own)) for text, publisher, own in held)


def _plain(reason: Reason) -> tuple[str, float, str, str, str]:
    return reason.kind, reason.log_odds, reason.statement, reason.excerpt, reason.capture_id


def _candidates(case: Case, article: int) -> list[Candidate]:
    own = case.texts[article]
    made = []
    for match in case.near.get(article, ()):
        other = case.texts[match.other(article)]
        # Of a publisher's own pages only another language's can be the source; the rest is one text at two addresses.
        if other.publisher != own.publisher or match.kind == "translated":
            made.append(Candidate(match.other(article), other.publisher, tuple(reasons(case, article, match))))
    there = {candidate.publisher for candidate in made}
    for credit in case.credits.get(article, ()):
        # Prose names a distributor also where an article is about it; without its text that says nothing. The name of
        # a paper may be another's: only where its link leads is sure.
        sends = case.known.distributes(credit.publisher)
        if credit.publisher not in there and (sends or credit.linked) and not credit.prose:
            said = say("credit_unread" if sends else "credit_linked", site=credit.publisher)
            reason = Reason("credit", case.weights["credit"], said, credit.excerpt, own.capture_id)
            made.append(Candidate(-1, credit.publisher, (reason,)))
    return sorted(made, key=_rank(case))


def _rank(case: Case) -> Callable[[Candidate], tuple[float, str, str]]:
    def key(candidate: Candidate) -> tuple[float, str, str]:
        name = case.texts[candidate.text].article_id if candidate.text >= 0 else ""
        return -round(candidate.log_odds, 6), candidate.publisher, name

    return key
