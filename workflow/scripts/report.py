"""Write the editor's report on the newest version."""

from pathlib import Path

from wiretrace import command, narrate


def main() -> None:
    """Write ``--html`` and the evidence pages beside it."""
    args = command.flags(__doc__, "root", "version", "html")
    root, version = Path(args.root), Path(args.version).read_text(encoding="utf-8").strip()
    narrate.report(root / "versions" / version, root / "evidence", Path(args.html).parent)


command.run(main)
