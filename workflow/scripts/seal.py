"""Seal one round of evidence: sum its files, so that any later change shows, and have the sums time-stamped."""

import sys
from pathlib import Path

from wiretrace import acquire, command, config, evidence
from wiretrace.progress import Progress


def main() -> None:
    """Write ``--manifest``, i.e. evidence/SNAPSHOT/manifest.json."""
    args = command.flags(__doc__, "settings", "manifest")
    manifest = Path(args.manifest)
    evidence.seal(manifest.parents[1], manifest.parent.name)
    given, failed = acquire.stamp(manifest.parent, config.from_settings(args.settings).acquire)
    for line in given:
        Progress("seal").say(line, last=True)
    for line in failed:
        print(f"wiretrace: {line}; ask again with: wiretrace stamp", file=sys.stderr)


command.run(main)
