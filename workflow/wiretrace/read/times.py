"""Times as people and machines write them, in Japanese, Chinese, Korean and the languages of date_words.yaml, in UTC.

A time without a zone is not made UTC: its interval takes in every zone there is (UTC-12 to UTC+14), unless the site
states its own elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wiretrace.read.date_words import label, month_of, only_beside

WIDTH = str.maketrans("０１２３４５６７８９：／．－，　", "0123456789:/.-, ")
KANJI = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1}
# First year of each era minus one. Source: Japanese government's table of eras, as in JIS X 0301.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925, "民國": 1911, "民国": 1911}
# Hours from UTC; two where the name is used in winter and summer. CST, BST and IST mean several zones: not known.
ZONES = {
    "z": (0, 0), "utc": (0, 0), "gmt": (0, 0), "jst": (9, 9), "kst": (9, 9), "hkt": (8, 8), "sgt": (8, 8),
    "est": (-5, -5), "edt": (-4, -4), "et": (-5, -4), "cdt": (-5, -5), "ct": (-6, -5), "mst": (-7, -7), "mdt": (-6, -6),
    "pst": (-8, -8), "pdt": (-7, -7), "pt": (-8, -7), "cet": (1, 1), "cest": (2, 2), "msk": (3, 3), "мск": (3, 3),
    "aest": (10, 10), "mez": (1, 1), "mesz": (2, 2), "wet": (0, 0), "west": (1, 1), "eet": (2, 2), "eest": (3, 3),
    "wib": (7, 7), "aedt": (11, 11), "nzst": (12, 12), "nzdt": (13, 13), "akst": (-9, -9), "akdt": (-8, -8),
    "hst": (-10, -10),
    "北京时间": (8, 8), "北京時間": (8, 8), "台北時間": (8, 8), "日本時間": (9, 9), "한국시간": (9, 9),
}  # fmt: skip
UNKNOWN = (-12 * 60, 14 * 60)
YEARS = range(1980, 2101)

_N = r"[0-9〇零一二三四五六七八九十]"
_WORD = r"(?P<mon>[^\W\d_]{3,14})"
# Something that only a date has: without it no pattern is tried.
# It begins with one of few characters, by which a search passes over the others: a fifth of the time of alternatives.
CUE = re.compile(r"[\d年년RHS](?:(?<=[年년])|(?<=\d)(?:\d{3}|\d?\.\d{1,2}\.\d)|(?<=[RHS])(?<![A-Za-z].)\d)")
DATES = [
    re.compile(
        r"(?P<era>令和|平成|昭和|(?:中華)?民[國国]|(?<![A-Za-z])[RHS])\s*+(?P<y>元|" + _N + r"{1,3})\s*+年\s*+"
        r"(?P<m>" + _N + r"{1,3})\s*+月\s*+(?P<d>" + _N + r"{1,3})\s*+日"
    ),
    re.compile(r"(?<![A-Za-z])(?P<era>[RHS])(?P<y>\d{1,2})[./](?P<m>\d{1,2})[./](?P<d>\d{1,2})(?!\d)"),
    re.compile(
        r"(?<![0-9])(?P<y>\d{4}|[〇零一二三四五六七八九]{4})\s*+[年년]\s*+(?P<m>" + _N + r"{1,3})\s*+[月월]\s*+"
        r"(?P<d>" + _N + r"{1,3})\s*+[日일號号]"
    ),
    re.compile(r"(?<![\d./-])(?P<y>\d{4})(?P<sep>[-/]|\.\s?)(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d-])\.?"),
    re.compile(
        r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|ª|°|\.)?\s*+(?:\b(?:de|of|del)\s|\bd['’]|[-.])?\s*+"
        + _WORD
        + r"[.,]{0,2}(?:\s*+[-–]|\s+(?:de|of|del)\b|['’])?\s*+(?P<y>\d{4})(?!\d)",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![^\W\d_])" + _WORD + r"\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?\s?[,.]?\s+(?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<![\d./-])(?P<y>\d{4})(?:\.|\s?m\.|\s?г\.)?\s+" + _WORD + r"\.?\s+(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})(?:,|\s+năm)?\s+(?P<y>\d{4})(?!\d)", re.IGNORECASE),
    re.compile(r"(?<![\d./-])(?P<a>\d{1,2})(?P<sep>[/-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4})(?![\d/-])"),
    # With dots the day stands first in every language that writes so.
    re.compile(r"(?<![\d./-])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})(?![\d/])"),
    re.compile(r"(?<![\d./-])(?P<d>\d{1,2})\s?[|·]\s?(?P<m>\d{1,2})\s?[|·]\s?(?P<y>\d{4})(?!\d)"),
    re.compile(
        r"(?<![^\W\d_])"
        + _WORD
        + r"\s+(?P<d>\d{1,2})\s+(?P<clock>\d{1,2}:\d\d(?::\d\d)?)(?:\s+[A-Z]{3,4})?\s+(?P<y>\d{4})(?!\d)"
    ),
    re.compile(r"(?<![\d./:-])(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<yy>\d\d)(?![\d./-]|\.\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?=T?\d{6}(?!\d)|(?!\d))"),
]
_WEEKDAY = (
    r"(?:\s*+[(（\[][月火水木金土日一二三四五六월화수목금토A-Za-z][^)）\]]{0,8}[)）\]]"
    r"|\s*+(?:星期|周|週)[一二三四五六日天]|\s*+[월화수목금토일]요일)?"
)
_ZONE = (
    r"(?P<z>Z(?![A-Za-z])|(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d\d)?(?!\d)"
    r"|[(（]?(?<![A-Za-z])(?:UTC|GMT|JST|KST|HKT|SGT|E[SD]?T|CDT|M[SD]T|P[SD]?T|CES?T|ME[SZ]Z?|WES?T|EES?T"
    r"|MSK|МСК|мск|WIB|A[EK][SD]T|NZ[SD]T|HST)(?![A-Za-z])"
    r"|[(（]?(?:北京时间|北京時間|台北時間|日本時間|한국시간))?"
)
# Words between a date and its time of day.
_AT = (
    r"(?:(?:T|at|um|à|às|as|a\s+las|alle\s+ore|alle|ore|kl\.?|klo|om|ob|o|u|о|в|г\.?,?(?:\s+в)?|-|–|\.)"
    r"(?![^\W\d_]))?"
)
TIME = re.compile(
    _WEEKDAY + r"\s*+[,、|｜·•;.]?\s*+" + _AT + r"\s*+"
    r"(?P<before>北京时间|北京時間|台北時間|日本時間|한국시간)?\s*+"
    r"(?P<half>午前|午後|上午|下午|凌晨|早上|中午|晚上|晚間|오전|오후)?\s*+"
    r"(?:(?P<h>\d{1,2})\s*+[:時时點点시h]\s*+(?:(?P<mi>\d{1,2})(?:\s*+[:分분]\s*+(?:(?P<s>\d{1,2})(?:[.,]\d{1,9})?\s*+[秒초]?)?)?)?"
    r"|(?P<h2>\d{1,2})(?=\s*+[ap]\.?m)|(?P<h5>\d{1,2})\.(?P<mi5>\d\d)(?=\s*+(?:Uhr|WIB|hrs)\b)"
    r"|(?<=T)(?P<h3>\d\d)(?P<mi3>\d\d)(?P<s3>\d\d)|(?<=\d{8})(?P<h4>\d\d)(?P<mi4>\d\d)(?P<s4>\d\d))"
    r"\s*+(?P<ap>[ap]\.?m\.?(?![^\W\d_]))?\s*+(?:Uhr\b)?\s*+" + _ZONE,
    re.IGNORECASE,
)
# A time of day right before its date: "14:20, 5 March 2024", "2:20 PM ET, March 5, 2024".
TIME_BEFORE = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2}):(?P<mi>\d\d)(?::(?P<s>\d\d))?\s*+(?P<ap>[ap]\.?m\.?)?\s*+(?:Uhr|hrs)?\s*+"
    + _ZONE
    + r"\)?\s*+(?:[,|·•–-]|on|,\s*+on)?\s*+(?:[^\W\d_]{2,10}\.?,?\s+)?$",
    re.IGNORECASE,
)
LATER_HALF = frozenset(("午後", "下午", "中午", "晚上", "晚間", "오후"))


@dataclass(frozen=True)
class Stated:
    """A time as written: its first and last local moment, precision, and minutes east of UTC where it says so."""

    value: str
    first: datetime
    last: datetime
    precision: str
    zone: tuple[int, int] | None


@dataclass(frozen=True)
class Interval:
    """The moments of UTC that a time can mean; ``zone`` is stated, inferred or unknown."""

    earliest: str
    latest: str
    precision: str
    zone: str


def iso(moment: datetime) -> str:
    """``moment``, which is in UTC, as the tables write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= 1000 else ""


def interval(stated: Stated, site: tuple[int, int] | None = None) -> Interval:
    """The interval of ``stated``; ``site`` is the range of zones that the site states elsewhere, minutes east."""
    low, high = stated.zone or site or UNKNOWN
    zone = "stated" if stated.zone else "inferred" if site else "unknown"
    earliest = stated.first - timedelta(minutes=high)
    latest = stated.last - timedelta(minutes=low)
    return Interval(iso(earliest), iso(latest), stated.precision, zone)


def parse_time(text: str, order: str = "", language: str = "") -> Stated | None:
    """The time that ``text``, a machine's field, states: ISO 8601 down to a year, RFC 5322, WordPress and the like."""
    text = text.strip()[:100]
    short = re.fullmatch(r"(\d{4})(?:-(\d\d))?", text)
    if short and int(short[1]) in YEARS:
        year, month = int(short[1]), int(short[2] or 1)
        if not 1 <= month <= 12:
            return None
        following = datetime(year + (not short[2] or month == 12), month % 12 + 1 if short[2] else 1, 1)
        precision = "month" if short[2] else "year"
        return Stated(text, datetime(year, month, 1), following - timedelta(seconds=1), precision, None)
    found = next(find_times(text, order, language), None)
    return replace(found, value=text) if found else None


def find_times(text: str, order: str = "", language: str = "") -> Iterator[Stated]:
    """Every date, with the time of day beside it, in the order in which they stand in ``text``.

    ``order`` says what 03/05/2024 means: ``dmy``, ``mdy``, or '' where nothing tells; then it is no date.
    ``language`` settles names of months that mean another month elsewhere.
    """
    plain = text.translate(WIDTH)
    if not CUE.search(plain):
        return
    taken: list[tuple[int, int, Stated]] = []
    for pattern in DATES:
        for match in pattern.finditer(plain):
            if any(match.start() < end and start < match.end() for start, end, _ in taken):
                continue
            day = _day(match, order, language)
            if day:
                taken.append(_with_clock(plain, text, match, day))
    yield from (stated for _, _, stated in sorted(taken, key=lambda t: t[:2]))


def spoken_time(line: str) -> bool:
    """Whether ``line`` is nothing but a date, labelled or not."""
    if len(line) > 80:
        return False
    found = list(find_times(line, "dmy"))
    if not found:
        return False
    rest = line
    for stated in found:
        rest = rest.replace(stated.value, " ", 1)
    rest = label().sub("", rest.strip(" :：[(【（"), count=1) if label().match(rest.strip(" :：[(【（")) else rest
    return only_beside(rest) or len(re.sub(r"[\W\d_]+", "", rest)) <= 3


def _number(text: str) -> int:
    if text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (KANJI.get(tens, 0) if tens else 1) * 10 + (KANJI.get(ones, 0) if ones else 0)
    value = 0
    for character in text:
        value = value * 10 + (
            int(character) if character.isdigit() and character.isascii() else KANJI.get(character, 0)
        )
    return value


def _day(match: re.Match[str], order: str, language: str) -> datetime | None:
    parts = match.groupdict()
    year = 2000 + int(parts["yy"]) if parts.get("yy") else _number(parts["y"])
    if parts.get("era"):
        year += ERAS[parts["era"].removeprefix("中華")]
    if parts.get("a"):
        month, day = _ordered(int(parts["a"]), int(parts["b"]), order)
    else:
        month = month_of(parts["mon"], language) if parts.get("mon") else _number(parts["m"])
        day = _number(parts["d"])
    try:
        return datetime(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _ordered(first: int, second: int, order: str) -> tuple[int, int]:
    """(month, day) of two numbers before a year; (0, 0) where both readings are possible and nothing tells."""
    if second > 12 or first == second:
        return first, second
    if first > 12:
        return second, first
    return {"dmy": (second, first), "mdy": (first, second)}.get(order, (0, 0))


def _with_clock(plain: str, text: str, match: re.Match[str], day: datetime) -> tuple[int, int, Stated]:
    """The day, refined by the time of day right behind it or before it: (where it begins, ends, what it states)."""
    clock = TIME.match(plain, match.end())
    if match.groupdict().get("clock"):  # as the C library writes it: Jan 04 09:34:05 2021
        clock = TIME.match(match["clock"])
        moment = _clock(clock, day) if clock else None
        start, end = match.span()
    else:
        moment = _clock(clock, day) if clock else None
        start, end = match.start(), clock.end() if clock else match.end()
    if not moment:
        begin = max(0, start - 40)
        clock = TIME_BEFORE.search(plain[begin:start])
        moment = _clock(clock, day) if clock else None
        start, end = begin + clock.start() if clock and moment else start, match.end()
    if not clock or not moment:
        last = day + timedelta(days=1, seconds=-1)
        return start, end, Stated(text[start:end], day, last, "day", None)
    first, seconds, precision = moment
    parts = clock.groupdict()
    named = parts.get("before") or clock["z"] or ""
    # "10:00-12:00" is a time of opening, not a zone, unless the time before it is a machine's.
    exact = any(parts.get(name) for name in ("s", "s3", "s4")) or "T" in clock[0]
    zone = None if named.lstrip().startswith("-") and not exact else _zone(named)
    value = text[start:end].rstrip()
    return start, end, Stated(value, first, first + timedelta(seconds=seconds), precision, zone)


def _clock(clock: re.Match[str], day: datetime) -> tuple[datetime, int, str] | None:
    named = clock.groupdict()
    hour = int(_first(named, "h", "h2", "h3", "h4", "h5"))
    minute, second = _first(named, "mi", "mi3", "mi4", "mi5"), _first(named, "s", "s3", "s4")
    half, noon = named.get("half") or "", (clock["ap"] or "").lower()
    later = half in LATER_HALF or noon.startswith("p")
    earlier = bool(half or noon) and not later
    if later and hour < 12:
        hour += 12
    elif earlier and hour == 12:
        hour = 0
    if hour > 24 or int(minute or 0) > 59 or int(second or 0) > 60:
        return None
    first = day + timedelta(hours=hour, minutes=int(minute or 0), seconds=min(int(second or 0), 59))
    if second:
        return first, 0, "second"
    return (first, 59, "minute") if minute else (first, 3599, "hour")


def _first(named: Mapping[str, str | None], *names: str) -> str:
    return next((str(named[name]) for name in names if named.get(name)), "")


def _zone(text: str) -> tuple[int, int] | None:
    text = text.strip(" (（)）").lower()
    if text in ZONES:
        low, high = ZONES[text]
        return low * 60, high * 60
    offset = re.fullmatch(r"(?:gmt|utc)?\s?([+-])(\d{1,2})(?::?(\d\d))?", text)
    if not offset:
        return None
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    minutes = -minutes if offset[1] == "-" else minutes
    return (minutes, minutes) if UNKNOWN[0] <= minutes <= UNKNOWN[1] else None
