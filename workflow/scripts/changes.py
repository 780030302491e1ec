"""Changes and site view: what differs between rounds, and each publisher in a few figures."""

from pathlib import Path

from wiretrace import command, publish
from wiretrace.schema import files, wanted
from wiretrace.schema.stored import Stored


def main() -> None:
    """Write the files of ``--into``: ``changes`` and ``publisher_indicators``."""
    args = command.flags(__doc__, many=["tables", "snapshots", "into"])
    # One round has nothing to be compared with.
    columns = wanted.CHANGES if len(args.snapshots) > 1 else wanted.VIEWED
    tables = {name: Stored(name, (path,)) for path in args.tables if (name := Path(path).stem) in columns}
    with files.scratch(Path(args.into[0]).with_name(".changes")) as folder:
        shelf = publish.Shelf(tables, folder / "shelf.sqlite", columns)
        found = {"changes": publish.changes(shelf, args.snapshots), "publisher_indicators": publish.site_view(shelf)}
        counts = command.write_rows(found, args.into)
    command.tell("changes", counts, "changes")


command.run(main)
