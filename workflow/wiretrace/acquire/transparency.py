"""Certificate transparency: which certificates the public logs have for a domain, by the JSON of crt.sh."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from wiretrace import identity
from wiretrace.acquire.archives import DELAY_FACTOR
from wiretrace.acquire.fetch import Ask, Fetcher
from wiretrace.evidence.writer import Outcome

SOURCE = "transparency"


def ask(fetcher: Fetcher, service: str, domain: str) -> None:
    """Archive what ``service`` (https://crt.sh/ or one that answers alike) lists for ``domain``."""
    fetcher.pace.slow_down(identity.host_of(service), fetcher.config.pace.delay * DELAY_FACTOR)
    question = urlencode({"q": domain, "output": "json"})
    fetcher.get(
        f"{service}?{question}",
        Ask(
            SOURCE,
            SOURCE,
            subject=domain,
            politely=False,
            verify=True,
            accept="application/json",
            who="certificate transparency",
            check=judged,
        ),
    )


def judged(body: bytes) -> tuple[Outcome, str]:
    """Whether ``body`` lists certificates."""
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        return "could_not_look", "the answer is no list of certificates"
    return ("found", "") if listed else ("absent", "no certificate is logged")
