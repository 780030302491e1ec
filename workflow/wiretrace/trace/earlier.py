"""Does this quotation occur earlier? A winnowed index of many folded texts, on disk or in memory, and its search.

Of every 6 neighbouring grams (5 characters of Han, kana and Hangul, 12 of others) the one with the smallest hash is
kept (Schleimer, Wilkerson and Aiken 2003), so that any run of 17 letters or 10 characters that a text shares with the
words is met. A query is hashed at every place. Hashes have 32 bits: what they propose is verified on the texts. Texts
are numbered in the caller's order; give them in order of time, and the smallest is the earliest.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

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
MOST = 2000  # texts that one hash may propose, the earliest
VERIFIED = 30  # candidates looked at, those that share the rarest grams
EXACT = 64  # characters up to which rapidfuzz's partial ratio is the best of all
ENOUGH = 0.15  # of the best candidate's weight
ALIKE = 85.0  # per cent of the words, for a near match


@dataclass(frozen=True)
class Index:
    """Sorted hashes, the text that each stands in; folded texts end to end in UTF-8 with their ends; the files that
    these are read from, if any.
    """

    hashes: U32
    texts: U32
    ends: npt.NDArray[np.uint64]
    words: npt.NDArray[np.uint8]
    files: tuple[mmap.mmap, ...] = ()

    def let_go(self) -> None:
        """Keep no page of the files in memory: what is asked for next is read anew."""
        for file in self.files:
            file.madvise(mmap.MADV_DONTNEED)

    def text(self, number: int) -> str:
        """The folded text."""
        begin = int(self.ends[number - 1]) if number else 0
        return self.words[begin : int(self.ends[number])].tobytes().decode("utf-8", "replace")

    def search(self, quotation: str, least: float = ALIKE) -> list[tuple[int, float]]:
        """(number of the text, likeness in per cent) of the texts that hold the words, in order of their numbers."""
        plain = folded(quotation)
        # With a window of one, every gram is kept.
        grams = np.unique(_short(store.winnow(store.folded([quotation])[0], window=1)[0]).astype(np.uint32))
        begin = np.searchsorted(self.hashes, grams, "left")
        held = np.searchsorted(self.hashes, grams, "right") - begin
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
    """Index ``texts`` piece by piece; with a ``folder`` the index is written there and read as memory maps."""
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
        held_words = np.frombuffer(b"".join(held), np.uint8)
        return Index(_hashes(both), both.astype(np.uint32), np.array(ends[1:], np.uint64), held_words)
    with open(place / "hashes.bin", "wb") as hashes, open(place / "texts.bin", "wb") as numbers:
        for both in ranges:
            _hashes(both).tofile(hashes)
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
    files = hashes, texts, ends, words = [
        _mapped(place / f"{name}.bin") for name in ("hashes", "texts", "ends", "words")
    ]
    return Index(
        np.frombuffer(hashes or b"", np.uint32),
        np.frombuffer(texts or b"", np.uint32),
        np.frombuffer(ends or b"", np.uint64),
        np.frombuffer(words or b"", np.uint8),
        tuple(file for file in files if file),
    )


def _mapped(path: Path) -> mmap.mmap | None:
    """The file, read where it is looked at; None for an empty one, which cannot be."""
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else None
