"""Articles that stand in the data of a page's scripts alone: read as JSON, never run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wiretrace.config import Read
from wiretrace.read import script_data
from wiretrace.read.markup import Markup, parse
from wiretrace.read.pages import Content, read_content
from wiretrace.read.script_data import numbered

TITLE = "Ferry to Skerrin sails again"
LINES = [
    "The ferry to Skerrin sailed again on Tuesday, eleven weeks after a storm had torn its ramp from the pier.",
    "Islanders had been carried by two fishing boats since, which could take no cars & no more than nine people.",
    "The harbour board said the new ramp rests on screws of steel, and that it will be looked at twice a year.",
]
JAPANESE = [
    "スケリン島へのフェリーが火曜日に再開した。嵐で桟橋が壊れてから十一週間ぶりで、島の人々が大勢出迎えた。",
    "港湾局は新しい桟橋が鋼の杭に支えられており、年に二回の点検を行うと説明した。車も再び運べるようになる。",
    "再開までの間は二隻の漁船が島民を運んでいたが、一度に九人までしか乗れず、荷物も限られていたという。",
]


def page(*scripts: str, title: str = TITLE, shown: str = '<div id="__next"></div>') -> str:
    return f"<html><head><title>{title} | Skerrin Sound</title></head><body>{shown}{''.join(scripts)}</body></html>"


def dumped(value: Any) -> str:
    """As frameworks write it: no tag in it ends the script."""
    return json.dumps(value).replace("<", "\\u003c")


def data(value: Any) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{dumped(value)}</script>'


def assigned(value: Any) -> str:
    return f"<script>window.__INITIAL_STATE__ = {dumped(value)};(function(){{var s;}}());</script>"


def read(html: str, address: str = "https://sound.example/news/ferry-7") -> Content:
    return read_content(html.encode(), [], address, "sound.example", "2024-03-10T00:00:00Z", Read())


def lines_of(html: str) -> list[str]:
    tree = parse(html)
    assert tree is not None
    return script_data.script_lines(Markup(tree, "https://sound.example/news/ferry-7"))


BODIES = {
    "text": "\n\n".join(LINES),
    "html": "".join(f"<p>{line.replace('&', '&amp;')}</p>" for line in LINES) + "<script>alert('x')</script>",
    "escaped": "".join(f"&lt;p&gt;{line.replace('&', '&amp;amp;')}&lt;/p&gt;" for line in LINES),
    "strings": LINES,
    "rendered": {"rendered": "".join(f"<div style='margin:0'>{line}</div>" for line in LINES), "protected": False},
    "blocks": [{"type": "paragraph", "data": {"text": line}} for line in LINES],
    "runs": [
        {"_type": "block", "children": [{"_type": "span", "text": word + " "} for word in line.split()]} for line in LINES
    ],
    "tree": {
        "type": "doc",
        "content": [
            *({"type": "paragraph", "content": [{"type": "text", "text": line[:30]}, {"type": "text", "text": line[30:]}]} for line in LINES),
            {"type": "image", "content": [{"type": "text", "text": "A ferry in the sound."}]},
        ],
    },
    "elements": [*({"type": "text", "content": line} for line in LINES), {"type": "related_story", "content": "Read on"}],
}  # fmt: skip


@pytest.mark.parametrize("how", [data, assigned])
@pytest.mark.parametrize("form", BODIES)
def test_a_body_in_the_data_is_read_whatever_its_form(form: str, how: Any) -> None:
    others = [{"title": "Gulls counted", "body": "The gulls of the sound were counted. " * 12}]
    state = {"props": {"pageProps": {"article": {"id": 7, "title": TITLE, "body": BODIES[form]}, "latest": others}}}
    found = read(page(how(state)))
    assert (found.kind, found.article.method, found.article.text.split("\n")) == ("article", "script", LINES)


@pytest.mark.parametrize(
    "script",
    [
        f'<script>window["__DATA__"]=JSON.parse({json.dumps(json.dumps({"a": {"headline": TITLE, "content": LINES}}))})</script>',
        f"<script>self.app = {json.dumps({'headlines': {'basic': TITLE}, 'content_elements': LINES})}</script>",
        "<script>window.__S__={\"title\":" + json.dumps(TITLE) + ',"lead":undefined,"body":' + json.dumps(LINES) + "}</script>",
        data({"url": "/news/ferry-7", "bodyHtml": "<br>".join(LINES)}),
        data({"permalink": "https://sound.example/news/ferry-7", "text": "\r\n".join(LINES)}),
    ],
)  # fmt: skip
def test_states_that_are_assigned_or_known_by_the_address_are_read(script: str) -> None:
    assert read(page(script)).article.text.split("\n") == LINES


def flat(value: Any) -> list[Any]:
    """``value`` as a list of numbered values, each object and list with the numbers of its parts."""
    made: list[Any] = []

    def number(one: Any) -> int:
        at = len(made)
        made.append(one)
        if isinstance(one, dict):
            made[at] = {key: number(part) for key, part in one.items()}
        elif isinstance(one, list):
            made[at] = [number(part) for part in one]
        return at

    number(value)
    return made


def nuxt(values: list[Any]) -> str:
    return f'<script type="application/json" id="__NUXT_DATA__">{dumped(values)}</script>'


@pytest.mark.parametrize("form", BODIES)
def test_a_state_of_numbered_values_is_read_as_any_other(form: str) -> None:
    values = flat({"data": {"story": {"title": TITLE, "body": BODIES[form]}, "latest": [{"title": "Gulls counted"}]}})
    values.append(["ShallowReactive", values[0]["data"]])
    values[0]["data"] = len(values) - 1
    found = read(page(nuxt(values)))
    assert (found.article.method, found.article.text.split("\n")) == ("script", LINES)


def test_numbered_values_that_hold_themselves_or_lead_nowhere_are_left() -> None:
    values = [{"a": 1, "b": 0, "c": -1, "d": 99, "e": 2, "f": True}, "quay", [0, 1, 2], "unused"]
    assert numbered(values) == {"a": "quay", "b": None, "c": None, "d": None, "e": [None, "quay", None], "f": None}
    assert numbered([["Reactive", 0]]) is None
    assert numbered([["Set", 1, 2], "a", ["Date", "2026-01-01"]]) == ["a", None]
    assert numbered([]) is None


@given(st.recursive(st.text(max_size=3) | st.integers() | st.none(), lambda one: st.lists(one, max_size=4)))
def test_numbered_values_are_undone(value: Any) -> None:
    values = {"whole": value}
    assert numbered(flat(values)) == values


NUMBERS = st.integers(-2, 12)


@given(
    st.lists(
        st.text(max_size=3)
        | st.booleans()
        | st.lists(NUMBERS, max_size=6)
        | st.dictionaries(st.text(max_size=3), NUMBERS, max_size=6)
        | st.tuples(st.sampled_from(["Ref", "Set", "Map"]), NUMBERS).map(list),
        max_size=12,
    )
)
def test_any_numbered_values_end_within_the_bounds(values: list[Any]) -> None:
    assert len(json.dumps(numbered(values), check_circular=True)) < 100 * 30_000
    assert numbered(values) == numbered(values)


def test_a_japanese_body_is_read() -> None:
    found = read(
        page(data({"data": {"title": "島へのフェリー再開", "contents": JAPANESE}}), title="島へのフェリー再開")
    )
    assert (found.article.text.split("\n"), found.language) == (JAPANESE, "ja")


def test_a_teaser_of_the_same_article_is_no_second_text() -> None:
    teaser = {"title": TITLE, "text": LINES[0] + " " + LINES[1][:80]}
    assert lines_of(page(data([{"title": TITLE, "body": " ".join(LINES)}, teaser]))) == [" ".join(LINES)]


@pytest.mark.parametrize(
    "html",
    [
        page(data({"title": "Another story", "body": LINES})),  # not the page's
        page(data([{"title": TITLE, "body": LINES}, {"title": TITLE, "body": LINES[::-1]}])),  # which?
        page(data({"title": TITLE, "body": "Soon."})),
        page(data({"title": TITLE, "comments": LINES})),
        page(f"<script>window.__NUXT__=(function(a){{return {{title:a,body:a}}}}({json.dumps(LINES[0] * 3)}))</script>"),
        page(f"<script>window.s = {{title: '{TITLE}', body: '{LINES[0] * 3}'}}</script>"),
        page(f"<script>window.s = {json.dumps({'title': TITLE, 'body': LINES})[:-1]}</script>"),
        page(f"<script>// {json.dumps({'title': TITLE, 'body': LINES})}</script>"),
        page(f'<script type="application/json">{"[" * 200}{json.dumps({"title": TITLE, "body": LINES})}{"]" * 200}</script>'),
        page(data({"pad": "x" * 1_000_001, "title": TITLE, "body": LINES})),
    ],
)  # fmt: skip
def test_what_is_no_json_too_large_or_not_surely_the_pages_is_left(html: str) -> None:
    assert lines_of(html) == []


def test_a_page_that_shows_its_text_is_read_as_shown() -> None:
    shown = f"<article><h1>{TITLE}</h1>{''.join(f'<p>{line} Shown.</p>' for line in LINES)}</article>"
    found = read(page(data({"title": TITLE, "body": LINES}), shown=shown))
    assert (found.article.method, "Shown." in found.article.text) == ("blocks", True)


def nested(depth: int) -> Any:
    value: Any = LINES
    for _ in range(depth):
        value = {"title": TITLE, "content": [value]}
    return value


@pytest.mark.parametrize(
    "body",
    [
        {"title": TITLE, "body": "<div>" * 15_000 + LINES[0] * 3},
        {"title": TITLE, "body": "<p " + "a=1 " * 20_000 + ">" + LINES[0] * 3},
        {"title": TITLE, "body": "<" * 100_000},
        {"title": TITLE, "body": "&lt;" * 50_000},
        {"title": TITLE, "body": [[[]] * 1000] * 300},
        {"title": TITLE, "body": ["<b>x</b>"] * 20_000},
        {"title": TITLE, "body": [{"type": "paragraph", "text": ["x"] * 2000}] * 100},
        [{"title": TITLE, "body": LINES[0][:n]} for n in range(3, 100)] * 50,
        nested(45),
    ],
)
def test_hostile_data_end(body: Any) -> None:
    for how in (data, assigned):
        read(page(how(body))).article.text.encode()
    assert lines_of(page(data(body))) == lines_of(page(data(body)))


def test_of_one_key_said_twice_the_last_counts() -> None:
    written = json.dumps({"title": TITLE, "body": "x"})[:-1] + f', "body": {json.dumps(LINES)}}}'
    assert lines_of(page(f'<script type="application/json">{written}</script>')) == LINES


WORDS = st.sampled_from(
    [TITLE, *LINES, "<b>", "</p>", "&lt;i&gt;", "\ud83d", "\x00\x1b", "{", '"', "]]>", "港", "undefined"]
)
KEYS = st.sampled_from(["title", "body", "content", "type", "text", "children", "x", "data"])
TREES = st.recursive(
    WORDS | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


@settings(max_examples=60, deadline=None)
@given(TREES, st.sampled_from([data, assigned]), st.integers(0, 400))
def test_any_state_is_read_alike_twice(value: Any, how: Any, cut: int) -> None:
    html = page(how({"title": TITLE, "body": value}))
    for one in (html, html[: len(html) - cut]):
        found = read(one)
        assert found == read(one)
        found.article.text.encode()
        assert not set("\x00\x1b") & set(found.article.text)
