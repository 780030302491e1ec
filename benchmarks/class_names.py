"""Count on real pages which class names unrelated sites have in common: the rows of config/registry/class_names.csv.

    python benchmarks/class_names.py > config/registry/class_names.csv

Reads the data named by WIRETRACE_REAL_DATA (default ../shared/data beside the checkout). Sites that the labels give to
one operator count as one.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping

from wiretrace.read.class_names import first_of, part_of

# Operators that must have a part of a page named so, or a first word, for it to be common: of them all, as a share.
PARTS, FIRST = 0.003, 0.012


def counted(pages: Iterable[tuple[str, Iterable[str]]], operator: Mapping[str, str]) -> list[tuple[str, int]]:
    """What is common among the class names of the ``pages`` of each site, with how many operators have it; ascending.

    A name whose first word is common needs no row of its own.
    """
    met: dict[str, set[str]] = defaultdict(set)
    operators = set()
    for site, names in pages:
        its = operator.get(site, site)
        operators.add(its)
        for part in {part_of(name) for name in names} - {""}:
            met[part].add(its)
            met[first_of(part)].add(its)
    many = len(operators)
    first = {name for name, its in met.items() if name.endswith("*") and len(its) >= FIRST * many}
    parts = {
        name
        for name, its in met.items()
        if not name.endswith("*") and len(its) >= max(2, round(PARTS * many)) and first_of(name) not in first
    }
    return sorted((name, len(met[name])) for name in first | parts)


if __name__ == "__main__":
    from attribution import DATA, page_ids
    from whole_pages import seen_on_pages

    _, groups = page_ids()
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("name", "operators"))
    operators = {site: sites[0] for sites in groups for site in sites}
    writer.writerows(counted(seen_on_pages(DATA.parent / "read")[1], operators))
