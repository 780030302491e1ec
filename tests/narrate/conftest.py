from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wiretrace import publish
from wiretrace.narrate import report


def _factory() -> ModuleType:
    """The invented investigation of the tests of publish; tests are no package, so it is loaded by its place."""
    name = "wiretrace_test_factory"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "publish" / "factory.py")
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def factory() -> ModuleType:
    return _factory()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return _factory().build(tmp_path_factory.mktemp("results") / "quay")


@pytest.fixture(scope="session")
def version(made: Any, factory: ModuleType) -> Path:
    """A published version of it."""
    tables = dict(made.tables) | publish.claims(made.tables, made.investigation)
    tables["changes"] = publish.changes(made.tables, factory.ROUNDS)
    facts = publish.facts(made.investigation, made.folder, factory.ROUNDS, {"registry": "0" * 64})
    return Path(made.folder) / "versions" / publish.publish(tables, facts, made.folder)


@pytest.fixture(scope="session")
def told(version: Path, made: Any) -> Path:
    """The folder of its report."""
    out = Path(made.folder) / "report"
    report(version, made.folder / "evidence", out)
    return out
