"""Measure the indicators on labelled texts and pages: false positives, recall, mention against use, speed.

    .venv/bin/python benchmarks/indicate.py [--half look|score] [--every N] [--show N] [--json FILE] [--markdown FILE]
    .venv/bin/python benchmarks/indicate.py --freeze     # after a rule was mended: the counts that the tests hold

The data are not part of the project: their folder is $WIRETRACE_REAL_DATA or ../shared/data. Documents are split by a
hash of their id into a half that rules may be mended on (look) and a half that is only scored (score).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import math
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import regex

from wiretrace.indicate import scan
from wiretrace.indicate.passages import Passage, decode
from wiretrace.indicate.rules import Rule, load, ruleset

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WIRETRACE_REAL_DATA") or ROOT / "../shared/data")
MACHINE = ("ai", "llm-translation")
NEWS = ("news", "wiki", "xsum")
STRONG = ("conclusive", "strong")
REGISTRIES = ("ai_indicators", "origin_indicators")


def half_of(name: str) -> str:
    """The half that the document ``name`` belongs to."""
    return "score" if hashlib.sha256(name.encode()).digest()[0] & 1 else "look"


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % Wilson interval of ``hits`` in ``n``, per 10,000."""
    if not n:
        return 0.0, 0.0
    z, p = 1.96, hits / n
    mid, side = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, 1e4 * (mid - side) / (1 + z * z / n)), 1e4 * (mid + side) / (1 + z * z / n)


def documents(every: int, half: str) -> Iterator[dict[str, Any]]:
    """Documents of the half, every ``every``-th of them."""
    for path in sorted((DATA / "ai").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for number, line in enumerate(stream):
                row = json.loads(line)
                if number % every == 0 and half_of(row["id"]) == half:
                    yield row | {"file": path.name.split(".")[0]}


def found(text: str, language: str, registry: str, places: tuple[str, ...] = ("text",)) -> list[dict[str, Any]]:
    """Findings of one registry in one text."""
    passage = Passage("example.test", places, text, language, "c-0", "a-0", "v-0", text)
    return scan(load(registry), passage)


def strengths(rows: list[dict[str, Any]]) -> list[str]:
    """Strength of each finding that counts; a rule that asks for several findings is weak where it has one."""
    rules = {r.id: r for name in REGISTRIES for r in load(name).rules}
    counting = [r for r in rows if r["counts"] and r["family"] != "declared"]
    forms: dict[str, set[str]] = defaultdict(set)
    for row in counting:
        forms[row["rule_id"]].update(row["excerpt"] if row["family"] == "glyph" else [row["excerpt"]])
    return ["weak" if rules[r["rule_id"]].distinct > len(forms[r["rule_id"]]) else r["strength"] for r in counting]


def texts(half: str, every: int, show: int) -> dict[str, Any]:
    """False positives on human documents and share of machine-written ones found, by language and genre."""
    tables: dict[str, dict[str, Counter[str]]] = {name: defaultdict(Counter) for name in REGISTRIES}
    shown: Counter[str] = Counter()
    characters, spent, documents_read = 0, 0.0, 0
    for row in documents(every, half):
        kind = "human" if row["label"] in ("human", "human-translation") else row["label"]
        group = f"{kind} {row['lang']} {'news' if row['genre'].startswith(NEWS) else 'other'}"
        for registry in REGISTRIES:
            begun = time.process_time()
            rows = found(row["text"], row["lang"], registry)
            spent += time.process_time() - begun
            levels = strengths(rows)
            counts = tables[registry][group]
            counts["n"] += 1
            counts.update(set(levels))
            counts["strong_or_more"] += any(level in STRONG for level in levels)
            _show(kind, row, rows, levels, shown, show)
        characters += len(row["text"])
        documents_read += 1
    speed = {"documents_per_second": round(documents_read / max(spent, 1e-9)), "characters": characters}
    return {"half": half, "every": every, "speed": speed} | {k: _rates(v) for k, v in tables.items()}


def _show(
    kind: str, row: dict[str, Any], rows: list[dict[str, Any]], levels: list[str], shown: Counter[str], most: int
) -> None:
    counting = [r for r in rows if r["counts"] and r["family"] != "declared"]
    for finding, level in zip(counting, levels, strict=True):
        if kind == "human" and level in STRONG and shown[finding["rule_id"]] < most:
            shown[finding["rule_id"]] += 1
            print("FALSE", level, finding["rule_id"], row["file"], row["lang"], "|", finding["around"], file=sys.stderr)


def _rates(table: dict[str, Counter[str]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    total: dict[str, Counter[str]] = defaultdict(Counter)
    for group, counts in table.items():
        total[f"{group.split()[0]} all"].update(counts)
        if group.startswith("human") and group.endswith("news"):
            total["human news and encyclopedia"].update(counts)
    for group, counts in sorted({**table, **total}.items()):
        n = counts["n"]
        made[group] = {"documents": n} | {
            level: [counts[level], *(round(x, 1) for x in wilson(counts[level], n))]
            for level in ("conclusive", "strong_or_more", "weak")
        }
    return made


def false_positives(every: int = 1) -> dict[tuple[str, str, str], Counter[str]]:
    """Human documents of both halves with what is found in them, by language, genre and registry."""
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for half in ("look", "score"):
        for row in documents(every, half):
            if not row["label"].startswith("human"):
                continue
            genre = "news" if row["genre"].startswith(NEWS) else "other"
            for registry in REGISTRIES:
                levels = strengths(found(row["text"], row["lang"], registry))
                counted = counts[row["lang"], genre, registry]
                counted["documents"] += 1
                counted["conclusive"] += "conclusive" in levels
                counted["strong"] += any(level in STRONG for level in levels)
                counted["weak"] += "weak" in levels
    return counts


def freeze() -> None:
    """Write what ``false_positives`` counts to tests/indicate/false_positives.csv, which the tests compare with."""
    names = ("documents", "conclusive", "strong", "weak")
    with open(ROOT / "tests/indicate/false_positives.csv", "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("language", "genre", "registry", *names))
        for group, counts in sorted(false_positives().items()):
            writer.writerow((*group, *(counts[name] for name in names)))


def growth() -> dict[str, int]:
    """Documents a second with 100, 300 and 1,000 rules: ours and as many more as it takes.

    An invented rule looks for three words that stand side by side in a human document of the look half, so that they
    are the language's own and about as rare as those of our rules; its pattern is those words with what follows.
    """
    texts = [row["text"] for row in documents(40, "score")]
    own = list(load("ai_indicators").rules)
    more: dict[str, Rule] = {}
    for row in documents(6, "look"):
        words = row["text"].split()
        phrase = " ".join(words[20:23])
        if row["label"].startswith("human") and len(words) > 40 and phrase not in more:
            pattern = regex.compile(rf"\b{regex.escape(phrase)}\b[^.\n]{{0,60}}", regex.IGNORECASE)
            more[phrase] = replace(own[0], id=f"more-{len(more)}", places=("text",), find=(phrase,), pattern=pattern)
    rates: dict[str, int] = {}
    for number in (100, 300, 1_000):
        rules = ruleset((own + list(more.values()))[:number], "ai_indicators")
        begun = time.process_time()
        for text in texts:
            scan(rules, Passage("example.test", ("text",), text, "en", "c-0", "a-0", "v-0", text))
        rates[f"{len(rules.rules)} rules"] = round(len(texts) / (time.process_time() - begun))
    return rates


def markdown(result: dict[str, Any]) -> str:
    """The table of docs/methods-indicators.md: human documents by language and genre, per 10,000 with intervals."""
    lines = [
        "| human documents | n | AI conclusive | AI strong or more | AI weak | origin strong |",
        "|---|---|---|---|---|---|",
    ]
    groups = result["ai_indicators"]
    for group in sorted(groups, key=lambda name: (" " not in name, -groups[name]["documents"])):
        if group.startswith("human"):
            counts, origin = groups[group], result["origin_indicators"][group]["strong_or_more"]
            cells = [counts["conclusive"], counts["strong_or_more"], counts["weak"], origin]
            said = " | ".join(f"{c[0]} ({c[1]:.1f}–{c[2]:.1f})" for c in cells)
            lines.append(f"| {group.removeprefix('human ')} | {counts['documents']:,} | {said} |")
    return "\n".join(lines) + "\n"


def snippets() -> dict[str, Any]:
    """Real snippets (use and mention) and whole documents about AI, all of them; they are few."""
    use, mention, wrong = Counter[str](), Counter[str](), []
    for line in (DATA / "ai" / "realworld_leftovers.jsonl").read_text(encoding="utf-8").strip("\n").split("\n"):
        row = json.loads(line)
        rows = [r for r in found(row["text"], row["lang"], "ai_indicators") if r["counts"]]
        hit = any(r["strength"] in STRONG for r in rows)
        (use if row["label"] == "use" else mention)[str(hit)] += 1
        if hit != (row["label"] == "use"):
            wrong.append(row["id"])
    flagged, hard = 0, (DATA / "ai" / "hardneg_about_ai.jsonl").read_text(encoding="utf-8").strip("\n").split("\n")
    for line in hard:
        row = json.loads(line)
        rows = [r for r in found(row["text"], "", "ai_indicators") if r["counts"] and r["family"] != "declared"]
        if any(r["strength"] in STRONG for r in rows):
            flagged += 1
            wrong.append(row["repo"] + "/" + row["path"] + " " + rows[0]["rule_id"])
    return {
        "use found": dict(use),
        "mention called use": dict(mention),
        "about AI flagged": [flagged, len(hard)],
        "wrong": wrong,
    }


def leftovers() -> dict[str, Any]:
    """Recall on labelled documents of the scored half; tests/indicate/leftovers.csv has their ids and labels."""
    with open(ROOT / "tests/indicate/leftovers.csv", encoding="utf-8", newline="") as stream:
        labels = {row["id"]: row["leftover"] == "1" for row in csv.DictReader(stream)}
    counts: Counter[str] = Counter()
    for row in documents(1, "score"):
        if row["id"] in labels:
            hit = any(level in STRONG for level in strengths(found(row["text"], row["lang"], "ai_indicators")))
            counts[("found" if hit else "missed") if labels[row["id"]] else ("wrong" if hit else "silent")] += 1
    interval = wilson(counts["found"], counts["found"] + counts["missed"])
    return dict(sorted(counts.items())) | {"recall per 10,000": [round(x) for x in interval]}


def language_of(markup: str) -> str:
    """Rough language of a page: ja, zh, or xx for any other; the reading room has a real one."""
    kana = sum(1 for c in markup if "\u3041" <= c <= "\u30fe")
    han = sum(1 for c in markup if "\u4e00" <= c <= "\u9fff")
    return "xx" if han < 200 else "ja" if kana * 5 > han else "zh"


def pages(every: int, show: int) -> dict[str, Any]:
    """Findings of the markup, link and metadata rules on real pages, by rule."""
    counts: Counter[str] = Counter()
    read = 0
    for gold in sorted((DATA / "read").glob("*/gold.jsonl")):
        for number, line in enumerate(gold.read_text(encoding="utf-8").strip("\n").split("\n")):
            if number % every:
                continue
            row = json.loads(line)
            with gzip.open(gold.parent / row["file"]) as stream:
                markup = decode(stream.read(), "")
            read += 1
            language = language_of(markup)
            for registry in REGISTRIES:
                taken = found(markup, language, registry, ("link", "markup", "metadata"))
                for finding in {f["rule_id"]: f for f in taken if f["counts"]}.values():
                    counts[f"{finding['strength']} {finding['rule_id']}"] += 1
                    if counts[f"{finding['strength']} {finding['rule_id']}"] <= show:
                        print("PAGE", finding["rule_id"], row.get("url"), "|", finding["around"], file=sys.stderr)
    return {"pages": read} | dict(sorted(counts.items()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("look", "score"), default="score")
    parser.add_argument("--every", type=int, default=1, help="take every N-th document")
    parser.add_argument("--show", type=int, default=0, help="print so many wrong findings of each rule")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--markdown", type=Path, help="write the table of false positives there as well")
    parser.add_argument("--freeze", action="store_true", help="write tests/indicate/false_positives.csv and stop")
    taken = parser.parse_args()
    if not (DATA / "ai").is_dir():
        sys.exit(f"{DATA}: no data there; set WIRETRACE_REAL_DATA")
    if taken.freeze:
        freeze()
        return
    result = {
        "texts": texts(taken.half, taken.every, taken.show),
        "growth": growth(),
        "leftovers": leftovers(),
        "snippets": snippets(),
        "pages": pages(taken.every, taken.show),
    }
    text = json.dumps(result, ensure_ascii=False, indent=1)
    print(text)
    if taken.json:
        taken.json.write_text(text + "\n", encoding="utf-8")
    if taken.markdown:
        taken.markdown.write_text(markdown(result["texts"]), encoding="utf-8")


if __name__ == "__main__":
    main()
