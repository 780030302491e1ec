"""The rows of publisher_link_evidence and shared_values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from wiretrace import identity, schema
from wiretrace.attribute import words
from wiretrace.attribute.columns import PART, Numbers, checked, number, present, text, told
from wiretrace.attribute.columns import ids as written
from wiretrace.attribute.kinds import kinds, names
from wiretrace.attribute.pairs import CARRIERS
from wiretrace.attribute.rarity import Bools, Ints, Small, Values
from wiretrace.attribute.values import Prepared
from wiretrace.attribute.weigh import ALONE, BESIDE_ONLY, DECIDES, HOST, odds
from wiretrace.config import Attribute

if TYPE_CHECKING:
    from wiretrace.attribute.run import Linked

# Characters of a shared value that a row repeats; the observation has all of it.
LONGEST = 500
# Publishers that a row of shared_values names.
NAMED = 50
# Notes of weigh.Weighed.why, and none.
WHYS = 12


def shared_values(prepared: Prepared, settings: Attribute) -> pd.DataFrame:
    """The table shared_values: every value that two publishers or more bear, and why it links nobody by itself."""
    index, values, seen = prepared.index, prepared.values, prepared.seen
    order = np.lexsort((index.unit, index.value))
    number = np.bincount(index.value, minlength=len(values.key))
    order = order[number[index.value[order]] > 1]
    if not len(order):
        return schema.frame("shared_values")
    used, start, many = np.unique(index.value[order], return_index=True, return_counts=True)
    first = np.minimum.reduceat(seen.first[order], start).tolist()
    last = np.maximum.reduceat(seen.last[order], start).tolist()
    bearers = index.unit[order]
    bits = np.maximum(0.0, values.bits[used] - values.tenants[used]).tolist()
    rows = (
        {
            "value_id": identity.make_id("sv", values.kind(v).name, values.key[v]),
            "kind": values.kind(v).name,
            "value": values.key[v][:LONGEST],
            "family": values.kind(v).family,
            "carriers": bearing,
            "controls": int(values.controls[v]),
            "background": float(values.background[v]),
            "bits": weight,
            "reason": _alone(values, v, weight, settings),
            "publishers": " ".join(
                prepared.publishers[unit] for unit in bearers[at : at + min(bearing, NAMED)].tolist()
            ),
            "first_seen": seen.times[earliest],
            "last_seen": seen.times[latest],
        }
        for v, at, bearing, weight, earliest, latest in zip(
            used.tolist(), start.tolist(), many.tolist(), bits, first, last, strict=True
        )
    )
    return schema.frame("shared_values", rows)


def _alone(values: Values, value: int, bits: float, settings: Attribute) -> str:
    """Why a value is common, and why two that share it and nothing else are not linked; '' of one that links."""
    known = values.reason.get(value, "")
    if not bits:
        return known
    host = values.kind(value).family == HOST
    most = 1.0 if values.decides[value] and bits >= DECIDES else BESIDE_ONLY if host else ALONE
    probability = min(most, 1 / (1 + 2.0 ** -(bits + odds(settings.prior))))
    lead = words.lead(probability, settings.link, host) if probability < settings.link else ""
    return "; ".join(part for part in (known, lead) if part)


@dataclass(frozen=True)
class _Spoken:
    """What is said of the rows of one value: its number where it has a reason of its own, else less than 0, by its kind
    and whether it is borne too often to link on.
    """

    own: Ints
    many: Bools


def _spoken(values: Values) -> _Spoken:
    with_reason = np.zeros(len(values.bits), dtype=np.bool_)
    with_reason[list(values.reason)] = True
    many = values.carriers > CARRIERS
    return _Spoken(np.where(with_reason, np.arange(len(many)), -1 - (2 * values.kind_number + many)), many)


def _reasons(prepared: Prepared, linked: Linked, spoken: _Spoken, rows: Ints) -> pd.Series[Any]:
    """Why each of these evidence rows counts less."""
    weighed, values = linked.weighed, prepared.values
    value = linked.shared.value[rows]
    gap, full, counted = weighed.gap[rows], values.bits[value], weighed.counted[rows]
    most = int(gap.max(initial=0)) + 1
    less = (full > 0) & (counted < full)
    note = np.where(less, (weighed.why[rows].astype(np.int64) + 1) * most + gap, 0)
    note += spoken.own[value] * (WHYS * most)
    said, place = np.unique(note, return_inverse=True)
    texts = []
    for own, its in zip(*np.divmod(said, WHYS * most), strict=True):
        why, days = divmod(int(its), most)
        kind, common = divmod(-1 - int(own), 2)
        if own >= 0:
            kind, common = int(values.kind_number[own]), int(spoken.many[own])
        family = kinds()[names()[kind]].family
        texts.append(words.reason(values.reason.get(int(own), ""), why - 1, days, family, bool(common)))
    return told(texts, place)


def evidence(prepared: Prepared, linked: Linked, ids: Sequence[str]) -> Iterator[pd.DataFrame]:
    """The table publisher_link_evidence in pieces of PART rows, ascending through all; ``ids`` are those of the pairs.

    A large table has millions of rows, which are never there together. Texts that many rows have are categories.
    """
    digest = _digests(prepared, linked, ids)
    order = np.argsort(digest, kind="stable").astype(Small)
    spoken = _spoken(prepared.values)
    for at in range(0, max(len(order), 1), PART):
        rows = order[at : at + PART]
        yield _piece(prepared, linked, ids, spoken, digest[rows], rows)


def _piece(
    prepared: Prepared, linked: Linked, ids: Sequence[str], spoken: _Spoken, digest: Numbers, rows: Ints
) -> pd.DataFrame:
    """These rows, whose ids have the numbers ``digest``."""
    shared, weighed, values, seen = linked.shared, linked.weighed, prepared.values, prepared.seen
    value = shared.value[rows]
    kind = values.kind_number[value]
    used, place = np.unique(value, return_inverse=True)
    each = [kinds()[name] for name in names()]

    def seen_in(row: Ints) -> pd.Series[Any]:
        return text(seen.observation.take(pa.array(seen.row[row[rows]])))

    table: dict[str, pd.Series[Any]] = {
        "evidence_id": written("e", digest),
        "link_id": text(pa.array([ids[pair] for pair in shared.pair[rows].tolist()], type=pa.large_string())),
        "kind": told(names(), kind),
        "value": told([shown[:LONGEST] for shown in values.shown.all(used)], place),
        "family": told([k.family for k in each], kind),
        "bits": number(weighed.counted[rows], 2),
        "full_bits": number(values.bits[value], 2),
        "reason": _reasons(prepared, linked, spoken, rows),
        "background": number(values.background[value], 6),
        "carriers": pd.Series(values.carriers[value], dtype="Int64"),
        "observation_a": seen_in(shared.row_a),
        "observation_b": seen_in(shared.row_b),
        "spurious": told([k.accident for k in each], kind),
    }
    return checked("publisher_link_evidence", table)


def _digests(prepared: Prepared, linked: Linked, ids: Sequence[str]) -> Numbers:
    """The number of each row's id: identity.make_id("e", link, kind, key), of which the part of the value is made once.

    Numbers that are read as most significant byte first are in the order of the ids' texts.
    """
    values, pair = prepared.values, linked.shared.pair
    used, value = present(linked.shared.value)
    kind = [names()[number] for number in values.kind_number[used].tolist()]
    parts = [
        f"\x1f{name}\x1f{key}".encode("utf-8", "replace") for name, key in zip(kind, values.key.all(used), strict=True)
    ]
    starts = [link.encode() for link in ids]
    found = [np.zeros(0, dtype=np.uint64)]
    for at in range(0, len(pair), PART):
        rows = zip(pair[at : at + PART].tolist(), value[at : at + PART].tolist(), strict=True)
        made = b"".join([hashlib.sha256(starts[link] + parts[part]).digest()[:8] for link, part in rows])
        found.append(np.frombuffer(made, dtype=">u8").astype(np.uint64))
    return np.concatenate(found)
