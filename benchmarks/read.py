"""Measure reading on real pages: ``python benchmarks/read.py [PART...] [--data DIR] [--every N]``.

text       F1 of the article's text with the scorers of two public benchmarks (see docs/methods-reading.md)
encodings  real pages in another charset, declared, not declared, wrongly declared
kinds      what kind each real article page is taken for
speed      pages per CPU-second of all that is read of a page, against trafilatura's and resiliparse's in the same run

The data are not part of the project: their folder is $WIRETRACE_REAL_DATA or ../shared/data.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import hashlib
import json
import os
import re
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from wiretrace import identity
from wiretrace.config import Read
from wiretrace.read import SELDOM, extract, scoring
from wiretrace.read.decode import decode
from wiretrace.read.markup import Markup, parse
from wiretrace.read.pages import read_content

ROOT = Path(__file__).resolve().parents[1]
TOKEN = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]|[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
CHARSETS = {
    "ja": [("shift_jis", "cp932"), ("euc-jp", "euc_jp"), ("iso-2022-jp", "iso2022_jp")],
    "zh": [("gb18030", "gb18030"), ("gb2312", "gbk")],
    "ko": [("euc-kr", "cp949")],
}
LIES = [  # language, charset that the page states, codec that it is in
    ("ja", "shift_jis", "euc_jp"), ("ja", "euc-jp", "cp932"), ("ja", "iso-8859-1", "cp932"), ("ja", "gb2312", "euc_jp"),
    ("zh", "iso-8859-1", "gbk"), ("zh", "windows-1252", "gbk"), ("zh", "big5", "gb18030"), ("zh", "euc-kr", "gbk"),
    ("ko", "euc-kr", "utf-8"), ("ko", "iso-8859-1", "cp949"), ("ko", "shift_jis", "cp949"),
]  # fmt: skip
Counts = tuple[float, float, float]  # right, wrong, missed


def half_of(name: str) -> str:
    """The half that the page ``name`` belongs to."""
    return "score" if hashlib.sha256(name.encode()).digest()[0] & 1 else "look"


def pages(data: Path, folder: str, every: int = 1) -> Iterator[tuple[dict[str, Any], bytes]]:
    """(gold row, body) of every ``every``-th page of a folder."""
    with open(data / "read" / folder / "gold.jsonl", encoding="utf-8") as stream:
        for number, line in enumerate(stream):
            row = json.loads(line)
            if number % every == 0:
                yield row, gzip.decompress((data / "read" / folder / row["file"]).read_bytes())


def plain(text: str) -> str:
    """``text`` in NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Four-word shingles; a character of Chinese, Japanese or Korean is a word."""
    words = TOKEN.findall(text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)) if words)


def of_shingles(text: str, gold: str) -> Counts:
    """article-extraction-benchmark's string_shingle_matching."""
    found, meant = shingles(text), shingles(gold)
    counts = (found & meant).total(), (found - meant).total(), (meant - found).total()
    return tuple(c / (sum(counts) or 1) for c in counts)  # type: ignore[return-value]


def of_chunks(text: str, row: dict[str, Any]) -> Counts:
    """trafilatura's evaluation: chunks that must and that must not be in the text."""
    text = plain(text)
    wanted, unwanted = ([c for c in map(plain, row[key]) if c] for key in ("w", "wo"))
    right = sum(chunk in text for chunk in wanted)
    return right, sum(chunk in text for chunk in unwanted), len(wanted) - right


def f1_pooled(rows: list[Counts]) -> str:
    """Precision/recall/F1 of all counts together, as trafilatura's evaluation has it."""
    right, wrong, missed = (sum(row[at] for row in rows) for at in range(3))
    return _f1(right / ((right + wrong) or 1), right / ((right + missed) or 1), len(rows))


def f1_averaged(rows: list[Counts]) -> str:
    """F1 of mean precision and mean recall, as article-extraction-benchmark has it."""
    precision = [tp / (tp + fp) if tp + fp else 0.0 for tp, fp, fn in rows if tp + fp > 0]
    recall = [tp / (tp + fn) for tp, fp, fn in rows if tp + fn > 0]
    return _f1(statistics.mean(precision or [0]), statistics.mean(recall or [0]), len(rows))


def _f1(precision: float, recall: float, n: int) -> str:
    return f"{precision:.3f}/{recall:.3f}/{2 * precision * recall / ((precision + recall) or 1):.3f} n={n}"


def read_text(body: bytes, address: str) -> tuple[str, str]:
    """(text, how it was chosen) of a page by this project."""
    tree = parse(decode(body).text)
    found = extract.article_of(Markup(tree, address)) if tree is not None else None
    return (found.text, found.method) if found else ("", "none")


def text(data: Path, every: int) -> None:
    """F1 with the shipped weights, and with those of one half on the other."""
    shipped = scoring.weights
    for name, table in (("weights of one half", shipped(half=True)), ("shipped weights", shipped())):
        scoring.weights = lambda table=table: table  # type: ignore[assignment]
        methods: Counter[str] = Counter()
        for folder, count, f1 in (
            ("trafilatura_eval", of_chunks, f1_pooled),
            ("fundus_parsers", lambda t, row: of_shingles(t, row["body"]), f1_averaged),
        ):
            rows = []
            for row, body in pages(data, folder, every if folder == "trafilatura_eval" else 1):
                made, method = read_text(body, row["url"])
                methods[method] += 1
                rows.append((row, count(made, row)))  # type: ignore[operator]
            other = [c for row, c in rows if half_of(row["id"]) == "score"]
            east = [c for row, c in rows if EAST.search(row.get("title") or "") and folder == "fundus_parsers"]
            every_page = [c for _, c in rows]
            print(f"{name:20} {folder:17} all {f1(every_page)}  every third {f1(every_page[::3])}", end="")
            print(f"  other half {f1(other)}", end="")
            print(f"  East Asia {f1(east)}" if east else "", flush=True)
        print(f"{name:20} chosen: {dict(methods)}")
    scoring.weights = shipped


def encodings(data: Path) -> None:
    """Exact East Asian characters of real pages re-encoded."""
    texts: dict[str, list[str]] = {"ja": [], "zh": [], "ko": []}
    for folder in ("fundus_parsers", "chinese_pages", "trafilatura_eval", "dates"):
        for _, body in pages(data, folder):
            html = decode(body).text
            east = len(EAST.findall(html))
            if east < 300:
                continue
            kana, hangul = (len(re.findall(p, html)) / east for p in ("[\u3041-\u30fa]", "[\uac00-\ud7a3]"))
            texts["ko" if hangul > 0.4 else "ja" if kana > 0.15 else "zh"].append(html)
    for language, charsets in CHARSETS.items():
        whole = texts[language]
        pieces = whole if len(whole) >= 20 else _cut(whole)
        for label, codec in charsets:
            right = Counter(
                {
                    how: sum(_survives(html, label, codec, how) for html in pieces)
                    for how in ("declared", "none", "utf-8")
                }
            )
            print(f"{label:12} of {len(pieces)}:", *(f"{how} {right[how]}" for how in ("declared", "none", "utf-8")))
    for language, label, codec in LIES:
        pieces = texts[language] if len(texts[language]) >= 20 else _cut(texts[language])
        right = sum(_survives(html, label, codec, "declared") for html in pieces)
        print(f"{codec:12} of {len(pieces)}: declared as {label} {right}")
    for codec in ("utf-16-le", "utf-16-be", "utf-16"):
        some = [html for one in texts.values() for html in one[:20]]
        print(f"{codec:12} of {len(some)}: {sum(_survives(html, 'utf-8', codec, 'declared') for html in some)}")


def _cut(texts: list[str]) -> list[str]:
    """Pieces of pages of which there are few: the fewest parts of each that make 20 pieces, of 200 letters and more."""
    made = [[part for html in texts for part in _parts(html, number)] for number in (4, 8, 16, 32)]
    return next((pieces for pieces in made if len(pieces) >= 20), made[-1])


def _parts(html: str, number: int) -> list[str]:
    size = max(1, len(html) // number)
    return [part for part in (html[i : i + size] for i in range(0, len(html), size)) if len(EAST.findall(part)) >= 200]


def _survives(html: str, label: str, codec: str, how: str) -> bool:
    html = re.sub(r"(?i)charset\s*=\s*[\"']?[\w-]+", "", html)
    declared = {"declared": label, "none": "", "utf-8": "utf-8"}[how]
    body = ((f'<meta charset="{declared}">' if declared else "") + html).encode(codec, "ignore")
    meant = body.decode(codec, "ignore")
    return EAST.findall(decode(body).text) == EAST.findall(meant)


def kinds(data: Path, every: int) -> None:
    """The kinds that pages of articles are taken for, and the pages that are taken for something else."""
    for folder in ("fundus_parsers", "chinese_pages", "dates", "trafilatura_eval"):
        found: Counter[str] = Counter()
        for row, body in pages(data, folder, every):
            address = row.get("url") or "https://page.example/a/1234"
            made = read_content(body, [], address, identity.publisher_of(address), "2026-01-01T00:00:00Z", Read())
            found[made.kind] += 1
            if made.kind != "article":
                print(f"   {made.kind:10} {address[:100]}")
        print(f"{folder:17} {dict(found)}", flush=True)


def speed(data: Path, every: int) -> None:
    """Pages per CPU-second."""
    taken = [
        (body, row["url"])
        for folder in ("fundus_parsers", "trafilatura_eval")
        for row, body in pages(data, folder, every)
    ]
    limits = Read()
    headers = [("Content-Type", "text/html")]

    def whole(body: bytes, address: str) -> None:
        read_content(body, headers, address, identity.publisher_of(address), "2026-01-01T00:00:00Z", limits)

    def peer(body: bytes, address: str) -> None:
        import trafilatura

        trafilatura.extract(decode(body).text, fast=False, include_comments=False)

    def fast(body: bytes, address: str) -> None:
        from resiliparse.extract.html2text import extract_plain_text

        extract_plain_text(decode(body).text, main_content=True)

    gc.set_threshold(*SELDOM)
    print(f"{len(taken)} pages of {sum(len(b) for b, _ in taken) // len(taken) // 1000} kB")
    # The peer first: what it loads once in a process (its word lists, half a second) is nobody's time a page.
    timed = {name: _pace(taken, one) for name, one in (("trafilatura", peer), ("resiliparse", fast), ("read", whole))}
    for name, pace in timed.items():
        print(f"{name:12} {pace:6.1f} pages per CPU-second, {pace / timed['trafilatura']:.1f} of trafilatura's")


def _pace(taken: Iterable[tuple[bytes, str]], one: Callable[[bytes, str], None]) -> float:
    taken = list(taken)
    for body, address in taken[:20]:
        one(body, address)
    begun = time.process_time()
    for body, address in taken:
        one(body, address)
    return len(taken) / (time.process_time() - begun)


def main() -> None:
    """Run the parts that are named, or all."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("parts", nargs="*", choices=["text", "encodings", "kinds", "speed"], default=[])
    options.add_argument("--data", default=os.environ.get("WIRETRACE_REAL_DATA") or str(ROOT / "../shared/data"))
    options.add_argument("--every", type=int, default=1)
    args = options.parse_args()
    data = Path(args.data)
    parts = args.parts or ["text", "encodings", "kinds", "speed"]
    if "text" in parts:
        text(data, args.every)
    if "encodings" in parts:
        encodings(data)
    if "kinds" in parts:
        kinds(data, args.every)
    if "speed" in parts:
        speed(data, args.every)


if __name__ == "__main__":
    main()
