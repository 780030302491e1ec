"""A small archive to read: exchanges written through the real writer, indexed and read as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from wiretrace import identity, schema
from wiretrace.config import Investigation
from wiretrace.evidence import EvidenceWriter, Exchange, Lookup, index
from wiretrace.read import imported, publishers_of, read_publishers, split

Tables = dict[str, list[dict[str, Any]]]


@dataclass
class Archive:
    """Exchanges by snapshot; ``read`` gives the tables as lists of rows."""

    evidence: Path
    inputs: dict[str, Any] = field(default_factory=dict)

    def http(
        self,
        address: str,
        body: str | bytes,
        time: str = "2024-03-10T00:00:00Z",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        purpose: str = "page",
        snapshot: str = "round1",
        **more: str,
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        sent = {"Content-Type": "text/html", **(headers or {}), "Content-Length": str(len(data))}
        head = f"HTTP/1.1 {status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in sent.items()) + "\r\n"
        publisher = identity.publisher_of(address)
        exchange = Exchange(
            "http", purpose, publisher, address, time, head.encode() + data, b"GET / HTTP/1.1\r\n\r\n", **more
        )
        outcome = "found" if status < 400 else "absent"
        self._add(snapshot, exchange, Lookup(publisher, purpose, address, outcome, time))  # type: ignore[arg-type]

    def record(
        self, kind: str, publisher: str, address: str, payload: bytes, time: str = "2024-03-10T00:00:00Z"
    ) -> None:
        exchange = Exchange(kind, kind, publisher, address, time, payload, status="ok")  # type: ignore[arg-type]
        self._add("round1", exchange, Lookup(publisher, kind, publisher, "found", time))

    def failed(self, address: str, outcome: str, time: str, snapshot: str = "round2") -> None:
        publisher = identity.publisher_of(address)
        self._add(snapshot, None, Lookup(publisher, "page", address, outcome, time, "a reason"))  # type: ignore[arg-type]

    def _add(self, snapshot: str, exchange: Exchange | None, lookup: Lookup) -> None:
        with EvidenceWriter(self.evidence / snapshot / "000-of-001.warc.gz") as writer:
            if exchange:
                writer.add(exchange, lookup)
            else:
                writer.add_lookups([lookup])

    def frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        both = [index(self.evidence, path.name) for path in sorted(self.evidence.glob("*"))]
        return tuple(  # type: ignore[return-value]
            schema.frame(name, [row for pair in both for row in schema.records(pair[at])])
            for at, name in enumerate(("captures", "lookups"))
        )

    def tables(self, **order: Any) -> dict[str, pd.DataFrame]:
        captures, lookups = self.frames()
        if order.get("shuffled"):
            captures = captures.sample(frac=1, random_state=7)
            lookups = lookups.sample(frac=1, random_state=7)
        investigation = Investigation(investigation="t", inputs=self.inputs)
        given = self._given(investigation)
        publishers = publishers_of(captures, investigation, given)
        return read_publishers(self.evidence, captures, lookups, investigation, publishers, given)

    def _given(self, investigation: Investigation) -> dict[str, Any]:
        own = self.evidence.parent / "given.jsonl"
        split(investigation.inputs.articles, [own])
        return imported([own])

    def read(self) -> Tables:
        return {name: schema.records(data) for name, data in self.tables().items()}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "evidence")


@pytest.fixture
def page() -> Callable[..., str]:
    return html


MENU = "".join(
    f'<li class="item"><a href="/c/{n}">{word}</a></li>'
    for n, word in enumerate(("首页", "地域", "财经", "スポーツ", "連絡先"))
)
BODY = (
    "港湾都市の市議会は三日、老朽化した水道管の更新計画を可決しました。事業費は四十二億円で、来年度から五年をかけて進めます。",
    "みなと設備の担当者は「住民のくらしを守るため、工事の時期をずらしながら取り組みたい」と話しています。",
    "計画では、港に近い三つの地区から順に管を取り替え、断水の時間を一回あたり二時間以内に抑えるとしています。",
)


def html(
    title: str = "水道管の更新計画を可決",
    body: tuple[str, ...] = BODY,
    head: str = "",
    date: str = "2024年3月5日 10:00",
    after: str = "",
    site: str = "港湾日報",
) -> str:
    paragraphs = "".join(f"<p>{p}</p>" for p in body)
    return (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{title} | {site}</title>{head}</head>'
        f'<body><header class="top"><div class="brand">{site}</div><nav class="menu"><ul class="list">{MENU}</ul></nav></header>'
        f'<main class="main"><article class="post"><h1 class="head">{title}</h1><p class="date">公開：{date}</p>'
        f'<div class="body">{paragraphs}</div>{after}</article>'
        '<aside class="side"><h3>新着記事</h3><ul><li><a href="/a/9">別の記事の見出しがここに入ります</a></li></ul></aside></main>'
        f'<footer class="foot"><p>© 2024 {site} 无断转载禁止</p></footer></body></html>'
    )
