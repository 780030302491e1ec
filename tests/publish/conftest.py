from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wiretrace import publish, schema
from wiretrace.schema import wanted


def _factory() -> ModuleType:
    """The module beside this file; tests are no package, so it is loaded by its place."""
    name = "wiretrace_test_factory"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("factory.py"))
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def factory() -> ModuleType:
    return _factory()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The invented investigation, its tables and its evidence; not to be changed."""
    return _factory().build(tmp_path_factory.mktemp("results") / "quay")


@pytest.fixture(scope="session")
def claimed(made: Any, factory: ModuleType) -> dict[str, Any]:
    """Every published table of it, with its claims and changes; not to be changed."""
    found = {name: schema.frame(name) for name, table in schema.tables().items() if table.published}
    found |= {name: data for name, data in made.tables.items() if name in found}
    return (
        found
        | _factory().claims(made.tables, made.investigation)
        | {
            "changes": schema.frame(
                "changes", publish.changes(publish.Shelf(made.tables, columns=wanted.CHANGES), factory.ROUNDS)
            )
        }
    )


@pytest.fixture(scope="session")
def sealed(made: Any, factory: ModuleType, claimed: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Its folder with evidence and one version, and the version's id; not to be changed."""
    folder = tmp_path_factory.mktemp("sealed") / "quay"
    shutil.copytree(made.folder / "evidence", folder / "evidence")
    facts = publish.facts(made.investigation, folder, factory.ROUNDS, {"registry": "0" * 64})
    return folder, publish.publish(claimed, facts, folder)
