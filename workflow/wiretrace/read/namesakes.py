"""What a page says of a site with a name like its own: that it is that site, or that there is such a one.

A look-alike copies the pages of a known paper and leaves its addresses in them: the menus lead to the paper, and the
page gives the paper's address for its own. A paper's own second address does so too; who runs it, no page can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wiretrace import identity
from wiretrace.identity.namesakes import like
from wiretrace.read.links import Link
from wiretrace.read.markup import Markup, owner
from wiretrace.read.observations import Seen

LINKS = 3  # links outside the text that must lead to the other site at least
EXAMPLES = 3


def of_namesakes(page: Markup, links: Sequence[Link], publisher: str) -> Iterator[Seen]:
    """``namesake``: each domain with a name like the page's own that it leads to outside its text, or names as its
    address; ``presents_as``: of these the one that it gives for its own.

    That is the one of its canonical address, or where more links outside the text lead than to the page's own site.
    """
    stated = page.canonical
    outside: dict[str, list[Link]] = {}
    for link in links:
        if link.place == "chrome":
            outside.setdefault(link.target, []).append(link)
    alike = {target for target in (*outside, owner(stated) if stated else "") if target and like(page.address, target)}
    own = _own_links(page, publisher) if alike else 0
    for target in sorted(alike):
        yield Seen("namesake", target, "namesake-link", _example(outside.get(target, ())) or stated[:300])
        if stated and owner(stated) == target:
            yield Seen("presents_as", target, "namesake-canonical", stated[:300])
        elif len(outside[target]) >= LINKS and len(outside[target]) > own:
            yield Seen("presents_as", target, "namesake-menu", _example(outside[target]))


def _own_links(page: Markup, publisher: str) -> int:
    """Distinct addresses of the page's own site that it links to, without its own."""
    found = {identity.canonical(a.get("href") or "", page.base) for a in page.every("a")} - {"", page.address}
    return sum(owner(address) == publisher for address in found)


def _example(links: Sequence[Link]) -> str:
    return " | ".join(f"{link.anchor}: {link.address}" for link in links[:EXAMPLES])[:300]
