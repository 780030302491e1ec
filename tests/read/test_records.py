"""WHOIS, RDAP, DNS and certificates: what a registrant is, and that a redaction is nobody."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from wiretrace.read.observations import Seen
from wiretrace.read.records import of_dns, of_rdap, of_tls
from wiretrace.read.whois import of_whois

JPRS_JA = """[ 本データベースの利用は、ネットワーク管理のためにお願いします ]
Domain Information: [ドメイン情報]
[Domain Name]                   MINATO.EXAMPLE

[登録者名]                      株式会社みなと新聞
[Registrant]                    Minato Press Inc.

[Name Server]                   ns1.minato.example
[Name Server]                   ns2.minato.example
[Signing Key]

[登録年月日]                    2019/05/30
[有効期限]                      2026/05/31
[状態]                          Active
[最終更新]                      2025/06/01 01:05:04 (JST)

Contact Information: [公開連絡窓口]
[名前]                          株式会社みなと新聞 ①号館
[Email]                         Desk@minato.example
[郵便番号]                      000-0000
[住所]                          港町
                                1-2-3
[電話番号]                      00-0000-0000
"""
JPRS_EN = """Domain Information:
a. [Domain Name]                MINATO.EXAMPLE
g. [Organization]               Minato Press Inc.
m. [Administrative Contact]     AB1234JP
p. [Name Server]                ns1.minato.example
[State]                         Connected (2026/05/31)
[Registered Date]               2019/05/30
"""
JPRS_HIDDEN = JPRS_JA.replace("株式会社みなと新聞 ①号館", "Whois情報公開代行サービス by みなとドメイン")
CNNIC = """Domain Name: haigang.example
ROID: 20190530s10001s12345678-cn
Domain Status: ok
Registrant: 海港文化传播有限公司
Registrant Contact Email: Desk@haigang.example
Sponsoring Registrar: 海港网络科技有限公司
Name Server: ns1.haigang.example
Name Server: ns2.haigang.example
Registration Time: 2019-05-30 10:28:53
Expiration Time: 2026-05-30 10:28:53
DNSSEC: unsigned
"""
GTLD = """Domain Name: HARBOUR.EXAMPLE
Registrar: Example Registrar, LLC
Creation Date: 2019-05-30T04:00:00Z
Registry Expiry Date: 2026-05-30T04:00:00Z
Registrant Name: REDACTED FOR PRIVACY
Registrant Organization: Domains By Proxy, LLC
Registrant Email: Please query the RDDS service of the Registrar of Record
Admin Email: admin@harbour.example
Name Server: NS1.HARBOUR.EXAMPLE
>>> Last update of WHOIS database: 2024-01-01T00:00:00Z <<<
"""


def values(seen: list[Seen], state: str = "value") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in seen:
        if one.state == state:
            found.setdefault(one.kind, []).append(one.value)
    return found


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jis_2004", "iso2022_jp_2004"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_jprs_in_japanese(codec: str, end: str) -> None:
    text = JPRS_JA if codec != "iso2022_jp_2004" else JPRS_JA.replace("①", "一")
    found = values(of_whois(text.replace("\n", end).encode(codec), "minato.example"))
    assert found["registrant_org"] == ["株式会社みなと新聞", "Minato Press Inc."]
    assert found["ns"] == ["ns1.minato.example", "ns2.minato.example"]
    assert (found["created"], found["expires"]) == (["2019-05-30"], ["2026-05-31"])
    assert found["registrant_email"] == ["desk@minato.example"]
    assert found["registrant_address"] == ["港町 1-2-3"]
    assert found["registrant_phone"] == ["00-0000-0000"]


def test_jprs_in_english_with_index_letters() -> None:
    found = values(of_whois(JPRS_EN.encode(), "minato.example"))
    assert found == {
        "registrant_org": ["Minato Press Inc."],
        "ns": ["ns1.minato.example"],
        "created": ["2019-05-30"],
        "expires": ["2026-05-31"],
        "domain_status": ["Connected"],
    }


def test_a_contact_of_a_privacy_service_is_nobodys() -> None:
    seen = of_whois(JPRS_HIDDEN.encode(), "minato.example")
    assert "registrant_email" not in values(seen) and "registrant_phone" not in values(seen)
    assert values(seen)["registrant_org"] == ["株式会社みなと新聞", "Minato Press Inc."]
    assert values(seen, "redacted")["registrant_email"] == ["desk@minato.example"]


def test_cnnic() -> None:
    found = values(of_whois(CNNIC.encode(), "haigang.example"))
    assert found == {
        "registrant_org": ["海港文化传播有限公司"],
        "registrant_email": ["desk@haigang.example"],
        "registrar": ["海港网络科技有限公司"],
        "created": ["2019-05-30"],
        "expires": ["2026-05-30"],
        "ns": ["ns1.haigang.example", "ns2.haigang.example"],
        "domain_status": ["ok"],
    }
    assert {one.rule_id for one in of_whois(CNNIC.encode("gb18030"), "haigang.example")} == {"whois-cnnic"}


def test_redactions_are_marked_and_other_contacts_are_not_the_registrant() -> None:
    seen = of_whois(GTLD.encode(), "harbour.example")
    assert values(seen) == {
        "registrar": ["Example Registrar, LLC"],
        "created": ["2019-05-30"],
        "expires": ["2026-05-30"],
        "ns": ["ns1.harbour.example"],
    }
    assert set(values(seen, "redacted")) == {"registrant_name", "registrant_org", "registrant_email"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No match for HARBOUR.EXAMPLE.\n",
        "該当するデータがありません。",
        "[" * 50_000,
        ":\n" * 50_000,
        "a" * 300_000,
    ],
)
def test_no_record_no_observation(text: str) -> None:
    assert of_whois(text.encode(), "harbour.example") == []


@given(st.text(alphabet="[]:.\n\t aA1-年登録者名", max_size=200))
def test_any_answer_is_read(text: str) -> None:
    of_whois(text.encode(), "harbour.example")


def test_what_a_proxy_service_gives_is_its_own() -> None:
    text = GTLD.replace(
        "Registrant Name: REDACTED FOR PRIVACY", "Registrant Phone: +1.4800000000\nRegistrant Street: 1 Proxy Road"
    )
    assert not {"registrant_phone", "registrant_address"} & set(values(of_whois(text.encode(), "harbour.example")))


def test_dns() -> None:
    text = "\n".join(
        (
            "20240310000000",
            "harbour.example.\t300\tIN\tA\t192.0.2.7",
            "harbour.example.\t300\tIN\tAAAA\t2001:db8::7",
            "harbour.example.\t300\tIN\tMX\t10 Mail.Harbour.example.",
            "harbour.example.\t300\tIN\tSOA\tns1.dns.example. Desk.harbour.example. 1 2 3 4 5",
            'harbour.example.\t300\tIN\tTXT\t"v=spf1 include:_spf.mail.example ~all"',
            'harbour.example.\t300\tIN\tTXT\t"google-site-verification=AbC" "dEf123"',
            'harbour.example.\t300\tIN\tTXT\t"hello world"',
            '_dmarc.harbour.example.\t300\tIN\tTXT\t"v=DMARC1; rua=mailto:x@harbour.example"',
            'harbour.example.\t300\tIN\tCAA\t0 issue "ca.example; validationmethods=dns-01"',
            'harbour.example.\t300\tIN\tTXT\t"MS=ms12345678"',
            "harbour.example.\t300\tIN\tA\tnot-an-address",
            "torn line",
        )
    )
    assert values(of_dns(text)) == {
        "ip": ["192.0.2.7", "2001:db8::7"],
        "subnet24": ["192.0.2.0/24"],
        "mx": ["mail.harbour.example"],
        "soa_rname": ["desk.harbour.example"],
        "spf_include": ["_spf.mail.example"],
        "txt_token": ["google-site-verification=AbCdEf123", "MS=ms12345678"],
        "caa": ["issue ca.example"],
        "dmarc_report": ["x@harbour.example"],
    }


def rdap(**more: Any) -> bytes:
    card = [
        "vcard",
        [
            ["version", {}, "text", "4.0"],
            ["fn", {}, "text", "Ann Sailor"],
            ["org", {}, "text", "REDACTED FOR PRIVACY"],
            ["email", {}, "text", "Ann@harbour.example"],
            ["tel", {}, "uri", "tel:+44.123"],
            ["adr", {}, "text", ["", "", "1 Quay Street", "Harbour City", "", "", "XX"]],
        ],
    ]
    registrar = ["vcard", [["fn", {}, "text", "Example Registrar"]]]
    return json.dumps(
        {
            "objectClassName": "domain",
            "events": [
                {"eventAction": "registration", "eventDate": "2019-05-30T04:00:00Z"},
                {"eventAction": "last changed", "eventDate": "2024-05-30T04:00:00Z"},
            ],
            "status": ["client transfer prohibited", "active", 7],
            "nameservers": [{"ldhName": "NS1.harbour.example."}],
            "entities": [
                {"roles": ["registrant"], "handle": "HP1-TEST", "vcardArray": card},
                {"roles": ["registrar"], "vcardArray": registrar},
            ],
            "redacted": [{"name": {"description": "Registrant Phone"}}],
            **more,
        }
    ).encode()


def test_rdap() -> None:
    seen = of_rdap(rdap())
    assert values(seen) == {
        "created": ["2019-05-30"],
        "updated": ["2024-05-30"],
        "domain_status": ["active", "clientTransferProhibited"],
        "ns": ["ns1.harbour.example"],
        "registrar": ["Example Registrar"],
        "registrant_id": ["HP1-TEST"],
        "registrant_name": ["Ann Sailor"],
        "registrant_email": ["ann@harbour.example"],
        "registrant_phone": ["+44.123"],
        "registrant_address": ["1 Quay Street, Harbour City, XX"],
    }
    assert values(seen, "redacted") == {
        "registrant_org": ["REDACTED FOR PRIVACY"],
        "registrant_phone": ["Registrant Phone"],
    }


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[" * 100_000, b'{"objectClassName":"domain","entities":[null,{"roles":1,"vcardArray":[1]}]}', rdap(events=7, nameservers=[1], entities={}, redacted="x", status=5), b"\xff"],
)  # fmt: skip
def test_malformed_rdap(body: bytes) -> None:
    assert of_rdap(body) == []


def test_certificates() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Harbour Press Ltd"),
            x509.NameAttribute(NameOID.COMMON_NAME, "harbour.example"),
        ]
    )
    issuer = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example CA")])
    now = datetime.datetime(2024, 1, 1)
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key()).serial_number(7)
    )
    names = x509.SubjectAlternativeName([x509.DNSName("WWW.harbour.example"), x509.DNSName("sister.example")])
    leaf = (
        builder.not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=9))
        .add_extension(names, False)
        .sign(key, hashes.SHA256())
    )
    pem = leaf.public_bytes(Encoding.PEM)
    found = values(of_tls(pem))
    assert found["cert_name"] == ["sister.example", "www.harbour.example"]
    assert (found["cert_org"], found["cert_issuer"]) == (["Harbour Press Ltd"], ["Example CA"])
    assert found["cert_sha256"] == [leaf.fingerprint(hashes.SHA256()).hex()]
    assert (found["cert_serial"], found["cert_from"]) == (["Example CA:7"], ["2024-01-01"])
    assert len(found["cert_key"][0]) == 64 != found["cert_sha256"]
    assert of_tls(pem[:80] + pem[90:]) == []
    assert of_tls(b"") == []
