"""Distributors met, and which of them a publisher's releases come from: inferred from all its releases, with counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import pandas as pd

from wiretrace import schema
from wiretrace.trace.clocks import HOUR, Clock, order
from wiretrace.trace.ledger import Case
from wiretrace.trace.source import Traced

Rows = list[dict[str, Any]]


def release_like(case: Case, stories: Sequence[Sequence[int]], traced: Sequence[Traced]) -> list[bool]:
    """Which articles are releases: by their own marks, by those of a copy, or because a distributor sent it."""
    made = [text.release_like for text in case.texts]
    for members in stories:
        if any(case.texts[i].release_like or case.known.distributes(case.texts[i].publisher) for i in members):
            for index in members:
                made[index] = True
    for index, one in enumerate(traced):
        if one.source is not None and case.known.distributes(one.source.publisher):
            made[index] = True
    return made


def proposed(case: Case, stories: Sequence[Sequence[int]]) -> dict[str, int]:
    """Publishers, not known as distributors, whose texts come first and feed many others; for a person to confirm."""
    rule = case.weights.distributors["proposed"]
    first: dict[str, int] = {}
    later: dict[str, int] = {}
    outlets: dict[str, set[str]] = {}
    for members in stories:
        own = sorted({case.texts[i].publisher for i in members})
        if len(own) < 3 or any(case.known.distributes(p) for p in own):
            continue
        for publisher in own:
            others = [i for i in members if case.texts[i].publisher != publisher]
            earliest = [_earlier(case.clocks, case, i, others) for i in members if case.texts[i].publisher == publisher]
            if any(e == len(others) for e in earliest):
                first[publisher] = first.get(publisher, 0) + 1
                outlets.setdefault(publisher, set()).update(case.texts[i].publisher for i in others)
            else:
                later[publisher] = later.get(publisher, 0) + 1
    return {
        publisher: count
        for publisher, count in sorted(first.items())
        if count >= rule["stories"]
        and len(outlets[publisher]) >= rule["outlets"]
        and count >= rule["earlier_share"] * (count + later.get(publisher, 0))
    }


def _earlier(clocks: Mapping[str, Clock], case: Case, index: int, others: Sequence[int]) -> int:
    """How many of ``others`` came later than ``index`` by the clocks."""
    own = clocks[case.texts[index].article_id]
    found = [order(own, clocks[case.texts[i].article_id]) for i in others]
    return sum(one is not None and one.early is own for one in found)


def tables(
    case: Case,
    stories: Sequence[Sequence[int]],
    traced: Sequence[Traced],
    outlet_listings: pd.DataFrame,
    present: Sequence[str],
) -> tuple[Rows, Rows]:
    """Rows of ``distributors`` and ``publisher_distributors``."""
    releases = release_like(case, stories, traced)
    new = proposed(case, stories)
    named = {p for p in (t.source.publisher for t in traced if t.source is not None) if case.known.distributes(p)}
    met = sorted({p for p in present if case.known.distributes(p)} | named | set(new))
    rows = [_distributor(case, name, traced, releases, outlet_listings) for name in met]
    return rows, _publishers(case, traced, releases, set(met), stories)


def _distributor(
    case: Case, name: str, traced: Sequence[Traced], releases: Sequence[bool], listings: pd.DataFrame
) -> dict[str, Any]:
    own = [i for i, text in enumerate(case.texts) if text.publisher == name]
    taken = [i for i, one in enumerate(traced) if one.source is not None and one.source.publisher == name]
    delays = []
    for index in taken:
        source = traced[index].source
        if source is not None and source.text >= 0:
            early, late = (case.clocks[case.texts[i].article_id] for i in (source.text, index))
            if early.middle is not None and late.middle is not None:
                delays.append((late.middle - early.middle) / HOUR)
    languages: dict[str, int] = {}
    for index in own:
        languages[case.texts[index].language] = languages.get(case.texts[index].language, 0) + 1
    sold = [row for row in schema.records(listings) if row["seller"] == name]
    entry = case.known.rows.get(name)
    return {
        "distributor": name,
        "name": case.known.names.get(name) or (entry.name if entry else ""),
        "origin": case.known.origin.get(name, "proposed"),
        "releases": sum(releases[i] for i in own),
        "traced": len(taken),
        "outlets": len({case.texts[i].publisher for i in taken}),
        "languages": " ".join(sorted(languages, key=lambda language: (-languages[language], language))),
        "median_delay_hours": median(delays) if delays else None,
        "sells": len({row["outlet"] for row in sold}),
        "catalogue_capture_id": min((row["capture_id"] for row in sold), default=""),
        "run_by": entry.run_by if entry else "",
        "not_claimed": entry.not_claimed if entry else "",
    }


def _publishers(
    case: Case, traced: Sequence[Traced], releases: Sequence[bool], met: set[str], stories: Sequence[Sequence[int]]
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
            source = traced[index].source
            if source is not None and source.publisher in met:
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
                    "statement": _statement(publisher, name, len(taken), total, elsewhere, alone, len(own)),
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


def _statement(publisher: str, name: str, taken: int, releases: int, elsewhere: int, alone: int, articles: int) -> str:
    return (
        f"{taken} of {releases} releases on {publisher} ({articles} articles read) trace to {name}; "
        f"{elsewhere} to other distributors; {alone} of the {taken} were found at no other distributor."
    )
