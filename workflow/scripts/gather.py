"""Gather the shards' tables: the same rows, whatever the number of shards."""

from pathlib import Path

from wiretrace import command
from wiretrace.schema.gather import gather


def main() -> None:
    """Join the parts named TABLE.csv into the file of that name."""
    args = command.flags(__doc__, many=["parts", "into"])
    for path in args.into:
        name = Path(path).stem
        gather(name, command.named(args.parts, name), path)


command.run(main)
