"""Trace texts: shared passages, stories, sources and distributors."""

from wiretrace import command, config, plan, trace

NEEDED = ("publishers", "articles", "article_versions", "article_parts", "clocks", "links", "outlet_listings")


def main() -> None:
    """Match all articles with each other and follow each to its source."""
    args = command.flags(__doc__, "settings", "tables", "into")
    tables = command.read_tables(args.tables, NEEDED)
    found = trace.trace(*(tables[name] for name in NEEDED), config.from_settings(args.settings))
    command.write_tables(args.into, found, plan.TEXT_TABLES)


command.run(main)
