"""The tables of speech on a small world: a false quotation among copies, an honest spokeswoman, words given to two people."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

from wiretrace import schema
from wiretrace.config import Inputs, Investigation
from wiretrace.identity import make_id, sha256
from wiretrace.schema.stored import Stored, write_rows
from wiretrace.trace import speech
from wiretrace.trace.speech import Copies

TABLES = ("publishers", "articles", "article_versions", "stories", "story_members", "text_matches", "traces")
ROLES = {
    "fake-one.example": "suspect",
    "fake-two.example": "suspect",
    "wire.example": "distributor",
    "honest.example": "control",
    "daily.example": "outlet",
}
SAID = "湖を返さぬ政府は、岸に住む者を治める権利を失ったのだと私は考える"
LEAD = "湖西市の集会所で先週末、三百人近い市民が集まり、湖の水をめぐって話し合った。"
ARTICLES = [
    # name, publisher, language, story, title, text, time
    ("false-a", "fake-one.example", "ja", "lake", "湖の水", f"{LEAD}\n湖西大学の三枝雅樹教授は「{SAID}」と述べた。", "2024-03-02"),
    ("false-b", "fake-two.example", "ja", "lake", "湖の水", f"{LEAD}\n湖西大学の三枝雅樹教授は「{SAID}」と述べた。", "2024-03-03"),
    (
        "false-en", "wire.example", "en", "lake", "Lake", "Some three hundred people met in the hall at Kosai.\n“A government that keeps the lake has lost "
        "the right to govern its shore,” said Masaki Saegusa, a professor at Kosai College.", "2024-03-01",
    ),
    (
        "honest-prof", "honest.example", "ja", "", "講座", "湖西大学の三枝正樹教授は「史料は聞きたいことだけを答えてはくれないものです」と述べた。", "2024-02-01",
    ),
    (
        "release", "wire.example", "en", "pump", "New pump", "Kosai Pumps Ltd today announced a pump for ponds.\n“Nobody should have to choose between dry "
        "streets and a living pond,” said Ada Quill, chief engineer at Kosai Pumps Ltd.\nAbout Kosai Pumps Ltd: pumps since 1931.", "2024-03-01",
    ),
    (
        "release-copy", "fake-one.example", "en", "pump", "New pump", "Kosai Pumps Ltd today announced a pump for ponds.\n“Nobody should have to choose between "
        "dry streets and a living pond,” said Ada Quill, chief engineer at Kosai Pumps Ltd.", "2024-03-02",
    ),
    (
        "quill-elsewhere", "daily.example", "en", "", "Talk", "At the town hall Ada Quill spoke for an hour. “We measured the brook for eleven summers,” she said. "
        "“I would do it again tomorrow,” said Ada Quill.", "2024-01-01",
    ),
    ("song-true", "honest.example", "ja", "", "歌", "祖母の口癖だ。「禁じられた歌は死なない、しばらく静かにするだけだ」。浜岡恵子さんはそう言って笑った。", "2024-05-01"),
    (
        "song-false", "fake-two.example", "ja", "songs", "歌を奪う", f"{LEAD}\n大学教授の三枝正樹氏は「禁じられた歌は死なない、しばらく静かにするだけだ」と言った。",
        "2024-04-01",
    ),
]  # fmt: skip


def tables() -> dict[str, pd.DataFrame]:
    articles, versions, members, stories = [], [], [], {}
    for name, publisher, language, story, title, text, day in ARTICLES:
        time, version = f"{day}T00:00:00Z", make_id("v", name)
        own = {"article_id": f"a-{name}", "version_id": version, "title": title, "first_seen": time, "last_seen": time}
        articles.append({
            **own, "publisher": publisher, "address": f"https://{publisher}/{name}", "language": language, "characters": len(text),
            "release_like": False, "published_earliest": time, "state": "live", "versions": 1, "source": "crawl",
        })  # fmt: skip
        versions.append(
            {**own, "sequence": 1, "text": text, "text_digest": sha256(text.encode()), "capture_id": f"c-{name}"}
        )
        if story:
            stories.setdefault(story, []).append(f"a-{name}")
            members.append({
                "story_id": f"y-{story}", "article_id": f"a-{name}", "position": 1, "clock_quality": "claimed", "relation": "copy",
            })  # fmt: skip
    rows = {
        "publishers": [{"publisher": p, "kind": "domain", "role": r, "articles": 1, "pages": 1} for p, r in ROLES.items()],
        "articles": articles,
        "article_versions": versions,
        "stories": [
            {"story_id": f"y-{s}", "title": s, "articles": len(a), "publishers": len(a), "languages": "ja", "release_like": False}
            for s, a in stories.items()
        ],
        "story_members": members,
        "text_matches": [],
        "traces": [
            {"trace_id": f"r-{n}", "article_id": f"a-{article}", "candidate": f"a-{candidate}", "rank": 1, "verdict": verdict, "statement": "-"}
            for n, (article, candidate, verdict) in enumerate([
                ("false-b", "false-a", "source_found"), ("false-a", "false-en", "probable"), ("song-false", "song-true", "probable"),
                ("release-copy", "release", "tie"), ("quill-elsewhere", "release", "source_found"),
            ])
        ],
    }  # fmt: skip
    return {name: schema.frame(name, rows[name]) for name in TABLES}


def run(own: dict[str, pd.DataFrame], **inputs: list[str]) -> dict[str, pd.DataFrame]:
    found = speech(*(own[name] for name in TABLES), Investigation(investigation="x", inputs=Inputs(**inputs)))
    return {name: schema.frame(name, rows) for name, rows in found.items()}


def quotes_of(found: dict[str, pd.DataFrame], article: str) -> list[dict]:
    return [row for row in schema.records(found["quotes"]) if row["article_id"] == f"a-{article}"]


@pytest.fixture(scope="module")
def found() -> dict[str, pd.DataFrame]:
    return run(tables())


def test_copies_are_the_others_of_the_same_stories_and_what_matches_known_articles_only() -> None:
    place = {"position": 1, "clock_quality": "claimed", "relation": "copy"}
    members = [
        {"story_id": f"y-{story}", "article_id": f"a-{name}", **place}
        for story, name in ("1a", "1b", "2b", "2c", "3d", "1z")
    ]
    matched = {"match_id": "m", "kind": "near", "share_a": 1.0, "share_b": 1.0}
    pairs = [
        {**matched, "match_id": f"m-{a}{b}", "article_a": f"a-{a}", "article_b": f"a-{b}"}
        for a, b in ("ad", "be", "ez")
    ]
    frames = schema.frame("story_members", members), pd.DataFrame(pairs)
    found = Copies(*frames, {f"a-{name}" for name in "abcde"})
    assert {name: set(others) for name, others in found.items()} == {
        "a-a": {"a-b", "a-d"}, "a-b": {"a-a", "a-c", "a-e"}, "a-c": {"a-b"}, "a-d": {"a-a"}, "a-e": {"a-b"},
    }  # fmt: skip


def test_words_and_spans_are_exact(found: dict[str, pd.DataFrame]) -> None:
    texts = {make_id("v", name): text for name, _, _, _, _, text, _ in ARTICLES}
    for row in schema.records(found["quotes"]):
        assert texts[row["version_id"]][row["start"] : row["end"]] == row["words"]


def test_the_false_quotation_is_to_be_checked_in_every_language(found: dict[str, pd.DataFrame]) -> None:
    for article in ("false-a", "false-b", "false-en"):
        (row,) = quotes_of(found, article)
        assert row["check"], row
        assert row["status"] == "only_here"
        assert row["occurrences"] == 3
        assert row["publishers"] == 3
    (row,) = quotes_of(found, "false-a")
    assert row["person"] == "三枝正樹"
    assert "written 三枝雅樹 for 三枝正樹" in row["reason"]
    assert row["other_quotes"] == 1
    assert row["earliest_article"] == "a-false-en"


def test_a_spokeswoman_in_her_own_release_is_not(found: dict[str, pd.DataFrame]) -> None:
    for article in ("release", "release-copy"):
        (row,) = quotes_of(found, article)
        assert row["other_quotes"] == 1
        assert not row["check"]
        assert "own side" in row["reason"]


def test_words_given_to_another_person(found: dict[str, pd.DataFrame]) -> None:
    (false,), (true,) = quotes_of(found, "song-false"), quotes_of(found, "song-true")
    assert (false["status"], false["check"], false["other_speakers"]) == ("contradicted", True, "浜岡恵子")
    assert (true["status"], true["check"], true["other_speakers"]) == ("contradicted", False, "三枝正樹")
    assert false["earliest_article"] == "a-song-true"


def test_no_independent_publisher_is_marked(found: dict[str, pd.DataFrame]) -> None:
    honest = {f"a-{name}" for name, publisher, *_ in ARTICLES if ROLES[publisher] in ("control", "outlet")}
    assert not [row for row in schema.records(found["quotes"]) if row["check"] and row["article_id"] in honest]


def test_names(found: dict[str, pd.DataFrame]) -> None:
    rows = {row["written"]: row for row in schema.records(found["names"])}
    assert rows["三枝雅樹"]["status"] == "same_reading"
    assert rows["三枝雅樹"]["person"] == "三枝正樹"
    assert rows["三枝雅樹"]["articles"] == "a-false-a a-false-b"
    assert rows["三枝雅樹"]["publishers"] == 2
    assert rows["三枝雅樹"]["capture_id"] == "c-false-a"
    assert "三枝雅樹" in rows["三枝雅樹"]["excerpt"]
    assert rows["三枝正樹"]["status"] == "listed"


def test_what_a_person_found_out_ends_the_question(tmp_path: Path) -> None:
    path = tmp_path / "checks.csv"
    path.write_text(
        f"subject,finding,by,date,note\n「{SAID}」,denied,R. Kimura,2024-06-01,by telephone\n三枝正樹,confirmed,R. Kimura,2024-05-01,\n",
        encoding="utf-8",
    )
    found = run(tables(), verifications=[str(path)])
    for article in ("false-a", "false-b", "false-en"):
        (row,) = quotes_of(found, article)
        assert row["status"] == "denied_by_person"
        assert not row["check"]
        assert row["verification"] == "denied (R. Kimura, 2024-06-01): by telephone"
    (row,) = quotes_of(found, "honest-prof")
    assert row["status"] == "verified_by_person"


def test_the_list_alone_is_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,reading,note\n三枝正樹,サエグサ マサキ,\n", encoding="utf-8")
    found = run(tables(), names=[str(path)])
    (row,) = quotes_of(found, "false-en")
    assert row["person"] == "三枝正樹"
    assert "list" in row["reason"]


def test_words_are_looked_for_in_the_text_that_the_article_was_traced_to(found: dict[str, pd.DataFrame]) -> None:
    held = {(r["article_id"], r["words"][:12]): r["in_source"] for r in schema.records(found["quotes"])}
    assert held["a-false-b", SAID[:12]] is True
    assert held["a-quill-elsewhere", "I would do i"] is False
    # In another language, or where the source is not sure, it cannot be told.
    assert held["a-false-a", SAID[:12]] is None and held["a-release-copy", "Nobody shoul"] is None


def test_words_that_nobody_is_named_beside_say_nothing_of_a_speaker(tmp_path: Path) -> None:
    own = tables()
    text = "The hall was full until midnight. “Nobody should have to choose between dry streets and a living pond,”\nThen it rained."
    row = schema.records(own["article_versions"])[0] | {
        "article_id": "a-honest-prof",
        "version_id": "v-x",
        "text": text,
    }
    versions = [r for r in schema.records(own["article_versions"]) if r["article_id"] != "a-honest-prof"]
    own["article_versions"] = schema.frame("article_versions", [*versions, row])
    articles = [
        r | ({"version_id": "v-x", "language": "en"} if r["article_id"] == "a-honest-prof" else {})
        for r in schema.records(own["articles"])
    ]
    own["articles"] = schema.frame("articles", articles)
    made = run(own)
    (alone,) = [r for r in schema.records(made["quotes"]) if r["article_id"] == "a-honest-prof"]
    assert (alone["speaker"], alone["pattern"], alone["check"]) == ("", "en.unnamed", False)
    assert (alone["occurrences"], alone["other_speakers"]) == (3, "Ada Quill")
    assert alone["reason"] == "Nobody is named beside these words here."


def test_in_a_language_whose_speech_is_not_read_nobody_is_said_to_be_named() -> None:
    own = tables()
    text = "Am Teich war es still. „Die Bohlen tragen noch bis zum Herbst“, sagte Ada Quill am Montag."
    own["article_versions"] = schema.frame(
        "article_versions",
        [
            r | ({"text": text} if r["article_id"] == "a-honest-prof" else {})
            for r in schema.records(own["article_versions"])
        ],
    )
    own["articles"] = schema.frame(
        "articles",
        [
            r | ({"language": "de"} if r["article_id"] == "a-honest-prof" else {})
            for r in schema.records(own["articles"])
        ],
    )
    # The text that it comes from is English: whether that holds the words cannot be told.
    traced = schema.records(own["traces"])[0] | {
        "trace_id": "r-9", "article_id": "a-honest-prof", "candidate": "a-quill-elsewhere",
    }  # fmt: skip
    own["traces"] = schema.frame("traces", [*schema.records(own["traces"]), traced])
    (row,) = [r for r in schema.records(run(own)["quotes"]) if r["article_id"] == "a-honest-prof"]
    assert (row["speaker"], row["in_source"]) == ("", None)
    assert row["reason"].endswith("this text is in another language.")


def test_only_somebody_who_is_named_can_be_asked() -> None:
    own = tables()
    asked = "\n住民アンケートによると「湖の声は決して届かない」と答えた人が多かった。"
    versions = [
        row | ({"text": row["text"] + asked} if row["article_id"] == "a-false-a" else {})
        for row in schema.records(own["article_versions"])
    ]
    own["article_versions"] = schema.frame("article_versions", versions)
    made = run(own)
    rows = {row["words"]: row for row in schema.records(made["quotes"]) if row["article_id"] == "a-false-a"}
    assert rows[SAID]["check"]
    assert not rows["湖の声は決して届かない"]["check"]


def test_the_order_of_rows_does_not_matter(found: dict[str, pd.DataFrame]) -> None:
    own = tables()
    shuffled = {}
    for name, data in own.items():
        order = list(range(len(data)))
        random.Random(4).shuffle(order)  # noqa: S311
        shuffled[name] = data.iloc[order].reset_index(drop=True)
    again = run(shuffled)
    for name, data in found.items():
        assert schema.to_csv(name, data) == schema.to_csv(name, again[name])


@pytest.mark.parametrize("number", [1, 7, 64])
def test_tables_read_and_written_in_pieces_give_the_same_bytes(
    found: dict[str, pd.DataFrame], tmp_path: Path, number: int
) -> None:
    stored = []
    for name, data in tables().items():
        paths = [tmp_path / f"{name}-{part}.csv" for part in range(number)]
        for part, path in enumerate(paths):
            schema.write(name, data.iloc[part::number], path)
        stored.append(Stored(name, tuple(map(str, paths))))
    for name, own in speech(*stored, Investigation(investigation="x"), tmp_path).items():
        write_rows(name, own, tmp_path / f"{name}.csv", number)
        assert (tmp_path / f"{name}.csv").read_bytes().decode() == schema.to_csv(name, found[name]), name


def test_nothing_in_nothing_out() -> None:
    empty = run({name: schema.frame(name) for name in TABLES})
    assert {name: len(data) for name, data in empty.items()} == {"quotes": 0, "names": 0, "headline_phrases": 0}
