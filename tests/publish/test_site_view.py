"""What a site's figures count, and that they say when nothing could be counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.publish.shelf import Shelf
from wiretrace.publish.site_view import site_view, wilson
from wiretrace.schema import frame, records

NAMES = ("ai_indicators", "articles", "text_matches", "images", "clocks")


def article(n, publisher="paper.example", day=1, **more):
    time = f"2025-03-{day:02d}T{n % 24:02d}:00:00Z"
    return {
        "article_id": f"a-{publisher[0]}{n}", "publisher": publisher, "address": f"https://{publisher}/{n}", "language": "ja",
        "byline": "A. Example", "characters": 900, "release_like": False, "published_earliest": time,
        "published_latest": time, "state": "live", "versions": 1, "version_id": f"v-{n}", "source": "crawl", **more,
    }  # fmt: skip


def sign(n, article_id, publisher="paper.example", **more):
    return {
        "indicator_id": f"s-{n}", "publisher": publisher, "article_id": article_id, "rule_id": "refusal-ja",
        "family": "refusal", "strength": "strong", "place": "text", "start": 0, "end": 4, "excerpt": "言葉です",
        "context": "plain", "counts": True, "capture_id": f"c-{n}", **more,
    }  # fmt: skip


def match(a, b, kind="near", share_a=0.9, share_b=0.9):
    return {
        "match_id": f"m-{a}-{b}", "article_a": a, "article_b": b, "kind": kind, "share_a": share_a, "share_b": share_b,
        "shared": 500, "spans": "[]", "score": 0.9, "method": "words",
    }  # fmt: skip


def view(**rows):
    shelf = Shelf({name: frame(name, rows.get(name, [])) for name in NAMES})
    return {(r["publisher"], r["measure"]): r for r in records(frame("publisher_indicators", site_view(shelf)))}


def clock(n, hour, precision="minute"):
    time = f"2025-03-01T{hour:02d}:10:00Z"
    return {
        "clock_id": f"t-{n}", "article_id": f"a-p{n}", "source": "json_ld", "event": "published", "value": time,
        "earliest": time, "latest": time, "precision": precision, "zone": "stated",
    }  # fmt: skip


def test_shares_with_their_intervals():
    articles = [article(n) for n in range(10)]
    signs = [
        sign(1, "a-p1"),
        sign(2, "a-p1", strength="conclusive"),
        sign(3, "a-p2", strength="weak"),
        sign(4, "a-p3", counts=False, context="in_quotation", reason="quoted"),
        sign(5, "a-p4", family="declared", strength="conclusive"),
        sign(6, "", place="chrome", family="declared", strength="conclusive"),
        sign(7, "a-p5", place="image"),
    ]
    rows = view(articles=articles, ai_indicators=signs)
    residue = rows["paper.example", "residue_rate"]
    assert (residue["numerator"], residue["denominator"], residue["value"]) == (1, 10, 0.1)
    assert (round(residue["low"], 3), round(residue["high"], 3)) == (0.018, 0.404)
    assert residue["capture_id"] == "c-2"
    disclosed = rows["paper.example", "disclosed"]
    assert disclosed["numerator"] == 1
    assert "outside the articles" in disclosed["statement"]


def test_only_an_earlier_text_elsewhere_makes_a_copy():
    articles = [
        *(article(n, day=2) for n in range(6)),
        article(0, "wire.example", day=1),
        article(1, "wire.example", day=5),
        article(2, "wire.example", published_earliest="", published_latest=""),
    ]
    matches = [
        match("a-p0", "a-w0"),
        match("a-p1", "a-w0", "translated"),
        match("a-p2", "a-w1"),
        match("a-p3", "a-w2"),
        match("a-p4", "a-w0", "partial", share_a=0.2),
        match("a-p4", "a-p5"),
    ]
    rows = view(articles=articles, text_matches=matches)
    assert rows["paper.example", "copies_share"]["numerator"] == 1
    assert rows["paper.example", "translations_share"]["numerator"] == 1
    assert "of 1 more" in rows["paper.example", "copies_share"]["statement"]
    assert rows["wire.example", "copies_share"]["numerator"] == 1


def test_cadence_counts_authors_and_hours():
    articles = [article(n) for n in range(8)] + [article(9, byline="")]
    clocks = [clock(n, 3 if n < 6 else 4) for n in range(8)] + [clock(9, 3)]
    row = view(articles=articles, clocks=clocks)["paper.example", "cadence_per_author_hour"]
    assert (row["numerator"], row["denominator"], row["value"], row["low"]) == (9, 3, 3.0, None)
    assert "at most 6 (A. Example, 2025-03-01T03)" in row["statement"]
    few = view(articles=articles, clocks=[clock(n, 3, "day") for n in range(8)])
    assert few["paper.example", "cadence_per_author_hour"]["value"] is None


def test_images_that_say_what_made_them():
    images = [
        {"image_id": f"i-{n}", "publisher": "paper.example", "article_id": f"a-p{n}", "capture_id": f"c-{n}" if n < 3 else "",
         "address": f"https://paper.example/{n}.png", "digest": "sha256:1" if n < 2 else ""}
        for n in range(5)
    ]  # fmt: skip
    signs = [sign(1, "a-p1", place="image"), sign(4, "a-p4", place="image", capture_id="")]
    row = view(articles=[article(n) for n in range(5)], images=images, ai_indicators=signs)
    assert row["paper.example", "image_provenance"]["numerator"] == 2
    assert row["paper.example", "image_provenance"]["denominator"] == 4


def test_nothing_read_is_said():
    rows = view(articles=[article(1)])
    assert rows["paper.example", "image_provenance"]["value"] is None
    assert rows["paper.example", "image_provenance"]["statement"] == "No image was read."
    assert view() == {}


def test_the_order_of_rows_does_not_matter():
    articles = [article(n) for n in range(6)]
    rows = {"articles": articles, "ai_indicators": [sign(n, f"a-p{n}") for n in range(4)]}
    tables = {name: frame(name, rows.get(name, [])) for name in NAMES}
    turned = {name: table.iloc[::-1] for name, table in tables.items()}
    assert list(site_view(Shelf(tables))) == list(site_view(Shelf(turned)))


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_share(hits, n):
    low, high = wilson(min(hits, n), n)
    assert 0 <= low <= min(hits, n) / n + 1e-9 and min(hits, n) / n - 1e-9 <= high <= 1


@pytest.mark.parametrize(("hits", "n", "low", "high"), [(0, 10, 0.0, 0.278), (5, 10, 0.237, 0.763)])
def test_known_intervals(hits, n, low, high):
    assert [round(x, 3) for x in wilson(hits, n)] == [low, high]
