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
    tables = [Stored(name, tuple(command.named(args.tables, name))) for name in NEEDED]
    shelf = Shelf(into)
    pages = texts.pages(*tables, shelf)
    store.save(store.parts((page.article_id, shelf.get(page.number), page.masked) for page in pages), into)


command.run(main)
