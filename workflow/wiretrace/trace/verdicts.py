"""What is to be thought of a quotation: where else its words stand, given to whom, and whether a person should ask the
speaker. Rules in docs/methods-speech.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from wiretrace import given
from wiretrace.sentences import say
from wiretrace.trace.fold import fold, folded, size
from wiretrace.trace.names import LIST, SLIPS, Judged, same_person
from wiretrace.trace.quotes import SENTENCE, Quote
from wiretrace.trace.words import announcing, findings, has_rules, issuer_lines, languages

INDEPENDENT = ("control", "outlet")
DOUBTFUL = ("suspect", "distributor", "seller")
CONTRADICTS = 12.0  # size from which the same words at two people are more than a stock phrase
ALIKE = 80.0  # per cent of the shorter quotation
LEAD_LINES = 3
QUOTED = '“”「」『』"'
ORGANISATION = re.compile(
    r"[A-Z][\w&’'.-]+(?:\s+(?:of|and|&|[A-Z][\w&’'.-]+))*|[^\s\x00-\x7f、，,。の的は가-힣를을와과と]{3,}|[가-힣]{3,}"
)


@dataclass(frozen=True)
class Source:
    """One article with the newest text and what is known of its publisher."""

    article_id: str
    version_id: str
    publisher: str
    role: str
    language: str
    base: str
    title: str
    text: str
    folded: str
    time: str
    capture_id: str


@dataclass(frozen=True, slots=True)
class Found:
    """One quotation in its article."""

    source: Source
    quote: Quote
    key: str
    judged: Judged
    number: int
    name: str  # of the speaker, in full where the text has it in full

    @property
    def person(self) -> str:
        """The listed spelling, else the name as written."""
        return self.judged.person or self.name

    @property
    def named(self) -> bool:
        """Whether the speaker's name is known: by its form, by a list, or since a short form stands for a whole one."""
        return self.quote.named or bool(self.judged.person) or self.name != self.quote.speaker


@dataclass(frozen=True)
class Verification:
    """What a person found out: subject folded, status it gives, when, in words."""

    subject: str
    status: str
    date: str
    words: str


@dataclass
class Case:
    """All quotations, who holds their words, which articles are copies of which."""

    sources: Mapping[str, Source]
    found: Sequence[Found]
    holders: Mapping[str, frozenset[str]]
    copies: Mapping[str, frozenset[str]]
    verifications: Sequence[Verification]
    of_article: dict[str, list[Found]] = field(default_factory=dict)
    # Quotations of each person at controls and outlets, and in each of their articles: one who is quoted every day is
    # not gone through anew for each quotation.
    of_person: Counter[str] = field(default_factory=Counter)
    of_person_in: Counter[tuple[str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for one in self.found:
            self.of_article.setdefault(one.source.article_id, []).append(one)
            if one.named and _whole_name(one) and one.source.role in INDEPENDENT:
                person = folded(one.person)
                self.of_person[person] += 1
                self.of_person_in[person, one.source.article_id] += 1


@dataclass(frozen=True)
class Verdict:
    """The columns of ``quotes`` that rest on other articles."""

    occurrences: int
    publishers: int
    earliest_article: str
    other_speakers: str
    other_quotes: int
    status: str
    check: bool
    reason: str
    verification: str


def _whole_name(one: Found) -> bool:
    """Whether it names a person by more than a surname."""
    return bool(one.judged.person) or " " in one.name or len(one.name) >= 3


def judge(case: Case, one: Found) -> Verdict:
    """The verdict on one quotation."""
    own = one.source.article_id
    same = _elsewhere(case, one)
    others: dict[str, str] = dict(same)
    translations = _translations(case, one)
    for other in translations:
        others.setdefault(other.source.article_id, "")
        for article, speaker in _elsewhere(case, other).items():
            others[article] = others.get(article) or speaker
    others.pop(own, None)
    contrary = {article: speaker for article, speaker in others.items() if speaker}
    with_it = sorted(set(others) - set(contrary))
    independent = [a for a in with_it if _independent(case, one, a)]
    spoken = _other_quotes(case, one, {own, *others})
    status = "contradicted" if contrary else "seen_elsewhere" if independent else "only_here"
    check, reason = _check(case, one, with_it, contrary, independent, translations)
    verified = _verified(case, [one, *translations], bool(independent))
    if verified:
        status, check = verified.status, False
    return Verdict(
        occurrences=1 + len(others),
        publishers=len({case.sources[a].publisher for a in (own, *others)}),
        earliest_article=min(contrary or others, key=lambda a: (case.sources[a].time or "9", a), default=""),
        other_speakers=", ".join(sorted(set(contrary.values()))),
        other_quotes=spoken,
        status=status,
        check=check,
        reason=reason,
        verification=verified.words if verified else "",
    )


def judge_nobodys(case: Case, one: Found) -> Verdict:
    """The verdict on words that nobody is named beside: where else they stand, and given to whom."""
    others = sorted(case.holders.get(one.key, frozenset()) - {one.source.article_id})
    given = {
        other.person
        for article in others
        for other in case.of_article.get(article, [])
        if other.key and other.named and fuzz.partial_ratio(other.key, one.key) >= ALIKE
    }
    elsewhere = any(_independent(case, one, article) for article in others)
    return Verdict(
        occurrences=1 + len(others),
        publishers=len({case.sources[a].publisher for a in (one.source.article_id, *others)}),
        earliest_article=min(others, key=lambda a: (case.sources[a].time or "9", a), default=""),
        other_speakers=", ".join(sorted(given)),
        other_quotes=0,
        status="seen_elsewhere" if elsewhere else "only_here",
        check=False,
        reason=say("quote_nobody" if has_rules(one.source.language) else "quote_unread"),
        verification="",
    )


def _elsewhere(case: Case, words: Found) -> dict[str, str]:
    """Articles with the words of ``words``, each to the other person they are given to there ('' where to the same, or
    to nobody that is named).
    """
    found = {}
    for article in sorted(case.holders.get(words.key, frozenset()) - {words.source.article_id}):
        given = [r for r in case.of_article.get(article, []) if r.key and fuzz.partial_ratio(r.key, words.key) >= ALIKE]
        others = [r for r in given if _another(case, words, r)]
        to_same = len(others) < len([r for r in given if r.named])
        found[article] = others[0].person if others and not to_same else ""
    return found


def _another(case: Case, one: Found, other: Found) -> bool:
    """Whether ``other`` is surely given to another person: both are named, neither name stands in the other's text."""
    a, b = one.quote, other.quote
    if (
        not (one.named and other.named and _whole_name(one) and _whole_name(other))
        or size(fold(other.quote.words)[0]) < CONTRADICTS
    ):
        return False
    if same_person(one.person, other.person):
        return False
    if folded(a.speaker) in other.source.folded or folded(b.speaker) in one.source.folded:
        return False
    if other.source.article_id in case.copies.get(one.source.article_id, frozenset()):
        # Two copies of one text: names that have something in common are spellings of one name.
        return bool(one.judged.person and other.judged.person) or not set(folded(a.speaker)) & set(folded(b.speaker))
    return True


def _translations(case: Case, one: Found) -> list[Found]:
    """The quotation in copies of the text in other languages: given to the same person, or in the same place."""
    found = []
    count = len(case.of_article[one.source.article_id])
    for article in sorted(case.copies.get(one.source.article_id, frozenset())):
        if case.sources[article].base == one.source.base:
            continue
        own = case.of_article.get(article, [])
        same = [r for r in own if r.judged.person and r.judged.person == one.judged.person]
        mine = [r for r in case.of_article[one.source.article_id] if r.judged.person == one.judged.person]
        if same and len(same) == len(mine):
            found.append(same[mine.index(one)])
        elif not same and len(own) == count and _may_be_one(one, own[one.number]):
            found.append(own[one.number])
    return found


def _may_be_one(one: Found, other: Found) -> bool:
    """Whether two quotations in the same place of two copies may be one: both speakers are named, not as two people."""
    return one.named and other.named and not (one.judged.person and other.judged.person)


def _independent(case: Case, one: Found, article: str) -> bool:
    """Whether ``article`` is a sighting apart from this text: a control or outlet, or another text of a publisher that
    did not run this one.
    """
    other = case.sources[article]
    if other.publisher == one.source.publisher:
        return False
    if other.role in INDEPENDENT:
        return True
    copies = case.copies.get(one.source.article_id, frozenset())
    runners = {case.sources[a].publisher for a in copies}
    return other.role not in DOUBTFUL and article not in copies and other.publisher not in runners


def _other_quotes(case: Case, one: Found, holders: set[str]) -> int:
    """Other quotations of the person at controls and outlets that ran neither these words nor this text."""
    if not one.named or not _whole_name(one):
        return 0
    person = folded(one.person)
    barred = holders | case.copies.get(one.source.article_id, frozenset())
    return case.of_person[person] - sum(case.of_person_in[person, article] for article in barred)


def _check(
    case: Case,
    one: Found,
    with_it: Iterable[str],
    contrary: Mapping[str, str],
    independent: Sequence[str],
    translations: Sequence[Found],
) -> tuple[bool, str]:
    """Whether a person should ask the speaker, and why; only somebody who is named can be asked."""
    if not one.named:
        return False, say("quote_unnamed")
    if contrary and one.source.role in INDEPENDENT:
        return False, say("quote_others", words=_listed(contrary.values()))
    if independent:
        return False, say("quote_independent", number=len(independent))
    text = {one.source.article_id, *case.copies.get(one.source.article_id, frozenset()), *with_it} - set(contrary)
    roles = {case.sources[a].role for a in text}
    if roles & set(INDEPENDENT):
        return False, say("quote_run")
    if not roles & set(DOUBTFUL):
        return False, say("quote_only")
    why = []
    known = [a for a in sorted(contrary) if case.sources[a].role in INDEPENDENT]
    if known:
        names = _listed(contrary[a] for a in known)
        why.append(say("quote_contrary", site=case.sources[known[0]].publisher, words=names))
    elif own_voice(case, one):
        return False, say("quote_own")
    for told in (one, *translations):
        quoted = _other_quotes(case, told, {one.source.article_id, told.source.article_id, *with_it, *contrary})
        if quoted:
            why.append(say("quote_otherwise", number=quoted))
        if told.judged.status in SLIPS:
            spellings = {"words": told.name, "words2": told.judged.person}
            own = say("quote_spelling", **spellings)
            why.append(own if told is one else say("quote_spelling_copy", site=told.source.publisher, **spellings))
        if told.judged.person and told.judged.listed_by.startswith(LIST):
            why.append(say("quote_listed"))
        if why:
            break
    if not why:
        return False, say("quote_copies")
    return True, say("quote_ask", phrases="; ".join(why))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(set(names)))


def own_voice(case: Case, one: Found) -> bool:
    """Whether the speaker speaks for whoever issues the text: the name, or the affiliation beside it, stands in contact
    or portrait lines of the text or of a copy, or the affiliation announces something in the text's first lines.
    """
    names = organisations(one)
    texts = [one.source.text, *fuller_copies(case, one.source)]
    issued = "\n".join(line for text in texts for line in text.split("\n") if issuer_lines().search(line))
    if any(name in issued for name in (one.quote.speaker, *names)):
        return True
    lead = [line for line in one.source.text.split("\n") if line.strip()][:LEAD_LINES]
    return any(_announces(name, one.quote, sentence) for name in names for sentence in _sentences(lead))


def _sentences(lines: Sequence[str]) -> list[str]:
    return [sentence for line in lines for sentence in SENTENCE.split(line)]


def _announces(name: str, quote: Quote, sentence: str) -> bool:
    """Whether ``name`` announces in ``sentence``, which is not the one that introduces the speaker or the words."""
    place = sentence.find(name)
    introduces = quote.speaker in sentence or any(mark in sentence for mark in QUOTED)
    return place >= 0 and not introduces and bool(announcing().search(sentence, place))


def fuller_copies(case: Case, source: Source) -> list[str]:
    """Texts of the other copies in the same language, the three longest."""
    others = [case.sources[a] for a in sorted(case.copies.get(source.article_id, frozenset()))]
    texts = {o.text for o in others if o.base == source.base}
    return sorted(texts, key=lambda text: (-len(text), text))[:3]


def organisations(one: Found) -> list[str]:
    """Names beside the speaker's that may be an organisation: in the affiliation, and after the name up to the stop."""
    end = one.quote.mention[1]
    after = SENTENCE.split(one.source.text[end : end + 120])[0]
    words = f"{one.quote.affiliation}\n{after if one.source.base == 'en' else ''}"
    own = languages()[one.source.base]
    found = []
    for match in ORGANISATION.finditer(words):
        name = match.group().strip().rstrip(".")
        for title in (*own.heads, *own.tails):
            if one.source.base != "en" and name.endswith(title) and len(name) - len(title) >= 3:
                name = name[: -len(title)]
        if len(name) >= 3 and name not in own.heads and name not in own.tails and name.casefold() not in own.heads:
            found.append(name)
    return list(dict.fromkeys(found))


def _verified(case: Case, ones: Sequence[Found], independent: bool) -> Verification | None:
    """What somebody found out about these words, in any language of the text, or about the speaker; the newest counts,
    of two of one day the denial. A denial of all that a speaker is said to have said leaves out what others heard too.
    """
    fits = []
    for check in case.verifications:
        for one in ones:
            words = bool(one.key) and (
                check.subject in one.key or (one.key in check.subject and size(fold(one.key)[0]) >= 6)
            )
            who = check.subject in (folded(one.quote.speaker), folded(one.person))
            if (words and len(check.subject) >= 4) or (
                who and not (independent and check.status == "denied_by_person")
            ):
                fits.append(check)
    return max(fits, key=lambda v: (v.date, v.status == "denied_by_person", v.words), default=None)


def verification(row: Mapping[str, str]) -> Verification | None:
    """A row of inputs.verifications, None where its finding says neither yes nor no."""
    finding = row.get("finding", "").casefold().strip()
    known = findings()
    status = known.get(finding) or next((known[w] for w in sorted(known, key=len, reverse=True) if w in finding), "")
    subject = folded(row.get("subject", ""))
    if not status or not subject:
        return None
    return Verification(subject, status, row.get("date", "").strip(), given.finding(row))
