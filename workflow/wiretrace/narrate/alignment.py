"""Two texts side by side: what both have, what only one has, and across languages the words that answer each other."""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from wiretrace.narrate.pages import visible
from wiretrace.narrate.version import Version, words
from wiretrace.publish.rows import Record
from wiretrace.schema import dump

# Letters of one text that are laid out, and differences that are listed below.
MOST_LETTERS, MOST_LISTED = 30_000, 40


@dataclass(frozen=True)
class Anchor:
    """Words of two texts in two languages that answer each other; ``number`` stands at both places."""

    number: int
    left: str
    right: str
    kind: str


@dataclass(frozen=True)
class Side:
    """Whose text stands on one side, and since when."""

    publisher: str
    title: str
    language: str
    address: str
    time: str


@dataclass(frozen=True)
class Aligned:
    """Two texts laid out: ``rows`` are passages side by side, of which one side may be empty."""

    key: str  # the row of text_matches, or the later of two versions
    kind: str  # as in text_matches, or edited
    said: tuple[str, str]  # how much they share, in English and Japanese
    left: Side
    right: Side
    rows: tuple[tuple[Markup, Markup], ...]
    anchors: tuple[Anchor, ...]
    alone: tuple[tuple[str, str], ...]  # what only one text has, in order: (left, right), one of them empty
    cut: bool


def align(version: Version, match: Record, first: str = "") -> Aligned | None:
    """A row of text_matches laid out with article ``first`` on the left; None where a text is not at hand.

    Offsets count in the articles' newest texts, as in the table.
    """
    a, b = match["article_a"], match["article_b"]
    spans = [tuple(span) for span in json.loads(match["spans"] or "[]")]
    anchors = [(x, y, kind, p, q) for x, y, kind, p, q in json.loads(match["anchors"] or "[]")]
    shares = (match["share_a"], match["share_b"])
    if first == b:
        a, b, shares = b, a, shares[::-1]
        spans = [(low, high, start, end) for start, end, low, high in spans]
        anchors = [(y, x, kind, q, p) for x, y, kind, p, q in anchors]
    left, right = version.articles.get(a), version.articles.get(b)
    texts = [version.versions.get(row["version_id"], {}).get("text", "") if row else "" for row in (left, right)]
    if left is None or right is None or not all(texts):
        return None
    across = match["kind"] == "translated"
    said = words()["shared_anchors" if across else "shared_letters"]
    numbers = {"shared": match["shared"], "left": f"{100 * shares[0]:.0f}", "right": f"{100 * shares[1]:.0f}"}
    return _laid_out(
        match["match_id"],
        match["kind"],
        (said["en"].format(**numbers), said["ja"].format(**numbers)),
        (_side(left, left["published_earliest"]), _side(right, right["published_earliest"])),
        (texts[0], texts[1]),
        sorted(spans),
        _joined(anchors) if across else None,
    )


def align_versions(version: Version, version_id: str) -> Aligned | None:
    """A later text of an article beside the one before it; None where nothing of its text is known to differ."""
    changes = [row for row in version.having("version_changes", "version_id", version_id) if row["part"] == "text"]
    if not changes:
        return None
    rows = version.versions
    before, after = rows.get(changes[0]["before_id"]), rows.get(version_id)
    if before is None or after is None:
        return None
    article = version.articles[after["article_id"]]
    said = words()["changed_places"]
    spans, at, other = [], 0, 0
    for row in sorted(changes, key=lambda r: (r["start_before"], r["start"])):
        spans.append((at, row["start_before"], other, row["start"]))
        at, other = row["end_before"], row["end"]
    spans.append((at, len(before["text"]), other, len(after["text"])))
    return _laid_out(
        version_id,
        "edited",
        (said["en"].format(number=len(changes)), said["ja"].format(number=len(changes))),
        (
            _side(article | {"title": before["title"]}, before["first_seen"]),
            _side(article | {"title": after["title"]}, after["first_seen"]),
        ),
        (before["text"], after["text"]),
        [span for span in spans if span[1] > span[0]],
        None,
    )


def _side(article: Record, time: str) -> Side:
    return Side(article["publisher"], article["title"], article["language"], article["address"], time)


def _laid_out(
    key: str,
    kind: str,
    said: tuple[str, str],
    sides: tuple[Side, Side],
    texts: tuple[str, str],
    spans: Sequence[tuple[int, ...]],
    anchors: Sequence[tuple[str, str, str, int, int]] | None,
) -> Aligned:
    """Texts of one language by what is ``alone`` in each; texts of two languages by their ``anchors``."""
    cut = max(map(len, texts)) > MOST_LETTERS
    one, two = (text[:MOST_LETTERS] for text in texts)
    if anchors is None:
        breaks = _shared_lines(one, two, spans)
        rest = _alone(one, two, [(a, b) for a, b, _, _ in spans], [(c, d) for _, _, c, d in spans])
        cells = [
            [_contrasted(text, low, high, gaps) for low, high in _steps(text, [pair[side] for pair in breaks])]
            for side, (text, gaps) in enumerate(zip((one, two), rest, strict=True))
        ]
        alone = [(_words(one, *gap), "") for gap in rest[0]] + [("", _words(two, *gap)) for gap in rest[1]]
    else:
        # An image stands nowhere in the text.
        placed = [(n, anchor) for n, anchor in enumerate(anchors, 1) if anchor[3] >= 0]
        breaks = _answering(one, two, [(x, y) for _, (*_, x, y) in placed])
        places = (
            [(x, x + len(a), n) for n, (a, _, _, x, _) in placed],
            [(y, y + len(b), n) for n, (_, b, _, _, y) in placed],
        )
        cells = [
            [_numbered(text, low, high, marks) for low, high in _steps(text, [pair[side] for pair in breaks])]
            for side, (text, marks) in enumerate(zip((one, two), places, strict=True))
        ]
        alone = []
    told = tuple(Anchor(n, visible(a), visible(b), kind) for n, (a, b, kind, _, _) in enumerate(anchors or [], 1))
    rows = tuple(zip(*cells, strict=True))
    return Aligned(key, kind, said, *sides, rows, told, tuple(alone[:MOST_LISTED]), cut)


def _joined(anchors: Sequence[tuple[str, str, str, int, int]]) -> list[tuple[str, str, str, int, int]]:
    """Anchors in order, those of one kind that follow each other without a gap in both texts as one."""
    found: list[tuple[str, str, str, int, int]] = []
    for a, b, kind, x, y in sorted(anchors, key=lambda item: (item[3], item[4])):
        if found:
            a0, b0, kind0, x0, y0 = found[-1]
            if kind == kind0 and x == x0 + len(a0) and y == y0 + len(b0):
                found[-1] = (a0 + a, b0 + b, kind, x0, y0)
                continue
        found.append((a, b, kind, x, y))
    return found


def _steps(text: str, breaks: Sequence[int]) -> list[tuple[int, int]]:
    edges = [0, *breaks, len(text)]
    return list(pairwise(edges))


def _line_ends(text: str) -> Iterator[int]:
    """Where a line begins, but for the first."""
    return (place + 1 for place, letter in enumerate(text) if letter == "\n" and place + 1 < len(text))


def _shared_lines(one: str, two: str, spans: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Ends of lines at which both texts may be cut: inside a shared span, after as many letters of it on either side.

    Spans that cross (a passage was moved) give no cut.
    """
    found: list[tuple[int, int]] = []
    last_a = last_b = 0
    ends = list(_line_ends(one))
    for a, b, c, d in spans:
        own = [place for place in range(a, min(b, len(one))) if one[place].isalnum()]
        letters = [place for place in range(c, min(d, len(two))) if two[place].isalnum()]
        for end in ends[bisect_right(ends, a) : bisect_right(ends, b)]:
            number = bisect_left(own, end)
            if not 0 < number <= len(letters):
                continue
            other = _line_end(two, letters[number - 1] + 1)
            if end > last_a and last_b < other < len(two):
                found.append((end, other))
                last_a, last_b = end, other
    return found


def _line_end(text: str, start: int) -> int:
    """Where a new line may begin between the letters before and from ``start`` on: what is no letter there ends the
    line before, but for what stands at the beginning of a line of ``text``, and for an opening bracket.
    """
    stop = next((place for place in range(start, len(text)) if text[place].isalnum()), len(text))
    end = text.rfind("\n", start, stop) + 1
    if end:
        return end
    return next((place for place in range(start, stop) if unicodedata.category(text[place]) in ("Ps", "Pi")), stop)


def _answering(one: str, two: str, anchors: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ends of lines in two languages before which the same anchors stand."""
    left, right = [x for x, _ in anchors], [y for _, y in anchors]
    if right != sorted(right):
        return []
    after: dict[int, int] = {}
    for end in _line_ends(two):
        after.setdefault(bisect_right(right, end - 1), end)
    found: list[tuple[int, int]] = []
    for end in _line_ends(one):
        other = after.pop(bisect_right(left, end - 1), None)
        if other is not None and (not found or other > found[-1][1]):
            found.append((end, other))
    return found


def _rest(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """What the spans leave of a text, where it has letters or digits."""
    found, at = [], 0
    for start, end in [*sorted(spans), (len(text), len(text))]:
        if start > at:
            found.append((at, min(start, len(text))))
        at = max(at, end)
    return [gap for gap in found if any(letter.isalnum() for letter in text[slice(*gap)])]


def _alone(
    one: str, two: str, first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """What only ``one``, and what only ``two``, has: outside the shared spans, line by line.

    A line that both have outside the spans is not alone: a contact, or what a company says of itself, takes no part
    in a match, but stands in both.
    """
    lines = [
        {(low, high): text[low:high] for gap in _rest(text, spans) for low, high in _lettered(text, *gap)}
        for text, spans in ((one, first), (two, second))
    ]
    common = set(lines[0].values()) & set(lines[1].values())
    left, right = ([place for place, words in held.items() if words not in common] for held in lines)
    return left, right


def _lettered(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Each line between ``start`` and ``end`` from its first letter or digit on: what stands before ends the shared."""
    edges = [start, *(place + 1 for place in range(start, end) if text[place] == "\n"), end]
    for low, high in pairwise(edges):
        first = next((place for place in range(low, high) if text[place].isalnum()), high)
        if first < high:
            yield first, first + len(text[first:high].rstrip())


def _words(text: str, start: int, end: int) -> str:
    return visible(" ".join(text[start:end].split()))


def _contrasted(text: str, low: int, high: int, alone: Sequence[tuple[int, int]]) -> Markup:
    """A passage with what only this text has in <mark>."""
    out, at = Markup(), low
    for start, end in alone:
        start, end = max(start, low), min(end, high)
        if start < end:
            out += escape(visible(text[at:start]))
            # Line ends stay outside, so that a mark ends with its words.
            words = text[start:end].rstrip()
            out += Markup("<mark>{}</mark>").format(visible(words)) if words else ""
            at = start + len(words)
    return out + escape(visible(text[at:high]))


def _numbered(text: str, low: int, high: int, anchors: Sequence[tuple[int, int, int]]) -> Markup:
    """A passage with its anchors in <mark>, each with its number."""
    out, at = Markup(), low
    for start, end, number in sorted(anchors):
        if at <= start and end <= high:
            out += escape(visible(text[at:start]))
            out += Markup("<mark>{}<sup>{}</sup></mark>").format(visible(text[start:end]), number)
            at = end
    return out + escape(visible(text[at:high]))


# (article, its candidate source) → the match between their texts, the last where there are several.
MATCHED = """
WITH pairs AS (
    SELECT DISTINCT article_id AS a, candidate AS b FROM traces WHERE rank = 1 AND candidate <> '' AND {}
), found AS (
    SELECT a, b, match_id FROM pairs JOIN text_matches ON article_a = a AND article_b = b
    UNION ALL SELECT a, b, match_id FROM pairs JOIN text_matches ON article_a = b AND article_b = a
)
SELECT a AS article_id, b AS candidate, max(match_id) AS match_id FROM found GROUP BY a, b ORDER BY a, b
"""
CITED = "trace_id IN (SELECT [row] FROM claim_evidence WHERE [table] = 'traces')"
MEMBERS = "article_id IN (SELECT value FROM json_each(?1)) AND candidate IN (SELECT value FROM json_each(?1))"


def traced_pairs(version: Version) -> dict[tuple[str, str], str]:
    """(article, its candidate source) → the id of the match of their texts, for the traces that claims rest on."""
    rows = version.query(MATCHED.format(CITED))
    return {(row["article_id"], row["candidate"]): row["match_id"] for row in rows}


def telling(version: Version, story: Record | None) -> list[Aligned]:
    """The pairs of a story that show most: the translation with most anchors, the copy with most changes."""
    if story is None:
        return []
    members = sorted({row["article_id"] for row in version.having("story_members", "story_id", story["story_id"])})
    found = version.query(MATCHED.format(MEMBERS), dump(members))
    pairs = [
        ((row["article_id"], row["candidate"]), version.having("text_matches", "match_id", row["match_id"]).first())
        for row in found
    ]
    across = sorted((p for p in pairs if p[1]["kind"] == "translated"), key=lambda p: -p[1]["shared"])
    within = sorted((p for p in pairs if p[1]["kind"] in ("near", "partial")), key=lambda p: p[1]["score"])
    chosen = [*across[:1], *within[:1]]
    made = [align(version, match, source) for (_, source), match in chosen]
    return [aligned for aligned in made if aligned]
