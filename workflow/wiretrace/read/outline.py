"""Every element of a page in one pass: what each step asks of all of them, as columns in the page's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from lxml import etree
from lxml.html import HtmlElement
from numpy.typing import NDArray

Look = tuple[str, str, str]
HELD = ("hidden", "id", "itemprop", "rel", "style")  # attributes of few elements
# From an attribute to its elements: much faster than asking each element, or than all these attributes in one search.
HOLDING = {name: etree.XPath(f"descendant-or-self::*/@{name}/..", smart_strings=False) for name in HELD}


@dataclass(frozen=True)
class Outline:
    """The elements of a tree in order, and of each its tag, the number of its parent, its class and id, '' for none.

    Elements are held, so that none has to be made anew each time that it is looked at; ``numbers`` has the number of
    each. The root is its own parent.
    """

    elements: Sequence[HtmlElement]
    tags: Sequence[str]
    parents: Sequence[int]
    classes: Sequence[str]
    ids: Sequence[str]
    numbers: Mapping[HtmlElement, int]

    @cached_property
    def parents_of(self) -> NDArray[np.int64]:
        """``parents`` as an array."""
        return np.array(self.parents, np.int64)

    @cached_property
    def _known(self) -> tuple[list[Look], NDArray[np.int64]]:
        known: dict[Look, int] = {}
        places = [known.setdefault(look, len(known)) for look in zip(self.tags, self.classes, self.ids, strict=True)]
        return list(known), np.array(places, np.int64)

    @property
    def looks(self) -> list[Look]:
        """Each tag, class and id that elements have, once, as they first come: a quarter of the elements."""
        return self._known[0]

    @property
    def looks_of(self) -> NDArray[np.int64]:
        """For each element the place of its tag, class and id among ``looks``."""
        return self._known[1]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Numbers of the elements of each tag."""
        found: dict[str, list[int]] = {}
        for number, tag in enumerate(self.tags):
            found.setdefault(tag, []).append(number)
        return found

    def every(self, *tags: str) -> list[HtmlElement]:
        """The elements of ``tags``, in order."""
        found = [self.places[tag] for tag in tags if tag in self.places]
        numbers = found[0] if len(found) == 1 else sorted(number for some in found for number in some)
        return [self.elements[number] for number in numbers]

    def having(self, name: str) -> list[tuple[int, str]]:
        """(number, value) of the elements that have the attribute ``name``, one of ``HELD``, in order."""
        return [(self.numbers[element], element.get(name)) for element in HOLDING[name](self.elements[0])]

    def above(self, number: int) -> list[int]:
        """The element and all around it, from the inside out."""
        found = [number]
        while number:
            number = self.parents[number]
            found.append(number)
        return found


def outline_of(tree: HtmlElement) -> Outline:
    """The outline of ``tree``, the root of a page."""
    elements = list(tree.iter("*"))
    numbers = {element: number for number, element in enumerate(elements)}
    parents = [0, *[numbers[element.getparent()] for element in elements[1:]]]
    # Most elements have a class, few an id.
    classes = [element.get("class", "") for element in elements]
    ids = [""] * len(elements)
    for element in HOLDING["id"](tree):
        ids[numbers[element]] = element.get("id")
    return Outline(elements, [element.tag for element in elements], parents, classes, ids, numbers)
