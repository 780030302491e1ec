"""Does this quotation occur earlier? A winnowed index of many folded texts, on disk or in memory, and its search.

Of every 7 neighbouring grams (5 characters of Han, kana and Hangul, 12 of others) the one with the smallest hash is
kept (Schleimer, Wilkerson and Aiken 2003), so that any run of 18 letters or 11 characters that a text shares with the
words is met. A query is hashed with both lengths at every place. Hashes have 32 bits: what they propose is verified on
the texts. Texts are numbered in the caller's order; give them in order of time, and the smallest is the earliest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz

from wiretrace.trace.fold import fold, folded, unspaced

U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]

SHORT, LONG = 5, 12
NONE = np.uint32(0xFFFFFFFF)
BASE = 0x9E3779B97F4A7C15
PIECE = 16_000_000  # characters of one piece of the index
AT_ONCE = 250_000  # characters hashed at a time, so that what is in work stays in the processor's cache
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
        grams = np.unique(np.concatenate([_grams(fold(quotation)[0], length) for length in (SHORT, LONG)]))
        grams = grams[grams != NONE]
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


def _grams(codes: U32, length: int) -> U32:
    """Hash of the gram of ``length`` at each place; all ones where it would reach over a break (0) or the end."""
    if len(codes) < length:
        return np.full(len(codes), NONE, np.uint32)
    sums: dict[int, U64] = {1: codes.astype(np.uint64)}
    for step in (2, 4, 8):
        half = sums[step // 2]
        sums[step] = half[: -(step // 2)] * np.uint64(pow(BASE, step // 2, 1 << 64)) + half[step // 2 :]
        if step * 2 > length:
            break
    whole, rest = (8, 4) if length == LONG else (4, 1)
    count = len(codes) - length + 1
    mixed = sums[whole][:count] * np.uint64(pow(BASE, rest, 1 << 64)) + sums[rest][whole : whole + count]
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9 + 2 * length)
    made = np.full(len(codes), NONE, np.uint32)
    made[:count] = ((mixed ^ (mixed >> np.uint64(32))) >> np.uint64(24)).astype(np.uint32) & np.uint32(0xFFFFFFFE)
    breaks = np.concatenate([[0], np.cumsum(codes == 0)])
    made[:count][breaks[length:] != breaks[:count]] = NONE
    return made


def _kept(hashes: U32) -> npt.NDArray[np.bool_]:
    """Which grams winnowing with a window of 7 keeps."""
    edge = np.full(6, NONE, np.uint32)
    lowest = _sliding(np.concatenate([edge, hashes, edge]), np.minimum)
    reach = _sliding(np.where(lowest == NONE, np.uint32(0), lowest), np.maximum)
    kept: npt.NDArray[np.bool_] = (hashes != NONE) & (hashes <= reach)
    return kept


def _sliding(values: U32, best: np.ufunc) -> U32:
    two = best(values[:-1], values[1:])
    four = best(two[:-2], two[2:])
    seven: U32 = best(four[:-3], four[3:])
    return seven


def _piece(texts: Sequence[U32], first: int) -> U64:
    """Sorted hash (upper half) and number of the text (lower half) of the kept grams of some texts."""
    gap = np.zeros(LONG + 6, np.uint32)
    found: list[U64] = []
    begin = 0
    while begin < len(texts):
        end, taken = begin, 0
        while end < len(texts) and (end == begin or taken + len(texts[end]) <= AT_ONCE):
            taken += len(texts[end])
            end += 1
        own = texts[begin:end]
        codes = np.concatenate([part for text in own for part in (text, gap)])
        numbers = np.arange(first + begin, first + end, dtype=np.uint64)
        owner = np.repeat(numbers, [len(text) + len(gap) for text in own])
        dense = unspaced(codes)
        hashes = _grams(codes, SHORT if dense.any() else LONG)
        if dense.any() and not dense.all():
            hashes = np.where(dense, hashes, _grams(codes, LONG))
        kept = np.flatnonzero(_kept(hashes))
        found.append((hashes[kept].astype(np.uint64) << np.uint64(32)) | owner[kept])
        begin = end
    both = np.sort(np.concatenate(found))
    fresh = np.ones(len(both), bool)
    fresh[1:] = both[1:] != both[:-1]
    return both[fresh]


def _pieces(texts: Iterable[str]) -> Iterator[tuple[list[U32], list[bytes]]]:
    codes: list[U32] = []
    words: list[bytes] = []
    taken = 0
    for text in texts:
        own = fold(text)[0]
        codes.append(own)
        words.append(own.astype("<u4").tobytes().decode("utf-32-le", "replace").encode())
        taken += len(own)
        if taken >= PIECE:
            yield codes, words
            codes, words, taken = [], [], 0
    if codes:
        yield codes, words


def build(texts: Iterable[str], folder: str | Path | None = None) -> Index:
    """Index ``texts`` piece by piece; with a ``folder`` the index is written there and read as memory maps."""
    place = Path(folder) if folder else None
    pieces: list[U64] = []
    ends: list[int] = [0]
    held: list[bytes] = []
    stream = open(place / "texts.bin", "wb") if place else None  # noqa: SIM115 - closed below
    for number, (codes, words) in enumerate(_pieces(texts)):
        made = _piece(codes, len(ends) - 1)
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
    if place is None or not size:
        return np.zeros(size, np.uint32)
    made: U32 = np.lib.format.open_memmap(place / f"{name}.npy", "w+", np.uint32, (size,))
    return made


def opened(folder: str | Path) -> Index:
    """The index that was built in ``folder``."""
    place = Path(folder)
    arrays = [np.load(place / f"{name}.npy", mmap_mode="r") for name in ("hashes", "texts", "ends")]
    return Index(arrays[0], arrays[1], arrays[2], np.memmap(place / "texts.bin", np.uint8, "r"))
