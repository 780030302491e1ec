"""Gather the shards' tables: the same rows, whatever the number of shards."""

import argparse
from pathlib import Path

from wiretrace import command, schema


def main() -> None:
    """Join the files named TABLE.csv among the given ones into one file per table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", nargs="+", required=True)
    parser.add_argument("--into", required=True)
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    for name in args.tables:
        parts = [path for path in args.files if Path(path).stem == name]
        schema.write(name, schema.read(name, *parts), Path(args.into) / f"{name}.csv")


command.run(main)
