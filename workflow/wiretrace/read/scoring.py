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
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from wiretrace.identity import registry
from wiretrace.read.block_table import CHANCE, CLASSES, Sight, Tables, Whole, weights
from wiretrace.read.blocks import Block, regions_at
from wiretrace.read.kernels import company, prose, standing
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
# What an element is to the text of a page.
_KINDS = {tag: standing.PART | (standing.HEADING if tag in HEADINGS else 0) for tag in INNER}
_KINDS["br"] |= standing.BREAK
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
    counts, own, parents = prose.counted(texts), np.array(places), page.parents_of
    lengths, linked = np.array([len(text) for text in texts]), np.array([block.linked for block in blocks])
    kinds, shapes = _looks(page)
    headed = next((i for i, text in enumerate(texts) if title and text == title), -1)
    stand, boxes = standing.codes(counts, lengths, linked, own, parents, kinds, headed)
    size, links = np.divmod(stand[0], len(standing.LINKED) + 1)
    # What makes blocks look alike: tag and class of their element and its parent.
    alike = np.unique(shapes[own] * len(page.looks) + shapes[parents[own]], return_inverse=True)[1]
    heavy = counts[prose.WEIGHT].tolist()
    written = [page.tags[at] if page.tags[at] != "br" else f"{page.tags[page.parents[at]]}/br" for at in places]
    tags = [_tagged(*seen) for seen in zip(written, map(title.__eq__, texts), map(SHORT.__gt__, heavy), strict=True)]
    codes = np.concatenate([stand, _page(texts, lead, stated, size)])
    boxes = np.concatenate([boxes, [own, alike]])
    return Sight(texts, heavy, links.tolist(), codes, tags, regions_at(page, own), boxes)


def _page(texts: Sequence[str], lead: str, stated: str, size: Whole) -> list[Whole]:
    """Codes of what else the page says: the text again, its description, the body in its JSON-LD."""
    times, lead, none = Counter(texts), lead[:30], np.full(len(texts), -1)
    repeated = np.array([0 if times[text] > 1 else -1 for text in texts]) if len(times) < len(texts) else none
    described = np.array([0 if text.startswith(lead) else -1 for text in texts]) if len(lead) == 30 else none
    if len(stated) <= 200:
        return [repeated, described, none]
    stated = stated[: MOST_COMPARED // len(texts)]
    held = np.array([text.replace(" ", "")[:60] in stated for text in texts], np.int64)
    return [repeated, described, held * 7 + size]


def context(sight: Sight, first: Whole) -> Whole:
    """Codes of ``SECOND``: what the first pass's scores say of each block's neighbours and company."""
    heavy = np.minimum(sight.heavy, HEAVIEST)
    return company.codes(first, heavy, sight.boxes, CLASSES, CHANCE, SURE)


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


def _looks(page: Outline) -> tuple[NDArray[np.uint8], Whole]:
    """What each element is to the page's text, as ``standing`` has it; and a number for its tag and class."""
    shapes: dict[tuple[str, str], int] = {}
    numbers = [shapes.setdefault((tag, names), len(shapes)) for tag, names, _ in page.looks]
    kinds = np.array([_KINDS.get(tag, 0) for tag, _, _ in page.looks], np.uint8)
    return kinds[page.looks_of], np.array(numbers, np.int64)[page.looks_of]


@lru_cache(maxsize=20_000)
def _tagged(tag: str, titled: bool, short: bool) -> tuple[str, ...]:
    seen = [f"tag {tag}"]
    if short:
        seen.append(f"short tag {tag}")
    if titled:
        seen.append("same as title")
    return tuple(seen)
