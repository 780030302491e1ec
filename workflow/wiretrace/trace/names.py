"""People named in Japanese, Chinese and Korean texts, and spellings that read like a listed name, written otherwise.

A spelling is listed when the user's list (``inputs.names``) or a control or outlet writes it. A slip is only said of a
spelling that neither writes: it must have the whole reading of a listed name and share a character with its family name
and one with its given name, so that two people who happen to sound alike are not taken for each other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from wiretrace import given, identity
from wiretrace.config import Investigation
from wiretrace.sentences import say
from wiretrace.trace.fold import folded
from wiretrace.trace.personal import chinese_name
from wiretrace.trace.readings import can_be_read, katakana, korean_key, latin_key, readings, roman, tokens
from wiretrace.trace.speakers import KANJI, speaker
from wiretrace.trace.words import languages

LIST = "the investigation's list of names"
SLIPS = ("same_reading", "order_swapped", "simplified_form")
KANJI_NAME = re.compile(rf"[{KANJI}]{{3,8}}")
HAN = re.compile(rf"[{KANJI}]")
# Where a Chinese name may begin: the beginning, behind a word that joins, behind a post.
JOINS_ZH, POSTS_ZH = re.compile("[和与與在是了为為对對被将將由从從向及或称稱]"), re.compile("[长長员員师師者家手授官]")
# A name with what stands before its title: at most 24 characters of Han and kana.
BEFORE_TITLE = 24
MOST_NAMES = 2000  # people looked for in one text


@dataclass(frozen=True)
class Person:
    """One listed spelling, its reading in katakana (family, given, where the list parts them) and who lists it."""

    name: str
    reading: str
    parts: tuple[str, ...]
    note: str
    listed_by: str

    @cached_property
    def latin(self) -> frozenset[str]:
        """Keys of the name in Latin letters, either order."""
        return frozenset({"".join(latin_key(p) for p in o) for o in (self.parts, self.parts[::-1])} - {""})

    @cached_property
    def korean(self) -> frozenset[str]:
        """Keys of the name in Hangul, either order."""
        return frozenset({"".join(korean_key(p) for p in o) for o in (self.parts, self.parts[::-1])} - {""})


@dataclass(frozen=True)
class Judged:
    """What a spelling is: status, the listed spelling, its reading, who lists it, why."""

    status: str
    person: str = ""
    reading: str = ""
    listed_by: str = ""


def listed(investigation: Investigation) -> list[Person]:
    """The people in ``inputs.names`` (CSV: name, reading, note).

    Raises:
        UserError: a file cannot be read or has no column name.
    """
    found = []
    for path in investigation.inputs.names:
        for _, row in given.rows(path, "name"):
            name = re.sub(r"[\s　]", "", row["name"]) if HAN.search(row["name"]) else row["name"].strip()
            sounds = tuple(katakana(p) for p in re.split(r"[\s　]+", row.get("reading", "").strip()) if p)
            if name:
                found.append(Person(name, "".join(sounds), sounds, row.get("note", ""), LIST))
    return list({p.name: p for p in reversed(found)}.values())[::-1]


def titled(text: str, language: str) -> list[tuple[int, int]]:
    """Spans of names with a title or an honorific in a Japanese or Chinese text."""
    own = languages()[language]
    tails = "|".join(map(re.escape, own.tails))
    # Japanese titles pile up behind a name; in Chinese the next person's may follow.
    lazy = "?" if language == "zh" else ""
    found = []
    for match in re.finditer(rf"[{KANJI}ァ-ヺー・＝·の ]{{2,{BEFORE_TITLE}}}{lazy}(?={tails})", text):
        tail = next((t for t in own.tails if text.startswith(t, match.end())), "")
        who = speaker(match.group() + tail, language)
        if who and (who.named or language == "zh"):
            begins = _begins(who.name) if language == "zh" else [0]
            first = next((b for b in begins if len(who.name) - b >= 2 and _personal(who.name[b:], language)), None)
            if first is not None:
                found.append((match.start() + who.start + first, match.start() + who.end))
    return found[:MOST_NAMES]


def _begins(words: str) -> list[int]:
    """Places where a Chinese name at the end of ``words`` may begin."""
    joined = max((m.end() for m in JOINS_ZH.finditer(words)), default=0)
    return [joined, *(m.end() for m in POSTS_ZH.finditer(words, joined))]


def _personal(name: str, language: str) -> bool:
    if language == "zh":
        return chinese_name(name)
    return "・" in name or any("人名" in kind for _, _, kind, _ in tokens(name))


class Directory:
    """The listed people, and what each spelling is beside them."""

    def __init__(self, people: Iterable[Person], controls: Mapping[str, str]) -> None:
        """``controls``: spelling to the publisher (control or outlet) that writes it in a Japanese text."""
        own = {p.name: p for p in people}
        for name in sorted(controls):
            if name not in own and KANJI_NAME.fullmatch(name) and not _given_only(name):
                own[name] = Person(name, "", (), "", say("spelled_by", site=controls[name]))
        self.people = own
        self._folded: dict[str, list[str]] = {}
        self._latin: dict[str, list[str]] = {}
        self._korean: dict[str, list[str]] = {}
        self._characters: dict[str, list[str]] = {}
        self._judged: dict[tuple[str, str], Judged] = {}
        for name in sorted(own):
            self._folded.setdefault(_form(name), []).append(name)
            for c in sorted(set(name)):
                self._characters.setdefault(c, []).append(name)
            for key in own[name].latin:
                self._latin.setdefault(key, []).append(name)
            for key in own[name].korean:
                self._korean.setdefault(key, []).append(name)

    def judge(self, written: str, language: str) -> Judged:
        """What ``written`` in a text of ``language`` is."""
        key = (written, language)
        if key not in self._judged:
            self._judged[key] = self._judge(
                re.sub(r"[\s　]", "", written) if HAN.search(written) else written, language
            )
        return self._judged[key]

    def _judge(self, name: str, language: str) -> Judged:
        if name in self.people:
            return self._as("listed", name)
        same = self._folded.get(_form(name), [])
        if same:
            simplified = language == "ja" and any(
                c not in same[0] and not _japanese(c) and ord(c) not in _variants() for c in name
            )
            return self._as("simplified_form" if simplified else "listed", same[0])
        if language == "ja" and KANJI_NAME.fullmatch(name):
            return self._slip(name)
        if language == "ko":
            return self._sounding(self._korean.get(korean_key(name.replace(" ", "")), []))
        if language == "en" and " " in name:
            words = [latin_key(w) for w in name.split()]
            return self._sounding(self._latin.get("".join(words), []))
        return Judged("unlisted")

    def _as(self, status: str, name: str, why: str = "") -> Judged:
        person = self.people[name]
        return Judged(status, name, person.reading, person.listed_by + (f"; {why}" if why else ""))

    def _sounding(self, names: list[str]) -> Judged:
        return self._as("listed", names[0]) if len(names) == 1 else Judged("unlisted")

    def _slip(self, name: str) -> Judged:
        """Whether ``name`` reads as a listed one that shares characters with it."""
        near: dict[str, int] = {}
        for c in sorted(set(name)):
            for other in self._characters.get(c, []):
                near[other] = near.get(other, 0) + 1
        found: list[tuple[int, str, str, str]] = []
        for other in sorted(near):
            if not (abs(len(other) - len(name)) <= 1 and KANJI_NAME.fullmatch(other)):
                continue
            if name in other or other in name:
                continue  # cut short, or with a word more: nothing in it is written otherwise
            status = _relation(name, self.people[other])
            if status == "order_swapped" and sorted(name) == sorted(other):
                found.append((-near[other], other, status, "the same characters, family and given name exchanged"))
            elif status and _close(name, self.people[other]):
                shared = "".join(c for c in other if c in name)
                how = "read_swapped" if status == "order_swapped" else "read_alike"
                found.append((-near[other], other, status, say(how, words=shared)))
        if not found:
            return Judged("unlisted")
        _, other, status, why = min(found)
        return self._as(status, other, why)


@cache
def _variants() -> dict[int, str]:
    """Forms of kanji that families write and the press does not, each to the press's: 渡邉 is in print as 渡辺."""
    with open(identity.REGISTRY / "japanese_name_variants.csv", encoding="utf-8", newline="") as stream:
        return {ord(form): row["kanji"] for row in csv.DictReader(stream) for form in row["variants"]}


def _form(name: str) -> str:
    """``name`` folded, with the press's form of each kanji."""
    return folded(name.translate(_variants()))


def _given_only(name: str) -> bool:
    """Whether the dictionary knows ``name`` as a given name: many bear it, each written in her own way."""
    found = tokens(name)
    return len(found) == 1 and "名" in found[0][2]


def _close(name: str, person: Person) -> bool:
    """Whether ``name`` shares a character with the family name and one with the given name: a common family name alone
    would make namesakes of many.
    """
    family = _family(person)
    return any(c in name for c in person.name[:family]) and any(c in name for c in person.name[family:])


def _family(person: Person) -> int:
    """Length of the family name."""
    for length in range(len(person.name) - 1, 0, -1):
        if person.parts and person.parts[0] in readings(person.name[:length]):
            return length
    first = tokens(person.name)[0]
    return len(first[0]) if "姓" in first[2] and len(first[0]) < len(person.name) else min(2, len(person.name) - 1)


def _japanese(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True


def _relation(name: str, person: Person) -> str:
    """same_reading, order_swapped or '': how ``name`` can be read beside the listed name."""
    halves = [(name[:i], name[i:]) for i in range(1, len(name))]
    own = [(person.name[:i], person.name[i:]) for i in range(1, len(person.name))]
    if any(left + right == person.name for right, left in halves):
        return "order_swapped"
    goals = {person.reading} if person.reading else set()
    parts = {p for half in own for p in half}
    for status in ("same_reading", "order_swapped"):
        for half in halves:
            left, right = half if status == "same_reading" else half[::-1]
            if goals:
                if _reads(left, right, person, own):
                    return status
            elif (left in parts or right in parts) and _homophone(left, right, own):
                return status
    return ""


def _reads(left: str, right: str, person: Person, own: list[tuple[str, str]]) -> bool:
    """Whether left + right can be read as the person's known reading; a part written alike is read alike."""
    return any(
        _sounds(left, person.reading[:cut], person, own, 0) and _sounds(right, person.reading[cut:], person, own, 1)
        for cut in range(1, len(person.reading))
    )


def _sounds(part: str, sound: str, person: Person, own: list[tuple[str, str]], side: int) -> bool:
    alike = len(person.parts) == 2 and person.parts[side] == sound and any(half[side] == part for half in own)
    return alike or can_be_read(part, sound)


def _homophone(left: str, right: str, own: list[tuple[str, str]]) -> bool:
    """Whether one half is written alike and the other can be read alike, where the list gives no reading."""
    for family, own_given in own:
        if left == family and right != own_given and len(own_given) >= 2 and readings(right) & readings(own_given):
            return True
        if right == own_given and left != family and len(family) >= 2 and readings(left) & readings(family):
            return True
    return False


def same_person(a: str, b: str) -> bool:
    """Whether two spellings may be one person: equal when folded, one within the other, or one surname (Latin)."""
    x, y = _form(a), _form(b)
    if not x or not y or x in y or y in x:
        return True
    words_a, words_b = a.casefold().split(), b.casefold().split()
    return bool(a.isascii() and b.isascii() and words_a and words_b and words_a[-1] == words_b[-1])


def spellings(text: str, people: Iterable[Person], directory: Directory) -> list[tuple[int, int]]:
    """Spans of a Japanese text where a listed name stands, or a slip of one that keeps half of it."""
    found: set[tuple[int, int]] = set()
    for person in people:
        if not KANJI_NAME.fullmatch(person.name):
            continue
        family = _family(person)
        for match in list(re.finditer(re.escape(person.name), text))[:MOST_NAMES]:
            found.add(match.span())
        for half, rest in ((person.name[:family], len(person.name) - family), (person.name[family:], family)):
            if len(half) < 2:
                continue
            for match in list(re.finditer(re.escape(half), text))[:MOST_NAMES]:
                found.update(_around(text, match.start(), match.end(), rest, directory))
    return sorted(found)


def _around(text: str, begin: int, end: int, rest: int, directory: Directory) -> list[tuple[int, int]]:
    """Spans at ``begin`` to ``end`` with up to ``rest`` + 1 characters more on one side that are a slip."""
    spans = [(begin - more, end) for more in range(max(1, rest - 1), rest + 2) if begin >= more]
    spans += [(begin, end + more) for more in range(max(1, rest - 1), rest + 2) if end + more <= len(text)]
    return [
        (a, b) for a, b in spans if KANJI_NAME.fullmatch(text[a:b]) and directory.judge(text[a:b], "ja").status in SLIPS
    ]


def spoken(name: str) -> str:
    """The dictionary's reading of a Japanese name in katakana, '' where it has none."""
    found = "".join(r for _, r, _, _ in tokens(name[:12]))
    return found if found and roman(found).isascii() else ""
