"""The RO-Crate of a version: valid by the validator of its profile, complete, and the same wherever it is made."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import requests
import requests_cache
from rocrate_validator import models, services

from wiretrace import publish

RO_CRATE = "https://w3id.org/ro/crate/1.1/context"
# What RO-Crate 1.1's context maps elsewhere than to schema.org's term of the same name.
ELSEWHERE = {
    "File": "http://schema.org/MediaObject",
    "conformsTo": "http://purl.org/dc/terms/conformsTo",
    "ComputationalWorkflow": "https://bioschemas.org/ComputationalWorkflow",
    "FormalParameter": "https://bioschemas.org/FormalParameter",
    "input": "https://bioschemas.org/ComputationalWorkflow#input",
    "output": "https://bioschemas.org/ComputationalWorkflow#output",
}
RUN = {
    "investigation": "quay",
    "question": "Who sent it out?",
    "configuration": {"trace": {"dictionaries": False}},
    "inputs": {"seeds": [{"name": "my seeds.csv", "sha256": "1" * 64}], "names": []},
    "snapshots": ["round1", "round2"],
    "manifests": {"round1": "2" * 64, "round2": "3" * 64},
    "code": {"publish": "4" * 64, "registry": "5" * 64},
    "lock": "6" * 64,
    "python": "3.11.7",
    "libraries": {"pandas": "3.1.1", "snakemake": "9.27.1"},
    "licences": {"pandas": "BSD-3-Clause", "snakemake": "MIT"},
}


@pytest.fixture(scope="module")
def place(claimed: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crate")
    return folder / "versions" / publish.publish(claimed, RUN, folder)


@pytest.fixture(scope="module")
def crate(place: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((place / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def entities(crate: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entity["@id"]: entity for entity in crate["@graph"]}


@pytest.fixture(scope="module")
def cache(crate: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The validator's HTTP cache with the context of RO-Crate 1.1, cut to the terms that the crate uses."""
    terms = {key for entity in crate["@graph"] for key in entity if not key.startswith("@")}
    for entity in crate["@graph"]:
        kind = entity["@type"]
        terms |= {kind} if isinstance(kind, str) else set(kind)
    context = {term: ELSEWHERE.get(term, f"http://schema.org/{term}") for term in sorted(terms - {"sha256"})}
    path = tmp_path_factory.mktemp("cache") / "http"
    with contextlib.closing(requests_cache.CachedSession(str(path), backend="sqlite")) as session:
        request = requests.Request("GET", RO_CRATE).prepare()
        answer = requests_cache.CachedResponse(
            url=RO_CRATE,
            status_code=200,
            content=json.dumps({"@context": context}).encode(),
            headers={"Content-Type": "application/ld+json"},
            request=requests_cache.CachedRequest.from_request(request),
        )
        session.cache.save_response(answer, session.cache.create_key(request))
    return path


@pytest.mark.filterwarnings("ignore")  # the validator's own
def test_the_crate_is_valid_by_the_validator_of_its_profile(place: Path, cache: Path, tmp_path: Path) -> None:
    def issues(folder: Path) -> list[str]:
        result = services.validate(
            services.ValidationSettings(
                rocrate_uri=str(folder),
                profile_identifier="workflow-run-crate",
                requirement_severity=models.Severity.REQUIRED,
                cache_path=cache,
                offline=True,
                abort_on_first=True,
            )
        )
        return [f"{issue.check.identifier}: {issue.message}" for issue in result.get_issues()]

    assert issues(place) == []
    broken = Path(shutil.copytree(place, tmp_path / "broken"))
    path = broken / "ro-crate-metadata.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"CreateAction"', '"Thing"'), encoding="utf-8")
    assert issues(broken)


def test_every_file_is_in_the_crate_with_its_sum(place: Path, entities: dict[str, Any]) -> None:
    manifest = json.loads((place / "manifest.json").read_text())["files"]
    parts = {part["@id"] for part in entities["./"]["hasPart"]}
    # The crate cannot hold its own sum; manifest.json has it.
    assert parts == manifest.keys() - {"ro-crate-metadata.json"}
    for name in parts:
        assert entities[name]["sha256"] == manifest[name]["sha256"]
        assert entities[name]["contentSize"] == str(manifest[name]["bytes"])
    assert {"workflow/rules/publish.smk", "tables/claims.csv", "exports/stix.json", "run.json"} <= parts


def test_what_went_in_is_named_by_its_digest(entities: dict[str, Any]) -> None:
    given = {entities[ref["@id"]]["value"] for ref in entities["#run"]["object"]}
    assert {"1" * 64, "2" * 64, "3" * 64, "4" * 64, "5" * 64, '{"trace":{"dictionaries":false}}'} == given
    assert entities["#run"]["instrument"]["@id"] == entities["./"]["mainEntity"]["@id"]


def test_every_library_has_its_version_and_licence(entities: dict[str, Any]) -> None:
    needed = [entities[ref["@id"]] for ref in entities["workflow/Snakefile"]["softwareRequirements"]]
    assert {(one["name"], one["softwareVersion"], one["license"]) for one in needed} == {
        ("pandas", "3.1.1", "BSD-3-Clause"),
        ("snakemake", "9.27.1", "MIT"),
    }
    assert "license" in entities["./"]


def test_every_reference_leads_somewhere(crate: dict[str, Any], entities: dict[str, Any]) -> None:
    assert len(entities) == len(crate["@graph"])
    named = set(re.findall(r'\{"@id": "([^"]+)"\}', json.dumps(crate)))
    outside = {name for name in named - entities.keys() if not name.startswith(("http://", "https://"))}
    assert not outside
    assert all(" " not in name for name in entities)


def test_the_facts_of_a_run_state_licences(made: Any, factory: Any) -> None:
    facts = publish.facts(made.investigation, made.folder, factory.ROUNDS, {})
    assert facts["licences"]["pandas"]
    assert facts["licences"].keys() <= facts["libraries"].keys()
    assert all("\n" not in words for words in facts["licences"].values())
