"""From observations to links and networks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pandas as pd

from wiretrace.arrays import distinct
from wiretrace.attribute import groups, links, tables, words
from wiretrace.attribute.cluster import Groups, Join, Strong, join, join_as_wholes
from wiretrace.attribute.columns import present
from wiretrace.attribute.copies import without_copies
from wiretrace.attribute.pairs import CHUNK, Evidence, borne, candidates, evidence
from wiretrace.attribute.rarity import CONTROL_ROLES, Bools, Floats, Ints, Small
from wiretrace.attribute.scale import Scale
from wiretrace.attribute.thirds import thirds
from wiretrace.attribute.values import Prepared, code, gather, of_kind, prepare, release
from wiretrace.attribute.weigh import (
    FAMILY,
    Weighed,
    at_most,
    by_pair,
    conclusive,
    holds,
    odds,
    scale_of,
    small,
    together,
    weigh,
)
from wiretrace.config import Attribute, Investigation

# Posterior of pairs in two families, for which a common pattern of their names stands as the third.
ALIKE = 0.9
# Pairs of which all is kept that they share, at a time.
FEW = 10_000
# Pairs that are weighed to find through whom a joined publisher or group is best linked.
THROUGH = 40_000


@dataclass(frozen=True)
class Linked:
    """Pairs that are listed, with all they share and what it weighs; ``label`` names each publisher's group.

    ``third`` is the publisher through whom a pair is as likely as ``probability`` says, -1 where it is so by itself.
    """

    a: Ints
    b: Ints
    shared: Evidence
    weighed: Weighed
    third: Ints
    probability: Floats
    label: Ints
    joins: list[Join]


def attribute(
    publishers: pd.DataFrame, observations: pd.DataFrame, articles: pd.DataFrame, investigation: Investigation
) -> dict[str, pd.DataFrame]:
    """The tables of :func:`in_pieces`, each whole."""
    found, evidence = in_pieces(publishers, observations, articles, investigation)
    return found | {"publisher_link_evidence": pd.concat(list(evidence), ignore_index=True)}


def in_pieces(
    publishers: pd.DataFrame, observations: pd.DataFrame, articles: pd.DataFrame, investigation: Investigation
) -> tuple[dict[str, pd.DataFrame], Iterator[pd.DataFrame]]:
    """The tables publisher_links, shared_values, networks, network_members; and publisher_link_evidence in pieces, to
    be written one after the other.

    Texts that many rows have are held as categories.

    Args:
        publishers, observations, articles: the tables of these names.
        investigation: its ``attribute`` has prior and thresholds, its ``inputs.known_networks`` the published lists.

    Raises:
        UserError: a published list cannot be read.
    """
    observations = without_copies(observations)
    part = groups.excerpt(observations)
    coded = code(publishers, observations)
    # Where the caller keeps no hold of the table either, the memory of most of it is free from here on.
    del observations
    release()
    gathered = gather(publishers, coded)
    del coded
    release()
    prepared = prepare(gathered)
    del gathered
    release()
    shared_values = tables.shared_values(prepared, investigation.attribute)
    linked = link(prepared, investigation.attribute)
    prepared, linked = _told(prepared, linked)
    release()
    ids = links.link_ids(prepared, linked)
    order = links.in_order(ids)
    weighing = links.weights(prepared, linked, ids, order)
    cores = _found(prepared, linked)
    networks, members = groups.networks(cores, links.rows(weighing), publishers, part, articles, investigation)
    del cores, part
    release()
    found = {
        "publisher_links": links.links(prepared, linked, order, weighing),
        "shared_values": shared_values,
        "networks": networks,
        "network_members": members,
    }
    return found, tables.evidence(prepared, linked, ids)


def _told(prepared: Prepared, linked: Linked) -> tuple[Prepared, Linked]:
    """The same without what the tables of links do not tell: the index, and sightings of rows that no pair shares."""
    none, shared = np.zeros(0, dtype=np.int64), linked.shared
    rows, place = present(np.r_[shared.row_a, shared.row_b])
    a, b = place[: len(shared.row_a)], place[len(shared.row_a) :]
    return (
        replace(prepared, index=prepared.index.of(none), more=prepared.more.of(none), seen=prepared.seen.of(rows)),
        replace(linked, shared=replace(shared, row_a=a, row_b=b)),
    )


def _found(prepared: Prepared, linked: Linked) -> groups.Found:
    """The groups, who is in one by a weak join, and how each was joined."""
    weak = {prepared.publishers[unit] for each in linked.joins if each.weak for unit in each.small.tolist()}
    told = [
        (prepared.publishers[int(each.small[0])], words.as_wholes(each, prepared.values))
        for each in _most(linked.joins)
    ]
    return groups.Found(_named(prepared, linked), weak, told)


def link(prepared: Prepared, settings: Attribute) -> Linked:
    """Find, weigh and group."""
    index, values = prepared.index, prepared.values
    control = np.array([role in CONTROL_ROLES for role in prepared.roles], dtype=np.bool_)
    least = min(settings.link, settings.network)
    scale = scale_of(index, values, settings.prior)
    a, b, weighed = _worth(scale, control, least)
    found, joins = _groups(prepared, a, b, weighed, control, settings)
    more_a, more_b = _through(scale, joins)
    by_third = thirds(a, b, weighed, settings.link, control, scale)
    through = by_third.a * index.units + by_third.b
    code = distinct(np.r_[a * index.units + b, more_a * index.units + more_b, through])
    a, b = code // max(index.units, 1), code % max(index.units, 1)
    shared, weighed = _all_shared(a, b, scale)
    third, probability = np.full(len(a), -1), weighed.probability.copy()
    place = np.searchsorted(code, through)
    # What holds a network is what the two share.
    likelier = by_third.probability > np.where(probability[place] < settings.network, probability[place], 1.0)
    third[place[likelier]] = by_third.third[likelier]
    probability[place[likelier]] = by_third.probability[likelier]
    return Linked(a, b, shared, weighed, third, probability, found.labels(), joins)


def _all_shared(a: Ints, b: Ints, scale: Scale) -> tuple[Evidence, Weighed]:
    """All that the pairs share, also what weighs nothing, and what it weighs."""
    every = borne(scale.index, np.ones(len(scale.values.bits), dtype=np.bool_))
    shared, weighed = [], []
    for at in range(0, max(len(a), 1), FEW):
        one, other = a[at : at + FEW], b[at : at + FEW]
        part = evidence(one, other, every)
        weighed.append(small(weigh(one, other, part, scale)))
        shared.append([each.astype(Small) for each in (part.pair + at, part.value, part.row_a, part.row_b)])
    return Evidence(*(np.concatenate(column) for column in zip(*shared, strict=True))), together(weighed)


def _worth(scale: Scale, control: Bools, least: float) -> tuple[Ints, Ints, Weighed]:
    """The pairs of posterior ``least``, and what they weigh by pair (nothing by evidence row).

    Controls are there because they are held to be unrelated: only what is beyond doubt may say otherwise.
    """
    need, none = odds(least) - odds(scale.prior), np.zeros(0, dtype=np.int64)
    lone = np.zeros(scale.index.units, dtype=np.bool_)
    parts = []
    for a, b in chain(
        [(none, none)], candidates(scale.index, at_most(scale), need, lambda a, _: np.full(len(a), need), lone)
    ):
        found = weigh(a, b, evidence(a, b, scale.telling), scale)
        kept = np.flatnonzero((found.probability >= least) & (~(control[a] | control[b]) | conclusive(found)))
        parts.append((a[kept], b[kept], by_pair(found, kept)))
    return (
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        together([part[2] for part in parts]),
    )


def _groups(
    prepared: Prepared, a: Ints, b: Ints, weighed: Weighed, control: Bools, settings: Attribute
) -> tuple[Groups, list[Join]]:
    """Groups of two and more by links of two families; then groups compared as wholes. Controls are in none."""
    may = (holds(weighed, settings.network) | _named_alike(prepared, a, b, weighed, min(ALIKE, settings.network))) & ~(
        control[a] | control[b]
    )
    strong = Strong(a[may], b[may], weighed.bits[may], weighed.decided[may], conclusive(weighed)[may])
    found = join(prepared.index.units, strong)
    joins = join_as_wholes(
        found, prepared.index, prepared.more, prepared.values, ~control, settings.prior, settings.network
    )
    return found, joins


def _named_alike(prepared: Prepared, a: Ints, b: Ints, weighed: Weighed, least: float) -> Bools:
    """Pairs of two families, none of which decides, whose names follow one rare pattern: the third family (see
    holds).
    """
    values = prepared.values
    wanted = of_kind(values, "name_pattern") & (values.bits >= FAMILY)
    open_ = np.flatnonzero((weighed.probability >= least) & (np.bitwise_count(weighed.families) == 2))
    alike = np.zeros(len(a), dtype=np.bool_)
    alike[open_[evidence(a[open_], b[open_], borne(prepared.more, wanted)).pair]] = True
    return alike


def _named(prepared: Prepared, linked: Linked) -> list[list[str]]:
    """The publishers of each group of two and more."""
    members: dict[int, list[str]] = {}
    for name, label in zip(prepared.publishers, linked.label.tolist(), strict=True):
        members.setdefault(label, []).append(name)
    return [names for names in members.values() if len(names) > 1]


def _most(joins: list[Join]) -> list[Join]:
    """The joins in the order in which they are told: those that are not proven first, the largest first."""
    return sorted(joins, key=lambda each: (not each.weak, -len(each.small), int(each.small[0])))


def _through(scale: Scale, joins: list[Join]) -> tuple[Ints, Ints]:
    """For each member of the smaller side of each join, the member of the larger side that it is best linked to."""
    sides = [(both.small[: max(1, THROUGH // len(both.large))], both.large) for both in joins]
    # One row of pairs for each member of a smaller side, as long as the larger one.
    rows = [(int(member), large) for small, large in sides for member in small.tolist()]
    found = set()
    for part in _batches(rows):
        size = [len(large) for _, large in part]
        x, y = np.repeat([member for member, _ in part], size), np.concatenate([large for _, large in part])
        a, b = np.minimum(x, y), np.maximum(x, y)
        bits = weigh(a, b, evidence(a, b, scale.telling), scale).bits
        at = 0
        for many in size:
            best = at + int(np.argmax(bits[at : at + many]))
            if bits[best] > 0:
                found.add((int(a[best]), int(b[best])))
            at += many
    pairs = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


def _batches(rows: Sequence[tuple[int, Ints]]) -> Iterator[list[tuple[int, Ints]]]:
    """``rows`` in batches of about CHUNK pairs."""
    part: list[tuple[int, Ints]] = []
    pairs = 0
    for row in rows:
        if part and pairs + len(row[1]) > CHUNK:
            yield part
            part, pairs = [], 0
        part.append(row)
        pairs += len(row[1])
    if part:
        yield part
