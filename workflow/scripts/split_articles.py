"""Split the articles from outside by shard: each file is parsed once, and each shard reads what is its own."""

from wiretrace import command, read
from wiretrace.progress import Progress


def main() -> None:
    """Write each article of ``--articles`` to the file of ``--into`` whose shard its publisher belongs to."""
    args = command.flags(__doc__, many=["articles", "into"])
    number = read.split(args.articles, args.into)
    Progress("split articles").say(f"{number:,} articles", last=True)


command.run(main)
