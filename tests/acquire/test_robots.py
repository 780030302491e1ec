"""robots.txt: what a file forbids is never asked for, however it is written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.acquire import robots

REAL = Path(os.environ.get("WIRETRACE_REAL_DATA", "../shared/data"))
PAGE = "http://outlet.example/archive/7?page=2"


def allowed(text: str, url: str = PAGE, agent: str = "wiretrace") -> bool:
    return bool(robots.parse(text.encode()).can_fetch(url, agent))


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: wiretrace\nInvented: line\nUser-agent: *\nDisallow: /",
        "User-agent: wiretrace\nSitemap: http://outlet.example/map.xml\nUser-agent: other\nDisallow: /",
        "USER-AGENT: WireTrace/1.0 (desk)\nDISALLOW: /",
        "user-agent wiretrace\ndisallow /",
        "\ufeffUser-agent: *\rDisallow: /archive # but not this\r",
        "User-agent: *\nDisallow: /\nAllow: /%61rchive/",
        "User-agent: *\nDisallow: /\n\n\n\nUser-agent: other\nAllow: /",
        "User-agent: *\nDisallow: /*page=",
        "User-agent: *\nDisallow: /archive/" + "*" * 20_000 + "7",
    ],
)
def test_what_is_forbidden_however_written_is_refused(text: str) -> None:
    assert not allowed(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html><body>Disallow: /</body></html>",
        "User-agent: other\nDisallow: /",
        "User-agent: wiretrace-news\nDisallow: /",
        "User-agent: *\nDisallow: /\nUser-agent: wiretrace\nAllow: /",
        "Disallow: /",
        "User-agent: *\nDisallow:",
    ],
)
def test_what_is_not_forbidden_may_be_asked(text: str) -> None:
    assert allowed(text)


def test_delay_and_sitemaps_are_read_wherever_they_stand() -> None:
    text = "Sitemap: http://outlet.example/a.xml\nUser-agent: *\nSitemap: http://outlet.example/b.xml\nCrawl-delay: 7\nDisallow: /x"
    parsed = robots.parse(text.encode())
    assert list(parsed.sitemaps) == ["http://outlet.example/a.xml", "http://outlet.example/b.xml"]
    assert parsed.crawl_delay("wiretrace") == 7


LINES = st.sampled_from(
    [
        "User-agent: *",
        "User-agent: other",
        "Disallow: /x",
        "Disallow:",
        "Crawl-delay: 5",
        "Sitemap: /m.xml",
        "Noise",
        "",
        "# note",
    ]
)


@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_group_of_ours_counts_whatever_stands_before_it(lines: list[str], end: str) -> None:
    body = end.join([*lines, "", "User-agent: wiretrace", "Disallow: /archive"])
    assert not allowed(body)


@given(st.binary(max_size=2_000))
def test_no_file_stops_the_parser(body: bytes) -> None:
    robots.parse(body).can_fetch(PAGE, "wiretrace")


def test_googles_cases() -> None:
    path = REAL / "read" / "robots_cases.jsonl"
    if not path.is_file():
        pytest.skip("no real data")
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wrong = []
    for case in cases:
        # RFC 9309, section 2.2.1: who asks under a name that is no product token is everybody.
        agent = case["agent"] if case["agent"].replace("-", "").replace("_", "").isalpha() else "*"
        answer = robots.parse(case["robots_latin1"].encode("latin-1")).can_fetch(case["url"], agent)
        if answer != case["allowed"]:
            wrong.append((case["test"], answer))
    assert len(cases) - len(wrong) >= 144
    assert not [name for name, answer in wrong if answer]
