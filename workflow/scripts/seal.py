"""Seal one round of evidence: sum its files, so that any later change shows."""

from pathlib import Path

from wiretrace import command, evidence


def main() -> None:
    """Write the manifest of ``--snapshot``."""
    args = command.flags(__doc__, "evidence", "snapshot")
    evidence.seal(Path(args.evidence), args.snapshot)


command.run(main)
