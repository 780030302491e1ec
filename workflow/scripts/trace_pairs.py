"""Pairs of texts that share prints of one range of hashes."""

from pathlib import Path

from wiretrace import command
from wiretrace.trace.reuse import shards, store


def main() -> None:
    """Write the pairs of range ``--part`` over the stores of all shards."""
    args = command.flags(__doc__, "part", "into", many=["stores"])
    part, parts = (int(number) for number in args.part.split("-of-"))
    store.write(Path(args.into), shards.pairs([Path(path) for path in args.stores], part, parts))


command.run(main)
