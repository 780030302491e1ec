"""Take archives that somebody else captured into the evidence, and seal them."""

import argparse
from pathlib import Path

from wiretrace import command, evidence


def main() -> None:
    """Copy WARC and WACZ files into the round ``imports``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evidence", required=True)
    parser.add_argument("archives", nargs="+")
    args = parser.parse_args()
    evidence.import_archives([Path(path) for path in args.archives], Path(args.evidence))


command.run(main)
