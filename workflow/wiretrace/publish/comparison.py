"""What differs between two versions, row by row, and what can have caused it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from wiretrace import schema
from wiretrace.errors import UserError
from wiretrace.publish.versions import MANIFEST, RUN, published_at

# Rooms of the library behind the tables of a stage, besides what all of them rest on.
CODE = {
    "index": (),
    "read": ("read",),
    "attribute": ("read", "attribute"),
    "indicate": ("read", "indicate"),
    "texts": ("read", "trace"),
    "speech": ("read", "trace"),
    "posts": ("trace",),
    "publish": ("read", "attribute", "indicate", "trace", "publish"),
}
FOR_ALL = ("ground", "scripts", "evidence")
COLUMNS = ("table", "row", "change", "columns", "before", "after", "why")
# Lines of one kind that are told at a terminal; the CSV holds all.
TOLD = 10


@dataclass(frozen=True)
class Side:
    """One version: its id, the facts of its run, its tables as text."""

    version: str
    run: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Counts:
    """Rows of one table that are in both versions alike, in the later one only, in the earlier one only, in both but
    different."""

    kept: int
    added: int
    removed: int
    changed: int


@dataclass(frozen=True)
class Comparison:
    """Two versions compared: what people ask first, rows per table, and every row that differs (COLUMNS)."""

    causes: tuple[str, ...]
    headlines: tuple[str, ...]
    counts: Mapping[str, Counts]
    rows: tuple[Mapping[str, str], ...]


def newest(folder: str | Path) -> tuple[str, str]:
    """The last two versions below ``folder/versions`` by their time of publication, the earlier one first.

    Raises:
        UserError: there are not two.
    """
    places = [path.parent for path in Path(folder).glob(f"versions/v-*/{RUN}")]
    ordered = [place.name for place in sorted(places, key=lambda place: (published_at(place), place.name))]
    if len(ordered) < 2:
        raise UserError(f"{folder}: holds {len(ordered)} published versions; two are needed to compare")
    return ordered[-2], ordered[-1]


def compare(folder: str | Path, before: str, after: str) -> Comparison:
    """What differs between versions ``before`` and ``after`` of the investigation in ``folder``.

    Rows are matched by their table's key. A version of another schema is compared in the columns that both have.

    Raises:
        UserError: one of the two is not there.
    """
    a, b = _side(folder, before), _side(folder, after)
    causes = _causes(a.run, b.run)
    counts, rows = {}, []
    for table in schema.tables().values():
        if table.name in a.tables and table.name in b.tables:
            counts[table.name], found = _table(table, a, b, causes)
            rows += found
    told = tuple(words for kind in causes for words in causes[kind].values())
    return Comparison(told, tuple(_headlines(a, b)), counts, tuple(rows))


def to_csv(comparison: Comparison) -> str:
    """All rows that differ as CSV, ordered by table and key."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(comparison.rows)
    return out.getvalue()


def _side(folder: str | Path, version: str) -> Side:
    place = Path(folder) / "versions" / version
    if not (place / MANIFEST).is_file():
        raise UserError(f"{place}: no published version there; versions.csv lists what there is")
    run = json.loads((place / RUN).read_text(encoding="utf-8"))
    tables = {
        path.stem: pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
        for path in sorted((place / "tables").glob("*.csv"))
    }
    return Side(version, run, tables)


def _causes(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What went in differently: cause → part → words. Parts of ``code`` are rooms of the library."""
    found: dict[str, dict[str, str]] = {"evidence": {}, "inputs": {}, "settings": {}, "registry": {}, "code": {}}
    for name in _unequal(a["manifests"], b["manifests"]):
        found["evidence"][name] = f"evidence of {name}"
    for name in _unequal(a["inputs"], b["inputs"]):
        found["inputs"][name] = f"the input {name}"
    for name in _unequal(_flat(a["configuration"]), _flat(b["configuration"])):
        found["settings"][name] = f"the setting {name}"
    for name in _unequal(a["code"], b["code"]):
        if name == "registry":
            found["registry"][name] = "rules in config/registry"
        else:
            found["code"][name] = f"code of {name}"
    return found


def _unequal(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[str]:
    return [name for name in sorted({*a, *b}) if a.get(name) != b.get(name)]


def _flat(values: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        flat |= _flat(value, f"{before}{name}.") if isinstance(value, Mapping) else {f"{before}{name}": value}
    return flat


def _table(
    table: schema.Table, a: Side, b: Side, causes: Mapping[str, Mapping[str, str]]
) -> tuple[Counts, list[dict[str, str]]]:
    left, right = _keyed(table, a.tables[table.name]), _keyed(table, b.tables[table.name])
    shared = [name for name in table.names if name in left.columns and name in right.columns]
    common = left.index.intersection(right.index)
    differs = left.loc[common, shared] != right.loc[common, shared]
    changed = common[differs.any(axis=1)] if len(common) else common
    why = _why(table, causes)
    rows = []
    for change, keys in (
        ("added", right.index.difference(left.index)),
        ("removed", left.index.difference(right.index)),
    ):
        held, other = (right, a) if change == "added" else (left, b)
        new = _cites_new(table, held.loc[keys], other)
        rows += [
            _row(table, str(key), change, "new evidence" if flag and change == "added" else why)
            for key, flag in zip(keys, new, strict=True)
        ]
    for key in changed:
        names = [name for name in shared if differs.at[key, name]]
        was, now = ({name: side.at[key, name] for name in names} for side in (left, right))
        row = _row(table, str(key), "changed", why)
        rows.append(row | {"columns": " ".join(names), "before": schema.dump(was), "after": schema.dump(now)})
    rows.sort(key=lambda row: row["row"])
    counted = Counter(row["change"] for row in rows)
    return Counts(len(common) - len(changed), counted["added"], counted["removed"], counted["changed"]), rows


def _row(table: schema.Table, key: str, change: str, why: str) -> dict[str, str]:
    return {"table": table.name, "row": key, "change": change, "columns": "", "before": "", "after": "", "why": why}


def _keyed(table: schema.Table, data: pd.DataFrame) -> pd.DataFrame:
    """``data`` by its key as one string, the form in which claim_evidence names rows."""
    parts = [data[column] for column in table.key]
    return data.set_axis([" ".join(values) for values in zip(*parts, strict=True)], axis="index")


def _why(table: schema.Table, causes: Mapping[str, Mapping[str, str]]) -> str:
    """All that can have changed a row of ``table``: what went in differently on the way to it."""
    possible = [words for kind in ("evidence", "inputs", "settings", "registry") for words in causes[kind].values()]
    rooms = (*FOR_ALL, *CODE[table.stage])
    possible += [causes["code"][room] for room in rooms if room in causes["code"]]
    return " or ".join(possible)


def _cites_new(table: schema.Table, rows: pd.DataFrame, other: Side) -> list[bool]:
    """For each row: does it cite a capture that the other version does not have?"""
    known = set(other.tables["captures"]["capture_id"])
    names = [c.name for c in table.columns if (c.ref == "captures" or c.name == "capture_id") and c.name in rows]
    return [
        any(part not in known for cell in cells for part in cell.split())
        for cells in rows[names].itertuples(index=False)
    ]


def _headlines(a: Side, b: Side) -> Iterator[str]:
    """What people ask first, in sentences."""
    yield from _articles(a, b)
    news = sorted(set(b.tables["publishers"]["publisher"]) - set(a.tables["publishers"]["publisher"]))
    if news:
        yield f"{len(news)} new publishers: {_few(news)}."
    yield from _shared(a, b, set(news))
    links = _gone_and_new(a, b, "publisher_links", ("publisher_a", "publisher_b"))
    for words, pairs in zip(("new", "gone"), links, strict=True):
        if pairs:
            yield f"{len(pairs)} {words} links between publishers: {_few([' - '.join(pair) for pair in pairs])}."
    yield from _verdicts(a, b)
    fresh, lost = _gone_and_new(a, b, "claims", ("statement",))
    yield from (f"New claim: {words}" for (words,) in fresh[:TOLD])
    yield from (f"No longer claimed: {words}" for (words,) in lost[:TOLD])


def _articles(a: Side, b: Side) -> Iterator[str]:
    """What the later version's rounds tell of articles that the earlier version does not."""
    known = set(a.tables["changes"]["change_id"])
    rows = b.tables["changes"]
    rows = rows[~rows["change_id"].isin(known) & (rows["subject"] == "article")]
    counts = Counter(zip(rows["change"], rows["why"], strict=True))
    words = {
        ("removed", "site"): "deleted",
        ("edited", "site"): "rewritten",
        ("added", "site"): "new",
        ("removed", "source_down"): "could not be asked for again",
        ("removed", "not_looked"): "not asked for again",
    }
    told = [f"{counts[key]} {word}" for key, word in words.items() if counts[key]]
    if told:
        yield f"Articles: {', '.join(told)}."


def _shared(a: Side, b: Side, news: set[str]) -> Iterator[str]:
    """Values that tie new publishers to others, the ones with the most new publishers first."""
    links = b.tables["publisher_links"].set_index("link_id")[["publisher_a", "publisher_b"]]
    rows = b.tables["publisher_link_evidence"].join(links, on="link_id")
    rows = rows[rows["bits"].astype(float) > 0]
    found: dict[tuple[str, str], set[str]] = {}
    for kind, value, *pair in rows[["kind", "value", "publisher_a", "publisher_b"]].itertuples(index=False):
        if tied := news & set(pair):
            found.setdefault((kind, value), set()).update(tied)
    for (kind, value), tied in sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))[:TOLD]:
        yield f"{len(tied)} new publishers on the same {kind.replace('_', ' ')} {value[:80]}: {_few(sorted(tied))}."


def _verdicts(a: Side, b: Side) -> Iterator[str]:
    """Articles whose verdict is another one; it is the same on all rows of an article."""
    was, now = (
        dict(zip(side.tables["traces"]["article_id"], side.tables["traces"]["verdict"], strict=True)) for side in (a, b)
    )
    changed = [f"{key} {was[key]} -> {now[key]}" for key in sorted(was.keys() & now.keys()) if was[key] != now[key]]
    if changed:
        yield f"{len(changed)} articles have another verdict on their source: {_few(changed)}."


def _gone_and_new(
    a: Side, b: Side, table: str, columns: Sequence[str]
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    was, now = ({tuple(row) for row in s.tables[table][list(columns)].itertuples(index=False)} for s in (a, b))
    return sorted(now - was), sorted(was - now)


def _few(names: Sequence[str]) -> str:
    rest = len(names) - TOLD
    return ", ".join(names[:TOLD]) + (f" and {rest} more" if rest > 0 else "")
