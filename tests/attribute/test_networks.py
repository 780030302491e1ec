"""Networks: who is in, what may not glue them, who may run them."""

from __future__ import annotations

import json

import pytest

from wiretrace import schema
from wiretrace.attribute.known import lint, listed_by, read_lists
from wiretrace.errors import UserError


def network(world, stem, count, **more):
    """Sites that an id, an address and a day of registration join."""
    names = [f"{stem}{number}.example" for number in range(count)]
    for name in names:
        place = {"ip": f"{'192.0.2' if len(stem) == 2 else '198.51.100'}.7", "created": f"2021-03-0{len(stem)}"}
        world.add(name, ga_ua=f"UA-{stem}", **place, **more)
    return names


def test_a_bridge_of_one_link_glues_no_two_networks(world):
    one, two = network(world, "aa", 5), network(world, "bbb", 4)
    # Strong, of two families, not conclusive: nothing in it may decide.
    for name in (one[0], two[0]):
        world.add(name, menu="News | Life | Sport | Trade | Desk | Contact us", wp_user="jane-roe", etag='"5f1a2b3c4d"')
    found = world.run()
    assert world.networks(found) == [one, two]
    assert (one[0], two[0]) in world.pairs(found)


def test_one_publisher_linked_to_both_glues_no_two_networks(world):
    one, two = network(world, "aa", 5), network(world, "bbb", 4)
    world.add("between.example", menu="a | b | c | d | e", wp_user="jane-roe", etag='"5f1a2b3c4d"')
    for name in (*one, *two):
        world.add(name, menu="a | b | c | d | e", wp_user="jane-roe", etag='"5f1a2b3c4d"') if name.endswith(
            "0.example"
        ) else None
    assert [set(group) - {"between.example"} for group in world.networks(world.run())] == [set(one), set(two)]


def test_one_undecided_link_adds_nobody_to_a_group(world):
    core = network(world, "aa", 5)
    for name in (core[0], "stray.example"):
        world.add(name, menu="a | b | c | d | e", wp_user="jane-roe", etag='"5f1a2b3c4d"')
    found = world.run()
    assert world.networks(found) == [core]
    assert (core[0], "stray.example") in world.pairs(found)


def test_a_chain_of_weak_links_joins_nobody(world):
    for number in range(8):
        world.add(f"s{number}.example", ip=[f"192.0.2.{number}", f"192.0.2.{number + 1}"], theme="lighthouse")
    assert world.networks(world.run()) == []


def test_a_conclusive_bridge_joins(world):
    one, two = network(world, "aa", 3), network(world, "bbb", 3)
    for name in (one[0], two[0]):
        world.add(name, registrant_email="desk@owner.example", site_verification="google:abcdef012345")
    assert world.networks(world.run()) == [sorted(one + two)]


def test_core_and_fringe(world):
    core = network(world, "aa", 3)
    world.add("late.example", ga_ua="UA-aa")
    found = world.run()
    standing = dict(zip(found["network_members"]["publisher"], found["network_members"]["standing"], strict=True))
    assert standing == {**dict.fromkeys(core, "core"), "late.example": "fringe"}
    row = schema.records(found["networks"])[0]
    assert (row["size"], row["core"]) == (4, 3)
    links = set(found["publisher_links"]["link_id"])
    assert set(found["network_members"]["link_id"]) <= links
    observed = {row["observation_id"] for row in world.rows}
    evidence = found["publisher_link_evidence"]
    assert set(evidence["observation_a"]) | set(evidence["observation_b"]) <= observed


def test_a_fringe_publisher_that_two_networks_could_claim_is_in_neither(world):
    network(world, "aa", 3)
    network(world, "bbb", 3)
    world.add("late.example", ga_ua=["UA-aa", "UA-bbb"])
    assert all("late.example" not in group for group in world.networks(world.run()))


def test_registrations_languages_and_first_articles_are_told(world):
    names = network(world, "aa", 3)
    world.articles = [
        {
            "article_id": f"a-{number}",
            "publisher": names[0],
            "address": f"https://{names[0]}/{number}",
            "language": language,
            "characters": 10,
            "release_like": False,
            "published_earliest": f"2021-03-2{number}T00:00:00Z",
            "state": "live",
            "versions": 1,
            "version_id": f"v-{number}",
            "source": "crawl",
        }
        for number, language in enumerate(["ja", "ja", "en"])
    ]
    found = world.run()
    row = schema.records(found["networks"])[0]
    assert row["bursts"] == "2021-03-02 (3)"
    assert row["languages"] == "ja en"
    member = next(m for m in schema.records(found["network_members"]) if m["publisher"] == names[0])
    assert member["first_article"] == "2021-03-20T00:00:00Z"
    assert member["registered"] == "2021-03-02"


def test_an_operator_is_named_by_records_and_how_many_bear_it(world):
    names = network(world, "aa", 4)
    for name in names[:3]:
        world.add(name, registrant_org="Green Harbour Media Co., Ltd.")
    world.add(names[0], company_name="Green Harbour Media")
    world.add(names[3], registrant_org="Privacy Protect, LLC")
    row = schema.records(world.run()["networks"])[0]
    assert row["operator"] == "Green Harbour Media Co., Ltd."
    assert (row["operator_kind"], row["operator_publishers"]) == ("registrant_org", 3)
    assert row["operator_confidence"] == "conclusive"
    assert len(row["operator_observations"].split()) == 4


def test_a_single_mention_is_circumstantial_and_two_names_cancel(world):
    names = network(world, "aa", 4)
    world.add(names[0], registrant_org="Green Harbour Media")
    assert schema.records(world.run()["networks"])[0]["operator_confidence"] == "circumstantial"
    for name in names[:2]:
        world.add(name, registrant_org="Green Harbour Media")
    for name in names[2:]:
        world.add(name, registrant_org="Blue Cape Press")
    assert schema.records(world.run()["networks"])[0]["operator_confidence"] == "circumstantial"


def test_the_wire_that_supplies_them_is_not_their_operator(world):
    world.add("wire.example", "distributor", company_name="Swift Wire Ltd")
    for name in network(world, "aa", 3):
        world.add(name, company_name="Swift Wire")
    assert schema.records(world.run()["networks"])[0]["operator"] == ""


def test_published_lists_are_marked_and_their_mistakes_told(world, tmp_path):
    names = network(world, "aa", 3)
    path = tmp_path / "list.csv"
    path.write_text(
        f"domain,label,listed_by,date\n{names[0].replace('.', '[.]')},Lantern,Example Institute,2024-02-07\n"
        f"https://{names[0]}/x,Lantern,Example Institute,2024-02-07\nnot a domain,Lantern,Example Institute,\n",
        encoding="utf-8",
    )
    found = world.run({"known_networks": [str(path)]})
    listed = {m["publisher"]: m["listed_by"] for m in schema.records(found["network_members"])}
    assert listed == {names[0]: "Example Institute (2024-02-07, Lantern)", names[1]: "", names[2]: ""}
    told = lint(read_lists([str(path)]))
    assert any("'not a domain' is not a domain" in line for line in told)
    assert any("3 entries, but 1 publishers; more than once: aa0.example" in line for line in told)


def test_a_stix_bundle_lists_its_domains_with_author_day_and_confidence(tmp_path):
    author = {"type": "identity", "id": "identity--1", "name": "Example Agency"}
    by = {"created_by_ref": "identity--1", "confidence": 75}
    objects = [
        author,
        {"type": "report", "id": "report--1", "name": "Lantern", "published": "2024-02-07T10:00:00Z", **by},
        {"type": "domain-name", "id": "domain-name--1", "value": "a.example"},
        {
            "type": "indicator",
            "pattern": "[domain-name:value = 'b.example' OR url:value = 'https://c.example/x']",
            **by,
        },
        {"type": "channel", "name": "platform.example/somebody", **by},
        {"type": "domain-name", "value": "192.0.2.7", **by},
        {"type": "domain-name", "value": ["no", "text"]},
        "not an object",
    ]
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps({"type": "bundle", "objects": objects}), encoding="utf-8")
    rows = read_lists([str(path)])
    said = "Example Agency (2024-02-07, Lantern ({}), confidence 75 of 100)"
    assert listed_by(rows) == {
        "a.example": said.format("domain-name"),
        "b.example": said.format("indicator"),
        "c.example": said.format("indicator"),
    }
    assert any("'192.0.2.7' is an IP address" in line for line in lint(rows))


@pytest.mark.parametrize("text", ["[]", "{", '{"objects": 1}', "[" * 100_000])
def test_what_is_no_bundle_is_refused_in_one_line(tmp_path, text):
    path = tmp_path / "bundle.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"STIX 2\.1 bundle"):
        read_lists([str(path)])


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        (",L,X,2024-01-01", "no domain is given"),
        ("203.0.113.4,L,X,2024-01-01", "is an IP address"),
        ("198.51.100.0/24,L,X,2024-01-01", "is an IP address"),
        ("archive.org,L,X,2024-01-01", "many people's pages"),
        ("a.example,L,,2024-01-01", "nobody is named"),
        ("a.example,L,X,last spring", "is no date"),
    ],
)
def test_mistakes_of_a_list_are_told_and_end_nothing(tmp_path, row, mistake):
    path = tmp_path / "list.csv"
    path.write_text(f"domain,label,listed_by,date\n{row}\nb.example,L,X,2024-01-01\n", encoding="utf-8")
    assert any(mistake in line for line in lint(read_lists([str(path)])))


def test_a_list_without_its_columns_is_refused_in_one_line(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("site,who\na.example,X\n", encoding="utf-8")
    with pytest.raises(UserError, match="no column 'domain'"):
        read_lists([str(path)])


def test_groups_with_many_days_and_a_block_in_common_are_one(world):
    """Two halves of a network on two servers of one block, registered on the same three days."""
    for server in (7, 8):
        for number, day in enumerate(["2019-02-03", "2019-05-06", "2019-08-09"]):
            for twin in range(2):
                world.add(
                    f"s{server}{number}{twin}.example",
                    ip=f"192.0.2.{server}",
                    subnet24="192.0.2.0/24",
                    created=day,
                    ga_ua=f"UA-{server}",
                )
    groups = world.networks(world.run())
    assert [len(group) for group in groups] == [12]


def test_no_publishers_no_rows(world):
    assert all(len(table) == 0 for table in world.run().values())
