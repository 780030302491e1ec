"""Check a published version: sums, name, schema, keys, references, down to the bytes of the captures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from wiretrace import evidence, schema
from wiretrace.errors import UserError
from wiretrace.publish.versions import MANIFEST, RUN, digest, identity_of, published, sums, version_id

# Problems of one kind that are told one by one; the rest is counted.
TOLD = 20


def verify_version(folder: str | Path, version: str) -> list[str]:
    """Problems of ``folder/versions/VERSION``, each in one line; an empty list: it holds.

    Recomputes all sums and the version's name, checks every table against its schema, every reference against the table
    it names, every row of evidence against its row, and, where ``folder/evidence`` is there, that it is the evidence
    that the version was made from, and every capture against its archive.

    Raises:
        UserError: there is no such version.
    """
    place = Path(folder) / "versions" / version
    if not (place / MANIFEST).is_file():
        raise UserError(f"{place}: no published version there; versions.csv lists what there is")
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        listed: dict[str, Any] = dict(manifest["files"])
    except (ValueError, KeyError, TypeError):
        return [f"{MANIFEST}: cannot be read"]
    problems = list(_files(listed, sums(place)))
    tables, unread = _read(place)
    problems += unread
    if not unread:
        identity = identity_of(place / "tables", {name: len(data) for name, data in tables.items()})
        named = version_id(identity, _run(place))
        if not named == version == manifest.get("version"):
            problems.append(f"{version}: the tables and the facts of the run are those of {named}")
        problems += _few(_references(tables))
        problems += _few(_claim_rows(tables))
        archive = Path(folder) / "evidence"
        if archive.is_dir():
            problems += _sealed(place, archive)
            problems += _few(_captures(tables["captures"], archive))
    return problems


def _run(place: Path) -> dict[str, Any]:
    """The facts of the run; none where they cannot be read, which the sums then tell."""
    try:
        run = json.loads((place / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return run if isinstance(run, dict) and isinstance(run.get("code", {}), dict) else {}


def _files(listed: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*listed, *found}):
        if name not in found:
            yield f"{name}: missing"
        elif name not in listed:
            yield f"{name}: not in the manifest"
        elif listed[name] != found[name]:
            yield f"{name}: changed; its SHA-256 is not the manifest's"
    if RUN not in listed:
        yield f"{RUN}: not in the manifest"


def _read(place: Path) -> tuple[dict[str, pd.DataFrame], list[str]]:
    tables, problems = {}, []
    for table in published():
        path = place / "tables" / f"{table.name}.csv"
        try:
            tables[table.name] = schema.read(table.name, path)
        except (UserError, ValueError) as error:
            problems.append(f"tables/{table.name}.csv: {str(error).replace(str(path), '').strip(': ')}")
    return tables, problems


def _references(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    for table in published():
        for column in table.columns:
            if not column.ref or column.ref not in tables:
                continue
            known = set(tables[column.ref][schema.tables()[column.ref].key[0]])
            for value in tables[table.name][column.name].unique():
                for part in value.split() if column.type == "ids" else [value]:
                    if part and part not in known:
                        yield f"{table.name}.{column.name}: {part[:80]} is not in {column.ref}"


def _claim_rows(tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Every claim has evidence and a word against it; every row of evidence names a row that is there."""
    keys: dict[str, set[str]] = {}
    supported = set()
    for row in schema.records(tables["claim_evidence"]):
        name = row["table"]
        if name not in tables:
            yield f"claim_evidence: {row['claim_id']} names a table that is not published: {name[:40]}"
            continue
        if name not in keys:
            columns = [tables[name][column].astype(str) for column in schema.tables()[name].key]
            keys[name] = {" ".join(parts) for parts in zip(*columns, strict=True)}
        if row["row"] not in keys[name]:
            yield f"claim_evidence: {row['claim_id']} rests on {name} {row['row'][:80]}, which is not there"
        elif row["role"] == "for":
            supported.add(row["claim_id"])
    for claim in tables["claims"]["claim_id"]:
        if claim not in supported:
            yield f"claims: {claim} rests on no row"


def _sealed(place: Path, archive: Path) -> Iterator[str]:
    """The seal of each round is the one that the run names."""
    try:
        manifests = json.loads((place / RUN).read_text(encoding="utf-8")).get("manifests", {})
        named = {str(label): str(stated) for label, stated in manifests.items()}
    except (OSError, ValueError, AttributeError):
        yield f"{RUN}: cannot be read"
        return
    for label, stated in sorted(named.items()):
        path = archive / label / MANIFEST
        if not path.is_file():
            yield f"evidence/{label}: missing; the version was made from it"
        elif digest(path.read_bytes()) != stated:
            yield f"evidence/{label}/{MANIFEST}: changed; not the seal that the version was made from"


def _captures(captures: pd.DataFrame, archive: Path) -> Iterator[str]:
    """Every capture's record is where the table says, and its payload has the digest that the table states."""
    for row in schema.records(captures):
        try:
            evidence.open_capture(archive, row)
        except (UserError, ValueError, OSError, EOFError) as error:
            where = f"captures: {row['capture_id']} at {row['warc_file']}:{row['warc_offset']}"
            yield f"{where}: cannot be opened: {str(error).replace(str(archive) + '/', '')[:160]}"


def _few(problems: Iterator[str]) -> list[str]:
    found = list(problems)
    rest = len(found) - TOLD
    return found[:TOLD] + ([f"... and {rest} problems more of this kind"] if rest > 0 else [])
