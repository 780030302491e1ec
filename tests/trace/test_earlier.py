"""The search for earlier occurrences: what is shared is found, in any number of pieces, on disk as in memory."""

import random
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.trace import earlier, occurrences
from wiretrace.trace.earlier import build
from wiretrace.trace.fold import folded, size
from wiretrace.trace.pieces import codes_of

JA = "湖西の町では春になると水門が開き田に水が入る子どもたちは堤の上を走り祖父母は畦に腰をおろしてその音を聞いていた"
EN = "the harbour office counted every boat that came in after dark and wrote the number on the wall beside the door"


def made(seed: int, count: int = 300) -> list[str]:
    """Texts of random words of two alphabets."""
    dice = random.Random(seed)  # noqa: S311
    words = ["".join(dice.choice("abcdefghijklmnop") for _ in range(dice.randint(3, 9))) for _ in range(600)]
    han = "".join(dict.fromkeys(JA))
    return [" ".join(dice.choices(words, k=80)) if n % 2 else "".join(dice.choices(han, k=200)) for n in range(count)]


def test_words_are_found_where_they_stand_earliest_first() -> None:
    texts = made(1)
    texts[40] += f" {EN}. "
    texts[7] = f"“{EN.upper()}!” " + texts[7]
    texts[90] = texts[90][:100] + JA + texts[90][100:]
    index = build(texts)
    assert index.search(EN[10:70]) == [(7, 100.0), (40, 100.0)]
    assert index.search(JA[5:30]) == [(90, 100.0)]
    assert index.search("no such words were ever said by anybody in this town") == []
    assert index.search("") == []


def test_an_edited_quotation_is_found_with_how_alike_it_is() -> None:
    texts = made(2)
    texts[11] += " " + EN.replace("every boat", "each ship")
    ((number, alike),) = build(texts).search(EN)
    assert number == 11 and 85 <= alike < 100


def test_pieces_and_disk_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = made(3)
    whole = build(texts)
    monkeypatch.setattr(earlier, "PIECE", 3000)
    there = build(texts, tmp_path)
    assert (whole.hashes[:] == there.hashes[:]).all() and (whole.texts[:] == there.texts[:]).all()
    assert not list(tmp_path.glob("piece-*")) and there.text(5) == folded(texts[5])
    assert earlier.opened(tmp_path).search(texts[17][:90]) == whole.search(texts[17][:90])


def test_hashes_that_fill_several_blocks_of_the_file_are_all_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = made(5, 40)
    texts += [f"{texts[number % 3]} {EN}" for number in range(25)]
    whole = build(texts, tmp_path)
    asked = (EN, EN[5:40], texts[0][:90], texts[1][:50], texts[30][20:60], "nothing of the kind was said")
    expected, grams = [whole.search(words) for words in asked], whole.hashes[:][::7]
    for block in (2, 3, 16, 100_000):
        monkeypatch.setattr(earlier, "BLOCK", block)
        there = earlier.opened(tmp_path)
        assert [there.search(words) for words in asked] == expected
        begin, held = there._places(grams)
        assert (begin == np.searchsorted(whole.hashes[:], grams, "left")).all()
        assert (begin + held == np.searchsorted(whole.hashes[:], grams, "right")).all()


def test_no_texts() -> None:
    assert build([]).search(EN) == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 299), st.integers(0, 150), st.integers(0, 60))
def test_any_run_of_eighteen_letters_or_eleven_characters_is_met(number: int, begin: int, more: int) -> None:
    plain = folded(TEXTS[number])
    words = plain[begin : begin + (18 if number % 2 else 11) + more]
    if len(words) >= (18 if number % 2 else 11):
        assert number in [found for found, _ in INDEX.search(words)]


TEXTS = made(4)
INDEX = build(TEXTS)


def test_quotations_are_found_in_edited_form_too() -> None:
    words = occurrences.key(EN)
    texts = {"a": folded(EN), "b": folded("and " + EN.replace("after dark", "at night") + " again"), "c": folded(JA)}
    assert occurrences.find([words, ""], texts) == {words: frozenset({"a", "b"})}


def runs(words: str, text: str, length: int) -> list[tuple[int, int]]:
    """Runs of characters that both have in common, as places in ``words``, that hold one of its pieces."""
    found = []
    for shift in range(1 - len(words), len(text)):
        same = [0 <= i + shift < len(text) and words[i] == text[i + shift] for i in range(len(words))]
        ends = [i for i in range(len(words) + 1) if i == 0 or i == len(words) or same[i] != same[i - 1]]
        for a, b in pairwise(ends):
            if same[a] and any(p % length == 0 and p + length <= b for p in range(a, b)):
                found.append((a, b))
    return found


LETTERS = st.text("ab", min_size=12, max_size=60)
HAN = st.text("山川a", min_size=12, max_size=40).filter(lambda words: not words.isascii())


@settings(max_examples=200, deadline=None)
@given(st.lists(LETTERS | HAN, min_size=1, max_size=4), st.lists(LETTERS | HAN | st.text("ab山川"), max_size=3))
def test_words_are_in_a_text_where_the_whole_or_a_long_run_of_them_is(words: list[str], texts: list[str]) -> None:
    whole = {str(number): text + part for number, (text, part) in enumerate(zip(texts, [*words, *texts], strict=False))}
    wanted = {
        own: {
            name
            for name, text in whole.items()
            for a, b in runs(own, text, 12 if own.isascii() else 6)
            if (a, b) == (0, len(own)) or (2 * (b - a) >= len(own) and size(codes_of(own[a:b])) >= occurrences.RUN)
        }
        for own in words
    }
    assert occurrences.standing(words, whole) == wanted
