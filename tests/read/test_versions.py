"""Distinct texts over time: what is a new version and what is not, what changed where, why a text ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace import schema
from wiretrace.publish import Shelf, changes
from wiretrace.read.versions import MOST_SPANS, WORDS, essence, spans
from wiretrace.schema import wanted

BASE = "https://minato.example"
FIRST, SECOND = "2024-03-10T00:00:00Z", "2024-03-20T00:00:00Z"
BODY = (
    "港湾都市の市議会は三日、老朽化した水道管の更新計画を可決しました。事業費は四十二億円で、来年度から五年をかけて進めます。",
    "みなと設備の担当者は「住民のくらしを守るため、工事の時期をずらしながら取り組みたい」と話しています。",
    "計画では、港に近い三つの地区から順に管を取り替え、断水の時間を一回あたり二時間以内に抑えるとしています。",
)


@given(
    st.lists(st.sampled_from(["a b c.\n", "水道管", "\n", "x", " ", "\u2028", "é", "42"]), max_size=30),
    st.lists(st.sampled_from(["a b d.\n", "水道", "\n", "x", " ", "\u2028", "é", "43"]), max_size=30),
)
def test_the_spans_turn_one_text_into_the_other(old: list[str], new: list[str]) -> None:
    before, after = "".join(old), "".join(new)
    made, at, at_before = "", 0, 0
    for span in spans(before, after):
        assert before[at_before : span.start_before] == after[at : span.start]
        made += before[at_before : span.start_before] + after[span.start : span.end]
        at, at_before = span.end, span.end_before
    assert made + before[at_before:] == after
    assert bool(spans(before, after)) == (before != after)


def test_spans_are_words_and_bounded() -> None:
    before, after = (
        "The cost is 42 million.\nWork begins in May.",
        "The cost is 45 million.\nWork begins in May.\nIt ends.",
    )
    told = [(before[s.start_before : s.end_before], after[s.start : s.end]) for s in spans(before, after)]
    assert told[0] == ("42", "45")
    assert len(told) == 2 and told[1][0] == "" and "It ends" in told[1][1]
    many = spans("\n".join(f"a{n} x" for n in range(900)), "\n".join(f"b{n} x" for n in range(900)))
    assert len(many) <= MOST_SPANS
    long = spans("a\n" * WORDS * 5, "b\n" * WORDS * 5)
    assert len(long) == 1 and long[0].end >= WORDS * 10 - 1


@pytest.mark.parametrize(
    "line", ["2024年3月5日 10:00", "閲覧数：345", "3 hours ago", "ADVERTISEMENT", "  ", "Comments (12)"]
)
def test_lines_that_change_by_themselves_make_no_version(line: str) -> None:
    assert essence(f"A story.\n{line}\nIts end.") == "A story.\nIts end."


def told(archive: Any) -> list[tuple[int, str, str, str, str]]:
    rows = archive.read()["article_versions"]
    return [(r["sequence"], r["first_seen"], r["last_seen"], r["ended"], r["ended_how"]) for r in rows]


def test_an_edit_is_told_with_its_places(archive: Any, page: Callable[..., str]) -> None:
    archive.http(f"{BASE}/a/1", page(body=BODY), FIRST)
    changed = (BODY[0].replace("四十二億円", "五十億円"), *BODY[1:])
    archive.http(f"{BASE}/a/1", page(body=changed), SECOND, snapshot="round2")
    assert told(archive) == [(1, FIRST, FIRST, "edited", ""), (2, SECOND, SECOND, "", "")]
    (row,) = archive.read()["version_changes"]
    assert (row["part"], row["before"], row["after"]) == ("text", "四十二", "五十")


def test_dates_counters_and_space_are_no_edit(archive: Any, page: Callable[..., str]) -> None:
    archive.http(f"{BASE}/a/1", page(body=(*BODY, "閲覧数：345")), FIRST)
    archive.http(f"{BASE}/a/1", page(body=(*BODY, "閲覧数：9,999", "2024年3月20日")), SECOND, snapshot="round2")
    assert told(archive) == [(1, FIRST, SECOND, "", "")]
    assert archive.read()["version_changes"] == []


def test_a_capture_that_was_cut_off_is_no_edit(archive: Any, page: Callable[..., str]) -> None:
    whole = page(body=BODY)
    cut = whole[: whole.index("みなと設備の担当者")]
    archive.http(f"{BASE}/a/1", whole, FIRST)
    archive.http(f"{BASE}/a/1", cut, SECOND, snapshot="round2", truncated="length")
    (row,) = told(archive)
    assert row[0] == 1 and row[3:] == ("", "")
    assert archive.read()["articles"][0]["state"] == "live"


def test_a_capture_cut_off_before_its_article_says_nothing(archive: Any, page: Callable[..., str]) -> None:
    whole = page(body=BODY)
    archive.http(f"{BASE}/a/1", whole, FIRST)
    archive.http(f"{BASE}/a/1", whole[:300], SECOND, snapshot="round2", truncated="disconnect")
    assert told(archive) == [(1, FIRST, FIRST, "", "")]
    assert archive.read()["articles"][0]["state"] == "live"


@pytest.mark.parametrize("torn", ["length", "time", "disconnect"])
@pytest.mark.parametrize("at", ["<title", "<h1", "みなと設備", "計画では", "を取り替え", "</article>"])
def test_a_torn_page_says_nothing_of_what_it_lacks(archive: Any, page: Callable[..., str], torn: str, at: str) -> None:
    whole = page(body=BODY, head="<script>gtag('config', 'G-1A2B3C4D5E')</script>")
    torn_page = whole[: whole.index(at)]
    archive.http(f"{BASE}/a/1", torn_page, "2024-03-09T00:00:00Z", snapshot="round0", truncated=torn)
    archive.http(f"{BASE}/a/1", whole, FIRST)
    archive.http(f"{BASE}/a/1", torn_page, SECOND, snapshot="round2", truncated=torn)
    archive.http(f"{BASE}/a/1", torn_page, "2024-05-10T00:00:00Z", snapshot="round3", truncated=torn)
    tables = archive.read()
    (version,) = tables["article_versions"]
    (article,) = tables["articles"]
    assert version["ended"] == "" and "二時間以内" in version["text"]
    assert (article["state"], article["versions"], article["language"]) == ("live", 1, "ja")
    assert tables["version_changes"] == []
    assert [row["truncated"] for row in tables["pages"]].count(torn) == 3
    captures, lookups = archive.frames()
    made = {name: schema.frame(name, rows) for name, rows in tables.items()}
    shelf = Shelf(made | {"captures": captures, "lookups": lookups}, columns=wanted.CHANGES)
    told = list(changes(shelf, ["round1", "round2", "round3"]))
    assert [row for row in told if row["change"] == "edited" or row["why"] == "site"] == []


@pytest.mark.parametrize(
    ("status", "headers", "body", "ended", "how"),
    [
        (404, {}, "gone", "deleted", "404"),
        (410, {}, "", "deleted", "410"),
        (301, {"Location": "/"}, "", "redirected", "301 to the front page"),
        (302, {"Location": "https://other.example/x"}, "", "redirected", "302 to https://other.example/x"),
        (301, {"Location": "/a/1/"}, "", "", ""),
        (503, {}, "", "unreachable", "503"),
        (200, {}, "<title>404 Not Found</title><h1>404 Not Found</h1>", "deleted", "200, a page that says it is missing"),
    ],
)  # fmt: skip
def test_why_a_text_ended(
    archive: Any, page: Callable[..., str], status: int, headers: dict[str, str], body: str, ended: str, how: str
) -> None:
    archive.http(f"{BASE}/a/1", page(body=BODY), FIRST)
    archive.http(f"{BASE}/a/1", body, SECOND, status=status, headers=headers, snapshot="round2")
    assert [row[3:] for row in told(archive)] == [(ended, how)]


def test_a_page_that_could_not_be_asked_for_is_not_called_deleted(archive: Any, page: Callable[..., str]) -> None:
    archive.http(f"{BASE}/a/1", page(body=BODY), FIRST)
    archive.failed(f"{BASE}/a/1", "could_not_look", SECOND)
    assert [row[3:] for row in told(archive)] == [("unreachable", "a reason")]


def test_a_text_that_came_back_is_the_newest(archive: Any, page: Callable[..., str]) -> None:
    other = (BODY[0], BODY[1], "断水の時間は三時間になるとしています。" * 2)
    for n, body in enumerate((BODY, other, BODY), 1):
        archive.http(f"{BASE}/a/1", page(body=body), f"2024-03-{n}0T00:00:00Z", snapshot=f"round{n}")
    assert [row[3] for row in told(archive)] == ["", "edited"]
