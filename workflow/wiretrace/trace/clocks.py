"""When each article was published, how well that is known, and what contradicts it.

A publisher's own statement (page, feed, sitemap, address) is a claim; a web archive or our own capture proves that
the article existed by then, never that it did not exist before. A claim that two other claims agree against is
outvoted; claims that contradict each other or what an archive saw are doubtful, and a publisher that is caught so loses
trust for its other claims: of its articles only what others saw still counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wiretrace.schema.stored import Rows, rows
from wiretrace.sentences import say
from wiretrace.trace.shelf import Same, Shelf

HOUR, DAY = 3600, 86400
# Which claim is shown where several are equally narrow.
CLAIMS = ("feed", "json_ld", "wordpress", "meta", "visible", "url", "sitemap", "import")
SEEN = ("web_archive", "capture")
ZONE_SLACK = DAY  # claims this close to each other may differ by a zone only
SEEN_SLACK = HOUR  # clocks of two machines
CONFIRMED = 3 * DAY  # an archive that saw it so soon after the claim confirms it
CAUGHT = 2  # contradicted articles from which a publisher's other claims are doubted ...
CAUGHT_SHARE = 0.1  # ... when they are so much of its articles
MACHINE = ("feed", "json_ld", "wordpress", "meta", "import")  # written by software, not read from running text
VOTES = 2  # sources that must agree to outvote others
REWRITTEN = 12 * HOUR  # the server's file is so much newer than the date that the page states
REWRITTEN_LEAST = 5  # on so many articles, each at another time ...
ALIKE_SHARE = 0.6  # share of a publisher's articles on which file and date agree, so that a newer file is remarkable
REWRITTEN_SHARE = 0.8  # ... and on so much of them: the date is not the one of its publication


OF_ARTICLE = ("article_id", "publisher", "first_seen", "source")
OF_CLOCK = (
    "clock_id",
    "article_id",
    "event",
    "source",
    "value",
    "earliest",
    "latest",
    "precision",
    "capture_id",
)


@dataclass(frozen=True, slots=True)
class Clock:
    """One article's time in seconds since 1970, None: not known.

    ``earliest`` to ``latest`` is the best interval; ``claimed_by`` its end by the publisher's claims alone,
    ``proven_by`` the moment by which somebody else had seen it.
    """

    article_id: str
    earliest: int | None = None
    latest: int | None = None
    claimed_by: int | None = None  # last second that the claims alone can mean; None: no claim
    source: str = ""
    quality: str = "capture_only"
    note: str = ""
    capture_id: str = ""
    proven_by: int | None = None
    proven_source: str = ""
    proven_capture: str = ""

    @property
    def trusted(self) -> bool:
        """Whether its interval may order it against others."""
        return self.quality in ("proven", "claimed") and self.earliest is not None

    @property
    def middle(self) -> float | None:
        """Middle of a trusted interval."""
        if not self.trusted or self.earliest is None or self.latest is None:
            return None
        return (self.earliest + self.latest) / 2


def seconds(time: str, last: bool = False) -> int | None:
    """Seconds since 1970 of a UTC time of any precision; ``last``: the last second that it can mean."""
    if not time:
        return None
    full = "9999-12-31T23:59:59Z" if last else "0000-01-01T00:00:00Z"
    if last and len(time) in (4, 7):  # the month's last day differs
        year, month = int(time[:4]), int(time[5:7] or 12)
        following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        return int(following.timestamp()) - 1
    whole = time if "." not in time else time.split(".")[0] + "Z"
    padded = whole if len(whole) >= 19 else whole.rstrip("Z") + full[len(whole.rstrip("Z")) :]
    return int(datetime.strptime(padded[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC).timestamp())


def written(time: int | None) -> str:
    """Seconds since 1970 as UTC in ISO 8601; '' for None."""
    return "" if time is None else datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def best(articles: Rows, clocks: Rows, folder: Path | None = None) -> dict[str, Clock]:
    """The best clock of every article; what was read stands meanwhile in a file in ``folder`` (None: the system's)."""
    shelf, same = Shelf(folder), Same()
    places: dict[str, list[int]] = {}
    for row in rows(clocks, *OF_CLOCK):
        places.setdefault(row["article_id"], []).append(shelf.put(json.dumps(row)))
    made: dict[str, Clock] = {}
    of: dict[str, list[str]] = {}
    files: dict[str, int] = {}
    for article in rows(articles, *OF_ARTICLE):
        name = article["article_id"]
        told = [json.loads(shelf.get(place)) for place in places.pop(name, ())]
        for row in told:
            row |= {"source": same(row["source"]), "capture_id": same(row["capture_id"])}
        made[name] = _of_article(name, told, article)
        of.setdefault(article["publisher"], []).append(name)
        written_at = _file_time(told)
        if written_at is not None:
            files[name] = written_at
    for publisher, names in of.items():
        made.update(_against_itself(publisher, [made[name] for name in names], files))
    return made


def _against_itself(publisher: str, clocks: Sequence[Clock], files: Mapping[str, int]) -> dict[str, Clock]:
    """The clocks of one publisher, its claims doubted where its other articles give reason to."""
    checked = [clock for clock in clocks if clock.quality != "capture_only"]
    wrong = sum(clock.quality == "doubtful" for clock in checked)
    dated = [c for c in clocks if c.trusted and c.claimed_by is not None and c.article_id in files]
    gaps = {c.article_id: files[c.article_id] - c.claimed_by for c in dated if c.claimed_by is not None}
    note = _rewritten(publisher, [(gap, files[name]) for name, gap in gaps.items()])
    if wrong >= CAUGHT and wrong >= CAUGHT_SHARE * len(checked):
        note = say("clocks_contradicted", number=wrong, number2=len(checked), site=publisher)
    if note:
        return {clock.article_id: distrusted(clock, note) for clock in clocks}
    alike = sum(abs(gap) <= HOUR for gap in gaps.values())
    if alike < REWRITTEN_LEAST or alike < ALIKE_SHARE * len(gaps):
        return {}
    made = {}
    for clock in dated:
        if gaps[clock.article_id] > REWRITTEN:
            when = written(files[clock.article_id])
            said = say("clock_file", time=when, number=alike, number2=len(gaps), site=publisher)
            made[clock.article_id] = distrusted(clock, said)
    return made


def distrusted(clock: Clock, note: str) -> Clock:
    """``clock`` of a publisher whose claims are not believed: what a web archive saw still bounds it, nothing else."""
    if not clock.trusted or clock.earliest is None:
        return clock
    if clock.proven_source == "web_archive":
        return replace(
            clock,
            earliest=None,
            latest=clock.proven_by,
            claimed_by=None,
            source="web_archive",
            quality="doubtful",
            note=note,
            capture_id=clock.proven_capture,
        )
    return replace(clock, quality="doubtful", note=note)


def _file_time(rows: Iterable[Mapping[str, Any]]) -> int | None:
    """When the server's file was written, where sitemap and HTTP header agree on it within a minute."""
    modified = [r for r in rows if r["event"] == "modified" and r["precision"] == "second"]
    times = {r["source"]: seconds(r["latest"], last=True) for r in modified if r["source"] in ("http", "sitemap")}
    one, other = times.get("http"), times.get("sitemap")
    return one if one is not None and other is not None and abs(one - other) <= 60 else None


def _rewritten(publisher: str, gaps: Sequence[tuple[int, int]]) -> str:
    """A note where nearly all of a publisher's files are newer than the dates on their pages, each by itself.

    Files that were all written on one day tell of a move or of a new template, and say nothing.
    """
    late = [changed for gap, changed in gaps if gap > REWRITTEN]
    days = {changed // DAY for changed in late}
    if len(late) >= REWRITTEN_LEAST and len(late) >= REWRITTEN_SHARE * len(gaps) and 2 * len(days) > len(late):
        return say("clocks_files", number=len(late), number2=len(gaps), site=publisher)
    return ""


def _of_article(name: str, rows: Iterable[Mapping[str, Any]], article: Mapping[str, Any]) -> Clock:
    ordered = sorted(rows, key=lambda r: (r["earliest"], r["latest"], r["source"], r["clock_id"]))
    claims = [r for r in ordered if r["event"] == "published" and r["source"] in CLAIMS]
    seen = [r for r in ordered if r["event"] == "seen" and r["source"] in SEEN]
    first = min(seen, key=lambda r: (r["latest"], SEEN.index(r["source"])), default=None)
    clock = Clock(name)
    if first is not None:
        by = seconds(first["latest"], last=True)
        clock = replace(clock, proven_by=by, proven_source=first["source"], proven_capture=first["capture_id"])
    elif article["first_seen"] and article["source"] != "import":
        clock = replace(clock, proven_by=seconds(article["first_seen"], last=True), proven_source="capture")
    if not claims:
        quality = "proven" if clock.proven_source == "web_archive" else "capture_only"
        return replace(
            clock, latest=clock.proven_by, source=clock.proven_source, quality=quality, capture_id=clock.proven_capture
        )
    return _judged(_claimed(clock, claims), [r for r in ordered if r["event"] == "modified"])


Span = tuple[int, int, Mapping[str, Any]]


def _claimed(clock: Clock, claims: list[Mapping[str, Any]]) -> Clock:
    """The interval on which the publisher's own claims agree, those left out that are outvoted."""
    spans = [(seconds(r["earliest"]), seconds(r["latest"], last=True), r) for r in claims]
    known = [(e, late, r) for e, late, r in spans if e is not None and late is not None]
    if not known:
        return clock
    kept, note = _voted(known)
    if not kept:
        return clock
    narrow = min(kept, key=lambda s: (s[1] - s[0], CLAIMS.index(s[2]["source"]), s[0]))
    earliest = max(e for e, _, _ in kept)
    latest = min(late for _, late, _ in kept)
    shown = replace(clock, source=narrow[2]["source"], capture_id=narrow[2]["capture_id"], note=note)
    if earliest <= latest:
        return replace(shown, earliest=earliest, latest=latest, claimed_by=latest, quality="claimed")
    if earliest - latest <= ZONE_SLACK:  # apart by a zone at most: both are possible
        return replace(shown, earliest=latest, latest=earliest, claimed_by=earliest, quality="claimed")
    early = min(kept, key=lambda s: (s[1], CLAIMS.index(s[2]["source"])))[2]
    late = max(kept, key=lambda s: (s[0], CLAIMS.index(s[2]["source"])))[2]
    note = say("clocks_differ", term=early["source"], words=early["value"], term2=late["source"], words2=late["value"])
    low, high = min(e for e, _, _ in kept), max(late for _, late, _ in kept)
    return replace(shown, earliest=low, latest=high, claimed_by=high, quality="doubtful", note=note)


def _lasting(spans: list[Span]) -> list[Span]:
    """``spans`` without dates read from the page that another capture of it shows otherwise: today's, in a masthead."""
    read = [s for s in spans if s[2]["source"] == "visible"]
    by_capture: dict[str, tuple[int, int]] = {}
    for low, high, row in read:
        before = by_capture.get(row["capture_id"], (low, high))
        by_capture[row["capture_id"]] = (min(low, before[0]), max(high, before[1]))
    seen = list(by_capture.values())
    moves = any(one[1] < other[0] for one in seen for other in seen)
    return [s for s in spans if s[2]["source"] != "visible"] if moves else spans


def _voted(spans: list[Span]) -> tuple[list[Span], str]:
    """``spans`` without dates read from the page that stand alone against two or more agreeing sources, and a note.

    A page shows other dates than its own: today's, a company's founding, a licence's. What software writes (feed,
    structured data) is never outvoted: where it disagrees, one of the clocks lies.
    """
    spans = _lasting(spans)
    machine = [s for s in spans if s[2]["source"] in MACHINE]
    if not machine:
        return spans, ""
    low, high = max(e for e, _, _ in machine), min(late for _, late, _ in machine)
    low, high = min(low, high), max(low, high)
    agree = [s for s in spans if s[0] <= high + ZONE_SLACK and s[1] >= low - ZONE_SLACK]
    others = [s for s in spans if s not in agree]
    against = {s[2]["source"] for s in others}
    votes = {s[2]["source"] for s in agree}
    # "visible" may stand on both sides: a page that shows its own date and another one.
    if not others or against != {"visible"} or len(votes - {"visible"}) < VOTES:
        return spans, ""
    shown = others[0][2]
    agreed = ", ".join(sorted(votes))
    return agree, say("clock_outvoted", term=shown["source"], words=shown["value"], list=agreed)


def _judged(clock: Clock, modified: list[Mapping[str, Any]]) -> Clock:
    """The claim against what others saw."""
    if clock.earliest is None or clock.latest is None:
        return clock
    by = clock.proven_by
    if by is not None and clock.earliest > by + SEEN_SLACK:
        who = "clock_archived_before" if clock.proven_source == "web_archive" else "clock_captured_before"
        note = say(who, term=clock.source, time=written(clock.earliest), time2=written(by))
        return replace(clock, earliest=None, latest=by, quality="doubtful", note=note)
    for row in modified:
        changed = seconds(row["latest"], last=True)
        own = row["source"] in ("json_ld", "meta", "wordpress", "http", "sitemap") and row["precision"] == "second"
        if own and changed is not None and changed < clock.earliest - ZONE_SLACK:
            note = say("clock_changed_before", term=row["source"], words=row["value"])
            return replace(clock, quality="doubtful", note=clock.note or note)
    if by is None or clock.quality == "doubtful":
        return clock
    confirmed = by <= clock.latest + CONFIRMED
    return replace(clock, latest=min(clock.latest, by), quality="proven" if confirmed else "claimed")


@dataclass(frozen=True)
class Order:
    """How much earlier one article is than another, and how that is known: proven or claimed."""

    how: str
    hours: float
    early: Clock
    late: Clock


def order(a: Clock, b: Clock) -> Order | None:
    """Which of the two came first; None where the clocks cannot tell.

    Proven: others had the one before the other even claims to exist (a publisher has no reason to date itself later).
    Claimed: both publishers say so. What only our capture shows orders nothing.
    """
    for early, late in ((a, b), (b, a)):
        if not late.trusted or late.earliest is None:
            continue
        by = early.proven_by
        if by is not None and by + SEEN_SLACK < late.earliest:
            return Order("proven", (late.earliest - by) / HOUR, early, late)
        if early.trusted and early.latest is not None and early.latest < late.earliest:
            return Order("claimed", (late.earliest - early.latest) / HOUR, early, late)
    return None
