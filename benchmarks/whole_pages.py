"""Measure the attribution on real pages as they are read, with everything that is observed on them.

    python benchmarks/whole_pages.py [-v]

Reads the data named by WIRETRACE_REAL_DATA (default ../shared/data beside the checkout): about 1,400 pages of some
1,000 sites, most of which have hand labels of who runs whom (of pairs that share an id). The sites are parted in two;
each half is scored with the shares of the shipped background counted anew on the other half, so that no value that is
scored was counted with it; once with the other half as controls, once alone. A pair that is not labelled is not wrong
by that: ``-v`` lists these with what they share, to be judged by hand.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

import attribution as labelled
import class_names
from attribution import DATA, Pairs, Seen, half, linked, networks, run, within
from observations import pages

from wiretrace import identity
from wiretrace.attribute import derive, kinds, rarity, values
from wiretrace.attribute.compare import FORMS
from wiretrace.read import class_names as own
from wiretrace.read import observations

Page = tuple[str, frozenset[str]]  # site, class names

FOLDERS = ("trafilatura_eval", "fundus_parsers", "dates", "chinese_pages")
# Sites of the other half that must bear a value for its share to be counted.
LEAST = 2


def seen_on_pages(folder: Path) -> tuple[list[Seen], list[Page]]:
    """What is observed on the pages of each site, and the class names on each page; of pages with an address."""
    found: set[Seen] = set()
    classes: list[Page] = []
    for name in FOLDERS:
        for page, html in pages(folder / name, 10_000):
            site = identity.registrable_domain(identity.host_of(page.address))
            if site and not site.endswith(".example"):
                found |= {(site, one.kind, one.value) for one in observations.of_page(page, html, "article")}
                classes.append((site, frozenset(" ".join(page.outline.classes).split())))
    return sorted(each for each in found if each[1] in kinds.kinds() and each[1] != "class_name"), classes


def common_names(classes: list[Page], operator: dict[str, str]) -> frozenset[str]:
    """What the registry of class names would be if these pages were all that had been counted."""
    return frozenset(name for name, _ in class_names.counted(classes, operator))


def chosen(classes: list[Page]) -> list[Seen]:
    """The class names that each site has and few others, by the registry in use."""
    found: dict[str, set[str]] = defaultdict(set)
    for site, names in classes:
        found[site] |= set(own.own_parts(sorted(names)))
    return [(site, "class_name", part) for site, parts in found.items() for part in own.thinned(parts)]


def counted(seen: list[Seen], operator: dict[str, str]) -> kinds.Background:
    """The shipped background with its counted shares as these sites have them."""
    met: dict[tuple[str, str], set[str]] = defaultdict(set)
    for site, kind, value in seen:
        if kind in ("asset_host", "plugin", "theme"):
            its = (
                identity.registrable_domain(value)
                if kind == "asset_host"
                else FORMS[kinds.kinds()[kind].compare](value)
            )
            met[kind, its].add(operator.get(site, site))
    sites = len({operator.get(site, site) for site, _, _ in seen})
    rows = []
    with open(identity.REGISTRY / "background.csv", encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["basis"].startswith("counted") and row["share"] != kinds.PLATFORM:
                many = len(met[row["kind"], row["value"]])
                if many < LEAST:
                    continue
                row["share"] = str(many / sites)
            rows.append(row)
    return kinds.Background(rows)


def score(plain: list[Seen], classes: list[Page], operator: dict[str, str], true: Pairs, controls: bool) -> None:
    """Both halves together."""
    side = {site: half(operator.get(site, site)) for site, *_ in [*plain, *classes]}
    found: dict[float, Pairs] = {least: set() for least in (0.5, 0.95)}
    joined: Pairs = set()
    told: list[tuple[float, str, str, str]] = []
    for tested in (0, 1):
        common = counted([each for each in plain if side[each[0]] != tested], operator)
        names = common_names([page for page in classes if side[page[0]] != tested], operator)
        own.common = lambda names=names: names
        seen = [*plain, *chosen(classes)]
        for module in (kinds, rarity, derive, values):
            module.background = lambda common=common: common
        inside = [each for each in seen if side[each[0]] == tested]
        result = run(seen if controls else inside, [s for s, its in side.items() if its != tested] if controls else ())
        for least, pairs in found.items():
            pairs |= {pair for pair in linked(result, least) if side[pair[0]] == side[pair[1]] == tested}
        joined |= within(networks(result))
        links = result["publisher_links"]
        columns = ("probability", "publisher_a", "publisher_b", "strongest")
        told += list(zip(*(links[name] for name in columns), strict=True))
    present = {pair for pair in true if pair[0] in side and side[pair[0]] == side.get(pair[1])}
    known = "the other half as controls" if controls else "no controls"
    print(f"\n{len(side)} sites, {known}; {len(present)} labelled pairs")
    for title, pairs in (*((f"link, p >= {least}", pairs) for least, pairs in found.items()), ("same network", joined)):
        right, open_ = len(pairs & true), len(pairs - true)
        print(f"  {title:<16} {len(pairs):>5}, labelled one operator {right:>3}, not labelled {open_:>4}")
    for p, a, b, strongest in sorted(told, reverse=True) if "-v" in sys.argv else ():
        if (a, b) in found[0.5] - true:
            print(f"    {p:.3f} {a} {b}: {strongest}")


if __name__ == "__main__":
    if not (DATA / "labels").is_dir():
        sys.exit(f"{DATA}: no real data there; set WIRETRACE_REAL_DATA")
    everything, names_on_pages = seen_on_pages(DATA.parent / "read")
    _, groups = labelled.page_ids()
    operators = {site: sites[0] for sites in groups for site in sites}
    for with_controls in (True, False):
        score(everything, names_on_pages, operators, within(groups), with_controls)
