"""Trace: from an article to its copies and translations, to the text it was taken from, and to the distributor behind
it.

Pure: every table is a function of the tables given and of ``config/registry``; the order of rows does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from wiretrace.config import Investigation
from wiretrace.schema.stored import Rows
from wiretrace.trace import boilerplate, distributors, result
from wiretrace.trace.backdating import against_distributors
from wiretrace.trace.clocks import Clock, best
from wiretrace.trace.credits import body_links, credit_links, credits_of, publisher_names
from wiretrace.trace.habits import Habits
from wiretrace.trace.ledger import Case, stars
from wiretrace.trace.matches import find
from wiretrace.trace.posts import posts
from wiretrace.trace.posts.load import lint as lint_posts
from wiretrace.trace.registry import known, weights
from wiretrace.trace.source import Trail
from wiretrace.trace.speech import speech
from wiretrace.trace.stories import Match, neighbours, stories
from wiretrace.trace.texts import Text, load

__all__ = ["follow", "lint_posts", "posts", "speech", "trace"]


def trace(
    publishers: pd.DataFrame,
    articles: Rows,
    article_versions: Rows,
    article_parts: Rows,
    clocks: Rows,
    links: Rows,
    images: Rows,
    outlet_listings: pd.DataFrame,
    investigation: Investigation,
    copies: Iterable[pa.RecordBatch] | None = None,
    folder: Path | None = None,
) -> dict[str, Iterable[Mapping[str, Any]]]:
    """Every article traced; ``copies``: see :func:`wiretrace.trace.matches.find`.

    Returns the rows of the tables text_matches, boilerplate, stories, story_members, traces, trace_evidence,
    distributors, publisher_distributors, most of them made while they are taken; the texts are kept in a file in
    ``folder`` (None: where the system makes such files).
    """
    texts = load(articles, article_versions, article_parts, folder)
    times = best(articles, clocks, folder)
    matches, anchors = find(texts, times, images, investigation.trace, copies)
    case, groups, traced = follow(publishers, links, outlet_listings, texts, times, matches, folder)
    met, supply = distributors.tables(case, groups, traced, outlet_listings, list(publishers["publisher"]))
    return {
        "text_matches": result.match_rows(texts, matches, anchors, investigation.trace.dictionaries),
        "boilerplate": boilerplate.rows(texts, matches, folder),
        "stories": result.story_rows(case, groups),
        "story_members": result.member_rows(case, groups, traced),
        "traces": result.trace_rows(case, groups, traced),
        "trace_evidence": result.evidence_rows(case, traced),
        "distributors": met,
        "publisher_distributors": supply,
    }


def follow(
    publishers: pd.DataFrame,
    links: Rows,
    outlet_listings: pd.DataFrame,
    texts: Sequence[Text],
    times: Mapping[str, Clock],
    matches: Sequence[Match],
    folder: Path | None = None,
) -> tuple[Case, list[list[int]], Trail]:
    """From matches to verdicts: what is known of all articles, the stories, each article traced (the reasons are kept
    in a file in ``folder``).
    """
    near = neighbours([match for match in matches if match.telling])
    dealers = known(publishers, outlet_listings)
    clocks = against_distributors(times, texts, near, dealers.distributes)
    groups = stories(texts, matches, clocks)
    story = {index: number for number, members in enumerate(groups) for index in members}
    names = publisher_names(publishers, dealers, texts, near)
    told = names.among(dealers.origin.keys())
    leading = credit_links(links, texts)
    named = {i: credits_of(text, names, told, leading.get(text.article_id, {})) for i, text in enumerate(texts)}
    case = Case(
        texts=texts,
        near=near,
        clocks=clocks,
        credits={index: found for index, found in named.items() if found},
        links=body_links(links, texts, near),
        stars={index: star for members in groups for index, star in stars(texts, near, members).items()},
        story=story,
        habits=Habits(texts, near, story, clocks, dealers.distributes),
        known=dealers,
        weights=weights(),
    )
    return case, groups, Trail(case, folder)
