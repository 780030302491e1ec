"""Stories whose course is laid down in their file: the political ones, placed through one distributor."""

from __future__ import annotations

import random
import re
from datetime import timedelta
from typing import Any

from wiretrace.practice.articles import NOW, Article, full
from wiretrace.practice.data import dice
from wiretrace.practice.runs import Newsstand, release
from wiretrace.practice.sites import Site
from wiretrace.practice.stories import Story, people

SLIPPING = ("professor", "digger", "singer")
ARCHIVED_AFTER = (timedelta(hours=9), timedelta(days=6), timedelta(days=47))


def run_plans(stand: Newsstand) -> None:
    """Carry out the plan of each political story."""
    for story in [s for s in stand.stories.values() if s.kind == "political"]:
        plan = story.plan
        wire = stand.sites[plan["wire"]]
        release(stand, wire, story, plan["languages"])
        releases = {a.language: a for a in stand.releases[wire.key, story.id]}
        for language, article in releases.items():
            article.section = 3
            article.states = dict(zip((1, 2), plan["fates"][language], strict=True))
            if set(article.states.values()) != {"live"} or plan.get("archive_release"):
                keep(article)
        throw = dice(stand.seed, "plan", story.id)
        for run in plan["runs"]:
            _run(stand, story, run, releases[run["from"]], throw)


def _pick(stand: Newsstand, run: dict[str, Any], story: str, throw: random.Random) -> list[Site]:
    fits = [
        s
        for key, s in sorted(stand.sites.items())
        if run["pick"] in (s.network, s.kind + "s")
        and s.role == "suspect"
        and s.kind != "company"
        and s.language == run["language"]
        and story not in stand.ran(s)
    ]
    return throw.sample(fits, min(run["count"], len(fits)))


def _run(stand: Newsstand, story: Story, run: dict[str, Any], source: Article, throw: random.Random) -> None:
    language = run["language"]
    for number, site in enumerate(_pick(stand, run, story.id, throw)):
        same = language.partition("-")[0] == source.language.partition("-")[0]
        moment = source.published + timedelta(minutes=throw.randint(25, 2400))
        article = full(site, story.id, "verbatim" if same else "translated", language, story.texts[language], moment)
        article.source, article.distributor, article.quotes = source, source.distributor, story.quotes
        article.section = 3
        article.subtitle = ""
        article.states = dict(zip((1, 2), run["fates"][number % len(run["fates"])], strict=True))
        if article.states != {1: "live", 2: "live"}:
            keep(article)
        slip(stand.seed, article, run["slips"][number % len(run["slips"])])
        if run["headline"][number % len(run["headline"])]:
            _sharpen(article, story, number, throw)
        stand.add(article)


def keep(article: Article) -> None:
    """Let the web archive have it, at moments after it came out."""
    days = [article.published + gap for gap in ARCHIVED_AFTER]
    gone = 1 if article.states[1] != "live" else 2
    article.archived = [day for day in days if day < NOW[gone]][: 2 if gone == 1 else 3]


def slip(seed: int, article: Article, kind: str) -> None:
    """Write the names of people as a translator does who only hears them."""
    if not kind:
        return
    known = people(seed)
    for slot in SLIPPING:
        right, wrong = known[slot]["ja"], known[slot]["zh" if kind == "simplified_form" else kind]
        if right not in article.whole() + article.title:
            continue
        article.paragraphs = [p.replace(right, wrong) for p in article.paragraphs]
        article.subtitle = article.subtitle.replace(right, wrong)
        article.title = article.title.replace(right, wrong)
        article.mark("names", written=wrong, person=right, slip=kind)


def _sharpen(article: Article, story: Story, number: int, throw: random.Random) -> None:
    headlines = story.texts[article.language].headlines
    if not headlines:
        return
    article.title = headlines[(number + throw.randrange(len(headlines))) % len(headlines)]
    body = article.whole()
    pieces = [p for p in re.split(r"[、。：]|を復活|をめぐる", article.title) if p and p not in body]
    article.mark("headlines", phrase=max(pieces, key=len) if pieces else article.title)
