"""HTTP for one publisher: robots, pace, retries, redirects one by one; every exchange and decision is archived."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast

import requests

from wiretrace import identity
from wiretrace.acquire import revisits
from wiretrace.acquire.addresses import malformed, redirect
from wiretrace.acquire.network import Dialer, RefusedError, UnreachableError
from wiretrace.acquire.pace import LONGEST_WAIT, UNNAMED_WAIT, LateError, Pace, retry_after
from wiretrace.acquire.record import Known, Record, Row, now
from wiretrace.acquire.robots import Robots, Rules
from wiretrace.acquire.transport import Recorded, Transport
from wiretrace.config import Acquire
from wiretrace.evidence import Earlier, Exchange, Lookup, earlier, open_capture
from wiretrace.evidence.http import LARGEST_BODY, header, parse_head
from wiretrace.evidence.writer import VERSION, Outcome

MOST_REDIRECTS = 10
# After so many addresses of a host in a row that could not be connected to, the others aren't tried.
DEAD_AFTER = 3
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"
TRANSIENT = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Ask:
    """What a fetch is for.

    Args:
        purpose, source, via: see the tables ``captures`` and ``lookups``.
        subject: the question, where it is not the address itself.
        politely: whether robots.txt is kept to; off for programming interfaces and robots.txt itself.
        verify: whether the certificate must verify: on for services we rely on, off for the publishers themselves.
        within: publisher that redirects may not leave; '' where they may lead anywhere.
        copy_of, original_time: for a web archive's copy: the original address and when the archive captured it.
        accept: value of the Accept header.
        who: service that is asked, as reasons name it.
        unpacked: bytes as far as which the answer is unpacked here; it is archived as it came.
        part: first and last byte that are asked for; None for all.
        whole: whether it is asked for whole, whatever earlier rounds have of it.
        check: what a body that came with success means: found or absent, or could_not_look where it is no answer.
    """

    purpose: str
    source: str
    via: str = ""
    subject: str = ""
    politely: bool = True
    verify: bool = False
    within: str = ""
    copy_of: str = ""
    original_time: str = ""
    accept: str = ACCEPT
    who: str = ""
    unpacked: int = LARGEST_BODY
    part: tuple[int, int] | None = None
    whole: bool = False
    check: Callable[[bytes], tuple[Outcome, str]] | None = None


@dataclass(frozen=True)
class Answer:
    """How a fetch ended, and what it brought; ``body`` is decoded, ``url`` the last address asked.

    ``again`` is set where it shows what an earlier round has: by the same bytes, or by the server's word (304).
    """

    url: str
    outcome: Outcome
    reason: str = ""
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    size: int = 0
    next: str = ""
    again: bool = False

    def header(self, name: str) -> str:
        """First value of header ``name``, or ''."""
        return header(list(self.headers), name)


class Fetcher:
    """Fetches for one publisher: robots, pace, retries, redirects; archives every exchange and every decision.

    What the archive has already is taken from it, so that a job which was killed goes on where it stopped. ``size`` is
    the bytes that came; the minutes of the budget count from its making to ``deadline``, a monotonic time.

    Args:
        past: captures of earlier rounds by address: what has not changed since is archived as a revisit.
    """

    def __init__(
        self,
        config: Acquire,
        dialer: Dialer,
        pace: Pace,
        robots: Robots,
        record: Record,
        past: Mapping[str, Row] | None = None,
    ) -> None:
        self.config, self.dialer, self.pace, self.robots, self.record = config, dialer, pace, robots, record
        self.past = past or {}
        self.size = 0
        self.deadline = time.monotonic() + config.budget.minutes * 60
        self._failed: dict[str, tuple[int, str]] = {}
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.clear()
        agent = f"wiretrace/{VERSION}"
        self._session.headers.update(
            {
                "User-Agent": f"{agent} (+{config.contact})" if config.contact else agent,
                "Accept-Encoding": "gzip, deflate",
                "Connection": "close",
            }
        )
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, Transport(dialer))

    def get(self, url: str, ask: Ask) -> Answer:
        """Fetch ``url`` and what it redirects to; the last answer. Every address asked ends as a look-up."""
        chain = [url]
        while True:
            answer = self._one(chain, ask)
            self.size += answer.size
            if not answer.next:
                return answer
            chain.append(answer.next)
            ask = replace(ask, via=ask.via if ask.copy_of else answer.url, subject="")

    def _one(self, chain: list[str], ask: Ask) -> Answer:
        url = chain[-1]
        known = self.record.known(ask.source, ask.subject or url)
        if known:
            return self._replay(chain, ask, known)
        host = identity.host_of(url)
        refusal = malformed(url)
        if refusal:
            return self._ended(url, ask, "not_looked", refusal)
        refusal = self._silent(host)
        if refusal:
            return self._ended(url, ask, "could_not_look", refusal)
        if ask.politely:
            rules = self.robots_of(url)
            refusal = rules.refuses(url)
            if refusal:
                return self._ended(url, ask, "could_not_look" if rules.unreachable else "not_looked", refusal)
        return self._try(chain, ask)

    def robots_of(self, url: str) -> Rules:
        """Rules of the host of ``url``, asked for where they are not known yet."""

        def fetch(robots_url: str, owner: str) -> Answer:
            other = Fetcher(self.config, self.dialer, self.pace, self.robots, replace(self.record, publisher=owner))
            return other.get(robots_url, Ask("robots", "robots", politely=False, accept="text/plain,*/*;q=0.5"))

        rules = self.robots.rules(url, fetch)
        if rules.delay:
            self.pace.slow_down(identity.host_of(url), rules.delay)
        return rules

    def _silent(self, host: str) -> str:
        """Why ``host`` cannot be asked now; '' where it can."""
        count, why = self._failed.get(host, (0, ""))
        if count >= DEAD_AFTER:
            return f"{host} could not be reached {count} times in a row: {why}"
        held = self.pace.held(host)
        if held and self._worth(held):
            self.pace.sleep(held)
            held = self.pace.held(host)
        return f"HTTP 429: {host} is to be left alone for {held:.0f} s more" if held else ""

    def _ended(self, url: str, ask: Ask, outcome: Outcome, reason: str) -> Answer:
        reason = _of(ask, reason)
        self.record.note(ask.source, ask.subject or url, outcome, reason)
        return Answer(url, outcome, reason)

    def _try(self, chain: list[str], ask: Ask) -> Answer:
        url, host = chain[-1], identity.host_of(chain[-1])
        before = self._before(url)
        for attempt in range(self.config.pace.retries + 1):
            last = attempt == self.config.pace.retries
            if attempt:
                self.pace.sleep(self.pace.backoff(attempt))
            try:
                self._wait(host)
                response = self._send(url, ask, before)
                if before and revisits.contradicts(before, response.wire.received):
                    before = None
                    self._wait(host)
                    response = self._send(url, ask, None)
            except (RefusedError, requests.exceptions.RequestException) as error:
                return self._ended(url, ask, "not_looked", str(error))
            except LateError:
                spent = f"budget of {self.config.budget.minutes:g} minutes spent"
                return self._ended(url, ask, "not_looked", f"{spent} before {host} may be asked again")
            except ssl.SSLCertVerificationError as error:
                return self._ended(url, ask, "could_not_look", f"certificate of {host}: {error.verify_message}")
            except (UnreachableError, TimeoutError) as error:
                reason = str(error) if isinstance(error, UnreachableError) else self._late()
                if last or (isinstance(error, UnreachableError) and error.lasting):
                    count, _ = self._failed.get(host, (0, ""))
                    self._failed[host] = (count + 1, reason)
                    return self._ended(url, ask, "could_not_look", reason)
                continue
            self._failed.pop(host, None)
            answer = self._judge(chain, ask, response, before)
            pause = self._pause(host, response)
            pause = None if last else pause
            if response.wire.received:
                self._archive(answer, ask, response, before if answer.again else None, final=pause is None)
            elif pause is None:
                self.record.note(ask.source, ask.subject or url, answer.outcome, answer.reason)
            if pause is None:
                return answer
            self.pace.sleep(pause)
        raise AssertionError("the last try returns")

    def _wait(self, host: str) -> None:
        address = next(iter(self.dialer.addresses(host)), "")
        self.pace.wait(host, identity.registrable_domain(host), address, self.deadline)

    def _late(self) -> str:
        return f"timed out after {self.config.pace.timeout:g} s"

    def _before(self, url: str) -> Earlier | None:
        row = self.past.get(url)
        return earlier(self.record.archive.evidence, row) if row else None

    def _send(self, url: str, ask: Ask, before: Earlier | None) -> Recorded:
        conditions = revisits.conditions(before) if before and not ask.whole else {}
        headers = {"Accept": ask.accept, **conditions}
        if ask.part:
            headers["Range"] = f"bytes={ask.part[0]}-{ask.part[1]}"
        made = self._session.prepare_request(requests.Request("GET", url, headers=headers))
        sent = self._session.get_adapter(url).send(made, timeout=self.config.pace.timeout, verify=ask.verify)
        return cast(Recorded, sent)

    def _pause(self, host: str, response: Recorded) -> float | None:
        """Seconds before a further try that may end better; None where none would."""
        if response.wire.truncated in ("time", "disconnect"):
            return 0.0
        if response.status_code not in TRANSIENT:
            return None
        named = retry_after(response.headers.get("Retry-After", ""))
        if response.status_code != 429 and named is None:
            return 0.0
        wait = UNNAMED_WAIT if named is None else named
        # Nobody of this job asks the host before that; a time that is too long to wait for ends the questions to it.
        self.pace.hold(host, wait)
        return wait if self._worth(wait) else None

    def _worth(self, wait: float) -> bool:
        return wait <= LONGEST_WAIT and time.monotonic() + wait < self.deadline

    def _judge(self, chain: list[str], ask: Ask, response: Recorded, before: Earlier | None) -> Answer:
        """What a response means; pure but for reading it."""
        wire = response.wire
        headers = parse_head(wire.received)
        status = headers.status if headers else None
        if before and not wire.truncated and revisits.same(before, wire):
            return self._again(chain[-1], ask, revisits.told(before, status), len(wire.received))
        where = redirect(status, headers.headers if headers else [], chain[-1])
        outcome, reason, onward = self._meaning(chain, ask, status, where)
        if wire.truncated in ("time", "disconnect"):
            outcome, onward = "could_not_look", ""
            reason = self._late() if wire.truncated == "time" else wire.problem
            reason += f"; {len(wire.received)} bytes came" if wire.received else ""
        elif wire.truncated == "length":
            outcome, onward = ("found" if status and outcome == "found" else "could_not_look"), ""
            reason = wire.problem
        most = min(ask.unpacked, self.config.pace.largest_answer)
        body = response.body(most)
        # What is packed is read as far as what is not: a bomb costs no more.
        if outcome == "found" and not onward and len(body) >= most > len(wire.received):
            reason = f"read as far as {len(body)} bytes of what it unpacks to"
        if outcome == "found" and status and not where and ask.check:
            outcome, reason = ask.check(body)
        return Answer(
            chain[-1],
            outcome,
            reason if outcome == "found" else _of(ask, reason),
            status,
            tuple(headers.headers) if headers else (),
            body,
            len(wire.received),
            onward,
        )

    def _again(self, url: str, ask: Ask, told: str, size: int) -> Answer:
        """The answer that an earlier round has, which ``url`` shows again."""
        opened = open_capture(self.record.archive.evidence, self.past[url], ask.unpacked)
        outcome, reason = ask.check(opened.body) if ask.check else ("found", "")
        reason = _of(ask, f"{reason}; {told}") if reason else told
        return Answer(url, outcome, reason, 200, tuple(opened.headers), opened.body, size, again=True)

    def _meaning(self, chain: list[str], ask: Ask, status: int | None, where: str) -> tuple[Outcome, str, str]:
        """(outcome, reason, address to ask next or '') of an answer with ``status`` that redirects to ``where``."""
        if status is None:
            return "could_not_look", "the answer is not HTTP", ""
        if where:
            onward = identity.canonical(where)
            if not onward:
                return "could_not_look", f"redirects to {where[:200]}, which is no http or https address", ""
            if onward in chain:
                return "could_not_look", f"redirect loop: back to {onward}", ""
            if len(chain) > MOST_REDIRECTS:
                return "could_not_look", f"more than {MOST_REDIRECTS} redirects", ""
            if ask.within and identity.publisher_of(onward) != ask.within:
                return "found", f"redirects to {onward}, another publisher's address", ""
            return "found", f"redirects to {onward}", onward
        if 200 <= status < 300:
            return "found", "", ""
        return ("absent" if status in (404, 410) else "could_not_look"), f"HTTP {status}", ""

    def _archive(self, answer: Answer, ask: Ask, response: Recorded, again: Earlier | None, final: bool) -> None:
        time_ = now()
        wire = response.wire
        copy = bool(ask.copy_of) and answer.status == 200
        self.record.add(
            Exchange(
                kind="http",
                purpose="archive_index" if ask.copy_of and not copy else ask.purpose,
                publisher=self.record.publisher,
                address=ask.copy_of if copy else answer.url,
                asked=answer.url,
                time=time_,
                response=wire.received,
                request=wire.sent,
                interim=wire.interim,
                route="web_archive" if copy else self.dialer.route,
                via=answer.url if copy else ask.via,
                truncated=wire.truncated,
                original_time=ask.original_time if copy else "",
                ip=response.ip,
                extra=wire.extra,
                note=f"{len(wire.extra)} bytes came behind the end of the body" if wire.extra else "",
                revisits=again,
            ),
            Lookup(self.record.publisher, ask.source, ask.subject or answer.url, answer.outcome, time_, answer.reason)
            if final
            else None,
        )

    def _replay(self, chain: list[str], ask: Ask, known: Known) -> Answer:
        """The answer that the archive has."""
        outcome, reason = known.lookup["outcome"], known.lookup["reason"]
        opened = self.record.open(known, min(ask.unpacked, self.config.pace.largest_answer))
        if opened is None:
            return Answer(chain[-1], outcome, reason)
        where = redirect(opened.status, opened.headers, chain[-1]) if outcome == "found" else ""
        onward = self._meaning(chain, ask, opened.status, where)[2] if where else ""
        return Answer(
            chain[-1],
            outcome,
            reason,
            opened.status,
            tuple(opened.headers),
            opened.body,
            len(opened.raw),
            onward,
        )


def _of(ask: Ask, reason: str) -> str:
    return f"{ask.who}: {reason}" if ask.who else reason
