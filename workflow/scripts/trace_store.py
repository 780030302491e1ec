"""Fold and winnow one shard of the texts."""

from pathlib import Path

from wiretrace import command
from wiretrace.schema.stored import Stored
from wiretrace.trace import texts
from wiretrace.trace.reuse import store
from wiretrace.trace.shelf import Shelf

NEEDED = ("articles", "article_versions", "article_parts")


def main() -> None:
    """Write the store of the articles in ``--tables``, which hold whole publishers."""
    args = command.flags(__doc__, "into", many=["tables"])
    into = Path(args.into)
    into.mkdir(parents=True, exist_ok=True)
    tables = [Stored(name, tuple(p for p in args.tables if Path(p).stem == name)) for name in NEEDED]
    shelf = Shelf(into)
    pages = list(texts.pages(*tables, shelf))
    names, written = [page.article_id for page in pages], [shelf.get(page.number) for page in pages]
    store.build(names, written, [page.masked for page in pages]).save(into)


command.run(main)
