"""One form of a text for comparing, and the way back to the characters as written.

Folding: NFKC, casefold, Han characters brought to one form (Traditional, Shinjitai and regional variants to Simplified,
by OpenCC's character tables), everything that is not a letter, mark or digit dropped. It works character by character
(with its combining marks), so that equal passages fold equally wherever they stand. A folded text is an array of code
points beside an array of the original index of each; code 0 is a break that equals nothing, not even another break.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt
import opencc

U32 = npt.NDArray[np.uint32]
I32 = npt.NDArray[np.int32]

# Assigned characters that are letters or digits all lie below (Unicode 17, CJK extension J ends at 0x33479).
LIMIT = 0x33480
KEPT = ("L", "N", "M")
# Default ignorable marks: variation selectors and the combining grapheme joiner carry no text.
IGNORED = ({0x034F} | set(range(0x180B, 0x1810)) | set(range(0xFE00, 0xFE10))) - {0x180E}
HALF_MARKS = "\uff9e\uff9f"  # halfwidth voicing marks belong to the kana before them
HAN = ((0x2E80, 0x2FE0), (0x3005, 0x3008), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, LIMIT))
KANA = ((0x3040, 0x3100), (0x31F0, 0x3200), (0x1AFF0, 0x1B170))
HANGUL = ((0x1100, 0x1200), (0xA960, 0xA980), (0xAC00, 0xD800))


@cache
def han_forms() -> dict[str, str]:
    """Each Han character that has another form, to the one that stands for all of them."""
    characters = [chr(c) for low, high in HAN for c in range(low, min(high, LIMIT)) if chr(c).isalpha()]
    forms = characters
    for _ in range(2):  # a form may lead to a form: 沢 → 澤 → 泽
        for step in ("jp2t", "hk2t", "tw2t", "t2s"):
            forms = opencc.OpenCC(step).convert("\n".join(forms)).split("\n")
    return {a: b for a, b in zip(characters, forms, strict=True) if a != b and len(b) == 1}


def fold_character(cluster: str) -> str:
    """The folded form of one character with its combining marks; '' where nothing of it is compared."""
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).casefold())
    forms = han_forms()
    return "".join(forms.get(c, c) for c in normal if _kept(c))


def _kept(character: str) -> bool:
    """Letters, digits and vowel signs; a combining mark that composes with nothing is dropped like punctuation."""
    if unicodedata.category(character)[0] not in KEPT or unicodedata.combining(character):
        return False
    return ord(character) not in IGNORED and ord(character) < LIMIT


@cache
def fold_tables() -> tuple[U32, I32, I32, U32]:
    """For each code point: its one folded code (0: none), how many codes it folds to, where they start; all codes."""
    single = np.zeros(LIMIT, np.uint32)
    length = np.zeros(LIMIT, np.int32)
    start = np.zeros(LIMIT, np.int32)
    codes: list[int] = []
    for c in range(LIMIT):
        if 0xAC00 <= c < 0xD7A4 or 0xD800 <= c < 0xF900:  # Hangul syllables stay; surrogates and private use go
            folded = chr(c) if c < 0xD7A4 else ""
        else:
            character = chr(c)
            folded = fold_character(character) if unicodedata.category(character) != "Cn" else ""
        length[c] = len(folded)
        if len(folded) == 1:
            single[c] = ord(folded)
        start[c] = len(codes)
        codes.extend(map(ord, folded))
    return single, length, start, np.array(codes, np.uint32)


def clusters(text: str) -> tuple[str, list[int]]:
    """``text`` with combining sequences composed to one character where there is one, and each one's original index."""
    made: list[str] = []
    places: list[int] = []
    index = 0
    while index < len(text):
        end = cluster_end(text, index + 1)
        composed = unicodedata.normalize("NFKC" if end - index > 1 else "NFC", text[index:end])
        made.append(composed)
        places.extend([index] * len(composed))
        index = end
    return "".join(made), places


def cluster_end(text: str, index: int) -> int:
    """Where the character that ends at ``index`` really ends: after its combining marks and final jamo."""
    while index < len(text) and (
        unicodedata.combining(text[index]) or "\u1160" <= text[index] <= "\u11ff" or text[index] in HALF_MARKS
    ):
        index += 1
    return index


def fold(text: str) -> tuple[U32, I32]:
    """``text`` folded: code points, and for each the index of the original character it comes from."""
    places: list[int] = []
    if not unicodedata.is_normalized("NFC", text) or any(mark in text for mark in HALF_MARKS):
        text, places = clusters(text)
    single, length, start, codes = fold_tables()
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    points[points >= LIMIT] = 0
    counts = length[points]
    if counts.size and counts.max() > 1:
        index = np.repeat(np.arange(len(points), dtype=np.int32), counts)
        within = np.arange(len(index), dtype=np.int32) - np.repeat(np.cumsum(counts, dtype=np.int32) - counts, counts)
        folded = codes[start[points[index]] + within]
    else:
        index = np.flatnonzero(counts).astype(np.int32)
        folded = single[points[index]]
    return folded, np.array(places, np.int32)[index] if places else index


def as_text(codes: U32) -> str:
    """Folded codes as a string; a break is U+0000."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def folded(text: str) -> str:
    """``text`` folded, as a string."""
    return as_text(fold(text)[0])


@cache
def unspaced_table() -> npt.NDArray[np.bool_]:
    """For each code: whether it is of a script that is written in short units (Han, kana, Hangul)."""
    table = np.zeros(LIMIT, bool)
    for low, high in (*HAN, *KANA, *HANGUL):
        table[low:high] = True
    return table


@cache
def han_table() -> npt.NDArray[np.bool_]:
    """For each code: whether it is Han."""
    table = np.zeros(LIMIT, bool)
    for low, high in HAN:
        table[low:high] = True
    return table


def unspaced(codes: U32) -> npt.NDArray[np.bool_]:
    """Which of ``codes`` are Han, kana or Hangul."""
    return unspaced_table()[codes]


def size(codes: U32) -> float:
    """How much text ``codes`` are, in characters of Han, kana or Hangul; a letter of an alphabet counts half."""
    kept = codes[codes > 0]
    dense = int(unspaced(kept).sum())
    return dense + (len(kept) - dense) / 2


def cover(spans: Iterable[tuple[int, int]], places: I32) -> npt.NDArray[np.bool_]:
    """Which folded characters come from within ``spans`` of the original."""
    inside = np.zeros(len(places), bool)
    for begin, end in spans:
        inside[np.searchsorted(places, begin, "left") : np.searchsorted(places, end, "left")] = True
    return inside
