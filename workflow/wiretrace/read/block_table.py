"""The features of a page's blocks and what each weighs: the rows of config/registry/block_weights.csv by code."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from wiretrace import identity
from wiretrace.read.blocks import NAMES
from wiretrace.read.kernels import weighing

Whole = NDArray[np.int64]
REACHES = ("own", "near", "in")  # regions of a block's element, of it and the two above, of all above
# The classes that the second pass makes of first scores, each with the chance, in per cent, that it means.
CLASSES = np.array((-6000, -4000, -2500, -1500, -800, -200, 400, 1000, 1800, 3000, 5000))
CHANCE = np.array((0, 1, 4, 12, 24, 38, 52, 67, 80, 92, 98, 100))
NONE = len(CLASSES) + 1  # the class of a neighbour that is not there

# Features of which a block shows one of each line, in whose form the numbers stand: (form, numbers of values).
FIRST = (
    ("size{} link{}", (7, 5)), ("parent{}", (6,)), ("parent{} size{}", (6, 7)), ("best{} size{}", (2, 7)),
    ("best{} link{}", (2, 5)), ("heading best{}", (2,)), ("stops{}", (4,)), ("commas{}", (3,)), ("ends size{}", (7,)),
    ("digits{}", (4,)), ("grand{}", (6,)), ("title{}", (7,)), ("pages long{} size{}", (5, 7)),
    ("ahead{} best{}", (6, 2)), ("behind{} best{}", (6, 2)), ("between best{} size{}", (2, 7)), ("repeated{}", (1,)),
    ("description{}", (1,)), ("stated{} size{}", (2, 7)),
)  # fmt: skip
CLASSED = NONE + 1  # classes of a neighbour
SECOND = (
    ("me{}", (NONE,)), ("me{} before{}", (NONE, CLASSED)), ("me{} after{}", (NONE, CLASSED)),
    ("before{} after{}", (CLASSED, CLASSED)), ("before2 {}", (CLASSED,)), ("after2 {}", (CLASSED,)),
    ("four before{} four after{}", (CLASSED, CLASSED)), ("box{}", (11,)), ("box{} me{}", (11, NONE)),
    ("outer{}", (11,)), ("around{}", (11,)), ("alike{}", (11,)), ("alike{} me{}", (11, NONE)), ("element{}", (11,)),
    ("side{} me{}", (3, NONE)), ("side{} away{}", (3, 7)), ("passed{}", (5,)),
)  # fmt: skip


@dataclass
class Table:
    """Weights of one pass by feature, in thousandths, and as rows by code for the features of ``forms``."""

    by_name: Mapping[str, int]
    forms: tuple[tuple[str, tuple[int, ...]], ...]
    rows: Whole = field(init=False)
    regions: Whole = field(init=False)
    sums: dict[tuple[str, ...], int] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Lay the rows out, all as long as the longest."""
        named = [[form.format(*at) for at in product(*map(range, sizes))] for form, sizes in self.forms]
        placed = [[self.by_name.get(f"{reach} {name}", 0) for name in NAMES] for reach in REACHES]
        self.regions = np.array(placed, np.int64)
        self.rows = np.zeros((len(named), max(map(len, named), default=0)), np.int64)
        for row, names in zip(self.rows, named, strict=True):
            row[: len(names)] = [self.by_name.get(name, 0) for name in names]

    def worth(self, names: tuple[str, ...]) -> int:
        """Sum of the weights of ``names``, which come from few."""
        known = self.sums.get(names)
        if known is None:
            if len(self.sums) > 100_000:
                self.sums.clear()
            known = self.sums[names] = sum([self.by_name.get(name, 0) for name in names])
        return known

    def total(self, sight: Sight, *codes: Whole) -> Whole:
        """Sum of the weights of each block's shape, place, tag and regions, and of its further ``codes``."""
        found = np.array([self.worth(tag) for tag in sight.tags], np.int64)
        weighing.add(np.concatenate([sight.codes, *codes]), self.rows, sight.regions, self.regions, found)
        return found


@dataclass(frozen=True)
class Tables:
    """The weights of both passes."""

    first: Table
    second: Table


@cache
def weights(half: bool = False) -> Tables:
    """The weights that are shipped; ``half``: those learned on one half of the pages, by which they are measured."""
    passes: tuple[dict[str, int], dict[str, int]] = {}, {}
    with open(identity.REGISTRY / "block_weights.csv", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            passes[int(row["pass"]) - 1][row["feature"]] = int(row["half" if half else "weight"])
    return tables(*passes)


def tables(first: Mapping[str, int], second: Mapping[str, int]) -> Tables:
    """The tables of weights given by feature."""
    return Tables(Table(first, FIRST), Table(second, FIRST + SECOND))


@dataclass(frozen=True)
class Sight:
    """What is seen of a page's blocks before any score: texts, weights, codes of ``FIRST``, features of their tags.

    ``codes``, ``regions`` and ``boxes`` have a column for each block. ``regions``: bits for each of ``REACHES``;
    ``boxes``: numbers of the box, the two around it, the element and what it looks like.
    """

    texts: list[str]
    heavy: list[int]
    links: list[int]
    codes: Whole
    tags: list[tuple[str, ...]]
    regions: Whole
    boxes: Whole
