"""What groups of publishers are compared by besides what was observed: patterns of names, larger blocks of addresses.

Both follow from what is known of a publisher and cost no look-up. They say little of two single sites, so no pair is
weighed by them; that whole groups have them in common says more.
"""

from __future__ import annotations

import ipaddress
import re
from collections import Counter

import pandas as pd

from wiretrace import identity
from wiretrace.attribute.kinds import background

# Shortest part of a name that is taken for its pattern, and shortest whole name.
PART = 3
NAME = 4
WORD = re.compile(r"[^\W\d_]+")
BLOCK = 22


def patterns(publisher: str) -> list[str]:
    """What the name may have in common with others: ``*-last``, ``first-*``, ``name.*`` (any suffix); none of an account.

    >>> patterns("harbour-gazette.example")
    ['*-gazette', 'harbour-*', 'harbour-gazette.*']
    """
    if "/" in publisher:
        return []
    name = identity.registrable_domain(publisher).partition(".")[0]
    parts = name.split("-")
    found = []
    if len(parts) > 1:
        found += [f"*-{parts[-1]}"] if _word(parts[-1]) else []
        found += [f"{parts[0]}-*"] if _word(parts[0]) else []
    return [*found, f"{name}.*"] if len(name) >= NAME and not name.isdigit() else found


def _word(part: str) -> bool:
    return len(part) >= PART and bool(WORD.fullmatch(part))


def block(address: str) -> str:
    """The IPv4 /22 of an address; '' of an IPv6 address, of a platform's and of what is no address."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if known.version != 4 or background().of("ip", address):
        return ""
    return str(ipaddress.ip_network(f"{known}/{BLOCK}", strict=False))


def derived(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of the kinds ``name_pattern`` and ``subnet22`` for ``rows`` (publisher, kind, key, value, times, id).

    A pattern that one publisher alone bears is left out: it can match nothing.
    """
    times = rows.groupby("publisher", sort=True).agg(first_seen=("first_seen", "min"), last_seen=("last_seen", "max"))
    borne = [(name, pattern) for name in times.index for pattern in patterns(name)]
    count = Counter(pattern for _, pattern in borne)
    kept = [(name, pattern) for name, pattern in borne if count[pattern] > 1]
    names = pd.DataFrame(kept, columns=["publisher", "key"], dtype="str").merge(times, on="publisher")
    hosts = rows.loc[rows["kind"] == "ip", ["publisher", "key", "first_seen", "last_seen"]]
    hosts = hosts.assign(key=hosts["key"].map({key: block(key) for key in hosts["key"].unique()}))
    hosts = hosts[hosts["key"] != ""].groupby(["publisher", "key"], sort=True, as_index=False)
    blocks = hosts.agg(first_seen=("first_seen", "min"), last_seen=("last_seen", "max"))
    parts = [names.assign(kind="name_pattern"), blocks.assign(kind="subnet22")]
    return pd.concat(parts, ignore_index=True).assign(value=lambda table: table["key"], observation_id="")
