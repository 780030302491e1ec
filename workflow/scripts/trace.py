"""Trace texts: shared passages, stories, sources and distributors."""

from pathlib import Path

from wiretrace import command, config, trace
from wiretrace.trace.reuse import verify

NEEDED = ("publishers", "articles", "article_versions", "article_parts", "clocks", "links", "outlet_listings")


def main() -> None:
    """Follow each article to its source, over the copies that were found and translations."""
    args = command.flags(__doc__, "settings", many=["tables", "matches", "into"])
    tables = command.read_tables(path for path in args.tables if Path(path).stem in NEEDED)
    copies = verify.read([Path(path) for path in args.matches])
    found = trace.trace(*(tables[name] for name in NEEDED), config.from_settings(args.settings), copies)
    command.write_tables(found, args.into)
    command.say("trace", found, "text_matches", "stories", "traces")


command.run(main)
