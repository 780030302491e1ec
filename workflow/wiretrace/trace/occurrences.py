"""Where the words of a quotation stand: an automaton of pieces of all quotations over all folded texts, then verified.

Two texts hold the same words when they share, folded, the whole quotation, or a run of at least half of it that is at
least as long as a sentence (see :data:`RUN`). Every piece of :data:`PIECE` characters at multiples of it is searched,
so that a shared run of twice that length is always met.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import ahocorasick

from wiretrace.schema.files import scratch
from wiretrace.trace.earlier import build
from wiretrace.trace.fold import as_text, fold, size

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
    pieces: dict[str, list[tuple[int, int]]] = {}
    ordered = sorted(set(keys) - {""})
    for number, own in enumerate(ordered):
        length = PIECE_LATIN if own.isascii() else PIECE
        starts = range(0, max(1, len(own) - length + 1), length)
        for start in starts:
            pieces.setdefault(own[start : start + length], []).append((number, start))
    found: dict[str, set[str]] = {own: set() for own in ordered}
    if not pieces:
        return {}
    automaton = ahocorasick.Automaton()
    for piece in sorted(pieces):
        automaton.add_word(piece, piece)
    automaton.make_automaton()
    for name in sorted(texts):
        text = texts[name]
        met: set[int] = set()
        for end, piece in automaton.iter(text):
            for number, start in pieces[piece]:
                if number not in met and _same(ordered[number], text, start, end - len(piece) + 1, len(piece)):
                    met.add(number)
                    found[ordered[number]].add(name)
    ids = sorted(texts)
    long = [own for own in ordered if size(fold(own)[0]) >= LONG]
    if not long:
        return {own: frozenset(names) for own, names in found.items()}
    with scratch(folder / ".index") if folder else tempfile.TemporaryDirectory() as place:
        index = build((texts[name] for name in ids), place)
        for own in long:
            found[own].update(ids[number] for number, _ in index.search(own))
        del index
    return {own: frozenset(names) for own, names in found.items()}


def _same(words: str, text: str, start: int, place: int, length: int) -> bool:
    """Whether the run around the common piece is long enough."""
    begin, end = start, start + length
    shift = place - start
    while begin > 0 and begin + shift > 0 and words[begin - 1] == text[begin - 1 + shift]:
        begin -= 1
    while end < len(words) and end + shift < len(text) and words[end] == text[end + shift]:
        end += 1
    if begin == 0 and end == len(words):
        return True
    return end - begin >= SHARE * len(words) and size(fold(words[begin:end])[0]) >= RUN
