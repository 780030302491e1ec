"""Every statement on a page of when its article was published, changed or seen, with where it stands.

Nothing is weighed here: `dating` says which statement counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

import htmldate
from lxml.html import HtmlElement, tostring

from wiretrace import identity
from wiretrace.identity import registry
from wiretrace.read.date_words import FILE, label, only_beside
from wiretrace.read.markup import Markup, squeezed, texts, words_of
from wiretrace.read.times import CUE, Stated, find_times, parse_time, spoken_time

URL_DATE = re.compile(
    r"(?<!\d)(20\d\d)([/_-]?)(0[1-9]|1[0-2])(?:\2|/)(0[1-9]|[12]\d|3[01])(?!\d)|(?<!\d)(20\d\d)/(0[1-9]|1[0-2])(?=/)"
)
SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:19|20)\d\d(?![\d/])")
BETWEEN = " :：[(【（|｜/／,，、;；·•–-"
OTHER_LABEL = re.compile(
    r"[^\W\d_][)\]]?\s?[:：]\s*$"
)  # what is said before a date to be something else than the article's
JSON_DATE = re.compile(r'"date(Published|Modified)"\s*:\s*"([^"\\]{8,40})"')
BEFORE, AFTER = 4, 3  # blocks before the headline and after the body that may hold the article's date
APART_BLOCKS, AHEAD = 16, 0.3  # gap, and share of the text, of what stands ahead of the body and is none of it
BELOW = 8  # blocks below a headline where no body is known
LONGEST = 90  # characters of a block that is read as a line with a date
APART = 24  # characters between a label and its date
TIMED = 40  # time elements of one block that are looked at
MOST_DATED = 2_000  # short blocks with figures of one page that are read for the only day that it shows
MOST = 4  # marked elements of one page; a list of articles has more
# Characters times elements around them above which htmldate is not asked: it reads each part again for what is around.
MOST_WITHIN = 40_000_000
DATELINE = 70  # characters within which a paragraph's dateline ends
OPENING = 3  # paragraphs that may open with one


@dataclass(frozen=True)
class Clock:
    """A statement: source, event (published, modified, seen), the time as written."""

    source: str
    event: str
    stated: Stated


@dataclass(frozen=True)
class Manner:
    """How a page writes its dates: order of day and month (dmy, mdy or '' for unknown), language."""

    order: str
    language: str

    def find(self, text: str) -> Iterator[Stated]:
        """The dates in ``text``, read in this manner."""
        return find_times(text, self.order, self.language)


def of_page(page: Markup, text: str, headers: Sequence[tuple[str, str]], captured: str) -> list[Clock]:
    """Clocks that an article's page bears; ``captured`` is the time of the capture, after which no date is guessed."""
    manner = manner_of(page)
    shown, doubtful = _visible(page, text, captured, manner)
    found = _json_ld(page) + _meta(page, manner) + shown + _url(page) + _http(headers)
    published = [clock.stated for clock in found if clock.event == "published"]
    if all(stated.precision in ("month", "year") for stated in published):
        weak = doubtful or _guessed(page, captured, manner)
        found += [c for c in weak if all(s.first <= c.stated.first <= s.last for s in published)]
    return list(dict.fromkeys(found))


def stated_clock(source: str, event: str, value: str, manner: Manner | None = None) -> list[Clock]:
    """The clock that ``value`` states, in a list; an empty one where it states no time."""
    stated = parse_time(value, manner.order, manner.language) if manner else parse_time(value)
    return [Clock(source, event, stated)] if stated else []


def manner_of(page: Markup) -> Manner:
    """How ``page`` writes dates: by its language, its country, and its own dates that can be read only one way."""
    first = registry(FILE)["first"]
    language = squeezed(page.tree.get("lang") or page.said("content-language", "og:locale")).replace("_", "-").lower()
    country = identity.host_of(page.address).rpartition(".")[2]
    if language in ("en-us", "en-ph", "fil") or country in first["month"]:
        order = "mdy"
    elif language[:2] not in ("", "en", "ja", "zh", "ko") or language.startswith("en-") or country in first["day"]:
        order = "dmy"
    else:
        order = ""
    shown = {_sure(m) for block in page.blocks if "/" in block for m in SLASHED.finditer(block)} - {""}
    return Manner(shown.pop() if len(shown) == 1 else order, language)


def _sure(match: re.Match[str]) -> str:
    first, second = int(match[1]), int(match[2])
    return "dmy" if 12 < first <= 31 and second <= 12 else "mdy" if 12 < second <= 31 and first <= 12 else ""


def _json_ld(page: Markup) -> list[Clock]:
    found = []
    own = _key(page.address)
    pages = [o for o in page.json_ld if "WebPage" in texts(o.get("@type"))]
    for one in [*page.articles, *pages]:
        named = one.get("url") or one.get("mainEntityOfPage")
        named = named.get("@id") if isinstance(named, dict) else named
        address = identity.canonical(named, page.base) if isinstance(named, str) else ""
        if address and _key(address) != own and _key(address) != _key(page.canonical):
            continue
        for event, name in (("published", "datePublished"), ("modified", "dateModified")):
            for value in texts(one.get(name))[:3]:
                found += stated_clock("json_ld", event, value)
    return found or _broken_json_ld(page)


def _broken_json_ld(page: Markup) -> list[Clock]:
    """Dates in JSON-LD that cannot be parsed; where one object cannot be told from another they must all be one."""
    if page.json_ld:
        return []
    said: dict[str, list[str]] = {}
    for script in page.every("script"):
        if "ld+json" in (script.get("type") or "") and script.text:
            for match in JSON_DATE.finditer(script.text[:300_000]):
                said.setdefault(match[1].lower(), []).append(match[2])
    only = {event: values[0] for event, values in said.items() if len(set(values)) == 1}
    return [clock for event, value in sorted(only.items()) for clock in stated_clock("json_ld", event, value)]


def _key(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address).rstrip("/")


def _meta(page: Markup, manner: Manner) -> list[Clock]:
    found = []
    for event, names in registry(FILE)["meta"].items():
        for name in names:
            for value in page.meta.get(name, ())[:2]:
                found += stated_clock("meta", event, value, manner)
    return found + _marked(page, manner)


def _marked(page: Markup, manner: Manner) -> list[Clock]:
    """Times in the page's body that its markup names: microdata, pubdate, hAtom; none where it names many."""
    found: list[Clock] = []
    posted = [t for t in page.every("time") if t.get("pubdate") is not None or "entry-date" in (t.get("class") or "")]
    marked = (n for n, prop in page.outline.having("itemprop") if prop in ("datePublished", "dateModified"))
    named = [page.outline.elements[n] for n in marked if page.outline.tags[n] != "meta"]
    for element in [*named[: MOST + 1], *posted[: MOST + 1]]:
        prop = (element.get("itemprop") or "").lower()
        names = f" {element.get('class') or ''} ".lower()
        value = element.get("content") or element.get("datetime") or element.get("title") or ""
        changed = prop == "datemodified" or (" updated " in names and " published " not in names)
        found += stated_clock(
            "meta", "modified" if changed else "published", value or squeezed(element.text_content()[:200]), manner
        )
    days = {clock.stated.first.date() for clock in found if clock.event == "published"}
    return found if len(found) <= MOST and len(days) <= 1 else []


def _visible(page: Markup, text: str, captured: str, manner: Manner) -> tuple[list[Clock], list[Clock]]:
    """Dates in the lines around headline and body, and in labelled lines anywhere; and those that count in need only.

    Of dates of publication only the best placed line's count (see `_place`); lists of other articles have dates too.
    """
    lines = text.split("\n")
    body, closing = set(lines), set(lines[-AFTER:])
    head, start, near = _around(page, body)
    placed: list[tuple[int, int, Clock]] = []
    changed: list[Clock] = []
    timed: dict[HtmlElement, list[tuple[str, Clock]]] = {}
    for index, (block, element) in enumerate(page.placed_blocks):
        # A day in the body's prose is news; a day in a line of its own is the line's.
        if len(block) > LONGEST and head <= index <= start:
            placed += [(DATELINED, index, clock) for clock in _dateline(block, manner)]
        if len(block) > LONGEST or not CUE.search(block) or block == page.title:
            continue
        close, opened = index in near, label().match(block)
        if not (close or opened):
            continue
        alone = spoken_time(block)
        if block in body and not (alone or (opened and block in closing)):
            continue
        said = [(c, labelled) for c, labelled in _line(block, manner) if close or labelled]
        if close and element not in timed:
            timed[element] = _time_elements(element)
        said += [(clock, False) for shown, clock in timed.get(element, ()) if close and shown in block]
        for clock, labelled in said:
            if clock.stated.first.strftime("%Y-%m-%d") == captured[:10] and index < head:
                continue  # many mastheads print today's date
            if clock.event == "modified":
                changed.append(clock)
            else:
                placed.append((*_place(index, head, start, close, alone, labelled), clock))
    placed += [(DATELINED, 0, clock) for clock in _dateline(text, manner)]
    best = min((place[:2] for place in placed), default=(0, 0))
    kept = [clock for *place, clock in placed if tuple(place) == best]
    return (kept + changed, []) if best[0] < BEHIND else (changed, kept)


def _dateline(text: str, manner: Manner) -> list[Clock]:
    """The day that a first paragraph opens with: "Harbour City, 5 March 2024 - ...", or "5 March 2024. ..."."""
    for line in text.split("\n")[:OPENING]:
        opening = line[: DATELINE + 30]
        stated = next(manner.find(opening), None) if CUE.search(opening) else None
        at = opening.find(stated.value) if stated else -1
        behind = opening[at + len(stated.value) :].lstrip(" )）】]") if stated else ""
        parted = behind[:1] in tuple("-–—―|/(（【:：ー") and ". " not in opening[:at]
        # A day that opens the paragraph and is a sentence of its own.
        alone = at == 0 and behind[:1] == "." and behind[1:2].isspace()
        if stated and at <= DATELINE - 20 and (parted or alone):
            return [Clock("visible", "published", stated)]
    return []


DATELINED, BEHIND = 4, 6


def _place(index: int, head: int, start: int, close: bool, alone: bool, labelled: bool) -> tuple[int, int]:
    """How well a line is placed: by kind, then how near.

    Kinds: labelled near the article; nothing but a date between headline and body; other lines there; lines above;
    a dateline; below the body's first lines; behind it; labelled far away.
    """
    if labelled:
        return (0, 0) if close else (BEHIND + 1, index)
    if index < head:
        return 3, head - index
    if index <= start:
        return (1 if alone else 2), index
    return (DATELINED + 1 if index <= head + BELOW else BEHIND), index


def _around(page: Markup, body: set[str]) -> tuple[int, int, set[int]]:
    """Where the headline stands, where the body begins; and the blocks near enough to headline and body."""
    blocks = page.blocks
    bodies = _together(blocks, [i for i, block in enumerate(blocks) if block in body and len(block) > 15])
    if not bodies:
        first = next((i for i, block in enumerate(blocks) if page.title and block == page.title), -1)
        return (
            (first, first + BELOW, set(range(max(0, first - BEFORE), first + BELOW))) if first >= 0 else (0, 0, set())
        )
    first = max((i for i in range(bodies[0] + 1) if blocks[i] == page.title), default=bodies[0])
    after = range(bodies[-1] + 1, bodies[-1] + 1 + AFTER)
    return first, bodies[0], {*range(max(0, first - BEFORE), max(bodies[0], first + BELOW) + 1), *after}


def _together(blocks: Sequence[str], bodies: list[int]) -> list[int]:
    """``bodies`` without what stands far ahead of the rest and is little beside it: a motto, a teaser."""
    cut = next((at for at in range(1, len(bodies)) if bodies[at] - bodies[at - 1] > APART_BLOCKS), 0)
    ahead, whole = (sum(len(blocks[i]) for i in some) for some in (bodies[:cut], bodies))
    return bodies[cut:] if ahead <= AHEAD * whole else bodies


def _line(block: str, manner: Manner) -> list[tuple[Clock, bool]]:
    """Clocks in one line, each with whether a label stands right before it."""
    found, end = [], 0
    for stated in manner.find(block):
        at = block.find(stated.value, end)
        before = re.split(r"[|｜/／\s]{1,3}(?=\D{2,}$)", block[end:at])[-1].strip(BETWEEN)
        whole = block[end:at].strip(BETWEEN)
        end = at + len(stated.value)
        match = next((m for m in (label().match(whole), label().match(before)) if m), None)
        rest = match.string[match.end() :] if match else ""
        labelled = bool(match) and len(rest) <= APART and only_beside(rest)
        if OTHER_LABEL.search(block[max(0, at - 30) : at]) and not labelled:
            continue
        event = "modified" if match and match["modified"] and labelled else "published"
        found.append((Clock("visible", event, stated), labelled))
    return found


def _time_elements(element: HtmlElement) -> list[tuple[str, Clock]]:
    """(words, clock) of the first time elements in ``element``, which may hold very many lines."""
    found = []
    for time in islice(element.iter("time"), TIMED):
        shown = words_of(time)
        if time.get("datetime") and shown:
            names = f"{time.get('class')} {time.get('itemprop')}".lower()
            changed = re.search(r"updated|modified", names) and not re.search(r"published|entry-date", names)
            stated = stated_clock("visible", "modified" if changed else "published", time.get("datetime") or "")
            found += [(shown, clock) for clock in stated]
    return found


def _url(page: Markup) -> list[Clock]:
    """The day or month in the page's address, or in the one that it states to be its own."""
    for address in (page.address, page.canonical):
        match = URL_DATE.search(urlsplit(address).path)
        iso = match and (f"{match[1]}-{match[3]}-{match[4]}" if match[1] else f"{match[5]}-{match[6]}")
        stated = parse_time(iso) if iso else None
        if match and stated:
            return [Clock("url", "published", Stated(match[0], stated.first, stated.last, stated.precision, None))]
    return []


def _http(headers: Sequence[tuple[str, str]]) -> list[Clock]:
    return [
        c for name, value in headers if name.lower() == "last-modified" for c in stated_clock("http", "modified", value)
    ]


def _guessed(page: Markup, captured: str, manner: Manner) -> list[Clock]:
    """A day where nothing states one: what htmldate finds, else the only day that the page shows; none to come.

    htmldate's fast mode alone: the extensive one asks a parser that remembers the languages of pages read before, so
    that a page's date would depend on its neighbours. Two days of slack keep its limit, which is a local time, from
    cutting off what was published on the day of the capture somewhere.
    """
    if not captured:
        return []
    latest = datetime.strptime(captured[:10], "%Y-%m-%d") + timedelta(days=2)
    day = None
    try:
        if _within(page) <= MOST_WITHIN:
            day = htmldate.find_date(page.tree, extensive_search=False, original_date=True, max_date=latest)
    except ValueError:  # lxml writes no text with control characters, though it reads it
        pass
    last = (latest - timedelta(days=1)).strftime("%Y-%m-%d")
    # What it makes of a year alone (a copyright's) is the first of January.
    if day and day[4:] != "-01-01" and day <= last and _written(page.tree, day, manner):
        return stated_clock("htmldate", "published", day)
    shown: dict[str, Clock] = {}
    dated = (block for block in page.blocks if len(block) <= LONGEST and CUE.search(block))
    for block in islice(dated, MOST_DATED):
        for clock, _ in _line(block, manner):
            shown.setdefault(clock.stated.first.strftime("%Y-%m-%d"), clock)
        if len(shown) > 1:
            return []
    return [Clock("guessed", c.event, c.stated) for d, c in shown.items() if d <= last] if len(shown) == 1 else []


def _within(page: Markup) -> int:
    """Characters of the page's text, each as often as elements stand around it: what htmldate may read of it."""
    depths = [0]
    for parent in page.outline.parents[1:]:
        depths.append(depths[parent] + 1)
    return sum(len(block.text) * depths[block.at] for block in page.blocks_seen)


def _written(tree: HtmlElement, day: str, manner: Manner) -> bool:
    """Whether ``day`` is sure: htmldate takes 04/05/ for either; the page must put the day first, or the year."""
    if int(day[8:]) > 12 or manner.order == "dmy":
        return True
    written = tostring(tree, encoding="unicode")
    return any(form in written for form in (day, day.replace("-", "/"), day.replace("-", "."), day.replace("-", "")))


def seen(source: str, time: str) -> Clock:
    """That a page was there at ``time``, by a web archive's word or our own capture."""
    moment = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ")
    return Clock(source, "seen", Stated(time, moment, moment, "second", (0, 0)))
