"""Addresses have one form, publishers are who publishes, platform rules do what their examples say."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wiretrace import identity
from wiretrace.identity import canonical, platform_of, publisher_of, registrable_domain

PARTS = st.text(alphabet="aB/.?%&=#:@[]é例%2eF+ \\\ud800\n-_~", max_size=40)


@given(PARTS, PARTS)
@example("%%341", "/..//%2E%2e/")
@example("x", "?a=%E3%81&utm_source=y&&b")
def test_canonical_is_a_fixed_point_and_never_raises(host: str, rest: str) -> None:
    once = canonical(f"http://{host}/{rest}")
    assert canonical(once) == once


@given(st.text(max_size=60), st.text(max_size=60))
def test_canonical_takes_anything(address: str, base: str) -> None:
    found = canonical(address, base)
    assert found == "" or found.startswith(("http://", "https://"))


HREFS = st.text(st.sampled_from(list("ab/.?&=#~%:;@é +")), max_size=14)


@given(HREFS, st.sampled_from(["", "https://news.example/x/y?z", "https://news.example", "http://news.example:8080/x"]))
def test_the_short_way_to_a_canonical_address_gives_what_the_long_one_gives(rest: str, base: str) -> None:
    """A final space, which is stripped, keeps an address from the short way."""
    for address in (rest, f"/{rest}", f"https://news.example/{rest}", f"https://a.news.example{rest}"):
        assert canonical(address, base) == canonical(address + " ", base)


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("HTTPS://News.Example:443/a/./b/../c#top", "https://news.example/a/c"),
        ("http://news.example:8080", "http://news.example:8080/"),
        ("http://news.example/?utm_source=x&id=7&fbclid=1", "http://news.example/?id=7"),
        ("https://例え.test/記事", "https://xn--r8jz45g.test/%E8%A8%98%E4%BA%8B"),
        ("http://news.example/%7Euser/%e3%81%82", "http://news.example/~user/%E3%81%82"),
        # A query in Shift_JIS escapes must not lose which characters it means.
        ("http://news.example/s?q=%93%FA%96%7B", "http://news.example/s?q=%93%FA%96%7B"),
        # An escaped slash is not a slash.
        ("http://news.example/a%2Fb", "http://news.example/a%2Fb"),
        ("http://user:secret@news.example/", "http://news.example/"),
        ("mailto:a@news.example", ""),
        ("http://", ""),
        ("http://a b.example/", ""),
        ("http://[::1", ""),
        ("http://news.example:99999/", ""),
        ("http://news.example/" + "a" * 9000, ""),
    ],
)
def test_canonical_forms(address: str, form: str) -> None:
    assert canonical(address) == form


def test_a_relative_address_needs_its_page() -> None:
    assert canonical("../b", "http://news.example/x/y/z") == "http://news.example/x/b"
    assert canonical("//cdn.example/a.js", "https://news.example/") == "https://cdn.example/a.js"
    assert canonical("/b") == ""


def test_registrable_domains() -> None:
    assert registrable_domain("www.paper.co.jp") == "paper.co.jp"
    assert registrable_domain("a.b.paper.example") == "paper.example"
    assert registrable_domain("somebody.github.io") == "somebody.github.io"
    assert registrable_domain("192.0.2.7") == "192.0.2.7"


@pytest.mark.parametrize("rule", identity.read_platforms(identity.REGISTRY / "platforms.yaml"), ids=lambda r: r.id)
def test_platform_examples(rule: identity.Platform) -> None:
    assert rule.matches and rule.misses and rule.source
    for address, publisher in rule.matches.items():
        assert platform_of(address) == (rule.name, publisher)
    for address in rule.misses:
        assert platform_of(address)[0] != rule.name, address


EXAMPLES = [
    (rule, address, publisher)
    for rule in identity.read_platforms(identity.REGISTRY / "platforms.yaml")
    for address, publisher in rule.matches.items()
]


@given(
    known=st.sampled_from(EXAMPLES),
    scheme=st.sampled_from(["http", "https", "HTTPS"]),
    www=st.booleans(),
    shout=st.booleans(),
    slash=st.booleans(),
    query=st.sampled_from(["", "utm_source=x", "from=feed&x=1"]),
    fragment=st.sampled_from(["", "#top"]),
)
def test_an_account_is_one_publisher_however_its_address_is_written(
    known: tuple[identity.Platform, str, str],
    scheme: str,
    www: bool,
    shout: bool,
    slash: bool,
    query: str,
    fragment: str,
) -> None:
    rule, address, publisher = known
    rest, _, said = address.split("://", 1)[1].partition("?")
    host, _, path = rest.removeprefix("www.").partition("/")
    if shout:
        host = host.upper()
        path, said = (path, said) if rule.case else (path.upper(), said.upper())
    if slash and not path.endswith("/") and "." not in path.rpartition("/")[2]:
        path += "/"
    queries = "&".join(part for part in (said, query) if part)
    form = f"{scheme}://{'www.' if www else ''}{host}/{path}{'?' + queries if queries else ''}{fragment}"
    assert publisher_of(form) == publisher
    assert publisher_of(canonical(form)) == publisher


@given(st.text(max_size=80))
def test_no_address_breaks_the_platform_rules(path: str) -> None:
    for rule in identity.read_platforms(identity.REGISTRY / "platforms.yaml"):
        host = next(iter(rule.matches)).split("/")[2]
        assert isinstance(publisher_of(f"https://{host}/{path}"), str)


def test_what_is_on_no_platform_is_a_domain() -> None:
    assert publisher_of("https://www.paper.example/financial/1") == "paper.example"
    assert publisher_of("not an address") == ""


def test_ids_do_not_confuse_their_parts() -> None:
    assert identity.make_id("a", "x", "yz") != identity.make_id("a", "xy", "z")
    assert identity.make_id("a", "x\ud800") == identity.make_id("a", "x\ud800")
