"""What a look-alike copied from a paper ties it neither to the paper nor to another copy."""

from __future__ import annotations

from typing import Any

from wiretrace import schema

PAPER, COPY, OTHER, SISTER = "quay-gazette.de", "quay-gazette.ltd", "quay-gazette.pro", "quay-wochenblatt.de"
# What a page carries with it, and what only its owner's records have.
PAGE = {
    "ga4": "G-QUAY001122",
    "site_verification": "google:Qq11",
    "company_name": "Quay Gazette Verlag GmbH",
    "favicon": "sha256:ab01",
    "asset_host": "static.quay-gazette.de",
}
RECORDS = {"created": "2022-06-08T00:00:00Z", "ip": "192.0.2.77", "registrant_email": "mill@owner.example"}


def pairs(found: Any) -> list[tuple[str, str]]:
    return [(row["publisher_a"], row["publisher_b"]) for row in schema.records(found["publisher_links"])]


def test_a_copied_page_ties_its_copies_to_nobody(world: Any) -> None:
    world.add(PAPER, "unlisted", **PAGE)
    world.add(SISTER, "unlisted", ga4=PAGE["ga4"], company_name=PAGE["company_name"], k_ip="198.51.100.3")
    for name in (COPY, OTHER):
        world.add(name, presents_as=PAPER, namesake=PAPER, **PAGE)
    found = world.run()
    assert pairs(found) == [(PAPER, SISTER)]
    assert not {COPY, OTHER} & {row["publisher"] for row in schema.records(found["network_members"])}


def test_what_no_page_carries_still_ties_the_copies(world: Any) -> None:
    world.add(PAPER, "unlisted", **PAGE)
    for name in (COPY, OTHER):
        world.add(name, presents_as=PAPER, **PAGE, **RECORDS)
    found = world.run()
    assert pairs(found) == [(COPY, OTHER)]
    kinds = {row["kind"] for row in schema.records(found["publisher_link_evidence"])}
    assert kinds <= {*RECORDS, "subnet24"}


def test_what_is_the_copies_own_counts_where_the_paper_was_looked_at(world: Any) -> None:
    own = {"yandex_metrika": "88112233", "ip": "192.0.2.77"}
    world.add(PAPER, "unlisted", **PAGE)
    for name in (COPY, OTHER):
        world.add(name, presents_as=PAPER, **PAGE, **own)
    assert pairs(world.run()) == [(COPY, OTHER)]


def test_where_the_paper_was_not_looked_at_nothing_on_the_pages_counts(world: Any) -> None:
    for name in (COPY, OTHER):
        world.add(name, presents_as=PAPER, **PAGE)
    assert pairs(world.run()) == []


def test_a_second_address_that_its_publisher_leads_to_is_the_publishers(world: Any) -> None:
    world.add(PAPER, "unlisted", namesake=COPY, **PAGE)
    world.add(COPY, presents_as=PAPER, namesake=PAPER, **PAGE)
    assert pairs(world.run()) == [(PAPER, COPY)]
