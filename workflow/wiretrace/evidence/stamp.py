"""RFC 3161 time-stamps of a manifest: the question, and the tokens kept beside it and checked. Opens no socket.

A token says that its authority saw the manifest's SHA-256 at a time; with the manifest it dates all that was sealed.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import NameOID
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import TimeStampRequest

from wiretrace.evidence.writer import MANIFEST, write_whole
from wiretrace.schema import clean

STAMP = re.compile(r"manifest\.[A-Za-z0-9.-]{1,120}\.(?:tsr|pem)")
LONGEST_CHAIN = 10
# What cryptography raises on a certificate that is none.
UNREADABLE = (
    ValueError,
    LookupError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
)


class StampError(Exception):
    """A token that proves nothing, and why."""


@dataclass(frozen=True)
class Stamp:
    """What a good token says.

    Args:
        time: UTC, ISO 8601, full seconds.
        authority: who signed it.
        root: who vouches for the authority's certificate, and ``fingerprint`` the SHA-256 of that root.
    """

    time: str
    authority: str
    root: str
    fingerprint: str

    def __str__(self) -> str:
        return f"time-stamped {self.time} by {self.authority}, under {self.root} (SHA-256 {self.fingerprint})"


def question(folder: Path) -> TimeStampRequest:
    """What to ask a time-stamp authority about the manifest in ``folder``; each has a nonce of its own."""
    manifest = (folder / MANIFEST).read_bytes()
    return TimestampRequestBuilder().data(manifest).hash_algorithm(HashAlgorithm.SHA256).build()


def token_path(folder: Path, authority: str) -> Path:
    """Where the token of the authority at the address ``authority`` is kept."""
    parts = urlsplit(authority)
    label = re.sub(r"[^A-Za-z0-9.]+", "-", f"{parts.netloc}{parts.path}").strip("-.")[:120]
    return folder / f"manifest.{label}.tsr"


def stamps(folder: Path) -> list[Path]:
    """Files of time-stamps in ``folder``: tokens, and the root certificate of each."""
    return sorted(path for path in folder.glob("manifest.*") if STAMP.fullmatch(path.name) and path.is_file())


def keep(path: Path, asked: TimeStampRequest, response: bytes, known: Iterable[bytes]) -> Stamp:
    """Check the answer to ``asked`` and keep it as ``path``, with its root, one of ``known`` (DER) or sent along.

    Raises:
        StampError: the answer is no token for the manifest beside it that is signed under such a root.
        UserError: it cannot be written.
    """
    answer = _decoded(response)
    if answer.tst_info.nonce != asked.nonce:
        raise StampError("the token answers another question")
    try:
        root = _root(answer, _readable(known))
    except UNREADABLE as error:
        raise StampError("holds a certificate that cannot be read") from error
    stamp = _checked(answer, (path.parent / MANIFEST).read_bytes(), root)
    # The root first: a token that is there is not asked for again.
    write_whole(path.with_suffix(".pem"), root.public_bytes(Encoding.PEM))
    write_whole(path, response)
    return stamp


def check(folder: Path) -> tuple[list[Stamp], list[str]]:
    """The good time-stamps of the manifest in ``folder``, and what is wrong with the others, one line each."""
    found = [_judged(path, (folder / MANIFEST).read_bytes()) for path in stamps(folder) if path.suffix == ".tsr"]
    return [one for one in found if isinstance(one, Stamp)], [one for one in found if isinstance(one, str)]


def forget_others(folder: Path) -> None:
    """Remove the time-stamps that are not of the manifest in ``folder``, once it has been made anew."""
    for path in stamps(folder):
        if path.suffix == ".tsr" and isinstance(_judged(path, (folder / MANIFEST).read_bytes()), str):
            path.unlink()
            path.with_suffix(".pem").unlink(missing_ok=True)


def _judged(path: Path, manifest: bytes) -> Stamp | str:
    """What the token in ``path`` says of ``manifest``, or what is wrong with it."""
    try:
        root = x509.load_pem_x509_certificate(path.with_suffix(".pem").read_bytes())
    except (OSError, *UNREADABLE):
        return f"{path.with_suffix('.pem')}: not the root certificate of the time-stamp beside it"
    try:
        return _checked(_decoded(path.read_bytes()), manifest, root)
    except StampError as error:
        return f"{path}: {error}"


def _decoded(response: bytes) -> TimeStampResponse:
    try:
        answer = decode_timestamp_response(_ordered(response))
        if answer.status != 0:
            raise StampError(clean(f"refused: {' '.join(answer.status_string) or f'status {answer.status}'}")[:200])
        _ = answer.tst_info
    except UNREADABLE as error:
        raise StampError("not an RFC 3161 token") from error
    return answer


def _checked(answer: TimeStampResponse, manifest: bytes, root: x509.Certificate) -> Stamp:
    try:
        VerifierBuilder(roots=[root]).build().verify_message(answer, manifest)
        time = answer.tst_info.gen_time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Stamp(time, _name(_signer(answer).subject), _name(root.subject), root.fingerprint(hashes.SHA256()).hex())
    except VerificationError as error:
        imprint = "Mismatch" in str(error)
        why = "is a time-stamp of other bytes than this manifest" if imprint else f"does not verify: {error}"
        raise StampError(clean(why)[:300]) from error
    except UNREADABLE as error:
        raise StampError("holds a certificate that cannot be read") from error


def _signer(answer: TimeStampResponse) -> x509.Certificate:
    """Certificate of the authority itself, among those in the token."""
    signers = list(answer.signed_data.signer_infos)
    for certificate in _certificates(answer):
        if signers and (certificate.issuer, certificate.serial_number) == (signers[0].issuer, signers[0].serial_number):
            return certificate
    raise StampError("holds no certificate of its signer")


def _certificates(answer: TimeStampResponse) -> list[x509.Certificate]:
    return _readable(sorted(answer.signed_data.certificates))


def _readable(certificates: Iterable[bytes]) -> list[x509.Certificate]:
    """``certificates`` but those that break the rules of X.509; a few roots of every system do."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        for der in certificates:
            with suppress(*UNREADABLE):
                found.append(x509.load_der_x509_certificate(der))
    return found


def _root(answer: TimeStampResponse, known: list[x509.Certificate]) -> x509.Certificate:
    """The self-signed certificate at the end of the signer's chain."""
    at = _signer(answer)
    candidates = [*known, *_certificates(answer)]
    for _ in range(LONGEST_CHAIN):
        if at.issuer == at.subject:
            return at
        found = next((c for c in candidates if c.subject == at.issuer), None)
        if found is None:
            break
        at = found
    raise StampError(f"the certificate of {_name(at.issuer)} is not known: name it in acquire.ca_file")


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return clean(str(common[0].value) if common else name.rfc4514_string())[:200]


def _ordered(response: bytes) -> bytes:
    """``response`` with its certificates sorted as DER asks for: OpenSSL's servers leave them unsorted, and the
    signature does not cover them.
    """
    token = _elements(response, *_inner(response, 0))[1:]
    if not token:
        return response
    content = _elements(response, *token[0][1:])[1]
    signed = _elements(response, *content[1:])[0]
    for at, start, end in _elements(response, *signed[1:]):
        if response[at] == 0xA0:
            parts = sorted(response[a:b] for a, _, b in _elements(response, start, end))
            return response[:start] + b"".join(parts) + response[end:]
    return response


def _elements(data: bytes, start: int, end: int) -> list[tuple[int, int, int]]:
    """(start, start of the content, end) of the DER elements between ``start`` and ``end``."""
    found = []
    while start < end:
        inner, stop = _inner(data, start)
        found.append((start, inner, stop))
        start = stop
    return found


def _inner(data: bytes, at: int) -> tuple[int, int]:
    """Start and end of the content of the DER element at ``at``; ValueError, IndexError where none is."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[at + 2 : start], "big")
    if start + length > len(data):
        raise ValueError("an element ends behind the data")
    return start, start + length
