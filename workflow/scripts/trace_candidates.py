"""The best candidates of the texts of one shard."""

from pathlib import Path

from wiretrace import command
from wiretrace.trace.reuse import shards, store


def main() -> None:
    """Write the candidates of ``--shard`` from the pairs of all ranges of hashes."""
    args = command.flags(__doc__, "shard", "into", many=["stores", "pairs"])
    shard = int(args.shard.split("-of-")[0])
    stores, pairs = ([Path(path) for path in paths] for paths in (args.stores, args.pairs))
    store.write(Path(args.into), shards.candidates(stores, pairs, shard))


command.run(main)
