"""Attribute: pairs of publishers with the weight of what they share, and the networks they form."""

from wiretrace import attribute, command, config, schema


def main() -> None:
    """Weigh shared observations."""
    args = command.flags(__doc__, "settings", "publishers", "observations", "articles", many=["into"])
    tables = attribute.attribute(
        schema.read("publishers", args.publishers),
        schema.read("observations", args.observations),
        schema.read("articles", args.articles),
        config.from_settings(args.settings),
    )
    command.write_tables(tables, args.into)


command.run(main)
