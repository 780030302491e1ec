"""Times as people and machines write them in Japanese, Chinese, Korean and English, as intervals of UTC.

A time without a zone is not made UTC: its interval takes in every zone there is (UTC-12 to UTC+14), unless the site
states its own elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

WIDTH = str.maketrans("０１２３４５６７８９：／．－，　", "0123456789:/.-, ")
KANJI = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1}
# First year of each era minus one. Source: Japanese government's table of eras, as in JIS X 0301.
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925, "民國": 1911, "民国": 1911}
MONTHS = {
    m: n for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
# Hours from UTC; two where the name is used in winter and summer. CST, BST and IST mean several zones: not known.
ZONES = {
    "z": (0, 0), "utc": (0, 0), "gmt": (0, 0), "jst": (9, 9), "kst": (9, 9), "hkt": (8, 8), "sgt": (8, 8),
    "est": (-5, -5), "edt": (-4, -4), "et": (-5, -4), "cdt": (-5, -5), "ct": (-6, -5), "mst": (-7, -7), "mdt": (-6, -6),
    "pst": (-8, -8), "pdt": (-7, -7), "pt": (-8, -7), "cet": (1, 1), "cest": (2, 2), "msk": (3, 3), "aest": (10, 10),
    "北京时间": (8, 8), "北京時間": (8, 8), "日本時間": (9, 9), "한국시간": (9, 9),
}  # fmt: skip
UNKNOWN = (-12 * 60, 14 * 60)
YEARS = range(1980, 2101)

_N = r"[0-9〇零一二三四五六七八九十]"
_MONTH = r"(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DATES = [
    re.compile(
        r"(?P<era>令和|平成|昭和|(?:中華)?民[國国]|(?<![A-Za-z])[RHS])\s*(?P<y>元|" + _N + r"{1,3})\s*年\s*"
        r"(?P<m>" + _N + r"{1,3})\s*月\s*(?P<d>" + _N + r"{1,3})\s*日"
    ),
    re.compile(r"(?<![A-Za-z])(?P<era>[RHS])(?P<y>\d{1,2})[./](?P<m>\d{1,2})[./](?P<d>\d{1,2})(?!\d)"),
    re.compile(
        r"(?<![0-9])(?P<y>\d{4}|[〇零一二三四五六七八九]{4})\s*[年년]\s*(?P<m>" + _N + r"{1,3})\s*[月월]\s*"
        r"(?P<d>" + _N + r"{1,3})\s*[日일號号]"
    ),
    re.compile(r"(?<![\d./-])(?P<y>\d{4})(?P<sep>[-/]|\.\s?)(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d-])\.?"),
    re.compile(r"(?<![A-Za-z])" + _MONTH + r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})(?!\d)", re.IGNORECASE),
    re.compile(
        r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?" + _MONTH + r",?[\s-]+(?P<y>\d{4})(?!\d)", re.IGNORECASE
    ),
    # Day and month cannot be mistaken for each other where one is above twelve.
    re.compile(r"(?<![\d./-])(?P<d>1[3-9]|2\d|3[01])/(?P<m>\d{1,2})/(?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<![\d./-])(?P<m>\d{1,2})/(?P<d>1[3-9]|2\d|3[01])/(?P<y>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?=T?\d{6}(?!\d)|(?!\d))"),
]
_WEEKDAY = (
    r"(?:\s*[(（\[][月火水木金土日一二三四五六월화수목금토A-Za-z][^)）\]]{0,8}[)）\]]"
    r"|\s*(?:星期|周|週)[一二三四五六日天]|\s*[월화수목금토일]요일)?"
)
_ZONE = (
    r"(?P<z>Z(?![A-Za-z])|(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d\d)?(?!\d)"
    r"|[(（]?(?<![A-Za-z])(?:UTC|GMT|JST|KST|HKT|SGT|E[SD]?T|CDT|M[SD]T|P[SD]?T|CES?T|MSK|AEST)(?![A-Za-z])"
    r"|[(（]?(?:北京时间|北京時間|日本時間|한국시간))?"
)
TIME = re.compile(
    _WEEKDAY + r"(?:\s*(?:[,、T|｜]|at|-|–|\.)?\s*)(?P<before>北京时间|北京時間|日本時間|한국시간)?\s*"
    r"(?P<half>午前|午後|上午|下午|凌晨|早上|晚上|오전|오후)?\s*"
    r"(?:(?P<h>\d{1,2})\s*[:時时点點시]\s*(?:(?P<mi>\d{1,2})(?:\s*[:分분]\s*(?:(?P<s>\d{1,2})(?:[.,]\d{1,9})?\s*[秒초]?)?)?)?"
    r"|(?P<h2>\d{1,2})(?=\s*[ap]\.?m)|(?<=T)(?P<h3>\d\d)(?P<mi3>\d\d)(?P<s3>\d\d)|(?<=\d{8})(?P<h4>\d\d)(?P<mi4>\d\d)(?P<s4>\d\d))"
    r"\s*(?P<ap>[ap]\.?m\.?)?\s*" + _ZONE,
    re.IGNORECASE,
)
LATER_HALF = frozenset(("午後", "下午", "晚上", "오후"))
LABEL = re.compile(
    r"^(?P<modified>最終更新|最終更新日|最終更新日時|更新日時|更新日|更新时间|更新時間|更新|修改时间|수정|최종수정|last\s+updated|last\s+modified|updated(?:\s+on)?|modified)"
    r"|^(?P<published>発表日時?|掲載日時?|公開日時?|配信日時?|配信|投稿日時?|発信日時?|公開|掲載|发布时间|发布日期|发布于|发表时间|发表于|發布時間|發布日期|發佈時間|發表於|日期|时间|時間|日付|"
    r"입력|기사입력|등록|승인|게시|작성일|발행일|published(?:\s+on)?|posted(?:\s+on)?|date|release\s+date)",
    re.IGNORECASE,
)


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


def parse_time(text: str) -> Stated | None:
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
    found = next(find_times(text), None)
    return replace(found, value=text) if found else None


def find_times(text: str) -> Iterator[Stated]:
    """Every date, with the time of day that follows it, in the order in which they stand in ``text``."""
    plain = text.translate(WIDTH)
    taken: list[tuple[int, int, Stated]] = []
    for pattern in DATES:
        for match in pattern.finditer(plain):
            if any(match.start() < end and start < match.end() for start, end, _ in taken):
                continue
            day = _day(match)
            if day:
                end, stated = _with_clock(plain, text, match, day)
                taken.append((match.start(), end, stated))
    yield from (stated for _, _, stated in sorted(taken, key=lambda t: t[0]))


def spoken_time(line: str) -> bool:
    """Whether ``line`` is nothing but a date, labelled or not."""
    if len(line) > 80:
        return False
    found = list(find_times(line))
    if not found:
        return False
    rest = line
    for stated in found:
        rest = rest.replace(stated.value, "", 1)
    return len(re.sub(r"[\W\d_]+", "", LABEL.sub("", rest.strip()))) <= 3


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


def _day(match: re.Match[str]) -> datetime | None:
    parts = match.groupdict()
    year = _number(parts["y"])
    if parts.get("era"):
        year += ERAS[parts["era"].removeprefix("中華")]
    month = MONTHS[parts["mon"].lower()] if parts.get("mon") else _number(parts["m"])
    try:
        return datetime(year, month, _number(parts["d"])) if year in YEARS else None
    except ValueError:
        return None


def _with_clock(plain: str, text: str, match: re.Match[str], day: datetime) -> tuple[int, Stated]:
    """The day, refined by the time of day right behind it: (where it ends in the text, what it states)."""
    clock = TIME.match(plain, match.end())
    moment = _clock(clock, day) if clock else None
    if not clock or not moment:
        last = day + timedelta(days=1, seconds=-1)
        return match.end(), Stated(text[match.start() : match.end()], day, last, "day", None)
    first, seconds, precision = moment
    value = text[match.start() : clock.end()].rstrip()
    named = clock["before"] or clock["z"] or ""
    # "10:00-12:00" is a time of opening, not a zone, unless the time before it is a machine's.
    opening = named.lstrip().startswith("-") and not (clock["s"] or clock["s3"] or clock["s4"] or "T" in clock[0])
    zone = None if opening else _zone(named)
    return clock.end(), Stated(value, first, first + timedelta(seconds=seconds), precision, zone)


def _clock(clock: re.Match[str], day: datetime) -> tuple[datetime, int, str] | None:
    hour = int(clock["h"] or clock["h2"] or clock["h3"] or clock["h4"])
    minute, second = clock["mi"] or clock["mi3"] or clock["mi4"], clock["s"] or clock["s3"] or clock["s4"]
    half = clock["half"] or ""
    later = half in LATER_HALF or (clock["ap"] or "").lower().startswith("p")
    earlier = bool(half or clock["ap"]) and not later
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
