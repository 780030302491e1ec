"""A publisher's pages as HTML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from wiretrace.practice.articles import NOW, Article, called
from wiretrace.practice.data import HERE, digest, load, option, traditional
from wiretrace.practice.sites import Site, organisation, platform
from wiretrace.practice.stories import base

CHARSETS = {"utf-8": "UTF-8", "shift_jis": "Shift_JIS", "euc-kr": "EUC-KR", "gbk": "GBK"}
PER_PAGE = 8
BULLETS = "-–+*•・▽◆◎▶ "


@dataclass(frozen=True)
class Page:
    """One page of a publisher: ``kind`` article, list or text."""

    kind: str
    path: str
    heading: str = ""
    title: str = ""
    articles: tuple[Article, ...] = ()
    newer: str = ""
    older: str = ""
    blocks: tuple[str, ...] = ()
    number: int = 2
    status: int = 200
    language: str = ""


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True)


def labels(language: str) -> dict[str, str]:
    """The small words around articles in ``language``."""
    found: dict[str, str] = load("publishers/chrome.yaml")["labels"][language]
    return found


def local(site: Site, moment: datetime) -> datetime:
    """``moment`` (UTC) on the publisher's clock."""
    return moment + timedelta(hours=site.zone)


def iso(site: Site, moment: datetime | None) -> str:
    """``moment`` in ISO 8601 with the publisher's zone."""
    if moment is None:
        return ""
    sign = "-" if site.zone < 0 else "+"
    return f"{local(site, moment):%Y-%m-%dT%H:%M:%S}{sign}{abs(site.zone):02d}:00"


def day(site: Site, moment: datetime) -> str:
    """A date as the publisher prints it, with no time."""
    extra = load("publishers/chrome.yaml")["extra"].get(site.raw.get("menu"), {}).get(site.language)
    here = local(site, moment)
    if extra:
        week = extra["week"][here.weekday()] if extra["week"] else ""
        return here.strftime(extra["date"].replace("{week}", week))
    if site.language == "en":
        return f"{here.day} {here:%B} {here.year}"
    if site.language == "ja":
        return f"{here.year}年{here.month}月{here.day}日"
    return f"{here:%Y.%m.%d}" if site.language == "ko" else f"{here:%Y-%m-%d}"


def visible(article: Article) -> str:
    """The date that the page shows, or ''."""
    if article.shown is None:
        return ""
    return f"{day(article.site, article.shown)} {local(article.site, article.shown):%H:%M}"


def picture(seed: int, article: Article) -> str:
    """Address of the article's picture, or ''."""
    site = article.site
    if not article.pictured:
        return ""
    name = digest(seed, article.key, "picture", size=10)
    if site.raw.get("media"):
        return f"https://{media_host(seed)}/img/{name}.png"
    if site.family == "account":
        return f"https://{platform(seed)['host']}/assets/uploads/{name}.png"
    folder = f"wp-content/uploads/{article.published:%Y/%m}" if site.family == "wp" else "images"
    return f"{site.scheme}://{site.host}/{folder}/{name}.png"


def media_host(seed: int) -> str:
    """Host from which network B's sites take pictures and style sheets."""
    return "media." + organisation(seed, "operator-b")["email"].partition("@")[2]


def blocks(article: Article, round_: int) -> list[Markup]:
    """The article's text as HTML blocks."""
    texts = [f"_{article.note}"] if article.note else []
    if article.subtitle and article.site.family in ("wp", "account"):
        texts.append(article.subtitle)
    texts += article.body(round_)
    texts += [t for t in (article.about, article.contact, "" if beside(article) else article.credit) if t]
    found, offset = [], 0
    for text in texts:
        found += _as_html(article, text, offset)
        offset += len(text) + 2
    return found


def beside(article: Article) -> str:
    """The credit where the page prints it in the line of its date, as every second one of some sites does; or ''."""
    stands = article.site.family in ("wp", "mag", "plain") and article.number % 2 == 1
    return article.credit if stands and not article.credit.startswith(("(", "（", "[")) else ""


def _as_html(article: Article, text: str, offset: int) -> list[Markup]:
    """One paragraph: a quotation, a note, an intertitle with its text, a list, or plain words."""
    if text.startswith("> "):
        return [Markup("<blockquote><p>{}</p></blockquote>").format(text[2:])]
    if text.startswith("_"):
        return [Markup('<p class="note"><em>{}</em></p>').format(text[1:])]
    head, *rest = text.split("\n")
    if len(rest) == 1:
        return [Markup("<h3>{}</h3>").format(head), _words(article, rest[0], offset + len(head) + 1)]
    if rest and article.site.family in ("mag", "press"):
        items = Markup("").join(Markup("<li>{}</li>").format(line.lstrip(BULLETS)) for line in rest)
        return [_words(article, head, offset), Markup("<ul>{}</ul>").format(items)]
    if rest:
        return [Markup("<p>{}</p>").format(Markup("<br>\n").join(text.split("\n")))]
    return [_words(article, text, offset)]


def _words(article: Article, text: str, offset: int) -> Markup:
    if article.markup == "chatgpt":
        return Markup('<p data-start="{}" data-end="{}">{}</p>').format(offset, offset + len(text), text)
    if article.markup == "deepseek":
        return Markup('<p class="ds-markdown-paragraph"><span>{}</span></p>').format(text)
    return Markup("<p>{}</p>").format(text)


def _ld(article: Article, round_: int, image: str) -> Markup:
    site = article.site
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "mainEntityOfPage": article.address,
        "datePublished": iso(site, article.shown),
        "publisher": {"@type": "Organization", "name": site.name},
    }
    if image:
        told["image"] = image
    if article.author:
        told["author"] = {"@type": "Person", "name": article.author["name"]}
    if round_ >= 2 and article.edited and site.kind != "fake_local":
        told["dateModified"] = iso(site, NOW[2] - timedelta(days=9, minutes=article.number % 600))
    return Markup(json.dumps(told, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704 escaped for a script


def menu(site: Site) -> list[tuple[str, str]]:
    menus = load("publishers/chrome.yaml")["menus"]
    words = menus.get(site.raw.get("menu"), {}).get(site.language) or menus["honest"][site.language]
    return [(labels(site.language)["home"], site.prefix)] + [
        (word, section_path(site, number)) for number, word in enumerate(words)
    ]


def section_path(site: Site, number: int) -> str:
    """Path of the list of one section."""
    name = load("publishers/chrome.yaml")["sections"][number]
    listed = f"/category/{name}/"
    forms = {"wp": listed, "press": listed, "mag": f"/{name}/", "plain": f"/cat/{name}.html"}
    return forms.get(site.family, site.prefix)


def list_path(site: Site, number: int) -> str:
    """Path of page ``number`` of the list of all articles."""
    if number == 1:
        return site.prefix
    forms = {"wp": f"/page/{number}/", "mag": f"/list/{number}", "plain": f"/list{number}.html"}
    return forms.get(site.family, f"{site.prefix}list/{number}")


def tagline(seed: int, site: Site) -> str:
    """The words beside the masthead."""
    chrome = load("publishers/chrome.yaml")
    extra = chrome["extra"].get(site.raw.get("menu"), {}).get(site.language)
    return str(extra["tagline"] if extra else option(seed, site.key, chrome["taglines"][site.language]))


def footer(seed: int, site: Site) -> str:
    """The line at the foot of the page."""
    words = [f"© 2025 {site.name}", labels(site.language)["rights"]]
    if site.raw.get("icp"):
        words.append(f"粤ICP备00{int(digest(seed, site.key, 'icp', size=7), 16) % 10**6:06d}号-1")
    return " ".join(words)


def _item(seed: int, article: Article) -> dict[str, Any]:
    first = next((p for p in article.paragraphs if not p.startswith("> ")), "")
    cut = 70 if article.language == "en" else 36
    return {
        "path": article.path,
        "title": article.title,
        "visible": visible(article),
        "number": article.number,
        "excerpt": first[:cut] + "…",
    }


def render(seed: int, site: Site, round_: int, page: Page, live: tuple[Article, ...]) -> bytes:
    """``page`` in the publisher's encoding; ``live`` are the articles that it shows in this round."""
    article = page.articles[0] if page.kind == "article" else None
    words = labels(page.language or (article.language if article and site.family == "press" else site.language))
    image = picture(seed, article) if article else ""
    dated = article is not None and article.clock not in ("no_zone", "none")
    context: dict[str, Any] = {
        "site": site,
        "L": words,
        "root": site.root,
        "htmllang": site.raw.get("htmllang", site.language),
        "pagelang": article.language if article else site.language,
        "charset": CHARSETS[site.encoding],
        "menu": menu(site),
        "tagline": tagline(seed, site),
        "footer": footer(seed, site),
        "today": day(site, NOW[round_]),
        "version": "3.2.1" if site.raw.get("theme") == "newsflow-pro" else "1.8",
        "style": "pelt" if site.network == "network-b" else "s" + digest(seed, site.key, "style", size=5),
        "assets": f"https://{media_host(seed)}" if site.raw.get("media") else "/static",
        "logo": _logo(seed, site),
        "platform": platform(seed),
        "article": article,
        "picture": image,
        "iso": iso(site, article.shown) if article and dated else "",
        "visible": visible(article) if article else "",
        "credit": beside(article) if article else "",
        "ld": _ld(article, round_, image) if article and dated else "",
        "section": _section(site, article) if article else None,
        "blocks": blocks(article, round_) if article else [Markup(b) for b in page.blocks],  # noqa: S704 own text
        "related": _related(article, live) if article else [],
        "page": {
            "kind": page.kind,
            "address": f"{site.scheme}://{site.host}{page.path}",
            "title": article.title if article else page.title,
            "heading": page.heading,
            "cards": [_item(seed, a) for a in page.articles],
            "newer": page.newer,
            "older": page.older,
            "number": page.number,
        },
        "rows": [],
    }
    if site.family == "press":
        context.update(_release(site, article, live))
    html = _templates().get_template(f"{site.family}.html").render(context)
    codec = {"shift_jis": "cp932", "euc-kr": "cp949"}.get(site.encoding, site.encoding)
    return html.encode(codec, "xmlcharrefreplace")


def _section(site: Site, article: Article) -> dict[str, str]:
    words = menu(site)[1:]
    label, href = words[article.section]
    return {"label": label, "href": href}


def _related(article: Article, live: tuple[Article, ...]) -> list[Article]:
    others = [a for a in live if a is not article]
    at = article.number % max(1, len(others))
    return (others + others)[at : at + min(3, len(others))]


def _release(site: Site, article: Article | None, live: tuple[Article, ...]) -> dict[str, Any]:
    if article is None:
        return {"release": "", "issuer": "", "source": "", "versions": []}
    name = called(site, article.language)
    word = {"ja": "リリース", "en": "Release", "ko": "보도자료", "zh": "新闻稿"}[base(article.language)]
    if article.language == "zh-Hant":
        word = traditional(word)
    others = [a for a in live if a.story == article.story and a is not article]
    return {"release": word, "issuer": name, "source": f"/{name}/", "versions": others}


def _logo(seed: int, site: Site) -> str:
    if site.family == "wp" and not site.raw.get("own_logo"):
        return f"/wp-content/themes/{site.raw['theme']}/images/logo-default.png"
    if site.raw.get("media"):
        return f"https://{media_host(seed)}/pelt/logo.png"
    return "/logo.png"


def shop(seed: int, site: Site, page: Page, rows: list[dict[str, Any]]) -> bytes:
    """A page of the seller's shop, with its table of outlets."""
    context = {
        "site": site,
        "page": {"title": page.title, "heading": page.heading},
        "blocks": [Markup(b) for b in page.blocks],  # noqa: S704 own text
        "rows": rows,
    }
    return _templates().get_template("shop.html").render(context).encode()


def paragraph(text: str) -> str:
    """``text`` as one HTML paragraph."""
    return f"<p>{escape(text)}</p>"
