"""On real text, where it is: copies of real wire stories, and real translations of real news."""

import gzip
import hashlib
import json
import os
from pathlib import Path

import pytest

from wiretrace.identity import REGISTRY
from wiretrace.trace.across import tools_for, translations
from wiretrace.trace.fold import fold
from wiretrace.trace.reuse.find import find
from wiretrace.trace.reuse.verify import Limits
from wiretrace.trace.texts import Text

DATA = REGISTRY.parents[1] / os.environ.get("WIRETRACE_REAL_DATA", "../shared/data") / "trace"


def text(number: int, words: str, language: str) -> Text:
    codes, places = fold(words)
    return Text(f"a-{number:06}", f"p{number}.example", "", language, "", words, "", False, "live", codes, places, ())


@pytest.fixture
def data() -> Path:
    if not DATA.is_dir():
        pytest.skip("no real data")
    return DATA


def test_copies_of_real_wire_stories_are_found_and_no_others(data: Path) -> None:
    with gzip.open(data / "reuters21578" / "reuters-003.json.gz", "rt", encoding="utf-8") as stream:
        bodies = list(dict.fromkeys(r["body"] for r in json.load(stream) if len(r.get("body", "")) > 900))[:160]
    base, hosts = bodies[:80], bodies[80:]
    merged = [f"{host}\n{own[: len(own) // 2]}" for own, host in zip(base, hosts, strict=False)]
    names = [f"a-{number:06}" for number in range(len(base + merged))]
    made = find(names, base + merged, [()] * len(names), Limits(0.2, 60, 60)).to_pylist()
    kinds = {(row["article_a"], row["article_b"]): row["kind"] for row in made if row["listed"]}
    truth = {(names[i], names[len(base) + i]) for i in range(len(merged))}
    assert len(truth & set(kinds)) >= 0.98 * len(truth)
    assert all(kinds[pair] == "partial" for pair in truth & set(kinds))


def test_real_translations_are_found_without_a_false_one(data: Path) -> None:
    with gzip.open(data / "parallel_docs.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    # The half that nothing was set on.
    rows = [r for r in rows if int(hashlib.sha256(r["id"].encode()).hexdigest(), 16) % 2 == 1 and r["domain"] == "news"]
    use = tools_for(dictionaries=False)
    for one, other, least in (("zh", "ja", 0.95), ("en", "zh", 0.9), ("en", "ja", 0.9)):
        firsts = [r for i, r in enumerate(rows) if r.get(one) and i % 3]
        seconds = [r for r in rows if r.get(other) and len(r[other]) > 150]
        texts = [text(i, r[one], one) for i, r in enumerate(firsts)]
        texts += [text(len(firsts) + i, r[other], other) for i, r in enumerate(seconds)]
        made = {(m.first, m.second) for m in translations(texts, range(len(texts)), {}, [None] * len(texts), use)}
        place = {r["id"]: i for i, r in enumerate(firsts)}
        truth = {(place[r["id"]], len(firsts) + i) for i, r in enumerate(seconds) if r["id"] in place}
        assert len(made & truth) >= least * len(truth), (one, other)
        assert len(made - truth) <= 1, (one, other)
