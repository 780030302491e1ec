"""Does this quotation occur earlier? A winnowed index of many folded texts, on disk or in memory, and its search.

Of every 6 neighbouring grams (5 characters of Han, kana and Hangul, 12 of others) the one with the smallest hash is
kept (Schleimer, Wilkerson and Aiken 2003), so that any run of 17 letters or 10 characters that a text shares with the
words is met. A query is hashed at every place. Hashes have 32 bits: what they propose is verified on the texts. Texts
are numbered in the caller's order; give them in order of time, and the smallest is the earliest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
PIECE = 4_000_000  # characters of one piece of the index
RANGES = 64  # of hashes, merged one by one
MOST = 2000  # texts that one hash may propose, the earliest
VERIFIED = 30  # candidates looked at, those that share the rarest grams
EXACT = 64  # characters up to which rapidfuzz's partial ratio is the best of all
ENOUGH = 0.15  # of the best candidate's weight
ALIKE = 85.0  # per cent of the words, for a near match


@dataclass(frozen=True)
class Index:
    """Sorted hashes, the text that each stands in; folded texts end to end in UTF-8 with their ends."""

    hashes: U32
    texts: U32
    ends: npt.NDArray[np.uint64]
    words: npt.NDArray[np.uint8]

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
    pieces: list[U64] = []
    ends: list[int] = [0]
    held: list[bytes] = []
    stream = open(place / "texts.bin", "wb") if place else None  # noqa: SIM115 - closed below
    for number, (codes, starts) in enumerate(_pieces(texts)):
        made = _prints(codes, starts, len(ends) - 1)
        words = _words(codes, starts)
        if place and stream:
            np.save(place / f"piece-{number:05d}.npy", made)
            made = np.load(place / f"piece-{number:05d}.npy", mmap_mode="r")
            stream.write(b"".join(words))
        else:
            held += words
        pieces.append(made)
        for one in words:
            ends.append(ends[-1] + len(one))
    if stream:
        stream.close()
    return _merged(pieces, np.array(ends[1:], np.uint64), held, place)


def _merged(pieces: list[U64], ends: npt.NDArray[np.uint64], held: list[bytes], place: Path | None) -> Index:
    """The pieces as one sorted index, a range of hashes at a time, so that no more than that is in memory."""
    total = sum(len(piece) for piece in pieces)
    hashes = _array(place, "hashes", total)
    texts = _array(place, "texts", total)
    edges = np.array([(n << 64) // RANGES for n in range(1, RANGES)], np.uint64)
    cuts = [[0, *np.searchsorted(piece, edges).tolist(), len(piece)] for piece in pieces]
    done = 0
    for part in range(RANGES):
        own = [piece[cut[part] : cut[part + 1]] for piece, cut in zip(pieces, cuts, strict=True)]
        both = np.sort(np.concatenate(own)) if own else np.zeros(0, np.uint64)
        hashes[done : done + len(both)] = (both >> np.uint64(32)).astype(np.uint32)
        texts[done : done + len(both)] = both.astype(np.uint32)
        done += len(both)
    if place is None:
        return Index(hashes, texts, ends, np.frombuffer(b"".join(held), np.uint8))
    for piece in place.glob("piece-*.npy"):
        piece.unlink()
    np.save(place / "ends.npy", ends)
    return opened(place)


def _array(place: Path | None, name: str, size: int) -> U32:
    if place is None:
        return np.zeros(size, np.uint32)
    made: U32 = np.lib.format.open_memmap(place / f"{name}.npy", "w+", np.uint32, (size,))
    return made


def opened(folder: str | Path) -> Index:
    """The index that was built in ``folder``."""
    place = Path(folder)
    arrays = [np.load(place / f"{name}.npy", mmap_mode="r") for name in ("hashes", "texts", "ends")]
    words = place / "texts.bin"
    empty = not words.stat().st_size  # which cannot be mapped
    held = np.zeros(0, np.uint8) if empty else np.memmap(words, np.uint8, "r")
    return Index(arrays[0], arrays[1], arrays[2], held)
