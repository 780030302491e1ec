"""Every element of a page in one pass: what each step asks of all of them, as columns in the page's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement


@dataclass(frozen=True)
class Outline:
    """The elements of a tree in order, and of each its tag, the number of its parent, its attributes, class and id.

    Elements are held, so that none has to be made anew each time that it is looked at; ``numbers`` has the number of
    each. The root is its own parent.
    """

    elements: Sequence[HtmlElement]
    tags: Sequence[str]
    parents: Sequence[int]
    attributes: Sequence[Mapping[str, str]]
    numbers: Mapping[HtmlElement, int]

    @cached_property
    def classes(self) -> list[str]:
        """The class of each element, or ''."""
        return [held.get("class", "") for held in self.attributes]

    @cached_property
    def ids(self) -> list[str]:
        """The id of each element, or ''."""
        return [held.get("id", "") for held in self.attributes]

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

    def holding(self, name: str) -> list[tuple[int, str]]:
        """(number, value) of the elements that have the attribute ``name``, in order."""
        return [(number, held[name]) for number, held in enumerate(self.attributes) if name in held]

    def above(self, number: int) -> list[int]:
        """The element and all around it, from the inside out."""
        found = [number]
        while number:
            number = self.parents[number]
            found.append(number)
        return found


def outline_of(tree: HtmlElement) -> Outline:
    """The outline of ``tree``."""
    elements = list(tree.iter("*"))
    numbers = {element: number for number, element in enumerate(elements)}
    parents = [0, *(numbers[element.getparent()] for element in elements[1:])]
    # All attributes at once take as long as asking for two of them by name.
    attributes = [dict(element.items()) for element in elements]
    return Outline(elements, [element.tag for element in elements], parents, attributes, numbers)
