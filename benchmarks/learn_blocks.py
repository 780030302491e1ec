"""Learn config/registry/block_weights.csv: ``python benchmarks/learn_blocks.py [--cache FILE]``.

Real pages with their article (read/fundus_parsers), with words that must and must not be in it (read/trafilatura_eval),
and pages without a label (read/dates, read/chinese_pages). A block's label is the gold's where that tells; else, at
half the weight, what trafilatura's two modes agree on. The second pass learns from first scores by weights that were
learned on other pages (three folds), as it will meet them. Column ``weight`` is learned on all pages, ``half`` only on
those whose id hashes even: benchmarks/read.py scores ``half`` on the others, which is the honest figure.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import os
import pickle
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from read import ROOT, half_of, pages, plain, shingles
from trafilatura.core import bare_extraction

from wiretrace.read.block_table import FIRST, REACHES, SECOND, Sight, tables
from wiretrace.read.blocks import NAMES
from wiretrace.read.decode import decode
from wiretrace.read.extract import body_lines, stated_body
from wiretrace.read.markup import Markup, parse
from wiretrace.read.scoring import context, sight_of, words

TARGET = ROOT / "config/registry/block_weights.csv"
RARE = 30  # blocks that must show a feature
RIDGE = 5.0
FOLDS = 3


@dataclass
class Page:
    """A page's blocks: what is seen of them and said in them, label and weight (0 where nothing is known)."""

    name: str
    sight: Sight
    said: list[tuple[str, ...]]
    label: np.ndarray
    weight: np.ndarray

    @property
    def fold(self) -> int:
        """Which part of the pages it belongs to."""
        return hashlib.sha256(self.name.encode()).digest()[1] % FOLDS


def page_of(row: dict[str, Any], html: str) -> Page | None:
    """The labelled blocks of a page; None where it has none."""
    tree = parse(html)
    if tree is None:
        return None
    page = Markup(tree, row.get("url") or "https://page.example/a")
    blocks = page.blocks_seen
    if not blocks:
        return None
    sight = sight_of(page.outline, blocks, page.title, page.said("og:description", "description"), stated_body(page))
    known = _agreed(tree, sight.texts) | _gold(row, sight.texts)
    label, weight = np.zeros(len(blocks)), np.zeros(len(blocks))
    for number, heavy in enumerate(sight.heavy):
        label[number], sure = known.get(number, (0.0, 0.0))
        if sure == 0.5 and not label[number]:
            sure *= 3 * (number % 3 == 0)  # of the many blocks of chrome a third stands for all
        weight[number] = sure * min(3.0, max(0.5, (heavy / 50) ** 0.5))
    said = [words(*seen) for seen in zip(sight.texts, sight.heavy, sight.links, strict=True)]
    return Page(row["id"], sight, said, label, weight)


def _agreed(tree: Any, texts: list[str]) -> dict[int, tuple[float, float]]:
    votes: Counter[int] = Counter()
    for precise in (False, True):
        found = bare_extraction(tree, favor_precision=precise, include_comments=False, with_metadata=False)
        body = getattr(found, "body", None)
        lines = list(body_lines(body)) if body is not None else []
        whole, kept = "".join("".join(lines).split()), set(lines)
        votes.update(
            i for i, text in enumerate(texts) if (text in kept if len(text) < 15 else "".join(text.split()) in whole)
        )
    return {i: (votes[i] / 2, 0.5) for i in range(len(texts)) if votes[i] != 1}


def _gold(row: dict[str, Any], texts: list[str]) -> dict[int, tuple[float, float]]:
    known: dict[int, tuple[float, float]] = {}
    if row.get("body"):
        lines, whole = {plain(line) for line in row["body"].split("\n")}, "".join(plain(row["body"]).split())
        there = shingles(row["body"])
        for i, text in enumerate(texts):
            own = shingles(text)
            shared = sum(one in there for one in own) / len(own) if own else 0
            held = text in lines if len(text) < 15 else "".join(text.split()) in whole or shared > 0.6
            known[i] = float(held), 1.0
    for chunk in map(plain, row.get("w") or ()):
        hits = [i for i, text in enumerate(texts) if chunk in text]
        if len(hits) == 1 and len(chunk) >= 6:
            known[hits[0]] = 1.0, 3.0
    for chunk in map(plain, row.get("wo") or ()):
        known |= {
            i: (0.0, 3.0) for i, text in enumerate(texts) if chunk and chunk in text and len(text) < 4 * len(chunk) + 40
        }
    return known


Weights = dict[str, int]
Forms = tuple[tuple[str, tuple[int, ...]], ...]


def learned(known: Sequence[Page], forms: Forms, first: Mapping[str, np.ndarray] | None = None) -> Weights:
    """Weights of a logistic regression with a ridge, by Newton's method, in thousandths; ``first``: first scores."""
    names = [[form.format(*at) for at in product(*map(range, sizes))] for form, sizes in forms]
    rows: list[list[str]] = []
    for page in known:
        codes = [*page.sight.codes, *(context(page.sight, first[page.name]) if first else ())]
        for i in np.flatnonzero(page.weight):
            shown = [names[at][code[i]] for at, code in enumerate(codes) if code[i] >= 0]
            bits = zip(REACHES, page.sight.regions, strict=True)
            where = [f"{reach} {name}" for reach, held in bits for at, name in enumerate(NAMES) if held[i] >> at & 1]
            rows.append([*shown, *where, *page.sight.tags[i], *page.said[i]])
    counts = Counter(name for row in rows for name in row)
    index = {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= RARE))}
    shown = [sorted(index[name] for name in row if name in index) for row in rows]
    ends = np.cumsum([0, *map(len, shown)])
    seen = sp.csr_matrix((np.ones(ends[-1]), np.concatenate(shown), ends), shape=(len(rows), len(index)))
    label, weight = (np.concatenate([getattr(p, part)[p.weight > 0] for p in known]) for part in ("label", "weight"))
    found = np.zeros(len(index))
    for _ in range(7):
        chance = 1 / (1 + np.exp(-np.clip(seen @ found, -30, 30)))
        slope = seen.T @ (weight * (chance - label)) + RIDGE * found
        curve = (seen.T @ sp.diags(weight * np.maximum(chance * (1 - chance), 1e-4)) @ seen).toarray()
        found -= np.linalg.solve(curve + RIDGE * np.eye(len(index)), slope)
    return {name: round(1000 * float(found[i])) for name, i in index.items()}


def scored(page: Page, first: Weights) -> np.ndarray:
    """The first pass's scores of a page's blocks."""
    table = tables(first, {}).first
    return table.total(page.sight) + np.array([table.worth(said) for said in page.said])


def passes(known: Sequence[Page]) -> tuple[Weights, Weights]:
    """Weights of the first and the second pass."""
    first: dict[str, np.ndarray] = {}
    for fold in range(FOLDS):
        others = learned([page for page in known if page.fold != fold], FIRST)
        first |= {page.name: scored(page, others) for page in known if page.fold == fold}
    return learned(known, FIRST), learned(known, FIRST + SECOND, first)


def main() -> None:
    """Write the weights."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", default=os.environ.get("WIRETRACE_REAL_DATA") or str(ROOT / "../shared/data"))
    options.add_argument("--cache", default="", help="file that keeps the labelled blocks between runs")
    args = options.parse_args()
    known: list[Page] = []
    if args.cache and Path(args.cache).exists():
        with gzip.open(args.cache) as stream:
            known = pickle.load(stream)  # noqa: S301 written below
    else:
        for folder in ("fundus_parsers", "trafilatura_eval", "dates", "chinese_pages"):
            read = (page_of(row, decode(body).text) for row, body in pages(Path(args.data), folder))
            known += [page for page in read if page]
        if args.cache:
            with gzip.open(args.cache, "wb", 1) as stream:
                pickle.dump(known, stream)
    half, whole = passes([page for page in known if half_of(page.name) == "look"]), passes(known)
    with open(TARGET, "w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["pass", "feature", "weight", "half"])
        for number in range(2):
            table.writerows(
                [number + 1, name, whole[number][name], half[number].get(name, 0)] for name in sorted(whole[number])
            )
    json.dump({"pages": len(known), "blocks": sum(int((page.weight > 0).sum()) for page in known)}, sys.stdout)


if __name__ == "__main__":
    main()
