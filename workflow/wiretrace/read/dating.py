"""Which of an article's clocks counts, in a stated order and with the reason; and the zone that a site writes in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from wiretrace.read.clocks import Clock
from wiretrace.read.times import Interval

# Statements of publication, the most reliable first, each with the precisions that it must have: what a site's software
# writes for machines, before what it shows, before what its addresses and lists say (see benchmarks/dates.py).
ORDER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("wordpress", ("second", "minute")),
    ("json_ld", ("second", "minute", "hour", "day")),
    ("meta", ("second", "minute")),
    ("feed", ("second", "minute", "hour", "day")),
    ("visible", ("second", "minute", "hour", "day")),
    ("import", ("second", "minute", "hour", "day")),
    ("meta", ("hour", "day")),
    ("url", ("day",)),
    ("sitemap", ("second", "minute", "hour", "day")),
)
GUESSES = ("htmldate", "guessed")
MACHINE = ("json_ld", "meta", "feed", "visible")
SHARED = 3  # articles of one site from which on a guess that they share is the site's and not theirs
FIXED = (330, 345, 420, 480, 540)  # offsets at which no country has had a summer time since 1992
OUTVOTE = 2  # other kinds of clock that must agree on another day to overrule one that stands alone


@dataclass(frozen=True)
class Zone:
    """Zones that a site writes its times in, minutes east, with how that is known."""

    low: int
    high: int
    how: str

    @property
    def range(self) -> tuple[int, int]:
        """(lowest, highest) offset."""
        return self.low, self.high


@dataclass(frozen=True)
class Decision:
    """The clock that counts, what it can mean and why it; no clock where none says when it was published or changed."""

    clock: Clock | None
    taken: Interval | None
    reason: str
    day: str = ""  # as the publisher counts it: of a time in UTC, the local day that another of its clocks gives


def site_zone(clocks: Iterable[Clock]) -> Zone | None:
    """The zones that a site's own times state: one zone, or its winter and summer time; None where they say nothing.

    UTC says nothing: it is what software writes that knows no zone. An offset that was seen in one half of the year
    alone may be another by an hour in the other half, except where no country with that offset has a summer time.
    """
    stated = {(c.stated.zone, _summer(c.stated.first)) for c in clocks if c.source in MACHINE and c.stated.zone}
    zones = {zone for zone, _ in stated} - {(0, 0)}
    if not zones:
        return None
    low, high = min(z[0] for z in zones), max(z[1] for z in zones)
    if high - low > 60:
        return None
    count = sum(zone != (0, 0) for zone, _ in stated)
    how = f"the site's other times state {written(low)}" + (f" to {written(high)}" if high > low else "")
    if low == high and ((0, 0), False) in stated and low == 60:
        return Zone(0, 60, f"{how}, and UTC in winter")
    if low == high and low not in FIXED and count == 1:
        return Zone(low - 60, high + 60, f"{how}, in one half of the year")
    return Zone(low, high, how)


def shared_guesses(guesses: Iterable[tuple[str, Clock]]) -> frozenset[Clock]:
    """Guesses that several articles of one site share, from (article, clock): a date in the site's frame."""
    held: dict[Clock, set[str]] = {}
    for article, clock in guesses:
        if clock.source in GUESSES:
            held.setdefault(clock, set()).add(article)
    return frozenset(clock for clock, articles in held.items() if len(articles) >= SHARED)


def _summer(moment: datetime) -> bool:
    """Whether a day lies in the northern half-year of summer time, from April to October."""
    return 4 <= moment.month <= 10


def written(minutes: int) -> str:
    """An offset from UTC in minutes as ISO 8601 writes it."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def decided(clocks: Iterable[tuple[Clock, Interval]]) -> Decision:
    """The statement that counts of when an article was published.

    The first in `ORDER` that nothing seen earlier contradicts and that two other kinds of clock do not agree against;
    of those that may mean the same time, the narrowest. Else a month, a guess, or the time of a change, by which it
    was there.
    """
    held = list(clocks)
    first_seen = min((taken.latest for clock, taken in held if clock.event == "seen"), default="9")
    possible = [(c, i) for c, i in held if i.earliest <= first_seen]
    changed = [(c, i) for c, i in possible if c.event == "modified" and c.source not in ("http", "sitemap", *GUESSES)]
    first_changed = min((i.latest for c, i in possible if c.event == "modified"), default="9")
    published = [
        (c, i)
        for c, i in possible
        if c.event == "published"
        and not (changed and _filler(c, possible))
        # A guess must not lie behind a change, of whatever kind.
        and not (c.source in GUESSES and i.earliest > first_changed)
    ]
    ranked = sorted(published, key=lambda p: (_rank(p[0]), _width(p[1]), p[1].earliest, p[0].stated.value))
    strong = [(c, i) for c, i in ranked if _rank(c) < len(ORDER)]
    if strong:
        return _of_strong(strong, len(held) - len(possible))
    if ranked and ranked[0][0].source not in GUESSES:
        return _made(*ranked[0], f"{ranked[0][0].source} alone, no day")
    if changed:
        clock, taken = min(changed, key=lambda ci: (ci[1].latest, ci[0].source, ci[0].stated.value))
        return _made(clock, taken, f"nothing says when it was published; {clock.source} says it was changed then")
    return _made(*ranked[0], f"nothing states it; {ranked[0][0].source}") if ranked else Decision(None, None, "")


def _filler(clock: Clock, held: Sequence[tuple[Clock, Interval]]) -> bool:
    """Whether a machine's day is a first of January that stands alone: what software writes where it knows no day."""
    first = clock.stated.first
    return (
        clock.stated.precision == "day"
        and (first.month, first.day) == (1, 1)
        and clock.source in ("json_ld", "meta")
        and not any(c.source != clock.source and c.stated.first.date() == first.date() for c, _ in held)
    )


def _made(clock: Clock, taken: Interval, reason: str) -> Decision:
    return Decision(clock, taken, reason, clock.stated.first.strftime("%Y-%m-%d"))


def _of_strong(strong: Sequence[tuple[Clock, Interval]], late: int) -> Decision:
    leader = strong[0]
    reason = f"{leader[0].source} first in order"
    if not any(_agree(leader, other) and other[0].source != leader[0].source for other in strong):
        rival = next((o for o in strong if len(_sources(strong, o) - {leader[0].source}) >= OUTVOTE), None)
        if rival:
            agreed = " and ".join(sorted(_sources(strong, rival)))
            reason = f"{agreed} agree against {leader[0].source}, which says {leader[0].stated.value}"
            leader = rival
    same = [one for one in strong if _agree(leader, one)]
    clock, taken = min(same, key=lambda ci: _width(ci[1]))
    others = sorted({c.source for c, _ in same} - {clock.source})
    against = sorted({c.source for c, _ in strong} - {c.source for c, _ in same})
    said = [reason] if "against" in reason or clock is leader[0] else [f"{clock.source} narrowest of those that agree"]
    said += [f"agreed by {' and '.join(others)}"] if others and "against" not in reason else []
    said += [f"{' and '.join(against)} says another"] if against and "against" not in reason else []
    said += [f"{late} later than it was seen"] if late else []
    return Decision(clock, taken, "; ".join(said), _civil(leader[0], same))


def _agree(one: tuple[Clock, Interval], other: tuple[Clock, Interval]) -> bool:
    """Whether two clocks may mean the same time: their days are one, or a time in UTC and a day somewhere on Earth."""
    if one[0].stated.first.date() == other[0].stated.first.date():
        return True
    utc = (0, 0) in (one[0].stated.zone, other[0].stated.zone)
    return utc and one[1].earliest <= other[1].latest and other[1].earliest <= one[1].latest


def _sources(strong: Sequence[tuple[Clock, Interval]], one: tuple[Clock, Interval]) -> set[str]:
    return {other[0].source for other in strong if _agree(one, other)}


def _civil(leader: Clock, same: Sequence[tuple[Clock, Interval]]) -> str:
    """The leader's day; of a time in UTC, which is nobody's civil time, the day that an agreeing clock shows."""
    local = [c for c, _ in same if c.stated.zone != (0, 0) and c.source in ("visible", "url", "json_ld", "meta")]
    shown = local[0] if leader.stated.zone == (0, 0) and local else leader
    return shown.stated.first.strftime("%Y-%m-%d")


def _rank(clock: Clock) -> int:
    """Place of ``clock`` in `ORDER`; behind it what states no day, last a guess."""
    if clock.source in GUESSES:
        return len(ORDER) + 1
    return next(
        (n for n, (source, exact) in enumerate(ORDER) if clock.source == source and clock.stated.precision in exact),
        len(ORDER),
    )


def _width(taken: Interval) -> float:
    form = "%Y-%m-%dT%H:%M:%SZ"
    return (datetime.strptime(taken.latest, form) - datetime.strptime(taken.earliest, form)).total_seconds()
