"""Measure tracing across languages: ``python benchmarks/trace.py``. Needs the folder WIRETRACE_REAL_DATA.

Real parallel documents of the half that nothing was set on; a third of
the originals is withheld, so that their translations have no counterpart and every match of theirs is false.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sys
import time
from pathlib import Path

from wiretrace.trace.crosslingual import translations
from wiretrace.trace.fold import fold
from wiretrace.trace.texts import Text

DATA = Path(os.environ.get("WIRETRACE_REAL_DATA", "../shared/data")) / "trace"


def text(number: int, words: str, language: str) -> Text:
    """One document as the room's own type."""
    codes, places = fold(words)
    return Text(f"a-{number:06}", f"p{number}.example", "", language, "", words, "", False, "live", codes, places, ())


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
    for number in (0, 1):
        parallel(number)
