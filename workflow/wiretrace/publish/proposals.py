"""Claims on publishers that may be distributors: no list names them, but others ran their texts after them."""

from __future__ import annotations

from collections.abc import Sequence

from wiretrace.publish.case import Case, Draft, Record, Row
from wiretrace.publish.sources import headline
from wiretrace.publish.wording import Value, count, noted, sites

# A publisher that the user called a paper is one, whoever copies it.
PAPERS = ("outlet", "control")
LARGE = 3  # publishers of a story from which it says who feeds others


def may_distribute(case: Case) -> list[Draft]:
    """One draft for each publisher that was proposed as a distributor by its numbers."""
    proposed = [row for row in case.table("distributors") if row["first_articles"]]
    roles = {name: row["role"] for name, row in case.publishers.items()}
    return [_draft(case, row) for row in proposed if roles.get(row["distributor"]) not in PAPERS]


def _draft(case: Case, row: Record) -> Draft:
    publisher, articles = row["distributor"], row["first_articles"].split()
    stories = [case.story_of[a] for a in articles if a in case.story_of]
    takers = _publishers(case, stories) - {publisher}
    shared = {
        story["story_id"]
        for story in case.table("stories")
        if story["publishers"] >= LARGE and publisher in _publishers(case, [story["story_id"]])
    }
    releases = sum(case.articles[a]["release_like"] for a in articles if a in case.articles)
    hours = row["median_delay_hours"]
    values: dict[str, Value] = {
        "distributor": case.name_of(publisher),
        "first": len(articles),
        "shared": count(len(shared), "text"),
        "sites": sites(sorted(takers)),
        "releases": releases,
        "delay": (f"{hours:g} hours", f"{hours:g}時間") if hours is not None else ("not known", "不明"),
    }
    against: list[tuple[str, dict[str, Value]]] = [("numbers", {"distributor": values["distributor"]})]
    if len(shared) > len(articles):
        against.append(("later", {"others": count(len(shared) - len(articles), "text")}))
    if 2 * releases < len(articles):
        against.append(("no_release", {"releases": releases, "first": len(articles)}))
    return Draft(
        "may_distribute",
        publisher,
        "",
        "possible",
        values,
        [_counted(publisher, len(articles)), *(_led(case, publisher, article) for article in articles)],
        against=against,
        about=[publisher, *stories],
        size=min(len(articles), 40),
        suspect=bool(case.suspects & {publisher, *takers}),
    )


def _counted(publisher: str, first: int) -> Row:
    return Row("distributors", publisher, noted("proposed", publisher=publisher, first=count(first, "text")))


def _led(case: Case, publisher: str, article: str) -> Row:
    return Row(
        "articles", article, noted("led", publisher=publisher), case.capture_of(article), headline(case, article)
    )


def _publishers(case: Case, stories: Sequence[str]) -> set[str]:
    members = [member["article_id"] for story in stories for member in case.members.get(story, ())]
    return set(case.publishers_of(members))
