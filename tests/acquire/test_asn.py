"""Who announces an address: asked of Team Cymru over DNS in its documented form, or taken from a table."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace import config, evidence, read, schema
from wiretrace.identity.origins import Origin, announced, asked, holder, question, ranged

Investigate = Callable[..., config.Investigation]
V6 = "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"


@given(st.ip_addresses())
def test_the_question_names_the_address(address: Any) -> None:
    assert asked(question(str(address))) == str(address)


def test_questions_are_in_the_documented_form() -> None:
    assert question("216.90.108.31") == "31.108.90.216.origin.asn.cymru.com"
    assert question("2001:db8::1") == f"1{V6[1:]}.origin6.asn.cymru.com"
    for name in ("1.2.3.origin.asn.cymru.com", "site.example", "1.0.0.127.in-addr.arpa", f"{V6}.origin.asn.cymru.com"):
        assert asked(name) == ""


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["23028 | 198.51.100.0/24 | US | arin | 1998-09-25"], Origin((23028,), "198.51.100.0/24")),
        (["64500 64496 | 198.51.100.0/24 | US | arin | 1998-09-25"], Origin((64496, 64500), "198.51.100.0/24")),
        # The more specific prefix is where packets go, in whatever order the records come.
        (
            ["64496 | 198.51.0.0/16 | US | arin | ", "64497 | 198.51.100.0/22 | US | arin | 1998-09-25"],
            Origin((64497,), "198.51.100.0/22"),
        ),
        (["64496 | 203.0.113.0/24 | US | arin | 1998-09-25"], None),
        (["0 | 198.51.100.0/24 | US | arin | 1998-09-25"], None),
        (["NA | 198.51.100.0/24 | US | arin | 1998-09-25", "v=spf1 -all", ""], None),
        (["64496 | 198.51.100.0/99 | US | arin | 1998-09-25"], None),
    ],
)
def test_answers_are_read_as_documented(texts: list[str], expected: Origin | None) -> None:
    assert announced(texts, "198.51.100.7") == expected
    assert announced(reversed(texts), "198.51.100.7") == expected


@given(st.lists(st.text()), st.ip_addresses(), st.integers())
def test_no_answer_breaks_the_reader(texts: list[str], address: Any, number: int) -> None:
    assert announced(texts, str(address)) is None or texts
    holder(texts, number)
    for text in texts:
        ranged(text, str(address))
        asked(text)


def test_a_line_of_a_table_tells_only_of_its_range() -> None:
    line = "198.51.100.0\t198.51.100.255\t64496\tUS\tHARBOR-NET - Harbor Networks"
    assert ranged(line, "198.51.100.7") == Origin(
        (64496,), "198.51.100.0-198.51.100.255", "HARBOR-NET - Harbor Networks"
    )
    assert ranged(line, "198.51.101.7") is None and ranged(line, "2001:db8::1") is None
    assert ranged("198.51.100.0\t198.51.100.255\t0\tNone\tNot routed", "198.51.100.7") is None


def observed(end: Any, made: config.Investigation) -> set[tuple[str, str]]:
    captures, lookups = evidence.index(end.folder, "r1")
    rows = schema.records(read.read_publishers(end.folder, captures, lookups, made, ["site.example"])["observations"])
    return {(row["kind"], row["value"]) for row in rows if row["kind"] == "asn"}


def test_a_service_is_asked_who_announces_each_address(
    nameserver: Any, investigation: Investigate, acquired: Any
) -> None:
    zone = {
        ("site.example", "A"): ["198.51.100.7", "203.0.113.9", "127.0.0.1"],
        ("site.example", "AAAA"): ["2001:db8::1"],
        ("7.100.51.198.origin.asn.cymru.com", "TXT"): [
            '"64500 64496 | 198.51.100.0/24 | US | arin | 1998-09-25"',
            '"64511 | 198.51.0.0/16 | US | arin | 1998-09-25"',
        ],
        (f"1{V6[1:]}.origin6.asn.cymru.com", "TXT"): ['"64496 | 2001:db8::/32 | DE | ripencc | 2010-01-01"'],
        ("AS64496.asn.cymru.com", "TXT"): ['"64496 | US | arin | 2002-01-04 | HARBOR-NET Harbor Networks, US"'],
        ("AS64500.asn.cymru.com", "TXT"): ['"nonsense"'],
    }
    made = investigation(["http://site.example/"], lookups=["dns", "asn"], resolvers=[nameserver(zone)])
    end = acquired(made)
    name = "HARBOR-NET Harbor Networks, US"
    assert end.said["asn", "198.51.100.7"] == f"found: AS64496 {name}, AS64500 announces 198.51.100.0/24"
    assert end.said["asn", "2001:db8::1"] == f"found: AS64496 {name} announces 2001:db8::/32"
    assert end.said["asn", "203.0.113.9"] == "absent: no autonomous system announces it"
    assert end.said["asn", "127.0.0.1"].startswith("not_looked: ")
    assert end.said["asn", "AS64496"] == f"found: {name}"
    assert end.said["asn", "AS64500"] == "could_not_look: the answer tells no name"
    assert observed(end, made) == {("asn", "AS64496"), ("asn", "AS64500")}


def test_a_service_that_is_silent_is_asked_once(nameserver: Any, investigation: Investigate, acquired: Any) -> None:
    zone = {("site.example", "A"): ["198.51.100.7", "203.0.113.9"]}
    zone |= {(f"{n}.origin.asn.cymru.com", "TXT"): "SERVFAIL" for n in ("7.100.51.198", "9.113.0.203")}  # type: ignore[misc]
    made = investigation(["http://site.example/"], lookups=["dns", "asn"], resolvers=[nameserver(zone)])
    said = acquired(made).said
    assert said["asn", "198.51.100.7"] == said["asn", "203.0.113.9"] == "could_not_look: the resolver answered SERVFAIL"


TABLE = b"""198.51.100.0\t198.51.100.255\t64496\tUS\tHARBOR-NET - Harbor Networks
203.0.113.0\t203.0.113.255\t0\tNone\tNot routed
2001:db8::\t2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\t64497\tDE\tQUAY-NET
"""


@pytest.mark.parametrize("packed", [False, True])
def test_a_table_answers_where_one_is_given(
    nameserver: Any, investigation: Investigate, acquired: Any, tmp_path: Path, packed: bool
) -> None:
    zone = {("site.example", "A"): ["198.51.100.7", "203.0.113.9"], ("site.example", "AAAA"): ["2001:db8::1"]}
    path = tmp_path / ("ranges.tsv.gz" if packed else "ranges.tsv")
    path.write_bytes(gzip.compress(TABLE) if packed else TABLE)
    made = investigation(
        ["http://site.example/"], lookups=["dns", "asn"], resolvers=[nameserver(zone)], asn_table=str(path)
    )
    end = acquired(made)
    assert end.said["asn", "198.51.100.7"].startswith(
        "found: AS64496 HARBOR-NET - Harbor Networks announces 198.51.100.0-198.51.100.255; table ranges.tsv"
    )
    assert end.said["asn", "203.0.113.9"].startswith("absent: no autonomous system announces it; table")
    assert observed(end, made) == {("asn", "AS64496"), ("asn", "AS64497")}
    evidence.seal(end.folder, "r1")
    assert evidence.verify(end.folder, "r1") == []


def test_what_is_no_table_is_a_mistake_of_the_configuration(
    investigation: Investigate, acquired: Any, tmp_path: Path
) -> None:
    (tmp_path / "x.tsv").write_text("ip,asn\n198.51.100.0/24,64496\n", encoding="utf-8")
    with pytest.raises(config.UserError, match=r"acquire.asn_table: .*x.tsv: no table of ranges"):
        acquired(investigation(["http://site.example/"], asn_table=str(tmp_path / "x.tsv")))
