"""A small invented world for tracing: texts in four languages, and a builder for the tables that the room reads."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from wiretrace import schema
from wiretrace.config import Investigation
from wiretrace.identity import make_id
from wiretrace.trace import trace

PUMP_EN = """Harbour Pumps opens a plant in Norvik
Harbour Pumps Ltd, a maker of pumps for fishing ports, opened its second plant in Norvik on March 5, 2024, with 120 workers and an annual capacity of 45,000 units.
"We have waited eleven years for this day, and the harbour has waited longer," said Ingrid Solberg, the managing director, at the opening ceremony.
The plant cost 38.5 million dollars, of which the regional bank lent 12.2 million at 2.75 percent. It stands on 8,400 square metres that used to be a cannery.
The company plans to deliver the first 600 units of its model HP-77 to Japan and South Korea by August 2024, where typhoon seasons have destroyed older pumps in 14 ports.
Deputy mayor Klaus Brandt called the plant the largest private investment in Norvik since 1998 and promised a bus line to it.
Harbour Pumps reported sales of 61 million dollars in 2023, up 9.4 percent from a year earlier, and employs 310 people in three countries."""

PUMP_JA = """ハーバー・ポンプス、ノルヴィクに新工場を開設
漁港向けポンプの製造を手がけるハーバー・ポンプス社は2024年3月5日、ノルヴィクに第二工場を開設した。従業員は120人、年間生産能力は4万5000台である。
「私たちはこの日を11年待ちました。港はもっと長く待っていました」と、社長のイングリッド・ソルベルグ氏は開所式で述べた。
工場の建設費は3850万ドルで、このうち1220万ドルを地元の銀行が年利2.75%で融資した。かつて缶詰工場だった8400平方メートルの敷地に建つ。
同社は2024年8月までに、新型機HP-77の最初の600台を日本と韓国に納入する計画である。両国では台風で14の港の古いポンプが壊れている。
クラウス・ブラント副市長は、1998年以来ノルヴィクで最大の民間投資だと述べ、工場へのバス路線を約束した。
ハーバー・ポンプスの2023年の売上高は6100万ドルで、前年から9.4%増えた。3カ国で310人を雇用している。"""

PUMP_ZH = """海港泵业在诺维克开设新工厂
为渔港生产水泵的海港泵业公司（Harbour Pumps）于2024年3月5日在诺维克开设第二家工厂，拥有120名工人，年产能4.5万台。
总经理英格丽德·索尔贝格在开幕仪式上说：“我们等这一天等了11年，港口等得更久。”
工厂耗资3850万美元，其中1220万美元由当地银行以2.75%的利率贷款。工厂占地8400平方米，原址是一家罐头厂。
公司计划在2024年8月之前向日本和韩国交付首批600台HP-77型水泵，当地的台风季节已毁坏14个港口的旧水泵。
副市长克劳斯·布兰特称这是诺维克自1998年以来最大的私人投资，并承诺开通一条公交线路。
海港泵业2023年销售额为6100万美元，比上年增长9.4%，在三个国家雇用310人。"""

PUMP_KO = """하버 펌프스, 노르비크에 새 공장 열어
어항용 펌프를 만드는 하버 펌프스는 2024년 3월 5일 노르비크에 두 번째 공장을 열었다. 직원은 120명, 연간 생산 능력은 4만5000대이다.
"우리는 이날을 11년 동안 기다렸고 항구는 더 오래 기다렸다"고 잉그리드 솔베르그 사장은 개소식에서 말했다.
공장 건설에는 3850만 달러가 들었고 그중 1220만 달러는 지역 은행이 연 2.75%로 빌려주었다. 부지는 8400제곱미터로 예전에는 통조림 공장이었다.
회사는 2024년 8월까지 HP-77 모델 600대를 일본과 한국에 납품할 계획이며, 두 나라에서는 태풍으로 항구 14곳의 낡은 펌프가 부서졌다.
클라우스 브란트 부시장은 1998년 이후 노르비크에서 가장 큰 민간 투자라며 버스 노선을 약속했다.
하버 펌프스의 2023년 매출은 6100만 달러로 전년보다 9.4% 늘었고 3개국에서 310명을 고용하고 있다."""

# Another release of the same company: same names, other facts.
VALVE_EN = """Harbour Pumps names a new head of research
Harbour Pumps Ltd said on November 21, 2024 that Tomas Veck will lead its research from January, after nine years at a valve maker in Osaka.
"Our next pump will listen to the sea before it starts," said Ingrid Solberg, the managing director, who founded the laboratory in 2011.
Veck holds 27 patents, among them one for a valve that closes in 0.3 seconds, and taught at two universities before he joined the company.
The laboratory in Norvik has 44 engineers and a budget of 5.8 million dollars; it will add a test tank of 1,500 cubic metres next to the plant.
Klaus Brandt, the deputy mayor, said the town would pay a fifth of the tank because schools may use it on 20 days a year."""

VALVE_JA = """ハーバー・ポンプス、研究部門の新責任者を任命
ハーバー・ポンプス社は2024年11月21日、大阪のバルブメーカーに9年間勤めたトマス・ヴェック氏が1月から研究部門を率いると発表した。
「次のポンプは動く前に海の音を聞きます」と、2011年に研究所を設立した社長のイングリッド・ソルベルグ氏は述べた。
ヴェック氏は0.3秒で閉じる弁など27件の特許を持ち、入社前は二つの大学で教えていた。
ノルヴィクの研究所には44人の技術者がおり、予算は580万ドル。工場の隣に1500立方メートルの試験水槽を新設する。
クラウス・ブラント副市長は、学校が年に20日使えるため、町が水槽の費用の5分の1を負担すると述べた。"""

BAKERY_EN = """Three generations of bread on Mill Street
The bakery on Mill Street has sold the same dark loaf since 1921, and on Saturday its oven went cold for the first time in 63 years.
Anna Petrova, who took over from her father, said the bricks had to be laid anew because rain had come through the chimney all winter.
Neighbours brought flour from the mill at Ostrava and a choir of school children sang until the last brick was set.
The bakery will open again on Thursday at six in the morning with 400 loaves, twenty of them free for whoever comes first.
Petrova has no plans to raise the price, which has stood at 2 crowns since her grandfather put up the sign above the door."""

LIBRARY_JA = """図書館の夜、灯りは消えない
山あいの小さな町にある図書館が、今月から夜十時まで開館することになった。利用者の半分は仕事帰りの人たちだという。
司書の森下さんは「静かな場所が欲しいという声が多かった」と話す。暖房費は町の基金からまかなわれる。
児童書の棚には手作りの灯籠が並び、毎週水曜日には朗読会が開かれる。昨年の貸し出しは八万冊を超えた。
冬の間は除雪車の運転手たちが休憩に立ち寄り、地図や古い写真集を眺めていくそうだ。
町では来年、書庫を広げる工事を予定している。図書館の裏の蔵を改修し、寄贈された蔵書を収める計画だ。"""


class World:
    """Collects articles and traces them; every method gives the article's id."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {
            name: []
            for name in (
                "articles",
                "article_versions",
                "article_parts",
                "clocks",
                "links",
                "images",
                "outlet_listings",
            )
        }
        self.publishers: dict[str, dict[str, Any]] = {}
        self.limits: dict[str, Any] = {}

    def publisher(self, name: str, role: str = "suspect", title: str = "") -> str:
        self.publishers.setdefault(
            name, {"publisher": name, "kind": "domain", "role": role, "name": title, "articles": 0, "pages": 0}
        )
        return name

    def article(
        self,
        publisher: str,
        text: str,
        language: str = "en",
        at: str = "",
        archived: str = "",
        claims: tuple[tuple[str, str], ...] = (),
        parts: tuple[tuple[str, str, str], ...] = (),
        links: tuple[str, ...] = (),
        release: bool | None = None,
    ) -> str:
        """``at``: claimed by JSON-LD to the second; ``parts``: (kind, words, name); ``archived``: first archive capture."""
        self.publisher(publisher)
        number = sum(row["publisher"] == publisher for row in self.rows["articles"]) + 1
        address = f"https://{publisher}/news/{number}"
        article = make_id("a", publisher, address)
        version = make_id("v", article, text)
        capture = make_id("c", article)
        title, _, body = text.partition("\n")
        seen = "2025-06-01T00:00:00Z"
        self.rows["articles"].append(
            {
                "article_id": article,
                "publisher": publisher,
                "address": address,
                "title": title,
                "language": language,
                "characters": len(body),
                "release_like": bool(parts) if release is None else release,
                "first_seen": seen,
                "last_seen": seen,
                "state": "live",
                "versions": 1,
                "version_id": version,
                "source": "crawl",
            }
        )
        self.rows["article_versions"].append(
            {
                "version_id": version,
                "article_id": article,
                "sequence": 1,
                "title": title,
                "text": body,
                "text_digest": hashlib.sha256(body.encode()).hexdigest(),
                "first_seen": seen,
                "last_seen": seen,
                "capture_id": capture,
            }
        )
        for kind, words, name in parts:
            start = body.index(words)
            self.rows["article_parts"].append(
                {
                    "part_id": make_id("p", article, kind, start),
                    "article_id": article,
                    "version_id": version,
                    "kind": kind,
                    "place": "text",
                    "start": start,
                    "end": start + len(words),
                    "excerpt": words,
                    "names": name,
                    "rule_id": "test",
                }
            )
        self._clock(article, "capture", "seen", seen)
        if archived:
            self._clock(article, "web_archive", "seen", archived)
        for source, time in ((("json_ld", at),) if at else ()) + claims:
            self._clock(article, source, "published", time)
        for number, target in enumerate(links):
            self.rows["links"].append(
                {
                    "link_id": make_id("k", article, number),
                    "publisher": publisher,
                    "article_id": article,
                    "address": target,
                    "target": target.split("/")[2],
                    "anchor": "more",
                    "place": "body",
                    "capture_id": capture,
                }
            )
        return article

    def leads(self, article: str, words: str, target: str) -> None:
        """A link of ``article`` beside its text, with these words, to a page of ``target``."""
        own = next(row for row in self.rows["articles"] if row["article_id"] == article)
        link = {"link_id": make_id("k", article, words), "publisher": own["publisher"], "article_id": article}
        place = {"address": f"https://{target}/5123", "target": target, "anchor": words, "place": "chrome"}
        self.rows["links"].append(link | place | {"capture_id": make_id("c", article)})

    def listing(self, seller: str, outlet: str) -> None:
        """A line of a captured catalogue of ``seller``."""
        row = {"seller": seller, "outlet": outlet, "label": f"{outlet} 600", "price": "600"}
        capture = make_id("c", seller, "catalogue")
        self.rows["outlet_listings"].append(row | {"listing_id": make_id("x", seller, outlet), "capture_id": capture})

    def _clock(self, article: str, source: str, event: str, time: str) -> None:
        day = len(time) == 10
        self.rows["clocks"].append(
            {
                "clock_id": make_id("t", article, source, event, time),
                "article_id": article,
                "source": source,
                "event": event,
                "value": time,
                "earliest": f"{time}T00:00:00Z" if day else time,
                "latest": f"{time}T23:59:59Z" if day else time,
                "precision": "day" if day else "second",
                "zone": "stated",
                "capture_id": make_id("c", article),
            }
        )

    def tables(self, order: Any = None) -> list[pd.DataFrame]:
        frames = [schema.frame("publishers", self.publishers.values())]
        frames += [schema.frame(name, rows) for name, rows in self.rows.items()]
        return [f if order is None else f.sample(frac=1, random_state=order).reset_index(drop=True) for f in frames]

    def trace(self, order: Any = None) -> SimpleNamespace:
        investigation = Investigation.model_validate({"investigation": "test", "trace": self.limits})
        found = trace(*self.tables(order), investigation)
        made = {name: schema.frame(name, own) for name, own in found.items()}
        verdicts = {row["article_id"]: row["verdict"] for row in schema.records(made["traces"])}
        best = {row["article_id"]: row for row in schema.records(made["traces"]) if row["rank"] in (0, 1)}
        pairs = {frozenset((r["article_a"], r["article_b"])): r for r in schema.records(made["text_matches"])}
        return SimpleNamespace(tables=made, verdicts=verdicts, best=best, pairs=pairs)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def texts() -> SimpleNamespace:
    return SimpleNamespace(
        pump_en=PUMP_EN,
        pump_ja=PUMP_JA,
        pump_zh=PUMP_ZH,
        pump_ko=PUMP_KO,
        valve_en=VALVE_EN,
        valve_ja=VALVE_JA,
        bakery_en=BAKERY_EN,
        library_ja=LIBRARY_JA,
    )
