"""Trace speech: who is quoted and named in which article, where else, and how it is spelled."""

from wiretrace import command, config, plan, trace

NEEDED = ("publishers", "articles", "article_versions", "stories", "story_members", "text_matches")


def main() -> None:
    """Find quotations, names and headline phrases."""
    args = command.flags(__doc__, "settings", "tables", "into")
    tables = command.read_tables(args.tables, NEEDED)
    found = trace.speech(*(tables[name] for name in NEEDED), config.from_settings(args.settings))
    command.write_tables(args.into, found, plan.SPEECH_TABLES)


command.run(main)
