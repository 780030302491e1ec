from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from wiretrace import publish, schema
from wiretrace.narrate import report
from wiretrace.schema import wanted

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("[0-9]*.py"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# What the browser says where the policy stops something, whether or not a script is there to hear it.
WATCH = """
document.addEventListener("securitypolicyviolation", e => console.error("policy: " + e.violatedDirective + " " + e.blockedURI));
"""
EXECUTE = """
import sys
from wiretrace.narrate import run_notebook
version, *paths = sys.argv[1:]
for source, html in zip(paths[::2], paths[1::2]):
    run_notebook(source, version, html)
"""


@dataclass
class Heard:
    """What the opened pages asked of the network, and what the browser complained of."""

    folder: Path
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def request(self, address: str) -> None:
        """Only files of the report's own folder may be read."""
        if not address.startswith((self.folder.resolve().as_uri() + "/", "about:")):
            self.requests.append(address)


Tab = Callable[..., AbstractContextManager[tuple[Any, Heard]]]


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
    tables = dict(made.tables) | _factory().claims(made.tables, made.investigation)
    tables["changes"] = schema.frame(
        "changes", publish.changes(publish.Shelf(made.tables, columns=wanted.CHANGES), factory.ROUNDS)
    )
    facts = publish.facts(made.investigation, made.folder, factory.ROUNDS, {"registry": "0" * 64})
    return Path(made.folder) / "versions" / publish.publish(tables, facts, made.folder)


@pytest.fixture(scope="session")
def told(version: Path, made: Any) -> Path:
    """The folder of its report."""
    out = Path(made.folder) / "report"
    report(version, made.folder / "evidence", out)
    return out


@pytest.fixture(scope="session")
def notebooks(version: Path, told: Path) -> list[Path]:
    """All notebooks, executed and kept in the report's folder."""
    made = [told / "notebooks" / f"{source.stem}.html" for source in NOTEBOOKS]
    # In processes of their own, since the loops that kernels are heard on stay open in this one.
    halves = [[str(path) for pair in zip(NOTEBOOKS[i::2], made[i::2], strict=True) for path in pair] for i in (0, 1)]
    running = [subprocess.Popen([sys.executable, "-c", EXECUTE, str(version), *half]) for half in halves]
    assert [process.wait() for process in running] == [0, 0]
    return made


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The machine's own Chromium, driven from here; nothing is downloaded."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no browser")
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=found, args=["--disable-gpu", "--no-sandbox"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def tab(browser: Any, told: Path) -> Tab:
    """``with tab(width) as (page, heard)``: a fresh tab with the network cut, and a record of what it did."""

    @contextmanager
    def opened(width: int = 1280) -> Iterator[tuple[Any, Heard]]:
        heard = Heard(told)
        context = browser.new_context(offline=True, viewport={"width": width, "height": 900})
        context.add_init_script(WATCH)
        page = context.new_page()
        page.on("request", lambda request: heard.request(request.url))
        page.on("pageerror", lambda error: heard.complaints.append(str(error)))
        page.on(
            "console", lambda said: heard.complaints.append(said.text) if said.type in ("error", "warning") else None
        )

        def refuse(dialog: Any) -> None:
            heard.complaints.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        page.on("dialog", refuse)
        try:
            yield page, heard
        finally:
            context.close()

    return opened
