"""Claims: what could be printed, drafted from the stages' tables, each sentence with the rows that it rests on."""

from pathlib import Path

from wiretrace import command, config, publish


def main() -> None:
    """Write the files of ``--into``: ``claims`` and ``claim_evidence``."""
    args = command.flags(__doc__, "settings", many=["tables", "into"])
    wanted = {Path(path).stem: path for path in args.tables if Path(path).stem not in publish.UNREAD}
    tables = {name: publish.read_short(name, path) for name, path in wanted.items()}
    found = publish.claims(tables, config.from_settings(args.settings))
    command.write_tables(found, args.into)
    command.say("claims", found, "claims")


command.run(main)
