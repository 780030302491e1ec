"""Days as WHOIS servers write them; which of day and month comes first is told by the answer's other days."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero janvier gennaio ocak januar",
            "feb february febrero fevrier febbraio subat februar",
            "mar march marzo mars marco maerz",
            "apr april abr abril avril aprile nisan",
            "may mayo mai maggio mayis",
            "jun june junio juin giugno haziran",
            "jul july julio juillet luglio temmuz",
            "aug august ago agosto aout agustos",
            "sep sept september set septiembre settembre eylul",
            "oct october octubre outubro octobre ottobre ekim okt",
            "nov november noviembre novembre kasim",
            "dec december dic diciembre dezembro decembre dicembre aralik dez",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = r"(?P<name>[A-Za-z]{3,10})\.?"
YEAR_FIRST = re.compile(r"(?<!\d)(?P<y>\d{4})\s?(?P<s>[-/.年년])\s?(?P<m>\d{1,2})\s?[-/.月월]\s?(?P<d>\d{1,2})(?!\d)")
YEAR_NAMED = re.compile(r"(?<!\d)(?P<y>\d{4})[-/. ]" + _MONTH + r"[-/. ](?P<d>\d{1,2})(?!\d)")
NAMED = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th)?[-/., ]\s?(?:of |de )?"
    + _MONTH
    + r"(?: de)?[-/., ]\s?(?P<y>\d{4}|\d\d)(?!\d)"
)
NAME_FIRST = re.compile(
    _MONTH + r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:\d\d:\d\d(?::\d\d)?\s+(?:[A-Z]{2,5}\s+)?)?(?P<y>\d{4})(?!\d)"
)
SHORT = re.compile(r"(?<![\d.])(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})(?!\d)")
PACKED = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?=\d{6}(?!\d)|(?!\d))")
LONGEST = 120


def day_of(value: str, month_first: bool) -> str:
    """The first day that ``value`` states, as ``YYYY-MM-DD``; ``month_first`` decides 03/02/2012. '' for none."""
    value = value[:LONGEST]
    for pattern in (YEAR_FIRST, YEAR_NAMED, NAMED, NAME_FIRST):
        for match in pattern.finditer(value):
            found = match.groupdict()
            month = int(found["m"]) if found.get("m") else MONTHS.get((found.get("name") or "").casefold(), 0)
            day = _made(_year(found["y"]), month, int(found["d"]))
            if day:
                return day
    short = SHORT.search(value)
    if short:
        a, b = int(short["a"]), int(short["b"])
        month, number = (a, b) if (month_first and a <= 12) or b > 12 else (b, a)
        return _made(int(short["y"]), month, number)
    packed = PACKED.search(value)
    return _made(int(packed["y"]), int(packed["m"]), int(packed["d"])) if packed else ""


def month_comes_first(values: Iterable[str], hint: str, usual: bool) -> bool:
    """Whether month stands before day in ``values``; ``hint`` are labels that may say so, ``usual`` the zone's way."""
    if re.search(r"dd\W?mm", hint, re.IGNORECASE):
        return False
    if re.search(r"mm\W?dd", hint, re.IGNORECASE):
        return True
    for value in values:
        short = SHORT.search(value[:LONGEST])
        if short and short["s"] != "/":
            continue
        if short and int(short["a"]) > 12:
            return False
        if short and int(short["b"]) > 12:
            return True
    return usual and any(match["s"] == "/" for value in values if (match := SHORT.search(value[:LONGEST])))


def _year(digits: str) -> int:
    number = int(digits)
    return number if number >= 100 else number + (1900 if number >= 80 else 2000)


def _made(year: int, month: int, day: int) -> str:
    try:
        made = datetime.date(year, month, day)
    except ValueError:
        return ""
    # Names began in 1985; a registration ends within a hundred years of that, or the number is none.
    return made.isoformat() if 1980 <= year <= 2150 else ""
