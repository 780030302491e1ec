"""Take archives that somebody else captured into the evidence, and seal them."""

from pathlib import Path

from wiretrace import acquire, command, config, evidence


def main() -> None:
    """Copy WARC and WACZ files into the round ``imports``."""
    args = command.flags(__doc__, "settings", "manifest", many=["archives"])
    manifest = Path(args.manifest)
    evidence.import_archives([Path(path) for path in args.archives], manifest.parents[1])
    acquire.stamp_and_tell(manifest.parent, config.from_settings(args.settings).acquire)


command.run(main)
