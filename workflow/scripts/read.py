"""Read one shard: from captured bytes to publishers, articles, clocks and observations."""

import gc
import sys
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
    captures, lookups = schema.read("captures", *args.captures), schema.read("lookups", *args.lookups)
    given = read.imported(args.articles)
    known = read.publishers_of(captures, investigation, given)
    publishers = [publisher for publisher in known if identity.shard_of(publisher, shards) == shard]
    tables = read.read_publishers(Path(args.evidence), captures, lookups, investigation, publishers, given)
    command.write_tables(tables, args.into)
    command.say(f"read {shard + 1}/{shards}", tables, "publishers", "pages", "articles", "observations")


command.run(main)
