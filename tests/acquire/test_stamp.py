"""A sealed round is dated by whom the user names; every other answer than a good token is told and proves nothing."""

from __future__ import annotations

import shutil
import socket
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wiretrace import acquire, cli, evidence
from wiretrace.config import Acquire
from wiretrace.evidence import EvidenceWriter, Exchange

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="the practice authority is OpenSSL's")
Issuer = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certificate(name: str, issuer: Issuer | None = None, stamps: bool = False) -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=not stamps, path_length=None), critical=True)
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer[1] if issuer else key, hashes.SHA256()), key


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


@dataclass
class Authority:
    """A time-stamp authority below ``folder``; its tokens hold the certificates of ``chain``."""

    folder: Path
    root: x509.Certificate

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        flags = ["-config", "tsa.cnf", "-queryfile", "query", "-out", "reply", "-chain", "chain.pem"]
        subprocess.run(["openssl", "ts", "-reply", *flags], cwd=self.folder, check=True, capture_output=True)
        return (self.folder / "reply").read_bytes()


@pytest.fixture(params=["whole chain", "without its root"])
def authority(tmp_path: Path, request: pytest.FixtureRequest) -> Authority:
    folder = tmp_path / "authority"
    folder.mkdir()
    root = certificate("Practice Root")
    between = certificate("Practice Intermediate", root)
    signer = certificate("Practice Time", between, stamps=True)
    more = [root[0]] if request.param == "whole chain" else []
    (folder / "chain.pem").write_bytes(pem(between[0], *more))
    (folder / "signer.pem").write_bytes(pem(signer[0]))
    key = signer[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "signer.key").write_bytes(key)
    (folder / "serial").write_text("01", encoding="ascii")
    (folder / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_cert = signer.pem\nsigner_key = signer.key\n"
        "signer_digest = sha256\ndefault_policy = 1.2.3.4.1\ndigests = sha256, sha384, sha512\nordering = no\n"
        "tsa_name = no\ness_cert_id_chain = no\n",
        encoding="ascii",
    )
    return Authority(folder, root[0])


def body_of(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    assert b"Content-Type: application/timestamp-query" in head
    while len(body) < length:
        body += connection.recv(65536)
    return body


def reply(connection: socket.socket, content: bytes, status: bytes = b"200 OK") -> None:
    kind = b"Content-Type: application/timestamp-reply\r\n"
    connection.sendall(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, kind, len(content), content))


def sealed(folder: Path, name: str = "r1") -> Path:
    with EvidenceWriter(folder / "evidence" / name / "a.warc.gz") as writer:
        page = b"HTTP/1.1 200 OK\r\n\r\nhello"
        writer.add(Exchange("http", "page", "a.example", "http://a.example/", "2026-01-02T03:04:05Z", page))
    evidence.seal(folder / "evidence", name)
    return folder / "evidence" / name


def settings(authority: Authority, port: int, *, trusted: bool = True) -> Acquire:
    ca_file = authority.folder / "root.pem"
    ca_file.write_bytes(pem(authority.root))
    return Acquire(
        time_stamp_authorities=[f"http://127.0.0.1:{port}/tsr"],
        allow_networks=["127.0.0.0/8"],
        ca_file=str(ca_file) if trusted else "",
    )


Listen = Callable[[Callable[[socket.socket], None]], int]


def test_a_round_is_dated_and_the_token_verifies(
    authority: Authority, tcp: Listen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        asked.append(body_of(connection))
        reply(connection, authority.answer(asked[-1]))

    folder = sealed(tmp_path)
    config = settings(authority, tcp(serve))
    before = (folder / "manifest.json").read_bytes()
    given, failed = acquire.stamp(folder, config)
    assert failed == []
    today = datetime.now(UTC).strftime("%Y-%m")
    fingerprint = authority.root.fingerprint(hashes.SHA256()).hex()
    assert given[0].startswith(f"r1: time-stamped {today}")
    assert given[0].endswith(f"Z by Practice Time, under Practice Root (SHA-256 {fingerprint})")
    assert acquire.stamp(folder, config) == ([], []) and len(asked) == 1
    assert (folder / "manifest.json").read_bytes() == before
    assert evidence.verify(tmp_path / "evidence", "r1") == []
    cli.check(tmp_path)
    assert given[0] in capsys.readouterr().out
    token = next(folder.glob("manifest.*.tsr"))
    told = subprocess.run(
        ["openssl", "ts", "-verify", "-data", "manifest.json", "-in", token.name, "-CAfile", token.with_suffix(".pem").name],
        cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr


def test_a_changed_token_or_manifest_is_noticed(authority: Authority, tcp: Listen, tmp_path: Path) -> None:
    folder, other = sealed(tmp_path), sealed(tmp_path, "r2")
    config = settings(authority, tcp(lambda connection: reply(connection, authority.answer(body_of(connection)))))
    assert [acquire.stamp(place, config)[1] for place in (folder, other)] == [[], []]
    token = next(folder.glob("manifest.*.tsr"))
    good = token.read_bytes()
    token.write_bytes(next(other.glob("manifest.*.tsr")).read_bytes())
    assert evidence.verify(tmp_path / "evidence", "r1") == [
        f"{token}: is a time-stamp of other bytes than this manifest"
    ]
    for at in range(0, len(good), 7):
        token.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        stamps, problems = evidence.check_stamps(folder)
        # What the signature leaves out (the sender's words, certificates nobody needs) changes nothing that is said.
        assert problems or stamps[0].root == "Practice Root"
        assert all(str(token) in problem and "\n" not in problem for problem in problems)
    token.write_bytes(good[:-1])
    assert evidence.check_stamps(folder) == ([], [f"{token}: not an RFC 3161 token"])
    token.write_bytes(good)
    token.with_suffix(".pem").write_bytes(pem(certificate("Practice Root")[0]))
    assert "does not verify" in evidence.verify(tmp_path / "evidence", "r1")[0]
    token.with_suffix(".pem").unlink()
    assert "not the root certificate" in evidence.verify(tmp_path / "evidence", "r1")[0]


@pytest.mark.parametrize("authority", ["whole chain"], indirect=True)
def test_imports_that_are_sealed_anew_keep_no_token_of_before(
    authority: Authority, tcp: Listen, tmp_path: Path
) -> None:
    config = settings(authority, tcp(lambda connection: reply(connection, authority.answer(body_of(connection)))))
    taken = [sealed(tmp_path / name) / "a.warc.gz" for name in ("one", "two")]
    evidence.import_archives(taken[:1], tmp_path / "evidence")
    folder = tmp_path / "evidence" / "imports"
    assert acquire.stamp(folder, config)[1] == []
    first = next(folder.glob("manifest.*.tsr")).read_bytes()
    (folder / "manifest.json").unlink()
    evidence.import_archives(taken[:1], tmp_path / "evidence")
    assert next(folder.glob("manifest.*.tsr")).read_bytes() == first
    evidence.import_archives(taken, tmp_path / "evidence")
    assert not list(folder.glob("manifest.*.*"))
    assert evidence.verify(tmp_path / "evidence", "imports") == []
    assert acquire.stamp(folder, config)[1] == []
    evidence.export(tmp_path / "evidence", tmp_path / "a.wacz", "case")
    with zipfile.ZipFile(tmp_path / "a.wacz") as package:
        held = sorted(Path(name).name for name in package.namelist() if name.startswith("manifests/"))
    assert held == sorted(
        ["imports.json", "imports-sources.json", *(f"imports-{f.name}" for f in folder.glob("manifest.*.*"))]
    )


@pytest.mark.parametrize("authority", ["whole chain"], indirect=True)
def test_a_bad_answer_is_told_and_not_kept(authority: Authority, tcp: Listen, tmp_path: Path) -> None:
    folder = sealed(tmp_path)
    first: list[bytes] = []

    def stale(connection: socket.socket) -> None:
        body_of(connection)
        reply(connection, first[0])

    def once(connection: socket.socket) -> None:
        first.append(authority.answer(body_of(connection)))
        reply(connection, first[0][:100])

    rejected = b"\x30\x14\x30\x12\x02\x01\x02\x30\x0d\x0c\x0bnot you\x1b[2J"
    cases: list[tuple[Callable[[socket.socket], None], str]] = [
        (once, "not an RFC 3161 token"),
        (stale, "answers another question"),
        (lambda connection: reply(connection, b"", b"503 Busy"), "HTTP 503"),
        (lambda connection: reply(connection, b"<html>"), "not an RFC 3161 token"),
        (lambda connection: reply(connection, rejected), "refused: not you"),
        (lambda connection: None, "closed without an answer"),
    ]
    for serve, why in cases:
        given, failed = acquire.stamp(folder, settings(authority, tcp(serve)))
        assert given == [] and len(failed) == 1
        assert failed[0].startswith("r1: no time-stamp of http://127.0.0.1:") and why in failed[0], failed
        assert "\x1b" not in failed[0] and "\n" not in failed[0]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "cannot connect" in acquire.stamp(folder, settings(authority, port))[1][0]
    elsewhere = settings(authority, port).model_copy(update={"allow_networks": []})
    assert "refused" in acquire.stamp(folder, elsewhere)[1][0]
    assert not list(folder.glob("manifest.*.*"))
    assert evidence.verify(tmp_path / "evidence", "r1") == []


@pytest.mark.parametrize("authority", ["without its root"], indirect=True)
def test_an_authority_whose_root_nobody_knows_is_told(authority: Authority, tcp: Listen, tmp_path: Path) -> None:
    port = tcp(lambda connection: reply(connection, authority.answer(body_of(connection))))
    _, failed = acquire.stamp(sealed(tmp_path), settings(authority, port, trusted=False))
    assert failed[0].endswith("the certificate of Practice Root is not known: name it in acquire.ca_file")
