"""Texts as arrays: folded, what must not match taken out, winnowed. One store holds one shard of the texts."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from wiretrace.schema.files import whole
from wiretrace.trace.fold import HALF_MARKS, LIMIT, clusters, cover, fold_tables, unspaced_table
from wiretrace.trace.reuse import bits, folding
from wiretrace.trace.reuse.bits import CODE, DENSE, I32, I64, STEP, U32, U64

SHORT, LONG, WINDOW = 5, 12, 15
CHUNK = 1_000_000  # characters folded at a time
QUOTATIONS = {"「": "」", "『": "』", "“": "”", "«": "»", "〈": "〉", '"': '"'}
NO_CODES, NO_PRINTS = np.zeros(0, np.uint32), np.zeros(0, np.uint64)
Spans = Sequence[tuple[int, int]]
# Fields that hold a run of numbers for each text, and those that tell where each begins.
SLICED = {"codes": "starts", "prints": "print_starts"}
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
        save([self], folder)

    @classmethod
    def load(cls, folder: Path, numbers: I64) -> Store:
        """Of what :meth:`save` wrote the texts ``numbers``, in that order; no other's codes and prints are held."""
        fields = {name: np.load(folder / f"{name}.npy", "r", allow_pickle=False).view(np.ndarray) for name in FIELDS}
        for name, starts in SLICED.items():
            begins, ends = fields[starts][numbers], fields[starts][numbers + 1]
            fields[starts] = np.concatenate([[0], np.cumsum(ends - begins)])
            own = np.empty(int(fields[starts][-1]), fields[name].dtype)
            for at, begin, end in zip(fields[starts].tolist(), begins.tolist(), ends.tolist(), strict=False):
                own[at : at + end - begin] = fields[name][begin:end]
            fields[name] = own
        kept = {*SLICED, *SLICED.values()}
        return cls(*(fields[name] if name in kept else fields[name][numbers] for name in FIELDS))


def write(path: Path, made: npt.NDArray[Any]) -> None:
    """Write ``made`` as one ``.npy`` file, whole or not at all."""
    with whole(path) as part, open(part, "wb") as file:
        np.save(file, made, allow_pickle=False)


def save(parts: Iterable[Store], folder: Path) -> None:
    """Write ``parts`` as one store in ``folder``: of their codes and prints one part's are held."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        held = {name: stack.enter_context(tempfile.TemporaryFile(dir=folder)) for name in SLICED}
        small = []
        for part in parts:
            for name, file in held.items():
                getattr(part, name).tofile(file)
            small.append(replace(part, codes=NO_CODES, prints=NO_PRINTS))
        whole_store = joined(small)
        for name in FIELDS:
            if name in held:
                _write_long(folder / f"{name}.npy", getattr(whole_store, name).dtype, held[name])
            else:
                write(folder / f"{name}.npy", getattr(whole_store, name))


def _write_long(path: Path, kind: np.dtype[Any], numbers: IO[bytes]) -> None:
    """Write the numbers in a file as :func:`write` would."""
    length = numbers.tell() // kind.itemsize
    with whole(path) as part, open(part, "wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(kind), "fortran_order": False, "shape": (length,)}
        np.lib.format.write_array_header_1_0(file, header)
        numbers.seek(0)
        shutil.copyfileobj(numbers, file, 1 << 20)


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
    return joined(list(parts(zip(names, texts, masked, strict=True))))


def parts(texts: Iterable[tuple[str, str, Spans]]) -> Iterator[Store]:
    """Stores of some ``texts`` after the other, each a name, the words and the spans of them that take no part."""
    held: list[tuple[str, str, Spans]] = []
    taken = 0
    for text in texts:
        if taken and taken + len(text[1]) > CHUNK:
            yield _part(held)
            held, taken = [], 0
        held.append(text)
        taken += len(text[1])
    yield _part(held)


def _part(texts: Sequence[tuple[str, str, Spans]]) -> Store:
    names = [name for name, _, _ in texts]
    codes, starts, prints, print_starts = _chunk([words for _, words, _ in texts], [spans for _, _, spans in texts])
    return Store(
        np.array([name.encode() for name in names], dtype=np.bytes_),
        np.array([int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") for name in names], np.uint64),
        codes,
        starts,
        prints,
        print_starts,
        _smallest(prints, print_starts),
        *folding.text_sizes(codes, starts),
    )


def joined(stores: Sequence[Store]) -> Store:
    """Stores laid one after the other."""

    def laid(name: str) -> Any:
        own = [getattr(store, name) for store in stores]
        return _joined(own) if name in SLICED.values() else np.concatenate(own)

    return Store(*map(laid, FIELDS))


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
