"""One publisher in a few figures: what share of its articles bears which signs, each with its interval.

A figure describes a site; it says nothing of one article, and none is a verdict. Shares carry the 95 % Wilson interval
(E. B. Wilson, Journal of the American Statistical Association 22, 1927): the articles read are a sample of what a site
ran. Where nothing could be counted the value is empty and the statement says why.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from wiretrace.schema import frame, records

Row = Mapping[str, Any]
STRONG = ("conclusive", "strong")
DECLARED = "declared"
# Of several clocks that date a publication to the hour or better, the first of these is taken.
CLOCKS = ("json_ld", "meta", "wordpress", "feed", "visible", "sitemap")
PRECISE = ("second", "minute", "hour")
FEWEST_DATED = 5
# A partial match is a copy of an earlier text from this share of the article on.
COPIED = 0.5
NO_AUTHOR = "no byline"


def site_view(
    ai_indicators: pd.DataFrame,
    articles: pd.DataFrame,
    text_matches: pd.DataFrame,
    images: pd.DataFrame,
    clocks: pd.DataFrame,
) -> pd.DataFrame:
    """Table ``publisher_indicators``: for each publisher with an article one row for each measure."""
    read = {row["article_id"]: row for row in records(articles)}
    by_publisher = _grouped(read.values(), "publisher")
    signs = _grouped((r for r in records(ai_indicators) if r["counts"]), "publisher")
    pictures = _grouped(records(images), "publisher")
    hours = _hours(records(clocks))
    earlier = _earlier(read, records(text_matches))
    rows = []
    for publisher, own in sorted(by_publisher.items()):
        found = signs.get(publisher, [])
        for measured in (
            _residue(own, found),
            _disclosed(own, found),
            _cadence(own, hours),
            _repeated(own, earlier, "copies_share", "repeats at least half of an earlier text of another publisher"),
            _repeated(own, earlier, "translations_share", "is a translation of an earlier text of another publisher"),
            _provenance(pictures.get(publisher, []), found),
        ):
            rows.append({"publisher": publisher, **measured})
    return frame("publisher_indicators", rows)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % Wilson interval of the share ``hits`` of ``n`` > 0."""
    z, share = 1.96, hits / n
    mid, side = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (mid - side) / scale), min(1.0, (mid + side) / scale)


def _grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    made: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        made[row[column]].append(row)
    return made


def _share(measure: str, hits: int, n: int, of: str, what: str, capture: str = "") -> dict[str, Any]:
    if not n:
        return {"measure": measure, "statement": f"No {of} was read."}
    low, high = wilson(hits, n)
    said = f"{hits} of {n} {of}s ({100 * hits / n:.1f} %; 95 % interval {100 * low:.1f} to {100 * high:.1f} %): {what}."
    return {
        "measure": measure, "value": hits / n, "numerator": hits, "denominator": n, "low": low, "high": high,
        "statement": said, "capture_id": capture,
    }  # fmt: skip


def _first(rows: Sequence[Row]) -> str:
    """Capture of the strongest sign."""
    ordered = sorted(rows, key=lambda r: (r["strength"] != "conclusive", not r["capture_id"], r["indicator_id"]))
    return str(ordered[0]["capture_id"]) if ordered else ""


def _residue(own: Sequence[Row], found: Sequence[Row]) -> dict[str, Any]:
    signs = [
        r for r in found
        if r["family"] != DECLARED and r["strength"] in STRONG and r["place"] != "image" and r["article_id"]
    ]  # fmt: skip
    hits = {r["article_id"] for r in signs} & {r["article_id"] for r in own}
    what = "the article or its page bears a conclusive or strong sign that a chat tool was used"
    return _share("residue_rate", len(hits), len(own), "article", what, _first(signs))


def _disclosed(own: Sequence[Row], found: Sequence[Row]) -> dict[str, Any]:
    said = [r for r in found if r["family"] == DECLARED and r["place"] in ("text", "title", "chrome")]
    hits = {r["article_id"] for r in said if r["place"] != "chrome"} & {r["article_id"] for r in own}
    what = "the article's text says that AI or machine translation was used"
    if any(r["place"] == "chrome" for r in said):
        what += "; a line outside the articles says so as well"
    return _share("disclosed", len(hits), len(own), "article", what, _first(said))


def _hours(clocks: Iterable[Row]) -> dict[str, str]:
    """Hour of publication, ``YYYY-MM-DDTHH``, of each article that a clock of the publisher dates as finely."""
    best: dict[str, tuple[int, str, str]] = {}
    for row in clocks:
        if row["event"] == "published" and row["precision"] in PRECISE and row["source"] in CLOCKS:
            rank = (CLOCKS.index(row["source"]), row["clock_id"], row["earliest"][:13])
            best[row["article_id"]] = min(rank, best.get(row["article_id"], rank))
    return {article: hour for article, (_, _, hour) in best.items()}


def _cadence(own: Sequence[Row], hours: Mapping[str, str]) -> dict[str, Any]:
    """Articles per author and hour in which that author published anything."""
    posts = Counter((r["byline"] or NO_AUTHOR, hours[r["article_id"]]) for r in own if r["article_id"] in hours)
    dated = sum(posts.values())
    if dated < FEWEST_DATED:
        statement = f"{dated} of {len(own)} articles are dated to the hour; fewer than {FEWEST_DATED} tell nothing."
        return {"measure": "cadence_per_author_hour", "statement": statement}
    (author, hour), most = min(posts.items(), key=lambda item: (-item[1], item[0]))
    statement = (
        f"{dated} articles in {len(posts)} hours in which an author published: {dated / len(posts):.2f} an hour; at"
        f" most {most} ({author}, {hour}). Schedulers and wire feeds publish in bursts too."
    )
    return {
        "measure": "cadence_per_author_hour", "value": dated / len(posts), "numerator": dated,
        "denominator": len(posts), "statement": statement,
    }  # fmt: skip


def _earlier(articles: Mapping[str, Row], matches: Iterable[Row]) -> dict[str, set[str]]:
    """Articles that repeat or translate a text which another publisher ran before, beyond doubt; by measure."""
    found: dict[str, set[str]] = {"copies_share": set(), "translations_share": set(), "undecided": set()}
    for match in matches:
        for one, other, share in (("a", "b", "share_a"), ("b", "a", "share_b")):
            later, source = articles.get(match[f"article_{one}"]), articles.get(match[f"article_{other}"])
            if not later or not source or later["publisher"] == source["publisher"]:
                continue
            if match["kind"] in ("partial", "merged") and match[share] < COPIED:
                continue
            measure = "translations_share" if match["kind"] == "translated" else "copies_share"
            before, after = source["published_latest"], later["published_earliest"]
            if before and after and before < after:
                found[measure].add(later["article_id"])
            elif not (later["published_latest"] and later["published_latest"] < source["published_earliest"]):
                found["undecided"].add(later["article_id"])
    return found


def _repeated(own: Sequence[Row], earlier: Mapping[str, set[str]], measure: str, what: str) -> dict[str, Any]:
    ids = {r["article_id"] for r in own}
    unsure = len(ids & (earlier["undecided"] - earlier["copies_share"] - earlier["translations_share"]))
    more = f"; of {unsure} more with a match the order in time cannot be told" if unsure else ""
    return _share(measure, len(ids & earlier[measure]), len(own), "article", what + more)


def _provenance(pictures: Sequence[Row], found: Sequence[Row]) -> dict[str, Any]:
    signs = [r for r in found if r["place"] == "image" and r["strength"] in STRONG]
    captured = {r["capture_id"] for r in signs if r["capture_id"]}
    named = {r["article_id"] for r in signs if not r["capture_id"]}
    hits, seen = set(), set()
    for row in pictures:
        seen.add(row["digest"] or row["address"])
        if row["capture_id"] in captured if row["capture_id"] else row["article_id"] in named:
            hits.add(row["digest"] or row["address"])
    what = "the file's name or metadata says that a generator made it; files without such data say nothing"
    return _share("image_provenance", len(hits), len(seen), "image", what, _first(signs))
