"""Answers in the forms that registries write: whose a line is, what a day is, and that nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.identity import registry
from wiretrace.read.whois import of_whois, parse, read_text, registered
from wiretrace.read.whois.days import day_of, month_comes_first
from wiretrace.read.whois.labels import normal

RPSL = """domain:      quay.example
holder-c:    HP1-TEST
admin-c:     AB2-TEST
registrar:   Harbour Registrar
Expiry Date: 2027-12-30T17:16:48Z
created:     2019-05-30T22:00:00Z
nserver:     ns1.quay.example [192.0.2.1]
nserver:     ns2.quay.example

registrar:   Harbour Registrar
address:     9 Registrar Road
e-mail:      desk@registrar.example
created:     1999-01-01

nic-hdl:     AB2-TEST
contact:     Agent Smithson
e-mail:      agent@registrar.example

nic-hdl:     HP1-TEST
type:        ORGANIZATION
contact:     Harbour Press
address:     1 Quay Street
address:     Harbour City
country:     XX
phone:       +44 1632 960000
e-mail:      Desk@quay.example
"""
PARTS = """
    Domain name:
        quay.example

    Registrant:
        Ann Sailor

    Registrant's address:
        1 Quay Street
        Harbour City

    Registrar:
        Harbour Registrar Ltd [Tag = HARBOUR]
        URL: https://registrar.example

    Relevant dates:
        Registered on: 30-May-2019
        Expiry date:  30-May-2027

    Name servers:
        ns1.quay.example   192.0.2.1
        ns2.quay.example   2001:db8::1

    WHOIS lookup made at 13:41:57 01-May-2024
"""
STARRED = """** Domain Name: quay.example

** Registrant:
   Harbour Press Ltd
   1 Quay Street
   Harbour City
   desk@quay.example
   + 90-312-0000000-

** Administrative Contact:
NIC Handle		: ab1-test
Organization Name	: Agency Ltd
Phone			: + 90-312-1111111-

** Domain Servers:
ns1.quay.example
ns2.quay.example

** Additional Info:
Created on..............: 2019-May-30.
Expires on..............: 2027-May-29.
"""
TITLED_IN_COMMENTS = """domain:           quay.example
nserver:          ns1.quay.example
created:          2019-05-30 13:40:19+03
expires:          2027-05-30 13:40:18+03

% Registrar:
% ==========
registrar:        harbour.reg
organization:     Harbour Registrar LLC

% Registrant:
% ===========
person:           Ann Sailor
organization:     Harbour Press LLC
e-mail:           desk@quay.example

% Administrative Contacts:
% =======================
person:           Agent Smithson
e-mail:           agent@agency.example
"""
PHRASES = """Domain Name: quay.example
   Registrant:

      Harbour Press Ltd

   Record expires on 2027-05-30 (YYYY-MM-DD)
   Record created on 2019-05-30 (YYYY-MM-DD)

   Domain servers in listed order:
      ns1.quay.example
      ns2.quay.example

Registration Service Provider: Harbour Registrar
"""
COLUMNS = "Domain name\tquay.example\n\nRegistrar\tHarbour Registrar\n9 Registrar Road\n\nName servers\nns1.quay.example\nns2.quay.example\n\nFirst registration date\t30 May 2019\n"
KOREAN = """도메인이름                  : quay.example
등록인                      : 하버신문
등록인 주소                 : 항구시 부두로 1
책임자                      : 김항구
책임자 전자우편             : agent@agency.example
등록일                      : 2019. 05. 30.
사용 종료일                 : 2027. 05. 30.
등록대행자                  : (주)하버(http://registrar.example)

1차 네임서버 정보
   호스트이름               : ns1.quay.example
"""


def values(text: str, state: str = "value") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for seen in of_whois(text.encode(), "quay.example"):
        if seen.state == state:
            found.setdefault(seen.kind, []).append(seen.value)
    return found


def test_a_handle_leads_to_the_registrants_block() -> None:
    found = values(RPSL)
    assert found["registrant_name"] == ["Harbour Press"]
    assert found["registrant_email"] == ["desk@quay.example"]
    assert found["registrant_address"] == ["1 Quay Street, Harbour City, XX"]
    assert (found["registrar"], found["created"]) == (["Harbour Registrar"], ["2019-05-30"])


@pytest.mark.parametrize("text", [PARTS, STARRED, TITLED_IN_COMMENTS, PHRASES, RPSL])
def test_parts_are_kept_apart(text: str) -> None:
    found = values(text)
    assert found["created"] == ["2019-05-30"] and found["expires"][0].startswith("2027-")
    assert found["ns"][0] == "ns1.quay.example" and "admin" not in str(found)
    owners = found.get("registrant_name", []) + found.get("registrant_org", [])
    assert owners and not {"Agent Smithson", "Agency Ltd", "Harbour Registrar"} & set(owners)
    assert set(found.get("registrant_email", ["desk@quay.example"])) == {"desk@quay.example"}


def test_an_address_block_without_labels() -> None:
    found = values(STARRED)
    assert found["registrant_org"] == ["Harbour Press Ltd"]
    assert found["registrant_address"] == ["1 Quay Street, Harbour City"]
    assert found["registrant_phone"] == ["+ 90-312-0000000-"]


def test_two_columns_and_korean_labels() -> None:
    assert values(COLUMNS) == {
        "registrar": ["Harbour Registrar"],
        "created": ["2019-05-30"],
        "ns": ["ns1.quay.example", "ns2.quay.example"],
    }
    found = values(KOREAN)
    assert (found["registrant_name"], found["created"], found["expires"]) == (
        ["하버신문"],
        ["2019-05-30"],
        ["2027-05-30"],
    )
    assert "registrant_email" not in found and found["ns"] == ["ns1.quay.example"]


def test_each_value_says_where_it_stands() -> None:
    for text in (RPSL, PARTS, STARRED, KOREAN):
        for seen in of_whois(text.encode(), "quay.example"):
            if seen.start >= 0:
                assert text[seen.start : seen.end] == seen.excerpt, seen
        assert sum(seen.start >= 0 for seen in of_whois(text.encode(), "quay.example")) >= 4


def test_the_zones_charset_is_taken_where_the_bytes_are_not_utf8() -> None:
    text = "domain: quay.example\nowner: Jornal São João Ltda\n"
    assert "São João" in read_text(text.encode("latin-1"), "quay.br")
    assert "São João" in read_text(text.encode(), "quay.br")
    russian = "domain: quay.example\nperson: Анна Морякова\n"
    assert "Морякова" in read_text(russian.encode("koi8-r"), "quay.ru")
    assert "みなと" in read_text("[登録者名] 株式会社みなと".encode("iso2022_jp"), "minato.jp")


def test_every_zones_charset_is_known() -> None:
    for zone in registry("whois_labels.yaml")["charsets"]:
        assert "Quay" in read_text(b"holder: Quay \xe9\xe8\xff\x81", f"quay.{zone}")


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2019-05-30T04:00:00Z", "2019-05-30"),
        ("2019. 05. 30.", "2019-05-30"),
        ("30-May-2019 00:00:00 UTC", "2019-05-30"),
        ("2019-May-30.", "2019-05-30"),
        ("Thu May 30 09:42:42 2019", "2019-05-30"),
        ("Thu May 30 09:42:42 GMT 2019", "2019-05-30"),
        ("30th May 2019", "2019-05-30"),
        ("May 30, 2019", "2019-05-30"),
        ("30.5.2019", "2019-05-30"),
        ("30/05/2019", "2019-05-30"),
        ("05/30/2019", "2019-05-30"),
        ("20190530", "2019-05-30"),
        ("2019年5月30日", "2019-05-30"),
        ("30 de mayo de 2019", "2019-05-30"),
        ("notify@quay.example 20190530134104", "2019-05-30"),
        ("2019-02-31", ""),
        ("N/A", ""),
        ("0000-00-00", ""),
        ("12345678901234567890", ""),
    ],
)
def test_days(value: str, day: str) -> None:
    assert day_of(value, month_first=False) == day


def test_the_answers_other_days_tell_which_comes_first() -> None:
    assert month_comes_first(["03/02/2012", "12/18/2001"], "", usual=False)
    assert not month_comes_first(["03/02/2012", "18/12/2001"], "", usual=True)
    assert not month_comes_first(["03/02/2012"], "Creation Date (dd/mm/yyyy)", usual=True)
    assert day_of("03/02/2012", month_first=True) == "2012-03-02"


@pytest.mark.parametrize(
    "text",
    [
        'No match for "QUAY.EXAMPLE".\n',
        "NOT FOUND\n>>> Last update of WHOIS database: 2024-07-03T03:50:00Z <<<\nAccess to WHOIS information is provided",
        "Domain Name: quay.example\nDomain Status: No Object Found\n",
        "Domain: quay.example\nStatus: free\n",
        "quay.example is free\n",
        "% This query returned 0 objects.\n",
        "We do not have an entry in our database matching your query.\n",
        "該当するデータがありません。\n",
        "%ERROR:101: no entries found\n",
        "Available\nDomain: quay.example\n",
    ],
)
def test_not_registered(text: str) -> None:
    assert registered(text) is False


def test_registered_and_untold() -> None:
    legal = (
        "The data is available for information purposes. If nothing is available for registration, it was not found.\n"
    )
    for text in (RPSL, PARTS, STARRED, TITLED_IN_COMMENTS, PHRASES, COLUMNS, KOREAN):
        assert registered(text + legal) is True
    assert registered("Your connection limit exceeded. Please slow down.\n") is None
    assert registered("") is None


def test_labels_have_one_form() -> None:
    assert normal("Registrant-Street2") == normal("registrant street") == "registrant street"
    assert normal("2b.  Postal Address") == "postal address"
    assert normal("Creation Date (dd/mm/yyyy)") == "creation date"


PIECES = ["Registrant", "Registrar", "Name servers", "nic-hdl", "domain", "[登録者名]", "created", ":", ": ", "\n", "\n\n", "   ", "\t", "% ", "2019-05-30", "ns1.quay.example", "a@b.example", "(", "]", "HP1-TEST", "：", "\x1b$B", "\u202e", "1" * 60]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_answer_is_read_and_its_places_are_right(pieces: list[str]) -> None:
    body = "".join(pieces).encode()
    text = read_text(body, "quay.example")
    for seen in of_whois(body, "quay.example"):
        assert seen.value and len(seen.value) <= 300
        assert seen.start < 0 or text[seen.start : seen.end][:300] == seen.excerpt
    registered(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read(body: bytes) -> None:
    of_whois(body, "quay.jp")


@pytest.mark.parametrize(
    "piece",
    [
        "Registrant:\n",
        "nic-hdl: A1-B\nholder-c: A1-B\n\n",
        "[a] b\n",
        "Record expires on ",
        "a " * 40 + ":\n",
        "1/1/",
        "Jan ",
    ],
)
def test_long_answers_are_bounded(piece: str) -> None:
    found = parse((piece * 300_000)[:3_000_000], "quay.example")
    assert all(len(held) <= 60 for held in found.values.values())
