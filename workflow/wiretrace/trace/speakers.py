"""From the words that name a speaker to the bare name: titles, affiliation and honorifics taken off."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from wiretrace.trace.fold import folded
from wiretrace.trace.korean import korean
from wiretrace.trace.personal import chinese_name, grammar, spelled_name
from wiretrace.trace.readings import tokens
from wiretrace.trace.words import CAPITAL, Language, languages, without_tails

KANJI = r"一-鿿㐀-䶿々〆ヶ𠀀-𮯰"
KANA_NAME = re.compile(r"[ァ-ヺー]+(?:[・＝=][ァ-ヺー]+)*\Z")
KANJI_TAIL = re.compile(rf"[{KANJI}]+\Z")
# An age, a reading, a home.
BRACKETS_JA = re.compile(r"(?:\s?(?:[（(][^（）()]{1,20}[）)]|＝[^＝]{1,20}＝))+\Z")
PLAIN_NAME = re.compile(rf"[{KANJI}]{{2,4}}|[가-힣]{{2,4}}")
SPACED = re.compile(rf"[{KANJI}]{{1,4}}[ 　][{KANJI}ァ-ヺーぁ-ゖ]{{1,5}}\Z")
HAN_DOTTED = re.compile(rf"[{KANJI}]{{1,12}}(?:[·・‧•][{KANJI}]{{1,8}})+\Z")
ENGLISH_WORD = re.compile(rf"{CAPITAL}[\w’'.-]*|de|la|van|von|al|bin|da", re.UNICODE)
# What ends before a name: somebody's (Japan's Ana Reis), or a title that stands before nothing else.
ENDS_BEFORE = re.compile(r".*[’']s|(?:Mr|Ms|Mrs|Dr|Prof|Sen|Gov|Rep)\.?")
# What joins clauses: words that end in it are no name, and words that begin with it no subject.
JOINING = re.compile(
    r"\s(?:and|or|but|that|which|to|of|the|in)\Z"
    r"|\A(?:according|though|although|once|while|if|when|because|meanwhile|however|there|unless|and|as|to|but|that|than|perhaps|maybe|indeed|what|why|how|where|in|on|at|by|for|with|from|during|after|before)\b",
    re.IGNORECASE,
)
# What stands between a Chinese clause's beginning and the name, and between the name and the verb: links, ages, times,
# whom it is said to, how.
BEFORE_ZH = re.compile(
    r"(?:同时|同時|但是?|而|不过|不過|此外|另外|对此|對此|随后|隨後|[据據]|(?:\d+|[一二三四五六七八九十几幾]+)年[后後前]?)+"
)
# An age or a name in Latin letters.
BRACKETS_ZH = re.compile(r"\s?[（(][^（）()]{1,40}[）)]\Z")
PLACE_KO = ("에", "에게")  # words before a topic's mark that are where something stands, no subject
AFTER_ZH = re.compile(
    r"(?<=.)(?:[在于於]?(?:本|上|这|這)?(?:[周週]|星期|禮拜|礼拜)[一二三四五六日末天]|[上本这這下][周週]|早些时候|早些時候|今天|昨天|昨日|今日|日前|近日|"
    r"\d{1,2}月\d{1,2}日|\d{1,2}日|反复|反覆|多次|一再|曾经|曾經|[对對向于於](?=.)|则|則|才|就|也|还|還|又|竟然|继续|繼續|补充|補充|"
    r"介绍|介紹|回答|举例|舉例|提到|鼓励|鼓勵|苦?笑(?:着|著)?|气愤|氣憤|发表讲话|發表講話|接受采访|接受採訪).*\Z"
)
LATIN = re.compile(rf"(?<![A-Za-z]){CAPITAL}[A-Za-zÀ-ÿ’'.-]+(?: {CAPITAL}[A-Za-zÀ-ÿ’'.-]*){{0,3}}\Z")
TOPIC_JA = re.compile(r"(?:は|が|も)(?=[、，]|[^。])|(?:は|が|も)\Z")
TOPIC_KO = re.compile(r"(?<=[가-힣A-Za-z)])(?:은|는)(?=[\s,]|\Z)")
SUBJECT_KO = re.compile(r"(?<=[가-힣A-Za-z)])(?:이|가|도)(?=[\s,]|\Z)")
MOST_TOPICS = 12


@dataclass(frozen=True)
class Speaker:
    """Who is said to speak: the name (or words that are none, ``named`` false), its place in the words, affiliation."""

    name: str
    start: int
    end: int
    affiliation: str
    named: bool
    titled: bool


def speaker(words: str, language: str) -> Speaker | None:
    """The speaker that ``words`` name, None where nobody is named."""
    own = languages()[language]
    stripped = words.strip(" 、，,:：　\n")
    offset = words.find(stripped) if stripped else 0
    if not stripped:
        return None
    found = {"en": _english, "ja": _japanese, "zh": _chinese, "ko": korean}[language](stripped, own)
    if found is None:
        return None
    start, end, named = found
    name = stripped[start:end]
    if not name:
        return None
    affiliation = (stripped[:start] + " " + stripped[end:]).strip(" 、，,の的의")
    titled = stripped[end:].lstrip().startswith(own.tails)
    return Speaker(name, offset + start, offset + end, affiliation, named, titled)


def _english(words: str, own: Language) -> tuple[int, int, bool] | None:
    """A run of capitalised words without titles before it; nobody where the words go on, or begin a clause."""
    if JOINING.search(words):
        return None
    cut = re.split(r"\s(?:of|for|from|at|and|in|with)\s|,|\s\(", words, maxsplit=1)[0]
    parts = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", cut)]
    while parts and parts[0][0].rstrip(".").casefold() in (*own.heads, "the", "a", "an"):
        parts.pop(0)
    run = [p for p in parts if ENGLISH_WORD.fullmatch(p[0])]
    if run and run[-1] == parts[-1] and any(p[0][0].isupper() for p in run):
        kept = []
        for part in reversed(parts):
            if not ENGLISH_WORD.fullmatch(part[0]):
                break
            kept.append(part)
        kept.reverse()
        while len(kept) > 1 and kept[0][0].rstrip(".").casefold() in (*own.heads, "the", "la", "de"):
            kept.pop(0)
        owned = next((i for i in range(len(kept) - 1, 0, -1) if ENDS_BEFORE.fullmatch(kept[i - 1][0])), 0)
        kept = kept[owned:]
        name = cut[kept[0][1] : kept[-1][2]]
        if name.casefold() not in own.pronouns:
            whole = re.sub(r"[’']s\Z", "", re.sub(r"(?<=[a-z]{2})\.\Z", "", name))
            return kept[0][1], kept[0][1] + len(whole), True
    return 0, len(cut), False


def apposed(text: str, end: int) -> re.Match[str] | None:
    """The name that stands beside the English words for a post, which end at ``end``: its director, Ana Reis. The post
    may go on there for a few words; without a comma its last word must be one for a post.
    """
    return _apposition().match(text, end)


@cache
def _apposition() -> re.Pattern[str]:
    heads = "|".join(map(re.escape, languages()["en"].heads))
    rest = r"(?:\s(?!(?:who|that|which|when|where|as|and|but|because|if)\b)[a-z][\w’'-]*){0,5}?"
    title = r"(?:(?:Dr|Mr|Mrs|Ms|Prof|Sen|Gov|Rep)\.?\s)?"
    name = rf"{title}(?P<name>{CAPITAL}[\w’'-]+(?:\s(?:{CAPITAL}\.|{CAPITAL}[\w’'-]*|de|la|van|von|al|bin|da)){{1,4}})"
    behind = r"(?=[,.;:]|\s*\Z|\s(?:on|in|at|of|from|last|this|who|during|after|before|via|by)\b)"
    return re.compile(rf"{rest}(?:,|\s(?:{heads}))\s{name}(?<![’']s){behind}")


@lru_cache(maxsize=100_000)
def person_tail(words: str) -> str:
    """The Japanese name with which ``words`` end, as the dictionary sees it; '' where it sees none."""
    kept: list[str] = []
    for surface, _, kind, _ in reversed(tokens(words[-16:])):
        if "人名" not in kind and not (kept and kind[1] == "固有名詞"):
            break
        kept.append(surface)
        if len(kept) == 3:
            break
    return "".join(reversed(kept))


def _japanese(words: str, own: Language) -> tuple[int, int, bool] | None:
    bare = BRACKETS_JA.sub("", words)
    end = without_tails(bare, own, len(bare))
    titled = end < len(bare)
    body = BRACKETS_JA.sub("", bare[:end])
    end = len(body)
    spaced = SPACED.search(body)
    if spaced:
        return spaced.start(), end, True
    katakana = KANA_NAME.search(body)
    if katakana:
        return katakana.start(), end, titled or "・" in katakana.group() or "＝" in katakana.group()
    kanji = KANJI_TAIL.search(body)
    if not kanji:
        name = person_tail(body)
        return (end - len(name), end, True) if name else (max(0, end - 20), end, False)
    start = kanji.start()
    for head in own.heads:
        place = body.rfind(head, start)
        if place >= 0 and place + len(head) < end:
            start = place + len(head)
    length = end - start
    name = person_tail(body)
    if name and KANJI_TAIL.fullmatch(name) and len(name) >= 2 and length > len(name) and length > 5:
        start = end - len(name)
    named = titled or bool(name)
    run = body[start:end]
    if run in own.pronouns or run in own.heads or (not name and run.endswith(own.organisations)):
        return start, end, False
    return start, end, named and end - start <= 8


def _chinese(words: str, own: Language) -> tuple[int, int, bool] | None:
    opening, closing = BEFORE_ZH.match(words), AFTER_ZH.search(words)
    first, last = opening.end() if opening else 0, closing.start() if closing else len(words)
    brackets = BRACKETS_ZH.search(words, first, last)
    last = brackets.start() if brackets else last
    if first >= last:
        return None
    found = _chinese_name(words[first:last].rstrip(), own)
    return (found[0] + first, found[1] + first, found[2]) if found else None


def _chinese_name(words: str, own: Language) -> tuple[int, int, bool] | None:
    end = without_tails(words, own, len(words))
    titled = end < len(words)
    body = words[:end]
    dotted = HAN_DOTTED.search(body)
    start = dotted.start() if dotted else 0
    for mark in "的、，, ：。":
        start = max(start, body.rfind(mark, 0, end) + 1)
    for head in own.heads:
        place = body.rfind(head, 0, end)
        if place >= 0 and start < place + len(head) < end:
            start = place + len(head)
    latin = LATIN.search(body)
    if latin:
        return latin.start(), end, True
    name = body[start:end]
    if dotted:
        begin = _foreign_begins(re.split(r"[·・‧•]", name)[0])
        start, name = start + begin, name[begin:]
    if not dotted and len(name) > 5:
        creator = re.search(r"(?:公司|集团|集團|大学|大學|研究所|协会|協會|中心)(?=[^公司]{2,4}\Z)", name)
        if creator:
            start += creator.end()
            name = body[start:end]
    if not name or name.startswith(tuple(own.pronouns)) or name in own.nobody or name.endswith(own.organisations):
        return start, end, False
    if dotted or (len(name) > 1 and spelled_name(name)):
        return start, end, len(name) <= 24
    return start, end, chinese_name(name) or (titled and 2 <= len(name) <= 4 and not grammar() & set(folded(name)))


def _foreign_begins(part: str) -> int:
    """Where in ``part`` the first part of a foreign name begins, behind a post (主老板杰克): at its last characters
    that spell foreign names. A name has some that seldom do, so that one of two characters is not cut.
    """
    begin = next((i for i in range(len(part)) if spelled_name(part[i:])), 0)
    if begin == len(part) - 1 and begin and part[begin - 1] not in "官长長员員师師者家手板人授":
        begin -= 1
    return 0 if 2 * sum(map(spelled_name, part[:begin])) >= begin else begin


def topic(clause: str, language: str, last: bool) -> tuple[int, int] | None:
    """Where the words of the topic that speaks stand in ``clause``: the last (or first) that names a person with a
    title, else one that names a person, else the first. Korean 은/는 comes before 이/가, which ends many names.
    """
    spans: list[tuple[int, int]] = []
    for rule in (TOPIC_KO, SUBJECT_KO) if language == "ko" else (TOPIC_JA,):
        own = [(0, m.start()) for m in rule.finditer(clause)]
        if language == "ko":
            own = [span for span in own if not clause[: span[1]].endswith(PLACE_KO)]
        spans += reversed(own[-MOST_TOPICS:]) if last else own[:MOST_TOPICS]
    found = [(speaker(clause[begin:end], language), (begin, end)) for begin, end in spans]
    likely = [
        (2 * who.named + who.titled if who.named else -(not PLAIN_NAME.fullmatch(who.name)), s)
        for who, s in found
        if who
    ]
    best = max((rank for rank, _ in likely), default=-1)
    if best >= 0:
        return next(span for rank, span in likely if rank == best)
    return min(spans) if spans else None
