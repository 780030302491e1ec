"""The report and the notebooks in a real browser, from disk, with the network cut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

# Kernels, the browser and the report are made once for all of these.
pytestmark = pytest.mark.xdist_group("browser")
GRAVE = ("serious", "critical")


def pages_of(told: Path) -> list[Path]:
    """Every page of the report's folder."""
    return [told / "index.html", *sorted(told.glob("*/**/*.html"))]


def unfold(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")


def test_every_page_opens_from_disk_in_silence(told: Path, notebooks: list[Path], tab: Any) -> None:
    assert len(notebooks) == 8
    with tab() as (page, heard):
        for path in pages_of(told):
            page.goto(path.as_uri())
            assert page.title()
            assert page.evaluate("document.body.innerText.length") > 0, path
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


def test_words_from_outside_are_shown_and_never_run(told: Path, notebooks: list[Path], tab: Any, factory: Any) -> None:
    hostile = factory.HOSTILE
    with tab() as (page, heard):
        page.goto((told / "index.html").as_uri())
        unfold(page)
        assert hostile in page.inner_text("main")
        for path in pages_of(told):
            page.goto(path.as_uri())
            for frame in page.frames:
                assert frame.evaluate("document.querySelectorAll('main script, form, img, object, embed').length") == 0
                assert factory.BIDI not in frame.evaluate("document.documentElement.textContent")
        assert heard.complaints == [] and heard.requests == []


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


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_runs_over_the_edge(told: Path, notebooks: list[Path], tab: Any, width: int) -> None:
    with tab(width) as (page, _):
        for path in [told / "index.html", next((told / "evidence").glob("*.html")), *notebooks]:
            page.goto(path.as_uri())
            unfold(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
