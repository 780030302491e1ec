"""One article of the world as its publisher shows it, with what is true of it kept beside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wiretrace.practice.data import dice, digest, load, traditional
from wiretrace.practice.sites import Site
from wiretrace.practice.stories import Text, base

START = datetime(2025, 2, 3)  # first releases
SPAN = 180  # days in which releases come out before round 1
NOW = {1: datetime(2025, 9, 1), 2: datetime(2025, 11, 3)}  # what the two rounds show


@dataclass
class Article:
    """One article; what the world's servers show of it and what only the truth knows."""

    site: Site
    story: str
    kind: str
    language: str
    title: str
    paragraphs: list[str]
    published: datetime
    subtitle: str = ""
    about: str = ""
    contact: str = ""
    note: str = ""  # what the outlet prints above a release
    credit: str = ""
    source: Article | None = None
    distributor: str = ""
    trap: str = ""
    section: int = 4
    author: dict[str, str] = field(default_factory=dict)
    number: int = 0
    path: str = ""
    clock: str = ""
    shown: datetime | None = None
    markup: str = ""
    image: str = ""  # what its picture's metadata tell; '' is a plain picture
    pictured: bool = True
    states: dict[int, str] = field(default_factory=lambda: {1: "live", 2: "live"})
    archived: list[datetime] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)  # paragraphs that round 2 shows instead
    marks: list[dict[str, Any]] = field(default_factory=list)  # truth of what was put into it: table and columns
    quotes: tuple[dict[str, Any], ...] = ()

    @property
    def address(self) -> str:
        """Its final address."""
        return f"{self.site.scheme}://{self.site.host}{self.path}"

    @property
    def key(self) -> str:
        """Name that stays the same while the world is being built."""
        return f"{self.site.key} {self.story} {self.language}"

    def body(self, round_: int) -> list[str]:
        """Paragraphs as ``round_`` shows them."""
        return self.edited if round_ >= 2 and self.edited else self.paragraphs

    def whole(self) -> str:
        """All its text but the headline, as round 1 shows it."""
        return "\n".join([self.subtitle, *self.paragraphs, self.about, self.contact])

    def mark(self, table: str, **columns: Any) -> None:
        """Note something for truth table ``table``."""
        self.marks.append({"table": table, **columns})


def full(site: Site, story: str, kind: str, language: str, text: Text, published: datetime) -> Article:
    """``text`` run complete."""
    return Article(
        site,
        story,
        kind,
        language,
        text.title,
        list(text.paragraphs),
        published,
        text.subtitle,
        text.about,
        text.contact,
    )


def trim(article: Article, seed: int) -> None:
    """Cut contacts, the company's portrait and one or two last paragraphs, as a desk does."""
    throw = dice(seed, "trim", article.key)
    keep = max(2, len(article.paragraphs) - throw.randint(1, 2))
    article.paragraphs = article.paragraphs[:keep]
    article.about = article.contact = ""
    if throw.random() < 0.6:
        article.subtitle = ""


def rehead(article: Article) -> None:
    """Give it another headline: the subtitle, or the first clause of the text."""
    first = re.split(r"[。.]", article.paragraphs[0])[0]
    article.title = (article.subtitle or first)[:120]
    article.subtitle = ""


def credit_line(seed: int, wire: Site, article: Article) -> str:
    """The words with which ``article`` names ``wire``."""
    forms = load("publishers/chrome.yaml")["credits"][article.language]
    return str(dice(seed, "credit", article.key).choice(forms)).format(wire=called(wire, article.language))


def called(wire: Site, language: str) -> str:
    """Name of a distributor in ``language``."""
    name = str(wire.raw["credit"][base(language)])
    return traditional(name) if language == "zh-Hant" else name


def date(article: Article, seed: int) -> None:
    """Set the clock that its page shows, by its publisher's habit."""
    throw = dice(seed, "clock", article.key)
    article.clock = article.clock or article.site.clock
    article.shown = article.published
    article.pictured = bool(article.image) or throw.random() < 0.6
    if article.clock == "lies":
        earlier = article.published - timedelta(days=throw.randint(1, 6))
        article.shown = earlier.replace(hour=throw.choice([1, 2, 16]), minute=0)
    if article.clock == "none":
        article.shown = None


def lay(articles: list[Article], seed: int) -> None:
    """Give the articles of each publisher their numbers, authors and paths, in order of time."""
    by_site: dict[str, list[Article]] = {}
    for article in articles:
        by_site.setdefault(article.site.key, []).append(article)
    for key, own in by_site.items():
        throw = dice(seed, "numbers", key)
        number = throw.randint(120, 40_000)
        for article in sorted(own, key=lambda a: (a.shown or a.published, a.key)):
            number += throw.randint(1, 60)
            article.number = number
            if article.site.authors:
                article.author = throw.choice(article.site.authors)
            article.path = path_of(article)


def path_of(article: Article) -> str:
    """Path by the habit of the publisher's software."""
    site, day = article.site, article.shown or article.published
    local = day + timedelta(hours=site.zone)
    if site.family == "wp":
        if int(digest(site.key, "permalink", size=4), 16) % 2:
            return f"/archives/{article.number}/"
        words = re.sub(r"[^a-z0-9]+", "-", article.title.lower()).strip("-")[:60].strip("-")
        slug = words if article.language == "en" and words else "post"
        return f"/{local:%Y/%m}/{slug}-{article.number}/"
    if site.family == "plain":
        if int(digest(site.key, "permalink", size=4), 16) % 2:
            return f"/article.php?id={article.number}"
        return f"/news/{local:%Y%m%d}_{article.number}.html"
    if site.family == "press":
        return f"/newsroom/{base(article.language)}/{article.number}.html"
    if site.family == "account":
        return f"{site.prefix}n/n{digest(site.key, article.number)}"
    section = load("publishers/chrome.yaml")["sections"][article.section]
    return f"/{section}/{local:%Y%m%d}-{article.number}"
