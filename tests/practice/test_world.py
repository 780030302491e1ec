"""The practice world: the same for the same seed, whole, and silent about its own truth."""

import hashlib
import io
import ipaddress
import json
import os
import re
import subprocess
import sys
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

import pytest
import yaml
from PIL import Image
from sudachipy import dictionary, tokenizer

from wiretrace import identity
from wiretrace.practice.data import load, names
from wiretrace.practice.world import build

DOCUMENTATION = [
    ipaddress.ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
RESERVED = (".example", ".test", ".invalid")
THIRD_PARTIES = {
    "www.googletagmanager.com",
    "pagead2.googlesyndication.com",
    "www.google-analytics.com",
    "schema.org",
    "api.w.org",
    "www.sitemaps.org",
}
CODECS = {"shift_jis": "cp932", "euc-kr": "cp949", "gbk": "gbk"}
DIGEST = """
import hashlib, json
from urllib.parse import urlsplit
from wiretrace.practice.world import build
for seed in (1, 2):
    w = build(seed)
    h = hashlib.sha256(json.dumps([w.truth, w.seeds, w.names, w.known_networks, w.platforms], ensure_ascii=False).encode())
    for round_ in (1, 2):
        h.update(json.dumps(sorted((list(k), v) for k, v in w.dns(round_).items())).encode())
        for row in w.truth["articles"]:
            u = urlsplit(row["address"])
            r = w.respond(round_, u.scheme, u.netloc, u.path + ("?" + u.query if u.query else ""), {})
            h.update(repr(r).encode())
        for row in w.truth["publishers"]:
            h.update(repr(w.whois(round_, "whois.nic.example", row["publisher"])).encode())
            h.update(repr(w.whois(round_, "whois.registry.test", row["publisher"])).encode())
            h.update(repr(w.respond(round_, "https", "rdap.nic.example", "/domain/" + row["publisher"], {})).encode())
        h.update(repr(w.respond(round_, "http", "web-archive.example", "/cdx/search/cdx?url=example&matchType=domain", {})).encode())
    h.update(repr(w.certificates).encode())
    print(h.hexdigest())
"""


@pytest.fixture(scope="module", params=[1, 2])
def world(request):
    return build(request.param)


def ask(world, url, round_=1, headers=None):
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return world.respond(round_, parts.scheme, parts.netloc, target, headers or {})


def decoded(response):
    kind = dict(response.headers)["Content-Type"]
    declared = re.search(rb"charset=([\w-]+)", response.body[:400], re.IGNORECASE)
    name = (re.search(r"charset=([\w-]+)", kind) or [None, (declared[1].decode() if declared else "utf-8")])[1].lower()
    return unescape(response.body.decode(CODECS.get(name, name)))


def listed(value):
    return value if isinstance(value, list) else [value]


def crawl(world, round_=1):
    """Every page that links lead to, from the seeds."""
    found, todo = {}, [row["url"] for row in world.seeds]
    while todo:
        url = todo.pop()
        if url in found or urlsplit(url).hostname not in world.hosts():
            continue
        response = ask(world, url, round_)
        found[url] = response
        if response is None:
            continue
        location = dict(response.headers).get("Location")
        links = [location] if location else []
        if "html" in dict(response.headers).get("Content-Type", ""):
            links += re.findall(r'(?:href|src)="([^"]+)"', decoded(response), re.IGNORECASE)
        todo += [urljoin(url, link).partition("#")[0] for link in links]
    return found


@pytest.fixture(scope="module")
def pages(world):
    return crawl(world)


def test_same_seed_same_bytes_whatever_the_hash_seed():
    running = [
        subprocess.Popen(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone},
            stdout=subprocess.PIPE,
            text=True,
        )
        for hash_seed, zone in (("0", "UTC"), ("4711", "Asia/Tokyo"))
    ]
    answers = [process.communicate()[0].split() for process in running]
    assert answers[0] == answers[1] and len(set(answers[0])) == 2


def test_two_seeds_are_two_worlds():
    one, two = build(1), build(2)
    for table, column in (("publishers", "publisher"), ("articles", "address"), ("operators", "name")):
        assert not {r[column] for r in one.truth[table]} & {r[column] for r in two.truth[table]}
    assert {r["name"] for r in one.names}.isdisjoint(r["name"] for r in two.names)

    def runs(world):
        order = {r["publisher"]: i for i, r in enumerate(world.truth["publishers"])}
        return {(order[r["publisher"]], r["story"]) for r in world.truth["articles"]}

    assert len(runs(one) & runs(two)) < 0.6 * len(runs(one))


def test_the_world_is_as_large_as_the_readme_says(world):
    truth = world.truth
    kinds = [row["kind"] for row in truth["publishers"]]
    assert [kinds.count(k) for k in ("distributor", "seller")] == [3, 1]
    assert sum(r["network"] == "network-a" and r["kind"] == "fake_local" for r in truth["publishers"]) == 14
    assert sum(r["network"] == "network-b" for r in truth["publishers"]) == 9
    assert len(kinds) == 60 and kinds.count("honest") >= 20
    stories = [row["story"] for row in truth["articles"]]
    assert len(stories) >= 500 and sum(stories.count(s) > 1 for s in set(stories)) >= 45
    assert {r["kind"] for r in truth["articles"]} == {
        *("original", "verbatim", "trimmed", "reheadlined", "merged", "translated", "quotation", "independent")
    }
    assert {r["clock"] for r in truth["articles"]} == {"true", "lies", "no_zone", "none"}
    addresses = [r["address"] for r in truth["articles"]]
    assert len(addresses) == len(set(addresses))
    assert {r["language"] for r in truth["articles"]} == {"ja", "en", "ko", "zh-Hans", "zh-Hant"}


def test_addresses_and_publishers_are_in_the_projects_one_form(world, tmp_path):
    path = tmp_path / "platforms.yaml"
    path.write_text(yaml.safe_dump({"platforms": world.platforms}, allow_unicode=True), encoding="utf-8")
    rules = identity.read_platforms(path)
    for row in world.truth["articles"]:
        assert identity.canonical(row["address"]) == row["address"]
        parts = urlsplit(row["address"])
        match = next((m for rule in rules if (m := rule.pattern.match(parts.netloc + parts.path))), None)
        publisher = f"{match['host']}/{match['account']}" if match else identity.registrable_domain(parts.netloc)
        assert publisher == row["publisher"]


def test_every_true_address_answers_as_stated(world):
    changed = {(c["address"], c["kind"]) for c in world.truth["changes"]}
    for row in world.truth["articles"]:
        first, second = (ask(world, row["address"], round_) for round_ in (1, 2))
        if row["where"] == "archive":
            index = ask(world, f"http://web-archive.example/cdx/search/cdx?url={quote(row['address'])}&output=json")
            assert len(json.loads(index.body)) > 1
            continue
        ok = {i for i, r in enumerate((first, second), start=1) if r is not None and r.status == 200}
        assert ok, row["address"]
        if 1 not in ok:
            assert changed & {(row["address"], "new_article"), (row["address"], "resurrected")}


def test_sources_are_rows_themselves_and_no_text_is_its_own_ancestor(world):
    source = {r["address"]: r["source_address"] for r in world.truth["articles"]}
    for address in source:
        seen = [address]
        while source[seen[-1]]:
            seen.append(source[seen[-1]])
            assert seen[-1] in source and seen.count(seen[-1]) == 1


def test_nothing_on_the_wire_tells_the_truth(world, pages):
    # the commercial stories' ids are plain English words, which their texts use too
    special = [row for name in names("stories_special") for row in listed(load(name))]
    words = {row["id"] for row in special}
    words |= {r["trap"] for r in world.truth["articles"] if r["trap"]}
    words |= {"fake_local", "network-a", "network-b", "operator-a", "operator-b", "honest-group", "reheadlined"}
    words |= {"same_reading", "order_swapped", "simplified_form", "traceable", "media-b", "unseen"}
    pattern = re.compile("|".join(sorted(map(re.escape, words))).encode())
    for url, response in pages.items():
        if response is not None:
            told = [url.encode(), response.body, repr(response.headers).encode()]
            assert not any(pattern.search(part) for part in told), url


def test_all_names_and_addresses_are_reserved(world, pages):
    hosts = {*world.hosts(), *(n for c in world.certificates for n in c.names)}
    for round_ in (1, 2):
        for (name, kind), values in world.dns(round_).items():
            if kind in ("A", "AAAA"):
                hosts.add(name)
                assert all(any(ipaddress.ip_address(v) in n for n in DOCUMENTATION) for v in values)
    assert all(name.endswith(RESERVED) for name in hosts)
    for response in pages.values():
        for host in re.findall(rb"https?://([a-z0-9.-]+\.[a-z]+)", response.body if response else b""):
            host = host.decode()
            assert host.endswith(RESERVED) or host in THIRD_PARTIES or host in ("www.w3.org", "www.tc260.org.cn"), host


def test_links_reach_nearly_every_live_article(world, pages):
    live = [r["address"] for r in world.truth["articles"] if r["where"] == "live"]
    reached = [a for a in live if a in pages and pages[a].status == 200]
    assert len(reached) > 0.94 * len(live)
    assert 500 < sum(r is not None and r.status == 200 for r in pages.values()) < 2500


def test_what_was_put_in_can_be_seen(world):
    texts = {}
    for row in world.truth["articles"]:
        response = ask(world, row["address"]) if row["where"] == "live" else None
        if response is not None and response.status == 200:
            texts[row["address"]] = re.sub(r"<[^>]+>", "", decoded(response))
    for row in world.truth["names"]:
        if row["address"] in texts:
            assert row["written"] in texts[row["address"]] and row["person"] not in texts[row["address"]]
    for row in world.truth["quotes"]:
        if row["address"] in texts and row["address"] not in {r["address"] for r in world.truth["ai"]}:
            assert row["words"] in texts[row["address"]]
            assert row["speaker"] in texts[row["address"]]
    for row in world.truth["ai"]:
        if row["place"] in ("text", "title") and row["address"] in texts:
            assert row["excerpt"] in texts[row["address"]]
    for row in world.truth["headlines"]:
        if row["address"] in texts:
            body = texts[row["address"]].partition("<body")[2] or decoded(ask(world, row["address"]))
            paragraphs = re.findall(r"<p[^>]*>(.*?)</p>", body)
            assert all(row["phrase"] not in p for p in paragraphs)
    for row in world.truth["origin"]:
        if row["address"] in texts:
            assert row["form"] in texts[row["address"]]
    families = {r["rule_family"] for r in world.truth["ai"]}
    assert families >= {"assistant_talk", "refusal", "prompt", "citation_residue", "markup", "image_metadata"}
    assert len(world.truth["ai"]) >= 30 and len(world.truth["ai_controls"]) >= 6
    false = [r for r in world.truth["quotes"] if r["false"]]
    assert len(false) >= 30 and any(r["attributed_in"] for r in false)
    assert {r["slip"] for r in world.truth["names"]} == {"same_reading", "order_swapped", "simplified_form"}


def test_slips_of_names_read_the_same_in_sudachi():
    tokens = dictionary.Dictionary(dict="core").tokenizer()

    def reading(text):
        return "".join(m.reading_form() for m in tokens.tokenize(text, tokenizer.Tokenizer.SplitMode.C))

    for slot, forms in load("publishers/people.yaml").items():
        for person in forms:
            if "same_reading" in person:
                assert reading(person["ja"]) == reading(person["same_reading"]) == person["reading"].replace(" ", ""), (
                    slot
                )
                assert sorted(person["order_swapped"]) == sorted(person["same_reading"])


def test_pictures_bear_the_metadata_that_the_truth_names(world):
    wanted = [r for r in world.truth["ai"] if r["place"] == "image"]
    assert wanted
    for row in wanted:
        response = ask(world, row["address"]) or ask(world, row["address"], 2)
        if response.status != 200:
            continue
        page = decoded(response)
        address = re.search(r'<img[^>]+src="(https?://[^"]+/(?:img|images|uploads[0-9/]*)/[^"]+\.png)"', page)
        image = ask(world, urljoin(row["address"], address[1]))
        assert image.status == 200
        with Image.open(io.BytesIO(image.body)) as opened:
            opened.load()
            assert row["excerpt"] in json.dumps(opened.info, default=str), row


def test_the_rounds_differ_as_the_truth_says(world):
    for change in world.truth["changes"]:
        kind, address = change["kind"], change["address"]
        before, after = (ask(world, address, r) for r in (1, 2)) if address else (None, None)
        if kind == "deleted":
            assert before.status == 200
            assert after.status != 200 if change["detail"] != "soft404" else before.body != after.body
        elif kind == "edited":
            assert before.status == after.status == 200 and before.body != after.body
        elif kind in ("new_article", "resurrected"):
            assert before.status != 200 and after.status == 200
        elif kind == "moved_host":
            name = (change["publisher"], "A")
            assert world.dns(1)[name] != world.dns(2)[name]
    gone = next(c["publisher"] for c in world.truth["changes"] if c["kind"] == "registration_lapsed")
    assert ask(world, f"http://{gone}/").status in (200, 301) and ask(world, f"http://{gone}/", 2) is None
    assert (gone, "A") in world.dns(1) and not any(name == gone for name, _ in world.dns(2))
    assert b"Creation Date" in world.whois(1, "whois.nic.example", gone)
    assert b"No match" in world.whois(2, "whois.nic.example", gone)
    assert [ask(world, f"https://rdap.nic.example/domain/{gone}", r).status for r in (1, 2)] == [200, 404]


def test_registries_answer_in_their_own_forms(world):
    by_end = {end: [r for r in world.truth["publishers"] if r["publisher"].endswith(end)] for end in RESERVED}
    bootstrap = json.loads(ask(world, "http://data.iana.example/rdap/dns.json").body)
    assert bootstrap["services"] == [[["example"], ["https://rdap.nic.example/"]]]
    for end, server in ((".example", "nic.example"), (".test", "registry.test"), (".invalid", "registry.invalid")):
        assert f"refer:        whois.{server}".encode() in world.whois(1, "whois.iana.example", f"x{end}")
        assert by_end[end]
    japanese = world.whois(1, "whois.registry.test", by_end[".test"][0]["publisher"])
    assert "[登録年月日]" in japanese.decode("iso2022_jp") and b"\x1b$B" in japanese
    assert b"[Created on]" in world.whois(1, "whois.registry.test", by_end[".test"][0]["publisher"] + "/e")
    assert b"Registration Time: " in world.whois(1, "whois.registry.invalid", by_end[".invalid"][0]["publisher"])
    assert b"No match!!" in world.whois(1, "whois.registry.test", "nobody.test")
    assert b"No matching record" in world.whois(1, "whois.registry.invalid", "nobody.invalid")
    assert world.whois(1, "whois.nowhere.example", "x.example") is None
    answers = [world.whois(1, "whois.nic.example", r["publisher"]) for r in by_end[".example"]]
    assert any(b"Registrant Organization: REDACTED" in a for a in answers)
    assert any(b"Registrant Organization: REDACTED" not in a for a in answers if b"Creation Date" in a)


def test_the_archive_gives_what_is_gone_after_asking_for_patience(world):
    for row in (r for r in world.truth["articles"] if r["where"] == "archive"):
        index = ask(world, f"http://web-archive.example/cdx/search/cdx?url={quote(row['address'])}&output=json")
        table = json.loads(index.body)
        held = dict(zip(table[0], table[1], strict=True))
        url = f"http://web-archive.example/web/{held['timestamp']}id_/{held['original']}"
        answer = ask(world, url)
        if answer.status == 429:
            assert dict(answer.headers)["Retry-After"]
            answer = ask(world, url)
        assert answer.status == 200 and "Memento-Datetime" in dict(answer.headers)
        assert str(len(answer.body)) == held["length"]
        moved = ask(world, f"http://web-archive.example/web/2025id_/{held['original']}")
        assert moved.status == 302 and held["timestamp"][:4] in dict(moved.headers)["Location"]
    patience = [
        ask(world, f"http://web-archive.example/web/2025id_/http://{r['publisher']}/", 2).status
        for r in world.truth["publishers"]
    ]
    assert 429 in patience and 404 in patience
    assert json.loads(ask(world, "http://web-archive.example/cdx/search/cdx?url=nobody.example&output=json").body) == []


def test_seeds_name_every_publisher_once(world, tmp_path):
    path = tmp_path / "platforms.yaml"
    path.write_text(yaml.safe_dump({"platforms": world.platforms}, allow_unicode=True), encoding="utf-8")
    rules = identity.read_platforms(path)
    found = []
    for row in world.seeds:
        host = urlsplit(row["url"]).netloc + urlsplit(row["url"]).path
        match = next((m for rule in rules if (m := rule.pattern.match(host))), None)
        account = f"{match['host']}/{match['account']}" if match else ""
        found.append(account or identity.registrable_domain(urlsplit(row["url"]).hostname))
    assert sorted(found) == sorted(r["publisher"] for r in world.truth["publishers"])
    assert {r["role"] for r in world.seeds} == {"suspect", "distributor", "seller", "control"}
    assert world.verifications == []
    listed = [r["domain"] for r in world.known_networks]
    papers = {r["publisher"] for r in world.truth["publishers"] if r["network"] == "network-a"}
    assert len(listed) == 6 and len(set(listed)) == 5 and len(set(listed) & papers) == 4


def test_the_weather_is_rough_but_the_same(world, pages):
    weathers = {r.weather for r in pages.values() if r is not None}
    assert weathers == {"", "slow", "stall", "cut", "reset"}
    assert sum(c.expired for c in world.certificates) == 1
    assert any(len(c.names) > 8 for c in world.certificates)
    robots = [ask(world, urljoin(r["url"], "/robots.txt")).body for r in world.seeds]
    assert any(b"Disallow: /\n" in body for body in robots) and any(b"Disallow: /business/" in b for b in robots)
    loops = [u for u, r in pages.items() if r is not None and r.status == 302 and "/info/" in u]
    assert len(loops) == 2


def test_a_known_tag_is_answered_with_304(world):
    address = next(r["address"] for r in world.truth["articles"] if r["where"] == "live" and r["kind"] == "original")
    first = ask(world, address)
    tag = dict(first.headers)["ETag"]
    again = ask(world, address, headers={"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")


def test_pages_in_old_encodings_decode_to_their_titles(world, pages):
    declared = {}
    for url, response in pages.items():
        found = re.search(rb'CONTENT="text/html; charset=([\w-]+)"', response.body if response else b"")
        if found:
            declared.setdefault(found[1].decode(), []).append(decoded(pages[url]))
    assert set(declared) == {"Shift_JIS", "EUC-KR", "GBK", "UTF-8"}
    assert all("�" not in text for texts in declared.values() for text in texts)
    assert hashlib.sha256(declared["GBK"][0].encode()).hexdigest()
