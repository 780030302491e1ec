"""Measure tracing on real text: ``python benchmarks/trace.py [documents]``. Needs the folder WIRETRACE_REAL_DATA.

Within a language: real news wire, edited in stated ways; recall of (copy, original) as a candidate and as a verified
match. Across languages: real parallel documents of the half that nothing was set on; a third of
the originals is withheld, so that their translations have no counterpart and every match of theirs is false.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from wiretrace.trace.align import GramStore, compare
from wiretrace.trace.crosslingual import translations
from wiretrace.trace.fingerprints import candidates
from wiretrace.trace.fold import fold
from wiretrace.trace.texts import Text

DATA = Path(os.environ.get("WIRETRACE_REAL_DATA", "../shared/data")) / "trace"


def text(number: int, words: str, language: str) -> Text:
    """One document as the room's own type."""
    codes, places = fold(words)
    return Text(f"a-{number:06}", f"p{number}.example", "", language, "", words, "", False, "live", codes, places, ())


def edits(pick: random.Random, stock: list[str]) -> dict[str, Callable[[str], str]]:
    """The stated edits, by name."""
    vocabulary = " ".join(stock[:200]).split()

    def change(share: float) -> Callable[[str], str]:
        return lambda t: " ".join(w if pick.random() >= share else pick.choice(vocabulary) for w in t.split())

    def shuffled(t: str) -> str:
        sentences = t.split(".\n") if ".\n" in t else t.split(". ")
        pick.shuffle(sentences)
        return ". ".join(sentences)

    def inside(t: str) -> str:
        host = pick.choice(stock)
        return f"{host[: len(host) // 2]}\n{t[: len(t) // 2]}\n{host[len(host) // 2 :]}"

    def sentences(t: str) -> str:
        host = pick.choice(stock)
        start = len(t) // 3
        return f"{host[: len(host) // 2]}\n{t[start : start + 260]}\n{host[len(host) // 2 :]}"

    return {
        "footer": lambda t: t + "\nAll rights reserved. This text was distributed by a wire.",
        "5 % of words": change(0.05),
        "10 % of words": change(0.1),
        "30 % of words": change(0.3),
        "shuffled": shuffled,
        "first half": lambda t: t[: len(t) // 2],
        "half inside another": inside,
        "two sentences inside another": sentences,
    }


def copies(count: int) -> None:
    """Recall by edit, speed, candidates per document."""
    stories = []
    for path in sorted((DATA / "reuters21578").glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            stories += [row["body"] for row in json.load(stream) if len(row.get("body", "")) > 800]
    stories = list(dict.fromkeys(stories))
    base, stock = stories[: count // 2], stories[count // 2 :]
    docs, truth = list(base), []
    pick = random.Random(1)  # noqa: S311
    for name, edit in edits(pick, stock).items():
        for original in range(0, len(base), 8):
            truth.append((original, len(docs), name))
            docs.append(edit(base[original]))
    began = time.process_time()
    texts = [text(i, doc, "en") for i, doc in enumerate(docs)]
    folded = time.process_time()
    pairs = candidates([t.codes for t in texts])
    proposed = time.process_time()
    store = GramStore(texts)
    found = {
        (a, b)
        for a, b in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)
        if compare(texts[a], texts[b], store[a], store[b], 0.2, 60)
    }
    verified = time.process_time()
    maybe = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    megabytes = sum(map(len, docs)) / 1e6
    print(f"{len(docs)} documents, {megabytes:.1f} MB; {len(maybe) / len(docs):.1f} candidates a document")
    rates = len(docs) / (folded - began), len(docs) / (proposed - folded), len(maybe) / (verified - proposed)
    print("a CPU-second: folded {:,.0f}, candidates of {:,.0f} documents, {:,.0f} pairs verified".format(*rates))
    for name in dict.fromkeys(t[2] for t in truth):
        own = [t[:2] for t in truth if t[2] == name]
        recall = [sum(t in some for t in own) / len(own) for some in (maybe, found)]
        print(f"  {name:30} candidate {recall[0]:.3f}  verified {recall[1]:.3f}")


def parallel(half: int) -> None:
    """Recall and false matches of translations, by pair of languages."""
    with gzip.open(DATA / "parallel_docs.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    number = {r["id"]: int(hashlib.sha256(r["id"].encode()).hexdigest(), 16) for r in rows}
    rows = [r for r in rows if number[r["id"]] % 2 == half and r["domain"] == "news"]
    print(f"half {half}: {len(rows)} news documents")
    for one, other in (("zh", "ja"), ("en", "ja"), ("en", "zh"), ("en", "ko"), ("ko", "ja"), ("zh", "ko")):
        withheld = {r["id"] for r in rows if number[r["id"]] // 2 % 3 == 0}
        queries = [r for r in rows if r.get(other) and len(r[other]) > 150]
        originals = [r for r in rows if r.get(one) and r["id"] not in withheld]
        texts = [text(i, r[one], one) for i, r in enumerate(originals)]
        texts += [text(len(originals) + i, r[other], other) for i, r in enumerate(queries)]
        began = time.process_time()
        made = translations(texts, range(len(texts)), {}, [None] * len(texts))
        spent = time.process_time() - began
        place = {r["id"]: i for i, r in enumerate(originals)}
        truth = {(place[r["id"]], len(originals) + i) for i, r in enumerate(queries) if r["id"] in place}
        found = {(m.first, m.second) for m in made}
        alone = {len(originals) + i for i, r in enumerate(queries) if r["id"] not in place}
        false = found - truth
        right, lured = len(found & truth), len({b for _, b in false} & alone)
        print(
            f"  {one}-{other}: found {right} of {len(truth)} ({right / max(len(truth), 1):.3f}), false {len(false)};",
            end=" ",
        )
        print(f"{len(alone)} without a counterpart, {lured} of them matched; {len(texts) / spent:,.0f} documents/CPU-s")


if __name__ == "__main__":
    if not DATA.is_dir():
        sys.exit("no real data: set WIRETRACE_REAL_DATA")
    copies(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
    for number in (0, 1):
        parallel(number)
