"""Pairs of texts that share prints of one range of hashes."""

from pathlib import Path

import numpy as np

from wiretrace import command
from wiretrace.trace.reuse import shards


def main() -> None:
    """Write the pairs of range ``--part`` over the stores of all shards."""
    args = command.flags(__doc__, "part", "into", many=["stores"])
    part, parts = (int(number) for number in args.part.split("-of-"))
    np.save(args.into, shards.pairs([Path(store) for store in args.stores], part, parts), allow_pickle=False)


command.run(main)
