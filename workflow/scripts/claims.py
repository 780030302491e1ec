"""Claims: what could be printed, drafted from the stages' tables, each sentence with the rows that it rests on."""

from pathlib import Path

from wiretrace import command, config, publish
from wiretrace.schema import files, wanted
from wiretrace.schema.stored import Stored


def main() -> None:
    """Write the files of ``--into``: ``claims`` and ``claim_evidence``."""
    args = command.flags(__doc__, "settings", many=["tables", "into"])
    paths = {Path(path).stem: path for path in args.tables if Path(path).stem not in wanted.UNREAD}
    tables = {name: Stored(name, (path,)) for name, path in paths.items()}
    with files.scratch(Path(args.into[0]).with_name(".claims")) as folder:
        found = publish.claims(tables, config.from_settings(args.settings), folder / "shelf.sqlite")
        counts = command.write_rows(found, args.into)
    command.tell("claims", counts, "claims")


command.run(main)
