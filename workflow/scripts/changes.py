"""Changes and site view: what differs between rounds, and each publisher in a few figures."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from wiretrace import command, publish
from wiretrace.schema import wanted


def _read(paths: Mapping[str, str], parts: wanted.Columns) -> dict[str, pd.DataFrame]:
    return {name: publish.read_columns(name, paths[name], columns) for name, columns in parts.items()}


def main() -> None:
    """Write the files of ``--into``: ``changes`` and ``publisher_indicators``."""
    args = command.flags(__doc__, many=["tables", "snapshots", "into"])
    paths = {Path(path).stem: path for path in args.tables}
    # One round has nothing to be compared with.
    compared = _read(paths, wanted.COMPARED) if len(args.snapshots) > 1 else {}
    found = {"changes": publish.changes(compared, args.snapshots)}
    del compared
    found["publisher_indicators"] = publish.site_view(*_read(paths, wanted.VIEWED).values())
    command.write_tables(found, args.into)
    command.say("changes", found, "changes")


command.run(main)
