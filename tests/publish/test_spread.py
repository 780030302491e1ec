"""Claims on whose texts a site runs, where that is no distributor, and on accounts that post the same things together."""

from __future__ import annotations

from typing import Any

import pytest

from wiretrace import publish, schema

PAPER = "quay-paper.example"


def claims_of(made: Any, kind: str, **rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Claims of one kind from the tables of ``made`` that are no copy of the invented case's, but for ``rows``."""
    tables = {name: schema.frame(name, rows.get(name, ())) for name in made.tables}
    found = publish.claims(tables, made.investigation)
    return [claim for claim in schema.records(schema.frame("claims", found["claims"])) if claim["type"] == kind]


def taking(
    made: Any,
    number: int = 4,
    reasons: tuple[tuple[str, float], ...] = (("credit", 6.0), ("clock", 2.0)),
    verdict: str = "source_found",
    read: bool = True,
    **rows: list[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Claims where ``number`` articles on two suspects trace to a paper's, each for these reasons."""
    sites = ("bay-times.example", "cape-post.example")
    articles, traces, evidence = [], [], []
    for place in range(number):
        own, source = f"a-1{place:015d}", f"a-2{place:015d}"
        for article, publisher in ((own, sites[place % 2]), (source, PAPER)):
            articles.append(
                {"article_id": article, "publisher": publisher, "address": f"https://{publisher}/{place}",
                 "title": f"Text {place}", "language": "en", "state": "live", "characters": 900, "versions": 1, "version_id": f"v-{article}",
                 "release_like": False, "source": "crawl"}
            )  # fmt: skip
        traces.append(
            {"trace_id": f"r-{place:016d}", "article_id": own, "candidate": source if read else "", "candidate_publisher": PAPER, "rank": 1,
             "log_odds": 8.0, "verdict": verdict, "statement": "-"}
        )  # fmt: skip
        for nth, (reason, odds) in enumerate(reasons):
            evidence.append(
                {"evidence_id": f"e-{place:08d}{nth:08d}", "trace_id": f"r-{place:016d}", "reason": reason, "log_odds": odds,
                 "statement": f"{PAPER} says it published first"}
            )  # fmt: skip
    publishers = [
        {"publisher": name, "kind": "domain", "role": role, "articles": number, "pages": number}
        for name, role in [*((site, "suspect") for site in sites), (PAPER, "control")]
    ]
    given = {"articles": articles, "traces": traces, "trace_evidence": evidence, "publishers": publishers}
    return claims_of(made, "taken_from", **{**given, **rows})


def test_texts_that_credit_a_paper_come_from_it(made: Any) -> None:
    (claim,) = taking(made)
    assert claim["confidence"] == "established"
    assert claim["statement"] == f"4 articles on 2 sites (bay-times.example and cape-post.example) come from {PAPER}."
    assert "a credit in the text (4)" in claim["basis"]
    assert claim["object"] == PAPER
    assert PAPER in claim["statement_ja"] and "転載" not in claim["statement_ja"]


def test_what_only_the_clocks_and_other_articles_say_is_possible_and_told_as_such(made: Any) -> None:
    (claim,) = taking(made, reasons=(("clock", 2.0), ("other_articles", 2.0)), verdict="probable")
    assert claim["confidence"] == "possible"
    assert "may come from" in claim["statement"]
    assert "Nothing in the texts themselves shows it" in claim["against"]


def test_a_reason_against_leaves_nothing_established(made: Any) -> None:
    (claim,) = taking(made, reasons=(("credit", 6.0), ("clock", 2.0), ("star", -1.0)))
    assert claim["confidence"] == "likely"
    assert "4 reasons against the source" in claim["against"]


def test_a_source_that_was_only_named_is_told_as_named(made: Any) -> None:
    (claim,) = taking(made, read=False)
    assert claim["confidence"] == "possible"
    assert f"name {PAPER} as their source; none of these texts was read there" in claim["statement"]
    assert "another publisher of a similar name" in claim["against"]


@pytest.mark.parametrize("number", [1, 2])
def test_one_text_or_two_are_no_habit(made: Any, number: int) -> None:
    assert not taking(made, number)


def test_what_a_distributor_sends_is_told_as_sent_out(made: Any) -> None:
    wire = {"distributor": PAPER, "origin": "seed", "releases": 4, "traced": 4, "outlets": 2, "sells": 0}
    assert not taking(made, distributors=[wire])


def test_sites_of_one_network_do_not_take_from_each_other(made: Any) -> None:
    names = ("bay-times.example", "cape-post.example", PAPER)
    members = [
        {"network_id": "n-000000000001", "publisher": name, "standing": "core", "bits": 30, "link_id": ""}
        for name in names
    ]
    assert not taking(made, network_members=members)


def posting(made: Any, role: str = "suspect", **values: Any) -> dict[str, Any]:
    """The claim on one group of three accounts that post pages of a site."""
    names = ("anna", "bert", "cleo")
    group = {
        "group_id": "pg-0000000000000001", "accounts": 3, "pairs": 3, "addresses": 5, "texts": 0, "articles": "",
        "publishers": "bay-times.example", "first_at": "2024-06-01T00:00:00Z", "last_at": "2024-06-09T00:00:00Z",
    } | values  # fmt: skip
    pairs = [
        {"pair_id": f"pp-{n:016d}", "account_a": a, "account_b": b, "kind": "address", "occasions": 5, "items": 5, "expected": 0.04, "chance_log10": -9.0,
         "median_seconds": 150.0, "group_id": group["group_id"]}
        for n, (a, b) in enumerate((("anna", "bert"), ("anna", "cleo"), ("bert", "cleo")))
    ]  # fmt: skip
    accounts = [
        {"platform": "", "account": name, "posts": 9, "group_id": group["group_id"], "burst_id": "ab-1" if name == "cleo" else ""}
        for name in names
    ]  # fmt: skip
    publishers = [{"publisher": "bay-times.example", "kind": "domain", "role": role, "articles": 1, "pages": 1}]
    (claim,) = claims_of(
        made, "posted_together", post_groups=[group], post_pairs=pairs, post_accounts=accounts, publishers=publishers
    )
    return claim


def test_accounts_that_post_together_are_told_with_what_chance_expects_and_no_verdict_on_them(made: Any) -> None:
    claim = posting(made)
    assert claim["confidence"] == "likely"
    assert claim["statement"].startswith("3 accounts (anna, bert and cleo) posted 5 addresses of bay-times.example")
    assert "5 occasions, where 0.04 are expected" in claim["basis"] and "within 2 minutes" in claim["basis"]
    assert "1 account of them was created on days" in claim["basis"]
    assert "fans of one paper post together too" in claim["against"]
    whole = " ".join(str(value) for value in claim.values())
    assert "bot" not in whole and "campaign" not in claim["statement"]


def test_no_fewer_things_are_told_than_one_pair_posted(made: Any) -> None:
    assert "posted at least 5 addresses" in posting(made, addresses=3)["statement"]


def test_accounts_that_spread_others_pages_stand_below_what_is_asked(made: Any) -> None:
    assert posting(made, role="control")["weight"] < 0 < posting(made)["weight"]


def test_texts_posted_together_need_no_address(made: Any) -> None:
    assert "posted 4 texts close together" in posting(made, addresses=0, texts=4, publishers="")["statement"]


def test_many_groups_and_sources_end_in_one_sentence_each(made: Any) -> None:
    groups = [
        {"group_id": f"pg-{n:016d}", "accounts": 3, "pairs": 3, "addresses": 0, "texts": 4, "articles": "", "publishers": ""}
        for n in range(15)
    ]  # fmt: skip
    pairs = [
        {"pair_id": f"pp-{n:016d}", "account_a": f"a{n}", "account_b": f"b{n}", "kind": "text", "occasions": 5, "items": 4, "expected": 0.1,
         "chance_log10": -9.0, "median_seconds": 30.0, "group_id": group["group_id"]}
        for n, group in enumerate(groups)
    ]  # fmt: skip
    accounts = [
        {"platform": "", "account": f"{side}{n}", "posts": 9, "group_id": group["group_id"]}
        for n, group in enumerate(groups)
        for side in "abc"
    ]
    found = claims_of(made, "posted_together", post_groups=groups, post_pairs=pairs, post_accounts=accounts)
    assert len(found) == 13
    assert any("3 groups more, of 9 accounts in all" in claim["statement"] for claim in found)
