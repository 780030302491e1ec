"""Texts as arrays: folded, what must not match taken out, winnowed. One store holds one shard of the texts."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from wiretrace.schema.files import whole
from wiretrace.trace.fold import HALF_MARKS, LIMIT, clusters, cover, fold_tables, unspaced_table
from wiretrace.trace.reuse import bits, folding
from wiretrace.trace.reuse.bits import CODE, DENSE, I32, I64, STEP, U32, U64

SHORT, LONG, WINDOW = 5, 12, 15
CHUNK = 4_000_000  # characters folded at a time
QUOTATIONS = {"「": "」", "『": "』", "“": "”", "«": "»", "〈": "〉", '"': '"'}
Spans = Sequence[tuple[int, int]]
FIELDS = ("names", "order", "codes", "starts", "prints", "print_starts", "low", "lengths", "sizes")


@dataclass(frozen=True)
class Store:
    """Texts of one shard, in the order given.

    ``names``: their ids, as bytes; ``order``: a digest of each, by which ties are broken; ``codes``, ``starts``: folded
    (see bits.py); ``prints``, ``print_starts``: winnowed; ``low``: hash of the smallest print; ``lengths``: codes that
    can match; ``sizes``: twice their size (see fold.size).
    """

    names: np.ndarray[tuple[int], np.dtype[np.bytes_]]
    order: U64
    codes: U32
    starts: I64
    prints: U64
    print_starts: I64
    low: U64
    lengths: I64
    sizes: I64

    def __len__(self) -> int:
        return len(self.names)

    def save(self, folder: Path) -> None:
        """Write one ``.npy`` file for each field."""
        for name in FIELDS:
            write(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> Store:
        """Read what :meth:`save` wrote."""
        return cls(*(field_of(folder, name) for name in FIELDS))


def write(path: Path, made: npt.NDArray[Any]) -> None:
    """Write ``made`` as one ``.npy`` file, whole or not at all."""
    with whole(path) as part, open(part, "wb") as file:
        np.save(file, made, allow_pickle=False)


def field_of(folder: Path, name: str) -> Any:
    """One field of a saved store."""
    return np.load(folder / f"{name}.npy", allow_pickle=False)


@cache
def closing_table() -> U32:
    """For each character that opens a quotation: the one that closes it."""
    table = np.zeros(LIMIT, np.uint32)
    for begin, end in QUOTATIONS.items():
        table[ord(begin)] = ord(end)
    return table


@cache
def plain_table() -> U32:
    """For each character that folds to one: its code, and whether it is of a script in short units; ``SPECIAL`` for
    what folds to several, opens or closes a quotation or ends a line; 0 for the rest.
    """
    single, length, _, _ = fold_tables()
    made = np.where(length == 1, single | (unspaced_table()[single].astype(np.uint32) << np.uint32(18)), 0)
    marks = [ord(mark) for pair in QUOTATIONS.items() for mark in pair]
    made[length > 1] = folding.SPECIAL
    made[[*marks, folding.NEWLINE]] = folding.SPECIAL
    return made.astype(np.uint32)


def folded(texts: Sequence[str]) -> tuple[U32, I64]:
    """``texts`` folded as bits.py tells, one after the other, and where each begins (and the last ends)."""
    written: list[str] = []
    origins: list[list[int] | None] = []
    plain = True
    for text in texts:
        if unicodedata.is_normalized("NFC", text) and not any(mark in text for mark in HALF_MARKS):
            written.append(text)
            origins.append(None)
        else:
            made, places = clusters(text)
            written.append(made)
            origins.append(places)
            plain = False
    starts = np.concatenate([[0], np.cumsum([len(text) for text in written], dtype=np.int64)])
    points = np.frombuffer("".join(written).encode("utf-32-le", "surrogatepass"), np.uint32)
    if plain:
        origin = np.zeros(0, np.int32)
    else:
        origin = np.concatenate(
            [
                np.arange(len(text), dtype=np.int32) if places is None else np.array(places, np.int32)
                for text, places in zip(written, origins, strict=True)
            ]
        )
    return folding.fold_points(points, origin, starts, plain_table(), *fold_tables(), closing_table())


def places(codes: U32) -> I32:
    """Index of the original character of each code of one text."""
    return np.cumsum(codes >> STEP, dtype=np.int32)


def winnow(codes: U32, n: tuple[int, int] = (SHORT, LONG), window: int = WINDOW) -> tuple[U64, I64]:
    """Prints of one folded text, in order: 40-bit hashes, and the index of the code where each gram begins.

    A gram is ``n[0]`` codes where its first is Han, kana or Hangul, else ``n[1]``. Any passage of a gram and
    ``window`` - 1 more places that two texts have in common leaves a common print (Schleimer, Wilkerson, Aiken 2003).
    """
    prints, _ = folding.winnow_all(codes, np.array([0, len(codes)]), n[0], n[1], window)
    return prints >> np.uint64(bits.PLACE), (prints & bits.PLACES).astype(np.int64)


def build(names: Sequence[str], texts: Sequence[str], masked: Sequence[Spans]) -> Store:
    """The store of ``texts``; ``masked`` are the spans of each that take no part."""
    chunks = [_chunk(texts[begin:end], masked[begin:end]) for begin, end in _chunks(texts)]
    codes = np.concatenate([np.zeros(0, np.uint32), *(chunk[0] for chunk in chunks)])
    starts = _joined([chunk[1] for chunk in chunks])
    prints = np.concatenate([np.zeros(0, np.uint64), *(chunk[2] for chunk in chunks)])
    print_starts = _joined([chunk[3] for chunk in chunks])
    lengths, sizes = folding.text_sizes(codes, starts)
    order = [int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") for name in names]
    return Store(
        np.array([name.encode() for name in names], dtype=np.bytes_),
        np.array(order, np.uint64),
        codes,
        starts,
        prints,
        print_starts,
        _smallest(prints, print_starts),
        lengths,
        sizes,
    )


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Ranges of texts of a few million characters."""
    begins, taken = [0], 0
    for index, text in enumerate(texts):
        if taken and taken + len(text) > CHUNK:
            begins.append(index)
            taken = 0
        taken += len(text)
    return pairwise([*begins, len(texts)])


def _chunk(texts: Sequence[str], masked: Sequence[Spans]) -> tuple[U32, I64, U64, I64]:
    codes, starts = folded(texts)
    for index, spans in enumerate(masked):
        if spans:
            own = codes[starts[index] : starts[index + 1]]
            own[cover(spans, places(own))] &= ~(CODE | DENSE)
    prints, print_starts = folding.winnow_all(codes, starts, SHORT, LONG, WINDOW)
    return codes, starts, prints, print_starts


def _smallest(prints: U64, starts: I64) -> U64:
    """Each text's smallest hash; near copies have it in common more often than not."""
    made = np.full(len(starts) - 1, bits.NONE, np.uint64)
    some = starts[1:] > starts[:-1]
    if some.any():
        made[some] = np.minimum.reduceat(prints, starts[:-1][some]) >> np.uint64(bits.PLACE)
    return made


def _joined(starts: Sequence[I64]) -> I64:
    """Starts of parts laid one after the other."""
    made, end = [np.zeros(1, np.int64)], 0
    for own in starts:
        made.append(own[1:] + end)
        end += int(own[-1])
    return np.concatenate(made)
