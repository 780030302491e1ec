"""What each host answers: pages, lists, feeds, pictures, and the weather on the way."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from markupsafe import escape

from wiretrace.practice import notices, pages, pictures
from wiretrace.practice.articles import NOW, Article
from wiretrace.practice.data import digest, load
from wiretrace.practice.model import Response
from wiretrace.practice.pages import PER_PAGE, Page
from wiretrace.practice.runs import Newsstand
from wiretrace.practice.sites import Site

PLAIN = "text/plain; charset=utf-8"
Route = Callable[[], Response]


def http_date(moment: datetime) -> str:
    """``moment`` (UTC) as HTTP writes it."""
    return f"{moment:%a, %d %b %Y %H:%M:%S} GMT"


def answer(
    body: bytes,
    kind: str,
    modified: datetime | None = None,
    status: int = 200,
    weather: str = "",
    server: str = "nginx",
) -> Response:
    """A response with the headers that a plain server sends."""
    headers = [("Server", server), ("Content-Type", kind), ("Content-Length", str(len(body)))]
    if modified and status == 200:
        headers += [
            ("Last-Modified", http_date(modified)),
            ("ETag", f'"{calendar.timegm(modified.timetuple()):x}-{len(body):x}-{pictures.checksum(body)[:4]}"'),
        ]
    return Response(status, tuple(headers), body, weather)


def redirect(to: str, status: int = 301) -> Response:
    """Go there instead."""
    return Response(status, (("Server", "nginx"), ("Location", to), ("Content-Length", "0")), b"")


class SiteServer:
    """One publisher in one round: path to answer."""

    def __init__(self, stand: Newsstand, site: Site, round_: int) -> None:
        self.stand, self.site, self.round = stand, site, round_
        own = [a for a in stand.articles if a.site.key == site.key]
        live = [a for a in own if a.states[round_] == "live"]
        self.live = tuple(sorted(live, key=lambda a: (a.shown or a.published, a.number), reverse=True))
        self.routes: dict[str, Route] = {}
        for article in own:
            self._route_article(article)
        self._route_lists()
        self._route_texts()
        self._route_files()
        self._route_weather()

    def respond(self, target: str) -> Response:
        """The answer to ``target``, path and query."""
        route = self.routes.get(target) or self.routes.get(target.partition("?")[0])
        if route:
            return route()
        if target + "/" in self.routes and self.site.family in ("wp", "mag"):
            return redirect(target + "/")
        return self.missing()

    def missing(self, status: int = 404) -> Response:
        """The publisher's page for what is not there."""
        words = pages.labels(self.site.language)["notfound"]
        page = Page("text", self.site.prefix, words, words, blocks=(pages.paragraph(words),))
        return self.page(page, status)

    def page(self, page: Page, status: int = 200, modified: datetime | None = None, weather: str = "") -> Response:
        """``page`` as an answer."""
        site = self.site
        if site.family == "shop":
            rows = notices.listings(self.stand.seed, site, self.stand.sites) if page.path == "/outlets/" else []
            body = pages.shop(self.stand.seed, site, page, rows)
        else:
            body = pages.render(self.stand.seed, site, self.round, page, self.live)
        kind = "text/html" if site.family == "plain" else f"text/html; charset={pages.CHARSETS[site.encoding]}"
        return answer(body, kind, modified, status, weather, self._server())

    def _server(self) -> str:
        if self.site.network == "network-a":
            return "nginx/1.18.0"
        return ("Apache", "nginx", "nginx/1.24.0", "LiteSpeed")[int(digest(self.site.key, "server", size=2), 16) % 4]

    def _route_article(self, article: Article) -> None:
        state = article.states[self.round]
        if state in ("absent", "gone"):
            return
        if state == "live":
            page = Page("article", article.path, articles=(article,))
            edited = article.edited and self.round >= 2
            modified = NOW[2] - timedelta(days=9, minutes=article.number % 600) if edited else article.published
            self.routes[article.path] = lambda: self.page(page, modified=modified)
        elif state in ("404", "410"):
            self.routes[article.path] = lambda: self.missing(int(state))
        elif state == "soft404":
            self.routes[article.path] = lambda: self.missing(200)
        else:
            self.routes[article.path] = lambda: redirect(self.site.root, 302)

    def _route_lists(self) -> None:
        if self.site.family == "shop":
            return
        words = pages.labels(self.site.language)
        chunks = [self.live[at : at + PER_PAGE] for at in range(0, len(self.live), PER_PAGE)] or [()]
        for number, chunk in enumerate(chunks, start=1):
            page = Page(
                "list",
                pages.list_path(self.site, number),
                words["latest"],
                "" if number == 1 else words["list"],
                chunk,
                pages.list_path(self.site, number - 1) if number > 1 else "",
                pages.list_path(self.site, number + 1) if number < len(chunks) else "",
            )
            self.routes[page.path] = partial(self.page, page)
        if self.site.family == "account":
            return
        for author in self.site.authors if self.site.family == "wp" else ():
            own = tuple(a for a in self.live if a.author == author)[:12]
            self.routes[f"/author/{author['slug']}/"] = partial(
                self.page, Page("list", f"/author/{author['slug']}/", author["name"], author["name"], own)
            )
        for number, label in enumerate(label for label, _ in pages.menu(self.site)[1:]):
            chosen = tuple(a for a in self.live if a.section == number)[:12]
            page = Page("list", pages.section_path(self.site, number), label, label, chosen)
            self.routes[page.path] = partial(self.page, page)

    def _route_texts(self) -> None:
        site = self.site
        if site.family == "account":
            return
        texts = notices.shelves() if site.family == "shop" else notices.about(self.stand.seed, site)
        for page in [*texts, *notices.packages(site)]:
            self.routes[page.path] = partial(self.page, page)

    def _route_files(self) -> None:
        site, seed = self.site, self.stand.seed
        deployed = datetime.fromisoformat(site.raw.get("created", "2018-01-01")) + timedelta(days=40)
        icon = site.raw.get("favicon", "own")
        name = f"{seed} icon {site.key if icon == 'own' else icon}"
        if site.family != "account":
            self._static("/favicon.ico", pictures.ico(name), "image/x-icon", deployed)
            self._static("/robots.txt", self._robots(), PLAIN, deployed)
            self._static("/logo.png", pictures.png(f"{seed} logo {site.key}"), "image/png", deployed)
            self._static("/images/title.gif", pictures.gif(), "image/gif", deployed)
        if site.family == "wp":
            theme = f"/wp-content/themes/{site.raw['theme']}"
            touched = datetime(2020, 3, 8, 6, 21) if site.network == "network-a" else deployed
            logo = pictures.png(f"{seed} theme {site.raw['theme']}")
            self._static(f"{theme}/images/logo-default.png", logo, "image/png", touched)
            self._static(f"{theme}/style.css", f"/* Theme: {site.raw['theme']} */\n".encode(), "text/css", touched)
            for plugin in site.raw["plugins"]:
                styles = f".{plugin}{{margin:0}}\n".encode()
                self._static(f"/wp-content/plugins/{plugin}/public/style.css", styles, "text/css", touched)
        if site.raw.get("ads_txt"):
            self._static("/ads.txt", self._ads(), PLAIN, deployed)
        if site.family in ("wp", "mag", "press"):
            self.routes["/feed/" if site.family == "wp" else "/rss.xml"] = self._feed
            self.routes["/sitemap.xml"] = self._sitemap
        for article in self.live:
            address = pages.picture(seed, article)
            if address and not site.raw.get("media") and site.family != "account":
                self._static(urlsplit(address).path, self.image(article), "image/png", article.published)

    def image(self, article: Article) -> bytes:
        """The article's picture with its metadata."""
        return pictures.png(f"{self.stand.seed} {article.key} picture", article.image)

    def _static(self, path: str, body: bytes, kind: str, modified: datetime) -> None:
        self.routes[path] = lambda: answer(body, kind, modified, server=self._server())

    def _robots(self) -> bytes:
        site = self.site
        rules = ["User-agent: *"]
        if site.raw.get("robots") == "blocked":
            rules.append("Disallow: /")
        elif site.raw.get("robots_section") is not None:
            section = load("publishers/chrome.yaml")["sections"][site.raw["robots_section"]]
            rules.append(f"Disallow: /{section}/")
        elif site.family == "wp":
            rules += ["Disallow: /wp-admin/", "Allow: /wp-admin/admin-ajax.php"]
        else:
            rules.append("Disallow: /search")
        if site.family in ("wp", "mag", "press"):
            rules += ["", f"Sitemap: {site.scheme}://{site.host}/sitemap.xml"]
        return ("\n".join(rules) + "\n").encode()

    def _ads(self) -> bytes:
        lines = []
        if self.site.ids.get("adsense"):
            lines.append(f"google.com, {self.site.ids['adsense'].removeprefix('ca-')}, DIRECT, f08c47fec0942fa0")
        if self.site.kind != "fake_local":
            account = int(digest(self.stand.seed, self.site.key, "ads", size=6), 16)
            lines += [f"adpool.example, {account}, DIRECT", f"OWNERDOMAIN={self.site.publisher}"]
        return ("\n".join(lines) + "\n").encode()

    def _feed(self) -> Response:
        items = []
        for article in self.live[:10]:
            dated = article.shown is not None and article.clock not in ("no_zone", "none")
            stamp = f"<pubDate>{article.shown:%a, %d %b %Y %H:%M:%S} +0000</pubDate>" if dated else ""
            items.append(
                f"<item><title>{escape(article.title)}</title><link>{escape(article.address)}</link>"
                f'<guid isPermaLink="true">{escape(article.address)}</guid>{stamp}</item>'
            )
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>'
            f"<title>{escape(self.site.name)}</title><link>{self.site.root}</link>"
            f"<description>{escape(pages.tagline(self.stand.seed, self.site))}</description>\n"
            + "\n".join(items)
            + "\n</channel></rss>\n"
        )
        return answer(body.encode(), "application/rss+xml; charset=UTF-8", server=self._server())

    def _sitemap(self) -> Response:
        lines = []
        for article in self.live:
            # A publisher whose pages are back-dated forgets its sitemap, which the software writes by itself.
            stamp = f"<lastmod>{article.published:%Y-%m-%dT%H:%M:%S}+00:00</lastmod>"
            if article.clock in ("no_zone", "none"):
                stamp = ""
            lines.append(f"<url><loc>{escape(article.address)}</loc>{stamp}</url>")
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n' + "\n".join(lines) + "\n</urlset>\n"
        )
        return answer(body.encode(), "application/xml; charset=UTF-8", server=self._server())

    def _route_weather(self) -> None:
        weather = self.site.raw.get("weather")
        if weather == "slow":
            for article in self.live[:3]:
                page = Page("article", article.path, articles=(article,))
                self.routes[article.path] = partial(self.page, page, weather="slow")
        if weather == "failing":
            for path, fate in notices.FATES.items():
                page = Page("text", path, "Archive", "Archive", blocks=(pages.paragraph("Nothing here yet."),))
                self.routes[path] = partial(self.page, page, weather=fate)
            self.routes["/info/old/"] = lambda: redirect("/info/older/", 302)
            self.routes["/info/older/"] = lambda: redirect("/info/old/", 302)
            self.routes["/info/broken/"] = lambda: self.missing(503)
