"""The report: everything in it, nothing alive in it, readable without a network."""

from __future__ import annotations

import hashlib
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from wiretrace import schema
from wiretrace.errors import UserError
from wiretrace.narrate import report
from wiretrace.narrate.pages import Cited, cited, marked, snippet, spans, visible
from wiretrace.narrate.svg import element, seconds
from wiretrace.narrate.templating import asset


@pytest.fixture(scope="module")
def page(told: Path) -> BeautifulSoup:
    return BeautifulSoup((told / "index.html").read_text(encoding="utf-8"), "lxml")


def test_five_sentences_each_with_its_confidence(page: BeautifulSoup) -> None:
    items = page.select("ol.answer > li")
    assert len(items) == 5
    assert all(item.select_one(".chip") for item in items)


def test_each_sentence_of_the_answer_says_what_speaks_against_it(page: BeautifulSoup, version: Path) -> None:
    claims = {row["claim_id"]: row for row in schema.records(schema.read("claims", version / "tables" / "claims.csv"))}
    told = [(item.a["href"][1:], item.select_one(".doubt")) for item in page.select("ol.answer > li") if item.a]
    assert told
    for claim, doubt in told:
        for language, part in (("en", "against"), ("ja", "against_ja")):
            (said,) = doubt.select(f"[lang={language}]:not(b *)")
            words = said.get_text().strip()
            assert words
            assert claims[claim][part].startswith(words)
            assert "Not looked at" not in words
            assert "調べていないこと" not in words


def test_every_claim_unfolds_to_reasons_rows_and_captures(page: BeautifulSoup, version: Path) -> None:
    claims = schema.records(schema.read("claims", version / "tables" / "claims.csv"))
    for claim in claims:
        article = page.find(id=claim["claim_id"])
        assert article is not None
        for part in ("statement", "basis", "against", "overturned_by", "to_do"):
            assert claim[part] in article.get_text()
            assert claim[f"{part}_ja"] in article.get_text()
        assert article.select(".card")


def test_a_long_list_of_sentences_ends_in_the_table_of_all(
    version: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = import_module("wiretrace.narrate.report")
    monkeypatch.setattr(writing, "OPEN", 1)
    monkeypatch.setattr(writing, "MOST_CLAIMS", 2)
    report(version, tmp_path / "no-evidence", tmp_path / "report")
    page = BeautifulSoup((tmp_path / "report" / "index.html").read_text(encoding="utf-8"), "lxml")
    claims = len(schema.read("claims", version / "tables" / "claims.csv"))
    shown, more = page.select("#claims .claim"), page.select('#claims a[href="browse/claims.html"]')
    assert len(shown) < claims
    assert len(shown) + sum(int(link.get_text().split()[0]) for link in more) == claims
    assert (tmp_path / "report" / "browse" / "claims.html").is_file()


def test_cards_show_the_words_and_where_they_are_archived(page: BeautifulSoup, version: Path) -> None:
    captures = {
        r["capture_id"]: r for r in schema.records(schema.read("captures", version / "tables" / "captures.csv"))
    }
    links = page.select("a.see[href^='evidence/']")
    assert links
    for link in links:
        capture = captures[re.search(r"c-[0-9a-f]{16}", str(link["href"]))[0]]  # type: ignore[index]
        card = link.find_parent(class_="card")
        assert card is not None
        said = card.get_text()
        assert capture["digest"] in said
        assert f"@ {capture['warc_offset']}" in said
        assert capture["warc_file"] in said


def test_all_links_of_the_report_lead_somewhere(told: Path, page: BeautifulSoup) -> None:
    for path in [told / "index.html", *sorted(told.glob("[ec]*/*.html"))]:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for link in soup.select("a[href]"):
            target, _, fragment = str(link["href"]).partition("#")
            assert not re.match(r"[a-z]+:", target), "no link leaves the folder"
            if target.startswith("notebooks/"):
                continue
            where = (path.parent / target).resolve() if target else path
            assert where.exists(), link["href"]
            # In a table, what follows the sign is searched for.
            if fragment and where.suffix == ".html" and fragment != "marked" and where.parent.name != "browse":
                assert f'id="{fragment}"' in where.read_text(encoding="utf-8")


def test_the_cited_words_are_marked_in_the_captured_page(told: Path, factory: Any, made: Any) -> None:
    row = next(r for r in schema.records(made.tables["ai_indicators"]) if r["counts"])
    soup = BeautifulSoup((told / "evidence" / f"{row['capture_id']}.html").read_text(encoding="utf-8"), "lxml")
    assert row["excerpt"] in [mark.get_text() for mark in soup.select("pre.text mark")]
    assert soup.find(id="marked") is not None


def test_nothing_from_outside_is_alive(told: Path, factory: Any) -> None:
    for path in [
        told / "index.html",
        *sorted((told / "evidence").rglob("*.html")),
        *sorted((told / "comparisons").glob("*.html")),
    ]:
        text = path.read_text(encoding="utf-8")
        soup = BeautifulSoup(text, "lxml")
        scripts = [tag.get_text() for tag in soup.find_all("script")]
        ours = asset("language.js") + (asset("report.js") if path.name == "index.html" else "")
        assert scripts == ([] if path.parent.name == "rendered" else [ours])
        assert not soup.find_all(
            ["img", "object", "embed", "form", "link", "base", "svg" if "evidence" in path.parts else "base"]
        )
        assert all(
            "".join(frame["sandbox"]) == "" and str(frame["src"]).startswith("rendered/")
            for frame in soup.find_all("iframe")
        )
        assert not [
            name for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on") or name == "style"
        ]
        assert factory.BIDI not in text
        policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
        assert policy is not None
        assert "default-src 'none'" in str(policy["content"])
        assert "unsafe" not in str(policy["content"])
    assert factory.HOSTILE.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in (
        told / "index.html"
    ).read_text(encoding="utf-8")


def test_of_a_claim_with_much_evidence_the_first_page_shows_a_little_and_another_all(
    version: Path, made: Any, factory: Any, tmp_path: Path
) -> None:
    from wiretrace import publish

    tables = {path.stem: schema.read(path.stem, path) for path in (version / "tables").glob("*.csv")}
    claim, row = (schema.records(tables[name])[0] for name in ("claims", "claim_evidence"))
    many = [claim | {"claim_id": f"claim-{n:012x}", "weight": n} for n in range(150)]
    rows = [
        row | {"claim_id": c["claim_id"], "row": f"r-{n:016x}", "note": f"{factory.BODY_EN} {n}"}
        for c in many
        for n in range(60)
    ]
    tables |= {"claims": schema.frame("claims", many), "claim_evidence": schema.frame("claim_evidence", rows)}
    name = publish.publish(tables, {"investigation": "many", "question": "", "snapshots": []}, tmp_path)
    report(tmp_path / "versions" / name, made.folder / "evidence", tmp_path / "out")
    assert (tmp_path / "out" / "index.html").stat().st_size < 5_000_000
    page = BeautifulSoup((tmp_path / "out" / "claims" / "claim-000000000007.html").read_text(encoding="utf-8"), "lxml")
    assert len(page.select(".card")) == 60


def test_the_same_version_gives_the_same_bytes(version: Path, made: Any, told: Path, tmp_path: Path) -> None:
    report(version, made.folder / "evidence", tmp_path / "again")
    again = sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*") if path.is_file())
    files = [
        name
        for name in sorted(p.relative_to(told) for p in told.rglob("*") if p.is_file())
        if name.parts[0] != "notebooks"
    ]
    assert files == again
    for name in files:
        here, there = (root / name for root in (told, tmp_path / "again"))
        assert hashlib.sha256(here.read_bytes()).digest() == hashlib.sha256(there.read_bytes()).digest(), name


def test_without_the_archive_the_pages_say_so(version: Path, tmp_path: Path) -> None:
    report(version, tmp_path / "nowhere", tmp_path / "out")
    pages = list((tmp_path / "out" / "evidence").glob("*.html"))
    assert pages
    assert all("archive file is not at hand" in path.read_text(encoding="utf-8") for path in pages)


def test_an_empty_version_still_tells_what_is_not_known(made: Any, tmp_path: Path) -> None:
    from wiretrace import publish

    version = publish.publish({}, {"investigation": "empty", "question": "", "snapshots": []}, tmp_path)
    report(tmp_path / "versions" / version, tmp_path / "evidence", tmp_path / "out")
    soup = BeautifulSoup((tmp_path / "out" / "index.html").read_text(encoding="utf-8"), "lxml")
    assert len(soup.select("ol.answer > li")) == 5
    assert "states no question" in soup.get_text()


def test_where_nothing_could_be_read_the_first_sentence_says_so(tmp_path: Path, factory: Any) -> None:
    from wiretrace import config, publish

    suspect = {"publisher": "suspect.example", "kind": "domain", "role": "suspect", "articles": 0, "pages": 0}
    asked = {"lookup_id": "l-1", "snapshot": "r1", "publisher": "suspect.example", "source": "page", "subject": "page"}
    told = {"outcome": "could_not_look", "reason": "timed out", "time": "2026-01-01T00:00:00Z"}
    tables = {"publishers": [suspect], "lookups": [asked | told]}
    frames = {name: schema.frame(name, tables.get(name, [])) for name in schema.tables()}
    seeds = tmp_path / "seeds.csv"
    seeds.write_text("url,role\nhttps://suspect.example/,suspect\n", encoding="utf-8")
    investigation = config.Investigation.model_validate({"investigation": "x", "inputs": {"seeds": str(seeds)}})
    frames |= factory.claims(frames, investigation)
    run = {"investigation": "x", "question": "Who?", "snapshots": []}
    made = publish.publish(frames, run, tmp_path)
    report(tmp_path / "versions" / made, tmp_path / "evidence", tmp_path / "out")
    first = BeautifulSoup((tmp_path / "out" / "index.html").read_text(encoding="utf-8"), "lxml").select_one(
        "ol.answer > li"
    )
    assert first and "No article could be read at suspect.example" in first.get_text()


def test_a_folder_that_is_no_version_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a published version"):
        report(tmp_path, tmp_path, tmp_path / "out")


def test_both_languages_pictures_and_tables_have_their_text(page: BeautifulSoup) -> None:
    spoken = [tag.get("lang") for tag in page.select(".t")]
    assert spoken.count("en") == spoken.count("ja")
    pictures = [svg.get("lang") for svg in page.select("svg[role=img]")]
    assert sorted(map(str, pictures)) == ["en"] * 4 + ["ja"] * 4
    for svg in page.select("svg[role=img]"):
        assert svg.find("title") and svg.find("desc")
        assert all(page.find(id=name) for name in str(svg["aria-labelledby"]).split())
    assert all(table.find("caption") for table in page.select("table"))


def test_marks_survive_odd_white_space_and_escape_the_rest() -> None:
    assert marked("a <b>one\n two</b> &", [Cited("one two")]) == "a &lt;b&gt;<mark>one\n two</mark>&lt;/b&gt; &amp;"
    assert spans("aXbXc", [Cited("X"), Cited("XbX")]) == [(1, 4)]
    assert snippet("", Cited("<i>")) == Markup("<mark>&lt;i&gt;</mark>")
    assert "\u202e" not in visible("a\u202eb")


@pytest.mark.parametrize(
    ("words", "value", "core"),
    [
        ("s Contact Phone: +44 20 7946 1736 E-mail", "+442079461736", "44 20 7946 1736"),
        ("電話: 05-5550-2316 メール", "0555502316", "05-5550-2316"),
        ("mail Admin@Ads.example now", "admin@ads.example", "Admin@Ads.example"),
        # Of equal ones the one in the middle, around which the words were cut.
        ("id=51 la.js?id=5 1 51la", "51la", "51 la"),
        ("the value is not there", "+442079461736", ""),
        ("UA", "UA", ""),
        ("", "anything", ""),
    ],
)
def test_of_the_words_around_a_value_the_value_counts(words: str, value: str, core: str) -> None:
    assert cited({"excerpt": words}, value) == Cited(words, core)


@given(st.text(max_size=60), st.text(min_size=3, max_size=12), st.text(max_size=60))
def test_a_value_in_the_words_around_it_is_marked_and_nothing_else(before: str, value: str, after: str) -> None:
    words = " ".join(f"{before} {value} {after}".split())
    phrase = cited({"excerpt": words}, value)
    assert phrase.core in words
    whole = f"x {words} y"
    marks = [whole[start:end] for start, end in spans(visible(whole), [phrase])] if visible(whole) == whole else []
    for mark in marks:
        assert mark in words
        assert not phrase.core or mark == phrase.core


def test_what_two_publishers_share_is_shown_as_it_was_seen_at_both(told: Path, version: Path) -> None:
    tables = {
        name: schema.records(schema.read(name, version / "tables" / f"{name}.csv"))
        for name in ("publisher_link_evidence", "observations")
    }
    observations = {row["observation_id"]: row for row in tables["observations"]}
    shared = {row["evidence_id"]: row for row in tables["publisher_link_evidence"] if row["bits"] > 0}
    shown = 0
    for path in sorted(told.glob("claims/*.html")):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        alone: set[str] = set()
        paired: set[str] = set()
        for card in page.select(".card"):
            rows = [code.get_text() for code in card.select(".rowkey code")]
            for item in (shared[row] for row in rows if row in shared):
                sides = [observations[item[side]] for side in ("observation_a", "observation_b")]
                links = [str(link["href"]) for link in card.select("a.see[href*='evidence/']")]
                for side, link in zip(sides, links, strict=True):
                    assert side["capture_id"] in link
                    assert side["publisher"] in card.get_text()
                shown += 1
            (paired if set(rows) & set(shared) else alone).update(rows)
        assert not paired & alone
    assert shown


def test_a_captures_page_says_what_each_claim_takes_from_it(told: Path, version: Path) -> None:
    rows = schema.records(schema.read("claim_evidence", version / "tables" / "claim_evidence.csv"))
    row = next(row for row in rows if row["capture_id"])
    page = BeautifulSoup((told / "evidence" / f"{row['capture_id']}.html").read_text(encoding="utf-8"), "lxml")
    (item,) = [li for li in page.select(".citing li") if row["claim_id"] in str(li.a["href"])]  # type: ignore[index]
    assert row["note"] in item.get_text()
    assert row["note_ja"] in item.get_text()


def test_a_long_page_is_cut_to_what_stands_around_the_words() -> None:
    shown = marked("x" * 50_000 + "needle" + "y" * 50_000, [Cited("needle")])
    assert "<mark>needle</mark>" in shown
    assert len(shown) < 3_000


def test_svg_escapes_and_rounds() -> None:
    assert element("text", "<x>", x=1.04, class_='"') == '<text x="1" class="&#34;">&lt;x&gt;</text>'
    assert seconds("2024-01-01") == seconds("2024-01-01T00:00:00Z") == seconds("2024-01") == seconds("2024")
    assert seconds("") is None
