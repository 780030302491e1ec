"""Measure same-language matching on real wire text with stated edits, beside datasketch and rensa.

    .venv/bin/python benchmarks/reuse.py [--documents 120000] [--peers] [--half look|score]
    .venv/bin/python benchmarks/reuse.py --scale 10000 100000
    .venv/bin/python benchmarks/reuse.py --languages

The data are not part of the project: their folder is $WIRETRACE_REAL_DATA or ../shared/data. Base texts are the
Reuters-21578 stories of 400 characters and more of one half that share no eight words in a row twice with another; as
there are too few of them, further ones are made by exchanging words for others about as frequent, one to one, anew for
each series ("salted"). Every figure is in CPU-seconds of one core. Peers: pip install datasketch rensa.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
import math
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from wiretrace.trace.matches import rows, settled
from wiretrace.trace.reuse import index, shards
from wiretrace.trace.reuse.store import Store, build
from wiretrace.trace.reuse.verify import Limits, verified, write

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data") / "trace"
LIMITS = Limits(0.2, 60, 60)
COPIES = 4.2  # copies of each base text
FOOTER = "\nAll rights reserved. This text was distributed by a wire and has not been checked by this site."
KINDS = {
    "verbatim": {"verbatim"},
    "footer": {"near", "verbatim"},
    "10 % of words": {"near"},
    "30 % of words": {"near"},
    "shuffled": {"near", "verbatim"},
    "first half": {"partial"},
    "half inside another": {"partial"},
    "two sentences inside another": {"partial"},
    "two on one page": {"merged"},
}


def wire(half: str) -> list[str]:
    """Stories of one half, none sharing two runs of eight words with another."""
    bodies = []
    for path in sorted((DATA / "reuters21578").glob("*.json.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            bodies += [re.sub(r"[ \t]+", " ", row.get("body", "")) for row in json.load(stream)]
    mine = [b for b in dict.fromkeys(bodies) if (hashlib.sha256(b.encode()).digest()[0] & 1) == (half == "score")]
    seen: set[int] = set()
    kept = []
    for body in mine:
        words = re.findall(r"\w+", body.casefold())
        runs = {hash(tuple(words[i : i + 8])) for i in range(len(words) - 7)}
        if len(body) >= 400 and len(runs & seen) < 2:
            kept.append(body)
            seen |= runs
    return kept


def salted(stories: list[str], number: int) -> list[str]:
    """``stories`` with each word exchanged for another of about its frequency; the first series is as it is."""
    if not number:
        return stories
    counts = Counter(word for story in stories for word in re.findall(r"[A-Za-z]+", story))
    words = sorted(counts, key=lambda w: (-counts[w], w))
    pick = random.Random(number)  # noqa: S311
    table: dict[str, str] = {}
    size = 8
    while words:
        band, words = words[:size], words[size:]
        table |= dict(zip(band, pick.sample(band, len(band)), strict=True))
        size *= 2
    return [re.sub(r"[A-Za-z]+", lambda m: table[m[0]], story) for story in stories]


Edit = Callable[[str, str], str]


def edits(pick: random.Random, words: list[str]) -> dict[str, Edit]:
    """The stated edits of a text, given another as host, by name."""

    def change(share: float) -> Edit:
        def changed(text: str, _: str) -> str:
            return re.sub(r"\S+", lambda m: m[0] if pick.random() >= share else pick.choice(words), text)

        return changed

    def shuffled(text: str, _: str) -> str:
        parts = re.split(r"(?<=\.)\s", text)
        pick.shuffle(parts)
        return "\n".join(parts)

    def inside(part: str, host: str) -> str:
        at = host.find("\n", len(host) // 2) if "\n" in host[len(host) // 2 :] else len(host) // 2
        return f"{host[:at]}\n{part}\n{host[at:]}"

    def two(text: str, host: str) -> str:
        parts = [p for p in re.split(r"(?<=\.)\s", text) if len(p) > 20]
        at = next((i for i in range(len(parts) - 1) if len(parts[i]) + len(parts[i + 1]) >= 200), 0)
        return inside(" ".join(parts[at : at + 2]), host)

    return {
        "verbatim": lambda t, _: "\n" + t,
        "footer": lambda t, _: t + FOOTER,
        "10 % of words": change(0.1),
        "30 % of words": change(0.3),
        "shuffled": shuffled,
        "first half": lambda t, _: t[: len(t) // 2],
        "half inside another": lambda t, host: inside(t[: len(t) // 2], host),
        "two sentences inside another": two,
        "two on one page": lambda t, host: f"{t}\n{host}",
    }


def corpus(count: int, half: str) -> Iterator[tuple[str, tuple[int, ...], str]]:
    """(text, base texts it is made of, edit) of ``count`` documents; base texts first of each series."""
    stories, made, series, offset = wire(half), 0, 0, 0
    while made < count:
        base = salted(stories, series)[: max(2, round((count - made) / (1 + COPIES)))]
        pick = random.Random(1000 + series)  # noqa: S311
        ways = edits(pick, " ".join(base[:300]).split())
        for number, text in enumerate(base):
            yield text, (offset + number,), "base"
        names = list(ways)
        turn = 0
        for number, text in enumerate(base):
            for _ in range(round(COPIES * (number + 1)) - round(COPIES * number)):
                name = names[turn % len(names)]
                turn += 1
                host = pick.randrange(len(base))
                if host == number:
                    host = (host + 1) % len(base)
                several = name in ("half inside another", "two sentences inside another", "two on one page")
                made_of = (offset + number, offset + host) if several else (offset + number,)
                yield ways[name](text, base[host]), made_of, name
        made += len(base) + turn
        offset += len(base)
        series += 1


def spent(began: float) -> float:
    return time.process_time() - began


def shingles(text: str) -> list[str]:
    words = text.casefold().split()
    return [" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))]


def peers(texts: list[str]) -> dict[str, float]:
    """Documents per CPU-second of the peers, from text to candidate pairs: MinHash of 128, LSH of 32 bands of 4."""
    from datasketch import MinHash, MinHashLSH
    from rensa import RMinHash, RMinHashLSH

    rates = {}
    few = texts[:: max(1, len(texts) // 3000)]
    began = time.process_time()
    lsh = MinHashLSH(num_perm=128, params=(32, 4))
    for number, text in enumerate(few):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([s.encode() for s in shingles(text)])
        lsh.query(sketch)
        lsh.insert(number, sketch)
    rates["datasketch"] = len(few) / spent(began)
    few = texts[:: max(1, len(texts) // 30000)]
    began = time.process_time()
    fast = RMinHashLSH(threshold=0.4, num_perm=128, num_bands=32)
    for number, text in enumerate(few):
        quick = RMinHash(num_perm=128, seed=42)
        quick.update(shingles(text))
        fast.query(quick)
        fast.insert(number, quick)
    rates["rensa"] = len(few) / spent(began)
    return rates


def warm() -> None:
    """Kernels compiled or loaded before anything is timed."""
    text = "One small text that stands here twice, so that all the kernels run once. " * 3
    store = build(["a", "b"], [text, text + "End."], [(), ()])
    candidates(store)
    verified(store, store, np.array([0]), np.array([1]), LIMITS)


def candidates(store: Store) -> tuple[np.ndarray, np.ndarray]:
    keys = index.keys(store.prints, store.print_starts, 0, 1)
    found = index.pairs([keys], np.zeros(1, np.int64), store.low, store.order)
    return index.from_shard([index.candidates([found], store.order, 0, len(store))], 0, len(store))


def recall(count: int, half: str, beside: bool) -> None:
    """Recall, precision, kinds, speed on a corpus in memory."""
    documents = list(corpus(count, half))
    texts = [text for text, _, _ in documents]
    warm()
    began = time.process_time()
    store = build([f"a-{i:08}" for i in range(len(texts))], texts, [()] * len(texts))
    first, second = candidates(store)
    proposed = spent(began)
    table = verified(store, store, first, second, LIMITS)
    matched = spent(began)
    size = sum(len(t.encode()) for t in texts) / 1e6
    print(f"{len(texts)} documents, {size:.0f} MB; {len(first) / len(texts):.1f} candidates a document")
    rates = len(texts) / proposed, len(texts) / matched, len(first) / (matched - proposed)
    print("documents a CPU-second: candidates {:,.0f}, verified {:,.0f}; pairs verified {:,.0f}".format(*rates))
    if beside:
        others = peers(texts)
        print("peers, candidates: " + ", ".join(f"{name} {rate:,.0f}" for name, rate in others.items()))
        print(f"verified matches against rensa's candidates: {rates[1] / others['rensa']:.2f} times")
    named = [SimpleNamespace(article_id=f"a-{i:08}", text=words) for i, words in enumerate(texts)]
    matches = settled(named, {}, rows(named, table.to_batches()))
    kinds = {(m.first, m.second): m.kind for m in matches}
    score(documents, set(zip(first.tolist(), second.tolist(), strict=True)), kinds)


SHARD = 40_000  # texts of a shard of the measurement of growth, about 50 MB


def scale(sizes: list[int], half: str) -> None:
    """CPU-seconds, memory and disk of the steps over files, each size in a process of its own; how they grow."""
    points = []
    for count in sizes:
        with tempfile.TemporaryDirectory() as name:
            stream = corpus(count, half)
            shard, size = 0, 0
            while texts := [text for text, _, _ in itertools.islice(stream, SHARD)]:
                size += sum(len(text.encode()) for text in texts)
                Path(name, f"{shard:03}.json").write_text(json.dumps(texts), encoding="utf-8")
                shard += 1
            command = [sys.executable, __file__, "--steps", name]
            done = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        points.append((count, done["seconds"]))
        steps = ", ".join(f"{step} {seconds:.1f}" for step, seconds in done["steps"].items())
        print(
            f"{count} documents, {size / 1e6:.0f} MB in {shard} shards: {done['seconds']:.1f} CPU-seconds ({steps}), "
            f"peak {done['peak'] / 1e9:.2f} GB, files {done['disk'] / 1e6:.0f} MB, {done['matches']} matches",
            flush=True,
        )
    for (few, short), (many, long) in itertools.pairwise(points):
        print(f"{few} to {many}: CPU-seconds grow as n^{math.log(long / short) / math.log(many / few):.2f}")


def steps(folder: Path) -> None:
    """The steps over the texts in ``folder``, as the rules run them, one after the other; prints what they took."""
    warm()
    texts = sorted(folder.glob("*.json"))
    parts = range(len(texts))
    stores, pairs, chosen, found = ([folder / f"{kind}{i}" for i in parts] for kind in ("store", "p", "c", "m"))
    pairs, chosen = ([path.with_suffix(".npy") for path in paths] for paths in (pairs, chosen))
    took = {}
    began = time.process_time()
    for i, path in enumerate(texts):
        own = json.loads(path.read_text(encoding="utf-8"))
        build([f"a-{i:03}-{n:08}" for n in range(len(own))], own, [()] * len(own)).save(stores[i])
    took["store"] = spent(began)
    del own
    for step, make, out in (
        ("pairs", lambda i: shards.pairs(stores, i, len(texts)), pairs),
        ("candidates", lambda i: shards.candidates(stores, pairs, i), chosen),
    ):
        began = time.process_time()
        for i in parts:
            np.save(out[i], make(i), allow_pickle=False)
        took[step] = spent(began)
    began = time.process_time()
    matches = 0
    for i in parts:
        table = shards.matches(stores, chosen, i, LIMITS)
        write(table, found[i])
        matches += len(table)
    took["matches"] = spent(began)
    made = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".json"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = {"steps": took, "seconds": sum(took.values()), "peak": peak * 1024, "matches": matches}
    print(json.dumps(result | {"disk": sum(path.stat().st_size for path in made)}))


def documents_by_language() -> dict[str, list[str]]:
    """Texts of 300 characters and more of the parallel documents, each once, by language."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    with gzip.open(DATA / "parallel_docs.jsonl.gz", "rt", encoding="utf-8") as stream:
        for row in map(json.loads, stream):
            for language in ("en", "ja", "zh", "ko"):
                text = row.get(language)
                if isinstance(text, list):
                    text = "\n".join(text)
                if text and len(text) >= 300:
                    found[language][text] = None
    return {language: list(texts) for language, texts in found.items()}


def languages() -> None:
    """Bytes a CPU-second, from text to verified matches: real documents with a copy of each and one of its half."""
    warm()
    for name, originals in sorted(documents_by_language().items()):
        texts = [copy for text in originals for copy in (text, "\n" + text, text[: len(text) // 2])]
        size = sum(len(text.encode()) for text in texts)
        began = time.process_time()
        store = build([f"a-{i:08}" for i in range(len(texts))], texts, [()] * len(texts))
        first, second = candidates(store)
        proposed = spent(began)
        table = verified(store, store, first, second, LIMITS)
        rates = size / 1e6 / proposed, size / 1e6 / spent(began)
        print(
            f"{name}: {len(texts)} texts, {size / 1e6:.1f} MB; MB a CPU-second: candidates {rates[0]:.1f}, verified "
            f"{rates[1]:.1f}; {len(table)} matches"
        )


def score(
    documents: list[tuple[str, tuple[int, ...], str]], maybe: set[tuple[int, int]], kinds: dict[tuple[int, int], str]
) -> None:
    at = {made_of[0]: i for i, (_, made_of, name) in enumerate(documents) if name == "base"}
    truth: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, (_, made_of, name) in enumerate(documents):
        for base in made_of if name == "two on one page" else made_of[:1]:
            if name != "base":
                truth[name].append((at[base], number))
    right_kinds, known = 0, 0
    for name, pairs in truth.items():
        found = [kinds[p] for p in pairs if p in kinds]
        good = sum(kind in KINDS[name] for kind in found)
        right_kinds, known = right_kinds + good, known + len(found)
        print(
            f"  {name:30} candidate {sum(p in maybe for p in pairs) / len(pairs):.3f}  verified "
            f"{len(found) / len(pairs):.3f}  kind {good / max(1, len(found)):.3f}  {dict(Counter(found))}"
        )
    false = [p for p in kinds if not set(documents[p[0]][1]) & set(documents[p[1]][1])]
    asked = sum(map(len, truth.values()))
    hit = sum(p in kinds for pairs in truth.values() for p in pairs)
    print(
        f"  all: recall {hit / asked:.4f}; precision {1 - len(false) / max(1, len(kinds)):.4f} ({len(false)} of "
        f"{len(kinds)} pairs have no text in common); kinds right {right_kinds / max(1, known):.4f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=120_000)
    parser.add_argument("--half", choices=("look", "score"), default="look")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--scale", type=int, nargs="+", metavar="DOCUMENTS")
    parser.add_argument("--languages", action="store_true")
    parser.add_argument("--steps", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.steps:
        steps(args.steps)
        return
    if not DATA.is_dir():
        sys.exit("no real data: set WIRETRACE_REAL_DATA")
    if args.scale:
        scale(args.scale, args.half)
    elif args.languages:
        languages()
    else:
        recall(args.documents, args.half, args.peers)


if __name__ == "__main__":
    main()
