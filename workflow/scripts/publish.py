"""Publish: join the stages into claims and changes, and freeze all tables as one version."""

from pathlib import Path

from wiretrace import command, config, plan, publish, schema


def main() -> None:
    """Write ``versions/ID``, the ledger of versions and the newest id."""
    args = command.flags(__doc__, "settings", "root", "ledger", "version", many=["tables", "snapshots"])
    root, investigation = Path(args.root), config.from_settings(args.settings)
    later = [path for path in args.tables if Path(path).stem in publish.UNREAD]
    tables = command.read_tables(path for path in args.tables if path not in later)
    tables |= publish.claims(tables, investigation)
    tables |= command.read_tables(later)
    tables["changes"] = publish.changes(tables, args.snapshots)
    tables["publisher_indicators"] = publish.site_view(
        *(tables[name] for name in ("ai_indicators", "articles", "text_matches", "images", "clocks"))
    )
    facts = publish.facts(investigation, root, args.snapshots, plan.digests_of_sources())
    version = publish.publish(tables, facts, root)
    command.say(f"publish {version}", tables, "claims", "changes")
    schema.write_text(Path(args.ledger), publish.ledger(root))
    schema.write_text(Path(args.version), version + "\n")


command.run(main)
