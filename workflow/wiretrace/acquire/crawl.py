"""One publisher's crawl, by budget and politely: its seeds, what is known of it, its feeds and sitemaps, its links."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from wiretrace import identity
from wiretrace.acquire import discover
from wiretrace.acquire.browser import Browsers
from wiretrace.acquire.discover import Entry, Gate
from wiretrace.acquire.fetch import Answer, Ask, Fetcher
from wiretrace.acquire.record import now
from wiretrace.acquire.renderings import Renderings
from wiretrace.evidence import Lookup

HTML = ("text/html", "application/xhtml+xml")
MOST_SITEMAPS = 20
MOST_FEEDS = 5
# Answers of a hundred posts each that are asked of a WordPress interface.
MOST_LISTS = 5
# Share of the pages that addresses known from earlier rounds may take before new ones get their turn.
KNOWN_SHARE = 0.75
# Addresses left when the budget is spent that are named one by one; the others are told as a number.
MOST_NAMED = 200
MOST_WAITING = 20_000
# Hosts of a publisher that are asked what they show for an address that never was.
MOST_PROBES = 3


@dataclass
class Crawl:
    """What a crawl found: addresses that are live, and that are gone."""

    live: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class Crawler:
    """Crawls one publisher; run once."""

    def __init__(self, fetcher: Fetcher, seeds: list[str], known: list[str], browsers: Browsers | None = None) -> None:
        self.fetcher = fetcher
        self.publisher = fetcher.record.publisher
        self.budget = fetcher.config.budget
        self.seeds, self.earlier = seeds, known
        self.gate = Gate()
        self.found = Crawl()
        self.pages = 0
        self.waiting: deque[tuple[str, str]] = deque()
        self.seen: set[str] = set()
        self.sure: set[str] = set()
        self.fronts = fronts(self.publisher, seeds)
        self._absent: set[str] = set()
        self._shown: dict[str, str] = {}
        self._assets: set[str] = set()
        self._apis: dict[str, str] = {}
        self._renderings = Renderings(fetcher, browsers, self._spent_otherwise)

    def run(self) -> Crawl:
        """Crawl until nothing is left or the budget is spent."""
        for url in self.seeds:
            self._queue(url, "", sure=True)
        self._probe()
        for url in self.fronts:
            self._queue(url, "", sure=True)
        share = int(self.budget.pages * KNOWN_SHARE)
        for url in self.earlier[:share]:
            self._queue(url, "", sure=True)
        first = len(self.waiting)
        feeds: dict[str, str] = {}
        while self.waiting and first > 0 and not self.spent():
            feeds |= self._visit(*self.waiting.popleft())
            first -= 1
        links, self.waiting = self.waiting, deque()
        for entry, via in self._listed(feeds):
            self._queue(entry.url, via)
        self.waiting += links
        for url in self.earlier[share:]:
            self._queue(url, "", sure=True)
        while self.waiting and not self.spent():
            self._visit(*self.waiting.popleft())
        self._renderings.finish()
        self._leave()
        self._extras()
        self._missing()
        return self.found

    def _probe(self) -> None:
        """Ask each host for an address that never was: its answer shows what a page looks like that is not there.

        After Bar-Yossef et al., Sic transit gloria telae, WWW 2004, section 3.
        """
        name = identity.make_id("no", self.publisher, self.fetcher.record.archive.snapshot)
        for front in self.fronts[:MOST_PROBES] if "/" not in self.publisher else []:
            answer = self.fetcher.get(
                front + name, Ask("probe", "probe", within=self.publisher, unpacked=discover.LARGEST_PAGE)
            )
            if answer.outcome == "found" and not answer.reason.startswith("redirects"):
                self._absent.add(discover.gist(answer.url, _text(answer))[1])

    def _missing(self) -> None:
        """Take pages that show what an address shows that never was for gone, unless the front page shows that too."""
        absent = self._absent - {self._shown[url] for url in self.fronts if url in self._shown}
        live = self.found.live
        self.found.live = [url for url in live if self._shown.get(url) not in absent]
        self.found.gone += [url for url in live if self._shown.get(url) in absent]

    def spent(self) -> str:
        """Which budget is spent; '' where there is some left."""
        if self.pages >= self.budget.pages:
            return f"budget of {self.budget.pages} pages spent"
        return self._spent_otherwise()

    def _spent_otherwise(self) -> str:
        if self.fetcher.size >= self.budget.megabytes * 1_000_000:
            return f"budget of {self.budget.megabytes} MB spent"
        if time.monotonic() >= self.fetcher.deadline:
            return f"budget of {self.budget.minutes:g} minutes spent"
        return ""

    def _queue(self, url: str, via: str, sure: bool = False) -> None:
        """Put an address in the queue; ``sure`` ones (seeds, known pages) pass the gate unseen."""
        if url in self.seen or len(self.seen) >= MOST_WAITING or identity.publisher_of(url) != self.publisher:
            return
        if not sure and not self.gate.is_page(url):
            return
        self.seen.add(url)
        if sure:
            self.sure.add(url)
        trap = "" if sure else self.gate.trap(url)
        if trap:
            self.fetcher.record.note("page", url, "not_looked", trap)
        else:
            self.waiting.append((url, via))

    def _visit(self, url: str, via: str) -> dict[str, str]:
        """Fetch a page, queue its links, fetch its images; the feeds it names, with the page that names them."""
        trap = "" if url in self.sure else self.gate.endless(url)
        if trap:
            self.fetcher.record.note("page", url, "not_looked", trap)
            return {}
        self.pages += 1
        ask = Ask("page", "page", via, within=self.publisher, whole=url in self.seeds, unpacked=discover.LARGEST_PAGE)
        answer = self.fetcher.get(url, ask)
        self.seen.add(answer.url)
        if _gone(url, answer):
            self.found.gone.append(url)
        if answer.status in (404, 410) and answer.body:
            self._absent.add(discover.gist(answer.url, _text(answer))[1])
        if answer.outcome != "found" or answer.reason.startswith("redirects"):
            return {}
        self.found.live.append(answer.url)
        media = answer.header("content-type").partition(";")[0].strip().lower()
        if media not in HTML and answer.body.lstrip()[:1] != b"<":
            return {}
        raw = discover.text_of(answer.body, answer.header("content-type"))
        text = discover.visible(raw)
        words, self._shown[answer.url] = discover.gist(answer.url, text)
        self.gate.shown(answer.url, words)
        page = discover.page(answer.url, text)
        if filled := self._renderings.shown(answer, raw, page.article):
            page = discover.page(answer.url, discover.visible(filled))
        for link in page.links:
            self._queue(link, answer.url)
        if page.article:
            for image in page.images[: self.fetcher.config.images]:
                self._asset(image, "image", answer.url)
        # The icon on an account's page is the platform's: no sign of who runs the account.
        if answer.url in self.fronts and "/" not in self.publisher:
            for icon in page.icons[:1]:
                self._asset(icon, "asset", answer.url)
        for api in page.apis:
            if identity.publisher_of(api) == self.publisher:
                self._apis.setdefault(api, answer.url)
        return dict.fromkeys(page.feeds, answer.url)

    def _asset(self, url: str, purpose: str, via: str) -> None:
        if url not in self._assets and not self._spent_otherwise():
            self._assets.add(url)
            accept = "image/*,*/*;q=0.5" if purpose == "image" else "*/*"
            self.fetcher.get(url, Ask(purpose, purpose, via=via, accept=accept, unpacked=0))

    def _listed(self, feeds: dict[str, str]) -> list[tuple[Entry, str]]:
        """Addresses that feeds and the site's interface list, then those of sitemaps, newest first; each with what
        lists it.
        """
        maps = sorted(self._sitemaps(), key=lambda entry: entry[0].date, reverse=True)
        return [*self._feeds(feeds), *self._wordpress(), *maps]

    def _wordpress(self) -> list[tuple[Entry, str]]:
        """What the WordPress interface lists that a page names: posts with their times, newest first, and authors."""
        entries: list[tuple[Entry, str]] = []
        for root, via in list(self._apis.items())[:1]:
            ask = Ask("wordpress", "wordpress", via=via, within=self.publisher, accept="application/json")
            if self.fetcher.get(root, ask).outcome != "found":
                continue
            for number in range(1, MOST_LISTS + 1):
                if self._spent_otherwise():
                    break
                answer = self.fetcher.get(discover.interface(root, f"{discover.POSTS}{number}"), ask)
                found = discover.posts(answer.body, answer.url) if answer.outcome == "found" else []
                entries += [(entry, answer.url) for entry in found]
                if len(found) < 100:
                    break
            self.fetcher.get(discover.interface(root, discover.USERS), ask)
        return entries

    def _feeds(self, named: dict[str, str]) -> list[tuple[Entry, str]]:
        own = {url: via for url, via in named.items() if identity.publisher_of(url) == self.publisher}
        usual = {front.rstrip("/") + "/" + path: "" for front in self.fronts for path in discover.FEED_PATHS}
        entries: list[tuple[Entry, str]] = []
        # Usual places are tried only where no page names a feed, and only until one is there.
        for url, via in list((own or usual).items())[: MOST_FEEDS if own else None]:
            if self._spent_otherwise():
                break
            answer = self.fetcher.get(
                url, Ask("feed", "feed", via, within=self.publisher, unpacked=discover.LARGEST_FEED)
            )
            found = discover.feed(answer.body, answer.url) if answer.outcome == "found" else []
            entries += [(entry, answer.url) for entry in found]
            if found and not own:
                break
        return entries

    def _sitemaps(self) -> list[tuple[Entry, str]]:
        if "/" in self.publisher:
            # The sitemap of a platform lists everybody's pages.
            return []
        waiting: dict[str, str] = {}
        for front in self.fronts:
            for url in self.fetcher.robots_of(front).sitemaps:
                waiting.setdefault(identity.canonical(url, front), front + "robots.txt")
            waiting.setdefault(front + "sitemap.xml", "")
        entries: list[tuple[Entry, str]] = []
        done: set[str] = set()
        while waiting and len(done) < MOST_SITEMAPS and not self._spent_otherwise():
            url = next(iter(waiting))
            via = waiting.pop(url)
            if not url or url in done or identity.publisher_of(url) != self.publisher:
                continue
            done.add(url)
            answer = self.fetcher.get(url, Ask("sitemap", "sitemap", via, within=self.publisher))
            if answer.outcome == "found":
                pages, maps = discover.sitemap(answer.body, answer.url)
                entries += [(entry, answer.url) for entry in pages]
                waiting |= {more: answer.url for more in maps if more not in done and more not in waiting}
        return entries

    def _leave(self) -> None:
        """Tell of the addresses that the budget left."""
        why = self.spent()
        record = self.fetcher.record
        left = [url for url, _ in self.waiting if not record.known("page", url)]
        named = [Lookup(self.publisher, "page", url, "not_looked", now(), why) for url in left[:MOST_NAMED]]
        rest = f"{self.publisher}: further addresses"
        if len(left) > MOST_NAMED and not record.known("page", rest):
            named.append(
                Lookup(self.publisher, "page", rest, "not_looked", now(), f"{why}; {len(left) - MOST_NAMED} left")
            )
        record.archive.add_lookups(named)

    def _extras(self) -> None:
        """What a domain has at usual places: its icon, its lists of advertising sellers."""
        if "/" in self.publisher:
            return
        for front in self.fronts[:1]:
            if not any(urlsplit(url).path.endswith((".ico", ".png", ".svg")) for url in self._assets):
                self._asset(front + "favicon.ico", "asset", front)
            for name in ("ads.txt", "app-ads.txt", "sellers.json"):
                self._asset(front + name, "asset", front)


def fronts(publisher: str, seeds: Iterable[str]) -> list[str]:
    """Front pages of a publisher on the hosts of its seeds; of an account, its own page."""
    given = list(seeds)
    found: dict[str, None] = {}
    for seed in given:
        parts = urlsplit(seed)
        account = f"{parts.scheme}://{publisher}"
        forms = [account, f"{account}/"] if "/" in publisher else [f"{parts.scheme}://{parts.netloc}/"]
        fitting = [form for form in forms if identity.publisher_of(form) == publisher]
        found |= dict.fromkeys([form for form in fitting if form in given][:1] or fitting[:1])
    return list(found)


def _text(answer: Answer) -> str:
    return discover.visible(discover.text_of(answer.body, answer.header("content-type")))


def _gone(url: str, answer: Answer) -> bool:
    """Whether ``url`` is a page that a web archive may still have: gone, unreachable, or sent to the front page."""
    if answer.outcome == "found":
        path = urlsplit(url).path
        return path not in ("", "/") and urlsplit(answer.next or answer.url).path in ("", "/")
    return answer.outcome == "absent" or (answer.outcome == "could_not_look" and answer.status is None)
