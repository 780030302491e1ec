"""Measure the search for earlier occurrences of a quotation, on real texts among many.

    .venv/bin/python benchmarks/quotations.py [--scale N] [--queries N] [--json FILE]

Texts are Reuters-21578 and the documents in en, ja, zh and ko of parallel_docs, below $WIRETRACE_REAL_DATA or
../shared/data. Further ones, up to --scale, are made from them: in each copy every word (or Han, kana, Hangul
character) is exchanged for another one of about the same frequency, so that statistics stay and no passage is shared.
Queries are passages of real texts, verbatim, with 5 % and with 10 % of their characters changed. Found: the text is
among the answers.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from wiretrace.trace.earlier import Index, build

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data") / "trace"
UNIT = re.compile(
    r"[A-Za-z]+|[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]|[^A-Za-z\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]+"
)
LENGTHS = ((20, 39), (40, 79), (80, 160))


def real() -> list[str]:
    """The real texts."""
    texts = []
    for path in sorted((DATA / "reuters21578").glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            texts += [row["body"] for row in json.load(stream) if len(row.get("body", "")) > 300]
    with gzip.open(DATA / "parallel_docs.jsonl.gz", "rt", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            for language in ("en", "ja", "zh", "ko"):
                if row.get(language):
                    texts.append(row[language] if isinstance(row[language], str) else "\n".join(row[language]))
    return list(dict.fromkeys(texts))


def stream(texts: list[str], scale: int) -> Iterator[str]:
    """The real texts, then copies with other words."""
    yield from texts[:scale]
    if scale <= len(texts):
        return
    parts = [UNIT.findall(text) for text in texts]
    count = Counter(unit for own in parts for unit in own if unit[0].isalpha())
    ranked = sorted(count, key=lambda unit: (len(unit) > 1 and unit.isascii(), -count[unit], unit))
    dice = random.Random(3)  # noqa: S311
    made = len(texts)
    while made < scale:
        other: dict[str, str] = {}
        for begin in range(0, len(ranked), 400):
            block = ranked[begin : begin + 400]
            other.update(zip(block, dice.sample(block, len(block)), strict=True))
        for own in parts:
            yield "".join([other.get(unit, unit) for unit in own])
            made += 1
            if made >= scale:
                return


def counted(texts: Iterator[str], making: dict[str, float]) -> Iterator[str]:
    """``texts``, with their characters and the CPU time that making them takes added to ``making``."""
    while True:
        began = time.process_time()
        text = next(texts, None)
        making["seconds"] += time.process_time() - began
        if text is None:
            return
        making["characters"] += len(text)
        yield text


def edited(words: str, share: float, dice: random.Random) -> str:
    """``words`` with that share of the characters changed."""
    changed = list(words)
    for place in dice.sample(range(len(words)), round(share * len(words))):
        changed[place] = dice.choice("etaoinsr") if changed[place].isascii() else dice.choice("的一是の人日")
    return "".join(changed)


def measure(index: Index, texts: list[str], queries: int) -> list[dict[str, object]]:
    """Recall and CPU time of a query by length, script and share of characters changed."""
    dice = random.Random(5)  # noqa: S311
    rows: list[dict[str, object]] = []
    groups = {"Latin": [n for n, t in enumerate(texts) if t[:200].isascii()]}
    groups["Han, kana, Hangul"] = [n for n, t in enumerate(texts) if not t[:200].isascii()]
    for script, numbers in groups.items():
        for low, high in LENGTHS:
            for share in (0.0, 0.05, 0.1):
                spent, found = [], 0
                for _ in range(queries):
                    number = dice.choice(numbers)
                    flat = texts[number]
                    size = min(len(flat), dice.randint(low, high))
                    begin = dice.randrange(len(flat) - size + 1)
                    words = edited(flat[begin : begin + size], share, dice)
                    began = time.process_time()
                    answers = index.search(words)
                    spent.append(time.process_time() - began)
                    found += any(answer == number for answer, _ in answers)
                spent.sort()
                rows.append({
                    "script": script, "characters": f"{low}-{high}", "changed": share, "queries": queries,
                    "found": round(found / queries, 4), "median ms": round(1000 * spent[len(spent) // 2], 2),
                    "p95 ms": round(1000 * spent[int(len(spent) * 0.95)], 2),
                })  # fmt: skip
    return rows


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--json")
    args = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"{DATA}: no such data")
    texts = real()
    with tempfile.TemporaryDirectory() as folder:
        making = {"characters": 0.0, "seconds": 0.0}  # what making the copies costs is no cost of the index
        began = time.process_time()
        index = build(counted(stream(texts, args.scale), making), folder)
        spent = time.process_time() - began - making["seconds"]
        figures = {
            "texts": args.scale,
            "characters": int(making["characters"]),
            "fingerprints": len(index.hashes),
            "index MB": round(8 * len(index.hashes) / 1e6),
            "CPU-seconds to build": round(spent, 1),
            "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "queries": measure(index, texts[: args.scale], args.queries),
        }
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    if args.json:
        Path(args.json).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


main()
