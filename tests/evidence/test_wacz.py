"""The exported WACZ is accepted and played by other people's tools, and the same evidence gives the same bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from wiretrace import cli, evidence, schema
from wiretrace.errors import UserError
from wiretrace.evidence import EvidenceWriter, Exchange, Lookup
from wiretrace.evidence.wacz import BLOCK_LINES, compressed, surt

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<title>%s</title>"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


def foreign(body: bytes) -> bytes:
    """A record of another tool, of a page with an upper-case address."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-05-06T07:08:09.5Z\r\n"
        "WARC-Target-URI: http://Old.example/A?b=2&a=1\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", mtime=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An investigation with two rounds, the second of two files, and an import."""
    place = tmp_path / "results" / "case"
    for round_, name in (("r1", "000-of-001"), ("r2", "000-of-002"), ("r2", "001-of-002")):
        with EvidenceWriter(place / "evidence" / round_ / f"{name}.warc.gz") as writer:
            site = f"http://www.{round_}.example"
            time = f"2026-01-0{round_[1]}T03:04:05Z"
            for path, response, purpose in (
                (f"/{name}", HTML % name.encode(), "page"),
                ("/chunked", CHUNKED, "page"),
                ("/gone", b"HTTP/1.1 404 Gone\r\n\r\n", "page"),
                ("/a.png", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nPNG", "image"),
                ("/headless", b"no head", "page"),
            ):
                asked = b"GET / HTTP/1.1\r\n\r\n"
                exchange = Exchange("http", purpose, f"{round_}.example", site + path, time, response, request=asked)
                writer.add(exchange, Lookup(f"{round_}.example", "page", site + path, "found", time))
            dns = Exchange("dns", "dns", f"{round_}.example", f"dns:{round_}.example?type=A", time, b"1", status="ok")
            writer.add(dns)
        if name != "000-of-002":
            evidence.seal(place / "evidence", round_)
    (tmp_path / "foreign.warc.gz").write_bytes(foreign(b"old"))
    evidence.import_archives([tmp_path / "foreign.warc.gz"], place / "evidence")
    return place


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def test_the_layout_is_that_of_the_specification(folder: Path, tmp_path: Path) -> None:
    assert evidence.export(folder / "evidence", tmp_path / "a.wacz", "case") == 7
    held = members(tmp_path / "a.wacz")
    package = json.loads(held["datapackage.json"])
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert (package["title"], package["created"]) == ("case", "2026-01-02T03:04:05Z")
    listed = {entry["path"]: entry for entry in package["resources"]}
    assert listed.keys() | {"datapackage.json", "datapackage-digest.json"} == held.keys()
    for path, entry in listed.items():
        digest = hashlib.sha256(held[path]).hexdigest()
        assert (entry["hash"], entry["bytes"]) == (f"sha256:{digest}", len(held[path]))
    assert json.loads(held["datapackage-digest.json"]) == {
        "path": "datapackage.json",
        "hash": f"sha256:{hashlib.sha256(held['datapackage.json']).hexdigest()}",
    }
    pages = [json.loads(line) for line in held["pages/pages.jsonl"].splitlines()]
    assert pages[0] == {"format": "json-pages-1.0", "id": "pages", "title": "Pages"}
    assert [page["url"] for page in pages[1:3]] == ["http://Old.example/A?b=2&a=1", "http://www.r1.example/000-of-001"]
    assert all(page["ts"].endswith("Z") and page["id"].startswith("c-") for page in pages[1:])
    for name in ("r1", "r2", "imports"):
        assert held[f"manifests/{name}.json"] == (folder / "evidence" / name / "manifest.json").read_bytes()


def test_every_address_is_found_by_the_index(folder: Path, tmp_path: Path) -> None:
    evidence.export(folder / "evidence", tmp_path / "a.wacz", "case")
    held = members(tmp_path / "a.wacz")
    lines = gzip.decompress(held["indexes/index.cdx.gz"]).decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 3 * 5 + 1
    for line in lines:
        key, time, said = line.split(" ", 2)
        entry = json.loads(said)
        start, length = int(entry["offset"]), int(entry["length"])
        (tmp_path / "one.warc.gz").write_bytes(held[f"archive/{entry['filename']}"][start : start + length])
        with open(tmp_path / "one.warc.gz", "rb") as stream:
            record = next(iter(ArchiveIterator(stream)))
            body = record.raw_stream.read()
        assert record.rec_headers.get_header("WARC-Target-URI") == entry["url"]
        assert (key, len(time)) == (surt(entry["url"]), 14)
        assert entry["digest"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert record.rec_type == "resource" or entry["status"] == record.http_headers.get_statuscode()
    found = {json.loads(line.split(" ", 2)[2])["url"]: line for line in lines}
    assert found["http://Old.example/A?b=2&a=1"].startswith("example,old)/a?a=1&b=2 20240506070809 ")


def test_the_list_of_blocks_leads_to_each_line() -> None:
    lines = [f"example,a)/{n:05} 20260102030405 {{}}\n" for n in range(2 * BLOCK_LINES + 7)]
    blocks, listed = compressed(lines)
    first, *rest = listed.decode().splitlines()
    assert first == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    got = ""
    for line in rest:
        key, _, place = line.partition(" {")
        where = json.loads("{" + place)
        block = blocks[where["offset"] : where["offset"] + where["length"]]
        assert where["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        text = gzip.decompress(block).decode()
        assert text.startswith(key)
        got += text
    assert got == "".join(lines) and len(rest) == 3


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.Site.example/", "example,site)/"),
        ("https://www2.site.example:8443/A?b=2&a=1", "example,site:8443)/a?a=1&b=2"),
        ("https://site.example:443", "example,site)/"),
        ("http://site.example/a b", "example,site)/a%20b"),
        ("http://site.example/記事?q=\u00e9", "example,site)/%E8%A8%98%E4%BA%8B?q=%C3%A9"),
        ("http://日本.example/x", "example,xn--wgv71a)/x"),
        ("http://[2001:db8::1]/x", "[2001:db8::1])/x"),
        ("http://[/", "http://[/"),
        ("http://site.example:99999/", "http://site.example:99999/"),
    ],
)
def test_addresses_have_the_keys_that_players_look_up(url: str, key: str) -> None:
    assert surt(url) == key


def test_the_same_evidence_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    cli.export(folder, tmp_path / "a.wacz")
    cli.export(folder, tmp_path / "b.wacz")
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()


def test_what_was_exported_can_be_imported(folder: Path, tmp_path: Path) -> None:
    evidence.export(folder / "evidence", tmp_path / "a.wacz", "case")
    evidence.import_archives([tmp_path / "a.wacz"], tmp_path / "again")
    again, _ = evidence.index(tmp_path / "again", "imports")
    taken = {(row["address"], row["time"], row["digest"]) for row in schema.records(again)}
    ours = [evidence.index(folder / "evidence", name)[0] for name in ("r1", "r2", "imports")]
    rows = [row for captures in ours for row in schema.records(captures) if row["kind"] == "http"]
    assert taken == {(row["address"], row["time"], row["digest"]) for row in rows}
    assert evidence.verify(tmp_path / "again", "imports") == []
    assert evidence.export(tmp_path / "again", tmp_path / "b.wacz", "again") == 7


def test_damaged_or_missing_evidence_is_not_exported(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no sealed evidence"):
        evidence.export(tmp_path / "none", tmp_path / "a.wacz", "case")
    with pytest.raises(UserError, match=r"cannot write: No such file"):
        evidence.export(folder / "evidence", tmp_path / "none" / "a.wacz", "case")
    warc = folder / "evidence" / "r1" / "000-of-001.warc.gz"
    warc.write_bytes(warc.read_bytes()[:-1])
    with pytest.raises(UserError, match=r"000-of-001\.warc\.gz: \d+ bytes, the manifest says"):
        evidence.export(folder / "evidence", tmp_path / "a.wacz", "case")
    assert not list(tmp_path.glob("a.wacz*"))


def test_py_wacz_accepts_the_file(folder: Path, tmp_path: Path) -> None:
    evidence.export(folder / "evidence", tmp_path / "a.wacz", "case")
    told = subprocess.run(
        [sys.executable, "-m", "wacz", "validate", "-f", str(tmp_path / "a.wacz")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stdout.splitlines()[-1:]) == (
        0,
        ["Validation succeeded, the passed WACZ is valid"],
    ), told
