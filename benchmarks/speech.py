"""Measure the extraction of English quotations and their speakers on PolNeAR (https://aclanthology.org/L18-1524/).

    .venv/bin/python benchmarks/speech.py [--half look|score] [--show N] [--json FILE]

The texts are not part of the project: their folder is $WIRETRACE_REAL_DATA or ../shared/data. Documents are split by a
hash of their name into a half that patterns may be mended on (look) and one that is only scored (score).

A quotation counts as found where its words, 80 % of them, stand in a row that the patterns found; it is one that the
annotators gave to a source where it lies in the content of an attribution and has two words or more; quoted
words in reported speech are among them. A speaker is right where the words taken for it overlap the annotated source.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import json
import os
import re
import sys
import time
from collections import Counter
from pathlib import Path

from wiretrace.trace.quotes import Quote, quotes, spans

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data")
Spans = list[tuple[int, int]]


def half_of(name: str) -> str:
    """The half that the document ``name`` belongs to."""
    return "score" if hashlib.sha256(name.encode()).digest()[0] & 1 else "look"


def gold(path: Path) -> list[tuple[Spans, Spans]]:
    """(content, source) spans of each attribution in a brat file."""
    places: dict[str, Spans] = {}
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if line.startswith("T") and len(fields) >= 2:
            places[fields[0]] = [
                (int(a), int(b)) for a, b in re.findall(r"(\d+) (\d+)", fields[1].partition(" ")[2].replace(";", " ; "))
            ]
        elif line.startswith("E") and len(fields) >= 2:
            roles = re.findall(r"(Content|Source)\d*:(T\d+)", fields[1])
            content = [s for role, key in roles if role == "Content" for s in places.get(key, [])]
            source = [s for role, key in roles if role == "Source" for s in places.get(key, [])]
            found.append((content, source))
    return found


def overlap(a: tuple[int, int], others: Spans) -> int:
    """Characters of ``a`` within ``others``."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for b in others)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=["look", "score"], default="look")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--json")
    args = parser.parse_args()
    folder = DATA / "trace/polnear/dev"
    if not folder.is_dir():
        sys.exit(f"{folder}: no such data")
    count: Counter[str] = Counter()
    by_pattern: dict[str, Counter[str]] = {}
    spent, characters, shown = 0.0, 0, 0
    for path in sorted((folder / "text").iterdir()):
        if half_of(path.stem) != args.half:
            continue
        text = path.read_text(encoding="utf-8")
        began = time.process_time()
        found = quotes(text, "en")
        spent += time.process_time() - began
        characters += len(text)
        count["documents"] += 1
        marked = gold(next((folder / "attributions").glob(f"{glob.escape(path.stem)}_*.ann")))
        for quote in found:
            own = by_pattern.setdefault(quote.pattern, Counter())
            best = max(marked, key=lambda g: overlap((quote.start, quote.end), g[0]), default=([], []))
            if overlap((quote.start, quote.end), best[0]) < 0.8 * (quote.end - quote.start):
                own["outside"] += 1
                count["outside"] += 1
            elif best[1]:
                right = overlap(quote.mention, best[1]) > 0
                own["right" if right else "wrong"] += 1
                if not right and shown < args.show:
                    shown += 1
                    print("WRONG", quote.pattern, repr(quote.speaker), "|", [text[a:b] for a, b in best[1]], "|",
                          repr(text[max(0, quote.start - 150) : quote.end + 100]))  # fmt: skip
        for a, b in spans(text, "en"):
            if len(text[a:b].split()) < 2 or not any(overlap((a, b), c) >= 0.8 * (b - a) for c, _ in marked):
                continue
            count["given"] += 1
            hit = _holds(found, a, b)
            count["found"] += hit
            if not hit and shown < args.show:
                shown += 1
                print("MISSED", repr(text[max(0, a - 150) : b + 100]))
    total = sum(c["right"] + c["wrong"] for c in by_pattern.values())
    right = sum(c["right"] for c in by_pattern.values())
    figures = {
        "half": args.half,
        "documents": count["documents"],
        "quotations": count["given"],
        "found": round(count["found"] / max(1, count["given"]), 3),
        "outside any attribution": round(count["outside"] / max(1, total + count["outside"]), 3),
        "speaker right of found": round(right / max(1, total), 3),
        "characters per CPU-second": round(characters / max(spent, 1e-9)),
        "patterns": {k: dict(sorted(v.items())) for k, v in sorted(by_pattern.items())},
    }
    print(json.dumps(figures, indent=1))
    if args.json:
        Path(args.json).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _holds(found: list[Quote], a: int, b: int) -> bool:
    return any(overlap((a, b), [(q.start, q.end)]) >= 0.8 * (b - a) for q in found)


main()
