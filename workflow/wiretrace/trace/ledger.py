"""The evidence ledger: for an article and a candidate, every reason for and against "its text came from there".

Reasons are natural log-odds from ``config/registry/trace_weights.yaml`` and add up. The length of a text is no
reason (the earlier one is longer in 47 % of 891 real pairs), nor is the time of our own capture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wiretrace.sentences import say
from wiretrace.trace.across.languages import base_language
from wiretrace.trace.clocks import Clock, order, written
from wiretrace.trace.credits import Credit, Link
from wiretrace.trace.fold import HAN, KANA
from wiretrace.trace.habits import RELEASE_PARTS, Habits, Taking
from wiretrace.trace.registry import Known, Weights
from wiretrace.trace.stories import Match
from wiretrace.trace.texts import Text

COPY = 0.8  # share of the article that must lie in the candidate before it is compared with it as its copy
STAR_SCALE = 4.0
SUPPLIED = 3  # other releases shared with a distributor from which they say anything
TAKINGS = 4  # other shared stories of a publisher from which its habit of taking can be told ...
GIVINGS = 2  # ... and so many other texts of one that is said not to take ...
TAKING, GIVING = 0.4, 0.69  # ... and how marked they must be (log-odds: three to two, two to one)


def _takes(habit: Taking) -> bool:
    return habit.silent + habit.open >= TAKINGS and habit.log_odds >= TAKING


def _gives(habit: Taking) -> bool:
    return habit.silent + habit.open >= GIVINGS and habit.log_odds <= -GIVING


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: kind as in ``trace_evidence.reason``, log-odds, words, exact excerpt, capture that shows it."""

    kind: str
    log_odds: float
    statement: str
    excerpt: str = ""
    capture_id: str = ""


@dataclass(frozen=True)
class Case:
    """What is known of all articles: the ledger reads it, nothing else."""

    texts: Sequence[Text]
    near: Mapping[int, Sequence[Match]]
    clocks: Mapping[str, Clock]
    credits: Mapping[int, Sequence[Credit]]
    links: Mapping[str, Sequence[Link]]
    stars: Mapping[int, float]
    story: Mapping[int, int]
    habits: Habits
    known: Known
    weights: Weights


def reasons(case: Case, article: int, match: Match) -> list[Reason]:
    """Reasons for and against the other side of ``match`` as the source of ``article``."""
    candidate = match.other(article)
    found = [
        *_credit(case, article, candidate),
        *_links(case, article, candidate),
        *_clock(case, article, candidate),
        *_star(case, article, candidate, match),
        *_parts(case, article, candidate, match),
        *_role(case, article, candidate),
        *_listing(case, article, candidate),
        *_supply(case, article, candidate),
        *_taking(case, article, candidate),
        *_residue(case, article, candidate),
        *_own_version(case, article, candidate),
        *_closeness(case, article, match),
    ]
    # Every line cites a page: where it has no better one, the candidate's.
    shown = case.texts[candidate].capture_id
    return [
        reason if reason.capture_id else replace(reason, capture_id=shown)
        for reason in found
        if round(reason.log_odds, 2)
    ]


def _credit(case: Case, article: int, candidate: int) -> list[Reason]:
    own, other = case.texts[article], case.texts[candidate]
    mine = {credit.publisher: credit for credit in case.credits.get(article, ())}
    theirs = {credit.publisher: credit for credit in case.credits.get(candidate, ()) if not credit.prose}
    w = case.weights
    if other.publisher in mine:
        words = mine[other.publisher].excerpt
        weight = w["credit_prose" if mine[other.publisher].prose else "credit"]
        return [Reason("credit", weight, say("credit", site=other.publisher), words, own.capture_id)]
    if own.publisher in theirs:
        words = theirs[own.publisher].excerpt
        said = say("credit_reversed", site=other.publisher, site2=own.publisher)
        return [Reason("credit", w["credit_reversed"], said, words, other.capture_id)]
    third = sorted(mine.keys() & theirs.keys())
    if third:
        said = say("credit_third", site=third[0])
        return [Reason("contradiction", w["contradiction_third"], said, theirs[third[0]].excerpt, other.capture_id)]
    if mine:
        first = next(iter(mine.values()))
        said = say("credit_other", site=first.publisher, site2=other.publisher)
        return [Reason("contradiction", w["contradiction_other"], said, first.excerpt, own.capture_id)]
    return []


def _links(case: Case, article: int, candidate: int) -> list[Reason]:
    own, other = case.texts[article], case.texts[candidate]
    for source, target, sign in ((own, other, 1), (other, own, -1)):
        links = case.links.get(source.article_id, ())
        exact = [link for link in links if link.address == target.address]
        general = [link for link in links if link.target == target.publisher]
        if exact or general:
            link = (exact or general)[0]
            weight = case.weights["link_article" if exact else "link_publisher"]
            what = target.address if exact else target.publisher
            said = say("link_here", words=what) if sign > 0 else say("link_there", site=source.publisher, words=what)
            return [Reason("link", sign * weight, said, link.anchor or link.address, link.capture_id)]
    return []


def _clock(case: Case, article: int, candidate: int) -> list[Reason]:
    own, other = case.clocks[case.texts[article].article_id], case.clocks[case.texts[candidate].article_id]
    found = order(own, other)
    if found is None:
        return []
    sign = 1 if found.early is other else -1
    early = case.texts[candidate if sign > 0 else article]
    late = case.texts[article if sign > 0 else candidate]
    w = case.weights
    if found.how == "proven":
        said = say(
            "clock_archive" if found.early.proven_source == "web_archive" else "clock_capture",
            site=early.publisher,
            time=written(found.early.proven_by),
            site2=late.publisher,
            time2=written(found.late.earliest),
            term=found.late.source,
        )
        return [Reason("archive_clock", sign * w["clock_proven"], said, "", found.early.proven_capture)]
    least, most = w["clock_claimed_least"], w["clock_claimed_most"]
    value = least + (most - least) * min(1.0, found.hours / 12)
    said = say(
        "clock_claimed",
        site=early.publisher,
        time=written(found.early.latest),
        term=found.early.source,
        site2=late.publisher,
        time2=written(found.late.earliest),
        term2=found.late.source,
    )
    return [Reason("clock", sign * value, said, "", found.late.capture_id or found.early.capture_id)]


def stars(texts: Sequence[Text], near: Mapping[int, Sequence[Match]], members: Sequence[int]) -> dict[int, float]:
    """For each member of a story the mean share of the other publishers' copies that it covers; needs three publishers.

    Only copies in its own language count. A text that shares nothing with a copy covers 0 of it.
    """
    made = {}
    for index in members:
        others = [
            i
            for i in members
            if texts[i].language == texts[index].language and texts[i].publisher != texts[index].publisher
        ]
        if len({texts[i].publisher for i in others}) >= 2:
            shares = {m.other(index): m.share(m.other(index)) for m in near.get(index, ()) if m.kind != "translated"}
            made[index] = math.fsum(shares.get(i, 0.0) for i in others) / len(others)
    return made


def _star(case: Case, article: int, candidate: int, match: Match) -> list[Reason]:
    if match.kind == "translated" or match.share(article) < COPY:
        return []
    if article not in case.stars or candidate not in case.stars:
        return []
    if case.story[article] != case.story[candidate]:
        return []
    most = case.weights["star_most"]
    value = max(-most, min(most, STAR_SCALE * (case.stars[candidate] - case.stars[article])))
    said = say("star", number=f"{case.stars[candidate]:.0%}", number2=f"{case.stars[article]:.0%}")
    return [Reason("star", value, said)]


def _parts(case: Case, article: int, candidate: int, match: Match) -> list[Reason]:
    """Parts of a press release that stand on one side and were cut from the other."""
    if match.kind != "translated" and match.share(article) < COPY:
        return []
    own, other = case.texts[article], case.texts[candidate]
    mine = {p["kind"] for p in own.parts if p["kind"] in RELEASE_PARTS}
    theirs = {p["kind"]: p for p in other.parts if p["kind"] in RELEASE_PARTS}
    cut, kept = theirs.keys() - mine, mine - theirs.keys()
    if (not cut and not kept) or (cut and kept):
        return []
    missing = sorted(cut or kept)
    weight = case.weights["release_parts" if len(missing) > 1 else "release_part"]
    names = ", ".join(name.replace("_", " ") for name in missing)
    if cut:
        words = theirs[missing[0]]["excerpt"]
        said = say("parts_gone_several" if len(missing) > 1 else "parts_gone", list=names)
        return [Reason("release_parts", weight, said, words, other.capture_id)]
    if match.kind == "translated":  # a part that is seen in one language may be missed in another
        return []
    words = next(p["excerpt"] for p in own.parts if p["kind"] == missing[0])
    return [Reason("release_parts", -weight, say("parts_kept", list=names), words, own.capture_id)]


def _role(case: Case, article: int, candidate: int) -> list[Reason]:
    own, other = case.texts[article], case.texts[candidate]
    there, here = case.known.distributes(other.publisher), case.known.distributes(own.publisher)
    if there == here:
        return []
    publisher = other.publisher if there else own.publisher
    value = case.weights["distributor"] * (1 if there else -1)
    made = [Reason("distributor", value, say(f"distributes_{case.known.origin[publisher]}", site=publisher))]
    bare = case.habits.bare(other) if there else None
    if bare is not None:
        said = say("bare_release", site=publisher, number=bare[0], number2=bare[1])
        made.append(Reason("release_parts", case.weights["bare_release"], said, "", other.capture_id))
    return made


def _listing(case: Case, article: int, candidate: int) -> list[Reason]:
    """One side sells placement on the other: its catalogue lists it."""
    own, other = case.texts[article].publisher, case.texts[candidate].publisher
    for seller, outlet, sign in ((other, own, 1), (own, other, -1)):
        if case.known.distributes(seller) and (seller, outlet) in case.known.listed:
            words, capture = case.known.listed[seller, outlet]
            said = say("listing", site=seller, site2=outlet)
            return [Reason("listing", sign * case.weights["listing"], said, words, capture)]
    return []


def _supply(case: Case, article: int, candidate: int) -> list[Reason]:
    """The other releases that the article's publisher runs: how many of them a distributor has too."""
    own, other = case.texts[article], case.texts[candidate]
    if not case.known.distributes(other.publisher) or case.known.distributes(own.publisher):
        return []
    found = case.habits.supply(article, other.publisher)
    lead = found.shared - found.foreign
    if found.shared < SUPPLIED or lead <= 0:
        return []
    w = case.weights
    value = min(w["other_releases_most"], w["other_releases_least"] * lead)
    said = say(
        "supply",
        number=found.shared,
        number2=found.carried,
        site=own.publisher,
        site2=other.publisher,
        number3=found.foreign,
        number4=found.own,
        number5=found.all,
        number6=f"{found.chance:.2g}",
    )
    return [Reason("other_articles", value, said, "", other.capture_id)]


def _taking(case: Case, article: int, candidate: int) -> list[Reason]:
    """One publisher habitually runs others' texts without naming them, the other one never."""
    own, other = case.texts[article], case.texts[candidate]
    if case.known.distributes(other.publisher) or case.known.distributes(own.publisher):
        return []
    if own.publisher == other.publisher or any(p["kind"] == "credit" for p in (*own.parts, *other.parts)):
        return []
    habits = case.habits
    if _takes(habits.taking(article)) and _gives(habits.writing(candidate)):
        taker, giver, first, second, sign = own, other, habits.taking(article), habits.writing(candidate), 1
    elif _takes(habits.taking(candidate)) and _gives(habits.writing(article)):
        taker, giver, first, second, sign = other, own, habits.taking(candidate), habits.writing(article), -1
    else:
        return []
    value = min(case.weights["habit_most"], (first.log_odds - second.log_odds) / 2)
    said = say(
        "habit",
        site=taker.publisher,
        number=first.silent,
        number2=first.silent + first.open,
        site2=giver.publisher,
        number3=second.silent,
        number4=second.silent + second.open,
    )
    return [Reason("other_articles", sign * value, said, "", taker.capture_id)]


def _residue(case: Case, article: int, candidate: int) -> list[Reason]:
    """Characters of the candidate's language that the article's language does not have."""
    own, other = case.texts[article], case.texts[candidate]
    for text, source, sign in ((own, other, 1), (other, own, -1)):
        left = foreign_characters(text.text, base_language(text.language), base_language(source.language))
        if left:
            weight = case.weights["residue_strong" if len(left) > 1 else "residue_weak"]
            shown = "".join(left[:10])
            said = say("residue", site=text.publisher, words=shown)
            return [Reason("translation", sign * weight, said, shown, text.capture_id)]
    return []


def _own_version(case: Case, article: int, candidate: int) -> list[Reason]:
    """Two languages of one release at one publisher: its own clock says which came first."""
    own, other = case.texts[article], case.texts[candidate]
    found = order(case.clocks[own.article_id], case.clocks[other.article_id])
    if own.publisher != other.publisher or found is None:
        return []
    sign = 1 if found.early is case.clocks[other.article_id] else -1
    said = say("own_before" if sign > 0 else "own_after", site=own.publisher, term=other.language)
    return [Reason("translation", sign * case.weights["own_version"], said, "", found.late.capture_id)]


def foreign_characters(text: str, language: str, source: str) -> list[str]:
    """Distinct characters in ``text`` that ``source`` writes with and ``language`` does not, in order."""
    if language == source:
        return []
    if language == "ja" and source == "zh":
        return list(dict.fromkeys(c for c in text if _in(c, HAN) and not _japanese(c)))
    if language == "zh" and source == "ja":
        return list(dict.fromkeys(c for c in text if _in(c, KANA) and c not in "・の"))
    if language not in ("ja", "zh", "ko") and source in ("ja", "zh", "ko"):
        return list(dict.fromkeys(c for c in text if c in "，。、；：（）「」《》"))
    return []


def _in(character: str, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(low <= ord(character) < high for low, high in ranges)


def _japanese(character: str) -> bool:
    for encoding in ("euc_jp", "cp932"):
        try:
            character.encode(encoding)
        except UnicodeEncodeError:
            continue
        return True
    return False


def _closeness(case: Case, article: int, match: Match) -> list[Reason]:
    """How much of the article the candidate holds; tells candidates apart, gives no direction."""
    if match.kind == "translated":
        return []
    share = match.share(article)
    value = case.weights["closeness_most"] * share
    return [Reason("closeness", value, say("closeness", number=f"{share:.0%}"))]
