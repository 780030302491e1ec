"""Align the candidates of one shard: what they share, and where it stands in both."""

from pathlib import Path

from wiretrace import command, config
from wiretrace.trace.reuse import shards, verify


def main() -> None:
    """Write the verified matches of ``--shard`` with itself and the later shards."""
    args = command.flags(__doc__, "settings", "shard", "into", many=["stores", "candidates"])
    limits = verify.Limits.of(config.from_settings(args.settings).trace)
    shard = int(args.shard.split("-of-")[0])
    stores, chosen = ([Path(path) for path in paths] for paths in (args.stores, args.candidates))
    verify.write(shards.matches(stores, chosen, shard, limits), Path(args.into))


command.run(main)
