"""What links two publishers, and what must never."""

from __future__ import annotations

import math
import os
import random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wiretrace import schema
from wiretrace.attribute.kinds import kinds

# What two sites of one operator have in common in these tests: ids, host, day of registration.
STRONG = {
    "ga_ua": "UA-77001122",
    "registrant_email": "desk@owner.example",
    "ip": "192.0.2.10",
    "created": "2021-03-04T05:06:07Z",
    "favicon": "sha256:aa01",
}

# WIRETRACE_FUZZ=1000 tries a thousand times as many inputs (see docs/methods-attribution.md).
MORE = int(os.environ.get("WIRETRACE_FUZZ", "1"))


def one(found):
    rows = schema.records(found["publisher_links"])
    assert len(rows) == 1
    return rows[0]


def evidence(found, kind):
    return [row for row in schema.records(found["publisher_link_evidence"]) if row["kind"] == kind]


def test_an_id_and_a_host_in_common_are_conclusive_and_add_up(world):
    world.controls(server="nginx")
    world.add("a.example", ga_ua="UA-77001122", ip="192.0.2.10")
    world.add("b.example", ga_ua="UA-77001122", ip="192.0.2.10")
    found = world.run()
    link = one(found)
    assert link["tier"] == "conclusive"
    assert link["families"] == "infrastructure tracking"
    counted = {row["kind"]: row["bits"] for row in schema.records(found["publisher_link_evidence"])}
    assert counted["ga_ua"] == pytest.approx(math.log2(0.4 / 0.00001), abs=0.01)
    # A host that no table knows may have many tenants.
    assert 5 < counted["ip"] < math.log2(0.4 / 0.001)
    assert link["bits"] == pytest.approx(sum(counted.values()), abs=0.05)
    assert link["probability"] == pytest.approx(1 / (1 + 999 * 2 ** -link["bits"]), abs=1e-3)
    assert "Google Analytics account (UA-77001122)" in link["strongest"]
    assert "none of 12 controls" in link["strongest"]
    assert "one server can host many unrelated sites" in link["spurious"].lower()
    assert world.networks(found) == [["a.example", "b.example"]]


def a_chain(world, **last):
    """b.example with a and c, each tied to it by an account and a host; what c has besides."""
    world.controls(server="nginx")
    world.add("a.example", ga_ua="UA-77001122", k_ip="192.0.2.10", created="2021-03-04T00:00:00Z")
    world.add("b.example", ga_ua="UA-77001122", k_ip=["192.0.2.10", "198.51.100.7"], contact_phone="+81 3 5550 1234")
    world.add("c.example", k_ip="198.51.100.7", contact_phone="+81 3 5550 1234", **last)
    return world


def test_two_that_share_little_are_linked_through_a_third_that_both_are_tied_to(world):
    links = schema.records(a_chain(world, created="2021-03-04T00:00:00Z").run()["publisher_links"])
    found = {(link["publisher_a"], link["publisher_b"]): link for link in links}
    link = found["a.example", "c.example"]
    assert link["through"] == "b.example"
    # More than what the two share says, and less than what a family of its own may decide.
    assert 1 / (1 + 999 * 2 ** -link["bits"]) < 0.5 < link["probability"] < 0.95
    assert link["tier"] == "circumstantial"
    assert "Both are linked to b.example" in link["strongest"]
    assert all(not other["through"] for pair, other in found.items() if pair != ("a.example", "c.example"))


def test_two_that_share_nothing_are_not_linked_through_a_third(world):
    assert ("a.example", "c.example") not in world.pairs(a_chain(world).run())


def test_no_link_goes_through_a_control(world):
    a_chain(world, created="2021-03-04T00:00:00Z").roles["b.example"] = "control"
    assert ("a.example", "c.example") not in world.pairs(world.run())


def test_an_id_alone_is_listed_but_makes_no_network(world):
    world.add("a.example", adsense="ca-pub-1111222233334444")
    world.add("b.example", adsense="ca-pub-1111222233334444")
    found = world.run()
    assert one(found)["tier"] == "associative"
    assert "no second, independent kind of evidence" in one(found)["spurious"].lower()
    assert world.networks(found) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("registrant_org", "Privacy service provided by Withheld for Privacy ehf"),
        ("registrant_name", "REDACTED FOR PRIVACY"),
        ("registrant_email", "abuse@registrar.example"),
        ("adsense", "ca-host-pub-2644536267352236"),
        ("adsense", "pub-2644536267352236"),
        ("fb_app", "966242223397117"),
        ("ip", "104.16.9.9"),
        ("ip", "2606:4700::1"),
        ("subnet24", "104.16.9.0/24"),
        ("ns", "ada.ns.cloudflare.com"),
        ("cert_name", "sni.cloudflaressl.com"),
        ("cert_issuer", "Let's Encrypt"),
        ("theme", "twentytwentyfour"),
        ("wp_user", "admin"),
        ("generator", "Site Kit by Google 1.100.0"),
        ("matomo", "1"),
        ("contact_email", "info@example.com"),
    ],
)
def test_a_platforms_value_weighs_nothing_and_says_why(world, kind, value):
    world.add("a.example", ga_ua="UA-77001122", **{f"k_{kind}": value})
    world.add("b.example", ga_ua="UA-77001122", **{f"k_{kind}": value})
    found = world.run()
    row = evidence(found, kind)[0]
    assert (row["bits"], row["full_bits"]) == (0, 0)
    assert row["reason"]
    assert one(found)["families"] == "tracking"
    alone = type(world)()
    alone.add("a.example", **{f"k_{kind}": value})
    alone.add("b.example", **{f"k_{kind}": value})
    assert world.pairs(alone.run(link=0.001)) == set()


def test_redacted_rows_never_count(world):
    for name in ("a.example", "b.example"):
        world.see(name, "registrant_email", "hidden@owner.example", state="redacted")
    assert len(world.run(link=0.001)["publisher_links"]) == 0


def test_one_control_that_bears_an_id_makes_it_an_accident(world):
    """A library that ships somebody's id: the two sites share it with an unrelated one."""
    for name in ("a.example", "b.example"):
        world.add(name, ga_ua="UA-77001122", theme="lighthouse")
    assert len(world.run()["publisher_links"]) == 1
    world.controls(12)
    world.add("control3.example", "control", ga_ua="UA-77001122")
    found = world.run()
    assert world.pairs(found) == set()
    low = evidence(world.run(link=0.001), "ga_ua")[0]
    assert low["background"] > 0.02
    assert "1 of the controls" in low["reason"]


def test_the_suspects_own_frequency_makes_nothing_common(world):
    world.controls()
    few, many = [f"few{i}.example" for i in range(2)], [f"many{i}.example" for i in range(60)]
    for name in few:
        world.add(name, ga_ua="UA-100200")
    for name in many:
        world.add(name, ga_ua="UA-300400", ip="192.0.2.77")
    found = world.run()
    bits = {row["value"]: row["bits"] for row in evidence(found, "ga_ua")}
    assert bits["UA-100200"] == bits["UA-300400"]
    assert world.networks(found) == [sorted(many)]


def test_controls_are_linked_only_beyond_doubt_and_are_in_no_network(world):
    world.controls(6)
    world.add("a.example", **STRONG)
    world.add("b.example", **STRONG)
    shared = {"ip": STRONG["ip"], "ns": "ns1.smallhost.example", "registrar": "Smallreg", "theme": "lighthouse"}
    world.add("honest.example", "outlet", **shared, ga_ua="UA-77001122")
    world.add("honest2.example", "control", **shared, favicon=STRONG["favicon"])
    found = world.run()
    assert world.pairs(found) == {("a.example", "b.example")}
    assert world.networks(found) == [["a.example", "b.example"]]


def test_what_the_customers_of_one_small_host_share_decides_nothing(world):
    for number in range(6):
        world.add(
            f"s{number}.example",
            ip="192.0.2.4",
            subnet24="192.0.2.0/24",
            ns=["ns1.tinyhost.example", "ns2.tinyhost.example"],
            mx="mail.tinyhost.example",
            registrar="Tinyreg",
            cert_sha256="ab" * 32,
            theme="lighthouse",
            server="tinyserver",
        )
    found = world.run()
    assert set(found["publisher_links"]["tier"]) <= {"circumstantial"}
    assert world.networks(found) == []


def test_dependent_evidence_counts_once(world):
    for name in ("a.example", "b.example"):
        world.add(name, registrant_email="x@owner.example", ip="192.0.2.4", subnet24="192.0.2.0/24")
    found = world.run()
    assert evidence(found, "subnet24")[0]["bits"] == 0
    assert "follows from another" in evidence(found, "subnet24")[0]["reason"]
    assert "may have many tenants" in evidence(found, "ip")[0]["reason"]


# Kinds under which one fact is seen more than once, and what must add nothing to it.
ONE_FACT = [
    ({"favicon": "sha256:aa01"}, {"favicon_mmh3": "123456789"}),
    ({"logo_image": "sha256:aa02"}, {"logo_dhash": "0f0f0f0f0f0f0f0f"}),
    (
        {"cert_org": "Green Harbour Media"},
        {"cert_sha256": "ab" * 32, "cert_serial": "0a0b0c", "cert_key": "cd" * 32, "cert_from": "2024-01-02"},
    ),
    ({"cert_sha256": "ab" * 32}, {"cert_serial": "0a0b0c", "cert_key": "cd" * 32, "cert_from": "2024-01-02"}),
    ({"manager_domain": "manager.example"}, {"ads_txt": "adnet.example, 12345, DIRECT"}),
    ({"owner_domain": "owner.example"}, {"ads_txt": "adnet.example, 12345, DIRECT"}),
    ({"company_number": "hrb 123456"}, {"company_name": "Green Harbour Media"}),
    ({"registrant_email": "x@owner.example"}, {"registrant_id": "HANDLE-77"}),
    ({"created": "2021-03-04"}, {"updated": "2024-03-04", "expires": "2027-03-04"}),
]


@pytest.mark.parametrize(("fact", "again"), ONE_FACT)
def test_one_fact_seen_in_several_forms_counts_once(world, fact, again):
    twice = type(world)()
    for name in ("a.example", "b.example"):
        world.add(name, ga_ua="UA-77001122", **fact)
        twice.add(name, ga_ua="UA-77001122", **fact, **again)
    assert one(twice.run(link=0.01))["bits"] == one(world.run(link=0.01))["bits"]


def test_what_follows_from_a_platforms_value_counts_nothing(world):
    """A default icon is nobody's own by its other hash either."""
    empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    for name in ("a.example", "b.example"):
        world.add(name, ga_ua="UA-77001122", favicon=empty, favicon_mmh3="0")
    assert evidence(world.run(), "favicon_mmh3")[0]["bits"] == 0


def test_a_host_in_common_is_never_likelier_than_not(world):
    """Not with all that follows from it, nor with what many have, and no controls to tell."""
    for name in ("a.example", "b.example"):
        world.add(name, ns="ns1.tinyhost.example", mx="mail.tinyhost.example", ip="192.0.2.4", theme="lighthouse")
    assert one(world.run(link=0.01))["probability"] < 0.5
    assert one(world.run(link=0.01))["tier"] == "circumstantial"


def test_further_values_of_a_family_count_by_halves(world):
    for name in ("a.example", "b.example"):
        world.add(name, ga_ua="UA-77001122", ga4="G-ABCD123456", gtm="GTM-QQ77WW")
    rows = schema.records(world.run()["publisher_link_evidence"])
    counted = sorted((row["bits"] for row in rows), reverse=True)
    full = rows[0]["full_bits"]
    assert counted == pytest.approx([full, 20 - full, 0], abs=0.01)
    assert any("same family" in row["reason"] or "may not weigh more" in row["reason"] for row in rows)


def test_windows_that_lie_apart_weigh_less(world):
    near, far = type(world)(), type(world)()
    for each, first, last in ((near, "2024-03-10", "2024-03-20"), (far, "2021-03-10", "2021-03-20")):
        for name in ("a.example", "b.example"):
            each.add(name, registrant_email="x@owner.example")
        each.see("a.example", "ip", "192.0.2.4")
        each.see("b.example", "ip", "192.0.2.4", first, last)
    close, apart = near.run(), far.run()
    assert evidence(close, "ip")[0]["bits"] > 5
    assert evidence(apart, "ip")[0]["bits"] < 0.5
    assert "further apart" in evidence(apart, "ip")[0]["reason"]
    # Rounds of acquisition a few days apart are one time; the window says from when to when both were seen.
    row = one(close)
    assert (row["overlap_first"], row["overlap_last"]) == ("2024-03-01T00:00:00Z", "2024-03-10T00:00:00Z")


def test_one_day_of_registration_supports_and_never_decides(world):
    for name in ("a.example", "b.example"):
        world.add(name, created="2022-05-06T01:02:03Z", registrar="Reg One")
    world.add("c.example", created="2022-05-06", registrar="Reg Two")
    world.add("d.example", created="2022")
    world.add("e.example", created="2022")
    found = world.run(link=0.0001)
    bits = {(row["link_id"], row["kind"]): row["bits"] for row in schema.records(found["publisher_link_evidence"])}
    day = sorted((value for (_, kind), value in bits.items() if kind == "created"), reverse=True)
    assert len(day) == 3
    assert day[0] == pytest.approx(2 * day[1], abs=0.02)
    assert set(found["publisher_links"]["tier"]) == {"circumstantial"}
    assert not {"d.example", "e.example"} & {name for pair in world.pairs(found) for name in pair}


def test_a_platforms_infrastructure_says_nothing_of_its_accounts(world):
    for name in ("blogs.example/one", "blogs.example/two"):
        world.add(
            name, ga_ua="UA-77001122", ip="192.0.2.4", ns="ns1.blogs.example", wp_user="jane-roe", favicon="sha256:1"
        )
    assert world.pairs(world.run(link=0.001)) == set()
    for name in ("blogs.example/one", "blogs.example/two"):
        world.add(name, contact_email="desk@owner.example")
    assert world.pairs(world.run()) == {("blogs.example/one", "blogs.example/two")}


def test_an_archives_page_bears_the_ids_of_those_it_copies(world):
    world.add("archive.org", "unlisted", ga_ua="UA-77001122")
    world.add("a.example", ga_ua="UA-77001122")
    assert world.pairs(world.run(link=0.001)) == set()


def test_a_page_with_many_ids_quotes_others(world):
    world.add("collector.example", ga_ua=[f"UA-9000{number}" for number in range(30)])
    world.add("a.example", ga_ua="UA-90007")
    assert world.pairs(world.run()) == set()


def test_what_a_wire_supplies_links_none_of_its_customers(world):
    world.add("wire.example", "distributor", contact_phone="+81-3-5550-0199", company_name="Swift Wire")
    for name in ("a.example", "b.example"):
        world.add(
            name,
            asset_host="media.wire.example",
            contact_email="press@wire.example",
            contact_phone="+81 3 5550 0199",
            company_name="Swift Wire",
        )
    assert world.pairs(world.run()) == set()
    world.roles["wire.example"] = "unlisted"
    assert ("a.example", "b.example") in world.pairs(world.run())


def test_names_of_firms_are_compared_without_legal_form(world):
    world.add("a.example", registrant_org="Green Harbour Media Co., Ltd.", ip="192.0.2.4")
    world.add("b.example", registrant_org="GREEN HARBOUR MEDIA LLC", ip="192.0.2.4")
    world.add("c.example", company_name="株式会社みどり港", contact_email="c@owner.example")
    world.add("d.example", company_name="みどり港株式会社", contact_email="c@owner.example")
    assert world.pairs(world.run()) == {("a.example", "b.example"), ("c.example", "d.example")}


def test_many_carriers_are_joined_without_all_their_pairs(world):
    every = [f"n{number:04d}.example" for number in range(450)]
    for name in every:
        world.add(name, ga_ua="UA-424242", ip="192.0.2.1")
    found = world.run()
    assert world.networks(found) == [sorted(every)]
    assert len(found["publisher_links"]) < 450 * 13


def test_order_of_rows_changes_nothing(world):
    world.controls(4, ip="192.0.2.200")
    for number in range(12):
        world.add(
            f"s{number}.example",
            ga_ua=f"UA-77{number % 3}",
            ip=f"192.0.2.{number % 2}",
            created=f"2021-03-0{1 + number % 2}",
            registrant_org="Green Harbour Media",
        )
    found = world.run()
    random.Random(7).shuffle(world.rows)  # noqa: S311
    world.roles = dict(sorted(world.roles.items(), reverse=True))
    again = world.run()
    for name, table in found.items():
        assert schema.to_csv(name, table) == schema.to_csv(name, again[name])
        # Texts that many rows have may be held as categories.
        plain = table.astype(dict.fromkeys(table.select_dtypes("category").columns, "str"))
        pd.testing.assert_frame_equal(schema.frame(name, schema.records(table)), plain)


KINDS = st.sampled_from(
    ["ga_ua", "ip", "subnet24", "ns", "registrar", "created", "registrant_org", "menu", "icp", "contact_phone"]
)
VALUES = st.one_of(
    st.sampled_from(["x", "2020-01-01", "192.0.2.1", "2020", "A Ltd", "?"]), st.text(min_size=1, max_size=12)
)


@settings(max_examples=25 * MORE, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 9), KINDS, VALUES), max_size=60))
def test_any_values_give_valid_tables(world, seen):
    fresh = type(world)()
    for number, kind, value in seen:
        text = schema.clean(value).strip()
        if text:
            fresh.see(f"s{number}.example", kind, text)
    found = fresh.run(link=0.01)
    links = schema.records(found["publisher_links"])
    total: dict[str, float] = {}
    for row in schema.records(found["publisher_link_evidence"]):
        assert 0 <= row["bits"] <= row["full_bits"] + 0.01
        total[row["link_id"]] = total.get(row["link_id"], 0) + row["bits"]
    for row in links:
        assert row["publisher_a"] < row["publisher_b"]
        assert total[row["link_id"]] == pytest.approx(row["bits"], abs=0.2)
        assert row["strongest"] and row["spurious"]


SHARED = {
    "ga_ua": "UA-77001122",
    "registrant_email": "desk@owner.example",
    "ns": "ns1.tinyhost.example",
    "ip": "192.0.2.10",
    "created": "2021-03-04",
    "favicon": "sha256:aa01",
    "menu": "quay | lamp | reef | tide | dune",
    "icp": "京ICP备00000001号",
    "theme": "lighthouse",
}
FEW = st.lists(st.sampled_from(sorted(SHARED)), min_size=1, unique=True)
PLATFORM = st.sampled_from(
    [("ip", "104.16.1.2"), ("adsense", "ca-host-pub-1556223355139109"), ("theme", "twentytwenty"), ("server", "nginx")]
)
FRESH = settings(max_examples=12 * MORE, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def two(world, chosen, names=("a.example", "b.example"), more=()):
    fresh = type(world)()
    for name in names:
        fresh.add(name, **{f"k_{kind}": SHARED[kind] for kind in chosen})
        for kind, value in more:
            fresh.see(name, kind, value)
    return fresh.run(link=0.0001)


@FRESH
@given(FEW)
def test_without_its_top_value_a_link_weighs_at_most_as_stated_less(world, chosen):
    """What else is shared may count for more then, never for less: the bits fall by no more than is stated."""
    found = two(world, chosen)
    links = schema.records(found["publisher_links"])
    if not links:
        return
    top = max(schema.records(found["publisher_link_evidence"]), key=lambda row: (row["bits"], row["kind"]))
    left = [kind for kind in chosen if kind != top["kind"]]
    fewer = schema.records(two(world, left)["publisher_links"]) if left else []
    bits = fewer[0]["bits"] if fewer else 0.0
    assert links[0]["bits"] - top["bits"] - 0.05 <= bits <= links[0]["bits"] or not fewer
    alone = [kind for kind in chosen if kinds()[kind].family == kinds()[top["kind"]].family] == [top["kind"]]
    if fewer and alone:
        assert bits == pytest.approx(links[0]["bits"] - top["bits"], abs=0.05)


@FRESH
@given(FEW, PLATFORM)
def test_a_platforms_value_adds_nothing(world, chosen, platform):
    plain, more = (two(world, chosen, more=more)["publisher_links"] for more in ((), (platform,)))
    columns = ["publisher_a", "publisher_b", "bits", "probability", "tier", "families"]
    assert plain[columns].equals(more[columns])


@FRESH
@given(FEW)
def test_which_of_two_comes_first_changes_nothing(world, chosen):
    one_way, other = two(world, chosen), two(world, chosen, ("b.example", "a.example"))
    columns = ["link_id", "publisher_a", "publisher_b", "bits", "probability", "tier"]
    assert one_way["publisher_links"][columns].equals(other["publisher_links"][columns])


@FRESH
@given(FEW)
def test_nearly_sure_takes_two_families_or_a_value_that_decides(world, chosen):
    for link in schema.records(two(world, chosen)["publisher_links"]):
        decides = any(kinds()[kind].may_decide for kind in chosen)
        assert link["probability"] < 0.95 or len(link["families"].split()) > 1 or decides


def test_every_value_that_two_bear_is_listed_with_what_it_weighs_at_most(world):
    world.add("a.example", ip="203.0.113.7", ns="ns1.small-host.example", plugin="seo-kit")
    world.add("b.example", ip="203.0.113.7", plugin="seo-kit")
    world.add("c.example", ip="203.0.113.8", k_server="nginx")
    world.controls(12, plugin="seo-kit")
    shared = {(row["kind"], row["value"]): row for row in schema.records(world.run()["shared_values"])}
    assert set(shared) == {("ip", "203.0.113.7"), ("plugin", "seo-kit")}
    host, plugin = shared["ip", "203.0.113.7"], shared["plugin", "seo-kit"]
    assert (host["carriers"], host["controls"], host["publishers"]) == (2, 0, "a.example b.example")
    assert host["bits"] > 3
    assert "a lead, no link: by itself p 0." in host["reason"]
    assert "linked from 0.5; who is at one host may be no more than its customer" in host["reason"]
    assert (plugin["carriers"], plugin["controls"]) == (14, 12)
    assert plugin["bits"] < 1
    assert "12 of the controls" in plugin["reason"]


def test_a_value_that_links_by_itself_is_no_lead(world):
    world.add("a.example", registrant_email="desk@green-harbour.example", ns="ns1.small-host.example")
    world.add("b.example", registrant_email="desk@green-harbour.example", ns="ns1.small-host.example")
    found = world.run()
    assert world.pairs(found) == {("a.example", "b.example")}
    reasons = {row["kind"]: row["reason"] for row in schema.records(found["shared_values"])}
    assert reasons["registrant_email"] == ""
    assert "a lead, no link" in reasons["ns"]
