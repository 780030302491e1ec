"""Every element of a page in one pass: what each step asks of all of them, as columns in the page's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement


@dataclass(frozen=True)
class Outline:
    """The elements of a tree in order, and of each its tag, the number of its parent, its class and its id.

    Elements are held, so that none has to be made anew each time that it is looked at. The root is its own parent.
    """

    elements: Sequence[HtmlElement]
    tags: Sequence[str]
    parents: Sequence[int]
    classes: Sequence[str]
    ids: Sequence[str]

    @cached_property
    def numbers(self) -> dict[HtmlElement, int]:
        """The number of each element."""
        return {element: number for number, element in enumerate(self.elements)}

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

    def above(self, number: int) -> list[int]:
        """The element and all around it, from the inside out."""
        found = [number]
        while number:
            number = self.parents[number]
            found.append(number)
        return found


def outline_of(tree: HtmlElement) -> Outline:
    """The outline of ``tree``, which holds elements alone: no comments or processing instructions."""
    elements = list(tree.iter())
    numbers = {element: number for number, element in enumerate(elements)}
    parents = [0, *(numbers[element.getparent()] for element in elements[1:])]
    return Outline(
        elements,
        [element.tag for element in elements],
        parents,
        [element.get("class") or "" for element in elements],
        [element.get("id") or "" for element in elements],
    )
