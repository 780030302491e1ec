"""The rows of publisher_links and publisher_link_evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wiretrace import identity, schema
from wiretrace.attribute import words
from wiretrace.attribute.kinds import kinds
from wiretrace.attribute.values import Prepared
from wiretrace.attribute.weigh import EXCLUSIVE, families, tier

if TYPE_CHECKING:
    from wiretrace.attribute.run import Linked

# Characters of a shared value that a row repeats; the observation has all of it.
LONGEST = 500


def link_id(a: str, b: str) -> str:
    """Id of the link between two publishers."""
    return identity.make_id("b", *sorted((a, b)))


def items(prepared: Prepared, linked: Linked) -> Iterator[tuple[int, list[tuple[int, words.Item]]]]:
    """For each pair its evidence rows and what is to be said of them, the weightiest first."""
    shared, weighed, values = linked.shared, linked.weighed, prepared.values
    border = np.searchsorted(shared.pair, np.arange(len(linked.a) + 1))
    for pair in range(len(linked.a)):
        rows = [
            (
                row,
                words.Item(
                    values.kind[value := int(shared.value[row])],
                    values.shown[value],
                    float(weighed.counted[row]),
                    float(weighed.full[row]),
                    int(weighed.why[row]),
                    int(weighed.gap[row]),
                    int(values.carriers[value]),
                    int(values.controls[value]),
                    values.reason[value],
                ),
            )
            for row in range(int(border[pair]), int(border[pair + 1]))
        ]
        yield (
            pair,
            sorted(rows, key=lambda entry: (-entry[1].counted, -entry[1].full, entry[1].kind.name, entry[1].value)),
        )


def links(prepared: Prepared, linked: Linked) -> tuple[list[dict[str, Any]], pd.DataFrame]:
    """Rows of publisher_links, and the table publisher_link_evidence."""
    found: list[dict[str, Any]] = []
    columns: dict[str, list[Any]] = {name: [] for name in schema.tables()["publisher_link_evidence"].names}
    first, last = prepared.rows["first_seen"].tolist(), prepared.rows["last_seen"].tolist()
    observation = prepared.rows["observation_id"].tolist()
    for pair, told in items(prepared, linked):
        a, b = prepared.publishers[linked.a[pair]], prepared.publishers[linked.b[pair]]
        link = link_id(a, b)
        for row, item in told:
            value = int(linked.shared.value[row])
            row_a, row_b = int(linked.shared.row_a[row]), int(linked.shared.row_b[row])
            columns["evidence_id"].append(identity.make_id("e", link, item.kind.name, prepared.values.key[value]))
            columns["link_id"].append(link)
            columns["kind"].append(item.kind.name)
            columns["value"].append(item.value[:LONGEST])
            columns["family"].append(item.kind.family)
            columns["bits"].append(item.counted)
            columns["full_bits"].append(item.full)
            columns["reason"].append(words.reason(item))
            columns["background"].append(float(prepared.values.background[value]))
            columns["carriers"].append(item.carriers)
            columns["observation_a"].append(observation[row_a])
            columns["observation_b"].append(observation[row_b])
            columns["spurious"].append(item.kind.accident)
        found.append(_link(prepared, linked, pair, told, link) | _overlap(linked, told, first, last))
    return found, _frame("publisher_link_evidence", columns)


def _link(
    prepared: Prepared, linked: Linked, pair: int, told: list[tuple[int, words.Item]], link: str
) -> dict[str, Any]:
    a, b = int(linked.a[pair]), int(linked.b[pair])
    mask = int(linked.weighed.families[pair])
    counted = [name for number, name in enumerate(families()) if mask >> number & 1]
    probability, decided = float(linked.weighed.probability[pair]), bool(linked.weighed.decided[pair])
    said = [item for _, item in told]
    off = linked.weighed.against[pair].tolist()
    against = {kinds()[name].words: bits for name, bits in zip(EXCLUSIVE, off, strict=True) if bits}
    return {
        "link_id": link,
        "publisher_a": prepared.publishers[a],
        "publisher_b": prepared.publishers[b],
        "bits": float(linked.weighed.bits[pair]),
        "probability": probability,
        "tier": tier(probability, len(counted), decided),
        "families": " ".join(counted),
        "strongest": words.strongest(said, prepared.controls),
        "spurious": words.spurious(said, len(counted), decided, (prepared.roles[a], prepared.roles[b]), against),
        "evidence": sum(item.counted > 0 for item in said),
    }


def _overlap(linked: Linked, told: list[tuple[int, words.Item]], first: list[str], last: list[str]) -> dict[str, str]:
    """The time over which the values that count were seen on both sides; empty where they never were at one time."""
    begin, end = [], []
    for row, item in told:
        if item.counted <= 0 or linked.weighed.gap[row] > 0:
            continue
        rows = (int(linked.shared.row_a[row]), int(linked.shared.row_b[row]))
        ends = sorted((max(first[r] for r in rows), min(last[r] for r in rows)))
        begin.append(ends[0])
        end.append(ends[1])
    return {"overlap_first": min(begin), "overlap_last": max(end)} if begin else {}


def _frame(name: str, columns: dict[str, list[Any]]) -> pd.DataFrame:
    """Columns as table ``name``: what schema.frame gives, without a dictionary for each of a million rows."""
    table = schema.tables()[name]
    made = {}
    for column in table.columns:
        values = columns[column.name]
        if column.type == "number":
            made[column.name] = pd.Series(
                np.round(np.array(values, dtype=np.float64), column.decimals) + 0.0, dtype="Float64"
            )
        elif column.type in schema.TEXT:
            made[column.name] = pd.Series([schema.clean(value) for value in values], dtype="str")
        else:
            made[column.name] = pd.Series(values, dtype=schema.DTYPES[column.type])
    frame = pd.DataFrame(made, columns=list(table.names)).sort_values(list(table.key), kind="stable", ignore_index=True)
    schema.check(name, frame)
    return frame
