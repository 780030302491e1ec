"""The picture of one story in time: who ran it, when at the earliest and at the latest, by what kind of clock."""

from __future__ import annotations

from datetime import UTC, datetime

from markupsafe import Markup

from wiretrace.narrate import svg
from wiretrace.narrate.spoken import LANGUAGES, named, number_of, of, said, stated
from wiretrace.narrate.version import Version
from wiretrace.publish.rows import Record
from wiretrace.publish.wording import Text, cited, moment

WIDTH = 1040.0
LEFT, RIGHT, ROW, TOP = 250.0, 150.0, 27.0, 34.0
MEMBERS = 18
LONGEST = 200  # letters of a headline in a description
HOUR, DAY = 3600.0, 86400.0
# Steps of the axis, in seconds, with how a step is written.
STEPS = (
    (HOUR, "%m-%d %H:%M"),
    (3 * HOUR, "%m-%d %H:%M"),
    (6 * HOUR, "%m-%d %H:%M"),
    (12 * HOUR, "%m-%d %H:%M"),
    (DAY, "%Y-%m-%d"),
    (2 * DAY, "%Y-%m-%d"),
    (7 * DAY, "%Y-%m-%d"),
    (30 * DAY, "%Y-%m-%d"),
    (91 * DAY, "%Y-%m-%d"),
    (365 * DAY, "%Y-%m"),
)


def told_story(version: Version) -> Record | None:
    """The story that the report draws: that of the heaviest claim on one story, else the largest."""
    on_stories = "type IN ('distributed_by', 'first_published') AND subject IN (SELECT story_id FROM stories)"
    claim = version.rows("claims", on_stories, order="weight DESC, claim_id").first()
    if claim:
        return version.having("stories", "story_id", claim["subject"]).first()
    return version.rows("stories", order="publishers DESC, story_id").first() or None


def story_members(version: Version, story: Record) -> list[Record]:
    """Members of a story in order of time."""
    rows = version.having("story_members", "story_id", story["story_id"])
    return sorted(rows, key=lambda row: (row["position"], row["earliest"], row["article_id"]))


def headline(version: Version, story: Record) -> Text:
    """A story's headline, for each language that of its first member in that language where there is one."""
    found = [story["title"], story["title"]]
    for side, language in enumerate(LANGUAGES):
        for member in story_members(version, story):
            article = version.articles.get(member["article_id"], {})
            if article.get("title") and article["language"].partition("-")[0] == language:
                found[side] = article["title"]
                break
    return found[0], found[1]


def timeline_picture(version: Version, story: Record, language: str = "en") -> Markup | None:
    """The first members of ``story`` as bars of uncertainty; None where no member has a time."""
    members = story_members(version, story)[:MEMBERS]
    spans = [(svg.seconds(row["earliest"]), svg.seconds(row["latest"])) for row in members]
    clear = [
        span
        for row, pair in zip(members, spans, strict=True)
        if row["clock_quality"] != "capture_only"
        for span in pair
    ]
    times = [t for t in clear if t is not None] or [t for pair in spans for t in pair if t is not None]
    if not times:
        return None
    first, last = min(times), max(times)
    pad = max((last - first) * 0.05, HOUR / 2)
    first, last = first - pad, last + pad
    scale = (WIDTH - LEFT - RIGHT) / (last - first)
    parts = _axis(first, last, scale, TOP + ROW * len(members))
    for index, (row, span) in enumerate(zip(members, spans, strict=True)):
        parts.append(_row(version, row, span, TOP + ROW * (index + 0.5), (first, last, scale), language))
    described, title = _described(version, story, members, language), said("timeline_title", language)
    return svg.picture(WIDTH, TOP + ROW * len(members) + 30, "timeline", language, title, described, parts)


def _axis(first: float, last: float, scale: float, bottom: float) -> list[Markup]:
    step, form = next((s for s in STEPS if (last - first) / s[0] <= 7), STEPS[-1])
    years = sorted({datetime.fromtimestamp(time, UTC).strftime("%Y") for time in (first, last)})
    parts = [svg.text(f"{'–'.join(years)}, UTC", LEFT - 64, TOP - 15, "tick", "end")]
    tick = (first // step + 1) * step
    while tick < last:
        x = LEFT + (tick - first) * scale
        parts.append(svg.element("line", x1=x, y1=TOP - 8, x2=x, y2=bottom, class_="grid"))
        label = datetime.fromtimestamp(tick, UTC).strftime(form)
        parts.append(svg.text(label, x, TOP - 15, "tick", "middle"))
        tick += step
    return parts


def _row(
    version: Version,
    row: Record,
    span: tuple[float | None, float | None],
    y: float,
    axis: tuple[float, float, float],
    language: str,
) -> Markup:
    first, last, scale = axis
    article = version.articles.get(row["article_id"], {})
    publisher = str(article.get("publisher", ""))
    distributor = publisher in version.distributors
    parts = [svg.text(publisher, LEFT - 14, y + 4, "row-name source" if distributor else "row-name", "end", 32)]
    note = " · ".join(part for part in (str(article.get("language", "")), named(row["relation"], language)) if part)
    parts.append(svg.text(note, WIDTH - RIGHT + 12, y + 4, "row-note"))
    start, end = span
    if start is not None or end is not None:
        low = min(max(start if start is not None else first, first), last)
        high = min(max(end if end is not None else last, low), last)
        x1, x2 = LEFT + (low - first) * scale, LEFT + (high - first) * scale
        open_ended = "" if start is not None and end is not None and end <= last else " open"
        parts.append(svg.element("rect", x=x1, y=y - 4, width=max(x2 - x1, 2.0), height=8, class_="span" + open_ended))
        parts.append(_point(row["clock_quality"], x1, y, "source" if row["relation"] == "source" else "copy"))
    told = said(
        "member_said",
        language,
        site=publisher,
        when=of(moment(row["earliest"], row["latest"]), language),
        clock=named(row["clock"], language),
        quality=named(row["clock_quality"], language),
    )
    told += f" {stated(row['clock_note'], language)}" if row["clock_note"] else ""
    return svg.element(
        "g",
        svg.element("title", told + of(cited(str(article.get("title", "")), LONGEST), language)),
        *parts,
        class_="member",
    )


def _point(quality: str, x: float, y: float, kind: str) -> Markup:
    """The mark of a clock's quality; the shape tells it without colour."""
    if quality == "doubtful":
        path = f"M{x - 5:.1f} {y - 5:.1f}L{x + 5:.1f} {y + 5:.1f}M{x - 5:.1f} {y + 5:.1f}L{x + 5:.1f} {y - 5:.1f}"
        return svg.element("path", d=path, class_="point doubtful")
    if quality == "capture_only":
        return svg.element("line", x1=x, y1=y - 7, x2=x, y2=y + 7, class_="point seen")
    return svg.element("circle", cx=x, cy=y, r=5.5, class_=f"point {quality} {kind}")


def _described(version: Version, story: Record, members: list[Record], language: str) -> str:
    first = version.articles.get(story["first_article"])
    who = said("first_at", language, site=first["publisher"]) if first else said("first_untold", language)
    whole = number_of(story["articles"], "article", language)
    return (
        said(
            "story_said",
            language,
            title=of(cited(of(headline(version, story), language), LONGEST), language),
            shown=len(members),
            articles=whole,
        )
        + who
    )
