"""Attributed quotations in English, Japanese, Chinese and Korean by ordered patterns (``config/registry/speech.yaml``).

Bounded: at most :data:`wiretrace.trace.marks.MOST` quotations of a text, each looked at with :data:`WINDOW` (English
:data:`WINDOWS`) characters before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wiretrace.trace.across.languages import base_language
from wiretrace.trace.marks import Marked, marked
from wiretrace.trace.speakers import apposed, speaker, topic
from wiretrace.trace.words import Pattern, cues, going_on, has_rules, patterns, reports, unnamed

WINDOW = 160  # characters before and after a quotation that may name its speaker
WINDOWS = {"en": 240}  # where names stand with their offices
SHORTEST = 4  # characters; two words in a language with spaces
UNREAD = "unread"  # the pattern of words in a language of which only the marks are known
UNREAD_WORDS = 5  # from which they are listed ...
UNREAD_CHARACTERS = 24  # ... or, in a language without blanks, so many
STOP = (
    r"(?<![A-Z])(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Dr)(?<!Prof)(?<!Sen)(?<!Gov)(?<!Rep)(?<!Rev)(?<!Gen)(?<!Col)(?<!Jr)(?<!St)\."
)
SENTENCE = re.compile(rf"[。！？!?\n]|{STOP}(?=\s)")
TURN = re.compile(r"(?P<speaker>[A-Z][A-Z.’'-]+(?: [A-Z][A-Z.’'-]*){0,3}):\s")
LABEL = re.compile(r"\b(?:the|an?|th[ei]se?|those|that|its|his|her|their|our|so-called)\s*\Z", re.IGNORECASE)
# What the name of a programme or a book stands after; words that are small in it; most words of one.
TITLED = re.compile(
    r"\b(?:on|in|at|from|of|titled|entitled|named)\s+(?:(?:the|an?|his|her|its|their)\s+)?(?:[\w’'.-]+[’']s?\s+)?\Z",
    re.IGNORECASE,
)
SMALL = frozenset({"the", "of", "a", "an", "and", "in", "for", "to", "on", "with", "at"})
LONGEST_TITLE = 6
# The end of a sentence, also within quotation marks.
STOPPED = re.compile(rf"(?:[!?]|{STOP})[”\"’]?\s+(?=[A-Z“\"])")


@dataclass(frozen=True, slots=True)
class Quote:
    """One attributed quotation: words and their span, speaker, where the speaker is named, affiliation, pattern."""

    start: int
    end: int
    words: str
    speaker: str
    mention: tuple[int, int]
    affiliation: str
    named: bool
    pattern: str


def spans(text: str, language: str) -> list[tuple[int, int]]:
    """Spans between the outermost quotation marks, marks not included."""
    return [(quote.start, quote.stop) for quote in marked(text, language)[1]]


def quotes(text: str, language: str) -> list[Quote]:
    """Quotations of ``text`` that are given to somebody, in order; ``text[start:end]`` are the words."""
    if not has_rules(language):
        return [_unread(text, a, b) for a, b in spans(text, language) if _long_enough(text[a:b])]
    own = base_language(language)
    found: list[Quote] = []
    waiting: list[tuple[int, int]] = []  # paragraphs of the quotation at hand, nobody named yet
    written = text
    text, around = marked(text, own)
    for number, (begin, start, stop, end) in enumerate(around):
        last = around[number - 1] if number else None
        taken_up = last is not None and last.end == last.stop
        if not taken_up:
            waiting = []
        while start < stop and text[start].isspace():
            start += 1
        while start < stop and text[stop - 1].isspace():
            stop -= 1
        if stop - start < SHORTEST or (own == "en" and _no_words(text[start:stop], text[max(0, begin - 60) : begin])):
            continue
        following = around[number + 1].begin if number + 1 < len(around) else len(text)
        goes_on = taken_up and bool(found) and last is not None and found[-1].end > last.begin
        made = _attributed(
            own, found, text, Marked(begin, start, stop, end), last.end if last else 0, following, goes_on
        )
        if made and made[0] and waiting:
            found = [quote for quote in found if (quote.start, quote.end) not in waiting]
            found += [Quote(a, b, written[a:b], *made[:4], f"{own}.continued") for a, b in waiting]
            waiting = []
        if made:
            found.append(Quote(start, stop, written[start:stop], *made))
        if end == around[number].stop and not (made and made[0]):
            waiting.append((start, stop))
    return found


def _unread(text: str, start: int, stop: int) -> Quote:
    """Words between marks in a language that is not read: who says them, if anybody, is not known."""
    start += len(text[start:stop]) - len(text[start:stop].lstrip())
    stop = start + len(text[start:stop].rstrip())
    return Quote(start, stop, text[start:stop], "", (stop, stop), "", False, UNREAD)


def _long_enough(words: str) -> bool:
    """Whether words in a language that is not read are more than a name or a title."""
    parts = words.split()
    return len(parts) >= UNREAD_WORDS or (len(parts) == 1 and len(parts[0]) >= UNREAD_CHARACTERS)


def _no_words(words: str, before: str) -> bool:
    """Whether English words between marks are one alone, or a name: on CBS's "Face the Nation"."""
    tokens = words.strip(" ,;").split()
    if len(tokens) < 2:
        return True
    if len(tokens) > LONGEST_TITLE or words[-1] in ".!?" or not TITLED.search(before):
        return False
    return all(not token[0].islower() or token.casefold() in SMALL for token in tokens)


Attribution = tuple[str, tuple[int, int], str, bool, str]


def _attributed(
    own: str, found: list[Quote], text: str, place: Marked, previous: int, following: int, goes_on: bool
) -> Attribution | None:
    """Who is said to say the words at ``place``, between the quotations that end and begin at ``previous`` and
    ``following``. ``goes_on``: they are the next paragraph of the last one found.
    """
    begin, start, stop, end = place
    words = text[start:stop]
    reach = WINDOWS.get(own, WINDOW)
    before, first = _before(text, max(begin - reach, previous), begin)
    after = _after(text, end, min(end + reach, following))
    return (
        next(_tried(own, before, first, after, end, own == "en" and words[-1] == "."), None)
        or _transcript(own, text, start, stop)
        or (_goes_on(found[-1]) if goes_on else _carried(own, found, text, begin))
        or _reported(own, text, begin, words)
        or _told_before(own, text, begin, words, previous)
        or _same_paragraph(own, found, text, begin, words)
        or _unnamed(own, words, before, after, end)
    )


def _before(text: str, first: int, begin: int) -> tuple[str, int]:
    """What stands before a quotation in its sentence, from ``first`` on, and where that starts."""
    first = max(0, first)
    window = text[first:begin]
    last = 0
    for stop in SENTENCE.finditer(window.rstrip()):
        if stop.end() < len(window.rstrip()):
            last = stop.end()
    return window[last:], first + last


def _after(text: str, end: int, last: int) -> str:
    """What stands after a quotation in its paragraph, up to ``last``."""
    return text[end:last].partition("\n")[0]


def _tried(language: str, before: str, first: int, after: str, end: int, whole: bool) -> Iterator[Attribution]:
    """What the patterns find, in their order; where an English quotation is a sentence of its own (``whole``), what
    follows it belongs to the next sentence, so that what stands before comes first.
    """
    for rule in sorted(patterns()[language], key=lambda r: whole and r.before is None):
        made = _matched(rule, language, before, first, after, end)
        if made:
            yield made


def _matched(rule: Pattern, language: str, before: str, first: int, after: str, end: int) -> Attribution | None:
    left = rule.before.search(before) if rule.before else None
    right = rule.after.match(after) if rule.after else None
    if (rule.before and not left) or (rule.after and not right):
        return None
    around, base = (before, first) if left else (after, end)
    if rule.topic:
        match, offset = (left, first) if left else (right, end)
        if match is None:
            return None
        clause = match["clause"]
        place = topic(clause, language, last=left is not None)
        if place is None:
            return None
        words, offset = clause[place[0] : place[1]], offset + match.start("clause") + place[0]
    elif left and "speaker" in left.groupdict():
        words, offset = left["speaker"], first + left.start("speaker")
    elif right:
        words, offset = right["speaker"], end + right.start("speaker")
    else:
        return None
    who = speaker(words, language)
    if who is None:
        return None
    if language == "en" and not who.named:
        name = apposed(around, offset - base + who.end)
        if name:
            return name.group("name"), (base + name.start("name"), base + name.end("name")), who.name, True, rule.id
    return who.name, (offset + who.start, offset + who.end), who.affiliation, who.named, rule.id


def _carried(language: str, found: list[Quote], text: str, begin: int) -> Attribution | None:
    """The speaker of the quotation before, where this one goes on with it in the same or the next paragraph."""
    if not found:
        return None
    last = found[-1]
    between = text[last.end : begin]
    if len(between) > WINDOW + 60 or between.count("\n") > 1:
        return None
    if "\n" in between:
        head, _, tail = between.partition("\n")
        goes_on = not tail.strip() and len(head.strip('”"」』’ ')) == 0
    else:
        goes_on = bool(SENTENCE.search(between)) and between.rstrip().endswith((".", "。", "，", ",", "、"))
        goes_on = goes_on and len(SENTENCE.findall(between.rstrip()[:-1])) == 0
        within = last.pattern.startswith("en.") and not SENTENCE.search(text[last.end - 1 : begin])
        goes_on = goes_on or (within and len(between) < WINDOW // 2)
    bound = going_on()[language]
    if not goes_on and not (bound and bound.fullmatch(text, last.end, begin + 1)):
        return None
    return _goes_on(last)


def _goes_on(last: Quote) -> Attribution:
    """The speaker of the quotation ``last`` for the one that goes on with it."""
    rule = "continued" if last.speaker else "unnamed"
    return last.speaker, last.mention, last.affiliation, last.named, f"{last.pattern.partition('.')[0]}.{rule}"


def _transcript(language: str, text: str, start: int, stop: int) -> Attribution | None:
    """The name in capitals with a colon that a transcript's turn begins with."""
    turn = TURN.match(text, start, stop) if language == "en" else None
    if turn is None:
        return None
    return turn["speaker"], turn.span("speaker"), "", True, f"{language}.transcript"


def _reported(language: str, text: str, begin: int, words: str) -> Attribution | None:
    """Whoever reports in the words' sentence, at any distance before them, other quotations between: the last such;
    else the sentence's subject, for words that are no title.
    """
    rules = reports().get(language)
    if rules is None:
        return None
    head = text[:begin].rstrip()
    if head.endswith((".", "!", "?", "”", '"')):
        return None  # the words are a sentence of their own
    line = len(head) if head.endswith(":") else begin  # a colon reaches over the end of its paragraph
    first = max(text.rfind("\n", 0, line) + 1, begin - 2 * WINDOW)
    window = text[first:begin]
    stops = [m.end() for m in STOPPED.finditer(window) if m.end() < len(window.rstrip())]
    last = stops[-1] if stops else 0
    found = [(m, "reported") for m in reversed(list(rules[0].finditer(window, last)))]
    subject = rules[1].match(window, last)
    if subject and (first == 0 or last or text[first - 1] == "\n") and _plain(words, 3):
        found.append((subject, "subject"))
    for match, rule in found:
        who = speaker(match["speaker"], language)
        if who:
            offset = first + match.start("speaker")
            return who.name, (offset + who.start, offset + who.end), who.affiliation, who.named, f"{language}.{rule}"
    return None


def _same_paragraph(language: str, found: list[Quote], text: str, begin: int, words: str) -> Attribution | None:
    """The speaker of the quotation before in this paragraph, for an English one that is a sentence of its own."""
    if language != "en" or not found or not found[-1].speaker or "\n" in text[found[-1].end : begin]:
        return None
    if not _sentence(text, begin, words):
        return None
    last = found[-1]
    return last.speaker, last.mention, last.affiliation, last.named, "en.same_paragraph"


def _told_before(language: str, text: str, begin: int, words: str, previous: int) -> Attribution | None:
    """Whoever reports last in the sentence before, of the same paragraph, for English words that are a sentence."""
    first = max(text.rfind("\n", 0, begin) + 1, previous, begin - 2 * WINDOW)
    if language != "en" or not _sentence(text, begin, words):
        return None
    window = text[first:begin].rstrip()
    last = max((m.end() for m in STOPPED.finditer(window)), default=0)
    for match in reversed(list(reports()[language][0].finditer(window, last))):
        who = speaker(match["speaker"], language)
        if who:
            offset = first + match.start("speaker")
            return who.name, (offset + who.start, offset + who.end), who.affiliation, who.named, "en.told_before"
    return None


def _sentence(text: str, begin: int, words: str) -> bool:
    """Whether quoted English words are a sentence of their own, behind another."""
    head = text[max(0, begin - 3) : begin].rstrip()
    return words[:1].isupper() and words[-1] in ".!?…" and head.endswith((".", "!", "?", "”", '"'))


def _plain(words: str, least: int) -> bool:
    """Whether English words are no title: ``least`` or more in small letters, half of all."""
    tokens = words.split()
    plain = sum(token[:1].islower() for token in tokens)
    return plain >= least and plain * 2 >= len(tokens)


def _unnamed(language: str, words: str, before: str, after: str, end: int) -> Attribution | None:
    """Words that somebody is surely said to say, nobody is told who: English that is no title, other languages beside
    a verb of saying. Nobody is named, so that nothing is said of a speaker.
    """
    if language == "en":
        # Two words after an article are as soon a phrase that the writer keeps at a distance.
        said = not LABEL.search(before) or bool(cues()[language].search(before + after))
        fits = _plain(words, 3) or (_plain(words, 2) and said)
    else:
        rule = unnamed()[language]
        fits = bool((rule[0] and rule[0].search(before)) or (rule[1] and rule[1].match(after)))
    return ("", (end, end), "", False, f"{language}.unnamed") if fits else None
