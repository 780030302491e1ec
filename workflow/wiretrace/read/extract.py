"""The article on a page, kept apart from what stands around it.

Each block of the page is scored (``scoring``), and the article is the blocks that score above ``SURE``. Where too much
of the text lies near that line the page is ``UNSURE``, and trafilatura in its precision mode, which reads one page in
the time in which ten are scored, is asked instead; its duplicate filter stays off because it makes a page's text
depend on the pages read before. Figures: docs/methods-reading.md.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from lxml.html import HtmlElement
from trafilatura.core import bare_extraction

from wiretrace.read import scoring
from wiretrace.read.markup import Markup, person_names, squeezed, texts, words_of
from wiretrace.read.parts import ENDINGS, parts_of
from wiretrace.read.rules import group
from wiretrace.read.script_data import script_lines
from wiretrace.read.times import CUE, spoken_time

# The extractors log what they skip; what they found is in the tables, and what not is in `pages.refused`.
for _name in ("trafilatura", "htmldate", "readability"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

LINE_TAGS = frozenset(["p", "head", "item", "quote", "row", "list", "table", "div", "ab", "code", "lb"])
BYLINE = re.compile(
    r"^(?:by\s+(?P<who>(?-i:[A-Z][\w.'’-]*(?:(?:, | and | )[A-Z][\w.'’-]*){0,6})(?<!\.))"
    r"|(?:written by|reported by|posted by|author|文責|執筆|取材|著者|筆者|投稿者|文|作者|记者|記者"
    r"|编辑|編輯|责任编辑|責任編輯|글|기자|작성자)(?:\s*[:：／/]\s*|\s+)(?P<who2>[^\s:：。！？!?][^。！？!?\n]{0,58}(?<![.。！？!?]))"
    r"|(?P<who3>[가-힣]{2,5}\s?기자)(?:\s.{0,40})?)$",
    re.IGNORECASE,
)
NAMED = 50  # elements marked as an author's that are looked at
LABELLED = re.compile(
    r"(?:^|[\s|｜/])(?:作者|记者|記者|撰文|文責|執筆|筆者|글)\s?[:：]\s?([^\s|｜/:：()（）。]{2,20})(?=$|[\s|｜/])"
)
RIGHTS = re.compile(r"^(?:©|\([cC]\)|Copyright\b|All rights reserved)", re.IGNORECASE)
SURE = 300  # score, in thousandths, from which a block is the article's; chosen on the learning half, by folds
NEAR = 1200  # distance from SURE within which a block could be either
AGREED = 0.85  # share of both by which an unsure page is still not asked about: two ways have found the same
UNSURE = 0.2  # share of such blocks in the article's weight from which a page is unsure: a seventh of the pages
LIKELY = -300  # score from which a block of an unsure page is the article's
LESS = 0.4  # share of what the blocks have below which its answer is taken to be a piece of it
LOST = 0.4  # share of such blocks from which the page is asked about
SLIGHT = 2_500  # weight of the sure blocks below which it is not asked about: its answer is no better on short texts
# Blocks above which trafilatura is not asked: its time grows faster than the page, to minutes on 40,000 blocks
# within every other limit; real pages have 200 on average, the largest two of 1,391 have 2,741 and 6,578.
MOST_ASKED = 5_000
MOST_ELEMENTS, DEEPEST = 15_000, 100  # elements of a page, elements around a block, above which it is not asked either
INNER = frozenset(
    ["p", "br", "blockquote", "h2", "h3", "h4", "ul", "ol", "li", "figure", "figcaption", "center", "pre"]
)
STATED = 100_000  # characters of a body stated in JSON-LD that blocks are looked for in
LITTLE = 160  # weight of the text shown below which a body stated in JSON-LD is taken; of that body, from which it is
MARKED_UP = re.compile(r"</(?:p|div|a|b|i|em|strong|span|li|h[1-6])>|<br\s?/?>|<p>", re.IGNORECASE)
BREAK = re.compile(r"</?(?:p|div|li|ul|ol|h[1-6]|br|blockquote|tr)\b[^<>]{0,300}>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][^<>]{0,1000}>", re.IGNORECASE)
AROUND = "()（）[]［］【】〔〕<>＜＞"  # what a line with nothing but a date may stand in
ENOUGH = 40  # characters below which the extractor is taken to have found nothing
TABLED = 0.5  # share of its text in table cells from which the table is taken to be the page's layout
PARAGRAPH = 25  # characters from which a block counts as a paragraph
ABOVE = 0.4  # share of the text that may stand above the headline and still be the page's head
CHROME_LIMIT = 20_000  # characters of chrome kept of one page
CHROME_BLOCK = 500  # characters kept of one block of it
# Characters of the text times blocks above which blocks are compared with whole lines alone; real pages have a tenth.
MOST_COMPARED = 100_000_000
SHORT = 15  # characters below which a block must be a whole line of the article to belong to it
MOST_ENDINGS = 8  # blocks behind the text that are looked at for the parts that end a release


@dataclass(frozen=True)
class Article:
    """Text in paragraphs, headline, byline and section as printed.

    ``method``: blocks, trafilatura, densest, stated, script or hint.
    """

    text: str
    title: str
    byline: str
    section: str
    method: str = ""


def article_of(page: Markup) -> Article:
    """What ``page`` shows as its article; its text is '' where there is none."""
    title = page.title
    found, method = _lines(page)
    lines = _below_title([line for line in found if line], title)
    if sum(map(scoring.weight, lines)) < LITTLE:
        for told, find in (("stated", stated_lines), ("script", script_lines)):
            if stated := find(page):
                return Article("\n".join(stated), title, _byline(page), _section(page), told)
    if lines:
        lines += _endings(page, lines[-1])
        anchors = {words for _, words in page.anchors}
        while lines and (
            _same(lines[0], title)
            or spoken_time(lines[0].strip(AROUND))
            or BYLINE.match(lines[0])
            or lines[0] in anchors
        ):
            lines.pop(0)
        while lines and (lines[-1] in anchors or RIGHTS.match(lines[-1])):
            lines.pop()
    return Article("\n".join(lines), title, _byline(page), _section(page), method)


def _endings(page: Markup, last: str) -> list[str]:
    """Parts that end a release (credit, contact, about, disclaimer) right behind the line ``last``, in its own box.

    They read like a site's own lines, and are what tells a release and its source.
    """
    blocks = page.blocks_seen
    at = max((i for i, block in enumerate(blocks) if block.text == last), default=len(blocks))
    if at == len(blocks):
        return []
    box = scoring.box_of(page.outline, blocks[at].at)
    found = []
    for block in blocks[at + 1 : at + 1 + MOST_ENDINGS]:
        inside = box in (scoring.box_of(page.outline, block.at), page.outline.parents[block.at])
        if not inside or not any(part.kind in ENDINGS for part in parts_of(block.text)):
            break
        found.append(block.text)
    return found


def _below_title(lines: list[str], title: str) -> list[str]:
    """``lines`` from the headline on, where it is among the first of them: what stands above is masthead and menu."""
    at = next((i for i, line in enumerate(lines) if _same(line, title)), 0)
    above = sum(map(len, lines[:at]))
    return lines[at:] if above <= ABOVE * sum(map(len, lines)) else lines


def _same(line: str, title: str) -> bool:
    return bool(title) and line.casefold() == title.casefold()


def _lines(page: Markup) -> tuple[list[str], str]:
    """Lines of the article, and by which way they were found."""
    blocks = page.blocks_seen
    scores = scoring.scores(
        page.outline, blocks, page.title, page.said("og:description", "description"), stated_body(page)
    )
    kept = [block.text for block, score in zip(blocks, scores, strict=True) if score > SURE]
    size = unsure = 0
    for block, score in zip(blocks, scores, strict=True):
        if score > SURE - NEAR:
            heavy = scoring.weight(block.text)
            size += heavy if score > SURE else 0
            unsure += heavy if score < SURE + NEAR else 0
    if (unsure <= UNSURE * size and size) or (kept and _agree(kept, _densest(page))):
        return kept, "blocks"
    if (size and (unsure <= LOST * size or size < SLIGHT)) or _large(page):
        return [block.text for block, score in zip(blocks, scores, strict=True) if score > LIKELY], "blocks"
    return _asked(page, kept)


def _large(page: Markup) -> bool:
    """Whether ``page`` is too large for extractors whose time grows faster than it."""
    blocks = page.blocks_seen
    if len(blocks) > MOST_ASKED or len(page.outline.elements) > MOST_ELEMENTS:
        return True
    return any(sum(1 for _ in block.element.iterancestors()) > DEEPEST for block in blocks)


def _agree(kept: list[str], dense: list[str]) -> bool:
    """Whether the blocks that score and those of the densest part are much the same."""
    shared = sum(len(text) for text, count in (Counter(kept) & Counter(dense)).items() for _ in range(count))
    return shared >= AGREED * max(sum(map(len, kept)), sum(map(len, dense)))


def stated_body(page: Markup) -> str:
    """The longest body that the page's JSON-LD gives, without blanks; '' where it gives none."""
    bodies = [text for o in page.articles for text in texts(o.get("articleBody"))]
    return max(bodies, key=len, default="").replace(" ", "")[:STATED]


def stated_lines(page: Markup) -> list[str]:
    """Paragraphs of the body that JSON-LD gives to the page's one article; [] where that is short or one of several.

    A page that scripts fill may have its text there alone.
    """
    bodies = {body for o in page.articles if isinstance(body := o.get("articleBody"), str)}
    if len(bodies) != 1:
        return []
    body = bodies.pop()[:STATED]
    if MARKED_UP.search(body):
        body = unescape(TAG.sub("", BREAK.sub("\n", body)))
    lines = [line for line in map(squeezed, body.split("\n")) if line]
    return lines if sum(map(scoring.weight, lines)) >= LITTLE else []


def _asked(page: Markup, kept: list[str]) -> tuple[list[str], str]:
    """trafilatura's lines; ``kept`` where they are far fewer, the densest part where they are none or a layout's."""
    found = bare_extraction(page.tree, fast=True, favor_precision=True, include_comments=False, with_metadata=False)
    body = getattr(found, "body", None)
    lines = list(body_lines(body)) if body is not None else []
    size = sum(map(len, lines))
    if size < LESS * sum(map(len, kept)):
        return kept, "blocks"
    if body is None or size < ENOUGH:
        return max((lines, "trafilatura"), (_densest(page), "densest"), key=lambda found: sum(map(len, found[0])))
    celled = sum(len("".join(row.itertext())) for row in body.iter("row"))
    if celled > TABLED * size:
        # A page laid out as a table is taken for a table, menu and all.
        dense = _densest(page)
        return (dense, "densest") if sum(map(len, dense)) > 0.25 * size else (lines, "trafilatura")
    return lines, "trafilatura"


def body_lines(body: HtmlElement) -> Iterator[str]:
    """Paragraphs of trafilatura's tree; cells of a row stand on one line."""
    held: list[str] = []
    stack: list[tuple[HtmlElement, bool]] = [(body, False)]
    while stack:
        element, closing = stack.pop()
        breaks = element.tag in LINE_TAGS
        if breaks and held:
            text = squeezed("".join(held))
            held.clear()
            if text:
                yield text
        if closing:
            held.append((element.tail or "") + (" " if element.tag == "cell" else ""))
            continue
        held.append(element.text or "")
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element) if isinstance(child.tag, str))
    text = squeezed("".join(held))
    if text:
        yield text


def _densest(page: Markup) -> list[str]:
    """Blocks of the element that holds most unlinked paragraphs: for pages on which the extractor gives up."""
    held: dict[HtmlElement, list[str]] = {}
    size: dict[HtmlElement, int] = {}
    links: dict[HtmlElement, int] = {}
    for text, element in page.placed_blocks:
        if element not in links:
            inner = element.iter("a") if element.tag in INNER else ()
            links[element] = sum(len(a.text_content()) for a in inner)
        linked = links[element]
        while element.tag in INNER and element.getparent() is not None:
            element = element.getparent()
        if linked * 2 < len(text):
            held.setdefault(element, []).append(text)
            size[element] = size.get(element, 0) + (len(text) if len(text) >= PARAGRAPH else 0)
    best = max(held, key=lambda element: size[element], default=None)
    return held[best] if best is not None and size[best] else []


def _byline(page: Markup) -> str:
    stated = [n for o in page.articles for n in person_names(o.get("author"))]
    stated += [n for n in (page.said("author", "dc.creator", "article:author", "byl"),) if n and "://" not in n]
    if stated:
        return ", ".join(dict.fromkeys(stated))[:200]
    outline = page.outline
    # Elements that the markup says name the author.
    marked = {n for name in ("rel", "itemprop") for n, value in outline.having(name) if value == "author"}
    classes = {names for _, names, _ in outline.looks if _author_class(names)}
    marked |= {number for number, names in enumerate(outline.classes) if names in classes} if classes else set()
    for element in (outline.elements[number] for number in sorted(marked)[:NAMED]):
        text = words_of(element)
        if 1 < len(text) <= 80 and not spoken_time(text):
            return _author(text) or text
    short = [text for text in page.blocks if len(text) <= 80]
    whole = next((text for text in short if BYLINE.match(text)), "")
    # A line with date, source and author; its parts stand apart by spaces.
    named = whole or next((found[1] for text in short if CUE.search(text) and (found := LABELLED.search(text))), "")
    return _author(whole) if whole else named


def _author_class(names: str) -> bool:
    # As XPath sees it: between spaces, no other white space.
    return ("author" in names or "byline" in names) and (" author " in f" {names} " or " byline " in f" {names} ")


def _author(text: str) -> str:
    """Who a line such as "By A. Writer" names, or ''."""
    found = BYLINE.match(text)
    return squeezed(group(found, "who")) if found else ""


def _section(page: Markup) -> str:
    stated = next((t for o in page.articles for t in texts(o.get("articleSection"))), "")
    return stated[:100] or page.said("article:section", "section")[:100]


def parted(page: Markup, text: str) -> list[bool]:
    """For each block of the page whether it belongs to the article ``text``."""
    lines, whole = frozenset(text.split("\n")), text.replace(" ", "").replace("\n", "")
    if len(whole) * len(page.blocks) > MOST_COMPARED:
        return [block in lines for block in page.blocks]
    return [
        block in lines or (len(block) >= SHORT and block.replace(" ", "") in whole) if text else False
        for block in page.blocks
    ]


def chrome_of(page: Markup, article: Article, inside: list[bool]) -> str:
    """Visible text that is not the article's, one block a line; bounded. ``inside``: which blocks are the article's."""
    kept: dict[str, None] = {}
    size = 0
    for text, held in zip(page.blocks, inside, strict=True):
        cut = text[:CHROME_BLOCK]
        if held or cut in kept or text == article.title:
            continue
        size += len(cut) + 1
        if size > CHROME_LIMIT:
            break
        kept[cut] = None
    return "\n".join(kept)
