"""What happens between the two rounds, and before the first."""

from __future__ import annotations

from datetime import timedelta

from wiretrace.practice.articles import NOW, Article
from wiretrace.practice.data import dice
from wiretrace.practice.plans import keep
from wiretrace.practice.runs import Newsstand

LAPSES = ("a09", "a07")  # one of these registrations is not renewed before round 2
EDITS = 14
NEW = 16
UPDATE = {
    "ja": "本文の一部を更新しました。これまでの数字は速報値です。",
    "en": "This article has been updated; earlier figures were preliminary.",
    "ko": "기사 일부를 고쳤습니다. 앞선 수치는 잠정치입니다.",
    "zh-Hans": "本文已更新，此前数字为初步统计。",
    "zh-Hant": "本文已更新，此前數字為初步統計。",
}


def lapsing(seed: int) -> str:
    """Key of the publisher whose registration lapses between the rounds."""
    return LAPSES[seed % len(LAPSES)]


def pass_time(stand: Newsstand) -> None:
    """Edits, late articles, and what the web archive kept of the publisher that disappears."""
    throw = dice(stand.seed, "between")
    plain = [a for a in stand.articles if a.states == {1: "live", 2: "live"} and not a.marks and a.kind != "quotation"]
    staying = [a for a in plain if a.site.key != lapsing(stand.seed)]
    leaves = [a for a in staying if not any(b.source is a for b in stand.articles) and a.site.kind != "distributor"]
    newer = throw.sample(leaves, NEW)
    for article in newer:
        _postpone(article, throw.randint(3, 55))
    taken = {id(a) for a in newer}
    for article in throw.sample([a for a in leaves if id(a) not in taken], EDITS):
        _edit(article, throw.randint(0, 2))
    for article in [a for a in stand.articles if a.site.key == lapsing(stand.seed)][::2]:
        article.states[2] = "gone"
        article.archived = [article.published + timedelta(days=11)]
    for article in throw.sample([a for a in leaves if id(a) not in taken], 24):
        if not article.archived:
            article.archived = [article.published + timedelta(hours=throw.randint(2, 200))]
    releases = [a for a in stand.articles if a.site.kind == "distributor" and not a.archived]
    for article in throw.sample([a for a in releases if a.states[1] == "live"], 16):
        article.archived = [article.published + timedelta(hours=throw.randint(1, 90))]
    _delete(stand)


def _postpone(article: Article, days: int) -> None:
    """It comes out after round 1."""
    article.published = NOW[1] + timedelta(days=days, minutes=article.published.minute * 7)
    article.states = {1: "absent", 2: "live"}
    article.trap = ""


def _edit(article: Article, how: int) -> None:
    paragraphs = list(article.paragraphs)
    if how == 0:
        paragraphs.append(UPDATE[article.language])
    elif how == 1 and len(paragraphs) > 2:
        paragraphs = paragraphs[:-1]
    else:
        paragraphs = [paragraphs[0], UPDATE[article.language], *paragraphs[1:]]
    article.edited = paragraphs


def _delete(stand: Newsstand) -> None:
    """A few dull articles disappear too."""
    throw = dice(stand.seed, "deletions")
    dull = [
        a
        for a in stand.articles
        if a.states == {1: "live", 2: "live"} and not a.marks and not a.edited and a.site.kind == "fake_local"
    ]
    for article, fate in zip(throw.sample(dull, 4), ("404", "410", "front", "soft404"), strict=True):
        article.states[2] = fate
        if fate != "410":
            keep(article)
