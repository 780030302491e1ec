"""What Snakemake needs to know of an investigation: folders, shards, rounds, and what each stage depends on."""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NoReturn

from wiretrace import config, given, identity, schema
from wiretrace.errors import UserError

LIBRARY = Path(__file__).parent
SCRIPTS = LIBRARY.parent / "scripts"
# Rooms that each stage's result depends on, besides the ground floor; the order is that of the floors.
ROOMS = {
    "acquire": ("evidence", "acquire"),
    "read": ("evidence", "read"),
    "attribute": ("evidence", "read", "attribute"),
    "indicate": ("evidence", "read", "indicate"),
    "trace": ("evidence", "read", "trace"),
    "publish": ("evidence", "read", "publish"),
    "narrate": ("evidence", "read", "publish", "narrate"),
}
GROUND = (
    "identity",
    "schema",
    "config.py",
    "errors.py",
    "given.py",
    "mistakes.py",
    "compiled.py",
    "sentences.py",
    "whois_phrases.py",
)

# Columns that the first line of each table of the user's must name; observations have several forms.
TEXTS: dict[str, tuple[str, ...]] = {"articles": ("url", "text"), "posts": ("account", "posted_at")}
LISTS: dict[str, tuple[str, ...]] = {
    "names": ("name",),
    "verifications": ("subject", "finding"),
    "known_networks": ("domain", "listed_by"),
    "observations": (),
}

INDEX_TABLES = schema.of_stage("index")
READ_TABLES = schema.of_stage("read")
ATTRIBUTE_TABLES = schema.of_stage("attribute")
INDICATE_TABLES = schema.of_stage("indicate")
TEXT_TABLES = schema.of_stage("texts")
SPEECH_TABLES = schema.of_stage("speech")
POSTS_TABLES = schema.of_stage("posts")
NOTEBOOKS = tuple(sorted(path.stem for path in (LIBRARY.parents[1] / "notebooks").glob("[0-9]*.py")))


@dataclass(frozen=True)
class Plan:
    """One investigation as the rules see it."""

    investigation: config.Investigation

    @cached_property
    def root(self) -> str:
        """``results/NAME``."""
        return str(config.folder(self.investigation))

    @cached_property
    def work(self) -> str:
        """Folder of what rules write on the way; it can be deleted."""
        return f"{self.root}/work"

    @cached_property
    def evidence(self) -> str:
        """Folder of the evidence."""
        return f"{self.root}/evidence"

    @cached_property
    def snapshots(self) -> list[str]:
        """Rounds to work from, in order of time."""
        return config.snapshots(self.investigation)

    @cached_property
    def open(self) -> list[str]:
        """Rounds that are not sealed yet; rules may write into these only."""
        return [s for s in self.snapshots if not Path(self.evidence, s, "manifest.json").is_file()]

    @cached_property
    def shards(self) -> list[str]:
        """Names of the shards, e.g. 000-of-004."""
        return _names(config.shards(self.investigation))

    @cached_property
    def text_shards(self) -> list[str]:
        """Names of the shards of the matching of texts, a job of each stage of it: few, since many texts fit in one."""
        return _names(config.text_shards(self.investigation))

    def read_shards(self, text_shard: str) -> list[str]:
        """The shards of articles as they were read that ``text_shard`` holds."""
        return self.shards[self.text_shards.index(text_shard) :: len(self.text_shards)]

    def before(self, snapshot: str) -> list[str]:
        """Manifests of the rounds before ``snapshot``."""
        return [f"{self.evidence}/{s}/manifest.json" for s in self.snapshots if s < snapshot and s != config.IMPORTS]

    def settings(self, stage: str) -> str:
        """File with what ``stage`` may know of the configuration."""
        return f"{self.work}/settings/{stage}.json"

    def begin(self) -> None:
        """Keep other runs out and write the settings files whose content is new; an unchanged one keeps its time.

        The folder of a new round is made at once: a job that starts on another day reads its name there.
        Where another run is at work, or the folder cannot be written, the process ends with one line and exit code 2.
        """
        try:
            _hold(Path(self.root))
            self._prepare()
        except UserError as error:
            _give_up(error)
        except OSError as error:
            _give_up(
                UserError(f"{self.root}: cannot be written: {error.strerror}; make it a folder that you may write to")
            )

    def _prepare(self) -> None:
        for snapshot in set(self.open) - {config.IMPORTS}:
            Path(self.evidence, snapshot).mkdir(parents=True, exist_ok=True)
        for stage in ROOMS:
            path, text = Path(self.settings(stage)), config.settings(self.investigation, stage)
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                schema.write_text(path, text)

    def digest(self, stage: str) -> str:
        """Digest of all that ``stage``'s result depends on besides its input files: settings, code, registry.

        Snakemake does not see an edited module or registry file, so rules carry this in ``params``.
        """
        settings = config.settings(self.investigation, stage)
        return hashlib.sha256(f"{settings}{_code_digest(stage)}".encode()).hexdigest()[:16]


def _names(shards: int) -> list[str]:
    return [f"{shard:03d}-of-{shards:03d}" for shard in range(shards)]


def sources(stage: str) -> list[Path]:
    """Files of the library, the scripts and the registry that ``stage``'s result depends on."""
    places = [SCRIPTS / f"{stage}.py", identity.REGISTRY, *(LIBRARY / part for part in (*GROUND, *ROOMS[stage]))]
    return sorted(path for place in places for path in _files(place))


def _files(place: Path) -> list[Path]:
    """``place`` itself, or every file below it, without compiled bytecode; nothing where it is not there."""
    found = [place] if place.is_file() else place.rglob("*")
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]


def digests_of_sources() -> dict[str, str]:
    """Digests of the code that made a version, by part: the registry, the ground floor, the scripts, each room."""
    rooms = dict.fromkeys(room for stage in ROOMS.values() for room in stage)
    parts = {room: _files(LIBRARY / room) for room in rooms}
    parts["scripts"] = _files(SCRIPTS)
    parts["ground"] = [path for name in GROUND for path in _files(LIBRARY / name)]
    parts["registry"] = _files(identity.REGISTRY)
    return {part: _digest(paths) for part, paths in sorted(parts.items())}


@cache
def _code_digest(stage: str) -> str:
    """Digest of the code of ``stage``; several rules carry it, and it does not change while they are read."""
    return _digest(sources(stage))


def _digest(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.read_bytes())
    return found.hexdigest()


def make(values: Mapping[str, Any], files: Sequence[str | Path]) -> Plan:
    """The plan of the investigation in ``values``, read from ``files``.

    A mistake of the user's ends the process with one line and exit code 2; nothing is written here.
    """
    try:
        base = Path(files[0]).resolve().parent if files else Path()
        plan = Plan(config.load(values, os.path.relpath(base)))
        _ = plan.snapshots, plan.shards
        headers(plan.investigation.inputs)
    except UserError as error:
        _give_up(error)
    return plan


def headers(inputs: config.Inputs) -> None:
    """Read the first line of each table that the user gives, of articles and posts the first row; `wiretrace check`
    reads the rest.

    Raises:
        UserError: a file cannot be read or lacks a column.
    """
    for name, needed in TEXTS.items():
        for path in getattr(inputs, name):
            next(given.records(path, needed, needed), None)
    for name, needed in LISTS.items():
        for path in getattr(inputs, name):
            if not (name == "known_networks" and path.lower().endswith(".json")):
                given.header(path, *needed)


def place(values: Mapping[str, Any]) -> Path:
    """``results/NAME`` of the investigation in ``values``; its inputs need not be there."""
    try:
        return config.folder(config.checked(values))
    except UserError as error:
        _give_up(error)


def lasting(root: Path) -> list[str]:
    """Files below ``root`` that never change again, relative to it: those of sealed rounds and of versions."""
    rounds = [root / "evidence" / label for label in config.sealed(root / "evidence")]
    folders = [*rounds, *root.glob("versions/v-*")]
    return sorted(str(path.relative_to(root)) for folder in folders for path in folder.rglob("*") if path.is_file())


def _give_up(error: UserError) -> NoReturn:
    print(f"wiretrace: {error}", file=sys.stderr)
    sys.exit(2)


def _hold(root: Path) -> None:
    """Keep any other run out of ``root`` for as long as this process lives, however it ends."""
    root.mkdir(parents=True, exist_ok=True)
    lock = open(root / ".lock", "a+", encoding="utf-8")  # noqa: SIM115 - held until the process ends
    atexit.register(lock.close)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise UserError(f"{root}: another run is working on this investigation; wait for it, or stop it") from None
