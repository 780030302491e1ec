"""Asking time-stamp authorities about a sealed round (RFC 3161 over HTTP); no answer is told, and never fatal."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

import requests

from wiretrace import schema
from wiretrace.acquire.dns import Resolver
from wiretrace.acquire.network import Dialer, RefusedError, UnreachableError, trusting
from wiretrace.acquire.transport import Transport
from wiretrace.config import Acquire
from wiretrace.errors import UserError
from wiretrace.evidence.stamp import StampError, keep, question, token_path
from wiretrace.evidence.writer import VERSION
from wiretrace.progress import Progress


def stamp(folder: Path, config: Acquire) -> tuple[list[str], list[str]]:
    """Get a token for the manifest in ``folder`` of each authority that gave none yet: lines (given, failed)."""
    given, failed = [], []
    for authority in config.time_stamp_authorities:
        path = token_path(folder, authority)
        if not path.exists():
            try:
                given.append(f"{folder.name}: {_ask(path, authority, config)}")
            except (StampError, UserError, RefusedError, UnreachableError, OSError, requests.RequestException) as error:
                failed.append(f"{folder.name}: no time-stamp of {authority}: {schema.clean(str(error))[:300]}")
    return given, failed


def stamp_and_tell(folder: Path, config: Acquire) -> None:
    """As ``stamp``, at the end of a job: tells what was given at a terminal, and what was not in the log."""
    given, failed = stamp(folder, config)
    for line in given:
        Progress("time-stamp").say(line, last=True)
    for line in failed:
        print(f"wiretrace: {line}; ask again with: wiretrace stamp", file=sys.stderr)


def _ask(path: Path, authority: str, config: Acquire) -> str:
    asked = question(path.parent)
    headers = {"Content-Type": "application/timestamp-query", "User-Agent": f"wiretrace/{VERSION}"}
    headers |= {"Accept": "application/timestamp-reply", "Connection": "close"}
    request = requests.Request("POST", authority, headers=headers, data=asked.as_bytes()).prepare()
    transport = Transport(Dialer(config, Resolver(config.resolvers, config.pace.timeout)))
    try:
        response = transport.send(request, timeout=config.pace.timeout)
    except ssl.SSLCertVerificationError as error:
        raise StampError(f"its certificate: {error.verify_message}") from error
    if response.wire.truncated or response.status_code != 200:
        raise StampError(response.wire.problem or f"HTTP {response.status_code}")
    known = trusting(config.ca_file).get_ca_certs(binary_form=True)
    return str(keep(path, asked, response.body(), known))
