"""Build an investigation of real material, where it is at hand, and run every stage of it offline.

Nothing of the material is in this project. It is looked for in the folder that WIRETRACE_REAL_DATA names, else in
``../shared/data``: news pages (`read/`), WHOIS answers and page ids (`attrib/`), article texts (`trace/`), published
lists (`cases/`). The addresses of pages and domains are real; the texts of `trace/` come without an address and get one
under .example, so that nothing is said of a real site that it did not publish.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from wiretrace import identity, schema
from wiretrace.errors import UserError
from wiretrace.read.whois import of_whois

ROOT = Path(__file__).resolve().parents[3]
# When the material was gathered. The copies bear no time of their own; that they existed by then is certain.
GATHERED = "2026-11-21T00:00:00Z"
PAGES = ("trafilatura_eval", "fundus_parsers", "dates")
TEXT_LANGUAGES = ("en", "ja", "zh", "zh_tw", "ko")
# Ids found on pages, as that collection names them, to our kinds; others are not evidence of an operator here.
PAGE_KINDS = {
    "ga_ua": "ga_ua",
    "ga4": "ga4",
    "gtm": "gtm",
    "adsense": "adsense",
    "yandex": "yandex_metrika",
    "baidu_hm": "baidu_hm",
    "cnzz": "cnzz",
    "icp": "icp",
    "fb_pixel": "fb_pixel",
    "google_verif": "site_verification",
    "bing_verif": "site_verification",
    "yandex_verif": "site_verification",
    "generator": "generator",
}


def folder() -> Path:
    """Folder of the real material.

    Raises:
        UserError: it is not here.
    """
    found = Path(os.environ.get("WIRETRACE_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not (found / "read").is_dir():
        raise UserError(f"{found}: no real data there; name its folder in WIRETRACE_REAL_DATA")
    return found


def build(data: Path, target: Path, most: int = 0) -> Path:
    """Write the investigation's files into ``target``; of each kind of material ``most`` items at the most, 0: all.

    Returns the path of its investigation.yaml.
    """
    target.mkdir(parents=True, exist_ok=True)
    _write_pages(data, target / "pages.warc.gz", most)
    observations = [*_cut(_whois(data), most), *_cut(_page_ids(data), most * 10), *_cut(_portal_kombat(data), most * 2)]
    _write_csv(target / "observations.csv", observations)
    _write_csv(target / "articles.csv", list(_cut(_texts(data), most * 3)))
    _write_csv(target / "known_networks.csv", list(_known(data)))
    controls = sorted({row["publisher"] for row in _page_ids(data)} - {row["domain"] for row in _known(data)})
    _write_csv(
        target / "seeds.csv",
        [{"url": f"https://{name}/", "role": "control", "note": "page ids of 1,051 domains"} for name in controls],
    )
    settings = {
        "investigation": "real",
        "question": "Do the stages state only what is true of real pages, records and texts?",
        "inputs": {
            "seeds": "seeds.csv",
            "archives": ["pages.warc.gz"],
            "articles": ["articles.csv"],
            "observations": ["observations.csv"],
            "known_networks": ["known_networks.csv"],
        },
        "acquire": {"live": False},
    }
    schema.write_text(target / "investigation.yaml", yaml.safe_dump(settings, sort_keys=False))
    return target / "investigation.yaml"


def run() -> int:
    """Build the investigation below ``config/investigations`` and run it; the exit code of Snakemake."""
    path = build(folder(), ROOT / "config" / "investigations" / "real")
    command = [sys.executable, "-m", "snakemake", "--cores", "all", "--configfile", str(path.relative_to(ROOT))]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - our own command


def _cut(rows: Iterator[dict[str, str]], most: int) -> Iterator[dict[str, str]]:
    for number, row in enumerate(rows):
        if most and number >= most:
            return
        yield row


def _write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    schema.write_text(path, out.getvalue())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    data = path.read_bytes()
    for line in (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines():
        yield json.loads(line)


def _write_pages(data: Path, path: Path, most: int) -> None:
    """Pages that come with their address, as a WARC of response records."""
    pages = (
        (row["url"] if row.get("url") else row["id"], data / "read" / name / row["file"])
        for name in PAGES
        for row in _lines(data / "read" / name / "gold.jsonl")
    )
    seen: set[str] = set()
    with open(path, "wb") as stream:
        writer = WARCWriter(stream, gzip=True, warc_version="1.1")
        for url, file in pages:
            address = identity.canonical(url)
            if not address or address in seen or (most and len(seen) >= most):
                continue
            seen.add(address)
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                address,
                "response",
                payload=io.BytesIO(gzip.decompress(file.read_bytes())),
                http_headers=head,
                warc_headers_dict={
                    "WARC-Date": GATHERED,
                    "WARC-Record-ID": f"<urn:sha256:{identity.sha256(address.encode())[7:]}>",
                },
            )
            writer.write_record(record)
            record.raw_stream.close()


def _observation(publisher: str, kind: str, value: str, source: str) -> dict[str, str]:
    return {
        "publisher": publisher,
        "kind": kind,
        "value": value,
        "first_seen": GATHERED,
        "last_seen": GATHERED,
        "source": source,
    }


def _whois(data: Path) -> Iterator[dict[str, str]]:
    """What our parsers make of real WHOIS answers."""
    for name in ("cases_jp_cn_native", "cases_independent_expected"):
        for row in _lines(data / "attrib" / "whois" / f"{name}.jsonl"):
            domain = identity.registrable_domain(row["domain"] or "")
            # Some answers are filed under a stand-in for the domain that they are about.
            if row.get("kind") == "notfound" or not domain or domain not in row["text"].lower():
                continue
            for seen in of_whois(row["text"].encode("utf-8"), domain):
                if seen.state == "value":
                    yield _observation(domain, seen.kind, seen.value, f"WHOIS answer {row['id']}")


def _page_ids(data: Path) -> Iterator[dict[str, str]]:
    """Ids found on the pages of 1,051 domains."""
    found = json.loads((data / "attrib" / "labels" / "html1051_indicators.json").read_text(encoding="utf-8"))
    for domain in sorted(found):
        for kind, values in sorted(found[domain].items()):
            if kind in PAGE_KINDS:
                for value in sorted(set(values)):
                    yield _observation(domain, PAGE_KINDS[kind], value, "page ids of 1,051 domains")


def _portal_kombat(data: Path) -> Iterator[dict[str, str]]:
    """Addresses and registration days of Portal Kombat's sites as VIGINUM published them (2024-02-12, 2024-12-27)."""
    path = next((data / "attrib" / "viginum").glob("20240212*Portal_Kombat*.json"))
    objects = {o["id"]: o for o in json.loads(path.read_text(encoding="utf-8"))["objects"]}
    for relation in objects.values():
        if relation["type"] != "relationship":
            continue
        site, address = objects.get(relation["source_ref"], {}), objects.get(relation["target_ref"], {})
        domain = identity.registrable_domain(str(site.get("name", "")).replace("[.]", "."))
        if address.get("type") == "ipv4-addr" and site.get("type") == "channel" and domain:
            yield _observation(domain, "ip", address["value"], "VIGINUM STIX 2.1 2024-02-12")
    path = next((data / "attrib" / "viginum").glob("*Portal-Kombat-domains.csv"))
    with open(path, encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            domain = identity.registrable_domain((row["domain"] or "").replace("[.]", "."))
            day, _, rest = (row["create date"] or "").partition("/")
            month, _, year = rest.partition("/")
            if domain and year:
                yield _observation(domain, "created", f"{year}-{month}-{day}", "VIGINUM list 2024-12-27")


def _texts(data: Path) -> Iterator[dict[str, str]]:
    """Real article texts in up to five languages; a publisher under .example for each set and language."""
    for row in _lines(data / "trace" / "parallel_docs.jsonl.gz"):
        for language in TEXT_LANGUAGES:
            text = row.get(language)
            if not text:
                continue
            title, _, body = text.partition("\n")
            host = f"{re.sub(r'[^a-z0-9]+', '-', row['set'].lower())}-{language.replace('_', '-')}.example"
            number = re.sub(r"[^A-Za-z0-9]+", "-", str(row["id"]))
            yield {
                "url": f"https://{host}/{number}",
                "title": title,
                "text": body or title,
                "published_at": "",
                "language": {"zh": "zh-Hans", "zh_tw": "zh-Hant"}.get(language, language),
            }


def _known(data: Path) -> Iterator[dict[str, str]]:
    """Domains that published reports list."""
    for path in sorted((data / "cases").glob("*.csv")):
        with open(path, encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                if "domain" in row["indicator_type"] and not path.name.startswith("laundromat"):
                    yield {
                        "domain": row["indicator"],
                        "label": row["campaign"],
                        "listed_by": row["source_url"],
                        "date": "",
                    }
