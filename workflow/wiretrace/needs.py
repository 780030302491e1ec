"""What a job asks of a machine: memory and minutes, from the size of what it reads and how often it was tried.

The figures are in ``workflow/rules/needs.csv``, from the rules' own benchmark files (docs/scaling.md): a start, and a
share for each megabyte that the job reads. No result depends on them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FIGURES = Path(__file__).parents[1] / "rules" / "needs.csv"
MANIFEST, NEWEST = "manifest.json", "version.txt"
# Megabytes that Snakemake takes beside a script in a job of a cluster, where it is started twice.
ENGINE = 400
Ask = Callable[[Any, Iterable[str], int], int]


@dataclass(frozen=True)
class Need:
    """The ask of one rule: MB and minutes to begin with, and for each MB of ``counts``.

    ``counts``: ``inputs`` (the job's input files), ``rounds`` (the archives beside each manifest among them), or
    ``version`` (the tables of the version whose id the file among them holds).
    """

    counts: str
    mem_mb: int
    mem_per_mb: float
    minutes: int
    minutes_per_mb: float


@dataclass(frozen=True)
class Needs:
    """The asks of all rules, by name."""

    by_rule: Mapping[str, Need]

    def memory(self, rule: str) -> Ask:
        """Megabytes of memory for a job of ``rule``: more for larger inputs, doubled and trebled when tried again."""
        need = self.by_rule[rule]

        def ask(wildcards: Any, input: Iterable[str], attempt: int) -> int:  # noqa: A002 - Snakemake's name
            return round(need.mem_mb + ENGINE + need.mem_per_mb * megabytes(input, need.counts)) * attempt

        return ask

    def minutes(self, rule: str) -> Ask:
        """Minutes of run time for a job of ``rule``, in the same way."""
        need = self.by_rule[rule]

        def ask(wildcards: Any, input: Iterable[str], attempt: int) -> int:  # noqa: A002 - Snakemake's name
            return round(need.minutes + need.minutes_per_mb * megabytes(input, need.counts)) * attempt

        return ask


def read(path: Path = FIGURES) -> Needs:
    """The asks as ``path`` states them."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Needs(
        {
            row["rule"]: Need(
                row["counts"],
                int(row["mem_mb"]),
                float(row["mem_per_mb"]),
                int(row["minutes"]),
                float(row["minutes_per_mb"]),
            )
            for row in rows
        }
    )


def megabytes(files: Iterable[str], counts: str) -> float:
    """Size of ``files``, or of the rounds whose manifests, or the version whose id, are among them.

    A file that is not there yet counts nothing: jobs are sized anew once their inputs are made, but for the later jobs
    of a group, whose asks must hold without.
    """
    paths = [Path(file) for file in files]
    if counts == "rounds":
        paths = [found for path in paths if path.name == MANIFEST for found in path.parent.glob("*")]
    elif counts == "version":
        paths = [found for path in paths if path.name == NEWEST for found in _tables(path)]
    return sum(path.stat().st_size for path in paths if path.is_file()) / 1e6


def _tables(newest: Path) -> Iterable[Path]:
    """The tables of the version that ``results/NAME/work/version.txt`` names; none before it is published."""
    if not newest.is_file():
        return ()
    return newest.parents[1].glob(f"versions/{newest.read_text(encoding='utf-8').strip()}/tables/*.csv")
