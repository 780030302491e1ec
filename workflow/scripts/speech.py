"""Trace speech: who is quoted and named in which article, where else, and how it is spelled."""

from pathlib import Path

from wiretrace import command, config, trace

NEEDED = ("publishers", "articles", "article_versions", "stories", "story_members", "text_matches", "traces")


def main() -> None:
    """Find quotations, names and headline phrases."""
    args = command.flags(__doc__, "settings", many=["tables", "into"])
    tables = command.read_tables(path for path in args.tables if Path(path).stem in NEEDED)
    found = trace.speech(*(tables[name] for name in NEEDED), config.from_settings(args.settings))
    command.write_tables(found, args.into)
    command.say("trace", found, "quotes", "names")


command.run(main)
