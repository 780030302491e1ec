"""Trace posts: which accounts post the same things together more often than chance allows."""

from wiretrace import command, config, schema, trace


def main() -> None:
    """Find pairs and groups of accounts, what crosses between them, bursts of creation."""
    args = command.flags(__doc__, "settings", "articles", many=["into"])
    found = trace.posts(schema.read("articles", args.articles), config.from_settings(args.settings))
    command.write_tables(found, args.into)
    command.say("trace", found, "posts", "post_pairs")


command.run(main)
