"""Trace texts: shared passages, stories, sources and distributors."""

from pathlib import Path

from wiretrace import command, config, schema, trace
from wiretrace.schema.stored import Stored
from wiretrace.trace.reuse import verify

NEEDED = ("publishers", "articles", "article_versions", "article_parts", "clocks", "links", "images", "outlet_listings")


# Small ones, of which columns are looked at as a whole.
HELD = ("publishers", "outlet_listings")


def main() -> None:
    """Follow each article to its source, over the copies that were found and translations."""
    args = command.flags(__doc__, "settings", many=["tables", "matches", "into"])
    paths = {Path(path).stem: path for path in args.tables}
    tables = [schema.read(name, paths[name]) if name in HELD else Stored(name, (paths[name],)) for name in NEEDED]
    copies = verify.read([Path(path) for path in args.matches])
    folder = Path(args.into[0]).parent
    found = trace.trace(*tables, config.from_settings(args.settings), copies, folder)
    counts = command.write_rows(found, args.into)
    command.tell("trace", counts, "text_matches", "stories", "traces")


command.run(main)
