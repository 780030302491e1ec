"""What a look-alike copied says nothing of who runs it.

A site that gives another of a like name for its own (``presents_as``, see read.namesakes) shows that one's pages: its
accounts, its imprint, its icons and its menus. So of the site's own pages nothing counts that the other's bear as well,
and nothing at all where the other's were not looked at. What neither can copy counts: registration, records, servers,
certificates. Where the other leads to the site too, as a publisher does to its own second address, nothing is copied.
"""

from __future__ import annotations

import pandas as pd

from wiretrace.attribute.compare import domains
from wiretrace.attribute.kinds import kinds
from wiretrace.attribute.own import NAMING
from wiretrace.identity.namesakes import one_sided

PRESENTS, NAMESAKE = "presents_as", "namesake"
PAGES = ("site", "text")  # levels of kinds that a page bears


def without_copies(observations: pd.DataFrame) -> pd.DataFrame:
    """``observations`` without the rows of look-alikes that are, or may be, copied."""
    shown = observations[observations["kind"].isin([PRESENTS, NAMESAKE])]
    said: dict[str, set[tuple[str, str]]] = {PRESENTS: set(), NAMESAKE: set()}
    for kind, site, other in zip(shown["kind"], shown["publisher"], shown["value"], strict=True):
        said[kind].add((site, other))
    copies = one_sided(said[PRESENTS], said[NAMESAKE])
    if not copies:
        return observations
    borne = observations["kind"].isin([kind.name for kind in kinds().values() if kind.level in PAGES])
    involved = observations.loc[
        borne & observations["publisher"].isin({name for pair in copies for name in pair}),
        ["publisher", "kind", "value"],
    ].astype("str")
    dropped: set[object] = set()
    by_publisher = dict(list(involved.groupby("publisher")))
    for site, other in copies:
        rows = by_publisher.get(site, involved[:0])
        copied = rows.index
        if other in by_publisher:
            theirs = set(zip(by_publisher[other]["kind"], by_publisher[other]["value"], strict=True))
            pairs = zip(rows["kind"], rows["value"], strict=True)
            copied = rows.index[[pair in theirs or _names(*pair, other) for pair in pairs]]
        dropped.update(copied)
    return observations.drop(index=list(dropped))


def _names(kind: str, value: str, domain: str) -> bool:
    """Whether a value that is a host is the other's."""
    return kind in NAMING and domain in domains(value)
