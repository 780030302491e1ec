"""Learn config/registry/block_weights.csv: ``python benchmarks/learn_blocks.py [--cache FILE]``.

Real pages with their article (read/fundus_parsers), with words that must and must not be in it (read/trafilatura_eval),
and pages without a label (read/dates, read/chinese_pages). A block's label is the gold's where that tells; else, at
half the weight, what trafilatura's two modes agree on. Column ``weight`` is learned on all pages, ``half`` only on
those whose id hashes even: benchmarks/read.py scores ``half`` on the others, which is the honest figure.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import pickle
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from read import ROOT, half_of, pages, plain, shingles
from trafilatura.core import bare_extraction

from wiretrace.read.decode import decode
from wiretrace.read.extract import body_lines, stated_body
from wiretrace.read.markup import Markup, parse
from wiretrace.read.scoring import features, words

TARGET = ROOT / "config/registry/block_weights.csv"
RARE = 30  # blocks that must show a feature
RIDGE = 5.0
Labelled = tuple[list[str], float, float]  # features, label, weight


def labelled(row: dict[str, Any], html: str) -> Iterator[Labelled]:
    """The blocks of a page with features, label and weight; those that nothing is known of are left out."""
    tree = parse(html)
    if tree is None:
        return
    page = Markup(tree, row.get("url") or "https://page.example/a")
    blocks = page.blocks_seen
    texts = [block.text for block in blocks]
    known = _agreed(tree, texts) | _gold(row, texts)
    lead = page.said("og:description", "description")
    for number, (seen, size, links) in enumerate(features(blocks, page.title, lead, stated_body(page))):
        label, weight = known.get(number, (0.0, 0.0))
        if not weight or (weight == 0.5 and not label and number % 3):
            continue
        more = 3 if weight == 0.5 and not label else 1  # of the many blocks of chrome a third stands for all
        shape = [name for names in seen for name in names]
        yield (
            [*shape, *words(texts[number], size, links)],
            label,
            more * weight * min(3.0, max(0.5, (size / 50) ** 0.5)),
        )


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


def learned(rows: list[Labelled]) -> dict[str, float]:
    """Weights of a logistic regression with a ridge, by Newton's method."""
    counts = Counter(name for names, _, _ in rows for name in set(names))
    index = {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= RARE))}
    seen = np.zeros((len(rows), len(index)), np.float32)
    for i, (names, _, _) in enumerate(rows):
        seen[i, [index[name] for name in names if name in index]] = 1
    label, weight = (np.array([row[at] for row in rows], np.float32) for at in (1, 2))
    found = np.zeros(len(index))
    for _ in range(7):
        chance = 1 / (1 + np.exp(-np.clip(seen @ found.astype(np.float32), -30, 30)))
        slope = seen.T @ (weight * (chance - label)) + RIDGE * found
        curve = (seen * (weight * np.maximum(chance * (1 - chance), 1e-4))[:, None]).T @ seen
        found -= np.linalg.solve(curve.astype(float) + RIDGE * np.eye(len(index)), slope)
    return {name: round(float(found[i]), 3) for name, i in index.items()}


def main() -> None:
    """Write the weights."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", default=os.environ.get("WIRETRACE_REAL_DATA") or str(ROOT / "../shared/data"))
    options.add_argument("--cache", default="", help="file that keeps the labelled blocks between runs")
    args = options.parse_args()
    rows: dict[str, list[Labelled]] = {"look": [], "score": []}
    if args.cache and Path(args.cache).exists():
        with gzip.open(args.cache) as stream:
            rows = pickle.load(stream)  # noqa: S301 written below
    else:
        for folder in ("fundus_parsers", "trafilatura_eval", "dates", "chinese_pages"):
            for row, body in pages(Path(args.data), folder):
                rows[half_of(row["id"])] += labelled(row, decode(body).text)
        if args.cache:
            with gzip.open(args.cache, "wb", 1) as stream:
                pickle.dump(rows, stream)
    half, whole = learned(rows["look"]), learned(rows["look"] + rows["score"])
    with open(TARGET, "w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["feature", "weight", "half"])
        table.writerows([name, whole[name], half.get(name, 0.0)] for name in sorted(whole))
    json.dump({k: len(v) for k, v in rows.items()}, sys.stdout)


if __name__ == "__main__":
    main()
