"""Index one round of evidence: a row for each archived exchange, a row for each question and how it ended."""

from pathlib import Path

from wiretrace import command, evidence, schema


def main() -> None:
    """Scan the round's archives into the tables captures and lookups."""
    args = command.flags(__doc__, "manifest", "captures", "lookups")
    manifest = Path(args.manifest)
    captures, lookups = evidence.index(manifest.parents[1], manifest.parent.name)
    schema.write("captures", captures, args.captures)
    schema.write("lookups", lookups, args.lookups)


command.run(main)
