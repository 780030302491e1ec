"""No host that publishers stand on is asked by two jobs of an acquisition.

A page that redirects to another publisher's address is not followed there (test_crawl.py); whom all jobs ask, such as a
web archive, they ask in turn (test_pace.py).
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace import identity
from wiretrace.acquire.shard import shares

NUMBERS = [1, 7, 64]
LABELS = st.sampled_from(["alpha", "bravo", "carol", "delta"])
# Sites, their other hosts, accounts on one host, accounts that have a host of their own or are named by one.
FORMS = (
    "https://{0}.example/",
    "https://www.{0}.example/x",
    "https://img.{0}.example:8443/",
    "https://note.com/{0}",
    "https://medium.com/@{0}",
    "https://www.tumblr.com/{0}",
    "https://{0}.tumblr.com/",
    "https://{0}.blogspot.com/",
    "https://t.me/{0}",
    "http://192.0.2.1/{0}",
    "http://[2001:db8::1]/{0}",
    "http://{0}/",
)
ADDRESSES = st.builds(lambda form, label: form.format(label), st.sampled_from(FORMS), LABELS)


def hosts_of(row: dict[str, str]) -> set[str]:
    """Where the publisher of a seed is asked: at the seed's own domain, and at the one it is named by."""
    found = {identity.host_of(row["url"]), identity.host_of(f"https://{row['publisher']}/")} - {""}
    return found | {identity.registrable_domain(host) for host in found} - {""}


@given(st.lists(ADDRESSES, unique=True), st.sampled_from(NUMBERS), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_no_host_is_in_two_jobs_whatever_their_number(addresses: list[str], number: int, order: Any) -> None:
    rows = [{"url": url, "publisher": identity.publisher_of(url) or identity.host_of(url)} for url in addresses]
    made = shares(rows, number)
    assert len(made) == number
    assert sorted(row["url"] for share in made for row in share) == sorted(addresses)
    jobs: dict[str, set[int]] = {}
    for job, share in enumerate(made):
        for row in share:
            for host in (*hosts_of(row), row["publisher"]):
                jobs.setdefault(host, set()).add(job)
    assert all(len(found) == 1 for found in jobs.values()), jobs
    again = list(rows)
    order.shuffle(again)
    assert [sorted(r["url"] for r in s) for s in shares(again, number)] == [sorted(r["url"] for r in s) for s in made]


def test_sites_that_share_nothing_are_spread_over_the_jobs() -> None:
    rows = [{"url": f"https://s{n}.example/", "publisher": f"s{n}.example"} for n in range(700)]
    assert all(60 <= len(share) <= 140 for share in shares(rows, 7))
    assert sum(map(bool, shares(rows, 64))) == 64


def test_a_chain_of_many_accounts_is_followed_in_time_that_grows_with_it() -> None:
    rows = [
        {"url": f"https://www.tumblr.com/a{99_999 - n:05}", "publisher": f"a{99_999 - n:05}.tumblr.com"}
        for n in range(50_000)
    ]
    assert sorted(map(len, shares(rows, 7)))[-1] == len(rows)
