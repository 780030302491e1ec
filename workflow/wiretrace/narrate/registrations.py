"""The calendar of registrations: on which days the domains of the networks were registered, and those of all others."""

from __future__ import annotations

import calendar
from collections import defaultdict
from datetime import date

from markupsafe import Markup

from wiretrace.narrate import svg
from wiretrace.narrate.spoken import number_of, said
from wiretrace.narrate.version import Version
from wiretrace.publish.rows import Record

WIDTH, CELL, GAP, TOP = 1040.0, 26.0, 34.0, 22.0
MONTHS = 15  # months drawn, those with most registrations
MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def registered(version: Version) -> list[Record]:
    """Publishers with the day of their registration and the letter of their network, in order of time.

    The day is that of the table of members, for others that of the observation.
    """
    found: dict[str, Record] = {}
    for row in version.having("observations", "kind", "created"):
        if _day(row["value"]):
            kept = found.get(row["publisher"])
            if kept is None or row["value"] < kept["day"]:
                found[row["publisher"]] = {"publisher": row["publisher"], "day": row["value"][:10], "letter": ""}
    for row in version.table("network_members"):
        if _day(row["registered"]):
            letter = version.letters[row["network_id"]] if row["standing"] == "core" else ""
            found[row["publisher"]] = {"publisher": row["publisher"], "day": row["registered"][:10], "letter": letter}
    return sorted(found.values(), key=lambda row: (row["day"], row["letter"] or "~", row["publisher"]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def calendar_picture(version: Version, language: str = "en") -> Markup | None:
    """Months as weeks of days; None where no domain of a network has a day. The fullest months are drawn."""
    days: dict[str, list[Record]] = defaultdict(list)
    for row in registered(version):
        days[row["day"]].append(row)
    weights: dict[str, int] = defaultdict(int)
    for day, rows in days.items():
        weights[day[:7]] += sum(bool(row["letter"]) for row in rows)
    months = sorted(sorted((m for m in weights if weights[m]), key=lambda m: (-weights[m], m))[:MONTHS])
    if not months:
        return None
    wide = 7 * CELL + GAP
    across = int((WIDTH + GAP) // wide)
    parts, high = [], 6 * CELL + TOP + 30
    for place, month in enumerate(months):
        parts.append(_month(month, days, (place % across) * wide, (place // across) * high, language))
    told = [_told(day, rows, language) for day, rows in sorted(days.items()) if any(row["letter"] for row in rows)]
    left = sum(1 for m in weights if weights[m]) - len(months)
    told += [said("months_left", language, months=number_of(left, "month", language))] if left > 0 else []
    title = said("calendar_title", language)
    rows_used = (len(months) + across - 1) // across
    return svg.picture(WIDTH, rows_used * high, "calendar", language, title, " ".join(told), parts)


def _month(month: str, days: dict[str, list[Record]], left: float, top: float, language: str) -> Markup:
    year, number = int(month[:4]), int(month[5:])
    name = said("month_name", language, name=MONTH_NAMES[number - 1], number=number, year=year)
    parts = [svg.text(name, left, top + 14, "month-name")]
    for week, line in enumerate(calendar.Calendar(firstweekday=0).monthdayscalendar(year, number)):
        for weekday, day in enumerate(line):
            if day:
                rows = days.get(f"{month}-{day:02d}", [])
                place = (left + weekday * CELL, top + TOP + week * CELL)
                parts.append(_cell(f"{month}-{day:02d}", rows, place, language))
    return svg.element("g", *parts)


def _cell(day: str, rows: list[Record], place: tuple[float, float], language: str) -> Markup:
    """A day: empty, or with the letters of the networks and how many of each; others than members are a ring."""
    x, y = place
    box = {"x": x, "y": y, "width": CELL - 3, "height": CELL - 3}
    members = [row["letter"] for row in rows if row["letter"]]
    if not rows:
        return svg.element("rect", class_="day", **box)
    parts = [
        svg.element("title", _told(day, rows, language)),
        svg.element("rect", class_="day member" if members else "day", **box),
    ]
    middle = x + (CELL - 3) / 2
    if members:
        letters = sorted(set(members))
        shown = letters[0] + (str(len(members)) if len(members) > 1 else "") if len(letters) == 1 else "+".join(letters)
        parts.append(svg.text(shown, middle, y + 15.5, "day-mark", "middle", 4))
    else:
        parts.append(svg.element("circle", cx=middle, cy=y + (CELL - 3) / 2, r=4.0, class_="other"))
    return svg.element("g", *parts)


def _told(day: str, rows: list[Record], language: str) -> str:
    sites = [
        said("in_network" if row["letter"] else "in_none", language, site=row["publisher"], letter=row["letter"])
        for row in rows
    ]
    return said("day_said", language, day=day, sites=("、" if language == "ja" else ", ").join(sites))
