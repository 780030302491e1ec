"""The registry of kinds and common values is sound."""

from __future__ import annotations

import csv
import io
import re

import pytest

from wiretrace import identity
from wiretrace.attribute.compare import FORMS, icp, organisation, phone, provider
from wiretrace.attribute.kinds import background, kinds

TEXT = (identity.REGISTRY / "background.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(io.StringIO(TEXT)))


def test_kinds_are_complete_and_consistent():
    caps: dict[str, set[float]] = {}
    for kind in kinds().values():
        assert kind.compare in FORMS
        assert kind.level in ("domain", "site", "text", "group")
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
        assert row["match"] in ("exact", "pattern", "network")
        assert row["share"] == "platform" or 0 < float(row["share"]) < 1
        assert row["reason"]
        assert row["source"].startswith("https://")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"])


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
        (provider, "NS1.Host.example.", "host.example"),
        (provider, "10 mx.host.example", "host.example"),
        (phone, "(03) 5550-0199", "355500199"),
        (phone, "12", ""),
        (icp, "京ICP备12345678号-2", "京icp备12345678"),
        (icp, "京ICP备12345678号", "京icp备12345678"),
    ],
)
def test_values_are_compared_in_one_form(form, value, expected):
    assert form(value) == expected
