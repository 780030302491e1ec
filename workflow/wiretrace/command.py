"""What the scripts of the rules share: named flags, one-line errors, tables in and out of a folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from wiretrace import schema
from wiretrace.errors import UserError


def run(main: Callable[[], None]) -> None:
    """Call ``main``; a user's mistake ends the process with one line and exit code 2."""
    try:
        main()
    except UserError as error:
        print(f"wiretrace: {error}", file=sys.stderr)
        sys.exit(2)


def flags(description: str | None, *names: str, many: Iterable[str] = ()) -> argparse.Namespace:
    """Parse ``--name VALUE`` for each name, all required; names in ``many`` take any number of values."""
    parser = argparse.ArgumentParser(description=description)
    for name in names:
        parser.add_argument(f"--{name}", required=True)
    for name in many:
        parser.add_argument(f"--{name}", nargs="*", default=[])
    return parser.parse_args()


def read_tables(folder: str, names: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Tables ``names`` from ``folder/NAME.csv``."""
    return {name: schema.read(name, Path(folder) / f"{name}.csv") for name in names}


def write_tables(folder: str, tables: Mapping[str, pd.DataFrame], names: Iterable[str]) -> None:
    """Write the tables ``names`` to ``folder/NAME.csv``; each must be there."""
    for name in names:
        schema.write(name, tables[name], Path(folder) / f"{name}.csv")
