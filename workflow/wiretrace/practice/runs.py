"""Who runs which story in what form: releases at the distributors, copies elsewhere, honest news."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

from wiretrace.practice.articles import Article, called, credit_line, full, rehead, trim
from wiretrace.practice.data import dice, digest, load, traditional
from wiretrace.practice.sites import Site
from wiretrace.practice.stories import Story, base

WIRES = ("wire-c", "wire-e", "wire-j")
LATE = 7  # releases that their distributor shows only after outlets ran them
DOUBLE = 3  # releases that two distributors carry
UNSEEN = 2  # stories that networks run and no distributor that we can see
LIFTED = 5  # honest news that a distributor puts out as releases of its own


@dataclass
class Newsstand:
    """Everything published while the world is being built."""

    seed: int
    sites: dict[str, Site]
    stories: dict[str, Story]
    articles: list[Article] = field(default_factory=list)
    releases: dict[tuple[str, str], list[Article]] = field(default_factory=dict)  # (wire, story)

    def add(self, article: Article) -> Article:
        """Publish ``article``."""
        self.articles.append(article)
        return article

    def ran(self, site: Site) -> set[str]:
        """Stories that ``site`` has run."""
        return {a.story for a in self.articles if a.site.key == site.key}


def _home(stand: Newsstand, story: Story) -> str:
    """The distributor that the story's customer booked; it works in one of the story's languages."""
    odds = {"zh-Hans": (9, 1, 0), "ja": (3, 1, 8), "en": (4, 7, 0), "ko": (5, 5, 0)}[story.born]
    home = dice(stand.seed, "home", story.id).choices(WIRES, odds)[0]
    return home if _offered(stand.sites[home], story) else "wire-c"


def _offered(wire: Site, story: Story) -> list[str]:
    """Languages in which ``wire`` can put ``story`` out."""
    own = ["zh-Hans" if language == "zh" else language for language in wire.raw["languages"]]
    return [language for language in own if language in story.texts]


def _same(text_language: str) -> str:
    """Language of a release that an outlet in ``text_language`` can take over without translating."""
    return "zh-Hans" if text_language == "zh-Hant" else text_language


def release(stand: Newsstand, wire: Site, story: Story, languages: list[str]) -> None:
    """Put ``story`` out at ``wire``: first in one language, then in its translations."""
    throw = dice(stand.seed, "release", wire.key, story.id)
    first: Article | None = None
    moment = story.release
    for language in languages:
        article = full(wire, story.id, "translated" if first else "original", language, story.texts[language], moment)
        article.distributor = wire.publisher
        article.source = first
        article.quotes = story.quotes
        first = first or article
        stand.releases.setdefault((wire.key, story.id), []).append(stand.add(article))
        moment += timedelta(minutes=throw.randint(20, 200))


def unseen(stand: Newsstand) -> list[str]:
    """Stories whose distributor nobody can see: they reach the papers by other ways."""
    wide = [s.id for s in stand.stories.values() if s.kind == "commercial" and {"en", "ja"} <= set(s.texts)]
    return dice(stand.seed, "unseen").sample(wide, min(UNSEEN, len(wide)))


def run_unseen(stand: Newsstand) -> None:
    """The same text on several papers of the networks, with no release to be found."""
    for name in unseen(stand):
        story = stand.stories[name]
        throw = dice(stand.seed, "unseen", name)
        fits = [s for _, s in sorted(stand.sites.items()) if s.kind == "fake_local" and s.language in ("en", "ja")]
        for site in throw.sample(fits, 6):
            moment = story.release + timedelta(minutes=throw.randint(5, 900))
            article = full(site, name, "verbatim", site.language, story.texts[site.language], moment)
            article.trap, article.quotes = "unseen_source", story.quotes
            article.section = 1
            stand.add(article)


def release_all(stand: Newsstand) -> None:
    """All commercial releases at their distributors."""
    commercial = [s for s in stand.stories.values() if s.kind == "commercial" and s.id not in unseen(stand)]
    doubled = {s.id for s in dice(stand.seed, "double").sample(commercial, min(DOUBLE, len(commercial)))}
    for story in commercial:
        home = _home(stand, story)
        for key in [home, *(["wire-e" if home == "wire-c" else "wire-c"] if story.id in doubled else [])]:
            wire = stand.sites[key]
            throw = dice(stand.seed, "languages", key, story.id)
            can = _offered(wire, story)
            if not can:
                continue
            first = story.born if story.born in can else can[0]
            more = [lang for lang in can if lang != first and throw.random() < (0.42 if key == "wire-c" else 0.25)]
            if first == "zh-Hans" and "en" in can and "en" not in more and throw.random() < 0.7:
                more.insert(0, "en")
            release(stand, wire, story, [first, *more])
    late = [rs for (_, story), rs in sorted(stand.releases.items()) if story not in doubled]
    for releases in dice(stand.seed, "late").sample(late, min(LATE, len(late))):
        for article in releases:
            article.trap = "release_after_article"
            article.published += timedelta(hours=50)


def _take(stand: Newsstand, site: Site, throw: random.Random) -> Article | None:
    """A release that ``site`` may run next, from one of its suppliers."""
    suppliers = site.raw["suppliers"]
    wire = throw.choices(sorted(suppliers), [suppliers[k] for k in sorted(suppliers)])[0]
    done = stand.ran(site)
    same, other = [], []
    for (key, story), releases in sorted(stand.releases.items()):
        if key != wire or story in done or stand.stories[story].kind != "commercial":
            continue
        fitting = [r for r in releases if r.language == _same(site.language)]
        if fitting:
            same.append(fitting[0])
        elif site.language in stand.stories[story].texts:
            english = [r for r in releases if r.language == "en"]
            other.append((english or releases)[0])
    pool = same if same and (not other or throw.random() < 0.72) else other
    return throw.choice(pool) if pool else None


def _delay(site: Site, throw: random.Random) -> timedelta:
    if site.kind == "honest":
        return timedelta(minutes=throw.randint(90, 2800))
    return timedelta(minutes=throw.choice([throw.randint(3, 40), throw.randint(40, 400), throw.randint(400, 2900)]))


def _copy(stand: Newsstand, site: Site, source: Article, throw: random.Random) -> Article:
    """``source`` as ``site`` runs it."""
    story = stand.stories[source.story]
    text = story.texts[site.language]
    moment = source.published - (timedelta(hours=50) if source.trap == "release_after_article" else timedelta())
    translated = _same(site.language) != source.language
    article = full(site, story.id, "translated" if translated else "verbatim", site.language, text, moment)
    article.published += _delay(site, throw)
    article.source, article.distributor, article.quotes = source, source.distributor, story.quotes
    article.section = 1 + int(digest(story.id, size=2), 16) % 4
    if translated:
        if throw.random() < 0.4:
            trim(article, stand.seed)
    else:
        article.kind = throw.choices(["verbatim", "trimmed", "reheadlined", "merged"], [9, 5, 4, 2])[0]
    if article.kind == "trimmed":
        trim(article, stand.seed)
    if article.kind == "reheadlined":
        rehead(article)
    if article.kind == "merged":
        _merge(stand, article, throw)
    if source.published > article.published and source.trap:
        article.trap = source.trap
    return article


def _merge(stand: Newsstand, article: Article, throw: random.Random) -> None:
    """Add a second release of the same distributor to the page."""
    source = article.source
    if source is None:
        return
    others = [
        r
        for (key, story), releases in sorted(stand.releases.items())
        for r in releases
        if key == source.site.key
        and story != article.story
        and r.language == source.language
        and not r.trap
        and stand.stories[story].kind == "commercial"
    ]
    if not others:
        article.kind = "verbatim"
        return
    second = throw.choice(others)
    text = stand.stories[second.story].texts[article.language]
    article.paragraphs += [text.title, *text.paragraphs]
    article.contact = ""
    article.published = max(article.published, second.published + timedelta(minutes=throw.randint(5, 300)))
    article.mark("merged", story=second.story, source=second)


def _credit(stand: Newsstand, article: Article, chance: float, throw: random.Random) -> None:
    if article.source and throw.random() < chance:
        wire = next(s for s in stand.sites.values() if s.publisher == article.distributor)
        article.credit = credit_line(stand.seed, wire, article)


def quote_release(stand: Newsstand, article: Article) -> None:
    """Turn a copy into an honest outlet's own short item that quotes one sentence and says whose it is."""
    wire = next(s for s in stand.sites.values() if s.publisher == article.distributor)
    throw = dice(stand.seed, "quotation", article.key)
    lead = throw.choice(load("publishers/chrome.yaml")["quoting"][article.language])
    sentence = throw.choice(article.paragraphs[1:4])
    article.kind = "quotation"
    article.paragraphs = [_own_words(stand, article), lead.format(wire=called(wire, article.language)), f"> {sentence}"]
    article.subtitle = article.about = article.contact = article.credit = ""


def _own_words(stand: Newsstand, article: Article) -> str:
    forms = load("publishers/remarks.yaml")[base(article.language)]
    before = [a for a in stand.articles if a.kind == "quotation" and base(a.language) == base(article.language)]
    text = str(forms[(len(before) + stand.seed) % len(forms)])
    return traditional(text) if article.language == "zh-Hant" else text


def run_copies(stand: Newsstand) -> None:
    """Each outlet fills its pages from its suppliers."""
    for key in sorted(stand.sites):
        site = stand.sites[key]
        if not site.raw["suppliers"]:
            continue
        throw = dice(stand.seed, "runs", key)
        honest = site.kind == "honest"
        wanted = site.raw["articles"] - (site.raw.get("news", 0) if honest else site.raw["lifts"])
        for _ in range(wanted):
            source = _take(stand, site, throw)
            if source is None:
                continue
            article = _copy(stand, site, source, throw)
            if not honest:
                _credit(stand, article, 0.22, throw)
            elif throw.random() < 0.35 and len(article.paragraphs) > 2:
                quote_release(stand, article)
            else:
                _credit(stand, article, 1.0, throw)
                note = load("publishers/chrome.yaml")["honest_notes"][site.language][0]
                wire = next(s for s in stand.sites.values() if s.publisher == article.distributor)
                article.note = note.format(wire=called(wire, site.language))
            stand.add(article)


def run_news(stand: Newsstand) -> None:
    """Honest local news and features, each text at one outlet; the networks lift a few of them."""
    placed: dict[str, int] = {}
    told = [s for s in stand.stories.values() if s.kind in ("honest_news", "ai_feature")]
    for number, story in enumerate(sorted(told, key=lambda s: (not s.plan.get("site"), s.id))):
        fixed = stand.sites.get(story.plan.get("site", ""))
        if story.kind == "ai_feature":
            _feature(stand, story, placed)
            continue
        languages = [lang for lang in sorted(story.texts) if not fixed or lang == fixed.language]
        language = languages[(number + stand.seed) % len(languages)]
        site = fixed or _taker(stand, language, placed)
        placed[site.key] = placed.get(site.key, 0) + 1
        kind = "independent" if story.plan.get("independent") else "original"
        article = stand.add(full(site, story.id, kind, language, story.texts[language], story.release))
        article.section, article.quotes = 0, story.quotes
    _lift(stand)


def _feature(stand: Newsstand, story: Story, placed: dict[str, int]) -> None:
    """A feature about chatbots: one outlet's own, which others translate and say so."""
    first: Article | None = None
    for number, language in enumerate([story.born, *sorted(set(story.texts) - {story.born})]):
        site = _taker(stand, language, placed)
        placed[site.key] = placed.get(site.key, 0) + 1
        moment = story.release + timedelta(days=4 * number)
        kind = "translated" if first else "original"
        article = stand.add(full(site, story.id, kind, language, story.texts[language], moment))
        article.section, article.quotes, article.source = 2, story.quotes, first
        if first:
            forms = load("publishers/chrome.yaml")["credits"][language]
            article.credit = str(forms[1]).format(wire=first.site.name)
        first = first or article
        article.mark("ai_controls")


def _taker(stand: Newsstand, language: str, placed: dict[str, int]) -> Site:
    """The honest outlet in ``language`` that most wants a local story."""
    wants = [s for s in stand.sites.values() if s.kind == "honest" and s.language == language and s.raw.get("news")]
    wants.sort(key=lambda s: (placed.get(s.key, 0) / s.raw["news"], digest(stand.seed, s.key)))
    return wants[0]


def _lift(stand: Newsstand) -> None:
    """A distributor and the networks take over honest news without a word."""
    news = [
        a
        for a in stand.articles
        if a.site.kind == "honest" and a.kind == "original" and a.section == 0 and a.site.family != "account"
    ]
    wire = stand.sites["wire-c"]
    taken = dice(stand.seed, "lifted").sample([a for a in news if a.language != "zh-Hant"], LIFTED)
    for source in taken:
        copy = _lifted(stand, wire, source, timedelta(hours=31))
        copy.distributor, copy.trap = wire.publisher, "lifted_by_wire"
        stand.releases[wire.key, source.story] = [copy]
    for key in sorted(stand.sites):
        site = stand.sites[key]
        throw = dice(stand.seed, "lift", key)
        own = [a for a in news if a.language == site.language]
        for source in throw.sample(own, min(site.raw["lifts"], len(own))):
            released = stand.releases.get((wire.key, source.story))
            if released and throw.random() < 0.5:
                source = released[0]
            article = _lifted(stand, site, source, timedelta(minutes=throw.randint(300, 4000)))
            if throw.random() < 0.4:
                article.kind = "trimmed"
                trim(article, stand.seed)


def _lifted(stand: Newsstand, site: Site, source: Article, later: timedelta) -> Article:
    text = stand.stories[source.story].texts[source.language]
    article = full(site, source.story, "verbatim", source.language, text, source.published + later)
    article.source, article.distributor, article.quotes, article.section = source, source.distributor, source.quotes, 0
    return stand.add(article)
