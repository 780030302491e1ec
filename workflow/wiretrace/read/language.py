"""The language of a text as BCP 47 and how sure that is: by script for East Asia, by py3langid for the rest."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_FILE, RAW_FLOOR, LanguageIdentifier

from wiretrace.read.kernels import features

KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
EAST = re.compile(r"[\u1100-\u11ff\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
LETTER = re.compile(r"[^\W\d_]")
SAMPLE = 5_000  # characters looked at
SUREST = 50  # margin of log-likelihood above which a language is as sure as any
OPENING = 500  # characters that are compared first; where they leave no doubt no more are
WESTERN = 2_000  # characters that are compared with models of languages; more cost as much as parsing the page


def language_of(text: str) -> tuple[str, float]:
    """(language, score 0 to 1): ja, ko, zh-Hans, zh-Hant or a two-letter code; ('', 0) where there are no letters."""
    sample = text[:SAMPLE]
    if not LETTER.search(sample):
        return "", 0.0
    if sample.isascii() or not EAST.search(sample):
        return _western(sample)
    kana, hangul, han = (len(p.findall(sample)) for p in (KANA, HANGUL, HAN))
    east = kana + hangul + han
    letters = len(LETTER.findall(sample))
    # A character of East Asia says about as much as two letters of an alphabet.
    other = max(0, letters - kana - hangul - han) / 2
    if east <= other:
        return _western(sample)
    share = east / (east + other)
    if hangul > kana and hangul * 4 > east:
        return "ko", round(share * min(1.0, 0.5 + hangul / east), 3)
    if kana * 20 > east:
        return "ja", round(share * min(1.0, 0.6 + 4 * kana / east), 3)
    return _han(sample, share)


def _western(sample: str) -> tuple[str, float]:
    for size in (OPENING, WESTERN):
        language, margin = _likeliest(sample[:size])
        # A page that opens with code or figures (zxx, no language) may go on in words.
        if margin >= SUREST and language != "zxx":
            break
    # The scores are log-likelihoods; a margin of ten is as sure as their coarse model gets.
    return language, round(1 - 0.5 * math.exp(-min(margin, SUREST) / 10), 3)


class _Model(NamedTuple):
    """py3langid's: its automaton, the weights of features by class, of classes, and the language of each class."""

    moves: NDArray[np.uint32]
    rows: NDArray[np.int64]
    ends: NDArray[np.int32]
    weights: NDArray[np.float16]
    classes: NDArray[np.float32]
    languages: NDArray[np.str_]


@cache
def _model() -> _Model:
    made = LanguageIdentifier.from_model_file(MODEL_FILE)
    rows, ends = np.array(made.tk_row, np.int64) << 8, np.array(made.tk_output, np.int32)
    moves = np.frombuffer(made.tk_nextmove, np.uint32)
    return _Model(moves, rows, ends, made.nb_ptc, made.nb_pc, np.array(made.nb_classes))


def _likeliest(text: str) -> tuple[str, float]:
    """The likeliest language of ``text`` and by how much log-likelihood: ``py3langid.rank``, its walk compiled."""
    model = _model()
    plain = unicodedata.normalize("NFC", text.lower() if text.isupper() else text)
    found, counts = features.counted(
        np.frombuffer(plain.encode("utf-8", "surrogatepass"), np.uint8), model.moves, model.rows, model.ends
    )
    scores = np.full(len(model.languages), RAW_FLOOR, np.float32)
    if len(found):
        scores = np.log1p(counts) @ model.weights[found] + model.classes
    best = scores.argmax()
    # Two classes may be one language in two scripts.
    others = scores[model.languages != model.languages[best]]
    return str(model.languages[best]), float(scores[best]) - float(others.max())


def _han(sample: str, share: float) -> tuple[str, float]:
    """Chinese in one of its scripts, or Japanese without kana, by which national character sets hold the characters."""
    simplified = traditional = japanese = foreign = 0
    for character in HAN.findall(sample):
        in_gb, in_big5, in_jis = (_in(character, charset) for charset in ("gb2312", "big5", "cp932"))
        simplified += in_gb and not in_big5
        traditional += in_big5 and not in_gb
        japanese += in_jis and not in_gb and not in_big5
        foreign += not in_jis
    # Japanese reform kept some old forms and made others that China made too, so its text has signs of both scripts.
    if not foreign and (japanese or (simplified and traditional)):
        return "ja", round(share * 0.6, 3)
    if not simplified and not traditional:
        return "zh-Hans", round(share * 0.4, 3)
    language, most = ("zh-Hans", simplified) if simplified >= traditional else ("zh-Hant", traditional)
    return language, round(share * most / (simplified + traditional + 1), 3)


@cache
def _in(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
