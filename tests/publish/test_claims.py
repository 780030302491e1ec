"""Claims: never without evidence, never without a word against, never on circumstance alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from wiretrace import publish, schema
from wiretrace.publish.shelf import Shelf
from wiretrace.publish.wording import count, fill, listing, parts, registry, sites
from wiretrace.schema import wanted
from wiretrace.schema.stored import Stored
from wiretrace.sentences import say


def drafted(tables: Any, investigation: Any, *place: Path) -> dict[str, pd.DataFrame]:
    found = publish.claims(tables, investigation, *place)
    return {name: schema.frame(name, rows) for name, rows in found.items()}


def made_claims(made: Any, **replaced: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    tables = dict(made.tables) | {name: schema.frame(name, rows) for name, rows in replaced.items()}
    found = drafted(tables, made.investigation)
    return {name: schema.records(data) for name, data in found.items()}


def edited(made: Any, table: str, **values: Any) -> list[dict[str, Any]]:
    return [row | values for row in schema.records(made.tables[table])]


def of_type(found: dict[str, list[dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    return [claim for claim in found["claims"] if claim["type"] == kind]


def test_every_claim_has_evidence_and_a_word_against_it(made: Any) -> None:
    found = made_claims(made)
    supported = {row["claim_id"] for row in found["claim_evidence"] if row["role"] == "for"}
    for claim in found["claims"]:
        assert claim["claim_id"] in supported, claim["statement"]
        for part in ("basis", "against", "overturned_by"):
            assert claim[part] and claim[f"{part}_ja"]
        assert "Not looked at" in claim["against"]
        assert "{" not in claim["statement"] + claim["statement_ja"]


def test_evidence_points_to_rows_and_captures_that_are_there(made: Any) -> None:
    found = made_claims(made)
    captures = set(made.tables["captures"]["capture_id"])
    for row in found["claim_evidence"]:
        key = schema.tables()[row["table"]].key
        keys = {" ".join(str(r[c]) for c in key) for r in schema.records(made.tables[row["table"]])}
        assert row["row"] in keys
        assert "{" not in row["note"] + row["note_ja"]
        assert re.search("[ぁ-んァ-ヶ一-鿿]", row["note_ja"]), row["note_ja"]
        assert row["capture_id"] in captures | {""}


def test_the_kinds_of_claims_that_this_case_allows(made: Any) -> None:
    kinds = {claim["type"] for claim in made_claims(made)["claims"]}
    assert kinds == set(registry()["types"]) - {
        "quote_denied", "first_published", "hosted_beside", "may_distribute", "presents_as",
        "taken_from", "posted_together",
    }  # fmt: skip


def test_one_story_is_one_claim_however_many_ran_it(made: Any, factory: Any) -> None:
    found = of_type(made_claims(made), "distributed_by")
    quay = [claim for claim in found if "Islanders" in claim["statement"]]
    assert len(quay) == 1
    assert "3 articles on 3 sites" in quay[0]["statement"]
    assert quay[0]["object"] == factory.WIRE
    # one reason speaks against one of the traces: no longer beyond doubt, and said so
    assert quay[0]["confidence"] == "likely"
    assert "names sakura-pr.example as its source, not lantern-wire.example" in quay[0]["against"]


@pytest.mark.parametrize("tier", ["circumstantial", "associative"])
def test_circumstantial_links_alone_name_no_operator(made: Any, tier: str) -> None:
    found = made_claims(made, publisher_links=edited(made, "publisher_links", tier=tier))
    made_of = of_type(found, "same_operator") + of_type(found, "operator_is")
    assert bool(made_of) == (tier != "circumstantial")
    assert {claim["confidence"] for claim in of_type(found, "same_operator")} <= {"possible"}


def test_what_is_only_listed_together_is_never_likely_and_names_no_operator(made: Any) -> None:
    found = made_claims(made, networks=edited(made, "networks", tier="circumstantial"))
    assert {claim["confidence"] for claim in of_type(found, "same_operator")} <= {"possible"}
    assert not of_type(found, "operator_is")


def test_pieces_that_no_sound_link_joins_are_not_one_operator(made: Any, factory: Any) -> None:
    """Two pairs in one network, each tied by a conclusive link; nothing sound between the pairs."""
    links = schema.records(made.tables["publisher_links"])
    members = schema.records(made.tables["network_members"])
    pairs = [("a0.example", "a1.example"), ("b0.example", "b1.example")]
    network = {"network_id": "n-000000000077", "size": 4, "core": 4, "tier": "circumstantial"}
    for number, (a, b) in enumerate(pairs):
        link = f"b-{number:016d}"
        links.append({"link_id": link, "publisher_a": a, "publisher_b": b, "bits": 30, "probability": 0.999,
                      "tier": "conclusive", "families": "tracking assets", "evidence": 2})  # fmt: skip
        members += [
            {"network_id": network["network_id"], "publisher": name, "standing": "core", "bits": 30, "link_id": link}
            for name in (a, b)
        ]
    rows = {"networks": [*schema.records(made.tables["networks"]), network]}
    found = made_claims(made, **rows, publisher_links=links, network_members=members)
    (claim,) = [claim for claim in of_type(found, "same_operator") if claim["subject"] == network["network_id"]]
    assert claim["confidence"] == "possible"
    assert "a0.example" in claim["statement"]
    assert "b0.example" not in claim["statement"]


def two_of_one_name(
    made: Any, families: str, kind: str = "company_name", a: str = "quay-paper.example", b: str = "quaypaper.test"
) -> tuple[list[Any], list[Any]]:
    """Claims on the operator of two sites that bear one name, tied by these families of evidence."""
    network, link = "n-000000000088", "b-00000000000000aa"
    rows = {
        name: schema.records(made.tables[name])
        for name in ("publishers", "networks", "network_members", "publisher_links")
    }
    rows["publishers"] += [
        {"publisher": name, "kind": "domain", "role": "suspect", "articles": 0, "pages": 1} for name in (a, b)
    ]
    rows["network_members"] += [
        {"network_id": network, "publisher": name, "standing": "core", "bits": 30, "link_id": link} for name in (a, b)
    ]
    rows["networks"].append(
        {"network_id": network, "size": 2, "core": 2, "tier": "conclusive", "operator": "Quay Ltd", "operator_kind": kind,
         "operator_publishers": 2, "operator_confidence": "conclusive",
         "operator_observations": schema.records(made.tables["observations"])[0]["observation_id"]}
    )  # fmt: skip
    rows["publisher_links"].append(
        schema.records(made.tables["publisher_links"])[0]
        | {"link_id": link, "publisher_a": a, "publisher_b": b, "tier": "conclusive", "families": families}
    )
    found = made_claims(made, **rows)
    return tuple(
        [claim for claim in of_type(found, kind) if claim["subject"] == network]
        for kind in ("same_operator", "operator_is")
    )  # type: ignore[return-value]


def test_two_sites_of_one_name_that_only_pages_tie_may_be_a_paper_and_its_copy(made: Any) -> None:
    (claim,), named = two_of_one_name(made, "imprint tracking")
    assert claim["confidence"] == "possible"
    assert "one may show copies of another's" in claim["against"]
    assert "写し" in claim["against_ja"]
    assert not named


def test_records_tell_two_addresses_of_one_publisher_from_a_copy(made: Any) -> None:
    (claim,), named = two_of_one_name(made, "registrant tracking", "registrant_org")
    assert claim["confidence"] == "established"
    assert "copies of another's" not in claim["against"]
    assert len(named) == 1


def test_two_accounts_of_one_platform_bear_no_name_of_theirs_in_common(made: Any) -> None:
    (claim,), named = two_of_one_name(made, "imprint tracking", a="note.example/1news", b="note.example/2news")
    assert claim["confidence"] == "established"
    assert "copies of another's" not in claim["against"]
    assert len(named) == 1


def test_many_small_networks_are_told_in_one_sentence(made: Any) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        name: schema.records(made.tables[name])
        for name in ("publishers", "networks", "network_members", "publisher_links")
    }
    for number in range(15):
        a, b, network = f"a{number:02d}.example", f"b{number:02d}.example", f"n-{number + 100:012d}"
        link = f"b-{number:016d}"
        for publisher in (a, b):
            rows["publishers"].append(
                {"publisher": publisher, "kind": "domain", "role": "outlet", "articles": 1, "pages": 1}
            )
            rows["network_members"].append(
                {"network_id": network, "publisher": publisher, "standing": "core", "bits": 20, "link_id": link}
            )
        rows["networks"].append({"network_id": network, "size": 2, "core": 2})
        rows["publisher_links"].append(
            {"link_id": link, "publisher_a": a, "publisher_b": b, "bits": 20, "probability": 0.99, "tier": "associative",
             "families": "tracking assets", "evidence": 2}
        )  # fmt: skip
    found = of_type(made_claims(made, **rows), "same_operator")
    assert len(found) == 13
    (rest,) = [claim for claim in found if claim["subject"] == "rest"]
    assert rest["statement"].startswith("4 groups more, of 8 sites")


def test_a_circumstantial_operator_is_not_named(made: Any) -> None:
    found = made_claims(made, networks=edited(made, "networks", operator_confidence="circumstantial"))
    assert of_type(found, "same_operator")
    assert not of_type(found, "operator_is")


def test_a_named_operator_is_never_established(made: Any) -> None:
    found = made_claims(made, networks=edited(made, "networks", operator_confidence="conclusive"))
    assert [claim["confidence"] for claim in of_type(found, "operator_is")] == ["likely"]


def test_order_in_time_alone_traces_nobody_to_a_distributor(made: Any) -> None:
    only_clocks = [row for row in schema.records(made.tables["trace_evidence"]) if row["reason"] == "clock"]
    assert not of_type(made_claims(made, trace_evidence=only_clocks), "distributed_by")


def test_a_proposed_distributor_is_a_possibility_only(made: Any) -> None:
    found = made_claims(made, distributors=edited(made, "distributors", origin="proposed"))
    traced = of_type(found, "distributed_by") + of_type(found, "supplied_by")
    assert {claim["confidence"] for claim in traced} == {"possible"}
    assert all("no list names it" in claim["against"] for claim in traced)


def test_a_distributor_by_its_own_catalogue_supplies_nobody_beyond_doubt(made: Any) -> None:
    sure = of_type(made_claims(made), "supplied_by")
    found = made_claims(made, distributors=edited(made, "distributors", origin="catalogue"))
    traced = of_type(found, "distributed_by") + of_type(found, "supplied_by")
    assert len(of_type(found, "supplied_by")) == len(sure) > 0
    assert "established" not in {claim["confidence"] for claim in of_type(found, "supplied_by")}
    assert all("its own catalogue of outlets; no list names it" in claim["against"] for claim in traced)


def test_suspects_that_one_sure_link_ties_without_a_network_are_a_lead(made: Any) -> None:
    links = schema.records(made.tables["publisher_links"])
    suspects = {r["publisher"] for r in schema.records(made.tables["publishers"]) if r["role"] == "suspect"}
    tied = [r for r in links if r["tier"] != "circumstantial" and {r["publisher_a"], r["publisher_b"]} <= suspects]
    assert tied
    for probability, told in ((0.96, True), (0.94, False)):
        found = made_claims(
            made,
            networks=[],
            network_members=[],
            publisher_links=[row | {"probability": probability} for row in links],
        )
        leads = of_type(found, "same_operator")
        assert bool(leads) == told
        for claim in leads:
            assert claim["confidence"] == "possible"
            assert "no network was drawn" in claim["against"]
            assert any(name in claim["statement"] for row in tied for name in (row["publisher_a"], row["publisher_b"]))


def test_a_fringe_member_is_not_in_the_sentence(made: Any, factory: Any) -> None:
    (claim,) = of_type(made_claims(made), "same_operator")
    assert factory.FRINGE not in claim["statement"]
    assert factory.FRINGE in claim["against"]


def test_matches_that_do_not_count_make_no_claim(made: Any) -> None:
    found = made_claims(
        made,
        ai_indicators=edited(made, "ai_indicators", counts=False),
        origin_indicators=edited(made, "origin_indicators", strength="weak"),
    )
    assert not of_type(found, "ai_residue")
    assert not of_type(found, "foreign_authorship")


def test_slips_of_language_never_decide(made: Any) -> None:
    found = made_claims(made, origin_indicators=edited(made, "origin_indicators", strength="conclusive"))
    assert {claim["confidence"] for claim in of_type(found, "foreign_authorship")} == {"possible"}


def test_an_unconfirmed_quotation_is_neither_true_nor_false(made: Any) -> None:
    (claim,) = of_type(made_claims(made), "quote_unconfirmed")
    assert claim["confidence"] == "unknown"
    assert "大里泰介" in claim["to_do"]
    assert "M. Example, 2024-07-02" in claim["found_by_person"]


def test_a_denial_by_the_person_is_a_claim_of_its_own(made: Any) -> None:
    said = "denies it (M. Example, 2024-07-03)"
    found = made_claims(made, quotes=edited(made, "quotes", status="denied_by_person", verification=said))
    (claim,) = of_type(found, "quote_denied")
    assert claim["confidence"] == "established"
    assert said in claim["basis"]
    assert not of_type(found, "quote_unconfirmed")


def test_a_story_whose_clocks_cannot_tell_says_so(made: Any, factory: Any) -> None:
    signs = [
        {
            "article_id": factory.article_id("tokyo_port"),
            "phrase": "port",
            "missing": "port",
            "capture_id": "",
        }
    ]
    (claim,) = of_type(made_claims(made, headline_phrases=signs), "first_published")
    assert claim["confidence"] == "unknown"
    assert "cannot be told" in claim["statement"]


def test_controls_stand_below_suspects(made: Any, factory: Any) -> None:
    rows = [
        row | {"counts": True}
        for row in schema.records(made.tables["ai_indicators"])
        if row["publisher"] == factory.OUTLET
    ]
    found = made_claims(made, ai_indicators=rows)
    (claim,) = of_type(found, "ai_residue")
    assert claim["weight"] < min(c["weight"] for c in found["claims"] if c["claim_id"] != claim["claim_id"])


def test_claims_do_not_depend_on_the_order_of_rows(made: Any) -> None:
    turned = {name: data.iloc[::-1].reset_index(drop=True) for name, data in made.tables.items()}
    turned = {name: schema.frame(name, schema.records(data)) for name, data in turned.items()}
    first, second = drafted(made.tables, made.investigation), drafted(turned, made.investigation)
    for name in first:
        assert schema.to_csv(name, first[name]) == schema.to_csv(name, second[name])


def test_without_any_table_there_is_no_claim(made: Any) -> None:
    found = drafted({}, made.investigation)
    assert all(isinstance(data, pd.DataFrame) and data.empty for data in found.values())


def test_every_template_is_whole_in_both_languages() -> None:
    types = schema.tables()["claims"].columns[1].enum
    assert set(registry()["types"]) == set(types)
    for name, spec in registry()["types"].items():
        for part in ("statement", "basis", "against", "to_do"):
            for variant, template in spec[part].items():
                fields = [set(re.findall(r"{(\w+)", template[side])) for side in ("en", "ja")]
                assert fields[0] == fields[1], f"{name}.{part}.{variant}"
        assert spec["meaning"]["en"] and spec["needs"]


def test_words_agree_with_numbers_and_outside_braces_stay_words() -> None:
    template = {"en": "{sites} {sites:?is|are} {words}.", "ja": "{sites}は{words}。"}
    assert fill(template, {"sites": sites(["a.example"]), "words": "{sites}"})[0] == "a.example is {sites}."
    assert fill(template, {"sites": sites(["a.example", "b.example"]), "words": "x"})[0].startswith("2 sites (a")
    assert count(1, "article") == ("1 article", "1本の記事")
    assert listing(list("abcde"), 3)[0] == "a, b, c and 2 more"


def test_doubts_of_many_links_are_told_once() -> None:
    texts = [
        "Two firms can bear one name; simple logos look alike. 9 of the values are common.",
        "Simple logos look alike",
    ]
    assert parts([*texts, "", "Chinese newspapers named on Japanese pages"]) == (
        "simple logos look alike; Chinese newspapers named on Japanese pages; two firms can bear one name",
        "単純なロゴは似る、日本語のページで挙げられた中国の新聞、同名の会社がありうる",
    )


def beside(
    made: Any, days: tuple[str, str], bits: float = 4.5, count: int = 1, kind: str = "ip"
) -> list[dict[str, Any]]:
    """Claims on ``count`` hosts of a kind, on each of which a suspect and a fringe one were seen on these ``days``."""
    publishers = schema.records(made.tables["publishers"])
    suspects = [row["publisher"] for row in publishers if row["role"] == "suspect"]
    network = {row["publisher"] for row in schema.records(made.tables["network_members"]) if row["standing"] == "core"}
    outside = next(name for name in suspects if name not in network)
    inside = next(name for name in suspects if name in network)
    observations, shared = schema.records(made.tables["observations"]), []
    for number in range(count):
        address = f"198.51.100.{number}" if kind == "ip" else f"quayhost{number}.example"
        shared.append(
            {"value_id": f"sv-{number:016x}", "kind": kind, "value": address, "family": "infrastructure", "carriers": 2,
             "controls": 0, "bits": bits, "publishers": f"{inside} {outside}"}
        )  # fmt: skip
        for place, (name, day) in enumerate(zip((inside, outside), days, strict=True)):
            observations.append(
                {"observation_id": f"o-{number:08x}{place:08x}", "publisher": name, "kind": kind,
                 "value": address if kind == "ip" else f"NS{place + 1}.{address}", "state": "value", "first_seen": day, "last_seen": day, "source": "dns", "rule_id": "dns"}
            )  # fmt: skip
    return of_type(made_claims(made, observations=observations, shared_values=shared), "hosted_beside")


def test_sites_on_one_address_are_said_to_be_hosted_beside_each_other_and_no_more(made: Any) -> None:
    (claim,) = beside(made, ("2024-06-01T00:00:00Z", "2024-06-20T00:00:00Z"))
    assert "198.51.100.0" in claim["statement"]
    assert "says nothing of who runs them" in claim["statement"]
    assert "thousands of unrelated sites" in claim["against"]


def test_one_provider_of_name_servers_is_told_with_what_it_does_not_mean(made: Any) -> None:
    (claim,) = beside(made, ("2024-06-01T00:00:00Z", "2024-06-20T00:00:00Z"), kind="ns")
    assert "name servers of one provider, quayhost0.example" in claim["statement"]
    assert "says nothing of who runs them" in claim["statement"]
    assert "unrelated customers" in claim["against"]
    assert "顧客" in claim["against_ja"]
    assert not beside(made, ("2024-06-01T00:00:00Z", "2024-06-20T00:00:00Z"), bits=0, kind="ns")


def test_languages_whose_speakers_are_not_read_are_told(made: Any) -> None:
    rows = schema.records(made.tables["quotes"])
    found = made_claims(
        made,
        quotes=[*rows, rows[0] | {"quote_id": "q-x", "language": "de", "speaker": "", "reason": say("quote_unread")}],
    )
    (claim,) = [claim for claim in of_type(found, "coverage") if claim["subject"] == "speakers"]
    assert "1 article in de (language code) puts in quotation marks was not read" in claim["statement"]
    assert "言語コードdeの1本の記事" in claim["statement_ja"]
    assert not [claim for claim in of_type(made_claims(made), "coverage") if claim["subject"] == "speakers"]


def looking_like(made: Any, original: str, *others: dict[str, Any], leads_back: str = "") -> list[dict[str, Any]]:
    """Claims where two suspects give ``original`` for their own."""
    suspects = [row["publisher"] for row in schema.records(made.tables["publishers"]) if row["role"] == "suspect"][:2]
    seen = [(name, "presents_as", original) for name in suspects]
    seen += [(original, "namesake", name) for name in suspects if leads_back]
    observations = schema.records(made.tables["observations"])
    for number, (name, kind, value) in enumerate(seen):
        observations.append(
            {"observation_id": f"o-{number:016x}", "publisher": name, "kind": kind, "value": value, "state": "value",
             "first_seen": "2024-06-01T00:00:00Z", "last_seen": "2024-06-01T00:00:00Z", "source": "page",
             "rule_id": "namesake-canonical", "excerpt": f"https://{original}/1"}
        )  # fmt: skip
    links = [*schema.records(made.tables["publisher_links"]), *others]
    return of_type(made_claims(made, observations=observations, publisher_links=links), "presents_as")


def test_look_alikes_are_told_with_whom_they_show_and_that_nothing_ties_them(made: Any) -> None:
    (claim,) = looking_like(made, "quay-paper.example")
    assert "2 sites" in claim["statement"]
    assert "show themselves as quay-paper.example" in claim["statement"]
    assert "No page of quay-paper.example was looked at" in claim["basis"]
    assert "A publisher can have several addresses" in claim["against"]
    assert "role control" in claim["to_do"]
    assert "quay-paper.example" in claim["statement_ja"]


def test_records_that_tie_a_look_alike_to_the_paper_speak_against_it(made: Any) -> None:
    suspect = next(row["publisher"] for row in schema.records(made.tables["publishers"]) if row["role"] == "suspect")
    outlet = "nanto-daily.example"
    link = schema.records(made.tables["publisher_links"])[0] | {
        "link_id": "b-0123456789abcdef", "publisher_a": min(suspect, outlet), "publisher_b": max(suspect, outlet),
    }  # fmt: skip
    (claim,) = looking_like(made, outlet, link)
    assert f"Records tie {suspect} and {outlet}" in claim["against"]
    assert "is taken as copied" in claim["basis"]


def test_a_paper_that_leads_to_its_second_address_is_not_copied(made: Any) -> None:
    assert not looking_like(made, "quay-paper.example", leads_back="yes")


def test_an_address_at_other_times_or_of_everybody_is_no_neighbourhood(made: Any) -> None:
    assert not beside(made, ("2022-06-01T00:00:00Z", "2024-06-20T00:00:00Z"))
    assert not beside(made, ("2024-06-01T00:00:00Z", "2024-06-20T00:00:00Z"), bits=0)


def test_many_shared_addresses_are_told_in_one_sentence(made: Any) -> None:
    claims = beside(made, ("2024", "2024-01-20T00:00:00Z"), count=15)
    assert len(claims) == 13
    (rest,) = [claim for claim in claims if claim["subject"] == "rest"]
    assert rest["statement"].startswith("3 hosts more were each shared")


def test_no_claim_is_drafted_from_the_tables_that_are_read_afterwards(made: Any) -> None:
    few = {name: data for name, data in made.tables.items() if name not in wanted.UNREAD}
    whole, less = (drafted(tables, made.investigation) for tables in (made.tables, few))
    assert all(whole[name].equals(less[name]) for name in ("claims", "claim_evidence"))


def proposing(made: Any, role: str, first: int) -> list[dict[str, Any]]:
    """Claims of a case in which paper0.example had the first ``first`` of six texts before three others."""
    articles, stories, members = [], [], []
    for number in range(6):
        story = f"y-{number:012x}"
        leader = "paper0.example" if number < first else "paper1.example"
        ordered = [leader, *sorted({f"paper{i}.example" for i in range(4)} - {leader})]
        for position, publisher in enumerate(ordered, 1):
            article = f"a-{number}{position}" + 13 * "0"
            articles.append(
                {"article_id": article, "publisher": publisher, "address": f"https://{publisher}/{number}",
                 "title": f"Text {number}", "language": "en", "state": "live", "characters": 900, "versions": 1, "version_id": f"v-{number}{position}", "release_like": number == 0, "source": "crawl"}
            )  # fmt: skip
            members.append(
                {
                    "story_id": story,
                    "article_id": article,
                    "position": position,
                    "clock_quality": "claimed",
                    "relation": "copy",
                }
            )
        stories.append(
            {"story_id": story, "title": f"Text {number}", "articles": 4, "publishers": 4, "languages": "en", "release_like": True,
             "first_article": f"a-{number}1" + 13 * "0"}
        )  # fmt: skip
    proposal = {
        "distributor": "paper0.example", "origin": "proposed", "releases": first, "traced": 0, "outlets": 3, "sells": 0,
        "median_delay_hours": 9.5, "first_articles": " ".join(f"a-{i}1" + 13 * "0" for i in range(first)),
    }  # fmt: skip
    publishers = [
        {
            "publisher": f"paper{i}.example",
            "kind": "domain",
            "role": "suspect" if i else role,
            "articles": 6,
            "pages": 6,
        }
        for i in range(4)
    ]
    rows = {
        "articles": articles, "stories": stories, "story_members": members, "distributors": [proposal],
        "publishers": publishers,
    }  # fmt: skip
    tables = {name: schema.frame(name, rows.get(name, ())) for name in made.tables}
    found = drafted(tables, made.investigation)
    return of_type({name: schema.records(data) for name, data in found.items()}, "may_distribute")


def test_who_feeds_several_sites_and_stands_on_no_list_is_told_as_a_lead(made: Any) -> None:
    (claim,) = proposing(made, "unlisted", 5)
    assert claim["confidence"] == "possible"
    assert "it was the first with 5 of 6 texts that it has in common" in claim["statement"]
    assert "3 sites (paper1.example, paper2.example and paper3.example) ran such texts later" in claim["statement"]
    assert "within 9.5 hours" in claim["basis"]
    for said in ("A paper whose texts others take", "not the first with 1 text", "Only 1 of the 5 bear parts"):
        assert said in claim["against"]
    assert "role distributor in the seeds" in claim["to_do"]


@pytest.mark.parametrize("role", ["outlet", "control"])
def test_a_paper_that_others_copy_is_not_called_a_distributor(made: Any, role: str) -> None:
    assert not proposing(made, role, 5)


def test_claims_drafted_from_files_are_those_drafted_from_frames(made: Any, tmp_path: Path) -> None:
    stored = {}
    for name, data in made.tables.items():
        schema.write(name, data, tmp_path / f"{name}.csv")
        stored[name] = Stored(name, (str(tmp_path / f"{name}.csv"),))
    held = drafted(made.tables, made.investigation)
    read = drafted(stored, made.investigation, tmp_path / "shelf.sqlite")
    for name in held:
        assert schema.to_csv(name, held[name]) == schema.to_csv(name, read[name])


def test_a_claim_lists_some_hundred_rows_and_counts_each_row_once(made: Any) -> None:
    row, *rest = schema.records(made.tables["articles"])
    gone = [
        row | {"article_id": f"a-{n:012x}", "state": "deleted", "address": "https://x.example/"} for n in range(700)
    ]
    asked = {"lookup_id": "l-1", "snapshot": "round1", "publisher": row["publisher"], "source": "page"}
    asked |= {"subject": "https://x.example/", "outcome": "absent", "time": "2024-06-03T00:00:00Z"}
    found = made_claims(made, articles=[row, *rest, *gone], lookups=[asked])
    (claim,) = (claim for claim in of_type(found, "deleted") if "listed as evidence" in claim["basis"])
    assert "300 of 701 rows" in claim["basis"]
    assert sum(line["claim_id"] == claim["claim_id"] for line in found["claim_evidence"]) == 300


@pytest.mark.parametrize("table", ["claims", "captures"])
def test_two_rows_of_one_key_are_refused(made: Any, table: str) -> None:
    shelf = Shelf({})
    row = {"claim_id": "c"} if table == "claims" else {"capture_id": "c"}
    shelf.add(table, list(row), [row])
    with pytest.raises(ValueError, match=f"{table}: two rows with one key"):
        shelf.add(table, list(row), [row])
