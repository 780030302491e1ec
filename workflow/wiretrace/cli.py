"""The command `wiretrace`: start and check an investigation, verify and export its evidence, compare its versions."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from wiretrace import acquire, command, config, docs, evidence, publish, schema
from wiretrace.errors import UserError

TEMPLATE = Path(__file__).with_name("new_investigation")


def main() -> None:
    """Entry point of the command."""
    command.run(_main)


def _main() -> None:
    parser = argparse.ArgumentParser(prog="wiretrace", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    new = actions.add_parser("new", help="write the files of a new investigation, with comments that teach")
    new.add_argument("name", help="short name: letters, digits, dots, dashes, underscores")
    checked = actions.add_parser("check", help="go through a configuration and all its inputs before a run")
    checked.add_argument("file", type=Path, help="config/investigations/NAME/investigation.yaml")
    verify = actions.add_parser("verify", help="recompute the sums of an investigation's evidence and of a version")
    verify.add_argument("folder", type=Path, help="results/NAME")
    verify.add_argument("version", nargs="?", default="", help="id of versions.csv; the newest if left out")
    stamp = actions.add_parser("stamp", help="ask again for the time-stamps that rounds of evidence still lack")
    stamp.add_argument("folder", type=Path, help="results/NAME, of the last run of which the configuration counts")
    wacz = actions.add_parser("wacz", help="write all sealed evidence as one WACZ file, for ReplayWeb.page")
    wacz.add_argument("folder", type=Path, help="results/NAME")
    wacz.add_argument("--into", type=Path, metavar="FILE", help="results/NAME/NAME.wacz if left out")
    diff = actions.add_parser("diff", help="what differs between two versions, and what can have caused it")
    diff.add_argument("folder", type=Path, help="results/NAME")
    diff.add_argument(
        "versions", nargs="*", metavar="VERSION", help="two ids of versions.csv; the newest two if left out"
    )
    diff.add_argument("--csv", type=Path, metavar="FILE", help="write every row that differs to FILE")
    written = actions.add_parser("docs", help="write the docs that are generated from the code")
    written.add_argument("--check", action="store_true", help="only say whether they are up to date")
    args = parser.parse_args()
    if args.action == "new":
        start(args.name, Path("config") / "investigations")
    elif args.action == "check":
        check_inputs(args.file)
    elif args.action == "verify":
        check(args.folder, args.version)
    elif args.action == "stamp":
        stamp_rounds(args.folder)
    elif args.action == "wacz":
        export(args.folder, args.into or args.folder / f"{args.folder.resolve().name}.wacz")
    elif args.action == "diff":
        differ(args.folder, args.versions, args.csv)
    elif args.check:
        if outdated := docs.stale():
            raise UserError(f"out of date: {', '.join(p.name for p in outdated)}; run: make docs")
    else:
        for path, text in docs.generated().items():
            schema.write_text(path, text)


def start(name: str, folder: Path) -> None:
    """Write ``folder/name/{investigation.yaml,seeds.csv}``; an existing investigation is left alone."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", name):
        raise UserError(
            f"{name!r} cannot name an investigation; use letters, digits, dots, dashes: make new NAME=okinawa"
        )
    target = folder / name
    if target.exists():
        raise UserError(f"{target}: is there already; choose another name, or edit its investigation.yaml")
    for source in sorted(TEMPLATE.iterdir()):
        schema.write_text(target / source.name, source.read_text(encoding="utf-8").replace("{name}", name))
    print(f"Written: {target}/investigation.yaml and seeds.csv\nEdit both, then: make run NAME={name}")


def check_inputs(file: Path) -> None:
    """Print what is wrong with the investigation in ``file`` and its inputs, one line each; end with 2 where that stops
    a run, else say what was read.
    """
    # Here, since the readers of all rooms take a second to load, which the other actions need not wait for.
    from wiretrace import inputs

    found = inputs.check(file)
    for line in found.warnings:
        print(printable(f"wiretrace: warning: {line}"), file=sys.stderr)
    for line in found.mistakes:
        print(printable(f"wiretrace: {line}"), file=sys.stderr)
    if found.mistakes:
        sys.exit(2)
    counts = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in found.counts.items())
    print(printable(f"{file}: read {counts}; nothing in it stops a run"))


def check(folder: Path, version: str = "") -> None:
    """Print what is wrong with the evidence and a version below ``folder``; end with 1 where anything is.

    Without ``version`` it is the newest.
    """
    rounds = config.sealed(folder / "evidence")
    newest = folder / "work" / "version.txt"
    if not version and newest.is_file():
        version = newest.read_text(encoding="utf-8").strip()
    if not rounds and not version:
        raise UserError(f"{folder}: holds no sealed evidence and no version; name a folder such as results/okinawa")
    problems: list[str] = []
    dated = 0
    for name in rounds:
        stamps, wrong = evidence.verified(folder / "evidence", name)
        problems += wrong
        dated += bool(stamps)
        for stamp in stamps:
            print(printable(f"{name}: {stamp}"))
    if version:
        problems += publish.verify_version(folder, version)
    for problem in problems:
        print(problem)
    if problems:
        sys.exit(1)
    said = f" and the version {version}" if version else ""
    print(f"{folder}: {len(rounds)} rounds of evidence{said} are as they were sealed; ", end="")
    print(f"{dated or 'none'} of the rounds time-stamped by others")


def stamp_rounds(folder: Path) -> None:
    """Ask for the time-stamps that sealed rounds below ``folder`` lack; end with 1 where one is still missing."""
    settings = folder / "work" / "settings" / "acquire.json"
    rounds = config.sealed(folder / "evidence")
    if not rounds or not settings.is_file():
        raise UserError(f"{folder}: holds no sealed evidence of a run; name a folder such as results/okinawa")
    asked = config.from_settings(settings).acquire
    if not asked.time_stamp_authorities:
        raise UserError("acquire.time_stamp_authorities names none; add one to the investigation's file and run it")
    missing = 0
    for name in rounds:
        given, failed = acquire.stamp(folder / "evidence" / name, asked)
        missing += len(failed)
        for line in [*given, *failed]:
            print(printable(line))
    if missing:
        sys.exit(1)


def export(folder: Path, into: Path) -> None:
    """Write the sealed evidence below ``folder`` as the WACZ file ``into``."""
    pages = evidence.export(folder / "evidence", into, folder.resolve().name)
    print(f"Written: {into}, {pages:,} pages")


def differ(folder: Path, versions: list[str], into: Path | None) -> None:
    """Print what differs between two versions of ``folder``, by default the newest two; all rows go to ``into``."""
    if len(versions) not in (0, 2):
        raise UserError("name two versions, the earlier one first, or none for the newest two")
    before, after = versions or publish.newest(folder)
    found = publish.compare(folder, before, after)
    print(f"{before} -> {after}")
    print(f"Went in differently: {', '.join(found.causes) or 'nothing'}.")
    for line in found.headlines:
        print(printable(line))
    for name, rows in found.counts.items():
        if rows.added or rows.removed or rows.changed:
            print(
                f"{name}: {rows.kept:,} kept, {rows.added:,} added, {rows.removed:,} removed, {rows.changed:,} changed"
            )
    if not found.rows:
        print("Every table is the same.")
    if into:
        schema.write_text(into, publish.to_csv(found))
        print(f"{len(found.rows):,} rows that differ: {into}")


def printable(text: str) -> str:
    """``text`` for a terminal: what would move the cursor or turn the direction of writing is shown as its number."""
    return "".join(c if c.isprintable() else f"<U+{ord(c):04X}>" for c in text)
