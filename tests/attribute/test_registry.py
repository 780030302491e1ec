"""The registry of kinds and common values is sound."""

from __future__ import annotations

import csv
import hashlib
import io
import ipaddress
import re
from datetime import date

import pytest

from wiretrace import identity
from wiretrace.attribute.compare import FORMS, icp, organisation, phone
from wiretrace.attribute.kinds import background, kinds

TEXT = (identity.REGISTRY / "background.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(io.StringIO(TEXT)))


def test_kinds_are_complete_and_consistent():
    caps: dict[str, set[float]] = {}
    for kind in kinds().values():
        assert kind.compare in FORMS
        assert kind.level in ("domain", "site", "text", "group", "told")
        assert 0 < kind.share_unrelated < kind.share_same < 1
        assert kind.words and kind.accident
        assert all(cause in kinds() for cause in kind.implied_by)
        caps.setdefault(kind.family, set()).add(kind.family_cap)
    assert all(len(found) == 1 for found in caps.values())


@pytest.mark.parametrize("name", ["ip", "subnet24", "registrar", "ns", "theme", "locale", "cert_sha256", "created"])
def test_hosts_registrars_and_themes_never_decide(name):
    assert not kinds()[name].may_decide


def test_every_common_value_has_kind_reason_source_and_date():
    for row in ROWS:
        assert all(kind in kinds() or kind == "publisher" for kind in row["kind"].split()), row
        assert row["match"] in ("exact", "domain", "pattern", "network")
        assert row["share"] == "platform" or 0 < float(row["share"]) < 1
        assert row["reason"]
        assert re.fullmatch(r"listed|standard|known|counted: \d+ of \d+", row["basis"])
        assert row["basis"] != "known" or row["share"] == "platform", "a share must be a published figure"
        assert re.fullmatch(r"https://[a-z0-9.-]+/\S*", row["source"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"])
        date.fromisoformat(row["date"])


def test_a_share_that_was_counted_is_what_was_counted():
    rows = [row for row in ROWS if row["basis"].startswith("counted")]
    assert rows
    for row in rows:
        met, of = map(int, re.findall(r"\d+", row["basis"]))
        assert 3 <= met < of
        assert row["share"] in ("platform", f"{met / of:.3f}")


def test_every_host_of_a_service_that_is_listed_by_domain_is_known_and_no_other():
    listed = next(row for row in ROWS if row["match"] == "domain")
    for host in (listed["value"], f"cdn.{listed['value']}"):
        found = background().of("asset_host", host)
        assert found and found.share == float(listed["share"])
    assert background().of("asset_host", f"not-{listed['value']}") is None


def test_what_is_said_to_be_in_the_list_of_public_suffixes_is():
    rows = [row for row in ROWS if row["source"] == "https://publicsuffix.org/list/"]
    assert rows
    for row in rows:
        # A suffix has owners below it: the registrable domain of a name below is longer than the suffix itself.
        assert row["basis"] == "listed"
        assert identity.registrable_domain(f"somebody.{row['value']}") == f"somebody.{row['value']}"


def test_what_is_said_to_be_in_the_registries_of_special_addresses_is():
    rows = [row for row in ROWS if "iana" in row["source"]]
    assert rows
    assert not any(ipaddress.ip_network(row["value"]).is_global for row in rows)


def test_the_empty_file_has_the_digest_that_is_told():
    digest = hashlib.sha256(b"").hexdigest()
    told = [row["value"] for row in ROWS if row["reason"] == "empty file"]
    assert sorted(told) == sorted([digest, f"sha256:{digest}"])


def test_no_value_is_listed_twice_and_every_one_is_in_the_form_it_is_compared_in():
    seen = set()
    for row in ROWS:
        for kind in row["kind"].split():
            assert (kind, row["value"]) not in seen
            seen.add((kind, row["value"]))
            if row["match"] == "exact" and kind in kinds():
                assert FORMS[kinds()[kind].compare](row["value"]).casefold() == row["value"].casefold()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ip", "192.0.2.1"),
        ("adsense", "ca-pub-1234567890123456"),
        ("ns", "smallhost.example"),
        ("ga_ua", "ua-5550001-1"),
        ("wp_user", "jane-roe"),
        ("registrant_org", "green harbour media"),
        ("menu", "news | life | sport | trade | desk"),
        ("ip", "not an address"),
        ("contact_phone", "81355550199"),
    ],
)
def test_what_is_not_common_is_not_taken_for_it(kind, value):
    assert background().of(kind, value) is None


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (organisation, "Green Harbour Media Co., Ltd.", "green harbour media"),
        (organisation, "㈱みどり港", "みどり港"),
        (organisation, "深圳市绿港传媒有限公司", "深圳市绿港传媒"),
        (organisation, "LLC", "llc"),
        (identity.provider_of, "NS1.Host.example.", "host.example"),
        (identity.provider_of, "10 mx.host.example", "host.example"),
        (phone, "(03) 5550-0199", "355500199"),
        (phone, "12", ""),
        (icp, "京ICP备12345678号-2", "京icp备12345678"),
        (icp, "京ICP备12345678号", "京icp备12345678"),
    ],
)
def test_values_are_compared_in_one_form(form, value, expected):
    assert form(value) == expected
