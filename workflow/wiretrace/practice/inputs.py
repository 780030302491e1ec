"""What an investigator of the world starts from: seeds, known people, published lists, the platform; certificates."""

from __future__ import annotations

import re
from typing import Any

from wiretrace.practice.data import dice
from wiretrace.practice.model import Certificate
from wiretrace.practice.pages import media_host
from wiretrace.practice.registrations import ARCHIVE, IANA, NIC
from wiretrace.practice.sites import Site, platform
from wiretrace.practice.stories import people

NOTES = {
    "suspect": "carries press releases and reports on the islands",
    "distributor": "press release service",
    "seller": "sells placements",
    "control": "regular outlet",
}
AUTHORITY = "Lattice Trust Services"


def seeds(sites: dict[str, Site]) -> list[dict[str, str]]:
    """Front pages of all publishers with the roles that a journalist would give them."""
    rows = [
        {
            "url": site.root,
            "role": "suspect" if site.kind == "company" else site.role,
            "note": "company site" if site.kind == "company" else NOTES[site.role],
        }
        for site in sites.values()
    ]
    return sorted(rows, key=lambda r: (r["role"], r["url"]))


def names(seed: int) -> list[dict[str, str]]:
    """People as that world's directories spell them."""
    return [
        {"name": person["ja"], "reading": person["reading"], "note": f"{person['en']}; {person['note']}"}
        for person in people(seed).values()
        if "reading" in person
    ]


def known_networks(seed: int, sites: dict[str, Site]) -> list[dict[str, str]]:
    """A published list of five papers of network A: one is listed twice, one with a letter missing."""
    papers = [s for s in sites.values() if s.network == "network-a" and s.kind == "fake_local"]
    chosen = dice(seed, "published list").sample(papers, 5)
    domains = [s.publisher for s in chosen]
    label, _, tld = domains[4].partition(".")
    domains[4] = f"{label[:3]}{label[4:]}.{tld}"
    return [
        {"domain": domain, "label": "Harbour list", "listed_by": "Tidewater Research Group", "date": "2025-04-14"}
        for domain in [*domains, domains[0]]
    ]


def platforms(seed: int) -> list[dict[str, Any]]:
    """The blog platform in the form of ``config/registry/platforms.yaml``."""
    home = platform(seed)
    host = home["host"]
    return [
        {
            "id": home["id"],
            "name": home["name"],
            "source": f"https://{host}/",
            "pattern": rf"(?P<host>{re.escape(host)})/(?P<account>@[a-z0-9-]+)(?:/|$)",
            "matches": {f"https://{host}/@somebody/n/n0123456789ab": f"{host}/@somebody"},
            "misses": [f"https://{host}/", f"https://{host}/robots.txt"],
        }
    ]


def certificates(seed: int, sites: dict[str, Site]) -> tuple[Certificate, ...]:
    """One certificate for each name group; names under several, as a content network's shared one."""
    groups: dict[str, list[str]] = {}
    expired = set()
    for site in sites.values():
        group = site.raw.get("cert") or "none"
        if group == "none" or site.family == "account":
            continue
        if group in ("own", "expired"):
            if group == "expired":
                expired.add(site.key)
            group = site.key
        groups.setdefault(group, []).extend([site.publisher, f"www.{site.publisher}"])
    found = [
        Certificate(tuple(_extra(group) + hosts), group in expired, AUTHORITY)
        for group, hosts in sorted(groups.items())
    ]
    home = platform(seed)["host"]
    infrastructure = [(home, f"www.{home}"), (media_host(seed),), (NIC,), (IANA,), (ARCHIVE,)]
    return (*found, *[Certificate(names, False, AUTHORITY) for names in infrastructure])


def _extra(group: str) -> list[str]:
    """Content networks put a name of their own first."""
    return [f"sni-{group.rpartition('-')[2]}.edge-tls.example"] if group.startswith("parapet") else []
