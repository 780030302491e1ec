"""Social posts that an investigator of the world was given: accounts that post together, and those that do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from wiretrace.practice.articles import START, Article
from wiretrace.practice.data import dice

Rows = list[dict[str, str]]
Post = tuple[datetime, str, str, str, datetime]  # when, account, address, words, when the account was created
PLATFORM = "chirp.example"
READERS, RING, FEED = 48, 7, 5
REMARKS = ("Worth reading:", "Did anybody see this?", "Look at that", "Hm.", "", "")
# What the ring writes above its addresses; the same words each time that they are used.
SLOGANS = (
    "The islands have spoken and nobody on the mainland listens any more",
    "Ask yourself why no big paper prints what the whole harbour knows",
    "Read it before it is gone, they will not leave it up for long",
)


def posts(seed: int, articles: list[Article]) -> tuple[Rows, Rows]:
    """The posts, in order of time, and the truth: each account that posts together with others, and its group."""
    throw = dice(seed, "posts")
    shown = sorted((a for a in articles if a.states[1] == "live"), key=lambda a: a.address)
    papers = [a for a in shown if a.site.network == "network-a" and a.site.kind == "fake_local"]
    honest = [a for a in shown if a.site.kind == "honest"]
    made: list[Post] = []
    for number in range(READERS):
        born = START - timedelta(days=throw.randrange(60, 2400))
        for article in throw.sample(shown, min(len(shown), 2 + int(throw.paretovariate(1.3) * 3) % 24)):
            moment = article.published + timedelta(hours=throw.expovariate(1 / 20))
            made.append((moment, f"reader{number:02d}", article.address, throw.choice(REMARKS), born))
    ring = [f"tide_{throw.randrange(1000, 9999)}{number}" for number in range(RING)]
    born = START - timedelta(days=40)
    carried = throw.sample(papers, min(len(papers), 12))
    made += _together(throw, ring, carried, SLOGANS, [born] * RING)
    feed = [f"papers_{throw.randrange(100, 999)}{number}" for number in range(FEED)]
    news = throw.sample(honest, min(len(honest), 10)) + carried[:2]
    born -= timedelta(days=throw.randrange(300, 900))
    made += _together(throw, feed, news, ("",), [born - timedelta(days=200 * number) for number in range(FEED)])
    columns = ("posted_at", "account", "url", "text", "account_created_at")
    rows: Rows = [
        dict(zip(columns, (f"{at:%Y-%m-%dT%H:%M:%SZ}", name, url, text, f"{born:%Y-%m-%d}"), strict=True))
        | {"platform": PLATFORM}
        for at, name, url, text, born in sorted(made)
    ]
    truth = [{"account": n, "group": label} for label, group in (("ring", ring), ("feed", feed)) for n in group]
    return rows, truth


def _together(
    throw: Random, names: list[str], articles: list[Article], words: tuple[str, ...], born: list[datetime]
) -> list[Post]:
    """Each of ``names`` posts most of ``articles`` within six minutes."""
    made = []
    for article in articles:
        start, said = article.published + timedelta(hours=throw.uniform(1, 30)), throw.choice(words)
        for name, created in zip(names, born, strict=True):
            if throw.random() < 0.88:
                made.append((start + timedelta(seconds=throw.randrange(360)), name, article.address, said, created))
    return made
