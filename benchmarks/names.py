"""Measure false alarms of name slips and headline phrases on real texts.

    .venv/bin/python benchmarks/names.py [--texts N] [--show N]

Headlines: titles and bodies of real news pages (read/fundus_parsers). An honest outlet's headline is in its body, so
every one that is listed counts as a false alarm. Names: human Japanese texts (trace/parallel_docs, ai/*); the listed
spellings are those that the texts themselves write in two documents or more, and every other spelling that is marked
as a slip of one counts as a false alarm. The texts are no part of the project: $WIRETRACE_REAL_DATA or ../shared/data.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections import Counter
from pathlib import Path

from wiretrace.trace.headlines import phrases
from wiretrace.trace.names import SLIPS, Directory, spellings, titled
from wiretrace.trace.words import languages

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data")


def headlines(show: int) -> None:
    """Print how many real headlines are listed, by language."""
    from py3langid import classify

    seen: Counter[str] = Counter()
    listed: Counter[str] = Counter()
    with open(DATA / "read/fundus_parsers/gold.jsonl", encoding="utf-8") as stream:
        for line in stream:
            row = json.loads(line)
            body = row.get("body") or ""
            text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
            if not row.get("title") or len(text) < 300:
                continue
            language = classify(text[:2000])[0]
            if language not in languages():
                continue
            seen[language] += 1
            found = phrases(row["title"], [text], language)
            listed[language] += bool(found)
            if found and show:
                print("HEADLINE", language, row["title"], found)
    print({name: f"{listed[name]} of {number} headlines listed" for name, number in sorted(seen.items())})


def japanese(most: int) -> list[str]:
    """Human Japanese texts."""
    texts = []
    with gzip.open(DATA / "trace/parallel_docs.jsonl.gz", "rt", encoding="utf-8") as stream:
        texts += [row["ja"] for row in map(json.loads, stream) if row.get("ja")]
    for path in sorted((DATA / "ai").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            rows = (json.loads(line) for line in stream)
            texts += [r["text"] for r in rows if r.get("lang") == "ja" and str(r.get("label", "")).startswith("human")]
    plain = [text if isinstance(text, str) else "\n".join(text) for text in texts]
    return sorted(dict.fromkeys(plain), key=lambda text: (len(text) % 101, text))[:most]


def names(most: int, show: int) -> None:
    """Print how many spellings of real texts are marked."""
    texts = japanese(most)
    written: Counter[str] = Counter()
    for text in texts:
        written.update({text[a:b].replace(" ", "").replace("\u3000", "") for a, b in titled(text, "ja")})
    directory = Directory([], {name: "majority" for name, number in written.items() if number >= 2})
    people = [directory.people[name] for name in sorted(directory.people)]
    judged = {name for name in written if name not in directory.people}
    marked = {name for name in judged if directory.judge(name, "ja").status in SLIPS}
    around: set[str] = set()
    for text in texts:
        own = {text[a:b] for a, b in spellings(text[:20_000], people, directory)}
        around |= {name for name in own if directory.judge(name, "ja").status in SLIPS}
    print(
        f"{len(texts)} texts, {len(people)} listed spellings, {len(judged)} other names judged: {len(marked)} marked;"
        f" in the running text {len(around)} marked"
    )
    for name in sorted(marked | around)[:show]:
        print("NAME", name, directory.judge(name, "ja"))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"{DATA}: no such data")
    headlines(args.show)
    names(args.texts, args.show)


main()
