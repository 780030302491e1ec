"""A version as an RO-Crate (1.1) after the Workflow Run Crate profile (0.5): what was run, on what, with what.

A pure function of the version's files and the facts of its run: no clock and no path of the machine comes in. The
crate's date is that of the last capture. Terms: https://w3id.org/ro/crate/1.1, https://w3id.org/ro/wfrun/workflow/0.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wiretrace import schema

CRATE = "ro-crate-metadata.json"
ROOT = Path(__file__).resolve().parents[3]
WORKFLOW = "workflow/Snakefile"
# schema.org's term for a digest is younger than the context of RO-Crate 1.1.
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "http://schema.org/sha256"}]
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
MIT = "https://spdx.org/licenses/MIT"
RIGHTS = (
    "The tables hold excerpts of captured pages and records. Rights in these remain with their holders; "
    "no licence to them is given here."
)
FORMATS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
    ".graphml": "application/xml",
    ".gexf": "application/xml",
    ".smk": "text/plain",
}
STAGES = ("acquire", "read", "attribute", "indicate", "trace", "publish")
Entity = dict[str, Any]


def workflow_files() -> dict[str, str]:
    """Path in a version → text of the files that define the workflow."""
    rules = sorted((ROOT / "workflow" / "rules").glob("*.smk"))
    files = {WORKFLOW: ROOT / "Snakefile", **{f"workflow/rules/{path.name}": path for path in rules}}
    return {name: path.read_text(encoding="utf-8") for name, path in files.items() if path.is_file()}


def crate(version: str, run: Mapping[str, Any], files: Mapping[str, Mapping[str, Any]], date: str) -> Entity:
    """The content of ``ro-crate-metadata.json``.

    ``files`` holds size in bytes and SHA-256 of each file by its path in the version; ``date`` is the last capture's.
    """
    inputs, outputs = list(_inputs(run)), sorted(name for name in files if not name.startswith("workflow/"))
    libraries = list(_libraries(run))
    graph = [
        _descriptor(),
        _root(version, run, sorted(files), date),
        _workflow(run, libraries, files),
        _language(run),
        _action(version, run, inputs, outputs),
        *_parameters(inputs, outputs),
        *inputs,
        *(_file(name, files[name]) for name in sorted(files) if name != WORKFLOW),
        *(_step(place, stage) for place, stage in enumerate(STAGES, start=1)),
        *libraries,
        *({"@id": name, "@type": "CreativeWork", "name": title, "version": name.rsplit("/", 1)[1]}
          for name, title in PROFILES.items()),
        {"@id": MIT, "@type": "CreativeWork", "name": "MIT License", "description": "Licence of the workflow."},
        {"@id": "#rights", "@type": "CreativeWork", "name": "Rights in the material", "description": RIGHTS},
    ]  # fmt: skip
    return {"@context": CONTEXT, "@graph": graph}


def _refs(*names: str) -> list[Entity] | Entity:
    """References; a single one stands without a list, as RO-Crate recommends."""
    made: list[Entity] = [{"@id": name} for name in names]
    return made[0] if len(made) == 1 else made


def _descriptor() -> Entity:
    conforms = _refs("https://w3id.org/ro/crate/1.1", "https://w3id.org/workflowhub/workflow-ro-crate/1.0")
    return {"@id": CRATE, "@type": "CreativeWork", "conformsTo": conforms, "about": {"@id": "./"}}


def _root(version: str, run: Mapping[str, Any], names: list[str], date: str) -> Entity:
    question = run.get("question") or "An investigation without a stated question."
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{run.get('investigation') or 'wiretrace'} {version}",
        "description": question,
        "datePublished": date[:10],
        "license": {"@id": "#rights"},
        "conformsTo": _refs(*PROFILES),
        "mainEntity": {"@id": WORKFLOW},
        "mentions": {"@id": "#run"},
        "hasPart": _refs(*names),
    }


def _workflow(run: Mapping[str, Any], libraries: list[Entity], files: Mapping[str, Mapping[str, Any]]) -> Entity:
    version = run.get("libraries", {}).get("wiretrace", "")
    return {
        **(_file(WORKFLOW, files[WORKFLOW]) if WORKFLOW in files else {}),
        **({"version": version} if version else {}),
        "@id": WORKFLOW,
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
        "name": "wiretrace",
        "description": "Traces articles to the distributors, operators and texts that they came from.",
        "license": {"@id": MIT},
        "conformsTo": {"@id": "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"},
        "programmingLanguage": {"@id": "#snakemake"},
        "input": _refs("#parameter-evidence", "#parameter-inputs", "#parameter-configuration", "#parameter-code"),
        "output": _refs("#parameter-version"),
        "step": _refs(*(f"#step-{stage}" for stage in STAGES)),
        "softwareRequirements": _refs(*(library["@id"] for library in libraries)),
    }


def _language(run: Mapping[str, Any]) -> Entity:
    made = {
        "@id": "#snakemake",
        "@type": "ComputerLanguage",
        "name": "Snakemake",
        "url": {"@id": "https://snakemake.readthedocs.io"},
    }
    version = run.get("libraries", {}).get("snakemake", "")
    return made | ({"version": version} if version else {})


def _action(version: str, run: Mapping[str, Any], inputs: list[Entity], outputs: list[str]) -> Entity:
    rounds = ", ".join(run.get("snapshots", ()))
    said = f"Python {run.get('python', '')}, SQLite {run.get('sqlite', '')}; snapshots: {rounds}"
    return {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Run of wiretrace that made {version}",
        "description": said,
        "instrument": {"@id": WORKFLOW},
        "object": _refs(*(entity["@id"] for entity in inputs)),
        "result": _refs(*outputs),
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }


def _inputs(run: Mapping[str, Any]) -> Iterator[Entity]:
    """What went into the run, by digest: sealed evidence, files from outside, settings, code."""
    for label, digest in sorted(run.get("manifests", {}).items()):
        yield _value("evidence", label, f"SHA-256 of evidence/{label}/manifest.json", digest)
    for key, files in sorted(run.get("inputs", {}).items()):
        for place, file in enumerate(files):
            yield _value("inputs", f"{key}-{place}", f"SHA-256 of inputs.{key}: {file['name']}", file["sha256"])
    yield _value("configuration", "settings", "configuration as JSON", schema.dump(run.get("configuration", {})))
    for part, digest in sorted(run.get("code", {}).items()):
        yield _value("code", part, f"SHA-256 of the sources of {part}", digest)


def _value(parameter: str, key: str, name: str, value: str) -> Entity:
    # An id must be an address: what a person called a file or a round need not be part of one.
    safe = re.sub(r"[^A-Za-z0-9._-]", "-", key)
    return {
        "@id": f"#{parameter}-{safe}",
        "@type": "PropertyValue",
        "name": name,
        "value": value,
        "exampleOfWork": {"@id": f"#parameter-{parameter}"},
    }


def _parameters(inputs: list[Entity], outputs: list[str]) -> Iterator[Entity]:
    for name in ("evidence", "inputs", "configuration", "code"):
        examples = [entity["@id"] for entity in inputs if entity["exampleOfWork"]["@id"] == f"#parameter-{name}"]
        yield _parameter(name, "PropertyValue", examples)
    yield _parameter("version", "File", outputs)


def _parameter(name: str, kind: str, examples: list[str]) -> Entity:
    made: Entity = {
        "@id": f"#parameter-{name}",
        "@type": "FormalParameter",
        "additionalType": kind,
        "name": name,
        "conformsTo": {"@id": "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"},
    }
    return made | ({"workExample": _refs(*examples)} if examples else {})


def _file(name: str, held: Mapping[str, Any]) -> Entity:
    path = Path(name)
    table = schema.tables().get(path.stem)
    described = f"A row is {table.row}." if table and path.suffix in (".csv", ".parquet") else name
    made: Entity = {
        "@id": name,
        "@type": "File",
        "name": path.name,
        "description": described,
        "encodingFormat": FORMATS.get(path.suffix, "text/plain"),
        "contentSize": str(held["bytes"]),
        "sha256": held["sha256"],
    }
    return made if name.startswith("workflow/") else made | {"exampleOfWork": {"@id": "#parameter-version"}}


def _step(place: int, stage: str) -> Entity:
    tables = [table.name for table in schema.tables().values() if table.stage == stage and table.published]
    said = f"Tables: {', '.join(tables)}." if tables else "See the rules."
    return {
        "@id": f"#step-{stage}",
        "@type": "HowToStep",
        "name": stage,
        "position": str(place),
        "description": said,
    }


def _libraries(run: Mapping[str, Any]) -> Iterator[Entity]:
    """Every installed library with its version and the licence that its metadata states."""
    licences = run.get("licences", {})
    for name, version in sorted(run.get("libraries", {}).items()):
        made = {
            "@id": f"https://pypi.org/project/{name}/{version}/",
            "@type": "SoftwareApplication",
            "name": name,
            "softwareVersion": version,
            "url": f"https://pypi.org/project/{name}/",
        }
        yield made | ({"license": licences[name]} if licences.get(name) else {})
