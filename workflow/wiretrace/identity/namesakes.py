"""Domains whose names are like another's: the same name under another suffix, in a longer name, or a letter off."""

from __future__ import annotations

from collections.abc import Iterable, Set
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from wiretrace.identity import IPV4, REMEMBERED, host_of, registrable_domain

# Characters of a name that may be a part of a longer one, and of one of which a letter may differ: shorter ones are
# met in others by chance.
PART, NEARLY = 5, 7


@lru_cache(maxsize=REMEMBERED)
def namesake(host: str, domain: str) -> bool:
    """Whether ``host``, of another registrable domain, has a name like that of ``domain``; IDNA is read as written.

    >>> namesake("quay-gazette.press", "quaygazette.example")
    True
    >>> namesake("quay-gazette.news-today.example", "quaygazette.example")
    True
    >>> namesake("quaygazete.example", "quaygazette.example")
    True
    >>> namesake("harbour-gazette.example", "quaygazette.example")
    False
    """
    own, other = registrable_domain(host), registrable_domain(domain)
    if own == other or any("." not in domain or IPV4.fullmatch(domain) for domain in (own, other)):
        return False
    parts = [part for label in host.removesuffix(_suffix(own)).split(".") for part in _written(label).split("-")]
    name = name_of(other)
    if name_of(own) == name:
        return True
    runs = ("".join(parts[at:end]) for at in range(len(parts)) for end in range(at + 1, len(parts) + 1))
    near = len(name) >= NEARLY
    return len(name) >= PART and any(
        run == name or (near and Levenshtein.distance(run, name, score_cutoff=1) <= 1) for run in runs
    )


def name_of(domain: str) -> str:
    """The name of a registrable domain, without suffix and hyphens.

    >>> name_of("quay-gazette.example")
    'quaygazette'
    """
    return "".join(_written(domain.partition(".")[0]).split("-"))


def like(address: str, domain: str) -> bool:
    """The same of the host of an ``address``."""
    return namesake(host_of(address).removeprefix("www."), domain)


def _suffix(domain: str) -> str:
    return domain[domain.index(".") :]


def _written(label: str) -> str:
    """A label as it is shown: an IDNA one in its own letters."""
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def one_sided(presenting: Iterable[tuple[str, str]], leading: Set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of the pairs (site, the one it gives for its own) those whose other does not lead to the site, ascending.

    A publisher leads to its own second address; who is copied does not lead to the copy.
    """
    return sorted({(site, other) for site, other in presenting if (other, site) not in leading})
