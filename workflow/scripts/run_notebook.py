"""Run one notebook on the newest version and keep it as self-contained HTML."""

from pathlib import Path

from wiretrace import command, narrate


def main() -> None:
    """Execute ``--notebook`` and write ``--html``."""
    args = command.flags(__doc__, "notebook", "root", "version", "html")
    version = Path(args.version).read_text(encoding="utf-8").strip()
    narrate.run_notebook(Path(args.notebook), Path(args.root) / "versions" / version, Path(args.html))


command.run(main)
