"""What a page says beside its text of where the text is from."""

from __future__ import annotations

from typing import Any

import pytest

BODY = "".join(
    f"<p>{line}</p>"
    for line in (
        "The mill at Orrin turned its wheel again on Monday after forty years, and the whole valley came to see it.",
        "Volunteers had cut new paddles from larch, and a smith from the coast made the pins that hold them to the rim.",
        "Flour will be sold on Saturdays, and the school has been promised a loaf for every child who helped.",
        "The smith said that the pins would last for sixty years, and that he would not be there to change them.",
    )
)


def html(head: str = "", above: str = "", behind: str = "", far: str = "") -> str:
    return (
        f"<html><head><title>The wheel turns</title>{head}</head><body><div class=nav><a href=/>Home</a></div>"
        f"<h1>The wheel turns</h1>{above}<div class=text>{BODY}</div>{behind}"
        f"<div class=more>{'<p>Another story of the day</p>' * 6}{far}</div></body></html>"
    )


def credited(archive: Any, page: str) -> list[tuple[str, str, str]]:
    archive.http("https://orrin.example/2024/03/05/wheel.html", page)
    rows = archive.read()["article_parts"]
    assert all((row["start"], row["end"]) == (0, 0) for row in rows if row["place"] == "beside")
    return [(row["place"], row["names"], row["rule_id"]) for row in rows if row["kind"] == "credit"]


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        ({"above": "<div>2024-03-05 10:20 来源：海港通讯 责任编辑：张三</div>"}, "海港通讯"),
        (
            {"above": "<ul><li>2024/03/05</li><li>提供：<a href='https://wire.example/'>港ワイヤー</a></li></ul>"},
            "港ワイヤー",
        ),
        ({"above": "<p>입력 2024.03.05 10:20 | 출처: 하버와이어</p>"}, "하버와이어"),
        ({"above": "<p class=meta>March 5, 2024 | Source: Harbour Wire</p>"}, "Harbour Wire"),
        (
            {"above": "<p>Flour will be sold on Saturdays</p><p class=meta>Mills | Source: Harbour Wire</p>"},
            "Harbour Wire",
        ),
        ({"behind": "<div class=from>本文转载自海港通讯</div>"}, "海港通讯"),
        ({"head": "<meta name=source content='Harbour Wire'>"}, "Harbour Wire"),
        ({"head": "<meta name=syndication-source content='https://www.wire.example/r/7'>"}, "wire.example"),
        ({"head": "<link rel=canonical href='https://www.wire.example/r/7'>"}, "wire.example"),
    ],
)
def test_a_credit_beside_the_text_is_found(archive: Any, parts: dict[str, str], names: str) -> None:
    ((place, found, rule),) = credited(archive, html(**parts))
    assert (place, found) == ("beside", names)
    assert rule


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"above": "<figure><img src=a.jpg><figcaption>提供：港ワイヤー</figcaption></figure>"},
        {"above": "<p>2024年3月5日 10時20分 写真提供：港ワイヤー</p>"},
        {"far": "<p>Source: Harbour Wire</p>"},
        {"head": "<link rel=canonical href='https://www.orrin.example/2024/03/05/wheel.html'>"},
        {"head": "<meta name=source content=''>"},
    ],
)
def test_what_is_no_credit_of_the_text(archive: Any, parts: dict[str, str]) -> None:
    assert credited(archive, html(**parts)) == []


def test_what_changes_beside_the_text_makes_no_new_version(archive: Any) -> None:
    for number in (1, 2):
        line = f"<div>来源：海港通讯 阅读 {number}</div>"
        time, snapshot = f"2024-03-1{number}T00:00:00Z", f"round{number}"
        archive.http("https://orrin.example/2024/03/05/wheel.html", html(above=line), time, snapshot=snapshot)
    tables = archive.read()
    assert len(tables["article_versions"]) == 1
    assert [row["excerpt"] for row in tables["article_parts"]] == ["来源：海港通讯"]
