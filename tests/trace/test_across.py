"""Matching across languages: what decides, whatever the order, the batch or the tools."""

from importlib import metadata
from itertools import pairwise
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace import config, schema
from wiretrace.errors import UserError
from wiretrace.trace.across import Tools, anchors, chaining, passages, pictures, search, shown, tools_for, translations
from wiretrace.trace.across.glosses import initial, stem
from wiretrace.trace.across.keys import GLOSS, key
from wiretrace.trace.across.lexicon import build
from wiretrace.trace.across.order import chain, marked
from wiretrace.trace.across.search import Weights
from wiretrace.trace.fold import fold
from wiretrace.trace.texts import Text

USE = tools_for(dictionaries=False)


def text(name: str, words: str, language: str) -> Text:
    codes, places = fold(words)
    return Text(name, f"{name}.example", "", language, "", words, "", False, "live", codes, places, ())


def pump(texts: SimpleNamespace) -> list[Text]:
    return [
        text("a", texts.pump_en, "en"),
        text("b", texts.pump_ja, "ja"),
        text("c", texts.pump_zh, "zh-Hans"),
        text("d", texts.pump_ko, "ko"),
    ]


def pairs(given_texts: list[Text]) -> dict[tuple[str, str], float]:
    made = translations(given_texts, range(len(given_texts)), {}, [None] * len(given_texts), USE)
    return {
        tuple(sorted((given_texts[m.first].article_id, given_texts[m.second].article_id))): round(m.chain.weight, 9)
        for m in made
    }


def test_a_release_in_four_languages_is_one_text_in_any_order(texts: SimpleNamespace) -> None:
    own = pump(texts)
    expected = pairs(own)
    assert {("a", "b"), ("a", "c"), ("a", "d"), ("b", "c")} <= set(expected)
    assert pairs(own[::-1]) == expected


def test_words_that_every_release_has_make_no_match() -> None:
    food = (
        "这家小作坊推出了给老狗吃的软粮。售价并不贵，邻居们都说好。几位主人在家里做了测试，狗吃得很香。研发的时候大家尝遍了味道。"
        "加一点水就会变软。公司只有几个人。产品装在纸袋里。生产一天就能完成。工厂就在河边的旧屋里。"
    )
    fridge = (
        "작은 작업장이 소리를 듣는 냉장고를 출시했다. 가격은 비싸지 않아 이웃들이 좋아한다. 몇몇 주인이 집에서 시험을 했다. "
        "개발할 때는 모두가 귀를 기울였다. 안쪽에는 물이 한 컵 들어 있다. 회사에는 몇 사람뿐이다. 제품은 나무로 만들었다. "
        "생산은 하루면 끝난다. 공장은 강가의 낡은 집이다."
    )
    assert pairs([text("a", food, "zh-Hans"), text("b", fridge, "ko")]) == {}


def test_the_batch_changes_nothing(texts: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    own = pump(texts) * 3
    whole = search.shelf(own[:1] * 7, "en", USE)
    monkeypatch.setattr(anchors, "TOGETHER", 2)
    parted = search.shelf(own[:1] * 7, "en", USE)
    assert whole.keys.tobytes() == parted.keys.tobytes() and whole.texts.tobytes() == parted.texts.tobytes()


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_candidates_are_the_best_of_either_text(seed: int) -> None:
    pick = np.random.default_rng(seed)
    a, b = (sp.csr_matrix(np.where(pick.random((9, 14)) < 0.4, pick.integers(1, 9, (9, 14)), 0) / 8.0) for _ in "ab")
    cost = np.zeros(14, np.int64)
    found = {(i, j): score for i, j, score in zip(*(c.tolist() for c in search.candidates(a, b, cost)), strict=True)}
    every = (a @ b.T).toarray()
    assert all(every[pair] == score for pair, score in found.items())
    for i in range(9):
        for of_text, pairs_of_text in (
            (every[i], [(i, j) for j in range(9)]),
            (every[:, i], [(j, i) for j in range(9)]),
        ):
            best = int(np.argmax(of_text))
            assert of_text[best] == 0 or pairs_of_text[best] in found
    turned = search.candidates(b, a, cost)
    assert sorted(zip(turned[1].tolist(), turned[0].tolist(), turned[2].tolist(), strict=True)) == sorted(
        (i, j, score) for (i, j), score in found.items()
    )


def test_every_match_shows_what_agrees_and_where(texts: SimpleNamespace) -> None:
    own = pump(texts)[:2]
    (match,) = translations(own, range(2), {}, [None, None], USE)
    a, b = own
    for words_a, words_b, _, at_a, at_b in shown(match.chain, a, b):
        assert a.text[at_a:].startswith(words_a) and b.text[at_b:].startswith(words_b) and words_a and words_b
    for width in (150, 20, 1):
        before = (0, 0)
        for start_a, end_a, start_b, end_b in passages(match.chain, width, width // 2):
            assert before[0] <= start_a < end_a <= len(a.text) and before[1] <= start_b < end_b <= len(b.text)
            before = end_a, end_b


def test_a_passage_is_found_wherever_it_stands(texts: SimpleNamespace) -> None:
    a, foreign = text("a", texts.pump_en, "en"), "昨日は風が強く、浜辺には人が少なかった。" * 12
    scores = []
    for page in (texts.pump_ja, f"{foreign}\n{texts.pump_ja}\n{foreign}", f"{texts.pump_ja}\n{foreign}{foreign}"):
        (match,) = translations([a, text("b", page, "ja")], range(2), {}, [None, None], USE)
        scores.append(match.chain.score)
        assert all(page.index(texts.pump_ja[:20]) <= p.start_b < len(page) for p in match.chain.points)
    assert min(scores) > 0.7 * max(scores)
    nothing = chain(marked(a, USE), marked(text("c", foreign, "ja"), USE), Weights(np.empty(0, np.uint64), np.empty(0)))
    assert nothing.points == () and nothing.score == 0


def test_a_passage_set_in_between_costs_once(texts: SimpleNamespace) -> None:
    half = texts.pump_ja.index("。", len(texts.pump_ja) // 2) + 1
    foreign = "昨日は風が強く、浜辺には人が少なかった。" * 40
    page = texts.pump_ja[:half] + foreign + texts.pump_ja[half:]
    a, b = text("a", texts.pump_en, "en"), text("b", page, "ja")
    (match,) = translations([a, b], range(2), {}, [None, None], USE)
    places = [p.start_b for p in match.chain.points]
    assert min(places) < half and max(places) > half + len(foreign)


def test_what_stands_around_a_passage_takes_nothing_from_it(texts: SimpleNamespace) -> None:
    foreign = "昨日は東京で4千人が3日に会議を開き、大阪の会社が製品を発表した。" * 30
    page = f"{foreign}\n{texts.pump_ja}\n{foreign}"
    english = text("a", texts.pump_en, "en")
    (alone,) = translations([english, text("b", texts.pump_ja, "ja")], range(2), {}, [None, None], USE)
    (within,) = translations([english, text("b", page, "ja")], range(2), {}, [None, None], USE)
    assert within.chain.likeness > 0.9 * alone.chain.likeness > 0.3


def test_an_image_that_only_two_texts_show_stands_for_what_a_short_one_lacks(texts: SimpleNamespace) -> None:
    passages = texts.pump_ja.split("。")
    own = [text("a", texts.pump_en, "en"), text("b", f"{passages[4]}。", "ja"), text("c", texts.library_ja, "ja")]

    def found(*shown: tuple[str, str]) -> list[tuple[int, int]]:
        rows = [
            {"image_id": f"i-{name}-{digest}", "publisher": "x", "article_id": name, "address": "x", "digest": digest}
            for name, digest in shown
        ]
        made = pictures(schema.frame("images", rows), own, range(3))
        return [(m.first, m.second) for m in translations(own, range(3), {}, [None] * 3, USE, made)]

    assert found() == []
    assert found(("a", "sha256:1"), ("b", "sha256:1")) == [(0, 1)]
    # A logo is on other texts too; another picture, and a text that is no translation, tell nothing.
    assert found(("a", "sha256:1"), ("b", "sha256:1"), ("c", "sha256:1")) == []
    assert found(("a", "sha256:1"), ("b", "sha256:2")) == []
    assert found(("a", "sha256:1"), ("c", "sha256:1")) == []


POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 900)), min_size=1, max_size=9)


def arrays(rows: list[tuple[int, int, int]]) -> tuple[list[np.ndarray], np.ndarray]:
    a, b, weight = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return [a, a + 2, b, b + 2], weight


@settings(max_examples=60)
@given(POINTS)
def test_the_heaviest_chain_is_the_heaviest_and_runs_forward(rows: list[tuple[int, int, int]]) -> None:
    places, weights = arrays(rows)
    total, taken = chaining.heaviest(*places, weights, 6, 5)

    def step(i: int, j: int) -> int | None:
        (a, b, _), (c, d, _) = rows[i], rows[j]
        if a + 2 > c or b + 2 > d:
            return None
        far_a, far_b = c * 256 // 6 - a * 256 // 6, d * 256 // 5 - b * 256 // 5
        return min(2 * max(abs(far_a - far_b) - 128, 0) + max(min(far_a, far_b) - 256, 0) // 5, 2560)

    def grown(last: int) -> int:
        before = [grown(i) - cost for i in range(len(rows)) if (cost := step(i, last)) is not None]
        return int(weights[last]) + max([0, *before])

    assert total == max(grown(i) for i in range(len(rows)))
    steps = [step(i, j) for i, j in pairwise(taken.tolist())]
    assert total == sum(int(weights[i]) for i in taken) - sum(cost for cost in steps if cost is not None)
    assert None not in steps
    turned = chaining.heaviest(*places[2:], *places[:2], weights, 5, 6)
    assert turned[0] == total


@settings(max_examples=40)
@given(POINTS, st.randoms(use_true_random=False))
def test_chance_does_not_depend_on_the_order_of_points(rows: list[tuple[int, int, int]], random: Random) -> None:
    rows = list({row[:2]: row for row in rows}.values())
    numbers = {b: n for n, b in enumerate(sorted({row[1] for row in rows}))}

    def measured(given: list[tuple[int, int, int]]) -> int:
        places, weights = arrays(given)
        return chaining.by_chance(*places, np.array([numbers[row[1]] for row in given]), weights, 6, 5)

    assert measured(random.sample(rows, len(rows))) == measured(rows)


def test_nothing_is_compared_with_nothing() -> None:
    assert translations([], [], {}, [], USE) == []
    empty = [text("a", "", "en"), text("b", "。", "ja"), text("c", "…", "zh")]
    assert translations(empty, range(3), {}, [None] * 3, USE) == []


def test_the_longest_word_is_found_wherever_it_stands() -> None:
    lexicon = build({"東京": [1], "東京都": [2], "都庁": [3], "京": [4]})
    word, place, length = lexicon.find(fold("新東京都庁と東京")[0])
    found = [(p, n, lexicon.keys[lexicon.begins[w]]) for w, p, n in zip(word, place, length, strict=True)]
    assert found == [(1, 3, 2), (3, 2, 3), (6, 2, 1)]


@pytest.mark.parametrize(("words"), [("economy", "economic", "economies"), ("invest", "investment", "investing")])
def test_forms_of_a_word_have_one_stem(words: tuple[str, ...]) -> None:
    assert len({stem(word) for word in words}) == 1 and stem("the") == ""


@pytest.mark.parametrize(("alone", "first"), [("력", "역"), ("녀", "여"), ("로", "노"), ("경", "경"), ("a", "a")])
def test_korean_spelling_at_the_start_of_a_word(alone: str, first: str) -> None:
    assert initial(alone) == first


def test_dictionaries_add_and_take_nothing_away(texts: SimpleNamespace) -> None:
    own = pump(texts)[:3]
    english = [stem(word) for word in texts.pump_en.lower().split() if word.isalpha() and stem(word)]
    noise = {
        base: build({words[i : i + 2]: [key(GLOSS, english[i % len(english)])] for i in range(0, len(words) - 1, 2)})
        for base, words in (("ja", texts.pump_ja), ("zh", texts.pump_zh))
    }
    use = Tools(USE.words, USE.english, noise)
    made = translations(own, range(3), {}, [None] * 3, use)
    found = {(own[m.first].article_id, own[m.second].article_id) for m in made}
    assert found == set(pairs(own)) == {("a", "b"), ("a", "c"), ("b", "c")}


def test_a_missing_dictionary_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(config.metadata, "version", missing)
    with pytest.raises(UserError, match=r"trace\.dictionaries.*jamdict-data.*wiretrace\[dictionaries\]"):
        tools_for(dictionaries=True)
