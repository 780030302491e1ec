"""Indicate one shard: signs of AI use and of authorship in another language."""

from pathlib import Path

from wiretrace import command, indicate, schema


def main() -> None:
    """Run the rules of the registry over one shard's texts, chrome, markup and images."""
    args = command.flags(__doc__, "evidence", "captures", "pages", "articles", "versions", "images", many=["into"])
    pages, images = schema.read("pages", args.pages), schema.read("images", args.images)
    own = {*pages["capture_id"], *images["capture_id"]}
    tables = indicate.indicate(
        Path(args.evidence),
        schema.read("captures", args.captures, column="capture_id", wanted=own.__contains__),
        pages,
        schema.read("articles", args.articles),
        schema.read("article_versions", args.versions),
        images,
    )
    command.write_tables(tables, args.into)
    command.say("indicate", tables, "ai_indicators", "origin_indicators")


command.run(main)
