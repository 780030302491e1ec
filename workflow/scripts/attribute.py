"""Attribute: pairs of publishers with the weight of what they share, and the networks they form."""

from wiretrace import attribute, command, config, plan, schema


def main() -> None:
    """Weigh shared observations."""
    args = command.flags(__doc__, "settings", "publishers", "observations", "articles", "into")
    tables = attribute.attribute(
        schema.read("publishers", args.publishers),
        schema.read("observations", args.observations),
        schema.read("articles", args.articles),
        config.from_settings(args.settings),
    )
    command.write_tables(args.into, tables, plan.ATTRIBUTE_TABLES)


command.run(main)
