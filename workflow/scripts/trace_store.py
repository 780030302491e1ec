"""Fold and winnow one shard of the texts."""

from pathlib import Path

from wiretrace import command, schema
from wiretrace.trace import texts
from wiretrace.trace.reuse import store

NEEDED = ("articles", "article_versions", "article_parts")


def main() -> None:
    """Write the store of the articles in ``--tables``, which hold whole publishers."""
    args = command.flags(__doc__, "into", many=["tables"])
    tables = {name: schema.read(name, *(p for p in args.tables if Path(p).stem == name)) for name in NEEDED}
    pages = texts.pages(*(tables[name] for name in NEEDED))
    names, written = [page.row["article_id"] for page in pages], [page.version["text"] for page in pages]
    store.build(names, written, [page.masked for page in pages]).save(Path(args.into))


command.run(main)
