"""How much each block of a page reads like its article: a sum of weights of what is seen of the block.

Two passes. The first scores each block by its shape, place and words; the second adds what the first made of its
neighbours, of the others in its box and of those that look like it, so that a paragraph among paragraphs and a teaser
among teasers are told apart. The weights (config/registry/block_weights.csv, thousandths of log-odds that the block
belongs to the article) are those of logistic regressions over blocks of real pages, learned by
``benchmarks/learn_blocks.py``. Every feature is a yes or no and every sum one of whole numbers, so that a score can be
taken apart by hand and is the same on every machine.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wiretrace.identity import registry
from wiretrace.read.block_table import CHANCE, CLASSED, CLASSES, NONE, Sight, Tables, Whole, weights
from wiretrace.read.blocks import Block
from wiretrace.read.kernels import prose
from wiretrace.read.outline import Outline
from wiretrace.read.wordlists import Wordlists

WIDE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
# Elements that are part of a text; what holds them is the text's box.
INNER = frozenset(
    [
        "p",
        "br",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "figure",
        "figcaption",
        "center",
        "pre",
        "dd",
        "dt",
    ]
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
SIZES = (10, 25, 50, 100, 200, 400)  # weights of text between the sizes of a block
LINKS = (0.01, 0.25, 0.6, 0.95)  # shares of linked characters
SHARES = (0.001, 0.05, 0.2, 0.6, 0.999)  # shares of the largest box's prose
DIGITS = (0.01, 0.1, 0.3)
AWAY = (1, 2, 4, 8, 16)  # blocks ahead of the first long one or behind the last
# Weight from which little linked text counts for its box, and from which it marks where the text begins and ends.
PROSE, LONG = 50, 80
MOST_COMPARED = 100_000_000  # characters of the stated body times blocks that are looked for in it
SHORT = 100  # weight below which a block's tag has a weight of its own
HOPELESS = -2500  # first score from which a block's words are not looked at: none of the cues could lift it
BULLETS = "•·-–—►▶»>→+#*"
_CUES: dict[str, list[str]] = registry("block_words.yaml")["cues"]
_CUE = {name: 1 << number for number, name in enumerate(_CUES)}
_SAID = Wordlists(_CUES, _CUE)
_FIGURES = [(_CUE[name], re.compile(words)) for name, words in registry("block_words.yaml")["figures"].items()]
HEAVIEST = 400  # weight above which a block counts no more for what it stands with
SURE = 1000  # first score from which a block marks where the article begins and ends
BELOW, MID, ABOVE = range(3)


def weight(text: str) -> int:
    """Length of ``text`` where a character of Japanese, Chinese or Korean counts as two letters."""
    return len(text) if text.isascii() else len(text) + len(WIDE.findall(text))


def scores(
    page: Outline, blocks: Sequence[Block], title: str, lead: str, stated: str, by: Tables | None = None
) -> list[int]:
    """Log-odds, in thousandths, that each of the ``blocks`` of ``page`` is the article's, under ``title``.

    ``lead`` is the page's own description, ``stated`` the body that its JSON-LD gives; ``by`` replaces the weights.
    """
    if not blocks:
        return []
    table = by or weights()
    sight = sight_of(page, blocks, title, lead, stated)
    said = [_NOTHING] * len(blocks)
    first = table.first.total(sight)
    for i in np.flatnonzero(first > HOPELESS).tolist():
        said[i] = words(sight.texts[i], sight.heavy[i], sight.links[i])
        first[i] += table.first.worth(said[i])
    loose = np.array([table.second.worth(one) for one in said], np.int64)
    found: list[int] = (table.second.total(sight, context(sight, first)) + loose).tolist()
    return found


_NOTHING: tuple[str, ...] = ()


def sight_of(page: Outline, blocks: Sequence[Block], title: str, lead: str, stated: str) -> Sight:
    """What is seen of the ``blocks`` of ``page`` before any score."""
    texts = [block.text for block in blocks]
    places = [block.at for block in blocks]
    counts = prose.counted(texts)
    heavy = counts[prose.WEIGHT]
    parents, own = page.parents_of, np.array(places)
    breaks, holds, headings, shapes = (column[page.looks_of] for column in _looks(page))
    inner = np.where(breaks[own], parents[own], own)
    inner = np.where(holds[inner], parents[inner], inner)
    boxes = (inner, parents[inner], parents[parents[inner]])
    # What makes blocks look alike: tag and class of their element and its parent.
    alike = np.unique(shapes[own] * len(page.looks) + shapes[parents[own]], return_inverse=True)[1]
    size = np.searchsorted(SIZES, heavy, side="right")
    length, linked = np.array([len(text) for text in texts]), np.array([block.linked for block in blocks])
    links = np.searchsorted(LINKS, linked / length, side="right")
    plain = linked * 3 < length
    mass = np.zeros(len(parents), np.int64)  # twice the prose of each box, half of it for the box around
    told = np.where(plain & (heavy >= PROSE), heavy, 0)
    np.add.at(mass, boxes[0], 2 * told)
    np.add.at(mass, boxes[1], told)
    most = int(mass.max())
    inside = np.zeros(len(blocks), np.int64)
    if most:
        both = np.concatenate(boxes[:2])
        inside = _inside(parents, int(both[np.argmax(mass[both])]), own)
    parent, grand = (np.searchsorted(SHARES, mass[box] / max(most, 1), side="right") for box in boxes[:2])
    codes = _shape(size, links, inside, parent, headings[own])
    codes += _prose(counts, np.minimum(length, prose.HEAD), size)
    codes += _place(texts, title, grand, heavy, plain, inside, size)
    codes += _page(texts, lead, stated, size)
    tags = [
        _tagged(_tag(page, at), text == title, light)
        for at, text, light in zip(places, texts, (heavy < SHORT).tolist(), strict=True)
    ]
    regions = tuple(np.array([(b.own, b.near, b.within) for b in blocks], np.int64).T)
    return Sight(texts, heavy.tolist(), links.tolist(), codes, tags, regions, (*boxes, own, alike))


def _shape(size: Whole, links: Whole, inside: Whole, parent: Whole, heading: NDArray[np.bool_]) -> list[Whole]:
    return [
        size * 5 + links,
        parent,
        parent * 7 + size,
        inside * 7 + size,
        inside * 5 + links,
        np.where(heading, inside, -1),
    ]


def _prose(counts: Whole, heads: Whole, size: Whole) -> list[Whole]:
    """Codes of what ``prose`` counts; ``heads``: characters of each block among which digits are counted."""
    return [
        np.minimum(counts[prose.STOPS], 3),
        np.minimum(counts[prose.COMMAS], 2),
        np.where(counts[prose.ENDS] != 0, size, -1),
        np.searchsorted(DIGITS, counts[prose.FIGURES] / heads, side="right"),
    ]


def _place(
    texts: Sequence[str], title: str, grand: Whole, heavy: Whole, plain: NDArray[np.bool_], inside: Whole, size: Whole
) -> list[Whole]:
    """Codes of the outer box's share, of the place beside the headline, beside the first and the last long block."""
    at = np.arange(len(texts))
    headed = next((i for i, text in enumerate(texts) if title and text == title), -1)
    body = np.flatnonzero((heavy >= LONG) & plain & (inside > 0))
    after = np.zeros(len(texts), np.int64)  # no headline
    if headed >= 0:
        after = np.where(at < headed, 1, 3 + np.searchsorted((5, 15, 40), at - headed, side="right"))
        after[headed] = 2
    long = bisect_right((1, 3, 6, 12), len(body))
    none = np.full(len(texts), -1)
    if not len(body):
        return [grand, after, long * 7 + size, none, none, none]
    ahead, behind = body[0] - at, at - body[-1]
    away = [np.searchsorted(AWAY, distance, side="right") * 2 + inside for distance in (ahead, behind)]
    return [
        grand,
        after,
        long * 7 + size,
        np.where(ahead > 0, away[0], -1),
        np.where(behind > 0, away[1], -1),
        np.where((ahead <= 0) & (behind <= 0), inside * 7 + size, -1),
    ]


def _page(texts: Sequence[str], lead: str, stated: str, size: Whole) -> list[Whole]:
    """Codes of what else the page says: the text again, its description, the body in its JSON-LD."""
    times = Counter(texts)
    repeated = np.array([0 if times[text] > 1 else -1 for text in texts])
    described = len(lead) >= 30
    description = np.array([0 if described and text.startswith(lead[:30]) else -1 for text in texts])
    none = np.full(len(texts), -1)
    if len(stated) <= 200:
        return [repeated, description, none]
    stated = stated[: MOST_COMPARED // len(texts)]
    held = np.array([text.replace(" ", "")[:60] in stated for text in texts], np.int64)
    return [repeated, description, held * 7 + size]


def context(sight: Sight, first: Whole) -> list[Whole]:
    """Codes of ``SECOND``: what the first pass's scores say of each block's neighbours and company."""
    size = len(first)
    me = np.searchsorted(CLASSES, first, side="right")
    padded = np.concatenate([[NONE] * 4, me, [NONE] * 4])
    before, after = padded[3 : 3 + size], padded[5 : 5 + size]
    # A neighbour that is not there is no better than the worst.
    ranked = np.where(padded == NONE, -1, padded)
    four = [np.max([ranked[start + i : start + i + size] for i in range(4)], axis=0) for start in (0, 5)]
    up, down = (np.where(best < 0, NONE, best) for best in four)
    heavy = np.minimum(sight.heavy, HEAVIEST)
    worth = CHANCE[me] * heavy
    box, outer, around, element, alike = (_company(group, worth, heavy) for group in sight.boxes)
    sure = np.flatnonzero(first > SURE)
    at = np.arange(size)
    start, end = (int(sure[0]), int(sure[-1])) if len(sure) else (size, -1)
    side = np.where(at < start, ABOVE, np.where(at > end, BELOW, MID))
    away = np.where(at > end, at - end, np.where(at < start, start - at, 0))
    passed = (4 * (np.cumsum(worth) - worth)) // max(1, int(worth.sum()))
    return [
        me,
        me * CLASSED + before,
        me * CLASSED + after,
        before * CLASSED + after,
        padded[2 : 2 + size],
        padded[6 : 6 + size],
        up * CLASSED + down,
        box,
        box * NONE + me,
        outer,
        around,
        alike,
        alike * NONE + me,
        element,
        side * NONE + me,
        side * 7 + np.minimum(away, 6),
        passed,
    ]


def _company(group: Whole, worth: Whole, heavy: Whole) -> Whole:
    """For each block the tenth, 0 to 9, of its group's other text that the first pass takes; 10 where there is none."""
    held, whole, members = (
        np.bincount(group, weights).astype(np.int64)[group] for weights in (worth, heavy, np.ones(len(group)))
    )
    others = whole - heavy
    tenth = np.minimum((held - worth) // np.maximum(10 * others, 1), 9)
    return np.where(members == 1, 10, tenth)


def words(text: str, heavy: int, links: int) -> tuple[str, ...]:
    """What the words of a block of weight ``heavy`` say about it."""
    shown = (text if heavy < 400 else text[:200]).lower()
    reach = "short" if heavy < 120 else "long"
    said = _SAID.bits(shown)
    for bit, pattern in _FIGURES:
        if pattern.search(shown):
            said |= bit
    seen = [f"says {name} {reach}" for name, bit in _CUE.items() if said & bit] if said else []
    if heavy < 150 and text.isupper():
        seen.append(f"capitals link{links}")
    if text[0] in BULLETS:
        seen.append("marked")
    return tuple(seen)


def box_of(page: Outline, at: int) -> int:
    """What holds the paragraph that the element ``at`` is."""
    at = page.parents[at] if page.tags[at] == "br" else at
    return page.parents[at] if page.tags[at] in INNER else at


def _looks(page: Outline) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_], Whole]:
    """Of each of the page's looks whether it breaks a line, is part of a text, is a heading; its tag and class."""
    tags = [tag for tag, _, _ in page.looks]
    shapes: dict[tuple[str, str], int] = {}
    numbers = [shapes.setdefault((tag, names), len(shapes)) for tag, names, _ in page.looks]
    breaks, holds, headings = (np.array([tag in among for tag in tags]) for among in (("br",), INNER, HEADINGS))
    return breaks, holds, headings, np.array(numbers, np.int64)


def _tag(page: Outline, at: int) -> str:
    return f"{page.tags[page.parents[at]]}/br" if page.tags[at] == "br" else page.tags[at]


def _inside(parents: Whole, box: int, own: Whole) -> Whole:
    """For each block whether its element, of those of ``own``, stands inside ``box``.

    What stands in it follows it up to the first element whose parent came before it.
    """
    behind = np.flatnonzero(parents[box + 1 :] < box)
    end = box + 1 + int(behind[0]) if len(behind) else len(parents)
    return ((own >= box) & (own < end)).astype(np.int64)


@lru_cache(maxsize=20_000)
def _tagged(tag: str, titled: bool, short: bool) -> tuple[str, ...]:
    seen = [f"tag {tag}"]
    if short:
        seen.append(f"short tag {tag}")
    if titled:
        seen.append("same as title")
    return tuple(seen)
