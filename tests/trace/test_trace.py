"""The room as a whole: matches, stories, verdicts, distributors; and what must not become a claim."""

import random
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from wiretrace import schema
from wiretrace.config import Investigation
from wiretrace.schema.stored import Stored, write_rows
from wiretrace.trace import boilerplate, trace
from wiretrace.trace.fold import fold
from wiretrace.trace.texts import Text

DAY = ["2024-03-05T08:00:00Z", "2024-03-06T09:00:00Z", "2024-03-07T10:00:00Z", "2024-03-08T11:00:00Z"]
CONTACT = "Media contact: Jo Berg, press@harbour-pumps.example, 192.0.2.7"
ABOUT = "About Harbour Pumps: founded in 1961, the company makes pumps for fishing ports and is owned by its workers."
RELEASE_PARTS = (("contact", CONTACT, ""), ("boilerplate", ABOUT, ""))


def release(text: str) -> str:
    return f"{text}\n{ABOUT}\n{CONTACT}"


NOUNS = [
    "rope",
    "lamp",
    "kettle",
    "saddle",
    "loom",
    "clock",
    "drum",
    "kite",
    "bell",
    "raft",
    "barrel",
    "ladder",
    "needle",
    "lantern",
    "violin",
    "anchor",
    "bucket",
    "mirror",
    "pillow",
    "wagon",
    "chimney",
    "orchard",
    "ferry",
    "granary",
    "harness",
    "pulley",
    "quarry",
    "sawmill",
    "tunnel",
    "viaduct",
    "weaver",
    "yeast",
    "zither",
    "bonnet",
    "candle",
    "dairy",
    "engine",
    "fiddle",
    "garden",
    "hammer",
    "island",
    "jacket",
    "kiln",
    "lemon",
    "marble",
    "noodle",
    "oven",
    "paddle",
    "quilt",
    "ribbon",
]
VERBS = [
    "built",
    "sold",
    "counted",
    "moved",
    "painted",
    "repaired",
    "opened",
    "closed",
    "weighed",
    "carried",
    "lifted",
    "folded",
    "traded",
    "lent",
    "found",
]


def story(number: int) -> str:
    """A dull invented release, the same for the same number, with little in common with any other."""
    pick = random.Random(number)  # noqa: S311
    lines = [f"Of {pick.choice(NOUNS)}s and {pick.choice(NOUNS)}s, {number}"]
    for _ in range(5):
        words = [
            f"{pick.choice(NOUNS)} {pick.choice(VERBS)} {pick.randrange(11, 9999)} {pick.choice(NOUNS)}s"
            for _ in range(4)
        ]
        lines.append(f"The {', '.join(words)} near {pick.choice(NOUNS).title()}{pick.choice(NOUNS)}.")
    return "\n".join(lines)


def rows(made: SimpleNamespace, name: str) -> list[dict[str, Any]]:
    return schema.records(made.tables[name])


def test_copies_and_translations_lead_to_the_wire(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor", "Harbour Wire")
    source = world.article("wire.example", release(texts.pump_en), at=DAY[0], parts=RELEASE_PARTS)
    copy = world.article("copy.example", texts.pump_en, at=DAY[1])
    trimmed = world.article("trim.example", "New plant\n" + "\n".join(texts.pump_en.split("\n")[1:4]), at=DAY[1])
    headline = world.article("head.example", "Pumps for Asia\n" + texts.pump_en.split("\n", 1)[1], at=DAY[2])
    japanese = world.article("ja.example", texts.pump_ja, "ja", at=DAY[2])
    chinese = world.article("zh.example", texts.pump_zh, "zh-Hans", at=DAY[2])
    korean = world.article("ko.example", texts.pump_ko, "ko", at=DAY[3])
    other = world.article("other.example", texts.bakery_en, at=DAY[3])
    made = world.trace()
    assert made.verdicts[source] == "is_source"
    assert made.verdicts[other] == "alone"
    for article in (copy, trimmed, headline, japanese, chinese, korean):
        assert made.verdicts[article] in ("source_found", "probable"), made.best[article]["statement"]
        assert made.best[article]["candidate"] == source
        assert "wire.example" in made.best[article]["statement"]
    relations = {row["article_id"]: row["relation"] for row in rows(made, "story_members")}
    assert relations == {source: "source", copy: "copy", trimmed: "excerpt", headline: "copy"} | dict.fromkeys(
        (japanese, chinese, korean), "translation"
    )
    (found,) = rows(made, "stories")
    assert (found["first_article"], found["articles"], found["publishers"]) == (source, 7, 7)
    translated = made.pairs[frozenset((source, japanese))]
    assert translated["kind"] == "translated"
    assert '["12.2 million","1220万","number"' in translated["anchors"]


def test_releases_of_one_company_are_not_translations_of_each_other(world: Any, texts: SimpleNamespace) -> None:
    world.article("a.example", texts.pump_en, "en", at=DAY[0])
    world.article("b.example", texts.valve_ja, "ja", at=DAY[1])
    world.article("c.example", texts.library_ja, "ja", at=DAY[1])
    world.article("d.example", texts.bakery_en, "en", at=DAY[1])
    assert rows(world.trace(), "text_matches") == []


def test_what_a_site_puts_on_everything_makes_no_match(world: Any, texts: SimpleNamespace) -> None:
    footer = (
        "Northern Ledger is read in nine towns along the coast. Write to the desk, subscribe to the letter, or leave a note "
        "in the green box at the harbour office, where somebody empties it on most days of the week."
    )
    bodies = [texts.pump_en, texts.valve_en, texts.bakery_en, *(story(i) for i in range(3))]
    for body in bodies:
        world.article("ledger.example", f"{body}\n{footer}", at=DAY[0])
        world.article("twin.example", f"{story(40 + len(world.rows['articles']))}\n{footer}", at=DAY[0])
    assert not [r for r in rows(world.trace(), "text_matches") if footer[:40] in str(r)]
    assert all(row["kind"] != "verbatim" for row in rows(world.trace(), "text_matches"))


def test_boilerplate_alone_is_no_match(world: Any, texts: SimpleNamespace) -> None:
    world.article("a.example", release(texts.pump_en), parts=RELEASE_PARTS)
    world.article("b.example", release(texts.bakery_en), parts=RELEASE_PARTS)
    assert rows(world.trace(), "text_matches") == []


def notices(world: Any) -> list[str]:
    """Articles of four sites on subjects of their own, with a footer of one site and a credit line of a wire."""
    made = []
    for site in range(4):
        for number in range(4):
            lines = [story(100 + 10 * site + number)]
            lines += ["Quay Ledger is printed on Tuesdays and Fridays."] if site == 0 else []
            lines += ["Distributed by Tern Wire, unedited."] if number == 0 else []
            made.append(world.article(f"site{site}.example", "\n".join(lines), at=DAY[0]))
    return made


def test_what_is_added_everywhere_is_listed_and_joins_nothing(world: Any, texts: SimpleNamespace) -> None:
    articles = notices(world)
    for site in range(4):  # a release that many run is no boilerplate
        world.article(f"site{site}.example", texts.pump_en, at=DAY[1])
    made = world.trace()
    shown = ("kind", "text", "publisher", "publishers", "articles", "texts", "language")
    assert sorted(tuple(row[name] for name in shown) for row in rows(made, "boilerplate")) == [
        ("across_publishers", "Distributed by Tern Wire, unedited.", "", 4, 4, 4, "en"),
        ("on_one_publisher", "Quay Ledger is printed on Tuesdays and Fridays.", "site0.example", 1, 4, 4, "en"),
    ]
    assert all(row["first_article"] in articles for row in rows(made, "boilerplate"))
    assert not [r for r in rows(made, "text_matches") if {r["article_a"], r["article_b"]} & set(articles)]


NOTE = (
    "The prices named here were given by the makers and have not been checked. Who buys should ask for the day's list."
)


def test_a_passage_within_paragraphs_is_listed_whole(world: Any) -> None:
    for number in range(6):
        body = story(300 + number).replace("\n", " ")
        world.article(f"site{number % 3}.example", f"Notice {number}\n{body} {NOTE} {story(400 + number)}", at=DAY[0])
    found = rows(world.trace(), "boilerplate")
    assert [(row["kind"], row["text"], row["texts"]) for row in found] == [("across_publishers", NOTE, 6)]


OWN = (
    "The desk of this paper is open to all who live on the river, from the first bell until the lamps are lit at night. "
    "Whoever has seen something, heard something or lost something may write to it. Names are kept out of print by all. "
    "Letters are read on the day they come, answered within the week, and kept in the cellar for nine years."
)


def paragraphs(number: int, sentences: int) -> list[str]:
    return [line for part in range(9) for line in story(number + part).split("\n")[1:]][:sentences]


@pytest.mark.parametrize("sentences", [5, 8])
def test_what_a_site_adds_within_its_paragraphs_makes_no_match(world: Any, sentences: int) -> None:
    for number in range(6):
        before, *after = paragraphs(2000 + 10 * number, sentences)
        world.article("own.example", f"Notice {number}\n{before} {OWN} {' '.join(after)}", at=DAY[0])
    assert rows(world.trace(), "text_matches") == []


ABOUT_JA = (
    "湖畔速報は、東西の港町に暮らす読者のために、毎朝七時に更新される無料の読み物です。広告の掲載や転載をご希望の方は、平日の午前中に窓口までお電話ください。"
    "掲載された内容の正確さには細心の注意を払っていますが、損害が生じた場合の責任は負いかねます。当欄の意見は筆者個人のものであり、所属する団体を代表しません。"
)
SHORT_JA = [
    "市立動物園で三月、双子のレッサーパンダが生まれた。飼育員の森下さんは、二頭とも乳をよく飲むと話す。体重は百二十グラムで、来月から窓越しに見られる。",
    "県道の橋が老朽化のため通行止めになった。迂回路は北の峠を通り、二十分余計にかかる。復旧は秋の祭りのあとになる見込みで、予算はまだない。",
    "高校野球の地区大会で、無名の水産高校が初優勝を果たした。主将は決勝で三本の二塁打を放ち、監督を泣かせた。来週は県の代表校と当たる。",
    "豆腐店の三代目が、海水のにがりで固めた新商品を売り出した。塩気が強く、冷や奴に醤油はいらないという。一丁二百円で、夕方には棚から消える日が続いている。",
    "大学の研究班が、洞窟の奥で目のない新種の魚を見つけた。体長は四センチで、壁に生えた菌を食べるらしい。名前は子どもたちから募る。",
    "中央駅の時計が、百年ぶりに止まった。修理を頼まれた職人は、歯車に鳥の羽が挟まっていたと明かした。針は春まで正午を指したままになる。",
]


@pytest.mark.parametrize(
    "form", ["{own}\n{about}", "{own} {about}", "{about}\n{own}", "{own}\n{lines}\nPosted No. {n}."]
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_short_articles_beside_a_long_passage_of_the_site_are_no_copies(
    world: Any, texts: SimpleNamespace, form: str, language: str
) -> None:
    about = OWN if language == "en" else ABOUT_JA
    owns = [" ".join(paragraphs(2300 + 10 * n, 2)) for n in range(6)] if language == "en" else SHORT_JA
    told = {"about": about, "lines": re.sub(r"(?<=[.。]) ?", "\n", about)}
    made = [form.format(own=own, n=n, **told) for n, own in enumerate(owns)]
    articles = [world.article("own.example", f"{n}\n{text}", language, at=DAY[0]) for n, text in enumerate(made)]
    foreign = " ".join(paragraphs(2400, 3)) if language == "en" else texts.library_ja
    world.article("other.example", f"Own\n{foreign}\n{about}", language, at=DAY[0])
    copy = world.article("copy.example", f"Copy\n{made[3]}", language, at=DAY[1])
    found = [{row["article_a"], row["article_b"]} for row in rows(world.trace(), "text_matches")]
    assert found == [{articles[3], copy}]


def test_a_text_that_a_site_runs_again_and_again_is_its_text(world: Any) -> None:
    lines = paragraphs(2100, 12)
    copy = world.article("copy.example", f"Notice\n{' '.join(lines)}", at=DAY[1])
    for number in range(6):
        edited = [*lines[: 2 * number], story(2200 + number).split("\n")[1], *lines[2 * number + 1 :]]
        world.article("own.example", f"Notice {number}\n{' '.join(edited)}", at=DAY[0])
    assert sum(copy in (row["article_a"], row["article_b"]) for row in rows(world.trace(), "text_matches")) == 6


def test_what_many_outlets_quote_of_one_release_is_no_boilerplate(world: Any) -> None:
    release = [story(500 + number) for number in range(3)]
    world.article("wire.example", "\n".join(["Release", *release]), at=DAY[0])
    for number in range(5):
        own = "\n".join(story(600 + 10 * number + line) for line in range(3))
        world.article(f"site{number}.example", f"Report\n{own}\n{release[0]}\n{release[2]}", at=DAY[1])
    assert rows(world.trace(), "boilerplate") == []


def korean(seed: int, sentences: int) -> str:
    """Sentences of invented Korean words."""
    pick = random.Random(seed)  # noqa: S311
    words = ["".join(chr(pick.randrange(0xAC00, 0xD7A4)) for _ in range(pick.randrange(2, 5))) for _ in range(400)]
    return " ".join(" ".join(pick.sample(words, 8)) + "다." for _ in range(sentences))


def test_a_day_of_articles_that_share_passages_is_no_story(world: Any) -> None:
    statements, closing = [korean(700 + number, 2) for number in range(24)], korean(799, 2)
    for number in range(24):
        # Each quotes two statements, one of them with the article before, one with the next; all end alike.
        told = f"{statements[number]} {korean(800 + number, 5)} {statements[(number + 1) % 24]}"
        world.article(f"site{number}.example", f"{number}\n{told} {closing}", "ko", at=DAY[0])
    made = world.trace()
    assert rows(made, "stories") == []
    (found,) = rows(made, "boilerplate")
    assert (found["kind"], found["text"], found["articles"]) == ("across_publishers", closing, 24)


def test_boilerplate_does_not_depend_on_the_order_of_texts(world: Any) -> None:
    notices(world)
    found = [
        Text(r["article_id"], r["publisher"], "", "en", "", v["text"], "", False, "live", *fold(v["text"]), ())
        for r, v in zip(world.rows["articles"], world.rows["article_versions"], strict=True)
    ]
    expected = sorted(boilerplate.rows(found, []), key=str)
    for seed in range(5):
        random.Random(seed).shuffle(found)  # noqa: S311
        assert sorted(boilerplate.rows(found, []), key=str) == expected != []


def test_texts_that_each_overlap_with_the_next_are_not_one_story(world: Any) -> None:
    pieces = [story(200 + number) for number in range(8)]
    chain = [world.article(f"c{i}.example", "\n".join(pieces[i : i + 3]), at=DAY[0]) for i in range(6)]
    members = {row["article_id"]: row["story_id"] for row in rows(world.trace(), "story_members")}
    # Neighbours have two thirds in common, those next to them one third, the others nothing.
    for i, one in enumerate(chain):
        for other in chain[i + 3 :]:
            assert one not in members or members[one] != members.get(other)


def test_a_merged_page_glues_no_stories(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor")
    first = world.article("wire.example", texts.pump_en, at=DAY[0])
    second = world.article("wire.example", texts.bakery_en, at=DAY[0])
    world.article("x.example", texts.pump_en, at=DAY[1])
    world.article("y.example", texts.bakery_en, at=DAY[1])
    merged = world.article("m.example", texts.pump_en + "\n" + texts.bakery_en.split("\n", 1)[1], at=DAY[2])
    made = world.trace()
    members = {row["article_id"]: row["story_id"] for row in rows(made, "story_members")}
    assert members[first] != members[second]
    assert members[merged] == members[first]
    assert {made.pairs[frozenset((merged, part))]["kind"] for part in (first, second)} == {"merged"}


def test_excerpts_that_share_nothing_belong_to_their_source(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor")
    lines = texts.pump_en.split("\n")
    world.article("wire.example", texts.pump_en, at=DAY[0])
    world.article("x.example", "One\n" + "\n".join(lines[1:3]), at=DAY[1])
    world.article("y.example", "Two\n" + "\n".join(lines[4:]), at=DAY[2])
    assert [row["articles"] for row in rows(world.trace(), "stories")] == [3]


def test_a_credit_line_names_the_source(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("daily.example", "outlet", "Kelmond Daily")
    credit = "Source: Kelmond Daily"
    source = world.article("daily.example", texts.bakery_en, at=DAY[0])
    copy = world.article(
        "copy.example", f"{texts.bakery_en}\n{credit}", at=DAY[1], parts=(("credit", credit, "Kelmond Daily"),)
    )
    made = world.trace()
    assert (made.verdicts[copy], made.best[copy]["candidate"]) == ("source_found", source)
    assert made.verdicts[source] == "is_source"
    (reason,) = [r for r in rows(made, "trace_evidence") if r["reason"] == "credit" and r["log_odds"] > 0]
    assert reason["excerpt"] == credit


def test_a_credit_without_its_release_is_probable_at_most(world: Any, texts: SimpleNamespace) -> None:
    credit = "提供元：PR TIMES"
    copy = world.article(
        "copy.example", f"{texts.library_ja}\n{credit}", "ja", at=DAY[1], parts=(("credit", credit, "PR TIMES"),)
    )
    made = world.trace()
    assert made.verdicts[copy] == "probable"
    assert (made.best[copy]["candidate"], made.best[copy]["candidate_publisher"]) == ("", "prtimes.jp")


def test_time_alone_gives_no_verdict(world: Any, texts: SimpleNamespace) -> None:
    world.article("early.example", texts.bakery_en, at=DAY[0], archived=DAY[0])
    late = world.article("late.example", texts.bakery_en, at=DAY[3])
    made = world.trace()
    assert made.verdicts[late] == "cannot_tell"
    assert "third source" in made.best[late]["statement"]


def test_our_own_capture_gives_no_direction(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor")
    world.article("wire.example", texts.bakery_en)
    copy = world.article("copy.example", texts.bakery_en)
    made = world.trace()
    assert not [r for r in rows(made, "trace_evidence") if r["reason"] in ("clock", "archive_clock")]
    assert made.verdicts[copy] != "source_found"


@pytest.mark.parametrize("archived", ["", DAY[0]])
def test_a_release_that_came_after_the_outlet_is_not_its_source(
    archived: str, world: Any, texts: SimpleNamespace
) -> None:
    world.publisher("wire.example", "distributor")
    outlet = world.article("outlet.example", texts.bakery_en, at=DAY[0], archived=archived)
    wire = world.article("wire.example", release(texts.bakery_en), at=DAY[2], parts=RELEASE_PARTS)
    made = world.trace()
    assert made.verdicts[outlet] == "cannot_tell"
    assert made.verdicts[wire] in ("cannot_tell", "tie")


def test_a_clock_caught_lying_orders_nothing(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor")
    for number in range(3):
        world.article("liar.example", story(number), at=DAY[3], archived=DAY[0])
    liar = world.article("liar.example", texts.bakery_en, at="2024-01-01T00:00:00Z")
    wire = world.article("wire.example", release(texts.bakery_en), at=DAY[1], parts=RELEASE_PARTS)
    made = world.trace()
    quality = {row["article_id"]: row["clock_quality"] for row in rows(made, "story_members")}
    assert quality[liar] == "doubtful"
    assert made.verdicts[wire] != "source_found"
    assert made.best[liar]["candidate"] == wire


def test_two_wires_that_cannot_be_told_apart_tie(world: Any, texts: SimpleNamespace) -> None:
    for wire in ("wire-a.example", "wire-b.example"):
        world.publisher(wire, "distributor")
        world.article(wire, release(texts.bakery_en), at=DAY[0], parts=RELEASE_PARTS)
    copy = world.article("copy.example", texts.bakery_en, at=DAY[2])
    made = world.trace()
    assert made.verdicts[copy] == "tie"
    assert "wire-a.example and wire-b.example" in made.best[copy]["statement"]


def test_both_credit_a_third(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("agency.example", "outlet", "Norvik News Agency")
    credit = "(Norvik News Agency)"
    part = (("credit", credit, "Norvik News Agency"),)
    one = world.article("one.example", f"{texts.bakery_en}\n{credit}", at=DAY[0], parts=part)
    two = world.article("two.example", f"{texts.bakery_en}\n{credit}", at=DAY[2], parts=part)
    made = world.trace()
    assert made.verdicts[one] == made.verdicts[two] == "cannot_tell"


def test_left_over_characters_point_to_the_original(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor")
    source = world.article("wire.example", texts.pump_zh, "zh-Hans", at=DAY[0])
    copy = world.article("copy.example", texts.pump_ja.replace("台風", "台风").replace("漁港", "渔港"), "ja", at=DAY[1])
    made = world.trace()
    assert (made.verdicts[copy], made.best[copy]["candidate"]) == ("source_found", source)
    assert [
        r["excerpt"] for r in rows(made, "trace_evidence") if r["reason"] == "translation" and r["log_odds"] > 0
    ] == ["渔风"]


def test_a_site_is_traced_to_its_distributor_by_all_its_releases(world: Any) -> None:
    world.publisher("wire.example", "distributor", "Harbour Wire")
    world.publisher("paper.example", "outlet", "Kelmond Paper")
    for number in range(8):
        world.article("wire.example", release(story(number)), at=DAY[0], parts=RELEASE_PARTS)
        world.article("suspect.example", story(number), at=DAY[1])
    for number in range(2):  # a paper of its own that reprints two releases
        world.article("paper.example", story(number), at=DAY[2])
    for number in range(20, 30):
        world.article("paper.example", story(number), at=DAY[2], release=False)
    made = world.trace()
    supply = {row["publisher"]: row for row in rows(made, "publisher_distributors")}
    assert supply["suspect.example"]["verdict"] == "supplied_by"
    assert (supply["suspect.example"]["releases"], supply["suspect.example"]["traced"]) == (8, 8)
    assert "8 of 8 releases on suspect.example" in supply["suspect.example"]["statement"]
    assert supply["paper.example"]["verdict"] == "carries_some"
    (wire,) = rows(made, "distributors")
    assert (wire["origin"], wire["traced"], wire["outlets"], wire["median_delay_hours"] > 0) == ("seed", 10, 2, True)


def test_a_publisher_that_feeds_many_is_proposed(world: Any) -> None:
    for number in range(6):
        world.article("feeder.example", release(story(number)), at=DAY[0], archived=DAY[0], parts=RELEASE_PARTS)
        for outlet in range(4):
            world.article(f"taker{outlet}.example", story(number), at=DAY[1 + outlet % 2])
    (row,) = rows(world.trace(), "distributors")
    assert (row["distributor"], row["origin"]) == ("feeder.example", "proposed")


def test_a_copy_whose_time_is_open_hides_no_feeder_and_one_that_seems_earlier_does(world: Any) -> None:
    """A site that prints no zone ran it on the same day, as far as anybody can tell."""
    for number in range(6):
        world.article("feeder.example", story(number), at="2024-03-05T09:00:00Z")
        world.article("zoneless.example", story(number), at="2024-03-05")
        for outlet in range(4):
            world.article(f"taker{outlet}.example", story(number), at=DAY[2 + outlet % 2])
    (row,) = rows(world.trace(), "distributors")
    assert (row["distributor"], row["releases"], row["outlets"]) == ("feeder.example", 6, 4)
    for number in range(6):
        world.article("zoneless.example", story(number), claims=(("visible", "2024-03-04"),))
    assert "feeder.example" not in {row["distributor"] for row in rows(world.trace(), "distributors")}


@pytest.mark.parametrize(("role", "verdict"), [("suspect", "source_found"), ("control", "cannot_tell")])
def test_a_catalogue_that_offers_the_site_says_whose_texts_it_carries(world: Any, role: str, verdict: str) -> None:
    world.publisher("shelf.example", role)
    for number in range(3):
        world.listing("shelf.example", f"taker{number}.example")
    source = world.article("shelf.example", story(1), at=DAY[0])
    copy = world.article("taker0.example", story(1), at=DAY[1])
    other = world.article("stranger.example", story(1), at=DAY[1])
    made = world.trace()
    assert made.verdicts[copy] == verdict
    if role == "control":
        return
    assert made.best[copy]["candidate"] == source
    article = {row["trace_id"]: row["article_id"] for row in rows(made, "traces")}
    reasons = {
        article[row["trace_id"]]: row
        for row in rows(made, "trace_evidence")
        if row["reason"] == "listing" and row["log_odds"] > 0
    }
    assert (reasons[copy]["excerpt"], other in reasons) == ("taker0.example 600", False)
    (distributor,) = rows(made, "distributors")
    assert (distributor["origin"], distributor["sells"]) == ("catalogue", 3)


def test_the_order_of_rows_does_not_matter(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor")
    for number in range(4):
        world.article("wire.example", release(story(number)), at=DAY[0], parts=RELEASE_PARTS)
        world.article("copy.example", story(number), at=DAY[1])
    for name, language in (("pump_en", "en"), ("pump_ja", "ja"), ("pump_zh", "zh-Hans"), ("valve_en", "en")):
        world.article(f"{name.replace('_', '-')}.example", getattr(texts, name), language, at=DAY[2])
    first = world.trace()
    for order in (1, 2):
        again = world.trace(order)
        for name, table in first.tables.items():
            assert schema.to_csv(name, table) == schema.to_csv(name, again.tables[name]), name


@pytest.mark.parametrize("number", [1, 7, 64])
def test_tables_read_and_written_in_pieces_give_the_same_bytes(
    world: Any, texts: SimpleNamespace, tmp_path: Path, number: int
) -> None:
    for copy in range(4):
        world.article(
            "wire.example", release(story(copy)), at=DAY[0], parts=RELEASE_PARTS, links=("https://a.example/",)
        )
        world.article("copy.example", story(copy), at=DAY[1])
    for name, language in (("pump_en", "en"), ("pump_ja", "ja")):
        world.article(f"{name.replace('_', '-')}.example", getattr(texts, name), language, at=DAY[2])
    publishers, *large, listings = world.tables()
    stored = []
    for name, data in zip(
        ("articles", "article_versions", "article_parts", "clocks", "links", "images"), large, strict=True
    ):
        paths = [tmp_path / f"{name}-{part}.csv" for part in range(number)]
        for part, path in enumerate(paths):
            schema.write(name, data.iloc[part::number], path)
        stored.append(Stored(name, tuple(map(str, paths))))
    found = trace(publishers, *stored, listings, Investigation(investigation="x"), folder=tmp_path)
    made = world.trace()
    assert len(made.tables["text_matches"]) > 4
    for name, own in found.items():
        write_rows(name, own, tmp_path / f"{name}.csv", number)
        assert (tmp_path / f"{name}.csv").read_bytes().decode() == schema.to_csv(name, made.tables[name]), name


def test_nothing_and_little(world: Any) -> None:
    assert all(len(table) == 0 for table in world.trace().tables.values())
    empty = world.article("a.example", "\n", "und")
    short = world.article("b.example", "Short\nToo short.", "en")
    made = world.trace()
    assert (made.verdicts[empty], made.verdicts[short]) == ("alone", "alone")


def test_the_limits_of_the_investigation_hold(world: Any, texts: SimpleNamespace) -> None:
    sentence = texts.bakery_en.split("\n")[1]
    world.article("a.example", texts.bakery_en, at=DAY[0])
    world.article("b.example", f"Own\n{sentence}\n" + texts.valve_en.split("\n", 1)[1], at=DAY[1])
    assert rows(world.trace(), "text_matches") == []
    world.limits.update(share=0.05, shared=40)
    assert len(rows(world.trace(), "text_matches")) == 1


def test_a_publisher_that_claims_to_precede_its_distributor_is_doubted(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor")
    for number in range(4):
        world.article("wire.example", release(story(number)), at=DAY[1], parts=RELEASE_PARTS)
        early = world.article("early.example", story(number), at=DAY[0])
        copy = world.article("copy.example", story(number), at=DAY[2])
    made = world.trace()
    notes = {row["article_id"]: row["clock_note"] for row in rows(made, "story_members")}
    assert "claims to have run 4 of 4 releases before" in notes[early]
    assert made.best[copy]["candidate_publisher"] == "wire.example"
    assert made.verdicts[copy] in ("source_found", "probable")


def test_a_wires_own_translation_comes_from_its_own_release(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor")
    chinese = world.article("wire.example", texts.pump_zh, "zh-Hans", at=DAY[0])
    japanese = world.article("wire.example", texts.pump_ja, "ja", at=DAY[1])
    copy = world.article("copy.example", texts.pump_ja, "ja", at=DAY[2])
    made = world.trace()
    assert (made.verdicts[japanese], made.best[japanese]["candidate"]) == ("source_found", chinese)
    assert made.verdicts[chinese] == "is_source"
    assert made.best[copy]["candidate"] == japanese
    assert made.best[japanese]["statement"].startswith("The text follows another one of wire.example itself: ")


def test_a_publisher_takes_no_text_from_itself(world: Any, texts: SimpleNamespace) -> None:
    world.publisher("wire.example", "distributor")
    chinese = world.article("wire.example", texts.pump_zh, "zh-Hans", at=DAY[0])
    world.article("wire.example", texts.pump_ja, "ja", at=DAY[1])
    made = world.trace()
    assert made.verdicts[chinese] == "is_source"
    assert {row["statement"] for row in rows(made, "traces") if row["article_id"] == chinese} == {
        "Other texts of wire.example itself follow this one."
    }


def test_a_firm_with_a_like_name_is_not_credited(world: Any, texts: SimpleNamespace) -> None:
    credit = "출처: 캐슬 뉴스와이어"
    copy = world.article(
        "copy.example", f"{texts.pump_ko}\n{credit}", "ko", parts=(("credit", credit, "캐슬 뉴스와이어"),)
    )
    assert world.trace().verdicts[copy] == "alone"


def test_two_wires_and_no_credit_tie_whatever_the_habit(world: Any) -> None:
    world.publisher("wire.example", "distributor")
    world.publisher("second.example", "distributor")
    for number in range(6):
        world.article("wire.example", release(story(number)), at=DAY[0], parts=RELEASE_PARTS)
        copy = world.article("suspect.example", story(number), at=DAY[2])
    world.article("second.example", release(story(5)), at=DAY[1], parts=RELEASE_PARTS)
    made = world.trace()
    assert made.verdicts[copy] == "tie"
    (row,) = rows(made, "publisher_distributors")
    assert (row["distributor"], row["traced"], row["verdict"]) == ("wire.example", 5, "supplied_by")
