"""Measure the dates that read finds: ``python benchmarks/dates.py [--data FOLDER] [--half a|b]``.

Day exact on real pages whose day of publication is known, beside htmldate's extensive mode, in the same run; where
the labels state a time and its offset, to the minute too. A page's half is a bit of its id's SHA-256: rules were set
on half a alone. CPU-seconds, what both share (decoding, the parse, the article's text) left out.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import htmldate

from wiretrace.read.clocks import of_page
from wiretrace.read.dating import Decision, decided
from wiretrace.read.decode import decode
from wiretrace.read.extract import article_of
from wiretrace.read.markup import Markup, parse
from wiretrace.read.times import interval

CAPTURED = "2026-11-01T00:00:00Z"  # no page of the sets is younger
SETS = ("dates", "fundus_parsers")


def half(name: str) -> str:
    """Half, a or b, that the page ``name`` belongs to."""
    return "ab"[hashlib.sha256(name.encode()).digest()[0] & 1]


def decision(page: Markup, text: str) -> Decision:
    """The date of ``page``, whose article is ``text``."""
    return decided((clock, interval(clock.stated)) for clock in of_page(page, text, (), CAPTURED))


def minute_exact(found: Decision, stated: str) -> bool:
    """Whether the decision's interval holds the labelled moment and is a minute wide at most."""
    moment = datetime.fromisoformat(stated).astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    taken = found.taken
    return bool(taken) and taken.earliest[:16] == taken.latest[:16] == moment  # type: ignore[union-attr]


def measure(folder: Path, wanted: str) -> None:
    """Print the figures of one set."""
    counted: Counter[str] = Counter()
    spent = {"ours": 0.0, "htmldate": 0.0}
    sources: Counter[str] = Counter()
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        gold: dict[str, Any] = json.loads(line)
        if wanted not in ("", half(gold["id"])):
            continue
        html = decode(gzip.decompress((folder / gold["file"]).read_bytes())).text
        tree, again = parse(html), parse(html)
        if tree is None or again is None:
            continue
        text = article_of(Markup(parse(html), gold["url"])).text  # type: ignore[arg-type]
        page = Markup(tree, gold["url"])
        _ = page.placed_blocks, page.json_ld, page.meta, page.title  # read has them anyway
        begun = time.process_time()
        found = decision(page, text)
        spent["ours"] += time.process_time() - begun
        begun = time.process_time()
        peer = htmldate.find_date(again, original_date=True, max_date=datetime.fromisoformat(CAPTURED[:10]))
        spent["htmldate"] += time.process_time() - begun
        day = gold.get("date") or gold["datetime"][:10]
        own = found.clock.stated.first.strftime("%Y-%m-%d") if found.clock else ""
        counted["pages"] += 1
        # A moment is labelled in the zone that the page's metadata state, so there the clock's own day counts.
        right = (own if gold.get("datetime") else found.day) == day
        counted["ours"] += right
        counted["given"] += bool(found.day)
        counted["htmldate"] += peer == day
        sources[f"{found.clock.source if found.clock else 'none'} {'right' if right else 'wrong'}"] += 1
        if gold.get("datetime"):
            counted["timed"] += 1
            counted["minute"] += minute_exact(found, gold["datetime"])
    pages = counted["pages"]
    print(f"{folder.name}: {pages} pages, half {wanted or 'a and b'}")
    share = {name: f"{counted[name] / pages:.3f}" for name in ("ours", "given", "htmldate")}
    print(f"  day exact {share['ours']} (given {share['given']}), htmldate {share['htmldate']}")
    if counted["timed"]:
        print(f"  to the minute, in UTC {counted['minute'] / counted['timed']:.3f} of {counted['timed']}")
    print(f"  CPU ms a page {1000 * spent['ours'] / pages:.2f}, htmldate {1000 * spent['htmldate'] / pages:.2f}")
    print("  " + ", ".join(f"{name} {count}" for name, count in sorted(sources.items())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("WIRETRACE_REAL_DATA", "../shared/data"))
    parser.add_argument("--half", default="", choices=["", "a", "b"])
    given = parser.parse_args()
    for name in SETS:
        measure(Path(given.data) / "read" / name, given.half)


if __name__ == "__main__":
    main()
