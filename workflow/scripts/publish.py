"""Publish: freeze all tables as one version."""

from pathlib import Path

from wiretrace import command, config, plan, publish, schema


def main() -> None:
    """Write ``versions/ID``, the ledger of versions and the newest id."""
    args = command.flags(__doc__, "settings", "root", "ledger", "version", "workers", many=["tables", "snapshots"])
    root, investigation = Path(args.root), config.from_settings(args.settings)
    tables = {Path(path).stem: Path(path) for path in args.tables if schema.tables()[Path(path).stem].published}
    facts = publish.facts(investigation, root, args.snapshots, plan.digests_of_sources())
    version = publish.publish(tables, facts, root, int(args.workers))
    command.tell(f"publish {version}", {"tables": len(tables)}, "tables")
    schema.write_text(Path(args.ledger), publish.ledger(root))
    schema.write_text(Path(args.version), version + "\n")


if __name__ == "__main__":
    command.run(main)
