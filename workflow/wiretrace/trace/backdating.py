"""Clocks caught against other publishers' clocks: who claims to run releases before the distributor sends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wiretrace.sentences import say
from wiretrace.trace.clocks import Clock, distrusted, order
from wiretrace.trace.habits import has_parts
from wiretrace.trace.stories import Match
from wiretrace.trace.texts import Text

EARLY = 3  # releases that a publisher claims to have had first before its clock is doubted ...
EARLY_SHARE = 0.5  # ... and their share of those that it has in common with distributors


def against_distributors(
    clocks: Mapping[str, Clock],
    texts: Sequence[Text],
    near: Mapping[int, Sequence[Match]],
    distributes: Callable[[str], bool],
) -> dict[str, Clock]:
    """``clocks`` in which publishers that habitually claim to precede distributors are doubted.

    An article that a distributor sends out later is possible; three and more, and half of all that they have in common,
    say that the publisher's clock is early. What a web archive saw stays.
    """
    early: dict[str, int] = {}
    total: dict[str, int] = {}
    for index, text in enumerate(texts):
        others = (m.other(index) for m in near.get(index, ()))
        # What a distributor took over from a paper bears no part of a release, and it is right that it is later.
        sent = [i for i in others if distributes(texts[i].publisher) and has_parts(texts[i])]
        if not sent or distributes(text.publisher):
            continue
        own = clocks[text.article_id]
        orders = [order(own, clocks[texts[i].article_id]) for i in sent]
        told = [found for found in orders if found is not None]
        if told:
            total[text.publisher] = total.get(text.publisher, 0) + 1
            first = all(found.how == "claimed" and found.early is own for found in told)
            early[text.publisher] = early.get(text.publisher, 0) + first
    made = dict(clocks)
    for text in texts:
        count, of = early.get(text.publisher, 0), total.get(text.publisher, 0)
        if count >= EARLY and count >= EARLY_SHARE * of:
            note = say("clocks_backdated", site=text.publisher, number=count, number2=of)
            made[text.article_id] = distrusted(made[text.article_id], note)
    return made
