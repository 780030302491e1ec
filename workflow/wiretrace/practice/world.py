"""The practice internet of one seed value: built from the data files, the same bytes each time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlsplit

from wiretrace.practice import archive, inputs, pages, pictures, registrations, services, whois
from wiretrace.practice.archive import Held
from wiretrace.practice.articles import SPAN, START, Article, date, lay
from wiretrace.practice.data import load
from wiretrace.practice.marks import leave
from wiretrace.practice.model import Response
from wiretrace.practice.plans import run_plans
from wiretrace.practice.posts import posts
from wiretrace.practice.rounds import lapsing, pass_time
from wiretrace.practice.runs import Newsstand, release_all, run_copies, run_news, run_unseen
from wiretrace.practice.serving import PLAIN, SiteServer, answer, redirect
from wiretrace.practice.sites import Site, platform, provider, settle
from wiretrace.practice.stories import tell
from wiretrace.practice.truth import tell_truth

ROUNDS = (1, 2)
BUSY = 5  # every fifth publisher's first playback in a round is answered with 429


def publish_all(seed: int) -> Newsstand:
    """Everything that is published in world ``seed``, with clocks, numbers and addresses."""
    stand = Newsstand(seed, settle(seed), {s.id: s for s in tell(seed, START, SPAN)})
    release_all(stand)
    run_plans(stand)
    run_news(stand)
    run_unseen(stand)
    run_copies(stand)
    leave(stand)
    pass_time(stand)
    for article in stand.articles:
        date(article, seed)
    lay(stand.articles, seed)
    return stand


class PracticeWorld:
    """The world of ``wiretrace.practice.model.World``; pages are rendered when first asked for."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._stand = publish_all(seed)
        sites = self._stand.sites
        self.truth = tell_truth(seed, sites, self._stand.articles)
        self.certificates = inputs.certificates(seed, sites)
        self.seeds = inputs.seeds(sites)
        self.names = inputs.names(seed)
        self.verifications: list[dict[str, str]] = []
        self.posts, self.truth["posts"] = posts(seed, self._stand.articles)
        self.known_networks = inputs.known_networks(seed, sites)
        self.observations: list[dict[str, str]] = []
        self.platforms = inputs.platforms(seed)
        self._servers: dict[tuple[str, int], SiteServer] = {}
        self._answers: dict[tuple[int, str, str, str], Response] = {}
        self._asked: set[tuple[int, str]] = set()
        self._lock = threading.Lock()

    def hosts(self) -> frozenset[str]:
        """Every host that is served over HTTP in some round."""
        return frozenset(self._by_host) | {
            registrations.IANA,
            registrations.NIC,
            registrations.ARCHIVE,
            registrations.LOGS,
            registrations.CRAWLS,
            pages.media_host(self.seed),
            platform(self.seed)["host"],
        }

    def respond(self, round_: int, scheme: str, host: str, target: str, headers: Mapping[str, str]) -> Response | None:
        """The answer to GET ``target`` at ``host``; None where no such host answers."""
        host, target = host.lower(), target or "/"
        if host == registrations.ARCHIVE:
            return self._archive(round_, target)
        key = (round_, scheme, host, target)
        with self._lock:
            if key not in self._answers:
                found = self._respond(round_, scheme, host, target)
                if found is None:
                    return None
                self._answers[key] = found
            found = self._answers[key]
        return _unless_known(found, headers)

    def dns(self, round_: int) -> dict[tuple[str, str], list[str]]:
        """(name, type) to rdata in presentation form."""
        return self._zones[round_]

    def whois(self, round_: int, server: str, query: str) -> bytes | None:
        """The answer of WHOIS server ``server``; None where no such server answers."""
        return whois.answer(server.lower(), query, self._registered[round_], self._registrar_hosts)

    @cached_property
    def _by_host(self) -> dict[str, Site]:
        found = {}
        for site in self._stand.sites.values():
            if site.family != "account":
                found[site.publisher] = found[f"www.{site.publisher}"] = site
        return found

    @cached_property
    def _zones(self) -> dict[int, registrations.Zone]:
        return {round_: registrations.zone(self._stand, round_) for round_ in ROUNDS}

    @cached_property
    def _pictures(self) -> dict[str, Article]:
        """Path of each picture at the media host and the platform."""
        found = {}
        for article in self._stand.articles:
            address = pages.picture(self.seed, article)
            if address and (article.site.raw.get("media") or article.site.family == "account"):
                found[urlsplit(address).path] = article
        return found

    @cached_property
    def _registered(self) -> dict[int, dict[str, registrations.Registration]]:
        return {round_: registrations.register(self._stand, round_) for round_ in ROUNDS}

    @cached_property
    def _registrar_hosts(self) -> frozenset[str]:
        keys = load("publishers/providers.yaml")["registrars"]
        return frozenset(f"whois.{provider(self.seed, 'registrars', key)['domain']}" for key in keys)

    @cached_property
    def _held(self) -> list[Held]:
        """What the web archive holds, in order of time."""
        found = []
        for article in self._stand.articles:
            for moment in article.archived:
                found.append(Held(moment, article.address, self._as_it_was(article)))
        return sorted(found, key=lambda h: (archive.surt(h.original), h.timestamp))

    def _as_it_was(self, article: Article) -> Response:
        """The article's page before anything befell it."""
        server = self._server(article.site, 1)
        page = pages.Page("article", article.path, articles=(article,))
        return server.page(page, modified=article.published)

    def _server(self, site: Site, round_: int) -> SiteServer:
        if (site.key, round_) not in self._servers:
            self._servers[site.key, round_] = SiteServer(self._stand, site, round_)
        return self._servers[site.key, round_]

    def _respond(self, round_: int, scheme: str, host: str, target: str) -> Response | None:
        if host == registrations.IANA:
            if target.partition("?")[0] == "/rdap/dns.json":
                return answer(whois.bootstrap(), "application/json")
            return answer(b"not found\n", PLAIN, status=404)
        if host == registrations.NIC:
            return self._rdap(round_, target)
        if host == registrations.LOGS:
            return services.logs(self.seed, self.certificates, target)
        if host == registrations.CRAWLS:
            return services.crawls(self._held, target)
        if host == pages.media_host(self.seed):
            return self._media(target)
        if host == platform(self.seed)["host"]:
            return self._platform(round_, scheme, target)
        site = self._by_host.get(host)
        if site is None or (round_ >= 2 and site.key == lapsing(self.seed)):
            return None
        if host != site.host or scheme != site.scheme:
            return redirect(f"{site.scheme}://{site.host}{target}")
        return self._server(site, round_).respond(target)

    def _rdap(self, round_: int, target: str) -> Response:
        kind, _, name = target.strip("/").partition("/")
        if kind != "domain":
            return answer(b'{"errorCode": 400, "title": "Bad Request"}', "application/rdap+json", status=400)
        status, body = whois.rdap(name, self._registered[round_])
        return answer(body, "application/rdap+json", status=status)

    def _media(self, target: str) -> Response:
        path = target.partition("?")[0]
        if path in self._pictures and path.startswith("/img/"):
            return self._picture(self._pictures[path])
        if path == "/pelt/logo.png":
            return answer(pictures.png(f"{self.seed} logo pelt"), "image/png", START)
        if path == "/pelt/site.css":
            return answer(b".pelt-head{font:700 24px/1.2 serif}.pelt-nav a{color:#123}\n", "text/css", START)
        return answer(b"not found\n", PLAIN, status=404)

    def _platform(self, round_: int, scheme: str, target: str) -> Response:
        home = platform(self.seed)
        path = target.partition("?")[0]
        if scheme != "https":
            return redirect(f"https://{home['host']}{target}")
        accounts = [s for s in self._stand.sites.values() if s.family == "account"]
        for site in accounts:
            if path.startswith(site.prefix) or path + "/" == site.prefix:
                return self._server(site, round_).respond(site.prefix if path + "/" == site.prefix else target)
        if path == "/":
            names = "".join(f'<li><a href="{s.prefix}">{s.name}</a></li>' for s in accounts)
            head = f"<!DOCTYPE html><html><head><title>{home['title']}</title></head>"
            body = f"{head}<body><ul>{names}</ul></body></html>"
            return answer(body.encode(), "text/html; charset=UTF-8")
        if path == "/robots.txt":
            return answer(b"User-agent: *\nDisallow: /search\n", PLAIN, START)
        if path == "/favicon.ico":
            return answer(pictures.ico(f"{self.seed} icon platform"), "image/x-icon", START)
        if path in self._pictures and path.startswith("/assets/"):
            return self._picture(self._pictures[path])
        return answer(b"not found\n", PLAIN, status=404)

    def _picture(self, article: Article) -> Response:
        return answer(self._server(article.site, 1).image(article), "image/png", article.published)

    def _archive(self, round_: int, target: str) -> Response:
        parts = urlsplit(target)
        with self._lock:
            if parts.path in ("/cdx/search/cdx", "/cdx"):
                return archive.search(self._held, parts.query)
            if not target.startswith("/web/"):
                return answer(b"not found\n", PLAIN, status=404)
            _, _, url = target[5:].partition("/")
            host = urlsplit(url).hostname or ""
            publisher = host.removeprefix("www.")
            busy = sum(publisher.encode()) % BUSY == 0
            if busy and (round_, publisher) not in self._asked:
                self._asked.add((round_, publisher))
                return archive.too_many()
            return archive.play(self._held, target[5:])


def _unless_known(found: Response, headers: Mapping[str, str]) -> Response:
    """304 where the asker shows the tag that the answer has."""
    tags = [v for k, v in found.headers if k == "ETag"]
    known = next((v for k, v in headers.items() if k.lower() == "if-none-match"), "")
    if found.status == 200 and tags and known == tags[0]:
        return Response(304, tuple(h for h in found.headers if h[0] in ("Server", "ETag", "Last-Modified")), b"")
    return found


def build(seed: int) -> PracticeWorld:
    """World ``seed``: same seed, same bytes, whatever PYTHONHASHSEED."""
    return PracticeWorld(seed)
