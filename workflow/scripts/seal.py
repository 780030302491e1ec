"""Seal one round of evidence: sum its files, so that any later change shows."""

from pathlib import Path

from wiretrace import command, evidence


def main() -> None:
    """Write ``--manifest``, i.e. evidence/SNAPSHOT/manifest.json."""
    manifest = Path(command.flags(__doc__, "manifest").manifest)
    evidence.seal(manifest.parents[1], manifest.parent.name)


command.run(main)
