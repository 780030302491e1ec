"""RDAP by the bootstrap file of RFC 9224; a server that fails is told, never replaced in silence."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from wiretrace.acquire.fetch import Answer, Ask, Fetcher
from wiretrace.acquire.record import Record
from wiretrace.evidence.writer import Outcome

ACCEPT = "application/rdap+json, application/json;q=0.9"


class Rdap:
    """Finds the RDAP server of a domain and asks it; threads share it."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self._services: dict[str, str] | None = None
        self._problem = ""
        self._lock = threading.Lock()

    def ask(self, fetcher: Fetcher, domain: str, fetcher_for: Callable[[Record], Fetcher]) -> Outcome:
        """How the question for ``domain`` ended; ``not_looked`` where its zone has no RDAP server."""
        record = fetcher.record
        with self._lock:
            if self._services is None:
                self._load(fetcher_for(replace(record, publisher="")))
        if self._problem:
            record.note("rdap", domain, "could_not_look", self._problem)
            return "could_not_look"
        server = self._server(domain)
        if not server:
            record.note(
                "rdap", domain, "not_looked", f"no RDAP server for .{domain.rpartition('.')[2]} in the bootstrap"
            )
            return "not_looked"
        url = f"{server.rstrip('/')}/domain/{domain}"
        ask = Ask(
            "rdap", "rdap", subject=domain, politely=False, verify=True, accept=ACCEPT, check=partial(judged, domain)
        )
        return fetcher.get(url, ask).outcome

    def _load(self, fetcher: Fetcher) -> None:
        ask = Ask("bootstrap", "rdap", politely=False, verify=True, accept="application/json")
        answer = fetcher.get(self.bootstrap, ask)
        self._services = services(answer)
        if not self._services:
            self._problem = f"the RDAP bootstrap is not there: {answer.reason or 'no services in it'}"

    def _server(self, domain: str) -> str:
        """Server of the longest zone of ``domain`` that has one (RFC 9224, section 4)."""
        known = self._services or {}
        labels = domain.split(".")
        return next((known[zone] for at in range(len(labels)) if (zone := ".".join(labels[at:])) in known), "")


def judged(domain: str, body: bytes) -> tuple[Outcome, str]:
    """Whether ``body`` is a domain object (RFC 9083, section 5.3) about ``domain``."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not ("ldhName" in said or said.get("objectClassName") == "domain"):
        return "could_not_look", "the answer is no RDAP domain object"
    name = said.get("ldhName")
    named = name.lower().rstrip(".") if isinstance(name, str) and name.isascii() else domain
    return ("found", "") if named == domain else ("could_not_look", f"the answer is about {named[:100]}")


def services(answer: Answer) -> dict[str, str]:
    """Base address of the server of each zone, https before http; {} where the bootstrap cannot be read."""
    if answer.outcome != "found":
        return {}
    try:
        listed = json.loads(answer.body)["services"]
        return {
            str(zone).lower(): max((str(url) for url in urls), key=lambda url: url.startswith("https:"))
            for zones, urls in listed
            for zone in zones
            if urls
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
