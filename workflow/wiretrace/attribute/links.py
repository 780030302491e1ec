"""The rows of publisher_links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from wiretrace import identity, schema
from wiretrace.attribute import words
from wiretrace.attribute.columns import checked, number, text, told
from wiretrace.attribute.kinds import kinds, names
from wiretrace.attribute.rarity import TRADE_ROLES, Ints
from wiretrace.attribute.shared import first_different
from wiretrace.attribute.values import Prepared
from wiretrace.attribute.weigh import APART, EXCLUSIVE, TIERS, families, tiers

if TYPE_CHECKING:
    from wiretrace.attribute.run import Linked

# Ways in which evidence may be accident that are told of a link, and values that it is said to rest on.
ACCIDENTS = 3
STRONGEST = 2
# Texts that are made at a time, and values whose words are kept.
PART = 50_000
KEPT = 20_000


Columns = Mapping[str, "pd.Series[Any]"]


class Link(NamedTuple):
    """What the networks need of a row of publisher_links."""

    link_id: str
    publisher_a: str
    publisher_b: str
    bits: float
    probability: float
    through: str
    tier: str
    families: str


def link_id(a: str, b: str) -> str:
    """Id of the link between two publishers."""
    return identity.make_id("b", *sorted((a, b)))


def link_ids(prepared: Prepared, linked: Linked) -> list[str]:
    """Id of each pair."""
    name = prepared.publishers
    return [link_id(name[a], name[b]) for a, b in zip(linked.a.tolist(), linked.b.tolist(), strict=True)]


def rows(table: Columns) -> list[Link]:
    """The rows of publisher_links as the networks need them; the name of a publisher with many links is there once."""
    once: dict[str, str] = {}
    columns = [
        [once.setdefault(name, name) for name in table[column].tolist()]
        if column.startswith("publisher_")
        else table[column].tolist()
        for column in Link._fields
    ]
    return [Link(*row) for row in zip(*columns, strict=True)]


def weights(prepared: Prepared, linked: Linked, ids: Sequence[str], order: Ints) -> Columns:
    """Who is linked and how surely: the columns of publisher_links that networks are made of.

    Texts that many rows have are categories. ``ids`` are those of the pairs, ``order`` is the pairs' by their ids.
    """
    weighed = linked.weighed
    places = pa.array(order)
    publishers = pa.array(prepared.publishers, type=pa.large_string())
    decimals = {column.name: column.decimals for column in schema.tables()["publisher_links"].columns}
    masks, mask = np.unique(weighed.families[order], return_inverse=True)
    return {
        "link_id": text(pa.array(ids, type=pa.large_string()).take(places)),
        "publisher_a": text(publishers.take(pa.array(linked.a[order]))),
        "publisher_b": text(publishers.take(pa.array(linked.b[order]))),
        "bits": number(weighed.bits[order], decimals["bits"]),
        "probability": number(linked.probability[order], decimals["probability"]),
        "through": told([*prepared.publishers, ""], linked.third[order] % (len(prepared.publishers) + 1)),
        "tier": told(TIERS, tiers(weighed)[order]),
        "families": told([" ".join(_families(each)) for each in masks.tolist()], mask),
    }


def links(prepared: Prepared, linked: Linked, order: Ints, weighing: Columns) -> pd.DataFrame:
    """The table publisher_links: ``weighing``, which :func:`weights` gives, and what is to be said of it."""
    weighed = linked.weighed
    first, last = _overlaps(prepared, linked)
    times = [*prepared.seen.times, ""]
    said = _Said(prepared, linked)
    accidents, accident = said.spurious()
    counting = np.bincount(linked.shared.pair[weighed.counted > 0], minlength=len(order))
    table = {
        **weighing,
        "strongest": text(said.strongest(order)),
        "spurious": told(accidents, accident[order]),
        "evidence": pd.Series(counting[order], dtype="Int64"),
        "overlap_first": told(times, first[order]),
        "overlap_last": told(times, last[order]),
    }
    return checked("publisher_links", table)


def in_order(ids: Sequence[str]) -> Ints:
    """The numbers of the pairs, ascending by their ids."""
    return np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)


def _families(mask: int) -> list[str]:
    return [name for number, name in enumerate(families()) if mask >> number & 1]


class _Said:
    """What is to be said of each pair's evidence: of its values of WORTH bits, the weightiest first."""

    def __init__(self, prepared: Prepared, linked: Linked) -> None:
        self.prepared, self.linked = prepared, linked
        shared, weighed = linked.shared, linked.weighed
        worth = np.flatnonzero(weighed.counted >= words.WORTH)
        worth = worth[np.lexsort((shared.value[worth], -weighed.counted[worth], shared.pair[worth]))]
        self.pair, self.value, self.why = shared.pair[worth], shared.value[worth], weighed.why[worth]
        self.border = np.searchsorted(self.pair, np.arange(len(linked.a) + 1))

    def strongest(self, order: Ints) -> pa.ChunkedArray:
        """What each link rests on, in this order: the texts are the largest part of the table, and made once."""
        values, controls = self.prepared.values, self.prepared.controls

        @lru_cache(KEPT)
        def worded(value: int) -> str:
            bearing = int(values.controls[value])
            return words.shared(values.kind(value), values.shown[value], int(values.carriers[value]), bearing, controls)

        def each(pairs: Ints) -> Iterator[str]:
            start, end = self.border[pairs], self.border[pairs + 1]
            for pair, low, high in zip(pairs.tolist(), start.tolist(), end.tolist(), strict=True):
                top = [worded(value) for value in self.value[low : min(high, low + STRONGEST)].tolist()]
                said = words.strongest(top, max(0, high - low - STRONGEST))
                yield schema.clean(f"{said} {self._through(pair)}".rstrip())

        parts = [
            pa.array(list(each(order[at : at + PART])), type=pa.large_string()) for at in range(0, len(order), PART)
        ]
        return pa.chunked_array(parts, type=pa.large_string())

    def _through(self, pair: int) -> str:
        """That the pair is as likely as it is since both are linked to a third; '' of one that is not."""
        linked, third = self.linked, int(self.linked.third[pair])
        if third < 0:
            return ""
        own, both = float(linked.weighed.probability[pair]), float(linked.probability[pair])
        return words.through(self.prepared.publishers[third], own, both)

    def spurious(self) -> tuple[list[str], Ints]:
        """What may be accident: the distinct texts, and the number of each link's."""
        values, linked, pairs = self.prepared.values, self.linked, len(self.linked.a)
        accidents = sorted({kind.accident for kind in kinds().values()})
        of_kind = np.array([accidents.index(kinds()[name].accident) for name in names()])
        roles = self.prepared.roles
        trade = np.array([1 << TRADE_ROLES.index(its) if its in TRADE_ROLES else 0 for its in roles] or [0])
        columns = (
            np.bitwise_count(linked.weighed.families),
            linked.weighed.decided,
            np.bincount(self.pair[self.why == APART], minlength=pairs),
            np.bincount(self.pair[values.controls[self.value] > 0], minlength=pairs),
            trade[linked.a] | trade[linked.b],
        )
        some = first_different(self.border, of_kind[values.kind_number[self.value]], ACCIDENTS)
        keys = zip(
            zip(*some.T.tolist(), strict=True),
            zip(*(column.tolist() for column in columns), strict=True),
            zip(*linked.weighed.against.T.tolist(), strict=True),
            strict=True,
        )
        number: dict[tuple[Any, Any, Any], int] = {}
        of_pair = [number.setdefault(key, len(number)) for key in keys]
        texts = []
        for weak, (count, decided, apart, on_controls, trading), off in number:
            against = {kinds()[name].words: bits for name, bits in zip(EXCLUSIVE, off, strict=True) if bits}
            both = sorted(name for place, name in enumerate(TRADE_ROLES) if trading >> place & 1)
            told = [accidents[its] for its in weak if its >= 0]
            texts.append(words.spurious(told, count, decided, apart, on_controls, both, against))
        return texts, np.array(of_pair, dtype=np.int64)


def _overlaps(prepared: Prepared, linked: Linked) -> tuple[Ints, Ints]:
    """The time over which the values that count were seen on both sides, as numbers of the times; one more than these
    where they never were at one time.
    """
    shared, weighed, seen = linked.shared, linked.weighed, prepared.seen
    rows = np.flatnonzero((weighed.counted > 0) & (weighed.gap == 0))
    a, b = shared.row_a[rows], shared.row_b[rows]
    begin, end = np.maximum(seen.first[a], seen.first[b]), np.minimum(seen.last[a], seen.last[b])
    least = np.full(len(linked.a), len(seen.times))
    most = np.full(len(linked.a), -1)
    np.minimum.at(least, shared.pair[rows], np.minimum(begin, end))
    np.maximum.at(most, shared.pair[rows], np.maximum(begin, end))
    return least, np.where(most < 0, len(seen.times), most)
