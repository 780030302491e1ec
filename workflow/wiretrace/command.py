"""What the scripts of the rules share: named flags, one-line errors, tables in and out of a folder."""

from __future__ import annotations

import argparse
import errno
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from wiretrace import schema
from wiretrace.errors import UserError
from wiretrace.progress import Progress
from wiretrace.schema import stored

# No space, no quota, a file larger than the system allows.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def run(main: Callable[[], None]) -> None:
    """Call ``main``; a user's mistake or a full disk ends the process with one line and exit code 2."""
    try:
        main()
    except UserError as error:
        print(f"wiretrace: {error}", file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        if error.errno not in FULL:
            raise
        print(f"wiretrace: cannot write: {error.strerror}; make room and run again", file=sys.stderr)
        sys.exit(2)


def flags(description: str | None, *names: str, many: Iterable[str] = ()) -> argparse.Namespace:
    """Parse ``--name VALUE`` for each name, all required; names in ``many`` take any number of values."""
    parser = argparse.ArgumentParser(description=description)
    for name in names:
        parser.add_argument(f"--{name}", required=True)
    for name in many:
        parser.add_argument(f"--{name}", nargs="*", default=[])
    return parser.parse_args()


def named(paths: Iterable[str], name: str) -> list[str]:
    """Those of ``paths`` that are files of the table ``name``."""
    return [path for path in paths if Path(path).stem == name]


def say(stage: str, tables: Mapping[str, pd.DataFrame], *names: str) -> None:
    """One line for a person at a terminal: how many rows of each table ``stage`` has made."""
    tell(stage, {name: len(tables[name]) for name in names}, *names)


def tell(stage: str, counts: Mapping[str, int], *names: str) -> None:
    """The same from the numbers of rows."""
    told = ", ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in names)
    Progress(stage).say(told, last=True)


def read_tables(paths: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The tables in files that are named ``TABLE.csv``."""
    return {Path(path).stem: schema.read(Path(path).stem, path) for path in paths}


def write_tables(tables: Mapping[str, pd.DataFrame | Iterator[pd.DataFrame]], paths: Iterable[str]) -> None:
    """Write each file ``TABLE.csv`` from the table of that name, which must be there, whole or in ascending pieces."""
    for path in paths:
        name, table = Path(path).stem, tables[Path(path).stem]
        if isinstance(table, pd.DataFrame):
            schema.write(name, table, path)
        else:
            stored.write_pieces(name, table, path)


def write_rows(found: Mapping[str, Iterable[Mapping[str, Any]]], paths: Iterable[str]) -> dict[str, int]:
    """Write each file ``TABLE.csv`` from the rows of that name, in pieces; gives how many rows each has."""
    return {Path(path).stem: stored.write_rows(Path(path).stem, found[Path(path).stem], path) for path in paths}
