"""Whom an article names as the source of its text: credit lines, wire forms, links in the body."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from rapidfuzz import fuzz

from wiretrace import schema
from wiretrace.identity import canonical, registry
from wiretrace.schema.stored import Rows, rows
from wiretrace.trace.across.sounds import of_hangul, of_katakana, of_latin
from wiretrace.trace.registry import Known, distributors
from wiretrace.trace.stories import Match
from wiretrace.trace.texts import Text

# What may stand beside a name without making it another one.
COMPANY = re.compile(
    r"(?<![a-z0-9])(?:the|inc|ltd|llc|corp|corporation|co|gmbh|plc|limited|company)(?![a-z0-9])\.?|https?://|www\."
    r"|株式会社|有限会社|有限公司|주식회사|\(주\)"
)
SEPARATORS = re.compile(r"[/|,;:()\[\]、，；：・（）「」『』【】〈〉《》«»„“”\"\n]|\s[-–—]\s")
# A shorter name would name half the world.
LEAST_LATIN, LEAST_CJK = 5, 3
HEAD, TAIL = 400, 600  # characters at either end of a text in which wires print their forms
LEARNT, LEARNT_SHARE = (
    3,
    0.3,
)  # releases, and share of them, on which a distributor signs with a name before it is taken as one
USED = 2  # publishers that must credit one distributor alone by a name before it is taken as that one's
# A name in another script is taken for the distributor that it sounds like: per cent of common consonants, lead over
# the next one, consonants that it must have.
HEARD, HEARD_CLEAR, HEARD_LEAST = 80.0, 15.0, 5
LATIN, KATAKANA, HANGUL = re.compile("[a-z]+"), re.compile("[ァ-ヴー]+"), re.compile("[가-힣]+")
# Sentences that may say in prose who sent a release out, and names long enough to be looked for in them.
SENTENCES = re.compile(r"(?<=[.!?:])\s+|(?<=[。！？：])|\n")
LONGEST_SENTENCE = 300
LEAST_PROSE_LATIN, LEAST_PROSE_CJK = 9, 4
RELEASE_WORDS = re.compile(
    r"(?i:\b(?:press |news )?releases?\b|\bannouncements?\b|\bdistributed\b|\bsent out\b)"
    r"|リリース|発表文|配信|通稿|新闻稿|新聞稿|发布|發佈|發布|보도자료|발표문|배포"
)

NO_LINKS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Credit:
    """One publisher that an article names as its source, and the words; ``prose``: in a sentence, not in a line;
    ``linked``: by where the line's link leads, not by its name.
    """

    publisher: str
    excerpt: str
    prose: bool = False
    linked: bool = False


@dataclass(frozen=True)
class Link:
    """One link in an article's body."""

    address: str
    target: str
    anchor: str
    capture_id: str


def plain(text: str) -> str:
    """``text`` for comparing names: NFKC, casefold, one space between words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Names:
    """Finds publishers by the names and domains that credit lines use, whole names only.

    "Castle Newswire" is not "Newswire": what stands beside a known name must be a company form or nothing.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names``: (name, publisher); a name that two publishers share names neither."""
        owners: dict[str, set[str]] = {}
        for name, publisher in names:
            key = bare(name)
            least = LEAST_LATIN if key.isascii() else LEAST_CJK
            if len(key) >= least:
                owners.setdefault(key, set()).add(publisher)
        self._owner = {key: next(iter(own)) for key, own in owners.items() if len(own) == 1}

    def find(self, text: str) -> list[str]:
        """Publishers that ``text``, one name or several with marks between them, names; in order, each once."""
        found = [self._owner.get(bare(part)) for part in (text, *SEPARATORS.split(text))]
        return list(dict.fromkeys(publisher for publisher in found if publisher))

    def among(self, publishers: Collection[str]) -> list[tuple[str, str]]:
        """(name, publisher) of ``publishers``, longest name first; only names that are no single plain word."""
        pairs = [(key, own) for key, own in self._owner.items() if own in publishers and _telling(key)]
        return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))


def _telling(name: str) -> bool:
    return len(name) >= (LEAST_PROSE_LATIN if name.isascii() else LEAST_PROSE_CJK)


def bare(name: str) -> str:
    """``name`` for comparing, without company forms and the marks around it."""
    words = COMPANY.sub(" ", plain(name))
    return " ".join(words.strip(" .,:;/|-–—()[]{}<>「」『』【】（）〈〉《》\"'“”").split())


def publisher_names(
    publishers: pd.DataFrame, known: Known, texts: Sequence[Text], near: Mapping[int, Sequence[Match]]
) -> Names:
    """Every name by which a credit line may mean a publisher: mastheads, domains, the registry's names, a
    distributor's own signatures, and names that outlets use for one distributor alone.
    """
    present = set(publishers["publisher"])
    names: list[tuple[str, str]] = []
    for row in schema.records(publishers):
        names.append((row["publisher"], row["publisher"]))
        if row["name"]:
            names.append((row["name"], row["publisher"]))
    for entry in distributors():
        # Several domains of one distributor: the one that was captured stands for it.
        here = [domain for domain in entry.domains if domain in present]
        owner = here[0] if here else entry.publisher
        names.extend((name, owner) for name in (entry.name, *entry.names))
        names.extend((domain, domain if domain in present else owner) for domain in entry.domains)
    names.extend(_learnt(known, texts))
    for found in (_used(known, texts, near), _heard(known, publishers, texts)):
        taught = {bare(name) for name, _ in names}
        names.extend(pair for pair in found if bare(pair[0]) not in taught)
    return Names(sorted(set(names)))


def _heard(known: Known, publishers: pd.DataFrame, texts: Sequence[Text]) -> list[tuple[str, str]]:
    """Names in katakana or Hangul that outlets credit and that sound like one distributor of the investigation."""
    said = {publisher: _skeleton(known.names.get(publisher, "")) for publisher in sorted(set(publishers["publisher"]))}
    sounds = {publisher: sound for publisher, sound in said.items() if len(sound) >= HEARD_LEAST}
    sounds = {publisher: sound for publisher, sound in sounds.items() if known.distributes(publisher)}
    found = []
    for name in sorted({plain(p["names"]) for text in texts for p in text.parts if p["kind"] == "credit"}):
        own = "" if name.isascii() else _skeleton(name)
        ranked = sorted(((fuzz.ratio(own, sound), publisher) for publisher, sound in sounds.items()), reverse=True)
        if len(own) < HEARD_LEAST or not ranked or ranked[0][0] < HEARD:
            continue
        if len(ranked) == 1 or ranked[0][0] - ranked[1][0] >= HEARD_CLEAR:
            found.append((name, ranked[0][1]))
    return found


def _skeleton(name: str) -> str:
    """Consonants of a whole name in one script, '' for a name in Han characters or in several scripts."""
    letters = "".join(c for c in plain(name) if c.isalpha() or c == "ー")
    for script, sound in ((LATIN, of_latin), (KATAKANA, of_katakana), (HANGUL, of_hangul)):
        if script.fullmatch(letters):
            return sound(letters)
    return ""


def _used(known: Known, texts: Sequence[Text], near: Mapping[int, Sequence[Match]]) -> list[tuple[str, str]]:
    """Names that outlets credit and that can only mean one distributor, e.g. its name in another script.

    Every text with that credit which runs at a known distributor runs at this one, and in two or more texts, of two or
    more publishers, at no other.
    """
    where: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for index, text in enumerate(texts):
        if known.distributes(text.publisher):
            continue
        sellers = {texts[m.other(index)].publisher for m in near.get(index, ())}
        wires = frozenset(publisher for publisher in sellers if known.distributes(publisher))
        if wires:
            for name in {plain(p["names"]) for p in text.parts if p["kind"] == "credit" and p["names"]}:
                where.setdefault(name, []).append((text.publisher, wires))
    found = []
    for name, places in sorted(where.items()):
        common = frozenset.intersection(*(wires for _, wires in places))
        alone = {publisher for publisher, wires in places if len(wires) == 1}
        if len(common) == 1 and len(alone) >= USED:
            found.append((name, next(iter(common))))
    return found


def _learnt(known: Known, texts: Sequence[Text]) -> list[tuple[str, str]]:
    """Names with which a distributor signs its own releases, e.g. in another language than its masthead."""
    signed: dict[tuple[str, str], dict[str, int]] = {}
    total: dict[tuple[str, str], int] = {}
    for text in texts:
        own = {plain(p["names"]) for p in text.parts if p["kind"] == "credit" and p["names"]}
        if own and known.distributes(text.publisher):
            key = (text.publisher, text.language)
            total[key] = total.get(key, 0) + 1
            for name in own:
                counts = signed.setdefault(key, {})
                counts[name] = counts.get(name, 0) + 1
    return [
        (name, key[0])
        for key, counts in sorted(signed.items())
        for name, count in sorted(counts.items())
        if count >= LEARNT and count >= LEARNT_SHARE * total[key]
    ]


def in_prose(text: str, names: Sequence[tuple[str, str]]) -> list[Credit]:
    """Distributors of ``names`` (as :meth:`Names.among` gives them) that a sentence on a release names in full."""
    found: dict[str, Credit] = {}
    if not names or not RELEASE_WORDS.search(text):
        return []
    for sentence in SENTENCES.split(text):
        if len(sentence) > LONGEST_SENTENCE or not RELEASE_WORDS.search(sentence):
            continue
        said = plain(sentence)
        for name, publisher in names:
            if name in said and publisher not in found and _stands_alone(name, said, sentence):
                found[publisher] = Credit(publisher, sentence.strip(), prose=True)
    return list(found.values())


def _stands_alone(name: str, said: str, sentence: str) -> bool:
    """Whether ``name`` is not the tail or the head of a longer name in ``said``, the plain form of ``sentence``."""
    at = said.index(name)
    before, after = said[:at], said[at + len(name) :]
    if before[-1:].isalnum() or (name.isascii() and after[:1].isalnum()) or (KATAKANA.match(after) and name[-1] > "ァ"):
        return False
    if not name.isascii():
        return True
    # "Castle Newswire" is not "Newswire": a capital beside it would make it another name.
    words = before.split()
    word = words[-1] if words else ""
    following = after.split()[:1] if after[:1] == " " else []
    return not any(
        re.search(rf"\b{re.escape(w.title())}\b", sentence) for w in (word, *following) if w.isalpha() and w != "the"
    )


def credit_links(links: Rows, texts: Sequence[Text]) -> dict[str, dict[str, str]]:
    """For each article with one credit line, where the link leads whose words are that line or the name in it: words
    as :func:`bare` gives them → publisher. Where pictures come from is left out: such a line is a picture's.
    """
    ruled_out = {"", *registry("release_parts.yaml")["picture_banks"]}
    wanted = {text.article_id: _credited(text) for text in texts}
    made: dict[str, dict[str, str]] = {}
    for row in rows(links, "article_id", "target", "anchor"):
        words = bare(row["anchor"]) if wanted.get(row["article_id"]) and row["target"] not in ruled_out else ""
        if words in wanted.get(row["article_id"], ()):
            made.setdefault(row["article_id"], {}).setdefault(words, row["target"])
    return made


def _credited(text: Text) -> frozenset[str]:
    """Words and name of the only credit of ``text``, where it is a line of its own: several are each of a part of the
    page, and "the service provided by Harbour Pumps" is no credit.
    """
    parts = [part for part in text.parts if part["kind"] == "credit"]
    if len({bare(part["names"]) for part in parts}) != 1:
        return frozenset()
    words = parts[0]["excerpt"]
    alone = words not in text.text or bare(words) in map(bare, text.text.split("\n"))
    return frozenset({bare(words), bare(parts[0]["names"])} - {""}) if alone else frozenset()


def credits_of(
    text: Text, names: Names, told: Sequence[tuple[str, str]] = (), leading: Mapping[str, str] = NO_LINKS
) -> list[Credit]:
    """Publishers other than its own that ``text`` names as its source, each once with the words that do.

    ``leading``: where links lead, by their words. A credit line is read by its name; where that is nobody's that is
    known, by its link.
    """
    found: dict[str, Credit] = {}
    for part in text.parts:
        if part["kind"] == "credit":
            named = names.find(part["names"])
            for publisher in named:
                found.setdefault(publisher, Credit(publisher, part["excerpt"]))
            target = leading.get(bare(part["excerpt"])) or leading.get(bare(part["names"])) or ""
            if target and not named:
                publisher = next(iter(names.find(target)), target)
                found.setdefault(publisher, Credit(publisher, part["excerpt"], linked=True))
    ends = text.text[:HEAD] + "\n" + text.text[max(HEAD, len(text.text) - TAIL) :]
    for entry in distributors():
        for form in entry.credit_forms:
            at = ends.find(form)
            if at >= 0 and not ends[at + len(form) : at + len(form) + 1].isalnum():
                for publisher in names.find(entry.name) or [entry.publisher]:
                    found.setdefault(publisher, Credit(publisher, form))
    for credit in in_prose(text.text, told):
        found.setdefault(credit.publisher, credit)
    return [credit for publisher, credit in found.items() if publisher != text.publisher]


def body_links(links: Rows, texts: Sequence[Text], near: Container[int]) -> dict[str, list[Link]]:
    """Links in the body of each article that shares text with others, to an article or a publisher among ``texts``."""
    tied = {text.article_id for index, text in enumerate(texts) if index in near}
    addresses, publishers = {text.address for text in texts}, {text.publisher for text in texts}
    made: dict[str, list[Link]] = {}
    for row in rows(links, "article_id", "place", "address", "target", "anchor", "capture_id"):
        if row["place"] == "body" and row["article_id"] in tied:
            address = canonical(row["address"]) or row["address"]
            if address in addresses or row["target"] in publishers:
                link = Link(address, row["target"], row["anchor"], row["capture_id"])
                made.setdefault(row["article_id"], []).append(link)
    return made
