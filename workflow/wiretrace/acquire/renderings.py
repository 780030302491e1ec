"""Which pages of a publisher a browser renders, within the budget, and how that is archived."""

from __future__ import annotations

from collections.abc import Callable

from wiretrace.acquire import discover
from wiretrace.acquire.browser import BrowserError, Browsers
from wiretrace.acquire.fetch import Answer, Ask, Fetcher
from wiretrace.acquire.record import now
from wiretrace.acquire.render import Rendered, render
from wiretrace.evidence import Exchange, Lookup

SOURCE = "browser"
# Addresses left when the budget is spent that are named.
MOST_NAMED = 200
# Pages that wait for the end of the crawl.
MOST_WAITING = 1000


class Renderings:
    """The pages of one publisher that are rendered: those that scripts fill at once, since their links count as the
    crawl's; articles at the end, in the order met, with what is left of the budget.

    Args:
        browsers: what renders them; None where the configuration names no browser.
        spent: which budget of the publisher is spent; '' where there is some left.
    """

    def __init__(self, fetcher: Fetcher, browsers: Browsers | None, spent: Callable[[], str]) -> None:
        self.fetcher, self.browsers, self.spent = fetcher, browsers, spent
        self.record = fetcher.record
        self.done = 0
        self.waiting: dict[str, Answer] = {}
        if browsers is None:
            self.record.note(SOURCE, self.record.publisher, "not_looked", "acquire.browser names no browser")

    def shown(self, page: Answer, text: str, article: bool) -> str:
        """What ``page``, whose HTML is ``text``, shows once it is rendered; '' where it is not, or not yet."""
        if self.browsers is None:
            return ""
        if discover.filled_by_scripts(text):
            return self._rendered(self.browsers, page)
        if article and len(self.waiting) < MOST_WAITING:
            self.waiting[page.url] = page
        return ""

    def finish(self) -> None:
        """Render the articles that wait."""
        if self.browsers is not None:
            for page in list(self.waiting.values()):
                self._rendered(self.browsers, page)

    def _rendered(self, browsers: Browsers, page: Answer) -> str:
        known = self.record.known(SOURCE, page.url)
        if known:
            opened = self.record.open(known)
            return opened.body.decode("utf-8", "replace") if opened else ""
        most = self.fetcher.config.renderings
        why = self.spent() or (f"budget of {most} renderings spent" if self.done >= most else "")
        if why:
            if self.done < most + MOST_NAMED:
                self.record.note(SOURCE, page.url, "not_looked", why)
            self.done += 1
            return ""
        self.done += 1
        try:
            made = render(browsers, page, lambda url: self._requisite(page.url, url))
        except BrowserError as error:
            self.record.note(SOURCE, page.url, "could_not_look", str(error))
            return ""
        self._archive(page.url, made)
        return made.document.decode("utf-8", "replace")

    def _requisite(self, page: str, url: str) -> Answer | None:
        """The answer to what the scripts of ``page`` ask for, from the archive where it has it."""
        for source in ("page", "image", "asset"):
            known = self.record.known(source, url)
            if known and known.lookup["outcome"] == "found":
                return self.fetcher.get(url, Ask(source, source))
        if self.spent():
            return None
        return self.fetcher.get(url, Ask("requisite", "requisite", via=page, accept="*/*"))

    def _archive(self, url: str, made: Rendered) -> None:
        known = self.record.known("page", url)
        shows = self.record.record_id(known) if known else ""
        time = now()

        def exchange(purpose: str, name: str, response: bytes, media_type: str = "") -> Exchange:
            return Exchange(
                kind="browser",
                purpose=purpose,
                publisher=self.record.publisher,
                address=url,
                asked=f"urn:{name}:{url}",
                time=time,
                response=response,
                status="ok",
                via=url,
                note=made.told,
                media_type=media_type,
                shows=shows,
            )

        # Named as browsertrix-crawler names its pictures of whole pages.
        self.record.add(exchange("screenshot", "fullPage", made.picture, "image/png"), None)
        lookup = Lookup(self.record.publisher, SOURCE, url, "found", time, made.told)
        self.record.add(exchange("rendered", "dom", made.document), lookup)
