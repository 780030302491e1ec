"""One publisher in a few figures: what share of its articles bears which signs, each with its interval.

A figure describes a site; it says nothing of one article, and none is a verdict. Shares carry the 95 % Wilson interval
(E. B. Wilson, Journal of the American Statistical Association 22, 1927): the articles read are a sample of what a site
ran. Where nothing could be counted the value is empty and the statement says why.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from wiretrace.publish.shelf import Shelf

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


# Of each match whose two articles were read: who ran them, and when.
MATCHED = """
    SELECT m.*, a.publisher AS publisher_a, a.published_earliest AS earliest_a, a.published_latest AS latest_a,
        b.publisher AS publisher_b, b.published_earliest AS earliest_b, b.published_latest AS latest_b
    FROM text_matches m JOIN articles a ON a.article_id = m.article_a JOIN articles b ON b.article_id = m.article_b
"""
CLOCKED = "SELECT c.* FROM articles a JOIN clocks c ON c.article_id = a.article_id WHERE a.publisher = ?"
REPEATED = "SELECT e.* FROM articles a JOIN _earlier e ON e.article_id = a.article_id WHERE a.publisher = ?"


def site_view(shelf: Shelf) -> Iterator[dict[str, Any]]:
    """Rows of ``publisher_indicators``: for each publisher with an article one row for each measure.

    ``shelf`` has the tables of ``wanted.VIEWED``; what they say of one publisher is held at a time.
    """
    shelf.scratch("_earlier", "article_id TEXT, measure TEXT, PRIMARY KEY (article_id, measure)")
    shelf.change("INSERT OR IGNORE INTO _earlier VALUES (?, ?)", _earlier(shelf.rows(MATCHED)))
    for publisher in [row["publisher"] for row in shelf.rows("SELECT DISTINCT publisher FROM articles ORDER BY 1")]:
        own = list(shelf.having("articles", "publisher", publisher))
        found = [row for row in shelf.having("ai_indicators", "publisher", publisher) if row["counts"]]
        hours = _hours(shelf.rows(CLOCKED, publisher))
        earlier: dict[str, set[str]] = defaultdict(set)
        for row in shelf.rows(REPEATED, publisher):
            earlier[row["measure"]].add(row["article_id"])
        for measured in (
            _residue(own, found),
            _disclosed(own, found),
            _cadence(own, hours),
            _repeated(own, earlier, "copies_share", "repeats at least half of an earlier text of another publisher"),
            _repeated(own, earlier, "translations_share", "is a translation of an earlier text of another publisher"),
            _provenance(shelf.having("images", "publisher", publisher), found),
        ):
            yield {"publisher": publisher, **measured}


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % Wilson interval of the share ``hits`` of ``n`` > 0."""
    z, share = 1.96, hits / n
    mid, side = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (mid - side) / scale), min(1.0, (mid + side) / scale)


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


def _earlier(matches: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """(article, measure) of those that repeat or translate a text which another publisher ran before, beyond doubt."""
    for match in matches:
        if match["publisher_a"] == match["publisher_b"]:
            continue
        for one, other in (("a", "b"), ("b", "a")):
            if match["kind"] in ("partial", "merged") and match[f"share_{one}"] < COPIED:
                continue
            before, after = match[f"latest_{other}"], match[f"earliest_{one}"]
            if before and after and before < after:
                measure = "translations_share" if match["kind"] == "translated" else "copies_share"
                yield match[f"article_{one}"], measure
            elif not (match[f"latest_{one}"] and match[f"latest_{one}"] < match[f"earliest_{other}"]):
                yield match[f"article_{one}"], "undecided"


def _repeated(own: Sequence[Row], earlier: Mapping[str, set[str]], measure: str, what: str) -> dict[str, Any]:
    ids = {r["article_id"] for r in own}
    unsure = len(ids & (earlier["undecided"] - earlier["copies_share"] - earlier["translations_share"]))
    more = f"; of {unsure} more with a match the order in time cannot be told" if unsure else ""
    return _share(measure, len(ids & earlier[measure]), len(own), "article", what + more)


def _provenance(pictures: Iterable[Row], found: Sequence[Row]) -> dict[str, Any]:
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
