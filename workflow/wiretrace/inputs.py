"""All that a user gives, gone through by the stages' own readers before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from wiretrace import attribute, config, config_file, given, identity, read, trace
from wiretrace.config import Investigation
from wiretrace.errors import UserError

SHOWN = 20  # lines told of one file
# Of each row that a run takes an empty text; of each mistake what is wrong, and whether that stops a run.
Told = Iterable[tuple[str, bool]]


@dataclass
class Checked:
    """What a check found: mistakes stop a run, warnings do not; ``counts`` are rows by input."""

    mistakes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def check(path: str | Path) -> Checked:
    """Go through the configuration in the YAML file ``path`` and through every table that it names, once.

    Raises:
        UserError: the configuration cannot be used.
    """
    written = config_file.read(path)
    try:
        investigation = config.load(written.values, Path(path).parent)
        config.snapshots(investigation)
    except UserError as error:
        raise UserError(written.told(str(error))) from None
    found = Checked()
    inputs = investigation.inputs
    if investigation.acquire.live and inputs.seeds and not investigation.acquire.contact:
        found.warnings.append(
            f"{path}: acquire.contact is empty; name a mail or an address where the sites' owners reach you"
        )
    if inputs.seeds:
        found.counts["seeds"] = len(config.seeds(investigation))
    if inputs.archives:
        found.counts["archives"] = len(inputs.archives)
    readers: dict[str, Callable[[str], Told]] = {
        "articles": read.lint_articles,
        "observations": _observations,
        "verifications": partial(_verifications, _known(investigation)),
        "posts": trace.lint_posts,
        "names": _names,
        "known_networks": _known_networks,
    }
    for name, reader in readers.items():
        for each in getattr(inputs, name):
            found.counts[name] = found.counts.get(name, 0) + _taken(found, each, reader)
    return found


def _taken(found: Checked, path: str, reader: Callable[[str], Told]) -> int:
    """Add what ``reader`` tells of the file ``path``; gives how many rows a run takes."""
    rows, left = 0, 0
    told = len(found.mistakes) + len(found.warnings)
    try:
        for words, stops in reader(path):
            if not words:
                rows += 1
                continue
            if len(found.mistakes) + len(found.warnings) - told >= SHOWN and (found.mistakes or not stops):
                left += 1
            else:
                (found.mistakes if stops else found.warnings).append(words)
    except UserError as error:
        found.mistakes.append(str(error))
    if left:
        (found.mistakes or found.warnings).append(f"{path}: {left:,} further lines like these")
    return rows


def _observations(path: str) -> Iterator[tuple[str, bool]]:
    wrong = read.mistakes(path)
    if wrong:
        yield from ((words, True) for words in wrong)
        return
    yield from (("", False) for _ in read.brought_observations((path,)))
    for words in read.lint((path,)):
        yield words, False


def _known_networks(path: str) -> Iterator[tuple[str, bool]]:
    """Lists are other people's: an entry that cannot be used is left out of the run and told, as the stage does."""
    rows = attribute.read_lists([path])
    yield from (("", False) for row in rows if row["publisher"])
    yield from ((words, False) for words in attribute.lint(rows))


def _names(path: str) -> Iterator[tuple[str, bool]]:
    for line, row in given.rows(path, "name"):
        yield "" if row.get("name") else f"{path}, line {line}: name is empty; the row counts for nothing", False


def _known(investigation: Investigation) -> frozenset[str]:
    """Publishers of the seeds; none where articles, archives or observations bring others."""
    inputs = investigation.inputs
    if inputs.articles or inputs.archives or inputs.observations:
        return frozenset()
    return frozenset(row["publisher"] for row in config.seeds(investigation))


def _verifications(known: frozenset[str], path: str) -> Iterator[tuple[str, bool]]:
    for line, row in given.rows(path, "subject", "finding"):
        words = _checked(row, known)
        if words:
            yield f"{path}, line {line}: {words}", False
        if row.get("subject") and row.get("finding"):
            yield "", False


def _checked(row: dict[str, str], known: frozenset[str]) -> str:
    """What is wrong with a row of what people checked, or ''."""
    subject, day = row.get("subject", ""), row.get("date", "")
    if not subject or not row.get("finding"):
        return "subject or finding is empty; the row counts for nothing"
    if "://" in subject:
        publisher = identity.publisher_of(identity.canonical(subject))
        if not publisher:
            return f"subject {subject[:80]!r} is not an http or https address"
        if known and publisher not in known:
            return f"subject {subject[:80]!r} is on none of the seeds' sites; it counts only if the run finds it"
    if day:
        try:
            date.fromisoformat(day)
        except ValueError:
            return f"date {day[:40]!r} is no day; write e.g. 2024-03-05, by it the newest finding counts"
    return ""
