"""Observations from outside: the own form is strict, exports are read as far as they go and say what was left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wiretrace.errors import UserError
from wiretrace.read.brought import lint, observations


def given(folder: Path, text: str, name: str = "export-2024-03-05.csv") -> tuple[str, ...]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return (str(path),)


def facts(paths: tuple[str, ...]) -> set[tuple[str, str, str]]:
    return {(one.publisher, one.kind, one.value) for one in observations(paths)}


def test_disinfo_laundromat(tmp_path: Path) -> None:
    record = json.dumps(
        {"org": "Harbour Press Ltd", "creation_date": ["2019-05-30 10:00:00"], "emails": "abuse@reg.example"}
    )
    rows = [
        ("ip", "192.0.2.7"),
        ("2-subnet", "192.0.2"),
        ("1-ga_id", "UA-10203040"),
        ("ga_tag_id", "1A2B3C4D5E"),
        ("yandex_tag_id", "ym(10203040"),
        ("verification_id", "google-site-verification|AbC123"),
        ("meta_social", "twitter:site|@Harbour"),
        ("cert-domain", " www.Quay.example"),
        ("crypto-wallet", "0123456789abcdef0123456789abcdef"),
        ("ga_id", ""),
        ("whois", record.replace('"', '""')),
    ]
    text = "indicator_type,indicator_content,domain_name\n" + "".join(f'{k},"{v}",quay.example\n' for k, v in rows)
    paths = given(tmp_path, text + "ip,192.0.2.8,\n")
    assert {(kind, value) for _, kind, value in facts(paths)} == {
        ("ip", "192.0.2.7"),
        ("subnet24", "192.0.2.0/24"),
        ("ga_ua", "UA-10203040"),
        ("ga4", "G-1A2B3C4D5E"),
        ("yandex_metrika", "10203040"),
        ("site_verification", "google:AbC123"),
        ("social_account", "@harbour"),
        ("cert_name", "www.quay.example"),
        ("registrant_org", "Harbour Press Ltd"),
        ("created", "2019-05-30"),
    }
    assert {one.first_seen for one in observations(paths)} == {"2024-03-05T00:00:00Z"}
    told = "\n".join(lint(paths))
    assert "1 rows left out: no domain" in told and "crypto-wallet" in told and "ga_id: the value is empty" in told


def test_domaintools(tmp_path: Path) -> None:
    text = (
        "Domain,Risk Score,Registrant,Registrant Org,IP Address,Name Server,Create Date,Google Analytics,SSL Hash,First Seen\n"
        'quay.example,90,Ann Sailor,"Harbour Press, Ltd",192.0.2.7,"ns1.quay.example, NS2.quay.example.",2019-05-30,10203040,ab12,2021-02-03\n'
        ",10,X,,,,,,,2021-02-03\n"
    )
    paths = given(tmp_path, text, "iris.csv")
    assert {(kind, value) for _, kind, value in facts(paths)} == {
        ("registrant_name", "Ann Sailor"),
        ("registrant_org", "Harbour Press, Ltd"),
        ("ip", "192.0.2.7"),
        ("subnet24", "192.0.2.0/24"),
        ("ns", "ns1.quay.example"),
        ("ns", "ns2.quay.example"),
        ("created", "2019-05-30"),
        ("ga_ua", "UA-10203040"),
        ("cert_sha256", "ab12"),
    }
    (line,) = lint(paths)
    assert "no domain" in line
    assert {one.source for one in observations(paths)} == {"import:iris.csv"}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "publisher,kind,value\nquay.example,ip,192.0.2.7\n", "no time"),
        ("a.csv", "publisher,kind,value,first_seen\nquay.example,,192.0.2.7,2024\n", "line 2"),
        ("a.csv", "publisher,kind,value,first_seen\nquay.example,ip,192.0.2.7,yesterday\n", "is no time"),
        ("a.csv", "site,thing\nquay.example,ip\n", "found: site, thing"),
        ("a.csv", "indicator_type,indicator_content,domain_name\nip,192.0.2.7,quay.example\n", "the file's name"),
    ],
)
def test_mistakes_are_told_in_one_line(tmp_path: Path, name: str, text: str, words: str) -> None:
    paths = given(tmp_path, text, name)
    with pytest.raises(UserError) as error:
        observations(paths)
    assert words in str(error.value) and "\n" not in str(error.value)
