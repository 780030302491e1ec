"""Distributors met, and which of them a publisher's releases come from: inferred from all its releases, with counts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pandas as pd

from wiretrace import schema
from wiretrace.sentences import say
from wiretrace.trace.clocks import HOUR, Clock, order
from wiretrace.trace.ledger import Case
from wiretrace.trace.source import Trail

Rows = list[dict[str, Any]]


def release_like(case: Case, stories: Sequence[Sequence[int]], traced: Trail, new: Collection[str]) -> list[bool]:
    """Which articles are releases: by their own marks, by those of a copy, or because a distributor sent it, ``new``
    ones that are only proposed among them.
    """
    made = [text.release_like for text in case.texts]
    for members in stories:
        if any(case.texts[i].release_like or case.known.distributes(case.texts[i].publisher) for i in members):
            for index in members:
                made[index] = True
    for index, source in enumerate(traced.sources):
        if source and (case.known.distributes(source.publisher) or source.publisher in new):
            made[index] = True
    return made


@dataclass(frozen=True)
class Proposal:
    """A publisher that may be a distributor: its texts of stories that it had first, one of each; who ran them later,
    how much later each.
    """

    articles: tuple[str, ...]
    outlets: frozenset[str]
    hours: tuple[float, ...]


def proposed(case: Case, stories: Sequence[Sequence[int]]) -> dict[str, Proposal]:
    """Publishers, not known as distributors, whose texts come first and feed many others; for a person to confirm."""
    rule = case.weights.distributors["proposed"]
    found: dict[str, Proposal] = {}
    later: dict[str, int] = {}
    for members in stories:
        own = {case.texts[i].publisher for i in members}
        if len(own) < 3 or any(case.known.distributes(p) for p in own):
            continue
        earliest, after = _first(case, members)
        if len(after) < 2:
            continue
        first = case.texts[earliest].publisher
        for publisher in own - {first}:
            later[publisher] = later.get(publisher, 0) + 1
        before = found.get(first, Proposal((), frozenset(), ()))
        articles = (*before.articles, case.texts[earliest].article_id)
        hours = tuple(_hours_after(case, members, first))
        found[first] = Proposal(articles, before.outlets | after, before.hours + hours)
    return {
        publisher: proposal
        for publisher, proposal in sorted(found.items())
        if len(proposal.articles) >= rule["stories"]
        and len(proposal.outlets) >= rule["outlets"]
        and len(proposal.articles) >= rule["earlier_share"] * (len(proposal.articles) + later.get(publisher, 0))
    }


def _first(case: Case, members: Sequence[int]) -> tuple[int, frozenset[str]]:
    """The text whose interval ends first, and the publishers that by the clocks ran the story after it.

    Nobody, where a clock puts another publisher's text before it, or seems to: of a time without a zone the middle.
    """
    clocks = {i: case.clocks[case.texts[i].article_id] for i in members}
    ends = {i: _ends(clock) for i, clock in clocks.items()}
    early = min(members, key=lambda i: (ends[i], case.texts[i].article_id))
    after: set[str] = set()
    for index in members:
        if case.texts[index].publisher == case.texts[early].publisher:
            continue
        found = order(clocks[early], clocks[index])
        if found is not None and found.early is clocks[early]:
            after.add(case.texts[index].publisher)
        elif found is not None or _middle(clocks[index]) < _middle(clocks[early]):
            return early, frozenset()
    return early, frozenset(after)


def _middle(clock: Clock) -> float:
    return clock.middle if clock.trusted and clock.middle is not None else float("inf")


def _ends(clock: Clock) -> int:
    ends = [end for end in (clock.proven_by, clock.latest if clock.trusted else None) if end is not None]
    return min(ends, default=1 << 62)


def _hours_after(case: Case, members: Sequence[int], first: str) -> list[float]:
    """For each text of another publisher, the hours after the first publisher's earliest text, where clocks allow."""
    clocks = {i: case.clocks[case.texts[i].article_id] for i in members}
    own = [c.middle for i, c in clocks.items() if case.texts[i].publisher == first and c.middle is not None]
    if not own:
        return []
    rest = [c.middle for i, c in sorted(clocks.items()) if case.texts[i].publisher != first]
    return [(middle - min(own)) / HOUR for middle in rest if middle is not None]


def tables(
    case: Case,
    stories: Sequence[Sequence[int]],
    traced: Trail,
    outlet_listings: pd.DataFrame,
    present: Sequence[str],
) -> tuple[Rows, Rows]:
    """Rows of ``distributors`` and ``publisher_distributors``."""
    new = proposed(case, stories)
    releases = release_like(case, stories, traced, new)
    named = {source.publisher for source in traced.sources if source and case.known.distributes(source.publisher)}
    met = sorted({p for p in present if case.known.distributes(p)} | named | set(new))
    by_publisher: dict[str, list[int]] = {}
    taken: dict[str, list[int]] = {}
    for index, text in enumerate(case.texts):
        by_publisher.setdefault(text.publisher, []).append(index)
        source = traced.sources[index]
        if source:
            taken.setdefault(source.publisher, []).append(index)
    sold: dict[str, list[dict[str, Any]]] = {}
    for row in schema.records(outlet_listings):
        sold.setdefault(row["seller"], []).append(row)
    rows = [
        _distributor(
            case,
            name,
            by_publisher.get(name, []),
            taken.get(name, []),
            traced,
            releases,
            sold.get(name, []),
            new.get(name),
        )
        for name in met
    ]
    return rows, _publishers(case, traced, releases, set(met), stories)


def _distributor(
    case: Case,
    name: str,
    own: Sequence[int],
    taken: Sequence[int],
    traced: Trail,
    releases: Sequence[bool],
    sold: Sequence[Mapping[str, Any]],
    proposal: Proposal | None,
) -> dict[str, Any]:
    delays: list[float] = list(proposal.hours) if proposal else []
    for index in taken if not proposal else ():
        source = traced.sources[index]
        if source and source.text >= 0:
            early, late = (case.clocks[case.texts[i].article_id] for i in (source.text, index))
            if early.middle is not None and late.middle is not None:
                delays.append((late.middle - early.middle) / HOUR)
    languages: dict[str, int] = {}
    for index in own:
        languages[case.texts[index].language] = languages.get(case.texts[index].language, 0) + 1
    entry = case.known.rows.get(name)
    return {
        "distributor": name,
        "name": case.known.names.get(name) or (entry.name if entry else ""),
        "origin": case.known.origin.get(name, "proposed"),
        "releases": len(proposal.articles) if proposal else sum(releases[i] for i in own),
        "traced": len(taken),
        "outlets": len(proposal.outlets if proposal else {case.texts[i].publisher for i in taken}),
        "languages": " ".join(sorted(languages, key=lambda language: (-languages[language], language))),
        "median_delay_hours": median(delays) if delays else None,
        "sells": len({row["outlet"] for row in sold}),
        "catalogue_capture_id": min((row["capture_id"] for row in sold), default=""),
        "run_by": entry.run_by if entry else "",
        "not_claimed": entry.not_claimed if entry else "",
        "first_articles": " ".join(sorted(proposal.articles)) if proposal else "",
    }


def _publishers(
    case: Case, traced: Trail, releases: Sequence[bool], met: set[str], stories: Sequence[Sequence[int]]
) -> Rows:
    carriers: dict[int, set[str]] = {}
    for members in stories:
        here = {case.texts[i].publisher for i in members} & met
        carriers.update(dict.fromkeys(members, here))
    by_publisher: dict[str, list[int]] = {}
    for index, text in enumerate(case.texts):
        if text.publisher not in met:
            by_publisher.setdefault(text.publisher, []).append(index)
    rows = []
    for publisher, own in sorted(by_publisher.items()):
        sources: dict[str, list[int]] = {}
        for index in own:
            source = traced.sources[index]
            if source and source.publisher in met:
                sources.setdefault(source.publisher, []).append(index)
        total = sum(releases[i] for i in own)
        everything = sum(map(len, sources.values()))
        for name, taken in sorted(sources.items()):
            alone = sum(carriers.get(i, {name}) <= {name} for i in taken)
            elsewhere = everything - len(taken)
            verdict = _verdict(case, len(taken), elsewhere, total, len(own))
            rows.append(
                {
                    "publisher": publisher,
                    "distributor": name,
                    "releases": total,
                    "traced": len(taken),
                    "elsewhere": elsewhere,
                    "only_here": alone,
                    "verdict": verdict,
                    "statement": _statement(case, publisher, name, taken, total, elsewhere, alone, len(own)),
                    "articles": " ".join(sorted(case.texts[i].article_id for i in taken)),
                }
            )
    return rows


def _verdict(case: Case, taken: int, elsewhere: int, releases: int, articles: int) -> str:
    rule = case.weights.distributors["supplied_by"]
    if (
        taken >= rule["traced"]
        and taken >= rule["share_of_releases"] * releases
        and taken >= rule["share_of_articles"] * articles
        and elsewhere <= rule["elsewhere_share"] * (taken + elsewhere)
    ):
        return "supplied_by"
    return "carries_some" if taken >= case.weights.distributors["carries_some"]["traced"] else "cannot_tell"


def _statement(
    case: Case, publisher: str, name: str, taken: Sequence[int], total: int, elsewhere: int, alone: int, articles: int
) -> str:
    count = len(taken)
    said = say(
        "supplied",
        number=count,
        number2=total,
        site=publisher,
        number3=articles,
        site2=name,
        number4=elsewhere,
        number5=alone,
        number6=count,
    )
    found = case.habits.overall(publisher, name)
    if not found.shared:
        return said
    overlap = say(
        "supplied_overlap",
        number=found.shared,
        number2=found.carried,
        site=name,
        number3=found.foreign,
        site2=name,
        number4=found.own,
        number5=found.all,
        number6=f"{found.chance:.2g}",
    )
    return f"{said} {overlap}"
