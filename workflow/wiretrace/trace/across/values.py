"""Numbers and dates as written in many languages, to one value."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation

# fmt: off
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december"]
# fmt: on
MONTH = {name: i for i, name in enumerate(MONTHS, 1)} | {name[:3]: i for i, name in enumerate(MONTHS, 1)} | {"sept": 9}
# Capitalised only: may, march are verbs.
_MONTH_NAMES = sorted((w.capitalize() for w in MONTH), key=lambda w: (-len(w), w))
_MONTH = "|".join([*_MONTH_NAMES, *(w.upper() for w in _MONTH_NAMES)])
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民國": 1911, "民国": 1911}
# Each form begins with one digit or capital, not with a number of them: only then is the rest of a text passed quickly.
_MONTH_DAY = r"\s?[月월](?:\s?\d{1,2}\s?[日號号일])?"
CJK_DATE = (
    rf"\d(?:\d{{3}}\s?[年년]\s?\d{{1,2}}{_MONTH_DAY}|\d?{_MONTH_DAY})"
    r"|[12](?:(?<=1)9|(?<=2)0)\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?![\d/-])"
)


def _by_first(words: list[str]) -> dict[str, str]:
    """Rule for the rest of each word, by its first letter."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(word[1:])
    return {first: f"(?:{'|'.join(rest)})" for first, rest in sorted(rests.items())}


# A search skips quickly to where a date may begin only if every alternative begins with a character of its own.
_MONTH_RULES = [first + rest for first, rest in _by_first(_MONTH_NAMES + [w.upper() for w in _MONTH_NAMES]).items()]
_NUMERIC = r"\d\d[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?![\d/-])"
_MONTH_AFTER = rf"(?:st|nd|rd|th)?\s(?:of\s)?(?:{'|'.join(_MONTH_RULES)})\b\.?(?:,?\s(?:19|20)\d\d\b)?"
_DAY_AFTER = r"\b\.?(?:\s(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b)?(?:,?\s(?:19|20)\d\d\b)?"
_DAYS = [rf"1(?:9{_NUMERIC}|\d?{_MONTH_AFTER})", rf"2(?:0{_NUMERIC}|\d?{_MONTH_AFTER})", rf"3[01]?{_MONTH_AFTER}"]
_DAYS += [f"{digit}{_MONTH_AFTER}" for digit in range(4, 10)]
DATE = "|".join(_DAYS + [rule + _DAY_AFTER for rule in _MONTH_RULES])
_DATE_PARTS = (
    r"(?:(?P<y>\d{4})\s?[年년]\s?)?(?P<m>\d{1,2})\s?[月월](?:\s?(?P<d>\d{1,2})\s?[日號号일])?",
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<w>{_MONTH})\b\.?(?:,?\s(?P<y>\d{{4}}))?",
    rf"(?P<w>{_MONTH})\b\.?(?:\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,?\s(?P<y>\d{{4}}))?",
)
_DATES = tuple(re.compile(rule) for rule in _DATE_PARTS)
ERA = rf"(?:{'|'.join(ERAS)})\s?(?:元|\d{{1,3}}|[一二三四五六七八九十]{{1,3}})\s?年"
_ERA = re.compile(rf"({'|'.join(ERAS)})\s?(元|\d{{1,3}}|[一二三四五六七八九十]{{1,3}})\s?年")

SCALE = {"十": 10, "拾": 10, "百": 100, "백": 100, "千": 1000, "천": 1000, "thousand": 1000}
SCALE |= {"万": 10**4, "萬": 10**4, "만": 10**4, "million": 10**6, "mn": 10**6, "m": 10**6}
SCALE |= {"亿": 10**8, "億": 10**8, "억": 10**8, "billion": 10**9, "bn": 10**9, "兆": 10**12, "조": 10**12}
SCALE |= {"trillion": 10**12, "trn": 10**12}
_CJK_UNIT = "[兆조億亿억万萬만千천百백]"
_DIGITS = r"\d(?:\d{0,2}(?:[,，]\d{3})+(?!\d)|\d*)(?:[.．]\d+)?"
_DIGITS_COMMA = r"\d(?:\d{0,2}(?:[.\u00a0\u202f ]\d{3})+(?!\d)|\d*)(?:,\d+)?"
UNSPACED_NUMBER = rf"{_DIGITS}(?:{_CJK_UNIT}+(?:{_DIGITS}{_CJK_UNIT}+)*(?:\d[\d,]*(?!\d))?)?[割成할]?"
# Words for 10^6 and 10^9 in languages that write a decimal comma; the long scale's milliard is the billion of English.
MILLION = "millionen|millions|million|mio|millones|millón|milhões|milioni|miljoen|миллиона|миллионов|млн"
MILLIARD = "milliarden|milliards|milliard|mrd|miliardi|miljard|миллиарда|миллиардов|млрд"
SCALE |= dict.fromkeys(MILLION.split("|"), 10**6) | dict.fromkeys(MILLIARD.split("|"), 10**9)
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
WORDS = {w: i for i, w in enumerate(f"{_SMALL} eighteen nineteen".split())}
WORDS |= {
    w: 10 * i for i, w in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
WORDS |= {"dozen": 12}
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
ORDINALS |= {"ninth": 9, "tenth": 10}
LARGE = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
ENGLISH_NUMBER = rf"{_DIGITS}(?:\s?(?:thousand|million|billion|trillion|bn|mn|trn|m)\b)?"
OTHER_NUMBER = rf"{_DIGITS_COMMA}(?:\s(?i:{MILLION}|{MILLIARD})\b)?"
_PIECE = re.compile(r"(\d[\d,.]*)\s?([^\d\s]*)")
_UNITS = re.compile(r"[^\W\d_]")

HAN_NUMBER_CHARACTERS = frozenset("〇零一二三四五六七八九十百千万億亿萬兩两両")
HAN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "両": 2, "兩": 2}
_COUNTERS = "人名个個つ年月日时時点點分岁歳歲才次回件家台枚位種种期倍条條割成項项"
_HAN = "[〇零一二三四五六七八九十百千万億亿萬兩两両]"
HAN_NUMBER = rf"{_HAN}{_HAN}+|[一二三四五六七八九十两両兩](?=[{_COUNTERS}])"


def date(written: str) -> tuple[int, int, int] | None:
    """(year or 0, month, day or 0) of what ``DATE`` or ``CJK_DATE`` matched."""
    for rule in _DATES:
        m = rule.fullmatch(written)
        if m:
            parts = m.groupdict()
            month = MONTH[parts["w"].lower()] if parts.get("w") else int(parts["m"])
            return int(parts["y"] or 0), month, int(parts.get("d") or 0)
    return None


def era_year(written: str) -> int:
    """Year of a Japanese era or of the Republic of China; 0 where ``written`` is none."""
    m = _ERA.fullmatch(written)
    if m is None:
        return 0
    number = 1 if m[2] == "元" else int(m[2]) if m[2].isdigit() else han_value(m[2])
    return ERAS[m[1]] + number


def value(written: str, decimal_comma: bool = False) -> str:
    """Value of digits with their units as a plain decimal; '' where it is none."""
    lowered = written.lower()
    if decimal_comma:
        lowered = re.sub(r"(?<=\d)[.\u00a0\u202f ](?=\d{3})", "", lowered).replace(",", ".")
    tenth = lowered[-1:] in "割成할" and lowered[-1:] != ""
    total, before = Decimal(0), 0
    for digits, units in _PIECE.findall(lowered.rstrip("割成할")):
        try:
            number = Decimal(digits.replace(",", "").rstrip(".")[:24])
        except InvalidOperation:
            return ""
        scale = SCALE[units] if units in SCALE else math.prod(SCALE.get(unit, 1) for unit in units)
        # 1万2000億 is 1.2 × 10^12, 3億2000万 is 3.2 × 10^8.
        total = (total + number) * scale if before and scale > before else total + number * scale
        before = scale
    return f"{(total * 10 if tenth else total).normalize():f}"


def word_value(written: str) -> int:
    """Value of an English number in words, in lower case; 0 where one of them is none."""
    total = section = 0
    for word in re.split(r"[\s-]+", written):
        if word in WORDS:
            section += WORDS[word]
        elif word not in LARGE or not total + section:
            return 0
        elif word == "hundred":
            section *= 100
        else:
            total, section = total + section * LARGE[word], 0
    return total + section


def han_value(written: str) -> int:
    """Value of a number in Han characters."""
    if not any(c in "十百千万億亿萬" for c in written):
        return int("".join(str(HAN_DIGITS[c]) for c in written if c in HAN_DIGITS)[:12] or "0")
    total = section = digit = before = 0
    for c in written:
        if c in HAN_DIGITS:
            digit = HAN_DIGITS[c]
        elif c in "万億亿萬":
            scale = SCALE[c]
            if before and scale > before:
                total = (total + section + digit) * scale
            else:
                total += (section + digit or 1) * scale
            before, section, digit = scale, 0, 0
        elif c in SCALE:
            section += (digit or 1) * SCALE[c]
            digit = 0
    return total + section + digit
