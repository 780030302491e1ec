"""Measure the extraction of English quotations and their speakers on PolNeAR (https://aclanthology.org/L18-1524/).

    .venv/bin/python benchmarks/speech.py [--half look|score] [--show N] [--json FILE]

The texts are not part of the project: their folder is $WIRETRACE_REAL_DATA or ../shared/data. Documents are split by a
hash of their name into a half that patterns may be mended on (look) and one that is only scored (score).

Three counts. Annotated: every annotated attribution of two words or more whose content begins and ends with a quotation
mark of any form, whatever this project takes for a pair of marks; found where rows hold 80 % of it. The others ask for
what this project has paired. Strict: every passage between quotation marks of two words or more that lies (80 % of it)
in the content of an annotated attribution, quoted words in reported speech and headlines included. Direct: of these,
where quotation marks hold at least 80 % of the attribution's content. There a passage is found where a row holds 80 %
of it. A speaker is right where the words taken for it overlap the annotated source; rows that name nobody
(`en.unnamed`) abstain: they count as found, and as no speaker. `speaker right of all passages` counts every missed or
unnamed passage as wrong.
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

from wiretrace.trace.quotes import quotes, spans

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data")
MARKS = frozenset("“”\"„‘’'`")
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
            elif best[1] and not quote.speaker:
                own["nobody"] += 1
            elif best[1]:
                right = overlap(quote.mention, best[1]) > 0
                own["right" if right else "wrong"] += 1
                if not right and shown < args.show:
                    shown += 1
                    print("WRONG", quote.pattern, repr(quote.speaker), "|", [text[a:b] for a, b in best[1]], "|",
                          repr(text[max(0, quote.start - 150) : quote.end + 100]))  # fmt: skip
        for content, source in marked:
            words = " ".join(text[a:b] for a, b in content).strip()
            if len(words.split()) < 2 or words[0] not in MARKS or words.rstrip(".,;: ")[-1:] not in MARKS:
                continue
            rows = [q for q in found if overlap((q.start, q.end), content)]
            held = sum(overlap((q.start - 2, q.end + 2), content) for q in rows)
            count["annotated passages"] += 1
            count["annotated found"] += held >= 0.8 * sum(b - a for a, b in content)
            count["annotated named"] += any(q.speaker for q in rows)
            count["annotated right"] += any(q.speaker and overlap(q.mention, source) > 0 for q in rows)
        marks = spans(text, "en")
        for a, b in marks:
            holding = [g for g in marked if overlap((a, b), g[0]) >= 0.8 * (b - a)]
            if len(text[a:b].split()) < 2 or not holding:
                continue
            rows = [q for q in found if overlap((a, b), [(q.start, q.end)]) >= 0.8 * (b - a)]
            right = any(q.speaker and overlap(q.mention, source) > 0 for q in rows for _, source in holding)
            quoted = any(sum(overlap(s, marks) for s in c) >= 0.8 * sum(y - x for x, y in c) for c, _ in holding)
            for kind in ("strict", "direct") if quoted else ("strict",):
                count.update({f"{kind} passages": 1, f"{kind} found": bool(rows), f"{kind} right": right})
                count[f"{kind} named"] += any(q.speaker for q in rows)
            if not rows and shown < args.show:
                shown += 1
                print("MISSED", repr(text[max(0, a - 150) : b + 100]))
    total = sum(sum(c.values()) for c in by_pattern.values())
    figures: dict[str, object] = {"half": args.half, "documents": count["documents"]}
    for kind in ("annotated", "strict", "direct"):
        passages = max(1, count[f"{kind} passages"])
        figures[kind] = {
            "passages": count[f"{kind} passages"],
            "found": round(count[f"{kind} found"] / passages, 3),
            "speaker named": round(count[f"{kind} named"] / passages, 3),
            "speaker right of named": round(count[f"{kind} right"] / max(1, count[f"{kind} named"]), 3),
            "speaker right of all passages": round(count[f"{kind} right"] / passages, 3),
        }
    figures |= {
        "rows outside any attribution": round(sum(c["outside"] for c in by_pattern.values()) / max(1, total), 3),
        "characters per CPU-second": round(characters / max(spent, 1e-9)),
        "patterns": {k: dict(sorted(v.items())) for k, v in sorted(by_pattern.items())},
    }
    print(json.dumps(figures, indent=1))
    if args.json:
        Path(args.json).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


main()
