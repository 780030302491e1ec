"""Measure matching across languages on real text: ``python benchmarks/crosslingual.py [--dictionaries] …``.

Every pair of languages is searched both ways among ``--documents`` texts of each language: the real ones and
distractors (real news, and texts of eight sentences drawn from eight other real texts). Nothing was set on half 1.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import os
import random
import re
import resource
import sys
import time
from pathlib import Path

from wiretrace.trace.across import Tools, search, tools_for, translations
from wiretrace.trace.fold import fold
from wiretrace.trace.texts import Text

PAIRS = ("zh-ja", "en-ja", "en-zh", "en-ko", "ja-ko", "zh-ko")


def text(number: int, words: str, language: str) -> Text:
    """One document as the room's own type."""
    codes, places = fold(words)
    return Text(f"a-{number:07}", f"p{number}.example", "", language, "", words, "", False, "live", codes, places, ())


def lines(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def half_of(row: dict, parts: int) -> int:
    return int(hashlib.sha256(row["id"].encode()).hexdigest(), 16) % parts


def foreign(data: Path, language: str) -> list[str]:
    """Real texts of ``language`` that translate none of the others."""
    made: list[str] = []
    if language == "en":
        for path in sorted((data / "trace" / "reuters21578").glob("*.json.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                made += [row["body"] for row in json.load(stream) if len(row.get("body", "")) > 300]
    elif language == "ja":
        made += [r["text"] for r in lines(data / "ai" / "livedoor_ja.jsonl.gz") if len(r["text"]) > 150]
    elif language == "zh":
        short = [r["text"] for r in lines(data / "ai" / "hc3plus.jsonl.gz") if r["lang"] == "zh"]
        made += ["\n".join(short[i : i + 8]) for i in range(0, len(short), 8)]
    elif language == "ko":
        made += [r["text"] for r in lines(data / "ai" / "katfish_ko.jsonl.gz")]
    made = sorted(set(made))
    random.Random(language).shuffle(made)  # noqa: S311
    return made


def distractors(data: Path, rows: list[dict], language: str, count: int) -> list[str]:
    """``count`` texts of ``language``: real ones, then mixtures of eight sentences of the real documents."""
    made = foreign(data, language)
    pick = random.Random(language)  # noqa: S311
    split = re.compile(r"(?<=[.!?]) |(?<=[。！？])|\n")
    stock = [s for r in rows for s in split.split(r.get(language, "")) if len(s) > 15]
    made = made[: count // 2] if stock and len(made) > count // 2 else made
    while stock and len(made) < count:
        made.append("\n".join(pick.sample(stock, 8)))
    return made[:count]


def asked(rows: list[dict], one: str, other: str, least: int) -> list[dict]:
    """Documents that stand in both languages and are long enough."""
    return [r for r in rows if r.get(one) and r.get(other) and min(len(r[one]), len(r[other])) >= least]


def interval(right: int, total: int) -> str:
    """Share with its 95 % interval (Wilson)."""
    if not total:
        return "-"
    share, z = right / total, 1.96
    middle = (share + z * z / 2 / total) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / 4 / total / total) / (1 + z * z / total)
    return f"{right}/{total} = {share:.3f} [{max(0, middle - half):.3f}, {min(1, middle + half):.3f}]"


def candidates(options: argparse.Namespace, own: list[dict], rows: list[dict], use: Tools) -> None:
    """Recall of the search among many texts, and its speed."""
    shelves, spent = {}, {}
    languages = sorted({name for pair in options.pairs for name in pair.split("-")})
    for language in languages:
        words = [r[language] for r in own if r.get(language)]
        words += distractors(options.data, rows, language, options.documents - len(words))
        texts = [text(i, w, language) for i, w in enumerate(words)]
        began = time.process_time()
        shelves[language] = search.shelf(texts, language, use)
        spent[language] = time.process_time() - began
        size, anchors = sum(map(len, words)) // len(words), len(shelves[language].keys) // len(words)
        rate = len(words) / spent[language]
        print(
            f"  {language}: {len(words)} texts of {size} characters, {anchors} anchors; {rate:,.0f} texts/CPU-s",
            flush=True,
        )
    for pair in options.pairs:
        one, other = pair.split("-")
        began = time.process_time()
        weight, cost = search.weights(shelves[one], shelves[other])
        left, right = search.matrix(shelves[one], weight), search.matrix(shelves[other], weight)
        a, b, score = search.candidates(left, right, cost)
        searched = time.process_time() - began
        place = [{(r["set"], r["id"]): i for i, r in enumerate(x for x in own if x.get(n))} for n in (one, other)]
        truth = [
            (place[0][r["set"], r["id"]], place[1][r["set"], r["id"]]) for r in asked(own, one, other, options.least)
        ]
        told = []
        for name, side, target, column in ((f"{one}→{other}", a, b, 0), (f"{other}→{one}", b, a, 1)):
            ranked = search.ranks(side, score)
            at = {(s, t): r for s, t, r in zip(side.tolist(), target.tolist(), ranked.tolist(), strict=True)}
            found = [at.get((t[column], t[1 - column]), 99) for t in truth]
            told.append(
                f"{name} R@1 {interval(sum(f == 0 for f in found), len(found))}, R@3 {sum(f < 3 for f in found)}"
            )
        total = 2 * options.documents
        rate = total / (searched + spent[one] + spent[other])
        print(f"  {'; '.join(told)}; search {total / searched:,.0f} texts/CPU-s, all {rate:,.0f}", flush=True)


def verified(options: argparse.Namespace, own: list[dict], use: Tools, spliced: bool) -> None:
    """Matches among the asked-for documents, of which a third has lost its counterpart, and ``--negatives`` foreign
    texts of each language; ``spliced``: of the second text only a half, in the middle of a foreign text as long.
    """
    for pair in options.pairs:
        one, other = pair.split("-")
        rows = asked(own, one, other, 2 * options.least if spliced else options.least)
        strangers = [foreign(options.data, name)[: options.negatives] for name in (one, other)]
        hosts = foreign(options.data, other)[options.negatives :]
        firsts, seconds, truth = [], [], set()
        for row in rows:
            if half_of({"id": row["id"] + row["set"]}, 3):
                truth.add((len(firsts), len(seconds)))
                firsts.append(row[one])
            seconds.append(splice(row[other], hosts[len(seconds)]) if spliced else row[other])
        firsts, seconds = firsts + strangers[0], seconds + strangers[1]
        texts = [text(i, w, one) for i, w in enumerate(firsts)]
        texts += [text(len(firsts) + i, w, other) for i, w in enumerate(seconds)]
        began = time.process_time()
        made = translations(texts, range(len(texts)), {}, [None] * len(texts), use)
        spent = time.process_time() - began
        found = {(m.first, m.second - len(firsts)) for m in made}
        false = sorted(found - truth)
        alone = len(firsts) + len(seconds) - 2 * len(truth)
        print(
            f"  {pair}: found {interval(len(found & truth), len(truth))}, false {interval(len(false), alone)} of texts "
            f"without a counterpart; {len(texts) / spent:,.0f} texts/CPU-s",
            flush=True,
        )
        for a, b in false if options.show else []:
            print("     ", repr(firsts[a][:70]), "|", repr(seconds[b][:70]))


def splice(words: str, host: str) -> str:
    """Half of ``words``, from its first quarter on, in the middle of as much of ``host``."""
    begin, half = len(words) // 4, len(words) // 2
    return f"{host[: half // 2]}\n{words[begin : begin + half]}\n{host[half // 2 : half]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("WIRETRACE_REAL_DATA", "../shared/data")))
    parser.add_argument("--documents", type=int, default=20_000, help="texts of each language to search among; 0: skip")
    parser.add_argument("--negatives", type=int, default=600, help="foreign texts of each language to match; 0: skip")
    parser.add_argument("--half", type=int, default=1, help="half of the real documents that are asked for")
    parser.add_argument("--pairs", type=lambda s: s.split(","), default=PAIRS)
    parser.add_argument("--dictionaries", action="store_true")
    parser.add_argument("--least", type=int, default=150, help="characters of the shorter text")
    parser.add_argument("--show", action="store_true", help="print the false matches")
    options = parser.parse_args()
    if not options.data.is_dir():
        sys.exit("no real data: set WIRETRACE_REAL_DATA")
    rows = [r for r in lines(options.data / "trace" / "parallel_docs.jsonl.gz") if r["domain"] == "news"]
    own = [r for r in rows if half_of(r, 2) == options.half]
    began = time.process_time()
    use = tools_for(options.dictionaries)
    method = "dictionaries" if options.dictionaries else "anchors"
    print(f"half {options.half}, {method}; word lists {time.process_time() - began:.1f} CPU-s")
    if options.documents:
        print(f"candidates among {options.documents:,} texts of each language:")
        candidates(options, own, rows, use)
    if options.negatives:
        print("verified matches:")
        verified(options, own, use, spliced=False)
        print("verified matches, half of the text inside a foreign one:")
        verified(options, own, use, spliced=True)
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
