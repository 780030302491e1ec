"""Names like another's: those of published look-alikes, and those of papers that are only called alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.identity.namesakes import namesake, one_sided


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        # Forms of the look-alikes that EU DisinfoLab and Graphika published, with invented names.
        ("quaygazette.ltd", "quaygazette.de"),
        ("quay-gazette.top", "quaygazette.com"),
        ("quaygazette.co.com", "quaygazette.com"),
        ("quaygazettei.live", "quaygazette.de"),
        ("quaygazete.com", "quaygazette.fr"),
        ("quaygazette.daily-post.com", "quaygazette.com"),
        ("www.quaygazette-news.org", "quaygazette.com"),
        ("xn--quygazette-0qi.com", "quaygazette.com"),
        ("quay.pics", "quay.de"),
    ],
)
def test_a_look_alike_has_a_name_like_the_papers(host: str, domain: str) -> None:
    assert namesake(host, domain)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("quaygazette.de", "quaygazette.de"),
        ("www.quaygazette.de", "quaygazette.de"),
        ("harbourgazette.de", "quaygazette.de"),
        ("tokyo-times.com", "osaka-times.com"),
        ("quay-lane.de", "quay.de"),
        ("10.0.0.1", "10.0.0.2"),
        ("localhost", "quay.de"),
        ("::1", "quay.de"),
    ],
)
def test_a_paper_that_is_called_otherwise_is_none(host: str, domain: str) -> None:
    assert not namesake(host, domain)


@given(st.text("ab-.xn1:", max_size=30), st.text("ab-.xn1:", max_size=30))
def test_any_names_can_be_compared(host: str, domain: str) -> None:
    assert namesake(host, domain) in (True, False)


def test_who_leads_to_a_site_is_not_copied_by_it() -> None:
    presenting = [("copy.ltd", "paper.de"), ("paper.shop", "paper.de")]
    assert one_sided(presenting, {("paper.de", "paper.shop")}) == [("copy.ltd", "paper.de")]
