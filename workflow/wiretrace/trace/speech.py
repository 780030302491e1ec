"""Speech: attributed quotations and where else their words stand, people's names and their slips, headline phrases that
the body does not hold.

Pure: every table is a function of the tables given, of the files that the investigation names, and of
``config/registry/speech.yaml``; the order of rows does not matter.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from wiretrace import given
from wiretrace.config import Investigation
from wiretrace.identity import make_id
from wiretrace.schema.stored import Rows, rows
from wiretrace.trace import headlines, occurrences
from wiretrace.trace.across.languages import base_language
from wiretrace.trace.fold import folded
from wiretrace.trace.fullnames import whole_names
from wiretrace.trace.names import Directory, Judged, listed, spellings, spoken, titled
from wiretrace.trace.quotes import Quote, quotes
from wiretrace.trace.shelf import Same, Shelf
from wiretrace.trace.verdicts import (
    INDEPENDENT,
    Case,
    Found,
    Source,
    Verdict,
    Verification,
    fuller_copies,
    judge,
    judge_nobodys,
    verification,
)

AROUND = 40  # characters of an excerpt on each side of a name
NOBODY = Judged("unlisted")  # who is not named
NAMED = ("ja", "zh", "ko")  # languages whose names are listed in the table names
OF_ARTICLE = (
    "article_id",
    "version_id",
    "publisher",
    "language",
    "title",
    "published_earliest",
    "first_seen",
)
OF_VERSION = ("version_id", "title", "text", "capture_id")

Mentions = dict[tuple[str, str], list[tuple[Source, int, int]]]


def speech(
    publishers: Rows,
    articles: Rows,
    article_versions: Rows,
    stories: Rows,
    story_members: Rows,
    text_matches: Rows,
    traces: Rows,
    investigation: Investigation,
    folder: Path | None = None,
) -> dict[str, Iterable[Mapping[str, Any]]]:
    """The rows of the tables quotes, names and headline_phrases, most of them made while they are taken.

    Texts and their index are files in ``folder`` (None: where the system makes such files).

    Raises:
        UserError: a file of ``inputs.names`` or ``inputs.verifications`` cannot be read.
    """
    sources = load(publishers, articles, article_versions, folder)
    raw: dict[str, list[Quote]] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for s in sources:
        text = s.text
        if marked := quotes(text, s.language):
            raw[s.article_id] = marked
        if s.base in ("ja", "zh") and (spans := titled(text, s.base)):
            places[s.article_id] = spans
    people = listed(investigation)
    controls = {
        s.text[a:b].replace(" ", "").replace("\u3000", ""): s.publisher
        for s in reversed(sources)
        if s.role in INDEPENDENT and s.base == "ja"
        for a, b in [*places.get(s.article_id, ()), *(q.mention for q in raw.get(s.article_id, ()) if q.named)]
    }
    directory = Directory(people, controls)
    found, nobodys = _attributed(sources, raw, places, directory)
    by_id = {s.article_id: s for s in sources}
    case = Case(
        sources=by_id,
        found=found,
        holders=occurrences.find([f.key for f in (*found, *nobodys)], Folded(by_id), folder),
        copies=Copies(story_members, text_matches, by_id),
        verifications=_verifications(investigation),
    )
    mentions = _mentions(sources, case, places, directory)
    return {
        "quotes": _quote_rows(case, nobodys, _origins(traces, by_id)),
        "names": (_name_row(directory, *key, mentions[key]) for key in sorted(mentions)),
        "headline_phrases": (
            {"article_id": s.article_id, "phrase": phrase, "missing": missing, "capture_id": s.capture_id}
            for s in sources
            for phrase, missing in headlines.phrases(s.title, [s.text, *fuller_copies(case, s)], s.base)
        ),
    }


def _attributed(
    sources: Sequence[Source],
    raw: dict[str, list[Quote]],
    places: Mapping[str, list[tuple[int, int]]],
    directory: Directory,
) -> tuple[list[Found], list[Found]]:
    """Quotations with a speaker, each with the whole name, and those without; ``raw`` is empty then."""
    found, nobodys = [], []
    for s in (s for s in sources if s.article_id in raw):
        own = raw.pop(s.article_id)
        whole = whole_names(s.text, own, places.get(s.article_id, []), s.base)
        for number, q in enumerate(q for q in own if q.speaker):
            name = whole.get(q.speaker, q.speaker)
            found.append(Found(s, q, occurrences.key(q.words), directory.judge(name, s.base), number, name))
        nobodys += [Found(s, q, occurrences.key(q.words), NOBODY, -1, "") for q in own if not q.speaker]
    return found, nobodys


class Shelved(Source):
    """A source whose words, as written and folded, stand on a shelf and are read whenever they are asked for."""

    def __init__(self, shelf: Shelf, text: str, **known: str) -> None:
        """``known``: all fields of a source but the words."""
        for name, value in known.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_shelf", shelf)
        object.__setattr__(self, "_place", shelf.put(text))
        shelf.put(folded(text))

    _shelf: Shelf
    _place: int

    @property
    def text(self) -> str:
        return self._shelf.get(self._place)

    @property
    def folded(self) -> str:
        return self._shelf.get(self._place + 1)


@dataclass(frozen=True)
class Folded(Mapping[str, str]):
    """The folded words of each source."""

    sources: Mapping[str, Source]

    def __getitem__(self, name: str) -> str:
        return self.sources[name].folded

    def __iter__(self) -> Iterator[str]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)


def load(publishers: Rows, articles: Rows, article_versions: Rows, folder: Path | None = None) -> list[Source]:
    """Every article with its newest text, sorted by time, then id; the words stand in a file in ``folder``."""
    roles = {row["publisher"]: row["role"] for row in rows(publishers, "publisher", "role")}
    same, shelf = Same(), Shelf(folder)
    newest = {
        row["version_id"]: (
            row["article_id"],
            same(row["publisher"]),
            same(row["language"] or "und"),
            row["title"],
            row["published_earliest"] or row["first_seen"],
        )
        for row in rows(articles, *OF_ARTICLE)
    }
    made = []
    for version in rows(article_versions, *OF_VERSION):
        name = version["version_id"]
        if name not in newest or not version["text"]:
            continue
        article, publisher, language, title, time = newest.pop(name)
        made.append(
            Shelved(
                shelf,
                version["text"],
                article_id=article,
                version_id=name,
                publisher=publisher,
                role=same(roles.get(publisher, "unlisted")),
                language=language,
                base=base_language(language),
                title=title or version["title"],
                time=time,
                capture_id=same(version["capture_id"]),
            )
        )
    return sorted(made, key=lambda s: (s.time or "9", s.article_id))


class Copies(Mapping[str, frozenset[str]]):
    """For each article the others that share its text: members of its stories, and those that match it.

    They are put together when they are asked for, the last few kept: a text that a thousand sites ran has a thousand
    copies a thousand times.
    """

    def __init__(self, story_members: Rows, text_matches: Rows, known: Container[str]) -> None:
        """``known``: the articles that count."""
        same = Same()
        stories: dict[str, list[str]] = {}
        # Stories of each article, and what matches it.
        self._stories: dict[str, list[list[str]]] = {}
        self._matched: dict[str, list[str]] = {}
        for row in rows(story_members, "article_id", "story_id"):
            if row["article_id"] in known:
                own = same(row["article_id"])
                members = stories.setdefault(row["story_id"], [])
                members.append(own)
                self._stories.setdefault(own, []).append(members)
        for row in rows(text_matches, "article_a", "article_b"):
            if row["article_a"] in known and row["article_b"] in known:
                a, b = same(row["article_a"]), same(row["article_b"])
                self._matched.setdefault(a, []).append(b)
                self._matched.setdefault(b, []).append(a)
        self._of = lru_cache(8)(self._put_together)

    def _put_together(self, article: str) -> frozenset[str]:
        if article not in self:
            raise KeyError(article)
        members = chain.from_iterable(self._stories.get(article, ()))
        return frozenset(chain(members, self._matched.get(article, ()))) - {article}

    def __contains__(self, article: object) -> bool:
        return article in self._stories or article in self._matched

    def __getitem__(self, article: str) -> frozenset[str]:
        return self._of(article)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stories.keys() | self._matched.keys())

    def __len__(self) -> int:
        return len(self._stories.keys() | self._matched.keys())


def _verifications(investigation: Investigation) -> list[Verification]:
    rows = [row for path in investigation.inputs.verifications for _, row in given.rows(path, "subject")]
    return [made for made in map(verification, rows) if made]


def _origins(traces: Rows, known: Mapping[str, Source]) -> dict[str, str]:
    """Each article's source, where its trace found one among those ``known``."""
    return {
        known[row["article_id"]].article_id: known[row["candidate"]].article_id
        for row in rows(traces, "article_id", "candidate", "rank", "verdict")
        if row["rank"] == 1 and row["verdict"] in ("source_found", "probable")
        if row["article_id"] in known and row["candidate"] in known
    }


def _in_source(case: Case, one: Found, origin: str) -> bool | None:
    """Whether the text that the article was traced to holds the words; None where that cannot be told: no source was
    found, it is in another language, the words are too few.
    """
    source = case.sources.get(origin)
    if source is None or source.base != one.source.base or not one.key:
        return None
    return origin in case.holders[one.key]


def _quote_rows(case: Case, nobodys: Iterable[Found], origins: dict[str, str]) -> Iterator[dict[str, Any]]:
    for one in case.found:
        yield _quote_row(case, one, judge(case, one), origins)
    for one in nobodys:
        yield _quote_row(case, one, judge_nobodys(case, one), origins)


def _quote_row(case: Case, one: Found, verdict: Verdict, origins: dict[str, str]) -> dict[str, Any]:
    quote, source = one.quote, one.source
    return {
        "quote_id": make_id("q", source.version_id, quote.start, quote.end),
        "article_id": source.article_id,
        "version_id": source.version_id,
        "language": source.language,
        "speaker": quote.speaker,
        "person": one.judged.person or (one.name if one.name != quote.speaker else ""),
        "words": quote.words,
        "start": quote.start,
        "end": quote.end,
        "pattern": quote.pattern,
        "in_source": _in_source(case, one, origins.get(source.article_id, "")),
        **vars(verdict),
    }


def _mentions(
    sources: Iterable[Source], case: Case, places: dict[str, list[tuple[int, int]]], directory: Directory
) -> Mentions:
    """Where each spelling stands, by spelling and language, in order of time."""
    people = [directory.people[name] for name in sorted(directory.people)]
    mentions: Mentions = {}
    for source in sources:
        if source.base not in NAMED:
            continue
        spans = set(places.get(source.article_id, ()))
        spans |= {f.quote.mention for f in case.of_article.get(source.article_id, []) if f.quote.named}
        if source.base == "ja":
            spans |= set(spellings(source.text, people, directory))
        for begin, end in sorted(spans):
            if any(a <= begin and end <= b and (a, b) != (begin, end) for a, b in spans):
                continue
            mentions.setdefault((source.text[begin:end], source.base), []).append((source, begin, end))
    return mentions


def _name_row(
    directory: Directory, written: str, language: str, places: list[tuple[Source, int, int]]
) -> dict[str, Any]:
    judged = directory.judge(written, language)
    first, begin, end = places[0]
    return {
        "name_id": make_id("w", written, language),
        "written": written,
        "person": judged.person,
        "reading": judged.reading or (spoken(written) if language == "ja" else ""),
        "status": judged.status,
        "listed_by": judged.listed_by,
        "articles": " ".join(sorted({s.article_id for s, _, _ in places})),
        "publishers": len({s.publisher for s, _, _ in places}),
        "excerpt": " ".join(first.text[max(0, begin - AROUND) : end + AROUND].split()),
        "capture_id": first.capture_id,
    }
