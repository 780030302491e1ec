"""What a practice world is to those who serve it and those who score against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Response:
    """One HTTP answer.

    ``weather`` says how it is delivered: '' plainly, 'slow' after 1.5 s, 'stall' the headers and then nothing,
    'reset' the connection is closed instead, 'cut' it is closed after half the body.
    """

    status: int
    headers: Headers
    body: bytes
    weather: str = ""


@dataclass(frozen=True)
class Certificate:
    """One TLS certificate, chosen by SNI; ``issuer`` is the organisation that signed it."""

    names: tuple[str, ...]
    expired: bool = False
    issuer: str = ""


class World(Protocol):
    """An internet small enough to be known completely. Rounds count from 1."""

    seed: int
    certificates: tuple[Certificate, ...]
    truth: dict[str, list[dict[str, Any]]]
    seeds: list[dict[str, str]]
    names: list[dict[str, str]]
    verifications: list[dict[str, str]]
    posts: list[dict[str, str]]
    known_networks: list[dict[str, str]]
    observations: list[dict[str, str]]
    platforms: list[dict[str, Any]]

    def hosts(self) -> frozenset[str]:
        """Every host that is served over HTTP in some round."""
        ...

    def respond(self, round_: int, scheme: str, host: str, target: str, headers: Mapping[str, str]) -> Response | None:
        """The answer to GET ``target`` (path and query) at ``host``; None where no such host answers."""
        ...

    def dns(self, round_: int) -> dict[tuple[str, str], list[str]]:
        """(name without its final dot, type) to rdata in presentation form.

        A name under no key does not exist (NXDOMAIN); a known name without the type has an empty answer.
        """
        ...

    def whois(self, round_: int, server: str, query: str) -> bytes | None:
        """The answer of WHOIS server ``server``; None where no such server answers."""
        ...
