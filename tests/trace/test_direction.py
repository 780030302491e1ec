"""What decides a direction, what only supports it, and what never does."""

import math
import random
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace import schema
from wiretrace.config import Trace
from wiretrace.trace import follow
from wiretrace.trace.candidates import Candidate
from wiretrace.trace.clocks import Clock, best, order
from wiretrace.trace.credits import Names, credits_of, in_prose
from wiretrace.trace.fold import fold
from wiretrace.trace.habits import tail
from wiretrace.trace.ledger import Reason
from wiretrace.trace.matches import find
from wiretrace.trace.registry import distributors
from wiretrace.trace.source import covered
from wiretrace.trace.texts import Text, load

DAY = [f"2024-03-{day:02}T08:00:00Z" for day in range(4, 12)]
CONTACT = "Media contact: Jo Berg, press@harbour-pumps.example, 192.0.2.7"
CONTACTS = (("contact", CONTACT, ""),)
WORDS = [
    a + b
    for a in ("bar", "cor", "dal", "fen", "gri", "hol", "mar", "nor", "pel", "tus")
    for b in ("ba", "do", "ka", "mi", "ro", "su", "ta")
]


def story(number: int) -> str:
    """An invented text, the same for the same number."""
    pick = random.Random(number)  # noqa: S311
    lines = [f"Of {pick.choice(WORDS)} and {pick.choice(WORDS)}, {number}"]
    for _ in range(5):
        lines.append(" ".join(pick.choice(WORDS) for _ in range(22)).capitalize() + f" {pick.randrange(11, 9999)}.")
    return "\n".join(lines)


def rows(made: SimpleNamespace, name: str) -> list[dict[str, Any]]:
    return schema.records(made.tables[name])


def test_the_other_releases_of_a_site_lead_to_its_distributor(world: Any) -> None:
    """No clock of the site can be used: nine of nine other texts at one wire make it probable, and say so."""
    world.publisher("wire.example", "distributor", "Harbour Wire")
    world.publisher("second.example", "distributor", "Kelmond Wire")
    for number in range(10):
        world.article("wire.example", f"{story(number)}\n{CONTACT}", at=DAY[1], parts=CONTACTS)
        suspect = world.article("suspect.example", story(number))
    for number in range(20, 30):
        world.article("second.example", f"{story(number)}\n{CONTACT}", at=DAY[1], parts=CONTACTS)
    made = world.trace()
    assert made.verdicts[suspect] in ("source_found", "probable")
    (line,) = [
        r for r in rows(made, "trace_evidence") if r["reason"] == "other_articles" and "9 of 9" in r["statement"]
    ][:1]
    assert "it has 9 of all 19 such releases" in line["statement"]
    assert line["capture_id"]
    (supply,) = [r for r in rows(made, "publisher_distributors") if r["publisher"] == "suspect.example"]
    assert supply["verdict"] == "supplied_by"
    assert "by chance p = 5.4e-06" in supply["statement"]  # 1 / (20 over 10)


def test_who_takes_texts_in_silence_probably_took_this_one_too(world: Any) -> None:
    for number in range(6):
        world.article(f"paper{number}.example", story(number), at=DAY[0])
        world.article("taker.example", story(number), at=DAY[1 + number % 3])
    for number in range(10, 14):
        world.article("honest.example", story(number), at=DAY[0])
        world.article(f"other{number}.example", story(number), at=DAY[2])
    world.article("honest.example", story(50), at=DAY[3])
    lifted = world.article("taker.example", story(50), at=DAY[5])
    made = world.trace()
    assert (made.verdicts[lifted], made.best[lifted]["candidate_publisher"]) == ("probable", "honest.example")
    assert "without naming a source, honest.example 0 of 4" in made.best[lifted]["statement"]


def test_a_paper_whose_other_texts_stand_nowhere_else_writes_its_own(world: Any) -> None:
    for number in range(6):
        world.article(f"paper{number}.example", story(number), at=DAY[0])
        world.article("taker.example", story(number), at=DAY[1 + number % 3])
    for number in range(20, 23):
        world.article("honest.example", story(number), at=DAY[0])
    world.article("honest.example", story(50), at=DAY[3])
    lifted = world.article("taker.example", story(50), at=DAY[5])
    made = world.trace()
    assert (made.verdicts[lifted], made.best[lifted]["candidate_publisher"]) == ("probable", "honest.example")
    assert "honest.example 0 of 3 others, those included that stand nowhere else" in made.best[lifted]["statement"]


def test_habits_without_a_clock_decide_nothing(world: Any) -> None:
    for number in range(6):
        world.article(f"paper{number}.example", story(number), at=DAY[0])
        world.article("taker.example", story(number), at=DAY[1])
        world.article("honest.example", story(number + 10), at=DAY[0])
        world.article(f"other{number}.example", story(number + 10), at=DAY[2])
    world.article("honest.example", story(50))
    lifted = world.article("taker.example", story(50))
    assert world.trace().verdicts[lifted] == "cannot_tell"


@pytest.mark.parametrize("paper_first", [True, False])
def test_a_wires_page_without_contact_or_dateline_is_no_release_of_its_own(paper_first: bool, world: Any) -> None:
    world.publisher("wire.example", "distributor")
    for number in range(9):
        world.article("wire.example", f"{story(number)}\n{CONTACT}", at=DAY[0], parts=CONTACTS)
    wire = world.article("wire.example", story(50), at=DAY[2])
    if paper_first:
        world.article("paper.example", story(50), at=DAY[1])
    copy = world.article("copy.example", story(50), at=DAY[4])
    made = world.trace()
    assert made.verdicts[wire] == "cannot_tell"
    assert made.verdicts[copy] in ("cannot_tell", "tie")
    assert any("bears no part of a press release" in r["statement"] for r in rows(made, "trace_evidence"))


def test_a_fuller_copy_of_a_release_is_not_its_source(world: Any) -> None:
    world.publisher("wire.example", "distributor")
    world.article("wire.example", f"{story(1)}\n{CONTACT}", at=DAY[5], parts=CONTACTS)
    world.article("full.example", f"{story(1)}\n{CONTACT}", at=DAY[0], parts=CONTACTS)
    cut = world.article("cut.example", story(1), at=DAY[1])
    assert world.trace().verdicts[cut] in ("cannot_tell", "tie")


def both(first: int, second: int) -> str:
    """A page made of two stories."""
    return f"{story(first)}\n{story(second)}"


@pytest.mark.parametrize("rival_has_both", [False, True])
def test_a_page_of_two_releases_is_traced_to_who_has_both(rival_has_both: bool, world: Any) -> None:
    """A paper that ran one of the two before the wire did cannot have given the page."""
    world.publisher("wire.example", "distributor")
    for number in (1, 2):
        world.article("wire.example", f"{story(number)}\n{CONTACT}", at=DAY[2], parts=CONTACTS)
    world.article("paper.example", both(1, 2) if rival_has_both else story(1), at=DAY[0])
    page = world.article("page.example", both(1, 2), at=DAY[5])
    made = world.trace()
    if rival_has_both:
        assert made.verdicts[page] in ("tie", "cannot_tell")
    else:
        assert made.verdicts[page] in ("source_found", "probable")
        assert made.best[page]["candidate_publisher"] == "wire.example"


@pytest.mark.parametrize("same_words", [False, True])
def test_an_earlier_translation_does_not_give_the_same_words(
    same_words: bool, world: Any, texts: SimpleNamespace
) -> None:
    """Somebody ran the text before the wire did; only who has it in the article's language can have given its words."""
    world.publisher("wire.example", "distributor")
    contact = "報道関係者お問い合わせ先：ハーバー・ポンプス広報　電話 192-0-2"
    world.article("wire.example", f"{texts.pump_ja}\n{contact}", "ja", at=DAY[3], parts=(("contact", contact, ""),))
    earlier = (texts.pump_ja, "ja") if same_words else (texts.pump_en, "en")
    world.article("paper.example", *earlier, at=DAY[0])
    copy = world.article("copy.example", texts.pump_ja, "ja", at=DAY[5])
    made = world.trace()
    if same_words:
        assert made.verdicts[copy] in ("tie", "cannot_tell")
    else:
        assert made.verdicts[copy] in ("source_found", "probable")
        assert made.best[copy]["candidate_publisher"] == "wire.example"


@pytest.mark.parametrize("found", [True, False])
def test_two_wires_of_a_translated_release_tie_also_where_only_one_was_matched(
    found: bool, world: Any, texts: SimpleNamespace
) -> None:
    """Which of their languages the copy was made from cannot be told; a match that was missed tells nothing."""
    world.publisher("wire.example", "distributor")
    world.publisher("second.example", "distributor")
    world.article("wire.example", f"{texts.pump_zh}\n{CONTACT}", "zh", at=DAY[0], parts=CONTACTS)
    second = world.article("second.example", f"{texts.pump_en}\n{CONTACT}", "en", at=DAY[0], parts=CONTACTS)
    copy = world.article("copy.example", texts.pump_ja, "ja", at=DAY[4])
    publishers, articles, versions, parts, clocks, links, images, _ = world.tables()
    held, times = load(articles, versions, parts), best(articles, clocks)
    matches, _ = find(held, times, images, Trace())
    ids = [text.article_id for text in held]
    pair = {ids.index(copy), ids.index(second)}
    assert any({match.first, match.second} == pair for match in matches)
    kept = [match for match in matches if found or {match.first, match.second} != pair]
    _, _, traced = follow(publishers, links, schema.frame("outlet_listings", []), held, times, kept)
    assert traced[ids.index(copy)].verdict == "tie"


def test_every_line_of_the_ledger_cites_a_capture_and_they_add_up(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor", "Harbour Wire")
    credit = "Source: Harbour Wire"
    world.article("wire.example", f"{texts.pump_en}\n{CONTACT}", at=DAY[0], archived=DAY[0], parts=CONTACTS)
    world.article("a.example", f"{texts.pump_en}\n{credit}", at=DAY[1], parts=(("credit", credit, "Harbour Wire"),))
    world.article("b.example", texts.pump_en, at=DAY[2], links=("https://wire.example/news/1",))
    world.article("c.example", texts.pump_ja, "ja", at=DAY[3])
    made = world.trace()
    sums: dict[str, float] = {}
    for row in rows(made, "trace_evidence"):
        assert row["capture_id"].startswith("c-"), row
        sums[row["trace_id"]] = sums.get(row["trace_id"], 0.0) + row["log_odds"]
    for row in rows(made, "traces"):
        if row["rank"]:
            assert sums.get(row["trace_id"], 0.0) == pytest.approx(row["log_odds"], abs=0.05)


def test_without_its_best_line_a_candidate_falls_by_what_the_line_says(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor", "Harbour Wire")
    world.article("wire.example", texts.pump_en, at=DAY[0])
    credit = "Source: Harbour Wire"
    named = world.article(
        "a.example", f"{texts.pump_en}\n{credit}", at=DAY[1], parts=(("credit", credit, "Harbour Wire"),)
    )
    with_credit = world.trace().best[named]["log_odds"]
    world.rows["article_parts"].clear()
    world.rows["article_versions"][-1]["text"] = texts.pump_en.split("\n", 1)[1]
    assert with_credit - world.trace().best[named]["log_odds"] == pytest.approx(6.0, abs=0.05)


@pytest.mark.parametrize("clocks", [("", ""), (DAY[0], DAY[2])])
@pytest.mark.parametrize("longer", ["one.example", "two.example"])
def test_length_gives_no_direction(longer: str, clocks: tuple[str, str], world: Any) -> None:
    """Paragraphs of its own, on either side, change neither verdict nor what speaks for a direction."""
    said = []
    for number, more in enumerate(("", "\n" + story(99).split("\n", 2)[1])):
        made = []
        for name, at in zip(("one.example", "two.example"), clocks, strict=True):
            own = more if name == longer else ""
            made.append(world.article(f"{number}-{name}", story(number) + own, at=at))
        traced = world.trace()
        kinds = [
            (row["reason"], row["log_odds"])
            for row in rows(traced, "trace_evidence")
            if row["reason"] != "closeness"
            and row["trace_id"] in {traced.best[article]["trace_id"] for article in made}
        ]
        said.append(([traced.verdicts[article] for article in made], sorted(kinds)))
    assert said[0] == said[1]


@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_our_own_looks_order_nothing(one: int, other: int) -> None:
    clocks = [Clock(n, latest=t, proven_by=t, proven_source="capture") for n, t in (("a", one), ("b", other))]
    assert order(*clocks) is None


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_the_hypergeometric_tail_is_exact(population: int, marked: int, drawn: int, least: int) -> None:
    found = tail(population, marked, drawn, least)
    if least <= 0 or drawn > population or marked > population:
        assert found == 1.0
        return
    ways = sum(
        math.comb(marked, k) * math.comb(population - marked, drawn - k) for k in range(least, min(marked, drawn) + 1)
    )
    assert found == pytest.approx(ways / math.comb(population, drawn), abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=8))
def test_covered_counts_each_character_once(spans: list[tuple[int, int]]) -> None:
    made = [(begin, begin + size) for begin, size in spans]
    assert covered(made) == len({place for begin, end in made for place in range(begin, end)})


@given(st.permutations([0.1] * 9 + [-2.725, 1.3, 1e-9, 0.7]))
def test_reasons_sum_to_the_same_in_any_order_and_on_any_python(weights: list[float]) -> None:
    # Python's own sum gives .1 * 10 = .9999999999999999 up to 3.11 and 1.0 from 3.12 on: a rank or a last digit apart.
    reasons = tuple(Reason("time", weight, "") for weight in weights)
    assert Candidate(0, "a.example", reasons).log_odds == math.fsum(sorted(weights))
    assert Candidate(0, "a.example", (Reason("time", 0.1, ""),) * 10).direction == 1.0


def text(words: str, publisher: str = "x.example", language: str = "en") -> Text:
    codes, places = fold(words)
    return Text("a-1", publisher, "", language, "", words, "", False, "live", codes, places, ())


TOLD = Names([("Harbour Newswire", "wire.example"), ("港ワイヤー通信", "ja.example")]).among(
    ["wire.example", "ja.example"]
)


@pytest.mark.parametrize(
    ("sentence", "publisher"),
    [
        ("A release sent out by Harbour Newswire puts it this way:", "wire.example"),
        ("From the announcement, distributed by Harbour Newswire:", "wire.example"),
        ("港ワイヤー通信が配信した発表文にはこうある。", "ja.example"),
        ("The release came by North Harbour Newswire.", ""),
        ("Harbour Newswire Works said in a release that it had moved.", ""),
        ("Harbour Newswire moved to a new house.", ""),
    ],
)
def test_a_distributor_named_in_prose(sentence: str, publisher: str) -> None:
    assert [c.publisher for c in in_prose(f"Before.\n{sentence}\nAfter.", TOLD)] == ([publisher] if publisher else [])


def test_a_report_about_a_wire_is_not_traced_to_it(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor", "Harbour Newswire")
    world.article("wire.example", f"{texts.pump_en}\n{CONTACT}", at=DAY[0], parts=CONTACTS)
    report = world.article(
        "paper.example", f"{texts.bakery_en}\nHundreds of sites run what Harbour Newswire distributed.", at=DAY[1]
    )
    assert world.trace().verdicts[report] == "alone"


def test_a_wires_name_in_another_script_is_learnt_from_those_who_credit_it(world: Any) -> None:
    world.publisher("wire.example", "distributor", "Harbour Wire")
    world.publisher("second.example", "distributor", "Kelmond Wire")
    credit = "来源：远岸电讯"
    part = (("credit", credit, "远岸电讯"),)
    for number in range(3):
        world.article("wire.example", f"{story(number)}\n{CONTACT}", at=DAY[0], parts=CONTACTS)
        world.article(f"site{number}.example", f"{story(number)}\n{credit}", at=DAY[1], parts=part)
    for wire in ("wire.example", "second.example"):
        world.article(wire, f"{story(9)}\n{CONTACT}", at=DAY[0], parts=CONTACTS)
    both = world.article("site9.example", f"{story(9)}\n{credit}", at=DAY[1], parts=part)
    made = world.trace()
    assert (made.verdicts[both], made.best[both]["candidate_publisher"]) == ("source_found", "wire.example")


@pytest.mark.parametrize("named", [True, False])
def test_a_wire_is_no_source_of_what_names_another_in_prose(named: bool, world: Any) -> None:
    """That a wire sends releases, and its clock, do not outweigh what the article says itself."""
    world.publisher("wire.example", "distributor", "Harbour Newswire")
    world.publisher("second.example", "distributor", "Kelmond Newswire")
    world.article("second.example", f"{story(1)}\n{CONTACT}", at=DAY[0], parts=CONTACTS)
    own = "A release sent out by Harbour Newswire puts it this way:" if named else "The company puts it this way:"
    report = world.article("paper.example", f"New pumps\n{own}\n{story(1)}", at=DAY[2])
    assert world.trace().verdicts[report] == ("cannot_tell" if named else "source_found")


@pytest.mark.parametrize("credit", ["캐슬퍼드 뉴스와이어", "カースルフォード・ニュースワイヤー"])
def test_a_wires_name_is_heard_in_another_script(credit: str, world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor", "Castleford Newswire")
    world.publisher("second.example", "distributor", "Orient Signal Wire")
    for wire in ("wire.example", "second.example"):
        world.article(wire, f"{texts.bakery_en}\n{CONTACT}", at=DAY[0], parts=CONTACTS)
    copy = world.article("x.example", f"{texts.bakery_en}\n{credit}", at=DAY[1], parts=(("credit", credit, credit),))
    made = world.trace()
    assert (made.verdicts[copy], made.best[copy]["candidate_publisher"]) == ("source_found", "wire.example")


@pytest.mark.parametrize("words", ["Source : Telegram « Kelmond »", "Telegram « Kelmond »"])
def test_a_credit_of_nobody_known_is_whose_its_link_leads_to(words: str, world: Any) -> None:
    line = "Source : Telegram « Kelmond »"
    part = (("credit", line, "Telegram « Kelmond »"),)
    copy = world.article("copy.example", f"{story(1)}\n{line}", at=DAY[1], parts=part)
    world.leads(copy, words, "t.me/kelmond")
    world.leads(copy, "Share", "t.me/share")
    made = world.trace()
    assert (made.verdicts[copy], made.best[copy]["candidate_publisher"]) == ("probable", "t.me/kelmond")
    assert made.best[copy]["candidate"] == ""
    assert "names t.me/kelmond as its source and links there" in made.best[copy]["statement"]


def test_a_credits_name_goes_before_where_its_link_leads(world: Any) -> None:
    """A link may run through a counter of clicks; the name is what the reader is told."""
    world.publisher("kelmond.example", "unlisted", "Kelmond")
    original = world.article("kelmond.example", story(1), at=DAY[0])
    line = "Source : Telegram « Kelmond »"
    copy = world.article(
        "copy.example", f"{story(1)}\n{line}", at=DAY[1], parts=(("credit", line, "Telegram « Kelmond »"),)
    )
    world.leads(copy, line, "clicks.example")
    made = world.trace()
    assert (made.verdicts[copy], made.best[copy]["candidate"]) == ("source_found", original)


@pytest.mark.parametrize("target", ["copy.example", "unsplash.com"])
def test_a_link_to_ones_own_pages_or_to_a_bank_of_pictures_is_no_source(target: str, world: Any) -> None:
    line = "Source: our desk"
    copy = world.article("copy.example", f"{story(1)}\n{line}", at=DAY[1], parts=(("credit", line, "our desk"),))
    world.leads(copy, line, target)
    assert world.trace().verdicts[copy] == "alone"


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        (f"{story(1)}\nAll of it was provided by Kelmond in time.", (("credit", "provided by Kelmond", "Kelmond"),)),
        (
            f"{story(1)}\nSource: Kelmond\nMore was said.\nSource: Tarn Office",
            (("credit", "Source: Kelmond", "Kelmond"), ("credit", "Source: Tarn Office", "Tarn Office")),
        ),
    ],
)
def test_words_in_a_sentence_or_of_one_section_are_no_source_of_the_text(body: str, parts: Any, world: Any) -> None:
    copy = world.article("copy.example", body, at=DAY[1], parts=parts)
    world.leads(copy, "Kelmond", "kelmond.example")
    assert world.trace().verdicts[copy] == "alone"


FORMS = [(row.publisher, row.name, form) for row in distributors() for form in row.credit_forms]


@pytest.mark.parametrize(("publisher", "name", "form"), FORMS)
def test_a_credit_form_names_its_distributor(publisher: str, name: str, form: str) -> None:
    names = Names([(row.name, row.publisher) for row in distributors()])
    found = credits_of(text(f"HARBOUR CITY, March 5, 2024 {form} -- A maker of pumps opened a plant."), names)
    assert publisher in [credit.publisher for credit in found]


def clocks_of(articles: dict[str, list[tuple[str, str, str, str]]]) -> dict[str, Clock]:
    """Articles of one publisher by name, each a list of (source, event, time, capture)."""
    made: list[dict[str, Any]] = []
    stated: list[dict[str, Any]] = []
    for name, said in articles.items():
        made.append(
            {"article_id": name, "publisher": "p.example", "address": f"https://p.example/{name}", "characters": 1}
            | {"release_like": False, "state": "live", "versions": 1, "version_id": "v", "source": "crawl"}
            | {"first_seen": "2026-01-01T00:00:00Z"}
        )
        for number, (source, event, time, capture) in enumerate(said):
            day = len(time) == 10
            stated.append(
                {"clock_id": f"t-{name}-{number}", "article_id": name, "source": source, "event": event, "value": time}
                | {"earliest": f"{time}T00:00:00Z" if day else time, "latest": f"{time}T23:59:59Z" if day else time}
                | {"precision": "day" if day else "second", "zone": "stated", "capture_id": capture}
            )
    return best(schema.frame("articles", made), schema.frame("clocks", stated))


def test_a_date_on_the_page_is_outvoted_by_what_software_wrote() -> None:
    said = [
        ("feed", "published", DAY[3], ""),
        ("json_ld", "published", DAY[3], ""),
        ("visible", "published", "1998-02-05", ""),
    ]
    clock = clocks_of({"a": said})["a"]
    assert (clock.quality, clock.source) == ("claimed", "feed")
    assert "visible also says 1998-02-05" in clock.note
    two = clocks_of({"a": [said[0], ("json_ld", "published", DAY[0], "")]})["a"]
    assert two.quality == "doubtful"


def test_todays_date_in_a_masthead_is_no_clock() -> None:
    said = [("visible", "published", "2025-09-01", "c-1"), ("visible", "published", "2025-11-03", "c-2")]
    assert clocks_of({"a": said})["a"].quality == "capture_only"


def dated(claim: str, file: str) -> list[tuple[str, str, str, str]]:
    return [("json_ld", "published", claim, ""), ("http", "modified", file, ""), ("sitemap", "modified", file, "")]


def test_pages_that_are_all_younger_than_their_dates_are_doubted() -> None:
    late = clocks_of({f"a{i}": dated(DAY[i], DAY[i + 1]) for i in range(6)})
    assert {clock.quality for clock in late.values()} == {"doubtful"}
    assert "6 of 6 articles of p.example more than 12 hours after" in late["a0"].note
    moved = clocks_of({f"a{i}": dated(DAY[i], "2025-01-01T00:00:00Z") for i in range(6)})
    assert {clock.quality for clock in moved.values()} == {"claimed"}


def test_one_page_that_is_younger_than_its_date_is_doubted_where_the_others_agree() -> None:
    made = clocks_of({f"a{i}": dated(DAY[i], DAY[i]) for i in range(6)} | {"odd": dated(DAY[0], DAY[6])})
    assert (made["odd"].quality, made["a1"].quality) == ("doubtful", "claimed")


def test_a_page_older_than_its_date_is_doubted() -> None:
    assert clocks_of({"a": dated(DAY[5], DAY[0])})["a"].quality == "doubtful"


def test_a_proposal_has_its_numbers(world: Any) -> None:
    first = []
    for number in range(6):
        first.append(world.article("feeder.example", story(number), at=DAY[0]))
        for outlet in range(4):
            world.article(f"taker{outlet}.example", story(number), at=DAY[1 + outlet % 2])
    (row,) = rows(world.trace(), "distributors")
    assert (row["origin"], row["releases"], row["outlets"], row["median_delay_hours"]) == ("proposed", 6, 4, 36.0)
    assert sorted(row["first_articles"].split()) == sorted(first)


def test_what_is_traced_to_a_proposed_distributor_is_counted_among_the_releases(world: Any) -> None:
    for number in range(6):
        world.article("feeder.example", story(number), at=DAY[0], release=False)
        for outlet in range(4):
            world.article(f"taker{outlet}.example", story(number), at=DAY[1 + outlet % 2], release=False)
    supplies = rows(world.trace(), "publisher_distributors")
    assert supplies
    assert all(row["traced"] <= row["releases"] for row in supplies)
