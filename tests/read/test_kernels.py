"""Kernels count what the definitions beside them, as regular expressions, count."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from wiretrace.read.blocks import blocks_of, regions_at
from wiretrace.read.guard import Limits, refusal
from wiretrace.read.kernels import company, places, prose, standing, tags, weighing
from wiretrace.read.outline import HELD, outline_of

STOP = re.compile(r"[.!?。！？…][\"'”’」』)）»]*(?:\s|$)|[。！？]")
END = re.compile(r"[.!?。！？…:：][\"'”’」』)）»]*$")
COMMA = re.compile(r"[,，、；;]")
WIDE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
CHARACTERS = ".!?。！？…\"'”’」』)）»,，、；;:： ab1٣９日ア한é𝟏\U0002f800"
BLANK = r"[ \t\n\f\r]"
VALUE = rf"={BLANK}*+(?:\"[^\"]*+\"|'[^']*+')"
INSIDE = rf"(?:[^>=]|{VALUE}|=)*+"
TAG = re.compile(
    rf"<(?:(?P<comment>!--(?:(?!-->)[\s\S])*+)"
    rf"|(?i:(?P<raw>{'|'.join(tags.RAW)}))(?=[ \t\n\f\r/>]|\Z)(?P<held>{INSIDE})>?(?:(?!</(?i:(?P=raw)))[\s\S])*+"
    rf"|(?P<close>/?)(?P<name>[a-zA-Z](?:(?!{BLANK})[^/>])*+)(?P<inside>{INSIDE})>?)"
)
ATTRIBUTE = re.compile(
    rf"(?:(?!{BLANK})[^=>/])++(?:{BLANK}*+={BLANK}*+(?:\"[^\"]*+\"|'[^']*+'|(?:(?!{BLANK})[^>])*+))?"
)
PIECES = [
    "<", ">", "/", '"', "'", "=", " ", "<!--", "-->", "--", "a", "p", "<div", "</div", "<div>", "</DIV>", "<script",
    "</script>", "</SCRIPT", "<p>", "<br/>", '<b x="', "</b>", "<i>", "</i", "<plaintext>", "</plaintext>", "<title>",
    "</title>", "é", "x=1", ' y = "a>b"', "z='>'", "<averyveryverylongname>", "</averyveryverylongname>",
    "</averyveryverylongnamf>", "!", "<noframes>", "\t", "/>",
]  # fmt: skip


def verdict(html: str, limits: Limits) -> str:
    """The verdict by the definition: a list of what is open."""
    opened: list[str] = []
    for number, tag in enumerate((tag for tag in TAG.finditer(html) if tag["comment"] is None), start=1):
        if number > limits.tags:
            return "tags"
        inside = tag["inside"] or tag["held"] or ""
        if len(inside.encode()) > 2 * limits.attributes and len(ATTRIBUTE.findall(inside)) > limits.attributes:
            return "attributes"
        name = (tag["name"] or "").lower()
        if tag["close"] and name in opened:
            while opened.pop() != name:
                pass
        elif name and not tag["close"] and name not in tags.VOID + tags.SELF_CLOSING and inside[-1:] != "/":
            opened.append(name)
            if len(opened) > limits.depth:
                return "depth"
    return ""


@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.sampled_from([(6, 50, 50), (50, 3, 50), (50, 50, 2), (100, 5, 4)]),
)
@example("<averyveryverylongname>" * 2 + "</averyveryverylongnamf>" + "<b>" * 2, (50, 50, 3))
def test_a_page_is_refused_as_its_definition_says(html: str, most: tuple[int, int, int]) -> None:
    limits = Limits(10_000, *most)
    assert refusal(html.encode(), html, limits) == verdict(html, limits)


@given(st.lists(st.text(CHARACTERS, min_size=1, max_size=12) | st.just("1" * 190 + "."), min_size=1, max_size=6))
@example(["1" * 250])
def test_blocks_are_counted_as_regular_expressions_count_them(texts: list[str]) -> None:
    found = prose.counted(texts)
    assert found[prose.STOPS].tolist() == [len(STOP.findall(text)) for text in texts]
    assert found[prose.COMMAS].tolist() == [len(COMMA.findall(text)) for text in texts]
    assert found[prose.ENDS].tolist() == [END.search(text, max(0, len(text) - 6)) is not None for text in texts]
    assert found[prose.FIGURES].tolist() == [len(re.findall(r"\d", text[:200])) for text in texts]
    assert found[prose.WEIGHT].tolist() == [len(text) + len(WIDE.findall(text)) for text in texts]


def test_weights_are_added_by_code_and_by_bit() -> None:
    found = np.array([100, 200], np.int64)
    codes, rows = np.array([[0, 2], [-1, 1]]), np.array([[1, 2, 3], [10, 20, 0]])
    bits, regions = np.array([[0b01, 0b11]]), np.array([[1000, 5000]])
    weighing.add(codes, rows, bits, regions, found)
    assert found.tolist() == [100 + 1 + 1000, 200 + 3 + 20 + 6000]


SHOWN = st.recursive(
    st.sampled_from(["quay", " ", "crane \n", ""]),
    lambda inner: st.tuples(
        st.sampled_from(["div", "p", "a", "span", "b", "script", "nav", "li", "section", "noscript"]),
        st.sampled_from(["", " hidden", ' style="display: none"', ' class="foot"']),
        st.lists(inner, max_size=4),
    ),
    max_leaves=30,
)


def _built(parent: HtmlElement, one: Any) -> None:
    """Add text, or an element and all in it, behind what ``parent`` holds."""
    if isinstance(one, str):
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + one
        else:
            parent.text = (parent.text or "") + one
        return
    tag, attribute, inner = one
    made = etree.SubElement(parent, tag)
    if attribute:
        name, _, value = attribute.strip().partition("=")
        made.set(name, value.strip('"'))
    for part in inner:
        _built(made, part)


def _seen(element: HtmlElement, linked: bool) -> list[tuple[str, bool]]:
    """The words that are shown in an element, each with whether it stands in a link."""
    hidden = element.get("hidden") is not None or element.get("style") or element.tag in ("script", "noscript")
    inside = linked or element.tag == "a"
    found = [] if hidden else [(word, inside) for word in (element.text or "").split()]
    for child in () if hidden else element:
        found += [*_seen(child, inside), *((word, inside) for word in (child.tail or "").split())]
    return found


@given(st.lists(SHOWN, max_size=6))
def test_the_walk_sees_each_shown_word_once_in_order_and_what_is_linked(parts: list[Any]) -> None:
    root = document_fromstring("<html><body></body></html>")
    for part in parts:
        _built(root[0], part)
    outline = outline_of(root)
    blocks = blocks_of(outline)
    words = _seen(root, False)
    assert "".join(block.text for block in blocks).replace(" ", "") == "".join(word for word, _ in words)
    for block in blocks:
        # A blank in a link counts as linked, though it is no word.
        assert (block.linked > 0) <= any((link.text_content() or "") for link in root.iter("a"))
    own, near, within = regions_at(outline, np.array([block.at for block in blocks], np.int64))
    assert (own & near == own).all() and (near & within == near).all()
    assert not any(linked for _, linked in words) or any(block.linked for block in blocks)
    for name in HELD:
        asked = [(n, e.get(name)) for n, e in enumerate(outline.elements) if e.get(name) is not None]
        assert outline.having(name) == asked
    assert [outline.looks[n] for n in outline.looks_of] == [
        (e.tag, e.get("class", ""), e.get("id", "")) for e in root.iter()
    ]


@given(st.lists(st.text("abé日𝟏", min_size=2, max_size=6), min_size=1, max_size=5, unique=True), st.data())
@example(["ab", "abab"], None)
def test_words_are_found_where_they_stand(words: list[str], data: Any) -> None:
    page = "".join(data.draw(st.lists(st.sampled_from([*words, "a", "é", "日"]), max_size=30))) if data else "xababab"
    split = data.draw(st.integers(1, len(words))) if data else 1
    known, others = words[:split], [word for word in words[split:] if len(word) >= 4]
    index = places.index_of([word.encode() for word in known])
    found: dict[str, list[int]] = {}
    for number, place in zip(*places.places(page.encode(), index, 3, [word.encode() for word in others]), strict=True):
        found.setdefault([*known, *others][number], []).append(place)
    everywhere = {word: [m.start() for m in re.finditer(f"(?={word})", page)] for word in words}
    wanted = {word: everywhere[word][:3] for word in known} | {word: everywhere[word][:1] for word in others}
    assert found == {word: stands for word, stands in wanted.items() if stands}


@given(st.lists(st.tuples(st.integers(-7000, 7000), st.integers(0, 400), st.integers(0, 3)), min_size=1, max_size=12))
def test_the_company_of_blocks_is_what_its_neighbours_and_groups_have(seen: list[tuple[int, int, int]]) -> None:
    classes, chance, none = np.array([-1000, 0, 2000]), np.array([0, 10, 60, 100]), 4
    first, heavy, group = (np.array(column, np.int64) for column in zip(*seen, strict=True))
    found = company.codes(first, heavy, np.array([group] * company.GROUPS), classes, chance, 1000)
    me = [int((classes <= score).sum()) for score in first]
    worth = [int(chance[one]) * int(weight) for one, weight in zip(me, heavy, strict=True)]
    sure = [at for at, score in enumerate(first) if score > 1000]
    for at, own in enumerate(me):
        around = {step: me[at + step] if 0 <= at + step < len(me) else none for step in (-2, -1, 1, 2)}
        assert found[:6, at].tolist() == [
            own, own * (none + 1) + around[-1], own * (none + 1) + around[1], around[-1] * (none + 1) + around[1],
            around[-2], around[2],
        ]  # fmt: skip
        up, down = max(me[max(0, at - 4) : at], default=none), max(me[at + 1 : at + 5], default=none)
        assert found[6, at] == up * (none + 1) + down
        others = [i for i in range(len(me)) if group[i] == group[at] and i != at]
        held, whole = sum(worth[i] for i in others), sum(int(heavy[i]) for i in others)
        tenth = min(held // max(10 * whole, 1), 9) if others else company.ALONE
        assert found[7, at] == found[13, at] == tenth and found[8, at] == found[12, at] == tenth * none + own
        start, end = (sure[0], sure[-1]) if sure else (len(me), -1)
        side = company.ABOVE if at < start else company.BELOW if at > end else company.MID
        away = at - end if at > end else max(0, start - at)
        assert found[14:16, at].tolist() == [side * none + own, side * 7 + min(away, 6)]
        assert found[16, at] == 4 * sum(worth[:at]) // max(1, sum(worth))


def test_a_block_stands_where_its_box_and_the_headline_put_it() -> None:
    # html, a box with a headline and two paragraphs, a menu.
    parents = np.array([0, 0, 1, 1, 1, 0])
    kinds = np.array([0, 0, standing.PART | standing.HEADING, standing.PART, standing.PART, 0], np.uint8)
    texts = ["Quay opens", "The quay opened on 4 May, " + 10 * "as was said. ", 90 * "x", "Home"]
    lengths = np.array([len(text) for text in texts])
    linked = np.array([0, 0, 0, 4])
    own = np.array([2, 3, 4, 5])
    codes, boxes = standing.codes(prose.counted(texts), lengths, linked, own, parents, kinds, 0)
    sizes, links = np.divmod(codes[0], 5)
    assert sizes.tolist() == [1, 4, 3, 0] and links.tolist() == [0, 0, 0, 4]
    assert boxes.tolist() == [[1, 1, 1, 5], [0, 0, 0, 0], [0, 0, 0, 0]]
    assert codes[1].tolist() == [5, 5, 5, 0] and codes[10].tolist() == [3, 3, 3, 3]
    assert codes[3].tolist() == [7 + 1, 7 + 4, 7 + 3, 0] and codes[5].tolist() == [1, -1, -1, -1]
    assert codes[11].tolist() == [2, 3, 3, 3] and (codes[12] // 7).tolist() == [1, 1, 1, 1]
    assert codes[13:].tolist() == [[3, -1, -1, -1], [-1, -1, -1, 2], [-1, 7 + 4, 7 + 3, -1]]
