"""Measure the attribution of sites on real, labelled pages: precision and recall of links and of networks.

    python benchmarks/attribution.py

Reads the data named by WIRETRACE_REAL_DATA (default ../shared/data beside the checkout); prints these tables:

1. 1,051 domains with the ids on their pages and hand labels of who runs whom. Each half of the domains (whole groups of
   one operator stay together) is scored with the other half as controls, so no rate comes from what is scored. Then
   the same for other halves, with the registry's rates and with rates learnt on the half that is not scored.
2. 21 sites of published reports with what a peer's tool found on them and their WHOIS records.
3. The Portal Kombat sites of VIGINUM with their addresses and days of registration, among unrelated domains.
"""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from wiretrace import identity, schema
from wiretrace.attribute import attribute, kinds, weigh
from wiretrace.config import Investigation
from wiretrace.read.brought import CLASSES
from wiretrace.read.class_names import own_parts

DATA = Path(os.environ.get("WIRETRACE_REAL_DATA", Path(__file__).parents[2] / "shared" / "data")) / "attrib"
SEEN = ("2023-01-01T00:00:00Z", "2023-12-31T00:00:00Z")
# Domains that a rate of the registry is worth where rates are learnt, and ways to part the domains.
WORTH = 20
SPLITS = 5
Seen = tuple[str, str, str]
Pairs = set[tuple[str, str]]

# Kinds of the label files in our words.
PAGE_KINDS = {
    "ga_ua": "ga_ua", "ga4": "ga4", "gtm": "gtm", "adsense": "adsense", "fb_pixel": "fb_pixel",
    "yandex": "yandex_metrika", "baidu_hm": "baidu_hm", "cnzz": "cnzz", "piwik": "matomo", "hotjar": "hotjar",
    "newrelic": "newrelic", "icp": "icp", "comscore": "comscore", "chartbeat": "chartbeat", "quantcast": "quantcast",
    "outbrain_taboola": "taboola", "fb_app": "fb_app", "fb_admins": "fb_admins", "twitter_site": "social_account",
    "generator": "generator", "google_verif": "site_verification", "bing_verif": "site_verification",
    "p_verif": "site_verification", "fb_verif": "site_verification", "yandex_verif": "site_verification",
    "email": "contact_email",
}  # fmt: skip
LAUNDROMAT_KINDS = {
    "ip": "ip", "subnet": "subnet24", "cdn-domain": "asset_host", "cert-domain": "cert_name", "ga_id": "ga_ua",
    "ga_tag_id": "gtm", "yandex_tag_id": "yandex_metrika", "verification_id": "site_verification",
}  # fmt: skip
WHOIS_KINDS = {
    "registrar": "registrar", "name_servers": "ns", "name": "registrant_name", "org": "registrant_org",
    "creation_date": "created", "address": "registrant_address", "emails": "registrant_email",
}  # fmt: skip


def tables(seen: Iterable[Seen], controls: Iterable[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables publishers and observations of (publisher, kind, value)."""
    rows = sorted(set(seen))
    others = set(controls)
    names = sorted({publisher for publisher, _, _ in rows})
    publishers = schema.frame(
        "publishers",
        (
            {
                "publisher": name,
                "kind": "domain",
                "role": "control" if name in others else "suspect",
                "articles": 0,
                "pages": 0,
            }
            for name in names
        ),
    )
    observations = schema.frame(
        "observations",
        (
            {
                "observation_id": f"o-{number:016x}",
                "publisher": publisher,
                "kind": kind,
                "value": value,
                "state": "value",
                "first_seen": SEEN[0],
                "last_seen": SEEN[1],
                "source": "import:benchmark",
                "rule_id": "benchmark",
            }
            for number, (publisher, kind, value) in enumerate(rows)
        ),
    )
    return publishers, observations


def run(seen: Iterable[Seen], controls: Iterable[str] = (), link: float = 0.02) -> dict[str, pd.DataFrame]:
    """The attribution of what was seen, links listed from the posterior ``link``."""
    investigation = Investigation.model_validate({"investigation": "benchmark", "attribute": {"link": link}})
    publishers, observations = tables(seen, controls)
    return attribute(publishers, observations, schema.frame("articles"), investigation)


def linked(found: dict[str, pd.DataFrame], least: float) -> Pairs:
    """Pairs linked with a posterior of ``least``."""
    links = found["publisher_links"]
    kept = links[links["probability"] >= least]
    return set(zip(kept["publisher_a"], kept["publisher_b"], strict=True))


def within(groups: Iterable[Iterable[str]]) -> Pairs:
    """All pairs inside the groups."""
    return {pair for group in groups for pair in itertools.combinations(sorted(group), 2)}


def networks(found: dict[str, pd.DataFrame]) -> list[list[str]]:
    """Members of each network."""
    return [list(group) for _, group in found["network_members"].groupby("network_id")["publisher"]]


def say(name: str, found: Pairs, true: Pairs) -> None:
    """One line of a table."""
    right = len(found & true)
    precision = f"{right / len(found):.3f}" if found else "-"
    recall = f"{right / len(true):.3f}" if true else "-"
    print(f"  {name:<34}{len(found):>7}{right:>7}{precision:>11}{recall:>9}")


def header(title: str) -> None:
    """Title and columns of a table."""
    print(f"\n{title}\n  {'rule':<34}{'pairs':>7}{'right':>7}{'precision':>11}{'recall':>9}")


def half(name: str, seed: str = "") -> int:
    """0 or 1, by the name's digest."""
    return hashlib.sha256(f"{seed}{name}".encode()).digest()[0] & 1


def page_ids() -> tuple[list[Seen], list[list[str]]]:
    """The ids of the 1,051 domains and the groups of one operator."""
    pages = json.loads((DATA / "labels/html1051_indicators.json").read_text(encoding="utf-8"))
    labels = json.loads((DATA / "labels/html1051_operator_labels.json").read_text(encoding="utf-8"))
    seen = [
        (site, PAGE_KINDS[kind], f"{kind}:{value}" if "verif" in kind else value)
        for site, kinds in pages.items()
        for kind, values in kinds.items()
        if kind in PAGE_KINDS
        for value in values
    ]
    return seen, labels["same_operator_groups"]


def sharing(seen: Iterable[Seen]) -> Pairs:
    """Pairs that share any id: what a tool that knows no rarity calls a link. Software and addresses aside."""
    bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for publisher, kind, value in seen:
        if kind not in ("generator", "contact_email", "matomo", "taboola", "quantcast", "social_account"):
            bearers[kind, value].add(publisher)
    return within(bearers.values())


def score_pages() -> tuple[Pairs, Pairs, Pairs]:
    """Links at .5, the true pairs that share an id, all true pairs; both halves together."""
    seen, groups = page_ids()
    group = {site: number for number, sites in enumerate(groups) for site in sites}
    side = {site: half(groups[group[site]][0] if site in group else site) for site, _, _ in seen}
    true = within(groups)
    any_id = sharing(seen)
    found: dict[float, Pairs] = {least: set() for least in (0.5, 0.8, 0.9, 0.95, 0.99)}
    joined: Pairs = set()
    ranges: list[tuple[float, bool]] = []
    for tested in (0, 1):
        result = run(seen, [site for site, where in side.items() if where != tested])
        for least in found:
            found[least] |= {pair for pair in linked(result, least) if side[pair[0]] == side[pair[1]] == tested}
        joined |= within(networks(result))
        ranges += [
            (row["bits"], (row["publisher_a"], row["publisher_b"]) in true)
            for row in schema.records(result["publisher_links"])
            if side[row["publisher_a"]] == side[row["publisher_b"]] == tested
        ]
        if "-v" in sys.argv:
            _wrong(result, true, any_id)
    header("1,051 domains, each half scored with the other as controls; recall of the true pairs that share an id")
    say("any shared id", any_id, true & any_id)
    for least, pairs in found.items():
        say(f"link, p >= {least}", pairs & (any_id | (pairs - true)), true & any_id)
    say("same network", joined & (any_id | (joined - true)), true & any_id)
    _reliability(ranges, true)
    return found[0.5] & (any_id | (found[0.5] - true)), true & any_id, true


def _reliability(links: list[tuple[float, bool]], true: Pairs) -> None:
    """Said and found shares of right links by range of bits, for the prior that this sample has.

    The prior of an investigation (1 in 1,000) is higher than that of 1,051 arbitrary domains (about 1 in 7,500), so the
    posteriors are recomputed from the bits.
    """
    print("\n  bits          links   said right   found right")
    prior = len(true) / (1051 * 1050 / 2)
    for low, high in ((8, 10), (10, 12), (12, 14), (14, 16), (16, 20), (20, 99)):
        inside = [(bits, right) for bits, right in links if low <= bits < high]
        if inside:
            said = sum(1 / (1 + 2.0**-bits * (1 - prior) / prior) for bits, _ in inside) / len(inside)
            print(
                f"  {low:>2} to {high:<8}{len(inside):>6}{said:>13.2f}{sum(r for _, r in inside) / len(inside):>14.2f}"
            )


def _wrong(result: dict[str, pd.DataFrame], true: Pairs, any_id: Pairs) -> None:
    for row in schema.records(result["publisher_links"]):
        pair = (row["publisher_a"], row["publisher_b"])
        if (row["probability"] >= 0.5) != (pair in true):
            print("   ", "missed" if pair in true else "wrong", *pair, row["bits"], row["strongest"])


def whois(record: str) -> Iterator[tuple[str, str]]:
    """(kind, value) of one WHOIS record in the peer's JSON."""
    for key, value in json.loads(record).items():
        if key in WHOIS_KINDS and value:
            for each in value if isinstance(value, list) else [value]:
                text = str(each).replace(" ", "T") + "Z" if key == "creation_date" else str(each)
                yield WHOIS_KINDS[key], text


def reported_sites() -> tuple[list[Seen], dict[str, str]]:
    """What the peer's tool found on the 21 sites, and who runs them by published accusation."""
    text = (DATA / "labels/indicators_fixed.csv").read_text(encoding="utf-8")
    seen: list[Seen] = []
    for row in csv.DictReader(io.StringIO(text)):
        site, kind, value = row["domain_name"], row["indicator_type"], row["indicator_content"].strip()
        if kind == "whois":
            seen += [(site, *pair) for pair in whois(value)]
        elif kind == "css-class":
            seen += [(site, "class_name", part) for part in own_parts(CLASSES.findall(value))]
        elif kind in LAUNDROMAT_KINDS and value and value not in ("set()", "{}"):
            seen.append((site, LAUNDROMAT_KINDS[kind], f"{value}.0/24" if kind == "subnet" else value))
    return seen, json.loads((DATA / "labels/labels21.json").read_text(encoding="utf-8"))


def learnt(rows: list[dict[str, str]], seen: list[Seen], groups: list[list[str]]) -> list[dict[str, str]]:
    """The kinds of the registry with rates learnt from one half of the domains, each rate as good as WORTH of theirs.

    m: share of pairs of one operator, both with the kind, that have a value of it in common. u: share of the pairs of
    unrelated domains, both with the kind, that have: what a value's bearers are of all with the kind, on average.
    """
    borne: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for site, kind, value in seen:
        borne[kind][site].add(value)
    found = []
    for row in rows:
        sets = borne.get(row["kind"], {})
        true = [(a, b) for group in groups for a, b in itertools.combinations(sorted(group), 2) if {a, b} <= set(sets)]
        same = sum(bool(sets[a] & sets[b]) for a, b in true)
        pairs = len(sets) * (len(sets) - 1) // 2 - len(true)
        count = Counter(value for values in sets.values() for value in values)
        together = sum(many * (many - 1) // 2 for many in count.values() if many < len(sets) / 20) - same
        m, u = float(row["share_same"]), float(row["share_unrelated"])
        m = (same + WORTH * m) / (len(true) + WORTH)
        u = (max(0, together) + WORTH * WORTH * u) / (pairs + WORTH * WORTH)
        found.append(row | {"share_same": f"{min(m, 0.95):.6f}", "share_unrelated": f"{min(max(u, 1e-6), m / 2):.8f}"})
    return found


def use(rows: list[dict[str, str]]) -> None:
    """Weigh by these kinds from here on."""
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(identity.REGISTRY, folder, dirs_exist_ok=True)
    with open(folder / "observation_kinds.csv", "w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    identity.REGISTRY = folder
    for each in (kinds.kinds, kinds.names, kinds.background, weigh.families, weigh.causes):
        each.cache_clear()


def score_splits(seeds: int) -> None:
    """The 1,051 domains parted in other ways: by the registry's rates, and by rates learnt on the half not scored."""
    seen, groups = page_ids()
    group = {site: number for number, sites in enumerate(groups) for site in sites}
    any_id = sharing(seen)
    registry, own = identity.REGISTRY, kinds.table()
    print(f"\n1,051 domains parted in {seeds} ways; links of p >= 0.5, both halves together")
    for title, learn in (("the registry's rates", False), ("rates learnt on the other half", True)):
        scores = []
        for seed in map(str, range(seeds)):
            side = {site: half(groups[group[site]][0] if site in group else site, seed) for site, _, _ in seen}
            count = [0, 0, 0]
            for tested in (0, 1):
                rest = [row for row in seen if side[row[0]] != tested]
                if learn:
                    use(learnt(own, rest, [sites for sites in groups if side.get(sites[0]) != tested]))
                inside = {site for site, where in side.items() if where == tested}
                true = {pair for pair in within(groups) if set(pair) <= inside}
                ids = {pair for pair in any_id if set(pair) <= inside}
                result = run(seen, [site for site, where in side.items() if where != tested])
                links = {pair for pair in linked(result, 0.5) if set(pair) <= inside} - (true - ids)
                count = [a + b for a, b in zip(count, (len(links), len(links & true), len(true & ids)), strict=True)]
                identity.REGISTRY = registry
            scores.append((count[1] / count[0], count[1] / count[2]))
        use(own)
        identity.REGISTRY = registry
        for name, rates in zip(("precision", "recall"), zip(*scores, strict=True), strict=True):
            mean = sum(rates) / len(rates)
            print(f"  {title:<34}{name:<10} mean {mean:.3f}, from {min(rates):.3f} to {max(rates):.3f}")


def score_reported() -> None:
    """The 21 sites; loose: Dugin's site counted to the circle of Malofeev."""
    seen, operator = reported_sites()
    result = run(seen)
    by_operator: dict[str, list[str]] = defaultdict(list)
    for site, name in operator.items():
        by_operator[name].append(site)
    true = within(by_operator.values())
    loose = true | within([by_operator["Malofeev"] + by_operator["Dugin"]])
    for title, pairs in (("strict labels", true), ("loose labels", loose)):
        header(f"21 sites of published reports, {title}")
        for least in (0.02, 0.5, 0.9, 0.95):
            say(f"link, p >= {least}", linked(result, least), pairs)
        say("same network", within(networks(result)), pairs)
    if "-v" in sys.argv:
        _wrong(result, loose, true)


def portal_kombat() -> list[Seen]:
    """Addresses and days of registration of the Portal Kombat sites."""
    folder = DATA / "viginum"
    bundle = json.loads(next(folder.glob("20240212*Portal_Kombat*.json")).read_text(encoding="utf-8"))
    items = {item["id"]: item for item in bundle["objects"]}
    created = {}
    with open(next(folder.glob("20241227*domains.csv")), encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            day = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", row["create date"].strip())
            if day:
                created[row["domain"].replace("[.]", ".").strip()] = f"{day[3]}-{day[2]}-{day[1]}"
    seen: list[Seen] = []
    for item in bundle["objects"]:
        source, target = items.get(item.get("source_ref", "")), items.get(item.get("target_ref", ""))
        if source and target and source["type"] == "channel" and target["type"] == "ipv4-addr":
            site, address = source["name"], target["value"]
            seen += [
                (site, "ip", address),
                (site, "subnet24", address.rsplit(".", 1)[0] + ".0/24"),
                (site, "asn", "AS49352"),
            ]
            if site in created:
                seen.append((site, "created", created[site]))
    return seen


def hosted(names: Iterable[str], network: list[Seen]) -> list[Seen]:
    """Invented addresses and days for unrelated domains, by the name's digest: some share hosts, with the network too.

    One in fifty is a customer of the network's hosting firm, on an address of its own in the same /22, one in two
    hundred on one of the network's addresses.
    """
    theirs = sorted({value for _, kind, value in network if kind == "ip"})
    seen = []
    for name in sorted(set(names)):
        draw = hashlib.sha256(name.encode()).digest()
        address = f"198.18.{draw[0] % 4}.{draw[1]}"
        if draw[2] < 5:
            address = f"{theirs[0].rsplit('.', 2)[0]}.{12 + draw[0] % 4}.{draw[1]}"
        elif draw[2] == 5:
            address = theirs[draw[1] % len(theirs)]
        day = f"{2023 - int(20 * (draw[3] / 256) ** 1.5)}-{1 + draw[4] % 12:02d}-{1 + draw[5] % 28:02d}"
        seen += [(name, "ip", address), (name, "subnet24", address.rsplit(".", 1)[0] + ".0/24"), (name, "created", day)]
    return seen


def score_portal_kombat() -> None:
    """Portal Kombat among the 1,051 domains and the 21 sites, none of them its own; then with hosts for these, too."""
    seen = portal_kombat()
    others, _ = page_ids()
    reported, _ = reported_sites()
    _score_network(seen, [*others, *reported], "with the ids on their pages")
    invented = hosted([site for site, _, _ in others], seen)
    _score_network(seen, [*others, *reported, *invented], "some on the same hosts (invented)")


def _score_network(seen: list[Seen], others: list[Seen], title: str) -> None:
    own = {site for site, _, _ in seen}
    result = run([*seen, *others])
    found = [sorted(group) for group in networks(result)]
    touched = [group for group in found if own & set(group)]
    header(f"Portal Kombat ({len(own)} sites) among {len({s for s, _, _ in others})} others, {title}")
    say("link, p >= 0.95", {pair for pair in linked(result, 0.95) if set(pair) & own}, within([own]))
    say("same network", within(touched), within([own]))
    sizes = sorted((len(set(group) & own) for group in touched), reverse=True)
    print(f"  pieces {sizes}, foreign sites in them: {sum(len(set(group) - own) for group in touched)}")


if __name__ == "__main__":
    if not (DATA / "labels").is_dir():
        sys.exit(f"{DATA}: no real data there; set WIRETRACE_REAL_DATA")
    score_pages()
    score_splits(SPLITS)
    score_reported()
    score_portal_kombat()
