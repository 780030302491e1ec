"""Score published tables against what is true in the practice world. Only this module reads the truth."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from wiretrace import identity, schema

Truth = Mapping[str, list[dict[str, Any]]]
Tables = Mapping[str, pd.DataFrame]
Row = dict[str, Any]


def score(tables: Tables, truth: Truth) -> dict[str, dict[str, Any]]:
    """Figures by part of the work; every count stands beside the count it is a share of."""
    return {
        "attribution": attribution(tables, truth),
        "tracing": tracing(tables, truth),
        "distributors": distributors(tables, truth),
        "ai_indicators": ai_indicators(tables, truth),
        "origin_indicators": origin_indicators(tables, truth),
        "quotes": quotes(tables, truth),
        "names": names(tables, truth),
        "headlines": headlines(tables, truth),
        "posts": posts(tables, truth),
        "changes": changes(tables, truth),
    }


def _rates(right: int, found: int, true: int) -> Row:
    return {
        "found": found,
        "right": right,
        "true": true,
        "precision": round(right / found, 3) if found else None,
        "recall": round(right / true, 3) if true else None,
    }


def _compare(found: Iterable[Any], true: Iterable[Any]) -> Row:
    found, true = set(found), set(true)
    return _rates(len(found & true), len(found), len(true))


def _address(text: str) -> str:
    return identity.canonical(text)


def _articles(tables: Tables) -> dict[str, Row]:
    return {row["article_id"]: row for row in schema.records(tables["articles"])}


def attribution(tables: Tables, truth: Truth) -> Row:
    """Pairs of publishers in one network against pairs of one operator, and links that touch an honest publisher."""
    operator = {row["publisher"]: row["operator"] for row in truth["publishers"] if row["operator"]}
    honest = {row["publisher"] for row in truth["publishers"] if row["kind"] == "honest"}
    true = {pair for pair in itertools.combinations(sorted(operator), 2) if operator[pair[0]] == operator[pair[1]]}
    members: dict[str, list[str]] = {}
    for row in schema.records(tables["network_members"]):
        members.setdefault(row["network_id"], []).append(row["publisher"])
    found = {pair for group in members.values() for pair in itertools.combinations(sorted(group), 2)}
    strong = [row for row in schema.records(tables["publisher_links"]) if row["tier"] != "circumstantial"]
    wrong = [
        f"{row['publisher_a']} {row['publisher_b']}"
        for row in strong
        if {row["publisher_a"], row["publisher_b"]} & honest
        and operator.get(row["publisher_a"], row["publisher_a"]) != operator.get(row["publisher_b"], row["publisher_b"])
    ]
    in_network = sorted({publisher for group in members.values() for publisher in group} & honest)
    return {
        "pairs": _compare(found, true),
        "links": _compare({(row["publisher_a"], row["publisher_b"]) for row in strong}, true),
        "wrong_links_of_honest_publishers": wrong,
        "honest_publishers_in_networks": in_network,
        "operators": _operators(tables, truth),
    }


def _operators(tables: Tables, truth: Truth) -> Row:
    """Operators named for networks, right where the name is one that the world gives the members' operator."""
    members: dict[str, set[str]] = {}
    for row in schema.records(tables["network_members"]):
        members.setdefault(row["network_id"], set()).add(row["publisher"])
    right = wrong = 0
    for network in schema.records(tables["networks"]):
        if not network["operator"]:
            continue
        named = _plain(network["operator"])
        fits = any(
            members[network["network_id"]] & set(row["publishers"].split())
            and any(_plain(name) in named or named in _plain(name) for name in str(row["name"]).split(";"))
            for row in truth["operators"]
        )
        right, wrong = right + fits, wrong + (not fits)
    return {"named_right": right, "named_wrong": wrong, "true": len(truth["operators"])}


def _plain(text: str) -> str:
    return "".join(ch for ch in text.casefold() if ch.isalnum())


def _ancestors(truth: Truth) -> dict[str, list[str]]:
    """For each address, the addresses that its text came from, nearest first; a merged page has two sources."""
    sources = {
        _address(row["address"]): [_address(a) for a in (row["source_address"], row.get("also", "")) if a]
        for row in truth["articles"]
    }
    chains: dict[str, list[str]] = {}
    for address in sources:
        chain, waiting = [], list(sources[address])
        while waiting:
            here = waiting.pop(0)
            if here not in chain:
                chain.append(here)
                waiting += sources.get(here, [])
        chains[address] = chain
    return chains


def tracing(tables: Tables, truth: Truth) -> Row:
    """Articles by how their trace ended: right source, wrong source, cannot tell; traps apart."""
    articles = _articles(tables)
    best = {row["article_id"]: row for row in schema.records(tables["traces"]) if row["rank"] in (0, 1)}
    by_address = {row["address"]: best.get(article) for article, row in articles.items()}
    chains = _ancestors(truth)
    counts: dict[str, dict[str, int]] = {}
    wrong: list[str] = []
    for row in truth["articles"]:
        address = _address(row["address"])
        group = "traps" if row["trap"] else "traceable" if row["traceable"] else "originals_and_alone"
        outcome = _outcome(by_address.get(address), row["publisher"], chains[address], articles, address in by_address)
        counts.setdefault(group, {}).setdefault(outcome, 0)
        counts[group][outcome] += 1
        if outcome == "wrong":
            wrong.append(address)
    traceable = counts.get("traceable", {})
    total = sum(traceable.values())
    right = sum(traceable.get(outcome, 0) for outcome in ("right", "right_earlier", "right_publisher"))
    return {
        "articles": {group: dict(sorted(found.items())) for group, found in sorted(counts.items())},
        "right_of_traceable": round(right / total, 3) if total else None,
        "wrong_of_traceable": round(traceable.get("wrong", 0) / total, 3) if total else None,
        "wrong": sorted(wrong),
    }


def _outcome(trace: Row | None, own: str, chain: list[str], articles: Mapping[str, Row], read: bool) -> str:
    """How one trace ended. right: a source it was made from; right_earlier: further back; right_publisher: another copy
    at a publisher that it came from."""
    if trace is None:
        return "no_trace" if read else "not_captured"
    publishers = {identity.publisher_of(address) for address in chain}
    if trace["verdict"] in ("tie", "cannot_tell", "alone"):
        return "cannot_tell" if chain else "right"
    if trace["verdict"] == "is_source":
        return "right" if not chain else "right_publisher" if publishers == {own} else "wrong"
    candidate = articles[trace["candidate"]]["address"] if trace["candidate"] else ""
    if candidate in chain:
        return "right" if candidate == chain[0] else "right_earlier"
    return "right_publisher" if trace["candidate_publisher"] in publishers else "wrong"


def distributors(tables: Tables, truth: Truth) -> Row:
    """Sites whose distributor was inferred from all their releases.

    Right is the distributor that more than half of the site's releases come from. Recall is over the sites with four
    releases or more of which one distributor supplies three quarters.
    """
    counts: dict[str, dict[str, int]] = {}
    for row in truth["site_distributors"]:
        counts.setdefault(row["publisher"], {})[row["distributor"]] = int(row["releases"])
    shares = {
        (publisher, distributor): (number, number / sum(found.values()))
        for publisher, found in counts.items()
        for distributor, number in found.items()
    }
    true = {pair for pair, (number, share) in shares.items() if number >= 4 and share >= 0.75}
    inferred = {
        (row["publisher"], row["distributor"])
        for row in schema.records(tables["publisher_distributors"])
        if row["verdict"] == "supplied_by"
    }
    right = {pair for pair in inferred if shares.get(pair, (0, 0.0))[1] > 0.5}
    return {"sites": _rates(len(right), len(inferred), len(true)) | {"recall": _share(inferred & true, true)}}


def _share(part: set[Any], whole: set[Any]) -> float | None:
    return round(len(part) / len(whole), 3) if whole else None


def ai_indicators(tables: Tables, truth: Truth) -> Row:
    """Articles with AI residue found, and honest articles about chatbots that were taken for such."""
    articles = _articles(tables)
    found = {
        articles[row["article_id"]]["address"]
        for row in schema.records(tables["ai_indicators"])
        if row["counts"] and row["strength"] != "weak" and row["family"] != "declared" and row["article_id"] in articles
    }
    controls = {_address(row["address"]) for row in truth["ai_controls"]}
    return {
        "articles": _compare(found, {_address(row["address"]) for row in truth["ai"]}),
        "controls_marked": sorted(found & controls),
        "controls": len(controls),
    }


def origin_indicators(tables: Tables, truth: Truth) -> Row:
    """Publishers with a slip of another language."""
    found = {row["publisher"] for row in schema.records(tables["origin_indicators"]) if row["counts"]}
    return {"publishers": _compare(found, {row["publisher"] for row in truth["origin"]})}


def quotes(tables: Tables, truth: Truth) -> Row:
    """Articles with the false quotation that were marked for a person to check, and honest ones that were."""
    articles = _articles(tables)
    marked = {
        articles[row["article_id"]]["address"]
        for row in schema.records(tables["quotes"])
        if row["check"] and row["article_id"] in articles
    }
    false = {_address(row["address"]) for row in truth["quotes"] if row["false"]}
    honest = {_address(row["address"]) for row in truth["quotes"] if not row["false"]} - false
    read = {_address(articles[row["article_id"]]["address"]) for row in schema.records(tables["quotes"])}
    return {
        "false_quotation": _compare(marked & (false | honest), false),
        "honest_marked": sorted(marked - false),
        "articles_with_a_quotation": _compare(read & (false | honest), false | honest),
    }


def names(tables: Tables, truth: Truth) -> Row:
    """Spellings marked as slips."""
    slips = ("same_reading", "order_swapped", "simplified_form")
    found = {row["written"] for row in schema.records(tables["names"]) if row["status"] in slips}
    return {"spellings": _compare(found, {row["written"] for row in truth["names"]})}


def headlines(tables: Tables, truth: Truth) -> Row:
    """Articles whose headline says what the body does not hold."""
    articles = _articles(tables)
    found = {articles[row["article_id"]]["address"] for row in schema.records(tables["headline_phrases"])}
    return {"articles": _compare(found, {_address(row["address"]) for row in truth["headlines"]})}


def posts(tables: Tables, truth: Truth) -> Row:
    """Pairs of accounts that co-post, and how many of the planted groups came out whole."""
    group = {row["account"]: row["group"] for row in truth["posts"]}
    true = {pair for pair in itertools.combinations(sorted(group), 2) if group[pair[0]] == group[pair[1]]}
    named = [(row["account_a"], row["account_b"]) for row in schema.records(tables["post_pairs"])]
    found = {tuple(sorted(name.rpartition("/")[2] for name in pair)) for pair in named}
    members: dict[str, set[str]] = {}
    for row in schema.records(tables["post_accounts"]):
        if row["group_id"]:
            members.setdefault(row["group_id"], set()).add(row["account"])
    wanted = {label: {name for name, own in group.items() if own == label} for label in group.values()}
    whole = sum(own in members.values() for own in wanted.values())
    return {"pairs": _compare(found, true), "groups": _rates(whole, len(members), len(wanted))}


def changes(tables: Tables, truth: Truth) -> Row:
    """Articles edited, deleted and added between the rounds, each against the truth."""
    articles = _articles(tables)
    kinds = {"edited": "edited", "deleted": "removed", "new_article": "added"}
    result: Row = {}
    for true_kind, change in kinds.items():
        found = {
            articles[row["row"]]["address"]
            for row in schema.records(tables["changes"])
            if row["subject"] == "article"
            and row["change"] == change
            and row["row"] in articles
            # What was not looked at, or could not be, is told as such: it is no finding that the site deleted it.
            and (change != "removed" or row["why"] == "site")
        }
        true = {_address(row["address"]) for row in truth["changes"] if row["kind"] == true_kind}
        result[true_kind] = _compare(found, true)
    moved = {row["publisher"] for row in truth["changes"] if row["kind"] in ("moved_host", "registration_lapsed")}
    seen = {row["publisher"] for row in schema.records(tables["changes"]) if row["subject"] == "observation"}
    result["hosts_and_registrations"] = _compare(seen & moved, moved)
    return result
