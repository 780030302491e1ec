"""Does this quotation occur earlier? A winnowed index of many folded texts, on disk or in memory, and its search.

Of every 6 neighbouring grams (5 characters of Han, kana and Hangul, 12 of others) the one with the smallest hash is
kept (Schleimer, Wilkerson and Aiken 2003), so that any run of 17 letters or 10 characters that a text shares with the
words is met. A query is hashed at every place. Hashes have 32 bits: what they propose is verified on the texts. Texts
are numbered in the caller's order; give them in order of time, and the smallest is the earliest.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from wiretrace.arrays import distinct
from wiretrace.trace.fold import as_text, folded
from wiretrace.trace.reuse import folding, store
from wiretrace.trace.reuse.bits import CODE, I64, PLACE, U32, U64

WINDOW = 6
PIECE = 1_000_000  # characters of one piece of the index
RANGES = 64  # of hashes, merged one by one
EDGES = np.array([(n << 64) // RANGES for n in range(1, RANGES)], np.uint64)
BLOCK = 256  # hashes read where one is looked for
SAMPLED = BLOCK << 12  # hashes read at a time while the sample of them is taken
MOST = 2000  # texts that one hash may propose, the earliest
VERIFIED = 30  # candidates looked at, those that share the rarest grams
EXACT = 64  # characters up to which rapidfuzz's partial ratio is the best of all
ENOUGH = 0.15  # of the best candidate's weight
ALIKE = 85.0  # per cent of the words, for a near match


class Kept:
    """Numbers in a file, of which a slice is read when it is asked for: none are held, nor the file's pages."""

    def __init__(self, path: Path, kind: type[np.unsignedinteger[Any]]) -> None:
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115 - closed with the object
        weakref.finalize(self, self._file.close)
        self._kind = np.dtype(kind)
        self._length = path.stat().st_size // self._kind.itemsize

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> npt.NDArray[Any]:
        begin, end, _ = part.indices(self._length)
        size = self._kind.itemsize
        return np.frombuffer(os.pread(self._file.fileno(), max(0, end - begin) * size, begin * size), self._kind)


@dataclass(frozen=True)
class Index:
    """Sorted hashes, the text that each stands in; folded texts end to end in UTF-8 with their ends; ``sample``: every
    ``BLOCK``-th hash.
    """

    hashes: U32 | Kept
    texts: U32 | Kept
    ends: npt.NDArray[np.uint64]
    words: npt.NDArray[np.uint8] | Kept
    sample: U32

    def text(self, number: int) -> str:
        """The folded text."""
        begin = int(self.ends[number - 1]) if number else 0
        return self.words[begin : int(self.ends[number])].tobytes().decode("utf-8", "replace")

    def _places(self, grams: U32) -> tuple[I64, I64]:
        """Where each of ``grams`` begins among the hashes, and how often it is there."""
        block = np.maximum(np.searchsorted(self.sample, grams, "left") - 1, 0)
        blocks = [self.hashes[BLOCK * b : BLOCK * (b + 1)] for b in block.tolist()]
        lengths = [len(own) for own in blocks]
        wanted, there = np.repeat(grams, lengths), np.concatenate(blocks)
        starts = np.cumsum([0, *lengths[:-1]])
        begin = BLOCK * block + np.add.reduceat(there < wanted, starts, dtype=np.int64)
        held = np.add.reduceat(there == wanted, starts, dtype=np.int64)
        # Of a frequent one the run ends in another block.
        last = np.searchsorted(self.sample, grams, "right") - 1
        for place in np.flatnonzero(last > block).tolist():
            own = self.hashes[BLOCK * int(last[place]) : BLOCK * (int(last[place]) + 1)]
            end = BLOCK * int(last[place]) + int(np.searchsorted(own, grams[place], "right"))
            held[place] = end - begin[place]
        return begin, held

    def search(self, quotation: str, least: float = ALIKE) -> list[tuple[int, float]]:
        """(number of the text, likeness in per cent) of the texts that hold the words, in order of their numbers."""
        plain = folded(quotation)
        # With a window of one, every gram is kept.
        grams = np.unique(_short(store.winnow(store.folded([quotation])[0], window=1)[0]).astype(np.uint32))
        if not len(grams) or not len(self.sample):
            return []
        begin, held = self._places(grams)
        begin, held = begin[held > 0], held[held > 0]
        if not len(held):
            return []
        met = np.concatenate(
            [self.texts[b : b + min(n, MOST)] for b, n in zip(begin.tolist(), held.tolist(), strict=True)]
        )
        weight = np.repeat(np.log(1 + len(self.ends) / held), np.minimum(held, MOST))
        numbers, back = np.unique(met, return_inverse=True)
        score = np.bincount(back, weight)
        best = np.lexsort((numbers, -np.round(score, 6)))[:VERIFIED]
        best = best[score[best] >= ENOUGH * score[best[0]]]
        found = []
        for number in sorted(numbers[best].tolist()):
            text = self.text(number)
            alike = 100.0 if plain in text else _alike(plain, text)
            if alike >= least:
                found.append((number, alike))
        return found


def _alike(words: str, text: str) -> float:
    """Likeness of ``words`` to the best part of ``text``, in stretches that the measure is exact for; a text that is
    much shorter doesn't hold them.
    """
    if 100 * len(text) < ALIKE * len(words):
        return 0.0
    count = -(-len(words) // EXACT)
    cuts = [len(words) * n // count for n in range(count + 1)]
    parts = [words[a:b] for a, b in pairwise(cuts)]
    return sum(len(part) * fuzz.partial_ratio(part, text) for part in parts) / max(1, len(words))


def _prints(codes: U32, starts: I64, first: int) -> U64:
    """Sorted hash (upper half) and number of the text (lower half) of the kept grams of folded texts."""
    prints, begins = folding.winnow_all(codes, starts, store.SHORT, store.LONG, WINDOW)
    numbers = np.repeat(np.arange(first, first + len(starts) - 1, dtype=np.uint64), np.diff(begins))
    return distinct((_short(prints >> np.uint64(PLACE)) << np.uint64(32)) | numbers)


def _short(hashes: U64) -> U64:
    """32 of the 40 bits of ``hashes``."""
    return hashes >> np.uint64(8)


def _pieces(texts: Iterable[str]) -> Iterator[tuple[U32, I64]]:
    """``texts`` folded, some at a time; see ``store.folded``."""
    held: list[str] = []
    taken = 0
    for text in texts:
        held.append(text)
        taken += len(text)
        if taken >= PIECE:
            yield store.folded(held)
            held, taken = [], 0
    if held:
        yield store.folded(held)


def _words(codes: U32, starts: I64) -> list[bytes]:
    """Each folded text in UTF-8."""
    plain = codes & CODE
    texts = (plain[begin:end] for begin, end in pairwise(starts.tolist()))
    return [as_text(text[text > 0]).encode("utf-8", "replace") for text in texts]


def build(texts: Iterable[str], folder: str | Path | None = None) -> Index:
    """Index ``texts`` piece by piece; with a ``folder`` the index is written there and read where it is looked at."""
    place = Path(folder) if folder else None
    pieces: list[U64 | Path] = []
    cuts: list[list[int]] = []
    ends: list[int] = [0]
    held: list[bytes] = []
    stream = open(place / "words.bin", "wb") if place else None  # noqa: SIM115 - closed below
    for number, (codes, starts) in enumerate(_pieces(texts)):
        made = _prints(codes, starts, len(ends) - 1)
        cuts.append([0, *np.searchsorted(made, EDGES).tolist(), len(made)])
        words = _words(codes, starts)
        if place and stream:
            path = place / f"piece-{number:05d}.bin"
            made.tofile(path)
            pieces.append(path)
            stream.write(b"".join(words))
        else:
            pieces.append(made)
            held += words
        for one in words:
            ends.append(ends[-1] + len(one))
    if stream:
        stream.close()
    ranges = _ranges(pieces, cuts)
    if place is None:
        both = np.concatenate([np.zeros(0, np.uint64), *ranges])
        hashes, all_words = _hashes(both), np.frombuffer(b"".join(held), np.uint8)
        return Index(hashes, both.astype(np.uint32), np.array(ends[1:], np.uint64), all_words, hashes[::BLOCK])
    with open(place / "hashes.bin", "wb") as file, open(place / "texts.bin", "wb") as numbers:
        for both in ranges:
            _hashes(both).tofile(file)
            both.astype(np.uint32).tofile(numbers)
    for piece in place.glob("piece-*.bin"):
        piece.unlink()
    np.array(ends[1:], np.uint64).tofile(place / "ends.bin")
    return opened(place)


def _ranges(pieces: Sequence[U64 | Path], cuts: Sequence[Sequence[int]]) -> Iterator[U64]:
    """The pieces, each cut at ``cuts``, as one in order, a range of hashes at a time: no more than that is read."""
    for begins in zip(*(pairwise(cut) for cut in cuts), strict=True):
        yield np.sort(np.concatenate([_part(piece, *cut) for piece, cut in zip(pieces, begins, strict=True)]))


def _part(piece: U64 | Path, begin: int, end: int) -> U64:
    if isinstance(piece, Path):
        return np.fromfile(piece, np.uint64, end - begin, offset=begin * 8)
    return piece[begin:end]


def _hashes(both: U64) -> U32:
    return (both >> np.uint64(32)).astype(np.uint32)


def opened(folder: str | Path) -> Index:
    """The index that was built in ``folder``."""
    place = Path(folder)
    hashes = Kept(place / "hashes.bin", np.uint32)
    parts = (hashes[begin : begin + SAMPLED][::BLOCK] for begin in range(0, len(hashes), SAMPLED))
    return Index(
        hashes,
        Kept(place / "texts.bin", np.uint32),
        np.fromfile(place / "ends.bin", np.uint64),
        Kept(place / "words.bin", np.uint8),
        np.concatenate([np.zeros(0, np.uint32), *parts]),
    )
