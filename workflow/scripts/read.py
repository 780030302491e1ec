"""Read one shard: from captured bytes to publishers, articles, clocks and observations."""

import gc
import sys
from functools import cache
from pathlib import Path

from wiretrace import command, config, identity, read, schema


def main() -> None:
    """Read the publishers of ``--shard`` from the captures of all rounds."""
    args = command.flags(__doc__, "settings", "shard", "evidence", many=["captures", "lookups", "articles", "into"])
    gc.set_threshold(*read.SELDOM)
    shard, shards = (int(part) for part in args.shard.split("-of-"))
    investigation = config.from_settings(args.settings)
    if shard == 0:
        for line in read.lint(tuple(investigation.inputs.observations)):
            print(f"wiretrace: {line}", file=sys.stderr)

    @cache
    def own(publisher: str) -> bool:
        return identity.shard_of(publisher, shards) == shard

    captures = schema.read("captures", *args.captures, column="publisher", wanted=own)
    lookups = schema.read("lookups", *args.lookups, column="publisher", wanted=own)
    given = read.imported(args.articles)
    publishers = [p for p in read.publishers_of(captures, investigation, given) if own(p)]
    tables = read.read_publishers(Path(args.evidence), captures, lookups, investigation, publishers, given)
    command.write_tables(tables, args.into)
    command.say(f"read {shard + 1}/{shards}", tables, "publishers", "pages", "articles", "observations")


command.run(main)
