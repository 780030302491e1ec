"""Claims on publishers that may be distributors: no list names them, but others ran their texts after them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from wiretrace.publish.case import Case, Draft, Later, Row
from wiretrace.publish.rows import Record
from wiretrace.publish.sources import headline
from wiretrace.publish.wording import Value, count, noted, sites

# A publisher that the user called a paper is one, whoever copies it.
PAPERS = ("outlet", "control")
# Stories that a publisher has in common with two others or more: from them it can be seen who feeds whom.
SHARED = (
    "SELECT count(DISTINCT s.story_id) AS number FROM articles a JOIN story_members m ON m.article_id = a.article_id"
    " JOIN stories s ON s.story_id = m.story_id WHERE a.publisher = ? AND s.publishers >= 3"
)


def may_distribute(case: Case) -> list[Draft]:
    """One draft for each publisher that was proposed as a distributor by its numbers."""
    roles = {name: row["role"] for name, row in case.publishers.items()}
    proposed = [row for row in case.distributors.values() if row["first_articles"]]
    return [_draft(case, row) for row in proposed if roles.get(row["distributor"]) not in PAPERS]


def _draft(case: Case, row: Record) -> Draft:
    publisher, articles = row["distributor"], row["first_articles"].split()
    takers = sorted({taker for article in articles for taker in _publishers(case, article)} - {publisher})
    shared = case.shelf.rows(SHARED, publisher).first()["number"]
    releases = sum(bool(case.article(article).get("release_like")) for article in articles)
    hours = row["median_delay_hours"]
    values: dict[str, Value] = {
        "distributor": case.name_of(publisher),
        "first": len(articles),
        "shared": count(shared, "text"),
        "sites": sites(takers),
        "releases": releases,
        "delay": (f"{hours:g} hours", f"{hours:g}時間") if hours is not None else ("not known", "不明"),
    }
    against: list[tuple[str, dict[str, Value]]] = [("numbers", {"distributor": values["distributor"]})]
    if shared > len(articles):
        against.append(("later", {"others": count(shared - len(articles), "text")}))
    if 2 * releases < len(articles):
        against.append(("no_release", {"releases": releases, "first": len(articles)}))
    return Draft(
        "may_distribute",
        publisher,
        "",
        "possible",
        values,
        _evidence(case, publisher, articles),
        against=against,
        about=[publisher],
        size=min(len(articles), 40),
        suspect=bool(case.suspects & {publisher, *takers}),
    )


def _publishers(case: Case, article: str) -> list[str]:
    """Who ran the text of ``article``."""
    return case.publishers_of(member["article_id"] for member in case.members(case.story_of(article)))


def _evidence(case: Case, publisher: str, articles: list[str]) -> Iterator[Row | Later]:
    yield Row("distributors", publisher, noted("proposed", publisher=publisher, first=count(len(articles), "text")))
    for article in articles:
        yield Later("articles", article, partial(_led, case, publisher, article))


def _led(case: Case, publisher: str, article: str) -> Row:
    note = noted("led", publisher=publisher)
    return Row("articles", article, note, case.capture_of(article), headline(case, article))
