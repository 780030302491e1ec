"""Take archives that somebody else captured into the evidence, and seal them."""

from pathlib import Path

from wiretrace import command, evidence


def main() -> None:
    """Copy WARC and WACZ files into the round ``imports``."""
    args = command.flags(__doc__, "manifest", many=["archives"])
    evidence.import_archives([Path(path) for path in args.archives], Path(args.manifest).parents[1])


command.run(main)
