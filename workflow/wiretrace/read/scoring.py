"""How much each block of a page reads like its article: a sum of weights of what is seen of the block.

The weights (config/registry/block_weights.csv) are those of a logistic regression over blocks of real pages, learned
by ``benchmarks/learn_blocks.py``; each is the change in log-odds that the block belongs to the article. Every feature
is a yes or no, so that a score can be taken apart by hand.
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from lxml.html import HtmlElement

from wiretrace import identity
from wiretrace.read.blocks import NAMES, Block
from wiretrace.read.rules import registry

WIDE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
STOP = re.compile(r"[.!?。！？…][\"'”’」』)）»]*(?:\s|$)|[。！？]")
END = re.compile(r"[.!?。！？…:：][\"'”’」』)）»]*$")
COMMA = re.compile(r"[,，、；;]")
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
SIZES = (10, 25, 50, 100, 200, 400)  # weights of text between the sizes of a block
LINKS = (0.01, 0.25, 0.6, 0.95)  # shares of linked characters
SHARES = (0.001, 0.05, 0.2, 0.6, 0.999)  # shares of the largest box's prose
DIGITS = (0.01, 0.1, 0.3)
PROSE, LONG = (
    50,
    80,
)  # weight from which little linked text counts for its box, and marks where the text begins and ends
HOPELESS = -2.5  # score from which a block's words are not looked at: none of the cues could lift it
DIGIT = re.compile("[0-9]")
BULLETS = "•·-–—►▶»>→+#*"
# Written in lower case and searched for in lower case: without regard to case the search takes three times as long.
_CUES = [(f"says {name} ", re.compile(words)) for name, words in registry("block_words.yaml")["cues"].items()]


def weight(text: str) -> int:
    """Length of ``text`` where a character of Japanese, Chinese or Korean counts as two letters."""
    return len(text) if text.isascii() else len(text) + len(WIDE.findall(text))


@cache
def weights() -> Mapping[str, float]:
    """Weight by feature."""
    with open(identity.REGISTRY / "block_weights.csv", encoding="utf-8", newline="") as stream:
        return {row["feature"]: float(row["weight"]) for row in csv.DictReader(stream)}


def scores(
    blocks: Sequence[Block], title: str, lead: str, stated: str, by: Mapping[str, float] | None = None
) -> list[float]:
    """Log-odds that each of ``blocks`` is the article's, under ``title``.

    ``lead`` is the page's own description, ``stated`` the body that its JSON-LD gives; ``by`` replaces the weights.
    """
    table = weights() if by is None else by
    worth: dict[tuple[str, ...], float] = {}
    found = []
    for (shape, size, linked), block in zip(features(blocks, title, lead, stated), blocks, strict=True):
        score = 0.0
        for names in shape:
            known = worth.get(names)
            if known is None:
                known = worth[names] = sum([table.get(name, 0.0) for name in names])
            score += known
        if score > HOPELESS:
            score += sum([table.get(name, 0.0) for name in words(block.text, size, linked)])
        found.append(score)
    return found


Shape = list[tuple[str, ...]]  # names of features, in the groups in which they come


def features(blocks: Sequence[Block], title: str, lead: str, stated: str) -> Iterator[tuple[Shape, int, int]]:
    """For each block what is seen of its shape and place; its weight; the class of its share of links."""
    heavy = [weight(block.text) for block in blocks]
    plain = [block.linked * 3 < len(block.text) for block in blocks]
    boxes = [_boxes(block.element) for block in blocks]
    mass: dict[HtmlElement, float] = defaultdict(float)
    for size, prose, (inner, outer) in zip(heavy, plain, boxes, strict=True):
        if prose and size >= PROSE:
            mass[inner] += size
            mass[outer] += size / 2
    best = max(mass, key=lambda box: mass[box], default=None)
    most = mass[best] if best is not None else 1.0
    inside = _inside(blocks, best)
    body = [i for i, size in enumerate(heavy) if size >= LONG and plain[i] and inside[i]]
    first, last = (body[0], body[-1]) if body else (len(blocks), -1)
    times = Counter(block.text for block in blocks)
    headed = next((i for i, block in enumerate(blocks) if title and block.text == title), -1)
    long = bisect_right((1, 3, 6, 12), len(body))
    shares = {box: bisect_right(SHARES, held / most) for box, held in mass.items()}
    for i, block in enumerate(blocks):
        size, links = bisect_right(SIZES, heavy[i]), bisect_right(LINKS, block.linked / len(block.text))
        within = inside[i]
        inner, outer = boxes[i]
        seen = [
            _shape(_tag(block.element), size, links, within, shares.get(inner, 0), heavy[i] < 100),
            _regions(block.own, block.near, block.within),
            _prose(block.text, size),
            _place(shares.get(outer, 0), i - headed if headed >= 0 else None, long, size),
            _among(first - i, i - last, within, size) if body else ("no long",),
        ]
        if times[block.text] > 1:
            seen.append(("repeated",))
        if len(lead) >= 30 and block.text[:30] == lead[:30]:
            seen.append(("description",))
        if len(stated) > 200:
            seen.append((f"stated {block.text.replace(' ', '')[:60] in stated} size{size}",))
        if block.text == title:
            seen.append(("same as title",))
        yield seen, heavy[i], links


def words(text: str, size: int, links: int) -> list[str]:
    """What the words of a block of weight ``size`` say about it."""
    shown = (text if size < 400 else text[:200]).lower()
    reach = "short" if size < 120 else "long"
    seen = [name + reach for name, pattern in _CUES if pattern.search(shown)]
    if size < 150 and text.isupper():
        seen.append(f"capitals link{links}")
    if text[0] in BULLETS:
        seen.append("marked")
    return seen


def _boxes(element: HtmlElement) -> tuple[HtmlElement, HtmlElement]:
    """The box that a block's paragraph stands in, and the one around that."""
    if element.tag == "br":
        element = _parent(element)
    inner = _parent(element) if element.tag in INNER else element
    return inner, _parent(inner)


def _parent(element: HtmlElement) -> HtmlElement:
    parent = element.getparent()
    return element if parent is None else parent


def _tag(element: HtmlElement) -> str:
    return f"{_parent(element).tag}/br" if element.tag == "br" else str(element.tag)


def _inside(blocks: Sequence[Block], box: HtmlElement | None) -> list[bool]:
    """For each block whether it stands inside ``box``."""
    if box is None:
        return [False] * len(blocks)
    known: dict[HtmlElement, bool] = {box: True}
    found = []
    for block in blocks:
        path = []
        current: HtmlElement | None = block.element
        while current is not None and current not in known:
            path.append(current)
            current = current.getparent()
        held = current is not None and known[current]
        known.update(dict.fromkeys(path, held))
        found.append(held)
    return found


@lru_cache(maxsize=20_000)
def _shape(tag: str, size: int, links: int, within: bool, parent: int, short: bool) -> tuple[str, ...]:
    seen = [
        f"size{size} link{links}",
        f"tag {tag}",
        f"parent{parent}",
        f"parent{parent} size{size}",
        f"best{within:d} size{size}",
        f"best{within:d} link{links}",
    ]
    if short:
        seen.append(f"short tag {tag}")
    if tag[0] == "h" and tag[1:].isdigit():
        seen.append(f"heading best{within:d}")
    return tuple(seen)


@lru_cache(maxsize=20_000)
def _regions(own: int, near: int, within: int) -> tuple[str, ...]:
    return tuple(
        f"{reach} {name}"
        for reach, bits in (("own", own), ("near", near), ("in", within))
        for number, name in enumerate(NAMES)
        if bits >> number & 1
    )


def _prose(text: str, size: int) -> tuple[str, ...]:
    head = text[:200]
    digits = len(DIGIT.findall(head)) if head.isascii() else sum(map(str.isdigit, head))
    ends = END.search(text, max(0, len(text) - 6)) is not None
    stops, commas = min(len(STOP.findall(text)), 3), min(len(COMMA.findall(text)), 2)
    return _sentences(stops, commas, ends, size, bisect_right(DIGITS, digits / len(head)))


@lru_cache(maxsize=20_000)
def _sentences(stops: int, commas: int, ends: bool, size: int, digits: int) -> tuple[str, ...]:
    return (f"stops{stops}", f"commas{commas}", *(("ends", f"ends size{size}") if ends else ()), f"digits{digits}")


@lru_cache(maxsize=20_000)
def _place(outer: int, below: int | None, long: int, size: int) -> tuple[str, ...]:
    """What the share of the outer box, the blocks since the headline and the page's length say."""
    after = "no title"
    if below is not None:
        after = "before title" if below < 0 else f"after title {bisect_right((5, 15, 40), below)}"
    return f"grand{outer}", after if below != 0 else "is title", f"pages long {long} size{size}"


@lru_cache(maxsize=20_000)
def _among(ahead: int, behind: int, within: bool, size: int) -> tuple[str, ...]:
    """Where a block stands: so many blocks ahead of the first long one, behind the last, or between them."""
    if ahead > 0:
        return (f"ahead{bisect_right((1, 2, 4, 8, 16), ahead)} best{within:d}",)
    if behind > 0:
        return (f"behind{bisect_right((1, 2, 4, 8, 16), behind)} best{within:d}",)
    return (f"between best{within:d} size{size}",)
