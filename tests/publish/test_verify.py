"""Every kind of damage to a version is told by name, also where somebody has written fitting sums over it."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from wiretrace import publish, schema
from wiretrace.publish.versions import identity_of, sums, version_id

Rows = list[dict[str, Any]]


@pytest.fixture
def copy(sealed: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy that a test may damage; the evidence is linked, so that a test that damages it copies it first."""
    folder = tmp_path / "quay"
    shutil.copytree(sealed[0] / "versions", folder / "versions")
    (folder / "evidence").symlink_to(sealed[0] / "evidence")
    return folder


def reseal(folder: Path, version: str, *changed: str) -> str:
    """What somebody does who wants the damage to ``changed`` tables to go unseen: new sums, a new name."""
    place = folder / "versions" / version
    held = json.loads((place / "manifest.json").read_text())["tables"]
    identity = identity_of(place / "tables", {name: held[name]["rows"] for name in held})
    for name in changed:
        with contextlib.suppress(ValueError):
            identity[name]["rows"] = len(schema.read(name, place / "tables" / f"{name}.csv"))
    named = version_id(identity, json.loads((place / "run.json").read_text()))
    manifest = {"version": named, "tables": identity, "files": sums(place)}
    (place / "manifest.json").write_text(json.dumps(manifest))
    place.rename(place.with_name(named))
    return named


def rewritten(folder: Path, version: str, name: str, change: Callable[[Rows], Rows]) -> None:
    """Change the rows of a table on disk, past every check; what is made from the tables is no part of it."""
    shutil.rmtree(folder / "versions" / version / "exports")
    path = folder / "versions" / version / "tables" / f"{name}.csv"
    rows = change(schema.records(schema.read(name, path)))
    table = schema.tables()[name]
    data = {c.name: [row[c.name] for row in rows] for c in table.columns}
    typed = pd.DataFrame({c.name: pd.Series(data[c.name], dtype=schema.DTYPES[c.type]) for c in table.columns})
    path.write_text(schema.to_csv(name, typed), encoding="utf-8", newline="")


def first(**changed: Any) -> Callable[[Rows], Rows]:
    return lambda rows: [rows[0] | changed, *rows[1:]]


DAMAGE: dict[str, tuple[str, Callable[[Rows], Rows], str]] = {
    "a value that the schema does not allow": ("publishers", first(role="suspekt"), "publishers.role: 'suspekt'"),
    "a required cell emptied": ("articles", first(address=""), "articles.address: required"),
    "a time that is none": ("captures", first(time="yesterday"), "captures.time: 'yesterday'"),
    "two rows of one key": ("quotes", lambda rows: [rows[0], *rows[1:], rows[0] | {"speaker": "x"}], "two rows with the key"),
    "a reference to nothing": ("article_versions", first(capture_id="c-gone"), "article_versions.capture_id: c-gone"),
    "one of several references to nothing": (
        "networks", first(operator_observations="o-gone o-lost"), "networks.operator_observations: o-gone",
    ),
    "an article gone": ("articles", lambda rows: rows[1:], "is not in articles"),
    "a round of captures gone": ("captures", lambda rows: [r for r in rows if r["snapshot"] != "round1"], "is not in captures"),
    "a claim that rests on nothing": (
        "claim_evidence", lambda rows: [r for r in rows if r["claim_id"] != rows[0]["claim_id"]], "rests on no row",
    ),
    "evidence that is not there": ("claim_evidence", first(row="x-gone"), "x-gone, which is not there"),
    "evidence in no table": ("claim_evidence", first(table="rumours"), "not published: rumours"),
    "a capture at another place": ("captures", first(warc_offset=7), ".warc.gz:7: cannot be opened"),
    "a capture in no file": ("captures", first(warc_file="round1/none.warc.gz"), "cannot be opened"),
    "a capture in a file elsewhere": ("captures", first(warc_file="../../secret"), "cannot be opened"),
    "a payload of another digest": ("captures", first(digest="sha256:" + "0" * 64), "is not the one that was indexed"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_under_fitting_sums_is_named(copy: Path, sealed: tuple[Path, str], damage: str) -> None:
    name, change, told = DAMAGE[damage]
    rewritten(copy, sealed[1], name, change)
    problems = publish.verify_version(copy, reseal(copy, sealed[1], name))
    assert any(told in problem for problem in problems), problems


def test_a_sound_version_resealed_is_still_sound(copy: Path, sealed: tuple[Path, str]) -> None:
    assert publish.verify_version(copy, sealed[1]) == []
    assert reseal(copy, sealed[1]) == sealed[1]
    assert publish.verify_version(copy, sealed[1]) == []


def test_every_file_is_watched(copy: Path, sealed: tuple[Path, str]) -> None:
    place = copy / "versions" / sealed[1]
    names = sorted(
        p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file() and p.name != "manifest.json"
    )
    for name in names:
        with open(place / name, "ab") as stream:
            stream.write(b" ")
    problems = publish.verify_version(copy, sealed[1])
    assert {name for name in names if f"{name}: changed; its SHA-256 is not the manifest's" in problems} == set(names)


def test_a_version_under_another_name_is_told(copy: Path, sealed: tuple[Path, str]) -> None:
    (copy / "versions" / sealed[1]).rename(copy / "versions" / "v-000000000000")
    assert publish.verify_version(copy, "v-000000000000") == [
        f"v-000000000000: the tables and the facts of the run are those of {sealed[1]}"
    ]


def test_a_manifest_that_is_none_is_told(copy: Path, sealed: tuple[Path, str]) -> None:
    for text in ("", "[]", '{"files": 1}', '{"version": "v"}'):
        (copy / "versions" / sealed[1] / "manifest.json").write_text(text)
        assert publish.verify_version(copy, sealed[1]) == ["manifest.json: cannot be read"]


def test_evidence_that_is_not_the_versions_is_told(copy: Path, sealed: tuple[Path, str]) -> None:
    (copy / "evidence").unlink()
    shutil.copytree(sealed[0] / "evidence", copy / "evidence")
    seal = copy / "evidence" / "round1" / "manifest.json"
    seal.write_text(seal.read_text() + " ")
    shutil.rmtree(copy / "evidence" / "round2")
    problems = publish.verify_version(copy, sealed[1])
    assert "evidence/round1/manifest.json: changed; not the seal that the version was made from" in problems
    assert "evidence/round2: missing; the version was made from it" in problems
    assert any("round2/000-of-001.warc.gz" in problem and "cannot be opened" in problem for problem in problems)
