"""The person that words in Korean name, without title and affiliation."""

from __future__ import annotations

import re

from wiretrace.trace.personal import korean_name
from wiretrace.trace.words import Language, without_tails

# Endings of words that go on to the next, and of stems: no foreign name ends in them.
JOINED = (*"고며서자에하있없되들의은는를을로와과한인된던", "에서", "에게", "하는", "세운", "이끈")
# What links a Korean sentence to the one before it, and who is somebody of some office, nobody's name.
BEFORE = re.compile(
    r"(?:(?:이에|그에)(?:\s(?:대해|대하여|따라|관련해))?|이어서?|또한?|그러나|하지만|다만|한편|특히|앞서|이날|아울러|그러면서|당시)\s+"
)
SOMEBODY = re.compile(r"(?:(?P<office>[가-힣]{1,10}(?:\s측)?)\s)?(?:관계자|담당자|소식통)\Z")
# Syllables that a Japanese name can have in Hangul: no final consonant but ㄴ and ㅅ.
FOREIGN = re.compile("[" + "".join(chr(c) for c in range(0xAC00, 0xD7A4) if (c - 0xAC00) % 28 in (0, 4, 19)) + "]+")
HANGUL = re.compile(r"[가-힣·-]{1,8}")
BRACKETED = re.compile(
    r"(?P<before>(?:[가-힣·-]{1,8} ){1,3}[가-힣·-]{1,8})"
    r"\s?\((?P<latin>[A-Z][\w.'’-]* [A-Z][\w .'’-]{0,40})\)(?P<after>[^()]{0,30})\Z"
)


def korean(words: str, own: Language) -> tuple[int, int, bool]:
    """Where the name stands in ``words``, or what is none, and whether it is one."""
    opening = BEFORE.match(words)
    first = opening.end() if opening else 0
    found = _name(words[first:], own)
    return found[0] + first, found[1] + first, found[2]


def _name(words: str, own: Language) -> tuple[int, int, bool]:
    """The name before its title; what stands between them (a party, a country, "former") is passed over. A foreign
    name of two words, or one that its Latin form in brackets shows; a surname alone is no name.
    """
    somebody = SOMEBODY.search(words)
    if somebody and not korean_name(somebody["office"] or ""):
        office = somebody["office"] or ""
        start = somebody.start() if office.endswith(own.organisations) else somebody.end() - 3
        return start, somebody.end(), False
    end = without_tails(words, own, len(words))
    titled = end < len(words)
    if titled and words[end] not in " ,":
        # 국회의원: what is left of a title that was taken off; 박지훈교수 is a name with its title.
        word = re.split(r"[\s,]", words[:end])[-1]
        end -= 0 if korean_name(word) or not re.search(r"\s", words[:end].strip()) else len(word)
    shown = BRACKETED.search(words[:end])
    if shown and all(_passed_over(word, own) for word in shown["after"].split()):
        number = len(shown["latin"].split())
        names = [(m.start(), m.group()) for m in re.finditer(r"\S+", shown["before"])][-number:]
        if len(names) == number and not any(_passed_over(n, own) or n.endswith(JOINED) for _, n in names):
            return shown.start("before") + names[0][0], shown.end("before"), True
    parts = [(m.group(), m.start(), m.end()) for m in re.finditer(r"[^\s,]+", words[:end])]
    if parts and parts[-1][0] == "측":  # 회사 측: a side, nobody's name
        return parts[-2:][0][1], end, False
    if titled:
        while len(parts) > 1 and _passed_over(parts[-1][0], own):
            parts.pop()
    if titled and len(parts) > 1 and _name_and_firm(parts[-2][0], parts[-1][0]):
        parts.pop()
    kept: list[tuple[str, int, int]] = []
    for part in reversed(parts):
        text = part[0]
        if korean_name(text):
            kept = [part, *kept] if kept and _japanese_in_korean(text, kept[0][0]) else [part]
            break
        if not HANGUL.fullmatch(text) or text.endswith(JOINED) or _passed_over(text, own):
            break
        kept.insert(0, part)
        if len(kept) == 2:
            break
    if not kept or kept[0][0] in own.pronouns:
        return 0, end, False
    name = words[kept[0][1] : kept[-1][2]]
    return kept[0][1], kept[-1][2], korean_name(name) or (titled and len(name) > 1)


def _name_and_firm(one: str, other: str) -> bool:
    """Whether the first of two words before a title is the name, and the second what else may stand between: a firm."""
    return korean_name(one) and not korean_name(other) and not _japanese_in_korean(one, other)


def _japanese_in_korean(one: str, other: str) -> bool:
    """Whether two words in Hangul may be a Japanese name."""
    return bool(FOREIGN.fullmatch(one) and FOREIGN.fullmatch(other))


def _passed_over(word: str, own: Language) -> bool:
    """Whether a Korean word is a body, a country, a word for people, or "former": no part of a name."""
    return (
        word in own.between
        or word in own.nobody
        or (len(word) > 2 and not korean_name(word) and word.endswith(own.organisations))
    )
