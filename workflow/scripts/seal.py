"""Seal one round of evidence: sum its files, so that any later change shows, and have the sums time-stamped."""

from pathlib import Path

from wiretrace import acquire, command, config, evidence


def main() -> None:
    """Write ``--manifest``, i.e. evidence/SNAPSHOT/manifest.json."""
    args = command.flags(__doc__, "settings", "manifest")
    manifest = Path(args.manifest)
    evidence.seal(manifest.parents[1], manifest.parent.name)
    acquire.stamp_and_tell(manifest.parent, config.from_settings(args.settings).acquire)


command.run(main)
