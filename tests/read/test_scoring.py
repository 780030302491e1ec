"""The blocks of a page and their scores: what is hidden, what words are found, whole sums, few features a block."""

from __future__ import annotations

import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.read import scoring
from wiretrace.read.block_table import FIRST, REACHES, SECOND, weights
from wiretrace.read.blocks import NAMES
from wiretrace.read.extract import article_of
from wiretrace.read.markup import Markup, parse
from wiretrace.read.wordlists import Wordlists

PROSE = "The harbour crane fell at noon on Sunday, the office said, and nobody was hurt by it. "
LISTS = {"sea": ["harbour", "|sea|", "^pier", "buoy!ant"], "land": ["quay", "sea", "港"]}
BITS = {"sea": 1, "land": 2}
# The same as regular expressions, in which an edge has the same meaning.
SAME = {1: re.compile(r"harbour|\bsea\b|^pier|buoy(?!ant)"), 2: re.compile("quay|sea|港")}


def page(html: str) -> Markup:
    tree = parse(html)
    assert tree is not None
    return Markup(tree, "https://post.example/2024/7")


@given(st.text(st.sampled_from(list("abehioprstuquynx _-. é港")), max_size=12).flatmap(
    lambda filler: st.lists(st.sampled_from(["harbour", "sea", "pier", "buoy", "buoyant", "quay", "港", filler]), max_size=5)
).map("".join))  # fmt: skip
def test_words_are_found_as_a_regular_expression_would(text: str) -> None:
    meant = sum(bit for bit, pattern in SAME.items() if pattern.search(text))
    assert Wordlists(LISTS, BITS).bits(text) == meant


def test_hidden_text_is_no_block_and_what_follows_it_is() -> None:
    html = (
        "<body><p>One<span hidden>no</span>two</p><div style='DISPLAY : none'>no<p>no</p></div>after"
        "<script>no</script><p class=body>three <a href=/x>four</a></p></body>"
    )
    blocks = page(html).blocks_seen
    assert [block.text for block in blocks] == ["Onetwo", "after", "three four"]
    assert [block.linked for block in blocks] == [0, 0, 4]


def test_a_paragraph_among_paragraphs_scores_above_the_same_among_links() -> None:
    story = "".join(f"<p>{PROSE}{number}.</p>" for number in range(6))
    brief = "<p>The quay is closed.</p>"
    menu = "".join(f"<li><a href=/{number}>Harbour news of the day {number}</a></li>" for number in range(12))
    html = f"<body><ul>{menu}<li>{brief}</li></ul><article><h1>Crane falls</h1>{story}{brief}{story}</article></body>"
    shown = page(html)
    blocks = shown.blocks_seen
    scores = scoring.scores(shown.outline, blocks, "Crane falls", "", "")
    aside, inside = (score for block, score in zip(blocks, scores, strict=True) if block.text == "The quay is closed.")
    assert aside < inside


@given(
    st.lists(
        st.sampled_from([PROSE, PROSE * 3, "Home", "© 2024 Harbour Post", "港の橋が落ちた。", "• 12.5"]), max_size=12
    )
)
def test_scores_are_sums_of_whole_weights_that_their_features_name(texts: list[str]) -> None:
    shown = page(f"<body><h1>Crane</h1>{''.join(f'<p>{text}</p>' for text in texts)}</body>")
    blocks = shown.blocks_seen
    sight = scoring.sight_of(shown.outline, blocks, "Crane", "", "")
    table = weights().first
    totals = table.total(sight)
    for number, found in enumerate(totals.tolist()):
        names = [*sight.tags[number]]
        for (form, sizes), codes in zip(FIRST, sight.codes, strict=True):
            if codes[number] >= 0:
                names.append(form.format(*np.unravel_index(codes[number], sizes)))
        for reach, bits in zip(REACHES, sight.regions, strict=True):
            names += [f"{reach} {name}" for at, name in enumerate(NAMES) if bits[number] >> at & 1]
        assert found == sum(table.by_name.get(name, 0) for name in names)
    assert all(isinstance(score, int) for score in scoring.scores(shown.outline, blocks, "Crane", "", ""))


def test_every_code_of_a_pair_of_passes_has_a_row() -> None:
    shown = page(f"<body>{''.join(f'<p>{PROSE}</p><a href=/{n}>x</a>' for n in range(40))}</body>")
    blocks = shown.blocks_seen
    sight = scoring.sight_of(shown.outline, blocks, "", "", "")
    for score in (-99_000, 0, 99_000):
        codes = scoring.context(sight, np.full(len(blocks), score))
        for (form, sizes), code in zip(SECOND, codes, strict=True):
            assert code.min() >= 0 and code.max() < np.prod(sizes), form


SAID = (
    "The mill at Orrin turned its wheel again on Monday after forty years, and the whole valley came to see it.",
    "Volunteers had cut new paddles from larch, and a smith from the coast made the pins that hold them to the rim.",
    "Flour will be sold on Saturdays, and the school has been promised a loaf for every child who helped with the dam.",
)


@pytest.mark.parametrize(
    "ending",
    [
        "<p>Press contact: Jo Berg, <a href='mailto:press@orrin-mill.example'>press@orrin-mill.example</a></p>",
        "<p class='source'>（<a href='/s'>東訊通訊供稿</a>）</p>",
        "<p class='credit'>이 글은 <a href='/s'>오린 와이어가</a> 배포한 자료입니다.</p>",
        "<div class='source'>提供：<a href='/s'>オリン通信</a></div>",
        "<p>SOURCE <a href='/s'>Orrin Wire</a></p>",
    ],
)
@pytest.mark.parametrize("inside", [True, False])
def test_what_ends_a_release_is_kept_where_it_follows_the_text_in_its_box(ending: str, inside: bool) -> None:
    """It is often linked, or marked as no part of the text; and what stands elsewhere may be the site's own."""
    body = "".join(f"<p>{line}</p>" for line in (*SAID, *SAID[::-1]))
    html = (
        '<body><div class="nav"><a href="/">Home</a></div><div class="release"><h1>The wheel turns</h1><div class="text">'
        f"{body}{ending if inside else ''}</div></div><div class='foot'>{'' if inside else ending}© 2025 Orrin</div></body>"
    )
    words = BeautifulSoup(ending, "lxml").get_text()
    assert (words in article_of(page(html)).text.split("\n")) is inside
