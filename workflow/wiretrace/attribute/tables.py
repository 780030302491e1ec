"""The rows of publisher_links, publisher_link_evidence and shared_values."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from wiretrace import identity, schema
from wiretrace.attribute import words
from wiretrace.attribute.kinds import kinds, names
from wiretrace.attribute.pairs import CARRIERS
from wiretrace.attribute.rarity import Ints, Values
from wiretrace.attribute.values import Prepared, ranked
from wiretrace.attribute.weigh import ALONE, BESIDE_ONLY, DECIDES, EXCLUSIVE, HOST, families, odds, tier
from wiretrace.config import Attribute

if TYPE_CHECKING:
    from wiretrace.attribute.run import Linked

# Characters of a shared value that a row repeats; the observation has all of it.
LONGEST = 500
# Publishers that a row of shared_values names.
NAMED = 50
Numbers = NDArray[np.uint64]
# Notes of weigh.Weighed.why, and none.
WHYS = 12
# Rows of evidence whose ids are made at a time.
PART = 100_000
NUMBERED = ("link_id", "publisher_a", "publisher_b", "bits", "probability", "tier", "families")


def link_id(a: str, b: str) -> str:
    """Id of the link between two publishers."""
    return identity.make_id("b", *sorted((a, b)))


def links(prepared: Prepared, linked: Linked) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables publisher_links and publisher_link_evidence."""
    ids = [
        link_id(prepared.publishers[a], prepared.publishers[b])
        for a, b in zip(linked.a.tolist(), linked.b.tolist(), strict=True)
    ]
    return _links(prepared, linked, ids), _evidence(prepared, linked, ids)


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """What the networks need of publisher_links."""
    return schema.records(table[list(NUMBERED)])


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


def _reasons(prepared: Prepared, linked: Linked) -> tuple[Ints, list[str]]:
    """Why each evidence row counts less, as a number of the distinct texts."""
    shared, weighed, values = linked.shared, linked.weighed, prepared.values
    less = (weighed.full > 0) & (weighed.counted < weighed.full)
    # What is said by the value: its own reason, or, of those without, what its kind and number of carriers say.
    told = np.zeros(len(values.bits), dtype=np.bool_)
    told[list(values.reason)] = True
    many = values.carriers > CARRIERS
    own = np.where(told, np.arange(len(told)), -1 - (2 * values.kind_number + many))
    most = int(weighed.gap.max(initial=0)) + 1
    note = np.where(less, (weighed.why.astype(np.int64) + 1) * most + weighed.gap, 0)
    code = own[shared.value] * (WHYS * most) + note
    said, number = np.unique(code, return_inverse=True)
    texts = []
    for value, its in zip(*np.divmod(said, WHYS * most), strict=True):
        why, gap = divmod(int(its), most)
        kind, common = divmod(-1 - int(value), 2)
        if value >= 0:
            kind, common = int(values.kind_number[value]), int(many[value])
        family = kinds()[names()[kind]].family
        texts.append(words.reason(values.reason.get(int(value), ""), why - 1, gap, family, bool(common)))
    return number, texts


def _evidence(prepared: Prepared, linked: Linked, ids: Sequence[str]) -> pd.DataFrame:
    """Texts that many rows have are categories: a large table has far fewer of them than rows."""
    shared, weighed, values, seen = linked.shared, linked.weighed, prepared.values, prepared.seen
    used, value = np.unique(shared.value, return_inverse=True)
    digest = _digests(prepared, linked, ids, used, value)
    order = np.argsort(digest, kind="stable")
    reason, texts = _reasons(prepared, linked)
    kind = values.kind_number[shared.value][order]
    each = [kinds()[name] for name in names()]

    def seen_in(rows: Ints) -> pd.Series[Any]:
        used, number = np.unique(seen.row[rows[order]], return_inverse=True)
        place, ids = ranked(seen.observation.take(pa.array(used)).combine_chunks())
        return pd.Series(pd.Categorical.from_codes(place[number], categories=pd.Index(_text(ids))))

    table: dict[str, pd.Series[Any]] = {
        "evidence_id": _ids("e", digest[order]),
        "link_id": _told(ids, shared.pair[order]),
        "kind": _told(names(), kind),
        "value": _told([text[:LONGEST] for text in values.shown.all(used)], value[order]),
        "family": _told([k.family for k in each], kind),
        "bits": _number(weighed.counted[order], 2),
        "full_bits": _number(weighed.full[order], 2),
        "reason": _told(texts, reason[order]),
        "background": _number(values.background[shared.value[order]], 6),
        "carriers": pd.Series(values.carriers[shared.value[order]], dtype="Int64"),
        "observation_a": seen_in(shared.row_a),
        "observation_b": seen_in(shared.row_b),
        "spurious": _told([k.accident for k in each], kind),
    }
    return _checked("publisher_link_evidence", table)


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


def _ids(prefix: str, numbers: Numbers) -> pd.Series[str]:
    """Ids of 16 hexadecimal digits, as identity.make_id writes them."""
    digits = np.frombuffer(numbers.astype(">u8").tobytes().hex().encode(), dtype=np.uint8).reshape(-1, 16)
    start = np.frombuffer(f"{prefix}-".encode(), dtype=np.uint8)
    text = np.concatenate([np.broadcast_to(start, (len(digits), len(start))), digits], axis=1)
    border = np.arange(len(digits) + 1, dtype=np.int64) * text.shape[1]
    return _text(pa.LargeStringArray.from_buffers(len(digits), pa.py_buffer(border), pa.py_buffer(text)))


def _told(texts: Sequence[str], numbers: Ints) -> pd.Series[Any]:
    """The text of each number, as categories."""
    used, numbers = np.unique(numbers, return_inverse=True)
    said = [schema.clean(texts[number]) for number in used.tolist()]
    place = {text: number for number, text in enumerate(sorted(set(said)))}
    codes = np.array([place[text] for text in said], dtype=np.int64)[numbers]
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(list(place), dtype="str")))


def _links(prepared: Prepared, linked: Linked, ids: Sequence[str]) -> pd.DataFrame:
    found: dict[str, list[Any]] = {name: [] for name in schema.tables()["publisher_links"].names}
    first, last = _overlaps(prepared, linked)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    said = _Said(prepared, linked)
    for pair in order:
        items, more, counting, seen = said.of(pair)
        a, b = int(linked.a[pair]), int(linked.b[pair])
        mask = int(linked.weighed.families[pair])
        counted = [name for number, name in enumerate(families()) if mask >> number & 1]
        probability, decided = float(linked.weighed.probability[pair]), bool(linked.weighed.decided[pair])
        off = linked.weighed.against[pair].tolist()
        against = {kinds()[name].words: bits for name, bits in zip(EXCLUSIVE, off, strict=True) if bits}
        row = (
            ids[pair],
            prepared.publishers[a],
            prepared.publishers[b],
            float(linked.weighed.bits[pair]),
            probability,
            tier(probability, len(counted), decided),
            " ".join(counted),
            words.strongest(items[:2], more, prepared.controls),
            words.spurious(items, len(counted), decided, seen, (prepared.roles[a], prepared.roles[b]), against),
            counting,
            first[pair],
            last[pair],
        )
        for column, cell in zip(found.values(), row, strict=True):
            column.append(cell)
    table: dict[str, pd.Series[Any]] = {}
    for spec in schema.tables()["publisher_links"].columns:
        cells = found[spec.name]
        if spec.type == "number":
            table[spec.name] = _number(np.array(cells, dtype=np.float64), spec.decimals)
        elif spec.type == "integer":
            table[spec.name] = pd.Series(cells, dtype="Int64")
        else:
            table[spec.name] = _text(pa.array(map(schema.clean, cells), type=pa.large_string()))
    return _checked("publisher_links", table)


class _Said:
    """What is to be said of each pair's evidence."""

    def __init__(self, prepared: Prepared, linked: Linked) -> None:
        self.values, self.linked = prepared.values, linked
        shared, weighed = linked.shared, linked.weighed
        worth = np.flatnonzero(weighed.counted >= words.WORTH)
        self.order = worth[np.lexsort((shared.value[worth], -weighed.counted[worth], shared.pair[worth]))]
        used = np.flatnonzero(np.bincount(shared.value[worth], minlength=1))
        self.shown = dict(zip(used.tolist(), self.values.shown.all(used), strict=True))
        pairs = np.arange(len(linked.a) + 1)
        self.border = np.searchsorted(shared.pair[self.order], pairs).tolist()
        self.counting = np.bincount(shared.pair[weighed.counted > 0], minlength=len(linked.a)).tolist()

    def of(self, pair: int) -> tuple[list[words.Item], int, int, int]:
        """Its values of WORTH bits, the weightiest first; how many there are beyond two; how many count; on
        controls.
        """
        rows = self.order[self.border[pair] : self.border[pair + 1]].tolist()
        values, shared, weighed = self.values, self.linked.shared, self.linked.weighed
        items = []
        for row in rows:
            value = int(shared.value[row])
            items.append(
                words.Item(
                    values.kind(value),
                    self.shown[value],
                    int(weighed.why[row]),
                    int(values.carriers[value]),
                    int(values.controls[value]),
                )
            )
        return items, max(0, len(items) - 2), self.counting[pair], sum(item.controls > 0 for item in items)


def _overlaps(prepared: Prepared, linked: Linked) -> tuple[list[str], list[str]]:
    """The time over which the values that count were seen on both sides; empty where they never were at one time."""
    shared, weighed, seen = linked.shared, linked.weighed, prepared.seen
    rows = np.flatnonzero((weighed.counted > 0) & (weighed.gap == 0))
    a, b = shared.row_a[rows], shared.row_b[rows]
    begin, end = np.maximum(seen.first[a], seen.first[b]), np.minimum(seen.last[a], seen.last[b])
    least = np.full(len(linked.a), len(seen.times))
    most = np.full(len(linked.a), -1)
    np.minimum.at(least, shared.pair[rows], np.minimum(begin, end))
    np.maximum.at(most, shared.pair[rows], np.maximum(begin, end))
    times = [*seen.times, ""]
    return [times[number] for number in least.tolist()], [times[number] for number in most.tolist()]


def _text(array: pa.Array) -> pd.Series[str]:
    return pd.Series(array.to_pandas(), dtype="str") if not len(array) else _arrow(array)


def _arrow(array: pa.Array) -> pd.Series[str]:
    dtype = pd.StringDtype("pyarrow", na_value=np.nan)
    return pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array([array]), dtype=dtype))  # type: ignore[call-arg]


def _number(values: Any, decimals: int) -> pd.Series[float]:
    return pd.Series(np.round(values, decimals) + 0.0, dtype="Float64")


def _checked(name: str, columns: dict[str, pd.Series[Any]]) -> pd.DataFrame:
    """Columns in the order of the key as table ``name``: what schema.frame gives, without a dictionary for each row."""
    frame = pd.DataFrame(columns, columns=list(schema.tables()[name].names))
    schema.check(name, frame)
    return frame
