"""The registry of distributors and the ledger's weights are facts with a source."""

import csv

import pytest

from wiretrace.identity import REGISTRY, registrable_domain
from wiretrace.trace.credits import Names, plain
from wiretrace.trace.registry import distributors, weights

with open(REGISTRY / "distributors.csv", encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["distributor"])
def test_a_distributor_has_its_source(row: dict[str, str]) -> None:
    assert row["source"].startswith("https://") and row["listed"]
    assert row["kind"] in ("wire", "placement")
    assert row["distributor"] in row["domains"].split("|")
    assert all(registrable_domain(domain) == domain for domain in row["domains"].split("|"))
    assert not row["run_by"] or row["run_by_source"].startswith("https://")


def test_enough_of_them_and_no_name_twice() -> None:
    assert len(distributors()) >= 25
    names = [plain(name) for row in distributors() for name in {plain(n) for n in (row.name, *row.names)}]
    assert len(names) == len(set(names))
    domains = [domain for row in distributors() for domain in row.domains]
    assert len(domains) == len(set(domains))


def test_every_weight_says_why() -> None:
    import yaml

    spec = yaml.safe_load((REGISTRY / "trace_weights.yaml").read_text(encoding="utf-8"))
    assert all(rule["source"] and rule["meaning"] for rule in spec["weights"].values())
    w = weights()
    assert w["credit"] == -w["credit_reversed"]
    assert w.verdicts["source_found"]["log_odds"] > w.verdicts["probable"]["log_odds"] > 0
    assert not {"clock", "archive_clock", "star"} & set(w.verdicts["content"])


def test_names_are_found_whole() -> None:
    known = {
        "Harbour Wire": "wire",
        "Harbour Wire Asia": "asia",
        "港通信社": "port",
        "뉴스등대": "light",
        "wire.example": "wire",
    }
    names = Names([(name, f"{owner}.example") for name, owner in known.items()])
    assert names.find("HARBOUR  WIRE, Inc.") == ["wire.example"]
    assert names.find("(Harbour Wire Asia)") == ["asia.example"]
    assert names.find("https://www.wire.example/") == ["wire.example"]
    assert names.find("港通信社（東京）") == ["port.example"]
    # Another firm whose name ends in the same word is another firm.
    for other in ("Harbour Wires", "North Harbour Wire", "Harbour Wire Works", "東港通信社", "캐슬 뉴스등대"):
        assert names.find(other) == [], other
    shared = Names([("News", "a.example"), ("Same Name", "b.example"), ("Same Name", "c.example")])
    assert shared.find("News / Same Name") == []


def test_a_credit_form_stands_between_marks() -> None:
    for row in distributors():
        for form in row.credit_forms:
            assert set(form) & set("/()（）【】:：-"), form
