"""Trace speech: who is quoted and named in which article, where else, and how it is spelled."""

from pathlib import Path

from wiretrace import command, config, trace
from wiretrace.schema.stored import Stored

NEEDED = ("publishers", "articles", "article_versions", "stories", "story_members", "text_matches", "traces")


def main() -> None:
    """Find quotations, names and headline phrases."""
    args = command.flags(__doc__, "settings", many=["tables", "into"])
    paths = {Path(path).stem: path for path in args.tables}
    tables = [Stored(name, (paths[name],)) for name in NEEDED]
    found = trace.speech(*tables, config.from_settings(args.settings), Path(args.into[0]).parent)
    counts = command.write_rows(found, args.into)
    command.tell("trace", counts, "quotes", "names")


command.run(main)
