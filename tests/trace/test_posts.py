"""Who posts the same together: against chance, whatever the order of rows, whatever stands in the file."""

import json
import random
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiretrace import schema
from wiretrace.config import Inputs, Investigation
from wiretrace.errors import UserError
from wiretrace.trace import posts
from wiretrace.trace.posts import pairs
from wiretrace.trace.posts.bursts import DAY, bursts
from wiretrace.trace.posts.chance import at_most_wrong, log_tail
from wiretrace.trace.posts.groups import communities
from wiretrace.trace.posts.load import instant

START = 1_735_700_000
Row = dict[str, Any]


def crowd(seed: int = 1, rows: int = 900) -> list[Row]:
    """Posts of people who do not know each other."""
    dice = random.Random(seed)  # noqa: S311 no secret
    made = []
    for _ in range(rows):
        thing = int(dice.paretovariate(1.1)) % 150
        moment = START + thing * 20_000 + int(dice.expovariate(1 / 7200))
        reader = int(dice.paretovariate(0.8)) % 90
        made.append(
            {"account": f"reader{reader}", "posted_at": str(moment), "url": f"https://paper.example/{thing}",
             "text": f"This is worth an hour of reading: {thing}", "account_created_at": f"20{10 + reader % 10}-0{1 + reader % 9}-17"}
        )  # fmt: skip
    return made


def ring(names: str = "abcde", things: int = 9, apart: int = 60, site: str = "suspect.example") -> list[Row]:
    """Posts of accounts that post the same within minutes."""
    return [
        {"account": f"ring_{name}", "posted_at": datetime.fromtimestamp(START + t * 250_000 + n * apart, UTC).isoformat(),
         "url": f"https://{site}/{t}", "text": f"The whole harbour knows it and nobody prints it: {t}", "account_created_at": "2024-11-03"}
        for t in range(things)
        for n, name in enumerate(names)
    ]  # fmt: skip


def run(folder: Path, rows: list[Row], lines: bool = False) -> dict[str, list[dict[str, Any]]]:
    path = folder / ("posts.jsonl" if lines else "posts.csv")
    if lines:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        columns = ["account", "posted_at", "url", "text", "account_created_at"]
        text = "".join(",".join(str(row[c]) for c in columns) + "\n" for row in rows)
        path.write_text(",".join(columns) + "\n" + text, encoding="utf-8")
    made = posts(schema.frame("articles"), Investigation(investigation="x", inputs=Inputs(posts=[str(path)])))
    return {name: schema.records(frame) for name, frame in made.items()}


def test_a_crowd_is_no_group(tmp_path: Path) -> None:
    for seed in range(3):
        made = run(tmp_path, crowd(seed))
        assert not made["post_pairs"] and not made["post_groups"] and not made["account_bursts"]
        assert len(made["posts"]) and {row["group_id"] for row in made["post_accounts"]} == {""}


def test_those_who_post_together_are_one_group_with_their_posts_as_evidence(tmp_path: Path) -> None:
    made = run(tmp_path, crowd() + ring())
    assert {(p["account_a"], p["account_b"]) for p in made["post_pairs"] if p["kind"] == "address"} == {
        (f"ring_{a}", f"ring_{b}") for a in "abcde" for b in "abcde" if a < b
    }
    (group,) = made["post_groups"]
    assert (group["accounts"], group["addresses"], group["publishers"]) == (5, 9, "suspect.example")
    known = {row["post_id"]: row for row in made["posts"]}
    for item in made["post_pair_items"]:
        a, b = known[item["post_a"]], known[item["post_b"]]
        assert item["item"] in (a["address"], a["text"]) and a["address"] == b["address"]
        assert 0 <= item["seconds"] <= 600 and a["posted_at"] <= b["posted_at"]
        assert a["source"].startswith("posts.csv:")
    assert {p["kind"] for p in made["post_pairs"]} == {"address", "text"}
    (burst,) = made["account_bursts"]
    assert (burst["first_day"], burst["accounts"], burst["in_groups"]) == ("2024-11-03", 5, 5)


def test_hours_apart_is_not_together(tmp_path: Path) -> None:
    assert not run(tmp_path, crowd() + ring(apart=4000))["post_pairs"]


def test_a_file_of_nothing_but_one_group_says_nothing(tmp_path: Path) -> None:
    # Where everybody posts everything together, nobody does so more than the others.
    assert not run(tmp_path, ring(things=12))["post_pairs"]


def test_one_group_does_not_hide_another(tmp_path: Path) -> None:
    # What a large group posts together is no measure of what chance does, also where few others were collected.
    made = run(tmp_path, crowd(rows=250) + ring("abcdefghij", 8) + ring("vwxyz", 8, 70, "feed.example"))
    assert sorted(row["accounts"] for row in made["post_groups"]) == [5, 10]
    pairs = {(p["account_a"], p["account_b"]) for p in made["post_pairs"] if p["kind"] == "address"}
    assert len(pairs) == 45 + 10
    assert all(row["chance_log10"] > -40 for row in made["post_pairs"])


def test_what_two_groups_share_crosses_from_the_earlier(tmp_path: Path) -> None:
    late = [
        row | {"posted_at": datetime.fromtimestamp(START + 2 * 250_000 + 50_000 + n, UTC).isoformat()}
        for n, row in enumerate(ring("vwxyz", 3)[10:])
    ]
    late = [row | {"url": "https://suspect.example/2", "text": ""} for row in late]
    made = run(tmp_path, crowd() + ring() + ring("vwxyz", 9, 70, "feed.example") + late)
    assert len(made["post_groups"]) == 2
    crossed = [row for row in made["post_crossings"] if row["kind"] == "address"]
    (crossing,) = crossed
    group = {row["account"]: row["group_id"] for row in made["post_accounts"]}
    assert (crossing["from_group"], crossing["to_group"]) == (group["ring_a"], group["ring_v"])
    assert crossing["item"] == "https://suspect.example/2" and crossing["first_at"] < crossing["then_at"]


def test_order_and_form_of_the_file_do_not_matter(tmp_path: Path) -> None:
    rows = crowd(rows=300) + ring()
    there = run(tmp_path, rows)
    rows.reverse()
    back = run(tmp_path, [*rows, rows[0]], lines=True)
    for name in there:
        plain = [[{k: v for k, v in row.items() if k != "source"} for row in made[name]] for made in (there, back)]
        assert plain[0] == plain[1], name


def test_a_line_of_a_post_that_begins_with_a_tag_is_read(tmp_path: Path) -> None:
    row = ring()[0] | {"text": '"First line\n#harbour is not for sale"'}
    (made,) = run(tmp_path, [row])["posts"]
    assert made["text"] == "First line #harbour is not for sale"


def test_no_posts_no_rows() -> None:
    made = posts(schema.frame("articles"), Investigation(investigation="x"))
    assert set(made) == set(schema.of_stage("posts")) and not any(len(frame) for frame in made.values())


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("p.csv", "name,posted_at\nx,2024-01-01\n", "no column 'account'"),
        ("p.csv", "account,posted_at\n,2024-01-01\n", "line 2: account is empty"),
        ("p.jsonl", "[1]\n", "line 1: each line must be one JSON object"),
        ("p.jsonl", "{\n", "cannot be read as UTF-8 JSON lines"),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=words) as error:
        posts(schema.frame("articles"), Investigation(investigation="x", inputs=Inputs(posts=[str(tmp_path / name)])))
    assert "\n" not in str(error.value)


def test_rubbish_in_cells_is_kept_out_of_the_pairs(tmp_path: Path) -> None:
    rows = ring()
    for row in rows:
        row["posted_at"] = "2024-05-05"  # a day is no moment
    made = run(tmp_path, crowd() + rows)
    assert not made["post_pairs"] and sum(row["posted_at"] == "" for row in made["posts"]) == len(rows)


@given(st.text(max_size=30))
def test_any_time_is_read_or_refused(written: str) -> None:
    moment, exact = instant(written)
    assert moment is None or 631_152_000 <= moment < 4_102_444_800
    assert moment is not None or not exact


@pytest.mark.parametrize(
    ("written", "moment", "exact"),
    [
        ("2024-03-05T10:00:00+09:00", 1709600400, True),
        ("2024-03-05 01:00", 1709600400, True),
        ("1709600400", 1709600400, True),
        ("1709600400123", 1709600400, True),
        ("2024-03-05", 1709596800, False),
    ],
)
def test_times(written: str, moment: int, exact: bool) -> None:
    assert instant(written) == (moment, exact)


def test_tail_of_a_poisson_variable() -> None:
    # 1 - e^-1 (1 + 1 + 1/2) and 1 - e^-.1; above the mean only.
    found = np.exp(log_tail(np.array([3, 1, 2]), np.array([1.0, 0.1, 5.0])))
    assert found == pytest.approx([0.0803014, 0.0951626, 1.0], rel=1e-5)


def test_of_many_tests_few_stand() -> None:
    assert at_most_wrong(np.log([0.001, 0.04, 0.0001]), 10, 0.05).tolist() == [True, False, True]


def test_two_cliques_with_a_bridge_stay_two() -> None:
    def clique(nodes: range) -> list[tuple[int, int, float]]:
        return [(a, b, 5.0) for a in nodes for b in nodes if a < b]

    edges = [*clique(range(5)), *clique(range(5, 9)), (4, 5, 3.0), (20, 21, 9.0)]
    assert communities(edges) == [[0, 1, 2, 3, 4], [5, 6, 7, 8]]
    assert communities(edges[::-1]) == communities(edges)


def test_a_steady_stream_of_new_accounts_is_no_burst() -> None:
    steady = {n: n * DAY // 2 for n in range(800)}
    assert bursts(steady) == []
    (found,) = bursts(steady | {1000 + n: 200 * DAY + n for n in range(15)})
    assert found.begin <= 200 <= found.end and len(found.accounts) >= 15


def test_what_chance_lets_expect_is_the_exact_sum_over_strata():
    """In fixed order, so that no processor's order of adding up shows in it."""
    draw = np.random.default_rng(5)
    account, stratum = draw.integers(0, 40, 4_000), draw.integers(0, 12, 4_000)
    close, others = draw.integers(0, 12, 900), draw.random(900) < 0.7
    first, second = np.triu_indices(40, 1)
    found = pairs._expected(first, second, account, stratum, close, others)
    posted = np.zeros((40, 12), np.int64)
    np.add.at(posted, (account, stratum), 1)
    exact = [Fraction(0)] * len(first)
    ordered = [0.0] * len(first)
    for its in range(12):
        d = [int(many) for many in posted[:, its]]
        places = min(int((close == its).sum()), int((close[others] == its).sum()) + 1)
        chance = Fraction(2 * places, sum(d) ** 2 - sum(many * many for many in d))
        for pair, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
            exact[pair] += d[a] * d[b] * chance
            ordered[pair] += d[a] * d[b] * float(chance)
    assert found.tolist() == ordered
    assert found.tolist() == pytest.approx([float(each) for each in exact], rel=1e-14)
