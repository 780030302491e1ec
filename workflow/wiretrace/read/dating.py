"""Which of an article's clocks counts, in a stated order and with the reason; and the zone that a site writes in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wiretrace.read.clocks import Clock
from wiretrace.read.times import Interval

# Statements of publication, the most reliable first, each with what it must be as precise as. Measured in benchmarks/dates.py:
# what a site's software writes for machines, before what it shows, before what others or its addresses say, before a guess.
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


def _summer(moment: datetime) -> bool:
    """Whether a day lies in the northern half-year of summer time, from April to October."""
    return 4 <= moment.month <= 10


def written(minutes: int) -> str:
    """An offset from UTC in minutes as ISO 8601 writes it."""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def decided(clocks: Iterable[tuple[Clock, Interval]]) -> Decision:
    """The statement that counts of when an article was published.

    The first in `ORDER` that nothing seen earlier contradicts and that two other kinds of clock do not agree against;
    of those that state the same day, the narrowest. Else a month, a guess, or the time of a change, by which it was there.
    """
    held = list(clocks)
    first_seen = min((taken.latest for clock, taken in held if clock.event == "seen"), default="9")
    possible = [(c, i) for c, i in held if i.earliest <= first_seen]
    published = [(c, i) for c, i in possible if c.event == "published"]
    ranked = sorted(((_rank(c), _width(i), i.earliest, c.stated.value, c, i) for c, i in published), key=lambda r: r[:4])
    strong = [(c, i) for rank, *_, c, i in ranked if rank < len(ORDER)]
    if strong:
        return _of_strong(strong, len(held) - len(possible))
    changed = [(c, i) for c, i in possible if c.event == "modified" and c.source not in ("http", "sitemap", *GUESSES)]
    if ranked and ranked[0][4].source not in GUESSES:
        return Decision(ranked[0][4], ranked[0][5], f"{ranked[0][4].source} alone, no day")
    if changed:
        clock, taken = min(changed, key=lambda ci: (ci[1].latest, ci[0].source, ci[0].stated.value))
        return Decision(clock, taken, f"nothing says when it was published; {clock.source} says it was changed then")
    if ranked:
        return Decision(ranked[0][4], ranked[0][5], f"nothing states it; {ranked[0][4].source}")
    return Decision(None, None, "")


def _of_strong(strong: Sequence[tuple[Clock, Interval]], late: int) -> Decision:
    by_day: dict[date, set[str]] = {}
    for clock, _ in strong:
        by_day.setdefault(clock.stated.first.date(), set()).add(clock.source)
    leader, taken = strong[0]
    day = leader.stated.first.date()
    reason = f"{leader.source} first in order"
    rivals = [d for d, sources in sorted(by_day.items()) if len(sources - {leader.source}) >= OUTVOTE]
    if len(by_day[day]) == 1 and rivals:
        day = rivals[0]
        reason = f"{' and '.join(sorted(by_day[day]))} agree against {leader.source}, which says {leader.stated.value}"
    same = [(c, i) for c, i in strong if c.stated.first.date() == day]
    clock, taken = min(same, key=lambda ci: _width(ci[1]))
    others = sorted({c.source for c, _ in same} - {clock.source})
    against = sorted({c.source for c, _ in strong if c.stated.first.date() != day} - by_day[day])
    said = [reason] if "against" in reason or clock is leader else [f"{clock.source} narrowest of those on its day"]
    said += [f"{' and '.join(others)} the same day"] if others else []
    said += [f"{' and '.join(against)} another"] if against and "against" not in reason else []
    said += [f"{late} later than it was seen"] if late else []
    return Decision(clock, taken, "; ".join(said))


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
