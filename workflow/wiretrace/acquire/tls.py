"""The certificate that a host shows, and whether it verifies: an observation, never an obstacle."""

from __future__ import annotations

import ssl
import time

from wiretrace.acquire.network import Dialer, RefusedError, UnreachableError, trusting, unverified
from wiretrace.acquire.pace import Pace
from wiretrace.acquire.record import Record, now
from wiretrace.evidence import Exchange, Lookup

PORT = 443


def ask(record: Record, dialer: Dialer, pace: Pace, host: str) -> None:
    """Archive the leaf certificate that ``host`` shows on port 443 for its own name."""
    subject = f"{host}:{PORT}"
    if record.known("tls", subject):
        return
    try:
        pace.wait(host)
        verdict = _verdict(dialer, host)
        pem, details, ip = _leaf(dialer, host)
    except RefusedError as error:
        record.note("tls", subject, "not_looked", str(error))
        return
    except UnreachableError as error:
        record.note("tls", subject, "could_not_look", str(error))
        return
    except TimeoutError:
        record.note("tls", subject, "could_not_look", f"timed out after {dialer.config.pace.timeout:g} s")
        return
    at = now()
    record.add(
        Exchange(
            kind="tls",
            purpose="tls",
            publisher=record.publisher,
            address=f"tls://{subject}",
            time=at,
            response=pem.encode("ascii"),
            status="ok",
            route=dialer.route,
            ip=ip,
            note=f"{verdict}; {details}",
        ),
        Lookup(record.publisher, "tls", subject, "found", at, verdict),
    )


def _verdict(dialer: Dialer, host: str) -> str:
    """Whether the certificate verifies by the trusted authorities, now, for this name."""
    deadline = time.monotonic() + dialer.config.pace.timeout
    stream, _ = dialer.connect(host, PORT, deadline)
    try:
        dialer.secure(stream, host, deadline, trusting(dialer.config.ca_file)).close()
    except ssl.SSLCertVerificationError as error:
        return f"the certificate does not verify: {error.verify_message}"
    except UnreachableError as error:
        # The verifying context also refuses old protocols; whether there is a certificate at all is told below.
        return f"no connection by today's rules: {error}"
    return "the certificate verifies"


def _leaf(dialer: Dialer, host: str) -> tuple[str, str, str]:
    """(PEM of the leaf certificate, protocol and cipher, address that answered)."""
    deadline = time.monotonic() + dialer.config.pace.timeout
    stream, ip = dialer.connect(host, PORT, deadline)
    with dialer.secure(stream, host, deadline, unverified()) as secured:
        shown = secured.getpeercert(binary_form=True)
        cipher = secured.cipher()
        details = f"{secured.version() or ''} {cipher[0] if cipher else ''}".strip()
    if not shown:
        raise UnreachableError("TLS: no certificate shown")
    return ssl.DER_cert_to_PEM_cert(shown), details, ip
