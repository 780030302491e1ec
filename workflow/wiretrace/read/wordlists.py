"""Many short words looked for in one pass: which of several lists have a word in a text.

A word is written as it stands, in lower case. ``|`` at either end is a word's edge: no letter, figure or ``_`` may
touch it there. ``^`` in front holds it to the text's beginning; ``!x`` behind says that ``x`` may not follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ahocorasick

# A word of a list: bits of the list, length, edge in front, edge behind, only at the beginning, what may not follow.
Word = tuple[int, int, bool, bool, bool, str]


class Wordlists:
    """Lists of words, each with the bit that stands for it."""

    def __init__(self, lists: Mapping[str, Sequence[str]], bit: Mapping[str, int]) -> None:
        """``lists``: words by the name of their list; ``bit``: the list's bit by its name."""
        words: dict[str, list[Word]] = {}
        for name, written in lists.items():
            for word in written:
                rest, _, never = word.partition("!")
                core = rest.removeprefix("^").strip("|")
                first, ahead, behind = rest.startswith("^"), rest.startswith("|"), rest.endswith("|")
                words.setdefault(core, []).append((bit[name], len(core), ahead, behind, first, never))
        self._found = ahocorasick.Automaton()
        for core, held in words.items():
            self._found.add_word(core, tuple(held))
        self._found.make_automaton()

    def bits(self, text: str) -> int:
        """Bits of the lists that have a word in ``text``, which is in lower case."""
        found = 0
        for last, held in self._found.iter(text):
            for bit, size, ahead, behind, first, never in held:
                if found & bit:
                    continue
                start, end = last + 1 - size, last + 1
                if (
                    (not first or not start)
                    and (not ahead or not _touches(text[start - 1 : start]))
                    and (not behind or not _touches(text[end : end + 1]))
                    and (not never or not text.startswith(never, end))
                ):
                    found |= bit
        return found


def _touches(character: str) -> bool:
    return character.isalnum() or character == "_"
