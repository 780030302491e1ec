"""Measure what is taken for a site's own passage where it is most of the site's short articles.

    .venv/bin/python benchmarks/boilerplate.py [--sites 200] [--seed 5]

Sites are made of real documents of one language (`parallel_docs`, not part of the project: its folder is
$WIRETRACE_REAL_DATA or ../shared/data). *Added*: 6, 8 or 12 articles of one to three sentences, each of another
document, with the same eight sentences of a document of none of them before or behind, in a paragraph of their own or
in the same, alone or among 30 ordinary articles of the site; counted are articles of which the passage is 60 to 92 %,
and is masked where nine tenths of it are. *Run again*: the last eight sentences of a document behind four to six other
pairs of its own sentences: one text with other openings, which should not be masked.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

from wiretrace.trace.repeated import STOP, added, spans

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data") / "trace"
FORMS = {
    "behind": "{own}\n{passage}",
    "before": "{passage}\n{own}",
    "same paragraph": "{own} {passage}",
    "among others": "{own}\n{passage}",
}


def documents() -> dict[str, list[list[str]]]:
    """Documents of twelve sentences and more, as sentences, each once, by language."""
    found: dict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
    with gzip.open(DATA / "parallel_docs.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            for language in ("en", "ja", "zh", "ko"):
                lines = row.get(language) or []
                lines = lines.split("\n") if isinstance(lines, str) else lines
                own = [part.strip() for line in lines for part in STOP.sub(lambda m: m[0] + "\n", line).split("\n")]
                sentences = tuple(filter(None, own))
                if len(sentences) >= 12:
                    found[language][sentences] = None
    return {language: list(map(list, own)) for language, own in found.items()}


def masked(text: str, texts: list[str]) -> int:
    """Characters of ``text`` that take no part, as one of a site's ``texts``."""
    return sum(end - begin for begin, end in spans(text, added(texts)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    if not DATA.is_dir():
        sys.exit("no real data: set WIRETRACE_REAL_DATA")
    pick = random.Random(args.seed)  # noqa: S311
    for language, own in sorted(documents().items()):
        counts: Counter[str] = Counter()
        for _ in range(args.sites):
            number = pick.choice([6, 8, 12])
            chosen = pick.sample(own, number + 1)
            form = pick.choice(list(FORMS))
            passage = " ".join(chosen.pop()[2:10])
            made = [FORMS[form].format(own=" ".join(d[: pick.choice([1, 2, 3])]), passage=passage) for d in chosen]
            others = ["\n".join(d) for d in pick.sample(own, 30)] if form == "among others" else []
            for text in made:
                if 0.6 <= len(passage) / len(text) <= 0.92:
                    counts[form] += 1
                    counts[f"{form}, masked"] += masked(text, made + others) >= 0.9 * len(passage)
            long = pick.choice(own)
            openings = [long[i : i + 2] for i in range(0, min(12, len(long) - 9), 2)]
            if len(openings) >= 4:
                made = [" ".join(opening) + "\n" + " ".join(long[-8:]) for opening in openings]
                counts["run again"] += 1
                counts["run again, masked"] += masked(made[0], made) > 0
        told = (f"{form} {counts[f'{form}, masked']} of {counts[form]}" for form in (*FORMS, "run again"))
        print(f"{language}, {len(own)} documents, masked: {', '.join(told)}")


if __name__ == "__main__":
    main()
