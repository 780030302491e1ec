"""Texts side by side, mastheads and the calendar: what they mark is what the tables say."""

from __future__ import annotations

import html
import re
import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.narrate import alignment, flows, mastheads, registrations, timeline
from wiretrace.narrate.alignment import Aligned
from wiretrace.narrate.version import Version, open_version


@pytest.fixture(scope="module")
def opened(version: Path) -> Version:
    return open_version(version)


def plain(markup: Any) -> str:
    return html.unescape(re.sub("</?mark>", "", str(markup)))


def laid(one: str, two: str, spans: list[tuple[int, int, int, int]]) -> Aligned:
    side = alignment.Side("a.example", "", "en", "", "")
    return alignment._laid_out("m-1", "near", ("", ""), (side, side), (one, two), spans, None)


def marks(cells: list[Any]) -> list[str]:
    return [mark.get_text() for cell in cells for mark in BeautifulSoup(str(cell), "html.parser").select("mark")]


def test_only_what_the_other_text_lacks_is_marked_and_lines_stand_beside_each_other() -> None:
    one, two = "Head\nOne two three.\nFour.\nFive six.", "One two three.\nInserted.\nFour.\nFive six."
    made = laid(one, two, [(5, 25, 0, 0), (5, 20, 0, 15), (20, 35, 25, 40)])
    left, right = (list(side) for side in zip(*made.rows, strict=True))
    assert marks(left) == ["Head"] and marks(right) == ["Inserted."]
    assert "".join(map(plain, left)) == one and "".join(map(plain, right)) == two
    assert (plain(left[-1]), plain(right[-1])) == ("Five six.", "Five six.")
    assert made.alone == (("Head", ""), ("", "Inserted."))


def test_lines_that_begin_with_another_mark_or_follow_without_a_break_stand_beside_each_other() -> None:
    one = "六门课：\n接线图\n护理\n吉他\n“最多”的是。\n结业"
    two = "六门课：\n▽接线图\n▽护理\n▽吉他\n最多的是。（结业"
    made = laid(one, two, [(0, len(one), 0, len(two))])
    assert [(plain(a).strip(), plain(b).strip()) for a, b in made.rows] == [
        ("六门课：", "六门课："),
        ("接线图", "▽接线图"),
        ("护理", "▽护理"),
        ("吉他", "▽吉他"),
        ("“最多”的是。", "最多的是。"),
        ("结业", "（结业"),
    ]


def test_lines_of_both_texts_are_not_marked_though_they_take_no_part_in_the_match() -> None:
    """A contact, what a company says of itself: masked for the match, but in both texts, wherever it stands."""
    one = "Shared words。\nAbout Harbour Pumps.\nPress contact: Jo Berg"
    two = "Only here\n【Shared words。\nPress contact: Jo Berg\nAbout Harbour Pumps."
    made = laid(one, two, [(0, 12, 11, 23)])
    left, right = (list(side) for side in zip(*made.rows, strict=True))
    assert (marks(left), marks(right)) == ([], ["Only here"])
    assert made.alone == (("", "Only here"),)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_letter_is_lost_whatever_the_spans(data: Any) -> None:
    letters = st.text("ab .\n<", max_size=40)
    one, two = data.draw(letters), data.draw(letters)
    place = st.integers(0, 45)
    spans = data.draw(st.lists(st.tuples(place, place, place, place), max_size=4))
    made = laid(one, two, sorted((min(a, b), max(a, b), min(c, d), max(c, d)) for a, b, c, d in spans))
    for side, text in enumerate((one, two)):
        assert "".join(plain(row[side]) for row in made.rows) == text


def test_across_languages_the_same_number_stands_at_both_places(opened: Version) -> None:
    (aligned,) = alignment.telling(opened, timeline.told_story(opened))
    assert (aligned.left.language, aligned.right.language) == ("en", "ja")
    left, right = (list(side) for side in zip(*aligned.rows, strict=True))
    assert marks(left) == ["3121", "July 142"] and marks(right) == ["3121", "7月14日2"]
    assert [(a.number, a.left, a.right) for a in aligned.anchors] == [(1, "312", "312"), (2, "July 14", "7月14日")]


def test_anchors_that_touch_on_both_sides_are_one() -> None:
    rows = [("星", "星", "han", 0, 4), ("浦", "浦", "han", 1, 5), ("市", "市", "han", 2, 7)]
    assert alignment._joined(rows) == [("星浦", "星浦", "han", 0, 4), ("市", "市", "han", 2, 7)]


def test_an_edit_stands_beside_what_was_there_before(opened: Version) -> None:
    (change,) = opened.table("version_changes")
    aligned = alignment.align_versions(opened, change["version_id"])
    assert aligned is not None
    left, right = (list(side) for side in zip(*aligned.rows, strict=True))
    assert marks(left) == [] and marks(right) == [change["after"].strip()]
    assert alignment.align_versions(opened, "v-0") is None


def test_a_masthead_shows_its_slips_numbered(opened: Version) -> None:
    (masthead,) = mastheads.mastheads(opened, 5)
    row = next(r for r in opened.table("origin_indicators") if r["place"] == "chrome")
    assert marks(list(masthead.lines)) == [row["excerpt"] + "1"]
    assert [(s["number"], s["excerpt"], s["points_to"]) for s in masthead.slips] == [
        (1, row["excerpt"], row["points_to"])
    ]


def test_the_calendar_says_in_words_who_was_registered_when(opened: Version) -> None:
    soup = BeautifulSoup(str(registrations.calendar_picture(opened)), "lxml")
    said = soup.find("desc")
    assert said and "2021-03-01: nagoya-gate.example (network A), osaka-harbour.example (network A)" in said.get_text()
    assert [text.get_text() for text in soup.select(".day-mark")] == ["A3"]


@pytest.mark.parametrize("told", [True, False])
def test_a_source_that_sends_out_nothing_is_drawn_where_a_claim_names_it(told: bool) -> None:
    base = sqlite3.connect(":memory:")
    base.row_factory = sqlite3.Row
    base.executescript(
        """
        CREATE TABLE articles (article_id, publisher); CREATE TABLE distributors (distributor); CREATE TABLE claims (type, object);
        CREATE TABLE traces (article_id, candidate_publisher, rank, verdict);
        INSERT INTO articles VALUES ('a-1', 'bay.example'), ('a-2', 'cape.example');
        INSERT INTO traces VALUES ('a-1', 'paper.example', 1, 'probable'), ('a-2', 'paper.example', 1, 'source_found');
        """
    )
    base.execute("INSERT INTO claims VALUES (?, 'paper.example')", ("taken_from" if told else "first_published",))
    version: Any = SimpleNamespace(query=base.execute, network_of={}, letters={}, distributors={})
    found = flows.flows(version)
    assert found == (
        {("paper.example", "bay.example"): (1, 1), ("paper.example", "cape.example"): (1, 1)} if told else {}
    )
    assert bool(flows.flow_picture(version)) == told


def test_the_pages_side_by_side_are_reached_from_the_cards(told: Path) -> None:
    soup = BeautifulSoup((told / "index.html").read_text(encoding="utf-8"), "lxml")
    targets = {str(link["href"]) for link in soup.select("a[href^='comparisons/']")}
    assert targets
    assert {path.name for path in (told / "comparisons").glob("*.html")} == {target.split("/")[1] for target in targets}
