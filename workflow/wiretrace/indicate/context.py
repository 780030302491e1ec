"""What the words around a finding make of it: used, quoted, spoken about, shown as code, or excused.

A finding whose words are only mentioned does not count; its row is kept with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import regex

from wiretrace.identity import registry
from wiretrace.indicate import glyphs
from wiretrace.indicate.rules import Hit, fold

PAIRS = {"“": "”", "„": "“", "«": "»", "「": "」", "『": "』", "‹": "›", "《": "》"}
# Quotation marks are sought within one paragraph and this many characters of the finding.
WINDOW = 600
# Words that name a finding as an example, or a chatbot as who said it, stand this close.
NEAR = 120
TOPIC_SHORT = 400
CODE_ELEMENT = regex.compile(r"<(/?)(?:pre|code|textarea|xmp|samp|kbd)\b", regex.IGNORECASE)
COMMENT_ELEMENT = regex.compile(
    r"<(?:ol|ul|div|section)\s[^<>]{0,200}?\b(?:id|class)=[\"'](?:comments|comment-list|commentlist|comments-area)\b",
    regex.IGNORECASE,
)
COMMENT_HEADING = regex.compile(
    r"^(?:\d{1,5} )?(?:comments?|leave a (?:reply|comment)|コメント(?:一覧)?|读者评论|网友评论|评论|評論|留言|댓글"
    r"|комментарии|comentarios|commentaires|kommentare|letters? to the editor|読者の声|投書)"
    r"(?: ?[(（]\d{1,5}[)）])?:?$",
    regex.IGNORECASE | regex.MULTILINE,
)


@dataclass(frozen=True)
class Lexicon:
    """The words of the registries that decide contexts, compiled."""

    topic: regex.Pattern[str]
    mention: regex.Pattern[str]
    speaker: regex.Pattern[str]
    foreign_names: regex.Pattern[str]
    titled: regex.Pattern[str]
    person: regex.Pattern[str]
    gloss: regex.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The lexicon of ``config/registry``."""
    ai, origin = (registry(name)["context"] for name in ("ai_indicators.yaml", "origin_indicators.yaml"))

    def one_of(*patterns: str) -> regex.Pattern[str]:
        return regex.compile("|".join(patterns), regex.IGNORECASE)

    surname = f"(?:{'|'.join(origin['surnames'])})"
    return Lexicon(
        one_of(*ai["topic"]),
        one_of(*ai["mention"]),
        one_of(*ai["speaker"]),
        one_of(*(regex.escape(name) for name in origin["names"])),
        regex.compile(rf"{surname}\p{{Han}}{{1,2}}(?:{'|'.join(origin['titles'])})"),
        regex.compile(rf"(?<!\p{{Han}}){surname}\p{{Han}}{{1,2}}(?!\p{{Han}})"),
        one_of(*origin["gloss"]),
    )


def about_ai(text: str, hits: list[Hit]) -> bool:
    """Whether ``text`` speaks about chatbots, the sentences with findings left out.

    In a short text one word of the topic is enough; in a longer one it takes three, and one per 1,000 characters, or
    eight in all.
    """
    rest = fold(text)
    for hit in hits:
        start, end = _sentence(rest, hit.start, hit.end)
        rest = rest[:start] + " " * (end - start) + rest[end:]
    found = sum(1 for _ in lexicon().topic.finditer(rest))
    if len(text) < TOPIC_SHORT:
        return found >= 1
    return found >= 3 and (found * 1000 >= len(text) or found >= 8)


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence, at most 200 characters to either side, that holds ``text[start:end]``."""
    before, after = text[max(0, start - 200) : start], text[end : end + 200]
    left = max(before.rfind(mark) for mark in ("\n", ". ", "。", "! ", "? ", "！", "？"))
    right = [i for i in (after.find(mark) for mark in ("\n", ". ", "。", "! ", "? ", "！", "？")) if i >= 0]
    return start - (len(before) - left - 1 if left >= 0 else len(before)), end + (min(right) if right else len(after))


def in_text(text: str, hit: Hit) -> tuple[str, str]:
    """(context, reason) of a finding in running text, by what stands around it."""
    line_start = max(text.rfind("\n", 0, hit.start) + 1, hit.start - WINDOW)
    line_end = text.find("\n", hit.end)
    line_end = min(len(text) if line_end < 0 else line_end, hit.end + WINDOW)
    line = text[line_start:line_end]
    start, end = hit.start - line_start, hit.end - line_start
    if _in_backticks(line, start, end) or _fenced(text, hit.start):
        return "in_code", "it stands between code marks"
    quoted = _quotation(line, start, end)
    whole = quoted is not None and quoted[1] - quoted[0] >= 0.9 * len(text.strip())
    if quoted and not whole and (not hit.rule.token or quoted[1] - quoted[0] <= (end - start) + 24):
        return "in_quotation", "it stands within quotation marks"
    return _spoken_of(text, hit)


def _spoken_of(text: str, hit: Hit) -> tuple[str, str]:
    folded = fold(text[max(0, hit.start - NEAR) : hit.end + NEAR])
    at = hit.start - max(0, hit.start - NEAR)
    before, after = folded[:at], folded[at + hit.end - hit.start :]
    before = before[before.rfind("\n") + 1 :]
    words = lexicon()
    if words.mention.search(before):
        return "about_ai", "the words before name it as an example"
    # No end of a sentence may stand between the chatbot and what it is reported to have said.
    if words.speaker.search(regex.split(r"(?<=[.!?])\s|[。！？]", before)[-1] + " ¦ " + after[:60].split("\n")[0]):
        return "about_ai", "it is reported as the words of a chatbot"
    heading = COMMENT_HEADING.search(text, 1, hit.start)
    if heading is not None:
        return "excused", "it stands in a comment section or a letter"
    return "plain", ""


def _holds(begun: int, ended: int, start: int, end: int) -> bool:
    """Whether a quotation holds the finding, or its beginning and most of it: a match may run past the mark."""
    return begun <= start and (end <= ended or (ended - start) * 2 >= end - start)


def _quotation(line: str, start: int, end: int) -> tuple[int, int] | None:
    """The innermost quotation of ``line`` that holds ``line[start:end]`` or most of it: the span within its marks."""
    opened: list[tuple[str, int]] = []
    straight: int | None = None
    for i, character in enumerate(line):
        if opened and character == opened[-1][0]:
            _, begun = opened.pop()
            if _holds(begun, i, start, end):
                return begun, i
        elif character in PAIRS and not start < i < end:
            opened.append((PAIRS[character], i + 1))
        elif character == '"':
            if straight is None:
                straight = i + 1
            elif _holds(straight, i, start, end):
                return straight, i
            else:
                straight = None
    return _single(line, start, end)


def _single(line: str, start: int, end: int) -> tuple[int, int] | None:
    """A quotation in single marks: the opening one follows a blank or bracket, the closing one precedes no letter."""
    for match in regex.finditer(r"(?:^|(?<=[\s(\[:—]))['‘](?=\S)", line[: start + 1]):
        closing = regex.search(r"(?<=\S)['’](?!\w)", line, pos=max(end, match.end()))
        if closing and not regex.search(r"(?<=[\w.,!?])['’](?=[\s,.;:)]|$)", line[match.end() : start]):
            return match.end(), closing.start()
    return None


def _in_backticks(line: str, start: int, end: int) -> bool:
    return line.count("`", 0, start) % 2 == 1 and "`" in line[end:]


def _fenced(text: str, start: int) -> bool:
    return len(regex.findall(r"^(?:```|~~~)", text[:start], regex.MULTILINE)) % 2 == 1


def in_markup(markup: str, hit: Hit) -> tuple[str, str]:
    """(context, reason) of a finding in HTML: within an element that shows code, or in a comment section."""
    marks = CODE_ELEMENT.findall(markup, 0, hit.start)
    if marks and not marks[-1]:
        return "in_code", "it stands in an element that shows code"
    if COMMENT_ELEMENT.search(markup, 0, hit.start):
        return "excused", "it stands in the page's comment section"
    return "plain", ""


def of_glyphs(text: str, hit: Hit) -> tuple[str, str]:
    """(context, reason) of Chinese characters in Japanese: a name of China's, a language's label, a quoted passage."""
    excerpt = text[hit.start : hit.end]
    window = text[max(0, hit.start - 20) : hit.end + 20]
    strange = glyphs.of("simplified", excerpt) | glyphs.of("traditional", excerpt) | glyphs.of("chinese", excerpt)
    words = lexicon()
    if not strange & set(words.foreign_names.sub("", excerpt)):
        return "excused", "a Chinese place or the label of a language"
    if words.gloss.search(window):
        return "excused", "the words beside it speak of Chinese or of its script"
    at = hit.start - max(0, hit.start - 20)
    places = {at + i for i, character in enumerate(excerpt) if character in strange}
    # A bare name is excused in running text only: two characters of a masthead can look like one.
    patterns = (words.titled, words.person) if hit.place == "text" else (words.titled,)
    for name in (name for pattern in patterns for name in pattern.finditer(window)):
        if places <= set(range(*name.span())):
            return "excused", "in the form of a Chinese person's name"
    line_start = text.rfind("\n", 0, hit.start) + 1
    line_end = text.find("\n", hit.end)
    line = text[max(line_start, hit.start - WINDOW) : min(line_end if line_end >= 0 else len(text), hit.end + WINDOW)]
    at = hit.start - max(line_start, hit.start - WINDOW)
    if _quotation(line, at, at + len(excerpt)):
        return "in_quotation", "it stands within quotation marks"
    if not glyphs.KANA.search(line) and len(line) >= 20:
        return "excused", "the whole paragraph is Chinese"
    return "plain", ""
