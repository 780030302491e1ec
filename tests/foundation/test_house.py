"""The walls of the house: imports point down, only acquire opens sockets, modules stay small, nothing real is known."""

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
import yaml

from wiretrace import docs

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "workflow" / "wiretrace"
MODULES = sorted(path for path in LIBRARY.rglob("*.py"))
# What each room may import of the library, besides its own modules.
GROUND = {
    "arrays",
    "compiled",
    "whois_phrases",
    "sentences",
    "errors",
    "given",
    "mistakes",
    "identity",
    "schema",
    "config",
    "progress",
    "shipped",
}
MAY = {
    "identity": {"shipped"},
    "schema": {"errors", "shipped"},
    "evidence": GROUND,
    "acquire": GROUND | {"evidence"},
    "read": GROUND | {"evidence"},
    "attribute": GROUND | {"evidence", "read"},
    "indicate": GROUND | {"evidence", "read"},
    "trace": GROUND | {"evidence", "read"},
    "publish": GROUND | {"evidence", "read"},
    "narrate": GROUND | {"evidence", "read", "publish"},
}
SOCKETS = {"requests", "urllib3", "socket", "ssl", "dns", "http.client", "urllib.request", "httpx", "aiohttp", "ftplib"}


# What may stand at the top of the project: DESIGN's folders, and the files that tools demand.
TOP = {
    ".ci", ".gitignore", "LICENSE", "Makefile", "README.md", "Snakefile", "benchmarks", "config", "docs", "environment.yml",
    "notebooks", "profiles", "pyproject.toml", "requirements.lock", "results", "tests", "workflow",
}  # fmt: skip


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def rooms(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("wiretrace.")}


@pytest.mark.parametrize("room", sorted(MAY))
def test_an_import_only_points_down(room: str) -> None:
    for path in (LIBRARY / room).rglob("*.py"):
        assert rooms(path) - {room} <= MAY[room], path.relative_to(ROOT)


def test_only_acquire_and_the_practice_internet_open_sockets() -> None:
    for path in MODULES:
        if path.relative_to(LIBRARY).parts[0] not in ("acquire", "practice"):
            used = {
                name for name in imports(path) for socket in SOCKETS if name == socket or name.startswith(socket + ".")
            }
            assert not used, path.relative_to(ROOT)


def test_modules_and_functions_stay_small() -> None:
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, path.relative_to(ROOT)
        for node in nodes(path):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{path.relative_to(ROOT)}: {node.name} has {length} lines"


def test_nothing_is_committed_that_a_run_or_a_trial_left_behind() -> None:
    """Tables of real material, once in a folder of somebody's own, are in the history for good."""
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = told.stdout.splitlines()
    assert {path.partition("/")[0] for path in listed} <= TOP
    assert [path for path in listed if path.startswith("results/")] == ["results/README.md"]


def test_the_front_door_is_small() -> None:
    assert (ROOT / "Snakefile").read_text(encoding="utf-8").count("\n") < 60


def test_no_stage_reads_the_truth_or_knows_a_practice_name() -> None:
    from wiretrace.practice import world

    made = [world.build(seed) for seed in (1, 2)]
    known = {row["publisher"] for w in made for row in w.truth["publishers"]} | {h for w in made for h in w.hosts()}
    for path in [*MODULES, *(ROOT / "workflow" / "scripts").glob("*.py"), *(ROOT / "config" / "registry").iterdir()]:
        if "practice" in path.relative_to(ROOT).parts:
            continue
        text = path.read_text(encoding="utf-8")
        assert path.suffix != ".py" or "practice" not in rooms(path), path
        for name in (each for each in known if each in text):
            assert not re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text), f"{path.relative_to(ROOT)}: {name}"


def test_generated_docs_are_what_the_code_says() -> None:
    assert docs.stale() == []


def test_conda_users_get_the_same_names_and_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {re.match(r"[A-Za-z0-9-]+", d)[0]: d for d in project["dependencies"]}  # type: ignore[index]
    given: dict[str, str] = {}
    for entry in yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]:
        for text in entry["pip"] if isinstance(entry, dict) else [entry]:
            name = re.match(r"[A-Za-z0-9-]+", text)[0]  # type: ignore[index]
            name = {"snakemake-minimal": "snakemake", "matplotlib-base": "matplotlib"}.get(name, name)
            given[name] = name + text[len(re.match(r"[A-Za-z0-9-]+", text)[0]) :]  # type: ignore[index]
    assert given.pop("python") == "python" + project["requires-python"]
    assert given.pop("pip") == "pip"
    assert given == wanted


def test_the_lock_holds_a_version_and_hashes_for_all_that_the_project_needs() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", lock, re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wish in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        name = re.match(r"[A-Za-z0-9-]+", wish)[0].lower()  # type: ignore[index]
        assert name in pinned, name
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\S)", lock.strip()) if "==" in block)


def test_fixed_packages_are_really_used() -> None:
    used = {name.split(".")[0] for path in MODULES for name in imports(path)}
    assert {"requests", "bs4", "tldextract", "dns", "pandas"} <= used
