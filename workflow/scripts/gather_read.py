"""Gather the shards' tables, with what only all of them together show."""

import tempfile
from pathlib import Path

from wiretrace import command
from wiretrace.read.rhythm import rhythm
from wiretrace.schema import stored
from wiretrace.schema.gather import gather


def main() -> None:
    """Join the parts named TABLE.csv into the file of that name; observations get those of the publishers' rhythm."""
    args = command.flags(__doc__, many=["parts", "into"])
    parts = {Path(path).stem: command.named(args.parts, Path(path).stem) for path in args.into}
    with tempfile.TemporaryDirectory() as folder:
        more = Path(folder) / "observations.csv"
        tables = (stored.Stored(name, tuple(parts[name])) for name in ("publishers", "articles", "clocks"))
        stored.write_rows("observations", rhythm(*tables), more)
        parts["observations"].append(str(more))
        for path in args.into:
            gather(Path(path).stem, parts[Path(path).stem], path)


command.run(main)
