"""The certificates that a host shows, and whether they verify: an observation, never an obstacle."""

from __future__ import annotations

import select
import socket
import ssl
import time

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL

from wiretrace import identity
from wiretrace.acquire.network import Dialer, RefusedError, UnreachableError, left, trusting
from wiretrace.acquire.pace import Pace
from wiretrace.acquire.record import Record, now
from wiretrace.evidence import Exchange, Lookup

PORT = 443
# Certificates of a chain that are kept.
LONGEST_CHAIN = 20


def ask(record: Record, dialer: Dialer, pace: Pace, host: str) -> None:
    """Archive the certificates that ``host`` shows on port 443 for its own name: the leaf, then the chain behind it."""
    subject = f"{host}:{PORT}"
    if record.known("tls", subject):
        return
    try:
        pace.wait(host, identity.registrable_domain(host))
        verdict = _verdict(dialer, host)
        pace.wait(host, identity.registrable_domain(host))
        pem, details, ip = _chain(dialer, host)
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


def _chain(dialer: Dialer, host: str) -> tuple[str, str, str]:
    """(PEM of the certificates shown, the leaf first; protocol and cipher; address that answered).

    By pyOpenSSL: the standard library tells the chain from Python 3.13 on.
    """
    deadline = time.monotonic() + dialer.config.pace.timeout
    stream, ip = dialer.connect(host, PORT, deadline)
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_verify(SSL.VERIFY_NONE)
    context.set_cipher_list(b"DEFAULT:@SECLEVEL=0")
    with stream:
        secured = SSL.Connection(context, stream)
        secured.set_tlsext_host_name(host.encode("ascii", "replace"))
        secured.set_connect_state()
        _shake_hands(secured, stream, deadline)
        shown = secured.get_peer_cert_chain(as_cryptography=True) or []
        details = f"{secured.get_protocol_version_name()} {secured.get_cipher_name() or ''}".strip()
    if not shown:
        raise UnreachableError("TLS: no certificate shown")
    pem = b"".join(one.public_bytes(Encoding.PEM) for one in shown[:LONGEST_CHAIN])
    return pem.decode("ascii"), details, ip


def _shake_hands(secured: SSL.Connection, stream: socket.socket, deadline: float) -> None:
    while True:
        try:
            secured.do_handshake()
        except SSL.WantReadError:
            if not select.select([stream], [], [], left(deadline))[0]:
                raise TimeoutError from None
        except (SSL.Error, OSError) as error:
            raise UnreachableError(f"TLS: {error}"[:200]) from error
        else:
            return
