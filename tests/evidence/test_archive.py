"""Evidence is appended whole or not at all, found again by its place, and every later change to it is noticed."""

from __future__ import annotations

import gzip
import io
import random
import re
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastWarc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from wiretrace import evidence, schema
from wiretrace.errors import UserError
from wiretrace.evidence import EvidenceWriter, Exchange, Lookup
from wiretrace.evidence.http import Chunks, decoded, parse_head
from wiretrace.evidence.index import groups
from wiretrace.evidence.warc import scan

TIME = "2026-01-02T03:04:05Z"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"


def page(number: int, response: bytes = PAGE) -> tuple[Exchange, Lookup]:
    url = f"http://site.example/{number}"
    exchange = Exchange(
        "http", "page", "site.example", url, TIME, response, request=b"GET / HTTP/1.1\r\nHost: site.example\r\n\r\n"
    )
    return exchange, Lookup("site.example", "page", url, "found", TIME)


def write(path: Path, count: int = 3) -> list[int]:
    """A small archive; where each exchange ends."""
    ends = []
    with EvidenceWriter(path) as writer:
        for number in range(count):
            writer.add(*page(number))
            ends.append(path.stat().st_size)
    return ends


def test_tables_come_from_the_archive_alone(tmp_path: Path) -> None:
    with EvidenceWriter(tmp_path / "r1" / "000-of-001.warc.gz") as writer:
        capture = writer.add(*page(1))
        writer.add(
            Exchange("dns", "dns", "site.example", "dns:site.example?type=A", TIME, b"2026\n", status="NXDOMAIN"),
            Lookup("site.example", "dns", "site.example/A", "absent", TIME, "NXDOMAIN\r\nInjected: header\0"),
        )
        writer.add(
            None, Lookup("site.example", "page", "http://site.example/no", "not_looked", TIME, "robots.txt disallows")
        )
        writer.add_lookups(
            [Lookup("site.example", "page", f"http://site.example/{n}", "not_looked", TIME, "b") for n in "xy"]
        )
    captures, lookups = evidence.index(tmp_path, "r1")
    rows = {row["kind"]: row for row in schema.records(captures)}
    assert rows["http"]["capture_id"] == capture
    assert (rows["http"]["status"], rows["http"]["media_type"], rows["http"]["size"]) == ("200", "text/html", 15)
    assert rows["dns"]["status"] == "NXDOMAIN"
    assert rows["dns"]["warc_file"] == "r1/000-of-001.warc.gz"
    reasons = {row["subject"]: row["reason"] for row in schema.records(lookups)}
    assert reasons["site.example/A"] == "NXDOMAIN Injected: header"
    assert len(reasons) == 5
    opened = evidence.open_capture(tmp_path, rows["http"])
    assert (opened.status, opened.body, opened.raw) == (200, b"hello", b"5\r\nhello\r\n0\r\n\r\n")


def test_other_tools_read_the_archive_and_agree_with_its_digests(tmp_path: Path) -> None:
    path = tmp_path / "r1" / "a.warc.gz"
    with EvidenceWriter(path) as writer:
        writer.add(*page(1))
        writer.add(*page(2, b"HTTP/1.1 200 OK\r\nX: caf\xe9\r\n folded\r\nContent-Length: 3\r\n\r\nabc"))
        writer.add(*page(3, b"no head at all"))
        for name, shown, media_type in (("dom", b"<html></html>", ""), ("fullPage", b"\x89PNG\r\n", "image/png")):
            url, purpose = "http://site.example/1", "screenshot" if media_type else "rendered"
            exchange = Exchange("browser", purpose, "site.example", url, TIME, shown, status="ok", via=url)
            writer.add(replace(exchange, asked=f"urn:{name}:{url}", media_type=media_type), None)
        writer.add(Exchange("whois", "whois", "site.example", "whois://w.example/site.example", TIME, b"\x1b$B"))
    with open(path, "rb") as stream:
        types = [record.rec_type for record in ArchiveIterator(stream)]
    assert types[:4] == ["warcinfo", "response", "request", "metadata"]
    assert types[-2:] == ["response", "metadata"]
    with open(path, "rb") as stream:
        assert [record.verify_block_digest() for record in FastWarc(stream, parse_http=False)] == [True] * len(types)
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", str(path)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def test_a_torn_end_is_cut_at_every_byte(tmp_path: Path) -> None:
    path = tmp_path / "r1" / "a.warc.gz"
    ends = write(path, 1)
    with EvidenceWriter(path) as writer:
        writer.add(None, Lookup("site.example", "page", "http://site.example/no", "not_looked", TIME, "a trap"))
        ends.append(path.stat().st_size)
    whole = path.read_bytes()
    # The description of the file, its first record, is a group of its own.
    ends = [0, next(iter(scan(path))).length, *ends]
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        kept = [end for end in ends if end <= cut]
        assert len(list(groups(path))) == len(kept) - 1
        # Each opening writes to the disk, which takes its time: every seventh cut is repaired, and those next to an end.
        if cut % 7 and not {cut - 1, cut, cut + 1} & set(ends):
            continue
        with EvidenceWriter(path) as writer:
            assert path.stat().st_size == kept[-1]
            assert bool(writer.repaired) is (kept[-1] < cut)


def test_writing_goes_on_behind_a_repaired_end(tmp_path: Path) -> None:
    path = tmp_path / "r1" / "a.warc.gz"
    ends = write(path)
    path.write_bytes(path.read_bytes()[:-7])
    with EvidenceWriter(path) as writer:
        assert (
            writer.repaired
            == f"a.warc.gz: cut {ends[2] - 7 - ends[1]} bytes of an exchange that was not written to its end"
        )
        writer.add(*page(9))
    captures, _ = evidence.index(tmp_path, "r1")
    assert {row["address"][-1] for row in schema.records(captures)} == {"0", "1", "9"}
    evidence.seal(tmp_path, "r1")
    assert evidence.verify(tmp_path, "r1") == []


def test_damage_in_the_middle_is_not_taken_for_a_torn_end(tmp_path: Path) -> None:
    path = tmp_path / "r1" / "a.warc.gz"
    ends = write(path)
    data = bytearray(path.read_bytes())
    data[ends[0] + 60] ^= 1
    path.write_bytes(data)
    with pytest.raises(UserError, match=r"damaged at byte \d+: .*; records follow it"):
        EvidenceWriter(path)
    assert path.read_bytes() == bytes(data)


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    with EvidenceWriter(tmp_path / "r1" / "a.warc.gz"), pytest.raises(UserError, match="another run"):
        EvidenceWriter(tmp_path / "r1" / "a.warc.gz")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_to_sealed_evidence_is_found(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "r1" / "a.warc.gz"
    if not path.exists():
        write(path)
        evidence.seal(tmp_path, "r1")
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(
        st.sampled_from(["flip", "cut", "drop", "add", "drop a record", "double a record", "swap records"])
    )
    length = data.draw(st.integers(1, 50))
    records = [whole[record.offset : record.offset + record.length] for record in scan(path)]
    one, other = data.draw(st.lists(st.integers(0, len(records) - 1), min_size=2, max_size=2, unique=True))
    swapped = list(records)
    swapped[one], swapped[other] = records[other], records[one]
    changed = {
        "drop a record": b"".join(records[:one] + records[one + 1 :]),
        "double a record": b"".join([*records, records[one]]),
        "swap records": b"".join(swapped),
        "flip": whole[:at] + bytes([whole[at] ^ (1 << data.draw(st.integers(0, 7)))]) + whole[at + 1 :],
        "cut": whole[:at],
        "drop": whole[:at] + whole[at + length :],
        "add": whole[:at] + b"\0" * length + whole[at:],
    }[kind]
    try:
        path.write_bytes(changed)
        problems = evidence.verify(tmp_path, "r1")
        assert problems and "a.warc.gz" in problems[0]
    finally:
        path.write_bytes(whole)
    assert evidence.verify(tmp_path, "r1") == []


def test_any_change_to_the_manifest_is_found(tmp_path: Path) -> None:
    write(tmp_path / "r1" / "a.warc.gz")
    evidence.seal(tmp_path, "r1")
    path = tmp_path / "r1" / "manifest.json"
    text = path.read_bytes()
    changes = [text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :] for at in range(len(text))]
    for changed in [*changes, text[:-1], text + b"\n", text.replace(b"sum", b"Sum"), b"{}", b"[]", b""]:
        path.write_bytes(changed)
        (told,) = evidence.verify(tmp_path, "r1")
        assert told.startswith(f"{path}: not ") and told.endswith("restore it from a copy")


def test_the_manifest_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    write(tmp_path / "r1" / "a.warc.gz")
    first = evidence.seal(tmp_path, "r1")
    text = (tmp_path / "r1" / "manifest.json").read_bytes()
    (tmp_path / "r1" / "manifest.json").unlink()
    assert evidence.seal(tmp_path, "r1") == first
    assert (tmp_path / "r1" / "manifest.json").read_bytes() == text
    assert (first["earliest"], first["latest"], first["files"][0]["records"]) == (TIME, TIME, 10)
    (tmp_path / "r1" / "b.warc.gz").write_bytes(b"")
    (tmp_path / "r1" / "a.warc.gz").rename(tmp_path / "r1" / "c.warc.gz")
    assert [problem.rpartition(": ")[2] for problem in evidence.verify(tmp_path, "r1")] == [
        "missing",
        *["not in the manifest"] * 2,
    ]
    with pytest.raises(UserError, match="sealed"):
        EvidenceWriter(tmp_path / "r1" / "d.warc.gz")


def foreign(address: str, body: bytes, identifier: str, *headers: str) -> bytes:
    """A record as other tools write it: WARC/1.0, body already decoded, headers left."""
    http = "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: text/html", *headers, "", ""]).encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <{identifier}>\r\nWARC-Date: 2024-05-06T07:08:09.123Z\r\n"
        f"WARC-Target-URI: {address}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_archives_of_other_tools_become_evidence(tmp_path: Path) -> None:
    one = foreign(
        "http://www.site.example/a", b"plain", "urn:uuid:1", "Transfer-Encoding: chunked", "Content-Encoding: br"
    )
    two = foreign("http://site.example/b", b"two", "urn:uuid:2")
    (tmp_path / "x.warc").write_bytes(one + two)
    (tmp_path / "y.warc.gz").write_bytes(gzip.compress(two) + gzip.compress(foreign("dns:x", b"", "urn:uuid:3")))
    with zipfile.ZipFile(tmp_path / "z.wacz", "w") as archive:
        archive.writestr(
            "archive/../../evil.warc.gz", gzip.compress(foreign("http://other.example/", b"z", "urn:uuid:2"))
        )
        archive.writestr("pages/pages.jsonl", "{}")
    folder = tmp_path / "evidence"
    paths = [tmp_path / name for name in ("x.warc", "y.warc.gz", "z.wacz")]
    taken = evidence.import_archives(paths, folder)
    captures, lookups = evidence.index(folder, "imports")
    rows = schema.records(captures)
    assert sorted(row["address"] for row in rows) == [
        "http://other.example/",
        "http://site.example/b",
        "http://www.site.example/a",
    ]
    assert {(row["kind"], row["purpose"], row["route"], row["time"]) for row in rows} == {
        ("http", "page", "import", "2024-05-06T07:08:09Z")
    }
    assert {row["publisher"] for row in rows} == {"site.example", "other.example"}
    first = next(row for row in rows if row["address"].endswith("/a"))
    assert evidence.open_capture(folder, first).body == b"plain"
    assert len(lookups) == 0
    assert evidence.verify(folder, "imports") == []
    before = (folder / "imports" / "manifest.json").read_bytes()
    assert evidence.import_archives(reversed(paths), folder) == taken
    assert (folder / "imports" / "manifest.json").read_bytes() == before
    assert all(path.resolve().is_relative_to(folder.resolve()) for path in folder.rglob("*"))


def again(address: str, identifier: str, time: str, head: str, *said: str) -> bytes:
    """A ``revisit`` record as other tools write it."""
    http = f"{head}\r\n\r\n".encode() if head else b""
    lines = [
        "WARC/1.0",
        "WARC-Type: revisit",
        f"WARC-Record-ID: <{identifier}>",
        f"WARC-Date: {time}",
        f"WARC-Target-URI: {address}",
        *said,
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(http)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + http + b"\r\n\r\n"


PROFILE = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/"
IDENTICAL, UNMODIFIED = f"{PROFILE}identical-payload-digest", f"{PROFILE}server-not-modified"
LATER = "2024-06-06T07:08:09Z"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("HTTP/1.1 200 OK\r\nX-Second: yes", [IDENTICAL, "WARC-Refers-To: <urn:uuid:1>"]),
        ("", [IDENTICAL, "WARC-Payload-Digest: sha1:ABC"]),
        (
            "HTTP/1.1 304 Not Modified",
            [
                UNMODIFIED,
                "WARC-Refers-To-Target-URI: http://site.example/a",
                "WARC-Refers-To-Date: 2024-05-06T07:08:09Z",
            ],
        ),
        ("HTTP/1.1 304 Not Modified", [UNMODIFIED]),
    ],
)
def test_revisits_of_other_tools_show_the_capture_that_they_refer_to(
    tmp_path: Path, head: str, said: list[str]
) -> None:
    first = foreign("http://site.example/a", b"<p>one</p>", "urn:uuid:1").replace(
        b"Content-Type: application", b"WARC-Payload-Digest: sha1:abc\r\nContent-Type: application"
    )
    (tmp_path / "x.warc").write_bytes(first + foreign("http://site.example/b", b"two", "urn:uuid:2"))
    # In another file, which may be read first.
    (tmp_path / "y.warc").write_bytes(again("http://site.example/a", "urn:uuid:9", LATER, head, *said))
    folder = tmp_path / "evidence"
    evidence.import_archives([tmp_path / "y.warc", tmp_path / "x.warc"], folder)
    rows = {(row["address"][-1], row["time"]): row for row in schema.records(evidence.index(folder, "imports")[0])}
    shown, later = rows["a", "2024-05-06T07:08:09Z"], rows["a", LATER]
    assert len(rows) == 3
    assert (later["refers_to"], later["digest"], later["purpose"]) == (shown["capture_id"], shown["digest"], "page")
    assert later["status"] == ("304" if "304" in head else "200")
    opened = evidence.open_capture(folder, later)
    assert (opened.status, opened.body) == (200, b"<p>one</p>")
    assert opened.header("x-second") == ("yes" if "X-Second" in head else "")
    assert evidence.verify(folder, "imports") == []


def test_a_revisit_of_what_no_archive_holds_is_passed_over(tmp_path: Path) -> None:
    lost = again("http://site.example/a", "urn:uuid:9", LATER, "", IDENTICAL, "WARC-Payload-Digest: sha1:GONE")
    (tmp_path / "x.warc").write_bytes(foreign("http://site.example/b", b"two", "urn:uuid:2") + lost)
    evidence.import_archives([tmp_path / "x.warc"], tmp_path / "evidence")
    (row,) = schema.records(evidence.index(tmp_path / "evidence", "imports")[0])
    assert row["address"] == "http://site.example/b"


def wacz_marked(offsets: tuple[int, int], mark: int) -> bytes:
    """A WACZ of one record with a two-byte field set in the local and the central header of its member."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("archive/a.warc", foreign("http://a.example/", b"x", "urn:uuid:1"))
    data = bytearray(made.getvalue())
    for place, offset in zip((0, data.index(b"PK\x01\x02")), offsets, strict=True):
        data[place + offset : place + offset + 2] = mark.to_bytes(2, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "neither WARC, WARC.gz nor WACZ"),
        (gzip.compress(foreign("http://a.example/", b"", "urn:uuid:1"))[:-9], "ends within a record"),
        (gzip.compress(foreign("http://a.example/", b"", "urn:uuid:1") * 2), "one gzip member holds several records"),
        (foreign("http://a.example/", b"x", "urn:uuid:1")[:-9], "damaged at byte 0"),
        (b"PK\x03\x04nonsense", "damaged WACZ"),
        (wacz_marked((8, 10), 99), "damaged WACZ: .*compression"),
        (wacz_marked((6, 8), 1), "damaged WACZ: .*encrypted"),
    ],
)
def test_a_damaged_archive_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(UserError, match=said) as caught:
        evidence.import_archives([tmp_path / "x"], tmp_path / "evidence")
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "evidence" / "imports").iterdir())


def bombs() -> dict[str, bytes]:
    import brotli
    import zstandard

    zeros = b"\0" * 30_000_000
    raw = zlib.compressobj(wbits=-15)
    return {
        "gzip": gzip.compress(zeros),
        "deflate": zlib.compress(zeros),
        "deflate raw": raw.compress(zeros) + raw.flush(),
        "br": brotli.compress(zeros, quality=1),
        "zstd": zstandard.compress(zeros),
    }


@pytest.mark.parametrize("coding", ["gzip", "deflate", "deflate raw", "br", "zstd"])
def test_bombs_are_cut(coding: str) -> None:
    data = bombs()[coding]
    headers = [("content-encoding", coding.split(" ", maxsplit=1)[0])]
    assert decoded(headers, data, 1_000_000) == b"\0" * 1_000_000
    assert len(decoded(headers, data, 40_000_000)) == 30_000_000
    assert decoded(headers, b"never coded") == b"never coded"


@given(st.binary(max_size=300), st.integers(0, 40))
def test_a_damaged_coding_gives_what_stands_before_the_damage(body: bytes, lost: int) -> None:
    packed = gzip.compress(body)
    found = decoded([("Content-Encoding", "gzip")], packed[: max(2, len(packed) - lost)])
    assert body.startswith(found) or lost == 0
    if lost == 0:
        assert found == body


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.data())
def test_chunked_bodies_are_found_however_they_arrive(parts: list[bytes], data: st.DataObject) -> None:
    wire = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\nTrailer: x\r\n\r\n"
    came = bytearray(b"HEAD")
    chunks = Chunks(came, 4, keep=True)
    rest = wire + b"EXTRA"
    whole = False
    while rest and not whole:
        size = data.draw(st.integers(1, len(rest)))
        came += rest[:size]
        whole = chunks.feed()
        rest = rest[size:]
    assert whole and chunks.end == 4 + len(wire)
    assert chunks.body() == b"".join(parts)


def test_codings_of_several_headers_are_undone_in_their_order() -> None:
    wire = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed := gzip.compress(zlib.compress(b"hello"))), packed)
    headers = [("content-encoding", "deflate"), ("Transfer-Encoding", "gzip"), ("transfer-encoding", "Chunked")]
    assert decoded(headers, wire) == b"hello"
    assert decoded([("Content-Encoding", "gzip"), ("Content-Encoding", "gzip")], gzip.compress(b"hello")) == b"hello"


def test_a_body_in_very_many_chunks_is_cut_and_costs_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wiretrace.evidence.http.MOST_CHUNKS", 10_000)
    tracemalloc.start()
    body = decoded([("Transfer-Encoding", "chunked")], b"1\r\nz\r\n" * 50_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert body == b"z" * 10_000
    assert peak < 1_000_000


@given(st.binary(max_size=400))
def test_no_bytes_break_the_readers(data: bytes) -> None:
    for start in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
        head = parse_head(start + data)
        assert head is None or head.size <= len(start + data)
    for coding in ("gzip", "deflate", "br", "zstd"):
        decoded([("Content-Encoding", coding), ("Transfer-Encoding", "chunked")], data, 10_000)
    assert io.BytesIO(data).read() == data


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_first_wrong_byte_is_located(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "r1" / "a.warc.gz"
    if not path.exists():
        noise = random.Random(7).randbytes(60_000)  # noqa: S311 (any bytes that do not compress)
        with EvidenceWriter(path) as writer:
            for number in range(3):
                writer.add(*page(number, b"HTTP/1.1 200 OK\r\n\r\n" + noise[number:]))
        evidence.seal(tmp_path, "r1")
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 2))
    kind = data.draw(st.sampled_from(["flip", "cut", "drop", "splice"]))
    changed = {
        "flip": whole[:at] + bytes([whole[at] ^ 16]) + whole[at + 1 :],
        "cut": whole[:at],
        "drop": whole[:at] + whole[at + 1 :],
        "splice": whole[:at] + whole[: data.draw(st.integers(1, 9_000))] + whole[at:],
    }[kind]
    first = next((n for n, (a, b) in enumerate(zip(whole, changed, strict=False)) if a != b), len(changed))
    try:
        path.write_bytes(changed)
        told = " ".join(evidence.verify(tmp_path, "r1"))
        found = re.search(r"the first wrong byte is one of (\d+) to (\d+)", told)
        assert found and int(found[1]) <= first <= int(found[2])
    finally:
        path.write_bytes(whole)
