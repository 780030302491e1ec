"""The rows of publisher_link_evidence and shared_values."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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
from wiretrace.attribute.rarity import Ints, Small, Values
from wiretrace.attribute.values import Prepared, ranked
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


def _reasons(prepared: Prepared, linked: Linked, order: Ints) -> pd.Series[Any]:
    """Why each evidence row counts less, in this order of the rows."""
    shared, weighed, values = linked.shared, linked.weighed, prepared.values
    # What is said by the value: its own reason, or, of those without, what its kind and number of carriers say.
    with_reason = np.zeros(len(values.bits), dtype=np.bool_)
    with_reason[list(values.reason)] = True
    many = values.carriers > CARRIERS
    own = np.where(with_reason, np.arange(len(many)), -1 - (2 * values.kind_number + many))
    most = int(weighed.gap.max(initial=0)) + 1
    less = (weighed.full > 0) & (weighed.counted < weighed.full)
    note = np.where(less, (weighed.why.astype(np.int64) + 1) * most + weighed.gap, 0)
    note += own[shared.value] * (WHYS * most)
    said, place = np.unique(note, return_inverse=True)
    texts = []
    for value, its in zip(*np.divmod(said, WHYS * most), strict=True):
        why, gap = divmod(int(its), most)
        kind, common = divmod(-1 - int(value), 2)
        if value >= 0:
            kind, common = int(values.kind_number[value]), int(many[value])
        family = kinds()[names()[kind]].family
        texts.append(words.reason(values.reason.get(int(value), ""), why - 1, gap, family, bool(common)))
    return told(texts, place[order])


def evidence(prepared: Prepared, linked: Linked, ids: Sequence[str]) -> pd.DataFrame:
    """The table publisher_link_evidence; ``ids`` are those of the pairs.

    Texts that many rows have are categories: a large table has far fewer of them than rows.
    """
    shared, weighed, values, seen = linked.shared, linked.weighed, prepared.values, prepared.seen
    used, value = present(shared.value)
    digest = _digests(prepared, linked, ids, used, value)
    order = np.argsort(digest, kind="stable").astype(Small)
    kind = values.kind_number[shared.value].astype(np.int16)[order]
    each = [kinds()[name] for name in names()]

    def seen_in(rows: Ints) -> pd.Series[Any]:
        used, number = present(seen.row[rows[order]])
        place, texts = ranked(seen.observation.take(pa.array(used)).combine_chunks())
        return pd.Series(pd.Categorical.from_codes(place[number], categories=pd.Index(text(texts))))

    table: dict[str, pd.Series[Any]] = {
        "evidence_id": written("e", digest[order]),
        "link_id": told(ids, shared.pair[order]),
        "kind": told(names(), kind),
        "value": told([shown[:LONGEST] for shown in values.shown.all(used)], value[order]),
        "family": told([k.family for k in each], kind),
        "bits": number(weighed.counted[order], 2),
        "full_bits": number(weighed.full[order], 2),
        "reason": _reasons(prepared, linked, order),
        "background": number(values.background[shared.value[order]], 6),
        "carriers": pd.Series(values.carriers[shared.value[order]], dtype="Int64"),
        "observation_a": seen_in(shared.row_a),
        "observation_b": seen_in(shared.row_b),
        "spurious": told([k.accident for k in each], kind),
    }
    return checked("publisher_link_evidence", table)


def _digests(prepared: Prepared, linked: Linked, ids: Sequence[str], used: Ints, value: Ints) -> Numbers:
    """The number of each row's id: identity.make_id("e", link, kind, key), of which the part of the value is made once.

    Numbers that are read as most significant byte first are in the order of the ids' texts.
    """
    values, pair = prepared.values, linked.shared.pair
    kind = [names()[number] for number in values.kind_number[used].tolist()]
    parts = [
        f"\x1f{name}\x1f{key}".encode("utf-8", "replace") for name, key in zip(kind, values.key.all(used), strict=True)
    ]
    starts = [link.encode() for link in ids]
    found = [np.zeros(0, dtype=">u8")]
    for at in range(0, len(pair), PART):
        rows = zip(pair[at : at + PART].tolist(), value[at : at + PART].tolist(), strict=True)
        made = b"".join([hashlib.sha256(starts[link] + parts[part]).digest()[:8] for link, part in rows])
        found.append(np.frombuffer(made, dtype=">u8"))
    return np.concatenate(found).astype(np.uint64)
