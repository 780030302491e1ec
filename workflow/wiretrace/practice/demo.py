"""Run the practice investigation: serve the world, run the workflow in two rounds, score what it published."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from wiretrace import schema
from wiretrace.practice import score, world
from wiretrace.practice.model import World
from wiretrace.practice.servers import Internet, serve

ROOT = Path(__file__).resolve().parents[3]
INPUTS = {
    "seeds": ("url", "role", "note"),
    "names": ("name", "reading", "note"),
    "posts": ("posted_at", "platform", "account", "url", "text", "account_created_at"),
    "known_networks": ("domain", "label", "listed_by", "date"),
}
ROUNDS = ("round-1", "round-2")


def name_of(seed: int) -> str:
    """Name of the investigation of the world with ``seed``."""
    return "practice" if seed == 1 else f"practice-{seed}"


def state_of(seed: int, results: Path = ROOT / "results") -> Path:
    """Folder of what the practice internet of ``seed`` needs: certificates, the investigator's files, its doors."""
    return results / ".practice" / f"world-{seed}"


def inputs(made: World) -> dict[str, str]:
    """The files that an investigator of ``made`` starts from: name to text."""
    files = {}
    for name, columns in INPUTS.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({c: row.get(c, "") for c in columns} for row in getattr(made, name))
        files[f"{name}.csv"] = out.getvalue()
    files["platforms.yaml"] = yaml.safe_dump({"platforms": made.platforms}, allow_unicode=True, sort_keys=False)
    return files


def configuration(internet: Internet, given: str) -> dict[str, Any]:
    """What differs from ``config/config.yaml``: the world's name, its inputs, the doors of this practice internet."""
    return {
        "investigation": name_of(internet.world.seed),
        "inputs": {
            "seeds": f"{given}/seeds.csv",
            "names": [f"{given}/names.csv"],
            "posts": [f"{given}/posts.csv"],
            "known_networks": [f"{given}/known_networks.csv"],
            "platforms": [f"{given}/platforms.yaml"],
        },
        "acquire": {
            "proxy": internet.proxy,
            "resolvers": [internet.resolver],
            "ca_file": internet.ca_file,
        },
    }


def run(seed: int, results: Path = ROOT / "results", arguments: Sequence[str] = ()) -> int:
    """Serve world ``seed``, run everything that is not done yet, print the scoreboard; 0 where all went well."""
    made = world.build(seed)
    state = state_of(seed, results)
    root = results / name_of(seed)
    report = root / "report" / "index.html"
    with serve(made, state) as internet:
        given = state / "inputs"
        for name, text in inputs(made).items():
            _write_new(given / name, text)
        folder = "practice" if seed == 1 else str(given)
        overlay = state / "here.yaml"
        settings = configuration(internet, folder) | {"results": _shown(results)}
        _write_new(overlay, yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))
        files = ["--configfile", str(ROOT / "config" / "config.yaml"), str(overlay), "--config"]
        before = _time(report)
        for number, snapshot in enumerate(ROUNDS, start=1):
            internet.round = number
            manifest = root / "evidence" / snapshot / "manifest.json"
            last = snapshot == ROUNDS[-1]  # its run does everything that follows too
            if last or not manifest.is_file():
                targets = [] if last else [_shown(manifest)]
                code = _snakemake([*targets, *arguments], [*files, f"snapshot={snapshot}"])
                if code:
                    return code
    figures = scored(root, made)
    if before and before == _time(report):
        print(f"Nothing to do: {root.name} is up to date.")
    _print(figures)
    print(f"\nScoreboard: {_shown(root / 'scoreboard.json')}\nReport:     {_shown(report)}")
    return 0


def scored(root: Path, made: World) -> dict[str, Any]:
    """Score the newest version below ``root`` and keep the figures in ``scoreboard.json``."""
    version = (root / "work" / "version.txt").read_text(encoding="utf-8").strip()
    folder = root / "versions" / version / "tables"
    tables = {path.stem: schema.read(path.stem, path) for path in sorted(folder.glob("*.csv"))}
    figures = {"world": made.seed, "version": version, **score.score(tables, made.truth)}
    schema.write_text(root / "scoreboard.json", json.dumps(figures, ensure_ascii=False, indent=1) + "\n")
    return figures


def update_readme() -> None:
    """Put the figures of the first world's scoreboard between the README's marks."""
    figures = json.loads((ROOT / "results" / name_of(1) / "scoreboard.json").read_text(encoding="utf-8"))
    path = ROOT / "README.md"
    head, _, rest = path.read_text(encoding="utf-8").partition("<!-- scoreboard -->\n")
    _, _, tail = rest.partition("<!-- /scoreboard -->")
    table = markdown(figures)
    schema.write_text(path, f"{head}<!-- scoreboard -->\n{table}<!-- /scoreboard -->{tail}")


def markdown(figures: dict[str, Any]) -> str:
    """The figures that a reader of the README wants first, as a Markdown table."""
    attribution, tracing = figures["attribution"], figures["tracing"]
    indicators, quotes, changes = figures["ai_indicators"], figures["quotes"], figures["changes"]
    rows = [
        ("pairs of sites of one operator", _rate(attribution["pairs"])),
        ("wrong operator links of honest sites", str(len(attribution["wrong_links_of_honest_publishers"]))),
        (
            "operators named",
            f"{attribution['operators']['named_right']} right, {attribution['operators']['named_wrong']} wrong",
        ),
        ("source of a traceable article", _counts(tracing["articles"]["traceable"])),
        ("traps set for the direction of copying", _counts(tracing["articles"]["traps"])),
        ("distributor of a site, from all its releases", _named(figures["distributors"]["sites"])),
        ("articles with AI residue", _rate(indicators["articles"])),
        ("honest articles about chatbots marked", f"{len(indicators['controls_marked'])} of {indicators['controls']}"),
        ("sites with slips of another language", _rate(figures["origin_indicators"]["publishers"])),
        ("the false quotation, by article", _rate(quotes["false_quotation"])),
        ("honest quotations marked", str(len(quotes["honest_marked"]))),
        ("names spelled wrong", _rate(figures["names"]["spellings"])),
        ("pairs of accounts that post together", _rate(figures["posts"]["pairs"])),
        *(
            (f"articles {name.replace('_', ' ')} between rounds", _rate(changes[name]))
            for name in ("edited", "deleted")
        ),
    ]
    return "".join(["| what | found |\n|---|---|\n", *(f"| {name} | {text} |\n" for name, text in rows)])


def _rate(found: dict[str, Any]) -> str:
    return f"{found['right']} of {found['true']}; {found['found'] - found['right']} wrong"


def _named(found: dict[str, Any]) -> str:
    return f"{found['right']} right of {found['found']} named; {found['true']} that one distributor mainly supplies"


def _counts(found: dict[str, int]) -> str:
    words = {
        "right": "right",
        "right_earlier": "right but further back",
        "right_publisher": "another copy at the right publisher",
        "wrong": "wrong",
        "cannot_tell": "cannot tell",
        "not_captured": "not captured",
    }
    return ", ".join(f"{found[name]} {text}" for name, text in words.items() if name in found)


def _snakemake(targets: list[str], configuration: list[str]) -> int:
    command = [sys.executable, "-m", "snakemake", "--cores", "all", *targets, *configuration]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - our own command


def _write_new(path: Path, text: str) -> None:
    """Write ``text`` unless it stands there already, so that an unchanged input keeps its time."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        schema.write_text(path, text)


def _shown(path: Path) -> str:
    """``path`` relative to the project where it lies in it, as Snakemake's rules name it."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _time(path: Path) -> float:
    return path.stat().st_mtime if path.is_file() else 0.0


def _print(figures: dict[str, Any], indent: str = "") -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{indent}{name}")
            _print(value, indent + "  ")
        else:
            shown = "-" if value is None else "none" if value == [] else value
            print(f"{indent}{name:<34} {shown}")
