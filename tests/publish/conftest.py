from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


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
