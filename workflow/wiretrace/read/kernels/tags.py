"""Kernels: the tags of a page's source counted, with their attributes and their nesting."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wiretrace.compiled import compiled

Bytes = NDArray[np.uint8]
Whole = Any  # a Python or a numpy integer, one to numba
# A name as three numbers: its first eight bytes, the next eight, its size, in lower case. Known names have fewer.
Name = tuple[Whole, Whole, Whole]
TOLD = 16  # bytes of a name that its numbers tell
FINE, TAGS, ATTRIBUTES, DEPTH = 0, 1, 2, 3  # the verdicts
# Elements whose content is not markup (HTML standard, section 13.2.5.2 onwards).
RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
VOID = (
    "area", "base", "basefont", "bgsound", "br", "col", "command", "embed", "frame", "hr", "img", "input", "keygen",
    "link", "meta", "param", "source", "track", "wbr",
)  # fmt: skip
# Elements that a parser closes by itself before their next sibling.
SELF_CLOSING = (
    "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "colgroup", "rp", "rt",
    "html", "head", "body",
)  # fmt: skip


def _numbers(names: tuple[str, ...]) -> NDArray[np.uint64]:
    padded = [name.encode().ljust(TOLD, b"\0") for name in names]
    return np.array(
        [[int.from_bytes(p[:8], "little"), int.from_bytes(p[8:], "little")] for p in padded], dtype=np.uint64
    )


RAW_NAMES, FLAT_NAMES = _numbers(RAW), _numbers(VOID + SELF_CLOSING)
SPACE, BANG, DOUBLE, SINGLE, DASH, SLASH, LESS, EQUALS, MORE = (np.uint8(ord(c)) for c in " !\"'-/<=>")
A, Z, SMALL = np.uint8(ord("a")), np.uint8(ord("z")), np.uint8(0x20)


@compiled
def blank(byte: Whole) -> bool:
    """Whether ``byte`` is what HTML calls white space."""
    return bool(byte == SPACE or byte == 9 or byte == 10 or byte == 12 or byte == 13)


@compiled
def small(byte: Whole) -> Whole:
    """``byte`` in lower case where it is a letter."""
    return byte | SMALL if A <= byte | SMALL <= Z else byte


@compiled
def name_of(page: Bytes, at: int, end: int) -> Name:
    """The name that stands from ``at`` to ``end``."""
    low, high = np.uint64(0), np.uint64(0)
    for i in range(min(end - at, 8)):
        low |= np.uint64(small(page[at + i])) << np.uint64(8 * i)
    for i in range(8, min(end - at, TOLD)):
        high |= np.uint64(small(page[at + i])) << np.uint64(8 * (i - 8))
    return low, high, np.int64(end - at)


@compiled
def known(low: Whole, high: Whole, size: Whole, names: NDArray[np.uint64]) -> bool:
    """Whether a name is one of ``names``."""
    if size > TOLD:
        return False
    k = 0
    while k < len(names) and not (names[k, 0] == low and names[k, 1] == high):
        k += 1
    return bool(k < len(names))


@compiled
def alike(page: Bytes, one: int, other: int, size: int) -> bool:
    """Whether the same letters, of whatever case, stand at two places; a place near the end may hold fewer."""
    if max(one, other) + size > len(page):
        return False
    i = 0
    while i < size and small(page[one + i]) == small(page[other + i]):
        i += 1
    return bool(i == size)


@compiled
def behind_value(page: Bytes, at: int, end: int, double: int, single: int) -> int:
    """Where a quoted value that begins at ``at`` ends; ``at`` where none does before the last quote of its kind.

    ``double`` and ``single`` are the last such quotes before ``end``, so that none is looked for in vain.
    """
    if at < end and ((page[at] == DOUBLE and at < double) or (page[at] == SINGLE and at < single)):
        quote = page[at]
        at += 1
        while page[at] != quote:
            at += 1
        at += 1
    return at


@compiled
def behind_blanks(page: Bytes, at: int, end: int) -> int:
    """The first place from ``at`` on, up to ``end``, that is not white space."""
    while at < end and blank(page[at]):
        at += 1
    return at


@compiled
def behind_attributes(page: Bytes, at: int, double: int, single: int) -> int:
    """Where the ``>`` of a tag stands whose name ends at ``at``, or the page ends; a quoted ``>`` is none."""
    end = len(page)
    while at < end and page[at] != MORE:
        if page[at] == EQUALS:
            value = behind_blanks(page, at + 1, end)
            past = behind_value(page, value, end, double, single)
            at = past if past > value else at + 1
        else:
            at += 1
    return at


@compiled
def attributes(page: Bytes, at: int, end: int, enough: int) -> int:
    """Attributes of the tag whose name ends at ``at`` and which ends at ``end``; counted up to one above ``enough``."""
    double, single = end - 1, end - 1
    while double >= at and page[double] != DOUBLE:
        double -= 1
    while single >= at and page[single] != SINGLE:
        single -= 1
    count = 0
    while at < end and count <= enough:
        if blank(page[at]) or page[at] == EQUALS or page[at] == SLASH or page[at] == MORE:
            at += 1
            continue
        count += 1
        while at < end and not (blank(page[at]) or page[at] == EQUALS or page[at] == SLASH or page[at] == MORE):
            at += 1
        stated = behind_blanks(page, at, end)
        if stated < end and page[stated] == EQUALS:
            at = behind_blanks(page, stated + 1, end)
            past = behind_value(page, at, end, double, single)
            if past == at:
                while past < end and not (blank(page[past]) or page[past] == MORE):
                    past += 1
            at = past
    return count


@compiled
def behind_comment(page: Bytes, at: int) -> int:
    """Where the comment ends whose text begins at ``at``."""
    end = len(page)
    while at < end and not (page[at] == DASH and at + 2 < end and page[at + 1] == DASH and page[at + 2] == MORE):
        at += 1
    return at


@compiled
def behind_raw(page: Bytes, at: int, name: int, size: int) -> int:
    """Where the content of an element ends that is no markup: at the tag that closes its name, or with the page."""
    end = len(page)
    while at < end:
        if page[at] == LESS and at + 1 < end and page[at + 1] == SLASH and alike(page, name, at + 2, size):
            break
        at += 1
    return at


@compiled
def closed(page: Bytes, depth: int, opened: NDArray[np.int64], names: NDArray[np.uint64], at: int, end: int) -> int:
    """How many elements are open behind the tag that closes the name from ``at`` to ``end``.

    It closes what is open inside its element as well; one that closes nothing is dropped.
    """
    low, high, size = name_of(page, at, end)
    for k in range(depth - 1, -1, -1):
        same = names[k, 0] == low and names[k, 1] == high and opened[k, 1] == size
        if same and (size <= TOLD or alike(page, at, opened[k, 0], size)):
            return k
    return depth


@compiled
def verdict(page: Bytes, double: int, single: int, most_tags: int, most_attributes: int, deepest: int) -> int:
    """The first limit that ``page`` breaks, or ``FINE``; ``double`` and ``single`` are its last quotes of each kind."""
    opened, names = np.empty((deepest, 2), np.int64), np.empty((deepest, 2), np.uint64)
    at, end, tags, depth = 0, len(page), 0, 0
    while at + 1 < end:
        if page[at] != LESS:
            at += 1
            continue
        if page[at + 1] == BANG:
            comment = at + 3 < end and page[at + 2] == DASH and page[at + 3] == DASH
            at = behind_comment(page, at + 4) if comment else at + 1
            continue
        closing = page[at + 1] == SLASH
        name = at + 2 if closing else at + 1
        if name >= end or not A <= page[name] | SMALL <= Z:
            at += 1
            continue
        stop = name
        while stop < end and not (blank(page[stop]) or page[stop] == SLASH or page[stop] == MORE):
            stop += 1
        at = behind_attributes(page, stop, double, single)
        tags += 1
        if tags > most_tags:
            return TAGS
        # n attributes take 2n bytes at least, but for the blank behind the last.
        if at - stop > 2 * most_attributes and attributes(page, stop, at, most_attributes) > most_attributes:
            return ATTRIBUTES
        if closing:
            depth = closed(page, depth, opened, names, name, stop)
            continue
        low, high, size = name_of(page, name, stop)
        if known(low, high, size, RAW_NAMES):
            at = behind_raw(page, at, name, size)
        elif not (known(low, high, size, FLAT_NAMES) or (at > stop and page[at - 1] == SLASH)):
            if depth == deepest:
                return DEPTH
            opened[depth, 0], opened[depth, 1], names[depth, 0], names[depth, 1] = name, size, low, high
            depth += 1
    return FINE
