"""What no table knows: how much it may say, and who bears what others name of it."""

from __future__ import annotations

import math

import pytest

from wiretrace.attribute import rarity
from wiretrace.attribute.own import owner_of

SERVICES = [f"cdn{number}.adservice{number}.example" for number in range(12)]


def bits(found, kind):
    evidence = found["publisher_link_evidence"]
    rows = evidence[evidence["kind"] == kind]
    return {row["value"]: (float(row["bits"]), row["reason"]) for row in rows.to_dict("records")}


def probability(found):
    links = found["publisher_links"]
    return float(links["probability"].max()) if len(links) else 0.0


def test_the_services_that_two_papers_embed_link_nobody(world):
    """Advertising hosts come in sets: a dozen in common are one coincidence."""
    world.add("harbour.example", asset_host=SERVICES, html_comment="ad slot of the adservice, do not remove this line")
    world.add("quay.example", asset_host=SERVICES, html_comment="ad slot of the adservice, do not remove this line")
    assert probability(world.run(link=0.001)) < 0.5


def test_a_plugin_and_the_class_names_that_it_brings_link_nobody(world):
    names = ["tidal-clock", "berth-table", "crane-card", "ferry-row", "lamp-post", "pier-grid"]
    for name in ("harbour.example", "quay.example"):
        world.add(name, plugin="tidal-clock", class_name=names, asset_host="static.tidalclock.example")
    assert 0 < probability(world.run(link=0.001)) < 0.5


def test_class_names_of_their_own_tell_more_than_one_and_controls_make_them_common(world):
    names = ["tidal-clock", "berth-table", "crane-card", "ferry-row"]

    def found(shared, control=""):
        own = type(world)()
        for name in ("harbour.example", "quay.example"):
            own.add(name, class_name=[*names[:shared], f"{name[:4]}-own"], ns="ns1.smallhost.example")
        own.controls(12, class_name=control or "lamp-post")
        return probability(own.run(link=0.001))

    assert found(4) > 0.5 > found(0)
    assert found(4) > found(1) > found(0)
    assert found(1, control=names[0]) == found(0)


def test_one_host_among_many_says_less_than_the_only_one(world):
    for name, more in (("a.example", []), ("b.example", []), ("c.example", SERVICES), ("d.example", SERVICES[::-1])):
        host = "media.one.example" if name < "c" else "media.two.example"
        world.add(name, asset_host=[host, *more], registrant_email=f"ann@{host}")
    found = bits(world.run(link=0.001), "asset_host")
    assert found["media.one.example"][0] > found["media.two.example"][0] >= 0


def test_controls_that_do_without_it_make_a_host_tell_more(world):
    def of_host(controls):
        own = type(world)()
        for name in ("harbour.example", "quay.example"):
            own.add(name, asset_host="media.presshouse.example", registrant_email="ann@presshouse.example")
        own.controls(controls, theme="other")
        return bits(own.run(link=0.001), "asset_host")["media.presshouse.example"]

    (few, why), (many, _) = of_host(0), of_host(80)
    assert many > few > 0
    assert "no table tells how many sites bear this" in why


def test_a_listed_service_says_little_beside_an_unlisted_host(world):
    for name in ("harbour.example", "quay.example"):
        world.add(name, asset_host=["cdn.cookielaw.org", "media.own.example"], registrant_email="ann@own.example")
    found = bits(world.run(link=0.001), "asset_host")
    assert found["media.own.example"][0] > 3
    assert found["cdn.cookielaw.org"][0] < 2


def test_a_site_that_loads_from_the_host_of_another_shares_it_with_that_one(world):
    world.add("harbour.example", asset_host="static.quay.example", ns="ns1.smallhost.example")
    world.add("quay.example", ns="ns2.smallhost.example")
    found = world.run(link=0.001)
    evidence = found["publisher_link_evidence"]
    (row,) = evidence[evidence["kind"] == "asset_host"].to_dict("records")
    # Both sides rest on the page that names it.
    assert row["observation_a"] == row["observation_b"] == "o-0000000000000001"
    assert float(row["bits"]) > 5
    assert probability(found) > 0.85


def test_who_is_declared_as_owner_is_linked_with_who_declares_it(world):
    world.add("harbour.example", owner_domain="presshouse.example")
    world.add("presshouse.example", theme="own-theme")
    assert probability(world.run()) > 0.9


@pytest.mark.parametrize("role", ["distributor", "control", "outlet"])
def test_what_names_a_distributor_or_control_links_nobody_with_it(world, role):
    world.add("harbour.example", asset_host="static.quay.example", ns="ns1.quay.example", mx="mx.quay.example")
    world.add("quay.example", role, theme="own-theme")
    assert not len(world.run(link=0.001)["publisher_links"])


@pytest.mark.parametrize("role", ["distributor", "seller"])
def test_who_names_one_distributor_as_host_is_not_hosted_with_it(world, role):
    world.add("wire.example", role, theme="own-theme")
    for name in ("harbour.example", "quay.example"):
        world.add(name, asset_host="static.wire.example")
    assert not len(world.run(link=0.001)["publisher_links"])


def test_the_owner_of_a_host_is_the_publisher_that_it_lies_under():
    known = {"quay.example": 1, "static.harbour.example": 2}
    assert owner_of("a.b.quay.example", known) == 1
    assert owner_of("QUAY.example", known) == 1
    assert owner_of("static.harbour.example", known) == 2
    assert owner_of("notquay.example", known) == -1
    assert owner_of("example", known) == -1
    assert owner_of("", known) == -1
    assert owner_of("." * 3000 + "quay.example", known) == 1


def test_weak_values_do_not_add_up(world):
    """A locale, a time zone and a server program are no evidence, however many there are."""
    for name in ("harbour.example", "quay.example"):
        world.add(name, locale="html:xx", time_zone="Mars/Quay", server="quayserver/1", created="2024-02-02")
    found = world.run(link=0.001)
    assert all(bits(found, kind).get(value, (0, ""))[0] == 0 for kind, value in (("locale", "html:xx"),))
    assert "says less than the rates are known to" in bits(found, "locale")["html:xx"][1]


@pytest.mark.parametrize(("borne", "controls"), [(0, 0), (0, 60), (3, 60), (60, 60), (1, 300_000)])
def test_the_share_of_a_value_that_no_table_knows_is_the_mean_over_the_orders_of_size(borne, controls):
    least, largest = 0.0005, 0.05
    found = rarity._mean_share(least, largest, borne, controls)
    shares = [least * (largest / least) ** (number / (rarity.STEPS - 1)) for number in range(rarity.STEPS)]
    likely = [borne * math.log(share) + (controls - borne) * math.log1p(-share) for share in shares]
    weight = [math.exp(each - max(likely)) for each in likely]
    mean = math.fsum(s * w for s, w in zip(shares, weight, strict=True)) / math.fsum(weight)
    assert found == pytest.approx(mean, rel=1e-9)
    assert least <= found <= largest
