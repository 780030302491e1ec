"""The report and the notebooks in a real browser, from disk, with the network cut."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

# Kernels, the browser and the report are made once for all of these.
GRAVE = ("serious", "critical")
ALIVE = "document.querySelectorAll('main script, form, img, object, embed, [onload], [onerror], [onclick]').length"


def pages_of(told: Path) -> list[Path]:
    """Every page of the report's folder."""
    return [told / "index.html", *sorted(told.glob("*/**/*.html"))]


def unfold(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")


def test_every_page_opens_from_disk_in_silence_and_runs_nothing_from_outside(
    told: Path, notebooks: list[Path], tab: Any, factory: Any
) -> None:
    assert len(notebooks) == 8
    with tab() as (page, heard):
        page.goto((told / "index.html").as_uri())
        unfold(page)
        assert factory.HOSTILE in page.inner_text("main")
        for path in pages_of(told):
            page.goto(path.as_uri())
            assert page.title() and page.evaluate("document.body.innerText.length") > 0, path
            for frame in page.frames:
                assert frame.evaluate(ALIVE) == 0, path
                assert factory.BIDI not in frame.evaluate("document.documentElement.textContent"), path
        assert heard.requests == []
        assert heard.complaints == []


def test_axe_finds_nothing_serious(told: Path, notebooks: list[Path], tab: Any) -> None:
    kinds = {path.parent: path for path in pages_of(told) if path.parent.name != "notebooks"}
    with tab() as (page, heard):
        for path in [told / "index.html", *kinds.values(), *notebooks]:
            page.goto(path.as_uri())
            unfold(page)
            grave = [
                found
                for found in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
                if found["impact"] in GRAVE
            ]
            assert not grave, (
                path.name,
                [(g["id"], g["nodes"][0]["html"], g["nodes"][0]["failureSummary"]) for g in grave],
            )
        assert heard.requests == []


def test_from_the_first_sentence_to_the_marked_words_in_three_clicks(told: Path, tab: Any) -> None:
    with tab() as (page, heard):
        page.goto((told / "index.html").as_uri())
        page.click("ol.answer > li:first-child a")
        page.click(".claim details[open] a.see[href^='evidence/'] >> nth=0")
        page.wait_for_load_state("load")
        marks = [frame.locator("mark").first for frame in page.frames if frame.locator("mark").count()]
        assert any(_in_view(mark, page) for mark in marks)
        assert heard.complaints == [] and heard.requests == []


def _in_view(mark: Any, page: Any) -> bool:
    box, size = mark.bounding_box(), page.viewport_size
    return bool(box) and 0 <= box["y"] <= size["height"] and 0 <= box["x"] <= size["width"]


def test_a_link_to_a_claim_unfolds_it_in_the_chosen_language(told: Path, tab: Any) -> None:
    with tab() as (page, heard):
        page.goto((told / "index.html").as_uri())
        claim = page.locator(".claim").last.get_attribute("id")
        page.goto(f"{(told / 'index.html').as_uri()}?ja#{claim}")
        assert page.get_attribute("html", "lang") == "ja"
        assert page.locator(f"#{claim} > details[open]").count() == 1
        assert heard.complaints == []


# What comes from outside, names and addresses: titles and texts of pages, ids, what people wrote, what a table holds.
OUTSIDE = (
    "blockquote, pre, code, script, style, noscript, .address, .opening h1, .facts, .rowkey, .chrome, .sides, .of, .person p, h1.address, "
    "#rows, [lang]:not([lang=ja]):not(html), [dir=auto]"
)
SPOKEN = """outside => {
  const said = [], walk = node => {
    if (node.nodeType === Node.TEXT_NODE) { said.push(node.textContent); return; }
    if (node.nodeType !== Node.ELEMENT_NODE || node.matches(outside) || getComputedStyle(node).display === 'none') return;
    if (node.hasAttribute('aria-label')) said.push(node.getAttribute('aria-label'));
    node.childNodes.forEach(walk);
    said.push('\\n');
  };
  walk(document.body);
  return said.join('');
}"""


def english(text: str) -> list[str]:
    """Runs of three English words and more of which two begin with a small letter; what is quoted is left out."""
    left = re.sub(r"「[^「」]*」|“[^”]*”|\S+\.(?:example|test|invalid)\S*", "／", text)
    runs = re.findall(r"(?:[A-Za-z][A-Za-z'’-]*[ ,:;]+){2,}[A-Za-z][A-Za-z'’-]*", left)
    return [run for run in runs if len(re.findall(r"\b[a-z][a-z'’-]+", run)) >= 2]


def test_in_japanese_no_english_sentence_is_left(told: Path, notebooks: list[Path], tab: Any) -> None:
    with tab() as (page, heard):
        folders = ("evidence", "comparisons", "claims", "browse")
        others = [page for name in folders for page in sorted((told / name).glob("*.html"))]
        for path in [told / "index.html", *others, *notebooks]:
            page.goto(f"{path.as_uri()}?ja")
            unfold(page)
            left = english(page.evaluate(SPOKEN, OUTSIDE))
            assert not left, (path.name, left)
        page.goto((told / "index.html").as_uri())
        unfold(page)
        assert len(english(page.evaluate(SPOKEN, OUTSIDE.replace("lang=ja", "lang=en")))) > 100
        assert heard.complaints == []


def test_the_chosen_language_goes_along_to_the_other_pages_and_back(told: Path, tab: Any) -> None:
    with tab() as (page, heard):
        page.goto((told / "index.html").as_uri())
        page.click("button[data-language=ja]")
        page.click("ol.answer > li:first-child a")
        page.click(".claim details[open] a.see[href^='evidence/'] >> nth=0")
        page.wait_for_load_state("load")
        assert page.get_attribute("html", "lang") == "ja" and "evidence/" in page.url
        page.click("header a")
        page.wait_for_load_state("load")
        assert page.get_attribute("html", "lang") == "ja" and "index.html" in page.url
        page.click("button[data-language=en]")
        page.click("#tables tbody a >> nth=0")
        page.wait_for_load_state("load")
        assert page.get_attribute("html", "lang") == "en" and "browse/" in page.url
        assert heard.complaints == [] and heard.requests == []


def test_what_speaks_against_a_claim_is_one_click_away(told: Path, tab: Any) -> None:
    with tab() as (page, _):
        page.goto((told / "index.html").as_uri())
        claims = page.locator(".claim")
        for number in range(claims.count()):
            claim = claims.nth(number)
            claim.locator("summary").first.click()
            against = claim.locator(".parts .against p")
            assert against.is_visible() and against.inner_text().strip()


def test_the_archived_page_stands_in_a_closed_frame(told: Path, tab: Any, factory: Any) -> None:
    framed = [
        path
        for path in sorted((told / "evidence").glob("*.html"))
        if (told / "evidence" / "rendered" / path.name).exists()
    ]
    assert framed
    with tab() as (page, heard):
        for path in framed:
            page.goto(path.as_uri())
            inner = page.frames[1]
            assert page.get_attribute("iframe", "sandbox") == ""
            assert inner.evaluate("self.origin") == "null"
            assert inner.inner_text("body").strip()
            assert "default-src 'none'" in inner.get_attribute("meta[http-equiv]", "content")
        assert heard.complaints == [] and heard.requests == []


def test_a_table_can_be_searched_and_sorted_from_disk(told: Path, tab: Any, factory: Any) -> None:
    with tab() as (page, heard):
        page.goto((told / "browse" / "articles.html").as_uri())
        expect(page.locator("#rows tr")).to_have_count(10)
        page.fill("#search", "<script> HARBOUR.example nagoya")
        expect(page.locator("#rows tr")).to_have_count(0)
        page.fill("#search", "<SCRIPT> nagoya")
        expect(page.locator("#rows tr")).to_have_count(1)
        assert factory.HOSTILE in page.inner_text("#rows")
        assert page.locator("#rows script, #rows img, #rows svg").count() == 0
        page.fill("#search", "")
        page.click("th button:text-is('characters')")
        expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
        expect(page.locator("#rows tr")).to_have_count(10)
        place = page.locator("th").evaluate_all("heads => heads.findIndex(h => h.textContent === 'characters')")
        sizes = [int(cell) for cell in page.locator(f"#rows td:nth-child({place + 1})").all_inner_texts()]
        assert sizes == sorted(sizes) and len(set(sizes)) > 3
        page.goto((told / "browse" / "publishers.html").as_uri())
        page.wait_for_selector("#rows tr")
        assert factory.FORMULA in page.inner_text("#rows") and "[U+202E]" in page.inner_text("#rows")
        assert heard.complaints == [] and heard.requests == []


def test_a_card_leads_to_its_row(told: Path, tab: Any) -> None:
    with tab() as (page, heard):
        page.goto((told / "index.html").as_uri())
        page.click("ol.answer > li:first-child a")
        link = page.locator(".claim details[open] .rowkey a").first
        key = link.locator("code").inner_text()
        link.click()
        expect(page.locator("#rows tr")).to_have_count(1)
        assert key in page.inner_text("#rows")
        assert heard.complaints == [] and heard.requests == []


def test_in_print_every_claim_is_open_and_says_what_speaks_against_it(told: Path, tab: Any) -> None:
    with tab(720) as (page, heard):
        page.goto((told / "index.html").as_uri())
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        against = page.locator(".claim .parts .against p")
        assert against.count() == page.locator(".claim").count() > 0
        assert all(against.nth(number).is_visible() for number in range(against.count()))
        assert page.locator(".legend dd").first.is_visible()
        assert not page.locator(".tools").first.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 720
        assert page.pdf()[:5] == b"%PDF-" and heard.complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_runs_over_the_edge(told: Path, notebooks: list[Path], tab: Any, width: int) -> None:
    with tab(width) as (page, _):
        for path in [
            told / "index.html",
            *(next((told / f).glob("*.html")) for f in ("evidence", "comparisons", "claims", "browse")),
            *notebooks,
        ]:
            page.goto(path.as_uri())
            unfold(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
            # No cell of a notebook runs over the next one.
            assert page.evaluate(
                "[...document.querySelectorAll('.cell')].every(c => c.scrollHeight <= c.clientHeight + 2)"
            )
