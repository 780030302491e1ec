"""Claims: what could be printed, drafted from the stages' tables, each sentence with the rows that it rests on."""

from pathlib import Path

from wiretrace import command, config, publish
from wiretrace.schema import wanted


def main() -> None:
    """Write the files of ``--into``: ``claims`` and ``claim_evidence``."""
    args = command.flags(__doc__, "settings", many=["tables", "into"])
    paths = {Path(path).stem: path for path in args.tables if Path(path).stem not in wanted.UNREAD}
    tables = {name: publish.read_short(name, path) for name, path in paths.items()}
    found = publish.claims(tables, config.from_settings(args.settings))
    command.write_tables(found, args.into)
    command.say("claims", found, "claims")


command.run(main)
