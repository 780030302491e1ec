"""Trace texts: shared passages, stories, sources and distributors."""

from pathlib import Path

from wiretrace import command, config, trace

NEEDED = ("publishers", "articles", "article_versions", "article_parts", "clocks", "links", "outlet_listings")


def main() -> None:
    """Match all articles with each other and follow each to its source."""
    args = command.flags(__doc__, "settings", many=["tables", "into"])
    tables = command.read_tables(path for path in args.tables if Path(path).stem in NEEDED)
    found = trace.trace(*(tables[name] for name in NEEDED), config.from_settings(args.settings))
    command.write_tables(found, args.into)
    command.say("trace", found, "text_matches", "stories", "traces")


command.run(main)
