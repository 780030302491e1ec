"""How much each block of a page reads like its article: a sum of weights of what is seen of the block.

The weights (config/registry/block_weights.csv) are those of a logistic regression over blocks of real pages, learned
by ``benchmarks/learn_blocks.py``; each is the change in log-odds that the block belongs to the article. Every feature
is a yes or no, so that a score can be taken apart by hand.
"""

from __future__ import annotations

import csv
import re
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
BULLETS = "•·-–—►▶»>→+#*"
_CUES = [(name, re.compile(words, re.IGNORECASE)) for name, words in registry("block_words.yaml")["cues"].items()]


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
    found = []
    for (shape, size, linked), block in zip(features(blocks, title, lead, stated), blocks, strict=True):
        score = sum([table.get(name, 0.0) for name in shape])
        if score > HOPELESS:
            score += sum([table.get(name, 0.0) for name in words(block.text, size, linked)])
        found.append(score)
    return found


def features(blocks: Sequence[Block], title: str, lead: str, stated: str) -> Iterator[tuple[list[str], int, int]]:
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
    length = f"pages long {_class(len(body), (1, 3, 6, 12))} size"
    for i, block in enumerate(blocks):
        size, links = _class(heavy[i], SIZES), _class(block.linked / len(block.text), LINKS)
        within = int(inside[i])
        parent = _class(mass.get(boxes[i][0], 0.0) / most, SHARES)
        seen = [
            *_shape(_tag(block.element), size, links, within, parent, heavy[i] < 100),
            *_regions(block.own, block.near, block.within),
            *_prose(block.text, size),
            f"grand{_class(mass.get(boxes[i][1], 0.0) / most, SHARES)}",
            _after(i, headed),
            f"{length}{size}",
        ]
        if not body:
            seen.append("no long")
        elif i < first:
            seen.append(f"ahead{_class(first - i, (1, 2, 4, 8, 16))} best{within}")
        elif i > last:
            seen.append(f"behind{_class(i - last, (1, 2, 4, 8, 16))} best{within}")
        else:
            seen.append(f"between best{within} size{size}")
        if times[block.text] > 1:
            seen.append("repeated")
        if len(lead) >= 30 and block.text[:30] == lead[:30]:
            seen.append("description")
        if len(stated) > 200:
            seen.append(f"stated {block.text.replace(' ', '')[:60] in stated} size{size}")
        if block.text == title:
            seen.append("same as title")
        yield seen, heavy[i], links


def words(text: str, size: int, links: int) -> list[str]:
    """What the words of a block of weight ``size`` say about it."""
    shown = text if size < 400 else text[:200]
    reach = "short" if size < 120 else "long"
    seen = [f"says {name} {reach}" for name, pattern in _CUES if pattern.search(shown)]
    if size < 150 and text.isupper():
        seen.append(f"capitals link{links}")
    if text[0] in BULLETS:
        seen.append("marked")
    return seen


def _class(value: float, edges: Sequence[float]) -> int:
    return sum([value >= edge for edge in edges])


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
def _shape(tag: str, size: int, links: int, within: int, parent: int, short: bool) -> tuple[str, ...]:
    seen = [
        f"size{size} link{links}",
        f"tag {tag}",
        f"parent{parent}",
        f"parent{parent} size{size}",
        f"best{within} size{size}",
        f"best{within} link{links}",
    ]
    if short:
        seen.append(f"short tag {tag}")
    if tag[0] == "h" and tag[1:].isdigit():
        seen.append(f"heading best{within}")
    return tuple(seen)


@lru_cache(maxsize=20_000)
def _regions(own: int, near: int, within: int) -> tuple[str, ...]:
    return tuple(
        f"{reach} {name}"
        for reach, bits in (("own", own), ("near", near), ("in", within))
        for number, name in enumerate(NAMES)
        if bits >> number & 1
    )


def _prose(text: str, size: int) -> list[str]:
    seen = [f"stops{min(len(STOP.findall(text)), 3)}", f"commas{min(len(COMMA.findall(text)), 2)}"]
    if END.search(text, max(0, len(text) - 6)):
        seen += ["ends", f"ends size{size}"]
    head = text[:200]
    digits = sum(map(str.isdigit, head)) / len(head)
    return [*seen, f"digits{_class(digits, DIGITS)}"]


def _after(index: int, headed: int) -> str:
    if headed < 0:
        return "no title"
    if index < headed:
        return "before title"
    return "is title" if index == headed else f"after title {_class(index - headed, (5, 15, 40))}"
