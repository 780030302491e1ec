"""The tables of what is true in a world. Only the scorer reads them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from wiretrace.practice.articles import Article
from wiretrace.practice.data import load
from wiretrace.practice.rounds import lapsing
from wiretrace.practice.sites import Site, organisation

Rows = list[dict[str, Any]]
SHOWN = {
    "operator-a": "adsense id of the two oldest papers and both company sites; imprint; theme, plugin, authors, menu",
    "operator-b": "registrant of two domains; ga4 id of five; certificate of eight; media host of all",
    "honest-group": "registrant, imprint, ga4 id and certificate of both",
}


def tell_truth(seed: int, sites: dict[str, Site], articles: list[Article]) -> dict[str, Rows]:
    """All truth tables; addresses are final ones."""
    served = [a for a in articles if _served(a)]
    return {
        "publishers": _publishers(sites),
        "articles": [_article(a, served) for a in served],
        "ai": _marked(served, "ai", ("place", "rule_family", "excerpt")),
        "ai_controls": _marked(served, "ai_controls", ()),
        "quotes": _quotes(served),
        "names": _marked(served, "names", ("written", "person", "slip")),
        "headlines": _marked(served, "headlines", ("phrase",)),
        "origin": _origin(sites) + _in_texts(served),
        "changes": _changes(seed, sites, served),
        "site_distributors": _supply(served),
        "operators": _operators(seed, sites),
    }


def _served(article: Article) -> bool:
    """Whether anybody can see it: live in some round, or in the web archive."""
    return "live" in article.states.values() or bool(article.archived)


def _publishers(sites: dict[str, Site]) -> Rows:
    columns = ("publisher", "role", "operator", "network", "kind", "language")
    return [{column: getattr(site, column) for column in columns} for site in sites.values()]


def _article(article: Article, served: list[Article]) -> dict[str, Any]:
    source = article.source
    return {
        "address": article.address,
        "publisher": article.site.publisher,
        "story": article.story,
        "kind": article.kind,
        "source_address": source.address if source else "",
        "source_publisher": source.site.publisher if source else "",
        "distributor": article.distributor,
        "language": article.language,
        "published_utc": f"{article.published:%Y-%m-%dT%H:%M:%SZ}",
        "clock": article.clock,
        "trap": article.trap or _clock_trap(article),
        "traceable": _traceable(article, served),
        "also": " ".join(m["source"].address for m in article.marks if m["table"] == "merged"),
        "where": "archive" if "live" not in article.states.values() else "live",
    }


def _clock_trap(article: Article) -> str:
    source = article.source
    if source and source.shown and article.shown and article.shown < source.shown:
        return "lying_clock"
    return ""


def _hidden(article: Article) -> bool:
    """Whether a polite reader with sound certificates cannot see it."""
    setting = article.site.raw
    if setting.get("robots") == "blocked" or setting.get("cert") == "expired":
        return True
    return "robots_section" in setting and article.section == setting["robots_section"]


def _traceable(article: Article, served: list[Article]) -> bool:
    """Whether what is served suffices: page and source can be seen, and a credit decides where two sources fit."""
    source = article.source
    if _hidden(article):
        return False
    if source is None:
        return article.trap != "unseen_source"
    if source not in served or _hidden(source):
        return False
    twins = {a.site.key for a in served if a.story == article.story and a.site.kind == "distributor"}
    if len(twins) > 1 and article.site.kind != "distributor":
        return bool(article.credit or article.note or article.kind == "quotation")
    if article.trap and article.site.kind != "distributor":
        return bool(article.credit)
    return True


def _marked(articles: list[Article], table: str, columns: tuple[str, ...]) -> Rows:
    return [
        {"address": a.address, **{c: m[c] for c in columns}} for a in articles for m in a.marks if m["table"] == table
    ]


def _quotes(articles: list[Article]) -> Rows:
    rows = []
    for article in articles:
        slips = {m["person"]: m["written"] for m in article.marks if m["table"] == "names"}
        body = "\n".join(article.paragraphs)
        for quote in article.quotes:
            words = quote["words"].get(article.language, "")
            if not words or words not in body:
                continue
            speaker = quote["speaker"][article.language]
            rows.append(
                {
                    "address": article.address,
                    "speaker": slips.get(speaker, speaker),
                    "person": speaker,
                    "words": words,
                    "false": quote["false"],
                    "attributed_in": _right(articles, words) if quote["false"] else "",
                }
            )
    return rows


def _right(articles: list[Article], words: str) -> str:
    """Where the same words are given to the one who said them; '' where nobody did."""
    return " ".join(
        a.address
        for a in articles
        if a.site.kind == "honest" and any(words == q["words"].get(a.language) and not q["false"] for q in a.quotes)
    )


def _origin(sites: dict[str, Site]) -> Rows:
    table = load("publishers/chrome.yaml")["origin"]
    rows: Rows = []
    for site in sites.values():
        for sign in table.get(site.network, {}).get(site.language, []) if site.kind == "fake_local" else []:
            rows.append({"publisher": site.publisher, "address": "", **sign, "points_to": "zh-Hans"})
        if site.network != "network-a" or site.kind != "fake_local" or site.language == "zh-Hans":
            continue
        told = [{"form": form, "place": "title"} for form in _simplified(site)]
        if site.raw.get("htmllang", site.language) != site.language:
            told.append({"form": f'lang="{site.raw["htmllang"]}"', "place": "chrome"})
        rows += [{"publisher": site.publisher, "address": "", **sign, "points_to": "zh-Hans"} for sign in told]
    return rows


def _in_texts(articles: list[Article]) -> Rows:
    rows = [(a, m) for a in articles for m in a.marks if m["table"] == "origin"]
    return [
        {"publisher": a.site.publisher, "address": a.address, **{c: m[c] for c in ("form", "place", "points_to")}}
        for a, m in rows
    ]


def _simplified(site: Site) -> list[str]:
    """Characters of a masthead that neither Japanese nor traditional Chinese encodings have."""
    found = []
    for char in site.name:
        try:
            char.encode("gb2312")
        except UnicodeEncodeError:
            continue
        try:
            char.encode("big5" if site.language == "zh-Hant" else "cp932")
        except UnicodeEncodeError:
            found.append(char)
    return found


def _changes(seed: int, sites: dict[str, Site], articles: list[Article]) -> Rows:
    rows: Rows = []
    for site in sites.values():
        if site.ip[0] != site.ip[1]:
            rows.append(_change(site, "", "moved_host", f"{site.ip[0]} to {site.ip[1]}"))
        if site.key == lapsing(seed):
            rows.append(_change(site, "", "registration_lapsed", "not renewed"))
    for a in articles:
        before, after = a.states[1], a.states[2]
        if before == "live" and after not in ("live", "gone"):
            rows.append(_change(a.site, a.address, "deleted", after))
        elif before == "absent" and after == "live":
            rows.append(_change(a.site, a.address, "new_article", ""))
        elif before != "live" and after == "live":
            rows.append(_change(a.site, a.address, "resurrected", before))
        elif a.edited and after == "live":
            rows.append(_change(a.site, a.address, "edited", ""))
    return rows


def _change(site: Site, address: str, kind: str, detail: str) -> dict[str, Any]:
    return {"publisher": site.publisher, "address": address, "kind": kind, "detail": detail}


def _supply(articles: list[Article]) -> Rows:
    copies = [a for a in articles if a.distributor and a.site.kind != "distributor"]
    counts = Counter((a.site.publisher, a.distributor) for a in copies)
    return [{"publisher": p, "distributor": d, "releases": n} for (p, d), n in sorted(counts.items())]


def _operators(seed: int, sites: dict[str, Site]) -> Rows:
    return [
        {
            "operator": key,
            "name": organisation(seed, key)["name"],
            "native": organisation(seed, key)["native"],
            "publishers": " ".join(s.publisher for s in sites.values() if s.operator == key),
            "evidence": evidence,
        }
        for key, evidence in SHOWN.items()
    ]
