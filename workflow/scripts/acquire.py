"""Acquire one shard of one round: ask the outside about its publishers and archive every answer."""

import json
from dataclasses import asdict
from pathlib import Path

from wiretrace import acquire, command, config, schema
from wiretrace.progress import Progress


def main() -> None:
    """Go on where the round's archive ends, and say in ``--done`` what was asked and how it ended."""
    args = command.flags(__doc__, "settings", "snapshot", "shard", "evidence", "done")
    shard, shards = (int(part) for part in args.shard.split("-of-"))
    summary = acquire.acquire_shard(
        config.from_settings(args.settings),
        args.snapshot,
        shard,
        shards,
        Path(args.evidence),
        Progress("acquire", f"{args.snapshot} {shard + 1}/{shards}"),
    )
    schema.write_text(Path(args.done), json.dumps(asdict(summary), indent=1, sort_keys=True) + "\n")


command.run(main)
