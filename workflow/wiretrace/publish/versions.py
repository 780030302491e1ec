"""Versions: all tables frozen in a folder that is named by what is in it and never changes again."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from wiretrace import config, schema
from wiretrace.publish.beside import beside
from wiretrace.publish.crate import CRATE, crate, workflow_files
from wiretrace.publish.exports import write_exports
from wiretrace.publish.held import Held, Table, at_work, keep
from wiretrace.publish.package import datapackage

MANIFEST, RUN, PACKAGE = "manifest.json", "run.json", "datapackage.json"
LOCK = Path(__file__).resolve().parents[3] / "requirements.lock"
LEDGER = ("version", "snapshots", "tables", "rows", "digest")


def published() -> list[schema.Table]:
    """The tables that a version carries."""
    return [table for table in schema.tables().values() if table.published]


def digest(data: bytes) -> str:
    """64 hex digits of the SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def schema_digest(table: schema.Table) -> str:
    """Digest of what defines a table: names, types, units, keys, enumerations and references; not the prose."""
    columns = [[c.name, c.type, c.unit, c.required, list(c.enum), c.ref, c.decimals] for c in table.columns]
    return digest(schema.dump([table.name, list(table.key), columns]).encode())


def identity_of(folder: Path, rows: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """For each table in ``folder``: digest of its schema, SHA-256 of its canonical CSV, number of rows."""
    return {
        table.name: {
            "schema": schema_digest(table),
            "sha256": _sum(folder / f"{table.name}.csv")["sha256"],
            "rows": rows[table.name],
        }
        for table in published()
    }


def version_id(tables: Mapping[str, Mapping[str, Any]], run: Mapping[str, Any]) -> str:
    """``v-`` and 12 hex of the SHA-256 of the canonical JSON of ``identity_of`` and of what else a version says.

    What else is the name of the investigation and its question, and the code and the registry with which the other
    files are made from the tables: a folder that is there already would else keep them as they were.
    """
    code = run.get("code", {})
    said = {name: run.get(name, "") for name in ("investigation", "question")}
    made_by = {name: code.get(name, "") for name in ("publish", "registry")}
    return "v-" + digest(schema.dump({"tables": tables, **said, "code": made_by}).encode())[:12]


def facts(
    investigation: config.Investigation, root: str | Path, snapshots: Sequence[str], code: Mapping[str, str]
) -> dict[str, Any]:
    """What a run should be remembered by, beside the tables and outside their id.

    ``code`` are digests of the library's sources by part. Paths are left out: they are the machine's, not the run's.
    """
    settings = investigation.model_dump()
    inputs = {
        name: [_input(path) for path in ([value] if isinstance(value, str) else value) if path]
        for name, value in settings.pop("inputs").items()
    }
    settings.pop("results")
    manifests = {
        label: digest(path.read_bytes())
        for label in snapshots
        if (path := Path(root) / "evidence" / label / MANIFEST).is_file()
    }
    return {
        "investigation": investigation.investigation,
        "question": investigation.question,
        "configuration": settings,
        "inputs": inputs,
        "snapshots": list(snapshots),
        "manifests": manifests,
        "code": dict(code),
        "lock": digest(LOCK.read_bytes()) if LOCK.is_file() else "",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": dict(sorted((d.name.lower(), d.version) for d in distributions())),
        "licences": dict(sorted((d.name.lower(), licence) for d in distributions() if (licence := _licence(d)))),
    }


def _licence(distribution: Distribution) -> str:
    """The licence that a library's metadata states: its SPDX expression, else its classifiers, else its own words."""
    stated = distribution.metadata
    if "License-Expression" in stated:
        return stated["License-Expression"]
    names = [name for name in stated.get_all("Classifier") or () if name.startswith("License ::")]
    classes = sorted({name.rsplit("::", 1)[1].strip() for name in names} - {"OSI Approved"})
    words = stated["License"].strip().splitlines() if "License" in stated else []
    return "; ".join(classes) or (words[0][:80] if words else "")


def _input(path: str) -> dict[str, str]:
    return {"name": Path(path).name, "sha256": digest(Path(path).read_bytes())}


def publish(tables: Mapping[str, Table], run: Mapping[str, Any], folder: str | Path, workers: int = 1) -> str:
    """Freeze ``tables`` as ``folder/versions/ID`` and return the id; a version that is there already is not touched.

    A table is given as such or as its file; one that is not given is empty. ``run`` are the facts of the run. Equal
    tables and facts are equal bytes, however many ``workers`` write at once; the time of day stands beside the folder,
    in ``versions/ID.published``. Everything is written beside the place, flushed to disk, and renamed: there is never
    half a version, and of a run that was killed the next one removes what it had written (``beside``).
    """
    with beside(Path(folder) / "versions") as part:
        # The largest first, so that no worker is left alone with it at the end.
        names = sorted((table.name for table in published()), key=lambda name: (-_size(tables.get(name)), name))
        with at_work(workers, sum(_size(data) for data in tables.values())) as at_once:
            rows = at_once([(keep, (name, tables.get(name), part)) for name in names])
            identity = identity_of(part / "tables", dict(zip(names, rows, strict=True)))
            version = version_id(identity, run)
            place = part.with_name(version)
            if place.exists():
                return version
            write_exports(part, version, run, at_once)
        _fill(part, run, version, identity)
        _flush(part)
        schema.write_text(_stamp(place), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") + "\n")
        try:
            part.rename(place)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise  # else another run was first with the same version
    return version


def _size(table: Table) -> int:
    return table.stat().st_size if isinstance(table, Path) else 0


def _fill(part: Path, run: Mapping[str, Any], version: str, identity: Mapping[str, Any]) -> None:
    """Write all but tables and exports: facts of the run, workflow, descriptions, and the sums of all of it."""
    _write_json(part / RUN, {**run, "version": version})
    for name, text in workflow_files().items():
        schema.write_text(part / name, text)
    held = sums(part)
    _write_json(part / PACKAGE, datapackage(version, str(run.get("question", "")), held))
    held[PACKAGE] = _sum(part / PACKAGE)
    _write_json(part / CRATE, crate(version, run, held, Held(part).greatest("captures", "time") or "1970-01-01"))
    held[CRATE] = _sum(part / CRATE)
    _write_json(part / MANIFEST, {"version": version, "tables": identity, "files": held})
    part.chmod(0o755)


def _stamp(place: Path) -> Path:
    return place.with_name(place.name + ".published")


def published_at(place: Path) -> str:
    """When the version in the folder ``place`` was published; empty for one that was brought without its stamp."""
    stamp = _stamp(place)
    return stamp.read_text(encoding="utf-8").strip() if stamp.is_file() else ""


def sums(folder: Path) -> dict[str, dict[str, Any]]:
    """Size in bytes and SHA-256 of every file below ``folder`` but the manifest, by its path there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {path.relative_to(folder).as_posix(): _sum(path) for path in files}


def _sum(path: Path) -> dict[str, Any]:
    with open(path, "rb") as stream:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def _write_json(path: Path, value: Any) -> None:
    schema.write_text(path, json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n")


def _flush(folder: Path) -> None:
    """Ask the system to put every file and folder below ``folder`` on disk."""
    for path in [folder, *sorted(folder.rglob("*"))]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def ledger(folder: str | Path) -> str:
    """All versions below ``folder/versions`` as CSV, oldest publication first: snapshots, tables, rows."""
    lines = []
    for path in sorted(Path(folder).glob(f"versions/v-*/{MANIFEST}")):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        run = json.loads((path.parent / RUN).read_text(encoding="utf-8"))
        held = manifest["tables"]
        rows = sum(table["rows"] for table in held.values())
        line = (
            manifest["version"],
            " ".join(run.get("snapshots", ())),
            len(held),
            rows,
            digest(schema.dump(held).encode()),
        )
        lines.append((published_at(path.parent), line))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LEDGER)
    writer.writerows(line for _, line in sorted(lines))
    return out.getvalue()
