"""Attribute: pairs of publishers with the weight of what they share, and the networks they form."""

import sys

from wiretrace import attribute, command, config, schema


def main() -> None:
    """Weigh shared observations; say what is wrong with the published lists."""
    args = command.flags(__doc__, "settings", "publishers", "observations", "articles", many=["into"])
    investigation = config.from_settings(args.settings)
    for line in attribute.lint(attribute.read_lists(investigation.inputs.known_networks)):
        print(f"wiretrace: {line}", file=sys.stderr)
    tables, evidence = attribute.in_pieces(
        schema.read("publishers", args.publishers),
        schema.read("observations", args.observations),
        schema.read("articles", args.articles),
        investigation,
    )
    command.write_tables(tables | {"publisher_link_evidence": evidence}, args.into)
    command.say("attribute", tables, "publisher_links", "networks")


command.run(main)
