"""Where the words of a quotation stand: pieces of all quotations looked for at every place of all folded texts.

Two texts hold the same words when they share, folded, the whole quotation, or a run of at least half of it that is at
least as long as a sentence (see :data:`RUN`). Every piece of :data:`PIECE` characters at multiples of it is searched,
so that a shared run of twice that length is always met.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from wiretrace.schema.files import scratch
from wiretrace.trace.earlier import build
from wiretrace.trace.fold import as_text, fold, size
from wiretrace.trace.pieces import Pieces, codes_of

RUN = 14.0  # size (fold.size) of a run that says two texts hold the same words
SHARE = 0.5  # of the quotation
LEAST = 6.0  # size below which words are a stock phrase, looked for nowhere
LONG = 20.0  # size from which a quotation may stand somewhere in edited form
PIECE = 6  # characters of a piece; 12 where letters of an alphabet count half
PIECE_LATIN = 12


def key(words: str) -> str:
    """The folded words, '' where they are too few to be looked for."""
    codes, _ = fold(words)
    return as_text(codes) if size(codes) >= LEAST else ""


def find(keys: Sequence[str], texts: Mapping[str, str], folder: Path | None = None) -> dict[str, frozenset[str]]:
    """For each key the texts (by id) that hold the words; ``texts`` are folded. Their index is a file in ``folder``."""
    ordered = sorted(set(keys) - {""})
    found = standing(ordered, texts)
    long = [own for own in ordered if size(fold(own)[0]) >= LONG]
    if not long:
        return {own: frozenset(names) for own, names in found.items()}
    with scratch(folder / ".index") if folder else tempfile.TemporaryDirectory() as place:
        ids = sorted(texts)
        index = build((texts[name] for name in ids), place)
        for own in long:
            found[own].update(ids[number] for number, _ in index.search(own))
    return {own: frozenset(names) for own, names in found.items()}


def standing(keys: Sequence[str], texts: Mapping[str, str]) -> dict[str, set[str]]:
    """For each of ``keys``, which are long enough, the texts that hold it whole or a long run of it."""
    found: dict[str, set[str]] = {own: set() for own in keys}
    kinds = []
    for latin, length in ((True, PIECE_LATIN), (False, PIECE)):
        if words := [own for own in found if own.isascii() == latin]:
            kinds.append((words, Pieces(words, length, 2 * RUN, SHARE)))
    for name in texts if kinds else ():
        codes = codes_of(texts[name])
        for words, pieces in kinds:
            for number in pieces.held(codes):
                found[words[number]].add(name)
    return found
