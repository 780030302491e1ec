"""C2PA manifests of an image, read and verified by the official library, offline.

The library is told to fetch neither manifests nor revocation lists. What it reports becomes one line of text: the state
of the signature first, then who signed and what the manifests declare. The states:

- ``trusted``: the signature and the hashes hold, and the signer's chain ends at an anchor that we hold;
- ``untrusted``: they hold, and the signer is not known to us, or the certificate ended without a time stamp;
- ``mismatch``: the file, an assertion or the claim is not what was signed;
- ``unreadable``: the library can't read the manifest; its readable labels follow;
- ``elsewhere``: the file only names an address where its manifest is, which is not looked up.

Anchors are certificates in PEM in ``config/registry/c2pa_trust.pem``; there are none unless a user puts them there (the
published list: https://github.com/c2pa-org/conformance-public, trust-list). Without anchors the line never depends on
the day: that a certificate has ended since is no finding.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from wiretrace import identity
from wiretrace.schema import clean

MOST_BYTES = 32_000_000
MOST_MANIFESTS = 20
MOST_ACTIONS = 20
MOST_VALUE = 200
MARKS = (b"c2pa", b"dcterms:provenance")
# Failures that say when a certificate ended or whose it is, not that the file was changed.
OF_TRUST = ("signingCredential.untrusted", "signingCredential.expired", "claimSignature.outsideValidity")
FTYP = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
}


def kind_of(body: bytes) -> str:
    """Media type of an image by its first bytes; '' where the library has nothing to read."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8"):
        return "image/jpeg"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if body[:4] in (b"II*\0", b"MM\0*"):
        return "image/tiff"
    return FTYP.get(body[8:12], "") if body[4:8] == b"ftyp" else ""


def credentials(body: bytes, labels: str = "", anchors: str | None = None) -> str:
    """One line on the C2PA manifests of the image ``body``; '' where it bears no mark of one.

    ``labels``: readable text of the manifest's container, told where the library can't read it. ``anchors``: PEM of the
    trusted certificates; None for those of the registry.
    """
    kind = kind_of(body)
    if not kind or not (labels or any(mark in body for mark in MARKS)):
        return ""
    if len(body) > MOST_BYTES:
        return f"signature unreadable; file larger than {MOST_BYTES} bytes; {labels}".rstrip("; ")
    from c2pa import C2paError, Reader  # a native library of tens of megabytes; few files bear a manifest

    trusted = _anchors() if anchors is None else anchors
    try:
        with Reader(kind, io.BytesIO(body), context=_context(trusted)) as reader:
            report = json.loads(reader.json())
    except C2paError as error:
        return _unread(str(error), labels)
    return _line(report)


@cache
def _anchors() -> str:
    path = identity.REGISTRY / "c2pa_trust.pem"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@cache
def _context(anchors: str) -> Any:
    from c2pa import Context, Settings

    verify = {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": bool(anchors)}
    settings: dict[str, Any] = {"verify": verify}
    if anchors:
        settings["trust"] = {"trust_anchors": anchors}
    return Context(Settings.from_json(json.dumps(settings)))


def _unread(error: str, labels: str) -> str:
    if error.startswith("Remote"):
        return f"signature elsewhere; {_short(error.rsplit(' ', 1)[-1])}"
    # No manifest at all (the mark was a word of something else) says nothing.
    return f"signature unreadable; {labels}" if labels else ""


def _line(report: dict[str, Any]) -> str:
    manifests = report.get("manifests") or {}
    active = report.get("active_manifest") or ""
    named = sorted(manifests, key=lambda label: (label != active, label))[:MOST_MANIFESTS]
    signer = (manifests.get(active) or {}).get("signature_info") or {}
    said = [f"signature {_state(report)}"]
    said += [
        f"{name} {_short(signer[key])}" for name, key in (("signer", "issuer"), ("time", "time")) if signer.get(key)
    ]
    for label in named:
        said += _declared(manifests[label])
    return "; ".join(dict.fromkeys(said))


def _state(report: dict[str, Any]) -> str:
    results = (report.get("validation_results") or {}).get("activeManifest") or {}
    codes = {name: {str(x.get("code")) for x in results.get(name) or []} for name in ("success", "failure")}
    if any(not code.startswith("timeStamp.") for code in codes["failure"] - set(OF_TRUST)):
        return "mismatch"
    sound = "claimSignature.validated" in codes["success"] and not codes["failure"] & set(OF_TRUST)
    return "trusted" if sound and "signingCredential.trusted" in codes["success"] else "untrusted"


def _declared(manifest: dict[str, Any]) -> Iterator[str]:
    """Who made a manifest and the actions it declares, each a few words."""
    makers = [x for x in manifest.get("claim_generator_info") or [] if isinstance(x, dict)]
    for name in [*(x.get("name") for x in makers), manifest.get("claim_generator")]:
        if name:
            yield f"generator {_short(name)}"
    for assertion in manifest.get("assertions") or []:
        data = assertion.get("data") if isinstance(assertion, dict) else None
        if isinstance(data, dict) and str(assertion.get("label", "")).startswith("c2pa.actions"):
            actions = data.get("actions")
            for action in (actions if isinstance(actions, list) else [])[:MOST_ACTIONS]:
                if isinstance(action, dict):
                    yield _action(action)


def _action(action: dict[str, Any]) -> str:
    agent = action.get("softwareAgent")
    values = (
        action.get("action"),
        str(action.get("digitalSourceType") or "").rsplit("/", 1)[-1],
        "by " + _short(agent.get("name") if isinstance(agent, dict) else agent) if agent else "",
    )
    return " ".join(_short(value) for value in values if value)


def _short(value: Any) -> str:
    # A separator within a value would forge a part of the line.
    return " ".join(clean(str(value)).replace(";", ",").split())[:MOST_VALUE]
