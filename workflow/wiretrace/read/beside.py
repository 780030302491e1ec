"""What a page says beside its article's text of where the text is from.

The line of source and time below a headline, a credit line around the text, metadata that name a source, and an
address on another site that the page states as its canonical one. What changes there (view counts, shares) must make
no new version of the article, so none of it is part of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from wiretrace import identity
from wiretrace.identity import registry
from wiretrace.identity.namesakes import like
from wiretrace.read.markup import Markup, owner, texts
from wiretrace.read.parts import BESIDE, BESIDE_LINE, RULES, Part, credit_name
from wiretrace.read.rules import Rule, rules

ABOVE, BEHIND = 12, 4  # blocks above the text's first one, and behind it and the last one, that are looked at
MOST = 5  # credits of one page
NAME = 120  # characters of a name that metadata state


def credits_beside(page: Markup, inside: Sequence[bool]) -> tuple[tuple[str, Part], ...]:
    """(words as they stand, credit) of what stands beside the article; ``inside``: which blocks are the article's.

    The parts' spans are empty: they are not in the text.
    """
    own = owner(page.address)
    found: dict[str, tuple[str, Part]] = {}
    for words, names, rule in (*_lines(page, inside), *_metadata(page)):
        if names and names != own:
            found.setdefault(names.casefold(), (words, Part("credit", 0, 0, names, rule)))
    return tuple(found.values())[:MOST]


def _lines(page: Markup, inside: Sequence[bool]) -> Iterator[tuple[str, str, str]]:
    held = [at for at, here in enumerate(inside) if here]
    if not held:
        return
    first, last = held[0], held[-1]
    titled = next((at for at in range(first, -1, -1) if page.blocks[at] == page.title), 0)
    # A sub-head above the line of source and time is the article's too.
    head = range(max(titled, first - ABOVE), min(first + BEHIND, last))
    for at in (*head, *range(last + 1, min(last + 1 + BEHIND, len(inside)))):
        block = page.blocks_seen[at]
        if inside[at] or len(block.text) > BESIDE_LINE or block.element.tag in ("figcaption", "figure"):
            continue
        yield from _credit(block.text)


def _credit(line: str) -> list[tuple[str, str, str]]:
    """Words, name and rule of the first rule that finds a credit in ``line``; [] where none does."""
    for rule in _tried():
        match = rule.find(line)
        name = credit_name(match) if match else ""
        # With an empty name the next label is taken for one.
        if match and not set(name) & set(":："):
            return [(match.group().strip(" |｜丨·•–—,"), name, rule.id)]
    return []


@cache
def _tried() -> tuple[Rule, ...]:
    """The rules that are tried on a line: those made for such lines first, which stop where the name does."""
    kinds = {how: [rule for rule in rules(RULES) if rule.settings.get("beside") == how] for how in BESIDE}
    return (*kinds["only"], *kinds["also"])


def _metadata(page: Markup) -> Iterator[tuple[str, str, str]]:
    for stated in registry(RULES)["metadata"]:
        for name in stated["names"]:
            for content in page.meta.get(name, ())[:1]:
                yield f"{name}: {content[:NAME]}", _named(page, content), stated["id"]
    for article in page.articles:
        for content in texts(article.get("isBasedOn"))[:1]:
            yield f"isBasedOn: {content[:NAME]}", _named(page, content), "stated-based-on"
    canonical = page.canonical
    # A look-alike gives the address of the site it copies, a paper that of its other domain: neither tells whose the
    # text is.
    if canonical and _elsewhere(page, canonical) and not like(page.address, owner(canonical)):
        yield f"canonical: {canonical[:NAME]}", owner(canonical), "stated-canonical"


def _named(page: Markup, content: str) -> str:
    """The name in ``content``, or whose address it is."""
    address = identity.canonical(content, page.base) if "://" in content else ""
    if address:
        return owner(address)
    return next((name for _, name, _ in _credit(content[:NAME])), content[:NAME])


def _elsewhere(page: Markup, address: str) -> bool:
    here, there = (identity.registrable_domain(identity.host_of(one)) for one in (page.address, address))
    return bool(there) and here != there
