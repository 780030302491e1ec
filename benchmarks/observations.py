"""What observations cost: CPU milliseconds of `of_page` on real pages, by part, beside the plain way.

    python benchmarks/observations.py --data ../shared/data/read

The peer is the plain way to run the same rules: each pattern over the whole page, in the same run. Parsing a page is
not counted, as `read` parses it once for all.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from wiretrace.read import observations, page_rules, shape
from wiretrace.read.decode import decode
from wiretrace.read.markup import Markup, parse


def pages(folder: Path, most: int) -> Iterator[tuple[Markup, str]]:
    """Real pages, parsed, with their source; metadata and blocks are read before, as `read` reads them anyway."""
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()[:most]:
        case = json.loads(line)
        path = folder / case["file"]
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        html = decode(body).text
        tree = parse(html)
        if tree is not None:
            page = Markup(tree, case.get("url") or "https://news.example/a")
            len(page.meta), len(page.blocks), len(page.json_ld)
            yield page, html


def plain(html: str) -> list[Any]:
    """Every pattern over the whole page."""
    return [match for rule in page_rules.rules_on("source") for match in rule.pattern.finditer(html)]


def ruled(html: str) -> list[Any]:
    return list(page_rules.source_hits(html))


def spent(part: Callable[..., Any], among: list[tuple[Any, ...]]) -> float:
    """CPU milliseconds a page."""
    before = time.process_time()
    for given in among:
        part(*given)
    return (time.process_time() - before) / len(among) * 1000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", default="../shared/data/read", type=Path)
    options.add_argument("--pages", default=300, type=int)
    chosen = options.parse_args()
    read = list(pages(chosen.data / "trafilatura_eval", chosen.pages))
    sources = [(html,) for _, html in read]
    for html in sources[:3]:
        plain(*html), ruled(*html)
    lengths = sorted(len(html) for _, html in read)
    print(f"{len(read)} pages, median {lengths[len(lengths) // 2]:,} characters; CPU ms a page")
    rules, peer = spent(ruled, sources), spent(plain, sources)
    print(f"{'source rules':<26}{rules:8.3f}   each pattern over the whole page {peer:.3f}: {peer / rules:.1f} times")
    for name, part in (
        ("menu", shape.menu_of),
        ("skeleton", shape.fingerprint),
        ("loaded hosts", shape.assets_of),
        ("accounts", lambda page: list(observations.accounts(page))),
        ("header and footer", lambda page: list(observations.framed(page))),
    ):
        print(f"{name:<26}{spent(part, [(page,) for page, _ in read]):8.3f}")
    whole = spent(observations.of_page, [(page, html, "article") for page, html in read])
    print(f"{'of_page, all of it':<26}{whole:8.3f}")
    kinds = Counter(seen.kind for page, html in read for seen in observations.of_page(page, html, "article"))
    print("seen:", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))


if __name__ == "__main__":
    main()
