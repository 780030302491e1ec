"""The pages about a publisher: imprint, contact, a wire's packages, the seller's shelves."""

from __future__ import annotations

from typing import Any

from wiretrace.practice.data import dice, digest, load
from wiretrace.practice.pages import Page, labels, paragraph
from wiretrace.practice.sites import Site, organisation

FORMS = {
    "ja": "株式会社{name}",
    "en": "{name} Ltd",
    "ko": "주식회사 {name}",
    "zh-Hans": "{name}传媒有限公司",
    "zh-Hant": "{name}出版有限公司",
}
# Numbers that no telephone network gives out.
PHONES = {
    "ja": "05-5550-{n}",
    "en": "+44 20 7946 {n}",
    "ko": "070-0000-{n}",
    "zh-Hans": "0755-0000{n}",
    "zh-Hant": "+852 0000 {n}",
}
STREETS = ("Mill Road", "Quay Street", "Larch Road")


FATES = {"/info/archive/": "stall", "/info/staff/": "cut", "/info/jobs/": "reset"}  # pages of a host that fails


def company(seed: int, site: Site) -> dict[str, str]:
    """The company that the imprint names; empty values where it names none."""
    owner = site.raw.get("company") or ""
    if owner and owner != "own":
        found = dict(organisation(seed, owner))
        found["shown"] = found["native"] if site.language.startswith("zh") else found["name"]
        return found
    throw = dice(seed, "company", site.key)
    number = f"{throw.randrange(1000, 9999)}"
    if site.language == "en":
        number = f"0{throw.randrange(100, 999)}"
    if site.network == "network-a":
        # three of the papers print one telephone number, in whatever country they claim to be
        number = f"{1000 + int(digest(seed, 'phone', site.language, size=4), 16) % 9000}"
    return {
        "shown": FORMS[site.language].format(name=site.name) if owner == "own" else "",
        "street": f"{throw.randrange(1, 90)} {throw.choice(STREETS)}" if owner else "",
        "city": "",
        "phone": PHONES[site.language].format(n=number),
        "email": f"{throw.choice(['info', 'desk', 'news', 'editor'])}@{site.publisher}",
    }


def about(seed: int, site: Site) -> list[Page]:
    """Imprint and contact page."""
    words = labels(site.language)
    texts = load("publishers/chrome.yaml")["boilerplate"]
    intro = texts.get(site.raw.get("menu"), texts["honest"]).get(site.language, texts["honest"][site.language])
    who = company(seed, site)
    rows = [
        (words["company"], who["shown"]),
        (words["address"], ", ".join(p for p in (who["street"], who["city"]) if p)),
        (words["phone"], who["phone"] if site.network != "network-b" else ""),
        (words["mail"], who["email"]),
    ]
    lines = tuple(paragraph(f"{label}: {value}") for label, value in rows if value)
    told = tuple(paragraph(text) for text in intro)
    if site.raw.get("weather") == "failing":
        paths = [*FATES, "/info/old/", "/info/broken/"]
        told += tuple(f'<p><a href="{path}">{path.strip("/").partition("/")[2]}</a></p>' for path in paths)
    return [
        Page("text", f"{site.prefix}about/", words["about"], words["about"], blocks=(*told, *lines)),
        Page("text", f"{site.prefix}contact/", words["contact"], words["contact"], blocks=lines[-2:], number=5),
    ]


def packages(site: Site) -> list[Page]:
    """What a distributor offers on its own pages; no list of names."""
    if site.key != "wire-c":
        return []
    blocks = (
        paragraph(
            "Japan: 10 websites US$280. Korea: 8 websites US$240. Worldwide: 30 websites US$460, with translation."
        ),
        paragraph("Anyone with an account can publish. Online within three working days. Refund if a link is removed."),
    )
    return [Page("text", "/packages/", "Distribution packages", "Packages", blocks=blocks)]


def listings(seed: int, site: Site, sites: dict[str, Site]) -> list[dict[str, Any]]:
    """Rows of the seller's catalogue: outlets of both networks and honest ones, with prices."""
    rows = []
    for group, count in site.raw["lists"].items():
        fits = [s for s in sites.values() if group in (s.network, s.kind) and s.family in ("wp", "mag", "plain")]
        fits = [s for s in fits if s.kind == "fake_local" or (s.kind == "honest" and not s.operator)]
        throw = dice(seed, "catalogue", group)
        for outlet in throw.sample(fits, min(count, len(fits))):
            price = throw.choice([28, 35, 45, 60]) if outlet.kind != "honest" else throw.choice([180, 260, 420])
            rows.append(
                {
                    "name": outlet.name,
                    "root": outlet.root,
                    "publisher": outlet.publisher,
                    "language": outlet.language,
                    "days": throw.randint(1, 5),
                    "price": price,
                }
            )
    return sorted(rows, key=lambda r: (r["language"], r["publisher"]))


def shelves() -> list[Page]:
    """The seller's pages."""
    return [
        Page(
            "text",
            "/",
            "Put your story in front of new readers",
            blocks=(
                paragraph("Choose an outlet, pay, and see your article online."),
                '<p><a href="/outlets/">Outlets and prices</a> · <a href="/packages/">Packages</a></p>',
            ),
        ),
        Page("text", "/outlets/", "Outlets and prices", "Outlets and prices"),
        Page(
            "text",
            "/packages/",
            "Packages",
            "Packages",
            blocks=(
                paragraph("Starter: 5 websites, US$150. Regional: 12 websites, US$330. One picture is included."),
                paragraph("We place articles on request of our clients and do not run the websites."),
            ),
        ),
        Page("text", "/about/", "About", "About", blocks=(paragraph("A small team, since 2018."),)),
        Page("text", "/contact/", "Order", "Order", blocks=(paragraph("Write to orders, at our domain."),)),
    ]
