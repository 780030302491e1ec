"""Exports for other programs: what leaves is what a claim may say, and what we read back is what we wrote."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import uuid
from pathlib import Path
from typing import Any

import networkx
import pytest
import stix2validator

from wiretrace import config, schema
from wiretrace.attribute.known import lint, read_lists
from wiretrace.publish import exports
from wiretrace.publish.exports import graphs
from wiretrace.publish.exports.findings import findings, registry
from wiretrace.publish.exports.lists import MATCHES, MISP
from wiretrace.publish.exports.sqlite import write_sqlite
from wiretrace.publish.held import Held, keep
from wiretrace.read.brought import observations


def exchanged(tables: dict[str, Any], version: str, run: dict[str, str]) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, data in tables.items():
            if schema.tables()[name].published:
                keep(name, data, folder)
        write_sqlite(Held(folder), version)
        return {name: "".join(parts) for name, parts in exports.exchanged(findings(folder, run), version)}


# STIX 2.1, 2.9: namespace of the ids of observables.
OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
RUN = {"investigation": "quay", "question": "Who sent it out?"}
# MISP's describeTypes.json: the types among ours that each category takes.
MISP_TYPES = {
    "Network activity": {"domain", "url", "ip-dst", "x509-fingerprint-sha256"},
    "External analysis": {"text"},
    "Attribution": {"text", "whois-registrant-name", "whois-registrant-org", "whois-registrant-email",
                    "whois-registrant-phone", "whois-registrar"},
}  # fmt: skip


@pytest.fixture(scope="module")
def tables(claimed: dict[str, Any]) -> dict[str, Any]:
    return claimed


@pytest.fixture(scope="module")
def files(tables: dict[str, Any]) -> dict[str, str]:
    return exchanged(tables, "v-000000000000", RUN)


@pytest.fixture(scope="module")
def objects(files: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files["stix.json"])["objects"]
    return found


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def kept(files: dict[str, str], name: str, folder: Path) -> str:
    (folder / name).write_text(files[name], encoding="utf-8")
    return str(folder / name)


def test_the_bundle_is_valid_by_the_validator_of_oasis(files: dict[str, str]) -> None:
    # 103: ids should be random; 2.1 allows others, and a rerun must give the same.
    options = stix2validator.ValidationOptions(version="2.1", disabled="103", enforce_refs=True)
    result = stix2validator.validate_string(files["stix.json"], options)
    assert result.is_valid, [str(error) for error in result.errors]
    assert not list(result.warnings)


def test_ids_of_sites_are_those_that_the_specification_lays_down(objects: list[dict[str, Any]], factory: Any) -> None:
    names = {item["value"]: item["id"] for item in objects if item["type"] == "domain-name"}
    assert set(factory.NETWORK) <= names.keys()
    for value, key in names.items():
        assert key == "domain-name--" + str(
            uuid.uuid5(OBSERVABLES, json.dumps({"value": value}, separators=(",", ":")))
        )


def test_equal_tables_make_equal_exports_and_ids_outlive_a_version(
    tables: dict[str, Any], files: dict[str, str]
) -> None:
    turned = {name: data.iloc[::-1].reset_index(drop=True) for name, data in tables.items()}
    again = exchanged(
        {name: schema.frame(name, schema.records(d)) for name, d in turned.items()}, "v-000000000000", RUN
    )
    assert again == files
    later = json.loads(exchanged(tables, "v-111111111111", RUN)["stix.json"])
    before = json.loads(files["stix.json"])
    assert {item["id"] for item in later["objects"]} == {item["id"] for item in before["objects"]}
    assert later["id"] != before["id"]


def test_every_statement_carries_its_word_and_what_speaks_against_it(
    objects: list[dict[str, Any]], tables: dict[str, Any]
) -> None:
    claims = {row["claim_id"]: row for row in schema.records(tables["claims"])}
    notes = [item for item in objects if item["type"] == "note"]
    assert {claims[note["external_references"][0]["external_id"]]["type"] for note in notes} >= {
        "distributed_by", "supplied_by", "same_operator", "operator_is", "sold_by", "ai_residue",
    }  # fmt: skip
    for note in notes:
        claim = claims[note["external_references"][0]["external_id"]]
        assert note["labels"] == [claim["confidence"]]
        assert note["confidence"] == registry()["confidence"][claim["confidence"]]["stix"]
        assert claim["against"] in note["content"]
        assert claim["overturned_by"] in note["content"]


def test_what_nobody_can_tell_leaves_in_no_export(files: dict[str, str], tables: dict[str, Any]) -> None:
    untold = [row for row in schema.records(tables["claims"]) if row["confidence"] == "unknown"]
    assert untold
    for text in files.values():
        assert not [row["statement"] for row in untold if row["statement"] in text or row["claim_id"] in text]


def test_accounts_that_post_together_leave_in_no_export(tables: dict[str, Any]) -> None:
    claims = schema.records(tables["claims"])
    sure = next(row for row in claims if row["confidence"] == "likely")
    told = "5 accounts (anna, bert and 3 more) posted 12 addresses close together in time"
    posted = sure | {"claim_id": "claim-00000000000f", "type": "posted_together", "statement": told}
    files = exchanged(tables | {"claims": schema.frame("claims", [*claims, posted])}, "v-000000000000", RUN)
    assert any(sure["statement"] in text for text in files.values())
    assert not any(told in text or posted["claim_id"] in text for text in files.values())


def test_circumstance_alone_joins_no_site_and_names_nobody(
    tables: dict[str, Any], files: dict[str, str], factory: Any, made: Any
) -> None:
    for name in ("known-networks.csv", "networks.graphml", "networks.gexf", "laundromat-matches.csv"):
        assert factory.FRINGE not in files[name]
    weak = dict(made.tables)
    weak["networks"] = schema.frame(
        "networks", [row | {"operator_confidence": "circumstantial"} for row in schema.records(weak["networks"])]
    )
    weak["publisher_links"] = schema.frame(
        "publisher_links", [row | {"tier": "circumstantial"} for row in schema.records(weak["publisher_links"])]
    )
    again = exchanged(tables | weak | factory.claims(weak, made.investigation), "v-000000000000", RUN)
    bundle = json.loads(again["stix.json"])["objects"]
    assert not [item for item in bundle if item["type"] in ("infrastructure", "relationship")]
    assert not [item for item in bundle if item.get("roles") == ["operator"]]
    assert rows(again["known-networks.csv"]) == [] == rows(again["laundromat-matches.csv"])
    for name in ("stix.json", "misp.csv", "networks.graphml", "networks.gexf", "known-networks.csv"):
        assert "Lantern Culture Media" not in again[name]


def test_an_operator_is_named_as_surely_as_its_claim(objects: list[dict[str, Any]], tables: dict[str, Any]) -> None:
    (claim,) = [row for row in schema.records(tables["claims"]) if row["type"] == "operator_is"]
    (operator,) = [item for item in objects if item.get("roles") == ["operator"]]
    (tie,) = [item for item in objects if item.get("target_ref") == operator["id"]]
    assert operator["name"] == claim["object"]
    assert tie["description"] == claim["statement"]
    assert tie["labels"] == [claim["confidence"]]


def test_techniques_are_named_with_the_frameworks_version_and_no_text_of_it(objects: list[dict[str, Any]]) -> None:
    patterns = [item for item in objects if item["type"] == "attack-pattern"]
    assert patterns
    for item in patterns:
        assert "description" not in item
        (reference,) = item["external_references"]
        assert reference["external_id"].startswith("T")
        assert registry()["disarm"]["version"] in reference["description"]
    assert set(registry()["confidence"]) <= {"established", "likely", "possible"}


@pytest.mark.parametrize("name", ["stix.json", "known-networks.csv"])
def test_networks_come_back_through_known_networks(
    files: dict[str, str], tmp_path: Path, factory: Any, name: str
) -> None:
    found = read_lists([kept(files, name, tmp_path)])
    assert {row["publisher"] for row in found} >= set(factory.NETWORK)
    assert {factory.WIRE, factory.SELLER, factory.OUTLET, factory.HONEST_WIRE}.isdisjoint(
        row["publisher"] for row in found
    )
    assert {row["listed_by"] for row in found} == {"wiretrace: quay"}
    assert {row["date"] for row in found} == {"2024-07-15"}
    assert all(row["confidence"] for row in found)
    assert lint(found) == []


def test_observations_come_back_through_inputs(files: dict[str, str], tables: dict[str, Any], tmp_path: Path) -> None:
    kinds = registry()["laundromat"]
    wanted = {
        (row["publisher"], row["kind"], row["value"], row["first_seen"], row["last_seen"])
        for row in schema.records(tables["observations"])
        if row["kind"] in kinds and row["state"] == "value"
    }
    back = observations((kept(files, "laundromat-indicators.csv", tmp_path),))
    found = {(row.publisher, row.kind, row.value, row.first_seen, row.last_seen) for row in back}
    # An address also says its network.
    assert {row for row in found if row[1] != "subnet24"} == wanted
    assert {kind for _, kind, *_ in wanted} == {"adsense", "ga4", "ip"}


def test_every_kind_that_is_written_for_the_laundromat_is_read_back(tables: dict[str, Any], tmp_path: Path) -> None:
    values = {"ip": "192.0.2.7", "subnet24": "192.0.2.0/24", "cert_name": "a.example", "asset_host": "cdn.example",
              "ga_ua": "UA-1234567", "ga4": "G-ABCDEF1234", "adsense": "ca-pub-0000000000000042",
              "yandex_metrika": "12345678", "site_verification": "bing:0123ABC", "fb_pixel": "123456789012345"}  # fmt: skip
    assert values.keys() == registry()["laundromat"].keys()
    common = {"publisher": "a.example", "state": "value", "first_seen": "2024-01-01T00:00:00Z", "last_seen": "2024-02-01T00:00:00Z",
              "snapshots": "r", "source": "page", "rule_id": "x", "capture_id": ""}  # fmt: skip
    seen = [common | {"observation_id": f"o-{kind}", "kind": kind, "value": value} for kind, value in values.items()]
    files = exchanged(tables | {"observations": schema.frame("observations", seen)}, "v-000000000000", RUN)
    back = observations((kept(files, "laundromat-indicators.csv", tmp_path),))
    assert {(row.kind, row.value) for row in back} == set(values.items())


def test_matches_have_the_laundromats_columns_and_our_tier(files: dict[str, str]) -> None:
    found = rows(files["laundromat-matches.csv"])
    assert tuple(found[0]) == MATCHES
    assert {row["match_type"] for row in found} == {"1-adsense_id", "registrant_org"}
    assert all(row["domain_name_x"] < row["domain_name_y"] and row["tier"] == "conclusive" for row in found)


def test_captured_pages_can_be_seeds_again(
    files: dict[str, str], tables: dict[str, Any], tmp_path: Path, made: Any
) -> None:
    inputs = made.investigation.inputs.model_copy(update={"seeds": kept(files, "captures.csv", tmp_path)})
    found = config.seeds(made.investigation.model_copy(update={"inputs": inputs}))
    pages = {row["address"] for row in schema.records(tables["pages"])}
    assert {row["url"] for row in found} == pages
    roles = {row["publisher"]: row["role"] for row in schema.records(tables["publishers"])}
    assert all(row["role"] == roles[row["publisher"]] for row in found)
    digests = {row["digest"] for row in schema.records(tables["captures"])}
    assert {row["hash"] for row in rows(files["captures.csv"])} <= digests


def test_misp_takes_every_row(files: dict[str, str], factory: Any) -> None:
    found = list(csv.reader(io.StringIO(files["misp.csv"])))
    assert tuple(found[0]) == MISP
    attributes = rows(files["misp.csv"])
    for row in attributes:
        assert row["type"] in MISP_TYPES[row["category"]], row
        assert row["to_ids"] == "0"
        assert row["attribute_tag"] in {words["misp"] for words in registry()["confidence"].values()}
        assert uuid.UUID(row["uuid"]).version == 5
    assert len({row["uuid"] for row in attributes}) == len(attributes)
    assert {row["value"] for row in attributes if row["type"] == "domain"} == set(factory.NETWORK)


@pytest.mark.parametrize("name", ["networks.graphml", "networks.gexf"])
def test_the_graphs_open_with_their_links(files: dict[str, str], tmp_path: Path, factory: Any, name: str) -> None:
    path = kept(files, name, tmp_path)
    graph = networkx.read_graphml(path) if name.endswith("graphml") else networkx.read_gexf(path)
    assert set(graph) == set(factory.NETWORK)
    assert {graph.nodes[node]["confidence"] for node in graph} == {"established"}
    assert {data["tier"] for *_, data in graph.edges(data=True)} == {"conclusive"}
    assert graph.number_of_edges() == 3


@pytest.mark.parametrize("most", [1, 2])
def test_graphs_written_in_parts_are_the_same_files(
    files: dict[str, str], tables: dict[str, Any], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(graphs, "MOST", most)
    again = exchanged(tables, "v-000000000000", RUN)
    assert [again[name] for name in ("networks.graphml", "networks.gexf")] == [
        files[name] for name in ("networks.graphml", "networks.gexf")
    ]


def test_an_investigation_that_found_nothing_still_exports(files: dict[str, str]) -> None:
    empty = {name: schema.frame(name) for name, table in schema.tables().items() if table.published}
    found = exchanged(empty, "v-000000000000", RUN)
    assert found.keys() == files.keys()
    assert json.loads(found["stix.json"])["objects"]
