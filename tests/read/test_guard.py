"""Hostile pages are refused by count, honest ones are not."""

import pytest

from wiretrace.read.guard import Limits, refusal

LIMITS = Limits(size=5_000_000, tags=60_000, attributes=500, depth=500)
HONEST = (
    "<!doctype html><html><head><title>a < b</title><script>if (a<b) document.write('<div>'.repeat(9))</script></head>"
    + "<body>"
    + "<div class='" + "c " * 900 + "'><p>one<p>two<br><img src=x><ul><li>1<li>2</ul></div>" * 200
    + "</body></html>"
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "html", "verdict"),
    [
        ("honest", HONEST, ""),
        ("a tag of 200,000 attributes", "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x", "attributes"),
        ("attributes behind a quoted >", "<p x='>' " + "b " * 200_000 + ">x", "attributes"),
        ("attributes, never closed", "<p " + "b " * 200_000, "attributes"),
        ("attributes after a stray quote", "<p ' " + "b=1 " * 200_000 + ">x", "attributes"),
        ("half a million unclosed p", "<p>" * 500_000, "tags"),
        ("50,000 nested div", "<div>" * 50_000 + "</div>" * 50_000, "depth"),
        ("nested, each closed by a stranger", "<div></span>" * 5_000, "depth"),
        ("nested, closed by the outermost", "<section><b><i></section>" * 5_000, ""),
        ("nested b", "<b>" * 5_000, "depth"),
        ("20 MB of one paragraph", "<p>" + "x" * 20_000_000, "bytes"),
        ("unclosed comments", "<!--" * 1_000_000, ""),
        ("quotes", '<a href="' * 300_000, "attributes"),
        ("lone brackets", "<" * 2_000_000, ""),
        ("entities", "&amp;" * 900_000, ""),
        ("script that never ends", "<script>" + "<div>" * 400_000, ""),
        ("many scripts", "<script></script>" * 20_000, ""),
    ],
)
def test_verdicts(name: str, html: str, verdict: str) -> None:
    assert refusal(html.encode(), html, LIMITS) == verdict, name
