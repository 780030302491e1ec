"""Articles of one publisher: captures of one article put together, its clocks, versions, parts, state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from wiretrace import identity
from wiretrace.read import versions as version_room
from wiretrace.read.clocks import Clock, seen
from wiretrace.read.dating import Zone, decided, shared_guesses, site_zone
from wiretrace.read.imports import ImportedArticle
from wiretrace.read.language import language_of
from wiretrace.read.pages import Content, Page
from wiretrace.read.parts import Part, is_release, parts_of, structure_of
from wiretrace.read.publisher import Reading, article_key
from wiretrace.read.times import interval, parse_time
from wiretrace.read.versions import Look, Version

Rows = dict[str, list[dict[str, object]]]
# What the other pages of a site say of an article's clocks: its zone, and guesses that are the site's.
Site = tuple[Zone | None, frozenset[Clock]]


@dataclass
class Held:
    """One article before it becomes rows: its key, its captures, what the user brought of it."""

    key: str
    pages: list[Page] = field(default_factory=list)
    imported: ImportedArticle | None = None

    def address(self, captures: Iterable[Page]) -> str:
        """Canonical address: https before http, then the first in order."""
        forms = {p.address for p in captures} | ({self.imported.address} if self.imported else set())
        own = {form for form in forms if article_key(form) == self.key} or forms
        return min(own, key=lambda form: (not form.startswith("https:"), form))


def grouped(reading: Reading, imported: Sequence[ImportedArticle]) -> tuple[list[Held], dict[str, str]]:
    """Articles by key, and for each capture of an article page its article's key."""
    stated = _trusted(reading)
    held: dict[str, Held] = {}
    keys: dict[str, str] = {}
    for page in reading.pages:
        if page.content.kind == "article":
            key = stated.get(str(page.capture["capture_id"])) or article_key(page.address)
            held.setdefault(key, Held(key)).pages.append(page)
            keys[str(page.capture["capture_id"])] = key
    for article in imported:
        key = article_key(article.address)
        held.setdefault(key, Held(key)).imported = article
    return [held[key] for key in sorted(held)], keys


def _trusted(reading: Reading) -> dict[str, str]:
    """Key of the canonical address that a page states, by capture, where it can be believed.

    It must be the publisher's own and no front page, and no two pages of one round that state it may differ in their
    headline: templates that state one address on every page would make all articles one.
    """
    groups: dict[str, list[Page]] = {}
    for page in reading.pages:
        stated = page.content.canonical
        if page.content.kind != "article" or not stated or identity.publisher_of(stated) != reading.publisher:
            continue
        key = article_key(stated)
        if "/" in key.removeprefix(reading.publisher) or "?" in key:
            groups.setdefault(key, []).append(page)
    found: dict[str, str] = {}
    for key, pages in groups.items():
        titles: dict[str, set[str]] = {}
        for page in pages:
            titles.setdefault(str(page.capture["snapshot"]), set()).add(page.content.title)
        if all(len(one) == 1 for one in titles.values()):
            found |= {str(page.capture["capture_id"]): key for page in pages}
    return found


def article_rows(reading: Reading, imported: Sequence[ImportedArticle]) -> tuple[Rows, dict[str, str]]:
    """Rows of the tables about articles, and the article id of each capture of one."""
    held, keys = grouped(reading, imported)
    rows: Rows = {"articles": [], "article_versions": [], "version_changes": [], "article_parts": [], "clocks": []}
    zone = site_zone(clock for page in reading.pages for clock in page.content.clocks)
    shared = shared_guesses((one.key, clock) for one in held for page in one.pages for clock in page.content.clocks)
    ids: dict[str, str] = {}
    aliases: dict[str, list[str]] = {}
    for one in held:
        ids[one.key] = identity.make_id("a", reading.publisher, one.key)
        aliases[one.key] = sorted({one.key, *(article_key(page.address) for page in one.pages)})
    for one in held:
        looks = [look for alias in aliases[one.key] for look in reading.looks.get(alias, ())]
        stated = [said for alias in aliases[one.key] for said in reading.stated.get(alias, ())]
        _article(rows, reading.publisher, ids[one.key], one, looks, stated, (zone, shared))
    return rows, {capture: ids[key] for capture, key in keys.items()}


def _article(
    rows: Rows,
    publisher: str,
    article_id: str,
    held: Held,
    looks: Sequence[Look],
    stated: Sequence[tuple[Clock, str]],
    site: Site,
) -> None:
    versions = version_room.versions_of(held.pages)
    if not versions and held.imported:
        versions = [Version(held.imported.title, held.imported.text)]
    latest = version_room.newest(versions)
    clock_rows, published = _clocks(article_id, held, stated, site)
    rows["clocks"] += clock_rows
    rows["article_versions"] += _versions(article_id, versions, looks)
    rows["version_changes"] += _changes(article_id, versions)
    parts = parts_of(latest.text)
    version = version_room.version_id(article_id, latest)
    release = is_release(parts)
    content = _shown(latest)
    structure = structure_of(latest.text, parts) if release else []
    told = [(latest.text[part.start : part.end], part) for part in [*parts, *structure]]
    rows["article_parts"] += [_part(article_id, version, part, words, "text") for words, part in told]
    rows["article_parts"] += [
        _part(article_id, version, part, words, "beside") for words, part in (content.beside if content else ())
    ]
    language, score = _language(held, latest)
    rows["articles"].append(
        {
            "article_id": article_id,
            "publisher": publisher,
            "address": held.address(held.pages),
            "title": latest.title,
            "language": language,
            "language_score": score,
            "byline": content.article.byline if content else "",
            "section": content.article.section if content else "",
            "characters": len(latest.text),
            "release_like": release,
            "first_seen": min((v.first for v in versions), default=""),
            "last_seen": max((v.last for v in versions), default=""),
            "state": version_room.state_of(held.pages, looks) if held.pages else "imported",
            "versions": len(versions),
            "version_id": version,
            "source": _source(held.pages),
        }
        | published
    )


def _part(article_id: str, version: str, part: Part, words: str, place: str) -> dict[str, object]:
    where = (part.start, part.end) if place == "text" else (place, words)
    return {
        "part_id": identity.make_id("p", version, part.rule_id, *where),
        "article_id": article_id,
        "version_id": version,
        "kind": part.kind,
        "place": place,
        "start": part.start,
        "end": part.end,
        "excerpt": words,
        "names": part.names,
        "rule_id": part.rule_id,
    }


def _shown(version: Version) -> Content | None:
    """What the last whole capture of ``version`` says, or the last cut one where there is no other."""
    shown = [page for page in version.pages if not page.capture["truncated"]] or version.pages
    return shown[-1].content if shown else None


def _source(pages: Sequence[Page]) -> str:
    routes = {str(page.capture["route"]) for page in pages}
    if routes & {"direct", "proxy"}:
        return "crawl"
    return "web_archive" if "web_archive" in routes else "import"


def _language(held: Held, latest: Version) -> tuple[str, float]:
    content = _shown(latest)
    if content:
        return content.language, content.score
    found, score = language_of(latest.text)
    given = held.imported.language if held.imported else ""
    return (given, 1.0) if given and not found.startswith(given) else (found, score)


def _versions(article_id: str, versions: Sequence[Version], looks: Sequence[Look]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    reasons = version_room.ended(versions, looks)
    for number, (version, (reason, how)) in enumerate(zip(versions, reasons, strict=True), start=1):
        row: dict[str, object] = {
            "version_id": version_room.version_id(article_id, version),
            "article_id": article_id,
            "sequence": number,
            "title": version.title,
            "text": version.text,
            "text_digest": identity.sha256(version.text.encode("utf-8", "replace")),
            "first_seen": version.first,
            "last_seen": version.last,
            "capture_id": version.capture_id,
            "method": version.method,
            "ended": reason,
            "ended_how": how,
        }
        if number > 1:
            before = versions[number - 2].text
            row["kept"], row["added"], row["removed"] = version_room.compared(before, version.text)
        rows.append(row)
    return rows


def _changes(article_id: str, versions: Sequence[Version]) -> list[dict[str, object]]:
    """One row for each place in which a text or its headline differs from the version before."""
    rows: list[dict[str, object]] = []
    for before, after in pairwise(versions):
        new, old = version_room.version_id(article_id, after), version_room.version_id(article_id, before)
        for part in ("title", "text"):
            was, now = getattr(before, part), getattr(after, part)
            for span in version_room.spans(was, now):
                rows.append(
                    {
                        "span_id": identity.make_id("e", new, part, span.start_before, span.start),
                        "article_id": article_id,
                        "version_id": new,
                        "before_id": old,
                        "part": part,
                        "start_before": span.start_before,
                        "end_before": span.end_before,
                        "before": was[span.start_before : span.end_before],
                        "start": span.start,
                        "end": span.end,
                        "after": now[span.start : span.end],
                    }
                )
    return rows


def _clocks(
    article_id: str, held: Held, stated: Sequence[tuple[Clock, str]], site: Site
) -> tuple[list[dict[str, object]], dict[str, object]]:
    """Rows of clocks, one for each distinct statement with the first capture that bears it; and the best of them."""
    zone, shared = site
    borne: dict[tuple[str, str, str], tuple[Clock, str]] = {}
    said = [(clock, str(page.capture["capture_id"])) for page in _in_time(held.pages) for clock in page.content.clocks]
    for clock, capture in [*said, *stated, *_sightings(held.pages), *_imported(held.imported)]:
        if clock not in shared:
            borne.setdefault((clock.source, clock.event, clock.stated.value), (clock, capture))
    rows: list[dict[str, object]] = []
    meant = []
    for (source, event, value), (clock, capture) in sorted(borne.items()):
        used = zone if source != "url" or clock.stated.precision == "day" else None
        taken = interval(clock.stated, used.range if used else None)
        meant.append((clock, taken))
        rows.append(
            {
                "clock_id": identity.make_id("t", article_id, source, event, value),
                "article_id": article_id,
                "source": source,
                "event": event,
                "value": value,
                "earliest": taken.earliest,
                "latest": taken.latest,
                "precision": taken.precision,
                "zone": taken.zone,
                "zone_how": used.how if used and taken.zone == "inferred" else "",
                "capture_id": capture,
            }
        )
    found = decided(meant)
    if not found.clock or not found.taken or found.clock.event != "published":
        return rows, {"published_reason": found.reason}
    return rows, {
        "published_earliest": found.taken.earliest,
        "published_latest": found.taken.latest,
        "published_clock": found.clock.source,
        "published_day": found.day,
        "published_reason": found.reason,
    }


def _in_time(pages: Iterable[Page]) -> list[Page]:
    return sorted(pages, key=lambda page: (page.time, str(page.capture["capture_id"])))


def _sightings(pages: Sequence[Page]) -> list[tuple[Clock, str]]:
    """The first time that we, and that a web archive, saw it."""
    found = []
    for archived, source in ((False, "capture"), (True, "web_archive")):
        first = next((page for page in _in_time(pages) if page.archived is archived), None)
        if first:
            found.append((seen(source, first.time), str(first.capture["capture_id"])))
    return found


def _imported(article: ImportedArticle | None) -> list[tuple[Clock, str]]:
    stated = parse_time(article.published_at) if article else None
    return [(Clock("import", "published", stated), "")] if stated else []
